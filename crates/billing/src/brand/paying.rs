//! What a brand does around payments.

use serde::{Deserialize, Serialize};

/// What a brand does around payments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paying {
    /// For which payments customers get a receipt by mail.
    pub receipts: ReceiptMails,
    /// Whether the page of a pay link shows the lines of its invoice. The invoice itself can be
    /// downloaded there in any case.
    pub link_lines: bool,
}

/// For which payments customers get a receipt by mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptMails {
    /// For none.
    Never,
    /// For those that were made through a gateway.
    #[default]
    Online,
    /// For those as well that the staff and the organisation's software record.
    All,
}

impl ReceiptMails {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 3] = [Self::Online, Self::All, Self::Never];

    /// Its word in data and texts: `online`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Online => "online",
            Self::All => "all",
        }
    }

    /// The choice with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// Whether there is a receipt for a payment that was made `online`, or recorded.
    #[must_use]
    pub const fn covers(self, online: bool) -> bool {
        match self {
            Self::Never => false,
            Self::Online => online,
            Self::All => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_payments_get_receipts_where_the_brand_wants_it_alone() {
        let covered = ReceiptMails::ALL.map(|it| (it.covers(true), it.covers(false)));
        assert_eq!(covered, [(true, false), (true, true), (false, false)]);
        for it in ReceiptMails::ALL {
            assert_eq!(ReceiptMails::from_word(it.word()), Some(it));
            assert_eq!(serde_json::to_value(it).expect("a word"), it.word());
        }
        assert_eq!(ReceiptMails::from_word("some"), None);
    }

    #[test]
    fn what_is_stored_of_earlier_releases_is_the_usual_choice() {
        let paying: Paying = serde_json::from_str("{}").expect("settings");
        assert_eq!(paying, Paying { receipts: ReceiptMails::Online, link_lines: false });
    }
}
