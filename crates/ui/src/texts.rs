//! The texts of all languages: Fluent messages, one bundle for each language.

mod catalogue;
mod check;
mod own;
mod pattern;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Serialize, Serializer};
use unic_langid::LanguageIdentifier;

use crate::embedded::{self, Locales};

pub use catalogue::{AREAS, Catalogue, CatalogueText, TEXT_MAX};
pub use check::{TextFault, TextReason};
pub use own::OwnTexts;

/// The language that has every text.
pub const FALLBACK: &str = "en";

/// Why texts cannot be loaded or found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextsError {
    /// A file of texts has faults.
    #[error("{file}: {fault}")]
    Faulty {
        /// The file.
        file: String,
        /// The first fault in it.
        fault: String,
    },
    /// No file of texts at all.
    #[error("there are no texts in `{FALLBACK}`")]
    NoFallback,
    /// No language has this text.
    #[error("there is no text `{0}`")]
    Missing(String),
    /// The text needs an argument that was not given, or names a message that is absent.
    #[error("the text `{key}` cannot be formatted: {fault}")]
    Unformattable {
        /// Its key.
        key: String,
        /// What is wrong.
        fault: String,
    },
}

/// Arguments of a text by name: numbers choose plural forms, all else is put in as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextArgs(BTreeMap<String, TextArg>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum TextArg {
    Text(String),
    Number(i64),
}

impl TextArgs {
    /// No arguments.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a text.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), TextArg::Text(value.into()));
        self
    }

    /// With a number.
    #[must_use]
    pub fn number(mut self, name: &str, value: i64) -> Self {
        self.0.insert(name.to_owned(), TextArg::Number(value));
        self
    }

    fn to_fluent(&self) -> FluentArgs<'_> {
        self.0
            .iter()
            .map(|(name, value)| (Cow::Borrowed(name.as_str()), value.to_fluent()))
            .collect()
    }
}

impl TextArg {
    fn to_fluent(&self) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(text.as_str()),
            Self::Number(number) => FluentValue::from(*number),
        }
    }
}

impl Serialize for TextArgs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}

impl Serialize for TextArg {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
        }
    }
}

/// The texts of all languages.
pub struct Texts {
    bundles: BTreeMap<String, FluentBundle<FluentResource>>,
    plain: PlainTexts,
}

/// Texts that were formatted without arguments, by language and key: most of what a page says.
type PlainTexts = RwLock<HashMap<String, HashMap<String, Arc<str>>>>;

impl Texts {
    /// Reads `locales/<language>/*.ftl`.
    ///
    /// # Errors
    /// Where a file has a fault, a key comes twice, or English is absent.
    pub fn load() -> Result<Self, TextsError> {
        let mut bundles = BTreeMap::new();
        for path in Locales::iter() {
            let Some((language, _)) = path.split_once('/') else { continue };
            let source = embedded::text::<Locales>(&path).unwrap_or_default();
            add(&mut bundles, language, &path, source)?;
        }
        if !bundles.contains_key(FALLBACK) {
            return Err(TextsError::NoFallback);
        }
        Ok(Self { bundles, plain: PlainTexts::default() })
    }

    /// The languages that have texts.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.bundles.keys().map(String::as_str)
    }

    /// The text of `key` in `language`, else in English.
    ///
    /// # Errors
    /// `Missing`, `Unformattable`.
    pub fn get(&self, language: &str, key: &str, args: &TextArgs) -> Result<String, TextsError> {
        self.format(language, key, &args.to_fluent())
    }

    /// The text of `key` without arguments, formatted once for all pages.
    pub(crate) fn plain(&self, language: &str, key: &str) -> Result<Arc<str>, TextsError> {
        let known = self.plain.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = known.get(language).and_then(|texts| texts.get(key)) {
            return Ok(Arc::clone(text));
        }
        drop(known);
        let text: Arc<str> = self.format(language, key, &FluentArgs::new())?.into();
        if self.bundles.contains_key(language) {
            let mut known = self.plain.write().unwrap_or_else(PoisonError::into_inner);
            let texts = known.entry(language.to_owned()).or_default();
            texts.insert(key.to_owned(), Arc::clone(&text));
        }
        Ok(text)
    }

    pub(crate) fn format(
        &self,
        language: &str,
        key: &str,
        args: &FluentArgs<'_>,
    ) -> Result<String, TextsError> {
        let found = [language, FALLBACK].into_iter().find_map(|language| {
            let bundle = self.bundles.get(language)?;
            Some((bundle, bundle.get_message(key)?.value()?))
        });
        let (bundle, pattern) = found.ok_or_else(|| TextsError::Missing(key.to_owned()))?;
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut faults).into_owned();
        match faults.first() {
            None => Ok(text),
            Some(fault) => {
                Err(TextsError::Unformattable { key: key.to_owned(), fault: fault.to_string() })
            }
        }
    }
}

