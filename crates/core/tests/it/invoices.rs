//! Invoices and credit notes: as the organisation's software sends them, as customers see them.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::World;
use jiff::civil::date;
use portico_billing::InvoiceId;
use portico_billing::invoice::InvoiceStatus;
use portico_core::einvoice::{EInvoiceDocument, EInvoiceRecords};
use portico_core::records::credit_note::{CreditNoteInput, CreditNoteOutput, CreditNoteRecord};
use portico_core::records::customer::{CustomerOutput, CustomerRecord};
use portico_core::records::invoice::{InvoiceOutput, InvoiceRecord};
use portico_core::records::{Outcome, Record, RecordKey, Rejection, Target, parse_input};
use portico_core::{Caller, CustomerRef, OrganisationChange, StaffError};
use portico_core_api::{CoreApi, InvoiceQuery, InvoiceSort, Refusal, SessionSecret, TableFormat};
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_testkit::both_engines;
use serde_json::{Value, json};

/// Three hours at 19.99 with 21 % tax: 59.97 + 12.59 = 72.56.
fn invoice(n: u32) -> Value {
    json!({
        "external_id": format!("e-{n}"),
        "customer_id": "c-1",
        "number": format!("INV-2026-{n:04}"),
        "status": "open",
        "currency": "EUR",
        "issued_on": "2026-02-01",
        "due_on": "2026-03-01",
        "period_start": "2026-01-01",
        "period_end_exclusive": "2026-02-01",
        "lines": [{"description": "Hours", "quantity": "3", "unit": "h", "unit_price": "19.99",
            "tax_rate": "21", "tax_category": "S"}],
        "metadata": {"ledger": "4711"},
        "created_at": "2026-02-01T08:00:00.123456789Z",
    })
}

fn credit_note(n: u32, invoice: &str, price: &str) -> Value {
    json!({
        "external_id": format!("n-{n}"), "customer_id": "c-1", "invoice_id": invoice,
        "number": format!("CN-{n}"), "issued_on": "2026-02-10", "reason": "Goodwill",
        "lines": [{"description": "Hours", "unit_price": price}],
    })
}

fn with(mut value: Value, changes: Value) -> Value {
    for (field, change) in changes.as_object().expect("an object") {
        value[field] = change.clone();
    }
    value
}

async fn save<R: Record>(world: &World, input: Value) -> Result<(Outcome, R::Output), Rejection> {
    let input = parse_input::<R>(input)?;
    let saved = world
        .core
        .save_record::<R>(&Caller::system(world.organisation.id), Target::New, input)
        .await?;
    Ok((saved.outcome, saved.output))
}

async fn save_invoice(world: &World, input: Value) -> (Outcome, InvoiceOutput) {
    save::<InvoiceRecord>(world, input).await.expect("a saved invoice")
}

async fn save_note(world: &World, input: Value) -> (Outcome, CreditNoteOutput) {
    save::<CreditNoteRecord>(world, input).await.expect("a saved credit note")
}

async fn stored(world: &World, key: &str) -> InvoiceOutput {
    let key = RecordKey::new(key);
    let found =
        world.core.find_record::<InvoiceRecord>(&Caller::system(world.organisation.id), &key).await;
    found.expect("an invoice")
}

async fn patch(world: &World, key: &str, patch: Value) -> Result<InvoiceOutput, Rejection> {
    let key = RecordKey::new(key);
    let organisation = world.organisation.id;
    let saved = world
        .core
        .patch_record::<InvoiceRecord>(&Caller::system(organisation), &key, &patch)
        .await?;
    Ok(saved.output)
}

async fn visit(world: &World, customer: &CustomerOutput) -> SessionSecret {
    let key = RecordKey::new(customer.id.to_string());
    let link = world.link_for(CustomerRef::Customer(key)).await.link;
    world.enter(&link).await.secret
}

/// What the customer's balance is by the stored totals.
async fn balance(world: &World, secret: &SessionSecret) -> i64 {
    world.core.overview(secret).await.expect("an overview").totals[0].sums.balance()
}

