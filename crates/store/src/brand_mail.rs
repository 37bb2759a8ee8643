//! How a brand mails: its own server, and its own wording of mails.

use jiff::Timestamp;
use portico_billing::smtp::SmtpSecurity;
use portico_billing::{BrandId, EmailAddress, LanguageTag};

use crate::{Read, StoreError, Write, column};

statements! {
    SERVER = "SELECT server, port, security, username, sealed_password, from_address, from_name, \
        falls_back, updated_at FROM brand_smtp WHERE organisation_id = $1 AND brand_id = $2";
    SAVE_SERVER = "INSERT INTO brand_smtp (organisation_id, brand_id, server, port, security, \
        username, sealed_password, from_address, from_name, falls_back, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
        ON CONFLICT (organisation_id, brand_id) DO UPDATE SET server = excluded.server, \
        port = excluded.port, security = excluded.security, username = excluded.username, \
        sealed_password = excluded.sealed_password, from_address = excluded.from_address, \
        from_name = excluded.from_name, falls_back = excluded.falls_back, \
        updated_at = excluded.updated_at";
    DELETE_SERVER = "DELETE FROM brand_smtp WHERE organisation_id = $1 AND brand_id = $2";
    TEMPLATE = "SELECT kind, language, subject, body, updated_at FROM brand_mail_template \
        WHERE organisation_id = $1 AND brand_id = $2 AND kind = $3 AND language = $4";
    TEMPLATES = "SELECT kind, language, subject, body, updated_at FROM brand_mail_template \
        WHERE organisation_id = $1 AND brand_id = $2 ORDER BY kind, language LIMIT 1000";
    SAVE_TEMPLATE = "INSERT INTO brand_mail_template (organisation_id, brand_id, kind, language, \
        subject, body, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (organisation_id, brand_id, kind, language) DO UPDATE \
        SET subject = excluded.subject, body = excluded.body, updated_at = excluded.updated_at";
    DELETE_TEMPLATE = "DELETE FROM brand_mail_template WHERE organisation_id = $1 \
        AND brand_id = $2 AND kind = $3 AND language = $4";
}

/// A brand's own mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrandSmtp {
    /// Its name or address.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is secured.
    pub security: SmtpSecurity,
    /// Who signs in to it.
    pub username: Option<String>,
    /// With which password, sealed.
    pub sealed_password: Option<Vec<u8>>,
    /// The address that mail comes from.
    pub from_address: EmailAddress,
    /// The name before it; the brand's where there is none.
    pub from_name: Option<String>,
    /// Whether the installation's server sends where this one cannot be reached.
    pub falls_back: bool,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A brand's own wording of one kind of mail in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTemplate {
    /// The kind: `sign-in-link`.
    pub kind: String,
    /// The language.
    pub language: LanguageTag,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ServerRow {
    server: String,
    port: i64,
    security: String,
    username: Option<String>,
    sealed_password: Option<Vec<u8>>,
    from_address: String,
    from_name: Option<String>,
    falls_back: bool,
    updated_at: i64,
}

impl TryFrom<ServerRow> for BrandSmtp {
    type Error = StoreError;

    fn try_from(row: ServerRow) -> Result<Self, StoreError> {
        Ok(Self {
            server: row.server,
            port: column::narrow("brand_smtp.port", row.port)?,
            security: column::from_word("brand_smtp.security", &row.security)?,
            username: row.username,
            sealed_password: row.sealed_password,
            from_address: column::parse("brand_smtp.from_address", &row.from_address)?,
            from_name: row.from_name,
            falls_back: row.falls_back,
            updated_at: column::time("brand_smtp.updated_at", row.updated_at)?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct TemplateRow {
    kind: String,
    language: String,
    subject: String,
    body: String,
    updated_at: i64,
}

impl TryFrom<TemplateRow> for MailTemplate {
    type Error = StoreError;

    fn try_from(row: TemplateRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: row.kind,
            language: column::parse("brand_mail_template.language", &row.language)?,
            subject: row.subject,
            body: row.body,
            updated_at: column::time("brand_mail_template.updated_at", row.updated_at)?,
        })
    }
}

impl Read {
    /// The brand's own server, if it has one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brand_smtp(&mut self, brand: BrandId) -> Result<Option<BrandSmtp>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, ServerRow, SERVER, tenant, brand.uuid())?;
        row.map(BrandSmtp::try_from).transpose()
    }

    /// The brand's own wording of a mail, if it has one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mail_template(
        &mut self,
        brand: BrandId,
        kind: &str,
        language: &LanguageTag,
    ) -> Result<Option<MailTemplate>, StoreError> {
        let (tenant, brand, language) = (self.tenant(), brand.uuid(), language.as_str());
        let row = fetch_optional!(self.conn, TemplateRow, TEMPLATE, tenant, brand, kind, language)?;
        row.map(MailTemplate::try_from).transpose()
    }

    /// All of the brand's own wording of mails, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mail_templates(
        &mut self,
        brand: BrandId,
    ) -> Result<Vec<MailTemplate>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, TemplateRow, TEMPLATES, tenant, brand.uuid())?;
        rows.into_iter().map(MailTemplate::try_from).collect()
    }
}

impl Write {
    /// Gives the brand this server in the place of any other.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_brand_smtp(
        &mut self,
        brand: BrandId,
        it: &BrandSmtp,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            SAVE_SERVER,
            tenant,
            brand.uuid(),
            &it.server,
            i64::from(it.port),
            it.security.word(),
            &it.username,
            &it.sealed_password,
            it.from_address.as_str(),
            &it.from_name,
            it.falls_back,
            column::micros(it.updated_at),
        )
        .map(drop)
    }

    /// Takes the brand's own server away; whether it had one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_brand_smtp(&mut self, brand: BrandId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, DELETE_SERVER, tenant, brand.uuid())? > 0)
    }

    /// Gives a mail this wording in the place of any other.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_mail_template(
        &mut self,
        brand: BrandId,
        it: &MailTemplate,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            SAVE_TEMPLATE,
            tenant,
            brand.uuid(),
            &it.kind,
            it.language.as_str(),
            &it.subject,
            &it.body,
            column::micros(it.updated_at),
        )
        .map(drop)
    }

    /// Gives a mail its shipped wording back; whether it had another one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_mail_template(
        &mut self,
        brand: BrandId,
        kind: &str,
        language: &LanguageTag,
    ) -> Result<bool, StoreError> {
        let (tenant, brand, language) = (self.tenant(), brand.uuid(), language.as_str());
        Ok(execute!(self.conn, DELETE_TEMPLATE, tenant, brand, kind, language)? > 0)
    }
}
