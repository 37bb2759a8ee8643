//! Mails in a brand's own words: logic-less templates for subject and text, put into the shipped
//! layout. The words are plain text with paragraphs; markup in them is shown, not obeyed.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::names::{self, ACTION, BRAND, NAME, PASSWORD, SUPPORT_EMAIL, URL};
use super::{RenderedMail, one_line, tidy};
use crate::functions::Placeholder;
use crate::logic_less::{Escape, Template, TemplateFault, Values};
use crate::texts::OwnTexts;
use crate::theme::ThemeTokens;
use crate::{Frame, Ui, UiError};

/// Stands for the button until paragraphs are known. Values cannot hold it.
const BUTTON: char = '\u{1}';

/// Subject and text of a mail, as templates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnWording {
    /// The subject.
    pub subject: String,
    /// The text; empty lines part paragraphs.
    pub body: String,
}

/// What is wrong with a mail's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WordingFault {
    /// In the subject.
    Subject(TemplateFault),
    /// In the text.
    Body(TemplateFault),
    /// The text leads nowhere: the mail's link is not in it.
    NoLink,
    /// The password that the mail brings is not in the text.
    NoPassword,
}

/// A paragraph of a mail.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Block {
    /// Whether it is the button.
    button: bool,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct OwnContext<'a> {
    look: &'a ThemeTokens,
    name: &'a str,
    subject: String,
    blocks: Vec<Block>,
    action: String,
    url: String,
}

/// What a mail is made of: its kind and its data.
#[derive(Debug)]
pub struct MailData<'a, D> {
    /// Its kind: `sign-in-link`.
    pub kind: &'a str,
    /// Its data: `name` and `content`.
    pub data: &'a D,
}

// By hand: the data themselves need not be copied.
impl<D> Clone for MailData<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for MailData<'_, D> {}

