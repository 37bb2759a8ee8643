//! One-time links that are mailed to contacts; of the token a hash alone.

use jiff::Timestamp;
use portico_billing::{
    BrandId, ContactId, ContactLinkId, CustomerId, EmailAddress, LanguageTag, OrganisationId,
};
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

statements! {
    INSERT = "INSERT INTO contact_link (organisation_id, id, brand_id, contact_id, purpose, \
        token_hash, new_email, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Everything but the contact's and customer's own state is decided by the reader.
    BY_TOKEN = "SELECT l.organisation_id, l.id, l.brand_id, l.contact_id, l.purpose, l.new_email, \
        l.expires_at, l.used_at, k.customer_id, k.name AS contact_name, k.email, k.language, \
        c.name AS customer_name FROM contact_link l \
        JOIN contact k ON k.organisation_id = l.organisation_id AND k.id = l.contact_id \
        JOIN customer c ON c.organisation_id = k.organisation_id AND c.id = k.customer_id \
        WHERE l.token_hash = $1 AND k.disabled_at IS NULL AND c.status = 'active'";
    CONSUME = "UPDATE contact_link SET used_at = $3 WHERE organisation_id = $1 AND id = $2 \
        AND used_at IS NULL AND expires_at > $3";
    CONSUME_ALL = "UPDATE contact_link SET used_at = $3 \
        WHERE organisation_id = $1 AND contact_id = $2 AND used_at IS NULL";
    CONSUME_ALL_OF_CUSTOMER = "UPDATE contact_link SET used_at = $3 WHERE organisation_id = $1 \
        AND contact_id IN (SELECT id FROM contact \
        WHERE organisation_id = $1 AND customer_id = $2) AND used_at IS NULL";
    COUNT_SINCE = "SELECT COUNT(*) FROM contact_link WHERE organisation_id = $1 \
        AND contact_id = $2 AND purpose = $3 AND created_at > $4";
    DELETE_OLD = "DELETE FROM contact_link WHERE organisation_id = $1 AND expires_at < $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    brand_id: Uuid,
    contact_id: Uuid,
    purpose: String,
    new_email: Option<String>,
    expires_at: i64,
    used_at: Option<i64>,
    customer_id: Uuid,
    contact_name: String,
    email: String,
    language: Option<String>,
    customer_name: String,
}

/// A link that is about to be mailed.
pub struct NewContactLink {
    /// Identifier.
    pub id: ContactLinkId,
    /// The brand on whose portal it works.
    pub brand_id: BrandId,
    /// The person.
    pub contact_id: ContactId,
    /// What it is for, as a word.
    pub purpose: &'static str,
    /// Hash of its token.
    pub token_hash: Vec<u8>,
    /// The address that it proves, where it is for that.
    pub new_email: Option<EmailAddress>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A mailed link that was found by its token, with whom it is for.
#[derive(Debug, Clone)]
pub struct ContactLink {
    /// Identifier.
    pub id: ContactLinkId,
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// The brand on whose portal it works.
    pub brand_id: BrandId,
    /// The person.
    pub contact_id: ContactId,
    /// What it is for, as a word.
    pub purpose: String,
    /// The address that it proves, where it is for that.
    pub new_email: Option<EmailAddress>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// The customer that the person signs in for.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// The person's name.
    pub contact_name: String,
    /// The person's address.
    pub email: EmailAddress,
    /// The person's chosen language.
    pub language: Option<LanguageTag>,
}

impl TryFrom<Row> for ContactLink {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: ContactLinkId::from(row.id),
            organisation_id: OrganisationId::from(row.organisation_id),
            brand_id: BrandId::from(row.brand_id),
            contact_id: ContactId::from(row.contact_id),
            purpose: row.purpose,
            new_email: column::parse_opt("contact_link.new_email", row.new_email)?,
            expires_at: column::time("contact_link.expires_at", row.expires_at)?,
            used_at: column::time_opt("contact_link.used_at", row.used_at)?,
            customer_id: CustomerId::from(row.customer_id),
            customer_name: row.customer_name,
            contact_name: row.contact_name,
            email: column::parse("contact.email", &row.email)?,
            language: column::parse_opt("contact.language", row.language)?,
        })
    }
}

impl Directory {
    /// The link with this hash, whatever its state, for a contact that may sign in.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contact_link(
        &mut self,
        token_hash: &[u8],
    ) -> Result<Option<ContactLink>, StoreError> {
        fetch_optional!(self.conn, Row, BY_TOKEN, token_hash)?
            .map(ContactLink::try_from)
            .transpose()
    }
}

impl Read {
    /// How many links for that purpose were made for a contact since then.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_contact_links(
        &mut self,
        contact: ContactId,
        purpose: &str,
        since: Timestamp,
    ) -> Result<i64, StoreError> {
        let (tenant, since) = (self.tenant(), column::micros(since));
        let count = fetch_optional!(
            self.conn,
            (i64,),
            COUNT_SINCE,
            tenant,
            contact.uuid(),
            purpose,
            since
        )?;
        Ok(count.map_or(0, |(count,)| count))
    }
}

impl Write {
    /// Adds a link.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_contact_link(&mut self, it: &NewContactLink) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.brand_id.uuid(),
            it.contact_id.uuid(),
            it.purpose,
            &it.token_hash,
            it.new_email.as_ref().map(EmailAddress::as_str),
            column::micros(it.created_at),
            column::micros(it.expires_at),
        )
        .map(drop)
    }

    /// Uses a link up. Of all who try at once exactly one is told that it worked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn consume_contact_link(
        &mut self,
        id: ContactLinkId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        Ok(execute!(self.conn, CONSUME, tenant, id.uuid(), now)? == 1)
    }

    /// Uses up all links of a contact.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn consume_contact_links(
        &mut self,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        execute!(self.conn, CONSUME_ALL, tenant, contact.uuid(), now).map(drop)
    }

    /// Uses up all links of all contacts of a customer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn consume_links_of_customer(
        &mut self,
        customer: CustomerId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        execute!(self.conn, CONSUME_ALL_OF_CUSTOMER, tenant, customer.uuid(), now).map(drop)
    }

    /// Deletes links that ended before `end`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_contact_links(&mut self, end: Timestamp) -> Result<u64, StoreError> {
        let (tenant, end) = (self.tenant(), column::micros(end));
        execute!(self.conn, DELETE_OLD, tenant, end)
    }
}
