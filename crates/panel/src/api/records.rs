//! Records: one set of handlers for every noun.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use portico_core::records::{
    BatchOutcome, MAX_BATCH, Outcome, Record, Rejection, Saved, Target, parse_input,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::path::Named;
use super::problem::{Problem, ProblemBody, ProblemKind};
use super::query::Listing;
use crate::state::Shared;

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct ListAnswer<T> {
    /// The records, newest first.
    pub data: Vec<T>,
    /// `cursor` of the next page; `null` on the last one.
    pub next_cursor: Option<String>,
}

impl<T> ListAnswer<T> {
    /// A page with nothing on it.
    #[must_use]
    pub const fn empty() -> Self {
        Self { data: Vec::new(), next_cursor: None }
    }
}

/// `POST /{plural}`: creates, or updates what the `external_id` names.
pub async fn create<R: Record>(
    State(panel): State<Shared>,
    caller: ApiCaller,
    body: JsonBody,
) -> Result<Response, Problem> {
    let input = parse_input::<R>(body.0)?;
    let saved = panel.core.save_record::<R>(&caller.0, Target::New, input).await?;
    Ok(answer(saved))
}

/// `GET /{plural}`.
pub async fn list<R: Record>(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Listing { limit, after, filter }: Listing<R::Filter>,
) -> Result<Json<ListAnswer<R::Output>>, Problem> {
    let (data, next) = panel.core.list_records::<R>(&caller.0, &filter, after, limit).await?;
    Ok(Json(ListAnswer { data, next_cursor: next.map(|after| after.encode()) }))
}

/// `GET /{plural}/{id}`.
pub async fn find<R: Record>(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<R::Output>, Problem> {
    Ok(Json(panel.core.find_record::<R>(&caller.0, &key).await?))
}

/// `PUT /{plural}/{id}`: the record becomes what is sent.
pub async fn replace<R: Record>(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<Response, Problem> {
    let input = parse_input::<R>(body.0)?;
    let target = Target::Existing(key);
    let saved = panel.core.save_record::<R>(&caller.0, target, input).await?;
    Ok(answer(saved))
}

/// `PATCH /{plural}/{id}`: what is sent is merged into the record (RFC 7396).
pub async fn patch<R: Record>(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<Response, Problem> {
    // A merge patch that is no object would replace the record as a whole.
    if !body.0.is_object() {
        return Err(Rejection::field("", "must be a JSON object").into());
    }
    let saved = panel.core.patch_record::<R>(&caller.0, &key, &body.0).await?;
    Ok(answer(saved))
}

/// Up to 1,000 records.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    data: Vec<Value>,
}

#[derive(Serialize)]
struct BatchAnswer {
    data: Vec<BatchLine>,
    summary: BatchOutcome,
}

/// What became of one record of a batch.
#[derive(Serialize)]
struct BatchLine {
    index: usize,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ProblemBody>,
}

/// `POST /{plural}/batch`: up to 1,000 records; the good ones go in, each bad one says why not.
pub async fn batch<R: Record>(
    State(panel): State<Shared>,
    caller: ApiCaller,
    body: JsonBody,
) -> Result<Response, Problem> {
    let Batch { data } = body.parse()?;
    if data.len() > MAX_BATCH {
        let detail =
            format!("a batch has at most {MAX_BATCH} records; this one has {}", data.len());
        return Err(Problem::new(ProblemKind::TooLarge, detail));
    }
    let items = panel.core.save_batch::<R>(&caller.0, data).await?;
    let mut summary = BatchOutcome::default();
    let mut lines = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        summary.count(&item);
        lines.push(BatchLine::new(index, item.result));
    }
    Ok(Json(BatchAnswer { data: lines, summary }).into_response())
}

impl BatchLine {
    fn new<T: Serialize>(index: usize, result: Result<Saved<T>, Rejection>) -> Self {
        match result {
            Ok(saved) => {
                let record = serde_json::to_value(&saved.output).ok();
                let id = record.as_ref().and_then(|record| record.get("id").cloned());
                Self { index, status: status(saved.outcome), id, record, error: None }
            }
            Err(rejection) => {
                let error = Some(Problem::from(rejection).body());
                Self { index, status: "rejected", id: None, record: None, error }
            }
        }
    }
}

const fn status(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Updated => "updated",
        Outcome::Unchanged => "unchanged",
    }
}

fn answer<T: Serialize>(saved: Saved<T>) -> Response {
    let status = match saved.outcome {
        Outcome::Created => StatusCode::CREATED,
        Outcome::Updated | Outcome::Unchanged => StatusCode::OK,
    };
    (status, Json(saved.output)).into_response()
}
