//! All that a request of a signed-in visitor needs to know, by one query on the cookie's secret.

use ipnet::IpNet;
use jiff::Timestamp;
use portico_billing::account::{ContactRole, CustomerStatus};
use portico_billing::brand::ProfileField;
use portico_billing::section::{PortalAccess, Section, Sections};
use portico_billing::session::{SessionOrigin, SessionTimes};
use portico_billing::{
    BrandId, ContactId, Currency, CustomerId, LanguageTag, OperatorId, OrganisationId, SessionId,
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, StoreError, column};

statements! {
    BY_SECRET = "SELECT s.organisation_id, s.id, s.brand_id, s.customer_id, s.contact_id, \
        s.origin, s.return_url, s.language, s.idle_seconds, s.started_at, s.last_seen_at, \
        s.expires_at, s.ended_at, s.proven, c.name AS customer_name, c.status AS customer_status, \
        c.currency, c.debit_limit_minor, c.language AS customer_language, \
        c.time_zone AS customer_time_zone, c.access, k.name AS contact_name, k.email, \
        k.pending_email, k.phone, k.role, k.language AS contact_language, \
        k.time_zone AS contact_time_zone, \
        k.disabled_at, k.allowed_addresses, k.public_note, s.operator_id, s.may_act, \
        op.name AS operator_name, op.disabled_at AS operator_disabled_at, \
        (k.password_hash IS NOT NULL AND k.password_expires_at IS NULL) AS has_password, \
        b.default_language, b.editable_fields, b.hidden_sections, o.time_zone, \
        EXISTS (SELECT 1 FROM gateway g WHERE g.organisation_id = s.organisation_id \
        AND g.is_enabled AND (g.brand_id IS NULL OR g.brand_id = s.brand_id)) AS takes_payments \
        FROM portal_session s \
        JOIN organisation o ON o.organisation_id = s.organisation_id \
        JOIN brand b ON b.organisation_id = s.organisation_id AND b.id = s.brand_id \
        JOIN customer c ON c.organisation_id = s.organisation_id AND c.id = s.customer_id \
        LEFT JOIN operator op \
        ON op.organisation_id = s.organisation_id AND op.id = s.operator_id \
        LEFT JOIN contact k ON k.organisation_id = s.organisation_id AND k.id = s.contact_id \
        WHERE s.secret_hash = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    brand_id: Uuid,
    customer_id: Uuid,
    contact_id: Option<Uuid>,
    origin: String,
    return_url: Option<String>,
    language: Option<String>,
    idle_seconds: i64,
    started_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    proven: Json<Vec<ContactId>>,
    customer_name: String,
    customer_status: String,
    currency: String,
    debit_limit_minor: i64,
    customer_language: Option<String>,
    customer_time_zone: Option<String>,
    default_language: String,
    editable_fields: Json<Vec<ProfileField>>,
    access: Json<PortalAccess>,
    hidden_sections: Json<Vec<Section>>,
    time_zone: String,
    operator_id: Option<Uuid>,
    operator_name: Option<String>,
    operator_disabled_at: Option<i64>,
    may_act: bool,
    takes_payments: bool,
    #[sqlx(flatten)]
    contact: ContactRow,
}

#[derive(sqlx::FromRow)]
struct ContactRow {
    contact_name: Option<String>,
    email: Option<String>,
    pending_email: Option<String>,
    phone: Option<String>,
    role: Option<String>,
    contact_language: Option<String>,
    contact_time_zone: Option<String>,
    disabled_at: Option<i64>,
    allowed_addresses: Option<Json<Vec<IpNet>>>,
    public_note: Option<String>,
    has_password: bool,
}

/// A visit as stored, living or not.
#[derive(Debug, Clone)]
pub struct VisitRecord {
    /// The session.
    pub session_id: SessionId,
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// The brand on whose portal it lives.
    pub brand_id: BrandId,
    /// Whose data it shows.
    pub customer_id: CustomerId,
    /// How it began.
    pub origin: SessionOrigin,
    /// The times that decide whether it lives.
    pub times: SessionTimes,
    /// Whether customer, contact and operator may use the portal.
    pub may_stay: bool,
    /// The contacts that the visitor proved to be when it signed in.
    pub proven: Vec<ContactId>,
    /// Where the visitor came from.
    pub return_url: Option<String>,
    /// The language that was asked for.
    pub language: Option<LanguageTag>,
    /// The customer's name.
    pub customer_name: String,
    /// The customer's currency.
    pub currency: Currency,
    /// How far below zero the customer's balance may go.
    pub debit_limit_minor: i64,
    /// The customer's language.
    pub customer_language: Option<LanguageTag>,
    /// The customer's time zone.
    pub customer_time_zone: Option<String>,
    /// The brand's language.
    pub brand_language: LanguageTag,
    /// What the brand lets customers change.
    pub editable_fields: Vec<ProfileField>,
    /// What the brand shows to this customer.
    pub sections: Sections,
    /// Whether the brand has a gateway that customers can pay by.
    pub takes_payments: bool,
    /// The organisation's time zone.
    pub organisation_time_zone: String,
    /// The person, where there is one.
    pub contact: Option<VisitContactRecord>,
    /// The operator who looks in, where one does.
    pub operator: Option<VisitOperatorRecord>,
}

