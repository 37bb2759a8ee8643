//! Forms of the account.

use axum::http::StatusCode;
use portico_core_api::{Fault, FieldFault};

use crate::browser::Browser;
use crate::fake::Person;

#[tokio::test]
async fn a_saved_profile_says_so_once() {
    let mut browser = Browser::signed_in(Person::ana());
    let fields = [("name", "Ana"), ("phone", ""), ("language", "es"), ("time_zone", "")];
    let answer = browser.post("/profile", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = browser.get(answer.location()).await;
    assert_eq!(page.texts("[data-toast] p"), ["Su perfil se ha guardado."]);
    assert!(browser.get("/profile").await.texts("[data-toast]").is_empty());
}

#[tokio::test]
async fn a_faulty_profile_keeps_what_was_typed_and_says_what_is_wrong() {
    let mut browser = Browser::signed_in(Person::ana());
    browser.core.find_faults(vec![
        FieldFault::new("name", Fault::TooLong { max: 200 }),
        FieldFault::new("phone", Fault::NotAPhone),
    ]);
    let fields = [("name", "<Ana>"), ("phone", "abc"), ("language", ""), ("time_zone", "")];
    let answer = browser.post("/profile", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attributes("input[name=name]", "value"), ["<Ana>"]);
    assert_eq!(answer.attributes("input[name=phone]", "value"), ["abc"]);
    let faults = answer.texts(".field-fault");
    assert_eq!(faults[0], "At most 200 characters fit. Please shorten it.");
    assert_eq!(faults.len(), 2);
    assert_eq!(answer.attributes("[aria-invalid=true]", "name"), ["name", "phone"]);
}

#[tokio::test]
async fn from_a_faulty_form_one_comes_back_to_its_page() {
    let mut browser = Browser::signed_in(Person::ana());
    browser.core.find_faults(vec![FieldFault::new("email", Fault::NotAnEmail)]);
    browser.headers.push(("referer", "http://localhost/billing-information?a=b".to_owned()));
    let answer = browser.post("/billing-information/company", &[("email", "x")]).await;
    assert_eq!(answer.attributes("input[name=back]", "value")[0], "/billing-information?a=b");
    browser.cookies.insert("portico".to_owned(), "long-gone".to_owned());
    let ended = browser.post("/billing-information/company", &[]).await;
    let sign_in = ended.attributes("a.button", "href").remove(0);
    assert_eq!(sign_in, "/sign-in?next=%2Fbilling-information%3Fa%3Db");
}

#[tokio::test]
async fn a_faulty_address_is_shown_in_its_own_form() {
    let mut browser = Browser::signed_in(Person::ana());
    browser.core.find_faults(vec![FieldFault::new("shipping_address.country", Fault::NotACountry)]);
    let fields = [("shipping_address.line1", "Gran Vía 1"), ("shipping_address.country", "XX")];
    let answer = browser.post("/billing-information/shipping-address", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let line1 = answer.attributes("[name='shipping_address.line1']", "value");
    assert_eq!(line1, ["Gran Vía 1"]);
    assert_eq!(answer.attributes("[aria-invalid=true]", "name"), ["shipping_address.country"]);
    let countries = answer.texts("[name='billing_address.country'] option");
    assert!(countries.len() > 240 && countries.contains(&"Spain".to_owned()), "{countries:?}");
}

#[tokio::test]
async fn a_wrong_password_is_said_at_its_field() {
    let mut browser = Browser::signed_in(Person::ana());
    browser.core.find_faults(vec![FieldFault::new("current_password", Fault::WrongPassword)]);
    let fields = [("current_password", "hunter2"), ("new_password", "hunter3")];
    let answer = browser.post("/security/password", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attributes("[aria-invalid=true]", "name"), ["current_password"]);
    assert!(!answer.body.contains("hunter"));
}

#[tokio::test]
async fn a_visit_without_a_person_has_no_password() {
    let mut browser = Browser::signed_in(Person::globex());
    assert!(browser.get("/security").await.attributes("input[type=password]", "name").is_empty());
    let profile = browser.get("/profile").await;
    assert!(profile.body.contains("Globex"));
    assert!(profile.attributes("input[name=name]", "value").is_empty());
}

#[tokio::test]
async fn tax_ids_are_shown_as_their_register_writes_them() {
    let mut browser = Browser::signed_in(Person::ana());
    let page = browser.get("/billing-information").await;
    let number = page.attributes("input[name='tax_ids.0.value']", "value");
    assert_eq!(number, ["91-1144442"]);
}
