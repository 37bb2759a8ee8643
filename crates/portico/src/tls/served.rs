//! The certificates that handshakes choose from: in memory, read anew every few seconds.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use portico_core::domains::{ServedCertificate, TlsCertificate};
use portico_core::{Clock as _, Core, Failure};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::ACME_TLS;
use crate::machine::SystemClock;

/// How long a change in the database takes to be seen at most.
pub const REFRESH: Duration = Duration::from_secs(2);

/// Certificates by host. A handshake for another host ends here, at the price of one look-up in
/// memory.
#[derive(Default)]
pub struct Served {
    table: RwLock<Arc<Table>>,
}

#[derive(Default)]
struct Table {
    hosts: HashMap<String, Entry>,
    /// Answers to questions of a certificate authority, with what they answer.
    challenges: HashMap<String, (String, Arc<CertifiedKey>)>,
}

#[derive(Clone)]
struct Entry {
    version: Timestamp,
    until: Timestamp,
    /// Nothing where it cannot be used; it is not tried again until there is a new one.
    key: Option<Arc<CertifiedKey>>,
}

impl Entry {
    /// The certificate, as long as it is valid: the end need not wait until the table is read anew.
    fn key(&self) -> Option<&Arc<CertifiedKey>> {
        self.key.as_ref().filter(|_| self.until > SystemClock.now())
    }
}

impl Served {
    /// Reads certificates anew until the program stops.
    pub async fn keep_current(self: Arc<Self>, core: Core, stop: CancellationToken) {
        loop {
            if let Err(error) = self.refresh(&core).await {
                // What was read before is served on.
                tracing::warn!(error = %format!("{error:#}"), "certificates cannot be read");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(REFRESH) => {}
            }
        }
    }

    /// Whether there is a certificate for `host` (in lower case).
    pub fn has(&self, host: &str) -> bool {
        self.table().hosts.get(host).is_some_and(|entry| entry.key().is_some())
    }

    async fn refresh(&self, core: &Core) -> anyhow::Result<()> {
        let before = self.table();
        let mut table = Table::default();
        for served in core.served_certificates().await? {
            let Some(validity) = served.certificate.validity else { continue };
            let known = before.hosts.get(&served.host).filter(|it| it.version == served.updated_at);
            let entry = match known {
                Some(known) => known.clone(),
                None => Entry {
                    version: served.updated_at,
                    until: validity.not_after,
                    key: load(core, &served).await?,
                },
            };
            table.hosts.insert(served.host, entry);
        }
        for (host, answer) in core.challenges().await? {
            let known = before.challenges.get(&host).filter(|(known, _)| *known == answer);
            let key = match known {
                Some((_, key)) => Some(Arc::clone(key)),
                None => usable(&host, challenge_certificate(&host, &answer)),
            };
            table.challenges.extend(key.map(|key| (host, (answer, key))));
        }
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
        Ok(())
    }

    fn table(&self) -> Arc<Table> {
        Arc::clone(&self.table.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served").field("hosts", &self.table().hosts.len()).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let host = hello.server_name()?.trim_end_matches('.').to_ascii_lowercase();
        let table = self.table();
        // A certificate authority offers its own protocol and no other one.
        let mut protocols = hello.alpn().into_iter().flatten();
        if protocols.next() == Some(ACME_TLS) && protocols.next().is_none() {
            return table.challenges.get(&host).map(|(_, key)| Arc::clone(key));
        }
        table.hosts.get(&host)?.key().map(Arc::clone)
    }
}

/// The certificate as TLS uses it; nothing where it cannot be used.
async fn load(
    core: &Core,
    served: &ServedCertificate,
) -> anyhow::Result<Option<Arc<CertifiedKey>>> {
    match core.tls_certificate(served).await {
        Ok(certificate) => Ok(certificate.and_then(|it| usable(&served.host, certified(&it)))),
        Err(failure @ Failure::Store(_)) => Err(failure.into()),
        // A key that was sealed by another one, for example.
        Err(failure) => Ok(usable(&served.host, Err(failure.into()))),
    }
}

/// One that is faulty must not keep the others from being served: the log says why.
fn usable(host: &str, made: anyhow::Result<CertifiedKey>) -> Option<Arc<CertifiedKey>> {
    let complain = |error| {
        tracing::error!(host, error = %format!("{error:#}"), "a certificate cannot be used");
    };
    made.map(Arc::new).map_err(complain).ok()
}

fn certified(certificate: &TlsCertificate) -> anyhow::Result<CertifiedKey> {
    let chain = CertificateDer::pem_slice_iter(certificate.chain_pem.as_bytes());
    let chain = chain.collect::<Result<Vec<_>, _>>().context("the chain")?;
    let key = PrivateKeyDer::from_pem_slice(certificate.key_pem.as_bytes()).context("the key")?;
    Ok(CertifiedKey::from_der(chain, key, &ring::default_provider())?)
}

/// The answer by TLS: a certificate of our own that carries the digest (RFC 8737, 3).
fn challenge_certificate(host: &str, answer: &str) -> anyhow::Result<CertifiedKey> {
    let mut params = CertificateParams::new([host.to_owned()])?;
    let digest = Sha256::digest(answer.as_bytes());
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(&digest)];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    // Without the check that key and certificate match: it knows no such certificate.
    Ok(CertifiedKey::new(vec![certificate.der().clone()], ring::sign::any_supported_type(&key)?))
}
