//! Company, addresses and tax ids of the customer, as the customer keeps them.

use portico_billing::EventId;
use portico_billing::account::{Address, ContactRole, Customer, TaxId};
use portico_billing::brand::ProfileField;
use portico_billing::permission::Permissions;
use portico_billing::section::Section;
use portico_billing::tax_id::{self, TaxIdError};
use portico_core_api::{
    AddressChange, BillingDetails, BillingDetailsChange, CompanyChange, Fault, Refusal,
    SessionSecret,
};
use portico_store::Write;
use portico_store::event::Event;
use serde_json::json;

use crate::audit::Change;
use crate::form::Form;
use crate::visit::{self, Scope};
use crate::{Caller, Core, Failure, Who};

/// Most tax ids of one customer.
const MAX_TAX_IDS: usize = 20;

pub(crate) async fn read(core: &Core, secret: &SessionSecret) -> Result<BillingDetails, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::BillingInformation).await?;
    let customer = load(core, &scope).await?;
    Ok(BillingDetails {
        name: customer.name,
        legal_name: customer.legal_name,
        registration_number: customer.registration_number,
        email: customer.email.map(|email| email.to_string()),
        billing_address: customer.billing_address,
        shipping_address: customer.shipping_address,
        tax_ids: customer.tax_ids,
    })
}

pub(crate) async fn change(
    core: &Core,
    secret: &SessionSecret,
    change: BillingDetailsChange,
) -> Result<(), Refusal> {
    let scope = visit::resolve_in(core, secret, Section::BillingInformation).await?;
    scope.require_acting()?;
    if scope.role == ContactRole::Viewer {
        return Err(Refusal::NotPermitted);
    }
    let mut write = core.inner.store.write(scope.organisation_id).await.map_err(Failure::from)?;
    let customer = hold(&mut write, &scope).await?;
    let mut form = Form::default();
    let after = changed(&customer, &change, &mut form);
    refuse_closed(&customer, &after, &scope, &mut form);
    form.refuse_any()?;
    if after != customer {
        note_operator(core, &mut write, &scope, (&customer, &after)).await?;
        save(core, write, Customer { updated_at: scope.now, ..after }).await?;
    }
    Ok(())
}

/// The customer, held: what the organisation's software changes meanwhile must not be written
/// over.
async fn hold(write: &mut Write, scope: &Scope) -> Result<Customer, Failure> {
    write.customer_for_update(scope.customer_id).await?.ok_or(Failure::Missing("customer"))
}

/// What one of the organisation's people changes for a customer is written down as theirs.
async fn note_operator(
    core: &Core,
    write: &mut Write,
    scope: &Scope,
    (before, after): (&Customer, &Customer),
) -> Result<(), Failure> {
    let Some(operator) = &scope.operator else { return Ok(()) };
    let caller = Caller {
        who: Who::Operator(operator.id),
        permissions: Permissions::NONE,
        ..Caller::system(scope.organisation_id)
    };
    let id = scope.customer_id.uuid();
    let change = Change::new("customer.updated").on(id).of_customer(id).changed(before, after);
    Ok(change.write(core, write, &caller).await?)
}

async fn load(core: &Core, scope: &Scope) -> Result<Customer, Failure> {
    let mut read = core.inner.store.read(scope.organisation_id).await?;
    read.customer(scope.customer_id).await?.ok_or(Failure::Missing("customer"))
}

async fn save(core: &Core, mut write: Write, customer: Customer) -> Result<(), Failure> {
    let now = customer.updated_at;
    let event = Event {
        id: EventId::new(now, core.id_bytes()),
        kind: "customer.updated".into(),
        subject_id: customer.id.uuid(),
        data: json!({
            "customer_id": customer.id,
            "external_id": customer.external_id,
            "status": customer.status,
        }),
        created_at: now,
    };
    write.update_customer(&customer).await?;
    write.insert_event(&event).await?;
    Ok(write.commit().await?)
}

