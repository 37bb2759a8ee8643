//! Certificates: who orders one, what comes of it, and what is served.

use jiff::{SignedDuration, Timestamp};
use portico_billing::OrganisationId;
use portico_billing::domain::{Certificate, DnsState, OrderFault, Validity};
use portico_store::certificate::{OrderLock, SealedCertificate, StoredCertificate};

use crate::{Core, Failure};

/// An order belongs to whoever has taken it for so long.
const LOCK: SignedDuration = SignedDuration::from_mins(5);
/// What is kept of an authority's words.
const LONGEST_MESSAGE: usize = 1_000;

/// A certificate that this process is to order, and no other one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateOrder {
    /// Whose host it is.
    pub organisation_id: OrganisationId,
    lock: OrderLock,
}

impl CertificateOrder {
    /// The host that the certificate is for.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.lock.host
    }
}

/// A certificate as it came from an authority.
pub struct Issued {
    /// The certificate and those above it, as PEM.
    pub chain_pem: String,
    /// Its private key, as PEM.
    pub key_pem: String,
    /// From when until when it is valid.
    pub validity: Validity,
}

/// A certificate that is to be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedCertificate {
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// For which host.
    pub host: String,
    /// How it stands.
    pub certificate: Certificate,
    /// When it came: another time, another certificate.
    pub updated_at: Timestamp,
}

/// What TLS needs of a certificate.
pub struct TlsCertificate {
    /// The certificate and those above it, as PEM.
    pub chain_pem: String,
    /// Its private key, as PEM.
    pub key_pem: String,
}

impl Core {
    /// Takes certificates to order, at most `limit`. Of several processes one gets each.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn take_certificate_orders(
        &self,
        limit: u16,
    ) -> Result<Vec<CertificateOrder>, Failure> {
        let now = self.now();
        let due = self.inner.store.directory().await?.certificates_to_order(now, limit).await?;
        let mut orders = Vec::new();
        for (organisation_id, host) in due {
            let lock = OrderLock { host, locked_until: now + LOCK };
            let mut write = self.inner.store.write(organisation_id).await?;
            let is_mine = write.lock_certificate(&lock, now).await?;
            write.commit().await?;
            if is_mine {
                orders.push(CertificateOrder { organisation_id, lock });
            }
        }
        Ok(orders)
    }

    /// Looks once more whether the host's CNAME leads to its claim; only then a certificate may be
    /// ordered. Otherwise the order has failed.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn confirm_certificate_order(
        &self,
        order: &CertificateOrder,
    ) -> Result<bool, Failure> {
        let mut read = self.inner.store.read(order.organisation_id).await?;
        let domain = read.domain(order.host()).await?;
        drop(read);
        let Some(claim) = domain.and_then(|domain| domain.claim) else { return Ok(false) };
        let claim = self.ask_dns(order.organisation_id, order.host(), claim).await?;
        if claim.dns == Some(DnsState::Points) {
            return Ok(true);
        }
        self.certificate_failed(order, OrderFault::NotPointing).await?;
        Ok(false)
    }

    /// Keeps what was ordered. It is thrown away, and the answer is no, where the host was released
    /// meanwhile or the order took too long.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn certificate_issued(
        &self,
        order: &CertificateOrder,
        issued: Issued,
    ) -> Result<bool, Failure> {
        let sealed_key =
            self.inner.sealer.seal(&purpose(order.host()), issued.key_pem.as_bytes())?;
        let sealed = SealedCertificate { chain_pem: issued.chain_pem, sealed_key };
        let mut write = self.inner.store.write(order.organisation_id).await?;
        let kept =
            write.certificate_issued(&order.lock, &sealed, issued.validity, self.now()).await?;
        write.delete_challenge(order.host()).await?;
        write.commit().await?;
        Ok(kept)
    }

    /// Keeps why an order failed, and when the next one begins.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn certificate_failed(
        &self,
        order: &CertificateOrder,
        fault: OrderFault,
    ) -> Result<(), Failure> {
        let fault = match fault {
            OrderFault::Authority { message } => {
                OrderFault::Authority { message: message.chars().take(LONGEST_MESSAGE).collect() }
            }
            OrderFault::NotPointing => fault,
        };
        let (host, now) = (order.host(), self.now());
        let mut write = self.inner.store.write(order.organisation_id).await?;
        if let Some(certificate) = write.domain(host).await?.and_then(|it| it.certificate) {
            let try_at = certificate.retry_at(now);
            write.certificate_failed(&order.lock, &fault, try_at).await?;
            write.delete_challenge(host).await?;
        }
        Ok(write.commit().await?)
    }

    /// All certificates that are there, without their keys.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn served_certificates(&self) -> Result<Vec<ServedCertificate>, Failure> {
        let stored = self.inner.store.directory().await?.certificates().await?;
        let served = |it: StoredCertificate| ServedCertificate {
            organisation_id: it.organisation_id,
            host: it.host,
            certificate: it.certificate,
            updated_at: it.updated_at,
        };
        Ok(stored.into_iter().map(served).collect())
    }

    /// A certificate with its key; nothing where it has gone meanwhile.
    ///
    /// # Errors
    /// Where it cannot be opened, or the machinery fails.
    pub async fn tls_certificate(
        &self,
        served: &ServedCertificate,
    ) -> Result<Option<TlsCertificate>, Failure> {
        let mut read = self.inner.store.read(served.organisation_id).await?;
        let Some(sealed) = read.sealed_certificate(&served.host).await? else { return Ok(None) };
        let key = self.inner.sealer.open(&purpose(&served.host), &sealed.sealed_key)?;
        let key_pem = String::from_utf8(key).map_err(|_| Failure::Missing("a key as PEM"))?;
        Ok(Some(TlsCertificate { chain_pem: sealed.chain_pem, key_pem }))
    }
}

fn purpose(host: &str) -> String {
    format!("certificate {host}")
}
