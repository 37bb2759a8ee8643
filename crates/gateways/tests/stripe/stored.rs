//! Stored methods: kept, charged, forgotten.

use portico_billing::gateway::DeclineReason;
use portico_gateways::answer::Way;
use portico_gateways::{Gateway, GatewayError, Kept, Progress, Sight, StoredMethods};
use serde_json::{Value, json};

use crate::objects::{
    Desk, euros, intent, list, paid_intent, reference, set_up, set_up_session, stored_card, url,
};
use crate::peer::{Peer, Reply, error, json};

const LATER: &str = "2026-09-21T13:00:00Z";

fn methods(gateway: &dyn Gateway) -> &dyn StoredMethods {
    gateway.stored_methods().expect("stored methods")
}

async fn charged(replies: Vec<Reply>) -> (Result<Progress, GatewayError>, Peer) {
    let peer = Peer::new(replies).await;
    let desk = Desk::new();
    let gateway = peer.gateway();
    let outcome = methods(&*gateway).charge(&desk.charge()).await;
    (outcome, peer)
}

fn detached_card() -> Value {
    let mut card = stored_card();
    card["customer"] = json!(null);
    card
}

#[tokio::test]
async fn a_charge_without_the_customer_is_asked_for_in_full() {
    let (outcome, peer) = charged(vec![json(200, &stored_card()), json(200, &paid_intent())]).await;
    let Ok(Progress::Paid(paid)) = outcome else { panic!("{outcome:?}") };
    assert_eq!((paid.charge.as_str(), paid.money), ("pi_1", euros(1234)));
    assert_eq!(paid.reference.as_deref(), Some(reference().as_str()));

    let asked = peer.asked();
    assert_eq!(asked[0].line, "GET /v1/payment_methods/pm_1");
    assert_eq!(asked[1].line, "POST /v1/payment_intents");
    assert_eq!(asked[1].header("idempotency-key"), Some("0123456789ABCDEFGHJK-charge"));
    for (field, value) in [
        ("amount", "1234"),
        ("currency", "eur"),
        ("confirm", "true"),
        ("off_session", "true"),
        ("payment_method", "pm_1"),
        ("payment_method_types[]", "card"),
        ("customer", "cus_1"),
        ("description", "Invoice R-12"),
        ("metadata[portico_reference]", "0123456789ABCDEFGHJK"),
    ] {
        assert_eq!(asked[1].field(field), Some(value), "{field}");
    }
    assert_eq!(asked[1].field("return_url"), None);
}

#[tokio::test]
async fn pay_14_a_customer_who_is_there_may_be_sent_to_the_bank() {
    let mut at_bank = intent("requires_action");
    let way =
        json!({"type": "redirect_to_url", "redirect_to_url": {"url": "https://bank.test/3ds"}});
    at_bank["next_action"] = way;
    let peer = Peer::new(vec![json(200, &stored_card()), json(200, &at_bank)]).await;
    let desk = Desk::new();
    let mut order = desk.charge();
    order.return_url = Some(&desk.back);
    let gateway = peer.gateway();
    let outcome = methods(&*gateway).charge(&order).await;
    let way = Way::Go(url("https://bank.test/3ds"));
    assert_eq!(outcome, Ok(Progress::Away { handle: "pi_1".to_owned(), way }));
    let asked = peer.asked();
    assert_eq!(asked[1].field("return_url"), Some("https://pay.example.com/return?a=1&b=2"));
    assert_eq!(asked[1].field("off_session"), None);
}

#[tokio::test]
async fn a_declined_charge_is_an_answer() {
    let says = |code: &str, decline_code: Option<&str>| {
        let error = json!({"type": "card_error", "code": code, "decline_code": decline_code,
            "message": "No.", "payment_intent": intent("requires_payment_method")});
        json(402, &json!({"error": error}))
    };
    for (reply, reason, code) in [
        (
            says("card_declined", Some("insufficient_funds")),
            DeclineReason::InsufficientFunds,
            "insufficient_funds",
        ),
        (says("card_declined", Some("stolen_card")), DeclineReason::Declined, "stolen_card"),
        (says("expired_card", None), DeclineReason::Expired, "expired_card"),
        (
            says("authentication_required", Some("authentication_required")),
            DeclineReason::CustomerNeeded,
            "authentication_required",
        ),
    ] {
        let (outcome, _) = charged(vec![json(200, &stored_card()), reply]).await;
        let Ok(Progress::Declined(declined)) = outcome else { panic!("{outcome:?}") };
        assert_eq!((declined.reason, declined.code.as_str()), (reason, code));
    }
}

