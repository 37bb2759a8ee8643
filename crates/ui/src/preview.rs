//! Pages of the portal with the looks of a draft and data of nobody, for those who edit the looks.
//!
//! The control panel shows them and the portal's kit renders them; neither site knows the other.
//! The program hands the one a function of the other.

use std::sync::Arc;

use jiff::civil::Date;

use crate::{BrandFrame, ThemeChoice, UiError};

/// A page that can be looked at before it is published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PreviewPage {
    /// The first page.
    #[default]
    Overview,
    /// A list.
    Invoices,
    /// One record.
    Invoice,
    /// What strangers see.
    SignIn,
}

impl PreviewPage {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 4] = [Self::Overview, Self::Invoices, Self::Invoice, Self::SignIn];

    /// Its word in addresses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Invoices => "invoices",
            Self::Invoice => "invoice",
            Self::SignIn => "sign-in",
        }
    }

    /// The page of a word; the first one where it is unknown.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|page| page.word() == word).unwrap_or_default()
    }
}

/// What is to be looked at.
#[derive(Debug, Clone)]
pub struct PreviewRequest {
    /// The page.
    pub page: PreviewPage,
    /// What it shows of the brand.
    pub brand: BrandFrame,
    /// The language of its texts.
    pub language: String,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// The day it is.
    pub today: Date,
}

/// Renders it: a whole document.
pub type Preview = Arc<dyn Fn(PreviewRequest) -> Result<String, UiError> + Send + Sync>;
