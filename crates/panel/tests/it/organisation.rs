//! The organisation about itself, sign-ups that wait, and passwords of contacts, by API.

use axum::http::{Method, StatusCode};
use portico_core::mail::MailContent;
use serde_json::{Value, json};

use crate::site::Site;

const ORGANISATION: &str = "/api/v1/organisation";

#[tokio::test]
async fn the_organisation_is_changed_in_part() {
    let site = Site::new().await;
    let before = site.get(ORGANISATION).send().await.json();
    assert_eq!((&before["name"], &before["currency"]), (&json!("Acme"), &json!("EUR")));
    let patch = json!({
        "legal_name": "Acme Telecomunicaciones, S.L.",
        "address": {"line1": "Gran Vía 1", "city": "Madrid", "country": "ES"},
        "tax_ids": [{"kind": "eu_vat", "value": "es b58378431"}],
        "invoice_prefix": "2026/", "invoice_next": 42, "require_second_factor": true,
    });
    let call = || site.call(Method::PATCH, ORGANISATION).header("idempotency-key", "once");
    let changed = call().json(&patch).send().await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let after = changed.json();
    assert_eq!(after["next_invoice_number"], "2026/0042");
    assert_eq!(after["tax_ids"], json!([{"kind": "eu_vat", "value": "ESB58378431"}]));
    assert_eq!((&after["time_zone"], &after["name"]), (&before["time_zone"], &before["name"]));
    assert_eq!(site.get(ORGANISATION).send().await.json(), after);
    let again = call().json(&patch).send().await;
    assert_eq!((again.header("idempotent-replayed"), &again.text), ("true", &changed.text));
    let noted = site.noted("organisation.updated").await;
    assert_eq!((noted.len(), &noted[0]["after"]["invoice_next"]), (1, &json!(42)));
    let null = json!({"address": {"line1": null}, "legal_name": null, "tax_ids": null});
    let less = site.call(Method::PATCH, ORGANISATION).json(&null).send().await.json();
    assert_eq!(
        (&less["address"]["line1"], &less["address"]["city"]),
        (&Value::Null, &json!("Madrid"))
    );
    assert_eq!((&less["legal_name"], &less["tax_ids"]), (&Value::Null, &json!([])));
    let other = site.open(Method::GET, ORGANISATION).header("x-api-key", &site.other.key.expose());
    assert_eq!(other.send().await.json()["name"], "Other");
}

#[tokio::test]
async fn what_is_wrong_with_the_organisation_names_its_fields() {
    let site = Site::new().await;
    let before = site.get(ORGANISATION).send().await.json();
    let many = vec![json!({"kind": "eu_vat", "value": "ESB58378431"}); 21];
    for (patch, field) in [
        (json!([]), ""),
        (json!({"name": ""}), "name"),
        (json!({"name": null}), "name"),
        (json!({"name": "4111 1111 1111 1111"}), "name"),
        (json!({"email": "nobody"}), "email"),
        (json!({"id": "org_1"}), "id"),
        (json!({"address": {"planet": "Mars"}}), "address.planet"),
        (json!({"address": {"country": "XX1"}}), "address.country"),
        (json!({"address": {"city": "x".repeat(201)}}), "address.city"),
        (json!({"tax_ids": [{"kind": "eu_vat", "value": "nonsense"}]}), "tax_ids.0.value"),
        (json!({"tax_ids": [{"kind": "nothing", "value": "1"}]}), "tax_ids.0.kind"),
        (json!({"tax_ids": [{"kind": "eu_vat", "value": " "}]}), "tax_ids.0.value"),
        (json!({"tax_ids": many}), "tax_ids"),
        (json!({"time_zone": "Mars/Olympus"}), "time_zone"),
        (json!({"currency": "???"}), "currency"),
        (json!({"invoice_prefix": "x".repeat(21)}), "invoice_prefix"),
        (json!({"invoice_next": 0}), "invoice_next"),
        (json!({"invoice_next": -1}), "invoice_next"),
        (json!({"require_second_factor": "yes"}), "require_second_factor"),
    ] {
        let answer = site.call(Method::PATCH, ORGANISATION).json(&patch).send().await;
        answer.assert_problem(422, "invalid", &[field]);
    }
    assert_eq!(site.get(ORGANISATION).send().await.json(), before, "nothing was changed");
}

