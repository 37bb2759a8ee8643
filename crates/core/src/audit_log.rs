//! The audit log as people read it: with names instead of identifiers, and as a file.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use portico_billing::LanguageTag;
use portico_billing::permission::Permission;
use portico_core_api::{Export, Refusal, TableFormat};
use portico_documents::table::{Cell, Column, Kind, Table};
use portico_store::audit::{AuditEntry, AuditFilter};
use portico_store::{Position, Read};
use serde_json::Value;
use uuid::Uuid;

use crate::export::{MAX_ROWS, write_list};
use crate::operators::StaffError;
use crate::records::After;
use crate::{Caller, Core, Failure};

/// Rows that are read at a time for a file.
const CHUNK: u16 = 1_000;
/// Lines about somebody who was removed that are looked at for its name.
const LAST_LINES: u16 = 20;

/// Which lines are asked for: those that fit all that is named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// About this record.
    pub subject: Option<Uuid>,
    /// That concern this customer.
    pub customer: Option<Uuid>,
    /// Of what this operator or key did.
    pub actor: Option<Uuid>,
}

impl From<AuditQuery> for AuditFilter {
    fn from(it: AuditQuery) -> Self {
        Self { subject: it.subject, customer: it.customer, actor: it.actor }
    }
}

/// Somebody who may have acted, to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditActor {
    /// The record.
    pub id: Uuid,
    /// `operator` or `api_key`.
    pub kind: &'static str,
    /// The name.
    pub name: String,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditLine {
    /// Identifier.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// `operator`, `api_key`, `contact` or `system`.
    pub actor_kind: String,
    /// Its record, where it has one.
    pub actor_id: Option<Uuid>,
    /// Its name, where it has one.
    pub actor: Option<String>,
    /// Where it came from.
    pub address: Option<String>,
    /// Noun and verb: `brand.updated`.
    pub action: String,
    /// The record.
    pub subject_id: Option<Uuid>,
    /// Its name, where it is an operator or a key.
    pub subject: Option<String>,
    /// The customer that it concerns.
    pub customer_id: Option<Uuid>,
    /// The fields that changed, as they were.
    pub before: Option<Value>,
    /// The same as they became.
    pub after: Option<Value>,
}

impl Core {
    /// Lines of the log, newest first, and where the next page begins.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn audit_log(
        &self,
        caller: &Caller,
        query: AuditQuery,
        (after, limit): (Option<After>, u16),
    ) -> Result<(Vec<AuditLine>, Option<After>), StaffError> {
        caller.require(Permission::ReadAudit)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let after = after.map_or(Position::START, After::position);
        let mut entries = read.audit_entries(query.into(), after, limit.saturating_add(1)).await?;
        let more = entries.len() > usize::from(limit);
        entries.truncate(usize::from(limit));
        let last = entries.last().filter(|_| more);
        let next = last.map(|last| After { created_at: last.at, id: last.id.uuid() });
        let names = Names::of(&mut read, &entries).await?;
        Ok((entries.into_iter().map(|entry| names.line(entry)).collect(), next))
    }

    /// Who may have acted: the organisation's operators and keys.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn audit_actors(&self, caller: &Caller) -> Result<Vec<AuditActor>, StaffError> {
        caller.require(Permission::ReadAudit)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let operators = read.operators().await?.into_iter();
        let mut actors: Vec<AuditActor> = operators
            .map(|it| AuditActor { id: it.id.uuid(), kind: "operator", name: it.name })
            .collect();
        let keys = read.api_keys().await?.into_iter();
        actors.extend(keys.map(|it| AuditActor {
            id: it.id.uuid(),
            kind: "api_key",
            name: it.name,
        }));
        Ok(actors)
    }

    /// The same as a file.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn export_audit_log(
        &self,
        caller: &Caller,
        query: AuditQuery,
        language: &LanguageTag,
    ) -> Result<Export, StaffError> {
        let mut table = Table { columns: self.audit_columns(language), rows: Vec::new() };
        let mut after = None;
        let truncated = loop {
            let (lines, next) = self.audit_log(caller, query, (after, CHUNK)).await?;
            let free = MAX_ROWS - table.rows.len();
            let more = next.is_some() || lines.len() > free;
            table.rows.extend(lines.into_iter().take(free).map(cells));
            if next.is_none() || table.rows.len() == MAX_ROWS {
                break more;
            }
            after = next;
        };
        let all = (table, truncated);
        write_list(self, ("audit-log", language), all, TableFormat::Csv).await.map_err(failed)
    }

    fn audit_columns(&self, language: &LanguageTag) -> Vec<Column> {
        let text = |key, kind| Column::new(self.inner.press.text_in(language, key), kind);
        vec![
            text("audit-when", Kind::DateTime),
            text("audit-who-kind", Kind::Text),
            text("audit-who", Kind::Text),
            text("audit-who-id", Kind::Text),
            text("audit-address", Kind::Text),
            text("audit-action", Kind::Text),
            text("audit-subject", Kind::Text),
            text("audit-customer", Kind::Text),
            text("audit-before", Kind::Text),
            text("audit-after", Kind::Text),
        ]
    }
}

