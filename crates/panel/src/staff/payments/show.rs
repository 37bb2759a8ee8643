//! One payment or refund, as the staff sees it.

use axum::extract::Path;
use jiff::Timestamp;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::{Currency, Money};
use portico_core::records::payment::{AllocationOutput, PaymentOutput};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::load;
use crate::staff::answer::Stop;
use crate::staff::customers::rows::method_key;
use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::{Answer, Staff};

/// The payment with what it settled.
#[derive(Debug, Clone, Serialize)]
pub struct PaymentPage {
    customer: Head,
    payment: Shown,
    settled: Vec<Settled>,
    can_refund: bool,
    /// The attempt that it was, where it went through a gateway.
    attempt_id: Option<String>,
}

/// What of a payment is shown.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    id: String,
    kind: PaymentKind,
    status: PaymentStatus,
    parent_id: Option<String>,
    amount: Money,
    refunded: Money,
    /// What was neither used nor given back.
    free: Money,
    method_key: String,
    method_label: Option<String>,
    reference: Option<String>,
    description: Option<String>,
    paid_at: Timestamp,
}

/// A part for one invoice.
#[derive(Debug, Clone, Serialize)]
struct Settled {
    id: String,
    number: Option<String>,
    amount: Money,
}

impl Shown {
    /// The payment.
    pub fn new(it: &PaymentOutput) -> Self {
        let money = |minor| Money::new(minor, it.currency);
        let used: i64 = it.allocations.iter().map(|part| part.amount_minor).sum();
        let free = it.amount_minor.saturating_sub(it.refunded_minor).saturating_sub(used);
        Self {
            id: it.id.uuid().to_string(),
            kind: it.kind,
            status: it.status,
            parent_id: it.payment_id.map(|id| id.uuid().to_string()),
            amount: money(it.amount_minor),
            refunded: money(it.refunded_minor),
            free: money(free.max(0)),
            method_key: method_key(&it.method),
            method_label: it.method_label.clone(),
            reference: it.reference.clone(),
            description: it.description.clone(),
            paid_at: it.paid_at,
        }
    }

    /// A payment that succeeded.
    pub fn sample() -> Self {
        let money = |minor| Money::new(minor, Currency::EUR);
        Self {
            id: sample_id(7),
            kind: PaymentKind::Payment,
            status: PaymentStatus::Succeeded,
            parent_id: None,
            amount: money(121_000),
            refunded: money(1_000),
            free: money(20_000),
            method_key: method_key("card"),
            method_label: Some("Visa ending 4242".to_owned()),
            reference: Some("TRX-1".to_owned()),
            description: None,
            paid_at: Timestamp::UNIX_EPOCH,
        }
    }
}

impl Page for PaymentPage {
    const TEMPLATE: &'static str = "panel/payments/show.html";

    fn samples() -> Vec<Sample<Self>> {
        let part = Settled {
            id: sample_id(1),
            number: Some("INV-2026-0001".to_owned()),
            amount: Money::new(100_000, Currency::EUR),
        };
        let typical = Self {
            customer: Head::sample(),
            payment: Shown::sample(),
            settled: vec![part],
            can_refund: true,
            attempt_id: Some(sample_id(9)),
        };
        let refund = Self {
            customer: Head::extreme_sample(),
            payment: Shown {
                kind: PaymentKind::Refund,
                parent_id: Some(sample_id(7)),
                method_label: None,
                reference: Some(LONG.to_owned()),
                description: Some(LONG.to_owned()),
                ..Shown::sample()
            },
            settled: Vec::new(),
            can_refund: false,
            attempt_id: None,
        };
        vec![Sample::new("typical", typical), Sample::new("refund", refund)]
    }
}

/// GET: the payment.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, payment) = load(&staff, &id).await?;
    let part = |it: &AllocationOutput| Settled {
        id: it.invoice_id.uuid().to_string(),
        number: it.invoice_number.clone(),
        amount: Money::new(it.amount_minor, payment.currency),
    };
    let parts = if payment.kind == PaymentKind::Refund {
        &payment.unallocate
    } else {
        &payment.allocations
    };
    let can_refund = customer.may_bill()
        && payment.kind == PaymentKind::Payment
        && payment.status == PaymentStatus::Succeeded
        && payment.refunded_minor < payment.amount_minor;
    let settled = parts.iter().map(part).collect();
    let attempt_id = attempt_of(&staff, &payment).await?;
    let payment = Shown::new(&payment);
    staff.page(&PaymentPage { customer, payment, settled, can_refund, attempt_id })
}

/// The attempt that became the payment.
async fn attempt_of(staff: &Staff, payment: &PaymentOutput) -> Result<Option<String>, Stop> {
    if payment.charge.is_none() || payment.kind == PaymentKind::Refund {
        return Ok(None);
    }
    let which = (payment.id, payment.reference.as_deref());
    let found = staff.core().attempt_of_payment(staff.caller(), which).await?;
    Ok(found.map(|id| id.uuid().to_string()))
}
