//! Reading an input: the payment as it would be, and what it would settle.

use std::collections::HashSet;

use portico_billing::invoice::Invoice;
use portico_billing::payment::{Allocation, Payment, PaymentKind, PaymentStatus};
use portico_billing::payment_method::PaymentMethod;
use portico_billing::{CustomerId, ExternalId, Money, PaymentId};

use super::{AllocationInput, MAX_ALLOCATIONS, PaymentInput};
use crate::records::amount::check_minor;
use crate::records::faults::Faults;
use crate::records::refer::{made_at, to_micros};
use crate::records::{Rejection, Unit, holding, invoice, refer};

/// Kinds of methods.
const METHODS: [&str; 7] =
    ["card", "bank_transfer", "direct_debit", "paypal", "cash", "check", "other"];

/// A payment as it is.
pub(super) struct Before {
    pub(super) payment: Payment,
    pub(super) allocations: Vec<Allocation>,
}

/// A payment as it would be.
pub(super) struct Draft {
    pub(super) payment: Payment,
    /// The payment that a refund gives back; it is held until the unit of work ends.
    pub(super) parent: Option<Payment>,
    /// What it would settle or reopen; nothing where that is to stay as it is.
    pub(super) parts: Option<Vec<Part>>,
}

/// A part for one invoice, with the field that it came in.
pub(super) struct Part {
    pub(super) field: String,
    pub(super) invoice: Invoice,
    pub(super) amount_minor: i64,
}

/// Reads the input. Where nothing comes back, faults were noted.
pub(super) async fn read(
    unit: &mut Unit<'_>,
    input: &PaymentInput,
    external_id: Option<ExternalId>,
    before: Option<&Before>,
    faults: &mut Faults,
) -> Result<Option<Draft>, Rejection> {
    let before = before.map(|before| &before.payment);
    let mut payment = own_fields(unit, input, before, faults);
    payment.external_id = external_id;
    let Some(customer) = refer::customer(unit, &input.customer_id, faults).await? else {
        return Ok(None);
    };
    payment.customer_id = customer.id;
    let parent = parent(unit, input, customer.id, faults).await?;
    payment.parent_id = parent.as_ref().map(|parent| parent.id);
    let method = ("payment_method_id", input.payment_method_id.as_deref());
    let method: Option<PaymentMethod> =
        holding::of_customer(&mut unit.write, method, customer.id, faults).await?;
    payment.payment_method_id = method.map(|it| it.id);
    let parts = parts(unit, input, customer.id, faults).await?;
    Ok(Some(Draft { payment, parent, parts }))
}

/// The payment with what the input itself says; references to other records are still missing.
fn own_fields(
    unit: &Unit<'_>,
    input: &PaymentInput,
    before: Option<&Payment>,
    faults: &mut Faults,
) -> Payment {
    if input.amount_minor <= 0 {
        faults.add("amount_minor", "must be more than 0; a refund is a `kind`, not a sign");
    }
    check_minor("amount_minor", input.amount_minor, faults);
    if !METHODS.contains(&input.method.as_str()) {
        faults.add("method", format!("must be one of {}", METHODS.join(", ")));
    }
    let now = unit.now;
    Payment {
        id: before.map_or_else(|| PaymentId::new(now, unit.id_bytes()), |it| it.id),
        customer_id: CustomerId::from(uuid::Uuid::nil()),
        kind: input.kind,
        parent_id: None,
        external_id: None,
        status: input.status,
        currency: input.currency,
        amount_minor: input.amount_minor,
        refunded_minor: before.map_or(0, |it| it.refunded_minor),
        method: input.method.clone(),
        method_label: faults.line("method_label", input.method_label.as_deref()),
        payment_method_id: None,
        reference: faults.line("reference", input.reference.as_deref()),
        description: faults.text("description", input.description.as_deref()),
        paid_at: to_micros(input.paid_at),
        charge: before.and_then(|it| it.charge.clone()),
        metadata: faults.checked_metadata(input.metadata.as_ref()),
        created_at: made_at(input.created_at, before.map(|it| it.created_at), now),
        updated_at: before.map_or(now, |it| it.updated_at),
    }
}

