//! Giving payments back, by API.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use portico_billing::refund::RefundState;
use portico_core::records::SentForm;
use portico_core::refunds::{RefundInput, RefundTo, RefundView};
use serde::Serialize;
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::idempotency::HEADER;
use super::path::Named;
use super::problem::Problem;
use crate::state::{Shared, only};

/// How giving a payment back stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentRefund)]
pub struct RefundAnswer {
    /// Identifier of the order; `null` of what went to the balance.
    #[schema(example = "rfd_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: Option<String>,
    /// The payment.
    #[schema(example = "pay_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub payment_id: String,
    /// `method` or `balance`.
    #[schema(value_type = String, example = "method")]
    pub to: RefundTo,
    /// `succeeded`, `processing` (the gateway works on it, or has not answered: it is asked again
    /// until it is known) or `failed`.
    #[schema(example = "succeeded")]
    pub status: &'static str,
    /// How much, in minor units.
    #[schema(example = 2_500)]
    pub amount_minor: i64,
    /// ISO 4217 code.
    #[schema(example = "EUR")]
    pub currency: String,
    /// Why it was given back.
    pub reason: Option<String>,
    /// Why it failed: `insufficient_funds`, `too_much`, `unavailable` …
    pub failure_reason: Option<&'static str>,
    /// The same in the provider's own word.
    pub failure_code: Option<String>,
    /// The refund among the payments, once it succeeded.
    pub refund_id: Option<String>,
    /// When it was ordered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<RefundView> for RefundAnswer {
    fn from(it: RefundView) -> Self {
        let (reason, code) = it.decline.unzip();
        Self {
            id: it.id.map(|id| id.to_string()),
            payment_id: it.payment_id.to_string(),
            to: it.to,
            status: match it.state {
                RefundState::Succeeded => "succeeded",
                RefundState::Failed => "failed",
                RefundState::Sent | RefundState::Processing | RefundState::Unknown => "processing",
            },
            amount_minor: it.amount.minor(),
            currency: it.amount.currency().code().to_owned(),
            reason: it.reason,
            failure_reason: reason.map(|reason| reason.as_str()),
            failure_code: code,
            refund_id: it.refund_id.map(|id| id.to_string()),
            created_at: it.asked_at,
        }
    }
}

/// `POST /api/v1/payments/{id}/refund`: through the gateway, or to the balance.
pub async fn refund(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<(StatusCode, Json<RefundAnswer>), Problem> {
    let input: RefundInput = body.parse()?;
    let sent = sent(&panel, &headers, (key.as_str(), &input));
    let refund = panel.core.refund_payment(&caller.0, &sent, (&key, &input)).await?;
    Ok((StatusCode::CREATED, Json(refund.into())))
}

/// The request's own key goes into the unit of work that stores the order: where the program stops
/// before it has answered, the same request orders nothing more (PAY-04). No key that is sent has a
/// space.
fn sent(panel: &Shared, headers: &HeaderMap, (payment, input): (&str, &RefundInput)) -> SentForm {
    let key = only(headers, HEADER).map(|key| format!("refund {key}"));
    let key = key.unwrap_or_else(|| panel.core.form_key());
    let what = serde_json::to_string(input).unwrap_or_default();
    SentForm::new(key, [("payment", payment), ("refund", what.as_str())].into_iter())
}
