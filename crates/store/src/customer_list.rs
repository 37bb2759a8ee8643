//! Customers as the staff lists and finds them.

use jiff::Timestamp;
use portico_billing::account::{CustomerKind, CustomerStatus};
use portico_billing::page::{Direction, Page, PageSize};
use portico_billing::{
    BrandId, ContactId, Currency, CustomerId, EmailAddress, InvoiceId, OrganisationId,
};
use uuid::Uuid;

use crate::paging::{self, Cursor, Key};
use crate::{Read, Store, StoreError, column, search};

macro_rules! summary {
    () => {
        "SELECT id, brand_id, external_id, kind, name, email, currency, status, debit_limit_minor, \
         created_at FROM customer WHERE organisation_id = "
    };
}

statements! {
    WITHOUT_KEY =
        "SELECT organisation_id, id, name FROM customer WHERE name_key IS NULL LIMIT 1000";
    SET_KEY = "UPDATE customer SET name_key = $3 WHERE organisation_id = $1 AND id = $2";
    /// By what names exactly one customer, or a few: each part is answered by an index of its own.
    BY_EXACT_NAME = concat!(summary!(), "$1 AND id IN (SELECT id FROM (\
        SELECT id FROM customer WHERE organisation_id = $1 AND id = $2 \
        UNION SELECT id FROM customer WHERE organisation_id = $1 AND external_id = $3 \
        UNION SELECT id FROM customer WHERE organisation_id = $1 AND email_key = $4 \
        UNION SELECT customer_id FROM contact WHERE organisation_id = $1 AND email_key = $4 \
        AND created_at IS NOT NULL) \
        AS found LIMIT $5) ORDER BY +created_at DESC, id DESC LIMIT $5");
    CONTACTS_BY_EMAIL = "SELECT k.id, k.customer_id, k.name, k.email, c.name AS customer_name \
        FROM contact k JOIN customer c \
        ON c.organisation_id = k.organisation_id AND c.id = k.customer_id \
        WHERE k.organisation_id = $1 AND k.email_key = $2 \
        ORDER BY +k.created_at DESC, k.id DESC LIMIT $3";
    INVOICES_BY_NUMBER = "SELECT i.id, i.customer_id, i.number, c.name AS customer_name \
        FROM invoice i JOIN customer c \
        ON c.organisation_id = i.organisation_id AND c.id = i.customer_id \
        WHERE i.organisation_id = $1 AND i.number IN ($2, $3, $4) ORDER BY i.number LIMIT $5";
}

/// What lists show of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerSummary {
    /// Identifier.
    pub id: CustomerId,
    /// The brand on whose portal its contacts sign in.
    pub brand_id: BrandId,
    /// The organisation's own identifier.
    pub external_id: Option<String>,
    /// Customer or carrier.
    pub kind: CustomerKind,
    /// Name in use.
    pub name: String,
    /// Billing e-mail.
    pub email: Option<String>,
    /// Currency of new charges.
    pub currency: Currency,
    /// State.
    pub status: CustomerStatus,
    /// How far below zero the balance may go, in minor units of `currency`.
    pub debit_limit_minor: i64,
    /// When it became a customer.
    pub created_at: Timestamp,
}

/// Columns by which customers can be sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CustomerOrder {
    /// When the record was made.
    #[default]
    Created,
    /// Name, without case and accents.
    Name,
}

/// Which customers, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerListFilter {
    /// How the name begins. A list that is searched is sorted by name, whatever `order` says: that
    /// is the order of the index that answers it.
    pub name: String,
    /// The state.
    pub status: Option<CustomerStatus>,
    /// Customer or carrier.
    pub kind: Option<CustomerKind>,
    /// The brand.
    pub brand: Option<BrandId>,
    /// Column.
    pub order: CustomerOrder,
    /// Direction.
    pub direction: Direction,
    /// Where the page begins; one that does not fit the order is left out of account.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

/// A contact that was found by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundContact {
    /// Identifier.
    pub id: ContactId,
    /// The customer it signs in for.
    pub customer_id: CustomerId,
    /// Name of the person.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Name of the customer.
    pub customer_name: String,
}

/// An invoice that was found by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundInvoice {
    /// Identifier.
    pub id: InvoiceId,
    /// Who owes it.
    pub customer_id: CustomerId,
    /// Number as printed.
    pub number: String,
    /// Name of the customer.
    pub customer_name: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    brand_id: Uuid,
    external_id: Option<String>,
    kind: String,
    name: String,
    email: Option<String>,
    currency: String,
    status: String,
    debit_limit_minor: i64,
    created_at: i64,
}

impl TryFrom<Row> for CustomerSummary {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            brand_id: row.brand_id.into(),
            external_id: row.external_id,
            kind: column::from_word("customer.kind", &row.kind)?,
            name: row.name,
            email: row.email,
            currency: column::parse("customer.currency", &row.currency)?,
            status: column::from_word("customer.status", &row.status)?,
            debit_limit_minor: row.debit_limit_minor,
            created_at: column::time("customer.created_at", row.created_at)?,
        })
    }
}

impl CustomerListFilter {
    fn by_name(&self) -> bool {
        !self.name.trim().is_empty() || self.order == CustomerOrder::Name
    }

    fn from(&self) -> Option<Cursor> {
        let cursor = Cursor::decode(self.cursor.as_deref()?)?;
        (matches!(cursor.key, Key::Text(_)) == self.by_name()).then_some(cursor)
    }

    fn key(&self, it: &CustomerSummary) -> (Key, Uuid) {
        let key = if self.by_name() {
            Key::Text(search::folded(&it.name))
        } else {
            Key::Number(column::micros(it.created_at))
        };
        (key, it.id.uuid())
    }
}

