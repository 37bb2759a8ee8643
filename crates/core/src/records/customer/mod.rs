//! Customers as the organisation's software sends and reads them.

mod access;
mod input;

use jiff::Timestamp;
use portico_billing::account::{Customer, CustomerKind, CustomerStatus};
use portico_billing::permission::Permission;
use portico_billing::{BrandId, Currency, CustomerId, ExternalId, Metadata};
use portico_store::Read;
use portico_store::customer::CustomerFilter as StoreFilter;
use portico_store::hold::Held;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub use access::PortalAccessInput;
pub use input::CustomerInput;
use input::Defaults;

use super::address::{AddressInput, TaxIdInput};
use super::faults::Faults;
use super::refer;
use super::{After, Outcome, Record, RecordKey, Rejection, Saved, Target, Unit};
use crate::Failure;

/// Customers.
#[derive(Debug)]
pub struct CustomerRecord;

/// A customer, as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerOutput {
    /// Identifier.
    #[schema(value_type = String, example = "cus_0196d8a2f1c07d0b8a6b1c2d3e4f5061")]
    pub id: CustomerId,
    /// The organisation's own identifier.
    #[schema(value_type = Option<String>)]
    pub external_id: Option<ExternalId>,
    /// The brand on whose portal its contacts sign in.
    #[schema(value_type = String)]
    pub brand_id: BrandId,
    /// `customer` or `carrier`.
    #[schema(value_type = String)]
    pub kind: CustomerKind,
    /// Name in use.
    pub name: String,
    /// Company as registered.
    pub legal_name: Option<String>,
    /// Number in the commercial register.
    pub registration_number: Option<String>,
    /// Billing e-mail.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Language of mails and of the portal where the contact chose none.
    pub language: Option<String>,
    /// IANA time zone where the contact chose none.
    pub time_zone: Option<String>,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// `active`, `inactive` or `pending_approval`.
    #[schema(value_type = String)]
    pub status: CustomerStatus,
    /// How far below zero the balance may go, in minor units of `currency`.
    pub debit_limit_minor: i64,
    /// Where invoices go.
    pub billing_address: AddressInput,
    /// Where goods go.
    pub shipping_address: AddressInput,
    /// Tax identifiers.
    pub tax_ids: Vec<TaxIdInput>,
    /// Sections of the portal that it sees or does not see, whatever its brand says.
    pub portal_access: PortalAccessInput,
    /// What your staff notes down.
    pub notes: Option<String>,
    /// Your own data.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub metadata: Metadata,
    /// When it became a customer.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the record last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl From<Customer> for CustomerOutput {
    fn from(customer: Customer) -> Self {
        Self {
            id: customer.id,
            external_id: customer.external_id,
            brand_id: customer.brand_id,
            kind: customer.kind,
            name: customer.name,
            legal_name: customer.legal_name,
            registration_number: customer.registration_number,
            email: customer.email.map(|email| email.to_string()),
            phone: customer.phone,
            language: customer.language.map(|tag| tag.to_string()),
            time_zone: customer.time_zone,
            currency: customer.currency,
            status: customer.status,
            debit_limit_minor: customer.debit_limit_minor,
            billing_address: AddressInput::of(&customer.billing_address),
            shipping_address: AddressInput::of(&customer.shipping_address),
            tax_ids: TaxIdInput::all_of(&customer.tax_ids),
            portal_access: PortalAccessInput::of(&customer.access),
            notes: customer.notes,
            metadata: customer.metadata,
            created_at: customer.created_at,
            updated_at: customer.updated_at,
        }
    }
}

/// Which customers.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustomerFilter {
    /// With this billing e-mail address alone.
    pub email: Option<String>,
    /// In this state alone: `active`, `inactive`, `pending_approval`.
    #[param(value_type = Option<String>)]
    pub status: Option<CustomerStatus>,
}

impl Record for CustomerRecord {
    const PLURAL: &'static str = "customers";
    const SINGULAR: &'static str = "customer";
    const EDITED_WITH: Permission = Permission::EditCustomers;
    const HELD: Held = Held::Customer;
    type Input = CustomerInput;
    type Output = CustomerOutput;
    type Filter = CustomerFilter;

    async fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: CustomerInput,
    ) -> Result<Saved<CustomerOutput>, Rejection> {
        let mut faults = Faults::default();
        let before = existing(unit, &target, &input).await?;
        let defaults = defaults(unit, before.as_ref(), &input, &mut faults).await?;
        let after = input.check(before.as_ref(), &defaults, &mut faults);
        faults.refuse_any()?;
        check_conflicts(unit, before.as_ref(), &after).await?;
        match before {
            None => create(unit, after).await,
            Some(before) if before == after => {
                Ok(Saved { output: after.into(), outcome: Outcome::Unchanged })
            }
            Some(before) => update(unit, &before, after).await,
        }
    }

    async fn find(read: &mut Read, key: &RecordKey) -> Result<Option<CustomerOutput>, Failure> {
        Ok(load(read, key).await?.map(CustomerOutput::from))
    }

    async fn as_input(read: &mut Read, key: &RecordKey) -> Result<Option<CustomerInput>, Failure> {
        Ok(load(read, key).await?.map(|customer| CustomerInput::of(&customer)))
    }

    async fn list(
        read: &mut Read,
        filter: &CustomerFilter,
        after: Option<After>,
        limit: u16,
    ) -> Result<Vec<CustomerOutput>, Rejection> {
        let mut faults = Faults::default();
        let email = faults.parse("email", filter.email.as_deref());
        faults.refuse_any()?;
        let filter = StoreFilter { email, status: filter.status };
        let after = refer::position(after);
        let customers = read.customers(&filter, after, limit).await?;
        Ok(customers.into_iter().map(CustomerOutput::from).collect())
    }

    fn position(output: &CustomerOutput) -> (Timestamp, Uuid) {
        (output.created_at, output.id.uuid())
    }
}

