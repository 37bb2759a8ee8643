//! `portico import`, by the real binary.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use portico_core::records::credit_note::{CreditNoteOutput, CreditNoteRecord};
use portico_core::records::customer::CustomerRecord;
use portico_core::records::invoice::{InvoiceOutput, InvoiceRecord};
use portico_core::records::{MAX_BATCH, Record};
use portico_core::{Caller, FixedClock};
use rust_decimal::Decimal;
use serde_json::json;

use crate::program::{Installation, printed, wait_for};

/// All records of a noun.
async fn all<R: Record>(installation: &Installation) -> Vec<R::Output> {
    let core = installation.core(&Arc::new(FixedClock::at(Timestamp::UNIX_EPOCH))).await;
    let limit = u16::try_from(MAX_BATCH).expect("a limit");
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let filter = R::Filter::default();
        let page = core
            .list_records::<R>(&Caller::system(installation.organisation), &filter, after, limit)
            .await;
        let (page, next) = page.expect("a list");
        records.extend(page);
        if next.is_none() {
            return records;
        }
        after = next;
    }
}

#[track_caller]
fn run(installation: &Installation, files: &[&Path]) -> Output {
    installation.import(files).output().expect("the program")
}

/// Published examples, where they are at hand.
#[expect(clippy::disallowed_methods, reason = "tests say by it where published data lies")]
fn published() -> Vec<PathBuf> {
    let folder = std::env::var("PORTICO_TEST_DATA").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let Ok(found) = fs::read_dir(folder.join("invoices")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = found.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "xml"));
    files.sort();
    files
}

/// The amount in the first element of one of these names, read by nothing of the program.
fn amount(xml: &str, names: [&str; 2]) -> Decimal {
    let found = names.iter().find_map(|name| xml.split_once(&format!("<{name}")));
    let rest = found.and_then(|(_, rest)| rest.split_once('>')).expect("the element").1;
    rest.split('<').next().unwrap_or_default().trim().parse().expect("an amount")
}

fn minor(amount: Decimal) -> i64 {
    i64::try_from(amount.abs() * Decimal::ONE_HUNDRED).expect("an amount")
}

