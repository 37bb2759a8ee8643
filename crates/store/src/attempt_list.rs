//! Attempts to pay as the staff lists them, and how many of them somebody has to look at.

use jiff::Timestamp;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::attempt_watch::{MISSING_FOR, Standing};
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::page::{Direction, Page, PageSize};
use portico_billing::{AttemptId, Currency, CustomerId, GatewayId, Money, PaymentId};
use uuid::Uuid;

use crate::home::MOST_COUNTED;
use crate::paging::{self, Cursor, Key, Side};
use crate::payment_attempt::PaymentAttempt;
use crate::{Position, Read, StoreError, column};

/// The provider says something else than was asked for, and nobody has closed it.
macro_rules! mismatching {
    () => {
        " AND mismatch IS NOT NULL AND decline_reason IS DISTINCT FROM 'dismissed'"
    };
}

/// The provider says nothing, since before the time that follows.
macro_rules! missing {
    () => {
        " AND next_look_at IS NOT NULL AND state IN ('created', 'sent', 'unknown') AND begun_at < "
    };
}

const SUMMARY: &str = "SELECT a.id, a.customer_id, c.name AS customer_name, a.gateway_id, \
    a.purpose, a.state, a.currency, a.amount_minor, a.surcharge_minor, a.handle, \
    a.decline_reason, a.decline_code, a.mismatch, a.payment_id, a.begun_at, a.updated_at \
    FROM payment_attempt a JOIN customer c \
    ON c.organisation_id = a.organisation_id AND c.id = a.customer_id WHERE a.organisation_id = ";
const IDS: &str = "SELECT id FROM payment_attempt WHERE organisation_id = ";

statements! {
    /// `+` keeps SQLite from walking all attempts in that order for the few with the handle.
    BY_HANDLE = "SELECT id FROM payment_attempt WHERE organisation_id = $1 AND gateway_id IN \
        (SELECT id FROM gateway WHERE organisation_id = $1) AND handle = $2 \
        ORDER BY +begun_at DESC LIMIT 20";
    TO_LOOK_AT = concat!("SELECT COUNT(*) FROM (\
        SELECT id FROM payment_attempt WHERE organisation_id = $1", mismatching!(), " UNION \
        SELECT id FROM payment_attempt WHERE organisation_id = $1", missing!(), "$2 LIMIT $3) \
        AS counted");
}

/// What lists show of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptSummary {
    /// Identifier.
    pub id: AttemptId,
    /// Who pays.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// By which gateway.
    pub gateway_id: GatewayId,
    /// What it is for.
    pub purpose: AttemptPurpose,
    /// How it stands.
    pub state: AttemptState,
    /// What is credited.
    pub amount: Money,
    /// What is paid on top, minor units.
    pub surcharge_minor: i64,
    /// What the provider calls it.
    pub handle: Option<String>,
    /// Why it failed: what the customer is told, and the provider's own word.
    pub decline: Option<(DeclineReason, String)>,
    /// Why what the provider says was not credited.
    pub mismatch: Option<String>,
    /// The payment that it became.
    pub payment_id: Option<PaymentId>,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl AttemptSummary {
    /// What the provider calls it by.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference::of(self.id)
    }

    /// What leaves the customer's account.
    #[must_use]
    pub fn charged(&self) -> Money {
        let minor = self.amount.minor().saturating_add(self.surcharge_minor);
        Money::new(minor, self.amount.currency())
    }

    /// As far as it decides whether somebody has to look at it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            state: self.state,
            reason: self.decline.as_ref().map(|(reason, _)| *reason),
            mismatches: self.mismatch.is_some(),
            begun_at: self.begun_at,
        }
    }
}

impl PaymentAttempt {
    /// As far as it decides whether somebody has to look at it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            state: self.state,
            reason: self.decline.as_ref().map(|(reason, _)| *reason),
            mismatches: self.mismatch.is_some(),
            begun_at: self.begun_at,
        }
    }
}

