//! What can be chosen from: countries, languages, time zones, kinds of tax ids.

use portico_billing::Currency;
use portico_billing::tax_id::{REGISTERS, Register};
use portico_ui::Ui;
use serde::Serialize;

/// One entry of a select field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// First parts of time zones that name a place; the rest are aliases.
const REGIONS: [&str; 9] = [
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// All countries by their names in a language.
pub(crate) fn countries(ui: &Ui, language: &str) -> Vec<Choice> {
    let names = ui.formats().of(language);
    let choice = |country: &rust_iso3166::CountryCode| {
        Choice::new(country.alpha2, names.country(country.alpha2))
    };
    let mut all: Vec<Choice> = rust_iso3166::ALL.iter().map(choice).collect();
    all.sort_by_cached_key(|choice| sort_key(&choice.label));
    all
}

/// Currencies by their codes and names; nothing where there is no choice.
pub(crate) fn currencies(ui: &Ui, language: &str, offered: &[Currency]) -> Vec<Choice> {
    let names = ui.formats().of(language);
    let choice = |currency: &Currency| {
        let code = currency.code();
        Choice::new(code, format!("{code} · {}", names.currency_name(code)))
    };
    if offered.len() < 2 { Vec::new() } else { offered.iter().map(choice).collect() }
}

/// The languages of the portal, each in its own name.
pub(crate) fn languages(ui: &Ui) -> Vec<Choice> {
    let name = |tag: &str| ui.formats().own_name(tag).unwrap_or_else(|| tag.to_owned());
    ui.languages().into_iter().map(|tag| Choice::new(tag.as_str(), name(&tag))).collect()
}

/// All time zones that are named after a place, and UTC.
pub(crate) fn time_zones() -> Vec<Choice> {
    let is_place =
        |name: &String| name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region));
    let names = jiff::tz::db().available().map(|name| name.to_string()).filter(is_place);
    let mut all: Vec<Choice> =
        names.map(|name| Choice::new(name.as_str(), name.replace('_', " "))).collect();
    all.sort_by(|a, b| a.value.cmp(&b.value));
    all.insert(0, Choice::new("UTC", "UTC"));
    all
}

/// The registers of tax ids, and that of an id which the customer has already. Each register has
/// a text `tax-kind-<kind with hyphens>`.
pub(crate) fn tax_kinds<'a>(
    ui: &Ui,
    language: &str,
    present: impl Iterator<Item = &'a str>,
) -> Vec<Choice> {
    let label = |kind: &str| {
        let key = format!("tax-kind-{}", kind.replace('_', "-"));
        ui.text(language, &key, &portico_ui::TextArgs::new())
    };
    let choice = |register: &Register| Choice::new(register.kind, label(register.kind));
    let mut all: Vec<Choice> = REGISTERS.iter().map(choice).collect();
    all.sort_by_cached_key(|choice| sort_key(&choice.label));
    for kind in present {
        if !all.iter().any(|choice| choice.value == kind) {
            all.push(Choice::new(kind, kind.replace('_', " ").to_uppercase()));
        }
    }
    all
}

/// Names in the order that readers of Latin scripts expect, accents aside.
fn sort_key(label: &str) -> String {
    label.to_lowercase().chars().map(without_accent).collect()
}

fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}
