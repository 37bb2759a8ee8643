//! What can be told without PayPal: amounts, locales, faults, notices, the places of lists.

use jiff::{SignedDuration, Timestamp};
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::{Currency, Money};
use proptest::prelude::*;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::amount::{Amount, supported};
use super::api::part;
use super::books::{Place, Transaction};
use super::fault::{Fault, Trouble};
use super::notice::subject;
use super::request::{self, is_locale};
use super::wire::{Order, way};
use super::{PROVIDER, PayPal};
use crate::http::Answer;
use crate::settings::{Need, Settings};
use crate::{
    Account, Checkout, GatewayError, Http, Message, Mode, MovementKind, Networks, Payer, Subject,
};

fn currency(code: &str) -> Currency {
    code.parse().unwrap()
}

fn written(minor: i64, code: &str) -> Result<Value, GatewayError> {
    Amount::of(Money::new(minor, currency(code))).map(|amount| json!(amount))
}

#[test]
fn amounts_have_as_many_decimals_as_paypal_takes() {
    for (minor, code, value) in [
        (1234, "EUR", "12.34"),
        (1200, "USD", "12.00"),
        (5, "GBP", "0.05"),
        (500, "JPY", "500"),
        (150_000, "HUF", "1500"),
        (100, "TWD", "1"),
        (100_000_000_000_000, "USD", "1000000000000.00"),
    ] {
        let amount = json!({ "currency_code": code, "value": value });
        assert_eq!(written(minor, code).unwrap(), amount);
        let read: Amount = serde_json::from_value(amount).unwrap();
        assert_eq!(read.money().unwrap(), Money::new(minor, currency(code)));
    }
}

#[test]
fn what_paypal_would_refuse_is_not_sent() {
    for (minor, code, why) in [
        (150_050, "HUF", "DECIMALS_NOT_SUPPORTED"),
        (1, "TWD", "DECIMALS_NOT_SUPPORTED"),
        (0, "EUR", "CANNOT_BE_ZERO_OR_NEGATIVE"),
        (-1, "EUR", "CANNOT_BE_ZERO_OR_NEGATIVE"),
        (1000, "KWD", "CURRENCY_NOT_SUPPORTED"),
        (1000, "RUB", "CURRENCY_NOT_SUPPORTED"),
    ] {
        let refused = written(minor, code).unwrap_err();
        assert!(refused.nothing_happened());
        assert!(
            matches!(&refused, GatewayError::Refused { code, .. } if code == why),
            "{minor} {code}: {refused:?}"
        );
    }
    assert_eq!(supported(Currency::EUR), Ok(Currency::EUR));
}

#[test]
fn paypal_writes_whole_amounts_with_and_without_decimals() {
    for value in ["500", "500.00"] {
        let amount: Amount =
            serde_json::from_value(json!({ "currency_code": "HUF", "value": value })).unwrap();
        assert_eq!(amount.money().unwrap(), Money::new(50_000, currency("HUF")));
    }
    for value in ["", "1e3", "12.345", "１２", ".5"] {
        let amount: Amount =
            serde_json::from_value(json!({ "currency_code": "EUR", "value": value })).unwrap();
        assert!(matches!(amount.money(), Err(GatewayError::Unknown(_))), "{value}");
    }
}

#[test]
fn only_locales_that_paypal_takes_are_told() {
    for text in ["en", "de", "pt-BR", "zh-Hans", "zh-Hant-TW", "es-419"] {
        assert!(is_locale(text), "{text}");
    }
    for text in ["", "EN", "deu", "de_DE", "de-de", "sr-latn", "de-DE-1996", "de-", "zh-Hant-TW-x"]
    {
        assert!(!is_locale(text), "{text}");
    }
}

