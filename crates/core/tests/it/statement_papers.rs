//! Statements of account on paper.

use std::io::Write as _;
use std::process::{Command, Stdio};

use jiff::civil::date;
use portico_billing::permission::Permissions;
use portico_billing::section::Section;
use portico_billing::{Currency, CustomerId};
use portico_core::records::RecordKey;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::{Caller, CustomerRef};
use portico_core_api::{
    Document, Fault, FieldFault, Refusal, SessionSecret, StatementApi, StatementQuery,
};
use portico_testkit::both_engines;
use serde_json::{Value, json};

use crate::common::World;

async fn visit(world: &World, customer: &str) -> SessionSecret {
    let link = world.link_for(CustomerRef::Customer(RecordKey::new(customer))).await.link;
    world.enter(&link).await.secret
}

fn invoice(number: &str, issued: &str, due: &str, minor: i64) -> Value {
    json!({
        "external_id": number, "number": number, "customer_id": "c-1", "status": "open",
        "currency": "EUR", "issued_on": issued, "due_on": due,
        "lines": [{"description": "Plan", "amount_minor": minor}],
    })
}

fn payment(key: &str, day: &str, minor: i64) -> Value {
    json!({
        "external_id": key, "customer_id": "c-1", "status": "succeeded", "amount_minor": minor,
        "currency": "EUR", "method": "card", "method_label": "Visa 4242",
        "description": "Thank you # called twice", "paid_at": format!("{day}T12:00:00Z"),
    })
}

/// Invoices of three ages, and a payment that settled none of them.
async fn moved(world: &World) -> CustomerId {
    let customer = world.customer("c-1").await;
    world.save::<InvoiceRecord>(invoice("A-1", "2025-11-01", "2025-11-15", 10_000)).await;
    world.save::<InvoiceRecord>(invoice("A-2", "2026-01-10", "2026-02-20", 20_000)).await;
    world.save::<InvoiceRecord>(invoice("A-3", "2026-02-20", "2026-03-20", 30_000)).await;
    world.save::<PaymentRecord>(payment("p-1", "2026-02-01", 5_000)).await;
    customer.id
}

/// What is printed, where poppler is installed to read it.
fn printed(document: &Document) -> Option<String> {
    assert!(document.bytes.starts_with(b"%PDF"));
    let reader = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut reader = reader.ok()?;
    reader.stdin.take().expect("a pipe").write_all(&document.bytes).expect("written");
    let output = reader.wait_with_output().expect("a text");
    Some(String::from_utf8_lossy(&output.stdout).replace('\u{200b}', ""))
}

fn of_days(from: (i16, i8, i8), until: (i16, i8, i8)) -> StatementQuery {
    StatementQuery {
        from: Some(date(from.0, from.1, from.2)),
        until: Some(date(until.0, until.1, until.2)),
        ..StatementQuery::default()
    }
}

fn invalid(field: &str, fault: Fault) -> Result<Document, Refusal> {
    Err(Refusal::Invalid { faults: vec![FieldFault::new(field, fault)] })
}

