//! Notices: genuine, forged, and none of PayPal's.

use jiff::{SignedDuration, Timestamp};
use portico_gateways::{GatewayError, Message, Notice, Subject, Unproven};
use serde_json::json;

use crate::peer::{Peer, Reply};
use crate::{CAPTURE, ORDER, REFERENCE, at};

const VERIFY: &str = "POST /v1/notifications/verify-webhook-signature";
const WEBHOOK: &str = "1JE4291016473214C";
const HOME: &str = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594";

/// As PayPal writes them: spaces, order and decimals that a second writing would lose.
const BODY: &str = r#"{"id":"WH-2CL46544TB770421K-5VB92446WP7345818", "event_version":"1.0",
 "create_time":"2026-06-01T12:09:05.000Z","resource_type":"capture","resource_version":"2.0",
 "event_type":"PAYMENT.CAPTURE.COMPLETED","summary":"Payment completed for \u20ac 12.34 EUR",
 "resource":{"amount":{"value":"12.34","currency_code":"EUR"},"breakdown":{},"rate":1.0,
 "supplementary_data":{"related_ids":{"order_id":"5O190127TN364715T"}},
 "custom_id":"00000000000000000001","id":"3C679366HH908993F","status":"COMPLETED"},"links":[]}"#;

fn now() -> Timestamp {
    at("2026-06-01T12:10:00Z")
}

fn headers() -> Vec<(String, String)> {
    let own = |name: &str, value: &str| (format!("paypal-{name}"), value.to_owned());
    vec![
        own("auth-algo", "SHA256withRSA"),
        own("cert-url", HOME),
        own("transmission-id", "69cd13f0-d67a-11e5-baa3-778b53f4ae55"),
        own("transmission-sig", "lmI95Jx3Y9nhR5SJWlHVIWpg4AgFk7n9bCHSRxbrd8A9zrhdu2rMyFrmz=="),
        own("transmission-time", "2026-06-01T12:09:30Z"),
        ("content-type".to_owned(), "application/json".to_owned()),
    ]
}

/// The headers with another value for one of them.
fn with(name: &str, value: &str) -> Vec<(String, String)> {
    let mut headers = headers();
    let header = headers.iter_mut().find(|(key, _)| key == name).expect("a header");
    value.clone_into(&mut header.1);
    headers
}

fn verdict(word: &str) -> Reply {
    (VERIFY, 200, json!({ "verification_status": word }))
}

/// Opens the message at an account with a webhook; the script says what PayPal answers.
async fn opened(
    headers: &[(String, String)],
    body: &[u8],
    script: Vec<Reply>,
) -> Result<Notice, Unproven> {
    let peer = Peer::start(script).await;
    let gateway = peer.gateway(&[("webhook_id", WEBHOOK)]);
    let message = Message { headers, body, now: now() };
    let notice = gateway.notices().expect("notices").open(&message).await;
    peer.finish();
    notice
}

/// Opens the message; not even PayPal is asked.
async fn refused(headers: &[(String, String)]) -> Unproven {
    opened(headers, BODY.as_bytes(), Vec::new()).await.expect_err("a forgery")
}

#[tokio::test]
async fn whk_06_paypal_is_asked_about_the_bytes_that_came_in() {
    let peer = Peer::start(vec![verdict("SUCCESS")]).await;
    let gateway = peer.gateway(&[("webhook_id", WEBHOOK)]);
    let message = Message { headers: &headers(), body: BODY.as_bytes(), now: now() };
    let notice = gateway.notices().expect("notices").open(&message).await;
    let about =
        Subject::Payment { handle: ORDER.to_owned(), reference: Some(REFERENCE.to_owned()) };
    let expected = Notice {
        event_id: "WH-2CL46544TB770421K-5VB92446WP7345818".to_owned(),
        kind: "PAYMENT.CAPTURE.COMPLETED".to_owned(),
        about: Some(about),
    };
    assert_eq!(notice, Ok(expected));
    assert!(BODY.contains(CAPTURE));
    let requests = peer.finish();
    let sent = String::from_utf8(requests[0].body.clone()).expect("text");
    assert!(sent.ends_with(&format!("\"webhook_event\":{BODY}}}")), "{sent}");
    let question = requests[0].json();
    assert_eq!(question["webhook_id"], WEBHOOK);
    assert_eq!(question["cert_url"], HOME);
    assert_eq!(question["auth_algo"], "SHA256withRSA");
    assert_eq!(question["transmission_id"], "69cd13f0-d67a-11e5-baa3-778b53f4ae55");
    assert_eq!(question["transmission_time"], "2026-06-01T12:09:30Z");
}

