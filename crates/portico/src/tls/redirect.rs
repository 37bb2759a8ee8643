//! From plain HTTP to TLS, on hosts that have a certificate.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use portico_ui::origin::{RequestOrigin, Scheme, TrustedProxies};

use super::Served;

/// What decides whether a request is sent on.
#[derive(Clone)]
pub struct ToTls {
    /// The hosts that have a certificate.
    pub served: Arc<Served>,
    /// Who may say that TLS has ended before.
    pub proxies: TrustedProxies,
    /// The port of TLS, where it is not the usual one.
    pub port: Option<u16>,
}

impl ToTls {
    /// `site` as it is served by plain HTTP: nobody gets a session there, so that pages of hosts
    /// with a certificate are asked for again by TLS.
    pub fn around(self, site: Router) -> Router {
        site.layer(from_fn_with_state(self, send_on))
    }

    /// The address to ask instead.
    fn address(&self, request: &Request) -> Option<String> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let (authority, headers) = (request.uri().authority(), request.headers());
        let origin = RequestOrigin::of(peer, Scheme::Http, authority, headers, &self.proxies)?;
        if origin.is_secure() || !self.served.has(origin.host()) {
            return None;
        }
        let port = self.port.map_or_else(String::new, |port| format!(":{port}"));
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        Some(format!("https://{}{port}{path}", origin.host()))
    }
}

async fn send_on(State(to_tls): State<ToTls>, request: Request, next: Next) -> Response {
    match to_tls.address(&request) {
        Some(address) => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, address)]).into_response()
        }
        None => next.run(request).await,
    }
}
