//! Published electronic invoices, and what is made of damaged ones.

use std::fs;
use std::path::PathBuf;

use jiff::civil::date;
use portico_billing::Money;
use portico_billing::invoice::Period;
use portico_documents::einvoice::{
    DocumentKind, EInvoiceError, LARGEST_FILE, PartyIdentifier, ReadInvoice, read_invoice,
};
use proptest::prelude::*;
use proptest::sample::Index;
use rust_decimal::Decimal;

/// A published example, where they are at hand.
#[expect(clippy::disallowed_methods, reason = "tests say by it where published data lies")]
fn published(name: &str) -> Option<String> {
    let folder = std::env::var("PORTICO_TEST_DATA").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    fs::read_to_string(folder.join("invoices").join(name)).ok()
}

fn read(name: &str) -> Option<ReadInvoice> {
    let text = published(name)?;
    Some(read_invoice(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// `[subtotal, tax, total, prepaid, due]`, in major units.
fn figures(invoice: &ReadInvoice) -> [String; 5] {
    let totals = invoice.totals;
    [totals.subtotal, totals.tax, totals.total, totals.prepaid, totals.due]
        .map(|amount| amount.to_decimal().to_string())
}

#[test]
fn each_published_document_is_read_with_its_own_totals() {
    let expected = [
        ("cii-example1.xml", "EUR", 20, ["229.60", "20.73", "250.33", "0.00", "250.33"]),
        ("cii-example2.xml", "NOK", 5, ["1436.50", "365.28", "1801.78", "1000.00", "801.78"]),
        ("cii-example3.xml", "DKK", 1, ["900.00", "225.00", "1125.00", "0.00", "1125.00"]),
        (
            "peppol-Allowance-example.xml",
            "EUR",
            3,
            ["5900.00", "1225.00", "7125.00", "1000.00", "6125.00"],
        ),
        (
            "peppol-Vat-category-S.xml",
            "EUR",
            3,
            ["7000.00", "1550.00", "8550.00", "0.00", "8550.00"],
        ),
        (
            "peppol-base-creditnote-correction.xml",
            "EUR",
            2,
            ["1325.00", "331.25", "1656.25", "0.00", "1656.25"],
        ),
        ("peppol-base-example.xml", "EUR", 2, ["1325.00", "331.25", "1656.25", "0.00", "1656.25"]),
        (
            "peppol-base-negative-inv-correction.xml",
            "EUR",
            2,
            ["1325.00", "331.25", "1656.25", "0.00", "1656.25"],
        ),
        ("peppol-vat-category-E.xml", "GBP", 1, ["1200.00", "0.00", "1200.00", "0.00", "1200.00"]),
        ("peppol-vat-category-Z.xml", "GBP", 1, ["1200.00", "0.00", "1200.00", "0.00", "1200.00"]),
        ("ubl-tc434-example1.xml", "EUR", 20, ["229.60", "20.73", "250.33", "0.00", "250.33"]),
        ("ubl-tc434-example2.xml", "NOK", 5, ["1436.50", "365.28", "1801.78", "1000.00", "801.78"]),
        ("ubl-tc434-example3.xml", "DKK", 2, ["1700.00", "305.00", "2005.00", "0.00", "2005.00"]),
    ];
    for (name, currency, lines, totals) in expected {
        let Some(invoice) = read(name) else { return };
        assert_eq!(invoice.currency.code(), currency, "{name}");
        assert_eq!(invoice.lines.len(), lines, "{name}");
        assert_eq!(figures(&invoice), totals, "{name}");
        let is_credit = name.contains("creditnote") || name.contains("negative");
        assert_eq!(invoice.kind == DocumentKind::CreditNote, is_credit, "{name}");
        assert_eq!(invoice.reversed, name.contains("negative"), "{name}");
    }
}

#[test]
fn ubl_is_read_in_full() {
    let Some(invoice) = read("peppol-base-example.xml") else { return };
    assert_eq!(invoice.number, "Snippet1");
    assert_eq!((invoice.issued_on, invoice.due_on), (date(2017, 11, 13), Some(date(2017, 12, 1))));
    assert_eq!(invoice.buyer_reference.as_deref(), Some("0150abc"));
    let seller = &invoice.seller;
    assert_eq!(seller.party.name, "SupplierOfficialName Ltd");
    assert_eq!(seller.trading_name.as_deref(), Some("SupplierTradingName Ltd."));
    assert_eq!(seller.registration_number.as_deref(), Some("GB983294"));
    assert_eq!(seller.party.tax_ids[0].kind, "gb_vat");
    assert_eq!(seller.party.tax_ids[0].value, "GB1232434");
    let address = &seller.party.address;
    assert_eq!(address.line1.as_deref(), Some("Main street 1"));
    assert_eq!(address.country.as_ref().map(|country| country.as_str()), Some("GB"));
    let agreed = PartyIdentifier { scheme: Some("0002".into()), value: "FR23342".into() };
    assert_eq!(invoice.buyer.identifiers[0], agreed);
    assert_eq!(invoice.buyer.party.email.as_deref(), Some("lj@buyer.se"));
    let payment = &invoice.payment;
    assert_eq!(payment.means.as_deref(), Some("Credit transfer"));
    assert_eq!(payment.iban.as_deref(), Some("IBAN32423940"));
    assert_eq!(payment.bic.as_deref(), Some("BIC324098"));
    assert_eq!(payment.terms.as_deref(), Some("Payment within 10 days, 2% discount"));
    let line = &invoice.lines[0];
    assert_eq!(
        (line.description.as_str(), line.note.as_deref()),
        ("item name", Some("Description of item"))
    );
    assert_eq!((line.quantity, line.unit.as_deref()), (Decimal::from(7), Some("d")));
    assert_eq!((line.unit_price, line.amount_minor), (Decimal::from(400), 2_800_00));
    assert_eq!((line.tax_rate, line.tax_category.as_deref()), (Some(Decimal::from(25)), Some("S")));
    assert_eq!(
        (invoice.adjustments[0].reason.as_str(), invoice.adjustments[0].amount_minor),
        ("Insurance", 25_00)
    );
    let tax = &invoice.taxes[0];
    assert_eq!((tax.name.as_str(), tax.taxable_minor, tax.tax_minor), ("VAT", 1_325_00, 331_25));
}

#[test]
fn cii_is_read_in_full() {
    let Some(invoice) = read("cii-example2.xml") else { return };
    assert_eq!(invoice.number, "TOSL108");
    assert_eq!((invoice.issued_on, invoice.due_on), (date(2013, 6, 30), Some(date(2013, 7, 20))));
    let june = Period::new(date(2013, 6, 1), date(2013, 7, 1)).ok();
    assert_eq!(invoice.period, june);
    assert_eq!(invoice.seller.party.name, "Salescompany ltd.");
    assert_eq!(invoice.buyer.party.name, "The Buyercompany");
    assert_eq!(invoice.order_reference.as_deref(), Some("123"));
    assert_eq!(invoice.payment.iban.as_deref(), Some("NO9386011117947"));
    assert_eq!(invoice.payment.bic.as_deref(), Some("DNBANOKK"));
    assert_eq!(invoice.taxes.len(), 3);
    assert_eq!(invoice.adjustments.iter().map(|change| change.amount_minor).sum::<i64>(), 0);
}

#[test]
fn corrections_name_what_they_correct_and_have_positive_amounts() {
    let Some(negative) = read("peppol-base-negative-inv-correction.xml") else { return };
    let credit = read("peppol-base-creditnote-correction.xml").expect("the other example");
    for note in [&negative, &credit] {
        assert_eq!(note.corrects.as_deref(), Some("Snippet1"));
        let amounts: Vec<i64> = note.lines.iter().map(|line| line.amount_minor).collect();
        assert_eq!(amounts, [2_800_00, -1_500_00]);
        assert_eq!(note.lines[0].quantity, Decimal::from(7));
        assert_eq!((note.taxes[0].tax_minor, note.adjustments[0].amount_minor), (331_25, 25_00));
    }
}

/// A small invoice of 3 × 33.50 and 21 % tax, with one thing changed.
fn small(from: &str, to: &str) -> Result<ReadInvoice, EInvoiceError> {
    let text = include_str!("../small-ubl.xml");
    assert!(text.contains(from), "{from} is not there to be changed");
    read_invoice(text.replacen(from, to, 1).as_bytes())
}

#[test]
fn a_small_invoice_is_read_as_it_is() {
    let invoice = small("3", "3").expect("an invoice");
    assert_eq!(figures(&invoice), ["100.50", "21.11", "121.61", "0.00", "121.61"]);
    assert_eq!(invoice.seller.party.tax_ids[0].kind, "eu_vat");
}

#[test]
fn what_does_not_add_up_is_refused_with_both_figures() {
    let mismatch = |from, to| small(from, to).expect_err("a mismatch").to_string();
    assert_eq!(
        mismatch(">121.61</cbc:TaxInclusiveAmount>", ">121.62</cbc:TaxInclusiveAmount>"),
        "the total with tax is stated as 121.62 EUR, \
         but the total before tax plus tax is 121.61 EUR"
    );
    assert_eq!(
        mismatch(">100.50</cbc:TaxExclusiveAmount>", ">90.00</cbc:TaxExclusiveAmount>"),
        "the total before tax is stated as 90.00 EUR, \
         but lines and adjustments together is 100.50 EUR"
    );
    assert!(
        mismatch(">121.61</cbc:PayableAmount>", ">0</cbc:PayableAmount>").contains("amount due")
    );
    assert!(mismatch(">21.11</cbc:TaxAmount>", ">21.10</cbc:TaxAmount>").contains("tax total"));
}

#[test]
fn what_cannot_be_represented_is_refused_and_named() {
    let cases = [
        (
            "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
            "",
            "DocumentCurrencyCode is missing",
        ),
        (">EUR</cbc:DocumentCurrencyCode>", ">XAU</cbc:DocumentCurrencyCode>", "not an ISO 4217"),
        (
            ">EUR</cbc:DocumentCurrencyCode>",
            ">USD</cbc:DocumentCurrencyCode>",
            "in another currency",
        ),
        ("2026-05-31", "2026-02-30", "Invoice/DueDate is `2026-02-30`: not a date"),
        ("2026-05-31", "31.05.2026", "not a date"),
        (
            ">100.50</cbc:LineExtensionAmount>",
            ">100.505</cbc:LineExtensionAmount>",
            "decimal places",
        ),
        (
            ">100.50</cbc:LineExtensionAmount>",
            ">1e2</cbc:LineExtensionAmount>",
            "not a decimal number",
        ),
        (">100.50</cbc:LineExtensionAmount>", "/>", "not a decimal number"),
        (
            ">100.50</cbc:LineExtensionAmount>",
            ">-92233720368547758.08</cbc:LineExtensionAmount>",
            "too large",
        ),
        (
            ">3</cbc:InvoicedQuantity>",
            ">three</cbc:InvoicedQuantity>",
            "InvoicedQuantity is `three`",
        ),
        (">ES</cbc:IdentificationCode>", ">Spain</cbc:IdentificationCode>", "country code"),
        ("<cbc:ID>S-1</cbc:ID>", "<cbc:ID> </cbc:ID>", "Invoice/ID is missing"),
        ("Invoice-2\"", "Order-2\"", "found <Invoice>"),
    ];
    for (from, to, expected) in cases {
        let error = small(from, to).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error} does not say {expected}");
    }
}

#[test]
fn a_fault_knows_its_line() {
    let error = small("2026-05-31", "2026-02-30").expect_err("no such day");
    assert_eq!(error.line(), Some(6));
}

#[test]
fn a_credit_note_that_asks_for_money_is_refused() {
    let text = include_str!("../small-ubl.xml");
    let negative = text
        .replace(">100.50<", ">-100.50<")
        .replace(">21.11<", ">-21.11<")
        .replace(">121.61<", ">-121.61<");
    let read = read_invoice(negative.as_bytes()).expect("a credit note");
    assert!(read.reversed && read.totals.due.minor() == 121_61);
    let note = negative
        .replace("Invoice-2\"", "CreditNote-2\"")
        .replace("<Invoice ", "<CreditNote ")
        .replace("</Invoice>", "</CreditNote>")
        .replace("InvoiceLine", "CreditNoteLine")
        .replace("InvoicedQuantity", "CreditedQuantity");
    let stated = Money::new(-121_61, read.currency);
    assert_eq!(read_invoice(note.as_bytes()), Err(EInvoiceError::NegativeCreditNote(stated)));
}

#[test]
fn currencies_without_or_with_three_decimals_are_exact() {
    let text = include_str!("../small-ubl.xml");
    let yen = text
        .replace("EUR", "JPY")
        .replace(">100.50<", ">100<")
        .replace(">21.11<", ">21.00<")
        .replace(">121.61<", ">121<");
    assert_eq!(read_invoice(yen.as_bytes()).expect("yen").totals.due.minor(), 121);
    let dinar =
        text.replace("EUR", "KWD").replace(">21.11<", ">21.105<").replace("121.61", "121.605");
    assert_eq!(read_invoice(dinar.as_bytes()).expect("dinars").totals.due.minor(), 121_605);
}

#[test]
fn what_is_no_invoice_is_refused_quickly() {
    let small = include_str!("../small-ubl.xml");
    let doctype =
        "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><Invoice>&b;</Invoice>";
    assert_eq!(read_invoice(doctype.as_bytes()), Err(EInvoiceError::DocumentType));
    let large = format!("{small}{}", " ".repeat(LARGEST_FILE));
    assert_eq!(read_invoice(large.as_bytes()), Err(EInvoiceError::TooLarge));
    let deep = format!("{}{}", "<a b='/>'><!--</a>-->".repeat(300_000), "</a>".repeat(300_000));
    assert_eq!(read_invoice(deep.as_bytes()), Err(EInvoiceError::TooDeep(60)));
    let attributes: String = (0..500_000).map(|number| format!(" a{number}=''")).collect();
    let spaces: String = (0..9_000).map(|number| format!("<a xmlns:n{number}='u'>")).collect();
    let html = "<html><body/></html>";
    assert_eq!(read_invoice(html.as_bytes()), Err(EInvoiceError::NotAnInvoice("html".into())));
    let cut = &small[..small.len() / 2];
    for text in ["", "%PDF-1.7", "{}", cut, &format!("<a{attributes}/>"), &spaces] {
        assert!(matches!(read_invoice(text.as_bytes()), Err(EInvoiceError::NotXml(_))));
    }
    assert!(matches!(read_invoice(b"\xff\xfe<\0"), Err(EInvoiceError::NotXml(_))));
}

#[test]
fn no_cut_of_a_file_is_taken_for_an_invoice() {
    let small = include_str!("../small-ubl.xml").trim_end();
    for end in 0..small.len() {
        assert!(read_invoice(&small.as_bytes()[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_small_cii_credit_note_is_read_and_its_faults_are_named() {
    let text = include_str!("../small-cii.xml");
    let note = read_invoice(text.as_bytes()).expect("a credit note");
    assert_eq!((note.kind, note.reversed), (DocumentKind::CreditNote, false));
    assert_eq!(figures(&note), ["90.00", "0.00", "90.00", "0.00", "89.98"]);
    let line = &note.lines[0];
    assert_eq!((line.unit_price.to_string().as_str(), line.unit.as_deref()), ("0.025", None));
    assert_eq!(line.note.as_deref(), Some("Scratched: -10.00 EUR"));
    let kinds: Vec<&str> = note.seller.party.tax_ids.iter().map(|id| id.kind.as_str()).collect();
    assert_eq!(kinds, ["de_tax", "eu_vat"]);
    let cases = [
        (">20260501<", ">20260532<", "CrossIndustryInvoice/ExchangedDocument/IssueDateTime"),
        ("format=\"102\"", "format=\"203\"", "format 102"),
        (">1000</ram:BasisQuantity>", ">0</ram:BasisQuantity>", "zero units"),
        ("<udt:Indicator>false", "<udt:Indicator>maybe", "neither true nor false"),
        ("<ram:Reason>Scratched</ram:Reason>", "", "Reason is missing"),
        (">89.98<", ">90.00<", "the amount due is stated as 90.00 EUR"),
    ];
    for (from, to, expected) in cases {
        let error = read_invoice(text.replacen(from, to, 1).as_bytes()).expect_err(expected);
        assert!(error.to_string().contains(expected), "{error} does not say {expected}");
    }
}

proptest! {
    #[test]
    fn inj_11_a_damaged_byte_never_crashes_the_reader(at in any::<Index>(), byte in any::<u8>()) {
        for text in [include_str!("../small-ubl.xml"), include_str!("../small-cii.xml")] {
            let mut bytes = text.as_bytes().to_vec();
            let place = at.index(bytes.len());
            bytes[place] = byte;
            if let Ok(read) = read_invoice(&bytes) {
                prop_assert!(!read.number.is_empty() && read.totals.total.minor() >= 0);
            }
        }
    }
}
