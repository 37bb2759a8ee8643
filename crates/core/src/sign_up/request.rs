//! The form: checked, sealed, and kept until the address is proven.

use jiff::SignedDuration;
use portico_billing::brand::Brand;
use portico_billing::sign_up::{LIFE, person_key};
use portico_billing::{BrandId, CountryCode, Currency, EmailAddress, SignUpId};
use portico_core_api::{EntryError, Fault, NewSignUp, Origin, Refusal, SignUpOffer};
use portico_store::sign_up::NewSignUp as StoredSignUp;

use super::{FORM, Form, guest, is_open, mails};
use crate::form::Form as Faults;
use crate::limits::network;
use crate::secret::{hash_secret, new_secret};
use crate::{Core, Failure, brands};

pub(crate) async fn offer(core: &Core, brand: BrandId) -> Result<SignUpOffer, Refusal> {
    let brand = brands::load(core, brand).await?;
    let open = |brand: &Brand| brand.sign_up.customers || brand.sign_up.carriers;
    let brand = brand.filter(open).ok_or(Refusal::NotFound)?;
    Ok(SignUpOffer { currencies: currencies(core, &brand).await? })
}

/// Writes down that somebody wants to become a customer: the same work whether the address is
/// known or not.
pub(crate) async fn request(
    core: &Core,
    brand: BrandId,
    new: NewSignUp,
    origin: Origin,
) -> Result<(), EntryError> {
    let limits = &core.inner.limits;
    limits.sign_up(origin.address)?;
    let brand = brands::load(core, brand).await?;
    let brand = brand.filter(|brand| is_open(brand, new.kind)).ok_or(EntryError::NotOffered)?;
    let offered = currencies(core, &brand).await?;
    let Checked { email, country, currency, company, name } = check(&new, &offered)?;
    limits.sign_up_of(brand.id, &email)?;
    let form = Form {
        company,
        name,
        country,
        currency,
        language: new.language.clone(),
        return_url: new.guest.as_deref().and_then(|text| guest::return_url(core, &brand, text)),
    };
    Ok(write_down(core, &brand, (&new, email), &form, &origin).await?)
}

/// What a new customer may be billed in: what the brand offers, else the organisation's currency.
async fn currencies(core: &Core, brand: &Brand) -> Result<Vec<Currency>, Failure> {
    if !brand.sign_up.currencies.is_empty() {
        return Ok(brand.sign_up.currencies.clone());
    }
    let organisation = core.inner.store.read(brand.organisation_id).await?.organisation().await?;
    Ok(vec![organisation.ok_or(Failure::Missing("organisation"))?.currency])
}

/// The parts of a form without faults.
struct Checked {
    company: String,
    name: String,
    email: EmailAddress,
    country: CountryCode,
    currency: Currency,
}

fn check(new: &NewSignUp, offered: &[Currency]) -> Result<Checked, EntryError> {
    let mut faults = Faults::default();
    let company = faults.required("company", &new.company);
    let name = faults.required("name", &new.name);
    let email = faults.email("email", &new.email);
    if new.email.trim().is_empty() {
        faults.add("email", Fault::Required);
    }
    let country = faults.country("country", &new.country);
    if new.country.trim().is_empty() {
        faults.add("country", Fault::Required);
    }
    let currency = match offered {
        [only] if new.currency.trim().is_empty() => Some(*only),
        _ => new.currency.trim().parse().ok().filter(|wanted| offered.contains(wanted)),
    };
    if currency.is_none() {
        faults.add("currency", Fault::NotAChoice);
    }
    match (faults.into_faults(), email, country, currency) {
        (faults, Some(email), Some(country), Some(currency)) if faults.is_empty() => {
            Ok(Checked { company, name, email, country, currency })
        }
        (faults, ..) => Err(EntryError::Invalid { faults }),
    }
}

async fn write_down(
    core: &Core,
    brand: &Brand,
    (new, email): (&NewSignUp, EmailAddress),
    form: &Form,
    origin: &Origin,
) -> Result<(), Failure> {
    let (now, token) = (core.now(), new_secret(&core.inner.entropy));
    let life = SignedDuration::try_from(LIFE).unwrap_or(super::DAY);
    let stored = StoredSignUp {
        id: SignUpId::new(now, core.id_bytes()),
        brand_id: brand.id,
        kind: new.kind,
        person_key: person_key(&email),
        email,
        sealed_form: core.inner.sealer.seal(FORM, &serde_json::to_vec(form)?)?,
        token_hash: hash_secret(&token),
        address: network(origin.address).to_string(),
        created_at: now,
        expires_at: now + life,
    };
    let mut write = core.inner.store.write(brand.organisation_id).await?;
    write.insert_sign_up(&stored).await?;
    mails::enqueue(core, &mut write, stored.id, token).await?;
    Ok(write.commit().await?)
}