fn fields(rejection: Rejection) -> Vec<String> {
    match rejection {
        Rejection::Invalid(faults) => faults.into_iter().map(|fault| fault.field).collect(),
        other => panic!("expected faults, got {other}"),
    }
}

fn conflict(rejection: Rejection) -> String {
    match rejection {
        Rejection::Conflict { field, .. } => field,
        other => panic!("expected a conflict, got {other}"),
    }
}

both_engines! {
    async fn the_same_invoice_twice_changes_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let (outcome, first) = save_invoice(&world, invoice(1)).await;
        assert_eq!(outcome, Outcome::Created);
        assert_eq!((first.subtotal_minor, first.tax_minor, first.total_minor), (5997, 1259, 7256));
        assert_eq!((first.status, first.due_minor), (InvoiceStatus::Open, 7256));
        world.wait(60);
        let (outcome, second) = save_invoice(&world, invoice(1)).await;
        assert_eq!((outcome, &second), (Outcome::Unchanged, &first));
        assert_eq!(stored(&world, "e-1").await, first);
        assert_eq!(stored(&world, &first.id.to_string()).await, first);
        let batch = vec![invoice(1), invoice(2), invoice(2), json!({"nonsense": 1}), invoice(3)];
        let caller = Caller::system(world.organisation.id);
        let items = world.core.save_batch::<InvoiceRecord>(&caller, batch).await;
        let outcomes: Vec<_> = items
            .expect("a batch")
            .into_iter()
            .map(|item| item.result.ok().map(|saved| saved.outcome))
            .collect();
        let (created, unchanged) = (Some(Outcome::Created), Some(Outcome::Unchanged));
        assert_eq!(outcomes, [unchanged, created, unchanged, None, created]);
    }

    async fn a_number_in_use_is_a_conflict_and_the_rest_of_a_batch_goes_in(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        save_invoice(&world, invoice(1)).await;
        let twin = with(invoice(1), json!({"external_id": "e-9"}));
        let refused = save::<InvoiceRecord>(&world, twin.clone()).await;
        assert_eq!(conflict(refused.expect_err("a conflict")), "number");
        let batch = vec![invoice(2), twin, invoice(3)];
        let caller = Caller::system(world.organisation.id);
        let items = world.core.save_batch::<InvoiceRecord>(&caller, batch).await;
        let good: Vec<bool> =
            items.expect("a batch").iter().map(|item| item.result.is_ok()).collect();
        assert_eq!(good, [true, false, true]);
    }

    async fn credit_notes_settle_and_give_back_no_more_than_was_asked(db: TestDatabase) {
        let world = World::on(db).await;
        let customer = world.customer("c-1").await;
        let secret = visit(&world, &customer).await;
        let (_, invoice_1) = save_invoice(&world, invoice(1)).await;
        assert_eq!(balance(&world, &secret).await, -7256);
        save_note(&world, credit_note(1, "INV-2026-0001", "20.00")).await;
        let (outcome, _) = save_note(&world, credit_note(1, "e-1", "20.00")).await;
        assert_eq!(outcome, Outcome::Unchanged);
        let it = stored(&world, "e-1").await;
        assert_eq!((it.status, it.due_minor), (InvoiceStatus::PartiallyPaid, 5256));
        let too_much = save::<CreditNoteRecord>(&world, credit_note(2, "e-1", "52.57")).await;
        assert_eq!(fields(too_much.expect_err("too much")), ["total_minor"]);
        let id = invoice_1.id.to_string();
        save_note(&world, credit_note(2, &id, "52.56")).await;
        let it = stored(&world, "e-1").await;
        assert_eq!((it.status, it.due_minor), (InvoiceStatus::Void, 0));
        assert_eq!(balance(&world, &secret).await, 0);
        let (outcome, _) = save_invoice(&world, invoice(1)).await;
        assert_eq!(outcome, Outcome::Unchanged);
        let void = with(credit_note(2, "e-1", "52.56"), json!({"status": "void"}));
        assert_eq!(save_note(&world, void).await.0, Outcome::Updated);
        assert_eq!(stored(&world, "e-1").await.due_minor, 5256);
        assert_eq!(balance(&world, &secret).await, -5256);
        let again = save::<CreditNoteRecord>(&world, credit_note(2, "e-1", "52.56")).await;
        assert_eq!(conflict(again.expect_err("void stays void")), "status");
    }

    async fn the_audit_log_tells_what_a_credit_note_was_and_became(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        save_invoice(&world, invoice(1)).await;
        save_note(&world, credit_note(1, "e-1", "10")).await;
        let void = with(credit_note(1, "e-1", "10"), json!({"status": "void"}));
        save_note(&world, void).await;
        let mut read = world.core.store().read(world.organisation.id).await.expect("a connection");
        let lines = read.audit_entries(AuditFilter::default(), Position::START, 50).await;
        let lines = lines.expect("lines");
        let line = lines.iter().find(|line| line.action == "credit_note.updated").expect("a line");
        assert_eq!(line.before, Some(json!({"status": "issued"})));
        assert_eq!(line.after, Some(json!({"status": "void"})));
    }

    async fn invoices_that_are_approved_at_once_are_numbered_without_gaps(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let caller = Caller::system(world.organisation.id);
        let numbering = |mut it: OrganisationChange| {
            (it.invoice_prefix, it.invoice_next) = ("A-".to_owned(), "7".to_owned());
            Ok::<_, StaffError>(it)
        };
        world.core.edit_organisation(&caller, numbering).await.expect("saved");
        // One of the series came in from elsewhere.
        save_invoice(&world, with(invoice(1), json!({"number": "A-0010"}))).await;
        let mut drafts = Vec::new();
        for n in 2..10 {
            let draft = with(invoice(n), json!({"status": "draft", "number": null}));
            drafts.push(save_invoice(&world, draft).await.1.id);
        }
        let approve = |id: InvoiceId| {
            let core = world.core.clone();
            tokio::spawn(async move { core.approve_invoice(&caller, id, None).await })
        };
        // Each is approved twice, as by a double click.
        let approvals: Vec<_> = drafts.iter().chain(&drafts).map(|id| approve(*id)).collect();
        let mut numbers = BTreeMap::<InvoiceId, BTreeSet<String>>::new();
        for approval in approvals {
            let it = approval.await.expect("a task").expect("approved");
            numbers.entry(it.id).or_default().extend(it.number);
        }
        assert!(numbers.values().all(|of_one| of_one.len() == 1), "{numbers:?}");
        let series: BTreeSet<String> = numbers.into_values().flatten().collect();
        let expected = [7, 8, 9, 11, 12, 13, 14, 15].map(|n| format!("A-{n:04}"));
        assert_eq!(series, BTreeSet::from(expected));
        let (_, settings) = world.core.organisation(&caller).await.expect("settings");
        assert_eq!(settings.invoice_next, 16);
    }

    async fn paid_on_the_senders_word_is_whatever_is_missing(db: TestDatabase) {
        let world = World::on(db).await;
        let customer = world.customer("c-1").await;
        let secret = visit(&world, &customer).await;
        let (_, it) = save_invoice(&world, with(invoice(1), json!({"status": "paid"}))).await;
        assert_eq!((it.status, it.paid_elsewhere_minor), (InvoiceStatus::Paid, 7256));
        assert_eq!(balance(&world, &secret).await, 0);
        save_note(&world, credit_note(1, "e-1", "10")).await;
        let after = stored(&world, "e-1").await;
        assert_eq!((after.status, after.paid_elsewhere_minor), (InvoiceStatus::Paid, 6256));
        assert_eq!(balance(&world, &secret).await, 0);
        let (outcome, _) = save_invoice(&world, with(invoice(1), json!({"status": "paid"}))).await;
        assert_eq!(outcome, Outcome::Unchanged);
    }

    async fn an_issued_invoice_keeps_its_figures(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        world.customer("c-2").await;
        let draft = with(invoice(1), json!({"status": "draft", "number": null, "lines": []}));
        assert_eq!(save_invoice(&world, draft).await.1.total_minor, 0);
        let (outcome, it) = save_invoice(&world, invoice(1)).await;
        assert_eq!((outcome, it.total_minor), (Outcome::Updated, 7256));
        for (change, field) in [
            (json!({"customer_id": "c-2"}), "customer_id"),
            (json!({"number": "X"}), "number"),
            (json!({"currency": "USD"}), "currency"),
            (json!({"lines": [{"description": "Other", "unit_price": 1}]}), "lines"),
            (json!({"issued_on": "2026-02-02"}), "issued_on"),
            (json!({"prepaid_minor": 1}), "prepaid_minor"),
            (json!({"status": "draft"}), "status"),
        ] {
            let refused = patch(&world, "e-1", change).await.expect_err("a conflict");
            assert_eq!(conflict(refused), field);
        }
        let change = json!({"due_on": "2026-04-01", "notes": "Later", "metadata": {"a": "b"}});
        let it = patch(&world, "e-1", change).await.expect("a change");
        assert_eq!((it.due_on, it.notes.as_deref()), (date(2026, 4, 1), Some("Later")));
        let it = patch(&world, "e-1", json!({"status": "uncollectible"})).await.expect("given up");
        assert_eq!((it.status, it.due_minor), (InvoiceStatus::Uncollectible, 0));
        let it = patch(&world, "e-1", json!({"status": "open"})).await.expect("open again");
        assert_eq!((it.status, it.due_minor), (InvoiceStatus::Open, 7256));
        let it = patch(&world, "e-1", json!({"status": "paid"})).await.expect("paid");
        assert_eq!((it.status, it.due_minor), (InvoiceStatus::Paid, 0));
        let it = patch(&world, "e-1", json!({"status": "void"})).await.expect("void");
        assert_eq!((it.status, it.paid_elsewhere_minor), (InvoiceStatus::Void, 0));
        let refused = patch(&world, "e-1", json!({"status": "open"})).await;
        assert_eq!(conflict(refused.expect_err("void stays void")), "status");
    }
}

