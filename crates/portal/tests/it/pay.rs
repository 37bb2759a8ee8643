//! Paying: the forms, the way to the provider and back, and what is said meanwhile.

use std::time::Duration;

use axum::http::StatusCode;
use portico_billing::account::ContactRole;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::section::{Section, Sections};
use portico_billing::{AttemptId, CreditUseId, Currency, GatewayId, InvoiceId, Money};
use portico_core_api::{AttemptView, Fault, FieldFault, LeadsTo, PayOffer, Refusal, WayToPay};

use crate::browser::{Answer, Browser};
use crate::fake::paying::{attempt, offer, way};
use crate::fake::{Person, id};

fn gateway() -> String {
    id::<GatewayId>(30).to_string()
}

fn invoice(number: u128) -> String {
    id::<InvoiceId>(number).to_string()
}

fn page_of_attempt() -> String {
    format!("/pay/{}", id::<AttemptId>(40))
}

fn ana() -> Browser {
    Browser::signed_in(Person::ana())
}

/// Somebody who is shown these sections alone.
fn shown(sections: &[Section]) -> Browser {
    let sections = Some(Sections::from(sections.to_vec()));
    Browser::signed_in(Person { sections, ..Person::ana() })
}

/// Sends the form with these changes to what it needs.
async fn send(browser: &mut Browser, path: &str, changes: &[(&str, &str)]) -> Answer {
    let (way, number) = (gateway(), invoice(10));
    let mut fields =
        vec![("key", "a2V5"), ("currency", "EUR"), ("invoices", number.as_str()), ("way", &way)];
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend(changes.iter().copied());
    browser.post(path, &fields).await
}

#[tokio::test]
async fn all_that_is_due_is_chosen_and_the_form_has_a_key_of_its_own() {
    let mut browser = ana();
    let page = browser.get("/pay").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.attributes("input[name=invoices][checked]", "value").len(), 2);
    assert_eq!(page.attributes("input[name=way][checked]", "value"), [gateway()]);
    assert_eq!(page.attributes("input[name=key]", "value"), ["BwcHBwcHBwcHBwcHBwcHBw"]);
    assert!(page.texts(".badge").contains(&"Test: no money moves".to_owned()));
    assert_eq!(page.texts(".pay-sum output"), ["€173.45"]);
    let scripts = page.attributes("script", "src");
    assert!(scripts.iter().all(|src| src.starts_with("/assets/")), "{scripts:?}");
}

#[tokio::test]
async fn pay_17_what_does_not_answer_is_named_and_cannot_be_chosen() {
    let mut browser = ana();
    let silent = WayToPay { answers: false, ..way(Currency::EUR) };
    let other = WayToPay { gateway: id(31), name: "Wallet".to_owned(), ..way(Currency::EUR) };
    browser.core.set_offer(PayOffer { ways: vec![silent, other], ..offer() });
    for path in ["/pay", "/refill"] {
        let page = browser.get(path).await;
        let choices = page.attributes("input[name=way]", "value");
        assert_eq!(choices, [id::<GatewayId>(31).to_string()], "{path}");
        assert_eq!(page.attributes("input[name=way][checked]", "value"), choices, "{path}");
        assert!(page.body.contains("does not answer just now"), "{path}");
    }
}

#[tokio::test]
async fn invoices_that_are_named_are_chosen_alone_in_whatever_currency() {
    let mut browser = ana();
    let page = browser.get(&format!("/pay?invoices={},{}", invoice(11), invoice(99))).await;
    assert_eq!(page.attributes("input[name=invoices][checked]", "value"), [invoice(11)]);
    assert_eq!(page.texts(".alert").len(), 1, "one of them is left out, and that is said");
    let page = browser.get(&format!("/pay?invoices={}", invoice(12))).await;
    assert_eq!(page.attributes("input[name=currency]", "value"), ["JPY"]);
    assert_eq!(page.attributes("input[name=invoices][checked]", "value"), [invoice(12)]);
    for odd in ["/pay?invoices=,x,", "/pay?currency=XXX", "/pay?currency=;"] {
        assert_eq!(browser.get(odd).await.status, StatusCode::OK, "{odd}");
    }
}

