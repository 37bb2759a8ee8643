//! What has to be filled in for an account at a provider: the panel's form is drawn from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A field of a provider's settings. Its label and help are the texts
/// `gateway-<provider>-<key>` and `gateway-<provider>-<key>-help`, keys with hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Name: lower case with underscores.
    pub key: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it may be empty.
    pub need: Need,
}

/// When a field must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Always,
    /// Before anybody can pay: what proves the provider's notices (WHK-01). The provider may tell
    /// it only once it knows the address of the notices, which a stored account alone has.
    ToEnable,
    /// Never.
    Never,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// Several lines of text.
    Lines,
    /// A text that is sealed, and never shown again.
    Secret,
    /// The address of the provider's API, `https://…`; empty for the provider's own.
    BaseUrl,
    /// One of these words; their labels are the texts `gateway-<provider>-<key>-<word>`.
    Choice(&'static [&'static str]),
}

/// Values by field. Those of [`FieldKind::Secret`] are secret: the whole is never printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(BTreeMap<String, String>);

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Settings {
    /// Takes values by field; empty ones are none.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = (String, String)>) -> Self {
        let trimmed = values.into_iter().map(|(key, value)| (key, value.trim().to_owned()));
        Self(trimmed.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// Gives a field a value; an empty one is none.
    pub fn set(&mut self, key: String, value: &str) {
        match value.trim() {
            "" => self.0.remove(&key),
            value => self.0.insert(key, value.to_owned()),
        };
    }

    /// The fields that have a value.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The value of a field, where there is one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The value of a field that must be there.
    ///
    /// # Errors
    /// `Missing`.
    pub fn required(&self, key: &'static str) -> Result<&str, SettingsFault> {
        self.get(key).ok_or(SettingsFault::Missing(key))
    }

    /// The base address in the field `key`, or the provider's own; without a slash at the end.
    ///
    /// # Errors
    /// `Malformed` where it is no address of `http` or `https` with a host, or has more to it than
    /// a path.
    pub fn base_url(&self, key: &'static str, own: &'static str) -> Result<String, SettingsFault> {
        let text = self.get(key).unwrap_or(own).trim_end_matches('/');
        let url = url::Url::parse(text).map_err(|_| SettingsFault::Malformed(key))?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        plain.then(|| text.to_owned()).ok_or(SettingsFault::Malformed(key))
    }
}

/// What is wrong with settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsFault {
    /// A field that must be filled in is empty.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A field has a value that it cannot have.
    #[error("`{0}` is not valid")]
    Malformed(&'static str),
    /// The provider moves play money alone.
    #[error("the provider has no live mode")]
    NotLive,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(values: &[(&str, &str)]) -> Settings {
        Settings::new(values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn what_is_empty_is_not_there() {
        let it = settings(&[("key", "  "), ("name", " a ")]);
        assert_eq!(it.required("key"), Err(SettingsFault::Missing("key")));
        assert_eq!(it.get("name"), Some("a"));
    }

    #[test]
    fn prv_04_secrets_are_not_printed() {
        let it = settings(&[("secret", "sk_test_canary")]);
        assert!(!format!("{it:?}").contains("canary"));
    }

    #[test]
    fn base_addresses_are_plain() {
        let base = |text| settings(&[("base_url", text)]).base_url("base_url", "https://own.test");
        assert_eq!(base(""), Ok("https://own.test".to_owned()));
        assert_eq!(base("http://127.0.0.1:1/x/"), Ok("http://127.0.0.1:1/x".to_owned()));
        for bad in
            ["ftp://a.test", "https://u:p@a.test", "https://a.test/?q", "https://a.test/#f", "x"]
        {
            assert_eq!(base(bad), Err(SettingsFault::Malformed("base_url")), "{bad}");
        }
    }
}