both_engines! {
    async fn a_statement_has_its_balances_its_movements_and_what_is_open(db: TestDatabase) {
        let world = World::on(db).await;
        let customer = moved(&world).await;
        let secret = visit(&world, "c-1").await;
        let asked = of_days((2026, 1, 1), (2026, 2, 10));
        let own = world.core.statement_pdf(&secret, asked.clone()).await.expect("a statement");
        assert_eq!(own.file_name, "statement-EUR-2026-02-10.pdf");
        let of_staff = world.core.statement_pdf_for_staff(&world.caller, customer, asked).await;
        assert_eq!(of_staff.as_ref(), Ok(&own), "the staff has what its customer has");
        let Some(text) = printed(&own) else { return };
        let has = |parts: &[&str]| {
            for part in parts {
                assert!(text.contains(part), "{part} is not in {text}");
            }
        };
        has(&["Statement of account", "Acme", "Customer c-1", "-100.00", "Invoice A-2"]);
        has(&["-300.00", "Payment", "Visa 4242", "Thank you", "-250.00", "EUR 250.00"]);
        assert!(!text.contains("A-3") && !text.contains("called twice"), "{text}");
        // Of all that is open on this day, the third of March.
        has(&["Not overdue", "1 to 30 days", "200.00", "More than 90 days", "600.00", "-50.00"]);
    }

    async fn a_statement_goes_up_to_today_and_is_of_one_currency(db: TestDatabase) {
        let world = World::on(db).await;
        moved(&world).await;
        world.save::<InvoiceRecord>(invoice("F-1", "2026-04-01", "2026-04-20", 7_700)).await;
        let secret = visit(&world, "c-1").await;
        let all = world.core.statement_pdf(&secret, StatementQuery::default()).await;
        let all = all.expect("a statement");
        assert_eq!(all.file_name, "statement-EUR-2026-03-02.pdf");
        let yen = StatementQuery { currency: Some(Currency::JPY), ..StatementQuery::default() };
        let yen = world.core.statement_pdf(&secret, yen).await.expect("a statement");
        let (Some(all), Some(yen)) = (printed(&all), printed(&yen)) else { return };
        assert!(all.contains("Invoice A-3") && !all.contains("F-1"), "{all}");
        assert!(all.contains("EUR 550.00"), "{all}");
        assert!(!yen.contains("A-1") && yen.contains("JPY 0"), "{yen}");
    }

    async fn az_05_a_statement_tells_nothing_of_hidden_sections(db: TestDatabase) {
        let world = World::on(db).await;
        moved(&world).await;
        let secret = visit(&world, "c-1").await;
        let caller = Caller::system(world.organisation.id);
        let hide = |sections: Vec<Section>| {
            world.core.edit_brand(&caller, world.brand.id, move |mut settings| {
                settings.hidden_sections = sections;
                Ok(settings)
            })
        };
        hide(vec![Section::Invoices, Section::Payments]).await.expect("hidden");
        let own = world.core.statement_pdf(&secret, StatementQuery::default()).await;
        if let Some(text) = printed(&own.expect("a statement")) {
            assert!(text.contains("EUR 550.00"), "{text}");
            for hidden in ["A-1", "Visa", "Thank you", "Not overdue"] {
                assert!(!text.contains(hidden), "{hidden} is in {text}");
            }
        }
        hide(vec![Section::Balance]).await.expect("hidden");
        let own = world.core.statement_pdf(&secret, StatementQuery::default()).await;
        assert_eq!(own, Err(Refusal::NotFound));
    }

    async fn what_paper_does_not_hold_is_refused(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let one = |n: i32| {
            let day = if n < 5_000 { "2026-01-05" } else { "2026-01-06" };
            payment(&format!("p-{n}"), day, 100)
        };
        let caller = Caller::system(world.organisation.id);
        for from in (0..5_001).step_by(1_000) {
            let batch = (from..(from + 1_000).min(5_001)).map(one).collect();
            let saved = world.core.save_batch::<PaymentRecord>(&caller, batch).await;
            assert!(saved.expect("a batch").iter().all(|item| item.result.is_ok()));
        }
        let secret = visit(&world, "c-1").await;
        let all = world.core.statement_pdf(&secret, StatementQuery::default()).await;
        assert_eq!(all, invalid("from", Fault::TooLong { max: 5_000 }));
        let fewer = of_days((2026, 1, 6), (2026, 3, 1));
        let fewer = world.core.statement_pdf(&secret, fewer).await.expect("a statement");
        let Some(text) = printed(&fewer) else { return };
        assert!(text.contains("5,000.00") && text.contains("5,001.00"), "{text}");
    }

    async fn a_statement_that_nobody_may_have_is_none(db: TestDatabase) {
        let world = World::on(db).await;
        let customer = moved(&world).await;
        let secret = visit(&world, "c-1").await;
        let backwards = of_days((2026, 2, 1), (2026, 1, 31));
        let own = world.core.statement_pdf(&secret, backwards.clone()).await;
        assert_eq!(own, invalid("until", Fault::NotAChoice));
        let (core, asked) = (&world.core, StatementQuery::default);
        let of_staff = core.statement_pdf_for_staff(&world.caller, customer, backwards).await;
        assert_eq!(of_staff, invalid("until", Fault::NotAChoice));
        let unknown = CustomerId::from(world.brand.id.uuid());
        let absent = core.statement_pdf_for_staff(&world.caller, unknown, asked()).await;
        assert_eq!(absent, Err(Refusal::NotFound));
        let nobody = Caller { permissions: Permissions::NONE, ..world.caller };
        let refused = core.statement_pdf_for_staff(&nobody, customer, asked()).await;
        assert_eq!(refused, Err(Refusal::NotPermitted));
        let other = crate::common::organisation(core, "Other").await;
        let stranger = Caller { organisation_id: other.id, ..world.caller };
        let foreign = core.statement_pdf_for_staff(&stranger, customer, asked()).await;
        assert_eq!(foreign, Err(Refusal::NotFound));
    }
}