#[test]
fn descriptions_are_cut_between_characters() {
    let reference = "00000000000000000001".parse::<Reference>().unwrap();
    let back = "https://portal.example.test/back".parse().unwrap();
    let body = |description: &str, profile: Option<&str>| {
        let payer = Payer { customer: "c", name: "Ada", email: None, profile };
        let order = Checkout {
            reference: &reference,
            money: Money::new(100, Currency::EUR),
            description,
            payer,
            locale: "xx_YY",
            return_url: &back,
            cancel_url: &back,
            keep: true,
        };
        request::checkout(&order).unwrap()
    };
    let long = "é".repeat(120);
    let cut = body(&long, None);
    assert_eq!(cut.pointer("/purchase_units/0/description"), Some(&json!("é".repeat(63))));
    assert_eq!(body("", None).pointer("/purchase_units/0/description"), None);
    let wallet = "/payment_source/paypal";
    assert_eq!(cut.pointer(&format!("{wallet}/experience_context/locale")), None);
    let customer = format!("{wallet}/attributes/customer/id");
    assert_eq!(body("x", Some("cus_1")).pointer(&customer), Some(&json!("cus_1")));
    assert_eq!(body("x", Some("not one")).pointer(&customer), None);
    assert_eq!(body("x", Some(&"1".repeat(23))).pointer(&customer), None);
}

#[test]
fn identifiers_cannot_make_other_paths() {
    assert_eq!(part("5O190127TN364715T"), Ok("5O190127TN364715T"));
    for bad in ["", "..", "a/b", "a?b", "a#b", "a b", "%2e", "é", &"a".repeat(256)] {
        assert!(matches!(part(bad), Err(GatewayError::Refused { .. })), "{bad}");
    }
}

fn fault(status: u16, body: &Value) -> Fault {
    let status = StatusCode::from_u16(status).unwrap();
    Fault::of(&Answer { status, body: body.to_string().into_bytes() })
}

fn issue(name: &str) -> Value {
    json!({
        "name": "UNPROCESSABLE_ENTITY", "message": "no", "debug_id": "d1",
        "details": [{ "issue": name, "description": "why" }],
    })
}

#[test]
fn issues_are_declines_errors_or_unknown() {
    let declines = [
        ("INSTRUMENT_DECLINED", DeclineReason::Declined),
        ("PAYER_CANNOT_PAY", DeclineReason::Declined),
        ("TRANSACTION_REFUSED", DeclineReason::Declined),
        ("TRANSACTION_LIMIT_EXCEEDED", DeclineReason::TooMuch),
        ("AGREEMENT_ALREADY_CANCELLED", DeclineReason::MethodGone),
        ("PAYER_ACTION_REQUIRED", DeclineReason::CustomerNeeded),
        ("REFERENCED_CARD_EXPIRED", DeclineReason::Expired),
    ];
    for (code, reason) in declines {
        let declined = fault(422, &issue(code)).declined().unwrap();
        assert_eq!((declined.reason, declined.code.as_str()), (reason, code));
    }
    for code in ["PAYEE_ACCOUNT_RESTRICTED", "AMOUNT_MISMATCH", "SOMETHING_NEW"] {
        let fault = fault(422, &issue(code));
        assert_eq!(fault.declined(), None, "{code}");
        let error = GatewayError::from(Trouble::Fault(fault));
        let message = "why (debug id d1)".to_owned();
        assert_eq!(error, GatewayError::Refused { code: code.to_owned(), message });
    }
    // The same word on a status that is no 422 tells of the request.
    assert_eq!(fault(400, &issue("INSTRUMENT_DECLINED")).declined(), None);
    for (status, code) in [
        (408, "REQUEST_TIMEOUT"),
        (409, "PREVIOUS_REQUEST_IN_PROGRESS"),
        (422, "DUPLICATE_INVOICE_ID"),
    ] {
        let error = GatewayError::from(Trouble::Fault(fault(status, &issue(code))));
        assert_eq!(error, GatewayError::Unknown(code.to_owned()));
    }
}

#[test]
fn faults_that_are_not_json_are_read_all_the_same() {
    let status = StatusCode::FORBIDDEN;
    let page = Fault::of(&Answer { status, body: b"<html>denied</html>".to_vec() });
    assert_eq!((page.code.as_str(), page.message.as_str()), ("HTTP 403", ""));
    let sentence = json!({ "name": "VALIDATION_ERROR", "details": [{ "issue": "It is wrong." }] });
    assert_eq!(fault(400, &sentence).code, "VALIDATION_ERROR");
    let oauth = json!({ "error": "invalid_client", "error_description": "no" });
    assert_eq!(fault(401, &oauth).code, "invalid_client");
}