/// One of the organisation's people on a customer's portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitOperatorRecord {
    /// The operator.
    pub id: OperatorId,
    /// Its name.
    pub name: String,
    /// Whether it may act, or looks alone.
    pub may_act: bool,
}

/// The person of a visit.
#[derive(Debug, Clone)]
pub struct VisitContactRecord {
    /// The contact.
    pub id: ContactId,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// An address that waits to be confirmed.
    pub pending_email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// What it may do.
    pub role: ContactRole,
    /// Chosen language.
    pub language: Option<LanguageTag>,
    /// Chosen time zone.
    pub time_zone: Option<String>,
    /// Whether a password is set.
    pub has_password: bool,
    /// The networks that it may come from; from anywhere where there are none.
    pub allowed_addresses: Vec<IpNet>,
    /// The staff's note to it.
    pub public_note: Option<String>,
}

impl ContactRow {
    fn of(self, id: Uuid) -> Result<VisitContactRecord, StoreError> {
        Ok(VisitContactRecord {
            id: ContactId::from(id),
            name: self.contact_name.unwrap_or_default(),
            email: self.email.unwrap_or_default(),
            pending_email: self.pending_email,
            phone: self.phone,
            role: column::from_word("contact.role", &self.role.unwrap_or_default())?,
            language: column::parse_opt("contact.language", self.contact_language)?,
            time_zone: self.contact_time_zone,
            has_password: self.has_password,
            allowed_addresses: self.allowed_addresses.map(|it| it.0).unwrap_or_default(),
            public_note: self.public_note,
        })
    }
}

impl Row {
    fn times(&self) -> Result<SessionTimes, StoreError> {
        let time = |micros| column::time("portal_session.started_at", micros);
        Ok(SessionTimes {
            started_at: time(self.started_at)?,
            last_seen_at: time(self.last_seen_at)?,
            expires_at: time(self.expires_at)?,
            ended_at: column::time_opt("portal_session.ended_at", self.ended_at)?,
            idle: super::idle(self.idle_seconds)?,
        })
    }
}

impl TryFrom<Row> for VisitRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let status: CustomerStatus = column::from_word("customer.status", &row.customer_status)?;
        Ok(Self {
            session_id: SessionId::from(row.id),
            organisation_id: OrganisationId::from(row.organisation_id),
            brand_id: BrandId::from(row.brand_id),
            customer_id: CustomerId::from(row.customer_id),
            origin: column::from_word("portal_session.origin", &row.origin)?,
            times: row.times()?,
            may_stay: status == CustomerStatus::Active
                && row.contact.disabled_at.is_none()
                && row.operator_disabled_at.is_none()
                // An operator who was removed is no longer there to be named.
                && row.operator_id.is_some() == row.operator_name.is_some(),
            proven: row.proven.0,
            return_url: row.return_url,
            language: column::parse_opt("portal_session.language", row.language)?,
            customer_name: row.customer_name,
            currency: column::parse("customer.currency", &row.currency)?,
            debit_limit_minor: row.debit_limit_minor,
            customer_language: column::parse_opt("customer.language", row.customer_language)?,
            customer_time_zone: row.customer_time_zone,
            brand_language: column::parse("brand.default_language", &row.default_language)?,
            editable_fields: row.editable_fields.0,
            sections: Sections::resolve(&row.hidden_sections.0, &row.access.0),
            takes_payments: row.takes_payments,
            organisation_time_zone: row.time_zone,
            operator: row.operator_id.map(|id| VisitOperatorRecord {
                id: OperatorId::from(id),
                name: row.operator_name.unwrap_or_default(),
                may_act: row.may_act,
            }),
            contact: row.contact_id.map(|id| row.contact.of(id)).transpose()?,
        })
    }
}

impl VisitRecord {
    /// Whether the visit may go on at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.may_stay && self.times.check(now).is_ok()
    }
}

impl Directory {
    /// The visit whose secret has this hash, living or not.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn visit(&mut self, secret_hash: &[u8]) -> Result<Option<VisitRecord>, StoreError> {
        fetch_optional!(self.conn, Row, BY_SECRET, secret_hash)?
            .map(VisitRecord::try_from)
            .transpose()
    }
}
