//! Addresses of the portal, made from the brand's own host and the configuration, never from a
//! request (TEN-01).

use portico_billing::brand::Brand;

use crate::Core;

/// How the portal is reached from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress {
    /// The port that the portal itself listens on: what `localhost` links carry.
    pub local_port: u16,
    /// `http` or `https` for all other hosts.
    pub scheme: String,
    /// The port for all other hosts, where it is not the scheme's own.
    pub port: Option<u16>,
}

impl PublicAddress {
    /// The address of a path on the brand's first host: `https://billing.example.com/sign-in`.
    #[must_use]
    pub fn url(&self, brand: &Brand, path: &str) -> String {
        let host = brand.hosts.first().map_or("localhost", String::as_str);
        if is_local(host) {
            return format!("http://{host}:{}{path}", self.local_port);
        }
        let port = self.port.map_or_else(String::new, |port| format!(":{port}"));
        format!("{}://{host}{port}{path}", self.scheme)
    }
}

/// Whether `host` (without port) can only be this machine: `localhost`, `*.localhost` (RFC 6761),
/// a loopback address.
#[must_use]
pub fn is_local(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost"
        || bare.ends_with(".localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Core {
    /// The address of a path of a brand's portal, as seen from outside.
    #[must_use]
    pub fn portal_url(&self, brand: &Brand, path: &str) -> String {
        self.inner.public_address.url(brand, path)
    }
}
