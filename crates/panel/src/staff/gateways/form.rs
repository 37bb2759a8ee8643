//! A gateway, new or there: a form drawn from its provider's fields.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::GatewayId;
use portico_core::gateways::{
    AccountError, FieldKind, GatewayView, Need, PROVIDERS, ProbeOutcome, Provider, provider,
};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::super::answer::Stop;
use super::super::choices::{Choice, Choices};
use super::super::customers::sample_id;
use super::super::params::Params;
use super::super::{Answer, Staff};
use super::input::{Reading, field_name, filled_in, rows_of};
use super::{id_of, shown};

/// Rows for further currencies.
const BLANK_ROWS: usize = 2;

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct GatewayPage {
    /// Identifier; nothing while the gateway is to be made.
    id: Option<String>,
    provider: &'static str,
    /// The provider's key as it stands in texts.
    provider_key: String,
    form: FormState,
    fields: Vec<Field>,
    /// How many rows of currencies there are.
    rows: usize,
    /// What each row chooses from.
    currencies: Vec<Choice>,
    brands: Vec<Choice>,
    /// Where the provider sends its notices to, where it sends any.
    notice_url: Option<String>,
    /// Whether the stored gateway is enabled.
    is_enabled: bool,
    /// Whether the stored settings cannot be opened any more.
    is_lost: bool,
    trial: Option<Trial>,
}

/// One of the provider's fields.
#[derive(Debug, Clone, Serialize)]
struct Field {
    /// Its name in the form.
    name: String,
    /// The middle of the keys of its texts: `stripe-secret-key`.
    text: String,
    /// `text`, `lines`, `secret`, `url` or `choice`.
    kind: &'static str,
    is_required: bool,
    /// Whether it must be filled in before the gateway can be enabled.
    is_needed_to_enable: bool,
    /// Whether there is a secret.
    is_set: bool,
    words: Vec<&'static str>,
}

/// What the provider says of the settings.
#[derive(Debug, Clone, Serialize)]
struct Trial {
    /// The end of the key of its text.
    word: String,
    /// In the provider's words.
    code: Option<String>,
    message: Option<String>,
}

impl From<ProbeOutcome> for Trial {
    fn from(it: ProbeOutcome) -> Self {
        let word = it.word().replace('_', "-");
        let (code, message) = match it {
            ProbeOutcome::Refused { code, message } => (Some(code), Some(message)),
            ProbeOutcome::NotReached(why) | ProbeOutcome::Unknown(why) => (None, Some(why)),
            ProbeOutcome::Good | ProbeOutcome::TooMany | ProbeOutcome::Lost => (None, None),
        };
        Self { word, code, message }
    }
}

/// What can be chosen from.
struct Offered {
    currencies: Vec<Choice>,
    brands: Vec<Choice>,
}

impl Offered {
    async fn load(staff: &Staff) -> Result<Self, Stop> {
        let language = staff.here.frame_for(Some(staff)).language;
        let choices = Choices::new(&staff.here.panel.ui, &language);
        Ok(Self { currencies: choices.currencies(""), brands: brands(staff).await? })
    }
}

/// The organisation's brands.
pub(super) async fn brands(staff: &Staff) -> Result<Vec<Choice>, Stop> {
    let found = staff.core().list_brands(staff.caller()).await?;
    let brand = |it: portico_core::brands::ListedBrand| it.record.brand;
    let choice = |it: portico_billing::brand::Brand| Choice::new(it.id.to_string(), it.name);
    Ok(found.into_iter().map(brand).map(choice).collect())
}

/// The form for a gateway at a provider.
pub(super) async fn blank(staff: &Staff, provider: &'static Provider) -> Result<GatewayPage, Stop> {
    let currency = staff.core().usual_currency(staff.caller()).await.map_err(Stop::from)?;
    Ok(GatewayPage::new(
        provider,
        blank_form(provider, currency.code()),
        Offered::load(staff).await?,
    ))
}

