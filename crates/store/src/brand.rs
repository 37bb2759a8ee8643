//! Brands: the portals of an organisation, and the hosts they answer on.

use portico_billing::brand::{
    Brand, Custom, Origin, Paying, ProfileField, ReportColumns, SignUp, Theme,
};
use portico_billing::section::{PortalAccess, Section};
use portico_billing::{BrandId, CustomerId, OrganisationId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT b.organisation_id, b.id, b.name, b.theme, b.default_language, b.return_origins, \
         b.home_url, b.editable_fields, b.support_url, b.support_email, b.footer, b.custom, \
         b.published_version, b.embed_origins, b.sign_up, b.hidden_sections, b.report_columns, \
         b.paying, b.texts_version, b.created_at "
    };
}

/// The brand answers on hosts that are proven, and on those that need no proof.
macro_rules! answers {
    () => {
        "(h.claim IS NULL OR h.proven_at IS NOT NULL)"
    };
}

statements! {
    BY_HOST = concat!(columns!(), "FROM brand b JOIN brand_host h \
        ON h.organisation_id = b.organisation_id AND h.brand_id = b.id WHERE h.host = $1 AND ",
        answers!());
    BY_ID = concat!(columns!(), "FROM brand b WHERE b.id = $1");
    FIND = concat!(columns!(), "FROM brand b WHERE b.organisation_id = $1 AND b.id = $2");
    DEFAULT = concat!(columns!(), "FROM brand b WHERE b.organisation_id = $1 \
        ORDER BY b.is_default DESC, b.id LIMIT 1");
    LIST = concat!(columns!(), "FROM brand b WHERE b.organisation_id = $1 \
        ORDER BY b.is_default DESC, b.id LIMIT 1000");
    HOSTS = concat!("SELECT brand_id, host FROM brand_host h WHERE organisation_id = $1 AND ",
        answers!(), " ORDER BY brand_id, position");
    HOSTS_OF_BRAND = concat!("SELECT brand_id, host FROM brand_host h \
        WHERE organisation_id = $1 AND brand_id = $2 AND ", answers!(), " ORDER BY position");
    INSERT = "INSERT INTO brand (organisation_id, id, name, is_default, theme, default_language, \
        return_origins, home_url, editable_fields, support_url, support_email, footer, custom, \
        published_version, embed_origins, sign_up, hidden_sections, report_columns, created_at, \
        paying) VALUES ($1, $2, $3, NOT EXISTS (SELECT 1 FROM brand WHERE organisation_id = $1), \
        $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    UPDATE = "UPDATE brand SET name = $3, theme = $4, default_language = $5, \
        return_origins = $6, home_url = $7, editable_fields = $8, support_url = $9, \
        support_email = $10, footer = $11, custom = $12, published_version = $13, \
        embed_origins = $14, sign_up = $15, hidden_sections = $16, report_columns = $17, \
        created_at = $18, paying = $19 \
        WHERE organisation_id = $1 AND id = $2";
    PAYING = "SELECT b.paying FROM customer AS c JOIN brand AS b \
        ON b.organisation_id = c.organisation_id AND b.id = c.brand_id \
        WHERE c.organisation_id = $1 AND c.id = $2";
    /// Changes nothing, but no other unit of work gets at the row.
    HOLD = "UPDATE brand SET name = name WHERE organisation_id = $1 AND id = $2";
    MAKE_DEFAULT = "UPDATE brand SET is_default = (id = $2) \
        WHERE organisation_id = $1 AND (is_default OR id = $2)";
    /// Counted up to a limit: a list of brands must not read all customers.
    COUNT = "SELECT \
        (SELECT COUNT(*) FROM (SELECT 1 AS found FROM customer \
            WHERE organisation_id = $1 AND brand_id = $2 LIMIT $3) AS counted), \
        (SELECT COUNT(*) FROM (SELECT 1 AS found FROM customer \
            WHERE organisation_id = $1 AND brand_id = $2 AND access <> '{}' LIMIT $3) AS counted)";
    WITH_EXCEPTIONS = "SELECT id, name, access FROM customer \
        WHERE organisation_id = $1 AND brand_id = $2 AND access <> '{}' ORDER BY name, id LIMIT $3";
    DELETE_CHALLENGES = "DELETE FROM acme_challenge WHERE organisation_id = $1 AND host IN \
        (SELECT host FROM brand_host WHERE organisation_id = $1 AND brand_id = $2)";
    DELETE_CERTIFICATES = "DELETE FROM certificate WHERE organisation_id = $1 AND host IN \
        (SELECT host FROM brand_host WHERE organisation_id = $1 AND brand_id = $2)";
    DELETE_HOSTS = "DELETE FROM brand_host WHERE organisation_id = $1 AND brand_id = $2";
    DELETE_LOOKS = "DELETE FROM brand_looks WHERE organisation_id = $1 AND brand_id = $2";
    DELETE_SMTP = "DELETE FROM brand_smtp WHERE organisation_id = $1 AND brand_id = $2";
    DELETE_MAILS = "DELETE FROM brand_mail_template WHERE organisation_id = $1 AND brand_id = $2";
    DELETE_TEXTS = "DELETE FROM brand_text WHERE organisation_id = $1 AND brand_id = $2";
    DELETE_SIGN_UPS = "DELETE FROM sign_up WHERE organisation_id = $1 AND brand_id = $2";
    DELETE = "DELETE FROM brand WHERE organisation_id = $1 AND id = $2 AND NOT is_default";
    INSERT_HOST = "INSERT INTO brand_host (organisation_id, host, brand_id, position) \
        VALUES ($1, $2, $3, $4)";
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    name: String,
    theme: Json<Theme>,
    default_language: String,
    return_origins: Json<Vec<Origin>>,
    home_url: Option<String>,
    editable_fields: Json<Vec<ProfileField>>,
    support_url: Option<String>,
    support_email: Option<String>,
    footer: Option<String>,
    custom: Json<Custom>,
    published_version: i64,
    embed_origins: Json<Vec<Origin>>,
    sign_up: Json<SignUp>,
    hidden_sections: Json<Vec<Section>>,
    report_columns: Json<ReportColumns>,
    paying: Json<Paying>,
    texts_version: i64,
    created_at: i64,
}

