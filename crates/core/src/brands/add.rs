//! Making a brand.

use portico_billing::brand::{Brand, Custom, Paying, ReportColumns, SignUp, Theme};
use portico_billing::permission::Permission;
use portico_billing::{BrandId, LanguageTag, brand};
use portico_store::Write;

use super::{BrandError, BrandFault, BrandSettings};
use crate::audit::Change;
use crate::domains::DomainError;
use crate::{Caller, Core, Failure};

impl Core {
    /// Makes a brand that answers on `host` once that is proven, where it needs a proof. The
    /// organisation's first brand is that of customers that name none.
    ///
    /// # Errors
    /// Where the caller may not edit brands, the settings or the host have faults, the host is in
    /// use, or the machinery fails.
    pub async fn add_brand(
        &self,
        caller: &Caller,
        host: &str,
        settings: &BrandSettings,
    ) -> Result<Brand, BrandError> {
        caller.require(Permission::EditBrands)?;
        if brand::host(host.trim()).is_none() {
            let empty = host.trim().is_empty();
            let fault = if empty { BrandFault::Required } else { BrandFault::Host };
            return Err(BrandError::at("host", fault));
        }
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let added = self.insert_brand_within(&mut write, caller, settings).await?;
        write.commit().await?;
        match self.add_domain(caller, added.id, host).await {
            Ok(_) => Ok(self.find_brand(caller, added.id).await?.record.brand),
            Err(error) => {
                // A brand that cannot be reached must not be left behind.
                self.delete(caller, added.id).await?;
                Err(error.into())
            }
        }
    }

    /// Makes a brand that answers on no host yet.
    pub(crate) async fn insert_brand_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        settings: &BrandSettings,
    ) -> Result<Brand, BrandError> {
        let english = "en".parse().map_err(|_| Failure::Missing("the English language"))?;
        let blank = blank(self, caller, english);
        let brand = settings.apply(blank, write).await?;
        write.insert_brand(&brand).await?;
        let is = BrandSettings::of(&brand);
        let change = Change::new("brand.created").on(brand.id.uuid()).to(&is);
        change.write(self, write, caller).await?;
        Ok(brand)
    }
}

/// A brand before anything was set.
fn blank(core: &Core, caller: &Caller, language: LanguageTag) -> Brand {
    let now = core.now();
    Brand {
        id: BrandId::new(now, core.id_bytes()),
        organisation_id: caller.organisation_id,
        name: String::new(),
        hosts: Vec::new(),
        theme: Theme::default(),
        default_language: language,
        return_origins: Vec::new(),
        home_url: None,
        editable_fields: Vec::new(),
        support_url: None,
        support_email: None,
        footer: None,
        custom: Custom::default(),
        looks_version: 0,
        embed_origins: Vec::new(),
        sign_up: SignUp::default(),
        hidden_sections: Vec::new(),
        report_columns: ReportColumns::default(),
        paying: Paying::default(),
        texts_version: 0,
        created_at: now,
    }
}

impl From<DomainError> for BrandError {
    fn from(error: DomainError) -> Self {
        match error {
            DomainError::Host => Self::at("host", BrandFault::Host),
            DomainError::Reserved => Self::at("host", BrandFault::ReservedHost),
            DomainError::InUse => Self::at("host", BrandFault::HostInUse),
            DomainError::NotFound => Self::NotFound,
            DomainError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            DomainError::Failure(failure) => Self::Failure(failure),
        }
    }
}
