//! Redeeming vouchers.

use std::time::Duration;

use axum::http::StatusCode;
use portico_billing::section::{Section, Sections};
use portico_core_api::{Fault, FieldFault, Refusal};

use crate::browser::Browser;
use crate::fake::{Person, WAITING_CODE};

const REDEEM: &str = "/vouchers/redeem";
const CODE: &str = "0123-4567-89AB-CDEF-G";

/// Somebody who is shown these sections alone.
fn shown(sections: &[Section]) -> Browser {
    let sections = Some(Sections::from(sections.to_vec()));
    Browser::signed_in(Person { sections, ..Person::ana() })
}

#[tokio::test]
async fn a_code_is_redeemed_and_the_credit_is_told() {
    let mut browser = Browser::signed_in(Person::ana());
    let form = browser.get(REDEEM).await;
    assert_eq!(form.status, StatusCode::OK);
    for (name, value) in [("autocomplete", "off"), ("inputmode", "text"), ("spellcheck", "false")] {
        assert_eq!(form.attributes("input[name=code]", name), [value]);
    }
    let answer = browser.post(REDEEM, &[("code", CODE)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = browser.get(answer.location()).await;
    assert_eq!(page.texts(".alert .alert-title"), ["€25.00 has been added to your balance"]);
    assert_eq!(page.attributes(".alert a", "href"), ["/balance"]);
    assert!(page.texts("td.cell-title").contains(&"SUMMER-00042".to_owned()));
    assert!(browser.get("/vouchers").await.texts(".alert").is_empty());
}

#[tokio::test]
async fn a_voucher_that_waits_says_for_what() {
    let mut browser = Browser::signed_in(Person::ana());
    let answer = browser.post(REDEEM, &[("code", WAITING_CODE)]).await;
    let page = browser.get(answer.location()).await;
    let told = page.texts(".alert").concat();
    for part in ["€25.00", "next payment of at least €20.00", "until 24 Dec 2026"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test]
async fn a_code_that_is_not_taken_is_kept_and_the_fault_is_said() {
    for fault in
        [Fault::Required, Fault::MistypedCode, Fault::CodeNotAccepted, Fault::CodeAlreadyYours]
    {
        let mut browser = Browser::signed_in(Person::ana());
        browser.core.find_faults(vec![FieldFault::new("code", fault.clone())]);
        let answer = browser.post(REDEEM, &[("code", "abc <b>")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fault:?}");
        assert_eq!(answer.attributes("input[name=code]", "value"), ["abc <b>"]);
        assert_eq!(answer.attributes("[aria-invalid=true]", "name"), ["code"]);
        assert_eq!(answer.texts(".field-fault").len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn after_too_many_tries_the_page_says_when_to_come_back() {
    let mut browser = Browser::signed_in(Person::ana());
    let retry_after = Duration::from_millis(3_000_500);
    browser.core.refuse(Refusal::TooMany { retry_after });
    let answer = browser.post(REDEEM, &[("code", CODE)]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "3001");
    // It is ten o'clock; fifty minutes and half a second, rounded up.
    let told = answer.texts("[role=alert]").concat();
    assert!(told.contains("10:51"), "{told}");
    assert_eq!(answer.attributes("input[name=code]", "value"), [CODE]);
}

#[tokio::test]
async fn who_may_not_redeem_is_refused() {
    let mut browser = Browser::signed_in(Person::ana());
    browser.core.refuse(Refusal::NotPermitted);
    let answer = browser.post(REDEEM, &[("code", CODE)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_hidden_section_is_not_there() {
    let mut browser = shown(&[Section::Balance]);
    for path in ["/vouchers", REDEEM] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = browser.post(REDEEM, &[("code", CODE)]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(browser.core.take_calls().is_empty());
    let balance = browser.get("/balance").await;
    assert!(!balance.body.contains("/vouchers"), "{}", balance.body);
    let mut browser = shown(&[Section::Balance, Section::Vouchers]);
    let actions = browser.get("/balance").await.attributes("#page-actions a.button", "href");
    assert_eq!(actions, [REDEEM]);
    let mut browser = shown(&[Section::Vouchers]);
    let page = browser.post(REDEEM, &[("code", CODE)]).await.location().to_owned();
    let page = browser.get(&page).await;
    assert!(page.attributes("a[href='/balance']", "href").is_empty(), "{}", page.body);
}
