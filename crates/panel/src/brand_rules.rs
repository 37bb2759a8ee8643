//! The form of style sheets, mails and texts, as the core asks for it where a whole configuration
//! is applied: the same checks as those of the forms.

use jiff::Timestamp;
use portico_billing::LanguageTag;
use portico_billing::brand::BrandText;
use portico_core::configuration::WordingRules;
use portico_core::looks::LooksInput;
use portico_core::mail::MailWording;
use portico_core::records::InputFault;
use portico_ui::Ui;

use crate::api::looks::css_fault_in_english;
use crate::staff::brands::looks::css_faults;
use crate::wording::{DraftFault, MailKind};

/// What the rendering kit knows of a brand's own words and style sheet.
#[derive(Clone)]
pub struct BrandRules {
    ui: Ui,
}

impl BrandRules {
    /// The rules of a rendering kit.
    #[must_use]
    pub const fn new(ui: Ui) -> Self {
        Self { ui }
    }

    fn draft(&self, fault: DraftFault) -> InputFault {
        let message = fault.in_english(&self.ui);
        InputFault { field: fault.field.to_owned(), message }
    }

    /// A fault where there are no texts in the language.
    fn language(&self, language: &LanguageTag) -> Option<InputFault> {
        let known = self.ui.languages().iter().any(|known| known == language.as_str());
        (!known).then(|| whole("the portal does not speak this language"))
    }
}

fn whole(message: &str) -> InputFault {
    InputFault { field: String::new(), message: message.to_owned() }
}

impl WordingRules for BrandRules {
    fn looks(&self, looks: &LooksInput) -> Vec<InputFault> {
        let fault = |it| InputFault { field: "css".to_owned(), message: css_fault_in_english(it) };
        css_faults(looks).iter().map(fault).collect()
    }

    fn mail(&self, kind: &str, language: &LanguageTag, wording: &MailWording) -> Vec<InputFault> {
        if let Some(fault) = self.language(language) {
            return vec![fault];
        }
        // Where links lead makes no difference to the form of a mail.
        let kinds = MailKind::with("https://portal.example/example", Timestamp::UNIX_EPOCH);
        let Some(known) = kinds.into_iter().find(|known| known.word() == kind) else {
            return vec![whole("there is no such mail")];
        };
        let faults = known.faults(wording).into_iter().map(DraftFault::from);
        faults.map(|fault| self.draft(fault)).collect()
    }

    fn text(&self, text: &BrandText) -> Vec<InputFault> {
        if let Some(fault) = self.language(&text.language) {
            return vec![fault];
        }
        match self.ui.catalogue().check(&text.key, &text.text) {
            Ok(()) => Vec::new(),
            Err(None) => vec![whole("the portal has no such text")],
            Err(Some(fault)) => {
                let fault = self.draft(fault.into());
                vec![InputFault { field: String::new(), ..fault }]
            }
        }
    }
}
