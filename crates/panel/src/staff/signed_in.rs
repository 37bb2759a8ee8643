//! Who is signed in to the control panel.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use portico_billing::permission::Permission;
use portico_core::{Caller, Core, OperatorVisit};
use portico_ui::errors::Problem;
use portico_ui::formats::LanguageFormats;
use portico_ui::{NavItem, Page, VisitorFrame};

use super::answer::{Answer, Stop, redirect};
use super::{Here, paths};
use crate::routes::Access;
use crate::state::Shared;

/// The sections, in the order of the navigation: key, path, icon, and what it takes to see it.
const SECTIONS: &[(&str, &str, &str, Permission)] = &[
    ("panel-home", paths::HOME, "layout-dashboard", Permission::Read),
    ("customers", paths::CUSTOMERS, "users", Permission::Read),
    ("ledger", paths::LEDGER, "landmark", Permission::Read),
    ("payment-attempts", paths::PAYMENT_ATTEMPTS, "credit-card", Permission::Read),
    ("vouchers", paths::VOUCHER_BATCHES, "ticket", Permission::Read),
    ("panel-approvals", paths::APPROVALS, "badge-check", Permission::ApproveSignUps),
    ("brands", paths::BRANDS, "globe", Permission::EditBrands),
    ("files", paths::FILES, "image", Permission::EditBrands),
    ("settings", paths::SETTINGS, "settings", Permission::Read),
];

/// An operator who is signed in. Only routes that are registered with a permission have one.
#[derive(Clone)]
pub struct Staff {
    /// The request.
    pub here: Here,
    /// The live session.
    pub visit: OperatorVisit,
}

impl Staff {
    /// The use cases.
    pub fn core(&self) -> &Core {
        &self.here.panel.core
    }

    /// Who acts, for the verbs of the core.
    pub fn caller(&self) -> &Caller {
        &self.visit.caller
    }

    /// Whether a page may offer what takes this permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.visit.caller.permissions.has(permission)
    }

    /// How numbers and days are written for the operator.
    pub fn formats(&self) -> &LanguageFormats {
        self.here.panel.ui.formats().of(&self.here.language(Some(self)))
    }

    /// A page with the navigation around it.
    pub fn page(&self, page: &impl Page) -> Answer {
        self.page_with(StatusCode::OK, page)
    }

    /// The same with another status.
    pub fn page_with(&self, status: StatusCode, page: &impl Page) -> Answer {
        let mut frame = self.here.frame_for(Some(self));
        frame.visitor = Some(VisitorFrame::new(
            &self.visit.organisation_name,
            Some(&self.visit.name),
            Some(&self.visit.email),
        ));
        frame.nav = self.navigation();
        self.here.render(status, &frame, page)
    }

    fn navigation(&self) -> Vec<NavItem> {
        let path = self.here.path.split('?').next().unwrap_or_default();
        let within = |url: &str| {
            let below = |rest: &str| rest.starts_with('/');
            path == url || url != paths::HOME && path.strip_prefix(url).is_some_and(below)
        };
        let shown = SECTIONS.iter().filter(|(.., permission)| self.may(*permission));
        let item = |(key, url, icon, _): &(&'static str, &str, &'static str, Permission)| NavItem {
            key,
            url: (*url).to_owned(),
            icon,
            active: within(url),
        };
        shown.map(item).collect()
    }
}

/// The middleware around every page of the signed-in: without a live session it leads to sign-in,
/// without a second factor that is due to that one; without the permission it refuses.
pub async fn require(
    State((panel, access)): State<(Shared, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(here) = Here::of(&panel, &parts) else { return Problem::BadRequest.into_response() };
    let Some(secret) = here.secret().cloned() else { return redirect(&paths::sign_in(&here.path)) };
    match panel.core.operator_visit(&secret, here.origin.address()).await {
        Ok(None) => redirect(&paths::sign_in(&here.path)),
        Ok(Some(visit)) => {
            if let Some(elsewhere) = due(&visit, access, &here) {
                return elsewhere;
            }
            parts.extensions.insert(Staff { here, visit });
            next.run(Request::from_parts(parts, body)).await
        }
        Err(failure) => Stop::from(failure).into_response(),
    }
}

/// What stands between a session and a page.
fn due(visit: &OperatorVisit, access: Access, here: &Here) -> Option<Response> {
    if !visit.is_complete {
        let next = || redirect(&paths::second_factor(&here.path));
        return (access != Access::Waiting).then(next);
    }
    if visit.must_enrol() && !matches!(access, Access::Waiting | Access::Enrolling) {
        return Some(redirect(paths::OWN_SECOND_FACTOR));
    }
    let Access::Operator(permission) = access else { return None };
    let allowed = visit.caller.permissions.has(permission);
    (!allowed).then(|| Problem::Forbidden.into_response())
}

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or(Problem::Forbidden)
    }
}
