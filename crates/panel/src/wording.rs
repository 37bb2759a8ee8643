//! A brand's own words, as the control panel and the API check them: which mails and texts there
//! are, what they can name, and what is wrong with a draft.

use std::sync::Arc;

use jiff::Timestamp;
use portico_billing::brand::Brand;
use portico_core::Core;
use portico_core::mail::{MailContent, MailWording};
use portico_ui::mail::{MailData, OwnWording, WordingFault};
use portico_ui::texts::{OwnTexts, TextFault};
use portico_ui::{TextArgs, Ui, UiError};
use serde::Serialize;

/// An example of a mail: what its templates are tried with.
#[derive(Debug, Clone, Serialize)]
pub struct MailKind {
    name: &'static str,
    content: MailContent,
}

impl MailKind {
    /// All that brands can put into their own words. `brand` gives links their host.
    pub fn all(core: &Core, brand: &Brand) -> Vec<Self> {
        let host = core.brand_url(brand);
        let url = format!("{}example", host.as_deref().unwrap_or("https://portal.example/"));
        Self::with(&url, core.now())
    }

    /// The same for samples of pages.
    pub fn with(url: &str, at: Timestamp) -> Vec<Self> {
        let of = |content| Self { name: "Ana García", content };
        MailContent::samples(url, at).into_iter().map(of).collect()
    }

    /// The kind with this word.
    pub fn find(core: &Core, brand: &Brand, word: &str) -> Option<Self> {
        Self::all(core, brand).into_iter().find(|kind| kind.word() == word)
    }

    /// Its word: `sign-in-link`.
    pub const fn word(&self) -> &'static str {
        self.content.kind()
    }

    /// What the rendering kit makes the mail of.
    pub const fn data(&self) -> MailData<'_, Self> {
        MailData { kind: self.content.kind(), data: self }
    }

    /// The shipped words in a language, with the texts that the brand has in its own words.
    ///
    /// # Errors
    /// Where a template of the kind fails.
    pub fn shipped(
        &self,
        ui: &Ui,
        language: &str,
        own_texts: Option<Arc<OwnTexts>>,
    ) -> Result<MailWording, UiError> {
        let OwnWording { subject, body } = ui.shipped_wording(self.data(), language, own_texts)?;
        Ok(MailWording { subject, body })
    }

    /// What is wrong with words for this mail.
    pub fn faults(&self, wording: &MailWording) -> Vec<WordingFault> {
        self.data().check(&own(wording)).err().unwrap_or_default()
    }
}

/// Words as the rendering kit takes them.
pub fn own(wording: &MailWording) -> OwnWording {
    let body = wording.body.replace("\r\n", "\n");
    OwnWording { subject: wording.subject.trim().to_owned(), body }
}

/// One thing that is wrong with a draft, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftFault {
    /// The field.
    pub field: &'static str,
    /// The line in it, from 1.
    pub line: usize,
    /// The key of the text that says it.
    pub key: &'static str,
    /// What that text calls `$name`.
    pub name: String,
}

impl DraftFault {
    /// A name that the text of a mail must hold.
    fn absent(key: &'static str, name: &str) -> Self {
        Self { field: "body", line: 1, key, name: name.to_owned() }
    }

    /// The same for software: the line and what is wrong.
    pub fn in_english(&self, ui: &Ui) -> String {
        let what = ui.text("en", self.key, &TextArgs::new().text("name", self.name.as_str()));
        format!("line {}: {what}", self.line)
    }
}

impl From<WordingFault> for DraftFault {
    fn from(fault: WordingFault) -> Self {
        let (field, fault) = match fault {
            WordingFault::Subject(fault) => ("subject", fault),
            WordingFault::Body(fault) => ("body", fault),
            WordingFault::NoLink => return Self::absent("mail-fault-no-link", "{{action_button}}"),
            WordingFault::NoPassword => {
                return Self::absent("mail-fault-no-password", "{{password}}");
            }
        };
        let name = fault.reason.name().unwrap_or_default().to_owned();
        Self { field, line: fault.line, key: fault.reason.key(), name }
    }
}

impl From<TextFault> for DraftFault {
    fn from(fault: TextFault) -> Self {
        let name = fault.reason.name().unwrap_or_default().to_owned();
        Self { field: "text", line: fault.line, key: fault.reason.key(), name }
    }
}

#[cfg(test)]
mod tests {
    use portico_ui::UiSettings;
    use portico_ui::mail::is_nameable;

    use super::*;

    fn kinds() -> Vec<MailKind> {
        MailKind::with("https://pay.example/x", Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn the_shipped_words_are_sound_templates_and_hold_no_data() {
        let settings = UiSettings { reload: false, ..UiSettings::new(crate::PATHS) };
        let ui = Ui::new(settings).expect("the rendering kit");
        for kind in kinds() {
            for language in ui.languages() {
                let wording = kind.shipped(&ui, &language, None);
                let wording = wording.unwrap_or_else(|error| panic!("{}", error.chain()));
                assert_eq!(kind.faults(&wording), [], "{}: {wording:?}", kind.word());
                let all = format!("{} {}", wording.subject, wording.body);
                assert!(all.contains("{{brand}}") && all.contains("{{name}}"), "{all}");
                assert!(!all.contains("1970") && !all.contains("pay.example"), "{all}");
            }
        }
    }

    #[test]
    fn all_that_a_mail_says_can_be_named() {
        for kind in kinds() {
            let content = serde_json::to_value(&kind.content).expect("JSON");
            for field in content.as_object().expect("fields").keys() {
                assert!(is_nameable(field), "{}: {field}", kind.word());
            }
        }
    }
}
