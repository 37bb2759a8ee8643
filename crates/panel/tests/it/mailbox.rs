//! The mailbox of a demonstration.

use axum::http::{Method, StatusCode};
use portico_core::mail::CapturedMail;
use portico_panel::KeyRate;

use crate::site::Site;

async fn site_with_a_mail() -> Site {
    let site = Site::with(KeyRate::default(), true).await;
    let mail = CapturedMail {
        recipient: "ana@example.com".to_owned(),
        sender: "billing@acme.example".to_owned(),
        subject: "Hello <Ana>".to_owned(),
        text_body: "a link".to_owned(),
        html_body: "<p>a <a href=\"http://localhost:9080/x\">link</a></p>".to_owned(),
    };
    site.core.capture_mail(site.acme.id, mail).await.expect("a kept mail");
    site
}

#[tokio::test]
async fn mails_are_listed_and_shown_in_a_sandbox() {
    let site = site_with_a_mail().await;
    let list = site.open(Method::GET, "/mailbox").send().await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.text);
    assert!(list.text.contains("Hello &lt;Ana&gt;"), "{}", list.text);
    let links = list.links();
    let link = links.iter().find(|link| link.starts_with("/mailbox/")).expect("a link to the mail");
    let page = site.open(Method::GET, link).send().await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("<iframe") && page.text.contains("sandbox="), "{}", page.text);
    assert!(page.header("content-security-policy").contains("frame-src 'self'"));
    let body = site.open(Method::GET, &format!("{link}/body")).send().await;
    assert!(body.text.starts_with("<p>a <a"));
    let policy = body.header("content-security-policy");
    assert!(policy.contains("sandbox") && !policy.contains("allow-scripts"), "{policy}");
    assert_eq!(body.header("x-frame-options"), "SAMEORIGIN");
}

#[tokio::test]
async fn only_this_machine_sees_it() {
    let site = site_with_a_mail().await;
    for host in ["panel.acme.example", "10.0.0.7:9090", "localhost.evil.example"] {
        let answer = site.open(Method::GET, "/mailbox").header("host", host).send().await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{host}");
    }
    for host in ["localhost:9090", "127.0.0.1:9090", "[::1]:9090", "voxtel.localhost"] {
        let answer = site.open(Method::GET, "/mailbox").header("host", host).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
    }
    let production = Site::new().await;
    let answer = production.open(Method::GET, "/mailbox").send().await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
