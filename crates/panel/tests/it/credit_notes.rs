//! Credit notes as the staff sees them: found, read, exported and taken back.

use axum::http::StatusCode;
use portico_billing::permission::OperatorRole;
use serde_json::{Value, json};

use crate::forms::{Desk, bare};
use crate::staff::Operator;

/// A credit note of the customer by the API: its identifier in addresses.
async fn credit_note(desk: &Desk, it: Value) -> String {
    let answer = desk.site.post("/api/v1/credit-notes", &it).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    bare(&answer.json())
}

/// One of an invoice over 50 EUR, and one of none.
async fn two(desk: &Desk) -> (String, String, String) {
    let invoice = desk.invoice(Some("INV-1")).await;
    let of_invoice = json!({
        "customer_id": "c-1", "invoice_id": "INV-1", "number": "CN-1", "external_id": "ext-77",
        "issued_on": "2026-11-02", "reason": "Down for two days",
        "lines": [{ "description": "Team, two days", "unit_price": "20" }],
    });
    let free = json!({
        "customer_id": "c-1", "number": "CN-2", "issued_on": "2026-11-10", "notes": "Sorry!",
        "lines": [{ "description": "Goodwill", "unit_price": "7.5" }],
    });
    (invoice, credit_note(desk, of_invoice).await, credit_note(desk, free).await)
}

async fn due(desk: &Desk, invoice: &str) -> Value {
    let stored = desk.site.get(&format!("/api/v1/invoices/{invoice}")).send().await.json();
    stored["due_minor"].clone()
}

#[tokio::test]
async fn a_customers_credit_notes_are_listed_found_and_exported() {
    let desk = Desk::new().await;
    let tab = format!("/customers/{}/credit-notes", desk.customer);
    let empty = desk.get(&tab).await;
    assert!(empty.text.contains("No credit notes yet"), "{}", empty.text);
    let (_, of_invoice, free) = two(&desk).await;
    let shown = desk.get(&tab).await.links();
    for id in [&of_invoice, &free] {
        assert!(shown.contains(&format!("/credit-notes/{id}")), "{shown:?}");
    }
    for (query, first, second) in [
        ("q=cn-1", true, false),
        ("q=EXT-77", true, false),
        ("q=CN-", true, true),
        ("q=%25", false, false),
        ("status=issued", true, true),
        ("status=void", false, false),
        ("from=2026-11-03", false, true),
        ("until=2026-11-02", true, false),
        ("from=2026-11-02&until=2026-11-10", true, true),
    ] {
        let links = desk.get(&format!("{tab}?{query}")).await.links();
        for (id, is_found) in [(&of_invoice, first), (&free, second)] {
            assert_eq!(links.contains(&format!("/credit-notes/{id}")), is_found, "{query}");
        }
        let files = format!("/customers/{}/files", desk.customer);
        let table = desk.get(&format!("{files}/credit-notes.csv?{query}")).await;
        assert_eq!(table.status, StatusCode::OK, "{query}: {}", table.text);
        let found = (table.text.contains("CN-1"), table.text.contains("CN-2"));
        assert_eq!(found, (first, second), "{query}: {}", table.text);
    }
    let wrong = desk.get(&format!("{tab}?from=x")).await;
    assert!(wrong.text.contains("This is not a date"), "{}", wrong.text);
    let table = desk.get(&format!("/customers/{}/files/credit-notes.csv", desk.customer)).await;
    assert!(table.text.contains("Down for two days"), "{}", table.text);
}

#[tokio::test]
async fn a_credit_note_tells_what_it_was_applied_to() {
    let desk = Desk::new().await;
    let (invoice, of_invoice, free) = two(&desk).await;
    let page = desk.get(&format!("/credit-notes/{of_invoice}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for part in ["CN-1", "ext-77", "Team, two days", "Down for two days", "€30.00 of €50.00"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let links = page.links();
    for link in [
        format!("/invoices/{invoice}"),
        format!("/customers/{}", desk.customer),
        format!("/credit-notes/{of_invoice}/pdf"),
        format!("/credit-notes/{of_invoice}/void"),
    ] {
        assert!(links.contains(&link), "{link}: {links:?}");
    }
    let page = desk.get(&format!("/credit-notes/{free}")).await;
    assert!(page.text.contains("It belongs to no invoice"), "{}", page.text);
    assert!(page.text.contains("Sorry!"), "{}", page.text);
    let pdf = desk.get(&format!("/credit-notes/{free}/pdf")).await;
    assert_eq!(pdf.header("content-type"), "application/pdf", "{}", pdf.status);

    // From both sides: the invoice, and each line of the balance.
    let invoice = desk.get(&format!("/invoices/{invoice}")).await.links();
    assert!(invoice.contains(&format!("/credit-notes/{of_invoice}")), "{invoice:?}");
    let balance = desk.get(&format!("/customers/{}/balance", desk.customer)).await.links();
    for id in [&of_invoice, &free] {
        assert!(balance.contains(&format!("/credit-notes/{id}")), "{balance:?}");
    }
}

#[tokio::test]
async fn a_voided_credit_note_leaves_its_invoice_due_once_more() {
    let desk = Desk::new().await;
    let (invoice, of_invoice, _) = two(&desk).await;
    assert_eq!(due(&desk, &invoice).await, 3_000);
    let page = format!("/credit-notes/{of_invoice}/void");
    let form = desk.form(&page).await;
    let (one, other) = tokio::join!(desk.send(&page, &form), desk.send(&page, &form));
    let again = desk.send(&page, &form).await;
    for answer in [&one, &other, &again] {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(answer.header("location"), format!("/credit-notes/{of_invoice}"));
    }
    assert!(desk.told(&one).await.contains("The credit note was voided."));
    assert_eq!(due(&desk, &invoice).await, 5_000);
    let shown = desk.get(&format!("/credit-notes/{of_invoice}")).await;
    assert!(shown.text.contains("was voided and no longer counts"), "{}", shown.text);
    assert!(!shown.links().contains(&page), "what is void cannot be voided");
    let path = format!("/customers/{}/credit-notes?status=void", desk.customer);
    assert!(desk.get(&path).await.links().contains(&format!("/credit-notes/{of_invoice}")));
}

#[tokio::test]
async fn who_may_only_read_sees_credit_notes_and_voids_none() {
    let desk = Desk::new().await;
    let (invoice, of_invoice, _) = two(&desk).await;
    let reader = Operator::of(&desk.site, OperatorRole::ReadOnly).await;
    let page = reader.get(&format!("/credit-notes/{of_invoice}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let void = format!("/credit-notes/{of_invoice}/void");
    assert!(!page.links().contains(&void), "{:?}", page.links());
    assert_eq!(reader.get(&void).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.post(&void, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(due(&desk, &invoice).await, 3_000);
    for id in ["x", "0197a000-0000-7000-8000-000000000000"] {
        let missing = reader.get(&format!("/credit-notes/{id}")).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{id}");
    }
}
