//! Contracts with their text and its revisions.

use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use portico_billing::ContractId;
use portico_billing::contract::{Contract, ContractRevision, ContractStatus};
use portico_billing::page::Page as Rows;
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use serde::Serialize;

use crate::answer::Answer;
use crate::listing::{Asked, Listing};
use crate::params::Params;
use crate::samples::{LONG, MARKUP, RTL, at, id};
use crate::visitor::Visitor;

/// A contract as shown.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ContractItem {
    id: ContractId,
    name: String,
    status: ContractStatus,
    starts_on: Option<Date>,
    /// The last day in force; the stored end is the day after.
    last_day: Option<Date>,
    signed_at: Option<Timestamp>,
    signed_by: Option<String>,
    revision: u32,
}

impl From<Contract> for ContractItem {
    fn from(contract: Contract) -> Self {
        Self {
            id: contract.id,
            name: contract.name,
            status: contract.status,
            starts_on: contract.starts_on,
            last_day: contract.ends_on.and_then(|day| day.yesterday().ok()),
            signed_at: contract.signed_at,
            signed_by: contract.signed_by,
            revision: contract.revision,
        }
    }
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ContractsPage {
    list: Listing<ContractItem>,
}

/// One contract.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ContractPage {
    contract: ContractItem,
    /// The revision that is read, as paragraphs.
    shown: Option<RevisionView>,
    /// All revisions, newest first.
    revisions: Vec<RevisionLine>,
}

#[derive(Debug, Clone, Serialize)]
struct RevisionView {
    revision: u32,
    paragraphs: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct RevisionLine {
    revision: u32,
    created_at: Timestamp,
}

impl ContractPage {
    /// Shows the revision that is asked for, else the newest.
    fn new(contract: Contract, revisions: &[ContractRevision], asked: Option<u32>) -> Self {
        let wanted = revisions.iter().find(|revision| Some(revision.revision) == asked);
        let shown = wanted.or(revisions.first()).map(|revision| RevisionView {
            revision: revision.revision,
            paragraphs: paragraphs(&revision.body),
        });
        let line = |revision: &ContractRevision| RevisionLine {
            revision: revision.revision,
            created_at: revision.created_at,
        };
        Self { contract: contract.into(), shown, revisions: revisions.iter().map(line).collect() }
    }
}

/// Blank lines part paragraphs.
fn paragraphs(body: &str) -> Vec<String> {
    let body = body.replace("\r\n", "\n");
    let texts = body.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    texts.map(str::to_owned).collect()
}

/// GET: the list.
pub(crate) async fn list(visitor: Visitor, params: Params) -> Answer {
    let mut asked = Asked::new(&params);
    let query = asked.plain::<ContractStatus>();
    let rows = visitor.core().contracts(&visitor.secret, query).await?;
    visitor.page(&ContractsPage { list: asked.listing(rows, |view| view.contract.into()) })
}

/// GET: one of them, at the revision that is asked for.
pub(crate) async fn show(visitor: Visitor, Path(id): Path<String>, params: Params) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let (view, revisions) = visitor.core().contract(&visitor.secret, id).await?;
    let asked = params.get("revision").parse().ok();
    visitor.page(&ContractPage::new(view.contract, &revisions, asked))
}

impl Page for ContractsPage {
    const TEMPLATE: &'static str = "portal/contracts/list.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, rows| {
            let params = Params::of_query(query);
            let mut asked = Asked::new(&params);
            let _ = asked.plain::<ContractStatus>();
            let rows = Rows { rows, next: None, previous: None };
            Self { list: asked.listing(rows, ContractItem::from) }
        };
        vec![
            Sample::new("empty", page("", Vec::new())),
            Sample::new("typical", page("", contracts())),
            Sample::new("nothing-found", page("status=disputed", Vec::new())),
        ]
    }
}

impl Page for ContractPage {
    const TEMPLATE: &'static str = "portal/contracts/detail.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let revision = |revision, body: &str| ContractRevision {
            revision,
            body: body.to_owned(),
            created_at: at(date(2026, 1, 1)),
        };
        let texts = [
            revision(2, "1. Scope\n\nThe provider runs the service.\n\n2. Term\n\nTwelve months."),
            revision(1, "1. Scope\n\nThe provider runs the service."),
        ];
        let extreme = [revision(1, &format!("{RTL}\n\n{LONG}\n\n{MARKUP}"))];
        let mut all = contracts();
        let page =
            |contract, revisions: &[ContractRevision], asked| Self::new(contract, revisions, asked);
        vec![
            Sample::new("typical", page(all[0].clone(), &texts, None)),
            Sample::new("older-revision", page(all[0].clone(), &texts, Some(1))),
            Sample::new("without-text", page(all[1].clone(), &[], None)),
            Sample::new("extreme", page(all.swap_remove(4), &extreme, None)),
        ]
    }
}

fn contracts() -> Vec<Contract> {
    let signed = Contract {
        id: id(100),
        customer_id: id(1),
        external_id: None,
        name: "Master service agreement".to_owned(),
        status: ContractStatus::Active,
        starts_on: Some(date(2026, 1, 1)),
        ends_on: Some(date(2027, 1, 1)),
        signed_at: Some(at(date(2025, 12, 12))),
        signed_by: Some("Ana María Núñez".to_owned()),
        revision: 2,
        metadata: Default::default(),
        created_at: at(date(2025, 12, 1)),
        updated_at: at(date(2026, 1, 1)),
    };
    let open = Contract {
        id: id(101),
        status: ContractStatus::Paused,
        starts_on: None,
        ends_on: None,
        signed_at: None,
        signed_by: None,
        revision: 0,
        ..signed.clone()
    };
    let expired = Contract { id: id(102), status: ContractStatus::Expired, ..signed.clone() };
    let disputed = Contract { id: id(103), status: ContractStatus::Disputed, ..signed.clone() };
    let extreme = Contract {
        id: id(104),
        name: LONG.to_owned(),
        signed_by: Some(RTL.to_owned()),
        ..signed.clone()
    };
    vec![signed, open, expired, disputed, extreme]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_paragraphs() {
        assert_eq!(paragraphs("a\r\n\r\nb\nc\n\n\n\n d "), ["a", "b\nc", "d"]);
        assert!(paragraphs(" \n\n ").is_empty());
    }
}
