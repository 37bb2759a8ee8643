//! What goes through gateways, by API: attempts to pay, and what payment providers told.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::DeclineReason;
use portico_billing::page::PageSize;
use portico_billing::{AttemptId, Currency, CustomerId, GatewayId, GatewayNoticeId};
use portico_core::records::{After, RecordKey};
use portico_core::{
    AttemptDetail, AttemptPart, AttemptQuery, AttemptSummary, NoticeQuery, NoticeState, NoticeView,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::ApiCaller;
use super::body::JsonBody;
use super::operators::not_found;
use super::path::Named;
use super::problem::Problem;
use super::query::Listing;
use super::records::ListAnswer;
use crate::state::Shared;

/// An attempt to get a payment through a gateway.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentAttempt)]
pub struct AttemptAnswer {
    /// Identifier.
    #[schema(example = "att_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// What the provider calls it by.
    #[schema(example = "0123456789ABCDEFGHJK")]
    pub reference: String,
    /// Who pays.
    pub customer_id: String,
    /// By which gateway.
    pub gateway_id: String,
    /// `pay` (invoices) or `refill` (the balance).
    #[schema(value_type = String)]
    pub purpose: AttemptPurpose,
    /// `created`, `sent`, `needs_action`, `processing`, `unknown`, `succeeded` or `failed`.
    #[schema(value_type = String)]
    pub state: AttemptState,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// What is credited, in minor units.
    pub amount_minor: i64,
    /// What leaves the customer's account, with the surcharge, in minor units.
    pub charged_minor: i64,
    /// Why it failed, as the customer is told.
    #[schema(value_type = Option<String>, example = "insufficient_funds")]
    pub reason: Option<DeclineReason>,
    /// The provider's own word for that; where it was dismissed, the staff's reason.
    pub code: Option<String>,
    /// Why what the provider says was not credited: it is something else than was asked for.
    pub mismatch: Option<String>,
    /// Whether somebody has to look at it: what the provider says does not match, or has been
    /// missing for more than an hour.
    pub needs_a_look: bool,
    /// What the provider calls it.
    pub handle: Option<String>,
    /// The payment that it became.
    pub payment_id: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub begun_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// An attempt with what its own page shows beside.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentAttemptDetail)]
pub struct AttemptDetailAnswer {
    /// What lists show of it.
    #[serde(flatten)]
    pub attempt: AttemptAnswer,
    /// What of it is for which invoice.
    pub invoices: Vec<AttemptInvoiceAnswer>,
    /// The stored method that is charged.
    pub payment_method_id: Option<String>,
    /// Whether a new method is to be stored.
    pub keeps_method: bool,
    /// The network that it was begun from, as it is counted: of IPv6 a /64.
    #[schema(example = "192.0.2.7")]
    pub network: Option<String>,
    /// When the provider is asked again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_look_at: Option<Timestamp>,
}

/// What of an attempt is for one invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentAttemptInvoice)]
pub struct AttemptInvoiceAnswer {
    /// The invoice.
    pub invoice_id: String,
    /// Its number.
    pub number: Option<String>,
    /// How much, in minor units.
    pub amount_minor: i64,
}

/// Why an attempt is dismissed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptDismissalInput {
    /// For the staff: what was found, and how the money was given back; 1 to 500 characters.
    #[schema(example = "Paid twice; refunded at the provider.")]
    pub reason: String,
}

/// What a payment provider told by itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GatewayNotice)]
pub struct NoticeAnswer {
    /// Identifier.
    #[schema(example = "gwn_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// Which gateway it was sent to.
    pub gateway_id: String,
    /// The provider's identifier of the message.
    #[schema(example = "evt_1MqqbKLt4dXK03v5qaIbiNCC")]
    pub event_id: String,
    /// The provider's word for what happened.
    #[schema(example = "payment_intent.succeeded")]
    pub kind: String,
    /// `waiting`, `done`, `ignored` (it is about nothing of yours) or `given_up`.
    #[schema(value_type = String)]
    pub state: NoticeState,
    /// What came of it, in words for the staff.
    pub result: Option<String>,
    /// The attempt that it was about.
    pub attempt_id: Option<String>,
    /// How often it was worked on.
    pub tries: u32,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// When it is worked on next, where it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_try_at: Option<Timestamp>,
}

/// Which attempts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct AttemptFilterQuery {
    /// The reference, the provider's identifier of the payment, or what names a customer.
    pub q: Option<String>,
    /// Of this customer alone.
    #[param(value_type = Option<String>)]
    pub customer_id: Option<CustomerId>,
    /// At this gateway alone.
    #[param(value_type = Option<String>)]
    pub gateway_id: Option<GatewayId>,
    /// Those alone that stand so.
    #[param(value_type = Option<String>)]
    pub state: Option<AttemptState>,
    /// `pay` or `refill`.
    #[param(value_type = Option<String>)]
    pub purpose: Option<AttemptPurpose>,
    /// In this currency alone.
    #[param(value_type = Option<String>)]
    pub currency: Option<Currency>,
    /// Begun at this time (RFC 3339) or later.
    #[param(value_type = Option<String>)]
    pub from: Option<Timestamp>,
    /// Begun before this time.
    #[param(value_type = Option<String>)]
    pub before: Option<Timestamp>,
    /// `true`: those alone that somebody has to look at.
    pub needs_a_look: Option<bool>,
}

