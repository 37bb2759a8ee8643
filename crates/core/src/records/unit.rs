//! The unit of work that records are saved in.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::account::Customer;
use portico_billing::invoice::{Invoice, InvoiceBody};
use portico_billing::ledger::{Booking, Posting};
use portico_billing::permission::Permission;
use portico_billing::totals::{Contribution, Month, Sums};
use portico_billing::{Currency, CustomerId, EventId, ExternalId, InvoiceId};
use portico_store::audit::AuditEntry;
use portico_store::event::Event;
use portico_store::{StoreError, Write};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{RecordKey, Rejection};
use crate::audit::Change;
use crate::{Caller, Core, Failure, Forbidden, Who};

/// One transaction on the data of one tenant, with what saving needs beside it. In a batch many
/// records share it, and what was looked up for one is there for the next.
pub struct Unit<'a> {
    /// The core: randomness, sealing, passwords.
    pub(crate) core: &'a Core,
    caller: Caller,
    /// The transaction.
    pub(crate) write: Write,
    /// The time of the whole unit.
    pub(crate) now: Timestamp,
    today: Option<Date>,
    customers: HashMap<RecordKey, Customer>,
    /// External ids that no invoice has.
    unused: HashSet<ExternalId>,
    pending: Pending,
}

/// What is written by few statements when the unit commits, or before anything reads it.
#[derive(Default)]
struct Pending {
    invoices: Vec<Invoice>,
    bodies: Vec<(InvoiceId, InvoiceBody)>,
    totals: BTreeMap<(CustomerId, Currency, Month), Sums>,
    postings: Vec<(CustomerId, Posting)>,
    events: Vec<Event>,
    audit: Vec<AuditEntry>,
}

impl<'a> Unit<'a> {
    pub(crate) async fn begin(core: &'a Core, caller: &Caller) -> Result<Self, Failure> {
        let write = core.inner.store.write(caller.organisation_id).await?;
        Ok(Self {
            core,
            caller: *caller,
            write,
            now: core.now(),
            today: None,
            customers: HashMap::new(),
            unused: HashSet::new(),
            pending: Pending::default(),
        })
    }

    /// Writes what is pending, and makes it all last.
    ///
    /// # Errors
    /// `Invalid` where a customer's totals would become too large, `Conflict` where another invoice
    /// has the number of one; nothing was changed then.
    pub(crate) async fn commit(mut self) -> Result<(), Rejection> {
        self.flush_invoices().await?;
        for ((customer, currency, month), sums) in std::mem::take(&mut self.pending.totals) {
            self.write.add_to_totals(customer, Contribution { currency, month, sums }).await?;
        }
        let postings = std::mem::take(&mut self.pending.postings);
        self.write.post(postings, self.now).await?;
        self.write.insert_events(&self.pending.events).await?;
        self.write.insert_audit_entries(&self.pending.audit).await?;
        Ok(self.write.commit().await?)
    }

    /// Notes that something happened to a record: `kind` is noun and verb, `invoice.created`. It
    /// goes into the audit log as well.
    pub(crate) fn event(
        &mut self,
        kind: impl Into<Cow<'static, str>>,
        subject_id: Uuid,
        data: Value,
    ) {
        let kind = kind.into();
        let change = Change::new(kind.clone()).to(&data);
        self.note(kind, subject_id, data, change);
    }

    /// The same of a record that was there: the audit log tells what it was and what it became.
    pub(crate) fn change(
        &mut self,
        kind: impl Into<Cow<'static, str>>,
        subject_id: Uuid,
        data: Value,
        (before, after): (&impl Serialize, &impl Serialize),
    ) {
        let kind = kind.into();
        let change = Change::new(kind.clone()).changed(before, after).without("updated_at");
        self.note(kind, subject_id, data, change);
    }

    fn note(&mut self, kind: Cow<'static, str>, subject_id: Uuid, data: Value, change: Change) {
        let id = EventId::new(self.now, self.id_bytes());
        let mut change = change.on(subject_id);
        let customer = data.get("customer_id").and_then(Value::as_str);
        if let Some(customer) = customer.and_then(|id| id.parse::<CustomerId>().ok()) {
            change = change.of_customer(customer.uuid());
        }
        self.pending.audit.push(change.by(self.core, &self.caller));
        self.pending.events.push(Event { id, kind, subject_id, data, created_at: self.now });
    }

