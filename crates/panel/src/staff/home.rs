//! The first page of the control panel.

use portico_ui::{Page, Sample};
use serde::Serialize;

use super::{Answer, Staff};

/// The first page.
#[derive(Debug, Clone, Serialize)]
pub struct HomePage {
    /// Whether there is a mailbox.
    pub mailbox: bool,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "panel/home.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![
            Sample::new("typical", Self { mailbox: false }),
            Sample::new("demonstration", Self { mailbox: true }),
        ]
    }
}

/// GET: shows it.
pub async fn show(staff: Staff) -> Answer {
    staff.page(&HomePage { mailbox: staff.here.panel.mailbox })
}