fn blank_form(provider: &Provider, currency: &str) -> FormState {
    FormState::new()
        .with_value("provider", provider.key)
        .with_value("mode", "test")
        .with_value("currencies.0.currency", currency)
}

impl GatewayPage {
    /// A gateway to be.
    fn new(provider: &'static Provider, form: FormState, offered: Offered) -> Self {
        let rows = rows_of(&form) + BLANK_ROWS;
        let mut currencies = offered.currencies;
        for row in 0..rows {
            let code = form.value(&format!("currencies.{row}.currency"));
            if !code.is_empty() && !currencies.iter().any(|choice| choice.value == code) {
                currencies.push(Choice::new(code, code));
            }
        }
        Self {
            id: None,
            provider: provider.name,
            provider_key: provider.key.replace('_', "-"),
            fields: provider.fields.iter().map(|field| Field::new(provider, field)).collect(),
            rows,
            form,
            currencies,
            brands: offered.brands,
            notice_url: None,
            is_enabled: false,
            is_lost: false,
            trial: None,
        }
    }

    /// A gateway that is there.
    fn of(it: &GatewayView, form: FormState, offered: Offered) -> Self {
        let mut page = Self::new(it.provider, form, offered);
        for (field, known) in page.fields.iter_mut().zip(it.provider.fields) {
            field.is_set = it.secrets_set.contains(&known.key);
        }
        let tells = it.provider.fields.iter().any(|field| field.need == Need::ToEnable);
        Self {
            id: Some(it.id.to_string()),
            notice_url: tells.then(|| it.notice_url.clone()),
            is_enabled: it.input.enabled,
            is_lost: it.is_lost,
            ..page
        }
    }
}

impl Field {
    fn new(provider: &Provider, it: &portico_core::gateways::Field) -> Self {
        let (kind, words) = match it.kind {
            FieldKind::Text => ("text", Vec::new()),
            FieldKind::Lines => ("lines", Vec::new()),
            FieldKind::Secret => ("secret", Vec::new()),
            FieldKind::BaseUrl => ("url", Vec::new()),
            FieldKind::Choice(words) => ("choice", words.to_vec()),
        };
        Self {
            name: field_name(it.key, it.kind),
            text: format!("{}-{}", provider.key, it.key).replace('_', "-"),
            kind,
            is_required: it.need == Need::Always,
            is_needed_to_enable: it.need == Need::ToEnable,
            is_set: false,
            words,
        }
    }
}

/// POST: makes a gateway.
pub async fn create(staff: Staff, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let provider = provider(fields.get("provider")).ok_or(Problem::BadRequest)?;
    let mut reading = Reading::of(provider, &fields, form);
    let faults = match reading.input() {
        None => Vec::new(),
        Some(input) => match staff.core().create_gateway(staff.caller(), &input).await {
            Ok(made) => return Ok(shown(&staff, made.id, "success", "notice-gateways-made")),
            Err(AccountError::Invalid(faults)) => faults,
            Err(error) => return Err(error.into()),
        },
    };
    let form = reading.with_faults(&faults);
    let page = GatewayPage::new(provider, form, Offered::load(&staff).await?);
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// GET: the gateway.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let it = staff.core().gateway(staff.caller(), id_of(&id)?).await?;
    staff.page(&GatewayPage::of(&it, filled_in(&it, staff.formats()), Offered::load(&staff).await?))
}

