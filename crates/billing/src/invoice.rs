//! Invoices: their states, lines, taxes and totals.

mod figures;
mod instalments;
mod summary;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::account::{Address, TaxId};
use crate::{Currency, CustomerId, ExternalId, InvoiceId, Metadata, Money};

pub use figures::InvoiceFigures;
pub use instalments::{
    INSTALMENTS_MAX, Instalment, InstalmentFault, InstalmentState, Instalments, OpenInstalment,
};
pub use summary::InvoiceSummary;

/// The state of an invoice as stored. *Overdue* is derived from it and today's date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceStatus {
    /// Open to changes; customers do not see it.
    Draft,
    /// Issued, nothing paid yet. Also written `approved`.
    #[serde(alias = "approved")]
    Open,
    /// Issued, a part is settled.
    PartiallyPaid,
    /// Settled in full.
    Paid,
    /// Cancelled.
    Void,
    /// Given up.
    Uncollectible,
}

/// What customers read as the state: the stored one, or overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShownStatus {
    /// Open to changes.
    Draft,
    /// To be paid.
    Open,
    /// Partly settled.
    PartiallyPaid,
    /// To be paid, and the due date has passed.
    Overdue,
    /// Settled in full.
    Paid,
    /// Cancelled.
    Void,
    /// Given up.
    Uncollectible,
}

impl InvoiceStatus {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::PartiallyPaid => "partially_paid",
            Self::Paid => "paid",
            Self::Void => "void",
            Self::Uncollectible => "uncollectible",
        }
    }

    /// Whether money is still expected.
    #[must_use]
    pub const fn is_payable(self) -> bool {
        matches!(self, Self::Open | Self::PartiallyPaid)
    }

    /// What customers read on the day `today`.
    #[must_use]
    pub fn shown(self, due_on: Date, today: Date) -> ShownStatus {
        match self {
            Self::Open | Self::PartiallyPaid if due_on < today => ShownStatus::Overdue,
            Self::Draft => ShownStatus::Draft,
            Self::Open => ShownStatus::Open,
            Self::PartiallyPaid => ShownStatus::PartiallyPaid,
            Self::Paid => ShownStatus::Paid,
            Self::Void => ShownStatus::Void,
            Self::Uncollectible => ShownStatus::Uncollectible,
        }
    }
}

/// A half-open span of days: `start` belongs to it, `end` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    start: Date,
    end: Date,
}

/// The end of a period does not lie after its start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a period must end after it starts")]
pub struct EmptyPeriod;

impl Period {
    /// From `start` up to, but without, `end`.
    ///
    /// # Errors
    /// `EmptyPeriod` where `end` is not after `start`.
    pub fn new(start: Date, end: Date) -> Result<Self, EmptyPeriod> {
        if start < end { Ok(Self { start, end }) } else { Err(EmptyPeriod) }
    }

    /// The first day.
    #[must_use]
    pub const fn start(self) -> Date {
        self.start
    }

    /// The day after the last one.
    #[must_use]
    pub const fn end_exclusive(self) -> Date {
        self.end
    }

    /// The last day: what people read as the end.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.end.yesterday().unwrap_or(self.start)
    }
}

/// One line of an invoice or credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What was sold.
    pub description: String,
    /// More about it.
    pub note: Option<String>,
    /// How many units.
    pub quantity: Decimal,
    /// Name of the unit, as printed (`h`, `GB`, `pcs`).
    pub unit: Option<String>,
    /// Price of one unit in major units, before tax.
    pub unit_price: Decimal,
    /// Amount of the line before tax, minor units.
    pub amount_minor: i64,
    /// Tax rate in percent.
    pub tax_rate: Option<Decimal>,
    /// EN 16931 tax category code, as in [`Tax::category`].
    #[serde(default)]
    pub tax_category: Option<String>,
    /// The days that the line covers.
    pub period: Option<Period>,
}

