//! Contacts: the people who sign in for customers, and their credentials.

use ipnet::IpNet;
use jiff::Timestamp;
use portico_billing::account::Contact;
use portico_billing::{BrandId, ContactId, CustomerId, EmailAddress, ExternalId, Metadata};
use sqlx::types::Json;
use uuid::Uuid;

use crate::hold::Held;
use crate::{Position, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT k.id, k.customer_id, k.external_id, k.name, k.email, k.phone, k.role, k.language, \
         k.time_zone, k.email_verified_at, k.kind, k.phone_verified_at, k.allowed_addresses, \
         k.public_note, k.private_note, k.disabled_at, k.metadata, k.created_at, k.updated_at "
    };
}

statements! {
    INSERT = "INSERT INTO contact (organisation_id, id, customer_id, external_id, name, email, \
        email_key, phone, role, language, time_zone, email_verified_at, kind, phone_verified_at, \
        allowed_addresses, public_note, private_note, disabled_at, metadata, created_at, \
        updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
        $17, $18, $19, $20, $21)";
    UPDATE = "UPDATE contact SET customer_id = $3, external_id = $4, name = $5, email = $6, \
        email_key = $7, phone = $8, role = $9, language = $10, time_zone = $11, \
        email_verified_at = $12, kind = $13, phone_verified_at = $14, allowed_addresses = $15, \
        public_note = $16, private_note = $17, disabled_at = $18, metadata = $19, \
        created_at = $20, updated_at = $21 WHERE organisation_id = $1 AND id = $2";
    FIND = concat!(columns!(), "FROM contact k WHERE k.organisation_id = $1 AND k.id = $2");
    FIND_BY_EXTERNAL_ID =
        concat!(columns!(), "FROM contact k WHERE k.organisation_id = $1 AND k.external_id = $2");
    FIND_BY_EMAIL = concat!(columns!(), "FROM contact k WHERE k.organisation_id = $1 \
        AND k.customer_id = $2 AND k.email_key = $3");
    LIST = concat!(columns!(), "FROM contact k WHERE k.organisation_id = $1 \
        AND (k.created_at, k.id) < ($2, $3) \
        AND (CAST($4 AS TEXT) IS NULL OR k.email_key = CAST($4 AS TEXT)) \
        ORDER BY k.created_at DESC, k.id DESC LIMIT $5");
    LIST_OF_CUSTOMER = concat!(columns!(), "FROM contact k WHERE k.organisation_id = $1 \
        AND (k.created_at, k.id) < ($2, $3) \
        AND (CAST($4 AS TEXT) IS NULL OR k.email_key = CAST($4 AS TEXT)) \
        AND k.customer_id = $6 ORDER BY k.created_at DESC, k.id DESC LIMIT $5");
    NEWEST_WHO_MAY_SIGN_IN = concat!(columns!(), "FROM contact k JOIN customer c \
        ON c.organisation_id = k.organisation_id AND c.id = k.customer_id \
        WHERE k.organisation_id = $1 AND k.email_key = $3 AND k.disabled_at IS NULL \
        AND c.brand_id = $2 AND c.status = 'active' \
        ORDER BY +k.created_at DESC, k.id DESC LIMIT 1");
    PASSWORD_HASH = "SELECT password_hash FROM contact WHERE organisation_id = $1 AND id = $2 \
        AND password_expires_at IS NULL";
    SET_PASSWORD_HASH = "UPDATE contact SET password_hash = $3, password_changed_at = $4, \
        password_expires_at = $5 WHERE organisation_id = $1 AND id = $2";
    DROP_TEMPORARY_PASSWORD = "UPDATE contact SET password_hash = NULL, \
        password_expires_at = NULL \
        WHERE organisation_id = $1 AND id = $2 AND password_expires_at IS NOT NULL";
    DROP_TEMPORARY_PASSWORDS_OF_CUSTOMER = "UPDATE contact SET password_hash = NULL, \
        password_expires_at = NULL \
        WHERE organisation_id = $1 AND customer_id = $2 AND password_expires_at IS NOT NULL";
    SET_PENDING_EMAIL =
        "UPDATE contact SET pending_email = $3 WHERE organisation_id = $1 AND id = $2";
    CONFIRM_EMAIL = "UPDATE contact SET email = $3, email_key = $4, pending_email = NULL, \
        email_verified_at = $5, updated_at = $5 \
        WHERE organisation_id = $1 AND id = $2 AND pending_email = $3";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    external_id: Option<String>,
    name: String,
    email: String,
    phone: Option<String>,
    role: String,
    language: Option<String>,
    time_zone: Option<String>,
    email_verified_at: Option<i64>,
    kind: Option<String>,
    phone_verified_at: Option<i64>,
    allowed_addresses: Json<Vec<IpNet>>,
    public_note: Option<String>,
    private_note: Option<String>,
    disabled_at: Option<i64>,
    metadata: Json<Metadata>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for Contact {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: ContactId::from(row.id),
            customer_id: CustomerId::from(row.customer_id),
            external_id: column::parse_opt("contact.external_id", row.external_id)?,
            name: row.name,
            email: column::parse("contact.email", &row.email)?,
            phone: row.phone,
            role: column::from_word("contact.role", &row.role)?,
            language: column::parse_opt("contact.language", row.language)?,
            time_zone: row.time_zone,
            email_verified_at: column::time_opt(
                "contact.email_verified_at",
                row.email_verified_at,
            )?,
            kind: row.kind.map(|word| column::from_word("contact.kind", &word)).transpose()?,
            phone_verified_at: column::time_opt(
                "contact.phone_verified_at",
                row.phone_verified_at,
            )?,
            allowed_addresses: row.allowed_addresses.0,
            public_note: row.public_note,
            private_note: row.private_note,
            disabled_at: column::time_opt("contact.disabled_at", row.disabled_at)?,
            metadata: row.metadata.0,
            created_at: column::time("contact.created_at", row.created_at)?,
            updated_at: column::time("contact.updated_at", row.updated_at)?,
        })
    }
}

