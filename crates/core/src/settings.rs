//! The organisation about itself: what is on its documents, how its invoices are numbered, how its
//! people sign in.

use portico_billing::Currency;
use portico_billing::account::{Address, Organisation, TaxId};
use portico_billing::permission::Permission;
use portico_billing::settings::{INVOICE_PREFIX_MAX, OrganisationSettings};
use portico_billing::tax_id::{self, TaxIdError};
use portico_core_api::Fault;
use portico_store::Write;
use serde_json::{Value, json};

use crate::audit::Change;
use crate::form::Form;
use crate::operators::StaffError;
use crate::{Caller, Core, Failure};

/// Most tax ids of an organisation.
pub const TAX_IDS_MAX: usize = 20;

/// What is changed about an organisation: all of it, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganisationChange {
    /// Name in use.
    pub name: String,
    /// Registered name.
    pub legal_name: String,
    /// Where customers can write to.
    pub email: String,
    /// Where customers can call.
    pub phone: String,
    /// The seller's address on documents: street, addition, city, region, postal code, country.
    pub address: [String; 6],
    /// The seller's tax ids on documents: kind and value.
    pub tax_ids: Vec<(String, String)>,
    /// IANA name of the zone in which its days begin.
    pub time_zone: String,
    /// Currency of customers that name none.
    pub currency: String,
    /// What the numbers of invoices begin with.
    pub invoice_prefix: String,
    /// The number of the next invoice.
    pub invoice_next: String,
    /// Whether every operator must have a second factor.
    pub require_second_factor: bool,
}

impl OrganisationChange {
    /// What would leave the organisation as it is.
    #[must_use]
    pub fn of(it: &Organisation, settings: &OrganisationSettings) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let address = &it.address;
        let country = address.country.as_ref().map(ToString::to_string).unwrap_or_default();
        Self {
            name: it.name.clone(),
            legal_name: text(&it.legal_name),
            email: it.email.as_ref().map(ToString::to_string).unwrap_or_default(),
            phone: text(&it.phone),
            address: [
                text(&address.line1),
                text(&address.line2),
                text(&address.city),
                text(&address.region),
                text(&address.postal_code),
                country,
            ],
            tax_ids: it.tax_ids.iter().map(|it| (it.kind.clone(), it.value.clone())).collect(),
            time_zone: it.time_zone.clone(),
            currency: it.currency.code().to_owned(),
            invoice_prefix: settings.invoice_prefix.clone(),
            invoice_next: settings.invoice_next.to_string(),
            require_second_factor: settings.require_second_factor,
        }
    }
}

/// Names of the fields of an address, in the order of [`OrganisationChange::address`].
const ADDRESS: [&str; 6] = ["line1", "line2", "city", "region", "postal_code", "country"];

impl Core {
    /// The organisation and what it decided for itself.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn organisation(
        &self,
        caller: &Caller,
    ) -> Result<(Organisation, OrganisationSettings), StaffError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let organisation = read.organisation().await?.ok_or(StaffError::NotFound)?;
        Ok((organisation, read.organisation_settings().await?))
    }

    /// Changes the organisation.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` with faults by field, or where the machinery fails.
    pub async fn update_organisation(
        &self,
        caller: &Caller,
        change: &OrganisationChange,
    ) -> Result<(), StaffError> {
        self.edit_organisation(caller, |_| Ok::<_, StaffError>(change.clone())).await.map(drop)
    }

    /// The same in part: `edit` gets the organisation as it is and gives it back as it shall be, so
    /// that what it does not touch stays as it is, whoever changes it meanwhile. The answer is what
    /// it is then.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` with faults by field, or where the machinery fails; and what `edit`
    /// refuses.
    pub async fn edit_organisation<E: From<StaffError>>(
        &self,
        caller: &Caller,
        edit: impl FnOnce(OrganisationChange) -> Result<OrganisationChange, E> + Send,
    ) -> Result<(Organisation, OrganisationSettings), E> {
        caller.require(Permission::EditOrganisation).map_err(StaffError::from)?;
        let (write, before) = self.hold_organisation(caller).await?;
        let change = edit(OrganisationChange::of(&before.0, &before.1))?;
        Ok(self.save_organisation(caller, (write, before), &change).await?)
    }

    /// The organisation as it is, which nobody else changes now.
    async fn hold_organisation(
        &self,
        caller: &Caller,
    ) -> Result<(Write, (Organisation, OrganisationSettings)), StaffError> {
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        write.hold_organisation().await?;
        let organisation = write.organisation().await?.ok_or(StaffError::NotFound)?;
        let settings = write.organisation_settings().await?;
        Ok((write, (organisation, settings)))
    }

    async fn save_organisation(
        &self,
        caller: &Caller,
        (mut write, before): (Write, (Organisation, OrganisationSettings)),
        change: &OrganisationChange,
    ) -> Result<(Organisation, OrganisationSettings), StaffError> {
        let after = self.save_organisation_within(&mut write, caller, before, change).await?;
        write.commit().await?;
        Ok(after)
    }

    /// Changes the organisation, which is held, within a unit of work.
    pub(crate) async fn save_organisation_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        before: (Organisation, OrganisationSettings),
        change: &OrganisationChange,
    ) -> Result<(Organisation, OrganisationSettings), StaffError> {
        let mut form = Form::default();
        let after = changed(&before.0, change, &mut form);
        let after = (after, settings_of(change, &mut form));
        form.refuse_staff()?;
        if after == before {
            return Ok(after);
        }
        write.update_organisation(&after.0).await?;
        write.set_organisation_settings(&after.1).await?;
        Change::new("organisation.updated")
            .on(before.0.id.uuid())
            .changed(&shown(&before.0, &before.1), &shown(&after.0, &after.1))
            .write(self, write, caller)
            .await?;
        Ok(after)
    }
}

