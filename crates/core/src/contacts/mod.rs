//! What the staff does for contacts beside changing their records.

mod password_link;
mod temporary_password;

use portico_billing::ContactId;
use portico_billing::account::{Contact, Customer, CustomerStatus};
use portico_billing::brand::Brand;
use portico_store::Write;

pub use temporary_password::{NewTemporaryPassword, PasswordPosting};

use crate::Failure;

/// A contact that is written to, and the brand that writes.
struct Addressee {
    contact: Contact,
    brand: Brand,
    /// Whether it can sign in at all.
    may_sign_in: bool,
}

impl Addressee {
    /// The contact, held until the unit of work ends; nothing where there is none. Its customer is
    /// held with it and before it: whoever switches that off makes void what is given here.
    async fn hold(write: &mut Write, id: ContactId) -> Result<Option<Self>, Failure> {
        let Some(found) = write.contact(id).await? else { return Ok(None) };
        let customer = write.customer_for_update(found.customer_id).await?;
        let customer = customer.ok_or(Failure::Missing("customer"))?;
        let Some(contact) = write.contact_for_update(id).await? else { return Ok(None) };
        let brand = write.brand(customer.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        let may_sign_in = may_sign_in(&contact, &customer);
        Ok(Some(Self { contact, brand, may_sign_in }))
    }
}

fn may_sign_in(contact: &Contact, customer: &Customer) -> bool {
    contact.disabled_at.is_none() && customer.status == CustomerStatus::Active
}