#[tokio::test]
async fn every_fault_is_named_with_its_field() {
    let world = World::new().await;
    world.customer("c-1").await;
    let line =
        |changes: Value| with(json!({"description": "Hours", "unit_price": "19.99"}), changes);
    let part = |day: &str, minor: i64| json!({"due_on": day, "amount_minor": minor});
    let cases = [
        (json!({"customer_id": "nobody"}), "customer_id"),
        (json!({"number": null}), "number"),
        (json!({"number": "a\nb"}), "number"),
        (json!({"lines": []}), "lines"),
        (json!({"status": "overdue"}), "status"),
        (json!({"currency": "XAU"}), "currency"),
        (json!({"issued_on": "2026-02-30"}), "issued_on"),
        (json!({"period_end_exclusive": "2026-01-01"}), "period_end_exclusive"),
        (json!({"period_start": null}), "period_start"),
        (json!({"lines": [line(json!({"quantity": "1e3"}))]}), "lines.0.quantity"),
        (json!({"lines": [line(json!({"quantity": "１２"}))]}), "lines.0.quantity"),
        (json!({"lines": [line(json!({"unit_price": "1,000"}))]}), "lines.0.unit_price"),
        (json!({"lines": [line(json!({"unit_price": null}))]}), "lines.0.unit_price"),
        (json!({"lines": [line(json!({"unit_price": "9999999999999"}))]}), "lines.0.unit_price"),
        (json!({"lines": [line(json!({"amount_minor": 1997}))]}), "lines.0.amount_minor"),
        (json!({"lines": [line(json!({"amount_minor": 1.5}))]}), "lines.0.amount_minor"),
        (json!({"lines": [line(json!({"tax_rate": "-1"}))]}), "lines.0.tax_rate"),
        (json!({"lines": [line(json!({"tax_category": "what"}))]}), "lines.0.tax_category"),
        (json!({"lines": [line(json!({"description": " "}))]}), "lines.0.description"),
        (json!({"lines": [line(json!({})), line(json!({"colour": 1}))]}), "lines.1.colour"),
        (json!({"lines": [line(json!({"unit_price": "-1"}))]}), "total_minor"),
        (json!({"subtotal_minor": 5996}), "subtotal_minor"),
        (json!({"tax_minor": 1}), "tax_minor"),
        (json!({"total_minor": 7255}), "total_minor"),
        (json!({"prepaid_minor": -1}), "prepaid_minor"),
        (json!({"prepaid_minor": 7257}), "prepaid_minor"),
        (json!({"paid_elsewhere_minor": 7257}), "paid_elsewhere_minor"),
        (json!({"adjustments": [{"reason": "Discount", "amount_minor": -1}]}), "taxes"),
        (json!({"instalments": [part("2026-03-01", 7255)]}), "instalments"),
        (
            json!({"instalments": [part("2026-02-01", 7256), part("2026-03-01", 0)]}),
            "instalments.1.amount_minor",
        ),
        (
            json!({"instalments": [part("2026-03-01", 7000), part("2026-03-01", 256)]}),
            "instalments.1.due_on",
        ),
        (json!({"instalments": [part("2026-03-02", 7256)]}), "due_on"),
        (json!({"instalments": vec![part("2026-03-01", 1); 61]}), "instalments"),
        (json!({"instalments": [{"due_on": "2026-03-01", "amount": 1}]}), "instalments.0.amount"),
        (json!({"buyer": {"name": ""}}), "buyer.name"),
        (json!({"buyer": {"name": "x", "address": {"country": "XX"}}}), "buyer.address.country"),
        (json!({"metadata": {"": "x"}}), "metadata."),
        (json!({"external_id": ""}), "external_id"),
        (json!({"amount": 1}), "amount"),
    ];
    for (change, field) in cases {
        let refused = save::<InvoiceRecord>(&world, with(invoice(1), change.clone())).await;
        let refused = refused.expect_err(&format!("{change} was accepted"));
        assert_eq!(fields(refused), [field], "{change}");
    }
    let both = json!({"number": null, "prepaid_minor": -1, "external_id": ""});
    let refused = save::<InvoiceRecord>(&world, with(invoice(1), both)).await;
    assert_eq!(
        fields(refused.expect_err("three faults")),
        ["prepaid_minor", "number", "external_id"]
    );
    let foreign = credit_note(1, "INV-9", "1");
    let refused = save::<CreditNoteRecord>(&world, foreign).await.expect_err("no such invoice");
    assert_eq!(fields(refused), ["invoice_id"]);
    let negative = with(credit_note(1, "x", "-1"), json!({"invoice_id": null}));
    let refused = save::<CreditNoteRecord>(&world, negative).await.expect_err("negative");
    assert_eq!(fields(refused), ["total_minor"]);
}

