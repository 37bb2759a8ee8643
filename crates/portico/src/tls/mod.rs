//! TLS for the customers' site: the certificate of each host, and connections with timeouts.

mod accept;
mod redirect;
mod served;

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::version::{TLS12, TLS13};

pub use accept::{Patience, TlsAcceptor};
pub use redirect::ToTls;
pub use served::{REFRESH, Served};

/// The protocol in which a certificate authority asks (RFC 8737).
const ACME_TLS: &[u8] = b"acme-tls/1";

/// What handshakes offer: TLS 1.2 and 1.3, HTTP/2 before HTTP/1.1.
pub fn server_config(served: Arc<Served>) -> anyhow::Result<ServerConfig> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(served);
    config.alpn_protocols = [b"h2".as_slice(), b"http/1.1", ACME_TLS].map(<[u8]>::to_vec).into();
    Ok(config)
}
