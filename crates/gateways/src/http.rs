//! The guarded client: what staff can name as an address must not reach the machines beside this
//! one (INJ-06), and no answer can be larger or slower than what a provider's should be.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use portico_billing::network::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{RequestBuilder, StatusCode};
use url::{Host, Url};

use crate::{Circuit, GatewayError};

/// How long a provider may take to be reached, and to answer.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of an answer that are read.
const ANSWER_MAX: usize = 1024 * 1024;

/// The networks beside the public internet that may be connected to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Arc<[IpNet]>);

impl Networks {
    /// These, and the public internet.
    #[must_use]
    pub fn new(allowed: &[IpNet]) -> Self {
        Self(allowed.into())
    }

    fn allow(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.0.iter().any(|network| network.contains(&address))
    }
}

impl Resolve for Networks {
    /// The addresses that may be connected to, out of those that the name has. They are used as
    /// they are: the name is not looked up again.
    fn resolve(&self, name: Name) -> Resolving {
        let networks = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| networks.allow(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name has no address that may be connected to".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// The client of all gateways: cheap to clone, keeps connections open.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    networks: Networks,
    watched: Watched,
}

/// Whether anybody minds that a provider does not answer.
#[derive(Debug, Clone)]
enum Watched {
    No,
    /// It is left alone then.
    By(Circuit),
    /// It was, and this asks whether it answers again.
    Probing(Circuit),
}

/// An answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// All of the body.
    pub body: Vec<u8>,
}

impl Http {
    /// A client that connects to the public internet and to `networks`.
    ///
    /// # Errors
    /// `NotSent` where TLS cannot be set up.
    pub fn new(networks: Networks) -> Result<Self, GatewayError> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| GatewayError::NotSent(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(networks.clone()))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_PATIENCE)
            .timeout(PATIENCE)
            .build()
            .map_err(|error| GatewayError::NotSent(error.to_string()))?;
        Ok(Self { client, networks, watched: Watched::No })
    }

    /// The same for one gateway, whose provider is left alone where it does not answer.
    #[must_use]
    pub fn watched_by(&self, circuit: Circuit) -> Self {
        Self { watched: Watched::By(circuit), ..self.clone() }
    }

    /// The same, to ask a provider that is left alone whether it answers again.
    #[must_use]
    pub fn probing(&self, circuit: Circuit) -> Self {
        Self { watched: Watched::Probing(circuit), ..self.clone() }
    }

    /// A request to be sent by [`Http::send`].
    ///
    /// # Errors
    /// `NotSent` where the address is one that may not be connected to.
    pub(crate) fn request(
        &self,
        method: reqwest::Method,
        url: &str,
    ) -> Result<RequestBuilder, GatewayError> {
        let url = Url::parse(url).map_err(|error| GatewayError::NotSent(error.to_string()))?;
        let allowed = match url.host() {
            Some(Host::Ipv4(address)) => self.networks.allow(address.into()),
            Some(Host::Ipv6(address)) => self.networks.allow(address.into()),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        if !allowed {
            return Err(GatewayError::NotSent("the address may not be connected to".to_owned()));
        }
        Ok(self.client.request(method, url))
    }

    /// Sends a request, and waits for the whole answer.
    ///
    /// # Errors
    /// `NotSent` where no connection was made, or the provider is left alone; `Unknown` where it
    /// broke or took too long after that, the answer is too large, or the provider says that
    /// something is wrong on its side; `TooMany`.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Answer, GatewayError> {
        #[cfg(debug_assertions)]
        crate::crash::point("before a request to a provider");
        let answer = match &self.watched {
            Watched::No => exchange(request).await,
            Watched::By(circuit) => circuit.guard(exchange(request)).await,
            Watched::Probing(circuit) => circuit.probe(exchange(request)).await,
        };
        #[cfg(debug_assertions)]
        crate::crash::point("after a request to a provider");
        answer
    }
}

/// Sends, and reads the whole answer.
async fn exchange(request: RequestBuilder) -> Result<Answer, GatewayError> {
    let mut response = request.send().await.map_err(|error| fault(&error))?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unknown(&error))? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(GatewayError::Unknown("the answer is too large".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    match status {
        StatusCode::TOO_MANY_REQUESTS => Err(GatewayError::TooMany),
        _ if status.is_server_error() => Err(GatewayError::Unknown(format!("status {status}"))),
        _ => Ok(Answer { status, body }),
    }
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Errors
    /// `Unknown` where it is something else: what was asked for may have been done.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, GatewayError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            GatewayError::Unknown(format!("status {}, not readable: {error}", self.status))
        })
    }
}

/// What is told of a fault: never the address, which may have secrets in it.
fn fault(error: &reqwest::Error) -> GatewayError {
    if error.is_connect() || error.is_builder() {
        return GatewayError::NotSent(cause(error));
    }
    unknown(error)
}

fn unknown(error: &reqwest::Error) -> GatewayError {
    GatewayError::Unknown(cause(error))
}

fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if error.is_timeout() { "it took too long".to_owned() } else { cause.to_string() }
}
