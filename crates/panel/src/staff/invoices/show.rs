//! One invoice, as the staff sees it.

use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use portico_billing::credit::CreditSource;
use portico_billing::invoice::{InstalmentState, ShownStatus};
use portico_billing::{Currency, InvoiceId, Money};
use portico_core::customers::Settlement;
use portico_core::records::invoice::{InstalmentOutput, InvoiceOutput};
use portico_core::records::{DecimalInput, LineInput, TaxInput};
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use rust_decimal::Decimal;
use serde::Serialize;

use super::pay_links::PayLinkItem;
use super::{load, pay_links};
use crate::staff::answer::download;
use crate::staff::customers::rows::method_key;
use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::{Answer, Staff};

/// The invoice with what settled it, and what can be done with it.
#[derive(Debug, Clone, Serialize)]
pub struct InvoicePage {
    customer: Head,
    invoice: Shown,
    lines: Vec<Line>,
    taxes: Vec<Tax>,
    settled: Vec<Settled>,
    links: Vec<PayLinkItem>,
    /// Credit of the customer that can settle it.
    credit: Option<Money>,
    can: Can,
}

/// What of an invoice is shown.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub id: String,
    number: Option<String>,
    status: ShownStatus,
    subtotal: Money,
    tax: Money,
    total: Money,
    paid: Money,
    credited: Money,
    due: Money,
    remaining: Money,
    instalments: Vec<Instalment>,
    issued_on: Date,
    due_on: Date,
    period_start: Option<Date>,
    period_last: Option<Date>,
    purchase_order: Option<String>,
    notes: Option<String>,
    created_at: Timestamp,
}

/// What may be done with it now.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Can {
    edit: bool,
    approve: bool,
    void: bool,
    credit: bool,
    pay: bool,
    write_off: bool,
}

/// A line of an invoice or a credit note.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    description: String,
    note: Option<String>,
    quantity: Decimal,
    unit: Option<String>,
    unit_price: Option<Decimal>,
    tax_rate: Option<Decimal>,
    amount: Money,
}

impl Line {
    /// The line in the currency of its document.
    pub fn new(it: &LineInput, currency: Currency) -> Self {
        let number = |it: Option<DecimalInput>| it.map(|DecimalInput(number)| number);
        Self {
            description: it.description.clone(),
            note: it.note.clone(),
            quantity: number(it.quantity).unwrap_or(Decimal::ONE),
            unit: it.unit.clone(),
            unit_price: number(it.unit_price),
            tax_rate: number(it.tax_rate),
            amount: Money::new(it.amount_minor.unwrap_or_default(), currency),
        }
    }

    /// One with all that a line can have.
    pub fn sample() -> Self {
        Self {
            description: LONG.to_owned(),
            note: Some("Note".to_owned()),
            quantity: Decimal::ONE_HUNDRED,
            unit: Some("h".to_owned()),
            unit_price: Some(Decimal::TEN),
            tax_rate: Some(Decimal::TWO),
            amount: Money::new(100_000, Currency::EUR),
        }
    }
}

/// What a tax comes to on an invoice or a credit note.
#[derive(Debug, Clone, Serialize)]
pub struct Tax {
    name: String,
    rate: Option<Decimal>,
    taxable: Money,
    tax: Money,
}

impl Tax {
    /// The tax in the currency of its document.
    pub fn new(it: &TaxInput, currency: Currency) -> Self {
        let money = |minor| Money::new(minor, currency);
        Self {
            name: it.name.clone(),
            rate: it.rate.map(|DecimalInput(rate)| rate),
            taxable: money(it.taxable_minor),
            tax: money(it.tax_minor),
        }
    }

    /// One without a rate.
    pub fn sample() -> Self {
        let money = |minor| Money::new(minor, Currency::EUR);
        Self { name: "VAT".to_owned(), rate: None, taxable: money(1), tax: money(0) }
    }
}

/// A part of an invoice with a day of its own.
#[derive(Debug, Clone, Serialize)]
struct Instalment {
    due_on: Date,
    amount: Money,
    open: Money,
    state: InstalmentState,
}

