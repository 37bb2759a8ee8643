//! Invoices.

pub(crate) mod body;
pub(crate) mod detail;
pub(crate) mod files;
pub(crate) mod list;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use portico_billing::invoice::ShownStatus;
use portico_billing::{InvoiceId, Money};
use portico_core_api::InvoiceRow;
use serde::Serialize;

use crate::dates::Days;
use crate::samples::{at, eur, id, jpy, kwd, october};

/// An invoice in a list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InvoiceItem {
    pub id: InvoiceId,
    pub number: String,
    pub status: ShownStatus,
    pub total: Money,
    pub due_on: Date,
    pub due: Money,
    pub days: Option<Days>,
    pub created_at: Timestamp,
    pub issued_on: Date,
}

impl From<InvoiceRow> for InvoiceItem {
    fn from(row: InvoiceRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            status: row.status,
            total: row.total,
            due_on: row.due_on,
            due: row.due,
            days: row.period.map(Days::from),
            created_at: row.created_at,
            issued_on: row.issued_on,
        }
    }
}

impl InvoiceItem {
    fn sample(number: u16, status: ShownStatus, total: Money, due: Money) -> Self {
        let issued_on = date(2026, 11, 1);
        Self {
            id: id(u128::from(number)),
            number: format!("INV-2026-{number:04}"),
            status,
            total,
            due_on: date(2026, 11, 15),
            due,
            days: october().map(Days::from),
            created_at: at(issued_on),
            issued_on,
        }
    }

    /// One of each state.
    pub fn samples() -> Vec<Self> {
        use ShownStatus::{Open, Overdue, Paid, PartiallyPaid, Uncollectible, Void};
        vec![
            Self::sample(118, Overdue, eur(42_350), eur(42_350)),
            Self::sample(119, Open, eur(65_650), eur(65_650)),
            Self::sample(117, PartiallyPaid, eur(121_000), eur(21_000)),
            Self::sample(116, Paid, eur(121_000), eur(0)),
            Self::sample(115, Void, eur(9_990), eur(0)),
            Self::sample(114, Uncollectible, eur(1), eur(0)),
        ]
    }

    /// Currencies of no and of three decimals, a long number, no period.
    pub fn extremes() -> Vec<Self> {
        let yen = Self::sample(1, ShownStatus::Open, jpy(1_250_000), jpy(1_250_000));
        let dinar = Self::sample(2, ShownStatus::Overdue, kwd(9_876_543_210), kwd(1));
        let number = format!("{}/2026-000000000000000001", "SERIE-Á".repeat(8));
        vec![Self { days: None, ..yen }, Self { number, ..dinar }]
    }
}