/// One row of the tax summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// Name as printed (`VAT`, `IVA`, `GST`).
    pub name: String,
    /// EN 16931 category code (UNTDID 5305: S, Z, E, AE, K, G, O …).
    pub category: Option<String>,
    /// Rate in percent.
    pub rate: Option<Decimal>,
    /// What was taxed, minor units.
    pub taxable_minor: i64,
    /// The tax, minor units.
    pub tax_minor: i64,
    /// Why nothing is taxed, where nothing is.
    pub exemption_reason: Option<String>,
}

/// An amount on the document as a whole that raises (positive) or lowers (negative) the net total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Reason as printed.
    pub reason: String,
    /// Minor units, signed.
    pub amount_minor: i64,
}

/// Name, address and tax ids of seller or buyer as they were when the document was issued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Name.
    pub name: String,
    /// Address.
    pub address: Address,
    /// Tax identifiers.
    pub tax_ids: Vec<TaxId>,
    /// E-mail address.
    pub email: Option<String>,
}

/// How the seller wants to be paid, as printed on the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentInstructions {
    /// Name of the means ("Credit transfer"), or its UNTDID 4461 code.
    pub means: Option<String>,
    /// International bank account number.
    pub iban: Option<String>,
    /// Bank identifier.
    pub bic: Option<String>,
    /// Holder of the account.
    pub account_name: Option<String>,
    /// What to quote.
    pub reference: Option<String>,
    /// Terms as printed.
    pub terms: Option<String>,
}

/// An invoice with all its figures, without its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Identifier.
    pub id: InvoiceId,
    /// Who owes it.
    pub customer_id: CustomerId,
    /// The organisation's own identifier.
    pub external_id: Option<ExternalId>,
    /// Number as printed; drafts may have none.
    pub number: Option<String>,
    /// State as stored.
    pub status: InvoiceStatus,
    /// Currency of all its figures.
    pub currency: Currency,
    /// Figures, minor units.
    pub figures: InvoiceFigures,
    /// Date on the document.
    pub issued_on: Date,
    /// Last day to pay all of it; the issue date where none was agreed.
    pub due_on: Date,
    /// Which part is to be paid by which day, where it is paid in parts.
    #[serde(default, skip_serializing_if = "Instalments::is_empty")]
    pub instalments: Instalments,
    /// Billing period.
    pub period: Option<Period>,
    /// When the record was made: "Generated On".
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Invoice {
    /// Adds to what payments and credit notes settled; a negative amount takes back. The state
    /// follows, and payments take the place of what was paid on the organisation's word alone.
    pub fn settle_by(&mut self, paid_minor: i64, credited_minor: i64) {
        let was_credited_whole = self.figures.is_credited_whole();
        let figures = &mut self.figures;
        figures.paid_minor = figures.paid_minor.saturating_add(paid_minor);
        figures.credited_minor = figures.credited_minor.saturating_add(credited_minor);
        figures.paid_elsewhere_minor =
            figures.paid_elsewhere_minor.min(figures.allocatable_minor());
        let reopened = self.status == InvoiceStatus::Void && was_credited_whole;
        let status = if reopened { InvoiceStatus::Open } else { self.status };
        self.status = self.figures.settle(status);
    }

    /// What is still to be paid in all, due or not; nothing for drafts, void and uncollectible
    /// invoices.
    #[must_use]
    pub fn remaining(&self) -> Money {
        let minor = if self.status.is_payable() { self.figures.due_minor() } else { 0 };
        Money::new(minor, self.currency)
    }

    /// What of that is to be paid by `day`: all of it where there are no instalments.
    #[must_use]
    pub fn due(&self, day: Date) -> Money {
        let minor = self.instalments.due_minor(self.remaining().minor(), day);
        Money::new(minor, self.currency)
    }

    /// The last day to pay what is to be paid next; of one that is settled, the last of all.
    #[must_use]
    pub fn next_due_on(&self) -> Date {
        self.instalments.next_day(self.remaining().minor()).unwrap_or(self.due_on)
    }

    /// What is to be paid next: what is due today or, where nothing is, the next instalment.
    #[must_use]
    pub fn next_payment(&self, today: Date) -> Money {
        self.due(today.max(self.next_due_on()))
    }

    /// The instalments with what of each is open; of drafts and of what was given up as if it were.
    #[must_use]
    pub fn open_instalments(&self) -> Vec<OpenInstalment> {
        self.instalments.filled(self.figures.due_minor())
    }

    /// What the invoice asks for in all.
    #[must_use]
    pub fn total(&self) -> Money {
        Money::new(self.figures.total_minor, self.currency)
    }
}

