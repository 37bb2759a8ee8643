//! Domains of brands with certificates of a real authority, served by the real program.

mod client;
mod installation;

use std::time::Duration;

use portico_billing::BrandId;
use portico_billing::account::Address;
use portico_billing::domain::CertificateState;
use portico_core::{Caller, NewBrand, NewOrganisation};

use crate::program::wait_for;
use client::{Handshake, curl, handshake};
use installation::{HOST, Site};

/// A life that nothing is renewed in while a test runs.
const LONG: u32 = 90 * 24 * 3600;

#[tokio::test(flavor = "multi_thread")]
async fn a_brands_domain_gets_a_certificate_and_the_portal_answers_by_tls() {
    let Some(site) = Site::start(LONG).await else { return };
    let domain = site.add(HOST).await;
    assert_eq!(site.authority.orders(), 0, "ten_03: it is not proven yet");
    let refused = site.program.portal_call(HOST, "GET", "/sign-in").send();
    assert_eq!(refused.status, 421, "ten_03: nobody's host");
    site.point(&domain);
    site.check(HOST).await;
    site.wait_for_certificate(HOST).await;
    let page = curl(&site, HOST, "/sign-in", &["--http2"]);
    assert!(page.starts_with("HTTP/2 200"), "{page}");
    assert!(page.contains("</html>") && page.contains("name=\"csrf\""), "{page}");
    assert!(page.contains("strict-transport-security:"), "it counts as https: {page}");
    assert!(page.to_lowercase().contains("__host-"), "cookies are for TLS alone: {page}");
    let page = curl(&site, HOST, "/sign-in", &["--http1.1"]);
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for version in ["1.2", "1.3"] {
        let page =
            curl(&site, HOST, "/sign-in", &[&format!("--tlsv{version}"), "--tls-max", version]);
        assert!(page.contains(" 200"), "{version}: {page}");
    }
    let plain = site.program.portal_call(HOST, "GET", "/sign-in?next=%2Finvoices").send();
    let instead = format!("https://{HOST}:{}/sign-in?next=%2Finvoices", site.tls);
    assert_eq!((plain.status, plain.location), (308, instead));
    assert_eq!(site.program.portal_call("localhost", "GET", "/sign-in").send().status, 200);
    let other = curl(&site, HOST, "/sign-in", &["--header", "host: unknown.test"]);
    assert!(other.contains(" 421"), "{other}");
    assert_eq!(site.authority.orders(), 1, "{}", site.program.log());
    let figures = || site.program.panel_call("GET", "/metrics").send().text;
    let figure = format!("portico_certificate_days_left{{host=\"{HOST}\"}} 8");
    wait_for("the figure", || figures().contains(&figure).then_some(()));
    site.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_03_names_that_nobody_proved_are_refused_and_never_ordered() {
    let Some(site) = Site::start(LONG).await else { return };
    let domain = site.add(HOST).await;
    site.point(&domain);
    site.check(HOST).await;
    site.wait_for_certificate(HOST).await;
    let unproven = site.add("other.brand.test").await;
    assert!(!unproven.answers());
    for name in ["other.brand.test", "unknown.test", "billing.brand.test.evil.test", "localhost"] {
        assert_eq!(handshake(&site, Some(name)), Handshake::Refused, "{name}");
    }
    assert_eq!(handshake(&site, None), Handshake::Refused, "without a name");
    for number in 0..300 {
        let name = format!("r{number}.brand.test");
        assert_eq!(handshake(&site, Some(&name)), Handshake::Refused, "{name}");
    }
    assert_eq!(handshake(&site, Some(HOST)), Handshake::Done);
    // Long enough for an order that somebody would have begun.
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(site.authority.orders(), 1, "that of the proven host");
    site.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_03_a_domain_that_changes_hands_is_proven_anew() {
    let Some(site) = Site::start(LONG).await else { return };
    let domain = site.add(HOST).await;
    site.point(&domain);
    site.check(HOST).await;
    site.wait_for_certificate(HOST).await;
    let first = site.authority.orders();
    site.core.remove_domain(&site.caller, site.brand, HOST).await.expect("removed");
    wait_for("the certificate to go", || {
        (handshake(&site, Some(HOST)) == Handshake::Refused).then_some(())
    });
    let (rival, brand) = another_organisation(&site).await;
    let claimed = site.core.add_domain(&rival, brand, HOST).await.expect("a domain");
    let checked = site.core.check_domain(&rival, brand, HOST).await.expect("a check");
    assert!(!checked.answers(), "the CNAME is that of the claim before");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(site.authority.orders(), first, "nothing was ordered");
    assert_eq!(handshake(&site, Some(HOST)), Handshake::Refused);
    site.point(&claimed);
    site.core.check_domain(&rival, brand, HOST).await.expect("a check");
    wait_for("the certificate", || (handshake(&site, Some(HOST)) == Handshake::Done).then_some(()));
    assert!(curl(&site, HOST, "/sign-in", &[]).contains("Rival"), "the other brand answers");
    site.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_05_each_host_has_a_certificate_and_a_portal_of_its_own() {
    const OTHER: &str = "pay.rival.test";
    let Some(site) = Site::start(LONG).await else { return };
    let domain = site.add(HOST).await;
    site.point(&domain);
    site.check(HOST).await;
    let (rival, brand) = another_organisation(&site).await;
    let claimed = site.core.add_domain(&rival, brand, OTHER).await.expect("a domain");
    site.point(&claimed);
    site.core.check_domain(&rival, brand, OTHER).await.expect("a check");
    for (host, own, others) in [(HOST, "Acme", "Rival"), (OTHER, "Rival", "Acme")] {
        wait_for("the certificate", || {
            (handshake(&site, Some(host)) == Handshake::Done).then_some(())
        });
        assert_eq!(client::names(&site, host), [format!("DNSName({host})")]);
        let page = curl(&site, host, "/sign-in", &[]);
        assert!(page.contains(own) && !page.contains(others), "{host}: {page}");
    }
    site.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_04_short_certificates_are_renewed_and_the_new_one_is_served() {
    // Renewal is due after 24 seconds.
    let Some(site) = Site::start(36).await else { return };
    let domain = site.add(HOST).await;
    site.point(&domain);
    site.check(HOST).await;
    let first = site.wait_for_certificate(HOST).await;
    let second = loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(handshake(&site, Some(HOST)), Handshake::Done, "a gap, or an expired one");
        match site.certificate(HOST).await {
            CertificateState::Valid { until } if until > first => break until,
            CertificateState::Valid { .. } => {}
            other => panic!("{other:?}\n{}", site.program.log()),
        }
    };
    assert!(second > first);
    assert_eq!(site.authority.orders(), 2);
    site.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_04_what_expires_is_not_served_and_the_reason_is_kept() {
    let Some(mut site) = Site::start(20).await else { return };
    let domain = site.add(HOST).await;
    site.point(&domain);
    site.check(HOST).await;
    site.wait_for_certificate(HOST).await;
    site.authority.stop();
    let failed = wait_for_state(&site, |state| matches!(state, CertificateState::Failed { .. }));
    let CertificateState::Failed { until, .. } = failed.await else { panic!("no failure") };
    assert!(until.is_some(), "the old one serves on");
    assert_eq!(handshake(&site, Some(HOST)), Handshake::Done);
    wait_for("the alarm", || site.program.log().contains("is about to end").then_some(()));
    wait_for("the end", || (handshake(&site, Some(HOST)) == Handshake::Refused).then_some(()));
    // The authority comes back and knows nobody any more, and has a new root; somebody presses the
    // button, twice: the first order finds out that the account has gone.
    assert!(site.authority.resume());
    for _ in 0..2 {
        site.check(HOST).await;
        tokio::time::sleep(Duration::from_secs(4)).await;
    }
    site.wait_for_certificate(HOST).await;
    site.root = site.authority.issuing_root();
    assert_eq!(handshake(&site, Some(HOST)), Handshake::Done);
    site.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_tls_cannot_be_reached_the_answer_is_given_by_http() {
    let Some(site) = Site::with_closed_tls(LONG).await else { return };
    let domain = site.add(HOST).await;
    site.point(&domain);
    site.check(HOST).await;
    site.wait_for_certificate(HOST).await;
    assert_eq!(site.authority.orders(), 2, "the second one, by HTTP");
    assert_eq!(handshake(&site, Some(HOST)), Handshake::Done);
    let unknown = site.program.portal_call(HOST, "GET", "/.well-known/acme-challenge/abc").send();
    assert_eq!(unknown.status, 404);
    site.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn dos_01_tls_connections_that_do_not_come_to_the_point_are_closed() {
    let Some(site) = Site::start(LONG).await else { return };
    let domain = site.add(HOST).await;
    site.point(&domain);
    site.check(HOST).await;
    site.wait_for_certificate(HOST).await;
    client::is_closed_without_a_handshake(&site);
    for beginning in ["", "GET /sign", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        client::is_closed_after(&site, HOST, beginning);
    }
    site.stop();
}

async fn wait_for_state(
    site: &Site,
    is_it: impl Fn(&CertificateState) -> bool,
) -> CertificateState {
    for _ in 0..300 {
        let state = site.certificate(HOST).await;
        if is_it(&state) {
            return state;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?}\n{}", site.certificate(HOST).await, site.program.log())
}

async fn another_organisation(site: &Site) -> (Caller, BrandId) {
    let new = NewOrganisation {
        name: "Rival".to_owned(),
        legal_name: None,
        email: None,
        phone: None,
        address: Address::default(),
        tax_ids: Vec::new(),
        time_zone: "UTC".to_owned(),
        currency: "EUR".parse().expect("a currency"),
        created_at: None,
    };
    let organisation = site.core.create_organisation(new).await.expect("an organisation");
    let language = "en".parse().expect("a language");
    let new = NewBrand::new("Rival", vec!["rival.localhost".to_owned()], language);
    let brand = site.core.create_brand(organisation.id, new).await.expect("a brand");
    (Caller::system(organisation.id), brand.id)
}
