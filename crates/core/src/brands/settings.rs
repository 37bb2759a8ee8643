//! What the staff sets of a brand, and the rules of it.

use portico_billing::brand::{self, Brand, Origin, Paying, ProfileField, ReportColumns, SignUp};
use portico_billing::report::Report;
use portico_billing::section::Section;
use portico_billing::text::check_line;
use portico_billing::{Currency, CustomerId};
use portico_store::Read;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{BrandError, BrandFault, BrandFaults};
use crate::Failure;
use crate::records::{RecordKey, Rejection, customer, parse_object};

/// Most characters of a name.
const NAME_MAX: usize = 100;
/// Most values of a list.
const LIST_MAX: usize = 50;

/// A brand as it shall be, but its hosts and its looks, which have verbs of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BrandSettings {
    /// Name that customers read.
    #[schema(example = "Acme Telecom")]
    pub name: String,
    /// Language (BCP 47) where neither session, contact nor browser says one; `en` where it is
    /// absent.
    #[schema(example = "es")]
    pub default_language: String,
    /// Where the logo leads for those who signed in without a session link: at one of the origins
    /// of `return_origins`.
    #[schema(example = "https://acme.example/account")]
    pub home_url: Option<String>,
    /// Origins that `return_url` may have.
    #[schema(example = json!(["https://acme.example"]))]
    pub return_origins: Vec<String>,
    /// Origins whose pages may show the portal in a frame.
    #[schema(example = json!(["https://app.acme.example"]))]
    pub embed_origins: Vec<String>,
    /// How customers come to it by themselves.
    pub sign_up: SignUpSettings,
    /// Which profile fields customers may change: `name`, `email`, `phone`, `company`, `address`,
    /// `tax_ids`.
    #[schema(value_type = Vec<String>, example = json!(["name", "phone", "address"]))]
    pub editable_fields: Vec<ProfileField>,
    /// Sections of the portal that are switched off.
    #[schema(value_type = Vec<String>, example = json!(["contracts", "exports"]))]
    pub hidden_sections: Vec<Section>,
    /// Columns of the reports and their order.
    #[schema(value_type = ReportColumnsSettings)]
    pub report_columns: ReportColumns,
    /// What the brand does around payments.
    #[schema(value_type = PayingSettings)]
    pub paying: Paying,
}

/// How customers come to a brand by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SignUpSettings {
    /// Whether customers may sign up.
    pub customers: bool,
    /// Whether carriers may.
    pub carriers: bool,
    /// Whether the staff approves each one.
    pub needs_approval: bool,
    /// The customer whose fields and records a new one gets: its `id` or `external_id`.
    pub template_customer: Option<String>,
    /// Currencies (ISO 4217) to choose from; the organisation's where there is none.
    #[schema(example = json!(["EUR", "USD"]))]
    pub currencies: Vec<String>,
}

/// Columns of the reports; the usual choice where a list is empty.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ReportColumnsSettings {
    /// Of the breakout report.
    #[schema(example = json!(["call_time", "attempts", "customer_charge"]))]
    pub breakout: Vec<String>,
    /// Of the call detail records.
    #[schema(example = json!(["call_time", "destination", "duration", "charge"]))]
    pub cdr: Vec<String>,
}

/// What a brand does around payments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct PayingSettings {
    /// For which payments customers get a receipt by mail: `online` for those that a gateway made,
    /// `all` for recorded ones as well, `never`.
    #[schema(example = "online")]
    pub receipts: String,
    /// Whether the page of a pay link shows the lines of its invoice. The invoice itself can be
    /// downloaded there in any case.
    pub link_lines: bool,
}

impl BrandSettings {
    /// Those of a new brand: everything is shown, all fields may be edited.
    #[must_use]
    pub fn of_new(name: String) -> Self {
        Self { name, editable_fields: ProfileField::ALL.to_vec(), ..Self::default() }
    }

    /// Those that make the brand as it is.
    #[must_use]
    pub fn of(brand: &Brand) -> Self {
        let texts = |origins: &[Origin]| origins.iter().map(|it| it.as_str().to_owned()).collect();
        let sign_up = &brand.sign_up;
        Self {
            name: brand.name.clone(),
            default_language: brand.default_language.to_string(),
            home_url: brand.home_url.clone(),
            return_origins: texts(&brand.return_origins),
            embed_origins: texts(&brand.embed_origins),
            sign_up: SignUpSettings {
                customers: sign_up.customers,
                carriers: sign_up.carriers,
                needs_approval: sign_up.needs_approval,
                template_customer: sign_up.template_id.map(|id| id.to_string()),
                currencies: sign_up.currencies.iter().map(|it| it.code().to_owned()).collect(),
            },
            editable_fields: brand.editable_fields.clone(),
            hidden_sections: brand.hidden_sections.clone(),
            report_columns: brand.report_columns.clone(),
            paying: brand.paying,
        }
    }

