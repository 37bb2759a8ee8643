//! A gateway as it is sent, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use portico_billing::gateway::{CurrencyTerms, TermsFault};
use portico_billing::text::check_line;
use portico_billing::{BrandId, Currency};
use portico_gateways::Provider;
use portico_gateways::settings::{FieldKind, Need, Settings};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use super::fault::{AccountError, GatewayFault, GatewayFaultKind as Kind};
use crate::Failure;
use crate::records::{DecimalInput, Rejection, parse_object};

/// Most characters of a name, and of a value of the provider's.
const NAME_MAX: usize = 200;
const VALUE_MAX: usize = 2_000;
/// Most currencies of a gateway.
pub(super) const CURRENCIES_MAX: usize = 50;

/// A gateway as it is sent. Serialises to what would be sent to get it as it is, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GatewayInput)]
pub struct GatewayInput {
    /// `stripe`, `paypal`, `authorize_net` or `sandbox`; stays what it is.
    #[schema(example = "stripe")]
    pub provider: String,
    /// What customers read.
    #[schema(example = "Card")]
    pub name: String,
    /// The brand that alone has it; all brands have it where absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub brand_id: Option<BrandId>,
    /// Whether customers can pay by it. What the provider proves its notices with must be there.
    #[serde(default)]
    pub enabled: bool,
    /// Whether it moves play money.
    #[serde(default)]
    pub test: bool,
    /// What can be paid, each currency once; at least one before it is enabled.
    #[serde(default)]
    pub currencies: Vec<CurrencyTermsInput>,
    /// The values of the provider's fields, by key. Secrets are never answered; one that is left
    /// out stays as it is.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub settings: Settings,
    /// Whether what the provider keeps is taken off what is credited.
    #[serde(default)]
    pub deducts_fees: bool,
    /// Its place in the order in which customers read them; the last one where absent.
    #[serde(default)]
    pub position: Option<u32>,
}

/// What holds for payments in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GatewayCurrency)]
pub struct CurrencyTermsInput {
    /// ISO 4217 code.
    #[schema(value_type = String, example = "EUR")]
    pub currency: Currency,
    /// The least that can be paid at once, in minor units.
    #[serde(default)]
    pub minimum_minor: i64,
    /// The most that can be paid at once, in minor units.
    #[serde(default)]
    pub maximum_minor: Option<i64>,
    /// What is paid on top of each payment, in minor units.
    #[serde(default)]
    pub surcharge_minor: i64,
    /// What is paid on top, in percent of the payment: at most four decimals.
    #[serde(default = "nothing")]
    pub surcharge_percent: DecimalInput,
}

const fn nothing() -> DecimalInput {
    DecimalInput(Decimal::ZERO)
}

impl From<&CurrencyTermsInput> for CurrencyTerms {
    fn from(it: &CurrencyTermsInput) -> Self {
        Self {
            currency: it.currency,
            minimum_minor: it.minimum_minor,
            maximum_minor: it.maximum_minor,
            surcharge_minor: it.surcharge_minor,
            surcharge_percent: it.surcharge_percent.0,
        }
    }
}

impl From<&CurrencyTerms> for CurrencyTermsInput {
    fn from(it: &CurrencyTerms) -> Self {
        Self {
            currency: it.currency,
            minimum_minor: it.minimum_minor,
            maximum_minor: it.maximum_minor,
            surcharge_minor: it.surcharge_minor,
            surcharge_percent: DecimalInput(it.surcharge_percent),
        }
    }
}

/// What of settings may be shown.
pub(super) fn without_secrets(provider: &Provider, settings: &Settings) -> Settings {
    let shown = provider.fields.iter().filter(|field| field.kind != FieldKind::Secret);
    let values = shown.filter_map(|field| Some((field.key, settings.get(field.key)?)));
    Settings::new(values.map(|(key, value)| (key.to_owned(), value.to_owned())))
}

/// Keys of the secrets that are there.
pub(super) fn secrets_of(provider: &Provider, settings: &Settings) -> Vec<&'static str> {
    let secret = provider.fields.iter().filter(|field| field.kind == FieldKind::Secret);
    secret.map(|field| field.key).filter(|key| settings.get(key).is_some()).collect()
}

impl GatewayInput {
    /// These settings with a merge patch (RFC 7396) applied.
    ///
    /// # Errors
    /// Where what comes of it is no gateway.
    pub fn merged(&self, patch: &Value) -> Result<Self, AccountError> {
        if !patch.is_object() {
            return Err(AccountError::Input(Rejection::field("", "must be a JSON object")));
        }
        let mut value = serde_json::to_value(self).map_err(Failure::from)?;
        json_patch::merge(&mut value, patch);
        parse_object(value).map_err(AccountError::Input)
    }

