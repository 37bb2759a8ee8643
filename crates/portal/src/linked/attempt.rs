//! How an attempt to pay by a link stands.

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use portico_billing::attempt::AttemptState;
use portico_billing::gateway::DeclineReason;
use portico_billing::{AttemptId, PayLinkId};
use portico_core_api::{AttemptView, LeadsTo, Refusal};
use portico_ui::errors::Problem;
use portico_ui::paths::with_query;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::{LinkCookie, over, refused};
use crate::answer::{Answer, redirect};
use crate::entry::SafeHere;
use crate::here::Here;
use crate::params::Params;
use crate::paths;
use crate::pay::attempt::{AttemptPage, Leg, sample};
use crate::samples::id;

/// The attempt.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LinkedAttemptPage {
    #[serde(flatten)]
    attempt: AttemptPage,
    link: PayLinkId,
    /// Whether the invoice can still be paid by the link.
    open: bool,
}

/// GET: how it stands, with the same parameters as the page of those who are signed in.
pub(crate) async fn show(
    SafeHere(here): SafeHere,
    cookie: LinkCookie,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    let asked = cookie.holder(&here, None).zip(id.parse::<AttemptId>().ok());
    let Some((holder, id)) = asked else { return over(&here) };
    match here.portal.core().linked_attempt(&holder, id).await {
        Ok(it) => {
            let here = here.with_link_language(Some(&it.link.language));
            let attempt = AttemptPage::new(it.view, Leg::of(&params));
            let attempt = attempt.in_frame(here.origin.is_embedded());
            let page = LinkedAttemptPage { attempt, link: it.link.id, open: it.open };
            Ok(page.attempt.with_target(here.page(&page)?))
        }
        Err(refusal) => refused(&here, refusal),
    }
}

/// GET: the word of its state, for the script that waits for another one.
pub(crate) async fn state(
    SafeHere(here): SafeHere,
    cookie: LinkCookie,
    Path(id): Path<String>,
) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let holder = cookie.holder(&here, None).ok_or(Problem::NotFound)?;
    let it = here.portal.core().linked_attempt(&holder, id).await?;
    let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((text, it.view.state.as_str()).into_response())
}

/// GET: whoever paid comes back from the provider.
pub(crate) async fn come_back(
    SafeHere(here): SafeHere,
    cookie: LinkCookie,
    Path(id): Path<String>,
) -> Answer {
    look(&here, cookie, (id.as_str(), "1")).await
}

/// GET: whoever wanted to pay turned back there.
pub(crate) async fn turn_back(
    SafeHere(here): SafeHere,
    cookie: LinkCookie,
    Path(id): Path<String>,
) -> Answer {
    look(&here, cookie, (id.as_str(), "")).await
}

/// That somebody comes back says nothing: the provider is asked.
async fn look(here: &Here, cookie: LinkCookie, (id, back): (&str, &str)) -> Answer {
    let asked = cookie.holder(here, None).zip(id.parse::<AttemptId>().ok());
    let Some((holder, id)) = asked else { return over(here) };
    match here.portal.core().look_at_linked_attempt(&holder, id).await {
        Ok(_) | Err(Refusal::TooMany { .. } | Refusal::Unavailable { .. }) => {
            Ok(redirect(&with_query(&paths::linked_attempt(id), [("back", back)])))
        }
        Err(refusal) => refused(here, refusal),
    }
}

impl Page for LinkedAttemptPage {
    const TEMPLATE: &'static str = "portal/linked/attempt.html";

    fn samples() -> Vec<Sample<Self>> {
        let page =
            |view, leg, open| Self { attempt: AttemptPage::new(view, leg), link: id(90), open };
        let in_state = |state| AttemptView { state, ..sample() };
        let field = ("token".to_owned(), "\"<x>".to_owned());
        let form = |to: LeadsTo| LeadsTo { fields: vec![field], ..to };
        let form = AttemptView { leads_to: sample().leads_to.map(form), ..sample() };
        let failed = AttemptView {
            reason: Some(DeclineReason::InsufficientFunds),
            ..in_state(AttemptState::Failed)
        };
        let test = AttemptView { test: true, ..in_state(AttemptState::Unknown) };
        vec![
            Sample::new("typical", page(in_state(AttemptState::Succeeded), Leg::Here, false)),
            Sample::new("needs-action", page(sample(), Leg::Here, true)),
            Sample::new("goes", page(sample(), Leg::There, true)),
            Sample::new("back", page(sample(), Leg::Back, true)),
            Sample::new("form", page(form, Leg::There, true)),
            Sample::new("waiting", page(test, Leg::Here, true)),
            Sample::new("failed", page(failed.clone(), Leg::Here, true)),
            Sample::new("failed-and-over", page(failed, Leg::Here, false)),
        ]
    }
}
