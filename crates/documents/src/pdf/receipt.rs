//! Receipts for payments and refunds.

use portico_billing::Money;
use portico_billing::payment::{PaymentKind, public_description};

use super::sheet::{Fact, Row, Sheet, Table, text_section};
use super::text::{line, printable};
use super::{DocumentStyle, ReceiptDocument, bill};

/// The sheet of a receipt.
pub fn receipt(document: &ReceiptDocument<'_>, style: &DocumentStyle<'_>) -> Sheet {
    let ReceiptDocument { payment, method, paid_on, seller, buyer, .. } = *document;
    let labels = style.labels;
    let amount = style.format.money(Money::new(payment.amount_minor, payment.currency));
    let (heading, amount_label) = match payment.kind {
        PaymentKind::Payment => (&labels.receipt, &labels.amount_paid),
        PaymentKind::Refund => (&labels.refund_receipt, &labels.amount_refunded),
    };
    let mut facts = vec![Fact::new(&labels.paid_on, &style.format.date(paid_on))];
    facts.extend(Fact::some(&labels.method, Some(method)));
    let description = payment.description.as_deref().map(public_description);
    Sheet {
        number: payment.reference.as_deref().and_then(line),
        facts,
        hero: Fact::new(amount_label, &amount),
        table: settled_table(document, style),
        notes: text_section(&labels.notes, description),
        ..bill::blank(heading, paid_on, (seller, buyer, &labels.issued_to), style)
    }
}

/// What the payment settled, and what is left of it. Empty where it settled nothing.
fn settled_table(document: &ReceiptDocument<'_>, style: &DocumentStyle<'_>) -> Table {
    let (payment, labels) = (document.payment, style.labels);
    if document.settled.is_empty() {
        return Table::default();
    }
    let number = |minor| style.format.number(Money::new(minor, payment.currency).to_decimal());
    let mut rows: Vec<Row> = document
        .settled
        .iter()
        .map(|invoice| Row {
            text: printable(&invoice.number),
            note: None,
            cells: vec![style.format.date(invoice.issued_on), number(invoice.amount.minor())],
        })
        .collect();
    let settled = document.settled.iter().map(|invoice| invoice.amount.minor());
    let left = settled.fold(payment.amount_minor, i64::saturating_sub);
    if left > 0 {
        let cells = vec![String::new(), number(left)];
        rows.push(Row { text: labels.unallocated.clone(), note: None, cells });
    }
    let amount = format!("{} ({})", labels.amount, payment.currency);
    let columns = vec![labels.invoice_number.clone(), labels.invoice_date.clone(), amount];
    Table { title: Some(labels.settled.clone()), columns, rows }
}
