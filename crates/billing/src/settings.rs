//! What an organisation decides for itself: how its invoices are numbered, how its people sign in.

use serde::{Deserialize, Serialize};

/// Most characters of what invoice numbers begin with.
pub const INVOICE_PREFIX_MAX: usize = 20;
/// Digits of an invoice number at least: `INV-0001`.
const INVOICE_DIGITS: usize = 4;

/// Settings of an organisation. What is absent in stored ones has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganisationSettings {
    /// Whether every operator must have a second factor.
    pub require_second_factor: bool,
    /// What the numbers of invoices begin with.
    pub invoice_prefix: String,
    /// The number of the next invoice that is made here.
    pub invoice_next: u64,
}

impl Default for OrganisationSettings {
    fn default() -> Self {
        Self { require_second_factor: false, invoice_prefix: "INV-".to_owned(), invoice_next: 1 }
    }
}

impl OrganisationSettings {
    /// The number of the next invoice, as it is written on it: `INV-0001`.
    #[must_use]
    pub fn invoice_number(&self) -> String {
        format!("{}{:0width$}", self.invoice_prefix, self.invoice_next, width = INVOICE_DIGITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_invoices_have_the_prefix_and_four_digits_at_least() {
        let at = |prefix: &str, next| OrganisationSettings {
            invoice_prefix: prefix.to_owned(),
            invoice_next: next,
            ..OrganisationSettings::default()
        };
        assert_eq!(OrganisationSettings::default().invoice_number(), "INV-0001");
        assert_eq!(at("2026/", 987).invoice_number(), "2026/0987");
        assert_eq!(at("", 123_456).invoice_number(), "123456");
    }

    #[test]
    fn settings_of_an_older_version_have_defaults() {
        let read: OrganisationSettings =
            serde_json::from_str(r#"{"require_second_factor": true}"#).expect("settings");
        let expected =
            OrganisationSettings { require_second_factor: true, ..OrganisationSettings::default() };
        assert_eq!(read, expected);
    }
}
