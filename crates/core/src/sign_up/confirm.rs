//! The address is proven: the customer is made, exactly once, in one transaction with all that it
//! gets of its template.

use portico_billing::account::{Contact, CustomerStatus};
use portico_billing::brand::Brand;
use portico_billing::session::SessionOrigin;
use portico_billing::{BrandId, CustomerId};
use portico_core_api::{EntryError, FieldFault, Origin, SignUpOutcome, SignUpPreview, SignedIn};
use portico_store::sign_up::SignUp;
use serde_json::json;

use super::copy::{self, Heir, LeftOut};
use super::{DAY, FORM, Form, is_open, mails};
use crate::audit::Change;
use crate::entry::{self, Entering};
use crate::records::contact::{ContactInput, ContactRecord};
use crate::records::customer::CustomerRecord;
use crate::records::{Record as _, RecordKey, Rejection, Target, Unit};
use crate::secret::hash_secret;
use crate::{Caller, Core, Failure, brands, strength};

/// A sign-up whose address is proven, with the password that was chosen behind the link.
struct Proven {
    brand: Brand,
    sign_up: SignUp,
    form: Form,
    password_hash: String,
}

/// What the link would make. Looking changes nothing, so that mail scanners cannot use it up.
pub(crate) async fn preview(
    core: &Core,
    brand: BrandId,
    token: &str,
) -> Result<SignUpPreview, EntryError> {
    let (_, sign_up, form) = open(core, brand, token).await?;
    let Form { company, name, language, .. } = form;
    Ok(SignUpPreview { company, name, email: sign_up.email.to_string(), language })
}

pub(crate) async fn confirm(
    core: &Core,
    brand: BrandId,
    (token, password): (&str, &str),
    origin: Origin,
) -> Result<SignUpOutcome, EntryError> {
    let (brand, sign_up, form) = open(core, brand, token).await?;
    let known = [form.company.as_str(), form.name.as_str(), sign_up.email.as_str()];
    if let Err(fault) = strength::check(password, &known) {
        return Err(EntryError::Invalid { faults: vec![FieldFault::new("password", fault)] });
    }
    let password_hash = core.inner.passwords.hash(password).await?;
    let language = Some(form.language.clone());
    let proven = Proven { brand, sign_up, form, password_hash };
    let made = make(core, &proven, origin).await;
    let outcome = made.map_err(failure)?;
    outcome.ok_or(EntryError::LinkOver { return_url: None, language })
}

/// What was left out of a template would have been said: what remains is a fault of the machinery.
pub(super) fn failure(rejection: Rejection) -> Failure {
    match rejection {
        Rejection::Failure(failure) => failure,
        other => Failure::Document(other.to_string()),
    }
}

/// The sign-up, if its link can be used on this brand's portal.
async fn open(
    core: &Core,
    brand: BrandId,
    token: &str,
) -> Result<(Brand, SignUp, Form), EntryError> {
    let sign_up = find(core, token).await?.filter(|it| it.brand_id == brand);
    let sign_up = sign_up.ok_or(EntryError::NO_LINK)?;
    let brand = brands::load(core, brand).await?.ok_or(EntryError::NO_LINK)?;
    let usable = sign_up.used_at.is_none()
        && core.now() < sign_up.expires_at
        && is_open(&brand, sign_up.kind);
    if !usable {
        return Err(EntryError::NO_LINK);
    }
    let form = unseal(core, &sign_up)?;
    Ok((brand, sign_up, form))
}

async fn find(core: &Core, token: &str) -> Result<Option<SignUp>, Failure> {
    Ok(core.inner.store.directory().await?.sign_up(&hash_secret(token)).await?)
}

fn unseal(core: &Core, sign_up: &SignUp) -> Result<Form, Failure> {
    Ok(serde_json::from_slice(&core.inner.sealer.open(FORM, &sign_up.sealed_form)?)?)
}