fn about(kind: &str, resource_type: &str, resource: Value) -> Option<Subject> {
    let event = json!({
        "id": "WH-1", "event_type": kind, "resource_type": resource_type, "resource": resource,
    });
    subject(&serde_json::from_value(event).unwrap())
}

#[test]
fn notices_say_what_to_look_up() {
    let payment = |handle: &str, reference: Option<&str>| {
        let reference = reference.map(str::to_owned);
        Some(Subject::Payment { handle: handle.to_owned(), reference })
    };
    let reversal = |charge: &str, id: Option<&str>| {
        Some(Subject::Reversal { charge: charge.to_owned(), id: id.map(str::to_owned) })
    };
    let method = |token: &str| Some(Subject::Method { token: token.to_owned() });
    let order = json!({ "id": "O1", "purchase_units": [{ "custom_id": "R" }] });
    assert_eq!(about("CHECKOUT.ORDER.APPROVED", "checkout-order", order), payment("O1", Some("R")));
    let reversed = json!({ "order_id": "O2" });
    let kind = "CHECKOUT.PAYMENT-APPROVAL.REVERSED";
    assert_eq!(about(kind, "checkout-order", reversed), payment("O2", None));
    let capture = json!({
        "id": "C1", "custom_id": "R", "supplementary_data": { "related_ids": { "order_id": "O1" } },
    });
    for kind in ["COMPLETED", "PENDING", "DECLINED", "DENIED"] {
        let kind = format!("PAYMENT.CAPTURE.{kind}");
        assert_eq!(about(&kind, "capture", capture.clone()), payment("O1", Some("R")));
    }
    let lone = about("PAYMENT.CAPTURE.COMPLETED", "capture", json!({ "id": "C1" }));
    assert_eq!(lone, payment("C1", None));
    let refund = json!({ "id": "F1", "links": [
        { "rel": "self", "href": "https://api.paypal.com/v2/payments/refunds/F1" },
        { "rel": "up", "href": "https://api.paypal.com/v2/payments/captures/C1" },
    ]});
    for kind in ["PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED", "PAYMENT.REFUND.FAILED"] {
        let told = about(kind, "refund", refund.clone());
        assert_eq!(told, reversal("C1", Some("F1")), "{kind}");
    }
    assert_eq!(about("PAYMENT.CAPTURE.REVERSED", "capture", capture), reversal("C1", None));
    let lone = json!({ "id": "F1", "links": [] });
    assert_eq!(about("PAYMENT.CAPTURE.REFUNDED", "refund", lone), None);
    let token = json!({ "id": "T1", "metadata": { "order_id": "O1" } });
    let kind = "VAULT.PAYMENT-TOKEN.CREATED";
    assert_eq!(about(kind, "payment_token", token.clone()), payment("O1", None));
    for kind in ["VAULT.PAYMENT-TOKEN.DELETED", "VAULT.PAYMENT-TOKEN.DELETION-INITIATED"] {
        assert_eq!(about(kind, "payment_token", token.clone()), method("T1"));
    }
    let dispute = json!({ "disputed_transactions": [{ "seller_transaction_id": "C1" }] });
    assert_eq!(about("CUSTOMER.DISPUTE.CREATED", "dispute", dispute), reversal("C1", None));
    assert_eq!(about("BILLING.PLAN.CREATED", "plan", json!({ "id": "P" })), None);
    assert_eq!(about("CUSTOMER.DISPUTE.CREATED", "dispute", json!(null)), None);
}

