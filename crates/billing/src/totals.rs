//! Running totals of a customer per currency and month: what balance and charts are read from.
//!
//! Each document contributes; when it changes, the difference of its contributions is added to the
//! stored totals in the same transaction, so that no page ever sums over all documents.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Currency;
use crate::credit_note::{CreditNote, CreditNoteStatus};
use crate::invoice::{Invoice, InvoiceStatus};
use crate::money::MAX_MINOR;
use crate::payment::{Payment, PaymentKind, PaymentStatus};
use crate::voucher::VoucherCredit;

/// A calendar month, as `YYYY * 12 + month - 1`, so that months can be counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month(i32);

impl Month {
    /// The month that `date` lies in.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// The stored number.
    #[must_use]
    pub const fn index(self) -> i32 {
        self.0
    }

    /// The month with the stored number.
    #[must_use]
    pub const fn from_index(index: i32) -> Self {
        Self(index)
    }

    /// The month `count` months before this one.
    #[must_use]
    pub const fn back(self, count: i32) -> Self {
        Self(self.0 - count)
    }

    /// The first day of the month.
    #[must_use]
    pub fn first_day(self) -> Date {
        let year = i16::try_from(self.0.div_euclid(12)).unwrap_or(1970);
        let month = i8::try_from(self.0.rem_euclid(12) + 1).unwrap_or(1);
        Date::new(year, month, 1).unwrap_or(Date::constant(1970, 1, 1))
    }
}

/// Most that a sum of one month may come to, up or down: a hundred of the largest documents. Two
/// such sums can always be added.
pub const MAX_SUM_MINOR: i64 = 100 * MAX_MINOR;

/// Sums of one month and currency, minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Totals of invoices that are in force.
    pub invoiced: i64,
    /// Totals of credit notes that are in force, and what vouchers gave.
    pub credited: i64,
    /// Payments that succeeded, and what invoices state as paid before.
    pub paid: i64,
    /// Refunds that succeeded.
    pub refunded: i64,
    /// What is still due on payable invoices.
    pub due: i64,
    /// How many invoices are payable.
    pub payable: i64,
}

impl Sums {
    /// Whether nothing would change.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// Whether each figure may be stored.
    #[must_use]
    pub fn is_within_limits(self) -> bool {
        let figures = [self.invoiced, self.credited, self.paid, self.refunded, self.due];
        figures.iter().all(|figure| (-MAX_SUM_MINOR..=MAX_SUM_MINOR).contains(figure))
    }

    /// The sums with each figure of `other` added.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            invoiced: self.invoiced.saturating_add(other.invoiced),
            credited: self.credited.saturating_add(other.credited),
            paid: self.paid.saturating_add(other.paid),
            refunded: self.refunded.saturating_add(other.refunded),
            due: self.due.saturating_add(other.due),
            payable: self.payable.saturating_add(other.payable),
        }
    }

    /// The sums with each figure of `other` taken away.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self {
            invoiced: other.invoiced.saturating_neg(),
            credited: other.credited.saturating_neg(),
            paid: other.paid.saturating_neg(),
            refunded: other.refunded.saturating_neg(),
            due: other.due.saturating_neg(),
            payable: other.payable.saturating_neg(),
        })
    }

    /// The live balance: what was paid in minus what was charged.
    #[must_use]
    pub fn balance(self) -> i64 {
        self.paid
            .saturating_add(self.credited)
            .saturating_sub(self.refunded)
            .saturating_sub(self.invoiced)
    }
}

/// What one document adds to the totals of its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// Currency of the figures.
    pub currency: Currency,
    /// Month that they count in.
    pub month: Month,
    /// The figures.
    pub sums: Sums,
}

/// What an invoice adds: nothing while it is a draft. Of one that is void or given up no more than
/// what payments and credit notes settled, so that these leave nothing behind in the balance.
#[must_use]
pub fn of_invoice(invoice: &Invoice) -> Contribution {
    let figures = invoice.figures;
    let sums = match invoice.status {
        InvoiceStatus::Draft => Sums::default(),
        InvoiceStatus::Void | InvoiceStatus::Uncollectible => Sums {
            invoiced: figures.paid_minor.saturating_add(figures.credited_minor),
            ..Sums::default()
        },
        InvoiceStatus::Open | InvoiceStatus::PartiallyPaid | InvoiceStatus::Paid => Sums {
            invoiced: figures.total_minor,
            paid: figures.prepaid_minor.saturating_add(figures.paid_elsewhere_minor),
            due: invoice.remaining().minor(),
            payable: i64::from(invoice.status.is_payable()),
            ..Sums::default()
        },
    };
    Contribution { currency: invoice.currency, month: Month::of(invoice.issued_on), sums }
}

/// What a credit note adds.
#[must_use]
pub fn of_credit_note(note: &CreditNote) -> Contribution {
    let credited = if note.status == CreditNoteStatus::Issued { note.total_minor } else { 0 };
    let sums = Sums { credited, ..Sums::default() };
    Contribution { currency: note.currency, month: Month::of(note.issued_on), sums }
}

/// What a payment or refund adds: nothing until it succeeded. Months are those of UTC.
#[must_use]
pub fn of_payment(payment: &Payment) -> Contribution {
    let amount = if payment.status == PaymentStatus::Succeeded { payment.amount_minor } else { 0 };
    let sums = match payment.kind {
        PaymentKind::Payment => Sums { paid: amount, ..Sums::default() },
        PaymentKind::Refund => Sums { refunded: amount, ..Sums::default() },
    };
    let day = payment.paid_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    Contribution { currency: payment.currency, month: Month::of(day), sums }
}

/// What a voucher adds that gave its credit.
#[must_use]
pub fn of_voucher(it: &VoucherCredit) -> Contribution {
    let sums = Sums { credited: it.amount.minor(), ..Sums::default() };
    let day = it.at.to_zoned(jiff::tz::TimeZone::UTC).date();
    Contribution { currency: it.amount.currency(), month: Month::of(day), sums }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn months_can_be_counted_over_the_turn_of_the_year() {
        let january = Month::of(date(2026, 1, 31));
        assert_eq!(january.back(1).first_day(), date(2025, 12, 1));
        assert_eq!(Month::from_index(january.index()), january);
    }

    #[test]
    fn pay_07_sums_have_limits_and_nothing_overflows_on_the_way_there() {
        let most = Sums { invoiced: MAX_SUM_MINOR, due: -MAX_SUM_MINOR, ..Sums::default() };
        assert!(most.is_within_limits());
        let more = most.plus(Sums { invoiced: 1, ..Sums::default() });
        assert!(!more.is_within_limits());
        assert!(!most.plus(Sums { due: -1, ..Sums::default() }).is_within_limits());
        assert!(MAX_SUM_MINOR.checked_add(MAX_SUM_MINOR).is_some(), "two sums can be added");
        let least = Sums { paid: i64::MIN, ..Sums::default() };
        assert_eq!(Sums::default().minus(least).paid, i64::MAX);
    }

    proptest! {
        #[test]
        fn what_is_added_is_taken_away_again(a in -999_i64..999, b in -999_i64..999) {
            let one = Sums { invoiced: a, paid: b, due: a, ..Sums::default() };
            let two = Sums { invoiced: b, refunded: a, payable: 1, ..Sums::default() };
            prop_assert_eq!(one.plus(two).minus(two), one);
        }
    }
}
