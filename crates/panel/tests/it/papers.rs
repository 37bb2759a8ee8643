//! What a customer paid, and its statement, as files: for the staff and for software.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::belongings::{Belongings, with};
use crate::site::Site;

#[tokio::test]
async fn software_gets_statements_on_paper() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let path = ours.address("/api/v1/customers/{id}/statement.pdf");
    let asked = format!("{path}?currency=EUR&from=2026-11-01&to=2026-11-30");
    let paper = site.get(&asked).send().await;
    assert_eq!(paper.status, StatusCode::OK, "{}", paper.text);
    assert_eq!(paper.header("content-type"), "application/pdf");
    assert!(paper.header("content-disposition").contains("statement-EUR-2026-11-30.pdf"));
    assert!(paper.text.starts_with("%PDF"));
    let backwards = site.get(&format!("{path}?from=2026-11-02&to=2026-11-01")).send().await;
    backwards.assert_problem(422, "invalid", &["to"]);
    for odd in ["currency=XXXX", "from=yesterday", "until=2026-11-01", "to=2026-02-30"] {
        let answer = site.get(&format!("{path}?{odd}")).send().await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{odd}: {}", answer.text);
    }
    let unknown = site.get("/api/v1/customers/nobody/statement.pdf").send().await;
    unknown.assert_problem(404, "not-found", &[]);
}

#[tokio::test]
async fn inj_07_the_staff_gets_tables_that_compute_nothing() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let evil = json!({
        "reference": "=cmd|'/c calc'!A1", "description": "Thanks # a note of ours",
        "allocations": null,
    });
    let payment = with(ours.record("payments"), evil);
    let made = ours.call(Method::POST, "/api/v1/payments", &payment).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let files = format!("/customers/{}/files", ours.id("customers"));
    let tables = [
        ("payments.csv", "text/csv; charset=utf-8"),
        ("statement.csv?currency=EUR", "text/csv; charset=utf-8"),
        ("payments.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("statement.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("statement.pdf?from=2026-01-01", "application/pdf"),
    ];
    for (file, kind) in tables {
        let answer = ours.visit(Method::GET, &format!("{files}/{file}"), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}: {}", answer.text);
        assert_eq!(answer.header("content-type"), kind, "{file}");
        assert!(answer.header("content-disposition").starts_with("attachment"), "{file}");
    }
    let payments = ours.visit(Method::GET, &format!("{files}/payments.csv"), &[]).await.text;
    assert!(payments.contains("'=cmd|"), "{payments}");
    assert!(payments.contains("a note of ours"), "the staff reads the whole: {payments}");
    assert_eq!(payments.lines().count(), 3, "a head and two payments: {payments}");
    let none = ours.visit(Method::GET, &format!("{files}/contracts.csv"), &[]).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let days = "statement.pdf?from=2026-11-02&until=2026-11-01";
    let refused = ours.visit(Method::GET, &format!("{files}/{days}"), &[]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert!(refused.header("location").ends_with("/balance"), "{:?}", refused.headers);
}
