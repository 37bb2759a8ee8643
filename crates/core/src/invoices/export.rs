//! Invoices as a table.

use portico_billing::invoice::{Invoice, ShownStatus};
use portico_billing::page::PageSize;
use portico_core_api::{Export, InvoiceQuery, Refusal, SessionSecret, TableFormat};
use portico_documents::table::{Cell, Column, Kind, Table};

use super::{filter, number};
use crate::export::{MAX_ROWS, mark_truncated, write};
use crate::visit::Scope;
use crate::{Core, Failure, visit};

/// Rows that are read at a time.
const CHUNK: u16 = 200;

pub(crate) async fn export(
    core: &Core,
    secret: &SessionSecret,
    query: InvoiceQuery,
    format: TableFormat,
) -> Result<Export, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    let (invoices, truncated) = read_all(core, &scope, query).await?;
    let mut table = Table {
        columns: columns(core, &scope),
        rows: invoices.iter().map(|invoice| cells(core, &scope, invoice)).collect(),
    };
    let name = match truncated {
        true => mark_truncated(core, &scope, "invoices", &mut table),
        false => "invoices".to_owned(),
    };
    Ok(Export { document: write(core, &name, table, format).await?, truncated })
}

/// What the query matches, up to [`MAX_ROWS`], and whether there is more.
async fn read_all(
    core: &Core,
    scope: &Scope,
    query: InvoiceQuery,
) -> Result<(Vec<Invoice>, bool), Failure> {
    let mut read = core.inner.store.read(scope.organisation_id).await?;
    let mut filter = filter(query, scope.today);
    filter.cursor = None;
    filter.size = PageSize::try_from(CHUNK).unwrap_or_default();
    let mut invoices = Vec::new();
    loop {
        let page = read.invoices_of_customer(scope.customer_id, &filter).await?;
        invoices.extend(page.rows);
        if page.next.is_none() || invoices.len() >= MAX_ROWS {
            invoices.truncate(MAX_ROWS);
            return Ok((invoices, page.next.is_some()));
        }
        filter.cursor = page.next;
    }
}

fn columns(core: &Core, scope: &Scope) -> Vec<Column> {
    let columns = [
        ("label-number", Kind::Text),
        ("label-status", Kind::Text),
        ("documents-issued-on", Kind::Date),
        ("label-due-date", Kind::Date),
        ("label-billing-period", Kind::Text),
        ("label-currency", Kind::Text),
        ("label-total", Kind::Money),
        ("label-amount-due", Kind::Money),
        ("label-created-on", Kind::DateTime),
    ];
    columns.map(|(key, kind)| Column::new(core.inner.press.text(scope, key), kind)).to_vec()
}

fn cells(core: &Core, scope: &Scope, invoice: &Invoice) -> Vec<Cell> {
    let status = invoice.status.shown(invoice.due_on, scope.today);
    // As ISO 8601 writes a span of days.
    let period = invoice.period.map(|it| format!("{}/{}", it.start(), it.last_day()));
    vec![
        number(invoice).into(),
        core.inner.press.text(scope, status_key(status)).into(),
        invoice.issued_on.into(),
        invoice.due_on.into(),
        period.into(),
        invoice.currency.code().into(),
        invoice.total().into(),
        invoice.amount_due().into(),
        invoice.created_at.into(),
    ]
}

const fn status_key(status: ShownStatus) -> &'static str {
    match status {
        ShownStatus::Draft => "status-draft",
        ShownStatus::Open => "status-open",
        ShownStatus::PartiallyPaid => "status-partially-paid",
        ShownStatus::Overdue => "status-overdue",
        ShownStatus::Paid => "status-paid",
        ShownStatus::Void => "status-void",
        ShownStatus::Uncollectible => "status-uncollectible",
    }
}
