//! The page of the provider within the program: play money, for demonstrations and trials.

use axum::extract::Path;
use portico_billing::gateway::Reference;
use portico_billing::{AttemptId, Money};
use portico_core_api::SandboxView;
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, Page, Sample};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, redirect};
use crate::paths;
use crate::samples::{eur, id, kwd};
use crate::visitor::Visitor;

/// The words of `choices` that have a text of their own.
const KNOWN: [&str; 6] = ["pay", "decline", "challenge", "delay", "lose", "cancel"];

/// What can be had happen.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SandboxPage {
    reference: String,
    attempt: AttemptId,
    money: Option<Money>,
    open: bool,
    choices: Vec<String>,
}

impl SandboxPage {
    pub(crate) fn new(reference: &Reference, view: SandboxView) -> Self {
        let mut choices = view.choices;
        choices.retain(|word| KNOWN.contains(&word.as_str()));
        Self {
            reference: reference.to_string(),
            attempt: view.attempt,
            money: view.money,
            open: view.open,
            choices,
        }
    }
}

/// The one field of the form: the button that was pressed.
#[derive(Deserialize)]
pub(crate) struct ChoiceForm {
    #[serde(default)]
    pub(crate) choice: String,
}

/// GET: the page.
pub(crate) async fn show(visitor: Visitor, Path(reference): Path<String>) -> Answer {
    let reference: Reference = reference.parse().map_err(|_| Problem::NotFound)?;
    let view = visitor.core().sandbox(&visitor.secret, &reference).await?;
    visitor.page(&SandboxPage::new(&reference, view))
}

/// POST: has it happen, and leads back as a provider does.
pub(crate) async fn choose(
    visitor: Visitor,
    Path(reference): Path<String>,
    form: CheckedForm<ChoiceForm>,
) -> Answer {
    let reference: Reference = reference.parse().map_err(|_| Problem::NotFound)?;
    let choice = form.into_inner().choice;
    let core = visitor.core();
    let attempt = core.choose_in_sandbox(&visitor.secret, &reference, &choice).await?;
    Ok(redirect(&paths::attempt_return(attempt)))
}

impl Page for SandboxPage {
    const TEMPLATE: &'static str = "portal/pay/sandbox.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |money, open| {
            let choices = KNOWN.into_iter().chain(["unknown"]).map(str::to_owned).collect();
            let view = SandboxView { attempt: id(80), money, open, choices };
            Self::new(&Reference::of(id(80)), view)
        };
        vec![
            Sample::new("typical", page(Some(eur(64_262)), true)),
            Sample::new("over", page(Some(eur(64_262)), false)),
            Sample::new("store", page(None, true)),
            Sample::new("extreme", page(Some(kwd(9_876_543_210)), true)),
        ]
    }
}
