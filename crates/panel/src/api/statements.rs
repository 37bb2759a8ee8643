//! Statements of account, by API.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use portico_billing::Currency;
use portico_core::records::customer::CustomerRecord;
use portico_core_api::{Fault, FieldFault, Refusal, StatementQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use super::access::ApiCaller;
use super::operators::not_found;
use super::path::Named;
use super::problem::{Problem, ProblemKind};
use super::query::Options;
use crate::staff::answer::download;
use crate::state::Shared;

/// Which statement.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct StatementOptions {
    /// ISO 4217 code; the customer's own currency where absent.
    #[param(value_type = Option<String>)]
    pub currency: Option<Currency>,
    /// The first day (of movements, UTC); from the very beginning where absent.
    #[param(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The last day; today where absent.
    #[param(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
}

/// `GET /api/v1/customers/{id}/statement.pdf`.
pub async fn pdf(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    Options(StatementOptions { currency, from, to }): Options<StatementOptions>,
) -> Result<Response, Problem> {
    caller.check_answer()?;
    let id = match key.id() {
        Some(id) => id,
        None => panel.core.find_record::<CustomerRecord>(&caller.0, &key).await?.id,
    };
    let query = StatementQuery { currency, from, until: to, ..StatementQuery::default() };
    let made = panel.core.statement_pdf_for_staff(&caller.0, id, query).await;
    made.map(download).map_err(refused)
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Invalid { faults } => {
            let problem = Problem::new(ProblemKind::Invalid, "the statement cannot be printed");
            faults.into_iter().fold(problem, |problem, found| said(problem, &found))
        }
        Refusal::TooMany { retry_after } => Problem::too_many(retry_after.as_secs().max(1)),
        Refusal::Unavailable { reference } => Problem::internal(reference),
        Refusal::NotFound | Refusal::NotPermitted | Refusal::SignedOut { .. } => not_found(),
    }
}

fn said(problem: Problem, found: &FieldFault) -> Problem {
    match &found.fault {
        Fault::TooLong { max } => {
            problem.at("from", format!("there are more than {max} lines; ask for fewer days"))
        }
        _ => problem.at("to", "must not be before `from`"),
    }
}
