//! Rows that several pages of the control panel show.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use portico_billing::account::{ContactKind, ContactRole};
use portico_billing::invoice::{InvoiceSummary, ShownStatus};
use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use portico_billing::{Currency, Money};
use portico_core::records::contact::ContactOutput;
use serde::Serialize;

use super::{LONG, sample_id};

/// The words of `method` that have a text of their own; any other is shown as "other".
pub const METHODS: [&str; 7] =
    ["bank_transfer", "card", "direct_debit", "paypal", "cash", "check", "other"];

/// The part of the key of a method's text: `bank-transfer`.
pub fn method_key(method: &str) -> String {
    METHODS.iter().find(|known| **known == method).unwrap_or(&"other").replace('_', "-")
}

/// An invoice in a list.
#[derive(Debug, Clone, Serialize)]
pub struct InvoiceItem {
    id: String,
    number: Option<String>,
    status: ShownStatus,
    total: Money,
    due: Money,
    issued_on: Date,
    due_on: Date,
}

impl InvoiceItem {
    /// The invoice on a day.
    pub fn new(it: InvoiceSummary, today: Date) -> Self {
        Self {
            id: it.id.uuid().to_string(),
            number: it.number.clone(),
            status: it.shown(today),
            total: it.total,
            due: it.due(today),
            issued_on: it.issued_on,
            due_on: it.due_on,
        }
    }

    /// One of some states.
    pub fn samples() -> Vec<Self> {
        let item = |(number, status): (u32, ShownStatus)| Self {
            id: sample_id(number),
            number: (status != ShownStatus::Draft).then(|| format!("INV-2026-{number:04}")),
            status,
            total: Money::new(121_000, Currency::EUR),
            due: Money::new(if number == 2 { 121_000 } else { 0 }, Currency::EUR),
            issued_on: date(2026, 10, 1),
            due_on: date(2026, 10, 31),
        };
        let states = [ShownStatus::Paid, ShownStatus::Overdue, ShownStatus::Void];
        (1..).zip(states).map(item).collect()
    }

    /// One that is not issued yet.
    pub fn draft_sample() -> Self {
        let first = Self::samples().swap_remove(0);
        Self { number: None, status: ShownStatus::Draft, ..first }
    }
}

/// A payment or refund in a list.
#[derive(Debug, Clone, Serialize)]
pub struct PaymentItem {
    id: String,
    kind: PaymentKind,
    status: PaymentStatus,
    /// Below zero for refunds.
    amount: Money,
    method_key: String,
    method_label: Option<String>,
    reference: Option<String>,
    paid_at: Timestamp,
}

impl From<Payment> for PaymentItem {
    fn from(it: Payment) -> Self {
        let sign = if it.kind == PaymentKind::Refund { -1 } else { 1 };
        Self {
            id: it.id.uuid().to_string(),
            kind: it.kind,
            status: it.status,
            amount: Money::new(it.amount_minor.saturating_mul(sign), it.currency),
            method_key: method_key(&it.method),
            method_label: it.method_label,
            reference: it.reference,
            paid_at: it.paid_at,
        }
    }
}

impl PaymentItem {
    /// A payment, and a refund of it.
    pub fn samples() -> Vec<Self> {
        let payment = Self {
            id: sample_id(7),
            kind: PaymentKind::Payment,
            status: PaymentStatus::Succeeded,
            amount: Money::new(121_000, Currency::EUR),
            method_key: method_key("bank_transfer"),
            method_label: None,
            reference: Some("TRX-1".to_owned()),
            paid_at: Timestamp::UNIX_EPOCH,
        };
        let refund = Self {
            id: sample_id(8),
            kind: PaymentKind::Refund,
            amount: Money::new(-1, Currency::KWD),
            method_label: Some(LONG.to_owned()),
            reference: None,
            ..payment.clone()
        };
        vec![payment, refund]
    }
}

/// A contact in a list.
#[derive(Debug, Clone, Serialize)]
pub struct ContactItem {
    id: String,
    name: String,
    email: String,
    phone: Option<String>,
    role: ContactRole,
    kind: Option<ContactKind>,
    is_verified: bool,
    is_disabled: bool,
}

impl From<ContactOutput> for ContactItem {
    fn from(it: ContactOutput) -> Self {
        Self {
            id: it.id.uuid().to_string(),
            name: it.name,
            email: it.email,
            phone: it.phone,
            role: it.role,
            kind: it.kind,
            is_verified: it.email_verified_at.is_some(),
            is_disabled: it.disabled_at.is_some(),
        }
    }
}

impl ContactItem {
    /// One in use, and one that is switched off.
    pub fn samples() -> Vec<Self> {
        let ana = Self {
            id: sample_id(3),
            name: "Ana María Núñez".to_owned(),
            email: "ana@northwind.example".to_owned(),
            phone: Some("+34 600 000 000".to_owned()),
            role: ContactRole::Owner,
            kind: Some(ContactKind::Billing),
            is_verified: true,
            is_disabled: false,
        };
        let off = Self {
            id: sample_id(4),
            name: LONG.to_owned(),
            phone: None,
            role: ContactRole::Viewer,
            kind: None,
            is_verified: false,
            is_disabled: true,
            ..ana.clone()
        };
        vec![ana, off]
    }
}
