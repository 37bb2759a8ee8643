//! Access: tokens, settings, and whether they are good.

use portico_gateways::settings::{Settings, SettingsFault};
use portico_gateways::{Account, GatewayError, Http, Mode, Networks, Sight, provider};
use serde_json::json;

use crate::peer::{Peer, TOKEN};
use crate::{ORDER, READ, Scene, order};

const WEBHOOK: &str = "GET /v1/notifications/webhooks/1JE4291016473214C";

fn granted(token: &str, expires_in: u64) -> serde_json::Value {
    json!({ "access_token": token, "expires_in": expires_in, "token_type": "Bearer" })
}

#[tokio::test]
async fn the_token_is_asked_for_by_the_accounts_own_secret() {
    let peer = Peer::start(vec![(TOKEN, 200, granted("t", 32400)), (READ, 200, order("VOIDED"))]);
    let peer = peer.await;
    let gateway = peer.gateway(&[]);
    let scene = Scene::new();
    let sight = gateway.resume(&scene.sought(Some(ORDER))).await;
    assert!(matches!(sight, Ok(Sight::There(_))), "{sight:?}");
    let request = peer.request(TOKEN);
    // client:canary
    assert_eq!(request.header("authorization"), Some("Basic Y2xpZW50OmNhbmFyeQ=="));
    assert_eq!(request.body, b"grant_type=client_credentials");
    assert_eq!(peer.finish()[0].header("authorization"), Some("Bearer t"));
}

#[tokio::test]
async fn a_token_is_used_until_shortly_before_its_end() {
    for (expires_in, tokens) in [(32400, 1), (61, 1), (60, 3), (0, 3)] {
        let script = (0..3).map(|_| (READ, 200, order("VOIDED")));
        let grants = (0..tokens).map(|_| (TOKEN, 200, granted("t", expires_in)));
        let peer = Peer::start(script.chain(grants).collect()).await;
        let gateway = peer.gateway(&[]);
        let scene = Scene::new();
        for _ in 0..3 {
            assert!(gateway.resume(&scene.sought(Some(ORDER))).await.is_ok());
        }
        assert_eq!(peer.tokens(), tokens, "{expires_in}");
        peer.finish();
    }
}

#[tokio::test]
async fn many_requests_wait_for_one_token() {
    let peer = Peer::start((0..4).map(|_| (READ, 200, order("VOIDED"))).collect()).await;
    let gateway = peer.gateway(&[]);
    let scene = Scene::new();
    let sought = scene.sought(Some(ORDER));
    let ask = || gateway.resume(&sought);
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    assert!(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok());
    assert_eq!(peer.tokens(), 1);
    peer.finish();
}

#[tokio::test]
async fn a_token_that_is_not_taken_any_more_is_renewed_once() {
    let expired = || (READ, 401, json!({ "error": "invalid_token" }));
    let script = vec![expired(), (READ, 200, order("VOIDED"))];
    let peer = Peer::start(script).await;
    let scene = Scene::new();
    let sight = peer.gateway(&[]).resume(&scene.sought(Some(ORDER))).await;
    assert!(sight.is_ok(), "{sight:?}");
    assert_eq!(peer.tokens(), 2);
    let requests = peer.finish();
    assert_ne!(requests[0].header("authorization"), requests[1].header("authorization"));

    let peer = Peer::start(vec![expired(), expired()]).await;
    let sight = peer.gateway(&[]).resume(&scene.sought(Some(ORDER))).await;
    assert!(matches!(sight, Err(GatewayError::Refused { .. })), "{sight:?}");
    assert_eq!(peer.tokens(), 2);
    peer.finish();
}

#[tokio::test]
async fn without_a_token_nothing_was_sent() {
    let wrong = json!({ "error": "invalid_client", "error_description": "failed" });
    for (status, body, expected) in [
        (500, json!({}), "not sent"),
        (0, json!({}), "not sent"),
        (200, json!({}), "not sent"),
        (401, wrong, "refused"),
    ] {
        let peer = Peer::start(vec![(TOKEN, status, body)]).await;
        let scene = Scene::new();
        let error = peer.gateway(&[]).begin(&scene.checkout(false)).await.expect_err("no token");
        assert!(error.nothing_happened());
        let word = match &error {
            GatewayError::NotSent(_) => "not sent",
            GatewayError::Refused { code, .. } if code == "invalid_client" => "refused",
            _ => "else",
        };
        assert_eq!(word, expected, "{status}: {error:?}");
        assert!(!error.to_string().contains("canary"));
        peer.finish();
    }
}

#[tokio::test]
async fn probing_asks_for_a_token_the_list_and_the_webhook() {
    let scope = |rights: &str| json!({ "access_token": "t", "expires_in": 9, "scope": rights });
    let list = "https://uri.paypal.com/services/reporting/search/read";
    let id = ("webhook_id", "1JE4291016473214C");
    let all = format!("openid {list} https://uri.paypal.com/services/vault");

    let peer = Peer::start(vec![(TOKEN, 200, scope(&all))]).await;
    assert_eq!(peer.gateway(&[]).probe().await, Ok(()));
    peer.finish();

    let known = json!({ "id": "1JE4291016473214C", "url": "https://example.test" });
    for (status, body, good) in [(200, known, true), (404, json!({}), false)] {
        let script =
            vec![(TOKEN, 200, scope(&all)), (TOKEN, 200, scope(&all)), (WEBHOOK, status, body)];
        let peer = Peer::start(script).await;
        assert_eq!(peer.gateway(&[id]).probe().await.is_ok(), good, "{status}");
        peer.finish();
    }

    let peer = Peer::start(vec![(TOKEN, 200, scope("openid"))]).await;
    let refused = peer.gateway(&[id]).probe().await;
    let code = "NO_TRANSACTION_SEARCH";
    assert!(
        matches!(&refused, Err(GatewayError::Refused { code: it, .. }) if it == code),
        "{refused:?}"
    );
    peer.finish();
}

#[test]
fn settings_are_checked_without_asking() {
    let open = |values: &[(&str, &str)]| {
        let values = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let http = Http::new(Networks::default()).expect("a client");
        let account = Account { mode: Mode::Live, settings: Settings::new(values), http };
        (provider("paypal").expect("PayPal").open)(account).map(|_| ())
    };
    let both = [("client_id", "a"), ("client_secret", "b")];
    let with = |key, value| open(&[both[0], both[1], (key, value)]);
    assert_eq!(open(&both), Ok(()));
    assert_eq!(open(&both[..1]), Err(SettingsFault::Missing("client_secret")));
    assert_eq!(open(&both[1..]), Err(SettingsFault::Missing("client_id")));
    assert_eq!(with("webhook_id", "1JE4291016473214C"), Ok(()));
    assert_eq!(with("webhook_id", "a/../b"), Err(SettingsFault::Malformed("webhook_id")));
    assert_eq!(with("merchant_id", "7LFUVCDKEARH4"), Ok(()));
    for bad in ["7lfuvcdkearh4", "7LFUVCDKEARH", "7LFUVCDKEARHI", "shop@example.test"] {
        assert_eq!(with("merchant_id", bad), Err(SettingsFault::Malformed("merchant_id")), "{bad}");
    }
    assert_eq!(with("base_url", "ftp://x"), Err(SettingsFault::Malformed("base_url")));
}
