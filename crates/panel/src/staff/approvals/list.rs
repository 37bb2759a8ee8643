//! All that wait, newest first.

use jiff::Timestamp;
use portico_core::records::After;
use portico_ui::{Page, Sample};
use serde::Serialize;
use uuid::Uuid;

use super::super::params::Params;
use super::super::{Answer, Staff};
use super::WaitingItem;

/// Rows of a page.
const AT_A_TIME: u16 = 50;

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct ApprovalsPage {
    rows: Vec<WaitingItem>,
    /// Where the next page begins.
    next: Option<String>,
}

/// GET: the list.
pub async fn list(staff: Staff, params: Params) -> Answer {
    let after = position(params.get("after"));
    let (waiting, next) = staff.core().waiting_sign_ups(staff.caller(), after, AT_A_TIME).await?;
    let rows = waiting.into_iter().map(WaitingItem::from).collect();
    let next = next.map(|it| format!("{}.{}", it.created_at.as_microsecond(), it.id.simple()));
    staff.page(&ApprovalsPage { rows, next })
}

/// Anything that is no position is the beginning.
fn position(text: &str) -> Option<After> {
    let (micros, id) = text.split_once('.')?;
    let created_at = Timestamp::from_microsecond(micros.parse().ok()?).ok()?;
    Some(After { created_at, id: Uuid::try_parse(id).ok()? })
}

impl Page for ApprovalsPage {
    const TEMPLATE: &'static str = "panel/approvals/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let rows = vec![WaitingItem::sample(), WaitingItem::extreme(), WaitingItem::bare()];
        let next = Some(format!("1.{}", "0".repeat(32)));
        vec![
            Sample::new("empty", Self { rows: Vec::new(), next: None }),
            Sample::new("typical", Self { rows: rows.clone(), next: None }),
            Sample::new("more", Self { rows, next }),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_position_is_the_beginning() {
        let id = Uuid::from_u128(7);
        let after = position(&format!("1000000.{}", id.simple()));
        let second = Timestamp::from_second(1).expect("a time");
        assert_eq!(after, Some(After { created_at: second, id }));
        for odd in ["", "1", "x.y", "1.", ".00000000000000000000000000000000"] {
            assert_eq!(position(odd), None, "{odd}");
        }
    }
}
