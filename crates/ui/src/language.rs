//! Which language a visitor reads.

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use icu::locale::{LanguageIdentifier as IcuLanguage, LocaleDirectionality};
use unic_langid::LanguageIdentifier;

use crate::Ui;
use crate::texts::FALLBACK;

/// What is known of a visitor's language, from the strongest wish to the weakest.
#[derive(Debug, Clone, Copy, Default)]
pub struct LanguageWishes<'a> {
    /// Of the session.
    pub session: Option<&'a str>,
    /// Of the contact, else of the customer.
    pub contact: Option<&'a str>,
    /// The browser's `Accept-Language` header.
    pub browser: Option<&'a str>,
    /// The brand's default.
    pub brand: Option<&'a str>,
}

impl LanguageWishes<'_> {
    /// The first wish that one of `available` fulfils; English where none does.
    #[must_use]
    pub fn choose(&self, available: &[String]) -> String {
        let available: Vec<LanguageIdentifier> =
            available.iter().filter_map(|tag| tag.parse().ok()).collect();
        let mut wishes = Vec::new();
        for tag in [self.session, self.contact].into_iter().flatten() {
            wishes.extend(tag.parse::<LanguageIdentifier>());
        }
        wishes.extend(accepted(self.browser.unwrap_or_default()));
        wishes.extend(self.brand.and_then(|tag| tag.parse::<LanguageIdentifier>().ok()));
        let found = negotiate_languages(&wishes, &available, None, NegotiationStrategy::Lookup);
        found.first().map_or_else(|| FALLBACK.to_owned(), ToString::to_string)
    }
}

impl Ui {
    /// The language to answer in.
    #[must_use]
    pub fn negotiate(&self, wishes: &LanguageWishes<'_>) -> String {
        wishes.choose(&self.languages())
    }
}

/// Languages of an `Accept-Language` header, the most wanted first (RFC 9110, 12.5.4). Only the
/// first twenty are read.
fn accepted(header: &str) -> Vec<LanguageIdentifier> {
    let mut weighted: Vec<(u16, LanguageIdentifier)> = header
        .split(',')
        .take(20)
        .filter_map(|entry| {
            let (tag, parameter) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = weight(parameter)?;
            Some((weight, tag.trim().parse().ok()?))
        })
        .filter(|(weight, _)| *weight > 0)
        .collect();
    weighted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighted.into_iter().map(|(_, tag)| tag).collect()
}

/// `q=0.8` in thousandths; absent is 1; `None` for what is no weight.
fn weight(parameter: &str) -> Option<u16> {
    let parameter = parameter.trim();
    if parameter.is_empty() {
        return Some(1000);
    }
    let (whole, decimals) = match parameter.strip_prefix("q=")?.split_once('.') {
        Some((whole, decimals)) if decimals.len() <= 3 => (whole, decimals),
        Some(_) => return None,
        None => (parameter.strip_prefix("q=")?, ""),
    };
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

/// Direction of a language's script: `ltr` or `rtl`.
#[must_use]
pub fn direction(language: &str) -> &'static str {
    let right_to_left = language
        .parse::<IcuLanguage>()
        .is_ok_and(|id| LocaleDirectionality::new_common().is_right_to_left(&id));
    if right_to_left { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(wishes: LanguageWishes<'_>) -> String {
        wishes.choose(&["en".to_owned(), "es".to_owned()])
    }

    #[test]
    fn the_strongest_wish_that_can_be_fulfilled_wins() {
        let browser = Some("de, es-MX;q=0.7, en;q=0.8, *;q=0.1");
        let wishes = LanguageWishes { browser, brand: Some("es"), ..Default::default() };
        assert_eq!(choose(wishes), "en");
        assert_eq!(choose(LanguageWishes { contact: Some("es-419"), ..wishes }), "es");
        assert_eq!(
            choose(LanguageWishes { session: Some("en-GB"), contact: Some("es"), ..wishes }),
            "en"
        );
        assert_eq!(
            choose(LanguageWishes { session: Some("ja"), contact: Some("es"), ..wishes }),
            "es"
        );
        assert_eq!(choose(LanguageWishes { browser: Some("de, fr"), ..wishes }), "es");
        assert_eq!(choose(LanguageWishes::default()), "en");
    }

    #[test]
    fn refused_and_malformed_entries_do_not_count() {
        let choose =
            |browser| choose(LanguageWishes { browser: Some(browser), ..Default::default() });
        assert_eq!(choose("en;q=0, es;q=0.001"), "es");
        assert_eq!(choose("en;q=2, es;q=0.1"), "es");
        assert_eq!(choose("en;q=0.5, es"), "es");
        assert_eq!(choose(";;;,,,\u{1}"), "en");
        assert_eq!(choose(&"xx,".repeat(100_000)), "en");
    }

    #[test]
    fn scripts_have_a_direction() {
        assert_eq!(["es", "ar", "he", "?"].map(direction), ["ltr", "rtl", "rtl", "ltr"]);
    }
}
