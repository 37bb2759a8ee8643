//! Paying by a link: the way in, what it opens, and what it does not.

use std::time::Duration;

use axum::http::StatusCode;
use portico_billing::attempt::AttemptState;
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::{AttemptId, GatewayId, PayLinkId};
use portico_core_api::{Fault, FieldFault, LeadsTo, Refusal};

use crate::browser::{Answer, Browser};
use crate::fake::linked::{PAY_LINK, link};
use crate::fake::paying::attempt;
use crate::fake::{Person, id};

const OVER: &str = "This link cannot be used";

fn page() -> String {
    format!("/linked/invoice/{}", link())
}

fn page_of_attempt() -> String {
    format!("/linked/pay/{}", id::<AttemptId>(40))
}

/// A browser that followed the link, in English.
async fn holder() -> Browser {
    let mut browser = Browser::new();
    let answer = browser.get(&format!("/pay-link/{PAY_LINK}")).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page().as_str()));
    browser.cookies.insert("portico-language".to_owned(), "en".to_owned());
    browser
}

/// Sends the form with these changes to what it needs.
async fn send(browser: &mut Browser, changes: &[(&str, &str)]) -> Answer {
    let way = id::<GatewayId>(30).to_string();
    let mut fields = vec![("key", "a2V5"), ("due", "12345"), ("way", way.as_str())];
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend(changes.iter().copied());
    browser.post(&page(), &fields).await
}

