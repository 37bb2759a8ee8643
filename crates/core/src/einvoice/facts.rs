//! What makes an invoice or credit note the one that it is.

use jiff::civil::Date;
use portico_billing::credit_note::CreditNote;
use portico_billing::invoice::{Invoice, InvoiceBody, Party, Tax};
use portico_billing::{Currency, Money};
use portico_documents::einvoice::{DocumentKind, ReadInvoice};
use rust_decimal::Decimal;

/// Who billed whom, when, and every figure. The same document can be worded in several ways, as
/// UBL and as CII say; these parts agree all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) number: String,
    /// Nobody where the document names none: the organisation then.
    seller: Option<Party>,
    buyer: Party,
    issued_on: Date,
    /// Last day to pay, where the document names one.
    due_on: Option<Date>,
    /// Number of the invoice that a credit note corrects.
    pub(super) corrects: Option<String>,
    currency: Currency,
    subtotal_minor: i64,
    tax_minor: i64,
    total_minor: i64,
    prepaid_minor: i64,
    taxes: Vec<TaxFacts>,
    /// Amounts of the lines.
    lines_minor: Vec<i64>,
}

/// Category, rate, what was taxed, and the tax.
type TaxFacts = (Option<String>, Decimal, i64, i64);

impl Facts {
    /// Those of a document that was read. Rounding is part of subtotal and total here, as it is of
    /// the records that are made of it.
    pub(super) fn of_read(read: &ReadInvoice) -> Self {
        let totals = &read.totals;
        let rounded = |money: Money| money.minor().saturating_add(totals.rounding.minor());
        Self {
            number: read.number.clone(),
            seller: Some(read.seller.party.clone()),
            buyer: read.buyer.party.clone(),
            issued_on: read.issued_on,
            due_on: read.due_on,
            corrects: read.corrects.clone(),
            currency: read.currency,
            subtotal_minor: rounded(totals.subtotal),
            tax_minor: totals.tax.minor(),
            total_minor: rounded(totals.total),
            prepaid_minor: match read.kind {
                DocumentKind::Invoice => totals.prepaid.minor(),
                // Records of credit notes do not have it.
                DocumentKind::CreditNote => 0,
            },
            taxes: sorted(read.taxes.iter().map(tax)),
            lines_minor: sorted(read.lines.iter().map(|line| line.amount_minor)),
        }
    }

    /// Those of a stored invoice; `customer` is its buyer where it names none.
    pub(super) fn of_invoice(it: Invoice, body: InvoiceBody, customer: Party) -> Self {
        Self {
            number: it.number.unwrap_or_else(|| it.id.to_string()),
            issued_on: it.issued_on,
            due_on: Some(it.due_on),
            corrects: None,
            currency: it.currency,
            subtotal_minor: it.figures.subtotal_minor,
            tax_minor: it.figures.tax_minor,
            total_minor: it.figures.total_minor,
            prepaid_minor: it.figures.prepaid_minor,
            taxes: sorted(body.taxes.iter().map(tax)),
            lines_minor: sorted(body.lines.iter().map(|line| line.amount_minor)),
            seller: body.seller,
            buyer: body.buyer.unwrap_or(customer),
        }
    }

    /// Those of a stored credit note; `customer` is its buyer where it names none.
    pub(super) fn of_credit_note(
        it: CreditNote,
        body: InvoiceBody,
        customer: Party,
        corrects: Option<String>,
    ) -> Self {
        Self {
            number: it.number,
            issued_on: it.issued_on,
            due_on: None,
            corrects,
            currency: it.currency,
            subtotal_minor: it.subtotal_minor,
            tax_minor: it.tax_minor,
            total_minor: it.total_minor,
            prepaid_minor: 0,
            taxes: sorted(body.taxes.iter().map(tax)),
            lines_minor: sorted(body.lines.iter().map(|line| line.amount_minor)),
            seller: body.seller,
            buyer: body.buyer.unwrap_or(customer),
        }
    }

