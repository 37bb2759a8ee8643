//! Signing up: the form, for customers and for carriers. Where the brand does not offer it, there
//! is no such page.

use axum::http::StatusCode;
use axum::response::Response;
use portico_billing::account::CustomerKind;
use portico_billing::brand::Brand;
use portico_core_api::{EntryError, FieldFault, NewSignUp, SignUpOffer};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::SafeHere;
use crate::answer::Answer;
use crate::choices::{self, Choice};
use crate::here::Here;
use crate::params::Params;
use crate::refusal::with_faults;

/// The form.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SignUpPage {
    form: FormState,
    kind: CustomerKind,
    /// Whether those of the other kind can sign up as well.
    has_other_kind: bool,
    countries: Vec<Choice>,
    /// Nothing where there is no choice.
    currencies: Vec<Choice>,
}

/// A mail is on its way, whatever it says.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SignUpSentPage {
    email: String,
}

/// The fields.
#[derive(Deserialize)]
pub(crate) struct SignUpForm {
    company: String,
    name: String,
    email: String,
    country: String,
    #[serde(default)]
    currency: String,
    #[serde(default)]
    guest: String,
}

/// GET: the form for customers.
pub(crate) async fn show(SafeHere(here): SafeHere, params: Params) -> Answer {
    show_for(&here, CustomerKind::Customer, &params).await
}

/// GET: the form for carriers.
pub(crate) async fn show_carrier(SafeHere(here): SafeHere, params: Params) -> Answer {
    show_for(&here, CustomerKind::Carrier, &params).await
}

/// POST: a customer to be.
pub(crate) async fn submit(SafeHere(here): SafeHere, form: CheckedForm<SignUpForm>) -> Answer {
    submit_for(&here, CustomerKind::Customer, form).await
}

/// POST: a carrier to be.
pub(crate) async fn submit_carrier(
    SafeHere(here): SafeHere,
    form: CheckedForm<SignUpForm>,
) -> Answer {
    submit_for(&here, CustomerKind::Carrier, form).await
}

async fn show_for(here: &Here, kind: CustomerKind, params: &Params) -> Answer {
    let form = FormState::new().with_value("guest", params.get("guest"));
    page(here, kind, form, StatusCode::OK).await
}

async fn submit_for(here: &Here, kind: CustomerKind, form: CheckedForm<SignUpForm>) -> Answer {
    let (fields, form) = form.open();
    let language = here.language(None).parse().unwrap_or(here.brand.default_language.clone());
    let email = fields.email.trim().to_owned();
    let new = NewSignUp {
        kind,
        company: fields.company,
        name: fields.name,
        email: fields.email,
        country: fields.country,
        currency: fields.currency,
        language,
        guest: Some(fields.guest).filter(|guest| !guest.is_empty()),
    };
    match here.portal.core().sign_up(here.brand.id, new, here.client()).await {
        Ok(()) => here.page(&SignUpSentPage { email }),
        Err(EntryError::Invalid { faults }) => refuse(here, kind, form, &faults).await,
        Err(error) => Err(error.into()),
    }
}

async fn refuse(here: &Here, kind: CustomerKind, form: FormState, faults: &[FieldFault]) -> Answer {
    page(here, kind, with_faults(form, faults), StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Whether the brand lets such customers sign up.
const fn offers(brand: &Brand, kind: CustomerKind) -> bool {
    match kind {
        CustomerKind::Customer => brand.sign_up.customers,
        CustomerKind::Carrier => brand.sign_up.carriers,
    }
}

async fn page(
    here: &Here,
    kind: CustomerKind,
    form: FormState,
    status: StatusCode,
) -> Result<Response, crate::refusal::Stop> {
    if !offers(&here.brand, kind) {
        return Err(Problem::NotFound.into());
    }
    let offer: SignUpOffer = here.portal.core().sign_up_offer(here.brand.id).await?;
    let (ui, language) = (here.portal.ui(), here.language(None));
    let other = match kind {
        CustomerKind::Customer => CustomerKind::Carrier,
        CustomerKind::Carrier => CustomerKind::Customer,
    };
    let page = SignUpPage {
        form,
        kind,
        has_other_kind: offers(&here.brand, other),
        countries: choices::countries(ui, &language),
        currencies: choices::currencies(ui, &language, &offer.currencies),
    };
    here.page_with(status, &page)
}

impl Page for SignUpPage {
    const TEMPLATE: &'static str = "portal/entry/sign-up.html";

    fn samples() -> Vec<Sample<Self>> {
        let countries = || vec![Choice::new("DE", "Germany"), Choice::new("ES", "Spain")];
        let currencies =
            vec![Choice::new("EUR", "EUR · euros"), Choice::new("USD", "USD · US dollars")];
        let page = |form| Self {
            form,
            kind: CustomerKind::Customer,
            has_other_kind: false,
            countries: countries(),
            currencies: Vec::new(),
        };
        let faulty = FormState::new()
            .with_value("company", crate::samples::LONG)
            .with_value("name", crate::samples::RTL)
            .with_value("email", "ana@")
            .with_value("country", "ES")
            .with_fault("email", "fault-not-an-email", TextArgs::new())
            .with_fault("currency", "fault-not-a-choice", TextArgs::new());
        vec![
            Sample::new("one-currency", page(FormState::new())),
            Sample::new(
                "carrier",
                Self {
                    kind: CustomerKind::Carrier,
                    has_other_kind: true,
                    currencies: currencies.clone(),
                    ..page(FormState::new())
                },
            ),
            Sample::new("faulty", Self { has_other_kind: true, currencies, ..page(faulty) }),
        ]
    }
}

impl Page for SignUpSentPage {
    const TEMPLATE: &'static str = "portal/entry/sign-up-sent.html";

    fn samples() -> Vec<Sample<Self>> {
        let long = format!("{}@{}.example", "a".repeat(64), "very-long-name.".repeat(8) + "x");
        vec![
            Sample::new("typical", Self { email: "ana@northwind.example".to_owned() }),
            Sample::new("long-address", Self { email: long }),
        ]
    }
}
