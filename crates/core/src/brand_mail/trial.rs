//! A test mail: sent at once by settings that need not be saved yet.

use portico_billing::permission::Permission;
use portico_billing::{BrandId, EmailAddress, JobId, LanguageTag};
use serde_json::json;

use super::input::SmtpInput;
use super::server::Password;
use super::{BrandMailError, brand_of};
use crate::audit::Change;
use crate::mail::{
    ClaimedMail, MailContent, MailMessage, Posting, ProbeFault, SmtpServer, open_password, put_sent,
};
use crate::{Caller, Core, Failure};

/// Seconds after which an address that got too many can get a mail again.
const HOUR_S: u64 = 3_600;

/// Who gets a test mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address.
    pub email: EmailAddress,
    /// The person's name.
    pub name: String,
    /// The language to write in.
    pub language: LanguageTag,
}

impl Core {
    /// Sends a mail by these settings at once, saved or not. The outcome is what the server made of
    /// it, within seconds.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, fields have faults, too many
    /// were sent, the server does not take the mail, or the machinery fails.
    pub async fn try_brand_smtp(
        &self,
        caller: &Caller,
        brand: BrandId,
        input: &SmtpInput,
        to: Recipient,
    ) -> Result<(), BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mail = self.trial_mail(caller, brand, input, to).await?;
        let allowed = self.inner.limits.mail_trial(caller.organisation_id);
        allowed.map_err(|it| BrandMailError::TooMany { wait_s: it.retry_after.as_secs() + 1 })?;
        self.count_trial(caller, &mail).await?;
        let Some(probe) = &self.inner.mail_probe else {
            return Err(BrandMailError::Trial(ProbeFault::Unreachable));
        };
        // No transaction is open: this may take seconds.
        let outcome = probe.send(&mail).await;
        let told = outcome.map_or_else(|fault| fault.to_string(), |()| "sent".to_owned());
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let change = Change::new("brand_smtp.tried").on(brand.uuid());
        let server = mail.server.as_ref().map(|server| server.host.as_str());
        let change = change.to(&json!({ "server": server, "outcome": told }));
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        outcome.map_err(BrandMailError::Trial)
    }

    /// Whoever may edit brands is no stranger, but the address may be anybody's.
    async fn count_trial(&self, caller: &Caller, mail: &ClaimedMail) -> Result<(), BrandMailError> {
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        match put_sent(self, &mut write, mail.message.to()).await? {
            Posting::Written => Ok(write.commit().await?),
            Posting::OverBudget => Err(BrandMailError::TooMany { wait_s: HOUR_S }),
        }
    }

    async fn trial_mail(
        &self,
        caller: &Caller,
        brand: BrandId,
        input: &SmtpInput,
        to: Recipient,
    ) -> Result<ClaimedMail, BrandMailError> {
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let brand = brand_of(&mut read, brand).await?;
        let before = read.brand_smtp(brand.id).await?;
        let (checked, password) = self.check_smtp(input, before.as_ref())?;
        let password = match password {
            Password::Kept(sealed) | Password::New(sealed) => {
                open_password(self, Some(&sealed)).map_err(Failure::from)?
            }
            Password::None => String::new(),
        };
        let content = MailContent::SmtpTest { server: checked.server.clone() };
        let Recipient { email, name, language } = to;
        let message = MailMessage { to: email, name, language, brand_id: brand.id, content };
        let server = SmtpServer {
            host: checked.server,
            port: checked.port,
            security: input.security,
            credentials: checked.username.map(|username| (username, password)),
            is_password_lost: false,
            from_address: checked.from_address,
            from_name: checked.from_name,
            falls_back: false,
        };
        let id = JobId::new(self.now(), self.id_bytes());
        Ok(ClaimedMail::to_try(id, brand, message, server))
    }
}
