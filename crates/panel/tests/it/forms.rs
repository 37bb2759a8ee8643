//! Forms that book something do so once: however often they are sent, and whatever happens to the
//! answer.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use portico_billing::permission::OperatorRole;
use portico_ui::csrf;
use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::site::{Answer, Site};
use crate::staff::session;

/// Somebody of Acme's who books things for its one customer.
pub struct Desk {
    pub site: Site,
    cookie: String,
    token: String,
    /// Identifier of the customer, in addresses.
    pub customer: String,
}

pub type Fields = BTreeMap<String, String>;

impl Desk {
    pub async fn new() -> Self {
        let site = Site::new().await;
        let (_, secret) = session(&site, site.acme.id, OperatorRole::Owner).await;
        let customer = site.customer("c-1", "ana@acme.example").await;
        Self {
            cookie: format!("portico-panel={}", secret.expose()),
            token: csrf::token(secret.expose()),
            customer: bare(&customer),
            site,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.site.open(Method::GET, path).header("cookie", &self.cookie).send().await
    }

    /// The same for somebody who reads Spanish.
    pub async fn get_in_spanish(&self, path: &str) -> Answer {
        let call = self.site.open(Method::GET, path).header("cookie", &self.cookie);
        call.header("accept-language", "es").send().await
    }

    /// The form of a page, as it is shown.
    pub async fn form(&self, path: &str) -> Fields {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        fields(&answer)
    }

    pub async fn send(&self, path: &str, fields: &Fields) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let form = form.append_pair("csrf", &self.token).extend_pairs(fields).finish();
        let call = self.site.open(Method::POST, path).header("cookie", &self.cookie);
        call.raw("application/x-www-form-urlencoded", form).send().await
    }

    /// What the page says that an answer leads to.
    pub async fn told(&self, answer: &Answer) -> String {
        let set = answer.headers.get_all("set-cookie").iter().filter_map(|it| it.to_str().ok());
        let notice = set.filter_map(|it| it.split(';').next()).collect::<Vec<_>>().join("; ");
        let cookies = format!("{}; {notice}", self.cookie);
        let page = self.site.open(Method::GET, answer.header("location"));
        page.header("cookie", &cookies).send().await.text
    }

    pub async fn count(&self, noun: &str) -> usize {
        let list = self.site.get(&format!("/api/v1/{noun}")).send().await.json();
        list["data"].as_array().expect("a list").len()
    }

    /// An invoice of the customer, by the API.
    pub async fn invoice(&self, number: Option<&str>) -> String {
        let status = if number.is_some() { "open" } else { "draft" };
        let body = json!({
            "customer_id": "c-1", "number": number, "status": status, "issued_on": "2026-11-01",
            "lines": [{ "description": "Team", "unit_price": "50" }],
        });
        let answer = self.site.post("/api/v1/invoices", &body).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        bare(&answer.json())
    }
}

/// An identifier as it stands in addresses of the control panel.
pub fn bare(record: &Value) -> String {
    let id = record["id"].as_str().expect("an id");
    let hex = id.rsplit('_').next().expect("a part");
    uuid::Uuid::parse_str(hex).expect("an identifier").to_string()
}

/// The fields with a name, as a browser would send them.
pub fn fields(answer: &Answer) -> Fields {
    let page = Html::parse_document(&answer.text);
    let selector = Selector::parse("main input[name], main textarea[name], main select[name]");
    let option = Selector::parse("option[selected]").expect("a selector");
    let selector = selector.expect("a selector");
    let named = page.select(&selector).filter_map(|field| {
        let value = match field.value().name() {
            "select" => field.select(&option).next()?.attr("value")?.to_owned(),
            "textarea" => field.text().collect(),
            _ => field.attr("value").unwrap_or_default().to_owned(),
        };
        Some((field.attr("name")?.to_owned(), value)).filter(|(name, _)| name != "csrf")
    });
    named.collect()
}

pub fn with(fields: &Fields, more: &[(&str, &str)]) -> Fields {
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    fields.clone().into_iter().chain(more).collect()
}

/// What is booked: the page of the form, what is filled in, and the noun of the API that grows.
struct Booking {
    page: String,
    typed: &'static [(&'static str, &'static str)],
    noun: &'static str,
}

pub const SURE: (&str, &str) = ("do", "sure");

