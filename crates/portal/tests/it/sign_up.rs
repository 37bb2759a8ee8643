//! Signing up, and choosing between accounts.

use axum::http::StatusCode;
use portico_billing::account::CustomerKind;

use crate::browser::Browser;
use crate::fake::{PASSWORD, Person};

const FORM: [(&str, &str); 5] = [
    ("company", "Northwind"),
    ("name", "Ana Núñez"),
    ("email", "new@northwind.example"),
    ("country", "ES"),
    ("guest", "sealed"),
];

/// What is sent with the button behind the mailed link.
fn with_password(token: &str) -> [(&str, &str); 2] {
    [("token", token), ("password", PASSWORD)]
}

#[tokio::test]
async fn the_form_is_there_where_the_brand_offers_it_alone() {
    let mut browser = Browser::new();
    let sign_in = browser.get("/sign-in").await;
    let links = sign_in.attributes(".entry-below a", "href");
    assert_eq!(links, ["/sign-up"], "customers may, carriers may not");
    assert_eq!(browser.get("/sign-up").await.status, StatusCode::OK);
    assert_eq!(browser.get("/sign-up/carrier").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_is_sent_on_and_answered_the_same_for_all() {
    let mut browser = Browser::new();
    let shown = browser.get("/sign-up?guest=sealed").await;
    assert_eq!(shown.attributes("input[name=guest]", "value"), ["sealed"]);
    assert!(shown.attributes("select[name=currency]", "id").is_empty(), "one currency, no choice");
    let passwords = shown.attributes("input[type=password]", "name");
    assert!(passwords.is_empty(), "whose address it is is not known yet: {passwords:?}");
    let answer = browser.post("/sign-up", &FORM).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.texts("h1"), ["Check your email"]);
    let sent = browser.core.sign_ups();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].kind, sent[0].company.as_str()), (CustomerKind::Customer, "Northwind"));
    assert_eq!(sent[0].guest.as_deref(), Some("sealed"));
    assert!(!browser.cookies.contains_key("portico"), "nobody is signed in yet");
}

#[tokio::test]
async fn what_was_typed_is_kept() {
    let mut browser = Browser::new();
    browser.get("/sign-up").await;
    let mut form = FORM;
    form[2].1 = "nothing";
    let answer = browser.post("/sign-up", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attributes("input[name=company]", "value"), ["Northwind"]);
    assert_eq!(answer.attributes("[aria-invalid]", "name"), ["email"]);
}

#[tokio::test]
async fn ses_05_looking_at_the_link_makes_nothing_and_the_password_signs_in() {
    let mut browser = Browser::new();
    browser.core.add_link("link", Person::ana());
    for _ in 0..3 {
        browser.head("/sign-up/confirm?token=link").await;
        let shown = browser.get("/sign-up/confirm?token=link").await;
        assert_eq!(shown.status, StatusCode::OK);
        assert_eq!(shown.header("referrer-policy"), "no-referrer");
    }
    assert!(browser.core.has_link("link") && !browser.cookies.contains_key("portico"));
    let answer = browser.post("/sign-up/confirm", &with_password("link")).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/invoices"));
    assert!(browser.cookies.contains_key("portico"));
    let again = browser.get("/sign-up/confirm?token=link").await;
    assert_eq!(again.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_weak_password_makes_nothing_and_the_page_stays() {
    let mut browser = Browser::new();
    browser.core.add_link("link", Person::ana());
    browser.get("/sign-up/confirm?token=link").await;
    for password in ["", "weak"] {
        let form = [("token", "link"), ("password", password)];
        let answer = browser.post("/sign-up/confirm", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.attributes("[aria-invalid]", "name"), ["password"]);
        assert_eq!(answer.attributes("input[name=token]", "value"), ["link"]);
        assert_eq!(answer.attributes("input[autocomplete=username]", "value").len(), 1);
        assert!(!browser.cookies.contains_key("portico") && browser.core.has_link("link"));
    }
    let answer = browser.post("/sign-up/confirm", &with_password("link")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn ses_06_somebody_who_is_signed_in_is_told_before_the_button() {
    let mut browser = Browser::signed_in(Person::ana());
    browser.core.add_link("link", Person::globex());
    let shown = browser.get("/sign-up/confirm?token=link").await;
    let warning = shown.texts(".alert[data-kind=warning]").join(" ");
    assert!(warning.contains("Northwind"), "{warning}");
}

#[tokio::test]
async fn an_account_that_waits_gets_a_calm_page() {
    let mut browser = Browser::new();
    browser.core.add_link("pending", Person::ana());
    browser.get("/sign-up/confirm?token=pending").await;
    let answer = browser.post("/sign-up/confirm", &with_password("pending")).await;
    assert_eq!(answer.texts("h1"), ["Thank you, we will write to you"]);
    browser.get("/sign-in").await;
    let form = [("email", "waiting@northwind.example"), ("password", PASSWORD), ("next", "")];
    let answer = browser.post("/sign-in", &form).await;
    assert_eq!(answer.texts("h1"), ["Thank you, we will write to you"]);
    assert!(!browser.cookies.contains_key("portico"));
}

#[tokio::test]
async fn accounts_are_chosen_by_name_and_the_session_is_another_one() {
    let mut browser = Browser::signed_in(Person::ana());
    let first = browser.cookies["portico"].clone();
    let page = browser.get("/accounts?next=%2Fpayments").await;
    assert_eq!(page.texts(".choose-name"), ["Northwind", "Globex"]);
    let values = page.attributes("button[name=account]", "value");
    let stranger = browser.post("/accounts", &[("account", values[0].as_str())]).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND, "the fake opens the other one alone");
    let form = [("account", values[1].as_str()), ("next", "/payments")];
    let answer = browser.post("/accounts", &form).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/payments"));
    assert_ne!(browser.cookies["portico"], first);
    assert!(!browser.core.is_live(&first), "the session before lives on");
    let menu = browser.get("/profile").await;
    assert!(menu.attributes(".menu-item", "href").contains(&"/accounts".to_owned()));
}