fn failed(refusal: Refusal) -> StaffError {
    Failure::Document(refusal.to_string()).into()
}

fn cells(it: AuditLine) -> Vec<Cell> {
    let id = |id: Option<Uuid>| id.map_or(Cell::Empty, |id| Cell::Text(id.to_string()));
    let json = |value: Option<Value>| value.map_or(Cell::Empty, |it| Cell::Text(it.to_string()));
    vec![
        Cell::DateTime(it.at),
        Cell::Text(it.actor_kind),
        it.actor.map_or(Cell::Empty, Cell::Text),
        id(it.actor_id),
        it.address.map_or(Cell::Empty, Cell::Text),
        Cell::Text(it.action),
        id(it.subject_id),
        id(it.customer_id),
        json(it.before),
        json(it.after),
    ]
}

/// Names of operators and keys.
struct Names(HashMap<Uuid, String>);

impl Names {
    async fn of(read: &mut Read, entries: &[AuditEntry]) -> Result<Self, Failure> {
        let mut names = HashMap::new();
        let wanted: HashSet<Uuid> =
            entries.iter().flat_map(|entry| [entry.actor_id, entry.subject_id]).flatten().collect();
        if wanted.is_empty() {
            return Ok(Self(names));
        }
        let operators = read.operators().await?.into_iter();
        names.extend(operators.map(|it| (it.id.uuid(), it.name)));
        let keys = read.api_keys().await?.into_iter();
        names.extend(keys.map(|it| (it.id.uuid(), it.name)));
        let brands = read.brands().await?.into_iter();
        names.extend(brands.map(|it| (it.id.uuid(), it.name)));
        for entry in entries.iter().filter(|entry| entry.actor_kind == "operator") {
            let Some(id) = entry.actor_id.filter(|id| !names.contains_key(id)) else { continue };
            if let Some(name) = last_name(read, id).await? {
                names.insert(id, name);
            }
        }
        Ok(Self(names))
    }

    fn line(&self, entry: AuditEntry) -> AuditLine {
        let name = |id: Option<Uuid>| id.and_then(|id| self.0.get(&id).cloned());
        AuditLine {
            id: entry.id.uuid(),
            at: entry.at,
            actor: name(entry.actor_id),
            actor_kind: entry.actor_kind.into_owned(),
            actor_id: entry.actor_id,
            address: entry.address,
            action: entry.action.into_owned(),
            subject: name(entry.subject_id),
            subject_id: entry.subject_id,
            customer_id: entry.customer_id,
            before: entry.before,
            after: entry.after,
        }
    }
}

/// The name of an operator who was removed: the line that says so has it.
async fn last_name(read: &mut Read, id: Uuid) -> Result<Option<String>, Failure> {
    let about = AuditFilter { subject: Some(id), ..AuditFilter::default() };
    let lines = read.audit_entries(about, Position::START, LAST_LINES).await?;
    let removed = lines.into_iter().find(|line| line.action == "operator.removed");
    let before = removed.and_then(|line| line.before);
    Ok(before.and_then(|before| before.get("name")?.as_str().map(str::to_owned)))
}