/// Which notices.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct NoticeFilterQuery {
    /// The provider's identifier of the message.
    pub event_id: Option<String>,
    /// Part of the provider's word for what happened, in any case.
    pub kind: Option<String>,
    /// Sent to this gateway alone.
    #[param(value_type = Option<String>)]
    pub gateway_id: Option<GatewayId>,
    /// Those alone that stand so.
    #[param(value_type = Option<String>)]
    pub state: Option<NoticeState>,
    /// Received at this time (RFC 3339) or later.
    #[param(value_type = Option<String>)]
    pub from: Option<Timestamp>,
    /// Received before this time.
    #[param(value_type = Option<String>)]
    pub before: Option<Timestamp>,
}

impl AttemptAnswer {
    fn new(it: AttemptSummary, now: Timestamp) -> Self {
        let (charged, reference) = (it.charged(), it.reference());
        let needs_a_look = it.standing().needs_a_look(now);
        let (reason, code) = it.decline.unzip();
        Self {
            id: it.id.to_string(),
            reference: reference.to_string(),
            customer_id: it.customer_id.to_string(),
            gateway_id: it.gateway_id.to_string(),
            purpose: it.purpose,
            state: it.state,
            currency: it.amount.currency(),
            amount_minor: it.amount.minor(),
            charged_minor: charged.minor(),
            reason,
            code,
            mismatch: it.mismatch,
            needs_a_look,
            handle: it.handle,
            payment_id: it.payment_id.map(|id| id.to_string()),
            begun_at: it.begun_at,
            updated_at: it.updated_at,
        }
    }
}

impl AttemptDetailAnswer {
    fn new(it: AttemptDetail, now: Timestamp) -> Self {
        let part = |part: AttemptPart| AttemptInvoiceAnswer {
            invoice_id: part.invoice_id.to_string(),
            number: part.number,
            amount_minor: part.amount.minor(),
        };
        Self {
            attempt: AttemptAnswer {
                id: it.id.to_string(),
                reference: it.reference.to_string(),
                customer_id: it.customer_id.to_string(),
                gateway_id: it.gateway.id.to_string(),
                purpose: it.purpose,
                state: it.state,
                currency: it.amount.currency(),
                amount_minor: it.amount.minor(),
                charged_minor: it.charged.minor(),
                reason: it.reason,
                code: it.code,
                mismatch: it.mismatch,
                needs_a_look: it.standing.needs_a_look(now),
                handle: it.handle,
                payment_id: it.payment_id.map(|id| id.to_string()),
                begun_at: it.begun_at,
                updated_at: it.updated_at,
            },
            invoices: it.parts.into_iter().map(part).collect(),
            payment_method_id: it.payment_method_id.map(|id| id.to_string()),
            keeps_method: it.keeps_method,
            network: it.network,
            next_look_at: it.next_look_at,
        }
    }
}

impl From<NoticeView> for NoticeAnswer {
    fn from(it: NoticeView) -> Self {
        Self {
            id: it.id.to_string(),
            gateway_id: it.gateway_id.to_string(),
            event_id: it.event_id,
            kind: it.kind,
            state: it.state,
            result: it.result,
            attempt_id: it.attempt_id.map(|id| id.to_string()),
            tries: it.tries,
            received_at: it.received_at,
            next_try_at: it.next_try_at,
        }
    }
}

