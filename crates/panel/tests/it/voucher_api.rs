//! Vouchers by the Management API.

use serde_json::{Value, json};

use crate::site::Site;

const BATCHES: &str = "/api/v1/voucher-batches";

#[tokio::test]
async fn vch_05_a_batch_is_made_exported_once_listed_and_voided() {
    let site = Site::new().await;
    let input = json!({
        "series": "summer26", "count": 3, "currency": "EUR", "minimum_minor": 1_000,
        "multiplier": "0.25", "ceiling_minor": 5_000, "wait_days": 30, "note": "Fair",
    });
    let made = site.post(BATCHES, &input).send().await;
    assert_eq!(made.status, 201, "{}", made.text);
    let batch = made.json();
    assert_eq!((&batch["series"], &batch["kind"]), (&json!("SUMMER26"), &json!("multiplied")));
    assert_eq!((&batch["multiplier"], &batch["report"]["live"]), (&json!("0.25"), &json!(3)));
    let id = batch["id"].as_str().expect("an id");
    let one = format!("{BATCHES}/{id}");
    assert_eq!(site.get(&one).send().await.json(), batch);
    assert_eq!(site.get(BATCHES).send().await.json()["data"], json!([batch]));

    let export = format!("{one}/export");
    let codes = site.post(&export, &Value::Null).send().await;
    assert_eq!(codes.status, 200, "{}", codes.text);
    let codes = codes.json();
    assert_eq!(codes["data"].as_array().map(Vec::len), Some(3));
    assert_eq!(codes["data"][2]["serial"], "SUMMER26-00003");
    site.post(&export, &Value::Null).send().await.assert_problem(409, "conflict", &[]);

    let (mut path, mut serials) = ("/api/v1/vouchers?limit=2".to_owned(), Vec::new());
    loop {
        let page = site.get(&path).send().await.json();
        let rows = page["data"].as_array().expect("rows");
        serials.extend(rows.iter().map(|it| it["serial"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/vouchers?limit=2&batch={id}&cursor={cursor}");
    }
    assert_eq!(serials, ["SUMMER26-00001", "SUMMER26-00002", "SUMMER26-00003"]);
    let voided = site.post("/api/v1/vouchers/SUMMER26-2/void", &Value::Null).send().await.json();
    assert_eq!(voided["state"], "void");
    assert_eq!(site.get("/api/v1/vouchers/summer26-00002").send().await.json(), voided);
    let void = site.get("/api/v1/vouchers?state=void").send().await.json();
    assert_eq!(void["data"], json!([voided]));
    let after = site.post(&format!("{one}/void"), &Value::Null).send().await.json();
    assert_eq!((&after["report"]["void"], &after["report"]["live"]), (&json!(3), &json!(0)));
    assert_eq!(site.noted("voucher_batch.voided").await.len(), 1);
}

#[tokio::test]
async fn vch_05_a_key_keeps_no_codes() {
    let site = Site::new().await;
    let input = json!({"series": "A", "count": 3, "currency": "EUR", "addition_minor": 500});
    let batch = site.post(BATCHES, &input).header("idempotency-key", "k-1").send().await;
    let path = format!("{BATCHES}/{}/export", batch.json()["id"].as_str().expect("an id"));
    let export = || site.post(&path, &Value::Null).header("idempotency-key", "k-2").send();
    let codes = export().await;
    assert_eq!(codes.status, 200, "{}", codes.text);
    let again = export().await;
    again.assert_problem(409, "conflict", &[]);
    assert_eq!(again.header("idempotent-replayed"), "");
    assert!(again.text.contains("exported"), "{}", again.text);
    // The batch itself is kept, as ever.
    let kept = site.post(BATCHES, &input).header("idempotency-key", "k-1").send().await;
    assert_eq!((kept.header("idempotent-replayed"), &kept.text), ("true", &batch.text));
}

#[tokio::test]
async fn what_is_wrong_with_a_batch_names_its_fields() {
    let site = Site::new().await;
    let base = json!({"series": "A", "count": 1, "currency": "EUR", "addition_minor": 1});
    for (field, value, named) in [
        ("series", json!("a b"), "series"),
        ("count", json!(0), "count"),
        ("currency", json!("XXX"), "currency"),
        ("addition_minor", json!(0), "addition_minor"),
        ("multiplier", json!("0.5"), "minimum_minor"),
        ("ceiling_minor", json!(1), "multiplier"),
        ("expires_at", json!("2020-01-01T00:00:00Z"), "expires_at"),
        ("code", json!("0000"), "code"),
    ] {
        let mut input = base.clone();
        input[field] = value;
        site.post(BATCHES, &input).send().await.assert_problem(422, "invalid", &[named]);
    }
    let cursor = site.get("/api/v1/vouchers?cursor=x").send().await;
    cursor.assert_problem(400, "malformed", &["cursor"]);
    site.get("/api/v1/vouchers/A-1").send().await.assert_problem(404, "not-found", &[]);
}
