//! What a brand gives its pages: style sheets, script, pictures.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use portico_billing::AssetId;
use portico_ui::errors::Problem;

use crate::answer::Answer;
use crate::here::Here;

/// Opened by itself, a file of a brand is a page that may do nothing.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
const DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// GET: the brand's style sheet. Its address changes with it, so that it may be kept.
pub(crate) async fn theme(here: Here) -> Response {
    text("text/css; charset=utf-8", here.site.theme_css.clone())
}

/// GET: the brand's own style sheet, as the cage let it out.
pub(crate) async fn custom_css(here: Here) -> Answer {
    found("text/css; charset=utf-8", &here.site.custom_css)
}

/// GET: the brand's own script. That it is here runs it nowhere: pages that take it name it.
pub(crate) async fn script(here: Here) -> Answer {
    found("text/javascript; charset=utf-8", &here.site.code)
}

/// GET: a picture that the brand shows.
pub(crate) async fn picture(here: Here, Path(id): Path<String>) -> Answer {
    let id: AssetId = id.parse().map_err(|_| Problem::NotFound)?;
    let asset = here.portal.core().brand_asset(here.brand.id, id).await?;
    let kind = HeaderValue::from_str(&asset.content_type).map_err(|_| Problem::NotFound)?;
    Ok((dressed(kind, FOREVER), asset.bytes).into_response())
}

fn found(kind: &'static str, content: &Bytes) -> Answer {
    if content.is_empty() {
        return Err(Problem::NotFound.into());
    }
    Ok(text(kind, content.clone()))
}

fn text(kind: &'static str, content: Bytes) -> Response {
    (dressed(HeaderValue::from_static(kind), DAY), content).into_response()
}

fn dressed(kind: HeaderValue, kept: HeaderValue) -> [(HeaderName, HeaderValue); 3] {
    [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, kept),
        (header::CONTENT_SECURITY_POLICY, NOTHING),
    ]
}
