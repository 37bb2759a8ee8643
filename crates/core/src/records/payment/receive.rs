//! Taking a payment that a gateway made.

use portico_billing::InvoiceId;
use portico_billing::payment::Payment;

use super::draft::{Draft, Part};
use super::limits::{self, open_minor};
use super::save;
use crate::records::{Rejection, Unit};

/// Books a payment that was made: it settles of each invoice what it was made for, as far as that
/// is still open by now. What is left stays with the customer as credit.
pub(crate) async fn receive(
    unit: &mut Unit<'_>,
    payment: Payment,
    wanted: &[(InvoiceId, i64)],
) -> Result<(), Rejection> {
    // Held in the order of their identifiers, so that two payments of the same invoices wait for
    // each other in turn.
    let mut ids: Vec<InvoiceId> = wanted.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    let mut invoices = Vec::with_capacity(ids.len());
    for id in ids {
        invoices.push(unit.write.invoice_for_update(id).await?);
    }
    let (mut left, mut parts) = (payment.amount_minor, Vec::new());
    for (id, minor) in wanted {
        let Some(place) = invoices.iter().position(|it| it.id == *id) else { continue };
        let invoice = invoices.swap_remove(place);
        let amount_minor = (*minor).min(open_minor(&invoice)).min(left);
        if amount_minor > 0 && invoice.currency == payment.currency {
            left -= amount_minor;
            parts.push(Part { field: String::new(), invoice, amount_minor });
        }
    }
    let draft = Draft { payment, parent: None, parts: Some(parts) };
    let changes = limits::changes(None, &draft);
    save::apply(unit, None, &draft, &changes).await?;
    save::note(unit, None, &draft);
    Ok(())
}
