//! XML elements that know where they stand, so that whatever is wrong with one can be named.

use std::collections::HashSet;

use jiff::civil::Date;
use portico_billing::{Currency, Money};
use roxmltree::{Document, Node};
use rust_decimal::Decimal;

use super::EInvoiceError;

/// Real invoices are about 10 deep.
const DEEPEST: usize = 60;
/// Real invoices have a handful of namespaces.
const MOST_NAMESPACES: usize = 64;
/// Between two tags; the attributes of one tag are less than half as many.
const MOST_QUOTES: usize = 2_000;
/// Minor units. Beyond them nobody sends invoices, and sums could overflow.
const LARGEST_AMOUNT: u64 = 1_000_000_000_000_000;

/// Parses `bytes` and hands the root element to `read`.
pub fn with_root<T>(
    bytes: &[u8],
    read: impl FnOnce(Element<'_, '_>) -> Result<T, EInvoiceError>,
) -> Result<T, EInvoiceError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| EInvoiceError::NotXml(format!("not UTF-8 ({error})")))?;
    let text = text.trim_start_matches('\u{feff}');
    if is_bomb(text) {
        return Err(EInvoiceError::NotXml("too many attributes or namespaces".to_owned()));
    }
    let document = Document::parse(text).map_err(|error| match error {
        roxmltree::Error::DtdDetected => EInvoiceError::DocumentType,
        error => EInvoiceError::NotXml(error.to_string()),
    })?;
    let root = document.root_element();
    if root.descendants().any(|node| node.ancestors().nth(DEEPEST).is_some()) {
        return Err(EInvoiceError::TooDeep(DEEPEST));
    }
    read(Element(root))
}

/// Whether parsing could take time or memory out of all proportion: attributes are compared in
/// pairs, and each element that declares a namespace copies all those around it.
fn is_bomb(text: &str) -> bool {
    let quotes = |part: &str| part.bytes().filter(|byte| matches!(byte, b'"' | b'\'')).count();
    let declarations = text.split("xmlns").skip(1);
    let declared: HashSet<Vec<&str>> =
        declarations.map(|rest| rest.split(['"', '\'']).take(2).collect()).collect();
    declared.len() > MOST_NAMESPACES || text.split('<').any(|part| quotes(part) > MOST_QUOTES)
}

/// An element. Paths are local names joined by `/`; the first of several is meant.
#[derive(Clone, Copy)]
pub struct Element<'a, 'input>(Node<'a, 'input>);

impl<'a, 'input> Element<'a, 'input> {
    pub fn name(self) -> &'a str {
        self.0.tag_name().name()
    }

    pub fn namespace(self) -> &'a str {
        self.0.tag_name().namespace().unwrap_or_default()
    }

    /// All children called `name`.
    pub fn all(self, name: &'static str) -> impl Iterator<Item = Self> {
        let named = move |node: &Node<'_, '_>| node.is_element() && node.tag_name().name() == name;
        self.0.children().filter(named).map(Self)
    }

    /// The element at `path`, where there is one.
    pub fn at(self, path: &'static str) -> Option<Self> {
        path.split('/').try_fold(self, |element, name| element.all(name).next())
    }

    /// The element at `path`.
    pub fn need(self, path: &'static str) -> Result<Self, EInvoiceError> {
        self.at(path).ok_or_else(|| EInvoiceError::Missing {
            element: format!("{}/{path}", self.path()),
            line: self.line(),
        })
    }

    /// Its text, trimmed.
    pub fn text(self) -> &'a str {
        self.0.text().unwrap_or_default().trim()
    }

    /// The text at `path`, where there is any.
    pub fn text_at(self, path: &'static str) -> Option<String> {
        self.at(path).map(Self::text).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The text at `path`.
    pub fn need_text(self, path: &'static str) -> Result<String, EInvoiceError> {
        self.need(path)?;
        self.text_at(path).ok_or_else(|| EInvoiceError::Missing {
            element: format!("{}/{path}", self.path()),
            line: self.line(),
        })
    }

    /// An attribute, where it is not empty.
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        self.0.attribute(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// The exact number that it holds.
    pub fn decimal(self) -> Result<Decimal, EInvoiceError> {
        let text = self.text();
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
        let number = plain.then(|| Decimal::from_str_exact(text).ok()).flatten();
        number.ok_or_else(|| self.invalid("not a decimal number"))
    }

    /// The number at `path`, where there is one.
    pub fn decimal_at(self, path: &'static str) -> Result<Option<Decimal>, EInvoiceError> {
        self.at(path).map(Self::decimal).transpose()
    }

    /// The amount that it holds, which must be in `currency`.
    pub fn money(self, currency: Currency) -> Result<Money, EInvoiceError> {
        if self.attribute("currencyID").is_some_and(|code| code != currency.code()) {
            return Err(
                self.invalid(&format!("in another currency than the document ({currency})"))
            );
        }
        let amount = Money::from_decimal(self.decimal()?, currency)
            .map_err(|error| self.invalid(&error.to_string()))?;
        if amount.minor().unsigned_abs() > LARGEST_AMOUNT {
            return Err(self.invalid("the amount is too large"));
        }
        Ok(amount)
    }

    /// The amount at `path`, or nothing in `currency`.
    pub fn money_at(self, path: &'static str, currency: Currency) -> Result<Money, EInvoiceError> {
        self.at(path).map_or(Ok(Money::zero(currency)), |amount| amount.money(currency))
    }

    /// A day as `YYYY-MM-DD`. A time zone behind it is dropped: the day is the day.
    pub fn day(self) -> Result<Date, EInvoiceError> {
        let text = self.text();
        let (day, zone) = text.split_at_checked(10).unwrap_or((text, ""));
        let zoned = zone.is_empty() || zone == "Z" || (zone.len() == 6 && zone.contains(':'));
        let parsed = if zoned { Date::strptime("%Y-%m-%d", day).ok() } else { None };
        parsed.ok_or_else(|| self.invalid("not a date of the form YYYY-MM-DD"))
    }

    /// The day at `path`, where there is one.
    pub fn day_at(self, path: &'static str) -> Result<Option<Date>, EInvoiceError> {
        self.at(path).map(Self::day).transpose()
    }

    /// The error that what it says cannot be represented.
    pub fn invalid(self, reason: &str) -> EInvoiceError {
        EInvoiceError::Invalid {
            element: self.path(),
            line: self.line(),
            value: self.text().chars().take(60).collect(),
            reason: reason.to_owned(),
        }
    }

    fn line(self) -> u32 {
        self.0.document().text_pos_at(self.0.range().start).row
    }

    fn path(self) -> String {
        let ancestors = self.0.ancestors().filter(|node| node.is_element());
        let mut names: Vec<&str> = ancestors.map(|node| node.tag_name().name()).collect();
        names.reverse();
        names.join("/")
    }
}
