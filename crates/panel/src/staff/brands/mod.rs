//! Portals as brands: Setup > Integrations > Portal.

pub mod access;
pub mod basic;
pub mod domains;
pub mod exceptions;
pub mod list;
pub mod looks;
pub mod mail_templates;
pub mod remove;
pub mod reports;
pub mod smtp;
pub mod texts;

use std::collections::BTreeMap;

use portico_billing::BrandId;
use portico_core::brands::{BrandError, BrandFaults, BrandSettings, ListedBrand};
use portico_ui::errors::Problem;
use portico_ui::overrides::OverrideFault;
use portico_ui::{FormState, TextArgs, Ui};
use serde::Serialize;

use super::answer::Stop;
use super::{Staff, paths};

/// The fields of a form as they were sent. Boxes that are not ticked are absent.
type Fields = BTreeMap<String, String>;

/// What every tab of a brand shows around its own.
#[derive(Debug, Clone, Serialize)]
pub struct BrandHead {
    /// Identifier, for links.
    pub id: String,
    /// Name that customers read.
    pub name: String,
    /// Whether it is that of customers that name none.
    pub is_default: bool,
    /// Where the portal is; nothing while it answers on no host.
    pub portal_url: Option<String>,
    /// Customers, counted up to a thousand.
    pub customers: u32,
    /// Those of them with exceptions.
    pub exceptions: u32,
    /// What is known to be wrong with its own templates.
    pub template_faults: Vec<TemplateFault>,
}

/// A template in whose place customers see the shipped page.
#[derive(Debug, Clone, Serialize)]
pub struct TemplateFault {
    file: String,
    line: Option<usize>,
    reason: String,
}

impl From<OverrideFault> for TemplateFault {
    fn from(it: OverrideFault) -> Self {
        Self { file: it.file, line: it.line, reason: it.reason }
    }
}

/// One entry of a select field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

impl Choice {
    /// An entry.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

impl BrandHead {
    /// Of a brand that was found.
    #[must_use]
    pub fn of(staff: &Staff, found: &ListedBrand) -> Self {
        let brand = &found.record.brand;
        let id = brand.id.to_string();
        let templates = staff.here.panel.templates.as_ref();
        let faults = templates.map(|it| it.known_faults(&id)).unwrap_or_default();
        Self {
            id,
            name: brand.name.clone(),
            is_default: found.record.is_default,
            portal_url: staff.core().brand_url(brand),
            customers: found.counts.customers,
            exceptions: found.counts.exceptions,
            template_faults: faults.into_iter().map(TemplateFault::from).collect(),
        }
    }

    /// For samples of pages.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            id: "brd_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b".to_owned(),
            name: "Voxtel <Empresas>".to_owned(),
            is_default: true,
            portal_url: Some("https://pay.voxtel.example/".to_owned()),
            customers: 1_000,
            exceptions: 2,
            template_faults: Vec::new(),
        }
    }

    /// For samples: a brand that nobody can reach yet.
    #[must_use]
    pub fn new_sample() -> Self {
        Self {
            name: LONG.to_owned(),
            is_default: false,
            portal_url: None,
            customers: 0,
            exceptions: 0,
            ..Self::sample()
        }
    }

    /// For samples: a brand with templates of its own that cannot be used.
    #[must_use]
    pub fn faulty_sample() -> Self {
        let fault = |file: &str, line| TemplateFault {
            file: file.to_owned(),
            line,
            reason: "undefined value: <customer> is undefined".to_owned(),
        };
        let template_faults = vec![
            fault("portal/invoices/list.html", Some(12)),
            fault(&format!("components/{}.html", "a-long-name-".repeat(8)), None),
        ];
        Self { template_faults, ..Self::sample() }
    }
}

/// A name that fills its room.
const LONG: &str = "Sociedad Mediterránea de Telecomunicaciones y Servicios Avanzados, S.A.U.";

/// The brand that the address names.
pub async fn find(staff: &Staff, id: &str) -> Result<ListedBrand, Stop> {
    let id: BrandId = id.parse().map_err(|_| Problem::NotFound)?;
    Ok(staff.core().find_brand(staff.caller(), id).await?)
}

/// Changes settings. The answer is what is wrong with them, or nothing where it was done.
pub async fn edit(
    staff: &Staff,
    brand: BrandId,
    change: impl FnOnce(BrandSettings) -> BrandSettings + Send,
) -> Result<Option<BrandFaults>, Stop> {
    let edited = staff.core().edit_brand(staff.caller(), brand, |settings| Ok(change(settings)));
    match edited.await {
        Ok(_) => Ok(None),
        Err(BrandError::Invalid(faults)) => Ok(Some(faults)),
        Err(error) => Err(error.into()),
    }
}

/// The form with what is wrong with it.
#[must_use]
pub fn with_faults(form: FormState, faults: &BrandFaults) -> FormState {
    faults.iter().fold(form, |form, (field, fault)| {
        let mut args = TextArgs::new();
        if let Some(max) = fault.max() {
            args = args.number("max", i64::try_from(max).unwrap_or(i64::MAX));
        }
        if let Some(value) = fault.value() {
            args = args.text("value", value);
        }
        form.with_fault(field, fault.message_key(), args)
    })
}

/// The languages of the portal, each in its own name.
fn languages(ui: &Ui) -> Vec<Choice> {
    let name = |tag: &str| ui.formats().own_name(tag).unwrap_or_else(|| tag.to_owned());
    ui.languages().into_iter().map(|tag| Choice::new(tag.as_str(), name(&tag))).collect()
}

/// The address of a tab.
#[must_use]
pub fn tab(path: &str, id: BrandId) -> String {
    path.replace("{id}", &id.to_string())
}

impl From<BrandError> for Stop {
    fn from(error: BrandError) -> Self {
        match error {
            BrandError::NotFound => Problem::NotFound.into(),
            BrandError::Forbidden(forbidden) => forbidden.into(),
            BrandError::Failure(failure) => failure.into(),
            BrandError::Input(rejection) => rejection.into(),
            BrandError::Invalid(_)
            | BrandError::HasCustomers
            | BrandError::HasGateways
            | BrandError::IsDefault => Problem::BadRequest.into(),
        }
    }
}
