//! Every path of the site, in one table.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use portico_billing::permission::Permission;
use portico_core::records::Record;

use crate::api::{organisation, portal_sessions, records};
use crate::dialects::{treli, zenskar};
use crate::nouns::{Visitor, visit_all};
use crate::staff::paths;
use crate::state::Shared;
use crate::{docs, health, mailbox, staff};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: nothing of an organisation is behind it.
    Public,
    /// The organisation's software, by `X-API-KEY` or `Authorization: Bearer`.
    ApiKey,
    /// The same with a larger body.
    ApiKeyBatch,
    /// The organisation's software, by `X-API-KEY` and `organisation`.
    Zenskar,
    /// The organisation's software, by Basic authentication.
    Treli,
    /// People at this machine, in a demonstration alone.
    Local,
    /// Everybody: a page of the control panel without anybody's data (sign-in).
    Entrance,
    /// Operators who are signed in, whatever they may do; also while a second factor is waited for.
    SignedIn,
    /// Operators with this permission.
    Operator(Permission),
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The HTTP method.
    pub method: Method,
    /// The path, as the router takes it.
    pub path: String,
    /// Who may call it.
    pub access: Access,
}

/// Every path of the site.
#[must_use]
pub fn table() -> Vec<Route> {
    Routes::of_site().table
}

/// The routers by access, and the table that they follow.
#[derive(Default)]
pub(crate) struct Routes {
    pub(crate) table: Vec<Route>,
    pub(crate) open: Router<Shared>,
    pub(crate) keyed: Router<Shared>,
    pub(crate) batch: Router<Shared>,
    pub(crate) local: Router<Shared>,
    pub(crate) entrance: Router<Shared>,
    pub(crate) staff: Vec<(Option<Permission>, Router<Shared>)>,
}

impl Routes {
    /// All of them.
    pub(crate) fn of_site() -> Self {
        let mut routes = Self::default();
        routes.pages();
        routes.panel();
        routes.dialects();
        visit_all(&mut routes);
        routes.portal_sessions();
        routes
    }

    fn pages(&mut self) {
        use Access::{Local, Public};
        self.get("/healthz", Public, health::alive);
        self.get("/readyz", Public, health::ready);
        self.get("/api/openapi.json", Public, docs::openapi);
        self.get("/api/docs", Public, docs::page);
        self.get("/api/docs/{file}", Public, docs::file);
        self.get("/mailbox", Local, mailbox::list);
        self.get("/mailbox/{id}", Local, mailbox::show);
        self.get("/mailbox/{id}/body", Local, mailbox::body);
    }

    /// The control panel.
    fn panel(&mut self) {
        use Access::{Entrance, Operator};
        use Permission::Read;
        self.post(paths::LANGUAGE, Entrance, staff::here::choose);
        self.post(paths::THEME, Entrance, staff::here::choose);
        self.get(paths::HOME, Operator(Read), staff::home::show);
    }

    fn dialects(&mut self) {
        for path in zenskar::PATHS {
            self.post(path, Access::Zenskar, zenskar::create);
            // The newer guide's own curl command says GET, with a body.
            self.get(path, Access::Zenskar, zenskar::create);
        }
        self.post(treli::PATH, Access::Treli, treli::create);
    }

    fn portal_sessions(&mut self) {
        use Access::ApiKey;
        self.post("/api/v1/portal-sessions", ApiKey, portal_sessions::create);
        self.get("/api/v1/portal-sessions", ApiKey, portal_sessions::list);
        self.get("/api/v1/portal-sessions/{id}", ApiKey, portal_sessions::find);
        self.add(Method::DELETE, "/api/v1/portal-sessions/{id}", ApiKey, portal_sessions::revoke);
        self.get("/api/v1/organisation", ApiKey, organisation::show);
        self.get("/api/v1/brands", ApiKey, organisation::brands);
    }

    fn get<H: Handler<T, Shared>, T: 'static>(&mut self, path: &str, access: Access, handler: H) {
        self.add(Method::GET, path, access, handler);
    }

    fn post<H: Handler<T, Shared>, T: 'static>(&mut self, path: &str, access: Access, handler: H) {
        self.add(Method::POST, path, access, handler);
    }

    fn add<H: Handler<T, Shared>, T: 'static>(
        &mut self,
        method: Method,
        path: &str,
        access: Access,
        handler: H,
    ) {
        let endpoint: MethodRouter<Shared> = match MethodFilter::try_from(method.clone()) {
            Ok(filter) => on(filter, handler),
            Err(_) => MethodRouter::new(),
        };
        let router = match access {
            Access::Public | Access::Zenskar | Access::Treli => &mut self.open,
            Access::ApiKey => &mut self.keyed,
            Access::ApiKeyBatch => &mut self.batch,
            Access::Local => &mut self.local,
            Access::Entrance => &mut self.entrance,
            Access::SignedIn => self.staff_router(None),
            Access::Operator(permission) => self.staff_router(Some(permission)),
        };
        *router = std::mem::take(router).route(path, endpoint);
        self.table.push(Route { method, path: path.to_owned(), access });
    }

    /// The router of the pages that take `permission`.
    fn staff_router(&mut self, permission: Option<Permission>) -> &mut Router<Shared> {
        let at = self.staff.iter().position(|(taken, _)| *taken == permission);
        let at = at.unwrap_or_else(|| {
            self.staff.push((permission, Router::new()));
            self.staff.len() - 1
        });
        &mut self.staff[at].1
    }
}

impl Visitor for Routes {
    fn visit<R: Record>(&mut self) {
        use Access::{ApiKey, ApiKeyBatch};
        let all = format!("/api/v1/{}", R::PLURAL);
        let one = format!("{all}/{{id}}");
        self.post(&all, ApiKey, records::create::<R>);
        self.get(&all, ApiKey, records::list::<R>);
        self.get(&one, ApiKey, records::find::<R>);
        self.add(Method::PUT, &one, ApiKey, records::replace::<R>);
        self.add(Method::PATCH, &one, ApiKey, records::patch::<R>);
        self.post(&format!("{all}/batch"), ApiKeyBatch, records::batch::<R>);
    }
}
