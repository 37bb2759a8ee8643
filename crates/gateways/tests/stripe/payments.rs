//! Payments: their pages, and how they stand.

use portico_billing::gateway::DeclineReason;
use portico_billing::payment_method::PaymentMethodKind;
use portico_billing::{Currency, Money};
use portico_gateways::answer::Way;
use portico_gateways::{GatewayError, Mode, Paid, Progress, Sight};
use serde_json::{Value, json};

use crate::objects::{
    Desk, SINCE_SECONDS, at, euros, intent, list, paid_intent, reference, session, url,
};
use crate::peer::{Peer, error, json};

const SOON: &str = "2026-09-21T12:01:00Z";
const LATER: &str = "2026-09-21T13:00:00Z";
const NEXT_DAY: &str = "2026-09-22T12:00:00Z";

/// How a payment with this handle stands where Stripe answers so.
async fn seen(handle: &str, now: &str, answers: &[Value]) -> (Result<Sight, GatewayError>, Peer) {
    let peer = Peer::new(answers.iter().map(|answer| json(200, answer)).collect()).await;
    let desk = Desk::new();
    let sight = peer.gateway().resume(&desk.sought(Some(handle), now)).await;
    (sight, peer)
}

fn progress(sight: Result<Sight, GatewayError>) -> Progress {
    match sight {
        Ok(Sight::There(progress)) => progress,
        other => panic!("{other:?}"),
    }
}

fn paid(sight: Result<Sight, GatewayError>) -> Paid {
    match progress(sight) {
        Progress::Paid(paid) => *paid,
        other => panic!("{other:?}"),
    }
}