#[tokio::test]
async fn published_invoices_have_their_totals_and_twice_is_once() {
    let files = published();
    if files.is_empty() {
        eprintln!("skipped: there are no published invoices; say by PORTICO_TEST_DATA where");
    }
    for file in &files {
        // Each in an organisation of its own: the examples have sellers and numbers as they like.
        let installation = Installation::new("localhost");
        let name = file.display();
        if name.to_string().contains("correction") {
            let corrected = file.with_file_name("peppol-base-example.xml");
            assert!(run(&installation, &[&corrected]).status.success());
        }
        let output = run(&installation, &[file]);
        assert!(output.status.success(), "{name}: {}", printed(&output));
        let stated = Stated::of(file);
        let notes = all::<CreditNoteRecord>(&installation).await;
        let invoices = all::<InvoiceRecord>(&installation).await;
        match (notes.as_slice(), invoices.as_slice()) {
            ([note], _) => assert!(stated.is_note(note), "{name}: {note:?}"),
            ([], [invoice]) => {
                assert!(stated.is_invoice(invoice), "{name}: {invoice:?}");
                assert!(!invoice.lines.is_empty(), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
        let again = printed(&run(&installation, &[file]));
        assert!(again.contains("created 0, updated 0"), "{name}: {again}");
        assert_eq!(all::<InvoiceRecord>(&installation).await, invoices, "{name}");
        assert_eq!(all::<CreditNoteRecord>(&installation).await, notes, "{name}");
    }
}

/// The text of an element that is found by what opens before it, read by nothing of the program.
fn text_behind<'a>(xml: &'a str, marks: &[&str]) -> &'a str {
    let behind = |xml: &'a str, mark: &&str| xml.split_once(*mark).expect("the mark").1;
    marks.iter().fold(xml, behind).split('<').next().unwrap_or_default().trim()
}

/// What a published file says of itself.
struct Stated {
    number: String,
    issued_on: Date,
    total_minor: i64,
    due_minor: i64,
}

impl Stated {
    fn of(file: &Path) -> Self {
        let xml = fs::read_to_string(file).expect("a text");
        let (number, day) = match xml.contains("CrossIndustryInvoice") {
            true => (
                text_behind(&xml, &["<rsm:ExchangedDocument>", "<ram:ID>"]),
                text_behind(&xml, &["<ram:IssueDateTime>", "format=\"102\">"]),
            ),
            false => (text_behind(&xml, &["<cbc:ID>"]), text_behind(&xml, &["<cbc:IssueDate>"])),
        };
        let total = amount(&xml, ["cbc:TaxInclusiveAmount", "ram:GrandTotalAmount"]);
        let due = amount(&xml, ["cbc:PayableAmount", "ram:DuePayableAmount"]);
        Self {
            number: number.to_owned(),
            issued_on: Date::strptime("%Y%m%d", day.replace('-', "")).expect("a day"),
            total_minor: minor(total),
            due_minor: minor(due),
        }
    }

    /// How a reason tells date and total.
    fn told(&self) -> String {
        let total = Decimal::new(self.total_minor, 2);
        format!("issued on {} with a total of {total} ", self.issued_on)
    }

    fn is_invoice(&self, it: &InvoiceOutput) -> bool {
        // Credit notes of the same folder settle a part of it.
        let due_minor = it.due_minor + it.credited_minor;
        it.number.as_deref() == Some(&*self.number)
            && (it.issued_on, it.total_minor, due_minor)
                == (self.issued_on, self.total_minor, self.due_minor)
    }

    fn is_note(&self, it: &CreditNoteOutput) -> bool {
        (&it.number, it.issued_on, it.total_minor)
            == (&self.number, self.issued_on, self.total_minor)
    }
}

/// The folder has examples of several sellers, some with the same number, and some invoices in both
/// syntaxes.
#[tokio::test]
async fn of_published_invoices_in_one_organisation_each_is_in_or_told_what_it_clashes_with() {
    let installation = Installation::new("localhost");
    let files = published();
    if files.is_empty() {
        eprintln!("skipped: there are no published invoices; say by PORTICO_TEST_DATA where");
        return;
    }
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let text = printed(&run(&installation, &paths));
    let invoices = all::<InvoiceRecord>(&installation).await;
    let notes = all::<CreditNoteRecord>(&installation).await;
    let (mut present, mut left_out) = (0, 0);
    for file in &files {
        let stated = Stated::of(file);
        let at = format!("{}:1: ", file.display());
        let Some(reason) = text.lines().find_map(|line| line.strip_prefix(&at)) else {
            let is_in = invoices.iter().any(|it| stated.is_invoice(it))
                || notes.iter().any(|it| stated.is_note(it));
            assert!(is_in, "{}: {invoices:?} {notes:?}", file.display());
            present += 1;
            continue;
        };
        left_out += 1;
        let (there, this) = reason.split_once("; this one is ").expect("both of them");
        let number = there.split('`').nth(1).expect("a number");
        let taken = format!("number: `{}` is taken by the invoice of ", stated.number);
        let corrects = format!("invoice_id: corrects `{number}`, which is the invoice of ");
        assert!(there.starts_with(&taken) || there.starts_with(&corrects), "{reason}");
        let holder = invoices.iter().find(|it| it.number.as_deref() == Some(number));
        let holder = holder.expect("who has the number");
        assert!(there.contains(&format!("issued on {} ", holder.issued_on)), "{reason}");
        let (total, buyer) = (Decimal::new(holder.total_minor, 2), holder.buyer.as_ref());
        assert!(there.contains(&format!("with a total of {total} ")), "{reason}");
        assert!(there.contains(&buyer.expect("a buyer").name), "{reason}");
        let told = [&*stated.told(), "for the same, but has other ", "of the customer `"];
        assert!(told.iter().any(|it| this.contains(it)), "{reason}");
    }
    let (stored, customers) =
        (invoices.len() + notes.len(), all::<CustomerRecord>(&installation).await);
    let created = stored + customers.len();
    let expected = format!(
        "created {created}, updated 0, unchanged {}, left out {left_out}\n",
        present - stored
    );
    assert!(text.contains(&expected), "{expected} is not in {text}");
    assert!(present > stored, "no invoice of both syntaxes was known again: {text}");
    let billed = |id| {
        invoices.iter().any(|it| it.customer_id == id)
            || notes.iter().any(|it| it.customer_id == id)
    };
    assert!(customers.iter().all(|it| billed(it.id)), "a customer of nothing: {text}");

    let again = printed(&run(&installation, &paths));
    let expected = format!("created 0, updated 0, unchanged {present}, left out {left_out}\n");
    assert!(again.contains(&expected), "{expected} is not in {again}");
    assert_eq!(all::<InvoiceRecord>(&installation).await, invoices);
    assert_eq!(all::<CreditNoteRecord>(&installation).await, notes);
}

#[test]
fn files_that_are_no_invoices_say_why() {
    let installation = Installation::new("localhost");
    let broken = installation.write("broken.xml", "<Invoice>\n\n<x>");
    let other = installation.write("other.xml", "<html/>");
    let output = run(&installation, &[&broken, &other]);
    let text = printed(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for file in [&broken, &other] {
        assert!(text.contains(&format!("{}:", file.display())), "{text}");
    }
    assert!(text.contains("left out 2\n"), "{text}");
}

#[tokio::test]
async fn good_lines_go_in_and_bad_ones_say_where_and_why() {
    let installation = Installation::new("localhost");
    let lines = concat!(
        "{\"external_id\": \"c-1\", \"name\": \"One\"}\n",
        "\n",
        "{\"external_id\": \"c-2\", \"nmae\": \"Two\"}\n",
        "{\"external_id\": \"c-3\"\n",
        "{\"external_id\": \"c-4\", \"name\": 4}\n",
        "{\"external_id\": \"c-5\", \"name\": \"Five\", \"currency\": \"XXXX\"}\n",
        "{\"external_id\": \"c-6\", \"name\": \"Sïx\"}",
    );
    let file = installation.write("customers.jsonl", lines);
    let output = run(&installation, &[&file]);
    let text = printed(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("created 2, updated 0, unchanged 0, left out 4\n"), "{text}");
    for (line, reason) in [(3, "nmae"), (4, "not JSON"), (5, "name"), (6, "currency")] {
        let at = format!("{}:{line}: ", file.display());
        let said = text.lines().find_map(|said| said.strip_prefix(&at)).unwrap_or_default();
        assert!(said.contains(reason), "line {line}: {said:?} in {text}");
    }
    let names: Vec<String> =
        all::<CustomerRecord>(&installation).await.into_iter().map(|it| it.name).collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"Sïx".to_owned()), "{names:?}");
    let again = run(&installation, &[&file]);
    let text = printed(&again);
    assert!(text.contains("created 0, updated 0, unchanged 2, left out 4\n"), "{text}");
}