/// How many customers a brand has. Neither number is larger than what was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BrandCounts {
    /// Customers.
    pub customers: u32,
    /// Those of them that see other sections than the brand says.
    pub exceptions: u32,
}

/// A customer that sees something else than its brand says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionalCustomer {
    /// Identifier.
    pub id: CustomerId,
    /// Name in use.
    pub name: String,
    /// What it sees and does not see.
    pub access: PortalAccess,
}

#[derive(sqlx::FromRow)]
struct HostRow {
    brand_id: Uuid,
    host: String,
}

impl Row {
    /// The brand with those of `hosts` that are its own.
    fn with_hosts(self, hosts: &[HostRow]) -> Result<Brand, StoreError> {
        let own = hosts.iter().filter(|row| row.brand_id == self.id);
        Ok(Brand {
            id: BrandId::from(self.id),
            organisation_id: OrganisationId::from(self.organisation_id),
            name: self.name,
            hosts: own.map(|row| row.host.clone()).collect(),
            theme: self.theme.0,
            default_language: column::parse("brand.default_language", &self.default_language)?,
            return_origins: self.return_origins.0,
            home_url: self.home_url,
            editable_fields: self.editable_fields.0,
            support_url: self.support_url,
            support_email: self.support_email,
            footer: self.footer,
            custom: self.custom.0,
            looks_version: column::number("brand.published_version", self.published_version)?,
            embed_origins: self.embed_origins.0,
            sign_up: self.sign_up.0,
            hidden_sections: self.hidden_sections.0,
            report_columns: self.report_columns.0,
            paying: self.paying.0,
            texts_version: column::number("brand.texts_version", self.texts_version)?,
            created_at: column::time("brand.created_at", self.created_at)?,
        })
    }
}

/// The row's brand with its hosts, on any connection.
macro_rules! with_hosts {
    ($conn:expr, $row:expr) => {
        match $row {
            None => Ok(None),
            Some(row) => {
                let (tenant, id) = (row.organisation_id, row.id);
                let hosts = fetch_all!($conn, HostRow, HOSTS_OF_BRAND, tenant, id)?;
                row.with_hosts(&hosts).map(Some)
            }
        }
    };
}

impl Directory {
    /// The brand that answers on this host (lower case, without port).
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brand_by_host(&mut self, host: &str) -> Result<Option<Brand>, StoreError> {
        let row = fetch_optional!(self.conn, Row, BY_HOST, host)?;
        with_hosts!(self.conn, row)
    }

    /// The brand with this identifier, of whichever organisation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brand(&mut self, id: BrandId) -> Result<Option<Brand>, StoreError> {
        let row = fetch_optional!(self.conn, Row, BY_ID, id.uuid())?;
        with_hosts!(self.conn, row)
    }
}

