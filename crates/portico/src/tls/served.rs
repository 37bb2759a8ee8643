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

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use portico_billing::OrganisationId;
    use portico_billing::account::Address;
    use portico_billing::domain::Validity;
    use portico_core::domains::Issued;
    use portico_core::mail::MailBudget;
    use portico_core::{
        CoreParts, Entropy, NewBrand, NewOrganisation, PlainStyles, PublicAddress, SealKey,
    };
    use portico_testkit::TestDatabase;

    use super::*;

    const HOSTS: [&str; 5] =
        ["a.brand.test", "b.brand.test", "c.brand.test", "d.brand.test", "e.brand.test"];

    /// A core on the data whose secrets are sealed with this key.
    fn core_with_key(database: &TestDatabase, key: u8) -> Core {
        Core::new(CoreParts {
            store: database.store.clone(),
            clock: Arc::new(SystemClock),
            entropy: Entropy::from_seed([7; 32]),
            seal_key: SealKey::new([key; 32]),
            public_address: PublicAddress {
                local_port: 9080,
                scheme: "https".to_owned(),
                port: None,
            },
            panel_url: "http://localhost:9090".to_owned(),
            styles: Arc::new(PlainStyles),
            typesetter: portico_typesetter::typeset,
            domains: None,
            mail_probe: None,
            mail_budget: MailBudget::default(),
            http: portico_testkit::http(),
        })
    }

    async fn organisation(core: &Core) -> OrganisationId {
        let new = NewOrganisation {
            name: "Acme".to_owned(),
            legal_name: None,
            email: None,
            phone: None,
            address: Address::default(),
            tax_ids: Vec::new(),
            time_zone: "UTC".to_owned(),
            currency: "EUR".parse().expect("a currency"),
            created_at: None,
        };
        let id = core.create_organisation(new).await.expect("an organisation").id;
        let hosts = HOSTS.map(str::to_owned).to_vec();
        let brand = NewBrand::new("Acme", hosts, "en".parse().expect("a language"));
        core.create_brand(id, brand).await.expect("a brand");
        id
    }

    /// The certificate of a host comes, as `change` makes it.
    async fn issue(
        core: &Core,
        organisation: OrganisationId,
        host: &str,
        change: impl FnOnce(&mut Issued),
    ) {
        let now = core.now();
        let mut write = core.store().write(organisation).await.expect("a unit of work");
        write.want_certificate(host, now).await.expect("wanted");
        write.commit().await.expect("a commit");
        let made = rcgen::generate_simple_self_signed([host.to_owned()]).expect("a certificate");
        let mut issued = Issued {
            chain_pem: made.cert.pem(),
            key_pem: made.signing_key.serialize_pem(),
            validity: Validity { not_before: now, not_after: now + SignedDuration::from_hours(24) },
        };
        change(&mut issued);
        let orders = core.take_certificate_orders(10).await.expect("orders");
        let order = orders.iter().find(|order| order.host() == host).expect("the order");
        assert!(core.certificate_issued(order, issued).await.expect("kept"));
    }

    #[tokio::test]
    async fn what_cannot_be_read_keeps_no_other_certificate_from_being_served() {
        let database = TestDatabase::sqlite().await;
        let core = core_with_key(&database, 9);
        let acme = organisation(&core).await;
        let [good, other_key, no_key, no_chain, last] = HOSTS;
        issue(&core, acme, good, |_| {}).await;
        issue(&core_with_key(&database, 1), acme, other_key, |_| {}).await;
        issue(&core, acme, no_key, |it| it.key_pem = "no key".to_owned()).await;
        issue(&core, acme, no_chain, |it| it.chain_pem = "no chain".to_owned()).await;
        issue(&core, acme, last, |_| {}).await;
        // As at the start of the program: nothing was read before.
        let served = Served::default();
        served.refresh(&core).await.expect("what can be read");
        let found = HOSTS.map(|host| served.has(host));
        assert_eq!(found, [true, false, false, false, true]);
        // Nor later; and what is mended is served.
        issue_again(&core, acme, other_key).await;
        served.refresh(&core).await.expect("what can be read");
        assert_eq!(HOSTS.map(|host| served.has(host)), [true, true, false, false, true]);
    }

    /// The host is claimed anew, and gets a certificate that can be read.
    async fn issue_again(core: &Core, organisation: OrganisationId, host: &str) {
        let mut write = core.store().write(organisation).await.expect("a unit of work");
        let domain = write.domain(host).await.expect("an answer").expect("the domain");
        assert!(write.delete_domain(host).await.expect("an answer"));
        write.insert_domain(domain.brand_id, host, None).await.expect("a domain");
        write.commit().await.expect("a commit");
        issue(core, organisation, host, |_| {}).await;
    }
}
