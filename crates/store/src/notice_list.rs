//! Notices of payment providers as the staff looks through them, and has them worked on again.

use jiff::{SignedDuration, Timestamp};
use portico_billing::attempt_watch::{GIVEN_UP_TOLD_FOR, NOTICE_WAITS_FOR};
use portico_billing::page::{Direction, Page, PageSize};
use portico_billing::{AttemptId, GatewayId, GatewayNoticeId};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use crate::gateway_notice::NoticeState;
use crate::home::MOST_COUNTED;
use crate::paging::{self, Cursor, Key, Side};
use crate::{Position, Read, StoreError, Write, column, search};

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, gateway_id, event_id, kind, about, state, result, received_at, \
             next_try_at, tries, attempt_id FROM gateway_notice WHERE organisation_id = ",
            $condition
        )
    };
}

statements! {
    FIND = select!("$1 AND id = $2");
    OF_ATTEMPT = select!("$1 AND attempt_id = $2 AND id IS NOT NULL \
        ORDER BY received_at DESC, id DESC LIMIT $3");
    /// One that waits is worked on in any case.
    REPLAY = "UPDATE gateway_notice SET state = 'waiting', next_try_at = $3, tries = 0 \
        WHERE organisation_id = $1 AND id = $2 AND state <> 'waiting'";
    NAME_ATTEMPT = "UPDATE gateway_notice SET attempt_id = $4 \
        WHERE organisation_id = $1 AND gateway_id = $2 AND event_id = $3";
    TO_LOOK_AT = "SELECT COUNT(*) FROM (SELECT 1 FROM gateway_notice \
        WHERE organisation_id = $1 AND next_try_at IS NOT NULL AND received_at < $2 UNION ALL \
        SELECT 1 FROM gateway_notice WHERE organisation_id = $1 AND state = 'given_up' \
        AND received_at > $3 LIMIT $4) AS counted";
}

/// A notice with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRecord {
    /// Portico's own identifier.
    pub id: GatewayNoticeId,
    /// Which gateway it was sent to.
    pub gateway_id: GatewayId,
    /// The provider's identifier of the message.
    pub event_id: String,
    /// The provider's word for what happened.
    pub kind: String,
    /// What to look up because of it.
    pub about: Option<Value>,
    /// What came of it so far.
    pub state: NoticeState,
    /// The same in words, for the staff.
    pub result: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
    /// When it is worked on next, where it waits.
    pub next_try_at: Option<Timestamp>,
    /// How often it was worked on.
    pub tries: u32,
    /// The attempt that it was about.
    pub attempt_id: Option<AttemptId>,
}

/// Which notices: those that meet all that is named, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeListFilter {
    /// The provider's identifier of the message.
    pub event_id: Option<String>,
    /// Part of the provider's word for what happened, in any case.
    pub kind: String,
    /// Those that stand so.
    pub state: Option<NoticeState>,
    /// Those that were sent to this gateway.
    pub gateway: Option<GatewayId>,
    /// Those that came then or later.
    pub from: Option<Timestamp>,
    /// Those that came before.
    pub before: Option<Timestamp>,
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
    gateway_id: Uuid,
    event_id: String,
    kind: String,
    about: Option<Json<Value>>,
    state: String,
    result: Option<String>,
    received_at: i64,
    next_try_at: Option<i64>,
    tries: i64,
    attempt_id: Option<Uuid>,
}

impl TryFrom<Row> for NoticeRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            gateway_id: row.gateway_id.into(),
            event_id: row.event_id,
            kind: row.kind,
            about: row.about.map(|Json(about)| about),
            state: column::from_word("gateway_notice.state", &row.state)?,
            result: row.result,
            received_at: column::time("gateway_notice.received_at", row.received_at)?,
            next_try_at: column::time_opt("gateway_notice.next_try_at", row.next_try_at)?,
            tries: column::number("gateway_notice.tries", row.tries)?,
            attempt_id: row.attempt_id.map(Into::into),
        })
    }
}

impl NoticeListFilter {
    /// Where the page begins.
    fn place(&self) -> Option<Cursor> {
        let behind =
            |it: Position| Cursor { side: Side::After, key: Key::Number(it.micros()), id: it.id() };
        let cursor = self.after.map(behind).or_else(|| Cursor::decode(self.cursor.as_deref()?));
        cursor.filter(|cursor| matches!(cursor.key, Key::Number(_)))
    }

    /// Whether the conditions find few by an index of their own, to be sorted.
    fn is_of_few(&self) -> bool {
        self.event_id.is_some() || self.state == Some(NoticeState::Waiting)
    }
}