/// One instalment is due of the first invoice, and nothing yet of the second; there is credit.
fn in_instalments() -> PayOffer {
    let eur = |minor| Money::new(minor, Currency::EUR);
    let mut offer = PayOffer { remaining: eur(30_000), credit: eur(9_000), ..offer() };
    offer.invoices[0].remaining = eur(20_000);
    (offer.invoices[1].remaining, offer.invoices[1].is_due) = (eur(10_000), false);
    offer
}

#[tokio::test]
async fn of_instalments_what_is_due_is_chosen_and_all_that_remains_can_be() {
    let mut browser = ana();
    let plain = browser.get("/pay").await;
    assert!(plain.attributes("input[name=scope]", "value").is_empty(), "nothing is put off");
    assert!(plain.attributes("input[name=credit]", "value").is_empty(), "there is no credit");
    browser.core.set_offer(in_instalments());
    let page = browser.get("/pay").await;
    assert_eq!(page.attributes("input[name=invoices][checked]", "value"), [invoice(10)]);
    assert_eq!(page.attributes("input[name=scope]", "value"), ["next", "all"]);
    assert_eq!(page.attributes("input[name=scope][checked]", "value"), ["next"]);
    assert_eq!(page.attributes("input[data-due]", "data-due"), ["12345", "5000"]);
    assert_eq!(page.attributes("input[data-due]", "data-all"), ["20000", "10000"]);
    assert_eq!(page.texts(".pay-sum output"), ["€123.45"]);
    assert!(page.texts(".badge").contains(&"Not due yet".to_owned()));
    let answer = send(&mut browser, "/pay", &[("scope", "all")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let order = browser.core.orders().remove(0);
    assert_eq!((order.whole, order.amount_minor), (true, None));
    let both = [("scope", "all"), ("amount", "5")];
    let answer = send(&mut browser, "/pay", &both).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attributes("[aria-invalid=true]", "id"), ["f-amount"]);
    assert_eq!(answer.attributes("input[name=scope][checked]", "value"), ["all"]);
    assert_eq!(answer.texts(".pay-sum output"), ["€200.00"], "of what is chosen");
    assert_eq!(browser.core.orders().len(), 1);
}

#[tokio::test]
async fn credit_is_used_where_its_box_is_ticked_and_needs_no_way_where_it_is_enough() {
    let mut browser = ana();
    browser.core.set_offer(PayOffer { ways: Vec::new(), ..in_instalments() });
    let page = browser.get("/pay").await;
    assert_eq!(page.attributes("input[name=credit]", "value"), ["1"], "it can be used alone");
    assert!(page.attributes("input[name=credit][checked]", "value").is_empty());
    assert!(page.attributes("input[name=way]", "value").is_empty());
    let answer = send(&mut browser, "/pay", &[("credit", "1"), ("way", "")]).await;
    let used = format!("/credit-uses/{}", id::<CreditUseId>(95));
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, used.as_str()));
    let order = browser.core.orders().remove(0);
    assert_eq!((order.credit, order.gateway), (true, None));
    let page = browser.get(&used).await;
    assert_eq!(page.texts("h1 > span:first-child"), ["Thank you, it is settled"]);
    assert_eq!(page.attributes(".item a", "href"), [format!("/invoices/{}", invoice(10))]);
    // With a way, what credit does not cover is paid by it.
    let answer = send(&mut browser, "/pay", &[("credit", "1")]).await;
    assert_eq!(answer.location(), format!("{}?go=1", page_of_attempt()));
    let order = browser.core.orders().remove(1);
    assert_eq!((order.credit, order.gateway), (true, Some(id(30))));
    // When it was used, the list of payments tells.
    let list = browser.get("/payments").await;
    assert_eq!(list.attributes("#list-lead a", "href"), [used.as_str()]);
    assert!(browser.get("/payments?cursor=x").await.attributes("#list-lead a", "href").is_empty());
    let filtered = browser.get("/payments?kind=refund").await;
    assert!(filtered.attributes("#list-lead a", "href").is_empty());
}

