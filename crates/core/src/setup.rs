//! What begins an organisation: itself, its brands, keys, operators. Used by the command line, by
//! sample data and by tests.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use portico_billing::account::{Address, Organisation, TaxId};
use portico_billing::brand::{
    self, Brand, Custom, Origin, OriginError, Paying, ProfileField, ReportColumns, SignUp, Theme,
};
use portico_billing::permission::{OperatorRole, Permissions};
use portico_billing::text::{LineError, check_line};
use portico_billing::{
    AssetId, BrandId, ContactId, Currency, EmailAddress, LanguageTag, OperatorId, OrganisationId,
};
use portico_store::asset::StoredAsset;
use portico_store::operator::StoredOperator;
use portico_store::{StoreError, Write};

use crate::password::Overloaded;
use crate::{ApiKeySecret, Caller, Core, Failure, NewApiKey, StaffError};

/// Why something could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The host is in use, by this organisation or another one.
    #[error("{0} is in use already")]
    InUse(&'static str),
    /// A brand cannot be found by this host.
    #[error("`{0}` is no host: a name or an address without scheme, port and path is expected")]
    Host(String),
    /// An address that pages link to cannot be used.
    #[error("{what} {reason}")]
    Link {
        /// Which.
        what: &'static str,
        /// Why not.
        reason: OriginError,
    },
    /// People cannot be shown this name.
    #[error("the name of the {what} {reason}")]
    Name {
        /// Whose.
        what: &'static str,
        /// Why not.
        reason: LineError,
    },
    /// No time zone has this name.
    #[error("`{0}` is no IANA time zone")]
    TimeZone(String),
    /// Too many passwords are being hashed.
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl SetupError {
    fn check_name(what: &'static str, name: &str) -> Result<(), Self> {
        check_line(name).map_err(|reason| Self::Name { what, reason })
    }

    fn of(error: StoreError, what: &'static str) -> Self {
        match error {
            StoreError::Duplicate { .. } => Self::InUse(what),
            other => Self::Failure(other.into()),
        }
    }
}

impl From<StoreError> for SetupError {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// A tenant to be.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Name in use.
    pub name: String,
    /// Registered name.
    pub legal_name: Option<String>,
    /// Where customers can write to.
    pub email: Option<EmailAddress>,
    /// Where customers can call.
    pub phone: Option<String>,
    /// The seller's address on documents.
    pub address: Address,
    /// The seller's tax ids on documents.
    pub tax_ids: Vec<TaxId>,
    /// IANA name of the zone in which its days begin.
    pub time_zone: String,
    /// Currency of customers that name none.
    pub currency: Currency,
    /// When it began; now where it is absent.
    pub created_at: Option<Timestamp>,
}

/// A portal to be.
#[derive(Debug, Clone)]
pub struct NewBrand {
    /// Name that customers read.
    pub name: String,
    /// Host names or addresses, without port; the first one is in links.
    pub hosts: Vec<String>,
    /// Looks.
    pub theme: Theme,
    /// The picture of the logo, which becomes the theme's.
    pub logo: Option<StoredAsset>,
    /// Language where nothing else says one.
    pub default_language: LanguageTag,
    /// Origins that `return_url` may have.
    pub return_origins: Vec<Origin>,
    /// Where the logo leads without a session link; at one of the origins.
    pub home_url: Option<String>,
    /// Which fields customers may change.
    pub editable_fields: Vec<ProfileField>,
    /// Address of the help page.
    pub support_url: Option<String>,
    /// Address to write to for help.
    pub support_email: Option<String>,
    /// A line at the foot of each page.
    pub footer: Option<String>,
}

impl NewBrand {
    /// A brand with the usual looks, open for all edits.
    #[must_use]
    pub fn new(name: impl Into<String>, hosts: Vec<String>, language: LanguageTag) -> Self {
        Self {
            name: name.into(),
            hosts,
            theme: Theme::default(),
            logo: None,
            default_language: language,
            return_origins: Vec::new(),
            home_url: None,
            editable_fields: ProfileField::ALL.to_vec(),
            support_url: None,
            support_email: None,
            footer: None,
        }
    }

    /// Whether a brand can be made of it, as far as that can be said beforehand. The answer is its
    /// hosts as they are kept.
    ///
    /// # Errors
    /// Where its name, a host or an address that pages link to cannot be used.
    fn check(&self) -> Result<Vec<String>, SetupError> {
        SetupError::check_name("brand", &self.name)?;
        let link = |what| move |reason| SetupError::Link { what, reason };
        if let Some(url) = &self.home_url {
            brand::url_at(url, &self.return_origins).map_err(link("home_url"))?;
        }
        if let Some(url) = &self.support_url {
            brand::http_url(url).map_err(link("support_url"))?;
        }
        let host = |text: &String| {
            brand::host(text).ok_or_else(|| SetupError::Host(text.chars().take(300).collect()))
        };
        self.hosts.iter().map(host).collect()
    }
}

/// A person of the organisation to be.
#[derive(Clone)]
pub struct NewOperator {
    /// Name for signing in.
    pub email: EmailAddress,
    /// Name of the person.
    pub name: String,
    /// What it may do.
    pub role: OperatorRole,
    /// Its password, where one is set at once.
    pub password: Option<String>,
}

impl Core {
    /// Makes a tenant.
    ///
    /// # Errors
    /// Where its name cannot be used, its time zone is unknown, or the machinery fails.
    pub async fn create_organisation(
        &self,
        new: NewOrganisation,
    ) -> Result<Organisation, SetupError> {
        let organisation = self.organisation_of(new)?;
        let mut write = self.inner.store.write(organisation.id).await?;
        write.insert_organisation(&organisation).await?;
        write.commit().await?;
        Ok(organisation)
    }

    /// Makes a tenant with its first brand: both, or neither.
    ///
    /// # Errors
    /// Where a name, a host or a link cannot be used, the host is in use, the time zone is unknown,
    /// or the machinery fails.
    pub async fn create_organisation_with_brand(
        &self,
        new: NewOrganisation,
        brand: NewBrand,
    ) -> Result<(Organisation, Brand), SetupError> {
        let organisation = self.organisation_of(new)?;
        let mut write = self.inner.store.write(organisation.id).await?;
        write.insert_organisation(&organisation).await?;
        let brand = self.insert_brand(&mut write, brand).await?;
        write.commit().await?;
        Ok((organisation, brand))
    }

    fn organisation_of(&self, new: NewOrganisation) -> Result<Organisation, SetupError> {
        for name in [Some(&new.name), new.legal_name.as_ref()].into_iter().flatten() {
            SetupError::check_name("organisation", name)?;
        }
        if TimeZone::get(&new.time_zone).is_err() {
            return Err(SetupError::TimeZone(new.time_zone));
        }
        let now = self.now();
        Ok(Organisation {
            id: OrganisationId::new(now, self.id_bytes()),
            name: new.name,
            legal_name: new.legal_name,
            email: new.email,
            phone: new.phone,
            address: new.address,
            tax_ids: new.tax_ids,
            time_zone: new.time_zone,
            currency: new.currency,
            created_at: new.created_at.unwrap_or(now),
        })
    }

    /// The tenants, oldest first.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, Failure> {
        Ok(self.inner.store.directory().await?.organisations().await?)
    }

    /// The organisation's brands, the one of customers that name none first.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn brands(&self, organisation: OrganisationId) -> Result<Vec<Brand>, Failure> {
        Ok(self.inner.store.read(organisation).await?.brands().await?)
    }

    /// Makes a brand; the organisation's first one is that of customers that name none.
    ///
    /// # Errors
    /// Where its name, a host or a link of it cannot be used, one of its hosts is in use, or the
    /// machinery fails.
    pub async fn create_brand(
        &self,
        organisation: OrganisationId,
        new: NewBrand,
    ) -> Result<Brand, SetupError> {
        let mut write = self.inner.store.write(organisation).await?;
        let brand = self.insert_brand(&mut write, new).await?;
        write.commit().await?;
        Ok(brand)
    }

    async fn insert_brand(&self, write: &mut Write, new: NewBrand) -> Result<Brand, SetupError> {
        let (hosts, now) = (new.check()?, self.now());
        let mut theme = new.theme;
        if let Some(logo) = &new.logo {
            let id = AssetId::new(now, self.id_bytes());
            write.insert_asset(id, logo, now).await?;
            theme.logo = Some(id);
        }
        let brand = Brand {
            id: BrandId::new(now, self.id_bytes()),
            organisation_id: write.organisation_id(),
            name: new.name,
            hosts,
            theme,
            default_language: new.default_language,
            return_origins: new.return_origins,
            home_url: new.home_url,
            editable_fields: new.editable_fields,
            support_url: new.support_url,
            support_email: new.support_email,
            footer: new.footer,
            custom: Custom::default(),
            looks_version: 0,
            embed_origins: Vec::new(),
            sign_up: SignUp::default(),
            hidden_sections: Vec::new(),
            report_columns: ReportColumns::default(),
            paying: Paying::default(),
            texts_version: 0,
            created_at: now,
        };
        let inserted = write.insert_brand(&brand).await;
        inserted.map_err(|error| SetupError::of(error, "a host of the brand"))?;
        Ok(brand)
    }

    /// Makes a key of the organisation's software that may do everything, for who runs the program.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn create_api_key(
        &self,
        organisation: OrganisationId,
        name: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<ApiKeySecret, Failure> {
        let new = NewApiKey { name: name.to_owned(), permissions: Permissions::ALL, expires_at };
        match self.issue_api_key(&Caller::system(organisation), new).await {
            Ok((_, key)) => Ok(key),
            Err(StaffError::Failure(failure)) => Err(failure),
            Err(_) => Err(Failure::Missing("usable name or end of the key")),
        }
    }

    /// Makes an operator.
    ///
    /// # Errors
    /// Where its e-mail address is in use, or the machinery fails.
    pub async fn create_operator(
        &self,
        organisation: OrganisationId,
        new: NewOperator,
    ) -> Result<OperatorId, SetupError> {
        let password_hash = match &new.password {
            Some(password) => Some(self.inner.passwords.hash(password).await?),
            None => None,
        };
        let NewOperator { email, name, role, .. } = new;
        let stored = StoredOperator { password_hash, ..self.new_operator(email, name, role) };
        let mut write = self.inner.store.write(organisation).await?;
        let inserted = write.insert_operator(&stored).await;
        inserted.map_err(|error| SetupError::of(error, "the e-mail address"))?;
        write.commit().await?;
        Ok(stored.id)
    }

    /// Sets a contact's password as it is given, and ends what could be used without it.
    ///
    /// # Errors
    /// Where there is no such contact, or the machinery fails.
    pub async fn set_contact_password(
        &self,
        organisation: OrganisationId,
        contact: ContactId,
        password: &str,
    ) -> Result<(), SetupError> {
        let hash = self.inner.passwords.hash(password).await?;
        let now = self.now();
        let mut write = self.inner.store.write(organisation).await?;
        write.set_password_hash(contact, &hash, now).await?;
        write.end_portal_sessions(contact, None, now).await?;
        write.consume_contact_links(contact, now).await?;
        write.commit().await?;
        Ok(())
    }
}
