//! The texts of the portal as data: what a brand may say in its own words.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Resource};
use fluent_syntax::{parser, serializer};

use super::FALLBACK;
use super::check::{self, TextFault};
use super::pattern;
use crate::embedded::{self, Locales};

/// Most characters of a text in a brand's own words.
pub const TEXT_MAX: usize = 2_000;

/// The files whose texts customers read; those of the control panel are the same for everybody.
pub const AREAS: &[&str] = &[
    "common",
    "entry",
    "sign-up",
    "overview",
    "invoices",
    "credit-notes",
    "payments",
    "balance",
    "vouchers",
    "pay",
    "pay-links",
    "payment-methods",
    "subscriptions",
    "contracts",
    "entitlements",
    "profile",
    "staff-visit",
    "mail",
    "errors",
    "faults",
];

/// All texts of the portal, by key.
#[derive(Debug, Clone, Default)]
pub struct Catalogue(BTreeMap<String, CatalogueText>);

/// One text of the portal as it is shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueText {
    /// Its key.
    pub key: String,
    /// The file that it is in: `invoices`.
    pub area: &'static str,
    /// Names of what is put into it.
    pub arguments: BTreeSet<String>,
    /// Its pattern by language.
    pub shipped: BTreeMap<String, String>,
}

impl Catalogue {
    /// Reads the files of [`AREAS`].
    #[must_use]
    pub fn load() -> Self {
        let mut all = Self::default();
        for path in Locales::iter() {
            let Some((language, file)) = path.split_once('/') else { continue };
            let area = AREAS.iter().find(|area| file.strip_suffix(".ftl") == Some(*area));
            let Some(source) = embedded::text::<Locales>(&path) else { continue };
            if let (Some(area), Ok(resource)) = (area, parser::parse(source.as_str())) {
                all.add(language, area, resource);
            }
        }
        all.0.retain(|_, text| text.shipped.contains_key(FALLBACK));
        all
    }

    fn add(&mut self, language: &str, area: &'static str, resource: Resource<&str>) {
        for entry in resource.body {
            let Entry::Message(mut message) = entry else { continue };
            let Some(value) = &message.value else { continue };
            let arguments = pattern::signature(value).arguments;
            let key = message.id.name.to_owned();
            message.comment = None;
            let source = serializer::serialize(&Resource { body: vec![Entry::Message(message)] });
            let text = self.0.entry(key.clone()).or_insert_with(|| CatalogueText {
                key,
                area,
                arguments: BTreeSet::new(),
                shipped: BTreeMap::new(),
            });
            text.arguments.extend(arguments);
            let source = source.split_once('=').map_or("", |(_, value)| value);
            text.shipped.insert(language.to_owned(), unindented(source));
        }
    }

    /// The text of this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&CatalogueText> {
        self.0.get(key)
    }

    /// All texts, by key.
    pub fn iter(&self) -> impl Iterator<Item = &CatalogueText> {
        self.0.values()
    }

    /// Checks a text in a brand's own words: it can be read, and is given all that it names.
    /// A key that the portal does not have is refused as well.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, key: &str, text: &str) -> Result<(), Option<TextFault>> {
        let shipped = self.get(key).ok_or(None)?;
        check::check(shipped, text).map_err(Some)
    }
}

/// The serialiser's text without the indentation of a message's lines.
fn unindented(source: &str) -> String {
    let lines = source.trim_end().lines();
    let lines = lines.map(|line| line.strip_prefix("    ").unwrap_or(line).trim_end());
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::Templates;

    #[test]
    fn every_shipped_text_is_sound() {
        let all = Catalogue::load();
        assert!(all.iter().count() > 200);
        for text in all.iter() {
            for (language, shipped) in &text.shipped {
                // Some shipped texts refer to others, which own words do not.
                if let Err(Some(fault)) = all.check(&text.key, shipped) {
                    let reference = matches!(fault.reason, super::super::TextReason::Reference(_));
                    assert!(reference, "{language} {}: {fault:?}\n{shipped}", text.key);
                }
            }
        }
        let plural = all.get("mail-valid-hours").expect("a text");
        let english = "{ $count ->\n    [one] The link works once, within an hour.\n   *[other] \
            The link works once, within { $count } hours.\n}";
        assert_eq!(plural.shipped["en"], english);
        assert_eq!((plural.area, plural.arguments.len()), ("mail", 1));
    }

    #[test]
    fn every_text_that_a_page_of_the_portal_names_is_in_it() {
        let all = Catalogue::load();
        for path in Templates::iter().filter(|path| path.starts_with("portal/")) {
            let source = embedded::text::<Templates>(&path).unwrap_or_default();
            for rest in source.split(" t(\"").skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                if rest[key.len()..].starts_with("\")") || rest[key.len()..].starts_with("\",") {
                    assert!(all.get(key).is_some(), "{path}: {key} is in none of AREAS");
                }
            }
        }
    }
}
