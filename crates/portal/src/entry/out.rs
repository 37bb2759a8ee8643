//! Signing out: the session ends on the server, and the visitor goes back to where it came from.

use portico_core_api::Refusal;
use portico_ui::cookies::CookieKind;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use crate::answer::{Answer, redirect, with_cookie};
use crate::here::Here;
use crate::params::Params;
use crate::paths;

/// Where those end up who came by no link.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SignedOutPage {}

impl Page for SignedOutPage {
    const TEMPLATE: &'static str = "portal/entry/signed-out.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self {})]
    }
}

/// POST: sign out.
pub(crate) async fn submit(here: Here, _checked: CheckedForm<Params>) -> Answer {
    let return_url = match here.session() {
        Some(secret) => match here.portal.core().sign_out(secret).await {
            Ok(return_url) | Err(Refusal::SignedOut { return_url, .. }) => return_url,
            Err(refusal) => return Err(refusal.into()),
        },
        None => None,
    };
    let to = return_url.as_deref().unwrap_or(paths::SIGNED_OUT);
    Ok(with_cookie(redirect(to), CookieKind::Session.clear(&here.origin)))
}

/// GET: you are signed out.
pub(crate) async fn show(here: Here) -> Answer {
    here.page(&SignedOutPage {})
}
