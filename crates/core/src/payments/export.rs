//! Payments and refunds as a table.

use portico_billing::Money;
use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use portico_billing::section::Section;
use portico_core_api::{Export, PaymentQuery, PaymentRow, Refusal, SessionSecret, TableFormat};
use portico_documents::table::{Cell, Column, Kind, Table};

use super::{filter, method_key, rows_of};
use crate::export::{MAX_ROWS, mark_truncated, write};
use crate::visit::Scope;
use crate::{Core, Failure, visit};

/// Rows that are read at a time.
const CHUNK: u16 = 1_000;
/// Settled invoices that one row names.
const SETTLED: u16 = 100;

pub(crate) async fn export(
    core: &Core,
    secret: &SessionSecret,
    query: PaymentQuery,
    format: TableFormat,
) -> Result<Export, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Payments).await?;
    scope.require(Section::Exports)?;
    let (mut table, truncated) = read_all(core, &scope, query).await?;
    let name = match truncated {
        true => mark_truncated(core, &scope, "payments", &mut table),
        false => "payments".to_owned(),
    };
    Ok(Export { document: write(core, &name, table, format).await?, truncated })
}

/// What the query matches, up to [`MAX_ROWS`], and whether there is more. Each page becomes cells
/// before the next one is read: what payments settled is held of one page at a time.
async fn read_all(
    core: &Core,
    scope: &Scope,
    query: PaymentQuery,
) -> Result<(Table, bool), Failure> {
    let mut read = core.inner.store.read(scope.organisation_id).await?;
    let mut filter = filter(query);
    filter.cursor = None;
    let mut table = Table { columns: columns(core, scope), rows: Vec::new() };
    loop {
        let page = read.payments_of_customer(scope.customer_id, &filter, CHUNK).await?;
        let free = MAX_ROWS - table.rows.len();
        let more = page.next.is_some() || page.rows.len() > free;
        let payments: Vec<Payment> = page.rows.into_iter().take(free).collect();
        let rows = rows_of(&mut read, scope, payments, SETTLED).await?;
        table.rows.extend(rows.iter().map(|row| cells(core, scope, row)));
        if page.next.is_none() || table.rows.len() == MAX_ROWS {
            return Ok((table, more));
        }
        filter.cursor = page.next;
    }
}

fn columns(core: &Core, scope: &Scope) -> Vec<Column> {
    let columns = [
        ("label-date", Kind::DateTime),
        ("label-type", Kind::Text),
        ("label-status", Kind::Text),
        ("label-method", Kind::Text),
        ("label-reference", Kind::Text),
        ("label-description", Kind::Text),
        ("documents-settled", Kind::Text),
        ("label-currency", Kind::Text),
        ("label-amount", Kind::Money),
        ("label-id", Kind::Text),
    ];
    columns.map(|(key, kind)| Column::new(core.inner.press.text(scope, key), kind)).to_vec()
}

/// Refunds are negative here, so that a column of amounts adds up.
fn cells(core: &Core, scope: &Scope, row: &PaymentRow) -> Vec<Cell> {
    let text = |key| core.inner.press.text(scope, key);
    let amount = match row.kind {
        PaymentKind::Payment => row.amount,
        PaymentKind::Refund => Money::new(-row.amount.minor(), row.amount.currency()),
    };
    let method = row.method_label.clone().unwrap_or_else(|| text(method_key(&row.method)));
    let settled: Vec<&str> = row.settled.iter().map(|it| it.number.as_str()).collect();
    vec![
        row.paid_at.into(),
        text(kind_key(row.kind)).into(),
        text(status_key(row.status)).into(),
        method.into(),
        row.reference.clone().into(),
        row.description.clone().into(),
        settled.join(", ").into(),
        amount.currency().code().into(),
        amount.into(),
        row.id.to_string().into(),
    ]
}

const fn kind_key(kind: PaymentKind) -> &'static str {
    match kind {
        PaymentKind::Payment => "payment-kind-payment",
        PaymentKind::Refund => "payment-kind-refund",
    }
}

const fn status_key(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Processing => "payment-status-processing",
        PaymentStatus::Succeeded => "payment-status-succeeded",
        PaymentStatus::Failed => "payment-status-failed",
        PaymentStatus::Cancelled => "payment-status-cancelled",
    }
}
