//! A customer's payments and refunds: list, detail, receipts, tables.

mod export;
pub(crate) mod mailed;
mod receipt;

use std::collections::HashMap;

use portico_billing::page::Page;
use portico_billing::payment::{Payment, PaymentKind, PaymentStatus, public_description};
use portico_billing::section::{Section, Sections};
use portico_billing::{Money, PaymentId};
use portico_core_api::{
    PaymentDetail, PaymentQuery, PaymentRow, PaymentSort, Refusal, SessionSecret, SettledInvoice,
};
use portico_store::Read;
use portico_store::allocation::AllocatedInvoice;
use portico_store::payment::{PaymentListFilter, PaymentOrder};

pub(crate) use export::export;
pub(crate) use receipt::{receipt, receipt_to_mail};

use crate::visit::Scope;
use crate::{Core, Failure, documents, visit};

/// Settled invoices that a row of the list shows.
const SETTLED_IN_LIST: u16 = 3;
/// Settled invoices that the detail shows.
const SETTLED_IN_DETAIL: u16 = 1_000;

pub(crate) async fn list(
    core: &Core,
    secret: &SessionSecret,
    query: PaymentQuery,
) -> Result<Page<PaymentRow>, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Payments).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let size = query.size.get();
    let page = read.payments_of_customer(scope.customer_id, &filter(query), size).await;
    let Page { rows, next, previous } = page.map_err(Failure::from)?;
    let rows = rows_of(&mut read, scope.sections, rows, SETTLED_IN_LIST).await?;
    Ok(Page { rows, next, previous })
}

pub(crate) async fn find(
    core: &Core,
    secret: &SessionSecret,
    id: PaymentId,
) -> Result<PaymentDetail, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Payments).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let payment = load(&mut read, &scope, id).await?.ok_or(Refusal::NotFound)?;
    Ok(detail(&mut read, &scope, payment).await?)
}

/// The visit's payment with this identifier; other customers' do not exist for it.
async fn load(read: &mut Read, scope: &Scope, id: PaymentId) -> Result<Option<Payment>, Failure> {
    Ok(read.payment(id).await?.filter(|payment| payment.customer_id == scope.customer_id))
}

async fn detail(
    read: &mut Read,
    scope: &Scope,
    payment: Payment,
) -> Result<PaymentDetail, Failure> {
    let unallocated = Money::new(unallocated_minor(read, &payment).await?, payment.currency);
    let reserved = read.reserved_refunds(payment.id).await?;
    let returning = reserved.credited_minor.saturating_add(reserved.on_top_minor);
    let returning = Money::new(returning, payment.currency);
    let refunds = read.refunds_of_payment(payment.id).await?;
    let refunds = rows_of(read, scope.sections, refunds, SETTLED_IN_LIST).await?;
    let customer = read.customer(scope.customer_id).await?.ok_or(Failure::Missing("customer"))?;
    let row = rows_of(read, scope.sections, vec![payment], SETTLED_IN_DETAIL).await?.pop();
    let row = row.ok_or(Failure::Missing("payment"))?;
    let payer = documents::buyer(&customer);
    Ok(PaymentDetail { row, unallocated, returning, refunds, payer })
}

/// What of a payment neither an invoice nor a refund took.
async fn unallocated_minor(read: &mut Read, payment: &Payment) -> Result<i64, Failure> {
    if payment.refundable_minor() == 0 {
        return Ok(0);
    }
    let sum = |sum: i64, minor: i64| sum.saturating_add(minor);
    let allocated = read.allocations(payment.id).await?;
    let allocated = allocated.iter().map(|it| it.amount_minor).fold(0, sum);
    let reopened = read.reopened_allocations(payment.id).await?;
    let settled = reopened.iter().map(|it| -it.amount_minor).fold(allocated, sum);
    Ok(payment.refundable_minor().saturating_sub(settled).max(0))
}

/// Rows of the list, with what they settled by one query for all of them.
async fn rows_of(
    read: &mut Read,
    sections: Sections,
    payments: Vec<Payment>,
    most: u16,
) -> Result<Vec<PaymentRow>, Failure> {
    let settling: Vec<PaymentId> =
        payments.iter().filter(|it| tells_settled(it, sections)).map(|it| it.id).collect();
    let mut settled: HashMap<PaymentId, Vec<SettledInvoice>> = HashMap::new();
    for it in read.allocated_invoices(&settling, most).await? {
        settled.entry(it.payment_id).or_default().push(SettledInvoice {
            id: it.invoice_id,
            number: number(&it),
            amount: it.amount,
        });
    }
    let through_gateways = |it: &&Payment| it.kind == PaymentKind::Refund && it.charge.is_some();
    let refunds: Vec<PaymentId> =
        payments.iter().filter(through_gateways).map(|it| it.id).collect();
    let disputed = read.disputed(&refunds).await?;
    let row = |it: Payment| {
        let settled = settled.remove(&it.id).unwrap_or_default();
        let disputed = disputed.contains(&it.id);
        PaymentRow { disputed, ..row(it, settled) }
    };
    Ok(payments.into_iter().map(row).collect())
}

/// Whether it is said which invoices a payment settled.
fn tells_settled(payment: &Payment, sections: Sections) -> bool {
    settles(payment) && sections.has(Section::Invoices)
}

/// Refunds and payments that did not succeed settle nothing.
fn settles(payment: &Payment) -> bool {
    payment.kind == PaymentKind::Payment && payment.status == PaymentStatus::Succeeded
}

fn number(it: &AllocatedInvoice) -> String {
    it.number.clone().unwrap_or_else(|| it.invoice_id.to_string())
}

fn row(it: Payment, settled: Vec<SettledInvoice>) -> PaymentRow {
    let description = it.description.as_deref().map(public_description);
    PaymentRow {
        id: it.id,
        kind: it.kind,
        parent_id: it.parent_id,
        status: it.status,
        amount: Money::new(it.amount_minor, it.currency),
        refunded: Money::new(it.refunded_minor, it.currency),
        method: it.method,
        method_label: it.method_label,
        reference: it.reference,
        description: description.filter(|text| !text.is_empty()).map(str::to_owned),
        paid_at: it.paid_at,
        disputed: false,
        settled,
    }
}

fn filter(query: PaymentQuery) -> PaymentListFilter {
    PaymentListFilter {
        search: query.search,
        kind: query.kind,
        status: query.status,
        from: query.from,
        until: query.until,
        order: match query.sort {
            PaymentSort::PaidAt => PaymentOrder::PaidAt,
            PaymentSort::Amount => PaymentOrder::Amount,
        },
        direction: query.direction,
        cursor: query.cursor,
    }
}

/// The key of the method's name.
pub(crate) fn method_key(method: &str) -> &'static str {
    match method {
        "card" => "method-card",
        "bank_transfer" => "method-bank-transfer",
        "direct_debit" => "method-direct-debit",
        "paypal" => "method-paypal",
        "cash" => "method-cash",
        "check" => "method-check",
        _ => "method-other",
    }
}