#[tokio::test]
async fn amounts_follow_the_exponent_of_the_currency() {
    let world = World::new().await;
    world.customer("c-1").await;
    for (n, currency, total) in [(1, "JPY", 73), (2, "KWD", 72_564), (3, "EUR", 7256)] {
        let input = with(invoice(n), json!({"currency": currency}));
        assert_eq!(save_invoice(&world, input).await.1.total_minor, total, "{currency}");
    }
    let line = json!({"description": "Call", "quantity": "7000000", "amount_minor": 100_000});
    let input = with(invoice(4), json!({"lines": [line]}));
    let (_, it) = save_invoice(&world, input).await;
    assert_eq!(it.total_minor, 100_000);
    let same = patch(&world, "e-4", json!({})).await.expect("no change");
    assert_eq!(same, it);
}

#[tokio::test]
async fn customers_see_their_own_issued_invoices_and_nothing_else() {
    let world = World::new().await;
    let customer = world.customer("c-1").await;
    let other = world.customer("c-2").await;
    let (_, mine) = save_invoice(&world, invoice(1)).await;
    let theirs = with(invoice(2), json!({"customer_id": "c-2"}));
    let (_, theirs) = save_invoice(&world, theirs).await;
    let draft = with(invoice(3), json!({"status": "draft"}));
    let (_, draft) = save_invoice(&world, draft).await;
    let (_, note) = save_note(&world, credit_note(1, "e-1", "1")).await;
    let (core, secret) = (&world.core, visit(&world, &customer).await);
    let page = core.invoices(&secret, InvoiceQuery::default()).await.expect("a page");
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [mine.id]);
    let detail = core.invoice(&secret, mine.id).await.expect("an invoice");
    assert!(detail.body.metadata.is_empty(), "the organisation's own data was shown");
    assert_eq!(detail.credit_notes[0].number, "CN-1");
    for id in [theirs.id, draft.id] {
        assert_eq!(core.invoice(&secret, id).await, Err(Refusal::NotFound));
        assert_eq!(core.invoice_pdf(&secret, id).await, Err(Refusal::NotFound));
        let zip = core.invoices_zip(&secret, vec![mine.id, id]).await;
        assert_eq!(zip, Err(Refusal::NotFound));
    }
    let stranger = visit(&world, &other).await;
    assert_eq!(core.credit_note(&stranger, note.id).await, Err(Refusal::NotFound));
    assert_eq!(core.credit_note_pdf(&stranger, note.id).await, Err(Refusal::NotFound));
    assert_eq!(core.credit_note(&secret, note.id).await.expect("a note").note.id, note.id);
}

