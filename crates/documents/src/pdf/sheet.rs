//! What a template is given: texts that are ready to be printed, and nothing to decide.

use portico_billing::account::Address;
use portico_billing::invoice::Party;
use serde::Serialize;

use super::text::{line, printable};
use super::{BrandLook, DocumentStyle};

/// One document.
#[derive(Debug, Serialize)]
pub struct Sheet {
    pub language: String,
    pub paper: &'static str,
    pub accent: String,
    pub brand: String,
    pub logo: bool,
    pub heading: String,
    pub number: Option<String>,
    pub date: Day,
    pub stamp: Option<Stamp>,
    pub seller: Block,
    pub buyer: Block,
    pub facts: Vec<Fact>,
    pub hero: Fact,
    pub table: Table,
    /// A smaller table below the totals.
    pub aside: Table,
    pub totals: Vec<Total>,
    pub payment: Option<Section>,
    pub notes: Option<Section>,
    pub footer: Option<String>,
    pub page: String,
}

/// The date of the document, as PDF readers show it.
#[derive(Debug, Serialize)]
pub struct Day {
    pub year: i16,
    pub month: i8,
    pub day: i8,
}

/// A word that stands across the state of the document.
#[derive(Debug, Serialize)]
pub struct Stamp {
    pub text: String,
    pub tone: &'static str,
}

/// Seller or buyer.
#[derive(Debug, Serialize)]
pub struct Block {
    pub label: String,
    pub name: String,
    pub lines: Vec<String>,
}

/// A label and what it labels.
#[derive(Debug, Serialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// A table: the first column is text, all others are figures.
#[derive(Debug, Default, Serialize)]
pub struct Table {
    pub title: Option<String>,
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Serialize)]
pub struct Row {
    pub text: String,
    pub note: Option<String>,
    pub cells: Vec<String>,
}

/// A row of the totals.
#[derive(Debug, Serialize)]
pub struct Total {
    pub label: String,
    pub value: String,
    pub weight: &'static str,
}

/// A titled part below the totals.
#[derive(Debug, Default, Serialize)]
pub struct Section {
    pub title: String,
    pub facts: Vec<Fact>,
    pub text: Option<String>,
}

impl Fact {
    pub fn new(label: &str, value: &str) -> Self {
        Self { label: label.to_owned(), value: printable(value) }
    }

    /// A fact where there is a value.
    pub fn some(label: &str, value: Option<&str>) -> Option<Self> {
        value.and_then(line).map(|value| Self { label: label.to_owned(), value })
    }
}

impl Total {
    pub fn plain(label: &str, value: String) -> Self {
        Self { label: printable(label), value, weight: "plain" }
    }

    pub fn strong(label: &str, value: String) -> Self {
        Self { label: printable(label), value, weight: "strong" }
    }

    pub fn last(label: &str, value: String) -> Self {
        Self { label: printable(label), value, weight: "last" }
    }
}

impl Block {
    pub fn of(label: &str, party: &Party, style: &DocumentStyle<'_>) -> Self {
        let mut lines = address_lines(&party.address, style);
        for tax_id in &party.tax_ids {
            lines.extend(line(&format!("{}: {}", style.labels.tax_id, tax_id.value)));
        }
        lines.extend(party.email.as_deref().and_then(line));
        Self { label: label.to_owned(), name: line(&party.name).unwrap_or_default(), lines }
    }
}

/// Lines in the order that most of the world writes them in; North America puts the postal code
/// behind the region.
fn address_lines(address: &Address, style: &DocumentStyle<'_>) -> Vec<String> {
    let joined = |parts: &[&Option<String>], between: &str| {
        let parts: Vec<&str> = parts
            .iter()
            .filter_map(|part| part.as_deref())
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(between)
    };
    let country = address.country.as_ref();
    let town = if country.is_some_and(|country| matches!(country.as_str(), "US" | "CA")) {
        let region = joined(&[&address.region, &address.postal_code], " ");
        joined(&[&address.city, &Some(region)], ", ")
    } else {
        let town = joined(&[&address.postal_code, &address.city], " ");
        joined(&[&Some(town), &address.region], ", ")
    };
    let street = [address.line1.clone(), address.line2.clone(), Some(town)];
    let country = country.map(|country| style.format.country(country));
    street.into_iter().chain([country]).flatten().filter_map(|text| line(&text)).collect()
}

/// Letter where that is the paper in use, A4 everywhere else.
pub fn paper_of(seller: &Party) -> &'static str {
    const LETTER: [&str; 8] = ["US", "CA", "MX", "CO", "VE", "CL", "PH", "GT"];
    let country = seller.address.country.as_ref();
    if country.is_some_and(|country| LETTER.contains(&country.as_str())) {
        "us-letter"
    } else {
        "a4"
    }
}

/// The accent where it is a colour, else a calm blue.
pub fn accent_of(look: &BrandLook) -> String {
    let digits = look.accent.strip_prefix('#').unwrap_or_default();
    let fine = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fine { look.accent.clone() } else { "#2f5bea".to_owned() }
}

/// The text below the document as `title` says, where there is any.
pub fn text_section(title: &str, text: Option<&str>) -> Option<Section> {
    let text = text.map(printable).filter(|text| !text.is_empty())?;
    Some(Section { title: title.to_owned(), facts: Vec::new(), text: Some(text) })
}