#[tokio::test]
async fn a_method_that_stripe_dropped_is_gone() {
    let wrong = || error(400, "invalid_request_error", "x");
    let missing = || error(404, "invalid_request_error", "resource_missing");
    for replies in [vec![missing()], vec![json(200, &detached_card()), wrong()]] {
        let (outcome, _) = charged(replies).await;
        let Ok(Progress::Declined(declined)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(declined.reason, DeclineReason::MethodGone);
    }
    let (outcome, _) = charged(vec![json(200, &stored_card()), wrong()]).await;
    assert!(matches!(outcome, Err(GatewayError::Refused { .. })), "{outcome:?}");
    // It was dropped after the bank had said no.
    let declined = error(402, "card_error", "expired_card");
    let (outcome, _) = charged(vec![json(200, &detached_card()), declined]).await;
    let Ok(Progress::Declined(declined)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(declined.reason, DeclineReason::Expired);
}

#[tokio::test]
async fn pay_04_a_charge_that_was_made_before_the_method_was_dropped_is_paid() {
    let replies = vec![json(200, &detached_card()), json(200, &paid_intent())];
    let (outcome, _) = charged(replies).await;
    assert!(matches!(outcome, Ok(Progress::Paid(_))), "{outcome:?}");
}

#[tokio::test]
async fn pay_15_another_customers_method_is_not_charged() {
    let mut card = stored_card();
    card["customer"] = json!("cus_2");
    let (outcome, peer) = charged(vec![json(200, &card)]).await;
    assert!(matches!(outcome, Err(GatewayError::Refused { .. })), "{outcome:?}");
    assert_eq!(peer.asked().len(), 1);
}

#[tokio::test]
async fn a_set_up_page_is_asked_for_in_full() {
    for profile in [None, Some("cus_1")] {
        let peer = Peer::new(vec![json(200, &set_up_session("open", None))]).await;
        let desk = Desk::new();
        let mut order = desk.set_up();
        order.payer.profile = profile;
        let gateway = peer.gateway();
        let outcome = methods(&*gateway).begin_set_up(&order).await;
        assert!(matches!(outcome, Ok(Progress::Away { .. })), "{outcome:?}");
        let asked = peer.only();
        assert_eq!(asked.header("idempotency-key"), Some("0123456789ABCDEFGHJK-setup"));
        for (field, value) in [
            ("mode", "setup"),
            ("currency", "eur"),
            ("client_reference_id", "0123456789ABCDEFGHJK"),
            ("setup_intent_data[metadata][portico_reference]", "0123456789ABCDEFGHJK"),
        ] {
            assert_eq!(asked.field(field), Some(value), "{field}");
        }
        assert_eq!(asked.field("customer"), profile);
        let creation = profile.is_none().then_some("always");
        assert_eq!(asked.field("customer_creation"), creation);
    }
}

async fn resumed(handle: Option<&str>, answers: &[Value]) -> Result<Sight, GatewayError> {
    let peer = Peer::new(answers.iter().map(|answer| json(200, answer)).collect()).await;
    let desk = Desk::new();
    let gateway = peer.gateway();
    methods(&*gateway).resume_set_up(&desk.sought(handle, LATER)).await
}

fn stored_set_up() -> Value {
    let mut stored = set_up("succeeded");
    stored["payment_method"] = stored_card();
    stored
}

#[tokio::test]
async fn a_stored_method_is_told_by_its_page_and_by_itself() {
    let page = set_up_session("complete", Some(stored_set_up()));
    for (handle, answers) in [
        (Some("cs_test_1"), vec![page.clone()]),
        (Some("seti_1"), vec![stored_set_up()]),
        (None, vec![list(std::slice::from_ref(&page), false), page]),
    ] {
        let sight = resumed(handle, &answers).await;
        let Ok(Sight::There(Progress::Stored(kept))) = sight else { panic!("{sight:?}") };
        let Kept { token, profile, last4, expiry, .. } = *kept;
        assert_eq!((token.as_deref(), profile.as_deref()), (Some("pm_1"), Some("cus_1")));
        assert_eq!((last4.as_deref(), expiry), (Some("4242"), Some((8, 2031))));
    }
}

#[tokio::test]
async fn set_ups_are_told_by_their_status() {
    let mut failed = set_up("requires_payment_method");
    failed["last_setup_error"] = json!({"code": "setup_intent_authentication_failure"});
    let mut dropped = set_up("succeeded");
    dropped["payment_method"] = detached_card();
    let there = |progress| Ok(Sight::There(progress));
    let pending = |handle: &str| there(Progress::Pending { handle: Some(handle.to_owned()) });

    let page = set_up_session("open", Some(failed.clone()));
    let sight = resumed(Some("cs_test_1"), &[page]).await;
    assert!(matches!(sight, Ok(Sight::There(Progress::Away { .. }))), "{sight:?}");
    for status in ["processing", "requires_action"] {
        let page = set_up_session("complete", Some(set_up(status)));
        assert_eq!(resumed(Some("cs_test_1"), &[page]).await, pending("cs_test_1"), "{status}");
    }
    assert_eq!(resumed(Some("seti_1"), std::slice::from_ref(&failed)).await, pending("seti_1"));

    for (answer, handle, reason) in [
        (set_up_session("complete", Some(failed)), "cs_test_1", DeclineReason::NotAuthenticated),
        (set_up_session("expired", None), "cs_test_1", DeclineReason::Abandoned),
        (set_up("canceled"), "seti_1", DeclineReason::Abandoned),
        (dropped, "seti_1", DeclineReason::MethodGone),
    ] {
        let sight = resumed(Some(handle), &[answer]).await;
        let Ok(Sight::There(Progress::Declined(declined))) = sight else { panic!("{sight:?}") };
        assert_eq!(declined.reason, reason);
    }
    assert_eq!(resumed(None, &[list(&[], false)]).await, Ok(Sight::Absent));
}

#[tokio::test]
async fn what_is_forgotten_already_is_forgotten() {
    let missing = || error(404, "invalid_request_error", "resource_missing");
    let not_attached = || error(400, "invalid_request_error", "x");
    for replies in [
        vec![json(200, &detached_card())],
        vec![missing()],
        vec![not_attached(), json(200, &detached_card())],
    ] {
        let peer = Peer::new(replies).await;
        let gateway = peer.gateway();
        assert_eq!(methods(&*gateway).forget("pm_1", Some("cus_1")).await, Ok(()));
        assert_eq!(peer.asked()[0].line, "POST /v1/payment_methods/pm_1/detach");
        assert_eq!(peer.asked()[0].header("idempotency-key"), None);
    }
    let peer = Peer::new(vec![not_attached(), json(200, &stored_card())]).await;
    let gateway = peer.gateway();
    let outcome = methods(&*gateway).forget("pm_1", None).await;
    assert!(matches!(outcome, Err(GatewayError::Refused { .. })), "{outcome:?}");
}