/// What follows the conditions: `ORDER BY …`, and how a row beyond the cursor is told.
struct Texts {
    beyond: &'static str,
    order: &'static str,
}

const fn texts(by_name: bool, direction: Direction) -> Texts {
    match (by_name, direction) {
        (true, Direction::Asc) => Texts {
            beyond: " AND (name_key, id) > (",
            order: " ORDER BY name_key ASC, id ASC LIMIT ",
        },
        (true, Direction::Desc) => Texts {
            beyond: " AND (name_key, id) < (",
            order: " ORDER BY name_key DESC, id DESC LIMIT ",
        },
        (false, Direction::Asc) => Texts {
            beyond: " AND (created_at, id) > (",
            order: " ORDER BY created_at ASC, id ASC LIMIT ",
        },
        (false, Direction::Desc) => Texts {
            beyond: " AND (created_at, id) < (",
            order: " ORDER BY created_at DESC, id DESC LIMIT ",
        },
    }
}

impl Read {
    /// A page of customers. The statement holds the conditions that were asked for and no others,
    /// so that the engine finds the index that fits them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customer_page(
        &mut self,
        filter: &CustomerListFilter,
    ) -> Result<Page<CustomerSummary>, StoreError> {
        let (tenant, from) = (self.tenant(), filter.from());
        let direction = Cursor::reading_order(from.as_ref(), filter.direction);
        let texts = texts(filter.by_name(), direction);
        let range = Some(&filter.name).filter(|name| !name.trim().is_empty());
        let range = range.map(|name| search::name_range(name));
        let rows = fetch_built!(self.conn, Row, |query| {
            query.push(summary!()).push_bind(tenant);
            if let Some((first, beyond)) = &range {
                query.push(" AND name_key >= ").push_bind(first.clone());
                query.push(" AND name_key < ").push_bind(beyond.clone());
            }
            if let Some(status) = &filter.status {
                query.push(" AND status = ").push_bind(column::word(status));
            }
            if let Some(kind) = &filter.kind {
                query.push(" AND kind = ").push_bind(column::word(kind));
            }
            if let Some(brand) = filter.brand {
                query.push(" AND brand_id = ").push_bind(brand.uuid());
            }
            if let Some(Cursor { key, id, .. }) = &from {
                query.push(texts.beyond);
                match key {
                    Key::Number(key) => query.push_bind(*key),
                    Key::Text(key) => query.push_bind(key.clone().into_bytes()),
                };
                query.push(", ").push_bind(*id).push(")");
            }
            query.push(texts.order).push_bind(i64::from(filter.size.get()) + 1);
        })?;
        let rows: Result<Vec<_>, _> = rows.into_iter().map(CustomerSummary::try_from).collect();
        let size = usize::from(filter.size.get());
        Ok(paging::page(rows?, size, from.as_ref(), |it| filter.key(it)))
    }

    /// The customers that `words` name exactly: by identifier, external id, billing e-mail or the
    /// e-mail of a contact; at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customers_named(
        &mut self,
        words: &str,
        limit: u16,
    ) -> Result<Vec<CustomerSummary>, StoreError> {
        let (tenant, words) = (self.tenant(), words.trim());
        let id = words.parse().map_or(Uuid::nil(), CustomerId::uuid);
        let email = words.parse().map(|email: EmailAddress| email.key()).unwrap_or_default();
        let limit = i64::from(limit);
        let rows = fetch_all!(self.conn, Row, BY_EXACT_NAME, tenant, id, words, &email, limit)?;
        rows.into_iter().map(CustomerSummary::try_from).collect()
    }

    /// The contacts with this e-mail address, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contacts_with_email(
        &mut self,
        email: &EmailAddress,
        limit: u16,
    ) -> Result<Vec<FoundContact>, StoreError> {
        type Found = (Uuid, Uuid, String, String, String);
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let rows = fetch_all!(self.conn, Found, CONTACTS_BY_EMAIL, tenant, email.key(), limit)?;
        let found = rows.into_iter().map(|(id, customer_id, name, email, customer_name)| {
            let (id, customer_id) = (id.into(), customer_id.into());
            FoundContact { id, customer_id, name, email, customer_name }
        });
        Ok(found.collect())
    }

    /// The invoices with this number, as typed or in capital or small letters.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoices_numbered(
        &mut self,
        number: &str,
        limit: u16,
    ) -> Result<Vec<FoundInvoice>, StoreError> {
        type Found = (Uuid, Uuid, Option<String>, String);
        let (tenant, limit, number) = (self.tenant(), i64::from(limit), number.trim());
        let (upper, lower) = (number.to_uppercase(), number.to_lowercase());
        let sql = INVOICES_BY_NUMBER;
        let rows = fetch_all!(self.conn, Found, sql, tenant, number, upper, lower, limit)?;
        let found = rows.into_iter().map(|(id, customer_id, number, customer_name)| {
            let (id, customer_id) = (id.into(), customer_id.into());
            FoundInvoice { id, customer_id, number: number.unwrap_or_default(), customer_name }
        });
        Ok(found.collect())
    }
}

impl Store {
    /// Gives customers of earlier releases the key that they are searched by.
    pub(crate) async fn fill_name_keys(&self) -> Result<(), StoreError> {
        loop {
            let mut write = self.write(OrganisationId::from(Uuid::nil())).await?;
            let rows = fetch_all!(write.conn, (Uuid, Uuid, String), WITHOUT_KEY)?;
            if rows.is_empty() {
                return Ok(());
            }
            for (organisation, id, name) in rows {
                execute!(write.conn, SET_KEY, organisation, id, search::name_key(&name))?;
            }
            write.commit().await?;
        }
    }
}
