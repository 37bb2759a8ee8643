//! The page of the provider within the program, for those who pay by a link.

use axum::extract::Path;
use portico_billing::gateway::Reference;
use portico_core_api::SandboxView;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::{LinkCookie, over, refused};
use crate::answer::{Answer, redirect};
use crate::entry::SafeHere;
use crate::paths;
use crate::pay::sandbox::{ChoiceForm, SandboxPage};
use crate::samples::{eur, id};

/// What can be had happen.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LinkedSandboxPage {
    #[serde(flatten)]
    sandbox: SandboxPage,
}

/// GET: the page.
pub(crate) async fn show(
    SafeHere(here): SafeHere,
    cookie: LinkCookie,
    Path(reference): Path<String>,
) -> Answer {
    let asked = cookie.holder(&here, None).zip(reference.parse::<Reference>().ok());
    let Some((holder, reference)) = asked else { return over(&here) };
    match here.portal.core().linked_sandbox(&holder, &reference).await {
        Ok(view) => here.page(&LinkedSandboxPage { sandbox: SandboxPage::new(&reference, view) }),
        Err(refusal) => refused(&here, refusal),
    }
}

/// POST: has it happen, and leads back as a provider does.
pub(crate) async fn choose(
    SafeHere(here): SafeHere,
    cookie: LinkCookie,
    Path(reference): Path<String>,
    form: CheckedForm<ChoiceForm>,
) -> Answer {
    let asked = cookie.holder(&here, None).zip(reference.parse::<Reference>().ok());
    let Some((holder, reference)) = asked else { return over(&here) };
    let (core, choice) = (here.portal.core(), form.into_inner().choice);
    match core.choose_in_linked_sandbox(&holder, &reference, &choice).await {
        Ok(attempt) => Ok(redirect(&paths::linked_return(attempt))),
        Err(refusal) => refused(&here, refusal),
    }
}

impl Page for LinkedSandboxPage {
    const TEMPLATE: &'static str = "portal/linked/sandbox.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |open| {
            let choices = vec!["pay".to_owned(), "decline".to_owned()];
            let view = SandboxView { attempt: id(80), money: Some(eur(12_100)), open, choices };
            Self { sandbox: SandboxPage::new(&Reference::of(id(80)), view) }
        };
        vec![Sample::new("typical", page(true)), Sample::new("over", page(false))]
    }
}