async fn bookings(desk: &Desk) -> Vec<Booking> {
    let invoice = desk.invoice(Some("INV-1")).await;
    let payment = json!({
        "customer_id": "c-1", "status": "succeeded", "amount_minor": 9_000, "currency": "EUR",
        "method": "cash", "paid_at": "2026-11-02T00:00:00Z",
    });
    let paid = bare(&desk.site.post("/api/v1/payments", &payment).send().await.json());
    let customer = &desk.customer;
    let booking = |page: String, typed, noun| Booking { page, typed, noun };
    vec![
        booking(
            format!("/customers/{customer}/payments/new"),
            &[("amount", "12.50"), ("description", "Counter"), SURE],
            "payments",
        ),
        booking(format!("/payments/{paid}/refund"), &[("amount", "10"), SURE], "payments"),
        booking(
            format!("/invoices/{invoice}/credit-note"),
            &[("number", "CN-1"), ("lines.0.unit_price", "5"), SURE],
            "credit-notes",
        ),
        booking(
            format!("/customers/{customer}/invoices/new"),
            &[("lines.0.description", "Hours"), ("lines.0.unit_price", "5"), ("do", "save")],
            "invoices",
        ),
        booking("/customers/new".to_owned(), &[("name", "Bo")], "customers"),
    ]
}

#[tokio::test]
async fn a_form_that_is_sent_again_books_nothing_more() {
    let desk = Desk::new().await;
    for Booking { page, typed, noun } in bookings(&desk).await {
        let before = desk.count(noun).await;
        let form = with(&desk.form(&page).await, typed);
        // As by a double click: the second one leaves before the first one is answered.
        let (one, two) = tokio::join!(desk.send(&page, &form), desk.send(&page, &form));
        let again = desk.send(&page, &form).await;
        for answer in [&one, &two, &again] {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}: {}", answer.text);
            assert_eq!(answer.header("location"), one.header("location"), "{page}");
        }
        assert_eq!(desk.get(one.header("location")).await.status, StatusCode::OK, "{page}");
        assert_eq!(desk.count(noun).await, before + 1, "{page}");
    }
}

#[tokio::test]
async fn another_form_books_another_record() {
    let desk = Desk::new().await;
    let page = format!("/customers/{}/payments/new", desk.customer);
    for count in 1..=2 {
        let form = with(&desk.form(&page).await, &[("amount", "12.50"), SURE]);
        assert_eq!(desk.send(&page, &form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(desk.count("payments").await, count);
    }
}

#[tokio::test]
async fn the_question_and_a_mistake_keep_the_key_of_a_form() {
    let desk = Desk::new().await;
    let page = format!("/customers/{}/payments/new", desk.customer);
    let shown = desk.form(&page).await;
    let wrong = desk.send(&page, &with(&shown, &[("amount", "x"), SURE])).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(fields(&wrong)["once"], shown["once"]);
    let asked = desk.send(&page, &with(&shown, &[("amount", "12.50")])).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    assert_eq!(fields(&asked)["once"], shown["once"]);
    assert_eq!(desk.count("payments").await, 0);
    let sure = with(&fields(&asked), &[SURE]);
    assert_eq!(desk.send(&page, &sure).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.count("payments").await, 1);

    // Gone back, and changed: it is said that something was booked, and nothing is.
    let changed = with(&sure, &[("amount", "99")]);
    let answer = desk.send(&page, &changed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("sent before"), "{}", answer.text);
    assert_eq!(desk.count("payments").await, 1);
    let deliberate = with(&fields(&answer), &[SURE]);
    assert_ne!(deliberate["once"], shown["once"]);
    assert_eq!(desk.send(&page, &deliberate).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.count("payments").await, 2);
}

#[tokio::test]
async fn an_invoice_is_approved_and_cancelled_once() {
    let desk = Desk::new().await;
    let first = desk.invoice(None).await;
    for (id, number) in [(&first, "INV-0001"), (&desk.invoice(None).await, "INV-0002")] {
        for verb in ["approve", "void"] {
            let page = format!("/invoices/{id}/{verb}");
            let form = desk.form(&page).await;
            let (one, two) = tokio::join!(desk.send(&page, &form), desk.send(&page, &form));
            let again = desk.send(&page, &form).await;
            for answer in [one, two, again] {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}: {}", answer.text);
            }
        }
        let stored = desk.site.get(&format!("/api/v1/invoices/{id}")).send().await.json();
        assert_eq!((&stored["number"], &stored["status"]), (&json!(number), &json!("void")));
    }
}

/// The mails that wait, by their kinds.
async fn mails(desk: &Desk) -> Vec<&'static str> {
    let mails = desk.site.core.claim_mails(10).await.expect("mails");
    mails.iter().map(|mail| mail.message.content.kind()).collect()
}