/// What stands on the document beside the figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceBody {
    /// Lines, in order.
    pub lines: Vec<Line>,
    /// Tax summary.
    pub taxes: Vec<Tax>,
    /// Allowances and charges on the whole document.
    pub adjustments: Vec<Adjustment>,
    /// Who issued it; the organisation where absent.
    pub seller: Option<Party>,
    /// Who received it; the customer where absent.
    pub buyer: Option<Party>,
    /// How to pay.
    pub payment: PaymentInstructions,
    /// The buyer's order number.
    pub purchase_order: Option<String>,
    /// Text for the customer.
    pub notes: Option<String>,
    /// The organisation's own data.
    pub metadata: Metadata,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_period_ends_on_the_day_before_its_exclusive_end() {
        let may = Period::new(date(2026, 5, 1), date(2026, 6, 1)).expect("a month");
        assert_eq!(may.last_day(), date(2026, 5, 31));
        assert_eq!(Period::new(date(2026, 5, 1), date(2026, 5, 1)), Err(EmptyPeriod));
    }

    #[test]
    fn overdue_is_the_day_after_the_due_date_and_only_while_money_is_expected() {
        let due = date(2026, 5, 31);
        assert_eq!(InvoiceStatus::Open.shown(due, due), ShownStatus::Open);
        assert_eq!(InvoiceStatus::Open.shown(due, date(2026, 6, 1)), ShownStatus::Overdue);
        assert_eq!(InvoiceStatus::Paid.shown(due, date(2026, 6, 1)), ShownStatus::Paid);
        assert_eq!(InvoiceStatus::Void.shown(due, date(2026, 6, 1)), ShownStatus::Void);
    }

    fn invoice(total_minor: i64) -> Invoice {
        let figures = InvoiceFigures { total_minor, ..InvoiceFigures::default() };
        Invoice {
            id: InvoiceId::new(Timestamp::UNIX_EPOCH, [1; 10]),
            customer_id: CustomerId::new(Timestamp::UNIX_EPOCH, [2; 10]),
            external_id: None,
            number: Some("1".to_owned()),
            status: figures.settle(InvoiceStatus::Open),
            currency: Currency::EUR,
            figures,
            issued_on: date(2026, 5, 1),
            due_on: date(2026, 5, 31),
            instalments: Instalments::default(),
            period: None,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn payments_take_the_place_of_what_was_paid_on_the_organisations_word() {
        let mut it = invoice(100);
        it.figures.paid_elsewhere_minor = 100;
        it.status = it.figures.settle(InvoiceStatus::Open);
        assert_eq!((it.status, it.figures.allocatable_minor()), (InvoiceStatus::Paid, 100));
        it.settle_by(40, 0);
        assert_eq!((it.status, it.figures.paid_elsewhere_minor), (InvoiceStatus::Paid, 60));
        it.settle_by(60, 0);
        assert_eq!((it.status, it.figures.paid_elsewhere_minor), (InvoiceStatus::Paid, 0));
        it.settle_by(-60, 0);
        assert_eq!((it.status, it.remaining().minor()), (InvoiceStatus::PartiallyPaid, 60));
    }

    /// One over 90 in three instalments: at the end of May, of June and of July.
    fn in_instalments() -> Invoice {
        let part = |due_on| Instalment { due_on, amount_minor: 30 };
        let days = [date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)];
        let instalments = Instalments::new(days.map(part).to_vec(), 90).expect("instalments");
        Invoice { due_on: date(2026, 7, 31), instalments, ..invoice(90) }
    }

    #[test]
    fn what_is_due_of_instalments_is_less_than_what_remains_until_the_last_of_them() {
        let mut it = in_instalments();
        let due = |it: &Invoice, today| (it.due(today).minor(), it.next_payment(today).minor());
        let (early, late) = (date(2026, 5, 30), date(2026, 6, 30));
        assert_eq!((it.remaining().minor(), it.next_due_on()), (90, date(2026, 5, 31)));
        assert_eq!((due(&it, early), due(&it, late)), ((0, 30), (60, 60)));
        it.settle_by(30, 5);
        assert_eq!((it.remaining().minor(), it.next_due_on()), (55, date(2026, 6, 30)));
        assert_eq!((due(&it, early), due(&it, late)), ((0, 25), (25, 25)));
        assert_eq!(it.status.shown(it.next_due_on(), late), ShownStatus::PartiallyPaid);
        assert_eq!(it.status.shown(it.next_due_on(), date(2026, 7, 1)), ShownStatus::Overdue);
        it.settle_by(55, 0);
        assert_eq!((it.status, it.next_due_on()), (InvoiceStatus::Paid, date(2026, 7, 31)));
        assert_eq!(due(&it, date(2027, 1, 1)), (0, 0));
    }

    #[test]
    fn nothing_is_due_of_an_invoice_that_was_given_up_and_its_instalments_are_closed() {
        let it = Invoice { status: InvoiceStatus::Uncollectible, ..in_instalments() };
        assert_eq!(it.due(date(2027, 1, 1)).minor(), 0);
        let expected = it.status.is_payable();
        let state = |it: &OpenInstalment| it.state(expected, date(2027, 1, 1));
        let states: Vec<_> = it.open_instalments().iter().map(state).collect();
        assert_eq!(states, [InstalmentState::Closed; 3]);
    }

    #[test]
    fn an_unpaid_invoice_that_is_credited_whole_is_void_and_a_paid_one_is_not() {
        let mut unpaid = invoice(100);
        unpaid.settle_by(0, 100);
        assert_eq!(unpaid.status, InvoiceStatus::Void);
        unpaid.settle_by(0, -100);
        assert_eq!(unpaid.status, InvoiceStatus::Open);
        let mut paid = invoice(100);
        paid.settle_by(100, 0);
        paid.settle_by(0, 100);
        assert_eq!(paid.status, InvoiceStatus::Paid);
    }

    proptest! {
        #[test]
        fn the_state_follows_the_money(
            total in 0_i64..1_000, paid in 0_i64..1_200, credited in 0_i64..300,
        ) {
            let figures = InvoiceFigures {
                total_minor: total, paid_minor: paid, credited_minor: credited,
                ..InvoiceFigures::default()
            };
            let status = figures.settle(InvoiceStatus::Open);
            let over = matches!(status, InvoiceStatus::Paid | InvoiceStatus::Void);
            prop_assert_eq!(over, paid + credited >= total);
            let void = total > 0 && credited >= total && paid == 0;
            prop_assert_eq!(status == InvoiceStatus::Void, void);
            prop_assert_eq!(figures.settle(status), status);
            let given_up = InvoiceStatus::Uncollectible;
            prop_assert_eq!(figures.settle(given_up), given_up);
        }

        #[test]
        fn what_settles_and_is_taken_back_leaves_the_invoice_as_it_was(
            total in 0_i64..1_000,
            first in 0_i64..500,
            paid in 0_i64..1_000,
            credited in 0_i64..1_000,
        ) {
            let mut invoice = invoice(total);
            invoice.settle_by(first.min(total), 0);
            let before = invoice.clone();
            invoice.settle_by(paid, 0);
            invoice.settle_by(0, credited.min(total));
            invoice.settle_by(0, -credited.min(total));
            invoice.settle_by(-paid, 0);
            prop_assert_eq!(invoice, before);
        }
    }
}
