//! The list of payments and refunds.

use jiff::Timestamp;
use portico_billing::page::Page as Rows;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::{Money, PaymentId};
use portico_core_api::{CreditUseView, PaymentQuery, PaymentRow, SettledInvoice};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::method_key;
use crate::answer::Answer;
use crate::listing::{Asked, Listing};
use crate::params::Params;
use crate::pay::credit;
use crate::visitor::Visitor;

/// A payment or refund in a list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PaymentItem {
    id: PaymentId,
    kind: PaymentKind,
    parent_id: Option<PaymentId>,
    status: PaymentStatus,
    /// Below zero for refunds.
    amount: Money,
    refunded: Money,
    method_key: String,
    method_label: Option<String>,
    reference: Option<String>,
    description: Option<String>,
    paid_at: Timestamp,
    disputed: bool,
    settled: Vec<SettledInvoice>,
}

impl From<PaymentRow> for PaymentItem {
    fn from(row: PaymentRow) -> Self {
        let sign = if row.kind == PaymentKind::Refund { -1 } else { 1 };
        Self {
            id: row.id,
            kind: row.kind,
            parent_id: row.parent_id,
            status: row.status,
            amount: Money::new(row.amount.minor().saturating_mul(sign), row.amount.currency()),
            refunded: row.refunded,
            method_key: method_key(&row.method),
            method_label: row.method_label,
            reference: row.reference,
            description: row.description,
            paid_at: row.paid_at,
            disputed: row.disputed,
            settled: row.settled,
        }
    }
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PaymentsPage {
    list: Listing<PaymentItem>,
    /// When credit settled invoices; on the first page alone.
    uses: Vec<CreditUseView>,
}

/// Reads the query, with its filters as typed.
pub(crate) fn read(params: &Params) -> (PaymentQuery, Asked<'_>) {
    let mut asked = Asked::new(params);
    let (from, until) = asked.days();
    let (sort, direction) = asked.order("paid_at");
    let query = PaymentQuery {
        search: asked.filters.q.clone(),
        kind: asked.kind(),
        status: asked.status(),
        from,
        until,
        sort,
        direction,
        cursor: asked.cursor(),
        size: asked.size(),
    };
    (query, asked)
}

/// GET: the list.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Answer {
    let (query, asked) = read(&params);
    let uses = match query.cursor {
        None => visitor.core().credit_uses(&visitor.secret).await?,
        Some(_) => Vec::new(),
    };
    let rows = visitor.core().payments(&visitor.secret, query).await?;
    visitor.page(&PaymentsPage { list: asked.listing(rows, PaymentItem::from), uses })
}

impl Page for PaymentsPage {
    const TEMPLATE: &'static str = "portal/payments/list.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, rows| {
            let params = Params::of_query(query);
            let (_, asked) = read(&params);
            let previous = Some("b3BhcXVl".to_owned());
            let list = asked.listing(Rows { rows, next: None, previous }, PaymentItem::from);
            Self { list, uses: Vec::new() }
        };
        let uses = vec![credit::sample(), credit::extreme()];
        vec![
            Sample::new("empty", page("", Vec::new())),
            Sample::new("typical", page("", super::samples())),
            Sample::new("credit-used", Self { uses, ..page("", super::samples()) }),
            Sample::new("nothing-found", page("kind=refund&from=2026-01-01", Vec::new())),
            Sample::new("faulty-filters", page("from=2026-02-30", super::samples())),
            Sample::new("extreme", page("sort=amount", vec![super::extreme()])),
        ]
    }
}
