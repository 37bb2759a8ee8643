//! A session link, found by its hash, with whom it is for.

use std::time::Duration;

use ipnet::IpNet;
use jiff::Timestamp;
use portico_billing::account::CustomerStatus;
use portico_billing::section::{PortalAccess, Section, Sections};
use portico_billing::{BrandId, ContactId, CustomerId, LanguageTag, OrganisationId, SessionId};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, StoreError, column};

statements! {
    BY_HASH = "SELECT s.organisation_id, s.id, s.brand_id, s.customer_id, s.contact_id, \
        s.link_expires_at, s.return_url, s.forward, s.language, s.idle_seconds, s.started_at, \
        s.ended_at, c.name AS customer_name, c.status AS customer_status, \
        c.access, b.hidden_sections, \
        k.name AS contact_name, k.email, k.disabled_at, k.allowed_addresses, s.operator_id, \
        op.disabled_at AS operator_disabled_at, op.id AS operator_found, \
        COALESCE(k.language, c.language) AS visitor_language FROM portal_session s \
        JOIN brand b ON b.organisation_id = s.organisation_id AND b.id = s.brand_id \
        JOIN customer c ON c.organisation_id = s.organisation_id AND c.id = s.customer_id \
        LEFT JOIN contact k ON k.organisation_id = s.organisation_id AND k.id = s.contact_id \
        LEFT JOIN operator op ON op.organisation_id = s.organisation_id AND op.id = s.operator_id \
        WHERE s.link_hash = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    brand_id: Uuid,
    customer_id: Uuid,
    contact_id: Option<Uuid>,
    link_expires_at: i64,
    return_url: Option<String>,
    forward: Json<Value>,
    language: Option<String>,
    idle_seconds: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    customer_name: String,
    customer_status: String,
    access: Json<PortalAccess>,
    hidden_sections: Json<Vec<Section>>,
    contact_name: Option<String>,
    email: Option<String>,
    disabled_at: Option<i64>,
    allowed_addresses: Option<Json<Vec<IpNet>>>,
    operator_id: Option<Uuid>,
    operator_disabled_at: Option<i64>,
    operator_found: Option<Uuid>,
    visitor_language: Option<String>,
}

/// A session link with whom it is for.
#[derive(Debug, Clone)]
pub struct SessionLink {
    /// The session that it opens.
    pub id: SessionId,
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// The brand on whose portal it works.
    pub brand_id: BrandId,
    /// Whose data it shows.
    pub customer_id: CustomerId,
    /// The person, where there is one.
    pub contact_id: Option<ContactId>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether it was followed, or revoked.
    pub is_used: bool,
    /// Whether customer and contact may use the portal.
    pub may_enter: bool,
    /// Where the visitor came from.
    pub return_url: Option<String>,
    /// The page to open.
    pub forward: Value,
    /// What the brand shows to this customer.
    pub sections: Sections,
    /// The language that was asked for.
    pub language: Option<LanguageTag>,
    /// The person's language, else the customer's.
    pub visitor_language: Option<LanguageTag>,
    /// Inactivity that ends the visit.
    pub idle: Duration,
    /// The customer's name.
    pub customer_name: String,
    /// The person's name, where there is one.
    pub contact_name: Option<String>,
    /// The person's address, where there is one.
    pub email: Option<String>,
    /// The networks that the person may come from; from anywhere where there are none.
    pub allowed_addresses: Vec<IpNet>,
    /// Whether one of the organisation's people looks in.
    pub is_operators: bool,
}

impl TryFrom<Row> for SessionLink {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let status: CustomerStatus = column::from_word("customer.status", &row.customer_status)?;
        Ok(Self {
            id: SessionId::from(row.id),
            organisation_id: OrganisationId::from(row.organisation_id),
            brand_id: BrandId::from(row.brand_id),
            customer_id: CustomerId::from(row.customer_id),
            contact_id: row.contact_id.map(ContactId::from),
            expires_at: column::time("portal_session.link_expires_at", row.link_expires_at)?,
            is_used: row.started_at.is_some() || row.ended_at.is_some(),
            may_enter: status == CustomerStatus::Active
                && row.disabled_at.is_none()
                && row.operator_disabled_at.is_none()
                && row.operator_id == row.operator_found,
            return_url: row.return_url,
            forward: row.forward.0,
            sections: Sections::resolve(&row.hidden_sections.0, &row.access.0),
            language: column::parse_opt("portal_session.language", row.language)?,
            visitor_language: column::parse_opt("contact.language", row.visitor_language)?,
            idle: super::idle(row.idle_seconds)?,
            customer_name: row.customer_name,
            contact_name: row.contact_name,
            email: row.email,
            allowed_addresses: row.allowed_addresses.map(|it| it.0).unwrap_or_default(),
            is_operators: row.operator_id.is_some(),
        })
    }
}

impl Directory {
    /// The link with this hash, whatever its state.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn session_link(&mut self, hash: &[u8]) -> Result<Option<SessionLink>, StoreError> {
        fetch_optional!(self.conn, Row, BY_HASH, hash)?.map(SessionLink::try_from).transpose()
    }
}