/// Which attempts: those that meet all that is named, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttemptListFilter {
    /// These alone.
    pub found: Option<Vec<AttemptId>>,
    /// Those of these customers.
    pub customers: Option<Vec<CustomerId>>,
    /// Those that stand so.
    pub state: Option<AttemptState>,
    /// Those at this gateway.
    pub gateway: Option<GatewayId>,
    /// Those for this.
    pub purpose: Option<AttemptPurpose>,
    /// Those in this currency.
    pub currency: Option<Currency>,
    /// Those that began then or later.
    pub from: Option<Timestamp>,
    /// Those that began before.
    pub before: Option<Timestamp>,
    /// Those that somebody has to look at, at this time.
    pub to_look_at: Option<Timestamp>,
    /// Those behind this place; else where the cursor says.
    pub after: Option<Position>,
    /// Where the page begins; one that cannot be read is left out of account.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    customer_name: String,
    gateway_id: Uuid,
    purpose: String,
    state: String,
    currency: String,
    amount_minor: i64,
    surcharge_minor: i64,
    handle: Option<String>,
    decline_reason: Option<String>,
    decline_code: Option<String>,
    mismatch: Option<String>,
    payment_id: Option<Uuid>,
    begun_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for AttemptSummary {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let currency = column::parse("payment_attempt.currency", &row.currency)?;
        let reason = row.decline_reason.as_deref();
        let reason = reason.map(|word| column::from_word("payment_attempt.decline_reason", word));
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            customer_name: row.customer_name,
            gateway_id: row.gateway_id.into(),
            purpose: column::from_word("payment_attempt.purpose", &row.purpose)?,
            state: column::from_word("payment_attempt.state", &row.state)?,
            amount: Money::new(row.amount_minor, currency),
            surcharge_minor: row.surcharge_minor,
            handle: row.handle,
            decline: reason.transpose()?.zip(row.decline_code),
            mismatch: row.mismatch,
            payment_id: row.payment_id.map(Into::into),
            begun_at: column::time("payment_attempt.begun_at", row.begun_at)?,
            updated_at: column::time("payment_attempt.updated_at", row.updated_at)?,
        })
    }
}

impl AttemptListFilter {
    /// Where the page begins.
    fn place(&self) -> Option<Cursor> {
        let behind =
            |it: Position| Cursor { side: Side::After, key: Key::Number(it.micros()), id: it.id() };
        let cursor = self.after.map(behind).or_else(|| Cursor::decode(self.cursor.as_deref()?));
        cursor.filter(|cursor| matches!(cursor.key, Key::Number(_)))
    }

    /// Whether nothing can be found.
    fn is_of_none(&self) -> bool {
        let is_empty = |ids: Option<usize>| ids == Some(0);
        is_empty(self.found.as_ref().map(Vec::len))
            || is_empty(self.customers.as_ref().map(Vec::len))
    }

    /// Whether the conditions find few by an index of their own: those are sorted, instead of
    /// walking through all attempts by time until the page is full.
    fn is_of_few(&self) -> bool {
        self.found.is_some()
            || self.customers.is_some()
            || self.to_look_at.is_some()
            || self.state.is_some_and(|state| !state.is_over())
    }
}

/// What follows the conditions: `ORDER BY …`, and how a row beyond the cursor is told.
struct Texts {
    beyond: &'static str,
    order: &'static str,
}

/// A plus sign keeps an engine from walking along the index of the order.
const fn texts(few: bool, direction: Direction) -> Texts {
    match (few, direction) {
        (true, Direction::Asc) => Texts {
            beyond: " AND (+a.begun_at, a.id) > (",
            order: " ORDER BY +a.begun_at ASC, a.id ASC LIMIT ",
        },
        (true, Direction::Desc) => Texts {
            beyond: " AND (+a.begun_at, a.id) < (",
            order: " ORDER BY +a.begun_at DESC, a.id DESC LIMIT ",
        },
        (false, Direction::Asc) => Texts {
            beyond: " AND (a.begun_at, a.id) > (",
            order: " ORDER BY a.begun_at ASC, a.id ASC LIMIT ",
        },
        (false, Direction::Desc) => Texts {
            beyond: " AND (a.begun_at, a.id) < (",
            order: " ORDER BY a.begun_at DESC, a.id DESC LIMIT ",
        },
    }
}