/// `GET /api/v1/payment-attempts`: newest first.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Listing { limit, after, filter }: Listing<AttemptFilterQuery>,
) -> Result<Json<ListAnswer<AttemptAnswer>>, Problem> {
    let query = AttemptQuery {
        search: filter.q.unwrap_or_default(),
        customer: filter.customer_id,
        state: filter.state,
        gateway: filter.gateway_id,
        purpose: filter.purpose,
        currency: filter.currency,
        from: filter.from,
        before: filter.before,
        to_look_at: filter.needs_a_look.unwrap_or_default(),
        after,
        cursor: None,
        size: PageSize::try_from(limit).unwrap_or_default(),
    };
    let now = panel.core.now();
    let page = panel.core.payment_attempts(&caller.0, query).await?;
    let last = page.rows.last().filter(|_| page.next.is_some());
    let next = last.map(|it| After { created_at: it.begun_at, id: it.id.uuid() }.encode());
    let data = page.rows.into_iter().map(|it| AttemptAnswer::new(it, now)).collect();
    Ok(Json(ListAnswer { data, next_cursor: next }))
}

/// `GET /api/v1/payment-attempts/{id}`.
pub async fn find(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<AttemptDetailAnswer>, Problem> {
    let found = panel.core.payment_attempt(&caller.0, attempt_id(&key)?).await?;
    Ok(Json(AttemptDetailAnswer::new(found, panel.core.now())))
}

/// `POST /api/v1/payment-attempts/{id}/look`: asks the provider how it stands.
pub async fn look(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<AttemptDetailAnswer>, Problem> {
    caller.check_answer()?;
    let found = panel.core.look_at_payment_attempt(&caller.0, attempt_id(&key)?).await?;
    Ok(Json(AttemptDetailAnswer::new(found, panel.core.now())))
}

/// `POST /api/v1/payment-attempts/{id}/dismiss`: closes one whose payment does not match.
pub async fn dismiss(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<Json<AttemptDetailAnswer>, Problem> {
    caller.check_answer()?;
    let AttemptDismissalInput { reason } = body.parse()?;
    let id = attempt_id(&key)?;
    let found = panel.core.dismiss_payment_attempt(&caller.0, id, &reason).await?;
    Ok(Json(AttemptDetailAnswer::new(found, panel.core.now())))
}

/// `GET /api/v1/gateway-notices`: newest first.
pub async fn notices(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Listing { limit, after, filter }: Listing<NoticeFilterQuery>,
) -> Result<Json<ListAnswer<NoticeAnswer>>, Problem> {
    let query = NoticeQuery {
        search: filter.event_id.unwrap_or_default(),
        kind: filter.kind.unwrap_or_default(),
        state: filter.state,
        gateway: filter.gateway_id,
        from: filter.from,
        before: filter.before,
        after,
        cursor: None,
        size: PageSize::try_from(limit).unwrap_or_default(),
    };
    let page = panel.core.gateway_notices(&caller.0, query).await?;
    let last = page.rows.last().filter(|_| page.next.is_some());
    let next = last.map(|it| After { created_at: it.received_at, id: it.id.uuid() }.encode());
    let data = page.rows.into_iter().map(NoticeAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: next }))
}

/// `GET /api/v1/gateway-notices/{id}`.
pub async fn notice(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<NoticeAnswer>, Problem> {
    Ok(Json(panel.core.gateway_notice(&caller.0, notice_id(&key)?).await?.into()))
}

/// `POST /api/v1/gateway-notices/{id}/replay`: has it worked on again.
pub async fn replay(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<NoticeAnswer>, Problem> {
    caller.check_answer()?;
    Ok(Json(panel.core.replay_gateway_notice(&caller.0, notice_id(&key)?).await?.into()))
}

fn attempt_id(key: &RecordKey) -> Result<AttemptId, Problem> {
    key.id().ok_or_else(not_found)
}

fn notice_id(key: &RecordKey) -> Result<GatewayNoticeId, Problem> {
    key.id().ok_or_else(not_found)
}
