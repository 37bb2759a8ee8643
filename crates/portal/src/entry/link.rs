//! Session links: what the organisation's software gives to a customer. The first GET enters.

use axum::extract::Path;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::IntoResponse;
use portico_core_api::EntryError;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;
use uuid::Uuid;

use super::{SafeHere, Who, is_same, link_refused};
use crate::answer::{Answer, with_cookie};
use crate::here::Here;
use crate::params::Params;
use crate::preferences;

/// Somebody is signed in, and the link is for somebody else.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SwitchPage {
    token: String,
    present: Who,
    wanted: Who,
}

impl Page for SwitchPage {
    const TEMPLATE: &'static str = "portal/entry/switch.html";

    fn samples() -> Vec<Sample<Self>> {
        let token = || "Zm9v_YmFy".to_owned();
        let wanted = Who { contact: None, email: None, ..Who::sample() };
        vec![
            Sample::new("to-customer", Self { token: token(), present: Who::sample(), wanted }),
            Sample::new(
                "right-to-left",
                Self { token: token(), present: Who::extreme(), wanted: Who::sample() },
            ),
        ]
    }
}

/// GET: `/session/{token}`.
pub(crate) async fn open(
    SafeHere(here): SafeHere,
    method: Method,
    headers: HeaderMap,
    Path(segment): Path<String>,
) -> Answer {
    if is_probe(&method, &headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    follow(&here, token_of(&segment)).await
}

/// GET: `/p/authenticate?token=…`, as Treli's portal writes it.
pub(crate) async fn open_treli(
    SafeHere(here): SafeHere,
    method: Method,
    headers: HeaderMap,
    params: Params,
) -> Answer {
    if is_probe(&method, &headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    follow(&here, token_of(params.get("token"))).await
}

/// POST: yes, enter as the other one.
pub(crate) async fn confirm(
    SafeHere(here): SafeHere,
    Path(segment): Path<String>,
    _checked: CheckedForm<Params>,
) -> Answer {
    enter(&here, token_of(&segment)).await
}

/// What looks at an address without anybody behind it must not use up the link.
pub(crate) fn is_probe(method: &Method, headers: &HeaderMap) -> bool {
    let purpose = ["sec-purpose", "purpose"].into_iter().filter_map(|name| headers.get(name));
    let ahead = |value: &axum::http::HeaderValue| value.as_bytes().starts_with(b"prefetch");
    *method == Method::HEAD || purpose.into_iter().any(ahead)
}

async fn follow(here: &Here, token: &str) -> Answer {
    let Some(visit) = here.visit().await? else { return enter(here, token).await };
    match here.portal.core().preview_session_link(here.brand.id, token).await {
        Ok(preview) if is_same(&visit, &preview) => enter(here, token).await,
        Ok(preview) => {
            // Asked in the language of who is there and has to answer.
            let here = here.clone().with_link_language(visit.language.as_ref());
            let (present, wanted) = (Who::from(&visit), Who::from(preview));
            here.page(&SwitchPage { token: token.to_owned(), present, wanted })
        }
        Err(error) => link_refused(here, error).await,
    }
}

async fn enter(here: &Here, token: &str) -> Answer {
    let core = here.portal.core();
    match core.enter_by_session_link(here.brand.id, token, here.client()).await {
        Ok(signed_in) => {
            // The language that the link asks for counts, not one that was chosen before.
            let asked = signed_in.language.is_some();
            let cookie = if asked { preferences::forget_language(&here.origin) } else { None };
            Ok(with_cookie(here.begin_session(signed_in, "").await?, cookie))
        }
        Err(error @ EntryError::LinkOver { .. }) => link_refused(here, error).await,
        Err(error) => Err(error.into()),
    }
}

/// The secret part of a link: all of it, or what follows organisation and customer as Zenskar's
/// links have it. The secret itself may hold underscores.
fn token_of(segment: &str) -> &str {
    let mut parts = segment.splitn(3, '_');
    let is_uuid = |part: Option<&str>| part.is_some_and(|part| Uuid::try_parse(part).is_ok());
    match (is_uuid(parts.next()), is_uuid(parts.next()), parts.next()) {
        (true, true, Some(token)) => token,
        _ => segment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_found_in_each_form_of_a_link() {
        let organisation = "063f8b97-f795-4f0b-89b4-88b114c83f44";
        let customer = "019a9a44-0000-7000-8000-000000000001";
        for secret in ["abc", "a_b-c_", "_"] {
            let link = format!("{organisation}_{customer}_{secret}");
            assert_eq!(token_of(&link), secret);
            assert_eq!(token_of(secret), secret);
        }
        for odd in ["", "__", "a_b_c", &format!("{organisation}_x_secret")] {
            assert_eq!(token_of(odd), odd);
        }
    }
}
