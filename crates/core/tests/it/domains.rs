//! Domains: claims, proofs by the DNS of a real server, and whose turn it is to order.

use std::sync::Arc;

use crate::common::{self, World, brand, organisation};
use jiff::SignedDuration;
use portico_billing::BrandId;
use portico_billing::domain::{CertificateState, DnsState, OrderFault, Validity};
use portico_billing::permission::{Permission, Permissions};
use portico_core::domains::{
    CertificateOrder, Dns, DomainError, DomainRecord, DomainSettings, Issued,
};
use portico_core::mail::MailBudget;
use portico_core::{
    Caller, Clock, Core, CoreParts, Entropy, Forbidden, PlainStyles, PublicAddress, SealKey,
};
use portico_core_api::CoreApi;
use portico_testkit::{TestDatabase, TestDns, both_engines};

const TARGET: &str = "portal.example.test";
const HOST: &str = "billing.brand.test";

/// An installation with custom domains, and a DNS whose records the test sets.
struct Site {
    world: World,
    dns: TestDns,
    core: Core,
    caller: Caller,
    brand: BrandId,
}

impl Site {
    async fn on(db: TestDatabase) -> Option<Self> {
        let dns = TestDns::start()?;
        let world = World::on(db).await;
        let core = core(&world, &dns, 1);
        let (caller, brand) = (Caller::system(world.organisation.id), world.brand.id);
        Some(Self { world, dns, core, caller, brand })
    }

    async fn add(&self, host: &str) -> DomainRecord {
        self.core.add_domain(&self.caller, self.brand, host).await.expect("a domain")
    }

    async fn check(&self, host: &str) -> DomainRecord {
        self.core.check_domain(&self.caller, self.brand, host).await.expect("a check")
    }

    async fn remove(&self, host: &str) {
        self.core.remove_domain(&self.caller, self.brand, host).await.expect("removed");
    }

    /// Adds the host and lets its CNAME lead to its claim.
    async fn prove(&self, host: &str) -> DomainRecord {
        let target = target(&self.add(host).await);
        self.dns.point(host, &target);
        self.check(host).await
    }

    async fn orders(&self) -> Vec<CertificateOrder> {
        self.core.take_certificate_orders(10).await.expect("orders")
    }

    async fn order(&self) -> CertificateOrder {
        let [order] = self.orders().await.try_into().expect("one order");
        order
    }

    async fn certificate(&self, host: &str) -> CertificateState {
        let domains = self.core.domains(&self.caller, self.brand).await.expect("domains");
        let domain = domains.into_iter().find(|domain| domain.host == host);
        domain.expect("the domain").certificate
    }

    /// The order ends well, with a certificate that lives so long.
    async fn issue(&self, order: &CertificateOrder, life: SignedDuration) -> bool {
        let now = self.core.now();
        let validity = Validity { not_before: now, not_after: now + life };
        let issued =
            Issued { chain_pem: "a chain".to_owned(), key_pem: "a key".to_owned(), validity };
        self.core.certificate_issued(order, issued).await.expect("kept or not")
    }

    async fn fail(&self, order: &CertificateOrder) {
        let fault = OrderFault::Authority { message: "no connection".to_owned() };
        self.core.certificate_failed(order, fault).await.expect("kept");
    }

    async fn answers(&self, host: &str) -> bool {
        self.core.brand_by_host(host).await.expect("an answer").is_some()
    }
}

fn core(world: &World, dns: &TestDns, seed: u8) -> Core {
    core_that(world, dns, (seed, true))
}

/// The seed of its entropy, and whether it orders certificates.
fn core_that(world: &World, dns: &TestDns, (seed, orders_certificates): (u8, bool)) -> Core {
    let clock: Arc<dyn Clock> = Arc::clone(&world.clock) as _;
    let dns = Dns::at(dns.address).expect("a resolver");
    Core::new(CoreParts {
        store: world.db.store.clone(),
        clock,
        entropy: Entropy::from_seed([seed; 32]),
        seal_key: SealKey::new([9; 32]),
        public_address: PublicAddress { local_port: 9080, scheme: "https".to_owned(), port: None },
        panel_url: "http://localhost:9090".to_owned(),
        styles: Arc::new(PlainStyles),
        typesetter: portico_typesetter::typeset,
        mail_probe: None,
        mail_budget: MailBudget::default(),
        http: portico_testkit::http(),
        domains: Some(DomainSettings { cname_target: TARGET.to_owned(), dns, orders_certificates }),
    })
}

