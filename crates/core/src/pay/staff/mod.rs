//! What goes through gateways, as the staff sees it: attempts to pay, and what providers told.
//!
//! Nothing here credits anything: the staff has the provider asked, and has notices worked on
//! again. What matches is credited where all payments are; what does not is closed by hand once it
//! was given back at the provider, and is credited to nobody from then on.

mod act;
mod export;
mod list;
mod notices;
mod show;

pub use list::{AttemptQuery, GatewayName};
pub use notices::{NoticeQuery, NoticeSubject, NoticeView};
pub use portico_store::attempt_list::AttemptSummary;
pub use portico_store::gateway_notice::NoticeState;
pub use show::{AttemptDetail, AttemptHistory, AttemptPart};
