//! What is remembered of an order until the provider has an identifier for it.

use portico_billing::gateway::Reference;

/// What an order is found by. The provider gives identifiers to transactions and to profiles, none
/// to its pages: theirs are Portico's, by the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Handle<'a> {
    /// A transaction, by its identifier.
    Transaction(&'a str),
    /// A payment page, and the profile that the method is stored in afterwards.
    Page { profile: Option<&'a str> },
    /// A page where a method is added to a profile, and the methods that it had before.
    Profile { id: &'a str, known: Vec<&'a str> },
    /// None, or none of ours.
    Nothing,
}

impl<'a> Handle<'a> {
    pub(super) fn read(text: Option<&'a str>) -> Self {
        let parts: Vec<&str> = text.unwrap_or_default().split('-').collect();
        match *parts.as_slice() {
            ["page", _] => Self::Page { profile: None },
            ["page", _, profile] => Self::Page { profile: Some(profile) },
            ["profile", _, id, ref known @ ..] => Self::Profile { id, known: known.to_vec() },
            [id] if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) => {
                Self::Transaction(id)
            }
            _ => Self::Nothing,
        }
    }

    /// The text that it is read from.
    pub(super) fn write(&self, reference: &Reference) -> String {
        match self {
            Self::Transaction(id) => (*id).to_owned(),
            Self::Page { profile: None } => format!("page-{reference}"),
            Self::Page { profile: Some(profile) } => format!("page-{reference}-{profile}"),
            Self::Profile { id, known } => {
                let known: String = known.iter().map(|token| format!("-{token}")).collect();
                format!("profile-{reference}-{id}{known}")
            }
            Self::Nothing => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_reads_back() {
        let reference: Reference = "0123456789ABCDEFGHJK".parse().expect("a reference");
        let handles = [
            (Handle::Transaction("60012"), "60012"),
            (Handle::Page { profile: None }, "page-0123456789ABCDEFGHJK"),
            (Handle::Page { profile: Some("7") }, "page-0123456789ABCDEFGHJK-7"),
            (Handle::Profile { id: "7", known: vec![] }, "profile-0123456789ABCDEFGHJK-7"),
            (
                Handle::Profile { id: "7", known: vec!["1", "2"] },
                "profile-0123456789ABCDEFGHJK-7-1-2",
            ),
        ];
        for (handle, text) in handles {
            assert_eq!(handle.write(&reference), text);
            assert_eq!(Handle::read(Some(text)), handle);
        }
    }

    #[test]
    fn other_texts_are_nothing() {
        for text in [None, Some(""), Some("pi_123"), Some("12a"), Some("page")] {
            assert_eq!(Handle::read(text), Handle::Nothing, "{text:?}");
        }
    }
}
