//! Statements as tables.

use portico_billing::section::Section;
use portico_core_api::{
    Export, Refusal, SessionSecret, StatementLine, StatementQuery, TableFormat,
};
use portico_documents::table::{Cell, Column, Kind, Table};

use super::{filter, line};
use crate::export::{MAX_ROWS, mark_truncated, write};
use crate::payments::method_key;
use crate::visit::Scope;
use crate::{Core, Failure, visit};

/// Rows that are read at a time.
const CHUNK: u16 = 1_000;

pub(crate) async fn export(
    core: &Core,
    secret: &SessionSecret,
    query: StatementQuery,
    format: TableFormat,
) -> Result<Export, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Balance).await?;
    scope.require(Section::Exports)?;
    let (mut table, truncated) = read_all(core, &scope, query).await?;
    let name = match truncated {
        true => mark_truncated(core, &scope, "statement", &mut table),
        false => "statement".to_owned(),
    };
    Ok(Export { document: write(core, &name, table, format).await?, truncated })
}

/// What the query matches, up to [`MAX_ROWS`], and whether there is more.
async fn read_all(
    core: &Core,
    scope: &Scope,
    query: StatementQuery,
) -> Result<(Table, bool), Failure> {
    let mut read = core.inner.store.read(scope.organisation_id).await?;
    let mut filter = filter(scope, query);
    filter.cursor = None;
    let mut table = Table { columns: columns(core, scope), rows: Vec::new() };
    loop {
        let page = read.statement(scope.customer_id, &filter, CHUNK).await?;
        let free = MAX_ROWS - table.rows.len();
        let more = page.next.is_some() || page.rows.len() > free;
        let lines = page.rows.into_iter().take(free);
        let lines = lines.map(|it| line(scope, filter.currency, it));
        table.rows.extend(lines.map(|it| cells(core, scope, it)));
        if page.next.is_none() || table.rows.len() == MAX_ROWS {
            return Ok((table, more));
        }
        filter.cursor = page.next;
    }
}

fn columns(core: &Core, scope: &Scope) -> Vec<Column> {
    let columns = [
        ("label-date", Kind::Date),
        ("label-type", Kind::Text),
        ("label-number", Kind::Text),
        ("label-method", Kind::Text),
        ("label-description", Kind::Text),
        ("label-currency", Kind::Text),
        ("label-amount", Kind::Money),
        ("label-balance", Kind::Money),
    ];
    columns.map(|(key, kind)| Column::new(core.inner.press.text(scope, key), kind)).to_vec()
}

fn cells(core: &Core, scope: &Scope, it: StatementLine) -> Vec<Cell> {
    let text = |key: &'static str| core.inner.press.text(scope, key);
    let method = it.method.as_deref().map(|method| text(method_key(method)));
    vec![
        it.occurred_on.into(),
        text(it.text_key()).into(),
        it.number.into(),
        it.method_label.or(method).into(),
        it.description.into(),
        it.amount.currency().code().into(),
        it.amount.into(),
        it.balance.map_or(Cell::Empty, Cell::from),
    ]
}