fn add(
    bundles: &mut BTreeMap<String, FluentBundle<FluentResource>>,
    language: &str,
    file: &str,
    source: String,
) -> Result<(), TextsError> {
    let faulty = |fault: String| TextsError::Faulty { file: file.to_owned(), fault };
    let id: LanguageIdentifier = language.parse().map_err(|_| faulty("no language".to_owned()))?;
    let resource = FluentResource::try_new(source).map_err(|(_, faults)| {
        faulty(faults.first().map(ToString::to_string).unwrap_or_default())
    })?;
    let bundle = bundles.entry(language.to_owned()).or_insert_with(|| {
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        bundle
    });
    bundle
        .add_resource(resource)
        .map_err(|faults| faulty(faults.first().map(ToString::to_string).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use super::*;

    fn bundle_of(files: &[(&str, &str)]) -> Result<Texts, TextsError> {
        let mut bundles = BTreeMap::new();
        for (language, source) in files {
            add(&mut bundles, language, "a.ftl", (*source).to_owned())?;
        }
        Ok(Texts { bundles, plain: PlainTexts::default() })
    }

    #[test]
    fn plurals_follow_the_language_and_english_fills_gaps() {
        let texts = bundle_of(&[
            ("en", "a = { $n ->\n  [one] one bill\n *[other] { $n } bills\n }\nb = only here"),
            ("es", "a = { $n ->\n  [one] una factura\n *[other] { $n } facturas\n }"),
        ])
        .expect("texts");
        let count = |n| texts.get("es", "a", &TextArgs::new().number("n", n));
        assert_eq!(count(1).as_deref(), Ok("una factura"));
        assert_eq!(count(12).as_deref(), Ok("12 facturas"));
        assert_eq!(texts.get("es", "b", &TextArgs::new()).as_deref(), Ok("only here"));
        assert_eq!(texts.get("xx", "b", &TextArgs::new()).as_deref(), Ok("only here"));
    }

    #[test]
    fn arguments_are_put_in_as_they_are() {
        let texts = bundle_of(&[("en", "a = Hello { $name }!")]).expect("texts");
        let name = "نور { $x } <b>";
        let hello = texts.get("en", "a", &TextArgs::new().text("name", name));
        assert_eq!(hello, Ok(format!("Hello {name}!")));
    }

    #[test]
    fn what_is_missing_or_faulty_is_said() {
        let texts = bundle_of(&[("en", "a = Hello { $name }!")]).expect("texts");
        let none = TextArgs::new();
        assert_eq!(texts.get("en", "b", &none), Err(TextsError::Missing("b".into())));
        assert!(matches!(texts.get("en", "a", &none), Err(TextsError::Unformattable { .. })));
        assert!(matches!(bundle_of(&[("en", "a = { ")]), Err(TextsError::Faulty { .. })));
        let twice = bundle_of(&[("en", "a = 1"), ("en", "a = 2")]);
        assert!(matches!(twice, Err(TextsError::Faulty { .. })));
    }

    /// Keys of a language with the variables that each uses.
    fn keys(language: &str) -> BTreeSet<String> {
        let files = Locales::iter().filter(|path| path.starts_with(&format!("{language}/")));
        let sources = files.filter_map(|path| embedded::text::<Locales>(&path));
        let resources: Vec<_> =
            sources.map(|source| FluentResource::try_new(source).expect("a sound file")).collect();
        let entries = resources.iter().flat_map(FluentResource::entries);
        entries.filter_map(signature).collect()
    }

    fn signature(entry: &fluent_syntax::ast::Entry<&str>) -> Option<String> {
        let fluent_syntax::ast::Entry::Message(message) = entry else { return None };
        let text = format!("{:?}", message.value);
        let names = text.split("VariableReference { id: Identifier { name: \"").skip(1);
        let names: BTreeSet<&str> = names.filter_map(|rest| rest.split('"').next()).collect();
        Some(format!("{} {names:?}", message.id.name))
    }

    #[test]
    fn every_language_has_every_text_with_the_same_variables() {
        let texts = Texts::load().expect("texts");
        let english = keys(FALLBACK);
        assert!(english.len() > 20);
        for language in texts.languages() {
            let own = keys(language);
            let missing: Vec<_> = english.difference(&own).collect();
            let surplus: Vec<_> = own.difference(&english).collect();
            assert!(missing.is_empty(), "{language} lacks {missing:#?}");
            assert!(surplus.is_empty(), "{language} alone has {surplus:#?}");
        }
    }
}