/// What a list of contacts can be narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactFilter {
    /// The customer it signs in for.
    pub customer_id: Option<CustomerId>,
    /// The e-mail address.
    pub email: Option<EmailAddress>,
}

impl Read {
    /// The contact with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contact(&mut self, id: ContactId) -> Result<Option<Contact>, StoreError> {
        let tenant = self.tenant();
        fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?.map(Contact::try_from).transpose()
    }

    /// The contact that the organisation calls so.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contact_by_external_id(
        &mut self,
        id: &ExternalId,
    ) -> Result<Option<Contact>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_EXTERNAL_ID, tenant, id.as_str())?;
        row.map(Contact::try_from).transpose()
    }

    /// The contact of a customer with this e-mail address.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contact_by_email(
        &mut self,
        customer: CustomerId,
        email: &EmailAddress,
    ) -> Result<Option<Contact>, StoreError> {
        let (tenant, customer, key) = (self.tenant(), customer.uuid(), email.key());
        let row = fetch_optional!(self.conn, Row, FIND_BY_EMAIL, tenant, customer, &key)?;
        row.map(Contact::try_from).transpose()
    }

    /// Contacts older than `after`, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contacts(
        &mut self,
        filter: &ContactFilter,
        after: Position,
        limit: u16,
    ) -> Result<Vec<Contact>, StoreError> {
        let (tenant, micros, id) = (self.tenant(), after.micros(), after.id());
        let email = filter.email.as_ref().map(EmailAddress::key);
        let limit = i64::from(limit);
        let rows = match filter.customer_id.map(CustomerId::uuid) {
            None => fetch_all!(self.conn, Row, LIST, tenant, micros, id, &email, limit)?,
            Some(customer) => fetch_all!(
                self.conn,
                Row,
                LIST_OF_CUSTOMER,
                tenant,
                micros,
                id,
                &email,
                limit,
                customer
            )?,
        };
        rows.into_iter().map(Contact::try_from).collect()
    }

    /// The newest contact with this e-mail address that may sign in on the brand's portal: not
    /// disabled, of an active customer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn who_may_sign_in(
        &mut self,
        brand: BrandId,
        email: &EmailAddress,
    ) -> Result<Option<Contact>, StoreError> {
        let (tenant, brand, key) = (self.tenant(), brand.uuid(), email.key());
        let row = fetch_optional!(self.conn, Row, NEWEST_WHO_MAY_SIGN_IN, tenant, brand, &key)?;
        row.map(Contact::try_from).transpose()
    }

    /// The hash of a contact's password, where it has one of its own: not a temporary one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn password_hash(&mut self, id: ContactId) -> Result<Option<String>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Option<String>,), PASSWORD_HASH, tenant, id.uuid())?;
        Ok(row.and_then(|(hash,)| hash))
    }
}

