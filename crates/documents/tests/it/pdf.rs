//! PDF documents. Each is also left in `target/tmp`, for people to look at.

use std::{fs, process::Command};

use image::ImageFormat;
use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::credit_note::{CreditNote, CreditNoteStatus};
use portico_billing::invoice::{Instalment, Instalments, InvoiceStatus, Party, Tax};
use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use portico_billing::{CreditNoteId, Currency, CustomerId, Metadata, Money, PaymentId};
use portico_documents::{
    BrandLook, CreditNoteDocument, DocumentStyle, InvoiceDocument, ReceiptDocument, SettledInvoice,
    credit_note_pdf, invoice_pdf, receipt_pdf,
};
use rust_decimal::Decimal;

use crate::picture_files::sound;
use crate::samples::{ReaderFormats, buyer, invoice, labels, look, seller};

/// Runs `print` in the style of `language` and leaves the document as `name`.
pub fn printed(
    name: &str,
    language: &str,
    look: &BrandLook,
    print: impl Fn(&DocumentStyle<'_>) -> Vec<u8>,
) -> Vec<u8> {
    let labels = labels(language);
    let format = ReaderFormats { spanish: language == "es" };
    let typesetter = portico_typesetter::typeset;
    let bytes =
        print(&DocumentStyle { labels: &labels, format: &format, language, look, typesetter });
    let path = format!("{}/{name}.pdf", env!("CARGO_TARGET_TMPDIR"));
    fs::write(path, &bytes).expect("a place to leave it");
    bytes
}

/// The text of a document, where poppler is installed to read it.
pub fn text_of(name: &str) -> Option<String> {
    let path = format!("{}/{name}.pdf", env!("CARGO_TARGET_TMPDIR"));
    let output = Command::new("pdftotext").args(["-layout", &path, "-"]).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).replace('\u{200b}', ""))
}

pub fn pages_of(bytes: &[u8]) -> usize {
    let needle = b"/Type/Page/";
    bytes.windows(needle.len()).filter(|window| window == needle).count()
}

/// How a picture in JPEG stands in a PDF: as it is.
const JPEG: &str = "/DCTDecode";

fn has(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

pub fn is_archivable(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains("pdfaid:part") && text.contains("pdfuaid:part")
}

fn invoice_in(name: &str, language: &str, count: usize, currency: Currency) -> Vec<u8> {
    let (record, body) = invoice(count, currency);
    printed(name, language, &look(), |style| {
        let (seller, buyer) = (seller(), buyer());
        let document =
            InvoiceDocument { invoice: &record, body: &body, seller: &seller, buyer: &buyer };
        invoice_pdf(&document, style).expect("an invoice")
    })
}

#[test]
fn an_invoice_of_one_line_is_one_archivable_page_and_always_the_same() {
    let bytes = invoice_in("invoice-1", "en", 1, Currency::EUR);
    assert!(is_archivable(&bytes));
    assert_eq!(pages_of(&bytes), 1);
    assert_eq!(invoice_in("invoice-1", "en", 1, Currency::EUR), bytes);
}

#[test]
fn both_languages_state_the_figures() {
    invoice_in("invoice-12-en", "en", 12, Currency::EUR);
    invoice_in("invoice-12-es", "es", 12, Currency::EUR);
    let Some(english) = text_of("invoice-12-en") else { return };
    for text in ["INV-2026-0042", "Bill to", "PO-77812", "Amount due", "ES76 2077 0024", "VAT 21%"]
    {
        assert!(english.contains(text), "{text} is not in {english}");
    }
    let spanish = text_of("invoice-12-es").expect("poppler is there");
    for text in ["Factura", "Facturar a", "Importe pendiente", "Página 1 / 1"] {
        assert!(spanish.contains(text), "{text} is not in {spanish}");
    }
}

#[test]
fn an_invoice_in_instalments_says_which_part_is_to_be_paid_by_when() {
    let (mut record, body) = invoice(12, Currency::EUR);
    let total = record.figures.total_minor;
    let parts = [(date(2026, 5, 31), 40_00), (date(2026, 6, 30), total - 40_00)];
    let part = |(due_on, amount_minor)| Instalment { due_on, amount_minor };
    record.instalments = Instalments::new(parts.map(part).to_vec(), total).expect("instalments");
    record.due_on = date(2026, 6, 30);
    let print = |style: &DocumentStyle<'_>| {
        let (seller, buyer) = (seller(), buyer());
        let document =
            InvoiceDocument { invoice: &record, body: &body, seller: &seller, buyer: &buyer };
        invoice_pdf(&document, style).expect("an invoice")
    };
    assert!(is_archivable(&printed("invoice-instalments-en", "en", &look(), print)));
    printed("invoice-instalments-es", "es", &look(), print);
    let Some(english) = text_of("invoice-instalments-en") else { return };
    // 50.00 were paid: the first is settled, and 10.00 of the second.
    for text in ["Instalments", "Still to be paid", "40.00", "0.00"] {
        assert!(english.contains(text), "{text} is not in {english}");
    }
    assert!(!english.contains("Amount due"), "{english}");
    let spanish = text_of("invoice-instalments-es").expect("poppler is there");
    assert!(spanish.contains("Plazos de pago"), "{spanish}");
}

