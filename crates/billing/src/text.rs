//! Short texts with a form of their own: e-mail addresses, language tags, countries, foreign ids.

use std::fmt;
use std::str::FromStr;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text does not have the form it should have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Not an address that mail can be sent to.
    #[error("not a valid e-mail address")]
    Email,
    /// Not a BCP 47 language tag.
    #[error("not a language tag such as `en` or `es-419`")]
    Language,
    /// Not an ISO 3166-1 alpha-2 code.
    #[error("not a two-letter country code (ISO 3166-1)")]
    Country,
    /// Empty, over 200 characters, or with control characters.
    #[error("must have 1 to 200 characters and no control characters")]
    ExternalId,
}

/// Why a line of text cannot be shown to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Spaces, joiners and the like alone.
    #[error("must hold something that can be seen")]
    Invisible,
    /// A line break, or another control character.
    #[error("must be one line without control characters")]
    Control,
    /// A character that turns the writing of what follows around.
    #[error("must not hold characters that turn the direction of writing (U+202A–E, U+2066–9)")]
    Direction,
}

/// Checks a line that people read: a name, a number, a part of an address.
///
/// Characters that embed, isolate or override a direction are refused: with them a name can make
/// the amount or the number beside it read backwards, on the page and on the invoice. They are not
/// taken out in silence, because what is stored would then not be what was sent. Arabic and Hebrew
/// need none of them: letters know their direction. Joiners inside of words, which Persian,
/// Indian scripts and emoji need, and the plain marks U+200E and U+200F stay allowed.
///
/// # Errors
/// `Invisible` for an empty line too, `Control`, `Direction`.
pub fn check_line(text: &str) -> Result<(), LineError> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if text.contains(breaks) {
        return Err(LineError::Control);
    }
    if text.contains(turns_direction) {
        return Err(LineError::Direction);
    }
    if text.chars().all(is_invisible) {
        return Err(LineError::Invisible);
    }
    Ok(())
}

const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character by itself leaves no mark: spaces, format characters, fillers. The blank
/// pattern of Braille is a symbol by its category and empty by its looks.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c == '\u{2800}'
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || matches!(
            CodePointMapData::<GeneralCategory>::new().get(c),
            GeneralCategory::Control | GeneralCategory::Format
        )
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                let check: fn(&str) -> Result<String, TextError> = $check;
                check(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text_type! {
    /// An e-mail address: trimmed, domain in lower case, at most 254 characters (RFC 5321).
    EmailAddress, email
}

impl EmailAddress {
    /// The form that is compared: all in lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

text_type! {
    /// A BCP 47 language tag of language and optional region or script: `en`, `es-419`.
    LanguageTag, language
}

impl LanguageTag {
    /// The language alone, without region: `es` of `es-419`.
    #[must_use]
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

text_type! {
    /// A country as ISO 3166-1 alpha-2 code, upper case.
    CountryCode, country
}

text_type! {
    /// The organisation's own identifier of a record: 1 to 200 characters.
    ExternalId, external_id
}

fn email(text: &str) -> Result<String, TextError> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@').ok_or(TextError::Email)?;
    let odd = |c: char| is_invisible(c) || "<>()[],;:\\\"".contains(c);
    let labels_fine = domain.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    });
    let fine = !local.is_empty()
        && local.len() <= 64
        && text.len() <= 254
        && !local.contains('@')
        && !local.contains(odd)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && labels_fine;
    fine.then(|| format!("{local}@{}", domain.to_lowercase())).ok_or(TextError::Email)
}

fn language(text: &str) -> Result<String, TextError> {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let known = matches!(first.len(), 2 | 3)
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        && text.len() <= 35;
    if !known {
        return Err(TextError::Language);
    }
    let rest = text.get(first.len()..).unwrap_or_default();
    Ok(format!("{}{rest}", first.to_ascii_lowercase()))
}

fn country(text: &str) -> Result<String, TextError> {
    let upper = text.trim().to_ascii_uppercase();
    rust_iso3166::from_alpha2(&upper).map(|_| upper).ok_or(TextError::Country)
}

fn external_id(text: &str) -> Result<String, TextError> {
    let text = text.trim();
    let fine = (1..=200).contains(&text.chars().count()) && !text.contains(char::is_control);
    fine.then(|| text.to_owned()).ok_or(TextError::ExternalId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_mail_addresses_are_checked_and_compared_without_case() {
        let address: EmailAddress = " Ana@Example.COM ".parse().expect("an address");
        assert_eq!(address.as_str(), "Ana@example.com");
        assert_eq!(address.key(), "ana@example.com");
        for bad in ["", "a", "a@b", "a@@b.c", "a b@c.de", "a@b..c", "a@-b.c", "a\r\nBcc: x@y.z"] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn an_address_holds_nothing_that_cannot_be_seen() {
        for bad in ["a\u{200b}na@example.com", "\u{202e}ana@example.com", "a\u{ad}na@example.com"] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn a_line_holds_something_that_can_be_seen() {
        let blank = [
            "",
            " ",
            "\u{a0}\u{3000}",
            "\u{200b}",
            "\u{200c}\u{200d}",
            "\u{200e}\u{200f}",
            "\u{61c}",
            "\u{feff}",
            "\u{ad}",
            "\u{2060}\u{2064}",
            "\u{3164}",
            "\u{115f}\u{1160}",
            "\u{2800}",
            "\u{fe0f}",
            "\u{e0041}",
        ];
        for text in blank {
            assert_eq!(check_line(text), Err(LineError::Invisible), "{text:?}");
        }
        let seen = [
            "Ana",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}👩\u{200d}👧\u{fe0f}",
            "شركة \u{200f}(A-1)\u{200e}",
            "Zoë's Büro",
            ".",
        ];
        for text in seen {
            assert_eq!(check_line(text), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn a_line_is_one_line_in_its_own_direction() {
        for text in ["a\nb", "a\u{0}", "a\u{85}b", "a\u{2028}b", "a\u{2029}b"] {
            assert_eq!(check_line(text), Err(LineError::Control), "{text:?}");
        }
        let turning = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        for c in turning {
            assert_eq!(check_line(&format!("Acme{c}001")), Err(LineError::Direction), "{c:?}");
            assert_eq!(check_line(&c.to_string()), Err(LineError::Direction), "{c:?} alone");
        }
    }

    #[test]
    fn countries_and_languages_are_known_codes() {
        assert_eq!("es".parse::<CountryCode>().expect("Spain").as_str(), "ES");
        assert!("XX".parse::<CountryCode>().is_err());
        assert_eq!("ES-419".parse::<LanguageTag>().expect("a tag").language(), "es");
        assert!("e".parse::<LanguageTag>().is_err());
    }
}
