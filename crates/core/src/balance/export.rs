//! Statements as tables.

use portico_billing::permission::Permission;
use portico_billing::section::{Section, Sections};
use portico_billing::{CustomerId, LanguageTag};
use portico_core_api::{
    Export, Refusal, SessionSecret, StatementLine, StatementQuery, TableFormat,
};
use portico_documents::table::{Cell, Column, Kind, Table};
use portico_store::Read;
use portico_store::ledger::StatementFilter;

use super::{filter, line};
use crate::export::{MAX_ROWS, Reader, write_list};
use crate::payments::method_key;
use crate::{Caller, Core, Failure, visit};

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
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let reader = Reader::of(&scope);
    let all = read_all(core, &mut read, &reader, filter(&scope, query)).await?;
    drop(read);
    write_list(core, ("statement", reader.language), all, format).await
}

impl Core {
    /// A customer's statement, up to 10,000 rows, with heads in `language`. What is asked for is
    /// the same as in the portal.
    ///
    /// # Errors
    /// `NotPermitted` where the caller may not; `NotFound`; where too many tables are being
    /// written; where the machinery fails.
    pub async fn export_customer_statement(
        &self,
        caller: &Caller,
        id: CustomerId,
        query: StatementQuery,
        (language, format): (&LanguageTag, TableFormat),
    ) -> Result<Export, Refusal> {
        caller.require(Permission::Read).map_err(|_| Refusal::NotPermitted)?;
        let mut read =
            self.inner.store.read(caller.organisation_id).await.map_err(Failure::from)?;
        let customer = read.customer(id).await.map_err(Failure::from)?.ok_or(Refusal::NotFound)?;
        let filter = StatementFilter {
            currency: query.currency.unwrap_or(customer.currency),
            search: query.search,
            sections: Sections::ALL,
            group: query.group,
            from: query.from,
            until: query.until,
            direction: query.direction,
            cursor: None,
        };
        let reader = Reader::staff(id, language);
        let all = read_all(self, &mut read, &reader, filter).await?;
        drop(read);
        write_list(self, ("statement", language), all, format).await
    }
}

/// What the filter finds, up to [`MAX_ROWS`], and whether there is more.
async fn read_all(
    core: &Core,
    read: &mut Read,
    reader: &Reader<'_>,
    mut filter: StatementFilter,
) -> Result<(Table, bool), Failure> {
    filter.cursor = None;
    let mut table = Table { columns: columns(core, reader.language), rows: Vec::new() };
    loop {
        let page = read.statement(reader.customer_id, &filter, CHUNK).await?;
        let free = MAX_ROWS - table.rows.len();
        let more = page.next.is_some() || page.rows.len() > free;
        table.rows.extend(page.rows.into_iter().take(free).map(|it| {
            let whole = it.description.clone().filter(|_| reader.is_staff);
            let line = line(reader.sections, filter.currency, it);
            let description = whole.or(line.description.clone());
            cells(core, reader.language, StatementLine { description, ..line })
        }));
        if page.next.is_none() || table.rows.len() == MAX_ROWS {
            return Ok((table, more));
        }
        filter.cursor = page.next;
    }
}

fn columns(core: &Core, language: &LanguageTag) -> Vec<Column> {
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
    let column = |(key, kind)| Column::new(core.inner.press.text_in(language, key), kind);
    columns.map(column).to_vec()
}

fn cells(core: &Core, language: &LanguageTag, it: StatementLine) -> Vec<Cell> {
    let text = |key: &'static str| core.inner.press.text_in(language, key);
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