/// The number of the next invoice, used up with `write`: where that does not last, the number is
/// free again, so that the series has no gaps.
pub(crate) async fn next_invoice_number(write: &mut Write) -> Result<String, Failure> {
    Ok(write.next_invoice_number().await?)
}

fn changed(before: &Organisation, change: &OrganisationChange, form: &mut Form) -> Organisation {
    let currency: Option<Currency> = change.currency.trim().parse().ok();
    if currency.is_none() {
        form.add("currency", Fault::NotAChoice);
    }
    let time_zone = form.time_zone("time_zone", &change.time_zone);
    if time_zone.is_none() {
        form.add("time_zone", Fault::Required);
    }
    Organisation {
        id: before.id,
        name: form.required("name", &change.name),
        legal_name: form.line("legal_name", &change.legal_name),
        email: form.email("email", &change.email),
        phone: form.phone("phone", &change.phone),
        address: address(change, form),
        tax_ids: tax_ids(change, form),
        time_zone: time_zone.unwrap_or_default(),
        currency: currency.unwrap_or(before.currency),
        created_at: before.created_at,
    }
}

fn address(change: &OrganisationChange, form: &mut Form) -> Address {
    let mut lines = ADDRESS.iter().zip(&change.address).take(5);
    let mut next = || lines.next().and_then(|(name, text)| form.line(name, text));
    let (line1, line2, city, region, postal_code) = (next(), next(), next(), next(), next());
    let country = form.country("country", &change.address[5]);
    Address { line1, line2, city, region, postal_code, country }
}

fn tax_ids(change: &OrganisationChange, form: &mut Form) -> Vec<TaxId> {
    let typed = change.tax_ids.iter().take(TAX_IDS_MAX).enumerate();
    let mut all = Vec::new();
    for (index, (kind, value)) in typed {
        let (kind, value) = (kind.trim(), value.trim());
        if value.is_empty() {
            continue;
        }
        let field = format!("tax_{index}_value");
        if kind.is_empty() {
            form.add(format!("tax_{index}_kind"), Fault::Required);
            continue;
        }
        match tax_id::normalise(kind, value) {
            Ok(value) => all.push(TaxId { kind: kind.to_owned(), value }),
            Err(TaxIdError::Malformed { example }) => {
                form.add(field, Fault::NotATaxId { example: example.to_owned() });
            }
            Err(TaxIdError::UnknownKind) => {
                form.add(format!("tax_{index}_kind"), Fault::NotAChoice);
            }
        }
    }
    all
}

fn settings_of(change: &OrganisationChange, form: &mut Form) -> OrganisationSettings {
    let prefix = form.line("invoice_prefix", &change.invoice_prefix).unwrap_or_default();
    if prefix.chars().count() > INVOICE_PREFIX_MAX {
        let max = u32::try_from(INVOICE_PREFIX_MAX).unwrap_or(u32::MAX);
        form.add("invoice_prefix", Fault::TooLong { max });
    }
    let next = change.invoice_next.trim().parse().ok();
    let next = next.filter(|next| (1..1_000_000_000_000).contains(next));
    if next.is_none() {
        form.add("invoice_next", Fault::NotANumber);
    }
    OrganisationSettings {
        require_second_factor: change.require_second_factor,
        invoice_prefix: prefix,
        invoice_next: next.unwrap_or(1),
    }
}

/// What the audit log says of an organisation.
fn shown(it: &Organisation, settings: &OrganisationSettings) -> Value {
    json!({
        "name": it.name,
        "legal_name": it.legal_name,
        "email": it.email,
        "phone": it.phone,
        "address": it.address,
        "tax_ids": it.tax_ids,
        "time_zone": it.time_zone,
        "currency": it.currency,
        "invoice_prefix": settings.invoice_prefix,
        "invoice_next": settings.invoice_next,
        "require_second_factor": settings.require_second_factor,
    })
}
