//! What goes through gateways, in the control panel and by the Management API; and the address that
//! providers send their notices to.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::{Method, StatusCode};
use portico_billing::gateway::Reference;
use portico_billing::permission::OperatorRole;
use portico_billing::{AttemptId, BrandId};
use portico_core::records::RecordKey;
use portico_core::{Caller, CustomerRef, NewPortalSession};
use portico_core_api::{CoreApi, Origin, PayApi, PayOrder, SessionSecret};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::site::{Call, NOW, Site};
use crate::staff::Operator;

const ATTEMPTS: &str = "/api/v1/payment-attempts";
const NOTICES: &str = "/api/v1/gateway-notices";
const SECRET: &str = "whsec_canary";

/// HMAC-SHA-256 in hexadecimal (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> String {
    let pad = |byte: u8| -> Vec<u8> {
        (0..64).map(|place| key.get(place).copied().unwrap_or_default() ^ byte).collect()
    };
    let inner = Sha256::digest([pad(0x36).as_slice(), message].concat());
    let outer = Sha256::digest([pad(0x5c).as_slice(), &inner[..]].concat());
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An event of Stripe's about a payment, sent to the address of a gateway: its identifier, its kind
/// and what the payment is called.
pub fn signed(site: &Site, address: &str, secret: &str, told: [&str; 3]) -> Call {
    let [event, kind, payment] = told;
    let path = &address[address.find("/gateways/").expect("the address of notices")..];
    let body = json!({
        "id": event, "type": kind, "livemode": false,
        "data": {"object": {"object": "payment_intent", "id": payment}},
    });
    let body = body.to_string();
    let at = NOW.parse::<jiff::Timestamp>().expect("a time").as_second();
    let signature = hmac(secret.as_bytes(), format!("{at}.{body}").as_bytes());
    let call = site.open(Method::POST, path).raw("application/json", body);
    call.header("stripe-signature", &format!("t={at},v1={signature}"))
}

/// The same from an address.
fn from(call: Call, address: &str) -> Call {
    let peer: SocketAddr = format!("{address}:4711").parse().expect("an address");
    call.extension(ConnectInfo(peer))
}

/// A gateway at Stripe; the answer is the address for its notices.
async fn stripe(site: &Site) -> String {
    let gateway = json!({
        "provider": "stripe", "name": "Card", "test": true, "currencies": [{"currency": "EUR"}],
        "settings": {"secret_key": "sk_test_canary", "webhook_secret": SECRET},
    });
    let made = site.post("/api/v1/gateways", &gateway).send().await.json();
    made["notice_url"].as_str().expect("an address").to_owned()
}

/// A customer in the portal, who can pay by the sandbox.
struct Payer<'a> {
    site: &'a Site,
    secret: SessionSecret,
    gateway: String,
}

fn origin() -> Origin {
    Origin { address: "192.0.2.1".parse().expect("an address"), user_agent: None }
}

impl<'a> Payer<'a> {
    async fn of(site: &'a Site) -> Self {
        let customer = site.customer("c-1", "ana@example.com").await;
        let gateway = json!({
            "provider": "sandbox", "name": "Play money", "enabled": true, "test": true,
            "currencies": [{"currency": "EUR", "surcharge_minor": 35}],
        });
        let gateway = site.post("/api/v1/gateways", &gateway).send().await.json();
        let brand: BrandId =
            customer["brand_id"].as_str().expect("a brand").parse().expect("a brand");
        let who = CustomerRef::Customer(RecordKey::new("c-1"));
        let caller = Caller::system(site.acme.id);
        let session = site.core.create_portal_session(&caller, NewPortalSession::of(who)).await;
        let link = session.expect("a session").link;
        let visit = site.core.enter_by_session_link(brand, &link, origin()).await;
        let gateway = gateway["id"].as_str().expect("an id").to_owned();
        Self { site, secret: visit.expect("a visit").secret, gateway }
    }