fn changed(customer: &Customer, change: &BillingDetailsChange, form: &mut Form) -> Customer {
    let mut after = customer.clone();
    if let Some(CompanyChange { legal_name, registration_number, email }) = &change.company {
        after.legal_name = form.line("legal_name", legal_name);
        after.registration_number = form.line("registration_number", registration_number);
        after.email = form.email("email", email);
    }
    if let Some(typed) = &change.billing_address {
        after.billing_address = address("billing_address", typed, form);
    }
    if let Some(typed) = &change.shipping_address {
        after.shipping_address = address("shipping_address", typed, form);
    }
    if let Some(typed) = &change.tax_ids {
        after.tax_ids = tax_ids(&customer.tax_ids, typed, form);
    }
    after
}

/// An address that is given at all needs what a letter needs.
fn address(field: &str, typed: &AddressChange, form: &mut Form) -> Address {
    let at = |name: &str| format!("{field}.{name}");
    let address = Address {
        line1: form.line(&at("line1"), &typed.line1),
        line2: form.line(&at("line2"), &typed.line2),
        city: form.line(&at("city"), &typed.city),
        region: form.line(&at("region"), &typed.region),
        postal_code: form.line(&at("postal_code"), &typed.postal_code),
        country: form.country(&at("country"), &typed.country),
    };
    if !address.is_empty() {
        // What was left of it: a text of invisible characters is none.
        let missing = [
            ("line1", address.line1.is_none()),
            ("city", address.city.is_none()),
            ("country", typed.country.trim().is_empty()),
        ];
        for (name, _) in missing.into_iter().filter(|(_, missing)| *missing) {
            form.add(at(name), Fault::Required);
        }
    }
    address
}

/// What the organisation's software has stored stays as it is, whatever its form; rows without
/// anything are left out, and the same tax id in two spellings is one.
fn tax_ids(stored: &[TaxId], typed: &[TaxId], form: &mut Form) -> Vec<TaxId> {
    if typed.len() > MAX_TAX_IDS {
        form.add("tax_ids", Fault::TooLong { max: u32::try_from(MAX_TAX_IDS).unwrap_or(u32::MAX) });
        return stored.to_vec();
    }
    let mut kept = Vec::with_capacity(typed.len());
    for (index, row) in typed.iter().enumerate() {
        let row = TaxId { kind: row.kind.trim().into(), value: row.value.trim().into() };
        if row.kind.is_empty() && row.value.is_empty() {
            continue;
        }
        let row = if stored.contains(&row) { row } else { new_tax_id(index, row, form) };
        if !kept.contains(&row) {
            kept.push(row);
        }
    }
    kept
}

/// The tax id as it is kept, if it has the form of its register.
fn new_tax_id(index: usize, row: TaxId, form: &mut Form) -> TaxId {
    let (kind, value) = (format!("tax_ids.{index}.kind"), format!("tax_ids.{index}.value"));
    if row.kind.is_empty() {
        form.add(kind, Fault::Required);
    } else if row.value.is_empty() {
        form.add(value, Fault::Required);
    } else {
        match tax_id::normalise(&row.kind, &row.value) {
            Ok(number) => {
                // Whether it is a card number shows in what was typed as well.
                let _typed = form.line(&value, &row.value);
                return TaxId { value: number, ..row };
            }
            Err(TaxIdError::UnknownKind) => form.add(kind, Fault::NotAChoice),
            Err(TaxIdError::Malformed { example }) => {
                form.add(value, Fault::NotATaxId { example: example.to_owned() });
            }
        }
    }
    row
}

/// What the brand does not open for editing may be sent as it is, but not be changed.
fn refuse_closed(before: &Customer, after: &Customer, scope: &Scope, form: &mut Form) {
    let parts = [
        ("legal_name", ProfileField::Company, before.legal_name != after.legal_name),
        (
            "registration_number",
            ProfileField::Company,
            before.registration_number != after.registration_number,
        ),
        ("email", ProfileField::Company, before.email != after.email),
        (
            "billing_address.line1",
            ProfileField::Address,
            before.billing_address != after.billing_address,
        ),
        (
            "shipping_address.line1",
            ProfileField::Address,
            before.shipping_address != after.shipping_address,
        ),
        ("tax_ids", ProfileField::TaxIds, before.tax_ids != after.tax_ids),
    ];
    for (name, field, changes) in parts {
        if changes && !scope.editable_fields.contains(&field) {
            form.add(name, Fault::ReadOnly);
        }
    }
}
