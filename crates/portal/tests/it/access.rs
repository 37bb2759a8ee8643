//! Who gets what: the matrix of all routes.

use axum::http::StatusCode;
use portico_core_api::Refusal;
use portico_portal::{Access, Route, table};
use portico_ui::origin::Scheme;

use crate::browser::Browser;
use crate::fake::{BRAND, Person, RETURN_URL};

/// A path of the table with parameters that look right.
fn address(route: &Route) -> String {
    let id = "00000000-0000-0000-0000-00000000000a";
    route.path.replace("{id}", id).replace("{token}", "link")
}

async fn ask(browser: &mut Browser, route: &Route) -> crate::browser::Answer {
    match route.method {
        "GET" => browser.get(&address(route)).await,
        _ => browser.post(&address(route), &[]).await,
    }
}

#[test]
fn the_table_of_the_site() {
    let line = |route: Route| {
        format!("{:<8} {:<5} {}", format!("{:?}", route.access), route.method, route.path)
    };
    let lines: Vec<String> = table().into_iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn without_a_session_every_route_of_contacts_leads_to_sign_in() {
    for route in table().iter().filter(|route| route.access == Access::Contact) {
        let mut browser = Browser::new();
        let answer = ask(&mut browser, route).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{route:?}");
        assert!(answer.location().starts_with("/sign-in"), "{route:?}: {}", answer.location());
        if route.method == "GET" && route.path != "/" {
            let path = address(route);
            let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            assert_eq!(answer.location(), format!("/sign-in?next={next}"));
        }
        assert!(answer.body.is_empty(), "{route:?} has a body");
        assert!(browser.core.take_calls().is_empty(), "{route:?} asked for data");
    }
}

#[tokio::test]
async fn with_a_dead_session_every_route_of_contacts_says_that_it_ended() {
    for route in table().iter().filter(|route| route.access == Access::Contact) {
        let mut browser = Browser::new();
        browser.cookies.insert("portico".to_owned(), "long-gone".to_owned());
        let answer = ask(&mut browser, route).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{route:?}");
        assert_eq!(answer.texts("h1"), ["Your session has ended"]);
        let links = answer.attributes("a.button", "href");
        assert!(links[0].starts_with("/sign-in"), "{links:?}");
        assert_eq!(links[1], RETURN_URL);
        assert!(browser.core.take_calls().is_empty(), "{route:?} asked for data");
    }
}

#[tokio::test]
async fn an_unknown_host_gets_nothing_of_any_brand() {
    for route in table() {
        let mut browser = Browser::new();
        browser.host = "other.localhost";
        let path = address(&route);
        let answer = match route.method {
            "GET" => browser.get(&path).await,
            _ => browser.post_forged(&path, &[]).await,
        };
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{route:?}");
        assert!(!answer.body.contains(BRAND), "{route:?}");
        assert!(browser.cookies.is_empty(), "{route:?}");
    }
}

#[tokio::test]
async fn a_form_without_its_token_does_nothing() {
    for route in table().iter().filter(|route| route.method == "POST") {
        let mut browser = Browser::signed_in(Person::ana());
        browser.core.add_link("link", Person::ana());
        let secret = browser.cookies["portico"].clone();
        for fields in [&[][..], &[("csrf", "bm9uZQ"), ("token", "link")][..]] {
            let answer = browser.post_forged(&address(route), fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{route:?}");
        }
        assert!(browser.core.take_calls().is_empty(), "{route:?} did something");
        assert!(browser.core.has_link("link") && browser.core.is_live(&secret), "{route:?}");
    }
}

#[tokio::test]
async fn a_form_from_elsewhere_does_nothing() {
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")] {
        for route in table().iter().filter(|route| route.method == "POST") {
            let mut browser = Browser::signed_in(Person::ana());
            browser.headers.push((name, value.to_owned()));
            let answer = browser.post(&address(route), &[]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{route:?} {name}");
            assert!(browser.core.take_calls().is_empty(), "{route:?} did something");
        }
    }
}

#[tokio::test]
async fn what_is_not_an_identifier_is_not_found() {
    let objects = table()
        .into_iter()
        .filter(|route| route.access == Access::Contact && route.path.contains("{id}"));
    for route in objects {
        for odd in ["x", "cus_00000000000000000000000000000001", "..%2f..", "1;drop"] {
            let mut browser = Browser::signed_in(Person::ana());
            let path = route.path.replace("{id}", odd);
            let answer = match route.method {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, &[]).await,
            };
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{} {path}", route.method);
            assert!(browser.core.take_calls().is_empty(), "{path} asked for data");
        }
    }
}

#[tokio::test]
async fn each_refusal_has_its_page() {
    let reference = || "4711ab".to_owned();
    let retry_after = std::time::Duration::from_millis(1_500);
    let cases = [
        (Refusal::NotFound, StatusCode::NOT_FOUND, ""),
        (Refusal::NotPermitted, StatusCode::FORBIDDEN, ""),
        (Refusal::TooMany { retry_after }, StatusCode::TOO_MANY_REQUESTS, "2"),
        (Refusal::Unavailable { reference: reference() }, StatusCode::SERVICE_UNAVAILABLE, "5"),
    ];
    for (refusal, status, retry_after) in cases {
        let mut browser = Browser::signed_in(Person::ana());
        browser.core.refuse(refusal);
        let answer = browser.get("/invoices").await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("retry-after"), retry_after);
        assert_eq!(answer.texts("h1").len(), 1, "{}", answer.body);
        assert_eq!(answer.body.contains(&reference()), status == StatusCode::SERVICE_UNAVAILABLE);
    }
}

#[tokio::test]
async fn a_session_that_ends_in_the_middle_says_so() {
    let mut browser = Browser::signed_in(Person::ana());
    browser.core.refuse(Refusal::NO_SESSION);
    let answer = browser.get("/payments").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.attributes("a.button", "href"), ["/sign-in?next=%2Fpayments"]);
}

#[tokio::test]
async fn pages_carry_the_headers_that_protect_them() {
    let mut browser = Browser::signed_in(Person::globex());
    for path in ["/", "/invoices", "/nowhere"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
    }
    // Signing out leads to the brand's own site, which browsers check as the target of a form.
    let policy = browser.get("/").await.header("content-security-policy").to_owned();
    assert!(policy.contains("form-action 'self' https://acme.example"), "{policy}");
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let mut browser = Browser::new();
    (browser.host, browser.scheme) = ("pay.acme.example", Scheme::Https);
    browser.core.add_link("link", Person::ana());
    let answer = browser.get("/session/link").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-portico=secret-1;"), "{cookie}");
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}
