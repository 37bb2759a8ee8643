//! Payments and refunds as the organisation's software sends and reads them.

mod deed;
mod draft;
mod limits;
mod parts;
mod receive;
mod returns;
mod save;

use std::collections::HashMap;

use jiff::Timestamp;
use portico_billing::payment::{Charge, Payment, PaymentKind, PaymentStatus};
use portico_billing::permission::Permission;
use portico_billing::{
    Currency, CustomerId, GatewayId, InvoiceId, Metadata, PaymentId, PaymentMethodId,
};
use portico_store::Read;
use portico_store::hold::Held;
use portico_store::payment::PaymentFilter as StoreFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::refer::{self, Whose};
use super::{After, Record, RecordKey, Rejection, Saved, Target, Unit};
use crate::Failure;

pub use deed::PaymentDeed;
pub(crate) use parts::{allocate, settled};
pub(crate) use receive::receive;
pub(crate) use returns::{come_back, give_back, told};

/// Invoices that one payment settles at most.
const MAX_ALLOCATIONS: u16 = 1_000;

/// A payment, or a refund of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentInput {
    /// Your own identifier of the payment. A payment with the same one is updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Who paid: identifier or external id of the customer.
    pub customer_id: String,
    /// `payment` or `refund`; a payment where absent.
    #[serde(default = "payment")]
    #[schema(value_type = String, example = "payment", default = "payment")]
    pub kind: PaymentKind,
    /// Of a refund: identifier or external id of the payment that it gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<String>,
    /// `processing`, `succeeded`, `failed` or `cancelled`. Only what succeeded counts and settles.
    #[schema(value_type = String, example = "succeeded")]
    pub status: PaymentStatus,
    /// Amount in minor units (cents), positive for refunds too. Fixed once it succeeded.
    #[schema(example = 12_100)]
    pub amount_minor: i64,
    /// ISO 4217 code. Fixed once it succeeded.
    #[schema(value_type = String, example = "EUR")]
    pub currency: Currency,
    /// Kind of method: `card`, `bank_transfer`, `direct_debit`, `paypal`, `cash`, `check`, `other`.
    #[schema(example = "card")]
    pub method: String,
    /// The method as people read it. Never a card number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Visa ending 4242")]
    pub method_label: Option<String>,
    /// Identifier or external id of the stored payment method that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_id: Option<String>,
    /// What to quote: bank reference, receipt number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Text; customers see what stands before the first `#`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When the money moved.
    #[schema(value_type = String, format = DateTime)]
    pub paid_at: Timestamp,
    /// Of a payment: what it settles. Absent leaves as it is what is there. What a payment that
    /// succeeded settles can be added to, not taken back: that is what refunds are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocations: Option<Vec<AllocationInput>>,
    /// Of a refund: what of the payment's allocations it takes back, so that the invoices are due
    /// again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unallocate: Option<Vec<AllocationInput>>,
    /// Your own data: up to 50 texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// When the record was made, for data of the past; now where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

fn payment() -> PaymentKind {
    PaymentKind::Payment
}

/// A part of a payment for one invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllocationInput {
    /// Identifier, external id or number of the invoice.
    pub invoice_id: String,
    /// The part in minor units.
    pub amount_minor: i64,
}

/// A payment or refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentOutput {
    /// Identifier.
    #[schema(value_type = String)]
    pub id: PaymentId,
    /// Your own identifier.
    pub external_id: Option<String>,
    /// Who paid.
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// `payment` or `refund`.
    #[schema(value_type = String)]
    pub kind: PaymentKind,
    /// The payment that a refund gives back.
    #[schema(value_type = Option<String>)]
    pub payment_id: Option<PaymentId>,
    /// `processing`, `succeeded`, `failed` or `cancelled`.
    #[schema(value_type = String)]
    pub status: PaymentStatus,
    /// Amount in minor units.
    pub amount_minor: i64,
    /// What of a payment refunds gave back, in minor units.
    pub refunded_minor: i64,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// Kind of method.
    pub method: String,
    /// The method as people read it.
    pub method_label: Option<String>,
    /// The stored payment method that was used.
    #[schema(value_type = Option<String>)]
    pub payment_method_id: Option<PaymentMethodId>,
    /// What to quote.
    pub reference: Option<String>,
    /// Text; customers see what stands before the first `#`.
    pub description: Option<String>,
    /// When the money moved.
    #[schema(value_type = String, format = DateTime)]
    pub paid_at: Timestamp,
    /// The movement of money at a gateway that it is, where it went through one.
    pub charge: Option<ChargeOutput>,
    /// What a payment settles.
    pub allocations: Vec<AllocationOutput>,
    /// What a refund takes back of its payment's allocations.
    pub unallocate: Vec<AllocationOutput>,
    /// Your own data.
    pub metadata: Metadata,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A movement of money at a payment provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChargeOutput {
    /// The gateway.
    #[schema(value_type = String)]
    pub gateway_id: GatewayId,
    /// The provider.
    #[schema(example = "stripe")]
    pub provider: String,
    /// The provider's identifier.
    pub id: String,
    /// What left the customer's account in minor units, with surcharges and the like.
    pub charged_minor: i64,
    /// What the provider kept of it in minor units.
    pub fee_minor: i64,
}

impl From<Charge> for ChargeOutput {
    fn from(it: Charge) -> Self {
        Self {
            gateway_id: it.gateway_id,
            provider: it.provider,
            id: it.id,
            charged_minor: it.charged_minor,
            fee_minor: it.fee_minor,
        }
    }
}

