//! The rendering kit, lent to what must not know it: mails to the mailer, words and formats of
//! documents to the core.

use std::sync::Arc;

use jiff::civil::Date;
use portico_billing::invoice::Period;
use portico_billing::{CountryCode, LanguageTag, Money};
use portico_core::mail::ClaimedMail;
use portico_core::{DocumentStyles, SharedFormats};
use portico_documents::Formats;
use portico_ui::formats::LanguageFormats;
use portico_ui::theme::ThemeTokens;
use portico_ui::{BrandFrame, Frame, RenderedMail, TextArgs, Ui, UiError};
use rust_decimal::Decimal;

use crate::machine;

/// Renders a waiting mail in its language and its brand's looks.
pub fn render_mail(ui: &Ui, mail: &ClaimedMail) -> Result<RenderedMail, UiError> {
    let brand = &mail.brand;
    let frame_brand = BrandFrame {
        name: brand.name.clone(),
        home_url: brand.home_url.clone().unwrap_or_default(),
        footer: brand.footer.clone(),
        support_url: brand.support_url.clone(),
        support_email: brand.support_email.clone(),
        ..BrandFrame::default()
    };
    let today = machine::today_utc();
    let frame = Frame::new(mail.message.language.as_str(), frame_brand, today);
    ui.render_mail(
        mail.message.content.kind(),
        &frame,
        &ThemeTokens::of(&brand.theme),
        &mail.message,
    )
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