    /// The settings with what is sent merged into them (RFC 7396).
    ///
    /// # Errors
    /// Where what comes of it are no settings.
    pub fn merged(&self, patch: &Value) -> Result<Self, BrandError> {
        if !patch.is_object() {
            return Err(BrandError::Input(Rejection::field("", "must be a JSON object")));
        }
        let mut value = serde_json::to_value(self).map_err(Failure::from)?;
        json_patch::merge(&mut value, patch);
        parse_object(value).map_err(BrandError::Input)
    }

    /// The brand with these settings; all that is wrong with them is said at once.
    pub(super) async fn apply(&self, brand: Brand, read: &mut Read) -> Result<Brand, BrandError> {
        let mut faults = BrandFaults::default();
        let template_id = self.template(&brand, read, &mut faults).await?;
        let return_origins = origins("return_origins", &self.return_origins, &mut faults);
        for report in Report::ALL {
            let checked = report.check(self.report_columns.chosen(report));
            faults.take(report.word(), checked);
        }
        let after = Brand {
            name: self.checked_name(&mut faults),
            home_url: self.home(&return_origins, &mut faults),
            embed_origins: origins("embed_origins", &self.embed_origins, &mut faults),
            sign_up: SignUp {
                customers: self.sign_up.customers,
                carriers: self.sign_up.carriers,
                needs_approval: self.sign_up.needs_approval,
                template_id,
                currencies: self.currencies(&mut faults),
            },
            editable_fields: in_order(&ProfileField::ALL, &self.editable_fields),
            hidden_sections: in_order(&Section::ALL, &self.hidden_sections),
            report_columns: self.report_columns.clone(),
            paying: self.paying,
            default_language: match self.default_language.trim() {
                "" => brand.default_language.clone(),
                tag => faults
                    .take("default_language", tag.parse().map_err(|_| BrandFault::Language))
                    .unwrap_or_else(|| brand.default_language.clone()),
            },
            return_origins,
            ..brand
        };
        faults.refuse_any()?;
        Ok(after)
    }

    fn checked_name(&self, faults: &mut BrandFaults) -> String {
        let name = self.name.trim();
        if name.is_empty() {
            faults.add("name", BrandFault::Required);
        } else if name.chars().count() > NAME_MAX {
            faults.add("name", BrandFault::TooLong { max: NAME_MAX });
        } else {
            faults.take("name", check_line(name));
        }
        name.to_owned()
    }

    fn home(&self, origins: &[Origin], faults: &mut BrandFaults) -> Option<String> {
        let url = self.home_url.as_deref().map(str::trim).filter(|url| !url.is_empty())?;
        faults.take("home_url", brand::url_at(url, origins)).map(String::from)
    }

    fn currencies(&self, faults: &mut BrandFaults) -> Vec<Currency> {
        let mut kept = Vec::new();
        for text in self.sign_up.currencies.iter().map(|text| text.trim()) {
            let parsed = text.to_ascii_uppercase().parse::<Currency>();
            let parsed = parsed.map_err(|_| BrandFault::Currency(shortened(text)));
            match faults.take("currencies", parsed) {
                Some(currency) if !kept.contains(&currency) => kept.push(currency),
                _ => {}
            }
        }
        if kept.len() > LIST_MAX {
            faults.add("currencies", BrandFault::TooMany { max: LIST_MAX });
        }
        kept
    }

    /// The template customer. One that is kept is not looked for again.
    async fn template(
        &self,
        brand: &Brand,
        read: &mut Read,
        faults: &mut BrandFaults,
    ) -> Result<Option<CustomerId>, Failure> {
        let text = self.sign_up.template_customer.as_deref().map(str::trim);
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
        let kept = brand.sign_up.template_id.filter(|id| id.to_string() == text);
        if kept.is_some() {
            return Ok(kept);
        }
        let found = customer::load(read, &RecordKey::new(text)).await?;
        if found.is_none() {
            faults.add("template_customer", BrandFault::NoCustomer);
        }
        Ok(found.map(|customer| customer.id))
    }
}

fn origins(field: &'static str, texts: &[String], faults: &mut BrandFaults) -> Vec<Origin> {
    let mut kept = Vec::new();
    for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let origin = brand::http_url(text).and_then(|url| Origin::of(&url));
        let origin = origin.map_err(|_| BrandFault::Origin(shortened(text)));
        match faults.take(field, origin) {
            Some(origin) if !kept.contains(&origin) => kept.push(origin),
            _ => {}
        }
    }
    if kept.len() > LIST_MAX {
        faults.add(field, BrandFault::TooMany { max: LIST_MAX });
    }
    kept
}

/// What of `all` is in the list, each once, in the order of `all`.
fn in_order<T: Copy + PartialEq>(all: &[T], list: &[T]) -> Vec<T> {
    all.iter().copied().filter(|it| list.contains(it)).collect()
}

/// As much of a text as an answer repeats.
fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}