#[tokio::test]
async fn whk_01_without_a_webhook_nothing_is_proven() {
    let peer = Peer::start(Vec::new()).await;
    for id in ["", "  "] {
        let gateway = peer.gateway(&[("webhook_id", id)]);
        let message = Message { headers: &headers(), body: BODY.as_bytes(), now: now() };
        let notice = gateway.notices().expect("notices").open(&message).await;
        assert_eq!(notice, Err(Unproven::NoSecret));
    }
    peer.finish();
}

#[tokio::test]
async fn whk_01_messages_without_a_whole_signature_are_refused_unasked() {
    for (name, value) in headers().iter().filter(|(name, _)| name.starts_with("paypal-")) {
        let mut without = headers();
        without.retain(|(key, _)| key != name);
        assert_eq!(refused(&without).await, Unproven::Unsigned, "without {name}");
        let mut twice = headers();
        twice.push((name.clone(), value.clone()));
        assert_eq!(refused(&twice).await, Unproven::Unsigned, "{name} twice");
        assert_eq!(refused(&with(name, "")).await, Unproven::Unsigned, "{name} empty");
    }
    assert_eq!(refused(&[]).await, Unproven::Unsigned);
}

#[tokio::test]
async fn whk_01_messages_of_another_time_are_refused_unasked() {
    let sent = |seconds: i64| {
        let time = now() + SignedDuration::from_secs(seconds);
        with("paypal-transmission-time", &time.to_string())
    };
    for seconds in [-301, -86_400, 301, 86_400] {
        assert_eq!(refused(&sent(seconds)).await, Unproven::Stale, "{seconds}");
    }
    for seconds in [-300, 300] {
        let notice = opened(&sent(seconds), BODY.as_bytes(), vec![verdict("SUCCESS")]).await;
        assert!(notice.is_ok(), "{seconds}: {notice:?}");
    }
    for time in ["yesterday", "1780315770", "2026-06-01", "2026-06-01T12:09:30"] {
        let headers = with("paypal-transmission-time", time);
        assert_eq!(refused(&headers).await, Unproven::Unsigned, "{time}");
    }
}

#[tokio::test]
async fn whk_01_a_wrong_signature_is_refused() {
    for word in ["FAILURE", "success", ""] {
        let notice = opened(&headers(), BODY.as_bytes(), vec![verdict(word)]).await;
        assert_eq!(notice, Err(Unproven::WrongSignature), "{word}");
    }
    for (name, issue) in
        [("VALIDATION_ERROR", "It is not valid."), ("INVALID_REQUEST", "INVALID_STRING_LENGTH")]
    {
        let details = json!([{ "field": "transmission_sig", "issue": issue }]);
        let invalid = (VERIFY, 400, json!({ "name": name, "details": details }));
        let notice = opened(&headers(), BODY.as_bytes(), vec![invalid]).await;
        assert_eq!(notice, Err(Unproven::WrongSignature), "{name}");
    }
}

#[tokio::test]
async fn whk_01_what_is_no_json_cannot_be_signed() {
    for body in ["", "{", "{}{}", "id=1", "\u{feff}{}", "{\"a\":1}x"] {
        let notice = opened(&headers(), body.as_bytes(), Vec::new()).await;
        assert_eq!(notice, Err(Unproven::WrongSignature), "{body}");
    }
    let latin = opened(&headers(), b"{\"a\":\"\xe9\"}", Vec::new()).await;
    assert_eq!(latin, Err(Unproven::WrongSignature));
}

