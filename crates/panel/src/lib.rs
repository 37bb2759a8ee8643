//! The site on port 9090: the control panel of the staff, the Management API, the dialects in which
//! other systems open portal sessions, the API's documentation, health, and the mailbox of a
//! demonstration.
//!
//! Access is part of the route table ([`table`]): what needs a key sits behind the layer that
//! checks it, and its handlers get at data only through what that layer proved.

mod answers;
mod api;
mod brand_rules;
mod dialects;
mod docs;
mod health;
mod mailbox;
mod notices;
mod nouns;
mod openapi;
mod pages;
mod routes;
mod staff;
mod state;
mod templates;
mod wording;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::handler::Handler as _;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use portico_core::Core;
use portico_ui::errors::ErrorPages;
use portico_ui::origin::{self, TrustedProxies};
use portico_ui::preview::Preview;
use portico_ui::{Ui, assets, errors, headers};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use crate::api::body::{BATCH_BYTES_MAX, BODY_BYTES_MAX};
use crate::api::room::Room;
use crate::api::{access, idempotency};
use crate::routes::Routes;
use crate::state::{Panel, Shared};

pub use brand_rules::BrandRules;
pub use health::Readiness;
pub use openapi::document;

pub use routes::{Access, Route, table};
pub use staff::path_names::TABLE as PATHS;
pub use state::KeyRate;
pub use templates::Templates;

/// Longest pause between two parts of a body.
const BODY_PAUSE_MAX: Duration = Duration::from_secs(10);
/// Longest time until an answer begins: a batch of 1,000 invoices on a busy machine.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// What the site is made of.
pub struct PanelParts {
    /// The use cases.
    pub core: Core,
    /// The rendering kit, with [`PATHS`].
    pub ui: Ui,
    /// Says when the process is going down.
    pub readiness: Readiness,
    /// Whether the mailbox of a demonstration is shown.
    pub mailbox: bool,
    /// Proxies whose word is taken for where a request comes from.
    pub proxies: TrustedProxies,
    /// How many requests a key may send.
    pub rate: KeyRate,
    /// Renders pages of the portal with the looks of a draft; without it there is no preview.
    pub preview: Option<Preview>,
    /// Templates that brands replace; without them each brand has the shipped ones.
    pub templates: Option<Templates>,
}

/// The site.
pub fn router(parts: PanelParts) -> Router {
    let PanelParts { core, ui, readiness, mailbox, proxies, rate, preview, templates } = parts;
    let files = assets::router::<Shared>(&ui);
    let panel = Panel::new(core, ui, proxies.clone(), rate);
    let panel = Arc::new(panel.with(readiness, mailbox).with_portal(preview, templates));
    let routes = Routes::of_site();
    let mut site = routes
        .open
        .merge(files)
        .merge(control_panel(&panel, &proxies, (routes.entrance, routes.staff)))
        .merge(behind_key(&panel, routes.keyed, (BODY_BYTES_MAX, None)))
        .merge(behind_key(&panel, routes.batch, (BATCH_BYTES_MAX, Some(Room::default()))));
    if mailbox {
        let guard = from_fn_with_state(Arc::clone(&panel), mailbox::only_here);
        let local = routes.local.route_layer(guard);
        site = site.merge(local.route_layer(from_fn_with_state(proxies.clone(), origin::resolve)));
    }
    let secret = from_fn_with_state(Arc::clone(&panel), staff::here::give_form_secret);
    let origin = from_fn_with_state(proxies, origin::resolve);
    site.fallback(answers::not_found.layer(secret.clone()).layer(origin.clone()))
        .method_not_allowed_fallback(answers::method_not_allowed.layer(secret).layer(origin))
        .layer(CatchPanicLayer::custom(answers::after_panic))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_MAX))
        .layer(from_fn(answers::dress))
        .layer(from_fn(headers::secure))
        .with_state(panel)
}

/// Puts around the staff's pages what they need: who is signed in, forms that cannot be forged,
/// pages for what goes wrong.
fn control_panel(
    panel: &Shared,
    proxies: &TrustedProxies,
    (entrance, staff): (Router<Shared>, Vec<(Access, Router<Shared>)>),
) -> Router<Shared> {
    let mut site = entrance;
    for (access, routes) in staff {
        let guard = from_fn_with_state((Arc::clone(panel), access), staff::require);
        site = site.merge(routes.route_layer(guard));
    }
    site.route_layer(from_fn_with_state(error_pages(panel), errors::show))
        .route_layer(from_fn_with_state(Arc::clone(panel), staff::here::give_form_secret))
        .route_layer(from_fn_with_state(proxies.clone(), origin::resolve))
}

fn error_pages(panel: &Shared) -> ErrorPages {
    let state = Arc::clone(panel);
    ErrorPages::new(panel.ui.clone(), move |parts| pages::frame_of(&state, parts))
}

/// Puts the check of the key around routes, and inside it the bounds of bodies and what an
/// `Idempotency-Key` asks for.
fn behind_key(
    panel: &Shared,
    routes: Router<Shared>,
    (body_bytes_max, room): (usize, Option<Room>),
) -> Router<Shared> {
    let once = idempotency::Once { panel: Arc::clone(panel), body_bytes_max, room };
    routes
        .route_layer(from_fn_with_state(once, idempotency::once))
        .route_layer(from_fn_with_state(Arc::clone(panel), access::require_key))
}
