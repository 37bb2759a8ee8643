//! What is known after something went wrong on the way.

use portico_gateways::{GatewayError, Mode};
use serde_json::json;
use tokio::net::TcpListener;

use crate::objects::{Desk, euros};
use crate::peer::{Peer, Reply, error, gateway, json};

async fn begun(reply: Reply) -> GatewayError {
    let peer = Peer::new(vec![reply]).await;
    let desk = Desk::new();
    let outcome = peer.gateway().begin(&desk.checkout(euros(1234))).await;
    outcome.expect_err("an error")
}

#[tokio::test]
async fn pay_05_a_lost_answer_is_unknown() {
    let says = |status, body: &str| Reply::Says(status, body.to_owned());
    for (name, reply) in [
        ("the connection broke", Reply::Breaks),
        ("no JSON", says(200, "<html>")),
        ("half of it", says(200, r#"{"id": "cs_1""#)),
        ("another object", says(200, r#"{"id": "cs_1"}"#)),
        ("nothing", says(200, "")),
        ("an error that is none", says(400, "Bad Request")),
        ("a redirect", says(307, "")),
        ("a fault at Stripe", error(500, "api_error", "x")),
        ("a fault before Stripe", says(502, "<html>")),
        ("the key is in use", error(409, "invalid_request_error", "idempotency_key_in_use")),
        ("the key was used otherwise", error(400, "idempotency_error", "")),
        ("another's fault", error(424, "api_error", "x")),
        ("too much", says(200, &" ".repeat(2 * 1024 * 1024))),
    ] {
        let outcome = begun(reply).await;
        assert!(matches!(outcome, GatewayError::Unknown(_)), "{name}: {outcome:?}");
        assert!(!outcome.nothing_happened(), "{name}");
    }
}

#[tokio::test]
async fn pay_05_no_answer_in_time_is_unknown() {
    let peer = Peer::new(vec![Reply::Hangs]).await;
    let read = peer.read.clone();
    let gateway = peer.gateway();
    let asking = tokio::spawn(async move {
        let desk = Desk::new();
        gateway.begin(&desk.checkout(euros(1234))).await
    });
    read.notified().await;
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(31)).await;
    let outcome = asking.await.expect("an end");
    assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{outcome:?}");
}

#[tokio::test]
async fn nothing_happened_where_nobody_was_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let desk = Desk::new();
    let outcome = gateway(&url, Mode::Test, &[]).begin(&desk.checkout(euros(1234))).await;
    assert!(matches!(outcome, Err(GatewayError::NotSent(_))), "{outcome:?}");
}

#[tokio::test]
async fn inj_06_machines_beside_this_one_are_not_asked() {
    let desk = Desk::new();
    for url in ["http://10.0.0.1:1", "http://169.254.169.254", "http://[fd00::1]:1"] {
        let outcome = gateway(url, Mode::Test, &[]).begin(&desk.checkout(euros(1234))).await;
        assert!(matches!(outcome, Err(GatewayError::NotSent(_))), "{url}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_refused_request_did_nothing() {
    for (status, kind, code) in [
        (400, "invalid_request_error", "parameter_unknown"),
        (401, "invalid_request_error", "api_key_expired"),
        (403, "invalid_request_error", "platform_account_required"),
        (404, "invalid_request_error", "resource_missing"),
    ] {
        let outcome = begun(error(status, kind, code)).await;
        let expected = GatewayError::Refused { code: code.into(), message: "Because.".into() };
        assert_eq!(outcome, expected, "{status}");
    }
    assert_eq!(
        begun(error(429, "invalid_request_error", "rate_limit")).await,
        GatewayError::TooMany
    );
}

#[tokio::test]
async fn prv_02_errors_have_no_secrets_in_them() {
    for reply in [Reply::Breaks, Reply::Says(500, "sk_test_123456".to_owned())] {
        let outcome = begun(reply).await;
        assert!(!format!("{outcome:?} {outcome}").contains("sk_test"), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_probe_compares_the_mode() {
    for (mode, livemode, good) in [
        (Mode::Test, false, true),
        (Mode::Live, true, true),
        (Mode::Test, true, false),
        (Mode::Live, false, false),
    ] {
        let balance = json!({"object": "balance", "livemode": livemode});
        let peer = Peer::new(vec![json(200, &balance)]).await;
        let account = [("account_id", "acct_1")];
        let outcome = peer.gateway_with(mode, &account).probe().await;
        assert_eq!(outcome.is_ok(), good, "{mode:?} {livemode} {outcome:?}");
        let asked = peer.only();
        assert_eq!(asked.line, "GET /v1/balance");
        assert_eq!(asked.header("stripe-account"), Some("acct_1"));
        assert_eq!(asked.header("idempotency-key"), None);
    }
}