/// A customer that waits for approval.
async fn waiting(site: &Site, name: &str) -> String {
    let body = json!({"name": name, "status": "pending_approval"});
    let made = site.post("/api/v1/customers", &body).send().await.json();
    made["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn sign_ups_are_listed_approved_and_refused() {
    let site = Site::new().await;
    let (first, second) = (waiting(&site, "First").await, waiting(&site, "Second").await);
    let contact = json!({"customer_id": second, "name": "Ana", "email": "ana@example.com"});
    site.post("/api/v1/contacts", &contact).send().await;
    let page = site.get("/api/v1/sign-ups?limit=1").send().await.json();
    assert_eq!(page["data"].as_array().map(Vec::len), Some(1));
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let rest = site.get(&format!("/api/v1/sign-ups?limit=1&cursor={cursor}")).send().await.json();
    assert_eq!(rest["next_cursor"], Value::Null);
    let listed = [&page["data"][0]["id"], &rest["data"][0]["id"]];
    assert!(listed.contains(&&json!(first)) && listed.contains(&&json!(second)), "{listed:?}");
    let one = site.get(&format!("/api/v1/sign-ups/{second}")).send().await.json();
    assert_eq!(
        (&one["name"], &one["contact"]["email"]),
        (&json!("Second"), &json!("ana@example.com"))
    );

    let approval = format!("/api/v1/sign-ups/{first}/approval");
    let approved = site.call(Method::POST, &approval).send().await;
    assert_eq!(approved.status, StatusCode::NO_CONTENT, "{}", approved.text);
    site.call(Method::POST, &approval).send().await.assert_problem(404, "not-found", &[]);
    let customer = site.get(&format!("/api/v1/customers/{first}")).send().await.json();
    assert_eq!(customer["status"], "active");

    let refusal = format!("/api/v1/sign-ups/{second}/refusal");
    for (body, field) in [
        (json!({"reason": " "}), "reason"),
        (json!({"reason": "x".repeat(501)}), "reason"),
        (json!({}), "reason"),
        (json!({"reason": "No.", "silently": true}), "silently"),
    ] {
        site.post(&refusal, &body).send().await.assert_problem(422, "invalid", &[field]);
    }
    let body = json!({"reason": "We do not serve your country yet."});
    let refused = site.post(&refusal, &body).send().await;
    assert_eq!(refused.status, StatusCode::NO_CONTENT, "{}", refused.text);
    assert_eq!(site.noted("sign_up.refused").await.len(), 1);
    let customer = site.get(&format!("/api/v1/customers/{second}")).send().await.json();
    assert_eq!(customer["status"], "inactive");
    let mails = site.core.claim_mails(10).await.expect("mails");
    assert_eq!(mails.len(), 1, "the person is told why");
    assert_eq!(site.get("/api/v1/sign-ups").send().await.json()["data"], json!([]));
    site.get("/api/v1/sign-ups?state=refused").send().await.assert_problem(
        400,
        "malformed",
        &["state"],
    );
}

/// A contact, `user-1`, of a customer.
async fn contact(site: &Site) -> String {
    site.customer("c-1", "ana@example.com").await;
    let contact = json!({
        "external_id": "user-1", "customer_id": "c-1", "name": "Ana", "email": "ana@example.com",
    });
    let contact = site.post("/api/v1/contacts", &contact).send().await.json();
    contact["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_contact_is_mailed_a_temporary_password() {
    const CANARY: &str = "canary-set-by-hand-4711";
    let site = Site::new().await;
    let id = contact(&site).await;
    let at = |name: &str| format!("/api/v1/contacts/{name}/temporary-password");
    for (name, body) in [(id.as_str(), json!({})), ("user-1", json!({ "password": CANARY }))] {
        let mailed = site.post(&at(name), &body).send().await;
        assert_eq!((mailed.status, mailed.text.as_str()), (StatusCode::NO_CONTENT, ""));
    }
    let mails = site.core.claim_mails(10).await.expect("mails");
    let mut passwords: Vec<_> = mails
        .into_iter()
        .map(|mail| match mail.message.content {
            MailContent::TemporaryPassword { password, .. } => password,
            other => panic!("another mail: {other:?}"),
        })
        .collect();
    passwords.sort_by_key(|it| it == CANARY);
    assert_eq!((passwords.len(), passwords[1].as_str()), (2, CANARY));
    let log = site.get("/api/v1/audit-log?limit=200").send().await.text;
    assert!(log.contains("contact.temporary_password_mailed"), "{log}");
    assert!(passwords.iter().all(|password| !log.contains(password)), "{log}");

    let keyed = |body: &Value| site.post(&at(&id), body).header("idempotency-key", "k").send();
    for _ in 0..2 {
        let again = keyed(&json!({ "password": CANARY })).await;
        assert_eq!(again.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(site.core.claim_mails(10).await.expect("mails").len(), 1, "once by key");
    keyed(&json!({})).await.assert_problem(422, "idempotency-key-reused", &[]);

    for (body, field) in [
        (json!({ "password": "ana@example.com" }), "password"),
        (json!({ "password": "x".repeat(1_025) }), "password"),
        (json!({ "password": 12 }), "password"),
        (json!({ "hours": 1 }), "hours"),
    ] {
        site.post(&at(&id), &body).send().await.assert_problem(422, "invalid", &[field]);
    }
    site.post(&at("nobody"), &json!({})).send().await.assert_problem(404, "not-found", &[]);
    let mut last = StatusCode::NO_CONTENT;
    for _ in 0..20 {
        last = site.post(&at(&id), &json!({})).send().await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "nobody is flooded");
    let off = json!({"disabled": true});
    site.call(Method::PATCH, &format!("/api/v1/contacts/{id}")).json(&off).send().await;
    let refused = site.post(&at(&id), &json!({})).send().await;
    refused.assert_problem(409, "conflict", &["disabled"]);
}

#[tokio::test]
async fn a_contact_is_mailed_a_link_for_its_password() {
    let site = Site::new().await;
    let id = contact(&site).await;
    let id = id.as_str();
    for name in [id, "user-1"] {
        let path = format!("/api/v1/contacts/{name}/password-link");
        let mailed = site.call(Method::POST, &path).send().await;
        assert_eq!(mailed.status, StatusCode::NO_CONTENT, "{}", mailed.text);
    }
    assert_eq!(site.core.claim_mails(10).await.expect("mails").len(), 2);
    let path = format!("/api/v1/contacts/{id}/password-link");
    let mut last = StatusCode::NO_CONTENT;
    for _ in 0..20 {
        last = site.call(Method::POST, &path).send().await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "nobody is flooded");
    let off = json!({"disabled": true});
    site.call(Method::PATCH, &format!("/api/v1/contacts/{id}")).json(&off).send().await;
    let refused = site.call(Method::POST, &path).send().await;
    refused.assert_problem(409, "conflict", &["disabled"]);
}