/// The time before which an attempt that is still without an answer began too long ago.
fn missing_before(now: Timestamp) -> i64 {
    column::micros(now.checked_sub(MISSING_FOR).unwrap_or(Timestamp::MIN))
}

impl Read {
    /// A page of attempts. The statement holds the conditions that were asked for and no others, so
    /// that the engine finds the index that fits them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn attempt_page(
        &mut self,
        filter: &AttemptListFilter,
    ) -> Result<Page<AttemptSummary>, StoreError> {
        if filter.is_of_none() {
            return Ok(Page { rows: Vec::new(), next: None, previous: None });
        }
        let (tenant, from) = (self.tenant(), filter.place());
        let direction = Cursor::reading_order(from.as_ref(), Direction::Desc);
        let texts = texts(filter.is_of_few(), direction);
        let rows = fetch_built!(self.conn, Row, |query| {
            query.push(SUMMARY).push_bind(tenant);
            if let Some(ids) = &filter.found {
                query.push(" AND a.id IN (");
                let mut list = query.separated(", ");
                for id in ids {
                    list.push_bind(id.uuid());
                }
                query.push(")");
            }
            if let Some(ids) = &filter.customers {
                query.push(" AND a.customer_id IN (");
                let mut list = query.separated(", ");
                for id in ids {
                    list.push_bind(id.uuid());
                }
                query.push(")");
            }
            if let Some(now) = filter.to_look_at {
                query.push(" AND a.id IN (").push(IDS).push_bind(tenant).push(mismatching!());
                query.push(" UNION ").push(IDS).push_bind(tenant).push(missing!());
                query.push_bind(missing_before(now)).push(")");
            }
            if let Some(state) = filter.state {
                // Written out: the indexes are of some states alone.
                query.push(" AND a.state = '").push(state.as_str()).push("'");
                if !state.is_over() {
                    query.push(" AND a.next_look_at IS NOT NULL");
                }
            }
            if let Some(gateway) = filter.gateway {
                query.push(" AND a.gateway_id = ").push_bind(gateway.uuid());
            }
            if let Some(purpose) = filter.purpose {
                query.push(" AND a.purpose = ").push_bind(purpose.as_str());
            }
            if let Some(currency) = filter.currency {
                query.push(" AND a.currency = ").push_bind(currency.code());
            }
            if let Some(from) = filter.from {
                query.push(" AND a.begun_at >= ").push_bind(column::micros(from));
            }
            if let Some(before) = filter.before {
                query.push(" AND a.begun_at < ").push_bind(column::micros(before));
            }
            if let Some(Cursor { key: Key::Number(key), id, .. }) = &from {
                query.push(texts.beyond).push_bind(*key);
                query.push(", ").push_bind(*id).push(")");
            }
            query.push(texts.order).push_bind(i64::from(filter.size.get()) + 1);
        })?;
        let rows: Result<Vec<_>, _> = rows.into_iter().map(AttemptSummary::try_from).collect();
        let key = |it: &AttemptSummary| (Key::Number(column::micros(it.begun_at)), it.id.uuid());
        Ok(paging::page(rows?, usize::from(filter.size.get()), from.as_ref(), key))
    }

    /// The attempts that any gateway's provider knows by this handle, newest first, at most 20.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn attempts_with_handle(
        &mut self,
        handle: &str,
    ) -> Result<Vec<AttemptId>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, (Uuid,), BY_HANDLE, tenant, handle)?;
        Ok(rows.into_iter().map(|(id,)| id.into()).collect())
    }

    /// How many attempts somebody has to look at, counted up to [`MOST_COUNTED`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_attempts_to_look_at(&mut self, now: Timestamp) -> Result<u32, StoreError> {
        let (tenant, before) = (self.tenant(), missing_before(now));
        let most = i64::from(MOST_COUNTED);
        let row = fetch_optional!(self.conn, (i64,), TO_LOOK_AT, tenant, before, most)?;
        column::narrow("payment_attempt.count", row.map_or(0, |(count,)| count))
    }
}