/// The customer; nothing where somebody else used the link a moment ago.
async fn make(
    core: &Core,
    proven: &Proven,
    origin: Origin,
) -> Result<Option<SignUpOutcome>, Rejection> {
    let Proven { brand, sign_up, form, .. } = proven;
    let caller = Caller::system(brand.organisation_id).calling_from(origin.address);
    let mut unit = Unit::begin(core, &caller).await?;
    unit.write.hold_sign_ups(brand.id).await?;
    if !unit.write.use_sign_up(sign_up.id, unit.now).await? {
        return Ok(None);
    }
    if unit.write.is_known_contact(brand.id, &sign_up.email).await? {
        unit.write.close_sign_up(sign_up.id, None, false).await?;
        unit.commit().await?;
        return Ok(Some(SignUpOutcome::Known));
    }
    let with_value = unit.write.given_value(sign_up, unit.now - DAY).await?.leaves_room();
    let needs_approval = brand.sign_up.needs_approval;
    let heir = customer(&mut unit, proven, with_value).await?;
    let left_out =
        if needs_approval { Vec::new() } else { copy::records(&mut unit, &heir).await? };
    let contact = contact(&mut unit, heir.customer, proven).await?;
    unit.write.close_sign_up(sign_up.id, Some(heir.customer), with_value).await?;
    if !needs_approval {
        unit.write.mark_sign_up_copied(heir.customer, unit.now).await?;
    }
    write_down(&mut unit, &caller, &heir, &left_out).await?;
    let outcome = if needs_approval {
        mails::tell_staff(core, &mut unit.write, (brand, sign_up, form)).await?;
        SignUpOutcome::PendingApproval
    } else {
        SignUpOutcome::SignedIn(enter(&mut unit, brand, (&contact, form), origin).await?)
    };
    unit.commit().await?;
    Ok(Some(outcome))
}

/// The customer with the fields of its template.
async fn customer(
    unit: &mut Unit<'_>,
    Proven { brand, sign_up, form, .. }: &Proven,
    with_value: bool,
) -> Result<Heir, Rejection> {
    let status = if brand.sign_up.needs_approval {
        CustomerStatus::PendingApproval
    } else {
        CustomerStatus::Active
    };
    let template = match brand.sign_up.template_id {
        Some(id) => unit.write.customer(id).await?,
        None => None,
    };
    let mut input = copy::customer(template.as_ref(), form.currency, with_value)?;
    input.brand_id = Some(brand.id.to_string());
    input.kind = Some(sign_up.kind);
    input.status = Some(status);
    input.name.clone_from(&form.company);
    input.email = Some(sign_up.email.to_string());
    input.billing_address = Some(copy::address_in(&form.country));
    let made = CustomerRecord::save(unit, Target::New, input).await?.output;
    if let Some(template) = &template {
        unit.write.set_template(made.id, template.id).await?;
    }
    Heir::new(unit, made.id, template.map(|it| it.id), (form.currency, with_value)).await
}

/// The person, with the address that it proved and the password that it chose.
async fn contact(
    unit: &mut Unit<'_>,
    customer: CustomerId,
    Proven { sign_up, form, password_hash, .. }: &Proven,
) -> Result<Contact, Rejection> {
    let input: ContactInput = serde_json::from_value(json!({
        "customer_id": customer,
        "name": form.name,
        "email": sign_up.email,
        "language": form.language,
    }))
    .map_err(Failure::from)?;
    let made = ContactRecord::save(unit, Target::New, input).await?.output;
    let contact = unit.write.contact_for_update(made.id).await?;
    let mut contact = contact.ok_or(Failure::Missing("contact"))?;
    contact.email_verified_at = Some(unit.now);
    unit.write.update_contact(&contact).await?;
    unit.write.set_password_hash(contact.id, password_hash, unit.now).await?;
    Ok(contact)
}

async fn write_down(
    unit: &mut Unit<'_>,
    caller: &Caller,
    heir: &Heir,
    left_out: &[LeftOut],
) -> Result<(), Rejection> {
    let after = json!({
        "template_id": heir.template,
        "with_value": heir.with_value,
        "left_out": left_out,
    });
    let customer = heir.customer.uuid();
    let change = Change::new("sign_up.confirmed").on(customer).of_customer(customer).to(&after);
    Ok(change.write(unit.core, &mut unit.write, caller).await?)
}

async fn enter(
    unit: &mut Unit<'_>,
    brand: &Brand,
    (contact, form): (&Contact, &Form),
    origin: Origin,
) -> Result<SignedIn, Failure> {
    let entering = Entering {
        proven: vec![contact.id],
        return_url: form.return_url.clone(),
        ..Entering::by(SessionOrigin::MailedLink, origin)
    };
    entry::begin_session(unit.core, &mut unit.write, brand, contact, entering).await
}

/// The template of a customer that waits for approval, and whether it may get what has value.
pub(super) async fn heir_of(
    unit: &mut Unit<'_>,
    customer: CustomerId,
) -> Result<Option<Heir>, Rejection> {
    let Some(sign_up) = unit.write.sign_up_of(customer).await? else { return Ok(None) };
    let template = unit.write.template_of(customer).await?;
    let key = RecordKey::new(customer.to_string());
    let currency = unit.customer("customer_id", &key).await?.currency;
    Ok(Some(Heir::new(unit, customer, template, (currency, sign_up.had_value)).await?))
}
