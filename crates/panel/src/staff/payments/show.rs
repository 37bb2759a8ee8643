//! One payment or refund, as the staff sees it.

use axum::extract::Path;
use jiff::Timestamp;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::refund::RefundState;
use portico_billing::reversal::TakenBy;
use portico_billing::{Currency, InvoiceId, Money};
use portico_core::records::payment::{AllocationOutput, PaymentOutput};
use portico_core::refunds::{PaymentReturns, RefundView, TakenView};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::load;
use crate::staff::answer::Stop;
use crate::staff::customers::rows::method_key;
use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::{Answer, Staff};

/// The payment with what it settled, and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct PaymentPage {
    customer: Head,
    payment: Shown,
    settled: Vec<Settled>,
    /// The attempt that it was, where it went through a gateway.
    attempt_id: Option<String>,
    orders: Vec<Order>,
    taken: Vec<Taken>,
    can: Can,
}

/// What may be done with it now.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Can {
    /// Record that money was given back by hand.
    refund: bool,
    /// Give it back through its gateway.
    give_back: bool,
    release: bool,
    allocate: bool,
    confirm: bool,
    cancel: bool,
    /// Ask the provider what it took.
    look: bool,
    /// Take what the provider gave back as it is.
    accept: bool,
    /// Say that somebody has looked.
    see: bool,
}

/// An order to give it back that is not done.
#[derive(Debug, Clone, Serialize)]
struct Order {
    amount: Money,
    state: RefundState,
    reason: Option<String>,
    /// The part of the key of its text: `insufficient-funds`.
    decline: Option<String>,
    code: Option<String>,
    mismatch: Option<String>,
    asked_at: Timestamp,
}

impl From<RefundView> for Order {
    fn from(it: RefundView) -> Self {
        let (decline, code) = it.decline.unzip();
        Self {
            amount: it.amount,
            state: it.state,
            reason: it.reason,
            decline: decline.map(|reason| reason.as_str().replace('_', "-")),
            code,
            mismatch: it.mismatch,
            asked_at: it.asked_at,
        }
    }
}

impl Order {
    /// One that is not known, one that was refused, one that does not match.
    fn samples() -> Vec<Self> {
        let order = Self {
            amount: Money::new(2_500, Currency::EUR),
            state: RefundState::Unknown,
            reason: Some("Broken".to_owned()),
            decline: None,
            code: None,
            mismatch: None,
            asked_at: Timestamp::UNIX_EPOCH,
        };
        let refused = Self {
            state: RefundState::Failed,
            decline: Some("insufficient-funds".to_owned()),
            code: Some("insufficient_funds".to_owned()),
            ..order.clone()
        };
        let odd = Self {
            mismatch: Some("EUR 24.99 was given back".to_owned()),
            reason: Some(LONG.to_owned()),
            ..order.clone()
        };
        vec![order, refused, odd]
    }
}

/// Money that left it through its gateway.
#[derive(Debug, Clone, Serialize)]
struct Taken {
    by: TakenBy,
    refund_id: String,
    movement: String,
    amount: Money,
    taken_at: Timestamp,
    back_at: Option<Timestamp>,
    is_flagged: bool,
}

impl From<TakenView> for Taken {
    fn from(it: TakenView) -> Self {
        Self {
            by: it.by,
            refund_id: it.refund_id.uuid().to_string(),
            movement: it.movement,
            amount: it.amount,
            taken_at: it.taken_at,
            back_at: it.back_at,
            is_flagged: it.is_flagged,
        }
    }
}

