//! Attempts as a table.

use std::collections::HashMap;

use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::page::PageSize;
use portico_billing::permission::Permission;
use portico_billing::{GatewayId, LanguageTag};
use portico_core_api::{Export, Refusal, TableFormat};
use portico_documents::table::{Cell, Column, Kind, Table};
use portico_store::attempt_list::AttemptSummary;

use super::list::{AttemptQuery, GatewayName, filter};
use crate::export::{MAX_ROWS, write_list};
use crate::operators::StaffError;
use crate::{Caller, Core, Failure};

/// Rows that are read at a time.
const CHUNK: u16 = 200;

impl Core {
    /// What the query finds, up to 10,000 rows, with heads in `language`.
    ///
    /// # Errors
    /// `NotPermitted` where the caller may not; where too many tables are being written; where the
    /// machinery fails.
    pub async fn export_payment_attempts(
        &self,
        caller: &Caller,
        query: AttemptQuery,
        (language, format): (&LanguageTag, TableFormat),
    ) -> Result<Export, Refusal> {
        let all = all(self, caller, query, language).await;
        let all = all.map_err(|error| match error {
            StaffError::Failure(failure) => failure.into(),
            _ => Refusal::NotPermitted,
        })?;
        write_list(self, ("payment-attempts", language), all, format).await
    }
}

async fn all(
    core: &Core,
    caller: &Caller,
    query: AttemptQuery,
    language: &LanguageTag,
) -> Result<(Table, bool), StaffError> {
    caller.require(Permission::Read)?;
    let mut read = core.inner.store.read(caller.organisation_id).await?;
    let names = read.gateways().await?.into_iter().map(GatewayName::from);
    let names: HashMap<GatewayId, GatewayName> = names.map(|it| (it.id, it)).collect();
    let mut filter = filter(&mut read, query, core.now()).await?;
    (filter.after, filter.cursor) = (None, None);
    filter.size = PageSize::try_from(CHUNK).unwrap_or_default();
    let mut table = Table { columns: columns(core, language), rows: Vec::new() };
    loop {
        let page = read.attempt_page(&filter).await.map_err(Failure::from)?;
        let free = MAX_ROWS - table.rows.len();
        let more = page.next.is_some() || page.rows.len() > free;
        let rows = page.rows.into_iter().take(free);
        table.rows.extend(rows.map(|it| cells(core, language, &names, it)));
        if page.next.is_none() || table.rows.len() == MAX_ROWS {
            return Ok((table, more));
        }
        filter.cursor = page.next;
    }
}

fn columns(core: &Core, language: &LanguageTag) -> Vec<Column> {
    let columns = [
        ("payment-attempts-begun", Kind::DateTime),
        ("label-customer", Kind::Text),
        ("customers-id", Kind::Text),
        ("payment-attempts-gateway", Kind::Text),
        ("payment-attempts-purpose", Kind::Text),
        ("label-status", Kind::Text),
        ("label-amount", Kind::Money),
        ("payment-attempts-charged", Kind::Money),
        ("label-currency", Kind::Text),
        ("payment-attempts-reason", Kind::Text),
        ("payment-attempts-code", Kind::Text),
        ("payment-attempts-mismatch", Kind::Text),
        ("label-reference", Kind::Text),
        ("payment-attempts-handle", Kind::Text),
        ("payment-attempts-payment", Kind::Text),
        ("payment-attempts-id", Kind::Text),
    ];
    let column = |(key, kind)| Column::new(core.inner.press.text_in(language, key), kind);
    columns.map(column).to_vec()
}

fn cells(
    core: &Core,
    language: &LanguageTag,
    names: &HashMap<GatewayId, GatewayName>,
    it: AttemptSummary,
) -> Vec<Cell> {
    let text = |key| core.inner.press.text_in(language, key);
    let (charged, reference) = (it.charged(), it.reference().to_string());
    let (reason, code) = it.decline.unzip();
    vec![
        it.begun_at.into(),
        it.customer_name.into(),
        it.customer_id.uuid().to_string().into(),
        names.get(&it.gateway_id).map(|gateway| gateway.name.clone()).into(),
        text(purpose_key(it.purpose)).into(),
        text(state_key(it.state)).into(),
        it.amount.into(),
        charged.into(),
        it.amount.currency().code().into(),
        reason.map(|reason| reason.as_str()).into(),
        code.into(),
        it.mismatch.into(),
        reference.into(),
        it.handle.into(),
        it.payment_id.map(|id| id.uuid().to_string()).into(),
        it.id.uuid().to_string().into(),
    ]
}

const fn purpose_key(purpose: AttemptPurpose) -> &'static str {
    match purpose {
        AttemptPurpose::Pay => "attempt-purpose-pay",
        AttemptPurpose::Refill => "attempt-purpose-refill",
    }
}

const fn state_key(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Created => "attempt-state-created",
        AttemptState::Sent => "attempt-state-sent",
        AttemptState::NeedsAction => "attempt-state-needs-action",
        AttemptState::Processing => "attempt-state-processing",
        AttemptState::Unknown => "attempt-state-unknown",
        AttemptState::Succeeded => "attempt-state-succeeded",
        AttemptState::Failed => "attempt-state-failed",
    }
}
