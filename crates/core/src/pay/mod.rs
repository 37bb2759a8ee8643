//! Paying through a gateway.
//!
//! An attempt is stored before its gateway is asked, and no transaction is open meanwhile. Whatever
//! tells how it stands (the customer who comes back, a notice, the clock) only makes the gateway be
//! asked again: what it answers is learned in one place, and money is credited in one place.

mod api;
mod ask;
mod begin;
mod learn;
mod limits;
mod notice_limits;
mod notices;
mod offer;
mod order;
mod payer;
mod sandbox;
mod settle;
mod staff;
mod view;
mod watch;
mod work;

pub(crate) use begin::begin;
pub(crate) use notice_limits::NoticeLimits;
pub use notices::{NoticeAnswer, NoticeMessage};
pub(crate) use offer::way_once;
pub(crate) use order::at;
pub(crate) use payer::Payer;
pub(crate) use sandbox::{at_sandbox, note as note_choice, page_of};
pub use staff::{
    AttemptDetail, AttemptHistory, AttemptPart, AttemptQuery, AttemptSummary, GatewayName,
    NoticeQuery, NoticeState, NoticeSubject, NoticeView,
};
pub(crate) use view::{looked_at, view};
pub(crate) use work::in_turn;

use portico_billing::account::ContactRole;
use portico_core_api::Refusal;

use crate::visit::Scope;

/// Refuses who may not pay for the customer.
fn require_payer(scope: &Scope) -> Result<(), Refusal> {
    scope.require_acting()?;
    if scope.role == ContactRole::Viewer {
        return Err(Refusal::NotPermitted);
    }
    Ok(())
}