#[test]
fn a_long_invoice_repeats_its_head_and_numbers_its_pages() {
    let bytes = invoice_in("invoice-300", "en", 300, Currency::USD);
    let pages = pages_of(&bytes);
    assert!(is_archivable(&bytes) && (8..=20).contains(&pages), "{pages} pages");
    let Some(text) = text_of("invoice-300") else { return };
    assert_eq!(text.matches("Unit price").count(), pages);
    assert!(text.contains(&format!("Page {pages} / {pages}")));
}

#[test]
fn currencies_print_as_many_decimals_as_they_have() {
    invoice_in("invoice-jpy", "en", 3, Currency::JPY);
    invoice_in("invoice-kwd", "en", 3, Currency::KWD);
    let Some(yen) = text_of("invoice-jpy") else { return };
    assert!(yen.contains("JPY 5,263"), "{yen}");
    let dinar = text_of("invoice-kwd").expect("poppler is there");
    assert!(dinar.contains("KWD 5.263"), "{dinar}");
}

#[test]
fn inj_03_hostile_text_stays_text_and_foreign_scripts_are_printed() {
    let (mut record, mut body) = invoice(4, Currency::EUR);
    record.number = Some("INV/2026\\#1\u{202e}".into());
    let texts = [
        "#read(\"/etc/passwd\") #image(\"http://127.0.0.1/x.png\") #panic() $x^2$ *b* @ref <label>",
        "株式会社テスト 有限公司 주식회사 👩‍🚀 🧾 ✈️",
        "شركة الأمثلة المحدودة · חברה לדוגמה בע״מ · บริษัท ตัวอย่าง · उदाहरण कंपनी",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft_012345",
    ];
    for (line, text) in body.lines.iter_mut().zip(texts) {
        line.description = text.into();
        line.note = Some(text.chars().rev().collect());
    }
    body.notes = Some("\0\u{1b}[31m\u{e000}𓀀\u{ffff} #include \"/etc/hosts\"\n\n\n// end".into());
    let buyer = Party { name: texts.join(" "), ..Party::default() };
    let bytes = printed("invoice-hostile", "en", &look(), |style| {
        let seller = Party { name: texts[2].into(), ..seller() };
        let document =
            InvoiceDocument { invoice: &record, body: &body, seller: &seller, buyer: &buyer };
        invoice_pdf(&document, style).expect("an invoice")
    });
    assert!(is_archivable(&bytes));
    let Some(text) = text_of("invoice-hostile") else { return };
    assert!(text.contains("#panic()") && text.contains("*b*"), "{text}");
    assert!(!text.contains("root:"), "{text}");
}

#[test]
fn a_logo_is_printed_and_a_broken_one_is_no_reason_to_fail() {
    let (mut record, body) = invoice(2, Currency::EUR);
    let print = |style: &DocumentStyle<'_>| {
        let (seller, buyer) = (seller(), buyer());
        let document =
            InvoiceDocument { invoice: &record, body: &body, seller: &seller, buyer: &buyer };
        invoice_pdf(&document, style).expect("an invoice")
    };
    let logo = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logo.png")).expect("a logo");
    let with = BrandLook { logo: Some(logo), accent: "#ffd400".into(), ..look() };
    assert!(is_archivable(&printed("invoice-logo", "en", &with, print)));
    let broken = BrandLook { logo: Some(b"GIF89a".to_vec()), accent: "red".into(), ..look() };
    assert!(is_archivable(&printed("invoice-broken-logo", "en", &broken, print)));

    let photo = BrandLook { logo: Some(sound(ImageFormat::Jpeg)), ..look() };
    let with_photo = printed("invoice-jpeg-logo", "en", &photo, print);
    assert!(is_archivable(&with_photo) && has(&with_photo, JPEG));
    assert!(!has(&printed("invoice-no-logo", "en", &look(), print), JPEG));

    record.status = InvoiceStatus::Void;
    let print = |style: &DocumentStyle<'_>| {
        let (seller, buyer) = (seller(), buyer());
        let document =
            InvoiceDocument { invoice: &record, body: &body, seller: &seller, buyer: &buyer };
        invoice_pdf(&document, style).expect("an invoice")
    };
    printed("invoice-void", "en", &look(), print);
    let Some(text) = text_of("invoice-void") else { return };
    assert!(text.contains("Void") && !text.contains("How to pay"), "{text}");
}