fn target(domain: &DomainRecord) -> String {
    domain.claim.as_ref().expect("a claim").target.clone()
}

fn dns(domain: &DomainRecord) -> DnsState {
    domain.claim.as_ref().and_then(|claim| claim.dns.clone()).expect("a check")
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(days * 24)
}

both_engines! {
    async fn ten_03_only_a_cname_to_its_own_label_proves_a_host(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        let added = site.add(HOST).await;
        let claimed = target(&added);
        assert!(claimed.ends_with(&format!(".{TARGET}")), "{claimed}");
        let target_of_another = |label: &str| format!("{label}.{TARGET}");
        site.dns.set_address("direct.brand.test", "192.0.2.7");
        site.dns.set_cname("alias.brand.test", "elsewhere.test");

        assert_eq!(dns(&site.check(HOST).await), DnsState::NotFound);
        site.dns.set_cname(HOST, TARGET);
        let state = DnsState::OtherClaim { target: TARGET.to_owned() };
        assert_eq!(dns(&site.check(HOST).await), state, "without the label");
        let other = target_of_another("00112233445566778899");
        site.dns.set_cname(HOST, &other);
        assert_eq!(dns(&site.check(HOST).await), DnsState::OtherClaim { target: other });
        for elsewhere in ["elsewhere.test", "portal.example.test.evil.test", "alias.brand.test"] {
            site.dns.set_cname(HOST, elsewhere);
            let state = DnsState::PointsElsewhere { target: elsewhere.to_owned() };
            assert_eq!(dns(&site.check(HOST).await), state);
        }
        site.add("direct.brand.test").await;
        let direct = site.check("direct.brand.test").await;
        assert_eq!(dns(&direct), DnsState::AddressRecord { address: "192.0.2.7".to_owned() });
        assert!(site.orders().await.is_empty() && !site.answers(HOST).await);
        assert_eq!(site.certificate(HOST).await, CertificateState::None);

        site.dns.set_cname("alias.brand.test", &claimed);
        assert_eq!(dns(&site.check(HOST).await), DnsState::Points, "by way of another name");
        site.dns.point(HOST, &claimed);
        assert!(site.check(HOST).await.answers() && site.answers(HOST).await);
        assert_eq!(site.certificate(HOST).await, CertificateState::Ordering);
        assert_eq!(site.order().await.host(), HOST);
    }

    async fn where_no_certificates_are_ordered_none_is_waited_for(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        let site = Site { core: core_that(&site.world, &site.dns, (3, false)), ..site };
        let proven = site.prove(HOST).await;
        assert!(proven.answers() && site.answers(HOST).await);
        assert_eq!(proven.certificate, CertificateState::None);
        assert!(!site.core.orders_certificates() && site.orders().await.is_empty());
    }

    async fn ten_03_of_several_processes_one_orders(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        for name in ["a", "b", "c"] {
            site.prove(&format!("{name}.brand.test")).await;
        }
        let other = core(&site.world, &site.dns, 2);
        let (one, two) =
            tokio::join!(site.core.take_certificate_orders(9), other.take_certificate_orders(9));
        let taken: Vec<_> = [one, two].into_iter().flat_map(|it| it.expect("orders")).collect();
        let mut hosts: Vec<&str> = taken.iter().map(CertificateOrder::host).collect();
        hosts.sort_unstable();
        assert_eq!(hosts, ["a.brand.test", "b.brand.test", "c.brand.test"]);
        assert!(site.orders().await.is_empty(), "they are under way");
        // Whoever took them has died: somebody else may try, and the dead one comes too late.
        site.world.wait(6 * 60);
        let again = site.orders().await;
        assert_eq!(again.len(), 3);
        assert!(!site.issue(&taken[0], days(90)).await);
    }

    async fn ten_03_a_host_that_was_released_is_proven_anew(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        let old = target(&site.prove(HOST).await);
        let order = site.order().await;
        assert!(site.core.confirm_certificate_order(&order).await.expect("confirmed"));
        assert!(site.issue(&order, days(90)).await);
        let other = organisation(&site.core, "Other").await;
        let others = brand(&site.core, other.id, "other.test").await;
        let rival = Caller::system(other.id);
        let refused = site.core.add_domain(&rival, others.id, HOST).await;
        assert!(matches!(refused, Err(DomainError::InUse)), "{refused:?}");

        site.remove(HOST).await;
        assert!(!site.answers(HOST).await);
        assert!(site.core.served_certificates().await.expect("certificates").is_empty());
        let claimed = site.core.add_domain(&rival, others.id, HOST).await.expect("a domain");
        assert_ne!(target(&claimed), old);
        // The CNAME still leads to the label of the claim that is over.
        let checked = site.core.check_domain(&rival, others.id, HOST).await.expect("a check");
        assert_eq!(dns(&checked), DnsState::OtherClaim { target: old });
        assert!(!site.answers(HOST).await && site.orders().await.is_empty());
        site.dns.point(HOST, &target(&checked));
        let checked = site.core.check_domain(&rival, others.id, HOST).await.expect("a check");
        assert!(checked.answers());
        let found = site.core.brand_by_host(HOST).await.expect("an answer").expect("a brand");
        assert_eq!(found.id, others.id);
        let refused = site.core.check_domain(&site.caller, site.brand, HOST).await;
        assert!(matches!(refused, Err(DomainError::NotFound)));
    }

    async fn ten_03_a_certificate_that_comes_for_a_released_host_is_thrown_away(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        site.prove(HOST).await;
        let order = site.order().await;
        site.core.put_challenge(&order, "token", "answer").await.expect("kept");
        let answer = site.core.challenge_answer(HOST, "token").await.expect("looked up");
        assert_eq!(answer.as_deref(), Some("answer"));
        for other in ["other", "token'--", ""] {
            assert_eq!(site.core.challenge_answer(HOST, other).await.expect("looked up"), None);
        }
        site.remove(HOST).await;
        assert!(!site.issue(&order, days(90)).await);
        assert_eq!(site.core.challenge_answer(HOST, "token").await.expect("looked up"), None);
        site.prove(HOST).await;
        assert!(!site.issue(&order, days(90)).await, "the claim is another one");
        assert!(site.core.served_certificates().await.expect("certificates").is_empty());
    }

    async fn ten_03_nothing_is_renewed_that_points_here_no_more(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        let proven = site.prove(HOST).await;
        assert!(site.issue(&site.order().await, days(90)).await);
        site.dns.clear_cname(HOST);
        site.world.wait(61 * 24 * 3600);
        let order = site.order().await;
        assert!(!site.core.confirm_certificate_order(&order).await.expect("an answer"));
        let CertificateState::Failed { fault, next_try, until } = site.certificate(HOST).await
        else { panic!("no failure") };
        assert_eq!(fault, OrderFault::NotPointing);
        assert_eq!(next_try, site.core.now() + SignedDuration::from_mins(1));
        assert!(until.is_some() && site.orders().await.is_empty());
        // Asking by hand tries at once.
        site.dns.point(HOST, &target(&proven));
        site.check(HOST).await;
        let order = site.order().await;
        assert!(site.core.confirm_certificate_order(&order).await.expect("an answer"));
    }

    async fn ten_04_renewal_is_in_time_though_the_authority_is_down_for_two_days(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        site.prove(HOST).await;
        assert!(site.issue(&site.order().await, days(90)).await);
        let end = site.core.now() + days(90);
        assert_eq!(site.certificate(HOST).await, CertificateState::Valid { until: end });
        site.world.wait(60 * 24 * 3600 - 1);
        assert!(site.orders().await.is_empty(), "too early");
        site.world.wait(1);
        let down_until = site.core.now() + days(2);
        let mut tries = 0;
        while site.core.now() < down_until {
            for order in site.orders().await {
                site.fail(&order).await;
                tries += 1;
            }
            site.world.wait(60);
        }
        assert!((10..30).contains(&tries), "{tries} tries");
        let state = site.certificate(HOST).await;
        let CertificateState::Failed { next_try, until: Some(until), .. } = state else {
            panic!("{state:?}")
        };
        assert_eq!(until, end, "the old one serves on");
        site.world.clock.set(next_try);
        assert!(site.issue(&site.order().await, days(90)).await);
        let until = site.core.now() + days(90);
        assert_eq!(site.certificate(HOST).await, CertificateState::Valid { until });
        assert!(end.duration_until(site.core.now()) < -days(7), "a week before the end at least");
    }

    async fn prv_04_keys_and_accounts_are_sealed(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        site.prove(HOST).await;
        let order = site.order().await;
        let kept = site.core.keep_acme_account(&order, "https://ca.test", b"secret").await;
        assert_eq!(kept.expect("kept"), b"secret");
        let first = site.core.keep_acme_account(&order, "https://ca.test", b"later").await;
        assert_eq!(first.expect("kept"), b"secret", "the first one counts");
        let mut directory = site.world.db.store.directory().await.expect("a directory");
        let sealed = directory.acme_account("https://ca.test").await.expect("read").expect("one");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert!(site.issue(&order, days(90)).await);
        let mut read = site.world.db.store.read(site.caller.organisation_id).await.expect("read");
        let sealed = read.sealed_certificate(HOST).await.expect("read").expect("one").sealed_key;
        assert!(!sealed.windows(5).any(|window| window == b"a key"));
        let served = site.core.served_certificates().await.expect("certificates").remove(0);
        let opened = site.core.tls_certificate(&served).await.expect("opened").expect("one");
        assert_eq!((opened.chain_pem.as_str(), opened.key_pem.as_str()), ("a chain", "a key"));
        site.core.forget_acme_account(&order, "https://ca.test").await.expect("forgotten");
        assert_eq!(site.core.acme_account("https://ca.test").await.expect("read"), None);
    }

    async fn domains_are_looked_at_by_themselves(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        let added = site.add(HOST).await;
        assert_eq!(site.core.check_due_domains().await.expect("checked"), 1);
        assert_eq!(site.core.check_due_domains().await.expect("checked"), 0);
        site.dns.point(HOST, &target(&added));
        site.world.wait(60);
        assert_eq!(site.core.check_due_domains().await.expect("checked"), 1);
        assert!(site.answers(HOST).await);
        assert_eq!(site.orders().await.len(), 1);
    }

    async fn hosts_that_cannot_be_proven_are_the_brands_at_once(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        for host in ["brand.localhost", "192.0.2.1"] {
            let added = site.add(host).await;
            assert_eq!((added.claim, added.certificate), (None, CertificateState::None));
            assert!(site.answers(host).await);
            assert_eq!(site.check(host).await.claim, None);
        }
        // The brand was set up by the command line with this one.
        assert!(site.answers("billing.acme.test").await);
        assert!(site.orders().await.is_empty());
        let hosts = site.core.domains(&site.caller, site.brand).await.expect("domains");
        let hosts: Vec<&str> = hosts.iter().map(|domain| domain.host.as_str()).collect();
        assert_eq!(hosts, ["billing.acme.test", "brand.localhost", "192.0.2.1"]);
    }

    async fn what_cannot_be_claimed_is_refused(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        for (host, said) in [
            ("https://brand.test", "this is no host"),
            ("", "this is no host"),
            (TARGET, "the portal's own"),
            ("a.portal.example.test", "the portal's own"),
            ("billing.acme.test", "in use"),
        ] {
            let refused = site.core.add_domain(&site.caller, site.brand, host).await;
            let error = refused.expect_err(host).to_string();
            assert!(error.contains(said), "{host}: {error}");
        }
        let foreign = site.core.add_domain(&site.caller, common::foreign_brand(), HOST).await;
        assert!(matches!(foreign, Err(DomainError::NotFound)));
        let weak = Caller { permissions: Permissions::of(&[Permission::Read]), ..site.caller };
        let refused = site.core.add_domain(&weak, site.brand, HOST).await;
        assert!(matches!(refused, Err(DomainError::Forbidden(Forbidden(Permission::EditBrands)))));
    }

    async fn a_claim_that_is_never_proven_keeps_nobody_out(db: TestDatabase) {
        let Some(site) = Site::on(db).await else { return };
        site.add(HOST).await;
        let other = organisation(&site.core, "Other").await;
        let others = brand(&site.core, other.id, "other.test").await;
        let rival = Caller::system(other.id);
        let refused = site.core.add_domain(&rival, others.id, HOST).await;
        assert!(matches!(refused, Err(DomainError::InUse)));
        site.world.wait(8 * 24 * 3600);
        assert!(site.core.add_domain(&rival, others.id, HOST).await.is_ok());
        let left = site.core.domains(&site.caller, site.brand).await.expect("domains");
        assert!(left.iter().all(|domain| domain.host != HOST));
    }
}
