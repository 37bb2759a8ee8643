//! Wallets: stored, charged, forgotten.

use portico_billing::Currency;
use portico_billing::gateway::DeclineReason;
use portico_billing::payment_method::PaymentMethodKind;
use portico_gateways::answer::Way;
use portico_gateways::{Charge, Declined, GatewayError, Kept, Progress, SetUp, Sight, Sought};
use serde_json::{Value, json};

use crate::peer::{Peer, Reply};
use crate::{
    APPROVE, CAPTURE, MAKE, ORDER, READ, REFERENCE, Scene, TAKE, at, completed, money, not_found,
    order, payer, unprocessable, url,
};

const SET_UP: &str = "POST /v3/vault/setup-tokens";
const READ_SET_UP: &str = "GET /v3/vault/setup-tokens/4G4976650J0948357";
const EXCHANGE: &str = "POST /v3/vault/payment-tokens";
const FORGET: &str = "DELETE /v3/vault/payment-tokens/nkq2y9g";
const HANDLE: &str = "4G4976650J0948357";

/// Charges the wallet; whether the customer is there to agree once more.
async fn charged(there: bool, script: Vec<Reply>) -> Result<Progress, GatewayError> {
    let peer = Peer::start(script).await;
    let scene = Scene::new();
    let charge = Charge {
        reference: &scene.reference,
        money: money(),
        description: "Invoice R-12",
        payer: payer(Some("695922590")),
        token: "nkq2y9g",
        now: at("2026-06-01T12:00:00Z"),
        return_url: there.then_some(&scene.back),
    };
    let gateway = peer.gateway(&[]);
    let progress = gateway.stored_methods().expect("a vault").charge(&charge).await;
    let requests = peer.finish();
    assert_eq!(requests[0].header("paypal-request-id"), Some(REFERENCE));
    let wallet = &requests[0].json()["payment_source"]["paypal"];
    assert_eq!(wallet["vault_id"], "nkq2y9g");
    assert_eq!(wallet.get("experience_context").is_some(), there);
    progress
}

fn declined(reason: DeclineReason, code: &str) -> Result<Progress, GatewayError> {
    Ok(Progress::Declined(Declined { reason, code: code.to_owned() }))
}

#[tokio::test]
async fn a_stored_wallet_pays_at_once() {
    for there in [false, true] {
        let progress = charged(there, vec![(MAKE, 201, completed("COMPLETED"))]).await;
        let Ok(Progress::Paid(paid)) = progress else { panic!("{progress:?}") };
        assert_eq!(paid.charge, CAPTURE);
        assert_eq!(paid.money, money());
    }
    let pending = Progress::Pending { handle: Some(ORDER.to_owned()) };
    assert_eq!(charged(false, vec![(MAKE, 201, completed("PENDING"))]).await, Ok(pending));
    let taken = vec![(MAKE, 201, order("APPROVED")), (TAKE, 201, completed("COMPLETED"))];
    let progress = charged(false, taken).await;
    assert!(matches!(progress, Ok(Progress::Paid(_))), "{progress:?}");
    let short = json!({ "id": ORDER, "status": "COMPLETED" });
    let read = vec![(MAKE, 201, short.clone()), (READ, 200, completed("COMPLETED"))];
    let progress = charged(false, read).await;
    assert!(matches!(progress, Ok(Progress::Paid(_))), "{progress:?}");
    for (status, body) in [(429, json!({})), (404, not_found()), (0, Value::Null)] {
        let unread = charged(false, vec![(MAKE, 201, short.clone()), (READ, status, body)]).await;
        assert!(matches!(unread, Err(GatewayError::Unknown(_))), "{status}: {unread:?}");
    }
}

#[tokio::test]
async fn pay_14_who_is_not_there_cannot_agree() {
    let action = || vec![(MAKE, 201, order("PAYER_ACTION_REQUIRED"))];
    let away = Progress::Away { handle: ORDER.to_owned(), way: Way::Go(url(APPROVE)) };
    assert_eq!(charged(true, action()).await, Ok(away));
    let needed = declined(DeclineReason::CustomerNeeded, "PAYER_ACTION_REQUIRED");
    assert_eq!(charged(false, action()).await, needed);
}

#[tokio::test]
async fn charges_are_declined_gone_or_unknown() {
    let refused = vec![(MAKE, 422, unprocessable("INSTRUMENT_DECLINED"))];
    let expected = declined(DeclineReason::Declined, "INSTRUMENT_DECLINED");
    assert_eq!(charged(false, refused).await, expected);
    for (status, body, code) in [
        (422, unprocessable("TOKEN_ID_NOT_FOUND"), "TOKEN_ID_NOT_FOUND"),
        (404, not_found(), "INVALID_RESOURCE_ID"),
    ] {
        let gone = charged(false, vec![(MAKE, status, body)]).await;
        assert_eq!(gone, declined(DeclineReason::MethodGone, code));
    }
    for (status, body) in
        [(0, Value::Null), (503, json!({})), (422, unprocessable("DUPLICATE_INVOICE_ID"))]
    {
        let unknown = charged(false, vec![(MAKE, status, body)]).await;
        assert!(matches!(unknown, Err(GatewayError::Unknown(_))), "{status}: {unknown:?}");
    }
    let restricted = unprocessable("PAYEE_ACCOUNT_RESTRICTED");
    let error = charged(false, vec![(MAKE, 422, restricted)]).await;
    assert!(matches!(error, Err(GatewayError::Refused { .. })), "{error:?}");
}

