//! Payments and refunds.

pub(crate) mod detail;
pub(crate) mod files;
pub(crate) mod list;

use jiff::civil::date;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_core_api::{PaymentRow, SettledInvoice};

use crate::samples::{LONG, MARKUP, at, eur, id, kwd};

/// The words of `method` that have a text of their own; any other is shown as "other".
const METHODS: [&str; 7] =
    ["card", "bank_transfer", "direct_debit", "paypal", "cash", "check", "other"];

/// The part of the key of a method's text: `bank-transfer`.
pub(crate) fn method_key(method: &str) -> String {
    let known = METHODS.iter().find(|known| **known == method);
    known.unwrap_or(&"other").replace('_', "-")
}

/// One of each state, a refund among them.
fn samples() -> Vec<PaymentRow> {
    let settled = |number: u16| SettledInvoice {
        id: id(u128::from(number)),
        number: format!("INV-2026-{number:04}"),
        amount: eur(100_000),
    };
    let card = PaymentRow {
        id: id(7),
        kind: PaymentKind::Payment,
        parent_id: None,
        status: PaymentStatus::Succeeded,
        amount: eur(121_000),
        refunded: eur(21_000),
        method: "card".to_owned(),
        method_label: Some("Visa ending 4242".to_owned()),
        reference: Some("ch_3Q8Z6K".to_owned()),
        description: Some("October".to_owned()),
        paid_at: at(date(2026, 11, 3)),
        disputed: false,
        settled: vec![settled(116), settled(117)],
    };
    let refund = PaymentRow {
        id: id(8),
        kind: PaymentKind::Refund,
        parent_id: Some(card.id),
        amount: eur(21_000),
        refunded: eur(0),
        reference: None,
        settled: Vec::new(),
        ..card.clone()
    };
    let with = |number, status, method: &str| PaymentRow {
        id: id(number),
        status,
        refunded: eur(0),
        method: method.to_owned(),
        method_label: None,
        ..card.clone()
    };
    let failed = with(10, PaymentStatus::Failed, "direct_debit");
    let cancelled = with(11, PaymentStatus::Cancelled, "something_new");
    vec![with(9, PaymentStatus::Processing, "bank_transfer"), refund, failed, cancelled, card]
}

/// Three decimals, texts without end.
fn extreme() -> PaymentRow {
    PaymentRow {
        amount: kwd(9_876_543_210),
        refunded: kwd(1),
        method_label: Some(LONG.to_owned()),
        reference: Some("9".repeat(140)),
        description: Some(MARKUP.to_owned()),
        settled: Vec::new(),
        ..samples().swap_remove(4)
    }
}
