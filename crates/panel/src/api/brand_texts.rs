//! A brand's own words on its pages: `/api/v1/brands/{id}/texts`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use portico_billing::brand::BrandText;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::brand_mail::{brand_id, language_of, not_found, refused};
use super::problem::Problem;
use super::records::ListAnswer;
use crate::state::Shared;

/// A text of the portal in a brand's own words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrandText)]
pub struct TextAnswer {
    /// The language.
    pub language: String,
    /// Which text.
    pub key: String,
    /// Its words, as a pattern of Fluent.
    pub text: String,
}

/// The words of a text.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = BrandTextInput)]
#[serde(deny_unknown_fields)]
pub struct TextBody {
    /// A pattern of Fluent, with the arguments of the shipped text.
    pub text: String,
}

/// `GET /api/v1/brands/{id}/texts`: those in the brand's own words.
pub async fn texts(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<ListAnswer<TextAnswer>>, Problem> {
    let own = panel.core.own_texts(&caller.0, brand_id(&id)?).await?;
    let answer = |it: BrandText| TextAnswer {
        language: it.language.to_string(),
        key: it.key,
        text: it.text,
    };
    let data = own.into_iter().map(answer).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

/// `PUT /api/v1/brands/{id}/texts/{language}/{key}`.
pub async fn save_text(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path((id, language, key)): Path<(String, String, String)>,
    body: JsonBody,
) -> Result<StatusCode, Problem> {
    let text = body.parse::<TextBody>()?.text.trim().to_owned();
    let language = language_of(&panel, &language)?;
    match panel.ui.catalogue().check(&key, &text) {
        Ok(()) => {}
        Err(None) => return Err(not_found()),
        Err(Some(fault)) => return Err(refused(&panel, std::iter::once(fault.into()))),
    }
    let text = BrandText { language, key, text };
    panel.core.save_own_text(&caller.0, brand_id(&id)?, &text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/brands/{id}/texts/{language}/{key}`.
pub async fn reset_text(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path((id, language, key)): Path<(String, String, String)>,
) -> Result<StatusCode, Problem> {
    let language = language_of(&panel, &language)?;
    panel.core.reset_own_text(&caller.0, brand_id(&id)?, (&language, &key)).await?;
    Ok(StatusCode::NO_CONTENT)
}