#[tokio::test]
async fn ses_04_the_secret_leaves_the_address_and_is_no_session() {
    let mut browser = Browser::new();
    let answer = browser.get(&format!("/pay-link/{PAY_LINK}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.location().contains(PAY_LINK) && answer.body.is_empty());
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with(&format!("portico-pay-link={PAY_LINK}; HttpOnly")), "{cookie}");
    assert!(!browser.cookies.contains_key("portico"), "nobody is signed in");
    let page = browser.get(answer.location()).await;
    assert_eq!(page.texts("h1"), ["Factura INV-10"], "in the language of the invoice");
    assert!(!page.body.contains(PAY_LINK));
    for path in ["/", "/invoices", "/pay", "/balance", "/profile"] {
        let answer = browser.get(path).await;
        assert!(answer.location().starts_with("/sign-in"), "{path}");
    }
    // Nor does the one secret stand for the other.
    let secret = browser.cookies["portico-pay-link"].clone();
    let mut sly = Browser::new();
    sly.cookies.insert("portico".to_owned(), secret);
    assert_eq!(sly.get("/invoices").await.status, StatusCode::UNAUTHORIZED);
    let mut ana = Browser::signed_in(Person::ana());
    let session = ana.cookies["portico"].clone();
    ana.cookies.insert("portico-pay-link".to_owned(), session);
    assert_eq!(ana.get(&crate::linked::page()).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn ses_05_whoever_looks_at_links_before_people_do_gets_nothing() {
    let path = format!("/pay-link/{PAY_LINK}");
    let mut browser = Browser::new();
    assert_eq!(browser.head(&path).await.status, StatusCode::NO_CONTENT);
    browser.headers.push(("sec-purpose", "prefetch".to_owned()));
    assert_eq!(browser.get(&path).await.status, StatusCode::NO_CONTENT);
    assert!(!browser.cookies.contains_key("portico-pay-link"));
    assert!(browser.core.take_calls().is_empty());
}

#[tokio::test]
async fn what_a_link_does_not_open_looks_alike() {
    let mut nobody = Browser::new();
    let expected = nobody.get("/pay-link/unknown").await;
    assert_eq!((expected.status, expected.texts("h1")), (StatusCode::GONE, vec![OVER.to_owned()]));
    let other = id::<PayLinkId>(91);
    let (attempt, reference) = (page_of_attempt(), Reference::of(id(40)));
    let paths = [
        page(),
        format!("{}/pdf", page()),
        format!("/linked/invoice/{other}"),
        "/linked/invoice/x".to_owned(),
        attempt.clone(),
        format!("{attempt}/return"),
        format!("{attempt}/cancel"),
        "/linked/pay/x".to_owned(),
        format!("/linked/sandbox/{reference}"),
        "/linked/sandbox/x".to_owned(),
    ];
    for path in &paths {
        let mut browser = Browser::new();
        browser.cookies.insert("portico-pay-link".to_owned(), "unknown".to_owned());
        for browser in [&mut nobody, &mut browser] {
            let answer = browser.get(path).await;
            assert_eq!((answer.status, answer.texts("h1")), (expected.status, vec![OVER.into()]));
            assert_eq!(answer.texts("main p"), expected.texts("main p"), "{path}");
        }
    }
    // Nor what another link's page asks for, or an attempt that is not there.
    let mut browser = holder().await;
    let foreign = format!("/linked/invoice/{other}");
    for path in [foreign.clone(), format!("{foreign}/pdf"), attempt] {
        assert_eq!(browser.get(&path).await.status, StatusCode::GONE, "{path}");
    }
    let answer = browser.post(&foreign, &[("due", "1")]).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert!(browser.core.linked_orders().is_empty());
}

#[tokio::test]
async fn the_page_has_what_it_takes_to_pay_and_the_form_is_sent_as_it_says() {
    let mut browser = holder().await;
    let shown = browser.get(&page()).await;
    assert_eq!(shown.status, StatusCode::OK);
    for part in ["Invoice INV-10", "€123.45", "Team plan", "€100.00"] {
        assert!(shown.body.contains(part), "{part} is not in {}", shown.body);
    }
    assert_eq!(shown.attributes("input[name=keep]", "value"), [""; 0], "nothing is kept");
    assert_eq!(shown.attributes("input[name=due]", "value"), ["12345", "24690"]);
    assert_eq!(shown.attributes("input[name=due][checked]", "value"), ["12345"]);
    assert_eq!(shown.attributes("input[name=way][checked]", "value").len(), 1);
    assert_eq!(shown.attributes("input[name=key]", "value"), ["BwcHBwcHBwcHBwcHBwcHBw"]);
    let file = browser.get(&format!("{}/pdf", page())).await;
    assert_eq!(file.header("content-type"), "application/pdf");
    let answer = send(&mut browser, &[]).await;
    assert_eq!(answer.location(), format!("{}?go=1", page_of_attempt()), "{}", answer.body);
    let order = browser.core.linked_orders().remove(0);
    assert_eq!((order.form_key.as_str(), order.due_minor), ("a2V5", 12_345));
    assert_eq!((order.gateway, order.site.as_str()), (id(30), "http://localhost/linked"));
}

fn out_of_range() -> Fault {
    Fault::OutOfRange { min: "0.01".to_owned(), max: "200.00".to_owned() }
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_and_nothing_begins() {
    for (changes, place) in [
        ([("way", "")], "#f-way-fault"),
        ([("way", "x")], "#f-way-fault"),
        ([("due", "")], ".alert-list li"),
        ([("due", "1e9")], ".alert-list li"),
    ] {
        let mut browser = holder().await;
        let answer = send(&mut browser, &changes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
        assert_eq!(answer.texts(place).len(), 1, "{changes:?}: {}", answer.body);
        assert!(browser.core.linked_orders().is_empty());
    }
    for (field, fault, text) in [
        ("amount", Fault::NotAChoice, "What is due has changed"),
        ("amount", out_of_range(), "more than can be paid at once"),
        ("form", Fault::Unchanged, "This form was sent before"),
        ("way", Fault::NotAChoice, "Choose how you want to pay"),
    ] {
        let mut browser = holder().await;
        browser.core.find_faults(vec![FieldFault::new(field, fault)]);
        let answer = send(&mut browser, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.texts(".alert-list").concat().contains(text), "{}", answer.body);
    }
    let mut browser = holder().await;
    browser.core.find_faults(vec![FieldFault::new("way", Fault::NotAChoice)]);
    let answer = send(&mut browser, &[("due", "24690")]).await;
    let kept = answer.attributes("input[name=due][checked]", "value");
    assert_eq!(kept, ["24690"], "what was chosen stays so");
    let mut browser = holder().await;
    browser.core.refuse(Refusal::TooMany { retry_after: Duration::from_secs(90) });
    let answer = send(&mut browser, &[]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "90");
    browser.core.refuse(Refusal::NotFound);
    assert_eq!(send(&mut browser, &[]).await.status, StatusCode::GONE, "over meanwhile");
}

#[tokio::test]
async fn an_attempt_is_shown_to_whoever_holds_its_link() {
    let mut browser = holder().await;
    let mut view = attempt(AttemptState::NeedsAction);
    let url = "https://checkout.example/pay?a=b&c=d";
    view.leads_to = Some(LeadsTo { url: url.parse().unwrap(), fields: Vec::new() });
    browser.core.set_attempt(view.clone());
    let there = browser.get(&format!("{}?go=1", page_of_attempt())).await;
    let refresh = there.attributes("meta[http-equiv=refresh]", "content");
    assert_eq!(refresh, [format!("0; url={url}")]);
    view.leads_to =
        Some(LeadsTo { url: url.parse().unwrap(), fields: vec![("token".into(), "x".into())] });
    browser.core.set_attempt(view);
    let form = browser.get(&page_of_attempt()).await;
    assert_eq!(form.attributes(&format!("main form[action='{url}'] input"), "name"), ["token"]);
    let policy = form.header("content-security-policy");
    assert!(policy.ends_with("form-action 'self' https://checkout.example"), "{policy}");
    browser.core.set_attempt(attempt(AttemptState::Unknown));
    let waits = browser.get(&page_of_attempt()).await;
    let at = waits.attributes("[data-waits-at]", "data-waits-at");
    assert_eq!(at, [format!("{}/state", page_of_attempt())]);
    assert_eq!(browser.get(&at[0]).await.body, "unknown");
    browser.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    for (end, back) in [("return", "?back=1"), ("cancel", "")] {
        let answer = browser.get(&format!("{}/{end}?token=x", page_of_attempt())).await;
        assert_eq!(answer.location(), format!("{}{back}", page_of_attempt()));
        assert!(browser.core.take_calls().contains("look_at_linked_attempt"));
    }
}

#[tokio::test]
async fn how_it_ended_is_said_and_leads_nowhere_that_needs_a_session() {
    let mut browser = holder().await;
    browser.core.set_attempt(attempt(AttemptState::Succeeded));
    let paid = browser.get(&page_of_attempt()).await;
    assert_eq!(paid.texts("h1"), ["Thank you, your payment has arrived"]);
    let mut view = attempt(AttemptState::Failed);
    view.reason = Some(DeclineReason::InsufficientFunds);
    browser.core.set_attempt(view);
    let failed = browser.get(&page_of_attempt()).await;
    assert!(failed.texts(".alert").concat().contains("not enough money"), "{}", failed.body);
    assert_eq!(failed.attributes("main a.button", "href"), [page()]);
    let mut view = attempt(AttemptState::Failed);
    view.reason = Some(DeclineReason::Dismissed);
    browser.core.set_attempt(view);
    let closed = browser.get(&page_of_attempt()).await.texts(".alert").concat();
    assert!(closed.contains("does not count") && !closed.contains("charged"), "{closed}");
    for shown in [&paid, &failed] {
        for link in shown.attributes("main a", "href") {
            assert!(link.starts_with("/linked/"), "{link}");
        }
    }
}

#[tokio::test]
async fn the_sandbox_of_a_link_leads_back_to_its_attempt() {
    let mut browser = holder().await;
    let path = format!("/linked/sandbox/{}", Reference::of(id(40)));
    let shown = browser.get(&path).await;
    assert_eq!(shown.texts("h1"), ["Sandbox: play money"]);
    assert_eq!(shown.attributes("main form", "action"), [path.as_str()]);
    let answer = browser.post(&path, &[("choice", "decline")]).await;
    assert_eq!(answer.location(), format!("{}/return", page_of_attempt()));
    assert_eq!(browser.core.chosen(), ["decline"]);
}
