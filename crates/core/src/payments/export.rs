//! Payments and refunds as a table.

use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use portico_billing::permission::Permission;
use portico_billing::section::Section;
use portico_billing::{CustomerId, LanguageTag, Money};
use portico_core_api::{Export, PaymentQuery, PaymentRow, Refusal, SessionSecret, TableFormat};
use portico_documents::table::{Cell, Column, Kind, Table};
use portico_store::Read;
use portico_store::payment::PaymentListFilter;

use super::{filter, method_key, rows_of};
use crate::export::{MAX_ROWS, Reader, write_list};
use crate::{Caller, Core, Failure, visit};

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
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let reader = Reader::of(&scope);
    let all = read_all(core, &mut read, &reader, filter(query)).await?;
    drop(read);
    write_list(core, ("payments", reader.language), all, format).await
}

impl Core {
    /// A customer's payments and refunds that the filter finds, up to 10,000 rows, with heads in
    /// `language`.
    ///
    /// # Errors
    /// `NotPermitted` where the caller may not; where too many tables are being written; where the
    /// machinery fails.
    pub async fn export_customer_payments(
        &self,
        caller: &Caller,
        id: CustomerId,
        filter: PaymentListFilter,
        (language, format): (&LanguageTag, TableFormat),
    ) -> Result<Export, Refusal> {
        caller.require(Permission::Read).map_err(|_| Refusal::NotPermitted)?;
        let mut read =
            self.inner.store.read(caller.organisation_id).await.map_err(Failure::from)?;
        let reader = Reader::staff(id, language);
        let all = read_all(self, &mut read, &reader, filter).await?;
        drop(read);
        write_list(self, ("payments", language), all, format).await
    }
}

/// What the filter finds, up to [`MAX_ROWS`], and whether there is more. Each page becomes cells
/// before the next one is read: what payments settled is held of one page at a time.
async fn read_all(
    core: &Core,
    read: &mut Read,
    reader: &Reader<'_>,
    mut filter: PaymentListFilter,
) -> Result<(Table, bool), Failure> {
    filter.cursor = None;
    let mut table = Table { columns: columns(core, reader.language), rows: Vec::new() };
    loop {
        let page = read.payments_of_customer(reader.customer_id, &filter, CHUNK).await?;
        let free = MAX_ROWS - table.rows.len();
        let more = page.next.is_some() || page.rows.len() > free;
        let payments: Vec<Payment> = page.rows.into_iter().take(free).collect();
        let whole: Vec<Option<String>> = match reader.is_staff {
            true => payments.iter().map(|it| it.description.clone()).collect(),
            false => Vec::new(),
        };
        let mut rows = rows_of(read, reader.sections, payments, SETTLED).await?;
        for (row, description) in rows.iter_mut().zip(whole) {
            row.description = description;
        }
        table.rows.extend(rows.iter().map(|row| cells(core, reader.language, row)));
        if page.next.is_none() || table.rows.len() == MAX_ROWS {
            return Ok((table, more));
        }
        filter.cursor = page.next;
    }
}

fn columns(core: &Core, language: &LanguageTag) -> Vec<Column> {
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
    let column = |(key, kind)| Column::new(core.inner.press.text_in(language, key), kind);
    columns.map(column).to_vec()
}

/// Refunds are negative here, so that a column of amounts adds up.
fn cells(core: &Core, language: &LanguageTag, row: &PaymentRow) -> Vec<Cell> {
    let text = |key| core.inner.press.text_in(language, key);
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
