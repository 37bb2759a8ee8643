//! Credit of a customer that settles invoices: where it comes from, and which of it is used first.
//!
//! Credit is what stands in the customer's favour and settles no invoice yet. Using it moves no
//! money (decision 8): it says of a payment, a voucher or a credit note what it settles.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CreditNoteId, InvoiceId, PaymentId, VoucherId};

/// What a customer's credit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum CreditSource {
    /// A payment that more was paid by than it settles: also what was paid in beforehand.
    Payment(PaymentId),
    /// A credit note for no invoice.
    CreditNote(CreditNoteId),
    /// A voucher.
    Voucher(VoucherId),
    /// An invoice that was paid, and of which a credit note took back some.
    Invoice(InvoiceId),
}

impl CreditSource {
    /// Its kind, in data and texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Payment(_) => "payment",
            Self::CreditNote(_) => "credit_note",
            Self::Voucher(_) => "voucher",
            Self::Invoice(_) => "invoice",
        }
    }
}

/// What is left of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditItem {
    /// The source.
    pub source: CreditSource,
    /// Since when it is the customer's.
    pub since: Timestamp,
    /// What is left of it, minor units.
    pub left_minor: i64,
}

/// A part of a source that settles one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditPart {
    /// The source.
    pub source: CreditSource,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// How much of it, minor units.
    pub amount_minor: i64,
}

/// What of which source settles which invoice: the oldest source first, the invoices in their
/// order. Where there is not enough, the last invoices get less.
#[must_use]
pub fn share_out(items: &[CreditItem], wanted: &[(InvoiceId, i64)]) -> Vec<CreditPart> {
    let mut items = items.to_vec();
    items.sort_by_key(|it| (it.since, it.source));
    let mut left = items.into_iter().filter(|it| it.left_minor > 0).peekable();
    let mut parts = Vec::new();
    for (invoice_id, minor) in wanted {
        let mut open = *minor;
        while open > 0
            && let Some(item) = left.peek_mut()
        {
            let amount_minor = open.min(item.left_minor);
            parts.push(CreditPart { source: item.source, invoice_id: *invoice_id, amount_minor });
            open -= amount_minor;
            item.left_minor -= amount_minor;
            if item.left_minor == 0 {
                left.next();
            }
        }
    }
    parts
}

/// The first `minor` of what is wanted: of each invoice as it comes.
#[must_use]
pub fn first_of(wanted: &[(InvoiceId, i64)], minor: i64) -> Vec<(InvoiceId, i64)> {
    let mut left = minor;
    let mut parts = Vec::new();
    for (id, wanted) in wanted {
        let part = (*wanted).min(left);
        if part > 0 {
            left -= part;
            parts.push((*id, part));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    const THEN: Timestamp = Timestamp::UNIX_EPOCH;

    fn invoice(place: u8) -> InvoiceId {
        InvoiceId::new(THEN, [place; 10])
    }

    /// Sources of these amounts, of every kind in turn, each an hour older than the one before.
    fn items(minors: &[i64]) -> Vec<CreditItem> {
        let item = |(place, minor): (u8, &i64)| CreditItem {
            source: match place % 4 {
                0 => CreditSource::Payment(PaymentId::new(THEN, [place; 10])),
                1 => CreditSource::CreditNote(CreditNoteId::new(THEN, [place; 10])),
                2 => CreditSource::Voucher(VoucherId::new(THEN, [place; 10])),
                _ => CreditSource::Invoice(invoice(place)),
            },
            since: THEN - SignedDuration::from_hours(i64::from(place)),
            left_minor: *minor,
        };
        (0..).zip(minors).map(item).collect()
    }

    fn wanted(minors: &[i64]) -> Vec<(InvoiceId, i64)> {
        (0..).zip(minors).map(|(place, minor)| (invoice(place), *minor)).collect()
    }

    #[test]
    fn the_oldest_credit_is_used_first() {
        let parts = share_out(&items(&[50, 20, 10]), &wanted(&[25, 40]));
        let amounts: Vec<_> =
            parts.iter().map(|it| (it.source.word(), it.invoice_id, it.amount_minor)).collect();
        assert_eq!(
            amounts,
            [
                ("voucher", invoice(0), 10),
                ("credit_note", invoice(0), 15),
                ("credit_note", invoice(1), 5),
                ("payment", invoice(1), 35),
            ]
        );
    }

    #[test]
    fn kinds_are_words_and_sources_read_back() {
        for source in items(&[1; 4]).iter().map(|it| it.source) {
            let value = serde_json::to_value(source).expect("a value");
            assert_eq!(value["kind"], source.word());
            assert_eq!(serde_json::from_value::<CreditSource>(value).expect("a source"), source);
        }
    }

    proptest! {
        #[test]
        fn pay_08_credit_is_used_to_the_last_unit_and_none_of_it_twice(
            lefts in proptest::collection::vec(-5_i64..1_000, 0..12),
            asked in proptest::collection::vec(0_i64..1_000, 0..12),
        ) {
            let (items, wanted) = (items(&lefts), wanted(&asked));
            let parts = share_out(&items, &wanted);
            let credit: i64 = lefts.iter().map(|left| (*left).max(0)).sum();
            let used: i64 = parts.iter().map(|it| it.amount_minor).sum();
            prop_assert_eq!(used, credit.min(asked.iter().sum()));
            let mut of_source: BTreeMap<CreditSource, i64> = BTreeMap::new();
            let mut of_invoice: BTreeMap<InvoiceId, i64> = BTreeMap::new();
            for part in &parts {
                prop_assert!(part.amount_minor > 0);
                *of_source.entry(part.source).or_default() += part.amount_minor;
                *of_invoice.entry(part.invoice_id).or_default() += part.amount_minor;
            }
            for (source, used) in of_source {
                let item = items.iter().find(|it| it.source == source).expect("the source");
                prop_assert!(used <= item.left_minor);
            }
            for (invoice, settled) in of_invoice {
                let asked = wanted.iter().find(|(id, _)| *id == invoice).expect("the invoice");
                prop_assert!(settled <= asked.1);
            }
        }

        #[test]
        fn the_first_of_what_is_wanted_is_so_much_of_it(
            asked in proptest::collection::vec(0_i64..1_000, 0..12),
            minor in 0_i64..12_000,
        ) {
            let parts = first_of(&wanted(&asked), minor);
            let sum: i64 = parts.iter().map(|(_, part)| part).sum();
            prop_assert_eq!(sum, minor.min(asked.iter().sum()));
        }
    }
}