#[tokio::test]
async fn papers_and_tables_can_be_downloaded() {
    let world = World::new().await;
    let customer = world.customer("c-1").await;
    let mut ids = Vec::new();
    for n in 1..=3 {
        let number = json!({"number": format!("=INV/{n}")});
        ids.push(save_invoice(&world, with(invoice(n), number)).await.1.id);
    }
    let (_, note) = save_note(&world, credit_note(1, "e-1", "1")).await;
    let (core, secret) = (&world.core, visit(&world, &customer).await);
    let pdf = core.invoice_pdf(&secret, ids[0]).await.expect("a PDF");
    assert_eq!(pdf.file_name, "invoice-INV-1.pdf");
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    let pdf = core.credit_note_pdf(&secret, note.id).await.expect("a PDF");
    assert_eq!(pdf.file_name, "credit-note-CN-1.pdf");
    let zip = core.invoices_zip(&secret, [ids.clone(), ids].concat()).await.expect("an archive");
    assert!(zip.bytes.starts_with(b"PK"));
    let query = InvoiceQuery { sort: InvoiceSort::Number, ..InvoiceQuery::default() };
    let table = |format| core.export_invoices(&secret, query.clone(), format);
    let csv = table(TableFormat::Csv).await.expect("a table");
    let text = String::from_utf8(csv.document.bytes).expect("UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    let head = "Invoice ID,Status,Invoice Total,Due Date,Amount Due,Billing Period,Generated On,\
        Currency,Issue date,Subtotal,Tax,Still to be paid";
    assert_eq!(lines[0], head);
    let row = "'=INV/3,Overdue,72.56,2026-03-01,72.56,2026-01-01/2026-01-31,\
        2026-02-01T08:00:00.123456Z,EUR,2026-02-01,59.97,12.59,72.56";
    assert_eq!(lines[1], row);
    assert!(!csv.truncated);
    let xlsx = table(TableFormat::Xlsx).await.expect("a table").document;
    assert!(xlsx.bytes.starts_with(b"PK") && xlsx.file_name == "invoices.xlsx");
}

/// More rows than one file holds, and more overdue invoices than are added up: both are said.
#[tokio::test]
async fn dos_07_a_very_large_account_gets_a_part_and_is_told_so() {
    let world = World::new().await;
    let customer = world.customer("c-1").await;
    let open = with(invoice(0), json!({"taxes": []}));
    for thousand in 0..11 {
        let inputs = (0..1_000).map(|n| {
            let n = thousand * 1_000 + n;
            let names = json!({"external_id": format!("e-{n}"), "number": format!("N-{n}")});
            with(open.clone(), names)
        });
        let inputs = inputs.take(if thousand < 10 { 1_000 } else { 1 }).collect();
        let saved = world
            .core
            .save_batch::<InvoiceRecord>(&Caller::system(world.organisation.id), inputs)
            .await;
        assert!(saved.expect("saved").iter().all(|item| item.result.is_ok()));
    }
    let secret = visit(&world, &customer).await;
    let overview = world.core.overview(&secret).await.expect("an overview");
    let overdue = overview.overdue[0];
    assert_eq!((overdue.count, overdue.at_least), (9_000, true));
    assert_eq!(overview.totals[0].sums.payable, 10_001, "what is due is exact all the same");

    let query = InvoiceQuery::default();
    let exported = world.core.export_invoices(&secret, query, TableFormat::Csv).await;
    let exported = exported.expect("a table");
    assert!(exported.truncated);
    assert_eq!(exported.document.file_name, "invoices-first-10000.csv");
    let text = String::from_utf8(exported.document.bytes).expect("UTF-8");
    assert_eq!(text.lines().count(), 1 + 10_000 + 1);
    let last = text.lines().last().expect("a line");
    assert!(last.starts_with("There are more rows than one file holds"), "{last}");
    let commas = |line: &str| line.matches(',').count();
    assert_eq!(commas(last), commas(text.lines().next().expect("a head")));
}

#[tokio::test]
async fn the_overview_adds_up() {
    let world = World::new().await;
    let customer = world.customer("c-1").await;
    for n in 1..=7 {
        save_invoice(&world, invoice(n)).await;
    }
    let later = json!({"due_on": "2026-03-20", "currency": "USD"});
    save_invoice(&world, with(invoice(8), later)).await;
    let secret = visit(&world, &customer).await;
    let overview = world.core.overview(&secret).await.expect("an overview");
    assert_eq!(overview.recent_invoices.len(), 5);
    assert_eq!(overview.totals.len(), 2);
    assert_eq!(overview.totals[0].sums.due, 7 * 7256);
    assert_eq!(overview.available.minor(), -7 * 7256);
    let overdue: Vec<_> =
        overview.overdue.iter().map(|it| (it.amount.to_string(), it.count)).collect();
    assert_eq!(overdue, [("507.92 EUR".to_owned(), 7)]);
    assert!(overview.overdue.iter().all(|it| !it.at_least));
    assert_eq!(overview.next_due.map(|row| row.number).as_deref(), Some("INV-2026-0008"));
    let invoiced: Vec<i64> = overview.months.iter().map(|it| it.invoiced.minor()).collect();
    assert_eq!(invoiced, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7 * 7256, 0]);
}