impl Instalment {
    fn new(it: &InstalmentOutput, currency: Currency) -> Self {
        let money = |minor| Money::new(minor, currency);
        Self {
            due_on: it.due_on,
            amount: money(it.amount_minor),
            open: money(it.open_minor),
            state: it.state,
        }
    }
}

/// A payment, credit note or voucher that settled a part.
#[derive(Debug, Clone, Serialize)]
struct Settled {
    /// The route of its page, and its identifier there.
    route: Option<(&'static str, String)>,
    method_key: Option<String>,
    title: Option<String>,
    day: Option<Date>,
    at: Option<Timestamp>,
    amount: Money,
}

impl Shown {
    /// The invoice on a day.
    pub fn new(it: &InvoiceOutput, today: Date) -> Self {
        let currency = it.currency;
        let money = |minor| Money::new(minor, currency);
        Self {
            id: it.id.uuid().to_string(),
            number: it.number.clone(),
            status: it.status.shown(it.next_due_on, today),
            subtotal: money(it.subtotal_minor),
            tax: money(it.tax_minor),
            total: money(it.total_minor),
            paid: money(it.paid_minor + it.paid_elsewhere_minor + it.prepaid_minor),
            credited: money(it.credited_minor),
            due: money(it.due_minor),
            remaining: money(it.remaining_minor),
            instalments: it.instalments.iter().map(|it| Instalment::new(it, currency)).collect(),
            issued_on: it.issued_on,
            due_on: it.next_due_on,
            period_start: it.period_start,
            period_last: it.period_end_exclusive.and_then(|end| end.yesterday().ok()),
            purchase_order: it.purchase_order.clone(),
            notes: it.notes.clone(),
            created_at: it.created_at,
        }
    }

    /// One of a state.
    pub fn sample(status: ShownStatus) -> Self {
        let money = |minor| Money::new(minor, Currency::EUR);
        Self {
            id: sample_id(1),
            number: (status != ShownStatus::Draft).then(|| "INV-2026-0001".to_owned()),
            status,
            subtotal: money(100_000),
            tax: money(21_000),
            total: money(121_000),
            paid: money(0),
            credited: money(0),
            due: money(121_000),
            remaining: money(121_000),
            instalments: Vec::new(),
            issued_on: date(2026, 10, 1),
            due_on: date(2026, 10, 31),
            period_start: None,
            period_last: None,
            purchase_order: None,
            notes: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }
}

fn settled(it: Settlement) -> Vec<Settled> {
    let payments = it.payments.into_iter().map(|it| Settled {
        route: Some(("payment", it.id.uuid().to_string())),
        method_key: Some(method_key(&it.method)),
        title: it.method_label,
        day: None,
        at: Some(it.paid_at),
        amount: it.amount,
    });
    let notes = it.credit_notes.into_iter().map(|it| Settled {
        route: Some(("credit-note", it.id.uuid().to_string())),
        method_key: None,
        title: Some(it.number),
        day: Some(it.issued_on),
        at: None,
        amount: it.amount,
    });
    let credits = it.credits.into_iter().map(|it| Settled {
        route: match it.source {
            CreditSource::Voucher(id) => Some(("voucher", id.uuid().to_string())),
            CreditSource::CreditNote(id) => Some(("credit-note", id.uuid().to_string())),
            CreditSource::Payment(_) | CreditSource::Invoice(_) => None,
        },
        method_key: None,
        title: it.name,
        day: None,
        at: Some(it.used_at),
        amount: it.amount,
    });
    payments.chain(notes).chain(credits).collect()
}

fn can(customer: &Head, it: &InvoiceOutput) -> Can {
    use portico_billing::invoice::InvoiceStatus::Draft;
    if !customer.may_bill() {
        return Can::default();
    }
    let (is_draft, payable) = (it.status == Draft, it.status.is_payable());
    let untouched = it.paid_minor + it.credited_minor + it.paid_elsewhere_minor == 0;
    Can {
        edit: is_draft,
        approve: is_draft,
        void: payable && untouched,
        credit: payable,
        pay: payable && it.remaining_minor > 0,
        write_off: payable && it.remaining_minor > 0,
    }
}

impl Page for InvoicePage {
    const TEMPLATE: &'static str = "panel/invoices/show.html";

