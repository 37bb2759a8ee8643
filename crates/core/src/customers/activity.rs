//! What was done to a customer, and by whom.

use std::collections::HashMap;

use portico_billing::permission::Permission;
use portico_billing::{CustomerId, OperatorId};
use portico_store::Read;
use portico_store::audit::{AuditEntry, AuditFilter};
use uuid::Uuid;

use crate::records::{After, Rejection};
use crate::{Caller, Core, Failure};

/// One line of a customer's history.
#[derive(Debug, Clone)]
pub struct Activity {
    /// The line of the audit log.
    pub entry: AuditEntry,
    /// The operator's name, where one did it.
    pub operator: Option<String>,
}

impl Core {
    /// What was done to a customer and to what belongs to it, newest first, and where the next page
    /// begins. Before and after are for those who may read the audit log.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customer_activity(
        &self,
        caller: &Caller,
        id: CustomerId,
        (after, limit): (Option<After>, u16),
    ) -> Result<(Vec<Activity>, Option<After>), Rejection> {
        let mut read = self.read_as(caller).await?;
        let after = after.map_or(portico_store::Position::START, After::position);
        let filter = AuditFilter { customer: Some(id.uuid()), ..AuditFilter::default() };
        let mut entries = read.audit_entries(filter, after, limit + 1).await?;
        let more = entries.len() > usize::from(limit);
        entries.truncate(usize::from(limit));
        let next = entries
            .last()
            .filter(|_| more)
            .map(|last| After { created_at: last.at, id: last.id.uuid() });
        Ok((signed(&mut read, caller, entries).await?, next))
    }
}

/// The entries with the names of who acted. Before and after are for those who may read the audit
/// log.
pub(crate) async fn signed(
    read: &mut Read,
    caller: &Caller,
    entries: Vec<AuditEntry>,
) -> Result<Vec<Activity>, Failure> {
    let may_see_all = caller.permissions.has(Permission::ReadAudit);
    let names = names(read, &entries).await?;
    let line = |mut entry: AuditEntry| {
        if !may_see_all {
            (entry.before, entry.after, entry.address) = (None, None, None);
        }
        let operator = entry.actor_id.and_then(|id| names.get(&id).cloned());
        Activity { entry, operator }
    };
    Ok(entries.into_iter().map(line).collect())
}

/// The names of the operators among those who acted.
async fn names(read: &mut Read, entries: &[AuditEntry]) -> Result<HashMap<Uuid, String>, Failure> {
    let mut names = HashMap::new();
    for entry in entries.iter().filter(|entry| entry.actor_kind == "operator") {
        let Some(id) = entry.actor_id.filter(|id| !names.contains_key(id)) else { continue };
        let found = read.operator(OperatorId::from(id)).await?;
        names.insert(id, found.map_or_else(String::new, |operator| operator.name));
    }
    Ok(names)
}
