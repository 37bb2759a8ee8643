//! Texts in a brand's own words, laid over the shipped ones.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use portico_billing::brand::BrandText;
use unic_langid::LanguageIdentifier;

use super::catalogue::Catalogue;
use super::pattern::message_source;

/// Texts in a brand's own words, ready to be shown.
pub struct OwnTexts(BTreeMap<String, OwnLanguage>);

struct OwnLanguage {
    /// Those that are given nothing, formatted.
    plain: HashMap<String, Arc<str>>,
    all: FluentBundle<FluentResource>,
}

impl fmt::Debug for OwnTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl OwnTexts {
    /// Makes texts ready. Those that are not sound, which an upgrade can make of them, are left
    /// out: the shipped ones are shown in their place. `None` where none is left.
    #[must_use]
    pub fn new(catalogue: &Catalogue, texts: &[BrandText]) -> Option<Self> {
        let mut languages = BTreeMap::new();
        for text in texts {
            if catalogue.check(&text.key, &text.text).is_err() {
                tracing::warn!(key = text.key, "a brand's own text does not fit any more");
                continue;
            }
            let language = text.language.as_str();
            let sources: &mut String = languages.entry(language).or_default();
            sources.push_str(&message_source(&text.key, &text.text));
        }
        let ready = languages.into_iter().filter_map(|(language, source)| {
            let keys = texts.iter().filter(|text| text.language.as_str() == language);
            let keys = keys.map(|text| text.key.as_str());
            Some((language.to_owned(), OwnLanguage::new(language, source, keys)?))
        });
        let ready: BTreeMap<_, _> = ready.collect();
        (!ready.is_empty()).then_some(Self(ready))
    }

    /// The text of `key` without arguments, if the brand has its own.
    pub(crate) fn plain(&self, language: &str, key: &str) -> Option<Arc<str>> {
        self.0.get(language)?.plain.get(key).cloned()
    }

    /// The text of `key`, if the brand has its own and it is given all that it names.
    pub(crate) fn format(
        &self,
        language: &str,
        key: &str,
        args: &FluentArgs<'_>,
    ) -> Option<String> {
        self.0.get(language)?.format(key, args)
    }
}

impl OwnLanguage {
    fn new<'k>(
        language: &str,
        source: String,
        keys: impl Iterator<Item = &'k str>,
    ) -> Option<Self> {
        let id: LanguageIdentifier = language.parse().ok()?;
        let mut all = FluentBundle::new_concurrent(vec![id]);
        all.set_use_isolating(false);
        all.add_resource_overriding(FluentResource::try_new(source).ok()?);
        let mut own = Self { plain: HashMap::new(), all };
        for key in keys {
            if let Some(text) = own.format(key, &FluentArgs::new()) {
                own.plain.insert(key.to_owned(), text.into());
            }
        }
        Some(own)
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.all.get_message(key)?.value()?;
        let mut faults = Vec::new();
        let text = self.all.format_pattern(pattern, Some(args), &mut faults).into_owned();
        faults.is_empty().then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{BrandFrame, Frame, TextArgs, Ui, UiSettings};

    fn text(language: &str, key: &str, text: &str) -> BrandText {
        let language = language.parse().expect("a tag");
        BrandText { language, key: key.to_owned(), text: text.to_owned() }
    }

    fn frame(ui: &Ui, texts: &[BrandText]) -> Frame {
        let mut frame = Frame::new("en", BrandFrame::default(), date(2026, 11, 21));
        frame.own_texts = ui.own_texts(texts);
        frame
    }

    #[test]
    fn own_words_are_laid_over_the_shipped_ones() {
        let catalogue = Catalogue::load();
        let own = OwnTexts::new(
            &catalogue,
            &[
                text("en", "mail-greeting", "Howdy { $name }"),
                text("en", "mail-link-instead", "This way:"),
                text("es", "mail-greeting", "Buenas, { $name }"),
            ],
        );
        let own = own.expect("texts");
        let args = FluentArgs::from_iter([("name", "Ana <b>")]);
        assert_eq!(own.format("en", "mail-greeting", &args).as_deref(), Some("Howdy Ana <b>"));
        assert_eq!(own.format("es", "mail-greeting", &args).as_deref(), Some("Buenas, Ana <b>"));
        assert_eq!(own.format("en", "mail-help", &args), None);
        assert_eq!(own.plain("en", "mail-link-instead").as_deref(), Some("This way:"));
        assert_eq!(own.plain("es", "mail-link-instead"), None);
        assert_eq!(own.plain("en", "mail-greeting"), None);
    }

    #[test]
    fn texts_that_are_not_sound_give_way_to_the_shipped_ones() {
        let catalogue = Catalogue::load();
        let bad = [
            text("en", "mail-greeting", "{ $secret }"),
            text("en", "no-such-text", "x"),
            text("en", "error-reference-html", "<script>"),
        ];
        assert!(OwnTexts::new(&catalogue, &bad).is_none());
        assert!(OwnTexts::new(&catalogue, &[]).is_none());
    }

    #[test]
    fn inj_01_pages_escape_own_words() {
        let ui = Ui::new(UiSettings { reload: false, ..UiSettings::new(&[]) }).expect("a kit");
        let frame = frame(&ui, &[text("en", "mail-link-instead", "<script>alert(1)</script>")]);
        let content = serde_json::json!({ "url": "https://a.example/", "valid_minutes": 1 });
        let mail = ui.render_mail(
            "sign-in-link",
            &frame,
            &crate::theme::ThemeTokens::of(&Default::default()),
            &serde_json::json!({ "name": "Ana", "content": content }),
        );
        let mail = mail.unwrap_or_else(|error| panic!("{}", error.chain()));
        assert!(mail.html.contains("&lt;script&gt;alert(1)"), "{}", mail.html);
        assert!(!mail.html.contains("<script>"), "{}", mail.html);
        // Other brands' pages are made by the same kit and know nothing of it.
        assert!(!ui.text("en", "mail-link-instead", &TextArgs::new()).contains("script"));
    }
}
