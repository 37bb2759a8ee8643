//! Sign-ups that the staff looks at first: the list, yes and no.

use portico_billing::CustomerId;
use portico_billing::account::{Contact, Customer, CustomerStatus};
use portico_billing::permission::Permission;
use portico_billing::text::check_line;
use portico_core_api::Fault;
use portico_store::contact::ContactFilter;
use portico_store::customer::CustomerFilter;
use portico_store::sign_up::SignUp;
use portico_store::{Position, Read};
use serde_json::json;

use super::{confirm, copy};
use crate::audit::Change;
use crate::mail::{self, MailContent, MailMessage};
use crate::operators::StaffError;
use crate::records::customer::{CustomerInput, CustomerRecord};
use crate::records::{After, Record as _, RecordKey, Rejection, Target, Unit};
use crate::{Caller, Core, Failure};

/// Most characters of the reason for a no.
const MAX_REASON: u32 = 500;

/// A customer that waits for the staff.
#[derive(Debug, Clone)]
pub struct WaitingSignUp {
    /// The customer.
    pub customer: Customer,
    /// The person who signed it up.
    pub contact: Option<Contact>,
    /// The name of the brand on whose portal it was.
    pub brand: String,
    /// Where it came from; nothing where the organisation's software made the customer.
    pub address: Option<String>,
    /// Whether it would get what the template has of value. Not so where the person had it
    /// already, or where too many had it lately.
    pub with_value: bool,
}

impl Core {
    /// Customers that wait for the staff, newest first, and where the next page begins.
    ///
    /// # Errors
    /// Where the caller may not decide on them, or the machinery fails.
    pub async fn waiting_sign_ups(
        &self,
        caller: &Caller,
        after: Option<After>,
        limit: u16,
    ) -> Result<(Vec<WaitingSignUp>, Option<After>), StaffError> {
        caller.require(Permission::ApproveSignUps)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let status = Some(CustomerStatus::PendingApproval);
        let filter = CustomerFilter { status, ..CustomerFilter::default() };
        let after = after.map_or(Position::START, After::position);
        let mut customers = read.customers(&filter, after, limit.saturating_add(1)).await?;
        let more = customers.len() > usize::from(limit);
        customers.truncate(usize::from(limit));
        let last = customers.last().filter(|_| more);
        let next = last.map(|it| After { created_at: it.created_at, id: it.id.uuid() });
        let mut waiting = Vec::with_capacity(customers.len());
        for customer in customers {
            waiting.push(with_parts(&mut read, customer).await?);
        }
        Ok((waiting, next))
    }

    /// One of them.
    ///
    /// # Errors
    /// Where the caller may not decide on it, where it does not wait, or the machinery fails.
    pub async fn waiting_sign_up(
        &self,
        caller: &Caller,
        id: CustomerId,
    ) -> Result<WaitingSignUp, StaffError> {
        caller.require(Permission::ApproveSignUps)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let found = read.customer(id).await?.filter(waits).ok_or(StaffError::NotFound)?;
        Ok(with_parts(&mut read, found).await?)
    }

    /// Yes: the customer may use the portal, gets what its template has, and is told.
    ///
    /// # Errors
    /// Where the caller may not decide on it, where it does not wait, or the machinery fails.
    pub async fn approve_sign_up(&self, caller: &Caller, id: CustomerId) -> Result<(), StaffError> {
        caller.require(Permission::ApproveSignUps)?;
        let mut unit = Unit::begin(self, caller).await?;
        let customer = decide(&mut unit, id, CustomerStatus::Active).await?;
        let heir = confirm::heir_of(&mut unit, id).await.map_err(confirm::failure)?;
        let is_first = unit.write.mark_sign_up_copied(id, unit.now).await?;
        let left_out = match heir.filter(|_| is_first) {
            Some(heir) => copy::records(&mut unit, &heir).await.map_err(confirm::failure)?,
            None => Vec::new(),
        };
        let change = Change::new("sign_up.approved").to(&json!({ "left_out": left_out }));
        let change = change.on(id.uuid()).of_customer(id.uuid());
        change.write(self, &mut unit.write, caller).await?;
        tell(&mut unit, &customer, None).await?;
        Ok(unit.commit().await.map_err(confirm::failure)?)
    }