#[tokio::test]
async fn a_new_contact_is_invited_as_the_form_says() {
    let desk = Desk::new().await;
    let page = format!("/customers/{}/contacts/new", desk.customer);
    for (number, invite, kind, said) in [
        (1, "", None, "The contact was saved."),
        (2, "link", Some("password-reset"), "and the link was mailed"),
        (3, "temporary_password", Some("temporary-password"), "temporary password was mailed"),
    ] {
        let email = format!("new{number}@acme.example");
        let typed = [("name", "Bo"), ("email", email.as_str()), ("invite", invite)];
        let saved = desk.send(&page, &with(&desk.form(&page).await, &typed)).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        assert_eq!(mails(&desk).await, Vec::from_iter(kind));
        assert!(desk.told(&saved).await.contains(said), "{invite}");
    }
    let off = json!({"status": "inactive"});
    let patch = desk.site.call(Method::PATCH, "/api/v1/customers/c-1").json(&off).send().await;
    assert_eq!(patch.status, StatusCode::OK, "{}", patch.text);
    for (number, invite) in [(4, "link"), (5, "temporary_password")] {
        let email = format!("new{number}@acme.example");
        let typed = [("name", "Bo"), ("email", email.as_str()), ("invite", invite)];
        let saved = desk.send(&page, &with(&desk.form(&page).await, &typed)).await;
        assert!(desk.told(&saved).await.contains("but nothing was mailed"), "{invite}");
        let contact = desk.get(saved.header("location")).await;
        assert!(!contact.text.contains("temporary-password"), "it is not offered either");
        let page = format!("{}/temporary-password", saved.header("location"));
        let asked = desk.send(&page, &desk.form(&page).await).await;
        assert!(desk.told(&asked).await.contains("may not sign in"), "{}", asked.text);
    }
    assert!(mails(&desk).await.is_empty());
}

#[tokio::test]
async fn a_temporary_password_is_mailed_once_and_never_shown() {
    const CANARY: &str = "canary-set-by-hand-4711";
    let desk = Desk::new().await;
    let contact = json!({ "customer_id": "c-1", "name": "Ana", "email": "ana@acme.example" });
    let contact = bare(&desk.site.post("/api/v1/contacts", &contact).send().await.json());
    let page = format!("/contacts/{contact}/temporary-password");
    let links = desk.get(&format!("/contacts/{contact}")).await.links();
    assert!(links.contains(&page), "{links:?}");
    let form = desk.form(&page).await;
    let weak = desk.send(&page, &with(&form, &[("password", "ana@acme.example")])).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.text.contains("easy to guess"), "{}", weak.text);
    assert_eq!(weak.attributes("[aria-invalid=true]", "name"), ["password"]);
    assert_eq!(fields(&weak)["once"], form["once"]);

    let set = with(&form, &[("password", CANARY)]);
    let (one, two) = tokio::join!(desk.send(&page, &set), desk.send(&page, &set));
    for answer in [&one, &two] {
        assert_eq!(answer.header("location"), format!("/contacts/{contact}"), "{}", answer.text);
    }
    assert_eq!(mails(&desk).await, ["temporary-password"]);
    assert!(desk.told(&one).await.contains("The temporary password was mailed."));
    let other = desk.send(&page, &form).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text.contains("sent before"), "{}", other.text);
    let generated = desk.send(&page, &fields(&other)).await;
    assert_eq!(generated.status, StatusCode::SEE_OTHER, "{}", generated.text);
    assert_eq!(mails(&desk).await, ["temporary-password"]);
    let activity = desk.get(&format!("/customers/{}/activity", desk.customer)).await;
    assert!(activity.text.contains("Temporary password mailed"), "{}", activity.text);
    for answer in [&one, &two, &other, &generated, &activity] {
        assert!(!answer.text.contains(CANARY) && !format!("{:?}", answer.headers).contains(CANARY));
    }
}