macro_rules! save {
    ($conn:expr, $sql:expr, $tenant:expr, $it:expr) => {
        execute!(
            $conn,
            $sql,
            $tenant,
            $it.id.uuid(),
            $it.customer_id.uuid(),
            $it.external_id.as_ref().map(ExternalId::as_str),
            &$it.name,
            $it.email.as_str(),
            $it.email.key(),
            &$it.phone,
            column::word(&$it.role),
            $it.language.as_ref().map(|tag| tag.as_str()),
            &$it.time_zone,
            $it.email_verified_at.map(column::micros),
            $it.kind.as_ref().map(column::word),
            $it.phone_verified_at.map(column::micros),
            Json(&$it.allowed_addresses),
            &$it.public_note,
            &$it.private_note,
            $it.disabled_at.map(column::micros),
            Json(&$it.metadata),
            column::micros($it.created_at),
            column::micros($it.updated_at),
        )
    };
}

impl Write {
    /// Adds a contact, without a password.
    ///
    /// # Errors
    /// `Duplicate` where its external id or, within the customer, its e-mail address is in use, or
    /// where the database fails.
    pub async fn insert_contact(&mut self, it: &Contact) -> Result<(), StoreError> {
        let tenant = self.tenant();
        save!(self.conn, INSERT, tenant, it).map(drop)
    }

    /// The contact; no other unit of work changes it until this one ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contact_for_update(
        &mut self,
        id: ContactId,
    ) -> Result<Option<Contact>, StoreError> {
        self.hold(Held::Contact, id.uuid()).await?;
        self.contact(id).await
    }

    /// Writes all fields of a contact that is there already, as they are wanted on top of what
    /// [`Write::contact_for_update`] gave; its credentials stay.
    ///
    /// # Errors
    /// As [`Write::insert_contact`].
    pub async fn update_contact(&mut self, it: &Contact) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = save!(self.conn, UPDATE, tenant, it)?;
        StoreError::expect_one("update of a contact", met)
    }

    /// Sets the hash of a contact's own password.
    ///
    /// # Errors
    /// Where there is no such contact, or the database fails.
    pub async fn set_password_hash(
        &mut self,
        id: ContactId,
        hash: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.set_password(id, hash, (now, None)).await
    }

    /// Sets the hash of a password that a contact chooses another one with, until it ends.
    ///
    /// # Errors
    /// As [`Write::set_password_hash`].
    pub async fn set_temporary_password_hash(
        &mut self,
        id: ContactId,
        hash: &str,
        (now, expires_at): (Timestamp, Timestamp),
    ) -> Result<(), StoreError> {
        self.set_password(id, hash, (now, Some(expires_at))).await
    }

    async fn set_password(
        &mut self,
        id: ContactId,
        hash: &str,
        (now, expires_at): (Timestamp, Option<Timestamp>),
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        let end = expires_at.map(column::micros);
        let met = execute!(self.conn, SET_PASSWORD_HASH, tenant, id.uuid(), hash, now, end)?;
        StoreError::expect_one("new password of a contact", met)
    }

    /// Takes a contact's password away where it is a temporary one. When it was set stays written:
    /// nobody who signed in before is taken for the account's owner again.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn drop_temporary_password(&mut self, id: ContactId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DROP_TEMPORARY_PASSWORD, tenant, id.uuid()).map(drop)
    }

    /// The same for all contacts of a customer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn drop_temporary_passwords_of_customer(
        &mut self,
        customer: CustomerId,
    ) -> Result<(), StoreError> {
        let (tenant, customer) = (self.tenant(), customer.uuid());
        execute!(self.conn, DROP_TEMPORARY_PASSWORDS_OF_CUSTOMER, tenant, customer).map(drop)
    }

    /// Sets the address that a contact shall have once it is confirmed.
    ///
    /// # Errors
    /// Where there is no such contact, or the database fails.
    pub async fn set_pending_email(
        &mut self,
        id: ContactId,
        email: &EmailAddress,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(self.conn, SET_PENDING_EMAIL, tenant, id.uuid(), email.as_str())?;
        StoreError::expect_one("pending address of a contact", met)
    }

    /// Gives a contact the address that it waited for. The answer is whether it still did.
    ///
    /// # Errors
    /// `Duplicate` where another contact of the customer has the address, or where the database
    /// fails.
    pub async fn confirm_email(
        &mut self,
        id: ContactId,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        let (text, key) = (email.as_str(), email.key());
        let met = execute!(self.conn, CONFIRM_EMAIL, tenant, id.uuid(), text, key, now)?;
        Ok(met == 1)
    }
}
