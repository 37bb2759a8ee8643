//! What both syntaxes say in the same words.

use jiff::civil::Date;
use portico_billing::account::TaxId;
use portico_billing::invoice::Period;
use portico_billing::{CountryCode, Currency};
use rust_decimal::Decimal;

use super::EInvoiceError;
use super::element::Element;

/// Unit prices that do not divide evenly are rounded to so many places; amounts never are.
const PRICE_PLACES: u32 = 10;

/// Members of the Union, as their VAT numbers begin; Greece and Northern Ireland have their own.
const UNION: [&str; 28] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
];

/// The currency that `element` names.
pub fn currency(element: Element<'_, '_>) -> Result<Currency, EInvoiceError> {
    element.text().parse().map_err(|error| element.invalid(&format!("{error}")))
}

/// The country that `element` names.
pub fn country(element: Option<Element<'_, '_>>) -> Result<Option<CountryCode>, EInvoiceError> {
    let named = element.filter(|element| !element.text().is_empty());
    let parsed = named.map(|element| {
        element.text().parse().map_err(|_| element.invalid("not an ISO 3166-1 country code"))
    });
    parsed.transpose()
}

/// The span from `start` to `end`, both included; nothing where one of them is open.
pub fn period(
    element: Element<'_, '_>,
    start: Option<Date>,
    end: Option<Date>,
) -> Result<Option<Period>, EInvoiceError> {
    let (Some(start), Some(end)) = (start, end) else { return Ok(None) };
    let next = end.tomorrow().map_err(|_| element.invalid("the period ends too late"))?;
    Period::new(start, next)
        .map(Some)
        .map_err(|_| element.invalid("the period ends before it starts"))
}

/// A VAT number with the register that its prefix, or else the country of its owner, tells.
pub fn vat_id(value: String, country: Option<&CountryCode>) -> TaxId {
    let prefix = value.get(..2).map(str::to_ascii_uppercase).unwrap_or_default();
    let kind = if UNION.contains(&prefix.as_str()) {
        "eu_vat".to_owned()
    } else if prefix.bytes().all(|byte| byte.is_ascii_alphabetic()) && prefix.len() == 2 {
        format!("{}_vat", prefix.to_ascii_lowercase())
    } else {
        kind_of(country, "vat")
    };
    TaxId { kind, value }
}

/// A number of another tax register.
pub fn tax_id(value: String, country: Option<&CountryCode>) -> TaxId {
    TaxId { kind: kind_of(country, "tax"), value }
}

fn kind_of(country: Option<&CountryCode>, register: &str) -> String {
    let prefix = country.map(|country| format!("{}_", country.as_str().to_ascii_lowercase()));
    format!("{}{register}", prefix.unwrap_or_default())
}

/// The price of one unit, where `price` is that of `base` units.
pub fn unit_price(
    price: Element<'_, '_>,
    base: Option<Element<'_, '_>>,
) -> Result<Decimal, EInvoiceError> {
    let amount = price.decimal()?;
    let Some(base) = base else { return Ok(amount) };
    let divided = amount.checked_div(base.decimal()?);
    let divided = divided.ok_or_else(|| base.invalid("prices cannot be for zero units"))?;
    Ok(divided.round_dp(PRICE_PLACES).normalize())
}

/// How a code of UN/ECE Recommendation 20 is printed; nothing where units are just counted.
pub fn unit_name(code: &str) -> Option<String> {
    let name = match code {
        "" | "C62" | "EA" | "H87" | "NAR" | "NPR" | "XPP" | "ZZ" => return None,
        "SEC" => "s",
        "MIN" => "min",
        "HUR" => "h",
        "DAY" => "d",
        "GRM" => "g",
        "KGM" => "kg",
        "TNE" => "t",
        "LTR" => "l",
        "MTR" => "m",
        "KMT" => "km",
        "MTK" => "m²",
        "MTQ" => "m³",
        "KWH" => "kWh",
        "MWH" => "MWh",
        "4L" => "MB",
        "E34" => "GB",
        "E35" => "TB",
        code => code,
    };
    Some(name.to_owned())
}

/// Texts below each other, without those that are not there or say what stands above.
pub fn joined(texts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts.into_iter().flatten() {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    (!kept.is_empty()).then(|| kept.join("\n"))
}

/// An account number without its spaces.
pub fn account_number(text: String) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