    /// The settings that are meant: those that were sent, and the secrets that were there before
    /// where none were sent. Those are not sent to another address than they were meant for:
    /// whoever may change the address would read them there.
    pub(super) fn with_kept_secrets(
        &self,
        provider: &Provider,
        before: &Settings,
        faults: &mut Vec<GatewayFault>,
    ) -> Settings {
        let sent = Settings::new(self.values());
        let addresses = provider.fields.iter().filter(|field| field.kind == FieldKind::BaseUrl);
        let moves = addresses.into_iter().any(|field| sent.get(field.key) != before.get(field.key));
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        for field in provider.fields {
            let kept = (field.kind == FieldKind::Secret).then(|| before.get(field.key)).flatten();
            match (sent.get(field.key), kept) {
                (Some(value), _) => all.insert(field.key.to_owned(), value.to_owned()),
                (None, Some(_)) if moves => {
                    faults.push(GatewayFault::of_setting(field.key, Kind::SecretAgain));
                    None
                }
                (None, Some(value)) => all.insert(field.key.to_owned(), value.to_owned()),
                (None, None) => None,
            };
        }
        Settings::new(all)
    }

    fn values(&self) -> impl Iterator<Item = (String, String)> {
        let value = |key: &str| self.settings.get(key).unwrap_or_default().to_owned();
        self.settings.keys().map(move |key| (key.to_owned(), value(key)))
    }

    /// What is wrong with it, but for its provider, its brand and whether the provider's fields fit
    /// together.
    pub(super) fn check(&self, provider: &Provider, faults: &mut Vec<GatewayFault>) {
        check_text("name", &self.name, (NAME_MAX, false), faults);
        if self.name.trim().is_empty() {
            faults.push(GatewayFault::new("name", Kind::Required));
        }
        for key in self.settings.keys() {
            let Some(field) = provider.fields.iter().find(|field| field.key == key) else {
                // Its name may be anything, even a secret in the wrong place.
                faults.push(GatewayFault::new("settings", Kind::UnknownField));
                continue;
            };
            let value = self.settings.get(key).unwrap_or_default();
            let name = format!("settings.{key}");
            check_text(&name, value, (VALUE_MAX, field.kind == FieldKind::Lines), faults);
            let FieldKind::Choice(words) = field.kind else { continue };
            if !value.is_empty() && !words.contains(&value) {
                faults.push(GatewayFault::new(name, Kind::Malformed));
            }
        }
        self.check_currencies(faults);
    }

    fn check_currencies(&self, faults: &mut Vec<GatewayFault>) {
        if self.currencies.len() > CURRENCIES_MAX {
            faults.push(GatewayFault::new("currencies", Kind::TooMany { max: CURRENCIES_MAX }));
            return;
        }
        let mut known = BTreeSet::new();
        for (index, it) in self.currencies.iter().enumerate() {
            let field = |name: &str| format!("currencies.{index}.{name}");
            if !known.insert(it.currency.code()) {
                faults.push(GatewayFault::new(field("currency"), Kind::CurrencyTwice));
            }
            if let Err(fault) = CurrencyTerms::from(it).check() {
                let name = match fault {
                    TermsFault::Minimum => "minimum_minor",
                    TermsFault::Maximum => "maximum_minor",
                    TermsFault::Surcharge => "surcharge_minor",
                    TermsFault::Percent => "surcharge_percent",
                };
                faults.push(GatewayFault::new(field(name), Kind::Terms(fault)));
            }
        }
    }

    /// What is missing for customers to pay by it (WHK-01).
    pub(super) fn check_enabled(
        &self,
        provider: &Provider,
        settings: &Settings,
        faults: &mut Vec<GatewayFault>,
    ) {
        if !self.enabled {
            return;
        }
        if self.currencies.is_empty() {
            faults.push(GatewayFault::new("currencies", Kind::NoCurrency));
        }
        for field in provider.fields {
            let value = settings.get(field.key);
            if field.need == Need::ToEnable && value.is_none() {
                faults.push(GatewayFault::of_setting(field.key, Kind::NeededToEnable));
            }
            let is_https = |text: &str| Url::parse(text).is_ok_and(|url| url.scheme() == "https");
            let plain = value.is_some_and(|text| !is_https(text));
            if field.kind == FieldKind::BaseUrl && !self.test && plain {
                faults.push(GatewayFault::of_setting(field.key, Kind::NotHttps));
            }
        }
    }
}

