//! The audit log: each change with who, when, from where, before and after, written in the
//! transaction of the change.

use std::borrow::Cow;

use portico_billing::AuditEntryId;
use portico_store::audit::AuditEntry;
use portico_store::{StoreError, Write};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{Caller, Core};

/// One change, as it is written into the log.
pub(crate) struct Change {
    action: Cow<'static, str>,
    subject_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    before: Option<Value>,
    after: Option<Value>,
}

impl Change {
    /// What was done: noun and verb, `brand.updated`.
    pub(crate) fn new(action: impl Into<Cow<'static, str>>) -> Self {
        let action = action.into();
        Self { action, subject_id: None, customer_id: None, before: None, after: None }
    }

    /// The record that it was done to.
    pub(crate) fn on(self, subject_id: Uuid) -> Self {
        Self { subject_id: Some(subject_id), ..self }
    }

    /// The customer whose portal it concerns.
    pub(crate) fn of_customer(self, customer_id: Uuid) -> Self {
        Self { customer_id: Some(customer_id), ..self }
    }

    /// What came of it. Never a secret: pass what people are shown.
    pub(crate) fn to(self, after: &impl Serialize) -> Self {
        Self { after: serde_json::to_value(after).ok(), ..self }
    }

    /// What it was and what it became; of both the fields that differ are kept, and of amounts the
    /// currency.
    pub(crate) fn changed(self, before: &impl Serialize, after: &impl Serialize) -> Self {
        let (mut before, mut after) =
            (serde_json::to_value(before).ok(), serde_json::to_value(after).ok());
        if let (Some(Value::Object(before)), Some(Value::Object(after))) = (&mut before, &mut after)
        {
            let currency = after.get("currency").cloned();
            drop_equal(before, after);
            if let Some(currency) = currency
                && [&*before, &*after].into_iter().any(has_amount)
            {
                after.insert("currency".to_owned(), currency);
            }
        }
        Self { before, after, ..self }
    }

    /// Leaves out a field that says nothing by itself.
    pub(crate) fn without(mut self, field: &str) -> Self {
        for side in [&mut self.before, &mut self.after] {
            if let Some(Value::Object(fields)) = side {
                fields.shift_remove(field);
            }
        }
        self
    }

    /// The line that says so.
    pub(crate) fn by(self, core: &Core, caller: &Caller) -> AuditEntry {
        let at = core.now();
        AuditEntry {
            id: AuditEntryId::new(at, core.id_bytes()),
            at,
            actor_kind: caller.who.kind().into(),
            actor_id: caller.who.id(),
            address: caller.address.map(|address| address.to_string()),
            action: self.action,
            subject_id: self.subject_id,
            customer_id: self.customer_id,
            before: self.before,
            after: self.after,
        }
    }

    /// Writes it down.
    pub(crate) async fn write(
        self,
        core: &Core,
        write: &mut Write,
        caller: &Caller,
    ) -> Result<(), StoreError> {
        write.insert_audit_entries(&[self.by(core, caller)]).await
    }
}

fn drop_equal(before: &mut Map<String, Value>, after: &mut Map<String, Value>) {
    before.retain(|key, value| {
        let same = after.get(key) == Some(value);
        if same {
            after.remove(key);
        }
        !same
    });
}

/// Whether one of the fields, or of those in it, is an amount.
fn has_amount(fields: &Map<String, Value>) -> bool {
    let within = |value: &Value| match value {
        Value::Object(fields) => has_amount(fields),
        Value::Array(rows) => rows.iter().filter_map(Value::as_object).any(has_amount),
        _ => false,
    };
    fields.iter().any(|(name, value)| name.ends_with("_minor") || within(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_keeps_what_differs() {
        let change = Change::new("brand.updated").changed(
            &json!({"name": "Acme", "hosts": ["a"], "footer": null}),
            &json!({"name": "Acme Ltd", "hosts": ["a"], "footer": null}),
        );
        assert_eq!(change.before, Some(json!({"name": "Acme"})));
        assert_eq!(change.after, Some(json!({"name": "Acme Ltd"})));
    }

    #[test]
    fn an_amount_keeps_its_currency() {
        let with = |amount: i64, note: &str| {
            let items = json!([{"price_minor": amount}]);
            json!({"currency": "EUR", "note": note, "items": items})
        };
        let change = Change::new("payment.updated").changed(&with(1, "a"), &with(2, "a"));
        assert_eq!(change.before, Some(json!({"items": [{"price_minor": 1}]})));
        let after = json!({"items": [{"price_minor": 2}], "currency": "EUR"});
        assert_eq!(change.after, Some(after));
        let change = Change::new("payment.updated").changed(&with(1, "a"), &with(1, "b"));
        assert_eq!(change.after, Some(json!({"note": "b"})));
    }
}
