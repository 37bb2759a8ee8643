//! Names of countries and languages.

use icu::experimental::displaynames::multi::{LanguageDisplayNames, RegionDisplayNames};
use icu::locale::Locale;
use icu::locale::subtags::{Language, Region};

use super::LoadError;

#[derive(Debug)]
pub struct Names {
    countries: RegionDisplayNames,
    languages: LanguageDisplayNames,
}

impl Names {
    pub fn new(locale: &Locale) -> Result<Self, LoadError> {
        Ok(Self {
            countries: RegionDisplayNames::try_new(locale.into(), Default::default())?,
            languages: LanguageDisplayNames::try_new(locale.into(), Default::default())?,
        })
    }

    pub fn country(&self, code: &str) -> Option<&str> {
        self.countries.of(code.parse::<Region>().ok()?)
    }

    pub fn language(&self, tag: &str) -> Option<&str> {
        let language = tag.split('-').next().unwrap_or(tag);
        self.languages.of(language.parse::<Language>().ok()?)
    }
}