/// A part of a payment for one invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AllocationOutput {
    /// The invoice.
    #[schema(value_type = String)]
    pub invoice_id: InvoiceId,
    /// Its number.
    pub invoice_number: Option<String>,
    /// The part in minor units.
    pub amount_minor: i64,
}

/// Which payments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PaymentFilter {
    /// One customer's alone: identifier or external id.
    pub customer_id: Option<String>,
    /// `payment` or `refund`.
    #[param(value_type = Option<String>)]
    pub kind: Option<PaymentKind>,
    /// `processing`, `succeeded`, `failed` or `cancelled`.
    #[param(value_type = Option<String>)]
    pub status: Option<PaymentStatus>,
}

/// Payments and refunds.
pub struct PaymentRecord;

impl Record for PaymentRecord {
    const PLURAL: &'static str = "payments";
    const SINGULAR: &'static str = "payment";
    const EDITED_WITH: Permission = Permission::EditBilling;
    const HELD: Held = Held::Payment;
    type Input = PaymentInput;
    type Output = PaymentOutput;
    type Filter = PaymentFilter;

    async fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: PaymentInput,
    ) -> Result<Saved<PaymentOutput>, Rejection> {
        save::save(unit, &target, &input).await
    }

    async fn find(read: &mut Read, key: &RecordKey) -> Result<Option<PaymentOutput>, Failure> {
        let found = load(read, key).await?;
        Ok(outputs(read, found.into_iter().collect()).await?.pop())
    }

    async fn as_input(read: &mut Read, key: &RecordKey) -> Result<Option<PaymentInput>, Failure> {
        Ok(Self::find(read, key).await?.map(PaymentInput::from))
    }

    async fn list(
        read: &mut Read,
        filter: &PaymentFilter,
        after: Option<After>,
        limit: u16,
    ) -> Result<Vec<PaymentOutput>, Rejection> {
        let customer = match Whose::named(read, filter.customer_id.as_deref()).await? {
            Whose::Nobody => return Ok(Vec::new()),
            Whose::All => None,
            Whose::One(customer) => Some(customer),
        };
        let filter = StoreFilter { customer, kind: filter.kind, status: filter.status };
        let payments = read.payments(&filter, refer::position(after), limit).await?;
        Ok(outputs(read, payments).await?)
    }

    fn position(output: &PaymentOutput) -> (Timestamp, Uuid) {
        (output.created_at, output.id.uuid())
    }
}

/// The payment that `key` names.
pub(crate) async fn load(read: &mut Read, key: &RecordKey) -> Result<Option<Payment>, Failure> {
    key.find(read, Read::payment, Read::payment_by_external_id).await
}

/// Payments with what they settle, by one query for all of them.
async fn outputs(read: &mut Read, payments: Vec<Payment>) -> Result<Vec<PaymentOutput>, Failure> {
    let ids: Vec<PaymentId> = payments.iter().map(|it| it.id).collect();
    let mut allocations: HashMap<PaymentId, Vec<AllocationOutput>> = HashMap::new();
    for it in read.allocated_invoices(&ids, MAX_ALLOCATIONS).await? {
        allocations.entry(it.payment_id).or_default().push(AllocationOutput {
            invoice_id: it.invoice_id,
            invoice_number: it.number,
            amount_minor: it.amount.minor(),
        });
    }
    let output = |it: Payment| {
        let parts = allocations.remove(&it.id).unwrap_or_default();
        output(it, parts)
    };
    Ok(payments.into_iter().map(output).collect())
}

fn output(it: Payment, parts: Vec<AllocationOutput>) -> PaymentOutput {
    let (allocations, unallocate) = match it.kind {
        PaymentKind::Payment => (parts, Vec::new()),
        PaymentKind::Refund => (Vec::new(), parts),
    };
    PaymentOutput {
        id: it.id,
        external_id: it.external_id.map(|id| id.to_string()),
        customer_id: it.customer_id,
        kind: it.kind,
        payment_id: it.parent_id,
        status: it.status,
        amount_minor: it.amount_minor,
        refunded_minor: it.refunded_minor,
        currency: it.currency,
        method: it.method,
        method_label: it.method_label,
        payment_method_id: it.payment_method_id,
        reference: it.reference,
        description: it.description,
        paid_at: it.paid_at,
        charge: it.charge.map(Into::into),
        allocations,
        unallocate,
        metadata: it.metadata,
        created_at: it.created_at,
        updated_at: it.updated_at,
    }
}

impl From<PaymentOutput> for PaymentInput {
    fn from(it: PaymentOutput) -> Self {
        let parts = |parts: Vec<AllocationOutput>, wanted: PaymentKind| {
            (it.kind == wanted).then(|| {
                let part = |part: AllocationOutput| AllocationInput {
                    invoice_id: part.invoice_id.to_string(),
                    amount_minor: part.amount_minor,
                };
                parts.into_iter().map(part).collect()
            })
        };
        Self {
            external_id: it.external_id,
            customer_id: it.customer_id.to_string(),
            kind: it.kind,
            payment_id: it.payment_id.map(|id| id.to_string()),
            status: it.status,
            amount_minor: it.amount_minor,
            currency: it.currency,
            method: it.method,
            method_label: it.method_label,
            payment_method_id: it.payment_method_id.map(|id| id.to_string()),
            reference: it.reference,
            description: it.description,
            paid_at: it.paid_at,
            allocations: parts(it.allocations, PaymentKind::Payment),
            unallocate: parts(it.unallocate, PaymentKind::Refund),
            metadata: Some(it.metadata),
            created_at: Some(it.created_at),
        }
    }
}
