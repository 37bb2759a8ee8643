//! What payment providers told by themselves: kept before it is answered, worked on after.

use jiff::Timestamp;
use portico_billing::{GatewayId, GatewayNoticeId, OrganisationId};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, StoreError, Write, column};

macro_rules! columns {
    () => {
        "gateway_id, event_id, kind, about, state, result, received_at, tries"
    };
}

statements! {
    /// One that comes again is known by its identifier.
    INSERT = "INSERT INTO gateway_notice (organisation_id, gateway_id, event_id, kind, about, \
        state, received_at, next_try_at, tries, id) \
        VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6, 0, $7) \
        ON CONFLICT (organisation_id, gateway_id, event_id) DO NOTHING";
    ORGANISATIONS = "SELECT DISTINCT organisation_id FROM gateway_notice \
        WHERE next_try_at <= $1 LIMIT 1000";
    /// What is claimed is not claimed again until `$3`.
    CLAIM = concat!("WITH next AS MATERIALIZED (SELECT gateway_id, event_id FROM gateway_notice \
        WHERE organisation_id = $1 AND next_try_at <= $2 \
        ORDER BY next_try_at LIMIT $4 /*+skip_locked*/) \
        UPDATE gateway_notice SET next_try_at = $3, tries = tries + 1 \
        WHERE organisation_id = $1 AND (gateway_id, event_id) IN \
        (SELECT gateway_id, event_id FROM next) RETURNING ", columns!());
    CLOSE = "UPDATE gateway_notice SET state = $4, result = $5, next_try_at = NULL \
        WHERE organisation_id = $1 AND gateway_id = $2 AND event_id = $3";
    POSTPONE = "UPDATE gateway_notice SET result = $4, next_try_at = $5 \
        WHERE organisation_id = $1 AND gateway_id = $2 AND event_id = $3 AND state = 'waiting'";
}

/// What a provider told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayNotice {
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
    /// How often it was worked on.
    pub tries: u32,
}

/// What came of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// It is still to be worked on.
    Waiting,
    /// What it is about was looked up.
    Done,
    /// It is about nothing of ours.
    Ignored,
    /// It was worked on often, and nothing came of it.
    GivenUp,
}

impl NoticeState {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Ignored => "ignored",
            Self::GivenUp => "given_up",
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    gateway_id: Uuid,
    event_id: String,
    kind: String,
    about: Option<Json<Value>>,
    state: String,
    result: Option<String>,
    received_at: i64,
    tries: i64,
}

impl TryFrom<Row> for GatewayNotice {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            gateway_id: row.gateway_id.into(),
            event_id: row.event_id,
            kind: row.kind,
            about: row.about.map(|Json(about)| about),
            state: column::from_word("gateway_notice.state", &row.state)?,
            result: row.result,
            received_at: column::time("gateway_notice.received_at", row.received_at)?,
            tries: column::number("gateway_notice.tries", row.tries)?,
        })
    }
}

/// A notice that came just now.
#[derive(Debug, Clone, Copy)]
pub struct NewNotice<'a> {
    /// Portico's own identifier.
    pub id: GatewayNoticeId,
    /// Which gateway it was sent to.
    pub gateway_id: GatewayId,
    /// The provider's identifier of the message.
    pub event_id: &'a str,
    /// The provider's word for what happened.
    pub kind: &'a str,
    /// What to look up because of it.
    pub about: Option<&'a Value>,
}

impl Directory {
    /// The tenants with notices that wait, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organisations_with_notices(
        &mut self,
        now: Timestamp,
    ) -> Result<Vec<OrganisationId>, StoreError> {
        let rows = fetch_all!(self.conn, (Uuid,), ORGANISATIONS, column::micros(now))?;
        Ok(rows.into_iter().map(|(id,)| id.into()).collect())
    }
}

impl Write {
    /// Keeps a notice. The answer is whether it is the first with its identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_gateway_notice(
        &mut self,
        it: NewNotice<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now, id) = (self.tenant(), column::micros(now), it.id.uuid());
        let (gateway, event, about) = (it.gateway_id.uuid(), it.event_id, it.about.map(Json));
        let met = execute!(self.conn, INSERT, tenant, gateway, event, it.kind, about, now, id)?;
        Ok(met == 1)
    }

    /// Claims notices that wait: nobody else gets them before `until`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn claim_gateway_notices(
        &mut self,
        (now, until): (Timestamp, Timestamp),
        limit: u16,
    ) -> Result<Vec<GatewayNotice>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let (now, until) = (column::micros(now), column::micros(until));
        let rows = fetch_all_skipping_locked!(self.conn, Row, CLAIM, tenant, now, until, limit)?;
        rows.into_iter().map(GatewayNotice::try_from).collect()
    }

    /// Ends the work on a notice.
    ///
    /// # Errors
    /// Where there is none, or the database fails.
    pub async fn close_gateway_notice(
        &mut self,
        (gateway, event): (GatewayId, &str),
        state: NoticeState,
        result: &str,
    ) -> Result<(), StoreError> {
        let (tenant, state) = (self.tenant(), state.as_str());
        let met = execute!(self.conn, CLOSE, tenant, gateway.uuid(), event, state, result)?;
        StoreError::expect_one("notice of a gateway", met)
    }

    /// Has a notice worked on again later.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn postpone_gateway_notice(
        &mut self,
        (gateway, event): (GatewayId, &str),
        result: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, until) = (self.tenant(), column::micros(until));
        execute!(self.conn, POSTPONE, tenant, gateway.uuid(), event, result, until).map(drop)
    }
}