/// POST: changes it. Secrets that are left empty stay as they are.
pub async fn save(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let it = staff.core().gateway(staff.caller(), id_of(&id)?).await?;
    let (fields, form) = form.open();
    let mut reading = Reading::of(it.provider, &fields, form);
    let faults = match reading.input() {
        None => Vec::new(),
        Some(input) => {
            match staff.core().edit_gateway(staff.caller(), it.id, |_| Ok(input)).await {
                Ok(_) => return Ok(shown(&staff, it.id, "success", "notice-gateways-saved")),
                Err(AccountError::Invalid(faults)) => faults,
                Err(error) => return Err(error.into()),
            }
        }
    };
    let form = reading.with_faults(&faults);
    let page = GatewayPage::of(&it, form, Offered::load(&staff).await?);
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// POST: asks the provider whether the stored settings are good.
pub async fn test(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let id: GatewayId = id_of(&id)?;
    let outcome = staff.core().probe_gateway(staff.caller(), id).await?;
    let it = staff.core().gateway(staff.caller(), id).await?;
    let page = GatewayPage::of(&it, filled_in(&it, staff.formats()), Offered::load(&staff).await?);
    staff.page(&GatewayPage { trial: Some(outcome.into()), ..page })
}

/// An identifier for samples.
pub(super) fn sample_gateway(number: u32) -> String {
    format!("gwy_{}", sample_id(number).replace('-', ""))
}

impl Page for GatewayPage {
    const TEMPLATE: &'static str = "panel/gateways/form.html";

    fn samples() -> Vec<Sample<Self>> {
        let offered = || Offered {
            currencies: vec![Choice::new("EUR", "EUR"), Choice::new("KWD", "KWD")],
            brands: vec![Choice::new("brd_1", "Acme"), Choice::new("brd_2", "Acme <Wholesale>")],
        };
        let new = |it: &'static Provider| Self::new(it, blank_form(it, "EUR"), offered());
        let there = |it: &'static Provider| {
            let mut page = new(it);
            page.fields.iter_mut().for_each(|field| field.is_set = field.kind == "secret");
            let form = page.form.with_value("name", "Card").with_value("enabled", "true");
            Self {
                id: Some(sample_gateway(1)),
                notice_url: Some(format!("https://panel.example/gateways/{}", "x".repeat(43))),
                form: form.with_value("settings.base_url", "https://pay.example"),
                is_enabled: true,
                ..page
            }
        };
        let trial = |outcome: ProbeOutcome| Some(Trial::from(outcome));
        let words = || "No such key: \u{201c}<b>…\u{201d}".to_owned();
        let outcomes = [
            ProbeOutcome::Good,
            ProbeOutcome::Refused { code: "invalid_key".to_owned(), message: words() },
            ProbeOutcome::NotReached(words()),
            ProbeOutcome::Unknown(words()),
            ProbeOutcome::TooMany,
            ProbeOutcome::Lost,
        ];
        let mut samples: Vec<Sample<Self>> =
            PROVIDERS.iter().map(|it| Sample::new("blank", new(it))).collect();
        samples.extend(PROVIDERS.iter().map(|it| Sample::new("typical", there(it))));
        let stripe = &PROVIDERS[0];
        samples.extend(
            outcomes.map(|it| Sample::new("tested", Self { trial: trial(it), ..there(stripe) })),
        );
        samples
            .push(Sample::new("lost", Self { is_lost: true, is_enabled: false, ..there(stripe) }));
        samples.push(Sample::new(
            "faulty",
            Self { form: faulty(there(stripe).form), ..there(stripe) },
        ));
        samples
    }
}

/// A form with everything wrong, for samples.
fn faulty(form: FormState) -> FormState {
    [
        ("name", "fault-required"),
        ("brand", "fault-not-a-choice"),
        ("mode", "gateways-fault-not-live"),
        ("position", "fault-not-a-number"),
        ("password.secret_key", "gateways-fault-secret-again"),
        ("password.webhook_secret", "gateways-fault-needed-to-enable"),
        ("settings.account_id", "gateways-fault-malformed"),
        ("settings.base_url", "gateways-fault-not-https"),
        ("currencies.0.currency", "gateways-fault-no-currency"),
        ("currencies.0.minimum", "fault-amount"),
        ("currencies.0.maximum", "gateways-fault-maximum"),
        ("currencies.0.percent", "gateways-fault-percent"),
        ("currencies.1.currency", "gateways-fault-currency-twice"),
    ]
    .into_iter()
    .fold(form, |form, (field, key)| form.with_fault(field, key, TextArgs::new()))
}