impl Taken {
    /// A dispute that somebody has to look at, and a refund that came back.
    fn samples() -> Vec<Self> {
        let dispute = Self {
            by: TakenBy::Dispute,
            refund_id: sample_id(8),
            movement: "du_1QxA".to_owned(),
            amount: Money::new(121_000, Currency::EUR),
            taken_at: Timestamp::UNIX_EPOCH,
            back_at: None,
            is_flagged: true,
        };
        let came_back = Self {
            by: TakenBy::Refund,
            back_at: Some(Timestamp::UNIX_EPOCH),
            is_flagged: false,
            ..dispute.clone()
        };
        vec![dispute, came_back]
    }
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
pub struct Settled {
    id: String,
    number: Option<String>,
    amount: Money,
}

impl Settled {
    /// What a payment settles now.
    pub fn all(returns: &PaymentReturns, currency: Currency) -> Vec<Self> {
        let part = |(id, number, minor): &(InvoiceId, Option<String>, i64)| Self {
            id: id.uuid().to_string(),
            number: number.clone(),
            amount: Money::new(*minor, currency),
        };
        returns.settled.iter().map(part).collect()
    }

    /// A part of one invoice.
    pub fn sample() -> Self {
        Self {
            id: sample_id(1),
            number: Some("INV-2026-0001".to_owned()),
            amount: Money::new(100_000, Currency::EUR),
        }
    }
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

fn can(customer: &Head, payment: &PaymentOutput, returns: &PaymentReturns) -> Can {
    let is_payment = payment.kind == PaymentKind::Payment;
    if !customer.may_bill() || !is_payment {
        return Can::default();
    }
    let succeeded = payment.status == PaymentStatus::Succeeded;
    let by_hand = payment.charge.is_none();
    let left = succeeded && returns.left.credited_minor > 0;
    let waits = payment.status == PaymentStatus::Processing;
    Can {
        refund: left && (by_hand || !returns.has_refunds),
        give_back: left && returns.has_refunds,
        release: succeeded && !returns.settled.is_empty(),
        allocate: succeeded,
        confirm: waits && by_hand,
        cancel: by_hand && (waits || succeeded && payment.refunded_minor == 0),
        look: returns.has_reversals,
        accept: returns.orders.iter().any(|it| it.mismatch.is_some()),
        see: returns.taken.iter().any(|it| it.is_flagged),
    }
}

impl Page for PaymentPage {
    const TEMPLATE: &'static str = "panel/payments/show.html";

    fn samples() -> Vec<Sample<Self>> {
        let typical = Self {
            customer: Head::sample(),
            payment: Shown::sample(),
            settled: vec![Settled::sample()],
            attempt_id: Some(sample_id(9)),
            orders: Vec::new(),
            taken: Vec::new(),
            can: Can { refund: true, release: true, allocate: true, ..Can::default() },
        };
        let waits = Can { confirm: true, cancel: true, ..Can::default() };
        let pending = Self {
            payment: Shown { status: PaymentStatus::Processing, ..Shown::sample() },
            settled: Vec::new(),
            can: waits,
            ..typical.clone()
        };
        let everything =
            Can { give_back: true, look: true, accept: true, see: true, ..typical.can };
        let returned = Self {
            orders: Order::samples(),
            taken: Taken::samples(),
            can: everything,
            ..typical.clone()
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
            attempt_id: None,
            can: Can::default(),
            ..typical.clone()
        };
        vec![
            Sample::new("typical", typical),
            Sample::new("pending", pending),
            Sample::new("returned", returned),
            Sample::new("refund", refund),
        ]
    }
}

/// GET: the payment.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, payment) = load(&staff, &id).await?;
    let returns = staff.core().payment_returns(staff.caller(), payment.id).await?;
    let can = can(&customer, &payment, &returns);
    let mut shown = Shown::new(&payment);
    let settled = if payment.kind == PaymentKind::Refund {
        let part = |it: &AllocationOutput| Settled {
            id: it.invoice_id.uuid().to_string(),
            number: it.invoice_number.clone(),
            amount: Money::new(it.amount_minor, payment.currency),
        };
        payment.unallocate.iter().map(part).collect()
    } else {
        shown.free = Money::new(returns.free_minor.max(0), payment.currency);
        Settled::all(&returns, payment.currency)
    };
    let attempt_id = attempt_of(&staff, &payment).await?;
    staff.page(&PaymentPage {
        customer,
        payment: shown,
        settled,
        attempt_id,
        orders: returns.orders.into_iter().map(Order::from).collect(),
        taken: returns.taken.into_iter().map(Taken::from).collect(),
        can,
    })
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
