//! The person's own data.

use axum::http::StatusCode;
use portico_billing::account::ContactRole;
use portico_billing::brand::ProfileField;
use portico_core_api::{EmailChange, ProfileChange, Refusal, VisitContact};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, with_cookie};
use crate::choices::{self, Choice};
use crate::refusal::with_faults;
use crate::samples::{LONG, id};
use crate::visitor::Visitor;
use crate::{paths, preferences};

/// The profile, or only the customer's name where no person is known.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ProfilePage {
    customer_name: String,
    contact: Option<VisitContact>,
    may_change: Editable,
    /// Name, phone, language, time zone.
    form: FormState,
    /// The new e-mail address.
    email_form: FormState,
    languages: Vec<Choice>,
    time_zones: Vec<Choice>,
}

/// What the brand lets this visitor change.
#[derive(Debug, Clone, Copy, Serialize)]
struct Editable {
    name: bool,
    email: bool,
    phone: bool,
}

impl ProfilePage {
    fn new(visitor: &Visitor) -> Self {
        let contact = visitor.visit.contact.clone();
        let (languages, time_zones) = if contact.is_some() {
            (choices::languages(visitor.here.portal.ui()), choices::time_zones())
        } else {
            (Vec::new(), Vec::new())
        };
        Self {
            customer_name: visitor.visit.customer_name.clone(),
            may_change: Editable {
                name: visitor.may_change(ProfileField::Name),
                email: visitor.may_change(ProfileField::Email),
                phone: visitor.may_change(ProfileField::Phone),
            },
            form: contact.as_ref().map(present).unwrap_or_default(),
            email_form: FormState::new(),
            contact,
            languages,
            time_zones,
        }
    }
}

/// The form with what is stored now.
fn present(contact: &VisitContact) -> FormState {
    FormState::new()
        .with_value("name", contact.name.as_str())
        .with_value("phone", contact.phone.as_deref().unwrap_or_default())
        .with_value("language", contact.language.as_ref().map_or("", |tag| tag.as_str()))
        .with_value("time_zone", contact.time_zone.as_deref().unwrap_or_default())
}

/// Fields of the profile; those that cannot be changed are not sent.
#[derive(Deserialize)]
pub(crate) struct ProfileForm {
    name: Option<String>,
    phone: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
}

/// Fields of the change of address.
#[derive(Deserialize)]
pub(crate) struct EmailForm {
    email: String,
    password: Option<String>,
}

/// GET: the profile.
pub(crate) async fn show(visitor: Visitor) -> Answer {
    visitor.page(&ProfilePage::new(&visitor))
}

/// POST: new values.
pub(crate) async fn save(visitor: Visitor, form: CheckedForm<ProfileForm>) -> Answer {
    let (fields, form) = form.open();
    let language = fields.language.clone().unwrap_or_default();
    let change = ProfileChange {
        name: fields.name,
        phone: fields.phone,
        language: fields.language,
        time_zone: fields.time_zone,
    };
    match visitor.core().change_profile(&visitor.secret, change).await {
        Ok(()) => {
            let here = &visitor.here;
            let saved =
                here.redirect_with_notice(paths::PROFILE, "success", "notice-profile-saved");
            // What the profile says from now on counts, not an earlier choice on this device.
            let chosen = match language.as_str() {
                "" => preferences::forget_language(&here.origin),
                language => preferences::language_cookie(&here.origin, language),
            };
            Ok(with_cookie(saved, chosen))
        }
        Err(Refusal::Invalid { faults }) => {
            let page =
                ProfilePage { form: with_faults(form, &faults), ..ProfilePage::new(&visitor) };
            visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// POST: another e-mail address, which is confirmed by a link that is mailed to it.
pub(crate) async fn change_email(visitor: Visitor, form: CheckedForm<EmailForm>) -> Answer {
    let (fields, form) = form.open();
    let password = fields.password.filter(|password| !password.is_empty());
    let change = EmailChange { email: fields.email.trim().to_owned(), password };
    match visitor.core().request_email_change(&visitor.secret, change).await {
        Ok(()) => Ok(visitor.here.redirect_with_notice(
            paths::PROFILE,
            "success",
            "notice-email-change-sent",
        )),
        Err(Refusal::Invalid { faults }) => {
            let email_form = with_faults(form, &faults);
            let page = ProfilePage { email_form, ..ProfilePage::new(&visitor) };
            visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(refusal) => Err(refusal.into()),
    }
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "portal/account/profile.html";

    fn samples() -> Vec<Sample<Self>> {
        let typical = sample(contact());
        let faulty = present(&contact())
            .with_value("name", "")
            .with_fault("name", "fault-required", TextArgs::new())
            .with_fault("phone", "fault-not-a-phone", TextArgs::new());
        let wrong = FormState::new()
            .with_value("email", "ana@")
            .with_fault("email", "fault-not-an-email", TextArgs::new())
            .with_fault("password", "fault-wrong-password", TextArgs::new());
        let nothing = Editable { name: false, email: false, phone: false };
        let bare = VisitContact {
            name: LONG.to_owned(),
            phone: None,
            role: ContactRole::Viewer,
            language: None,
            time_zone: None,
            pending_email: Some("ana.nunez@northwind.example".to_owned()),
            has_password: false,
            note: Some(LONG.to_owned()),
            ..contact()
        };
        vec![
            Sample::new("typical", typical.clone()),
            Sample::new("faulty", Self { form: faulty, ..typical.clone() }),
            Sample::new("faulty-email", Self { email_form: wrong, ..typical.clone() }),
            Sample::new("not-permitted", Self { may_change: nothing, ..sample(bare.clone()) }),
            Sample::new("extreme", sample(bare)),
            Sample::new("customer-only", Self { contact: None, form: FormState::new(), ..typical }),
        ]
    }
}

fn sample(contact: VisitContact) -> ProfilePage {
    ProfilePage {
        customer_name: "Northwind Analytics".to_owned(),
        may_change: Editable { name: true, email: true, phone: true },
        form: present(&contact),
        email_form: FormState::new(),
        contact: Some(contact),
        languages: vec![Choice::new("en", "English"), Choice::new("es", "Español")],
        time_zones: vec![Choice::new("UTC", "UTC"), Choice::new("Europe/Madrid", "Europe/Madrid")],
    }
}

fn contact() -> VisitContact {
    VisitContact {
        id: id(2),
        name: "Ana María Núñez".to_owned(),
        email: "ana@northwind.example".to_owned(),
        phone: Some("+34 600 000 000".to_owned()),
        role: ContactRole::Owner,
        language: "es".parse().ok(),
        time_zone: Some("Europe/Madrid".to_owned()),
        pending_email: None,
        has_password: true,
        note: None,
    }
}
