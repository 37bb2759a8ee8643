//! Every path of the site, in one table: those of the control panel in `panel`, those of software
//! in `api`.

mod api;
mod panel;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter};
use portico_billing::permission::Permission;
use portico_core::records::Record;

use crate::api::records;
use crate::nouns::{Visitor, visit_all};
use crate::state::Shared;
use crate::{docs, health, mailbox, notices};

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
    /// Operators whose password was right, also while the second factor is waited for.
    Waiting,
    /// Operators who are signed in, also where a second factor must be set up first.
    Enrolling,
    /// Operators who are signed in, whatever they may do.
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
    pub(crate) staff: Vec<(Access, Router<Shared>)>,
}

impl Routes {
    /// All of them.
    pub(crate) fn of_site() -> Self {
        let mut routes = Self::default();
        routes.pages();
        routes.control_panel();
        routes.api();
        visit_all(&mut routes);
        routes
    }

    fn pages(&mut self) {
        use Access::{Local, Public};
        self.get("/healthz", Public, health::alive);
        self.get("/readyz", Public, health::ready);
        self.get("/api/openapi.json", Public, docs::openapi);
        self.get("/api/docs", Public, docs::page);
        self.get("/api/docs/{file}", Public, docs::file);
        self.post("/gateways/{key}", Public, notices::take);
        self.get("/mailbox", Local, mailbox::list);
        self.get("/mailbox/{id}", Local, mailbox::show);
        self.get("/mailbox/{id}/body", Local, mailbox::body);
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
            Ok(filter) => portico_ui::handler::route(filter, handler),
            Err(_) => MethodRouter::new(),
        };
        let router = match access {
            Access::Public | Access::Zenskar | Access::Treli => &mut self.open,
            Access::ApiKey => &mut self.keyed,
            Access::ApiKeyBatch => &mut self.batch,
            Access::Local => &mut self.local,
            Access::Entrance => &mut self.entrance,
            Access::Waiting | Access::Enrolling | Access::SignedIn | Access::Operator(_) => {
                self.staff_router(access)
            }
        };
        *router = std::mem::take(router).route(path, endpoint);
        self.table.push(Route { method, path: path.to_owned(), access });
    }

    /// The router of the pages that take `access`.
    fn staff_router(&mut self, access: Access) -> &mut Router<Shared> {
        let at = self.staff.iter().position(|(taken, _)| *taken == access);
        let at = at.unwrap_or_else(|| {
            self.staff.push((access, Router::new()));
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