    /// No: the customer stays switched off, and is told why.
    ///
    /// # Errors
    /// Where the caller may not decide on it, where it does not wait, where there is no reason, or
    /// the machinery fails.
    pub async fn refuse_sign_up(
        &self,
        caller: &Caller,
        id: CustomerId,
        reason: &str,
    ) -> Result<(), StaffError> {
        caller.require(Permission::ApproveSignUps)?;
        let reason = checked_reason(reason)?;
        let mut unit = Unit::begin(self, caller).await?;
        let customer = decide(&mut unit, id, CustomerStatus::Inactive).await?;
        let change = Change::new("sign_up.refused").to(&json!({ "reason": reason }));
        let change = change.on(id.uuid()).of_customer(id.uuid());
        change.write(self, &mut unit.write, caller).await?;
        tell(&mut unit, &customer, Some(reason)).await?;
        Ok(unit.commit().await.map_err(confirm::failure)?)
    }
}

fn waits(customer: &Customer) -> bool {
    customer.status == CustomerStatus::PendingApproval
}

fn checked_reason(text: &str) -> Result<String, StaffError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fault = if text.is_empty() {
        Fault::Required
    } else if text.chars().count() > usize::try_from(MAX_REASON).unwrap_or(usize::MAX) {
        Fault::TooLong { max: MAX_REASON }
    } else if check_line(&text).is_err() {
        Fault::BadCharacters
    } else {
        return Ok(text);
    };
    Err(StaffError::field("reason", fault))
}

async fn with_parts(read: &mut Read, customer: Customer) -> Result<WaitingSignUp, Failure> {
    let sign_up: Option<SignUp> = read.sign_up_of(customer.id).await?;
    let brand = read.brand(customer.brand_id).await?.ok_or(Failure::Missing("brand"))?;
    let contact = contacts(read, customer.id).await?.into_iter().next();
    Ok(WaitingSignUp {
        contact,
        brand: brand.name,
        address: sign_up.as_ref().map(|it| it.address.clone()),
        with_value: sign_up.is_some_and(|it| it.had_value),
        customer,
    })
}

async fn contacts(read: &mut Read, customer: CustomerId) -> Result<Vec<Contact>, Failure> {
    let filter = ContactFilter { customer_id: Some(customer), ..ContactFilter::default() };
    Ok(read.contacts(&filter, Position::START, 10).await?)
}

/// Gives a customer that waits its new state; of two who decide at once, one finds that it does
/// not wait any more.
async fn decide(
    unit: &mut Unit<'_>,
    id: CustomerId,
    status: CustomerStatus,
) -> Result<Customer, StaffError> {
    let held = unit.write.customer_for_update(id).await?;
    let customer = held.filter(waits).ok_or(StaffError::NotFound)?;
    let key = RecordKey::new(id.to_string());
    let input = CustomerRecord::as_input(&mut unit.write, &key).await?;
    let input = input.ok_or(Failure::Missing("customer"))?;
    let input = CustomerInput { status: Some(status), ..input };
    let saved = CustomerRecord::save(unit, Target::Existing(key), input).await;
    let _saved = saved.map_err(|rejection: Rejection| confirm::failure(rejection))?;
    Ok(customer)
}

/// Tells those who sign in for the customer what was decided.
async fn tell(
    unit: &mut Unit<'_>,
    customer: &Customer,
    refused: Option<String>,
) -> Result<(), Failure> {
    let brand = unit.write.brand(customer.brand_id).await?.ok_or(Failure::Missing("brand"))?;
    let url = unit.core.portal_url(&brand, "/sign-in");
    let company = customer.name.clone();
    let content = match refused {
        Some(reason) => MailContent::ApprovalRefused { company, reason },
        None => MailContent::ApprovalGranted { url, company },
    };
    for contact in contacts(&mut unit.write, customer.id).await? {
        let message = MailMessage {
            language: mail::language_of(&mut unit.write, &contact, &brand).await?,
            to: contact.email,
            name: contact.name,
            brand_id: brand.id,
            content: content.clone(),
        };
        mail::put(unit.core, &mut unit.write, &message).await?;
    }
    Ok(())
}
