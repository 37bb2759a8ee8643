//! The list of batches, and the search for a voucher.

use portico_billing::permission::Permission;
use portico_core::records::After;
use portico_core::{StaffError, VoucherView};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::super::answer::redirect;
use super::super::listing;
use super::super::params::Params;
use super::super::{Answer, Staff, paths};
use super::{Head, batch_path};

/// Batches of a page.
const ROWS: u16 = 50;

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct BatchesPage {
    rows: Vec<Head>,
    /// Where the page behind this one begins.
    next: Option<String>,
    /// Whether this is not the first page.
    later: bool,
    /// What was looked for, and that no voucher and no batch is called.
    missed: String,
    may_edit: bool,
}

impl Page for BatchesPage {
    const TEMPLATE: &'static str = "panel/vouchers/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let states = ["unexported", "live", "spent", "expired", "void"];
        let rows: Vec<Head> = (1..).zip(states).map(|(at, it)| Head::sample(at, it)).collect();
        let page = |rows: Vec<Head>, may_edit| Self {
            rows,
            next: None,
            later: false,
            missed: String::new(),
            may_edit,
        };
        let long = Head { series: "W".repeat(16), note: "x".repeat(300), ..rows[1].clone() };
        let missed = "SUMMER26-99999 <b>".to_owned();
        vec![
            Sample::new("empty", page(Vec::new(), true)),
            Sample::new("empty-read-only", page(Vec::new(), false)),
            Sample::new("typical", page(rows.clone(), true)),
            Sample::new("not-found", Self { missed, ..page(rows.clone(), true) }),
            Sample::new(
                "extreme",
                Self { next: Some("x".to_owned()), later: true, ..page(vec![long], false) },
            ),
        ]
    }
}

/// GET: the list; what is looked for by its name is shown at once.
pub async fn show(staff: Staff, params: Params) -> Answer {
    let words = listing::words(&params);
    if !words.is_empty()
        && let Some(to) = find(&staff, &words).await?
    {
        return Ok(redirect(&to));
    }
    let after = After::decode(params.get("cursor"));
    let (rows, next) = staff.core().voucher_batches(staff.caller(), (after, ROWS)).await?;
    let may_edit = staff.may(Permission::EditVouchers);
    staff.page(&BatchesPage {
        rows: rows.into_iter().map(|it| Head::new(it, may_edit)).collect(),
        next: next.map(After::encode),
        later: after.is_some(),
        missed: words,
        may_edit,
    })
}

/// Where the words lead: the page of a voucher by its serial number, of a batch by its series.
async fn find(staff: &Staff, words: &str) -> Result<Option<String>, StaffError> {
    if let Some(found) = voucher(staff, words).await? {
        return Ok(Some(paths::VOUCHER.replace("{id}", &found.id.uuid().to_string())));
    }
    // Every batch has a first voucher.
    let first = voucher(staff, &format!("{words}-1")).await?;
    Ok(first.map(|it| batch_path(it.batch_id)))
}

async fn voucher(staff: &Staff, serial: &str) -> Result<Option<VoucherView>, StaffError> {
    match staff.core().voucher(staff.caller(), serial).await {
        Ok(found) => Ok(Some(found)),
        Err(StaffError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