fn declined(sight: Result<Sight, GatewayError>) -> (DeclineReason, String) {
    match progress(sight) {
        Progress::Declined(declined) => (declined.reason, declined.code),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_page_is_asked_for_in_full() {
    let peer = Peer::new(vec![json(200, &session("open", None))]).await;
    let desk = Desk::new();
    let gateway = peer.gateway_with(Mode::Test, &[("statement_descriptor", "ACME INVOICES")]);
    let outcome = gateway.begin(&desk.checkout(euros(1234))).await;
    let expected = Progress::Away {
        handle: "cs_test_1".to_owned(),
        way: Way::Go(url("https://checkout.stripe.test/c/pay/cs_test_1#x")),
    };
    assert_eq!(outcome, Ok(expected));

    let asked = peer.only();
    assert_eq!(asked.line, "POST /v1/checkout/sessions");
    assert_eq!(asked.header("authorization"), Some("Bearer sk_test_123456"));
    assert_eq!(asked.header("idempotency-key"), Some("0123456789ABCDEFGHJK-checkout"));
    assert_eq!(asked.header("stripe-version"), Some("2025-09-30.clover"));
    assert_eq!(asked.header("stripe-account"), None);
    assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
    for (field, value) in [
        ("mode", "payment"),
        ("success_url", "https://pay.example.com/return?a=1&b=2"),
        ("cancel_url", "https://pay.example.com/invoices"),
        ("locale", "de"),
        ("client_reference_id", "0123456789ABCDEFGHJK"),
        ("metadata[portico_reference]", "0123456789ABCDEFGHJK"),
        ("payment_intent_data[metadata][portico_reference]", "0123456789ABCDEFGHJK"),
        ("payment_intent_data[description]", "Invoices R-12, R-13 & Söhne"),
        ("payment_intent_data[statement_descriptor_suffix]", "ACME INVOICES"),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount]", "1234"),
        ("line_items[0][price_data][product_data][name]", "Invoices R-12, R-13 & Söhne"),
        ("adaptive_pricing[enabled]", "false"),
        ("customer_email", "jo@example.com"),
    ] {
        assert_eq!(asked.field(field), Some(value), "{field}");
    }
    for absent in ["customer", "customer_creation", "payment_intent_data[setup_future_usage]"] {
        assert_eq!(asked.field(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn a_method_is_kept_with_a_customer() {
    for profile in [None, Some("cus_1")] {
        let peer = Peer::new(vec![json(200, &session("open", None))]).await;
        let desk = Desk::new();
        let mut order = desk.checkout(euros(1234));
        order.keep = true;
        order.payer.profile = profile;
        peer.gateway().begin(&order).await.expect("a page");
        let asked = peer.only();
        assert_eq!(asked.field("customer"), profile);
        let creation = profile.is_none().then_some("always");
        assert_eq!(asked.field("customer_creation"), creation);
        let usage = asked.field("payment_intent_data[setup_future_usage]");
        assert_eq!(usage, Some("off_session"));
        // Stripe takes a customer or an address, not both.
        assert_eq!(asked.field("customer_email").is_some(), profile.is_none());
    }
}

#[tokio::test]
async fn pay_07_amounts_are_sent_in_stripes_unit_or_not_at_all() {
    for (minor, code, sent) in
        [(500, "JPY", "500"), (500, "ISK", "50000"), (12_340, "KWD", "12340"), (500, "MGA", "5")]
    {
        let peer = Peer::new(vec![json(200, &session("open", None))]).await;
        let desk = Desk::new();
        let money = Money::new(minor, code.parse().expect("a currency"));
        peer.gateway().begin(&desk.checkout(money)).await.expect("a page");
        let asked = peer.only();
        assert_eq!(asked.field("line_items[0][price_data][unit_amount]"), Some(sent), "{code}");
        let currency = asked.field("line_items[0][price_data][currency]");
        assert_eq!(currency, Some(code.to_lowercase().as_str()));
    }
    let peer = Peer::new(vec![]).await;
    let desk = Desk::new();
    let outcome = peer.gateway().begin(&desk.checkout(Money::new(1234, Currency::KWD))).await;
    assert!(matches!(outcome, Err(GatewayError::Refused { .. })), "{outcome:?}");
    assert!(peer.asked().is_empty());
}

#[tokio::test]
async fn an_amount_beyond_stripes_is_declined() {
    let reply = error(400, "invalid_request_error", "amount_too_large");
    let peer = Peer::new(vec![reply]).await;
    let desk = Desk::new();
    let outcome = peer.gateway().begin(&desk.checkout(euros(i64::MAX))).await;
    let Ok(Progress::Declined(declined)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(declined.reason, DeclineReason::TooMuch);
}

#[tokio::test]
async fn a_payment_on_a_page_is_told_with_all_that_is_known() {
    let answer = session("complete", Some(paid_intent()));
    let (sight, peer) = seen("cs_test_1", LATER, &[answer]).await;
    let asked = peer.only();
    assert_eq!(asked.line, "GET /v1/checkout/sessions/cs_test_1");
    let parts =
        ["payment_intent.payment_method", "payment_intent.latest_charge.balance_transaction"];
    assert_eq!(asked.all("expand[]"), parts);

    let paid = paid(sight);
    assert_eq!(paid.charge, "pi_1");
    assert_eq!(paid.money, euros(1234));
    assert_eq!(paid.reference.as_deref(), Some(reference().as_str()));
    assert_eq!(paid.recipient, None);
    assert!(paid.test);
    assert_eq!(paid.fee, Some(euros(59)));
    assert_eq!(paid.at.as_second(), SINCE_SECONDS + 61);
    assert_eq!(paid.method.kind, PaymentMethodKind::Card);
    assert_eq!(paid.method.token.as_deref(), Some("pm_1"));
    assert_eq!(paid.method.profile.as_deref(), Some("cus_1"));
    assert_eq!(paid.method.last4.as_deref(), Some("4242"));
}

#[tokio::test]
async fn whk_04_what_stripe_tells_is_told_not_what_was_asked_for() {
    let mut answer = paid_intent();
    answer["amount_received"] = json!(1);
    answer["currency"] = json!("usd");
    answer["livemode"] = json!(true);
    answer["metadata"] = json!({"portico_reference": "another"});
    answer["transfer_data"] = json!({"destination": "acct_2"});
    let paid = paid(seen("pi_1", LATER, &[answer]).await.0);
    assert_eq!(paid.money, Money::new(1, Currency::USD));
    assert_eq!(paid.reference.as_deref(), Some("another"));
    assert_eq!(paid.recipient.as_deref(), Some("acct_2"));
    assert!(!paid.test);
}

#[tokio::test]
async fn a_payment_without_a_known_fee_is_paid_all_the_same() {
    let mut answer = paid_intent();
    answer["latest_charge"]["balance_transaction"] = json!(null);
    let without = paid(seen("pi_1", LATER, &[answer.clone()]).await.0);
    assert_eq!((without.fee, without.at.as_second()), (None, SINCE_SECONDS + 60));
    answer["latest_charge"] = json!("ch_1");
    answer["payment_method"] = json!("pm_1");
    let without = paid(seen("pi_1", LATER, &[answer]).await.0);
    assert_eq!(without.at.as_second(), SINCE_SECONDS);
    assert_eq!(without.method.token, None);
}

#[tokio::test]
async fn pages_are_told_by_their_status() {
    let mut refused = intent("requires_payment_method");
    refused["last_payment_error"] =
        json!({"code": "card_declined", "decline_code": "expired_card"});
    let mut at_bank = intent("requires_action");
    at_bank["next_action"] =
        json!({"type": "redirect_to_url", "redirect_to_url": {"url": "https://b.test"}});
    let pending = Progress::Pending { handle: Some("cs_test_1".to_owned()) };

    for tried in [None, Some(refused.clone()), Some(at_bank.clone())] {
        let (sight, _) = seen("cs_test_1", LATER, &[session("open", tried)]).await;
        assert!(matches!(progress(sight), Progress::Away { .. }), "it may be tried again");
    }
    for tried in [None, Some(refused.clone())] {
        let (sight, _) = seen("cs_test_1", LATER, &[session("expired", tried)]).await;
        assert_eq!(declined(sight), (DeclineReason::Abandoned, "expired".to_owned()));
    }
    for waits in [None, Some(at_bank), Some(intent("processing"))] {
        let (sight, _) = seen("cs_test_1", LATER, &[session("complete", waits)]).await;
        assert_eq!(progress(sight), pending);
    }
    let (sight, _) = seen("cs_test_1", LATER, &[session("complete", Some(refused))]).await;
    assert_eq!(declined(sight), (DeclineReason::Expired, "expired_card".to_owned()));
    // Paid a moment before the page noticed.
    let (sight, _) = seen("cs_test_1", LATER, &[session("open", Some(paid_intent()))]).await;
    assert_eq!(paid(sight).charge, "pi_1");
    let (sight, _) = seen("cs_test_1", LATER, &[session("a_new_one", None)]).await;
    assert!(matches!(sight, Err(GatewayError::Unknown(_))), "{sight:?}");
}

#[tokio::test]
async fn a_decline_on_an_open_page_is_not_the_end_of_the_payment() {
    let tried = intent("requires_payment_method");
    let page = session("open", Some(tried.clone()));
    let answers = [tried, list(std::slice::from_ref(&page), false), page.clone()];
    let (sight, peer) = seen("pi_1", LATER, &answers).await;
    assert!(matches!(progress(sight), Progress::Away { handle, .. } if handle == "cs_test_1"));
    let asked = peer.asked();
    assert_eq!(asked[1].line, "GET /v1/checkout/sessions");
    assert_eq!(asked[1].field("payment_intent"), Some("pi_1"));
}

#[tokio::test]
async fn intents_without_a_page_are_told_by_their_status() {
    let none = list(&[], false);
    let mut refused = intent("requires_payment_method");
    refused["last_payment_error"] = json!({"code": "authentication_required"});
    let (sight, _) = seen("pi_1", LATER, &[refused, none.clone()]).await;
    let expected = (DeclineReason::CustomerNeeded, "authentication_required".to_owned());
    assert_eq!(declined(sight), expected);

    let mut canceled = intent("canceled");
    canceled["cancellation_reason"] = json!("abandoned");
    let (sight, _) = seen("pi_1", LATER, &[canceled]).await;
    assert_eq!(declined(sight).0, DeclineReason::Abandoned);

    let mut script = intent("requires_action");
    script["next_action"] = json!({"type": "use_stripe_sdk", "use_stripe_sdk": {}});
    let (sight, _) = seen("pi_1", LATER, &[script, none.clone()]).await;
    assert_eq!(declined(sight).0, DeclineReason::CustomerNeeded);

    let mut voucher = intent("requires_action");
    voucher["next_action"] = json!({"type": "multibanco_display_details"});
    for waits in [intent("processing"), intent("requires_capture"), voucher] {
        let (sight, _) = seen("pi_1", LATER, &[waits, none.clone()]).await;
        assert_eq!(progress(sight), Progress::Pending { handle: Some("pi_1".to_owned()) });
    }
    let (sight, _) = seen("pi_1", LATER, &[intent("a_new_one")]).await;
    assert!(matches!(sight, Err(GatewayError::Unknown(_))), "{sight:?}");
}

#[tokio::test]
async fn pay_14_who_never_comes_back_from_the_bank_pays_nothing() {
    let mut at_bank = intent("requires_action");
    let way =
        json!({"type": "redirect_to_url", "redirect_to_url": {"url": "https://bank.test/3ds"}});
    at_bank["next_action"] = way;
    let none = list(&[], false);
    let (sight, _) = seen("pi_1", LATER, &[at_bank.clone(), none.clone()]).await;
    let way = Way::Go(url("https://bank.test/3ds"));
    assert_eq!(progress(sight), Progress::Away { handle: "pi_1".to_owned(), way });

    let mut canceled = intent("canceled");
    canceled["cancellation_reason"] = json!("abandoned");
    let (sight, peer) = seen("pi_1", NEXT_DAY, &[at_bank.clone(), none.clone(), canceled]).await;
    assert_eq!(declined(sight).0, DeclineReason::Abandoned);
    assert_eq!(peer.asked()[2].line, "POST /v1/payment_intents/pi_1/cancel");

    // The customer was faster.
    let (sight, _) = seen("pi_1", NEXT_DAY, &[at_bank, none, paid_intent()]).await;
    assert_eq!(paid(sight).charge, "pi_1");
}

#[tokio::test]
async fn a_page_that_is_no_address_is_not_shown() {
    let mut page = session("open", None);
    page["url"] = json!("javascript:alert(1)");
    let (sight, _) = seen("cs_test_1", LATER, &[page]).await;
    assert!(matches!(sight, Err(GatewayError::Unknown(_))), "{sight:?}");
}

#[tokio::test]
async fn handles_are_not_taken_for_paths() {
    for handle in ["cs_1/../../balance", "pi_1?expand[]=x", "pi_1/cancel"] {
        let (sight, peer) = seen(handle, LATER, &[]).await;
        assert!(matches!(sight, Err(GatewayError::Refused { .. })), "{handle}");
        assert!(peer.asked().is_empty(), "{handle}");
    }
}

/// What is found by the reference alone.
async fn found(now: &str, answers: &[Value]) -> (Result<Sight, GatewayError>, Peer) {
    let peer = Peer::new(answers.iter().map(|answer| json(200, answer)).collect()).await;
    let desk = Desk::new();
    let sight = peer.gateway().resume(&desk.sought(None, now)).await;
    (sight, peer)
}

#[tokio::test]
async fn pay_05_a_page_whose_answer_was_lost_is_found_by_its_reference() {
    let mut others = session("open", None);
    others["id"] = json!("cs_test_2");
    others["client_reference_id"] = json!("ZZZZZZZZZZZZZZZZZZZZ");
    let page = session("open", None);
    let answers = [list(&[others], true), list(std::slice::from_ref(&page), true), page];
    let (sight, peer) = found(SOON, &answers).await;
    assert!(matches!(progress(sight), Progress::Away { handle, .. } if handle == "cs_test_1"));
    let asked = peer.asked();
    let from = (SINCE_SECONDS - 600).to_string();
    assert_eq!(asked[0].field("created[gte]"), Some(from.as_str()));
    assert_eq!(asked[0].field("limit"), Some("100"));
    assert_eq!(asked[0].field("starting_after"), None);
    assert_eq!(asked[1].field("starting_after"), Some("cs_test_2"));
    assert_eq!(asked[2].line, "GET /v1/checkout/sessions/cs_test_1");
}

#[tokio::test]
async fn pay_05_a_charge_whose_answer_was_lost_is_found_by_its_reference() {
    let answers = [list(&[], false), list(&[paid_intent()], false), paid_intent()];
    let (sight, peer) = found(SOON, &answers).await;
    assert_eq!(paid(sight).charge, "pi_1");
    assert_eq!(peer.asked()[1].line, "GET /v1/payment_intents");
}

#[tokio::test]
async fn pay_05_absent_is_only_what_cannot_come_any_more() {
    let empty = [list(&[], false), list(&[], false)];
    let (sight, _) = found(LATER, &empty).await;
    assert_eq!(sight, Ok(Sight::Absent));
    let (sight, _) = found(SOON, &empty).await;
    assert!(matches!(sight, Err(GatewayError::Unknown(_))), "{sight:?}");
    // A list without an end.
    let mut others = session("open", None);
    others["client_reference_id"] = json!(null);
    let endless: Vec<_> = (0..101).map(|_| list(std::slice::from_ref(&others), true)).collect();
    let (sight, peer) = found(LATER, &endless).await;
    assert!(matches!(sight, Err(GatewayError::Unknown(_))), "{sight:?}");
    assert_eq!(peer.asked().len(), 100);
}

#[tokio::test]
async fn a_set_up_is_no_payment() {
    let mut page = session("open", None);
    page["mode"] = json!("setup");
    let (sight, _) = found(LATER, &[list(&[page], false), list(&[], false)]).await;
    assert_eq!(sight, Ok(Sight::Absent));
    assert_eq!(at(LATER).as_second(), SINCE_SECONDS + 3600);
}
