//! Lists: what their addresses mean.

use axum::http::StatusCode;
use jiff::civil::date;
use portico_billing::invoice::ShownStatus;
use portico_billing::ledger::SubjectGroup;
use portico_billing::page::Direction;
use portico_billing::payment::PaymentKind;
use portico_core_api::InvoiceSort;

use crate::browser::Browser;
use crate::fake::{Person, id};

#[tokio::test]
async fn the_list_of_invoices_has_its_seven_columns() {
    let mut browser = Browser::signed_in(Person::ana());
    let page = browser.get("/invoices").await;
    let heads: Vec<String> = page.texts("thead th").into_iter().skip(1).collect();
    assert_eq!(
        heads,
        [
            "Invoice ID",
            "Status",
            "Invoice Total",
            "Due Date",
            "Amount Due",
            "Billing Period",
            "Generated On",
        ]
    );
    assert_eq!(page.texts("tbody .cell-title"), ["INV-1"]);
    let next = page.attributes("a[rel=next]", "href");
    assert_eq!(next, ["/invoices?cursor=n%2B%2F%3D"]);
}

#[tokio::test]
async fn filters_reach_the_core_as_they_are_meant() {
    let mut browser = Browser::signed_in(Person::ana());
    let query = "q=2026&status=overdue&from=2026-01-01&until=2026-06-30\
        &min=10,5&max=1+000.00&sort=amount_due&direction=asc&cursor=abc&size=25";
    for path in ["/invoices", "/invoices/export.csv", "/invoices/export.xlsx"] {
        let answer = browser.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let asked = browser.core.invoice_query();
        assert_eq!(asked.search, "2026");
        assert_eq!(asked.status, Some(ShownStatus::Overdue));
        assert_eq!(asked.from, Some(date(2026, 1, 1)));
        assert_eq!(asked.until, Some(date(2026, 6, 30)));
        assert_eq!((asked.min_minor, asked.max_minor), (Some(1_050), Some(100_000)));
        assert_eq!((asked.sort, asked.direction), (InvoiceSort::AmountDue, Direction::Asc));
        assert_eq!((asked.cursor.as_deref(), asked.size.get()), (Some("abc"), 25));
    }
    for path in ["/balance", "/balance/export.csv", "/balance/export.xlsx"] {
        browser.get(&format!("{path}?q=INV-7&kind=charges&currency=EUR")).await;
        let asked = browser.core.statement_query();
        assert_eq!((asked.search.as_str(), asked.group), ("INV-7", Some(SubjectGroup::Charges)));
    }
    browser.get("/payments?kind=refund&dir=asc").await;
    let asked = browser.core.payment_query();
    assert_eq!((asked.kind, asked.direction), (Some(PaymentKind::Refund), Direction::Asc));
}

#[tokio::test]
async fn what_makes_no_sense_in_an_address_never_breaks_a_list() {
    let mut browser = Browser::signed_in(Person::ana());
    let odd = [
        "q=%00%ff%F0%9F%92%A9",
        "q=%3Cscript%3Ealert(1)%3C/script%3E",
        "status=open&status=paid",
        "status[]=x",
        "size=0",
        "size=-1",
        "size=99999999999999999999",
        "cursor=%FF",
        "from=2026-02-30",
        "min=1e5",
        "min=%D9%A3",
        "max=-0.001",
        "sort=drop%20table",
        "direction=sideways",
        "&&&==&",
        "min=99999999999999999999999999999999",
    ];
    for path in [
        "/invoices",
        "/payments",
        "/balance",
        "/entitlements",
        "/subscriptions",
        "/contracts",
        "/payment-methods",
    ] {
        for query in odd {
            let answer = browser.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}?{query}");
            assert!(!answer.body.contains("<script>alert"), "{path}?{query}");
        }
    }
    let page = browser.get("/invoices?min=abc").await;
    assert_eq!(page.texts("#list .alert").len(), 1);
}

#[tokio::test]
async fn a_statement_is_printed_or_said_why_not() {
    let mut browser = Browser::signed_in(Person::ana());
    let file = browser.get("/balance/statement.pdf?from=2026-01-01&until=2026-01-31").await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert!(file.header("content-disposition").contains("statement.pdf"));
    let refused = browser.get("/balance/statement.pdf?from=2026-02-01&until=2026-01-31").await;
    assert_eq!(refused.location(), "/balance");
    let page = browser.get("/balance").await;
    let told = page.texts("[data-toast] p");
    assert!(told[0].contains("5,000 movements"), "{told:?}");
}

#[tokio::test]
async fn an_empty_list_says_what_would_be_here_or_that_nothing_was_found() {
    let mut browser = Browser::signed_in(Person::ana());
    assert_eq!(browser.get("/payments").await.texts(".empty-title"), ["No payments yet"]);
    let found = browser.get("/payments?q=x").await;
    assert_eq!(found.texts(".empty-title"), ["No payments found"]);
    let found = browser.get("/balance?q=x").await;
    assert_eq!(found.texts(".empty-title"), ["No movements found"]);
    let found = browser.get("/invoices?q=x").await;
    assert_eq!(found.texts(".empty-title"), ["No invoices found"]);
    assert_eq!(found.attributes(".empty a", "href"), ["/invoices"]);
}

#[tokio::test]
async fn files_come_as_attachments() {
    let mut browser = Browser::signed_in(Person::ana());
    let pdf = browser.get("/invoices/inv_0000000000000000000000000000000a/pdf").await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert_eq!(pdf.header("content-disposition"), "attachment; filename=\"INV-1.pdf\"");
    assert_eq!(pdf.body, "bytes");
    let table = browser.get("/invoices/export.csv").await;
    assert_eq!(table.header("x-portico-truncated"), "true");
}

#[tokio::test]
async fn ticked_invoices_come_in_one_archive() {
    let mut browser = Browser::signed_in(Person::ana());
    let fields = [
        ("id", "inv_0000000000000000000000000000000a"),
        ("id", "00000000-0000-0000-0000-00000000000b"),
    ];
    let answer = browser.post("/invoices/archive", &fields).await;
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(browser.core.archived(), [id(10), id(11)]);

    let answer = browser.post("/invoices/archive", &[]).await;
    assert_eq!(answer.location(), "/invoices");
    let page = browser.get("/invoices").await;
    assert_eq!(page.texts("[data-toast] p"), ["Select at least one invoice first."]);
    let answer = browser.post("/invoices/archive", &[("id", "cus_1")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let many: Vec<_> = (0..101).map(|_| fields[0]).collect();
    assert_eq!(browser.post("/invoices/archive", &many).await.location(), "/invoices");
}