pub fn set_up_token(status: &str) -> Value {
    json!({
        "id": HANDLE,
        "customer": { "id": "695922590" },
        "status": status,
        "payment_source": { "paypal": {} },
        "links": [
            { "rel": "approve", "href": APPROVE },
            { "rel": "self", "href": "https://api.sandbox.paypal.com/v3/vault/setup-tokens/x" },
        ],
    })
}

pub fn lasting() -> Value {
    json!({
        "id": "nkq2y9g",
        "customer": { "id": "695922590" },
        "payment_source": { "paypal": { "email_address": "ada@example.test" } },
    })
}

fn away() -> Progress {
    Progress::Away { handle: HANDLE.to_owned(), way: Way::Go(url(APPROVE)) }
}

#[tokio::test]
async fn a_set_up_sends_the_customer_to_agree() {
    let answer = set_up_token("PAYER_ACTION_REQUIRED");
    let peer = Peer::start(vec![(SET_UP, 201, answer.clone()), (SET_UP, 200, answer)]).await;
    let gateway = peer.gateway(&[]);
    let vault = gateway.stored_methods().expect("a vault");
    let scene = Scene::new();
    let order = |profile, currency| SetUp {
        reference: &scene.reference,
        payer: payer(profile),
        currency,
        locale: "pt-BR",
        return_url: &scene.back,
        cancel_url: &scene.cancel,
    };
    assert_eq!(vault.begin_set_up(&order(None, Currency::EUR)).await, Ok(away()));
    assert_eq!(vault.begin_set_up(&order(Some("695922590"), Currency::USD)).await, Ok(away()));
    let refused = vault.begin_set_up(&order(None, Currency::KWD)).await;
    assert!(matches!(refused, Err(GatewayError::Refused { .. })), "{refused:?}");
    let requests = peer.finish();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].header("paypal-request-id"), Some(REFERENCE));
    assert_eq!(requests[0].json().get("customer"), None);
    assert_eq!(requests[1].json()["customer"], json!({ "id": "695922590" }));
}

/// Looks the set-up up.
async fn looked_up(handle: Option<&str>, script: Vec<Reply>) -> Result<Sight, GatewayError> {
    let peer = Peer::start(script).await;
    let scene = Scene::new();
    let sought = Sought { money: None, ..scene.sought(handle) };
    let gateway = peer.gateway(&[]);
    let sight = gateway.stored_methods().expect("a vault").resume_set_up(&sought).await;
    for request in peer.finish().iter().filter(|request| request.line == EXCHANGE) {
        let key = format!("{REFERENCE}-token");
        assert_eq!(request.header("paypal-request-id"), Some(key.as_str()));
        let token = json!({ "id": HANDLE, "type": "SETUP_TOKEN" });
        assert_eq!(request.json()["payment_source"]["token"], token);
    }
    sight
}

#[tokio::test]
async fn a_set_up_that_was_agreed_to_becomes_a_token() {
    let kept = Kept {
        token: Some("nkq2y9g".to_owned()),
        profile: Some("695922590".to_owned()),
        kind: PaymentMethodKind::Paypal,
        brand: None,
        last4: None,
        expiry: None,
        holder: Some("ada@example.test".to_owned()),
    };
    for status in ["APPROVED", "TOKENIZED"] {
        let script = vec![(READ_SET_UP, 200, set_up_token(status)), (EXCHANGE, 201, lasting())];
        let stored = Sight::There(Progress::Stored(Box::new(kept.clone())));
        assert_eq!(looked_up(Some(HANDLE), script).await, Ok(stored));
    }
}

#[tokio::test]
async fn a_set_up_that_was_not_agreed_to_stores_nothing() {
    assert_eq!(looked_up(None, Vec::new()).await, Ok(Sight::Absent));
    let waiting = vec![(READ_SET_UP, 200, set_up_token("PAYER_ACTION_REQUIRED"))];
    assert_eq!(looked_up(Some(HANDLE), waiting).await, Ok(Sight::There(away())));
    let abandoned = |code: &str| {
        let declined = Declined { reason: DeclineReason::Abandoned, code: code.to_owned() };
        Ok(Sight::There(Progress::Declined(declined)))
    };
    let gone = vec![(READ_SET_UP, 404, not_found())];
    assert_eq!(looked_up(Some(HANDLE), gone).await, abandoned("INVALID_RESOURCE_ID"));
    let spent = vec![
        (READ_SET_UP, 200, set_up_token("TOKENIZED")),
        (EXCHANGE, 422, unprocessable("TOKEN_ALREADY_USED")),
    ];
    assert_eq!(looked_up(Some(HANDLE), spent).await, abandoned("TOKEN_ALREADY_USED"));
}

#[tokio::test]
async fn what_paypal_does_not_know_is_forgotten_already() {
    let script = vec![
        (FORGET, 204, Value::Null),
        (FORGET, 404, not_found()),
        (FORGET, 403, json!({ "name": "NOT_AUTHORIZED" })),
        (FORGET, 500, json!({})),
    ];
    let peer = Peer::start(script).await;
    let gateway = peer.gateway(&[]);
    let vault = gateway.stored_methods().expect("a vault");
    assert_eq!(vault.forget("nkq2y9g", None).await, Ok(()));
    assert_eq!(vault.forget("nkq2y9g", Some("695922590")).await, Ok(()));
    let refused = vault.forget("nkq2y9g", None).await;
    assert!(matches!(refused, Err(GatewayError::Refused { .. })), "{refused:?}");
    let unknown = vault.forget("nkq2y9g", None).await;
    assert!(matches!(unknown, Err(GatewayError::Unknown(_))), "{unknown:?}");
    peer.finish();
}