    /// Replaces what a document stood for in its customer's books (nothing where it is new) by what
    /// it stands for now.
    pub(crate) fn book(&mut self, customer: CustomerId, before: Option<&Booking>, after: &Booking) {
        self.add_to_totals(customer, after.contribution, after.contribution.sums);
        if let Some(Booking { contribution, .. }) = before {
            let taken = Sums::default().minus(contribution.sums);
            self.add_to_totals(customer, *contribution, taken);
        }
        self.pending.postings.push((customer, after.posting(before, self.now)));
    }

    fn add_to_totals(&mut self, customer: CustomerId, of: Contribution, sums: Sums) {
        let total = self.pending.totals.entry((customer, of.currency, of.month)).or_default();
        *total = total.plus(sums);
    }

    /// Looks up at once which of these external ids no invoice has.
    pub(crate) async fn expect_invoices(&mut self, ids: &[ExternalId]) -> Result<(), StoreError> {
        let used = self.write.external_ids_of_invoices(ids).await?;
        self.unused.extend(ids.iter().cloned());
        for id in &used {
            self.unused.remove(id);
        }
        Ok(())
    }

    /// Whether it is known that no invoice has this external id.
    pub(crate) fn is_unused_by_invoices(&self, id: &ExternalId) -> bool {
        self.unused.contains(id)
    }

    /// Adds a new invoice with its body.
    pub(crate) fn insert_invoice(&mut self, invoice: Invoice, body: InvoiceBody) {
        if let Some(id) = &invoice.external_id {
            self.unused.remove(id);
        }
        self.pending.bodies.push((invoice.id, body));
        self.pending.invoices.push(invoice);
    }

    /// The body of an invoice, which may be one of this unit.
    pub(crate) async fn invoice_body(&mut self, id: InvoiceId) -> Result<InvoiceBody, Rejection> {
        self.flush_invoices().await?;
        Ok(self.write.invoice_body(id).await?)
    }

    /// Writes the new invoices: from here on look-ups find them.
    pub(crate) async fn flush_invoices(&mut self) -> Result<(), Rejection> {
        let invoices = std::mem::take(&mut self.pending.invoices);
        let written = self.write.insert_invoices(&invoices).await;
        written.map_err(|error| super::invoice::in_use(error, invoices.first()))?;
        let bodies = std::mem::take(&mut self.pending.bodies);
        Ok(self.write.insert_invoice_bodies(&bodies).await?)
    }

    /// The day it is for the organisation.
    pub(crate) async fn today(&mut self) -> Result<Date, Failure> {
        if let Some(today) = self.today {
            return Ok(today);
        }
        let today = self.core.today_of(&mut self.write).await?;
        self.today = Some(today);
        Ok(today)
    }

    /// Who acts.
    pub(crate) const fn who(&self) -> Who {
        self.caller.who
    }

    /// Refuses who may not.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Forbidden> {
        self.caller.require(permission)
    }

    /// Ten random bytes for an identifier.
    pub(crate) fn id_bytes(&self) -> [u8; 10] {
        self.core.id_bytes()
    }

    /// The customer that `key` names, looked up once per unit.
    pub(crate) async fn customer(
        &mut self,
        field: &str,
        key: &RecordKey,
    ) -> Result<Customer, Rejection> {
        if let Some(known) = self.customers.get(key) {
            return Ok(known.clone());
        }
        let found = super::customer::load(&mut self.write, key).await?;
        let customer = found.ok_or_else(|| {
            Rejection::field(
                field,
                format!("no customer has the id or external id `{}`", key.as_str()),
            )
        })?;
        self.customers.insert(key.clone(), customer.clone());
        Ok(customer)
    }

    /// Forgets what was looked up of customers, after one of them changed.
    pub(crate) fn forget_customers(&mut self) {
        self.customers.clear();
    }
}
