//! Mails: a subject, a plain text and an HTML text from `templates/mail/<kind>/`, or in a brand's
//! own words.

mod names;
mod own;

use jiff::civil::Date;
use portico_billing::brand::Brand;
use serde::Serialize;

use crate::theme::ThemeTokens;
use crate::{BrandFrame, Frame, Ui, UiError};

pub use names::is_nameable;
pub use own::{MailData, OwnWording, WordingFault};

/// The frame of a brand's mails.
#[must_use]
pub fn frame(brand: &Brand, language: &str, today: Date) -> Frame {
    let brand = BrandFrame {
        name: brand.name.clone(),
        home_url: brand.home_url.clone().unwrap_or_default(),
        footer: brand.footer.clone(),
        support_url: brand.support_url.clone(),
        support_email: brand.support_email.clone(),
        ..BrandFrame::default()
    };
    Frame::new(language, brand, today)
}

/// A mail that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML text.
    pub html: String,
}

/// What the templates of a mail see, beside its own data.
#[derive(Serialize)]
struct MailContext<'a, D> {
    look: &'a ThemeTokens,
    #[serde(flatten)]
    data: &'a D,
}

impl Ui {
    /// Renders a mail of `kind`. The frame gives language, brand and time zone, the look its
    /// colours; links are part of `data` and absolute.
    ///
    /// # Errors
    /// Where a template of the kind is missing or fails.
    pub fn render_mail(
        &self,
        kind: &str,
        frame: &Frame,
        look: &ThemeTokens,
        data: &impl Serialize,
    ) -> Result<RenderedMail, UiError> {
        let context = MailContext { look, data };
        let part =
            |name: &str| self.render_template(&format!("mail/{kind}/{name}"), frame, &context);
        Ok(RenderedMail {
            subject: one_line(&part("subject.txt")?),
            text: tidy(&part("body.txt")?),
            html: part("body.html")?,
        })
    }
}

/// A subject has no line breaks: they would end the header.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Blocks of templates leave empty lines behind; paragraphs are parted by one.
fn tidy(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    format!("{}\n", lines.join("\n").trim_end())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use portico_billing::brand::Theme;
    use serde_json::json;

    use super::*;
    use crate::UiSettings;

    fn render(language: &str, kind: &str, content: &serde_json::Value) -> RenderedMail {
        let settings = UiSettings { reload: false, ..UiSettings::new(&[]) };
        let brand = BrandFrame {
            name: "Söhne & Co\r\nBcc: all@example".to_owned(),
            support_email: Some("help@soehne.example".to_owned()),
            ..BrandFrame::default()
        };
        let frame = Frame::new(language, brand, date(2026, 11, 21));
        let data = json!({ "name": "Ana <b>", "content": content });
        let look = ThemeTokens::of(&Theme::default());
        Ui::new(settings)
            .and_then(|ui| ui.render_mail(kind, &frame, &look, &data))
            .unwrap_or_else(|error| panic!("{kind}: {}", error.chain()))
    }

    #[test]
    fn a_mail_is_a_subject_a_text_and_html() {
        let url = "https://pay.example/link/x?a=1&b=2";
        let content = json!({ "url": url, "valid_minutes": 15 });
        let mail = render("en", "sign-in-link", &content);
        assert_eq!(mail.subject, "Sign in to Söhne & Co Bcc: all@example");
        assert!(mail.text.starts_with("Hello Ana <b>,\n\nHere is the link"), "{}", mail.text);
        assert!(mail.text.contains(&format!("\n\n{url}\n\n")), "{}", mail.text);
        assert!(mail.text.contains("within 15 minutes"), "{}", mail.text);
        assert!(!mail.text.contains("\n\n\n"), "{}", mail.text);
        assert!(mail.html.contains("Hello Ana &lt;b&gt;,"), "{}", mail.html);
        assert!(mail.html.contains("background:#2f5bea;color:#ffffff"), "{}", mail.html);
    }

    #[test]
    fn every_kind_is_rendered_in_every_language() {
        let link = json!({ "url": "https://pay.example/x", "valid_minutes": 1, "valid_hours": 1 });
        for (kind, content) in [
            ("sign-in-link", link.clone()),
            ("password-reset", link.clone()),
            ("confirm-email", link),
            (
                "temporary-password",
                json!({ "password": "4rk8", "url": "https://pay.example/x", "valid_hours": 72 }),
            ),
            ("email-change-notice", json!({ "new_email": "new@example.com" })),
            ("password-changed", json!({ "changed_at": "2026-11-21T10:00:00Z" })),
            (
                "receipt",
                json!({
                    "url": "https://pay.example/x",
                    "amount": { "minor": 1, "currency": "KWD" },
                    "paid_on": "2026-11-21",
                    "method": "Visa •••• 4242",
                }),
            ),
            (
                "pay-link",
                json!({
                    "url": "https://pay.example/x",
                    "number": "INV-1",
                    "amount": { "minor": 500, "currency": "JPY" },
                    "due_on": "2026-11-21",
                    "expires_at": "2026-12-21T10:00:00Z",
                }),
            ),
        ] {
            for language in ["en", "es"] {
                let mail = render(language, kind, &content);
                assert!(!mail.subject.is_empty() && mail.text.len() > 80, "{kind}: {mail:?}");
                assert!(mail.html.contains(&format!("<html lang=\"{language}\"")), "{kind}");
            }
        }
    }

    #[test]
    fn an_unknown_kind_is_an_error() {
        let settings = UiSettings { reload: false, ..UiSettings::new(&[]) };
        let frame = Frame::new("en", BrandFrame::default(), date(2026, 11, 21));
        let look = ThemeTokens::of(&Theme::default());
        let mail = Ui::new(settings).map(|ui| ui.render_mail("absent", &frame, &look, &json!({})));
        assert!(mail.is_ok_and(|mail| mail.is_err()));
    }
}
