//! Invoices as a table.

use portico_billing::invoice::{InvoiceSummary, ShownStatus};
use portico_billing::page::PageSize;
use portico_billing::section::Section;
use portico_core_api::{Export, InvoiceQuery, Refusal, SessionSecret, TableFormat};
use portico_documents::table::{Cell, Column, Kind, Table};

use super::{filter, number};
use crate::export::{MAX_ROWS, write_list};
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
    let scope = visit::resolve_in(core, secret, Section::Invoices).await?;
    scope.require(Section::Exports)?;
    let all = read_all(core, &scope, query).await?;
    write_list(core, ("invoices", &scope.language), all, format).await
}

/// What the query matches, up to [`MAX_ROWS`], and whether there is more.
async fn read_all(
    core: &Core,
    scope: &Scope,
    query: InvoiceQuery,
) -> Result<(Table, bool), Failure> {
    let mut read = core.inner.store.read(scope.organisation_id).await?;
    let mut filter = filter(query, scope.today);
    filter.cursor = None;
    filter.size = PageSize::try_from(CHUNK).unwrap_or_default();
    let mut table = Table { columns: columns(core, scope), rows: Vec::new() };
    loop {
        let page = read.invoices_of_customer(scope.customer_id, &filter).await?;
        let free = MAX_ROWS - table.rows.len();
        let more = page.next.is_some() || page.rows.len() > free;
        table.rows.extend(page.rows.iter().take(free).map(|it| cells(core, scope, it)));
        if page.next.is_none() || table.rows.len() == MAX_ROWS {
            return Ok((table, more));
        }
        filter.cursor = page.next;
    }
}

/// The columns of the list, under its heads, and behind them what else helps who keeps books.
fn columns(core: &Core, scope: &Scope) -> Vec<Column> {
    let columns = [
        ("invoices-column-id", Kind::Text),
        ("invoices-column-status", Kind::Text),
        ("invoices-column-total", Kind::Money),
        ("invoices-column-due-date", Kind::Date),
        ("invoices-column-amount-due", Kind::Money),
        ("invoices-column-period", Kind::Text),
        ("invoices-column-generated-on", Kind::DateTime),
        ("label-currency", Kind::Text),
        ("invoices-issue-date", Kind::Date),
        ("label-subtotal", Kind::Money),
        ("label-tax", Kind::Money),
        ("invoices-remaining", Kind::Money),
    ];
    columns.map(|(key, kind)| Column::new(core.inner.press.text(scope, key), kind)).to_vec()
}

fn cells(core: &Core, scope: &Scope, invoice: &InvoiceSummary) -> Vec<Cell> {
    let status = invoice.shown(scope.today);
    // As ISO 8601 writes a span of days.
    let period = invoice.period.map(|it| format!("{}/{}", it.start(), it.last_day()));
    vec![
        number(invoice.number.as_deref(), invoice.id).into(),
        core.inner.press.text(scope, status_key(status)).into(),
        invoice.total.into(),
        invoice.due_on.into(),
        invoice.due(scope.today).into(),
        period.into(),
        invoice.created_at.into(),
        invoice.total.currency().code().into(),
        invoice.issued_on.into(),
        invoice.subtotal.into(),
        invoice.tax.into(),
        invoice.remaining.into(),
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
