//! Accounts: what one e-mail address may sign in to on a brand's portal. One address may be that
//! of contacts of several customers.

use ipnet::IpNet;
use jiff::Timestamp;
use portico_billing::account::{ContactRole, CustomerStatus};
use portico_billing::{BrandId, ContactId, CustomerId, EmailAddress, SessionId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Read, StoreError, Write, column};

statements! {
    /// Beyond so many nobody can choose.
    OF_EMAIL = "SELECT k.id, k.customer_id, c.name AS customer_name, c.status, k.role, \
        k.password_hash, k.password_changed_at, k.password_expires_at, k.allowed_addresses, \
        k.created_at \
        FROM contact k JOIN customer c \
        ON c.organisation_id = k.organisation_id AND c.id = k.customer_id \
        WHERE k.organisation_id = $1 AND k.email_key = $3 AND c.brand_id = $2 \
        AND k.disabled_at IS NULL AND c.status IN ('active', 'pending_approval') \
        ORDER BY +k.created_at DESC, k.id DESC LIMIT 100";
    SET_PROVEN = "UPDATE portal_session SET proven = $3 WHERE organisation_id = $1 AND id = $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    customer_name: String,
    status: String,
    role: String,
    password_hash: Option<String>,
    password_changed_at: Option<i64>,
    password_expires_at: Option<i64>,
    allowed_addresses: Json<Vec<IpNet>>,
    created_at: i64,
}

/// An account that an address may sign in to, now or once the staff approves it.
#[derive(Clone)]
pub struct Account {
    /// The person.
    pub contact_id: ContactId,
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// Its state: active, or waiting for the staff.
    pub status: CustomerStatus,
    /// What the person may do there.
    pub role: ContactRole,
    /// The hash of the person's password, where one is set.
    pub password_hash: Option<String>,
    /// When the password was set.
    pub password_changed_at: Option<Timestamp>,
    /// Until when it works, where it is a temporary one: good for choosing another one, and for
    /// nothing else.
    pub password_expires_at: Option<Timestamp>,
    /// Networks from which the person may sign in; everywhere where there are none.
    pub allowed_addresses: Vec<IpNet>,
    /// When the contact was made.
    pub created_at: Timestamp,
}

impl TryFrom<Row> for Account {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            contact_id: ContactId::from(row.id),
            customer_id: CustomerId::from(row.customer_id),
            customer_name: row.customer_name,
            status: column::from_word("customer.status", &row.status)?,
            role: column::from_word("contact.role", &row.role)?,
            password_hash: row.password_hash,
            password_changed_at: column::time_opt(
                "contact.password_changed_at",
                row.password_changed_at,
            )?,
            password_expires_at: column::time_opt(
                "contact.password_expires_at",
                row.password_expires_at,
            )?,
            allowed_addresses: row.allowed_addresses.0,
            created_at: column::time("contact.created_at", row.created_at)?,
        })
    }
}

impl Account {
    /// Whether its password only serves to choose another one.
    #[must_use]
    pub const fn has_temporary_password(&self) -> bool {
        self.password_expires_at.is_some()
    }

    /// Whether it has a password that works at that moment.
    #[must_use]
    pub fn has_password(&self, now: Timestamp) -> bool {
        self.password_hash.is_some() && self.password_expires_at.is_none_or(|end| now < end)
    }
}

impl Read {
    /// The accounts of an address on the brand's portal, newest first: of contacts that are not
    /// disabled, of customers that are active or wait for the staff.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn accounts(
        &mut self,
        brand: BrandId,
        email: &EmailAddress,
    ) -> Result<Vec<Account>, StoreError> {
        let (tenant, brand, key) = (self.tenant(), brand.uuid(), email.key());
        let rows = fetch_all!(self.conn, Row, OF_EMAIL, tenant, brand, &key)?;
        rows.into_iter().map(Account::try_from).collect()
    }
}

impl Write {
    /// Notes which contacts somebody proved to be when a session began.
    ///
    /// # Errors
    /// Where there is no such session, or the database fails.
    pub async fn set_proven_contacts(
        &mut self,
        session: SessionId,
        contacts: &[ContactId],
    ) -> Result<(), StoreError> {
        let (tenant, session) = (self.tenant(), session.uuid());
        let met = execute!(self.conn, SET_PROVEN, tenant, session, Json(contacts))?;
        StoreError::expect_one("proven contacts of a session", met)
    }
}
