//! What can be chosen from: countries, languages, time zones, currencies, kinds of tax ids.

use portico_billing::account::ContactKind;
use portico_billing::tax_id::{REGISTERS, Register};
use portico_ui::{TextArgs, Ui};
use serde::Serialize;

/// One entry of a select field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

impl Choice {
    /// A value and its text.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// The currencies that are offered first of all; any other one can be typed into the API.
const CURRENCIES: [&str; 33] = [
    "EUR", "USD", "GBP", "AED", "ARS", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK",
    "DKK", "HKD", "HUF", "INR", "JPY", "KRW", "KWD", "MXN", "NOK", "NZD", "PEN", "PLN", "RON",
    "SAR", "SEK", "SGD", "TRY", "UAH", "UYU", "ZAR",
];

/// Texts of the choices in one language.
pub struct Choices<'a> {
    ui: &'a Ui,
    language: &'a str,
}

impl<'a> Choices<'a> {
    /// The choices in a language.
    pub fn new(ui: &'a Ui, language: &'a str) -> Self {
        Self { ui, language }
    }

    /// All countries by name.
    pub fn countries(&self) -> Vec<Choice> {
        let names = self.ui.formats().of(self.language);
        let choice = |country: &rust_iso3166::CountryCode| {
            Choice::new(country.alpha2, names.country(country.alpha2))
        };
        let mut all: Vec<Choice> = rust_iso3166::ALL.iter().map(choice).collect();
        all.sort_by_cached_key(|choice| choice.label.to_lowercase());
        all
    }

    /// The languages of the portal, each in its own name.
    pub fn languages(&self) -> Vec<Choice> {
        let name = |tag: &str| self.ui.formats().own_name(tag).unwrap_or_else(|| tag.to_owned());
        let tags = self.ui.languages().into_iter();
        tags.map(|tag| Choice::new(tag.as_str(), name(&tag))).collect()
    }

    /// The currencies, and the one that is chosen.
    pub fn currencies(&self, chosen: &str) -> Vec<Choice> {
        let known = CURRENCIES.iter().map(|code| Choice::new(*code, *code));
        let mut all: Vec<Choice> = known.collect();
        if !chosen.is_empty() && !CURRENCIES.contains(&chosen) {
            all.push(Choice::new(chosen, chosen));
        }
        all
    }

    /// The registers of tax ids, and those that are used already.
    pub fn tax_kinds<'k>(&self, present: impl Iterator<Item = &'k str>) -> Vec<Choice> {
        let label = |kind: &str| self.text(&format!("tax-kind-{}", kind.replace('_', "-")));
        let choice = |register: &Register| Choice::new(register.kind, label(register.kind));
        let mut all: Vec<Choice> = REGISTERS.iter().map(choice).collect();
        all.sort_by_cached_key(|choice| choice.label.to_lowercase());
        for kind in present.filter(|kind| !kind.is_empty()) {
            if !all.iter().any(|choice| choice.value == kind) {
                all.push(Choice::new(kind, kind.replace('_', " ").to_uppercase()));
            }
        }
        all
    }

    /// Words with the texts `<prefix>-<word with hyphens>`.
    pub fn words(&self, prefix: &str, words: &[&str]) -> Vec<Choice> {
        let text = |word: &str| self.text(&format!("{prefix}-{}", word.replace('_', "-")));
        words.iter().map(|word| Choice::new(*word, text(word))).collect()
    }

    /// What contacts are written to about.
    pub fn contact_kinds(&self) -> Vec<Choice> {
        self.words("contact-kind", &ContactKind::ALL.map(ContactKind::word))
    }

    fn text(&self, key: &str) -> String {
        self.ui.text(self.language, key, &TextArgs::new())
    }
}

/// All time zones that are named after a place, and UTC.
pub fn time_zones() -> Vec<Choice> {
    let places = [
        "Africa/",
        "America/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    let is_place = |name: &String| places.iter().any(|place| name.starts_with(place));
    let names = jiff::tz::db().available().map(|name| name.to_string()).filter(is_place);
    let mut all: Vec<Choice> =
        names.map(|name| Choice::new(name.as_str(), name.replace('_', " "))).collect();
    all.sort_by(|a, b| a.value.cmp(&b.value));
    all.insert(0, Choice::new("UTC", "UTC"));
    all
}
