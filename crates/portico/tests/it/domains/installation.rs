//! An installation with custom domains: the program, a DNS, a certificate authority.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use portico_billing::BrandId;
use portico_billing::domain::CertificateState;
use portico_core::domains::{Dns, DomainRecord, DomainSettings};
use portico_core::{Caller, Core, FixedClock};
use portico_testkit::{AuthoritySettings, TestAuthority, TestDns};

use crate::program::{Installation, Program, free_port};

pub const HOST: &str = "billing.brand.test";
const TARGET: &str = "portal.example.test";

pub struct Site {
    pub installation: Installation,
    pub dns: TestDns,
    pub authority: TestAuthority,
    pub program: Program,
    /// The port of the TLS listener.
    pub tls: u16,
    /// A core beside the program's own, as another process would be.
    pub core: Core,
    pub caller: Caller,
    pub brand: BrandId,
    /// The root of the certificates.
    pub root: String,
}

impl Site {
    /// With certificates that live so long.
    pub async fn start(life_seconds: u32) -> Option<Self> {
        Self::with(life_seconds, |tls| tls).await
    }

    /// The authority asks by TLS where nobody listens.
    pub async fn with_closed_tls(life_seconds: u32) -> Option<Self> {
        Self::with(life_seconds, |_| free_port()).await
    }

    async fn with(life_seconds: u32, asked_at: impl Fn(u16) -> u16) -> Option<Self> {
        let dns = TestDns::start()?;
        let installation = Installation::new("localhost");
        let (tls, portal) = (free_port(), free_port());
        let settings =
            AuthoritySettings { http_port: portal, tls_port: asked_at(tls), life_seconds };
        let authority = TestAuthority::start(&dns, settings)?;
        let config = format!(
            "[portal]\npublic_port = {tls}\n[tls]\naddr = \"127.0.0.1:{tls}\"\n\
             handshake_timeout_seconds = 1\nidle_timeout_seconds = 2\n\
             [http]\nheader_timeout_seconds = 1\n\
             [domains]\ncname_target = \"{TARGET}\"\nresolver = \"{}\"\n\
             [acme]\ndirectory_url = \"{}\"\nroot_certificates = \"{}\"\n",
            dns.address,
            authority.directory_url(),
            authority.root_file().display(),
        );
        installation.write("portico.toml", &config);
        let program = Program::start_at(installation.path(), &["serve"], portal);
        let settings = DomainSettings {
            cname_target: TARGET.to_owned(),
            dns: Dns::at(dns.address).expect("a resolver"),
            orders_certificates: true,
        };
        let core = installation.core_with(&Arc::new(FixedClock::at(now())), Some(settings)).await;
        let caller = Caller::system(installation.organisation);
        let brand = core.brands(installation.organisation).await.expect("brands").remove(0).id;
        let root = authority.issuing_root();
        Some(Self { installation, dns, authority, program, tls, core, caller, brand, root })
    }

    pub async fn add(&self, host: &str) -> DomainRecord {
        self.core.add_domain(&self.caller, self.brand, host).await.expect("a domain")
    }

    /// Sets the record that the domain asks for.
    pub fn point(&self, domain: &DomainRecord) {
        self.dns.point(&domain.host, &domain.claim.as_ref().expect("a claim").target);
    }

    pub async fn check(&self, host: &str) -> DomainRecord {
        self.core.check_domain(&self.caller, self.brand, host).await.expect("a check")
    }

    pub async fn certificate(&self, host: &str) -> CertificateState {
        let domains = self.core.domains(&self.caller, self.brand).await.expect("domains");
        let domain = domains.into_iter().find(|domain| domain.host == host);
        domain.expect("the domain").certificate
    }

    /// Waits until there is one that the program serves as well. The answer is its end.
    pub async fn wait_for_certificate(&self, host: &str) -> Timestamp {
        for _ in 0..300 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            match self.certificate(host).await {
                CertificateState::Valid { until } if until > now() => {
                    // By then it is served.
                    tokio::time::sleep(Duration::from_secs(3)).await;
                    return until;
                }
                _ => {}
            }
        }
        panic!("{:?}\n{}", self.certificate(host).await, self.program.log())
    }

    pub fn stop(self) {
        self.program.stop();
    }
}

/// The program reads the machine's clock, and so does the authority.
#[expect(clippy::disallowed_methods, reason = "the time at which certificates of a real peer live")]
fn now() -> Timestamp {
    Timestamp::now()
}