    fn samples() -> Vec<Sample<Self>> {
        let money = |minor| Money::new(minor, Currency::EUR);
        let note = Settled {
            route: Some(("credit-note", sample_id(3))),
            method_key: None,
            title: Some("CN-1".to_owned()),
            day: Some(date(2026, 11, 1)),
            at: None,
            amount: money(1),
        };
        let payment = Settled {
            route: Some(("payment", sample_id(2))),
            method_key: Some(method_key("card")),
            title: None,
            day: None,
            at: Some(Timestamp::UNIX_EPOCH),
            ..note.clone()
        };
        let voucher = Settled {
            route: Some(("voucher", sample_id(3))),
            title: Some("A7K2-9QXM".to_owned()),
            day: None,
            at: Some(Timestamp::UNIX_EPOCH),
            ..note.clone()
        };
        let page = |status, can| Self {
            customer: Head::sample(),
            invoice: Shown::sample(status),
            lines: vec![Line::sample()],
            taxes: vec![Tax::sample()],
            settled: vec![payment.clone(), note.clone(), voucher.clone()],
            links: PayLinkItem::samples(),
            credit: None,
            can,
        };
        let draft = Can { edit: true, approve: true, ..Can::default() };
        let open = Can { void: true, credit: true, pay: true, write_off: true, ..Can::default() };
        let empty = Self {
            lines: vec![],
            taxes: vec![],
            settled: vec![],
            links: vec![],
            ..page(ShownStatus::Draft, draft)
        };
        let instalments = Self {
            invoice: Shown {
                due: money(40_333),
                instalments: instalment_samples(),
                ..Shown::sample(ShownStatus::Overdue)
            },
            credit: Some(money(2_500)),
            ..page(ShownStatus::Overdue, open)
        };
        vec![
            Sample::new("draft", empty),
            Sample::new("instalments", instalments),
            Sample::new("overdue", page(ShownStatus::Overdue, open)),
            Sample::new("paid", page(ShownStatus::Paid, Can::default())),
            Sample::new("void", page(ShownStatus::Void, Can::default())),
        ]
    }
}

/// One of each state.
fn instalment_samples() -> Vec<Instalment> {
    use InstalmentState::{Closed, Due, Overdue, Paid, Upcoming};
    let states = [Paid, Overdue, Due, Upcoming, Closed];
    let part = |(month, state): (i8, InstalmentState)| Instalment {
        due_on: date(2026, month, 30),
        amount: Money::new(40_333, Currency::EUR),
        open: Money::new(if state == Paid { 0 } else { 20_000 }, Currency::EUR),
        state,
    };
    (6..).zip(states).map(part).collect()
}

/// GET: the invoice as its customer gets it.
pub async fn pdf(staff: Staff, Path(id): Path<String>) -> Answer {
    let id: InvoiceId = id.parse().map_err(|_| Problem::NotFound)?;
    Ok(download(staff.core().invoice_pdf_for_staff(staff.caller(), id).await?))
}

/// GET: the invoice.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, invoice) = load(&staff, &id).await?;
    let today = staff.core().today(staff.caller()).await?;
    let settlement = staff.core().invoice_settlement(staff.caller(), invoice.id).await?;
    let can = can(&customer, &invoice);
    let credit = match can.pay {
        true => {
            let whose = (invoice.customer_id, invoice.currency);
            Some(staff.core().usable_credit(staff.caller(), whose).await?)
        }
        false => None,
    };
    let page = InvoicePage {
        can,
        credit: credit.filter(|it| it.is_positive()),
        invoice: Shown::new(&invoice, today),
        lines: invoice.lines.iter().map(|line| Line::new(line, invoice.currency)).collect(),
        taxes: invoice.taxes.iter().map(|tax| Tax::new(tax, invoice.currency)).collect(),
        settled: settled(settlement),
        links: pay_links::items(&staff, invoice.id).await?,
        customer,
    };
    staff.page(&page)
}
