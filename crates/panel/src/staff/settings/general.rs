//! The organisation about itself.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use portico_billing::account::{Address, Organisation};
use portico_billing::permission::Permission;
use portico_billing::settings::OrganisationSettings;
use portico_core::{OrganisationChange, StaffError, TAX_IDS_MAX};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::super::choices::{Choice, Choices, time_zones};
use super::super::refusal::with_faults;
use super::super::{Answer, Staff, paths};
use super::Tabs;

/// Empty fields for tax ids that follow those which are filled in.
const SPARE_TAX_IDS: usize = 2;
/// Names of the fields of the address.
const ADDRESS: [&str; 6] = ["line1", "line2", "city", "region", "postal_code", "country"];

/// The organisation.
#[derive(Debug, Clone, Serialize)]
pub struct GeneralPage {
    tabs: Tabs,
    id: String,
    form: FormState,
    /// Indexes of the fields for tax ids.
    tax_ids: Vec<usize>,
    may_change: bool,
    /// The number of the next invoice, as it will be written.
    next_number: String,
    countries: Vec<Choice>,
    time_zones: Vec<Choice>,
    currencies: Vec<Choice>,
    tax_kinds: Vec<Choice>,
}

impl GeneralPage {
    fn new(staff: &Staff, (it, settings): &(Organisation, OrganisationSettings)) -> Self {
        let language = staff.here.frame_for(Some(staff)).language;
        let choices = Choices::new(&staff.here.panel.ui, &language);
        Self {
            countries: choices.countries(),
            time_zones: time_zones(),
            currencies: choices.currencies(it.currency.code()),
            tax_kinds: choices.tax_kinds(it.tax_ids.iter().map(|tax| tax.kind.as_str())),
            tabs: Tabs::of(staff),
            may_change: staff.may(Permission::EditOrganisation),
            ..Self::of(it, settings)
        }
    }

    fn of(it: &Organisation, settings: &OrganisationSettings) -> Self {
        Self {
            tabs: Tabs::NONE,
            id: it.id.to_string(),
            form: form_of(it, settings),
            tax_ids: (0..(it.tax_ids.len() + SPARE_TAX_IDS).min(TAX_IDS_MAX)).collect(),
            may_change: false,
            next_number: settings.invoice_number(),
            countries: Vec::new(),
            time_zones: Vec::new(),
            currencies: Vec::new(),
            tax_kinds: Vec::new(),
        }
    }
}

fn form_of(it: &Organisation, settings: &OrganisationSettings) -> FormState {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let address: &Address = &it.address;
    let country = address.country.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut form = FormState::new()
        .with_value("name", it.name.as_str())
        .with_value("legal_name", text(&it.legal_name))
        .with_value("email", it.email.as_ref().map(ToString::to_string).unwrap_or_default())
        .with_value("phone", text(&it.phone))
        .with_value("line1", text(&address.line1))
        .with_value("line2", text(&address.line2))
        .with_value("city", text(&address.city))
        .with_value("region", text(&address.region))
        .with_value("postal_code", text(&address.postal_code))
        .with_value("country", country)
        .with_value("time_zone", it.time_zone.as_str())
        .with_value("currency", it.currency.code())
        .with_value("invoice_prefix", settings.invoice_prefix.as_str())
        .with_value("invoice_next", settings.invoice_next.to_string());
    if settings.require_second_factor {
        form = form.with_value("require_second_factor", "true");
    }
    for (index, tax) in it.tax_ids.iter().enumerate() {
        form = form
            .with_value(&format!("tax_{index}_kind"), tax.kind.as_str())
            .with_value(&format!("tax_{index}_value"), tax.value.as_str());
    }
    form
}

impl Page for GeneralPage {
    const TEMPLATE: &'static str = "panel/settings/general.html";

    fn samples() -> Vec<Sample<Self>> {
        let organisation = Organisation {
            id: portico_billing::OrganisationId::new(jiff::Timestamp::UNIX_EPOCH, [1; 10]),
            name: "Northwind Telecom".to_owned(),
            legal_name: Some("Northwind Telecomunicaciones S.A. de C.V.".to_owned()),
            email: "billing@northwind.example".parse().ok(),
            phone: None,
            address: Address { city: Some("Köln".to_owned()), ..Address::default() },
            tax_ids: Vec::new(),
            time_zone: "UTC".to_owned(),
            currency: portico_billing::Currency::EUR,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let looked_at = Self::of(&organisation, &OrganisationSettings::default());
        let edited = Self { may_change: true, tabs: Tabs::ALL, ..looked_at.clone() };
        let faulty = edited
            .form
            .clone()
            .with_fault("name", "fault-required", TextArgs::new())
            .with_fault("invoice_next", "fault-not-a-number", TextArgs::new());
        vec![
            Sample::new("edited", edited.clone()),
            Sample::new("faulty", Self { form: faulty, ..edited }),
            Sample::new("looked-at", looked_at),
        ]
    }
}

/// GET: the page.
pub async fn show(staff: Staff) -> Answer {
    let found = staff.core().organisation(staff.caller()).await?;
    staff.page(&GeneralPage::new(&staff, &found))
}

/// POST: all of it.
pub async fn save(staff: Staff, form: CheckedForm<BTreeMap<String, String>>) -> Answer {
    let (fields, form) = form.open();
    match staff.core().update_organisation(staff.caller(), &change_of(&fields)).await {
        Ok(()) => {
            let notice = "notice-settings-saved";
            Ok(staff.here.redirect_with_notice(paths::SETTINGS, "success", notice))
        }
        Err(StaffError::Invalid(faults)) => {
            let found = staff.core().organisation(staff.caller()).await?;
            let page = GeneralPage::new(&staff, &found);
            let page = GeneralPage { form: with_faults(form, &faults), ..page };
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

fn change_of(fields: &BTreeMap<String, String>) -> OrganisationChange {
    let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let tax =
        |index: usize| (text(&format!("tax_{index}_kind")), text(&format!("tax_{index}_value")));
    let is_there = |index: &usize| fields.contains_key(&format!("tax_{index}_value"));
    OrganisationChange {
        name: text("name"),
        legal_name: text("legal_name"),
        email: text("email"),
        phone: text("phone"),
        address: ADDRESS.map(text),
        tax_ids: (0..).take_while(is_there).map(tax).collect(),
        time_zone: text("time_zone"),
        currency: text("currency"),
        invoice_prefix: text("invoice_prefix"),
        invoice_next: text("invoice_next"),
        require_second_factor: fields.contains_key("require_second_factor"),
    }
}
