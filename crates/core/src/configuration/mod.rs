//! The whole configuration of an organisation as one file: read, compared, applied.
//!
//! Whatever is applied goes through the verbs that the control panel and the API use, within one
//! unit of work. What it differs in is found by looking twice, before and after: a dry run is the
//! same work that is not kept, so that it cannot show anything else than what would happen.
//!
//! Drafts of looks and their history, customers, people, API keys, certificates and templates on
//! the machine are none of it; nor are secrets, those of gateways and mail servers among them.

mod apply;
mod brand;
mod difference;
mod document;
mod faults;
mod files;
mod gateways;
mod matching;
mod replaced;
mod snapshot;
mod words;

use portico_billing::LanguageTag;
use portico_billing::brand::BrandText;
use portico_billing::permission::Permission;

pub use apply::{Applied, ApplyOptions};
pub use difference::{Difference, DifferenceKind};
pub use document::{
    AddressEntry, BrandEntry, Configuration, FORMAT, GatewayEntry, MailEntry, OrganisationEntry,
    SecretSource, SmtpEntry,
};

use crate::looks::LooksInput;
use crate::mail::MailWording;
use crate::records::{InputFault, Rejection};
use crate::{Caller, Core};
use snapshot::Snapshot;

/// What is known outside this crate of the form of style sheets, mails and texts. Each answers with
/// what is wrong, by field.
pub trait WordingRules: Send + Sync {
    /// Of a brand's own style sheet, `css`.
    fn looks(&self, looks: &LooksInput) -> Vec<InputFault>;
    /// Of a mail in a brand's own words, `subject` and `body`.
    fn mail(&self, kind: &str, language: &LanguageTag, wording: &MailWording) -> Vec<InputFault>;
    /// Of a text in a brand's own words.
    fn text(&self, text: &BrandText) -> Vec<InputFault>;
}

impl Core {
    /// The whole configuration of the organisation.
    ///
    /// # Errors
    /// Where the caller may not read and edit the organisation and its brands, or the machinery
    /// fails.
    pub async fn configuration(&self, caller: &Caller) -> Result<Configuration, Rejection> {
        may_configure(caller)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let Snapshot { configuration, files, .. } = Snapshot::take(self, &mut read).await?;
        let files = Some(files.contents(&mut read).await?);
        Ok(Configuration { files, ..configuration })
    }
}

/// Asks for all that it takes.
fn may_configure(caller: &Caller) -> Result<(), Rejection> {
    caller.require(Permission::Read)?;
    caller.require(Permission::EditOrganisation)?;
    Ok(caller.require(Permission::EditBrands)?)
}