#[tokio::test]
async fn tables_go_in_by_their_headers() {
    let installation = Installation::new("localhost");
    let customers = installation.write(
        "customers.csv",
        "external_id,name,billing_address.city,billing_address.country\n\
         c-1,\"Acme, Inc.\",Zürich,CH\nc-2,Bob,,\n",
    );
    let invoices = installation.write(
        "export.csv",
        "external_id,customer_id,number,status,currency,issued_on,due_on,lines.0.description,\
         lines.0.unit_price,lines.1.description,lines.1.unit_price,instalments.0.due_on,\
         instalments.0.amount_minor,instalments.1.due_on,instalments.1.amount_minor\n\
         i-1,c-1,A-1,open,JPY,2026-01-01,2026-02-01,Hours,1200,Travel,34,\
         2026-01-15,234,2026-02-01,1000\n\
         i-2,c-9,A-2,open,EUR,2026-01-01,2026-02-01,Hours,12.50,,,,,,\n",
    );
    let output = run(&installation, &[&customers]);
    assert!(output.status.success(), "{}", printed(&output));
    let unnamed = run(&installation, &[&invoices]);
    assert_eq!(unnamed.status.code(), Some(1));
    assert!(printed(&unnamed).contains("--kind"), "{}", printed(&unnamed));
    let output = installation.import(&[&invoices]).args(["--kind", "invoices"]).output();
    let text = printed(&output.expect("the program"));
    assert!(text.contains("created 1, updated 0, unchanged 0, left out 1\n"), "{text}");
    assert!(text.contains(&format!("{}:3: ", invoices.display())), "{text}");
    let invoices = all::<InvoiceRecord>(&installation).await;
    let [invoice] = invoices.as_slice() else { panic!("{invoices:?}") };
    assert_eq!((invoice.total_minor, invoice.currency.to_string()), (1234, "JPY".to_owned()));
    let parts: Vec<(String, i64)> =
        invoice.instalments.iter().map(|it| (it.due_on.to_string(), it.amount_minor)).collect();
    assert_eq!(parts, [("2026-01-15".to_owned(), 234), ("2026-02-01".to_owned(), 1_000)]);
}