impl<D: Serialize> MailData<'_, D> {
    fn root(&self) -> Value {
        Value::from(Serde(self.data))
    }

    fn content(&self) -> Value {
        self.root().get_attr("content").unwrap_or_default()
    }

    /// The names that words for this mail can hold.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        names::names_of(&self.content())
    }

    /// Checks words for this mail.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn check(&self, wording: &OwnWording) -> Result<(), Vec<WordingFault>> {
        let names = self.names();
        let mut faults = Vec::new();
        let subject = Template::parse(&wording.subject, &names_of_subject(&names));
        if let Err(found) = subject {
            faults.extend(found.into_iter().map(WordingFault::Subject));
        }
        match Template::parse(&wording.body, &names) {
            Err(found) => faults.extend(found.into_iter().map(WordingFault::Body)),
            Ok(body) => {
                if names.contains(&URL) && !holds(&body, &[URL, ACTION]) {
                    faults.push(WordingFault::NoLink);
                }
                if names.contains(&PASSWORD) && !holds(&body, &[PASSWORD]) {
                    faults.push(WordingFault::NoPassword);
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// A subject holds neither links nor passwords: lists of mails and notices show it.
fn names_of_subject(names: &[&'static str]) -> Vec<&'static str> {
    names.iter().copied().filter(|name| ![URL, ACTION, PASSWORD].contains(name)).collect()
}

/// Whether one of these names is in a text, whatever the others stand for.
fn holds(body: &Template, names: &[&'static str]) -> bool {
    let values: Values = names.iter().map(|name| (*name, BUTTON.to_string())).collect();
    body.render(&values, Escape::Text).is_ok_and(|text| text.contains(BUTTON))
}

impl Ui {
    /// Renders a mail in a brand's own words; nothing where they are not sound, which a later
    /// version can make of them.
    ///
    /// # Errors
    /// Where the layout fails.
    pub fn render_own_mail<D: Serialize>(
        &self,
        mail: MailData<'_, D>,
        wording: &OwnWording,
        frame: &Frame,
        look: &ThemeTokens,
    ) -> Result<Option<RenderedMail>, UiError> {
        let names = mail.names();
        let subject = Template::parse(&wording.subject, &names_of_subject(&names));
        let (Ok(subject), Ok(body)) = (subject, Template::parse(&wording.body, &names)) else {
            return Ok(None);
        };
        let values = self.values(&mail, frame);
        let (Ok(subject), Ok(body)) =
            (subject.render(&values, Escape::Text), body.render(&values, Escape::Text))
        else {
            return Ok(None);
        };
        let url = values.get(URL).cloned().unwrap_or_default();
        let context = OwnContext {
            look,
            name: values.get(NAME).map_or("", String::as_str),
            subject: one_line(&subject),
            blocks: blocks(&body),
            action: self.action(&mail, frame, &url),
            url,
        };
        Ok(Some(RenderedMail {
            text: tidy(&self.render_template("mail/own/body.txt", frame, &context)?),
            html: self.render_template("mail/own/body.html", frame, &context)?,
            subject: context.subject,
        }))
    }

    /// What the button of a mail says.
    fn action<D>(&self, mail: &MailData<'_, D>, frame: &Frame, url: &str) -> String {
        if url.is_empty() {
            return String::new();
        }
        let key = format!("mail-{}-action", mail.kind);
        let none = fluent_bundle::FluentArgs::new();
        let own = frame.own_texts.as_ref().and_then(|own| own.format(&frame.language, &key, &none));
        own.unwrap_or_else(|| self.text(&frame.language, &key, &crate::TextArgs::new()))
    }

    fn values<D: Serialize>(&self, mail: &MailData<'_, D>, frame: &Frame) -> Values {
        let zone = TimeZone::get(&frame.time_zone).unwrap_or(TimeZone::UTC);
        let formats = self.formats().of(&frame.language);
        let mut values: Values =
            names::values_of(&mail.content(), formats, &zone).into_iter().collect();
        let name = mail.root().get_attr(NAME).unwrap_or_default();
        values.insert(NAME, name.as_str().unwrap_or_default().to_owned());
        values.insert(BRAND, frame.brand.name.clone());
        values.insert(SUPPORT_EMAIL, frame.brand.support_email.clone().unwrap_or_default());
        for value in values.values_mut() {
            value.retain(|c| !c.is_control() || c == '\n');
        }
        if values.contains_key(URL) {
            values.insert(ACTION, BUTTON.to_string());
        }
        values
    }

    /// The shipped words of a mail as templates, with texts that the brand has in its own words:
    /// what it begins to write the mail from.
    ///
    /// # Errors
    /// Where a template of the kind is missing or fails.
    pub fn shipped_wording<D: Serialize>(
        &self,
        mail: MailData<'_, D>,
        language: &str,
        own_texts: Option<Arc<OwnTexts>>,
    ) -> Result<OwnWording, UiError> {
        let place = |name: &'static str| Value::from_object(Placeholder(name));
        let fields = mail.names().into_iter().filter(|name| !GENERAL.contains(name));
        // What stands for the link is its button.
        let value = |name: &'static str| place(if name == URL { ACTION } else { name });
        let fields = fields.filter(|name| *name != ACTION).map(|name| (name, value(name)));
        let content = Value::from(fields.collect::<BTreeMap<_, _>>());
        let data = minijinja::context! { name => place(NAME), content };
        let brand = crate::BrandFrame { name: format!("{{{{{BRAND}}}}}"), ..Default::default() };
        let today = jiff::civil::Date::constant(2000, 1, 1);
        let frame = Frame { own_texts, ..Frame::new(language, brand, today) };
        let context = crate::functions::context(&frame, data);
        let templates = self.templates()?;
        let part = |name: &str| templates.get_template(&format!("mail/{}/{name}", mail.kind));
        let subject = part("subject.txt")?.render(context.clone())?;
        let body = without_frame(&part("body.txt")?, context)?;
        Ok(OwnWording { subject: one_line(&subject), body: tidy(&body) })
    }
}

/// Greeting and content of a plain mail, without the frame around them.
fn without_frame(
    template: &minijinja::Template<'_, '_>,
    context: Value,
) -> Result<String, UiError> {
    let mut captured = template.render_captured(context)?;
    let greeting = captured.with_state_mut(|state| state.render_block("greeting"))?;
    let content = captured.with_state_mut(|state| state.render_block("content"))?;
    Ok(format!("{}\n\n{}", greeting.trim(), content.trim()))
}

/// Names that are not of a mail's own data.
const GENERAL: [&str; 3] = [NAME, BRAND, SUPPORT_EMAIL];

/// The paragraphs of a text. The button is one by itself, wherever it is named.
fn blocks(body: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let alone = body.replace(BUTTON, &format!("\n\n{BUTTON}\n\n"));
    let mut lines: Vec<String> = Vec::new();
    for line in alone.lines().map(str::trim_end).chain([""]) {
        if !line.is_empty() {
            lines.push(line.to_owned());
        } else if !lines.is_empty() {
            let lines = std::mem::take(&mut lines);
            let button = lines.len() == 1 && lines[0].chars().eq([BUTTON]);
            blocks.push(Block { button, lines });
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::{BrandFrame, UiSettings};

    fn ui() -> Ui {
        Ui::new(UiSettings { reload: false, ..UiSettings::new(&[]) }).expect("a kit")
    }

    fn data(name: &str) -> Json {
        let url = "https://pay.example/x?a=1&b=2";
        let content = json!({ "kind": "sign_in_link", "url": url, "valid_minutes": 15 });
        json!({ "name": name, "content": content })
    }

    fn wording(subject: &str, body: &str) -> OwnWording {
        OwnWording { subject: subject.to_owned(), body: body.to_owned() }
    }

    fn render(name: &str, wording: &OwnWording) -> Option<RenderedMail> {
        let brand = BrandFrame { name: "Söhne & Co".to_owned(), ..BrandFrame::default() };
        let frame = Frame::new("es", brand, date(2026, 11, 21));
        let data = data(name);
        let mail = MailData { kind: "sign-in-link", data: &data };
        let look = ThemeTokens::of(&Default::default());
        let rendered = ui().render_own_mail(mail, wording, &frame, &look);
        rendered.unwrap_or_else(|error| panic!("{}", error.chain()))
    }

    #[test]
    fn own_words_stand_in_the_shipped_layout() {
        let body = "Hola {{name}}:\nlínea dos\n\nEntra: {{action_button}} ¡ya!\n\n{{url}}\n\n\
            {{#support_email}}no{{/support_email}}{{valid_minutes}} min";
        let mail = render("Ana <b>", &wording("{{brand}}: hola {{name}}", body)).expect("a mail");
        assert_eq!(mail.subject, "Söhne & Co: hola Ana <b>");
        assert_eq!(
            mail.text,
            "Hola Ana <b>:\nlínea dos\n\nEntra:\n\nhttps://pay.example/x?a=1&b=2\n\n ¡ya!\n\n\
             https://pay.example/x?a=1&b=2\n\n15 min\n\n--\nSöhne & Co\n"
        );
        assert!(mail.html.contains("Hola Ana &lt;b&gt;:<br>línea dos</p>"), "{}", mail.html);
        assert!(mail.html.contains("<html lang=\"es\""), "{}", mail.html);
        assert_eq!(mail.html.matches("display:inline-block").count(), 1, "{}", mail.html);
        assert!(!mail.html.contains(BUTTON) && !mail.text.contains(BUTTON));
    }

    #[test]
    fn inj_04_words_and_values_cannot_break_the_frame() {
        let evil = "</td></table><script>alert(1)</script>{{url}}{{7*7}}\r\nBcc: all@example\u{1}";
        let mail = render(evil, &wording("{{name}}", "<style>*{}</style>\n\n{{name}}\n\n{{url}}"));
        let mail = mail.expect("a mail");
        assert!(!mail.subject.contains(['\r', '\n']), "{}", mail.subject);
        assert!(mail.subject.contains("{{url}}{{7*7}}"), "{}", mail.subject);
        for tag in ["<script>", "<style>", "</table><"] {
            assert!(!mail.html.contains(tag), "{tag}: {}", mail.html);
        }
        assert!(mail.text.contains("<style>*{}</style>"), "{}", mail.text);
        assert!(!mail.html.contains("display:inline-block"), "a value made a button");
    }

    #[test]
    fn inj_04_faults_are_found_and_nothing_faulty_is_sent() {
        let data = data("Ana");
        let mail = MailData { kind: "sign-in-link", data: &data };
        for (subject, body) in [
            ("{{7*7}}", "{{url}}"),
            ("{{url}}", "{{url}}"),
            ("x", "{{password}} {{url}}"),
            ("x", "{{#each name}}{{url}}{{/each}}"),
            ("x", "{{url"),
        ] {
            let wording = wording(subject, body);
            assert!(mail.check(&wording).is_err(), "{subject} {body}");
            assert_eq!(render("Ana", &wording), None, "{subject} {body}");
        }
        let silent = mail.check(&wording("x", "{{#support_email}}{{url}}{{/support_email}}"));
        assert_eq!(silent, Err(vec![WordingFault::NoLink]));
        let content = json!({ "url": "https://pay.example/x", "password": "4rk8" });
        let brings = json!({ "name": "Ana", "content": content });
        let brings = MailData { kind: "temporary-password", data: &brings };
        let silent = brings.check(&wording("x", "{{url}}"));
        assert_eq!(silent, Err(vec![WordingFault::NoPassword]));
        assert!(brings.check(&wording("{{password}}", "{{url}} {{password}}")).is_err());
        assert_eq!(brings.check(&wording("x", "{{url}} {{password}}")), Ok(()));
        let long = wording("x", &"{{name}}{{url}}".repeat(600));
        assert_eq!(mail.check(&long), Ok(()));
        assert_eq!(render(&"x".repeat(10_000), &long), None, "10 MB were made");
    }

    #[test]
    fn the_shipped_words_become_a_template() {
        let data = data("Ana");
        let mail = MailData { kind: "sign-in-link", data: &data };
        let shipped = ui().shipped_wording(mail, "en", None);
        let shipped = shipped.unwrap_or_else(|error| panic!("{}", error.chain()));
        assert_eq!(shipped.subject, "Sign in to {{brand}}");
        assert!(
            shipped.body.starts_with("Hello {{name}},\n\nHere is the link"),
            "{}",
            shipped.body
        );
        assert!(shipped.body.contains("\n\n{{action_button}}\n\n"), "{}", shipped.body);
        assert!(shipped.body.contains("within {{valid_minutes}} minutes"), "{}", shipped.body);
        assert_eq!(mail.check(&shipped), Ok(()));
    }

    #[test]
    fn a_brands_texts_are_part_of_the_shipped_words() {
        let data = data("Ana");
        let mail = MailData { kind: "sign-in-link", data: &data };
        let text = |key: &str, text: &str| {
            let (language, text) = ("en".parse().expect("a tag"), text.to_owned());
            portico_billing::brand::BrandText { language, key: key.to_owned(), text }
        };
        let ui = ui();
        let own = ui.own_texts(&[
            text("mail-sign-in-link-subject", "The door of { $brand }"),
            text("mail-greeting", "Howdy { $name }!"),
        ]);
        let words = ui.shipped_wording(mail, "en", own);
        let words = words.unwrap_or_else(|error| panic!("{}", error.chain()));
        assert_eq!(words.subject, "The door of {{brand}}");
        assert!(words.body.starts_with("Howdy {{name}}!\n\nHere is"), "{}", words.body);
        assert_eq!(mail.check(&words), Ok(()));
    }
}
