//! Documents to print: typical, empty, hostile and long.

use std::fs;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use portico_billing::account::{Address, TaxId};
use portico_billing::invoice::{
    Adjustment, Instalments, Invoice, InvoiceBody, InvoiceFigures, InvoiceStatus, Line, Party,
    PaymentInstructions, Period, Tax,
};
use portico_billing::{CountryCode, Currency, CustomerId, InvoiceId, Money};
use portico_documents::{BrandLook, Formats, Labels, PlainFormats};
use rust_decimal::Decimal;

/// The labels of a language, as the program ships them.
pub fn labels(language: &str) -> Labels {
    let path = format!("{}/../../locales/{language}/documents.ftl", env!("CARGO_MANIFEST_DIR"));
    let file = fs::read_to_string(path).expect("the texts");
    Labels::from_lookup(|key| {
        let line = file.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        line.unwrap_or_else(|| panic!("{key} has no text")).to_owned()
    })
}

/// Values roughly as a reader of English or Spanish expects them.
pub struct ReaderFormats {
    /// Whether to write Spanish.
    pub spanish: bool,
}

impl Formats for ReaderFormats {
    fn money(&self, amount: Money) -> String {
        let number = self.number(amount.to_decimal());
        let symbol = match amount.currency().code() {
            "EUR" => "€",
            "USD" => "$",
            code => code,
        };
        let gap = if symbol.len() == 3 && symbol != "€" { "\u{a0}" } else { "" };
        if self.spanish {
            return format!("{number}\u{a0}{symbol}");
        }
        match number.strip_prefix('-') {
            Some(number) => format!("−{symbol}{gap}{number}"),
            None => format!("{symbol}{gap}{number}"),
        }
    }

    fn date(&self, date: Date) -> String {
        let (day, year) = (date.day(), date.year());
        if self.spanish {
            return format!("{day}/{}/{year}", date.month());
        }
        date.strftime("%-d %B %Y").to_string()
    }

    fn period(&self, period: Period) -> String {
        format!("{} – {}", self.date(period.start()), self.date(period.last_day()))
    }

    fn number(&self, number: Decimal) -> String {
        let plain = PlainFormats.number(number);
        if !self.spanish {
            return plain;
        }
        let swapped = |c| match c {
            ',' => '.',
            '.' => ',',
            c => c,
        };
        plain.chars().map(swapped).collect()
    }

    fn country(&self, country: &CountryCode) -> String {
        match country.as_str() {
            "ES" => "Spain".to_owned(),
            "US" => "United States".to_owned(),
            code => code.to_owned(),
        }
    }
}

/// A brand without a logo.
pub fn look() -> BrandLook {
    BrandLook {
        name: "Nimbus Cloud".into(),
        logo: None,
        accent: "#2f5bea".into(),
        footer: Some("Nimbus Cloud S.L. · nimbus.example · billing@nimbus.example".into()),
    }
}

/// The seller.
pub fn seller() -> Party {
    Party {
        name: "Nimbus Cloud S.L.".into(),
        address: Address {
            line1: Some("Calle de Alcalá 42, 3.º".into()),
            city: Some("Madrid".into()),
            postal_code: Some("28014".into()),
            country: "ES".parse().ok(),
            ..Address::default()
        },
        tax_ids: vec![TaxId { kind: "eu_vat".into(), value: "ESB12345674".into() }],
        email: Some("billing@nimbus.example".into()),
    }
}

/// The buyer.
pub fn buyer() -> Party {
    Party {
        name: "Bright Harbor Logistics, Inc.".into(),
        address: Address {
            line1: Some("1200 Harbor Drive".into()),
            line2: Some("Suite 400".into()),
            city: Some("Portland".into()),
            region: Some("OR".into()),
            postal_code: Some("97201".into()),
            country: "US".parse().ok(),
        },
        tax_ids: vec![TaxId { kind: "us_ein".into(), value: "12-3456789".into() }],
        email: Some("accounts@brightharbor.example".into()),
    }
}

const GOODS: [(&str, Option<&str>, i64, &str); 6] = [
    ("Business plan", Some("12 seats, billed monthly"), 48_00, "pcs"),
    ("Block storage", None, 9, "GB"),
    ("Outgoing traffic", Some("Above the 2 TB that the plan includes"), 5, "GB"),
    ("Dedicated support engineer", Some("Remote, per started hour"), 145_00, "h"),
    ("Managed PostgreSQL, high availability, two nodes in Frankfurt", None, 310_00, "pcs"),
    ("TLS certificate", None, 25_50, "pcs"),
];

/// An invoice of `count` lines in `currency`, taxed at 21 %.
pub fn invoice(count: usize, currency: Currency) -> (Invoice, InvoiceBody) {
    let lines: Vec<Line> = (0..count)
        .map(|index| {
            let (description, note, price, unit) = GOODS[index % GOODS.len()];
            let quantity = i64::try_from(index % 7 + 1).expect("a small number");
            Line {
                description: description.into(),
                note: note.map(Into::into),
                quantity: Decimal::from(quantity),
                unit: Some(unit.into()),
                unit_price: Decimal::new(price, currency.exponent()),
                amount_minor: price * quantity,
                tax_rate: Some(Decimal::from(21)),
                tax_category: Some("S".into()),
                period: None,
            }
        })
        .collect();
    let net: i64 = lines.iter().map(|line| line.amount_minor).sum();
    let discount = if count > 1 { -net / 10 } else { 0 };
    let subtotal = net + discount;
    let tax = subtotal * 21 / 100;
    let adjustments = (discount != 0)
        .then(|| Adjustment { reason: "Loyalty 10%".into(), amount_minor: discount });
    let body = InvoiceBody {
        lines,
        taxes: vec![Tax {
            name: "VAT".into(),
            category: Some("S".into()),
            rate: Some(Decimal::new(2100, 2)),
            taxable_minor: subtotal,
            tax_minor: tax,
            exemption_reason: None,
        }],
        adjustments: adjustments.into_iter().collect(),
        payment: PaymentInstructions {
            means: Some("Bank transfer".into()),
            iban: Some("ES7620770024003102575766".into()),
            bic: Some("CAHMESMMXXX".into()),
            account_name: Some("Nimbus Cloud S.L.".into()),
            reference: Some("INV-2026-0042".into()),
            terms: Some("30 days net. 2% discount within 10 days.".into()),
        },
        purchase_order: Some("PO-77812".into()),
        notes: Some("Thank you for your business.\nQuestions? Write to us any time.".into()),
        ..InvoiceBody::default()
    };
    let figures = InvoiceFigures {
        subtotal_minor: subtotal,
        tax_minor: tax,
        total_minor: subtotal + tax,
        paid_minor: if count > 1 { 50_00 } else { 0 },
        ..InvoiceFigures::default()
    };
    let invoice = Invoice {
        id: InvoiceId::new(Timestamp::UNIX_EPOCH, [1; 10]),
        customer_id: CustomerId::new(Timestamp::UNIX_EPOCH, [2; 10]),
        external_id: None,
        number: Some("INV-2026-0042".into()),
        status: figures.settle(InvoiceStatus::Open),
        currency,
        figures,
        issued_on: date(2026, 5, 1),
        due_on: date(2026, 5, 31),
        instalments: Instalments::default(),
        period: Period::new(date(2026, 4, 1), date(2026, 5, 1)).ok(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    (invoice, body)
}