#[tokio::test]
async fn whk_01_a_signed_message_that_is_no_event_is_malformed() {
    let notice = opened(&headers(), b"{\"id\":\"WH-1\"}", vec![verdict("SUCCESS")]).await;
    assert!(matches!(notice, Err(Unproven::Malformed(_))), "{notice:?}");
}

#[tokio::test]
async fn whk_01_where_paypal_cannot_be_asked_nothing_is_proven() {
    for (status, body) in [
        (0, json!({})),
        (500, json!({})),
        (429, json!({})),
        (403, json!({ "name": "NOT_AUTHORIZED" })),
        (200, json!({ "status": "SUCCESS" })),
    ] {
        let notice = opened(&headers(), BODY.as_bytes(), vec![(VERIFY, status, body)]).await;
        assert!(matches!(notice, Err(Unproven::NotAsked(_))), "{status}: {notice:?}");
    }
    let busy = opened(&headers(), BODY.as_bytes(), vec![(VERIFY, 429, json!({}))]).await;
    assert_eq!(busy, Err(Unproven::NotAsked(GatewayError::TooMany)));
}

#[tokio::test]
async fn whk_02_certificates_come_from_paypal_alone() {
    for url in [
        "http://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.sandbox.paypal.com:8443/v1/notifications/certs/CERT-1",
        "https://api.sandbox.paypal.com.example.test/v1/notifications/certs/CERT-1",
        "https://api.sandbox.paypal.com@example.test/v1/notifications/certs/CERT-1",
        "https://user@api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
        "https://example.test/api.sandbox.paypal.com/CERT-1",
        "https://example.test#@api.sandbox.paypal.com/",
        "https://example.test\\@api.sandbox.paypal.com/",
        "https://xapi.sandbox.paypal.com/",
        "https://paypal.com/",
        "https://www.paypal.com/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "//api.sandbox.paypal.com/",
        "nothing",
    ] {
        let notice = refused(&with("paypal-cert-url", url)).await;
        assert_eq!(notice, Unproven::WrongSignature, "{url}");
    }
    let live = "https://api.paypal.com/v1/notifications/certs/CERT-1";
    assert_eq!(refused(&with("paypal-cert-url", live)).await, Unproven::OtherMode);
}

#[tokio::test]
async fn whk_02_the_certificate_of_another_base_address_is_taken_from_there() {
    let peer = Peer::start(vec![verdict("SUCCESS")]).await;
    let gateway = peer.gateway(&[("webhook_id", WEBHOOK)]);
    let headers = with("paypal-cert-url", &format!("{}/certs/CERT-1", peer.base));
    let message = Message { headers: &headers, body: BODY.as_bytes(), now: now() };
    let notice = gateway.notices().expect("notices").open(&message).await;
    assert!(notice.is_ok(), "{notice:?}");
    peer.finish();
}

#[tokio::test]
async fn whk_02_the_algorithm_is_not_the_messages_choice() {
    for algorithm in ["none", "SHA1withRSA", "MD5withRSA", "HS256", "sha256withrsa"] {
        let notice = refused(&with("paypal-auth-algo", algorithm)).await;
        assert_eq!(notice, Unproven::WrongSignature, "{algorithm}");
    }
}

#[tokio::test]
async fn whk_02_the_webhook_is_the_accounts_own() {
    let peer = Peer::start(vec![verdict("FAILURE")]).await;
    let gateway = peer.gateway(&[("webhook_id", WEBHOOK)]);
    let mut headers = headers();
    headers.push(("paypal-webhook-id".to_owned(), "0AA00000AA0000000".to_owned()));
    let message = Message { headers: &headers, body: BODY.as_bytes(), now: now() };
    let notice = gateway.notices().expect("notices").open(&message).await;
    assert_eq!(notice, Err(Unproven::WrongSignature));
    assert_eq!(peer.finish()[0].json()["webhook_id"], WEBHOOK);
}
