//! Short texts with a form of their own: e-mail addresses, language tags, countries, foreign ids.

use std::fmt;
use std::str::FromStr;

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
    let odd = |c: char| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"".contains(c);
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
    fn countries_and_languages_are_known_codes() {
        assert_eq!("es".parse::<CountryCode>().expect("Spain").as_str(), "ES");
        assert!("XX".parse::<CountryCode>().is_err());
        assert_eq!("ES-419".parse::<LanguageTag>().expect("a tag").language(), "es");
        assert!("e".parse::<LanguageTag>().is_err());
    }
}