    /// What `other` differs in, as the end of a sentence that begins with "this one"; nothing where
    /// both are the same document.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        let same_seller = match (&self.seller, &other.seller) {
            (Some(one), Some(other)) => same_party(one, other),
            _ => true,
        };
        let alike = same_seller
            && same_party(&self.buyer, &other.buyer)
            && self.issued_on == other.issued_on
            && self.total() == other.total();
        if !alike {
            return Some(format!("is {}", other.summary()));
        }
        let parts = [
            ("another number", self.number != other.number),
            ("another due date", differ(self.due_on.as_ref(), other.due_on.as_ref())),
            ("another invoice to correct", differ(self.corrects.as_ref(), other.corrects.as_ref())),
            ("another sum before tax", self.subtotal_minor != other.subtotal_minor),
            ("another tax", self.tax_minor != other.tax_minor),
            ("another prepaid amount", self.prepaid_minor != other.prepaid_minor),
            ("other taxes", self.taxes != other.taxes),
            ("other lines", self.lines_minor != other.lines_minor),
        ];
        let differing = parts.into_iter().find_map(|(what, differs)| differs.then_some(what));
        differing.map(|what| format!("is for the same, but has {what}"))
    }

    /// Parties, date and total.
    pub(super) fn summary(&self) -> String {
        let seller = self.seller.as_ref().map(|it| format!("of {} ", it.name)).unwrap_or_default();
        let (buyer, issued_on, total) = (&self.buyer.name, self.issued_on, self.total());
        format!("{seller}for {buyer}, issued on {issued_on} with a total of {total}")
    }

    fn total(&self) -> Money {
        Money::new(self.total_minor, self.currency)
    }
}

/// Whether both are named and not the same.
fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}

fn tax(it: &Tax) -> TaxFacts {
    (it.category.clone(), it.rate.unwrap_or_default(), it.taxable_minor, it.tax_minor)
}

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values
}

/// One tax id in common, or the same name.
fn same_party(one: &Party, other: &Party) -> bool {
    let plain = |text: &str| {
        let kept = text.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect::<String>()
    };
    let has = |value: &str| other.tax_ids.iter().any(|it| plain(&it.value) == plain(value));
    plain(&one.name) == plain(&other.name) || one.tax_ids.iter().any(|it| has(&it.value))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use portico_billing::account::TaxId;

    use super::*;

    fn party(name: &str, tax_id: &str) -> Party {
        let tax_ids = vec![TaxId { kind: "eu_vat".to_owned(), value: tax_id.to_owned() }];
        Party { name: name.to_owned(), tax_ids, ..Party::default() }
    }

    fn facts() -> Facts {
        Facts {
            number: "A-1".to_owned(),
            seller: Some(party("Seller S.L.", "ESB12345674")),
            buyer: party("Buyer & Co.", "DE1"),
            issued_on: date(2026, 5, 1),
            due_on: Some(date(2026, 5, 31)),
            corrects: Some("I-1".to_owned()),
            currency: Currency::EUR,
            subtotal_minor: 10_050,
            tax_minor: 2_111,
            total_minor: 12_161,
            prepaid_minor: 0,
            taxes: vec![(Some("S".to_owned()), Decimal::from(21), 10_050, 2_111)],
            lines_minor: vec![50, 10_000],
        }
    }

    #[test]
    fn the_same_document_may_be_worded_in_another_way() {
        let unnamed = Facts { seller: None, due_on: None, corrects: None, ..facts() };
        let known = Facts { seller: Some(party("Seller", "esb 12345674")), ..facts() };
        let spelled = Facts { buyer: party("BUYER  & CO", "DE2"), ..facts() };
        for other in [facts(), unnamed, known, spelled] {
            assert_eq!(facts().difference(&other), None, "{other:?}");
        }
    }

    #[test]
    fn each_part_that_differs_is_told() {
        let headline = "is of Seller S.L. for Buyer & Co., issued on 2026-05-02 with a total of \
            121.61 EUR";
        let taxes = vec![(Some("E".to_owned()), Decimal::ZERO, 10_050, 2_111)];
        for (other, told) in [
            (Facts { issued_on: date(2026, 5, 2), ..facts() }, headline),
            (Facts { seller: Some(party("Other", "ES2")), ..facts() }, "is of Other for Buyer"),
            (Facts { buyer: party("Other", "DE2"), ..facts() }, "is of Seller S.L. for Other,"),
            (Facts { total_minor: 1, ..facts() }, "with a total of 0.01 EUR"),
            (Facts { currency: Currency::USD, ..facts() }, "with a total of 121.61 USD"),
            (Facts { number: "A-2".to_owned(), ..facts() }, "has another number"),
            (Facts { due_on: Some(date(2026, 6, 1)), ..facts() }, "has another due date"),
            (
                Facts { corrects: Some("I-2".to_owned()), ..facts() },
                "has another invoice to correct",
            ),
            (Facts { subtotal_minor: 1, ..facts() }, "has another sum before tax"),
            (Facts { tax_minor: 1, ..facts() }, "has another tax"),
            (Facts { prepaid_minor: 1, ..facts() }, "has another prepaid amount"),
            (Facts { taxes, ..facts() }, "has other taxes"),
            (Facts { lines_minor: vec![10_050], ..facts() }, "has other lines"),
        ] {
            let difference = facts().difference(&other).unwrap_or_default();
            assert!(difference.contains(told), "{told}: {difference}");
        }
    }
}
