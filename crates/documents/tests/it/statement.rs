//! Statements of account as PDF.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use portico_billing::Currency;
use portico_billing::ageing::Ageing;
use portico_documents::{Movement, OpenInvoices, StatementDocument, statement_pdf};

use crate::pdf::{is_archivable, pages_of, printed, text_of};
use crate::samples::{buyer, look, seller};

const TODAY: Date = date(2026, 5, 31);

/// Charges and payments by turns, one a day.
fn movements(count: i32) -> Vec<Movement> {
    let one = |n: i32| Movement {
        on: date(2026, 1, 1) + (n % 140).days(),
        text: if n % 2 == 0 { format!("Invoice INV-{n}") } else { "Payment".to_owned() },
        note: (n % 2 == 1).then(|| "Visa 4242".to_owned()),
        minor: if n % 2 == 0 { -123_456 } else { 100_001 },
    };
    (0..count).map(one).collect()
}

fn open() -> OpenInvoices {
    let due = [(0, 1_000), (1, 2_000), (45, 4_000), (90, 8_000), (200, 16_000)];
    let due = due.map(|(days, minor)| (TODAY - days.days(), minor));
    OpenInvoices { ageing: Ageing::of(due, TODAY), credit_minor: 500 }
}

/// A statement in the language and currency, left under `name`.
fn print(name: &str, language: &str, document: &StatementDocument<'_>) -> Vec<u8> {
    let bytes = printed(name, language, &look(), |style| {
        statement_pdf(document, style).expect("a statement")
    });
    assert!(is_archivable(&bytes), "{name}");
    bytes
}

/// Runs `with` on a statement with these movements.
fn document<T>(
    currency: Currency,
    movements: &[Movement],
    with: impl FnOnce(StatementDocument<'_>) -> T,
) -> T {
    let (seller, buyer) = (seller(), buyer());
    with(StatementDocument {
        currency,
        from: Some(date(2026, 1, 1)),
        until: TODAY,
        opening_minor: -10_000,
        movements,
        open: Some(open()),
        issued_on: TODAY,
        seller: &seller,
        buyer: &buyer,
    })
}

#[test]
fn a_statement_runs_from_the_opening_to_the_closing_balance() {
    let bytes = document(Currency::EUR, &movements(2), |it| {
        print("statement-es", "es", &it);
        let bytes = print("statement", "en", &it);
        assert_eq!(print("statement", "en", &it), bytes, "always the same");
        bytes
    });
    assert!(pages_of(&bytes) <= 2);
    let Some(text) = text_of("statement") else { return };
    let has = |parts: &[&str]| {
        for part in parts {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    };
    has(&["Statement of account", "Amount owed", "€334.55", "Invoice INV-0", "Visa 4242"]);
    has(&["Opening balance", "-100.00", "1,234.56", "-1,334.56", "1,000.01", "-334.55"]);
    has(&["Closing balance", "Open invoices on 31 May 2026", "Not overdue", "1 to 30 days"]);
    has(&["31 to 60 days", "40.00", "61 to 90 days", "More than 90 days", "310.00", "-5.00"]);
    let spanish = text_of("statement-es").expect("poppler is there");
    for part in ["Estado de cuenta", "Importe adeudado", "334,55", "Saldo final", "Sin vencer"] {
        assert!(spanish.contains(part), "{part} is not in {spanish}");
    }
}

#[test]
fn currencies_have_their_own_decimals() {
    for (currency, owed) in [(Currency::JPY, "JPY 33,455"), (Currency::KWD, "KWD 33.455")] {
        let name = format!("statement-{currency}");
        document(currency, &movements(2), |it| print(&name, "en", &it));
        let Some(text) = text_of(&name) else { return };
        assert!(text.contains(&owed.replace(' ', "\u{a0}")) || text.contains(owed), "{text}");
    }
}

#[test]
fn an_account_that_never_moved_has_a_statement() {
    let bytes = document(Currency::EUR, &[], |it| {
        let it = StatementDocument { from: None, opening_minor: 0, open: None, ..it };
        print("statement-empty", "en", &it)
    });
    assert_eq!(pages_of(&bytes), 1);
    let Some(text) = text_of("statement-empty") else { return };
    assert!(text.contains("Up to") && text.contains("Balance"), "{text}");
    assert!(!text.contains("Not overdue"), "{text}");
}

#[test]
fn credit_is_in_the_readers_favour() {
    let paid = [Movement { minor: 50_000, ..movements(2).remove(1) }];
    document(Currency::EUR, &paid, |it| print("statement-credit", "en", &it));
    let Some(text) = text_of("statement-credit") else { return };
    assert!(text.contains("In your favour") && text.contains("€400.00"), "{text}");
}

#[test]
fn a_long_statement_repeats_its_head_on_each_page() {
    let bytes = document(Currency::EUR, &movements(1_000), |it| print("statement-long", "en", &it));
    let pages = pages_of(&bytes);
    assert!((15..=60).contains(&pages), "{pages} pages");
    let Some(text) = text_of("statement-long") else { return };
    assert!(text.matches("Movement").count() >= pages - 1, "{text}");
    assert!(text.contains(&format!("Page {pages} / {pages}")));
}

#[test]
fn inj_03_what_documents_are_called_is_printed_and_nothing_more() {
    let hostile = "#read(\"/etc/passwd\") $x^2$ *b* <label> \u{202e}\0";
    let mut rows = movements(2);
    rows[0].text = hostile.to_owned();
    rows[1].note = Some(hostile.repeat(40));
    document(Currency::EUR, &rows, |it| print("statement-hostile", "en", &it));
    let Some(text) = text_of("statement-hostile") else { return };
    assert!(text.contains("*b*") && !text.contains("root:"), "{text}");
}