#[test]
fn of_several_captures_the_one_that_went_through_counts() {
    let capture = |id: &str, status: &str| json!({ "id": id, "status": status });
    let order = |captures: Value| -> Order {
        serde_json::from_value(json!({
            "id": "O", "status": "COMPLETED",
            "purchase_units": [{ "payments": { "captures": captures } }],
        }))
        .unwrap()
    };
    let both = order(json!([capture("A", "DECLINED"), capture("B", "COMPLETED")]));
    assert_eq!(both.capture().unwrap().id, "B");
    let refused = order(json!([capture("A", "DECLINED")]));
    assert_eq!(refused.capture().unwrap().id, "A");
    assert!(order(json!([])).capture().is_none());
}

#[test]
fn browsers_are_sent_to_addresses_only() {
    let links = |href: &str| {
        serde_json::from_value::<Vec<_>>(json!([
            { "rel": "self", "href": "https://api.paypal.com/x" },
            { "rel": "payer-action", "href": href },
        ]))
        .unwrap()
    };
    let url = "https://www.paypal.com/checkoutnow?token=O";
    assert_eq!(way(&links(url)).unwrap().as_str(), url);
    assert_eq!(way(&links("javascript:alert(1)")), None);
    assert_eq!(way(&links("nothing")), None);
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_long_time_is_listed_in_windows_of_31_days() {
    let (from, until) = (time("2026-01-01T00:00:00Z"), time("2026-03-01T00:00:00Z"));
    let first = Place::after(from, until);
    assert_eq!(first.until, time("2026-02-01T00:00:00Z"));
    assert_eq!(Place::read(&first.to_string()), Ok(first));
    let second = first.next(Some(2), until).unwrap();
    assert_eq!((second.from, second.page), (from, 2));
    let window = second.next(Some(2), until).unwrap();
    assert_eq!(window, Place { from: first.until, until, page: 1 });
    assert_eq!(window.next(Some(1), until), None);
    assert_eq!(window.next(None, until), None);
    for bad in ["", "x", "2026-01-01T00:00:00Z 2026-01-02T00:00:00Z", "a b 1"] {
        assert!(Place::read(bad).is_err(), "{bad}");
    }
}

#[test]
fn windows_are_halved_down_to_a_minute_without_a_gap() {
    let from = time("2026-01-01T00:00:00Z");
    let until = time("2026-02-01T00:00:00Z");
    let mut place = Place { from, until, page: 3 };
    while let Some(half) = place.halved() {
        assert_eq!((half.from, half.page), (from, 1));
        assert!(half.until < place.until);
        assert_eq!(half.next(Some(1), until).unwrap().from, half.until);
        place = half;
    }
    assert!(place.until.duration_since(from) < SignedDuration::from_mins(2));
}

fn transaction(code: &str, status: &str, value: &str) -> Transaction {
    serde_json::from_value(json!({
        "transaction_id": "C1",
        "transaction_event_code": code,
        "transaction_status": status,
        "transaction_initiation_date": "2026-07-11T04:03:52+0000",
        "transaction_amount": { "currency_code": "USD", "value": value },
        "fee_amount": { "currency_code": "USD", "value": "-0.73" },
        "paypal_reference_id": "C0",
        "paypal_reference_id_type": "TXN",
        "invoice_id": "somebody else's",
        "custom_field": "00000000000000000001",
    }))
    .unwrap()
}

#[test]
fn event_codes_are_kinds_of_movements() {
    let kinds = [
        ("T0006", "S", "5.00", Some(MovementKind::Payment)),
        ("T0003", "V", "5.00", Some(MovementKind::Payment)),
        ("T0006", "P", "5.00", None),
        ("T0006", "D", "5.00", None),
        ("T0006", "S", "-5.00", None),
        ("T1107", "S", "-5.00", Some(MovementKind::Refund)),
        ("T1107", "S", "5.00", None),
        ("T1107", "S", "0.00", None),
        ("T1106", "S", "-5.00", Some(MovementKind::Dispute)),
        ("T1201", "S", "-5.00", Some(MovementKind::Dispute)),
        ("T1202", "S", "5.00", Some(MovementKind::DisputeWon)),
        ("T1110", "S", "-5.00", None),
        ("T0200", "S", "5.00", None),
        ("T0400", "S", "-5.00", None),
        ("T9900", "S", "0.00", None),
    ];
    for (code, status, value, kind) in kinds {
        let movement = transaction(code, status, value).movement().unwrap();
        assert_eq!(movement.as_ref().map(|it| it.kind), kind, "{code} {status} {value}");
        let Some(movement) = movement else { continue };
        assert_eq!(movement.money, Money::new(500, Currency::USD));
        assert_eq!(movement.reference.as_deref(), Some("00000000000000000001"));
        assert_eq!(movement.at, time("2026-07-11T04:03:52Z"));
        let is_payment = kind == Some(MovementKind::Payment);
        let fee = is_payment.then(|| Money::new(73, Currency::USD));
        assert_eq!(movement.fee, fee, "{code}");
        assert_eq!(movement.charge.as_deref(), (!is_payment).then_some("C0"), "{code}");
    }
}

#[test]
fn a_payment_is_known_by_either_of_its_references() {
    let pays = |code: &str, invoice: &str, custom: &str| {
        let it = json!({
            "transaction_id": "C1", "transaction_event_code": code,
            "invoice_id": invoice, "custom_field": custom,
        });
        let it: Transaction = serde_json::from_value(it).unwrap();
        it.pays(&"00000000000000000001".parse().unwrap())
    };
    assert!(pays("T0006", "00000000000000000001", ""));
    assert!(pays("T0003", "", "00000000000000000001"));
    assert!(!pays("T0006", "00000000000000000002", "1"));
    assert!(!pays("T1107", "00000000000000000001", "00000000000000000001"));
}

fn paypal() -> PayPal {
    let keys =
        PROVIDER.fields.iter().filter(|field| field.need == Need::Always).map(|field| field.key);
    let values = keys.chain(["webhook_id"]).map(|key| (key.to_owned(), "1JE42910".to_owned()));
    let http = Http::new(Networks::default()).unwrap();
    PayPal::new(Account { mode: Mode::Live, settings: Settings::new(values), http }).unwrap()
}

/// JSON of all kinds, as different writers would have it.
fn body() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("1.0".to_owned()),
        Just("1e400".to_owned()),
        Just("-0".to_owned()),
        Just("\"\\u20ac\\/\"".to_owned()),
        any::<i128>().prop_map(|number| number.to_string()),
        any::<String>().prop_map(|text| json!(text).to_string()),
    ];
    let value = leaf.prop_recursive(4, 32, 4, |inner| {
        let members = proptest::collection::vec(("[a-c]{1,2}", inner.clone()), 0..4);
        let object = (members, " {0,2}").prop_map(|(members, gap)| {
            let members: Vec<String> =
                members.iter().map(|(key, value)| format!("\"{key}\"{gap}:{value}")).collect();
            format!("{{{gap}{}{gap}}}", members.join(&format!("{gap},\n")))
        });
        let array = proptest::collection::vec(inner, 0..4)
            .prop_map(|items| format!("[{}]", items.join(" ,\t")));
        prop_oneof![object, array]
    });
    value.prop_map(|value| format!("{{\"id\":\"WH\", \"resource\":{value}}}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn whk_06_each_body_is_asked_about_as_it_came_in(body in body()) {
        let own = |name: &str, value: &str| (format!("paypal-{name}"), value.to_owned());
        let headers = [
            own("auth-algo", "SHA256withRSA"),
            own("cert-url", "https://api.paypal.com/v1/notifications/certs/CERT-1"),
            own("transmission-id", "a"),
            own("transmission-sig", "b"),
            own("transmission-time", "2026-06-01T12:00:00Z"),
        ];
        let now = time("2026-06-01T12:00:00Z");
        let message = Message { headers: &headers, body: body.as_bytes(), now };
        thread_local!(static PAYPAL: PayPal = paypal());
        let asked = PAYPAL.with(|paypal| {
            paypal.question(&message).map(|question| serde_json::to_string(&question).unwrap())
        });
        let end = format!("\"webhook_event\":{body}}}");
        prop_assert!(asked.as_ref().is_ok_and(|asked| asked.ends_with(&end)), "{:?}", asked);
    }
}