impl Read {
    /// The brand with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brand(&mut self, id: BrandId) -> Result<Option<Brand>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        with_hosts!(self.conn, row)
    }

    /// What a customer's brand does around payments; nothing where there is no such customer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn paying_of_customer(
        &mut self,
        id: CustomerId,
    ) -> Result<Option<Paying>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Json<Paying>,), PAYING, tenant, id.uuid())?;
        Ok(row.map(|(paying,)| paying.0))
    }

    /// The brand of customers that name none: the organisation's first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn default_brand(&mut self) -> Result<Option<Brand>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, DEFAULT, tenant)?;
        with_hosts!(self.conn, row)
    }

    /// The organisation's brands, the default one first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brands(&mut self) -> Result<Vec<Brand>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, LIST, tenant)?;
        let hosts = fetch_all!(self.conn, HostRow, HOSTS, tenant)?;
        rows.into_iter().map(|row| row.with_hosts(&hosts)).collect()
    }
}

impl Read {
    /// How many customers the brand has, counted up to `most`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brand_counts(
        &mut self,
        id: BrandId,
        most: u32,
    ) -> Result<BrandCounts, StoreError> {
        let (tenant, most) = (self.tenant(), i64::from(most));
        let found = fetch_optional!(self.conn, (i64, i64), COUNT, tenant, id.uuid(), most)?;
        let (customers, exceptions) = found.unwrap_or_default();
        Ok(BrandCounts {
            customers: column::number("count of customers", customers)?,
            exceptions: column::number("count of customers", exceptions)?,
        })
    }
}

impl Read {
    /// Customers of the brand with exceptions, by name, at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customers_with_exceptions(
        &mut self,
        brand: BrandId,
        limit: u16,
    ) -> Result<Vec<ExceptionalCustomer>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        type Row = (Uuid, String, Json<PortalAccess>);
        let rows = fetch_all!(self.conn, Row, WITH_EXCEPTIONS, tenant, brand.uuid(), limit)?;
        let customer = |(id, name, access): Row| {
            let id = CustomerId::from(id);
            ExceptionalCustomer { id, name, access: access.0 }
        };
        Ok(rows.into_iter().map(customer).collect())
    }
}

macro_rules! save {
    ($conn:expr, $sql:expr, $tenant:expr, $it:expr) => {
        execute!(
            $conn,
            $sql,
            $tenant,
            $it.id.uuid(),
            &$it.name,
            Json(&$it.theme),
            $it.default_language.as_str(),
            Json(&$it.return_origins),
            &$it.home_url,
            Json(&$it.editable_fields),
            &$it.support_url,
            &$it.support_email,
            &$it.footer,
            Json(&$it.custom),
            i64::from($it.looks_version),
            Json(&$it.embed_origins),
            Json(&$it.sign_up),
            Json(&$it.hidden_sections),
            Json(&$it.report_columns),
            column::micros($it.created_at),
            Json(&$it.paying),
        )
    };
}

impl Write {
    /// Adds a brand with its hosts. The organisation's first one becomes its default.
    ///
    /// # Errors
    /// `Duplicate` where one of its hosts is in use, or where the database fails.
    pub async fn insert_brand(&mut self, it: &Brand) -> Result<(), StoreError> {
        let tenant = self.tenant();
        save!(self.conn, INSERT, tenant, it)?;
        self.insert_hosts(it).await
    }

    /// Writes all fields of a brand that is there already, but its hosts.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn update_brand(&mut self, it: &Brand) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = save!(self.conn, UPDATE, tenant, it)?;
        StoreError::expect_one("update of a brand", met)
    }

    /// The brand; no other unit of work changes it until this one ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brand_for_update(&mut self, id: BrandId) -> Result<Option<Brand>, StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, HOLD, tenant, id.uuid())?;
        self.brand(id).await
    }

    /// Makes the brand that of customers who name none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn make_brand_default(&mut self, id: BrandId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, MAKE_DEFAULT, tenant, id.uuid()).map(drop)
    }

    /// Removes a brand that has no customers, with its hosts, certificates, looks, mails and texts.
    /// The answer is whether it was there: the default one stays.
    ///
    /// # Errors
    /// Where it has customers, or the database fails.
    pub async fn delete_brand(&mut self, id: BrandId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        for sql in [
            DELETE_CHALLENGES,
            DELETE_CERTIFICATES,
            DELETE_HOSTS,
            DELETE_LOOKS,
            DELETE_SMTP,
            DELETE_MAILS,
            DELETE_TEXTS,
            DELETE_SIGN_UPS,
        ] {
            execute!(self.conn, sql, tenant, id.uuid())?;
        }
        Ok(execute!(self.conn, DELETE, tenant, id.uuid())? == 1)
    }

    async fn insert_hosts(&mut self, it: &Brand) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for (position, host) in (0_i64..).zip(&it.hosts) {
            execute!(self.conn, INSERT_HOST, tenant, host, it.id.uuid(), position)?;
        }
        Ok(())
    }
}
