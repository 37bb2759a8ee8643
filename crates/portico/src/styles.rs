//! The rendering kit, lent to what must not know it: mails to the mailer, words and formats of
//! documents to the core.

use std::sync::Arc;

use jiff::civil::Date;
use portico_billing::invoice::Period;
use portico_billing::{CountryCode, LanguageTag, Money};
use portico_core::mail::{ClaimedMail, MailWording};
use portico_core::{DocumentStyles, SharedFormats};
use portico_documents::Formats;
use portico_ui::formats::LanguageFormats;
use portico_ui::mail::{MailData, OwnWording};
use portico_ui::theme::ThemeTokens;
use portico_ui::{RenderedMail, TextArgs, Ui, UiError, mail};
use rust_decimal::Decimal;

use crate::machine;

/// Renders a waiting mail in its language and its brand's looks and words.
pub fn render_mail(ui: &Ui, claimed: &ClaimedMail) -> Result<RenderedMail, UiError> {
    let (message, brand) = (&claimed.message, &claimed.brand);
    let mut frame = mail::frame(brand, message.language.as_str(), machine::today_utc());
    frame.own_texts = ui.own_texts(&claimed.texts);
    let look = ThemeTokens::of(&brand.theme);
    let kind = message.content.kind();
    if let Some(MailWording { subject, body }) = claimed.wording.clone() {
        let data = MailData { kind, data: message };
        let own = ui.render_own_mail(data, &OwnWording { subject, body }, &frame, &look)?;
        if let Some(own) = own {
            return Ok(own);
        }
        tracing::warn!(kind, brand = %brand.id, "a mail's own words do not fit; they are left out");
    }
    ui.render_mail(kind, &frame, &look, message)
}

/// Words and formats of documents.
pub struct UiStyles(Ui);

impl UiStyles {
    /// From the kit that pages are rendered with.
    pub const fn new(ui: Ui) -> Self {
        Self(ui)
    }
}

impl DocumentStyles for UiStyles {
    fn text(&self, language: &LanguageTag, key: &'static str) -> String {
        self.0.text(language.as_str(), key, &TextArgs::new())
    }

    fn formats(&self, language: &LanguageTag) -> SharedFormats {
        Arc::new(UiFormats { ui: self.0.clone(), language: language.clone() })
    }
}

struct UiFormats {
    ui: Ui,
    language: LanguageTag,
}

impl UiFormats {
    fn formats(&self) -> &LanguageFormats {
        self.ui.formats().of(self.language.as_str())
    }
}

impl Formats for UiFormats {
    fn money(&self, amount: Money) -> String {
        self.formats().money(amount)
    }

    fn date(&self, date: Date) -> String {
        self.formats().date_long(date)
    }

    fn period(&self, period: Period) -> String {
        let [first, last] = [period.start(), period.last_day()].map(|day| self.formats().date(day));
        if first == last { first.to_string() } else { format!("{first} – {last}") }
    }

    fn number(&self, number: Decimal) -> String {
        self.formats().exact_number(number)
    }

    fn country(&self, country: &CountryCode) -> String {
        self.formats().country(country.as_str()).to_owned()
    }

    fn percent(&self, rate: Decimal) -> String {
        self.formats().percent(rate)
    }
}
