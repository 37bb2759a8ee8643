//! Whether the figures of a document add up, and which way round they are.

use portico_billing::Money;

use super::{DocumentKind, EInvoiceError, ReadInvoice, ReadTotals};

/// Checks the sums that a document states.
pub fn check(invoice: &ReadInvoice) -> Result<(), EInvoiceError> {
    let ReadTotals { subtotal, tax, total, prepaid, rounding, due } = invoice.totals;
    let lines = invoice.lines.iter().map(|line| line.amount_minor);
    let adjustments = invoice.adjustments.iter().map(|adjustment| adjustment.amount_minor);
    let net = sum(invoice, lines.chain(adjustments))?;
    same("the total before tax", subtotal, "lines and adjustments together", net)?;
    if !invoice.taxes.is_empty() {
        let taxes = sum(invoice, invoice.taxes.iter().map(|tax| tax.tax_minor))?;
        same("the tax total", tax, "the sum of all taxes", taxes)?;
    }
    let gross = sum(invoice, [subtotal.minor(), tax.minor()])?;
    same("the total with tax", total, "the total before tax plus tax", gross)?;
    let left = sum(invoice, [total.minor(), -prepaid.minor(), rounding.minor()])?;
    same("the amount due", due, "the total less what was prepaid plus rounding", left)
}

fn sum(
    invoice: &ReadInvoice,
    amounts: impl IntoIterator<Item = i64>,
) -> Result<Money, EInvoiceError> {
    let total = amounts.into_iter().try_fold(0_i64, i64::checked_add);
    let total = total.ok_or(EInvoiceError::Overflow)?;
    Ok(Money::new(total, invoice.currency))
}

fn same(
    figure: &'static str,
    stated: Money,
    computation: &'static str,
    computed: Money,
) -> Result<(), EInvoiceError> {
    if stated == computed {
        return Ok(());
    }
    Err(EInvoiceError::Mismatch { figure, stated, computation, computed })
}

/// The document, or where it is an invoice with a negative total, the credit note that it means.
pub fn turned_if_negative(mut invoice: ReadInvoice) -> Result<ReadInvoice, EInvoiceError> {
    if invoice.totals.total.minor() >= 0 {
        return Ok(invoice);
    }
    if invoice.kind == DocumentKind::CreditNote {
        return Err(EInvoiceError::NegativeCreditNote(invoice.totals.total));
    }
    for line in &mut invoice.lines {
        line.quantity = -line.quantity;
        line.amount_minor = -line.amount_minor;
    }
    for adjustment in &mut invoice.adjustments {
        adjustment.amount_minor = -adjustment.amount_minor;
    }
    for tax in &mut invoice.taxes {
        tax.taxable_minor = -tax.taxable_minor;
        tax.tax_minor = -tax.tax_minor;
    }
    let turned = |amount: Money| Money::new(-amount.minor(), amount.currency());
    let totals = invoice.totals;
    invoice.totals = ReadTotals {
        subtotal: turned(totals.subtotal),
        tax: turned(totals.tax),
        total: turned(totals.total),
        prepaid: turned(totals.prepaid),
        rounding: turned(totals.rounding),
        due: turned(totals.due),
    };
    Ok(ReadInvoice { kind: DocumentKind::CreditNote, reversed: true, ..invoice })
}
