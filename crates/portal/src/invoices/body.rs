//! What stands on an invoice or a credit note: lines, taxes, notes.

use portico_billing::invoice::{Adjustment, InvoiceBody, Line, PaymentInstructions, Tax};
use portico_billing::{Currency, Money};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::dates::Days;
use crate::samples::{LONG, MARKUP, RTL, decimal, october};

/// The body of a document, its figures as money.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BodyView {
    currency: Currency,
    lines: Vec<LineView>,
    taxes: Vec<TaxView>,
    adjustments: Vec<AdjustmentView>,
    payment: PaymentInstructions,
    purchase_order: Option<String>,
    notes: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct LineView {
    description: String,
    note: Option<String>,
    quantity: Decimal,
    unit: Option<String>,
    /// The price, where the currency can show it exactly.
    unit_price: Option<Money>,
    /// The price as a number, for those of fractions of a cent.
    unit_price_exact: Decimal,
    amount: Money,
    tax_rate: Option<Decimal>,
    days: Option<Days>,
}

#[derive(Debug, Clone, Serialize)]
struct TaxView {
    name: String,
    rate: Option<Decimal>,
    taxable: Money,
    tax: Money,
    exemption_reason: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct AdjustmentView {
    reason: String,
    amount: Money,
}

impl BodyView {
    pub fn new(body: InvoiceBody, currency: Currency) -> Self {
        let money = |minor| Money::new(minor, currency);
        let line = |line: Line| LineView {
            unit_price: Money::from_decimal(line.unit_price, currency).ok(),
            unit_price_exact: line.unit_price,
            amount: money(line.amount_minor),
            description: line.description,
            note: line.note,
            quantity: line.quantity,
            unit: line.unit,
            tax_rate: line.tax_rate,
            days: line.period.map(Days::from),
        };
        let tax = |tax: Tax| TaxView {
            taxable: money(tax.taxable_minor),
            tax: money(tax.tax_minor),
            name: tax.name,
            rate: tax.rate,
            exemption_reason: tax.exemption_reason,
        };
        let adjustment = |adjustment: Adjustment| AdjustmentView {
            amount: money(adjustment.amount_minor),
            reason: adjustment.reason,
        };
        Self {
            currency,
            lines: body.lines.into_iter().map(line).collect(),
            taxes: body.taxes.into_iter().map(tax).collect(),
            adjustments: body.adjustments.into_iter().map(adjustment).collect(),
            payment: body.payment,
            purchase_order: body.purchase_order,
            notes: body.notes,
        }
    }

    pub fn empty(currency: Currency) -> Self {
        Self::new(InvoiceBody::default(), currency)
    }

    pub fn typical() -> Self {
        let line = |description: &str, quantity: &str, price: &str, amount_minor| Line {
            description: description.to_owned(),
            note: None,
            quantity: decimal(quantity),
            unit: Some("h".to_owned()),
            unit_price: decimal(price),
            amount_minor,
            tax_rate: Some(decimal("21")),
            tax_category: Some("S".to_owned()),
            period: october(),
        };
        let metered = Line {
            note: Some("1,250,000 requests".to_owned()),
            unit: None,
            ..line("API requests", "1250000", "0.00012", 15_000)
        };
        let tax = Tax {
            name: "IVA".to_owned(),
            category: Some("S".to_owned()),
            rate: Some(decimal("21")),
            taxable_minor: 100_000,
            tax_minor: 21_000,
            exemption_reason: None,
        };
        let discount = Adjustment { reason: "Loyalty discount".to_owned(), amount_minor: -5_000 };
        let body = InvoiceBody {
            lines: vec![line("Platform, Business plan", "1", "900", 90_000), metered],
            taxes: vec![tax],
            adjustments: vec![discount],
            payment: PaymentInstructions {
                means: Some("Credit transfer".to_owned()),
                iban: Some("DE89 3704 0044 0532 0130 00".to_owned()),
                bic: Some("COBADEFFXXX".to_owned()),
                account_name: Some("Acme Cloud GmbH".to_owned()),
                reference: Some("INV-2026-0118".to_owned()),
                terms: Some("14 days net".to_owned()),
            },
            purchase_order: Some("PO-4711".to_owned()),
            notes: Some("Thank you for your business.\n\nQuestions? Write to us.".to_owned()),
            ..InvoiceBody::default()
        };
        Self::new(body, Currency::EUR)
    }

    pub fn extreme() -> Self {
        let line = |description: &str| Line {
            description: description.to_owned(),
            note: Some(MARKUP.to_owned()),
            quantity: decimal("-0.000001"),
            unit: None,
            unit_price: decimal("123456789.123456789"),
            amount_minor: -9_876_543_210,
            tax_rate: None,
            tax_category: None,
            period: None,
        };
        let exempt = Tax {
            name: RTL.to_owned(),
            category: Some("E".to_owned()),
            rate: None,
            taxable_minor: 9_876_543_210,
            tax_minor: 0,
            exemption_reason: Some(LONG.to_owned()),
        };
        let body = InvoiceBody {
            lines: vec![line(LONG), line(RTL), line(MARKUP)],
            taxes: vec![exempt],
            ..InvoiceBody::default()
        };
        Self::new(body, Currency::KWD)
    }
}