/// The payment that a refund gives back, held so that no other refund changes it meanwhile.
async fn parent(
    unit: &mut Unit<'_>,
    input: &PaymentInput,
    customer: CustomerId,
    faults: &mut Faults,
) -> Result<Option<Payment>, Rejection> {
    let field = "payment_id";
    let key = match (input.kind, &input.payment_id) {
        (PaymentKind::Payment, None) => return Ok(None),
        (PaymentKind::Payment, Some(_)) => {
            faults.add(field, "belongs to refunds alone");
            return Ok(None);
        }
        (PaymentKind::Refund, None) => {
            faults.add(field, "must name the payment that the refund gives back");
            return Ok(None);
        }
        (PaymentKind::Refund, Some(key)) => key,
    };
    let Some(key) = faults.key(field, key) else { return Ok(None) };
    let Some(found) = super::load(&mut unit.write, &key).await? else {
        faults.add(field, format!("no payment has the id or external id `{}`", key.as_str()));
        return Ok(None);
    };
    let parent = unit.write.payment_for_update(found.id).await?;
    if parent.customer_id != customer {
        faults.add(field, "is a payment of another customer");
    }
    if parent.kind != PaymentKind::Payment {
        faults.add(field, "is a refund itself");
    } else if parent.status != PaymentStatus::Succeeded {
        faults.add(field, "is a payment that did not succeed");
    }
    if parent.currency != input.currency {
        faults.add("currency", format!("the payment is in {}", parent.currency));
    }
    Ok(Some(parent))
}

/// The parts for invoices, each looked up. Faults are noted.
async fn parts(
    unit: &mut Unit<'_>,
    input: &PaymentInput,
    customer: CustomerId,
    faults: &mut Faults,
) -> Result<Option<Vec<Part>>, Rejection> {
    let lists = [("allocations", &input.allocations), ("unallocate", &input.unallocate)];
    let [(name, list), (other, misplaced)] = match input.kind {
        PaymentKind::Payment => lists,
        PaymentKind::Refund => [lists[1], lists[0]],
    };
    if misplaced.as_ref().is_some_and(|list| !list.is_empty()) {
        faults.add(other, format!("does not belong here; use `{name}`"));
    }
    let Some(list) = list else { return Ok(None) };
    if list.len() > usize::from(MAX_ALLOCATIONS) {
        faults.add(name, format!("must have at most {MAX_ALLOCATIONS} entries"));
        return Ok(None);
    }
    let mut seen = HashSet::new();
    let mut parts = Vec::with_capacity(list.len());
    for (place, it) in list.iter().enumerate() {
        let field = format!("{name}.{place}");
        let Some(invoice) = named_invoice(unit, &field, it, faults).await? else { continue };
        check_part(&field, &invoice, (input, customer), faults);
        if !seen.insert(invoice.id) {
            faults.add(format!("{field}.invoice_id"), "is named twice");
        }
        parts.push(Part { field, invoice, amount_minor: it.amount_minor });
    }
    let sum = parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.amount_minor));
    if sum > input.amount_minor {
        let [sum, amount] =
            [sum, input.amount_minor].map(|minor| Money::new(minor, input.currency));
        faults.add(name, format!("come to {sum}, which is more than the amount of {amount}"));
    }
    Ok(Some(parts))
}

fn check_part(
    field: &str,
    invoice: &Invoice,
    (input, customer): (&PaymentInput, CustomerId),
    faults: &mut Faults,
) {
    if invoice.customer_id != customer {
        faults.add(format!("{field}.invoice_id"), "is an invoice of another customer");
    } else if invoice.currency != input.currency {
        let message = format!("is in {}, not in {}", invoice.currency, input.currency);
        faults.add(format!("{field}.invoice_id"), message);
    }
}

async fn named_invoice(
    unit: &mut Unit<'_>,
    field: &str,
    it: &AllocationInput,
    faults: &mut Faults,
) -> Result<Option<Invoice>, Rejection> {
    if it.amount_minor <= 0 {
        faults.add(format!("{field}.amount_minor"), "must be more than 0");
    }
    check_minor(&format!("{field}.amount_minor"), it.amount_minor, faults);
    let field = format!("{field}.invoice_id");
    let Some(key) = faults.key(&field, &it.invoice_id) else { return Ok(None) };
    let found = invoice::load_by_any_name(&mut unit.write, &key).await?;
    if found.is_none() {
        let key = key.as_str();
        faults.add(field, format!("no invoice has the id, external id or number `{key}`"));
    }
    Ok(found)
}