/// The customer that `key` names.
pub(crate) async fn load(read: &mut Read, key: &RecordKey) -> Result<Option<Customer>, Failure> {
    key.find(read, Read::customer, Read::customer_by_external_id).await
}

/// The customer that the input is meant for, held until the unit of work ends.
async fn existing(
    unit: &mut Unit<'_>,
    target: &Target,
    input: &CustomerInput,
) -> Result<Option<Customer>, Rejection> {
    let (own, by_external_id) = (input.external_id.as_deref(), Read::customer_by_external_id);
    let found =
        refer::existing::<CustomerRecord, _>(unit, target, own, load, by_external_id).await?;
    match found {
        Some(found) => Ok(unit.write.customer_for_update(found.id).await?),
        None => Ok(None),
    }
}

/// The brand that the input names, else the one it has, else the organisation's first; and what
/// else is not in the input.
async fn defaults(
    unit: &mut Unit<'_>,
    before: Option<&Customer>,
    input: &CustomerInput,
    faults: &mut Faults,
) -> Result<Defaults, Rejection> {
    let brand = match (&input.brand_id, before) {
        (Some(text), _) => match text.trim().parse::<BrandId>() {
            Ok(id) => unit.write.brand(id).await?,
            Err(_) => None,
        },
        (None, Some(before)) => unit.write.brand(before.brand_id).await?,
        (None, None) => unit.write.default_brand().await?,
    };
    if brand.is_none() {
        faults.add("brand_id", "no brand of the organisation has this id");
    }
    let organisation = unit.write.organisation().await?;
    let organisation = organisation.ok_or(Failure::Missing("organisation"))?;
    let new_id = CustomerId::new(unit.now, unit.id_bytes());
    Ok(Defaults {
        id: before.map_or(new_id, |it| it.id),
        brand_id: brand.map_or_else(|| Uuid::nil().into(), |brand| brand.id),
        currency: organisation.currency,
        now: unit.now,
    })
}

async fn check_conflicts(
    unit: &mut Unit<'_>,
    before: Option<&Customer>,
    after: &Customer,
) -> Result<(), Rejection> {
    if let Some(external_id) = &after.external_id
        && let Some(other) = unit.write.customer_by_external_id(external_id).await?
        && other.id != after.id
    {
        return Err(Rejection::conflict("external_id", "another customer has this external id"));
    }
    let changes = before.is_some_and(|before| before.currency != after.currency);
    if changes && unit.write.customer_is_billed(after.id).await? {
        let message = "cannot change, because there are invoices or payments already";
        return Err(Rejection::conflict("currency", message));
    }
    Ok(())
}

async fn create(
    unit: &mut Unit<'_>,
    customer: Customer,
) -> Result<Saved<CustomerOutput>, Rejection> {
    unit.write.insert_customer(&customer).await?;
    unit.event("customer.created", customer.id.uuid(), event_data(&customer));
    Ok(Saved { output: customer.into(), outcome: Outcome::Created })
}

/// Who is on the portal of a customer that may no longer use it, or moves to another one, is put
/// out at once; what was handed out before does not work again should the customer come back. To
/// let in one that waits for approval, or not, is for those who may approve.
async fn update(
    unit: &mut Unit<'_>,
    before: &Customer,
    customer: Customer,
) -> Result<Saved<CustomerOutput>, Rejection> {
    if before.status == CustomerStatus::PendingApproval && customer.status != before.status {
        unit.require(Permission::ApproveSignUps)?;
    }
    let customer = Customer { updated_at: unit.now, ..customer };
    unit.write.update_customer(&customer).await?;
    if customer.status != CustomerStatus::Active || customer.brand_id != before.brand_id {
        unit.write.drop_temporary_passwords_of_customer(customer.id).await?;
        unit.write.end_sessions_of_customer(customer.id, unit.now).await?;
        unit.write.consume_links_of_customer(customer.id, unit.now).await?;
    }
    unit.forget_customers();
    let data = event_data(&customer);
    unit.change("customer.updated", customer.id.uuid(), data, (before, &customer));
    Ok(Saved { output: customer.into(), outcome: Outcome::Updated })
}

fn event_data(customer: &Customer) -> serde_json::Value {
    json!({
        "customer_id": customer.id,
        "external_id": customer.external_id,
        "status": customer.status,
    })
}
