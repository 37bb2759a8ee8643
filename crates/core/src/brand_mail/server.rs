//! The settings of a brand's own mail server: read, saved, taken away.

use jiff::Timestamp;
use portico_billing::permission::Permission;
use portico_billing::smtp::SmtpSecurity;
use portico_billing::{BrandId, EmailAddress};
use portico_store::Write;
use portico_store::brand_mail::BrandSmtp;
use serde::Serialize;
use serde_json::json;

use super::input::{
    Checked, PASSWORD_AGAIN, PASSWORD_LOST, SmtpInput, WordedFault, without_password,
};
use super::{BrandMailError, PASSWORD, brand_of};
use crate::audit::Change;
use crate::mail::open_password;
use crate::{Caller, Core, Failure};

/// The settings of a brand's own mail server as people are shown them: of the password that there
/// is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SmtpRecord {
    /// Its name or address.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is secured.
    pub security: SmtpSecurity,
    /// Who signs in to it.
    pub username: Option<String>,
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether it cannot be opened: it was sealed with another key. No mail leaves by the server
    /// until it is given again.
    #[serde(skip)]
    pub is_password_lost: bool,
    /// The address that mail comes from.
    pub from_address: EmailAddress,
    /// The name before it; the brand's where there is none.
    pub from_name: Option<String>,
    /// Whether the installation's server sends where this one cannot be reached.
    pub falls_back: bool,
    /// When it was last changed.
    #[serde(skip)]
    pub updated_at: Timestamp,
}

impl SmtpRecord {
    fn new(core: &Core, stored: BrandSmtp) -> Self {
        Self {
            is_password_lost: open_password(core, stored.sealed_password.as_deref()).is_err(),
            server: stored.server,
            port: stored.port,
            security: stored.security,
            username: stored.username,
            has_password: stored.sealed_password.is_some(),
            from_address: stored.from_address,
            from_name: stored.from_name,
            falls_back: stored.falls_back,
            updated_at: stored.updated_at,
        }
    }
}

/// The password that checked settings go with.
pub(super) enum Password {
    /// The one that is there.
    Kept(Vec<u8>),
    /// Another one, sealed.
    New(Vec<u8>),
    /// None is wanted.
    None,
}

impl Core {
    /// The brand's own mail server, if it has one.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, or the machinery fails.
    pub async fn brand_smtp(
        &self,
        caller: &Caller,
        brand: BrandId,
    ) -> Result<Option<SmtpRecord>, BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        brand_of(&mut read, brand).await?;
        let stored = read.brand_smtp(brand).await?;
        Ok(stored.map(|stored| SmtpRecord::new(self, stored)))
    }

    /// Gives the brand a mail server of its own. A password that is left empty stays as it is.
    /// Settings that are those already are not written again.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, fields have faults, or the
    /// machinery fails.
    pub async fn save_brand_smtp(
        &self,
        caller: &Caller,
        brand: BrandId,
        input: &SmtpInput,
    ) -> Result<SmtpRecord, BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let record = self.save_brand_smtp_within(&mut write, caller, brand, input).await?;
        write.commit().await?;
        Ok(record)
    }

    /// The same within a unit of work.
    pub(crate) async fn save_brand_smtp_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        brand: BrandId,
        input: &SmtpInput,
    ) -> Result<SmtpRecord, BrandMailError> {
        brand_of(write, brand).await?;
        let before = write.brand_smtp(brand).await?;
        let (checked, password) = self.check_smtp(input, before.as_ref())?;
        let is_new_password = matches!(password, Password::New(_));
        let stored = BrandSmtp {
            server: checked.server,
            port: checked.port,
            security: input.security,
            username: checked.username,
            sealed_password: match password {
                Password::Kept(sealed) | Password::New(sealed) => Some(sealed),
                Password::None => None,
            },
            from_address: checked.from_address,
            from_name: checked.from_name,
            falls_back: input.falls_back,
            updated_at: before.as_ref().map_or_else(|| self.now(), |before| before.updated_at),
        };
        if before.as_ref() == Some(&stored) {
            return Ok(SmtpRecord::new(self, stored));
        }
        let stored = BrandSmtp { updated_at: self.now(), ..stored };
        write.save_brand_smtp(brand, &stored).await?;
        let after = SmtpRecord::new(self, stored);
        let before = before.map(|before| json!(SmtpRecord::new(self, before)));
        let mut told = json!(after);
        told["password_replaced"] = json!(is_new_password);
        let change = Change::new("brand_smtp.saved").on(brand.uuid());
        let change = change.changed(&before.unwrap_or_else(|| json!({})), &told);
        change.write(self, write, caller).await?;
        Ok(after)
    }

    /// Takes the brand's own mail server away: the installation's sends from now on.
    ///
    /// # Errors
    /// Where the caller may not edit brands, the brand has none, or the machinery fails.
    pub async fn remove_brand_smtp(
        &self,
        caller: &Caller,
        brand: BrandId,
    ) -> Result<(), BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.remove_brand_smtp_within(&mut write, caller, brand).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work.
    pub(crate) async fn remove_brand_smtp_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        brand: BrandId,
    ) -> Result<(), BrandMailError> {
        let before = write.brand_smtp(brand).await?.ok_or(BrandMailError::NotFound)?;
        write.delete_brand_smtp(brand).await?;
        let change = Change::new("brand_smtp.removed").on(brand.uuid());
        let change = change.changed(&SmtpRecord::new(self, before), &json!({}));
        Ok(change.write(self, write, caller).await?)
    }

    /// Checks settings, and finds the password that goes with them. One that is there goes with
    /// the same server and user alone: nobody shall send it to a server of their own choice.
    pub(super) fn check_smtp(
        &self,
        input: &SmtpInput,
        before: Option<&BrandSmtp>,
    ) -> Result<(Checked, Password), BrandMailError> {
        let checked = input.check().map_err(BrandMailError::Invalid)?;
        if checked.username.is_none() {
            return Ok((checked, Password::None));
        }
        let typed = input.password.as_str();
        let sealed = before.and_then(|before| before.sealed_password.as_ref());
        if let Some(sealed) = sealed
            && !typed.is_empty()
            && self.inner.sealer.open(PASSWORD, sealed).is_ok_and(|it| it == typed.as_bytes())
        {
            return Ok((checked, Password::Kept(sealed.clone())));
        }
        if !typed.is_empty() {
            let sealed = self.inner.sealer.seal(PASSWORD, typed.as_bytes());
            return Ok((checked, Password::New(sealed.map_err(Failure::from)?)));
        }
        let kept = before.and_then(|before| Some((before, before.sealed_password.clone()?)));
        let Some((before, sealed)) = kept else {
            return Err(BrandMailError::Invalid(vec![without_password()]));
        };
        let same = (&before.server, before.port, before.security, &before.username)
            == (&checked.server, checked.port, input.security, &checked.username);
        if !same {
            let again = WordedFault::new("password", PASSWORD_AGAIN);
            return Err(BrandMailError::Invalid(vec![again]));
        }
        if open_password(self, Some(&sealed)).is_err() {
            let lost = WordedFault::new("password", PASSWORD_LOST);
            return Err(BrandMailError::Invalid(vec![lost]));
        }
        Ok((checked, Password::Kept(sealed)))
    }
}
