//! A new contact, and changes to one.

use axum::extract::Path;
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::ContactId;
use portico_core::records::contact::{ContactInput, ContactOutput, ContactRecord};
use portico_core::records::{RecordKey, Rejection, Target};
use portico_core::{NewTemporaryPassword, PasswordPosting};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;
use serde_json::json;

use super::access::path;
use crate::staff::answer::Stop;
use crate::staff::choices::{self, Choice, Choices};
use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::faults::rejected;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, listing};

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct ContactFormPage {
    customer: Head,
    /// Nothing for a new one.
    contact: Option<Present>,
    form: FormState,
    kinds: Vec<Choice>,
    roles: Vec<Choice>,
    languages: Vec<Choice>,
    time_zones: Vec<Choice>,
    /// What a new one can be mailed to get in with.
    invitations: Vec<Choice>,
}

/// A contact as it is.
#[derive(Debug, Clone, Serialize)]
struct Present {
    id: String,
    name: String,
    email: String,
    is_disabled: bool,
    email_verified_at: Option<Timestamp>,
    phone_verified_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl From<&ContactOutput> for Present {
    fn from(it: &ContactOutput) -> Self {
        Self {
            id: it.id.uuid().to_string(),
            name: it.name.clone(),
            email: it.email.clone(),
            is_disabled: it.disabled_at.is_some(),
            email_verified_at: it.email_verified_at,
            phone_verified_at: it.phone_verified_at,
            created_at: it.created_at,
        }
    }
}

impl ContactFormPage {
    fn new(staff: &Staff, (customer, contact): (Head, Option<Present>), form: FormState) -> Self {
        let language = staff.here.frame_for(Some(staff)).language;
        let choices = Choices::new(&staff.here.panel.ui, &language);
        Self {
            customer,
            contact,
            form,
            kinds: choices.contact_kinds(),
            roles: choices.words("role", &["owner", "billing", "viewer"]),
            languages: choices.languages(),
            time_zones: choices::time_zones(),
            invitations: choices.words("contacts-invite", &["link", "temporary_password"]),
        }
    }
}

impl Page for ContactFormPage {
    const TEMPLATE: &'static str = "panel/contacts/form.html";

    fn samples() -> Vec<Sample<Self>> {
        let choice = || vec![Choice::new("a", "Alpha"), Choice::new("b", LONG)];
        let page = |customer, contact, form| Self {
            customer,
            contact,
            form,
            kinds: choice(),
            roles: choice(),
            languages: choice(),
            time_zones: choice(),
            invitations: choice(),
        };
        let present = Present {
            id: sample_id(5),
            name: "Ana María Núñez".to_owned(),
            email: "ana@northwind.example".to_owned(),
            is_disabled: false,
            email_verified_at: Some(Timestamp::UNIX_EPOCH),
            phone_verified_at: None,
            created_at: Timestamp::UNIX_EPOCH,
        };
        let off = Present { is_disabled: true, name: LONG.to_owned(), ..present.clone() };
        let faulty = FormState::new().with_value("allowed_addresses", "nowhere").with_fault(
            "allowed_addresses",
            "fault-network",
            TextArgs::new(),
        );
        vec![
            Sample::new("new", page(Head::sample(), None, FormState::new())),
            Sample::new("present", page(Head::sample(), Some(present), FormState::new())),
            Sample::new(
                "disabled",
                page(Head::extreme_sample(), Some(off.clone()), FormState::new()),
            ),
            Sample::new("faulty", page(Head::sample(), Some(off), faulty)),
        ]
    }
}

/// A contact and its customer.
pub async fn load(staff: &Staff, id: &str) -> Result<(Head, ContactOutput), Stop> {
    let id: ContactId = id.parse().map_err(|_| Problem::NotFound)?;
    let key = RecordKey::new(id.to_string());
    let contact = staff.core().find_record::<ContactRecord>(staff.caller(), &key).await?;
    let (head, _) = Head::load(staff, &contact.customer_id.to_string()).await?;
    Ok((head, contact))
}

/// GET: the form for a new one.
pub async fn new(staff: Staff, Path(customer): Path<String>) -> Answer {
    let (head, _) = Head::load(&staff, &customer).await?;
    let form = FormState::new().with_value("role", "owner");
    staff.page(&ContactFormPage::new(&staff, (head, None), form))
}

/// GET: the form with what is stored now.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let (head, contact) = load(&staff, &id).await?;
    let shown = (head, Some(Present::from(&contact)));
    staff.page(&ContactFormPage::new(&staff, shown, present(&contact)))
}

/// POST: makes one, and mails it what it gets in with where that is asked for.
pub async fn create(
    staff: Staff,
    Path(customer): Path<String>,
    form: CheckedForm<Params>,
) -> Answer {
    let (fields, form) = form.open();
    let (head, _) = Head::load(&staff, &customer).await?;
    let input = read(&fields, &head.id);
    match staff.core().save_record::<ContactRecord>(staff.caller(), Target::New, input).await {
        Ok(saved) => {
            let id = saved.output.id;
            let (kind, notice) = invite(&staff, id, fields.get("invite")).await;
            Ok(staff.here.redirect_with_notice(&path(id), kind, notice))
        }
        Err(rejection) => refused(&staff, (head, None), form, rejection),
    }
}

