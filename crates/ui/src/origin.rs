//! Where a request came from and how it reached us: scheme, host, client address.
//!
//! What proxies report is believed only if the connection comes from a trusted one.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{Extensions, HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;

use crate::errors::Problem;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How the browser speaks to the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Without encryption.
    Http,
    /// With TLS, ended here or at a trusted proxy.
    Https,
}

impl Scheme {
    /// `http` or `https`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// The networks whose `X-Forwarded-*` headers are believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// These networks and no others.
    #[must_use]
    pub fn new(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self(networks.into_iter().collect())
    }

    fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Where a request came from. An extractor, once [`resolve`] is a layer of the router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestOrigin {
    scheme: Scheme,
    host: String,
    port: Option<u16>,
    address: IpAddr,
    is_embedded: bool,
}

impl RequestOrigin {
    /// Reads it from a request's connection and headers; `None` without one well-formed host.
    #[must_use]
    pub fn of(
        peer: IpAddr,
        scheme: Scheme,
        authority: Option<&Authority>,
        headers: &HeaderMap,
        trusted: &TrustedProxies,
    ) -> Option<Self> {
        let peer = peer.to_canonical();
        let own_host = authority.map(Authority::as_str).or_else(|| only(headers, &header::HOST));
        if !trusted.contains(peer) {
            return Self::at(scheme, own_host?, peer);
        }
        let scheme = match last(headers, &FORWARDED_PROTO) {
            Some(text) if text.eq_ignore_ascii_case("https") => Scheme::Https,
            Some(text) if text.eq_ignore_ascii_case("http") => Scheme::Http,
            Some(_) => return None,
            None => scheme,
        };
        let host = last(headers, &FORWARDED_HOST).or(own_host)?;
        Self::at(scheme, host, client_behind(peer, headers, trusted))
    }

    fn at(scheme: Scheme, authority: &str, address: IpAddr) -> Option<Self> {
        let authority: Authority = authority.parse().ok()?;
        // User information in a host is never sent by a browser.
        if authority.as_str().contains('@') {
            return None;
        }
        let host = authority.host();
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let port = authority.port_u16().filter(|port| *port != scheme.default_port());
        let has_odd_port =
            authority.port_u16().is_none() && authority.as_str().len() != authority.host().len();
        let it = Self { scheme, host, port, address, is_embedded: false };
        (!it.host.is_empty() && !has_odd_port).then_some(it)
    }

    /// Http or https.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host in lower case, without port and final dot; the brand is found by it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The same for a page in a frame of a foreign site: its cookies are others, and the browser
    /// keeps them apart for each such site. Only over TLS.
    #[must_use]
    pub fn embedded(self) -> Self {
        Self { is_embedded: self.scheme == Scheme::Https, ..self }
    }

    /// Whether the page is in a frame of a foreign site.
    #[must_use]
    pub const fn is_embedded(&self) -> bool {
        self.is_embedded
    }

    /// The client's address, behind trusted proxies the one they report.
    #[must_use]
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// The origin as browsers write it: `https://pay.example`, `http://localhost:9080`.
    #[must_use]
    pub fn origin(&self) -> String {
        let (scheme, host) = (self.scheme.as_str(), &self.host);
        self.port.map_or_else(
            || format!("{scheme}://{host}"),
            |port| format!("{scheme}://{host}:{port}"),
        )
    }

    /// The absolute address of `path` on this site.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// Whether the connection is encrypted, so that cookies can be `Secure`.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// Whether the host can only be this machine: `localhost`, `*.localhost`, a loopback address.
    #[must_use]
    pub fn is_local(&self) -> bool {
        is_loopback_host(&self.host)
    }

    /// Whether a session may live here: over TLS anywhere, over plain HTTP on this machine alone.
    #[must_use]
    pub fn may_hold_session(&self) -> bool {
        self.is_secure() || self.is_local()
    }
}

fn is_loopback_host(host: &str) -> bool {
    let literal = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host == "localhost"
        || host.ends_with(".localhost")
        || literal.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

/// The nearest address that is not a trusted proxy, walking back from the connection. What lies
/// beyond it may be invented by the client.
fn client_behind(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let lines: Vec<&str> =
        headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
    let mut client = peer;
    for text in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = forwarded_address(text.trim()) else { break };
        client = address;
        if !trusted.contains(address) {
            break;
        }
    }
    client
}

/// An address, with or without a port.
fn forwarded_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|at| at.ip()));
    address.map(|address| address.to_canonical())
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

