//! The form of a gateway: filled in from what is stored, and read as it is typed.

use portico_billing::{BrandId, Currency, Money};
use portico_core::gateways::{
    CurrencyTermsInput, FieldKind, GatewayFault, GatewayInput, GatewayView, Provider, Settings,
};
use portico_core::records::DecimalInput;
use portico_ui::formats::{LanguageFormats, plain_decimal, read_amount};
use portico_ui::{FormState, TextArgs};
use rust_decimal::Decimal;

use super::super::params::Params;

/// Rows of currencies that are read, whatever is sent.
const ROWS_MAX: usize = 60;

/// The name of one of the provider's fields in the form. Forms do not show again what has
/// `password` in its name.
pub fn field_name(key: &str, kind: FieldKind) -> String {
    let group = if kind == FieldKind::Secret { "password" } else { "settings" };
    format!("{group}.{key}")
}

/// The form of a gateway that is there.
pub fn filled_in(it: &GatewayView, formats: &LanguageFormats) -> FormState {
    let input = &it.input;
    let mut form = FormState::new()
        .with_value("provider", &input.provider)
        .with_value("name", &input.name)
        .with_value("brand", input.brand_id.map(|id| id.to_string()).unwrap_or_default())
        .with_value("enabled", if input.enabled { "true" } else { "" })
        .with_value("mode", if input.test { "test" } else { "live" })
        .with_value("deducts_fees", if input.deducts_fees { "true" } else { "" })
        .with_value("position", input.position.map(|it| it.to_string()).unwrap_or_default());
    for key in input.settings.keys() {
        let name = field_name(key, FieldKind::Text);
        form = form.with_value(&name, input.settings.get(key).unwrap_or_default());
    }
    let rows = input.currencies.iter().enumerate();
    rows.fold(form, |form, (row, terms)| with_terms(form, (row, terms), formats))
}

fn with_terms(
    form: FormState,
    (row, it): (usize, &CurrencyTermsInput),
    formats: &LanguageFormats,
) -> FormState {
    let amount = |minor: i64| match minor {
        0 => String::new(),
        _ => formats.typed_amount(Money::new(minor, it.currency)),
    };
    let percent = it.surcharge_percent.0.normalize();
    form.with_value(&cell(row, "currency"), it.currency.to_string())
        .with_value(&cell(row, "minimum"), amount(it.minimum_minor))
        .with_value(&cell(row, "maximum"), it.maximum_minor.map(amount).unwrap_or_default())
        .with_value(&cell(row, "surcharge"), amount(it.surcharge_minor))
        .with_value(
            &cell(row, "percent"),
            if percent.is_zero() { String::new() } else { formats.typed_number(percent) },
        )
}

fn cell(row: usize, name: &str) -> String {
    format!("currencies.{row}.{name}")
}

/// How many rows of currencies the form has filled in.
pub fn rows_of(form: &FormState) -> usize {
    let filled = |row: &usize| !form.value(&cell(*row, "currency")).is_empty();
    (0..ROWS_MAX).rev().find(filled).map_or(0, |last| last + 1)
}

/// The form as it is read: each field leaves its value, or what is wrong with it.
pub struct Reading<'a> {
    provider: &'a Provider,
    fields: &'a Params,
    form: FormState,
    /// The row that each currency stood in.
    rows: Vec<usize>,
}

impl<'a> Reading<'a> {
    /// Of what was sent.
    pub fn of(provider: &'a Provider, fields: &'a Params, form: FormState) -> Self {
        Self { provider, fields, form, rows: Vec::new() }
    }

    /// What is asked for; nothing where the form cannot be read.
    pub fn input(&mut self) -> Option<GatewayInput> {
        let currencies = self.currencies();
        let typed = self.fields.get("brand");
        let brand_id: Option<BrandId> = typed.parse().ok();
        if brand_id.is_none() && !typed.is_empty() {
            self.fault("brand", "fault-not-a-choice");
        }
        let position: Option<u32> = self.fields.get("position").parse().ok();
        if position.is_none() && !self.fields.get("position").is_empty() {
            self.fault("position", "fault-not-a-number");
        }
        let keys = self.provider.fields.iter();
        let settings = keys.map(|field| {
            let typed = self.fields.get(&field_name(field.key, field.kind));
            (field.key.to_owned(), typed.to_owned())
        });
        let input = GatewayInput {
            provider: self.provider.key.to_owned(),
            name: self.fields.get("name").to_owned(),
            brand_id,
            enabled: !self.fields.get("enabled").is_empty(),
            test: self.fields.get("mode") == "test",
            currencies,
            settings: Settings::new(settings),
            deducts_fees: !self.fields.get("deducts_fees").is_empty(),
            position,
        };
        self.form.is_fine().then_some(input)
    }

    /// The form, with what the reading and the core found wrong.
    pub fn with_faults(self, faults: &[GatewayFault]) -> FormState {
        let Self { provider, form, rows, .. } = self;
        super::with_faults(form, faults, |field| shown_at(provider, &rows, field))
    }

    fn fault(&mut self, field: &str, key: &str) {
        self.form = std::mem::take(&mut self.form).with_fault(field, key, TextArgs::new());
    }