/// How a row beyond the cursor is told, and what follows the conditions. A plus sign keeps an
/// engine from walking along the index of the order.
const fn texts(few: bool, direction: Direction) -> (&'static str, &'static str) {
    match (few, direction) {
        (true, Direction::Asc) => {
            (" AND (+received_at, id) > (", " ORDER BY +received_at ASC, id ASC LIMIT ")
        }
        (true, Direction::Desc) => {
            (" AND (+received_at, id) < (", " ORDER BY +received_at DESC, id DESC LIMIT ")
        }
        (false, Direction::Asc) => {
            (" AND (received_at, id) > (", " ORDER BY received_at ASC, id ASC LIMIT ")
        }
        (false, Direction::Desc) => {
            (" AND (received_at, id) < (", " ORDER BY received_at DESC, id DESC LIMIT ")
        }
    }
}

impl Read {
    /// A page of notices. The statement holds the conditions that were asked for and no others, so
    /// that the engine finds the index that fits them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn notice_page(
        &mut self,
        filter: &NoticeListFilter,
    ) -> Result<Page<NoticeRecord>, StoreError> {
        let (tenant, from) = (self.tenant(), filter.place());
        let direction = Cursor::reading_order(from.as_ref(), Direction::Desc);
        let (beyond, order) = texts(filter.is_of_few(), direction);
        let rows = fetch_built!(self.conn, Row, |query| {
            query.push(select!("")).push_bind(tenant).push(" AND id IS NOT NULL");
            if let Some(event) = &filter.event_id {
                query.push(" AND gateway_id IN (SELECT id FROM gateway WHERE organisation_id = ");
                query.push_bind(tenant).push(") AND event_id = ").push_bind(event.clone());
            }
            if !filter.kind.trim().is_empty() {
                query.push(" AND lower(kind) LIKE ").push_bind(search::pattern(&filter.kind));
                query.push(" ESCAPE '\\'");
            }
            if let Some(state) = filter.state {
                // Written out: the indexes are of some states alone.
                query.push(" AND state = '").push(state.as_str()).push("'");
                if state == NoticeState::Waiting {
                    query.push(" AND next_try_at IS NOT NULL");
                }
            }
            if let Some(gateway) = filter.gateway {
                query.push(" AND gateway_id = ").push_bind(gateway.uuid());
            }
            if let Some(from) = filter.from {
                query.push(" AND received_at >= ").push_bind(column::micros(from));
            }
            if let Some(before) = filter.before {
                query.push(" AND received_at < ").push_bind(column::micros(before));
            }
            if let Some(Cursor { key: Key::Number(key), id, .. }) = &from {
                query.push(beyond).push_bind(*key).push(", ").push_bind(*id).push(")");
            }
            query.push(order).push_bind(i64::from(filter.size.get()) + 1);
        })?;
        let rows: Result<Vec<_>, _> = rows.into_iter().map(NoticeRecord::try_from).collect();
        let key = |it: &NoticeRecord| (Key::Number(column::micros(it.received_at)), it.id.uuid());
        Ok(paging::page(rows?, usize::from(filter.size.get()), from.as_ref(), key))
    }

    /// The notice with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn gateway_notice(
        &mut self,
        id: GatewayNoticeId,
    ) -> Result<Option<NoticeRecord>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(NoticeRecord::try_from).transpose()
    }

    /// The newest notices that were about an attempt.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn notices_of_attempt(
        &mut self,
        id: AttemptId,
        limit: u16,
    ) -> Result<Vec<NoticeRecord>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let rows = fetch_all!(self.conn, Row, OF_ATTEMPT, tenant, id.uuid(), limit)?;
        rows.into_iter().map(NoticeRecord::try_from).collect()
    }

    /// How many notices wait for long, or were given up lately, counted up to [`MOST_COUNTED`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_notices_to_look_at(&mut self, now: Timestamp) -> Result<u32, StoreError> {
        let ago =
            |span: SignedDuration| column::micros(now.checked_sub(span).unwrap_or(Timestamp::MIN));
        let (waits, given_up) = (ago(NOTICE_WAITS_FOR), ago(GIVEN_UP_TOLD_FOR));
        let (tenant, most) = (self.tenant(), i64::from(MOST_COUNTED));
        let row = fetch_optional!(self.conn, (i64,), TO_LOOK_AT, tenant, waits, given_up, most)?;
        column::narrow("gateway_notice.count", row.map_or(0, |(count,)| count))
    }
}

impl Write {
    /// Has a notice worked on again, from `now` on. The answer is whether it did not wait already.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn replay_gateway_notice(
        &mut self,
        id: GatewayNoticeId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        Ok(execute!(self.conn, REPLAY, tenant, id.uuid(), now)? == 1)
    }

    /// Writes down which attempt a notice was about.
    ///
    /// # Errors
    /// Where there is no such notice, or the database fails.
    pub async fn name_attempt_of_notice(
        &mut self,
        (gateway, event): (GatewayId, &str),
        attempt: AttemptId,
    ) -> Result<(), StoreError> {
        let (tenant, attempt) = (self.tenant(), attempt.uuid());
        let met = execute!(self.conn, NAME_ATTEMPT, tenant, gateway.uuid(), event, attempt)?;
        StoreError::expect_one("attempt of a notice", met)
    }
}
