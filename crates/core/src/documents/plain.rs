//! English documents with plain values, for tests and for cores without a site.

use std::sync::Arc;

use portico_billing::LanguageTag;
use portico_documents::PlainFormats;

use super::{DocumentStyles, SharedFormats};

/// The English texts, and values as programs exchange them.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainStyles;

const TEXTS: [&str; 4] = [
    include_str!("../../../../locales/en/documents.ftl"),
    include_str!("../../../../locales/en/common.ftl"),
    include_str!("../../../../locales/en/invoices.ftl"),
    include_str!("../../../../locales/en/balance.ftl"),
];

impl DocumentStyles for PlainStyles {
    /// Plain messages alone are understood; a key without one stands for itself.
    fn text(&self, _: &LanguageTag, key: &'static str) -> String {
        let mut messages =
            TEXTS.iter().flat_map(|file| file.lines()).filter_map(|line| line.split_once(" = "));
        messages.find(|(name, _)| *name == key).map_or(key, |(_, text)| text).to_owned()
    }

    fn formats(&self, _: &LanguageTag) -> SharedFormats {
        Arc::new(PlainFormats)
    }
}
