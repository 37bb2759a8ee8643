//! What the staff is asked to look at: money that banks took back, refunds that came back, and what
//! does not match.

use jiff::Timestamp;
use portico_billing::reversal::TakenBy;
use portico_billing::{Currency, Money};
use portico_core::records::After;
use portico_core::refunds::{FlaggedReversal, RefundView};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::customers::{LONG, sample_id};
use super::params::Params;
use super::{Answer, Staff};

/// Rows of a page.
const ROWS: u16 = 50;

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct ReturnsPage {
    rows: Vec<Row>,
    odd: Vec<Odd>,
    /// Where the page behind this one begins.
    next: Option<String>,
}

/// Money that left a payment.
#[derive(Debug, Clone, Serialize)]
struct Row {
    payment_id: String,
    customer_name: String,
    by: TakenBy,
    amount: Money,
    taken_at: Timestamp,
    came_back: bool,
}

/// An order of which the provider says something else than was asked for.
#[derive(Debug, Clone, Serialize)]
struct Odd {
    payment_id: String,
    amount: Money,
    mismatch: String,
    asked_at: Timestamp,
}

impl From<FlaggedReversal> for Row {
    fn from(it: FlaggedReversal) -> Self {
        Self {
            payment_id: it.payment_id.uuid().to_string(),
            customer_name: it.customer_name,
            by: it.taken_by,
            amount: it.amount,
            taken_at: it.taken_at,
            came_back: it.back_at.is_some(),
        }
    }
}

impl From<RefundView> for Odd {
    fn from(it: RefundView) -> Self {
        Self {
            payment_id: it.payment_id.uuid().to_string(),
            amount: it.amount,
            mismatch: it.mismatch.unwrap_or_default(),
            asked_at: it.asked_at,
        }
    }
}

impl Page for ReturnsPage {
    const TEMPLATE: &'static str = "panel/returns.html";

    fn samples() -> Vec<Sample<Self>> {
        let row = Row {
            payment_id: sample_id(7),
            customer_name: "Northwind Telecom".to_owned(),
            by: TakenBy::Dispute,
            amount: Money::new(121_000, Currency::EUR),
            taken_at: Timestamp::UNIX_EPOCH,
            came_back: false,
        };
        let back = Row {
            by: TakenBy::Refund,
            came_back: true,
            customer_name: LONG.to_owned(),
            ..row.clone()
        };
        let odd = Odd {
            payment_id: sample_id(8),
            amount: Money::new(2_500, Currency::EUR),
            mismatch: "EUR 24.99 was given back".to_owned(),
            asked_at: Timestamp::UNIX_EPOCH,
        };
        let page = |rows, odd, next| Self { rows, odd, next };
        let next = Some("x".to_owned());
        vec![
            Sample::new("empty", page(Vec::new(), Vec::new(), None)),
            Sample::new("typical", page(vec![row.clone(), back.clone()], Vec::new(), None)),
            Sample::new("extreme", page(vec![back, row], vec![odd], next)),
        ]
    }
}

/// GET: the list.
pub async fn show(staff: Staff, params: Params) -> Answer {
    let after = After::decode(params.get("cursor"));
    let (rows, next) = staff.core().flagged_reversals(staff.caller(), (after, ROWS)).await?;
    let odd = staff.core().mismatched_refunds(staff.caller()).await?;
    staff.page(&ReturnsPage {
        rows: rows.into_iter().map(Row::from).collect(),
        odd: odd.into_iter().map(Odd::from).collect(),
        next: next.map(After::encode),
    })
}

/// Whether there is anything to look at.
pub async fn is_any(staff: &Staff) -> Result<bool, super::answer::Stop> {
    let (rows, _) = staff.core().flagged_reversals(staff.caller(), (None, 1)).await?;
    Ok(!rows.is_empty() || !staff.core().mismatched_refunds(staff.caller()).await?.is_empty())
}
