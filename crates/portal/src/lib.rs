//! The customer-facing site: everything that a customer sees, over the Core API alone.
//!
//! [`routes`] is the table of the whole site. Each section is a module with its handlers beside
//! the data of its pages; what is shown, and to whom, is decided by the core.

mod account;
mod answer;
mod balance;
mod brand;
mod choices;
mod contracts;
mod credit_notes;
mod dates;
mod entitlements;
mod entry;
mod here;
mod invoices;
mod linked;
mod listing;
mod overview;
#[cfg(test)]
mod page_tests;
mod pages;
mod params;
mod paths;
mod pay;
mod payment_methods;
mod payments;
mod preferences;
mod preview;
mod refusal;
mod routes;
mod samples;
mod subscriptions;
mod visitor;
mod vouchers;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use jiff::Timestamp;
use portico_core_api::CoreApi;
use portico_ui::errors::{ErrorPages, Problem};
use portico_ui::limits::Limits;
use portico_ui::origin::TrustedProxies;
use portico_ui::{Ui, errors, headers, origin};

pub use pages::{TemplateCheck, check_templates, try_templates};
pub use paths::TABLE as PATHS;
pub use preview::preview;
pub use routes::{Access, Route, table};

use crate::brand::Brands;
use crate::here::Here;

/// What the site is made of.
pub struct PortalParts {
    /// What it asks for everything.
    pub core: Arc<dyn CoreApi>,
    /// What it renders with; made with [`PATHS`].
    pub ui: Ui,
    /// The clock.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Random bytes, fit for secrets.
    pub entropy: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
    /// The networks of proxies in front that are believed.
    pub trusted_proxies: TrustedProxies,
    /// What a request may cost.
    pub limits: Limits,
}

/// The site's state. Cheap to clone.
#[derive(Clone)]
struct Portal(Arc<Inner>);

struct Inner {
    core: Arc<dyn CoreApi>,
    ui: Ui,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    entropy: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
    brands: Brands,
}

impl Portal {
    fn core(&self) -> &dyn CoreApi {
        self.0.core.as_ref()
    }

    fn ui(&self) -> &Ui {
        &self.0.ui
    }

    fn now(&self) -> Timestamp {
        (self.0.now)()
    }

    fn entropy(&self) -> [u8; 32] {
        (self.0.entropy)()
    }

    /// What a visitor can quote to the staff; the log has the cause under it.
    fn reference(&self) -> String {
        self.entropy().iter().take(5).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The whole site.
pub fn router(parts: PortalParts) -> Router {
    let PortalParts { core, ui, now, entropy, trusted_proxies, limits } = parts;
    let inner = Inner { core, ui: ui.clone(), now, entropy, brands: Brands::default() };
    let portal = Portal(Arc::new(inner));
    let pages = routes::site()
        .into_router(&portal)
        .fallback(|| async { Problem::NotFound })
        .layer(from_fn_with_state(portal.clone(), refusal::lead_to_sign_in))
        .layer(from_fn_with_state(error_pages(&portal), errors::show))
        .layer(from_fn_with_state(portal.clone(), visitor::give_form_secret))
        .layer(from_fn_with_state(portal.clone(), brand::find))
        .with_state(portal);
    let site = portico_ui::assets::router(&ui).merge(pages);
    limits
        .around(site)
        .layer(from_fn(headers::secure))
        .layer(from_fn_with_state(trusted_proxies, origin::resolve))
}

fn error_pages(portal: &Portal) -> ErrorPages {
    let state = portal.clone();
    ErrorPages::new(portal.ui().clone(), move |parts| {
        Here::of(&state, parts)
            .map_or_else(|| brand::nameless_frame(&state, parts), |here| here.frame())
    })
}
