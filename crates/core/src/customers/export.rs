//! Customers as a table.

use std::collections::HashMap;

use portico_billing::account::{CustomerKind, CustomerStatus};
use portico_billing::page::PageSize;
use portico_billing::{BrandId, LanguageTag, Money};
use portico_core_api::{Export, Refusal, TableFormat};
use portico_documents::table::{Cell, Column, Kind, Table};
use portico_store::customer_list::{CustomerListFilter, CustomerSummary};

use super::list::page;
use crate::export::{MAX_ROWS, write_list};
use crate::records::Rejection;
use crate::{Caller, Core};

/// Rows that are read at a time.
const CHUNK: u16 = 200;

impl Core {
    /// What the filter finds, up to 10,000 rows, with heads in `language`.
    ///
    /// # Errors
    /// `NotPermitted` where the caller may not; where too many tables are being written; where the
    /// machinery fails.
    pub async fn export_customers(
        &self,
        caller: &Caller,
        filter: CustomerListFilter,
        (language, format): (&LanguageTag, TableFormat),
    ) -> Result<Export, Refusal> {
        let all = self.all_customers(caller, filter, language).await;
        let all = all.map_err(|rejection| match rejection {
            Rejection::Failure(failure) => failure.into(),
            _ => Refusal::NotPermitted,
        })?;
        write_list(self, ("customers", language), all, format).await
    }

    async fn all_customers(
        &self,
        caller: &Caller,
        mut filter: CustomerListFilter,
        language: &LanguageTag,
    ) -> Result<(Table, bool), Rejection> {
        let mut read = self.read_as(caller).await?;
        let brands = read.brands().await?;
        let brands = brands.into_iter().map(|brand| (brand.id, brand.name)).collect();
        filter.cursor = None;
        filter.size = PageSize::try_from(CHUNK).unwrap_or_default();
        let mut table = Table { columns: columns(self, language), rows: Vec::new() };
        loop {
            let page = page(&mut read, &filter).await?;
            let free = MAX_ROWS - table.rows.len();
            let more = page.next.is_some() || page.rows.len() > free;
            let rows = page.rows.into_iter().take(free);
            table.rows.extend(rows.map(|it| cells(self, language, &brands, it)));
            if page.next.is_none() || table.rows.len() == MAX_ROWS {
                return Ok((table, more));
            }
            filter.cursor = page.next;
        }
    }
}

fn columns(core: &Core, language: &LanguageTag) -> Vec<Column> {
    let columns = [
        ("label-name", Kind::Text),
        ("customers-external-id", Kind::Text),
        ("label-email", Kind::Text),
        ("customers-kind", Kind::Text),
        ("label-status", Kind::Text),
        ("customers-brand", Kind::Text),
        ("label-currency", Kind::Text),
        ("customers-debit-limit", Kind::Money),
        ("customers-created", Kind::DateTime),
        ("customers-id", Kind::Text),
    ];
    let column = |(key, kind)| Column::new(core.inner.press.text_in(language, key), kind);
    columns.map(column).to_vec()
}

fn cells(
    core: &Core,
    language: &LanguageTag,
    brands: &HashMap<BrandId, String>,
    it: CustomerSummary,
) -> Vec<Cell> {
    let text = |key| core.inner.press.text_in(language, key);
    vec![
        it.name.into(),
        it.external_id.into(),
        it.email.into(),
        text(kind_key(it.kind)).into(),
        text(status_key(it.status)).into(),
        brands.get(&it.brand_id).cloned().into(),
        it.currency.code().into(),
        Money::new(it.debit_limit_minor, it.currency).into(),
        it.created_at.into(),
        it.id.uuid().to_string().into(),
    ]
}

const fn kind_key(kind: CustomerKind) -> &'static str {
    match kind {
        CustomerKind::Customer => "customer-kind-customer",
        CustomerKind::Carrier => "customer-kind-carrier",
    }
}

const fn status_key(status: CustomerStatus) -> &'static str {
    match status {
        CustomerStatus::Active => "customer-status-active",
        CustomerStatus::Inactive => "customer-status-inactive",
        CustomerStatus::PendingApproval => "customer-status-pending-approval",
    }
}