/// The last element of a list header: the one that the nearest proxy wrote.
fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let text = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    text.rsplit(',').next().map(str::trim).filter(|text| !text.is_empty())
}

/// The client's address, behind trusted proxies the one they report: for sites that answer on any
/// host.
#[must_use]
pub fn client_address(
    extensions: &Extensions,
    headers: &HeaderMap,
    trusted: &TrustedProxies,
) -> IpAddr {
    let peer = peer_of(extensions).to_canonical();
    if trusted.contains(peer) { client_behind(peer, headers, trusted) } else { peer }
}

fn peer_of(extensions: &Extensions) -> IpAddr {
    let info = extensions.get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// The middleware that puts the [`RequestOrigin`] into each request; without a host it is a 400.
///
/// Reads the peer from `ConnectInfo<SocketAddr>` and the scheme from an extension of type
/// [`Scheme`] that a TLS listener sets.
pub async fn resolve(
    State(trusted): State<TrustedProxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = peer_of(request.extensions());
    let scheme = request.extensions().get::<Scheme>().copied().unwrap_or(Scheme::Http);
    let authority = request.uri().authority();
    let origin = RequestOrigin::of(peer, scheme, authority, request.headers(), &trusted);
    let Some(origin) = origin else {
        return crate::headers::secured(Problem::BadRequest.into_response(), false);
    };
    request.extensions_mut().insert(origin);
    next.run(request).await
}

impl<S: Send + Sync> FromRequestParts<S> for RequestOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or(Problem::BadRequest)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(peer: &str, given: &[(&str, &str)]) -> Option<RequestOrigin> {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            let name: HeaderName = name.parse().expect("a name");
            headers.append(name, HeaderValue::from_str(value).expect("a value"));
        }
        let trusted = TrustedProxies::new(
            ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network")),
        );
        RequestOrigin::of(peer.parse().expect("an address"), Scheme::Http, None, &headers, &trusted)
    }

    #[test]
    fn strangers_are_not_believed_what_they_forward() {
        let forged = [
            ("host", "pay.example"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "localhost"),
        ];
        let origin = of("203.0.113.9", &forged).expect("an origin");
        assert_eq!(origin.origin(), "http://pay.example");
        assert_eq!(origin.address().to_string(), "203.0.113.9");
        assert!(!origin.may_hold_session());
    }

    #[test]
    fn trusted_proxies_are_believed() {
        let behind = [
            ("host", "10.0.0.7:9080"),
            ("x-forwarded-for", "198.51.100.4"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "Pay.Example."),
        ];
        let origin = of("10.0.0.2", &behind).expect("an origin");
        assert_eq!(origin.origin(), "https://pay.example");
        assert_eq!(origin.absolute("/a?b"), "https://pay.example/a?b");
        assert_eq!(origin.address().to_string(), "198.51.100.4");
        assert!(origin.may_hold_session());
    }

    #[test]
    fn the_client_is_the_last_address_that_no_trusted_proxy_has() {
        let client = |forwarded: &[(&str, &str)]| {
            let mut given = vec![("host", "pay.example")];
            given.extend(forwarded);
            of("10.0.0.2", &given).expect("an origin").address().to_string()
        };
        // The client began the list itself: what stands before its own address is its invention.
        assert_eq!(
            client(&[("x-forwarded-for", "1.1.1.1, 198.51.100.4, 10.0.0.3")]),
            "198.51.100.4"
        );
        assert_eq!(
            client(&[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "198.51.100.4")]),
            "198.51.100.4"
        );
        assert_eq!(client(&[("x-forwarded-for", "[2001:db8::1]:4711")]), "2001:db8::1");
        assert_eq!(client(&[("x-forwarded-for", "198.51.100.4:80")]), "198.51.100.4");
        assert_eq!(client(&[("x-forwarded-for", "1.1.1.1, nonsense")]), "10.0.0.2");
        assert_eq!(client(&[("x-forwarded-for", "::ffff:198.51.100.4")]), "198.51.100.4");
        assert_eq!(client(&[]), "10.0.0.2");
    }

    #[test]
    fn what_a_proxy_appends_counts_more_than_what_it_passes_on() {
        let given = [("host", "pay.example"), ("x-forwarded-proto", "https, http")];
        assert_eq!(of("10.0.0.2", &given).expect("an origin").scheme(), Scheme::Http);
        let odd = [("host", "pay.example"), ("x-forwarded-proto", "gopher")];
        assert_eq!(of("10.0.0.2", &odd), None);
    }

    #[test]
    fn plain_http_holds_sessions_on_this_machine_alone() {
        let may = |host| of("127.0.0.1", &[("host", host)]).is_some_and(|at| at.may_hold_session());
        for host in [
            "localhost",
            "LOCALHOST:9080",
            "voxtel.localhost:9080",
            "127.0.0.1:9080",
            "127.8.9.1",
            "[::1]:9080",
            "localhost.",
        ] {
            assert!(may(host), "{host} was refused");
        }
        for host in [
            "pay.example",
            "localhost.example",
            "xlocalhost",
            "10.0.0.1",
            "0.0.0.0",
            "[::]",
            "127.0.0.1.example",
            "192.168.1.1:9080",
        ] {
            assert!(!may(host), "{host} was accepted");
        }
    }

    #[test]
    fn hosts_that_are_none_are_refused() {
        for host in
            ["", "a b", "user@pay.example", "pay.example:99999", "pay.example:x", ".", "a/b"]
        {
            assert_eq!(of("127.0.0.1", &[("host", host)]), None, "{host:?} was accepted");
        }
        assert_eq!(of("127.0.0.1", &[]), None);
        assert_eq!(of("127.0.0.1", &[("host", "a.example"), ("host", "b.example")]), None);
    }

    #[tokio::test]
    async fn the_middleware_gives_each_request_its_origin() {
        use axum::Router;
        use axum::body::Body;
        use axum::http::StatusCode;
        use axum::middleware::from_fn_with_state;
        use axum::routing::get;
        use http_body_util::BodyExt as _;
        use tower::ServiceExt as _;

        let say = |origin: RequestOrigin| async move { origin.absolute("/x") };
        let trusted = TrustedProxies::new(["10.0.0.0/8".parse().expect("a network")]);
        let router = Router::new().route("/", get(say)).layer(from_fn_with_state(trusted, resolve));
        for (peer, host, status, said) in [
            ("10.0.0.1:5000", Some("pay.example"), StatusCode::OK, "https://pay.example/x"),
            ("192.0.2.1:5000", Some("pay.example"), StatusCode::OK, "http://pay.example/x"),
            ("10.0.0.1:5000", None, StatusCode::BAD_REQUEST, ""),
        ] {
            let mut request = Request::builder().uri("/").header("x-forwarded-proto", "https");
            if let Some(host) = host {
                request = request.header(header::HOST, host);
            }
            let mut request = request.body(Body::empty()).expect("a request");
            let peer: SocketAddr = peer.parse().expect("an address");
            request.extensions_mut().insert(ConnectInfo(peer));
            let response = router.clone().oneshot(request).await.expect("a response");
            assert_eq!(response.status(), status);
            let body = response.into_body().collect().await.expect("a body").to_bytes();
            assert_eq!(body, said);
        }
    }

    #[test]
    fn the_usual_port_is_left_out() {
        let origin = |host| of("127.0.0.1", &[("host", host)]).map(|at| at.origin());
        assert_eq!(origin("localhost:80").as_deref(), Some("http://localhost"));
        assert_eq!(origin("localhost:9080").as_deref(), Some("http://localhost:9080"));
        assert_eq!(origin("[::1]:9080").as_deref(), Some("http://[::1]:9080"));
    }
}
