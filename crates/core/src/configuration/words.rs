//! Mails and texts in a brand's own words: those of the file, and none else.

use std::collections::BTreeMap;

use portico_billing::brand::BrandText;
use portico_billing::{BrandId, LanguageTag};
use portico_store::Write;

use super::apply::Apply;
use super::document::MailEntry;
use crate::mail::MailWording;
use crate::records::Rejection;

type Mails = BTreeMap<String, BTreeMap<String, MailEntry>>;
type Texts = BTreeMap<String, BTreeMap<String, String>>;

impl Apply<'_> {
    /// Makes the brand's mails those of the file. `before` are those that it has.
    pub(super) async fn mails(
        &mut self,
        write: &mut Write,
        (id, path): (BrandId, &str),
        (before, after): (&Mails, &Mails),
    ) -> Result<(), Rejection> {
        for (kind, language, entry) in flat(after) {
            if before.get(kind).and_then(|it| it.get(language)) == Some(entry) {
                continue;
            }
            let path = format!("{path}.mail_templates.{kind}.{language}");
            let Some(tag) = self.language(&path, language) else { continue };
            let body = entry.body.replace("\r\n", "\n");
            let wording = MailWording { subject: entry.subject.trim().to_owned(), body };
            let found = self.rules.mail(kind, &tag, &wording);
            if !found.is_empty() {
                self.faults.below(&path, found);
                continue;
            }
            let key = (id, kind.as_str(), &tag);
            let saved =
                self.core.save_mail_template_within(write, self.caller, key, &wording).await;
            self.faults.take(&path, saved)?;
        }
        for (kind, language, _) in flat(before) {
            if after.get(kind).is_none_or(|it| !it.contains_key(language))
                && let Some(tag) = self.language(path, language)
            {
                let key = (id, kind.as_str(), &tag);
                self.core.reset_mail_template_within(write, self.caller, key).await?;
            }
        }
        Ok(())
    }

    /// Makes the brand's texts those of the file. `before` are those that it has.
    pub(super) async fn texts(
        &mut self,
        write: &mut Write,
        (id, path): (BrandId, &str),
        (before, after): (&Texts, &Texts),
    ) -> Result<(), Rejection> {
        for (language, key, text) in flat(after) {
            if before.get(language).and_then(|it| it.get(key)) == Some(text) {
                continue;
            }
            let path = format!("{path}.texts.{language}.{key}");
            let Some(tag) = self.language(&path, language) else { continue };
            let text = text.trim().replace("\r\n", "\n");
            let text = BrandText { language: tag, key: key.clone(), text };
            let found = self.rules.text(&text);
            if !found.is_empty() {
                self.faults.below(&path, found);
                continue;
            }
            let saved = self.core.save_own_text_within(write, self.caller, id, &text).await;
            self.faults.take(&path, saved)?;
        }
        for (language, key, _) in flat(before) {
            if after.get(language).is_none_or(|it| !it.contains_key(key))
                && let Some(tag) = self.language(path, language)
            {
                let key = (&tag, key.as_str());
                self.core.reset_own_text_within(write, self.caller, id, key).await?;
            }
        }
        Ok(())
    }

    fn language(&mut self, path: &str, text: &str) -> Option<LanguageTag> {
        let tag = text.parse::<LanguageTag>().ok().filter(|tag| tag.as_str() == text);
        if tag.is_none() {
            self.faults.at(path, format!("`{text}` is no language as it is written (BCP 47)"));
        }
        tag
    }
}

fn flat<T>(
    nested: &BTreeMap<String, BTreeMap<String, T>>,
) -> impl Iterator<Item = (&String, &String, &T)> {
    nested.iter().flat_map(|(outer, inner)| inner.iter().map(move |(key, it)| (outer, key, it)))
}
