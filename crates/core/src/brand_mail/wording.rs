//! The words of a brand's mails. Whether they are sound templates is checked where templates are
//! known; here they are kept. A template that cannot be rendered gives way to the shipped words.

use jiff::Timestamp;
use portico_billing::permission::Permission;
use portico_billing::{BrandId, LanguageTag};
use portico_store::Write;
use portico_store::brand_mail::MailTemplate;
use serde_json::{Value, json};

use super::input::WordedFault;
use super::{BrandMailError, brand_of};
use crate::audit::Change;
use crate::mail::{MailContent, MailWording};
use crate::{Caller, Core};

/// Most characters of a subject.
pub const SUBJECT_MAX: usize = 200;
/// Most characters of a text.
pub const BODY_MAX: usize = 10_000;

const REQUIRED: (&str, &str) = ("required", "must not be empty");
const SUBJECT: (&str, &str) = ("line", "must be one line of at most 200 characters");
const BODY: (&str, &str) = ("body", "must have at most 10,000 characters, none of control");

impl Core {
    /// The mails that a brand has in its own words: kind, language, words, and since when.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, or the machinery fails.
    pub async fn mail_templates(
        &self,
        caller: &Caller,
        brand: BrandId,
    ) -> Result<Vec<MailTemplate>, BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        brand_of(&mut read, brand).await?;
        Ok(read.mail_templates(brand).await?)
    }

    /// Gives a mail of the brand its own words in one language.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand or kind of mail, the words are
    /// too long, or the machinery fails.
    pub async fn save_mail_template(
        &self,
        caller: &Caller,
        (brand, kind, language): (BrandId, &str, &LanguageTag),
        wording: &MailWording,
    ) -> Result<(), BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let key = (brand, kind, language);
        self.save_mail_template_within(&mut write, caller, key, wording).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work.
    pub(crate) async fn save_mail_template_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        (brand, kind, language): (BrandId, &str, &LanguageTag),
        wording: &MailWording,
    ) -> Result<(), BrandMailError> {
        check(kind, wording)?;
        brand_of(write, brand).await?;
        let before = write.mail_template(brand, kind, language).await?;
        let template = MailTemplate {
            kind: kind.to_owned(),
            language: language.clone(),
            subject: wording.subject.trim().to_owned(),
            body: wording.body.clone(),
            updated_at: self.now(),
        };
        write.save_mail_template(brand, &template).await?;
        let before = before.map_or_else(|| json!({}), |before| told(&before));
        let mut after = told(&template);
        (after["kind"], after["language"]) = (json!(kind), json!(language));
        let change = Change::new("mail_template.saved").on(brand.uuid()).changed(&before, &after);
        Ok(change.write(self, write, caller).await?)
    }

    /// Gives a mail of the brand its shipped words back.
    ///
    /// # Errors
    /// Where the caller may not edit brands, it has no words of its own, or the machinery fails.
    pub async fn reset_mail_template(
        &self,
        caller: &Caller,
        (brand, kind, language): (BrandId, &str, &LanguageTag),
    ) -> Result<(), BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.reset_mail_template_within(&mut write, caller, (brand, kind, language)).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work.
    pub(crate) async fn reset_mail_template_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        (brand, kind, language): (BrandId, &str, &LanguageTag),
    ) -> Result<(), BrandMailError> {
        let before = write.mail_template(brand, kind, language).await?;
        let before = before.ok_or(BrandMailError::NotFound)?;
        write.delete_mail_template(brand, kind, language).await?;
        let after = json!({ "kind": kind, "language": language });
        let change = Change::new("mail_template.reset").on(brand.uuid());
        let change = change.changed(&told(&before), &after);
        Ok(change.write(self, write, caller).await?)
    }
}

fn told(template: &MailTemplate) -> Value {
    json!({ "subject": template.subject, "body": template.body })
}

fn check(kind: &str, wording: &MailWording) -> Result<(), BrandMailError> {
    let samples = MailContent::samples("", Timestamp::UNIX_EPOCH);
    if !samples.iter().any(|sample| sample.kind() == kind) {
        return Err(BrandMailError::NotFound);
    }
    let mut faults = Vec::new();
    let (subject, body) = (wording.subject.trim(), wording.body.as_str());
    if subject.is_empty() {
        faults.push(WordedFault::new("subject", REQUIRED));
    } else if subject.chars().count() > SUBJECT_MAX || subject.contains(char::is_control) {
        faults.push(WordedFault::new("subject", SUBJECT));
    }
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if body.trim().is_empty() {
        faults.push(WordedFault::new("body", REQUIRED));
    } else if body.chars().count() > BODY_MAX || body.contains(odd) {
        faults.push(WordedFault::new("body", BODY));
    }
    if faults.is_empty() { Ok(()) } else { Err(BrandMailError::Invalid(faults)) }
}
