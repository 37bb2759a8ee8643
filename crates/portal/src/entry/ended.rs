//! The end of a session that its visitor did not ask for.

use portico_ui::{Page, Sample};
use serde::Serialize;

/// The session is over. The visitor can sign in and go on, or go back.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EndedPage {
    pub sign_in_url: String,
    pub return_url: Option<String>,
}

impl Page for EndedPage {
    const TEMPLATE: &'static str = "portal/entry/ended.html";

    fn samples() -> Vec<Sample<Self>> {
        let sign_in_url = || "/sign-in?next=%2Finvoices".to_owned();
        let return_url = Some("https://acme.example/account".to_owned());
        vec![
            Sample::new("signed-in-here", Self { sign_in_url: sign_in_url(), return_url: None }),
            Sample::new("came-by-link", Self { sign_in_url: sign_in_url(), return_url }),
        ]
    }
}