#[tokio::test]
async fn what_is_sent_is_what_is_ordered() {
    let mut browser = ana();
    let (one, other, way) = (invoice(10), invoice(11), gateway());
    let fields = [("invoices", &*one), ("invoices", &*other), ("keep", &*way), ("amount", "100,5")];
    let answer = send(&mut browser, "/pay", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.location(), format!("{}?go=1", page_of_attempt()));
    let order = browser.core.orders().remove(0);
    assert_eq!(order.invoices, [id(10), id(11)]);
    assert_eq!((order.currency, order.amount_minor), (Currency::EUR, Some(10_050)));
    assert_eq!((order.gateway, order.method, order.keep), (Some(id(30)), None, true));
    assert_eq!((order.whole, order.credit), (false, false));
    assert_eq!(order.form_key, "a2V5");
    assert_eq!(order.site.as_str(), "http://localhost/");
    let answer = send(&mut browser, "/refill", &[("sum", "2000")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let order = browser.core.orders().remove(1);
    assert_eq!((order.invoices.len(), order.amount_minor), (0, Some(2_000)));
}

#[tokio::test]
async fn pay_07_what_is_no_amount_is_refused_at_its_field() {
    for typed in ["-1", "0", "1e3", "５０", "0.001", "99999999999999999999", "x"] {
        for path in ["/pay", "/refill"] {
            let mut browser = ana();
            let answer = send(&mut browser, path, &[("amount", typed)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {typed}");
            assert_eq!(answer.attributes("input[name=amount]", "value"), [typed]);
            let invalid = answer.attributes("[aria-invalid=true]", "id");
            assert_eq!(invalid, ["f-amount"], "{path} {typed}");
            assert!(browser.core.orders().is_empty(), "{path} {typed}");
        }
    }
}

#[tokio::test]
async fn what_the_core_refuses_is_said_where_it_belongs_and_choices_are_kept() {
    for (field, place) in [
        ("amount", "#f-amount-fault"),
        ("invoices", "#f-invoices-fault"),
        ("way", "#f-way-fault"),
        ("method", "#f-way-fault"),
        ("form_key", ".alert-list li"),
    ] {
        let mut browser = ana();
        browser.core.find_faults(vec![FieldFault::new(field, Fault::NotAChoice)]);
        let other = invoice(11);
        let answer = send(&mut browser, "/pay", &[("invoices", &other)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(answer.texts(place), ["Choose one of the values on offer."], "{field}");
        assert_eq!(answer.attributes("input[name=invoices][checked]", "value"), [other]);
        assert_eq!(answer.attributes("input[name=way][checked]", "value"), [gateway()]);
        assert_ne!(answer.attributes("input[name=key]", "value"), ["a2V5"], "another key");
    }
}

#[tokio::test]
async fn after_too_many_tries_the_page_says_when_to_come_back() {
    for path in ["/pay", "/refill"] {
        let mut browser = ana();
        let retry_after = Duration::from_millis(3_000_500);
        browser.core.refuse(Refusal::TooMany { retry_after });
        let answer = send(&mut browser, path, &[("amount", "20")]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(answer.header("retry-after"), "3001");
        let told = answer.texts("[role=alert]").concat();
        assert!(told.contains("10:51"), "{told}");
        assert_eq!(answer.attributes("input[name=amount]", "value"), ["20"]);
    }
}

#[tokio::test]
async fn where_nothing_is_due_or_nothing_can_be_paid_the_page_says_what_to_do() {
    let mut browser = ana();
    browser.core.set_offer(PayOffer { invoices: Vec::new(), ..offer() });
    let page = browser.get("/pay").await;
    assert_eq!(page.texts(".empty-title"), ["Nothing is due"]);
    assert_eq!(page.attributes("main .empty a", "href"), ["/refill?currency=EUR"]);
    browser.core.set_offer(PayOffer { ways: Vec::new(), ..offer() });
    for path in ["/pay", "/refill"] {
        let page = browser.get(path).await;
        assert_eq!(page.texts(".empty-title"), ["Nothing can be paid online yet"], "{path}");
        assert!(page.attributes("main form", "action").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn those_who_only_look_are_led_nowhere_and_refused_politely() {
    let role = Some(ContactRole::Viewer);
    let mut browser = Browser::signed_in(Person { role, ..Person::ana() });
    for path in ["/", "/balance", "/invoices"] {
        let page = browser.get(path).await;
        assert!(!page.body.contains("/pay\"") && !page.body.contains("/refill"), "{path}");
        assert!(!page.body.contains("/pay/selection"), "{path}");
    }
    for path in ["/pay", "/refill"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(page.texts(".empty-title"), ["You can look, but not pay"]);
    }
    browser.core.refuse(Refusal::NotPermitted);
    for path in ["/pay", "/refill"] {
        let answer = send(&mut browser, path, &[("sum", "2000")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn where_there_is_no_gateway_nothing_leads_to_paying_and_the_page_says_why() {
    let mut browser = Browser::signed_in(Person { has_no_gateway: true, ..Person::ana() });
    for path in ["/", "/balance", "/invoices"] {
        let page = browser.get(path).await;
        assert!(!page.body.contains("/pay\"") && !page.body.contains("/refill"), "{path}");
        assert!(!page.body.contains("/pay/selection"), "{path}");
    }
    browser.core.set_offer(PayOffer { ways: Vec::new(), ..offer() });
    for path in ["/pay", "/refill"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.texts(".empty-title"), ["Nothing can be paid online yet"], "{path}");
    }
}

async fn tabs(browser: &mut Browser, path: &str) -> Vec<String> {
    browser.get(path).await.texts(".tabs .tab")
}

#[tokio::test]
async fn a_tab_leads_to_each_currency_that_something_is_due_in_and_to_all_where_it_is_refilled() {
    let mut browser = ana();
    assert_eq!(tabs(&mut browser, "/pay").await, ["EUR", "JPY"]);
    assert_eq!(tabs(&mut browser, "/refill").await, ["EUR", "JPY", "USD"]);
    browser.core.set_offer(PayOffer { due_in: vec![Currency::JPY], ..offer() });
    assert_eq!(tabs(&mut browser, "/pay").await, ["EUR", "JPY"], "the customer's own is there");
    browser.core.set_offer(PayOffer { due_in: Vec::new(), ..offer() });
    assert!(tabs(&mut browser, "/pay").await.is_empty(), "there is nothing to choose from");
}

#[tokio::test]
async fn what_is_paid_says_what_it_was_paid_by() {
    for (state, label) in [(AttemptState::Succeeded, "Paid by"), (AttemptState::Failed, "Pay by")] {
        let mut browser = ana();
        browser.core.set_attempt(attempt(state));
        let page = browser.get(&page_of_attempt()).await;
        assert!(page.texts(".definition dt").contains(&label.to_owned()), "{state:?}");
    }
}

#[tokio::test]
async fn what_the_staff_closed_is_said_so_and_can_be_paid_again() {
    let reason = Some(DeclineReason::Dismissed);
    let mut browser = ana();
    browser.core.set_attempt(AttemptView { reason, ..attempt(AttemptState::Failed) });
    let page = browser.get(&page_of_attempt()).await;
    let told = page.texts(".alert").concat();
    assert!(told.contains("This payment does not count"), "{told}");
    assert!(!told.contains("Nothing was charged"), "{told}");
}

#[tokio::test]
async fn a_hidden_section_is_not_there_and_nothing_leads_to_it() {
    let mut browser = shown(&[Section::Balance, Section::Invoices, Section::PayInvoices]);
    assert_eq!(browser.get("/refill").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/pay").await.status, StatusCode::OK);
    assert!(!browser.get("/balance").await.body.contains("/refill"));
    let mut browser = shown(&[Section::Balance, Section::Invoices, Section::RefillBalance]);
    for path in ["/pay", "/pay/selection"] {
        let answer = browser.post(path, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!browser.get("/invoices").await.body.contains("/pay"));
    let actions = browser.get("/balance").await.attributes("#page-actions a.button", "href");
    assert_eq!(actions, ["/refill?currency=EUR"]);
}

#[tokio::test]
async fn invoices_that_are_ticked_in_the_list_are_paid_together() {
    let mut browser = ana();
    let list = browser.get("/invoices").await;
    assert_eq!(list.attributes("#archive button[formaction]", "formaction"), ["/pay/selection"]);
    let (one, other) = (invoice(10), invoice(11));
    let answer = browser.post("/pay/selection", &[("id", &one), ("id", &other)]).await;
    let page = browser.get(answer.location()).await;
    assert_eq!(page.attributes("input[name=invoices][checked]", "value"), [one.clone(), other]);
    assert_eq!(browser.post("/pay/selection", &[]).await.location(), "/invoices");
    assert_eq!(browser.get("/invoices").await.texts("[data-toast] p").len(), 1);
    let many = vec![("id", one.as_str()); 101];
    assert_eq!(browser.post("/pay/selection", &many).await.location(), "/invoices");
    let odd = browser.post("/pay/selection", &[("id", "x")]).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}

fn leads_to(fields: &[(&str, &str)]) -> Option<LeadsTo> {
    let field = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let url = "https://checkout.example/pay?a=b&c=d".parse().unwrap();
    Some(LeadsTo { url, fields: fields.iter().map(field).collect() })
}

#[tokio::test]
async fn the_page_leads_to_the_provider_once_and_never_on_the_way_back() {
    let mut browser = ana();
    let mut view = attempt(AttemptState::NeedsAction);
    view.leads_to = leads_to(&[]);
    browser.core.set_attempt(view);
    let there = browser.get(&format!("{}?go=1", page_of_attempt())).await;
    let refresh = there.attributes("meta[http-equiv=refresh]", "content");
    assert_eq!(refresh, ["0; url=https://checkout.example/pay?a=b&c=d"]);
    let back = browser.get(&page_of_attempt()).await;
    assert!(back.attributes("meta[http-equiv=refresh]", "content").is_empty());
    let link = back.attributes("main a.button[data-kind=primary]", "href");
    assert_eq!(link, ["https://checkout.example/pay?a=b&c=d"]);
    let policy = back.header("content-security-policy");
    assert!(policy.ends_with("form-action 'self'"), "{policy}");
    // The provider may not know yet that the customer was there.
    let finished = browser.get(&format!("{}?back=1", page_of_attempt())).await;
    assert_eq!(finished.texts("h1 > span:first-child"), ["Your payment is being processed"]);
    assert!(finished.body.contains("content=\"5; url=/pay/"), "{}", finished.body);
    assert_eq!(finished.attributes("main a.button[href^='https:']", "data-kind"), ["secondary"]);
}

#[tokio::test]
async fn a_form_to_the_provider_is_let_through_there_alone_and_takes_no_token_along() {
    let mut browser = ana();
    let mut view = attempt(AttemptState::NeedsAction);
    view.leads_to = leads_to(&[("token", "a\"b")]);
    browser.core.set_attempt(view);
    let page = browser.get(&format!("{}?go=1", page_of_attempt())).await;
    assert!(page.attributes("meta[http-equiv=refresh]", "content").is_empty());
    let action = "main form[action='https://checkout.example/pay?a=b&c=d']";
    assert_eq!(page.attributes(&format!("{action} input"), "name"), ["token"]);
    assert_eq!(page.attributes(&format!("{action} input"), "value"), ["a\"b"]);
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("form-action 'self' https://checkout.example"), "{policy}");
    let other = browser.get("/pay").await;
    assert!(!other.header("content-security-policy").contains("checkout.example"));
    let mut view = attempt(AttemptState::NeedsAction);
    view.leads_to = Some(LeadsTo { url: "javascript:alert(1)".parse().unwrap(), fields: vec![] });
    browser.core.set_attempt(view);
    assert!(!browser.get(&page_of_attempt()).await.body.contains("javascript:"));
}

#[tokio::test]
async fn pay_05_what_is_not_known_waits_and_never_asks_to_pay_again() {
    use AttemptState::{Created, NeedsAction, Processing, Sent, Unknown};
    for state in [Created, Sent, Processing, Unknown, NeedsAction] {
        let mut browser = ana();
        browser.core.set_attempt(attempt(state));
        let page = browser.get(&format!("{}?go=1", page_of_attempt())).await;
        assert_eq!(page.texts("h1 > span:first-child"), ["Your payment is being processed"]);
        // Where there is a script, it looks; the text of <noscript> is no element to the parser.
        let at = page.attributes("[data-waits-at]", "data-waits-at");
        assert_eq!(at, [format!("{}/state", page_of_attempt())], "{state:?}");
        assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\" content=\"5; "));
        assert!(page.attributes("main a[href^='/pay?']", "href").is_empty(), "{state:?}");
        let word = browser.get(&at[0]).await;
        let told = page.attributes("[data-waits-while]", "data-waits-while");
        assert_eq!(told, [word.body.as_str()]);
        assert_eq!(word.header("content-type"), "text/plain; charset=utf-8");
    }
}

#[tokio::test]
async fn what_was_paid_leads_to_the_payment_and_what_was_not_to_another_try() {
    let mut browser = ana();
    let mut view = attempt(AttemptState::Succeeded);
    view.payment = Some(id(50));
    browser.core.set_attempt(view.clone());
    let page = browser.get(&page_of_attempt()).await;
    let links = page.attributes("main .button-row a", "href");
    assert!(links[0].starts_with("/payments/") && links[1].ends_with("/receipt"), "{links:?}");
    let settled = page.attributes("main dd a", "href");
    assert_eq!(settled, [format!("/invoices/{}", invoice(10))]);
    view.state = AttemptState::Failed;
    view.reason = Some(DeclineReason::InsufficientFunds);
    browser.core.set_attempt(view.clone());
    let page = browser.get(&page_of_attempt()).await;
    assert!(page.texts(".alert").concat().contains("not enough money"), "{}", page.body);
    let again = page.attributes("main .button-row a", "href").remove(0);
    let number = invoice(10);
    assert_eq!(again, format!("/pay?invoices={number}&currency=EUR"));
    (view.purpose, view.invoices) = (AttemptPurpose::Refill, Vec::new());
    browser.core.set_attempt(view);
    let page = browser.get(&page_of_attempt()).await;
    assert_eq!(page.attributes("main .button-row a", "href")[0], "/refill?currency=EUR");
}

#[tokio::test]
async fn coming_back_asks_the_provider_and_leads_to_what_is_known() {
    for (end, refusal) in [
        ("return", None),
        ("cancel", None),
        ("return", Some(Refusal::TooMany { retry_after: Duration::from_secs(1) })),
        ("return", Some(Refusal::Unavailable { reference: "4711ab".to_owned() })),
    ] {
        let mut browser = ana();
        browser.core.set_attempt(attempt(AttemptState::Unknown));
        if let Some(refusal) = refusal {
            browser.core.refuse(refusal);
        }
        // Providers lead back from their own sites, and customers press reload.
        browser.headers.push(("sec-fetch-site", "cross-site".to_owned()));
        for _ in 0..2 {
            let answer = browser.get(&format!("{}/{end}?token=x", page_of_attempt())).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{end}");
            let back = if end == "return" { "?back=1" } else { "" };
            assert_eq!(answer.location(), format!("{}{back}", page_of_attempt()));
            assert!(browser.core.take_calls().contains("look_at_attempt"));
        }
        let mut stranger = Browser::new();
        let answer = stranger.get(&format!("{}/{end}", page_of_attempt())).await;
        assert!(answer.location().starts_with("/sign-in?next=%2Fpay%2F"), "{end}");
    }
    let mut browser = ana();
    let answer = browser.get(&format!("{}/return", page_of_attempt())).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "somebody else's");
}

#[tokio::test]
async fn the_sandbox_says_that_it_plays_and_leads_back_like_a_provider() {
    let mut browser = ana();
    let path = format!("/sandbox/{}", Reference::of(id(40)));
    let page = browser.get(&path).await;
    assert_eq!(page.texts("h1"), ["Sandbox: play money"]);
    assert_eq!(page.attributes("button[name=choice]", "value"), ["pay", "decline"]);
    let answer = browser.post(&path, &[("choice", "decline")]).await;
    assert_eq!(answer.location(), format!("{}/return", page_of_attempt()));
    assert_eq!(browser.core.chosen(), ["decline"]);
}