#[test]
fn a_credit_note_names_the_invoice_that_it_corrects() {
    let (_, mut body) = invoice(2, Currency::EUR);
    body.taxes.push(Tax {
        name: "VAT".into(),
        category: Some("AE".into()),
        rate: Some(Decimal::ZERO),
        taxable_minor: 20_00,
        tax_minor: 0,
        exemption_reason: Some("Reverse charge, article 196 of directive 2006/112/EC".into()),
    });
    let note = CreditNote {
        id: CreditNoteId::new(Timestamp::UNIX_EPOCH, [3; 10]),
        customer_id: CustomerId::new(Timestamp::UNIX_EPOCH, [2; 10]),
        invoice_id: None,
        external_id: None,
        number: "CN-2026-0007".into(),
        status: CreditNoteStatus::Issued,
        currency: Currency::EUR,
        subtotal_minor: 43_36,
        tax_minor: 9_11,
        total_minor: 52_47,
        reason: Some("Two seats were billed twice".into()),
        issued_on: date(2026, 5, 12),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    let bytes = printed("credit-note", "es", &look(), |style| {
        let (seller, buyer) = (seller(), buyer());
        let document = CreditNoteDocument {
            note: &note,
            body: &body,
            invoice_number: Some("INV-2026-0042"),
            seller: &seller,
            buyer: &buyer,
        };
        credit_note_pdf(&document, style).expect("a credit note")
    });
    assert!(is_archivable(&bytes));
    let Some(text) = text_of("credit-note") else { return };
    for part in ["Nota de crédito", "CN-2026-0007", "INV-2026-0042", "52,47", "Reverse charge"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

fn payment(kind: PaymentKind) -> Payment {
    Payment {
        id: PaymentId::new(Timestamp::UNIX_EPOCH, [4; 10]),
        customer_id: CustomerId::new(Timestamp::UNIX_EPOCH, [2; 10]),
        kind,
        parent_id: None,
        external_id: None,
        status: PaymentStatus::Succeeded,
        currency: Currency::EUR,
        amount_minor: 250_00,
        refunded_minor: 0,
        method: "card".into(),
        method_label: Some("Visa ending 4242".into()),
        payment_method_id: None,
        reference: Some("RCP-2026-0311".into()),
        description: Some("Thank you! # only for the staff".into()),
        paid_at: Timestamp::UNIX_EPOCH,
        charge: None,
        metadata: Metadata::new(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn a_receipt_lists_what_was_settled_and_keeps_staff_notes_to_itself() {
    let settled = [("INV-2026-0041", 180_00), ("INV-2026-0042", 50_00)].map(|(number, minor)| {
        SettledInvoice {
            number: number.into(),
            issued_on: date(2026, 5, 1),
            amount: Money::new(minor, Currency::EUR),
        }
    });
    let print = |name: &str, kind: PaymentKind, settled: &[SettledInvoice]| {
        printed(name, "en", &look(), |style| {
            let (payment, seller, buyer) = (payment(kind), seller(), buyer());
            let document = ReceiptDocument {
                payment: &payment,
                method: "Visa ending 4242",
                paid_on: date(2026, 5, 20),
                settled,
                seller: &seller,
                buyer: &buyer,
            };
            receipt_pdf(&document, style).expect("a receipt")
        })
    };
    assert!(is_archivable(&print("receipt", PaymentKind::Payment, &settled)));
    assert!(is_archivable(&print("receipt-refund", PaymentKind::Refund, &[])));
    let Some(text) = text_of("receipt") else { return };
    for part in ["Visa ending 4242", "INV-2026-0041", "Not applied to an invoice", "20.00"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("staff"), "{text}");
}
