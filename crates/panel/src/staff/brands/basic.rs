//! The tab Basic: name, languages, addresses, sign-up, what customers may change.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::brand::{Paying, ProfileField, ReceiptMails};
use portico_core::brands::{BrandSettings, SignUpSettings};
use portico_core::records::customer::{CustomerFilter, CustomerOutput, CustomerRecord};
use portico_core::records::{RecordKey, Rejection};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::{BrandHead, Choice, Fields, edit, find, languages, paths, tab, with_faults};
use crate::staff::answer::Stop;
use crate::staff::{Answer, Staff};

/// Customers that the field of the template offers; others can be typed.
const OFFERED: u16 = 50;

/// The tab.
#[derive(Debug, Clone, Serialize)]
pub struct BrandPage {
    brand: BrandHead,
    form: FormState,
    choices: Choices,
}

/// What the form offers to choose from.
#[derive(Debug, Clone, Serialize)]
pub struct Choices {
    languages: Vec<Choice>,
    /// The newest customers, for the template.
    customers: Vec<Choice>,
    /// Name of the template customer that is set.
    template: Option<String>,
    /// Fields of the profile, by their words.
    fields: Vec<ProfileField>,
}

impl Choices {
    /// What there is to choose from now.
    pub async fn of(staff: &Staff, settings: &BrandSettings) -> Result<Self, Stop> {
        let (core, caller, filter) = (staff.core(), staff.caller(), CustomerFilter::default());
        let (newest, _) =
            core.list_records::<CustomerRecord>(caller, &filter, None, OFFERED).await?;
        let template = match settings.sign_up.template_customer.as_deref() {
            None => None,
            Some(key) => {
                let key = RecordKey::new(key);
                match core.find_record::<CustomerRecord>(caller, &key).await {
                    Ok(customer) => Some(customer.name),
                    Err(Rejection::NotFound(_)) => None,
                    Err(rejection) => return Err(rejection.into()),
                }
            }
        };
        let offer = |it: &CustomerOutput| {
            let own = it.external_id.as_ref().map(ToString::to_string);
            Choice::new(own.unwrap_or_else(|| it.id.to_string()), it.name.clone())
        };
        Ok(Self {
            languages: languages(&staff.here.panel.ui),
            customers: newest.iter().map(offer).collect(),
            template,
            fields: ProfileField::ALL.to_vec(),
        })
    }

    /// For samples of pages.
    pub fn sample() -> Self {
        Self {
            languages: vec![Choice::new("en", "English"), Choice::new("es", "Español")],
            customers: vec![Choice::new("template", "Template <customer>")],
            template: Some("Template <customer>".to_owned()),
            fields: ProfileField::ALL.to_vec(),
        }
    }
}

/// GET: the tab.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let found = find(&staff, &id).await?;
    let settings = BrandSettings::of(&found.record.brand);
    let choices = Choices::of(&staff, &settings).await?;
    let brand = BrandHead::of(&staff, &found);
    staff.page(&BrandPage { brand, form: form_of(&settings), choices })
}

/// POST: saves it.
pub async fn save(staff: Staff, Path(id): Path<String>, form: CheckedForm<Fields>) -> Answer {
    let found = find(&staff, &id).await?;
    let (fields, form) = form.open();
    let brand = &found.record.brand;
    let Some(faults) = edit(&staff, brand.id, |settings| read(&fields, settings)).await? else {
        let to = tab(paths::BRAND, brand.id);
        return Ok(staff.here.redirect_with_notice(&to, "success", "notice-brand-saved"));
    };
    let choices = Choices::of(&staff, &BrandSettings::of(brand)).await?;
    let page = BrandPage {
        brand: BrandHead::of(&staff, &found),
        form: with_faults(form, &faults),
        choices,
    };
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The settings with what the form says; what is not in it stays.
#[must_use]
pub fn read(fields: &Fields, settings: BrandSettings) -> BrandSettings {
    let text = |name: &str| fields.get(name).map(|text| text.trim()).unwrap_or_default();
    let filled = |name: &str| Some(text(name).to_owned()).filter(|text| !text.is_empty());
    let list = |name: &str| -> Vec<String> {
        let parts = text(name).split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let receipts = ReceiptMails::from_word(text("receipts"));
    let ticked = |field: &ProfileField| fields.contains_key(&field_name(*field));
    BrandSettings {
        name: text("name").to_owned(),
        default_language: text("default_language").to_owned(),
        home_url: filled("home_url"),
        return_origins: list("return_origins"),
        embed_origins: list("embed_origins"),
        sign_up: SignUpSettings {
            customers: fields.contains_key("customers"),
            carriers: fields.contains_key("carriers"),
            needs_approval: fields.contains_key("needs_approval"),
            template_customer: filled("template_customer"),
            currencies: list("currencies"),
        },
        editable_fields: ProfileField::ALL.into_iter().filter(ticked).collect(),
        paying: Paying {
            receipts: receipts.unwrap_or(settings.paying.receipts),
            link_lines: fields.contains_key("link_lines"),
        },
        ..settings
    }
}

/// The form with the settings as they are.
#[must_use]
pub fn form_of(settings: &BrandSettings) -> FormState {
    let sign_up = &settings.sign_up;
    let mut form = FormState::new()
        .with_value("name", &settings.name)
        .with_value("default_language", &settings.default_language)
        .with_value("home_url", settings.home_url.as_deref().unwrap_or_default())
        .with_value("return_origins", settings.return_origins.join("\n"))
        .with_value("embed_origins", settings.embed_origins.join("\n"))
        .with_value("template_customer", sign_up.template_customer.as_deref().unwrap_or_default())
        .with_value("currencies", sign_up.currencies.join(", "))
        .with_value("receipts", settings.paying.receipts.word());
    let switches = [
        ("customers", sign_up.customers),
        ("carriers", sign_up.carriers),
        ("needs_approval", sign_up.needs_approval),
        ("link_lines", settings.paying.link_lines),
    ];
    for (name, _) in switches.into_iter().filter(|(_, on)| *on) {
        form = form.with_value(name, "true");
    }
    for field in &settings.editable_fields {
        form = form.with_value(&field_name(*field), "true");
    }
    form
}

/// Name of the box of a field: `field_tax_ids`.
fn field_name(field: ProfileField) -> String {
    format!("field_{}", field.word())
}

impl Page for BrandPage {
    const TEMPLATE: &'static str = "panel/brands/basic.html";

    fn samples() -> Vec<Sample<Self>> {
        let settings = BrandSettings {
            home_url: Some("https://voxtel.example/account".to_owned()),
            return_origins: vec!["https://voxtel.example".to_owned()],
            sign_up: SignUpSettings {
                customers: true,
                template_customer: Some("template".to_owned()),
                currencies: vec!["EUR".to_owned(), "USD".to_owned()],
                ..SignUpSettings::default()
            },
            ..BrandSettings::of_new("Voxtel".to_owned())
        };
        let form = form_of(&settings);
        let faulty = form
            .clone()
            .with_value("currencies", "EURO")
            .with_fault(
                "currencies",
                "brands-fault-currency",
                TextArgs::new().text("value", "EURO"),
            )
            .with_fault("template_customer", "brands-fault-no-customer", TextArgs::new());
        let page = |brand, form| Self { brand, form, choices: Choices::sample() };
        vec![
            Sample::new("typical", page(BrandHead::sample(), form.clone())),
            Sample::new("broken-templates", page(BrandHead::faulty_sample(), form)),
            Sample::new("faulty", page(BrandHead::new_sample(), faulty)),
        ]
    }
}