fn check_text(
    field: &str,
    text: &str,
    (max, lines): (usize, bool),
    faults: &mut Vec<GatewayFault>,
) {
    let text = text.trim();
    let lines = if lines { text.lines().collect() } else { vec![text] };
    let mut told = lines.into_iter().filter(|line| !line.is_empty());
    if text.chars().count() > max {
        faults.push(GatewayFault::new(field, Kind::TooLong { max }));
    } else if let Some(fault) = told.find_map(|line| check_line(line).err()) {
        faults.push(GatewayFault::new(field, Kind::Line(fault)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn input(value: Value) -> GatewayInput {
        let base =
            json!({"provider": "stripe", "name": "Card", "currencies": [{"currency": "EUR"}]});
        let base: GatewayInput = parse_object(base).expect("an input");
        base.merged(&value).expect("an input")
    }

    fn stripe() -> &'static Provider {
        portico_gateways::provider("stripe").expect("a provider")
    }

    fn fields(check: impl FnOnce(&mut Vec<GatewayFault>)) -> Vec<String> {
        let mut faults = Vec::new();
        check(&mut faults);
        faults.into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn pay_07_terms_are_checked_at_their_fields() {
        let faults = |value: Value| {
            let it = input(value);
            fields(|faults| it.check(stripe(), faults))
        };
        assert!(faults(json!({})).is_empty());
        assert_eq!(faults(json!({"name": " "})), ["name"]);
        assert_eq!(faults(json!({"name": "a\nb"})), ["name"]);
        assert_eq!(faults(json!({"settings": {"sk_live_x": "y"}})), ["settings"]);
        let twice = json!({"currencies": [{"currency": "EUR"}, {"currency": "EUR"}]});
        assert_eq!(faults(twice), ["currencies.1.currency"]);
        let below = json!({"currencies": [{"currency": "EUR", "minimum_minor": -1}]});
        assert_eq!(faults(below), ["currencies.0.minimum_minor"]);
        let percent = json!({"currencies": [{"currency": "EUR", "surcharge_percent": "101"}]});
        assert_eq!(faults(percent), ["currencies.0.surcharge_percent"]);
    }

    #[test]
    fn whk_01_nothing_is_enabled_that_cannot_prove_notices() {
        let settings =
            |values: Value| serde_json::from_value::<Settings>(values).expect("settings");
        let enabled = |more: Value, values: Value| {
            let it = input(more).merged(&json!({"enabled": true})).expect("an input");
            fields(|faults| it.check_enabled(stripe(), &settings(values), faults))
        };
        let fine = json!({"webhook_secret": "whsec_1"});
        assert!(enabled(json!({}), fine.clone()).is_empty());
        assert_eq!(enabled(json!({}), json!({})), ["settings.webhook_secret"]);
        assert_eq!(enabled(json!({"currencies": []}), fine), ["currencies"]);
        let plain = json!({"webhook_secret": "whsec_1", "base_url": "http://10.0.0.1"});
        assert_eq!(enabled(json!({}), plain.clone()), ["settings.base_url"]);
        assert!(enabled(json!({"test": true}), plain).is_empty());
    }

    #[test]
    fn prv_04_a_kept_secret_does_not_follow_another_address() {
        let before = json!({"secret_key": "sk_test_canary", "base_url": "https://one.test"});
        let before: Settings = serde_json::from_value(before).expect("settings");
        let kept = |settings: Value| {
            let it = input(json!({"settings": settings}));
            let mut faults = Vec::new();
            let all = it.with_kept_secrets(stripe(), &before, &mut faults);
            (all.get("secret_key").map(str::to_owned), faults.len())
        };
        let canary = Some("sk_test_canary".to_owned());
        assert_eq!(kept(json!({"base_url": "https://one.test", "secret_key": ""})), (canary, 0));
        assert_eq!(kept(json!({"base_url": "https://two.test"})), (None, 1));
        assert_eq!(kept(json!({})), (None, 1));
        let new = Some("sk_test_new".to_owned());
        assert_eq!(kept(json!({"secret_key": "sk_test_new"})), (new, 0));
    }

    #[test]
    fn whk_01_each_provider_that_tells_by_itself_says_what_proves_it() {
        for provider in portico_gateways::PROVIDERS {
            let proves = provider.fields.iter().any(|field| field.need == Need::ToEnable);
            assert_eq!(proves, provider.key != "sandbox", "{}", provider.key);
        }
    }
}