    /// Begins to refill the balance, and has the sandbox do something.
    async fn refill(&self, key: &str, choice: &str) -> AttemptId {
        let order = PayOrder {
            form_key: key.to_owned(),
            invoices: Vec::new(),
            currency: "EUR".parse().expect("a currency"),
            amount_minor: Some(1_000),
            whole: false,
            credit: false,
            gateway: Some(self.gateway.parse().expect("a gateway")),
            method: None,
            keep: false,
            site: "https://pay.example".parse().expect("an address"),
        };
        let core = &self.site.core;
        let begun = core.pay(&self.secret, order, origin()).await.expect("an order");
        let id = begun.attempt().expect("an attempt");
        let reference = Reference::of(id);
        let chosen = core.choose_in_sandbox(&self.secret, &reference, choice).await;
        assert_eq!(chosen, Ok(id));
        id
    }

    async fn look(&self, id: AttemptId) {
        self.site.core.look_at_attempt(&self.secret, id).await.expect("looked");
    }
}

/// What the provider says of an attempt that is not over is not what was asked for.
async fn mismatch(site: &Site) {
    let lie = "UPDATE payment_attempt SET mismatch = '9.00 EUR was paid' \
               WHERE state <> 'succeeded'";
    site.database.execute(lie).await;
}

#[tokio::test]
async fn attempts_are_listed_found_shown_and_downloaded() {
    let site = Site::new().await;
    let payer = Payer::of(&site).await;
    let paid = payer.refill("k-1", "pay").await;
    payer.look(paid).await;
    let declined = payer.refill("k-2", "decline").await;
    payer.look(declined).await;
    let desk = Operator::of(&site, OperatorRole::ReadOnly).await;
    let list = desk.get("/payment-attempts").await;
    let page = |id: AttemptId| format!("/payment-attempts/{}", id.uuid());
    for told in ["Ana", "Play money", "€10.35", "Paid", "Failed"] {
        assert!(list.text.contains(told), "{told}: {}", list.text);
    }
    let shown = async |query: &str| -> Vec<String> {
        let answer = desk.get(&format!("/payment-attempts?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let mut rows = answer.attributes("tbody a.row-link", "href");
        rows.sort();
        rows
    };
    // They are of the same moment.
    let mut both = vec![page(declined), page(paid)];
    both.sort();
    let reference = Reference::of(paid).to_string();
    for (query, found) in [
        (String::new(), both.clone()),
        ("state=failed".to_owned(), vec![page(declined)]),
        ("state=unknown".to_owned(), vec![]),
        ("purpose=pay".to_owned(), vec![]),
        ("purpose=refill&currency=EUR".to_owned(), both.clone()),
        ("currency=USD".to_owned(), vec![]),
        (format!("gateway={}", payer.gateway), both.clone()),
        ("from=2026-11-20&until=2026-11-20".to_owned(), both.clone()),
        ("until=2026-11-19".to_owned(), vec![]),
        ("look=1".to_owned(), vec![]),
        (format!("q={reference}"), vec![page(paid)]),
        (format!("q={}", reference.to_lowercase()), vec![page(paid)]),
        (format!("q=sandbox_{reference}"), vec![page(paid)]),
        (format!("q={declined}"), vec![page(declined)]),
        ("q=c-1".to_owned(), both.clone()),
        ("q=an".to_owned(), both.clone()),
        ("q=nobody".to_owned(), vec![]),
    ] {
        assert_eq!(shown(&query).await, found, "{query}");
    }
    let odd = desk.get("/payment-attempts?from=yesterday").await;
    assert!(odd.text.contains("This is not a date that fits here"), "{}", odd.text);
    let one = desk.get(&page(paid)).await;
    for told in [reference.as_str(), "payment has arrived", "192.0.2.1", "€0.35", "€10.35"] {
        assert!(one.text.contains(told), "{told}");
    }
    let payment = one.links().into_iter().find(|link| link.starts_with("/payments/"));
    let payment = desk.get(&payment.expect("the payment")).await;
    assert!(payment.links().contains(&page(paid)), "and back");
    let file = desk.get("/payment-attempts.csv?state=succeeded").await;
    assert!(file.header("content-type").starts_with("text/csv"));
    assert!(file.text.contains(&reference) && file.text.lines().count() == 2, "{}", file.text);
    assert_eq!(desk.get("/payment-attempts.xlsx").await.status, StatusCode::OK);
    // Who only reads is not led to what changes something.
    assert!(one.attributes("form[action*='/look']", "action").is_empty());
    for (path, fields) in [("look", &[][..]), ("dismiss", &[("reason", "x")][..])] {
        let refused = desk.post(&format!("{}/{path}", page(declined)), fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn whk_04_a_mismatch_is_seen_asked_about_and_closed_with_a_reason() {
    let site = Site::new().await;
    let payer = Payer::of(&site).await;
    let (first, second) = (payer.refill("k-1", "pay").await, payer.refill("k-2", "pay").await);
    mismatch(&site).await;
    let desk = Operator::of(&site, OperatorRole::Billing).await;
    let home = desk.get("/").await;
    assert!(home.links().contains(&"/payment-attempts?look=1".to_owned()), "{:?}", home.links());
    assert!(home.text.contains("Online payments to look at"));
    let page = |id: AttemptId| format!("/payment-attempts/{}", id.uuid());
    let shown = desk.get(&page(first)).await;
    assert!(shown.text.contains("9.00 EUR was paid"), "{}", shown.text);
    // Whatever made it so was put right: the provider is asked again, and it is credited.
    let asked = desk.post(&format!("{}/look", page(first)), &[]).await;
    assert_eq!(asked.header("location"), page(first), "{}", asked.text);
    let shown = desk.get(&page(first)).await;
    assert!(!shown.text.contains("9.00 EUR was paid") && shown.text.contains("/payments/"));
    let dismiss = format!("{}/dismiss", page(second));
    assert_eq!(desk.get(&dismiss).await.status, StatusCode::OK);
    for odd in ["", " ", "4111 1111 1111 1111"] {
        let refused = desk.post(&dismiss, &[("reason", odd)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{odd}");
        assert!(refused.text.contains("f-reason-fault"), "{}", refused.text);
    }
    let closed = desk.post(&dismiss, &[("reason", "Given back at the provider")]).await;
    assert_eq!(closed.header("location"), page(second), "{}", closed.text);
    let shown = desk.get(&page(second)).await;
    assert!(shown.text.contains("Given back at the provider"), "{}", shown.text);
    assert!(shown.text.contains("Closed by staff"));
    for forms in ["form[action*='/look']", "a[href$='/dismiss']"] {
        assert!(shown.attributes(forms, "class").is_empty(), "{forms}");
    }
    for path in ["look", "dismiss"] {
        let path = format!("{}/{path}", page(second));
        assert_eq!(desk.post(&path, &[("reason", "x")]).await.status, StatusCode::SEE_OTHER);
    }
    payer.look(second).await;
    let payments = site.get("/api/v1/payments").send().await.json();
    assert_eq!(payments["data"].as_array().map(Vec::len), Some(1), "one was credited");
    assert_eq!(site.noted("payment_attempt.dismissed").await.len(), 1);
    assert!(!desk.get("/").await.text.contains("Online payments to look at"));
}

#[tokio::test]
async fn the_api_lists_finds_asks_and_dismisses() {
    let site = Site::new().await;
    let payer = Payer::of(&site).await;
    let mut ids = Vec::new();
    for key in ["k-1", "k-2", "k-3"] {
        ids.push(payer.refill(key, "pay").await.to_string());
    }
    let one = |id: &str| format!("{ATTEMPTS}/{id}");
    let (mut path, mut seen) = (format!("{ATTEMPTS}?limit=2"), Vec::new());
    loop {
        let page = site.get(&path).send().await.json();
        let rows = page["data"].as_array().expect("rows").iter();
        seen.extend(rows.map(|it| it["id"].as_str().expect("an id").to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{ATTEMPTS}?limit=2&cursor={cursor}");
    }
    let mut sorted = ids.clone();
    sorted.sort();
    seen.sort();
    assert_eq!(seen, sorted);
    let customer = site.get("/api/v1/customers/c-1").send().await.json();
    let customer = customer["id"].as_str().expect("an id");
    for (query, count) in [
        (format!("customer_id={customer}"), 3),
        (format!("gateway_id={}&state=needs_action&purpose=refill", payer.gateway), 3),
        ("state=succeeded".to_owned(), 0),
        ("needs_a_look=true".to_owned(), 0),
        ("from=2026-11-20T12:00:00Z&before=2026-11-20T12:00:01Z&currency=EUR".to_owned(), 3),
        ("before=2026-11-20T12:00:00Z".to_owned(), 0),
        ("q=c-1".to_owned(), 3),
        (format!("q={}", ids[0]), 1),
    ] {
        let page = site.get(&format!("{ATTEMPTS}?{query}")).send().await;
        assert_eq!(page.json()["data"].as_array().map(Vec::len), Some(count), "{query}");
    }
    for (query, field) in [("state=x", "state"), ("from=x", "from"), ("colour=red", "colour")] {
        let page = site.get(&format!("{ATTEMPTS}?{query}")).send().await;
        page.assert_problem(400, "malformed", &[field]);
    }
    let found = site.get(&one(&ids[0])).send().await.json();
    let figures = ["amount_minor", "charged_minor"].map(|name| found[name].as_i64());
    assert_eq!(figures, [Some(1_000), Some(1_035)]);
    assert_eq!((&found["state"], &found["network"]), (&json!("needs_action"), &json!("192.0.2.1")));
    let paid = site.post(&format!("{}/look", one(&ids[0])), &Value::Null).send().await.json();
    assert_eq!(paid["state"], "succeeded", "{paid}");
    assert!(paid["payment_id"].is_string());
    let dismiss = async |id: &str, body: Value| {
        site.post(&format!("{ATTEMPTS}/{id}/dismiss"), &body).send().await
    };
    let why = json!({"reason": "Given back"});
    dismiss(&ids[0], why.clone()).await.assert_problem(409, "conflict", &[]);
    dismiss(&ids[1], why.clone()).await.assert_problem(409, "conflict", &[]);
    mismatch(&site).await;
    let seen = site.get(&format!("{ATTEMPTS}?needs_a_look=true")).send().await.json();
    assert_eq!(seen["data"].as_array().map(Vec::len), Some(2), "{seen}");
    dismiss(&ids[1], json!({"reason": ""})).await.assert_problem(422, "invalid", &["reason"]);
    dismiss(&ids[1], json!({})).await.assert_problem(422, "invalid", &["reason"]);
    let closed = dismiss(&ids[1], why.clone()).await.json();
    let told = (&closed["state"], &closed["reason"], &closed["code"], &closed["needs_a_look"]);
    assert_eq!(told, (&json!("failed"), &json!("dismissed"), &json!("Given back"), &json!(false)));
    dismiss(&ids[1], why).await.assert_problem(409, "conflict", &[]);
    let after = site.post(&format!("{}/look", one(&ids[1])), &Value::Null).send().await.json();
    assert_eq!((&after["state"], &after["payment_id"]), (&json!("failed"), &Value::Null));
}

#[tokio::test]
async fn whk_09_notices_are_listed_and_worked_on_again_and_tell_no_secret() {
    let site = Site::new().await;
    let address = stripe(&site).await;
    for (number, kind) in [("1", "payment_intent.succeeded"), ("2", "charge.failed")] {
        let event = format!("evt_{number}");
        let kept = signed(&site, &address, SECRET, [&event, kind, "pi_1"]).send().await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
        let again = signed(&site, &address, SECRET, [&event, kind, "pi_1"]).send().await;
        assert_eq!(again.status, StatusCode::OK, "what is known need not be sent again");
    }
    let list = site.get(NOTICES).send().await;
    assert_eq!(list.json()["data"].as_array().map(Vec::len), Some(2), "{}", list.text);
    for (query, count) in
        [("event_id=evt_1", 1), ("kind=CHARGE", 1), ("state=waiting", 2), ("state=done", 0)]
    {
        let page = site.get(&format!("{NOTICES}?{query}")).send().await.json();
        assert_eq!(page["data"].as_array().map(Vec::len), Some(count), "{query}");
    }
    site.core.work_on_notices().await.expect("worked");
    let found = site.get(&format!("{NOTICES}?event_id=evt_1")).send().await.json();
    let notice = &found["data"][0];
    assert_eq!((&notice["state"], &notice["tries"]), (&json!("ignored"), &json!(1)), "{notice}");
    let id = notice["id"].as_str().expect("an id").to_owned();
    let one = format!("{NOTICES}/{id}");
    assert_eq!(&site.get(&one).send().await.json(), notice);
    let replayed = site.post(&format!("{one}/replay"), &Value::Null).send().await.json();
    assert_eq!((&replayed["state"], &replayed["tries"]), (&json!("waiting"), &json!(0)));
    let again = site.post(&format!("{one}/replay"), &Value::Null).send().await.json();
    assert_eq!(again, replayed, "one that waits is left alone");
    site.core.work_on_notices().await.expect("worked");
    assert_eq!(site.get(&one).send().await.json()["state"], "ignored");
    assert_eq!(site.noted("gateway_notice.replayed").await.len(), 1);

    let desk = Operator::of(&site, OperatorRole::Billing).await;
    let rows = desk.get("/payment-attempts/notices?q=evt_1").await;
    let page = rows.attributes("tbody a.row-link", "href");
    assert_eq!(page.len(), 1, "{}", rows.text);
    let shown = desk.get(&page[0]).await;
    assert!(shown.text.contains("evt_1") && shown.text.contains("no attempt of ours"));
    let replay = desk.post(&format!("{}/replay", page[0]), &[]).await;
    assert_eq!(replay.header("location"), page[0], "{}", replay.text);
    let log = site.get("/api/v1/audit-log").send().await;
    for told in [&list, &rows, &shown, &log] {
        assert!(!told.text.contains("canary"), "{}", told.text);
    }
    let reader = Operator::of(&site, OperatorRole::ReadOnly).await;
    assert_eq!(reader.get(&page[0]).await.status, StatusCode::OK);
    let refused = reader.post(&format!("{}/replay", page[0]), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn whk_01_who_forges_notices_has_to_wait_and_the_provider_has_not() {
    let site = Site::new().await;
    let address = stripe(&site).await;
    let event = |number: u32| format!("evt_{number}");
    let tell = async |number: u32, secret: &str, address_of: &str| {
        let call = signed(&site, &address, secret, [&event(number), "charge.failed", "pi_1"]);
        from(call, address_of).send().await
    };
    assert_eq!(tell(0, SECRET, "192.0.2.1").await.status, StatusCode::OK);
    for number in 0..100 {
        let forged = tell(number, "whsec_guessed", "198.51.100.1").await;
        assert_eq!(forged.status, StatusCode::BAD_REQUEST, "{number}");
    }
    let stopped = tell(0, "whsec_guessed", "198.51.100.1").await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stopped.header("retry-after"), "11");
    assert!(stopped.text.is_empty(), "nothing is told: {}", stopped.text);
    // WHK-07: a burst of what is genuine passes, from the same address and from a new one.
    for (first, place) in [(1_000, "192.0.2.1"), (2_000, "[2001:db8::1]")] {
        for number in first..first + 400 {
            assert_eq!(tell(number, SECRET, place).await.status, StatusCode::OK, "{number}");
        }
    }
    // Addresses that nobody has are no way around it, within one household.
    let guess = async |last: u32| {
        let path = format!("/gateways/guess-{last}");
        let call = site.open(Method::POST, &path).raw("application/json", "{}");
        from(call, &format!("[2001:db8:0:7::{last:x}]")).send().await.status
    };
    for last in 0..100 {
        assert_eq!(guess(last).await, StatusCode::NOT_FOUND, "{last}");
    }
    assert_eq!(guess(100).await, StatusCode::TOO_MANY_REQUESTS);
}