    /// The rows that are filled in.
    fn currencies(&mut self) -> Vec<CurrencyTermsInput> {
        let mut all = Vec::new();
        for row in 0..ROWS_MAX {
            let typed = self.fields.get(&cell(row, "currency"));
            if typed.is_empty() {
                let rest = ["minimum", "maximum", "surcharge", "percent"];
                if rest.iter().any(|name| !self.fields.get(&cell(row, name)).is_empty()) {
                    self.fault(&cell(row, "currency"), "fault-required");
                }
                continue;
            }
            let Ok(currency) = typed.parse::<Currency>() else {
                self.fault(&cell(row, "currency"), "fault-currency");
                continue;
            };
            all.push(CurrencyTermsInput {
                currency,
                minimum_minor: self.amount(row, "minimum", currency).unwrap_or_default(),
                maximum_minor: self.amount(row, "maximum", currency),
                surcharge_minor: self.amount(row, "surcharge", currency).unwrap_or_default(),
                surcharge_percent: self.percent(row),
            });
            self.rows.push(row);
        }
        all
    }

    /// An amount in minor units; nothing where none is typed.
    fn amount(&mut self, row: usize, name: &str, currency: Currency) -> Option<i64> {
        let name = cell(row, name);
        let typed = self.fields.get(&name);
        let amount = read_amount(typed, currency).ok();
        if amount.is_none() && !typed.is_empty() {
            self.fault(&name, "fault-amount");
        }
        amount.map(Money::minor)
    }

    fn percent(&mut self, row: usize) -> DecimalInput {
        let name = cell(row, "percent");
        let typed = plain_decimal(self.fields.get(&name));
        let typed = typed.trim_end_matches(['%', ' ']);
        let percent = Decimal::from_str_exact(typed).ok();
        if percent.is_none() && !typed.is_empty() {
            self.fault(&name, "gateways-fault-percent");
        }
        DecimalInput(percent.unwrap_or_default())
    }
}

/// The field of the form that stands for one of the core's.
fn shown_at(provider: &Provider, rows: &[usize], field: &str) -> String {
    let (group, rest) = field.split_once('.').unwrap_or((field, ""));
    match group {
        "settings" => {
            let known = provider.fields.iter().find(|known| known.key == rest);
            known.map_or_else(|| "form".to_owned(), |known| field_name(known.key, known.kind))
        }
        "currencies" => {
            let (index, name) = rest.split_once('.').unwrap_or(("", "currency"));
            let row = index.parse().ok().and_then(|index: usize| rows.get(index).copied());
            let name = name.trim_end_matches("_minor");
            let name = if name == "surcharge_percent" { "percent" } else { name };
            cell(row.unwrap_or_default(), name)
        }
        "test" => "mode".to_owned(),
        "brand_id" => "brand".to_owned(),
        "provider" => "form".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use portico_core::gateways::provider;

    use super::*;

    #[test]
    fn a_form_is_read_with_its_empty_rows_left_out() {
        let fields = Params::of_query(
            "name=Card&mode=test&enabled=true&position=3&password.secret_key=sk_test_1\
             &settings.account_id=acct_1&currencies.1.currency=EUR&currencies.1.minimum=5,50\
             &currencies.1.percent=2.9 %25&currencies.3.currency=JPY&currencies.3.surcharge=30",
        );
        let stripe = provider("stripe").expect("a provider");
        let mut reading = Reading::of(stripe, &fields, FormState::new());
        let input = reading.input().expect("an input");
        assert_eq!((input.test, input.enabled, input.position), (true, true, Some(3)));
        assert_eq!(input.settings.get("secret_key"), Some("sk_test_1"));
        assert_eq!(input.settings.get("account_id"), Some("acct_1"));
        let terms = &input.currencies;
        assert_eq!(
            (terms[0].minimum_minor, terms[0].surcharge_percent.0.to_string()),
            (550, "2.9".to_owned())
        );
        assert_eq!((terms[1].surcharge_minor, terms[1].maximum_minor), (30, None));
        let at = |field: &str| shown_at(stripe, &reading.rows, field);
        assert_eq!(at("currencies.1.surcharge_minor"), "currencies.3.surcharge");
        assert_eq!(at("currencies.0.surcharge_percent"), "currencies.1.percent");
        assert_eq!(at("currencies"), "currencies.0.currency");
        assert_eq!(at("settings.secret_key"), "password.secret_key");
        assert_eq!(at("settings.account_id"), "settings.account_id");
    }

    #[test]
    fn what_cannot_be_read_is_said_at_its_field() {
        let fields = Params::of_query(
            "currencies.0.minimum=5&currencies.1.currency=XXQ&currencies.2.currency=EUR\
             &currencies.2.maximum=x&currencies.2.percent=x&position=x&brand=x",
        );
        let sandbox = provider("sandbox").expect("a provider");
        let mut reading = Reading::of(sandbox, &fields, FormState::new());
        assert!(reading.input().is_none());
        let form = serde_json::to_value(reading.with_faults(&[])).expect("JSON");
        let faults: Vec<_> = form["faults"].as_object().expect("faults").keys().collect();
        let expected = [
            "brand",
            "currencies.0.currency",
            "currencies.1.currency",
            "currencies.2.maximum",
            "currencies.2.percent",
            "position",
        ];
        assert_eq!(faults, expected);
    }
}
