//! Settling invoices by credit of their customer, by API.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use portico_core::records::SentForm;
use portico_core::{CreditInput, CreditUseOutput};

use super::access::ApiCaller;
use super::body::JsonBody;
use super::idempotency::HEADER;
use super::path::Named;
use super::problem::Problem;
use crate::state::{Shared, only};

/// `POST /api/v1/invoices/{id}/credit`.
pub async fn settle(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<(StatusCode, Json<CreditUseOutput>), Problem> {
    let input: CreditInput = body.parse()?;
    let sent = sent(&panel, &headers, (key.as_str(), input));
    let used = panel.core.settle_by_credit(&caller.0, &sent, (&key, input)).await?;
    Ok((StatusCode::CREATED, Json(used)))
}

/// The request's own key goes into the unit of work that settles: where the program stops before it
/// has answered, the same request uses no credit again (PAY-04). No key that is sent has a space.
fn sent(panel: &Shared, headers: &HeaderMap, (invoice, input): (&str, CreditInput)) -> SentForm {
    let key = only(headers, HEADER).map(|key| format!("credit {key}"));
    let key = key.unwrap_or_else(|| panel.core.form_key());
    let what = serde_json::to_string(&input).unwrap_or_default();
    SentForm::new(key, [("invoice", invoice), ("credit", what.as_str())].into_iter())
}