#[tokio::test]
async fn an_electronic_invoice_goes_in_and_twice_changes_nothing() {
    let world = World::new().await;
    for file in ["small-ubl.xml", "small-cii.xml"] {
        let path = format!("{}/../documents/tests/{file}", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(path).expect("the file");
        let read = portico_documents::einvoice::read_invoice(&bytes).expect("an invoice");
        let total = read.totals.total.minor() + read.totals.rounding.minor();
        let records = EInvoiceRecords::from(read);
        let customer = serde_json::to_value(&records.customer).expect("JSON");
        let saved = save::<CustomerRecord>(&world, customer);
        saved.await.expect("a customer");
        let mut outcomes = Vec::new();
        for _ in 0..2 {
            let (outcome, saved_minor) = match &records.document {
                EInvoiceDocument::Invoice(it) => {
                    let input = serde_json::to_value(it).expect("JSON");
                    let (outcome, output) = save_invoice(&world, input).await;
                    (outcome, output.total_minor)
                }
                EInvoiceDocument::CreditNote(it) => {
                    let free = CreditNoteInput { invoice_id: None, ..*it.clone() };
                    let input = serde_json::to_value(free).expect("JSON");
                    let (outcome, output) = save_note(&world, input).await;
                    (outcome, output.total_minor)
                }
            };
            assert_eq!(saved_minor, total, "{file}");
            outcomes.push(outcome);
        }
        assert_eq!(outcomes, [Outcome::Created, Outcome::Unchanged], "{file}");
    }
}

fn einvoice(xml: &str) -> EInvoiceRecords {
    portico_documents::einvoice::read_invoice(xml.as_bytes()).expect("an invoice").into()
}

#[tokio::test]
async fn one_number_is_one_document_in_whatever_words() {
    let world = World::new().await;
    let organisation = world.organisation.id;
    let xml = include_str!("../../../documents/tests/small-ubl.xml");
    let records = einvoice(xml);
    let has =
        async |records: &EInvoiceRecords| world.core.has_einvoice(organisation, records).await;
    assert!(!has(&records).await.expect("an answer"));
    let customer = serde_json::to_value(&records.customer).expect("JSON");
    save::<CustomerRecord>(&world, customer).await.expect("a customer");
    let EInvoiceDocument::Invoice(input) = &records.document else { panic!("{records:?}") };
    // As the organisation's software sends it: neither parties nor the words of the file.
    let mut sent = serde_json::to_value(input).expect("JSON");
    let own = json!({"external_id": "e-1", "seller": null, "buyer": null, "notes": "Thank you"});
    sent = with(sent, own);
    sent["lines"][0]["description"] = json!("Advice");
    save_invoice(&world, with(sent.clone(), json!({"status": "draft"}))).await;
    assert!(!has(&records).await.expect("an answer"), "a draft is not it yet");
    save_invoice(&world, sent).await;
    assert!(has(&records).await.expect("an answer"));

    for (part, other, told) in [
        ("2026-05-01Z", "2026-05-02Z", "is of Seller S.L. for Buyer & Co., issued on 2026-05-02"),
        ("Buyer &amp; Co.", "Somebody", "is of Seller S.L. for Somebody, issued on 2026-05-01"),
        ("<cbc:ID>S</cbc:ID>", "<cbc:ID>AE</cbc:ID>", "is for the same, but has other taxes"),
    ] {
        let rejection = has(&einvoice(&xml.replace(part, other))).await.expect_err(told);
        let Rejection::Conflict { field, message } = &rejection else { panic!("{rejection:?}") };
        assert_eq!(field, "number");
        let taken = "`S-1` is taken by the invoice for Buyer & Co., issued on 2026-05-01 with a \
            total of 121.61 EUR; this one ";
        assert!(message.starts_with(taken) && message.contains(told), "{message}");
    }
}

#[tokio::test]
async fn a_credit_note_corrects_an_invoice_of_its_own_customer() {
    let world = World::new().await;
    let organisation = world.organisation.id;
    let mut note = einvoice(include_str!("../../../documents/tests/small-cii.xml"));
    let EInvoiceDocument::CreditNote(input) = &mut note.document else { panic!("{note:?}") };
    let (number, customer_id) = ("INV-7", input.customer_id.clone());
    input.invoice_id = Some(number.to_owned());
    let has = || world.core.has_einvoice(organisation, &note);
    let absent = has().await.expect_err("no invoice").to_string();
    assert_eq!(absent, format!("invoice_id: corrects the invoice `{number}`, which is not there"));

    world.customer("c-1").await;
    save_invoice(&world, with(invoice(1), json!({"number": number}))).await;
    let foreign = has().await.expect_err("another customer's").to_string();
    let told = "issued on 2026-02-01 with a total of 72.56 EUR, of the customer `c-1`; this one is";
    assert!(foreign.contains(told) && foreign.contains(&customer_id), "{foreign}");

    let customer = serde_json::to_value(&note.customer).expect("JSON");
    save::<CustomerRecord>(&world, customer).await.expect("a customer");
    let moved = json!({"number": "other", "external_id": number, "customer_id": customer_id});
    save_invoice(&world, with(invoice(2), moved)).await;
    assert!(!has().await.expect("an answer"), "the external id names it first");
}