#[test]
fn what_cannot_begin_says_why() {
    let installation = Installation::new("localhost");
    let file = installation.write("customers.txt", "x");
    let file = file.to_str().expect("a path");
    let own = installation.organisation.to_string();
    let foreign = own.replace(&own[own.len() - 4..], "0000");
    for (args, reason) in [
        (vec!["import", "--organisation", &own, file], "is not understood"),
        (vec!["import", "--organisation", &own, "customers.jsonl"], "cannot open it"),
        (vec!["import", "--organisation", &foreign, file], "there is no organisation"),
        (vec!["import", "--organisation", &own, "--kind", "cows", file], "unknown kind `cows`"),
        (vec!["import", file], "--organisation"),
    ] {
        let output = installation.run(&args);
        assert!(!output.status.success(), "{args:?}");
        assert!(printed(&output).contains(reason), "{args:?}: {}", printed(&output));
    }
}

/// Customers with an invoice each, as two files.
fn many(installation: &Installation, count: usize) -> [PathBuf; 2] {
    let (mut customers, mut invoices) = (String::new(), String::new());
    for n in 0..count {
        let customer = json!({"external_id": format!("c-{n}"), "name": format!("Customer {n}")});
        let invoice = json!({
            "external_id": format!("i-{n}"), "customer_id": format!("c-{n}"),
            "number": format!("INV-{n}"), "status": "open", "currency": "EUR",
            "issued_on": "2026-01-01", "due_on": "2026-02-01",
            "lines": [{"description": "Hours", "quantity": "2", "unit_price": "10.00"}],
        });
        writeln!(customers, "{customer}").expect("written");
        writeln!(invoices, "{invoice}").expect("written");
    }
    let customers = installation.write("customers.jsonl", &customers);
    [customers, installation.write("invoices.jsonl", &invoices)]
}

#[tokio::test]
async fn killed_half_way_and_started_again_nothing_is_lost_or_doubled() {
    const EACH: usize = 10_000;
    let installation = Installation::new("localhost");
    let files = many(&installation, EACH);
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let mut child = installation
        .import(&paths)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it");
    let core = installation.core(&Arc::new(FixedClock::at(Timestamp::UNIX_EPOCH))).await;
    let mut begun = false;
    while !begun {
        let none = Default::default();
        let caller = Caller::system(installation.organisation);
        let page = core.list_records::<InvoiceRecord>(&caller, &none, None, 1);
        begun = !page.await.expect("a list").0.is_empty();
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    let (half, customers) = (
        all::<InvoiceRecord>(&installation).await.len(),
        all::<CustomerRecord>(&installation).await.len(),
    );
    assert!((1..EACH).contains(&half), "it was killed too late: {half} invoices are there");
    assert_eq!(customers, EACH);
    let output = run(&installation, &paths);
    let text = printed(&output);
    let (created, unchanged) = (EACH - half, EACH + half);
    let expected = format!("created {created}, updated 0, unchanged {unchanged}, left out 0\n");
    assert!(output.status.success() && text.contains(&expected), "{expected} is not in {text}");
    let invoices = all::<InvoiceRecord>(&installation).await;
    assert_eq!(all::<CustomerRecord>(&installation).await.len(), EACH);
    assert_eq!(distinct(&invoices), EACH);
    assert_eq!(invoices.len(), EACH);
    assert!(invoices.iter().all(|it| it.total_minor == 2_000 && it.due_minor == 2_000));
}

fn distinct(invoices: &[InvoiceOutput]) -> usize {
    let mut ids: Vec<_> = invoices.iter().map(|it| it.external_id.clone()).collect();
    ids.sort();
    ids.dedup();
    ids.len()
}

#[test]
fn data_comes_in_while_the_program_serves() {
    let installation = Installation::new("localhost");
    let program = installation.serve("");
    let files = many(&installation, 1_500);
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let mut child = installation
        .import(&paths)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it");
    let mut served = 0;
    let ended = wait_for("the import", || {
        // Reading and writing go on meanwhile.
        let page = program.portal_call("localhost", "GET", "/sign-in").send();
        assert_eq!(page.status, 200);
        let id = format!("own-{served}");
        let body = json!({"external_id": id, "name": "Meanwhile"});
        let made = program.panel_call("POST", "/api/v1/customers").key(&installation).json(&body);
        assert_eq!(made.send().status, 201);
        served += 1;
        child.try_wait().expect("a child")
    });
    assert!(ended.success());
    assert!(served > 1, "the import was over at once");
    for path in ["/api/v1/invoices/i-1499", "/api/v1/customers/own-0"] {
        let found = program.panel_call("GET", path).key(&installation).send();
        assert_eq!(found.status, 200, "{path}: {}", found.text);
    }
    program.stop();
}
