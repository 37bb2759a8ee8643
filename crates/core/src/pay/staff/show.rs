//! One attempt, with all that is stored of it but what is sealed.

use std::collections::HashMap;

use jiff::Timestamp;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::attempt_watch::Standing;
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::permission::Permission;
use portico_billing::{AttemptId, CustomerId, InvoiceId, Money, PaymentId, PaymentMethodId};
use portico_store::audit::AuditFilter;
use portico_store::payment_attempt::PaymentAttempt;
use portico_store::{Position, Read};

use super::list::GatewayName;
use super::notices::{NoticeView, view};
use crate::customers::{Activity, signed};
use crate::operators::StaffError;
use crate::{Caller, Core, Failure};

/// Most notices of an attempt that are shown.
const NOTICES: u16 = 50;
/// Most lines of what the staff did with it.
const LINES: u16 = 50;

/// An attempt as the staff sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptDetail {
    /// Identifier.
    pub id: AttemptId,
    /// What the provider calls it by.
    pub reference: Reference,
    /// Who pays.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// Name of the person who asked for it, where that is known.
    pub contact: Option<String>,
    /// By which gateway.
    pub gateway: GatewayName,
    /// What it is for.
    pub purpose: AttemptPurpose,
    /// How it stands.
    pub state: AttemptState,
    /// What the customer is told of why it failed.
    pub reason: Option<DeclineReason>,
    /// The provider's own word for that; where people have closed it, theirs.
    pub code: Option<String>,
    /// Why what the provider says was not credited.
    pub mismatch: Option<String>,
    /// What is credited.
    pub amount: Money,
    /// What is paid on top of that.
    pub surcharge: Money,
    /// What leaves the customer's account: both.
    pub charged: Money,
    /// What of it is for which invoice.
    pub parts: Vec<AttemptPart>,
    /// The stored method that is charged.
    pub payment_method_id: Option<PaymentMethodId>,
    /// Whether a new method is to be stored.
    pub keeps_method: bool,
    /// What the provider calls it.
    pub handle: Option<String>,
    /// From where it was begun, as it is counted.
    pub network: Option<String>,
    /// Language of the provider's pages, BCP 47.
    pub locale: String,
    /// The portal as the customer saw it.
    pub site: String,
    /// The payment that it became.
    pub payment_id: Option<PaymentId>,
    /// When it began.
    pub begun_at: Timestamp,
    /// When the provider is asked again.
    pub next_look_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// As far as it decides whether somebody has to look at it.
    pub standing: Standing,
}

/// What of an attempt is for one invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptPart {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its number.
    pub number: Option<String>,
    /// How much.
    pub amount: Money,
}

/// What happened around an attempt.
#[derive(Debug, Clone)]
pub struct AttemptHistory {
    /// What the provider told of it, newest first.
    pub notices: Vec<NoticeView>,
    /// What the staff did with it, newest first.
    pub deeds: Vec<Activity>,
}

impl Core {
    /// One attempt.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or where the machinery fails.
    pub async fn payment_attempt(
        &self,
        caller: &Caller,
        id: AttemptId,
    ) -> Result<AttemptDetail, StaffError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let it = read.payment_attempt(id).await?.ok_or(StaffError::NotFound)?;
        Ok(detail(&mut read, it).await?)
    }

    /// What happened around an attempt.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or where the machinery fails.
    pub async fn payment_attempt_history(
        &self,
        caller: &Caller,
        id: AttemptId,
    ) -> Result<AttemptHistory, StaffError> {
        caller.require(Permission::Read)?;
        let now = self.now();
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        read.payment_attempt(id).await?.ok_or(StaffError::NotFound)?;
        let notices = read.notices_of_attempt(id, NOTICES).await?;
        let filter = AuditFilter { subject: Some(id.uuid()), ..AuditFilter::default() };
        let entries = read.audit_entries(filter, Position::START, LINES).await?;
        Ok(AttemptHistory {
            notices: notices.into_iter().map(|it| view(it, now)).collect(),
            deeds: signed(&mut read, caller, entries).await?,
        })
    }
}

/// The attempt with the names of what it refers to.
pub(super) async fn detail(read: &mut Read, it: PaymentAttempt) -> Result<AttemptDetail, Failure> {
    let customer = read.customer(it.customer_id).await?.ok_or(Failure::Missing("customer"))?;
    let gateway = read.gateway(it.gateway_id).await?.ok_or(Failure::Missing("gateway"))?;
    let contact = match it.contact_id {
        Some(id) => read.contact(id).await?.map(|contact| contact.name),
        None => None,
    };
    let network = read.network_of_attempt(it.id).await?;
    let ids: Vec<InvoiceId> = it.parts.iter().map(|(id, _)| *id).collect();
    let numbers: HashMap<InvoiceId, Option<String>> =
        read.invoice_numbers(&ids).await?.into_iter().collect();
    let money = |minor| Money::new(minor, it.amount.currency());
    let part = |(id, minor): &(InvoiceId, i64)| AttemptPart {
        invoice_id: *id,
        number: numbers.get(id).cloned().flatten(),
        amount: money(*minor),
    };
    let parts = it.parts.iter().map(part).collect();
    let (surcharge, charged) = (money(it.surcharge_minor), it.charged());
    let (reference, standing) = (it.reference(), it.standing());
    let (reason, code) = it.decline.unzip();
    Ok(AttemptDetail {
        id: it.id,
        reference,
        customer_id: it.customer_id,
        customer_name: customer.name,
        contact,
        gateway: gateway.into(),
        purpose: it.purpose,
        state: it.state,
        reason,
        code,
        mismatch: it.mismatch,
        amount: it.amount,
        surcharge,
        charged,
        parts,
        payment_method_id: it.payment_method_id,
        keeps_method: it.keeps_method,
        handle: it.handle,
        network,
        locale: it.locale,
        site: it.site,
        payment_id: it.payment_id,
        begun_at: it.begun_at,
        next_look_at: it.next_look_at,
        updated_at: it.updated_at,
        standing,
    })
}