/// Mails a new contact what it gets in with. The answer is what the staff is told: the contact is
/// there in any case.
async fn invite(staff: &Staff, id: ContactId, how: &str) -> (&'static str, &'static str) {
    let (core, caller) = (staff.core(), staff.caller());
    let mailed = match how {
        "link" => core.mail_password_link(caller, id).await.map_err(Stop::from),
        "temporary_password" => {
            let new = NewTemporaryPassword::default();
            let posted = core.mail_temporary_password(caller, id, new).await;
            posted.map(|posted| posted == PasswordPosting::Mailed).map_err(Stop::from)
        }
        _ => return ("success", "notice-contact-saved"),
    };
    // Why not stands in the log, where it is more than a limit.
    match (mailed.unwrap_or(false), how) {
        (false, _) => ("warning", "notice-contact-saved-not-mailed"),
        (true, "link") => ("success", "notice-contact-saved-link"),
        (true, _) => ("success", "notice-contact-saved-temporary-password"),
    }
}

/// POST: changes it.
pub async fn update(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (head, contact) = load(&staff, &id).await?;
    let input = serde_json::to_value(read(&fields, &head.id)).unwrap_or_default();
    // What was left empty is taken away.
    let mut patch = json!({
        "external_id": null, "phone": null, "kind": null, "language": null, "time_zone": null,
        "public_note": null, "private_note": null,
    });
    if let (Some(patch), Some(input)) = (patch.as_object_mut(), input.as_object()) {
        patch.extend(input.iter().map(|(field, value)| (field.clone(), value.clone())));
    }
    let key = RecordKey::new(contact.id.to_string());
    match staff.core().patch_record::<ContactRecord>(staff.caller(), &key, &patch).await {
        Ok(_) => {
            let to = path(contact.id);
            Ok(staff.here.redirect_with_notice(&to, "success", "notice-contact-saved"))
        }
        Err(rejection) => refused(&staff, (head, Some(Present::from(&contact))), form, rejection),
    }
}

fn refused(
    staff: &Staff,
    shown: (Head, Option<Present>),
    form: FormState,
    rejection: Rejection,
) -> Answer {
    // One field holds all networks.
    let rejection = match rejection {
        Rejection::Invalid(mut faults) => {
            for fault in &mut faults {
                if fault.field.starts_with("allowed_addresses.") {
                    fault.field = "allowed_addresses".to_owned();
                }
            }
            Rejection::Invalid(faults)
        }
        Rejection::Conflict { field, .. } if field == "email" => {
            Rejection::conflict(field, "another contact has this external id")
        }
        other => other,
    };
    let page = ContactFormPage::new(staff, shown, rejected(form, rejection)?);
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// What was typed, as software would send it.
fn read(fields: &Params, customer: &str) -> ContactInput {
    let some = |name: &str| Some(fields.get(name).to_owned()).filter(|text| !text.is_empty());
    let networks = fields.get("allowed_addresses").split([',', ' ', '\n', '\r', ';']);
    let networks = networks.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    ContactInput {
        external_id: some("external_id"),
        customer_id: customer.to_owned(),
        name: fields.get("name").to_owned(),
        email: fields.get("email").to_owned(),
        phone: some("phone"),
        role: listing::word(fields, "role").map(|(_, role)| role),
        language: some("language"),
        time_zone: some("time_zone"),
        kind: listing::word(fields, "kind").map(|(_, kind)| kind),
        email_verified: Some(fields.get("email_verified") == "true"),
        phone_verified: Some(fields.get("phone_verified") == "true"),
        allowed_addresses: Some(networks.collect()),
        public_note: some("public_note"),
        private_note: some("private_note"),
        disabled: None,
        metadata: None,
        created_at: None,
    }
}

/// The form with a contact as it is.
fn present(it: &ContactOutput) -> FormState {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let proven = |since: Option<Timestamp>| if since.is_some() { "true" } else { "" };
    FormState::new()
        .with_value("name", it.name.as_str())
        .with_value("email", it.email.as_str())
        .with_value("phone", text(&it.phone))
        .with_value(
            "external_id",
            it.external_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        )
        .with_value("role", word(json!(it.role)))
        .with_value("kind", word(json!(it.kind)))
        .with_value("language", text(&it.language))
        .with_value("time_zone", text(&it.time_zone))
        .with_value("email_verified", proven(it.email_verified_at))
        .with_value("phone_verified", proven(it.phone_verified_at))
        .with_value("allowed_addresses", it.allowed_addresses.join("\n"))
        .with_value("public_note", text(&it.public_note))
        .with_value("private_note", text(&it.private_note))
}
