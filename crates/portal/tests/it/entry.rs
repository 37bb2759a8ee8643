//! Ways in and out.

use axum::http::StatusCode;
use portico_core_api::Refusal;
use portico_ui::origin::Scheme;

use crate::browser::{Answer, Browser};
use crate::fake::{BRAND, PASSWORD, Person, RETURN_URL};

const EMAIL: &str = "ana@northwind.example";
const ORGANISATION: &str = "063f8b97-f795-4f0b-89b4-88b114c83f44";

#[tokio::test]
async fn a_link_enters_once_in_each_of_its_forms() {
    let zenskar =
        format!("/session/{ORGANISATION}_{ORGANISATION}_a_b-c?return_url=https://evil.test");
    let treli =
        format!("/p/authenticate?token=a_b-c&customer_id={ORGANISATION}&forward=customer_invoices");
    for path in ["/session/a_b-c", &zenskar, &treli] {
        let mut browser = Browser::new();
        browser.core.add_link("a_b-c", Person::globex());
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.location(), "/invoices");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(browser.cookies.contains_key("portico"));
        assert_eq!(browser.get("/invoices").await.status, StatusCode::OK);

        browser.cookies.clear();
        let again = browser.get(path).await;
        assert_eq!(again.status, StatusCode::GONE, "{path}");
        assert_eq!(again.attributes("a.button", "href"), [RETURN_URL, "/sign-in"]);
        assert!(!browser.cookies.contains_key("portico"));
    }
}

#[tokio::test]
async fn looking_ahead_does_not_use_up_a_link() {
    for path in ["/session/link", "/p/authenticate?token=link"] {
        let mut browser = Browser::new();
        browser.core.add_link("link", Person::globex());
        for _ in 0..3 {
            let answer = browser.head(path).await;
            assert!(answer.status.is_success());
        }
        browser.headers.push(("sec-purpose", "prefetch;prerender".to_owned()));
        browser.get(path).await;
        assert!(browser.core.has_link("link"), "{path}");
        assert!(!browser.cookies.contains_key("portico"));
        browser.headers.clear();
        assert_eq!(browser.get(path).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn over_plain_http_from_afar_nobody_enters() {
    let mut browser = Browser::new();
    browser.host = "pay.acme.example";
    browser.core.add_link("link", Person::globex());
    for path in
        ["/session/link", "/p/authenticate?token=link", "/sign-in", "/sign-in/link?token=link"]
    {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.texts("h1"), ["A secure connection is needed"], "{path}");
    }
    assert!(browser.core.has_link("link") && browser.cookies.is_empty());
    browser.scheme = Scheme::Https;
    assert_eq!(browser.get("/session/link").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_for_somebody_else_asks_first() {
    let mut browser = Browser::signed_in(Person::ana());
    let first = browser.cookies["portico"].clone();
    browser.core.add_link("link", Person::globex());
    let question = browser.get("/session/link").await;
    assert_eq!(question.status, StatusCode::OK);
    let names = question.texts("dd strong");
    assert_eq!(names, ["Northwind", "Globex"]);
    assert!(browser.core.has_link("link") && browser.core.is_live(&first));

    let answer = browser.post("/session/link", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_ne!(browser.cookies["portico"], first);
    assert!(!browser.core.is_live(&first), "the session before lives on");
    assert!(browser.get("/profile").await.body.contains("Globex"));
}

#[tokio::test]
async fn ses_06_a_namesake_is_somebody_else() {
    let namesakes = [
        Person { number: 7, ..Person::ana() },
        Person { number: 7, contact: None, ..Person::ana() },
        Person { contact: None, ..Person::ana() },
    ];
    for namesake in namesakes {
        let mut browser = Browser::signed_in(Person::ana());
        let first = browser.cookies["portico"].clone();
        browser.core.add_link("link", namesake);
        assert_eq!(browser.get("/session/link").await.status, StatusCode::OK);
        assert!(browser.core.has_link("link") && browser.core.is_live(&first));
        let mailed = browser.get("/sign-in/link?token=link").await;
        assert_eq!(mailed.texts(".alert").len(), 1, "{}", mailed.body);
    }
}

#[tokio::test]
async fn a_mailed_link_is_shown_in_the_language_of_its_person() {
    let mut browser = Browser::new();
    let spanish = Person { language: Some("es".to_owned()), ..Person::ana() };
    browser.core.add_link("link", spanish);
    for path in ["/sign-in/link", "/password/reset", "/profile/email/confirm"] {
        let page = browser.get(&format!("{path}?token=link")).await;
        assert_eq!(page.attributes("html", "lang"), ["es"], "{path}");
    }
    browser.post("/preferences/language", &[("language", "en"), ("back", "/")]).await;
    let page = browser.get("/sign-in/link?token=link").await;
    assert_eq!(page.attributes("html", "lang"), ["en"], "what was chosen here counts more");
}

#[tokio::test]
async fn a_temporary_password_leads_to_choosing_one_and_on_to_the_page_asked_for() {
    let mut browser = Browser::new();
    browser.core.add_link("link", Person::ana());
    let fields = [
        ("email", "temporary@northwind.example"),
        ("password", PASSWORD),
        ("next", "/invoices?status=open"),
    ];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let next = "/invoices?status=open";
    assert_eq!(answer.location(), "/password/reset?token=link&next=%2Finvoices%3Fstatus%3Dopen");
    assert!(!browser.cookies.contains_key("portico"), "no session before that");
    let page = browser.get(answer.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Now choose a password of your own"), "{}", page.body);
    assert_eq!(page.attributes("main input[name=next]", "value"), [next]);
    let chosen = [("token", "link"), ("next", next), ("new_password", "marmot-under-granite")];
    let answer = browser.post("/password/reset", &chosen).await;
    assert_eq!(answer.location(), next);
    assert!(browser.cookies.contains_key("portico"));
    let evil = browser.get("/password/reset?token=link&next=//evil.example").await;
    assert!(evil.attributes("main input[name=next]", "value").is_empty(), "{}", evil.body);
}

#[tokio::test]
async fn over_tls_every_cookie_is_bound_to_the_host_and_tls_is_asked_for() {
    let mut browser = Browser::new();
    (browser.host, browser.scheme) = ("pay.acme.example", Scheme::Https);
    browser.core.add_link("link", Person::globex());
    let entered = browser.get("/session/link").await;
    assert_eq!(entered.header("strict-transport-security"), "max-age=31536000");
    browser.post("/preferences/language", &[("language", "es"), ("back", "/")]).await;
    browser.post("/preferences/theme", &[("theme", "dark"), ("back", "/")]).await;
    let page = browser.get("/profile").await;
    assert_eq!(page.attributes("html", "data-theme"), ["dark"]);
    assert_eq!(page.attributes("html", "lang"), ["es"]);
    let names: Vec<&String> = browser.cookies.keys().collect();
    assert!(names.iter().all(|name| name.starts_with("__Host-")), "{names:?}");
    assert_eq!(names.len(), 3, "{names:?}");
}

#[tokio::test]
async fn a_link_for_the_same_person_enters_anew() {
    let mut browser = Browser::signed_in(Person::ana());
    let first = browser.cookies["portico"].clone();
    browser.core.add_link("link", Person::ana());
    assert_eq!(browser.get("/session/link").await.status, StatusCode::SEE_OTHER);
    assert_ne!(browser.cookies["portico"], first);
}

#[tokio::test]
async fn a_used_link_does_not_disturb_those_who_are_signed_in() {
    let mut browser = Browser::signed_in(Person::ana());
    let answer = browser.get("/session/used").await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert_eq!(answer.attributes("a.button", "href"), ["/"]);
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_in_leads_on_to_the_page_that_was_asked_for() {
    let mut browser = Browser::new();
    let to_sign_in = browser.get("/invoices?status=open&q=2026").await.location().to_owned();
    let page = browser.get(&to_sign_in).await;
    let next = page.attributes("input[name=next]", "value").remove(0);
    assert_eq!(next, "/invoices?status=open&q=2026");
    let fields = [("email", EMAIL), ("password", PASSWORD), ("next", next.as_str())];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), next);
    assert_eq!(browser.get(&next).await.status, StatusCode::OK);
    // Who is signed in is not asked again.
    assert_eq!(browser.get(&to_sign_in).await.location(), next);
}

#[tokio::test]
async fn signing_in_never_leads_away_from_the_site() {
    for next in [
        "https://evil.test",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "/.//evil.test",
        "/\r\nlocation: https://evil.test",
        "evil.test",
        "",
    ] {
        let mut browser = Browser::new();
        let fields = [("email", EMAIL), ("password", PASSWORD), ("next", next)];
        let answer = browser.post("/sign-in", &fields).await;
        assert_eq!(answer.location(), "/invoices", "{next:?}");
        // Neither does the page that is shown to those who are signed in.
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let answer = browser.get(&format!("/sign-in?next={query}")).await;
        assert_eq!(answer.location(), "/", "{next:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_keeps_the_address_and_never_the_password() {
    let mut browser = Browser::new();
    let fields = [("email", EMAIL), ("password", "not it"), ("next", "/payments")];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.attributes("input[name=email]", "value"), [EMAIL]);
    assert_eq!(answer.attributes("input[name=next]", "value"), ["/payments"]);
    assert!(!answer.body.contains("not it"));
    let stranger = browser.post("/sign-in", &[("email", "x@y.example"), ("password", "z")]).await;
    assert_eq!(stranger.texts("[role=alert]"), answer.texts("[role=alert]"));
    assert!(!browser.cookies.contains_key("portico"));
}

#[tokio::test]
async fn what_is_missing_to_sign_in_is_named_at_its_field() {
    let mut browser = Browser::new();
    for (email, faulty) in [("", &["email", "password"][..]), (EMAIL, &["password"])] {
        let answer = browser.post("/sign-in", &[("email", email), ("password", "")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.attributes("[aria-invalid]", "name"), faulty);
        assert_eq!(answer.attributes("input[name=email]", "value"), [email]);
        let summary = answer.texts("[role=alert]").join(" ");
        assert!(summary.contains("Password: This is needed"), "{summary}");
        assert!(!summary.contains("match"), "nothing was compared: {summary}");
        assert_eq!(summary.contains("Email: This is needed"), email.is_empty(), "{summary}");
    }
}

#[tokio::test]
async fn too_many_tries_have_to_wait() {
    let mut browser = Browser::new();
    let fields = [("email", "flood@northwind.example"), ("password", "x")];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "31");
}

#[tokio::test]
async fn a_mailed_link_enters_by_its_button_alone() {
    let mut browser = Browser::new();
    browser.core.add_link("mailed", Person::ana());
    for _ in 0..3 {
        let page = browser.get("/sign-in/link?token=mailed").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Ana Núñez"));
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    assert!(browser.core.has_link("mailed") && !browser.cookies.contains_key("portico"));
    let answer = browser.post("/sign-in/link/enter", &[("token", "mailed")]).await;
    assert_eq!(answer.location(), "/invoices");
    assert!(browser.cookies.contains_key("portico"));
    browser.cookies.clear();
    let again = browser.post("/sign-in/link/enter", &[("token", "mailed")]).await;
    assert_eq!(again.status, StatusCode::GONE);
}

#[tokio::test]
async fn asking_for_a_mail_tells_nothing_about_the_address() {
    let mut browser = Browser::new();
    for path in ["/sign-in/link", "/password/forgot"] {
        let known = browser.post(path, &[("email", EMAIL), ("password", "")]).await;
        let unknown = browser.post(path, &[("email", "nobody@northwind.example")]).await;
        assert_eq!(known.status, StatusCode::OK, "{path}");
        assert_eq!(
            known.body.replace(EMAIL, ""),
            unknown.body.replace("nobody@northwind.example", "")
        );
        let faulty = browser.post(path, &[("email", "ana")]).await;
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(faulty.attributes("input[name=email]", "value"), ["ana"]);
    }
}

#[tokio::test]
async fn a_new_password_signs_in() {
    let mut browser = Browser::new();
    browser.core.add_link("reset", Person::ana());
    assert_eq!(browser.get("/password/reset?token=reset").await.status, StatusCode::OK);
    let short = [("token", "reset"), ("new_password", "short")];
    let faulty = browser.post("/password/reset", &short).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!faulty.body.contains("short\"") && !faulty.texts(".field-fault").is_empty());
    let answer =
        browser.post("/password/reset", &[("token", "reset"), ("new_password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = browser.get(answer.location()).await;
    assert_eq!(page.texts("[data-toast] p"), ["Your password was changed, and you are signed in."]);
    let page = browser.get("/invoices").await;
    assert!(page.texts("[data-toast] p").is_empty(), "the notice is shown twice");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_leads_back() {
    let mut browser = Browser::signed_in(Person::globex());
    let secret = browser.cookies["portico"].clone();
    let answer = browser.post("/sign-out", &[]).await;
    assert_eq!(answer.location(), RETURN_URL);
    assert!(!browser.core.is_live(&secret) && !browser.cookies.contains_key("portico"));

    let mut browser = Browser::signed_in(Person::ana());
    assert_eq!(browser.post("/sign-out", &[]).await.location(), "/signed-out");
    assert_eq!(browser.post("/sign-out", &[]).await.location(), "/signed-out");
}

#[tokio::test]
async fn a_new_address_is_confirmed_by_its_button_alone() {
    let mut browser = Browser::new();
    browser.core.add_link("address", Person::ana());
    let page = browser.get("/profile/email/confirm?token=address").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(browser.core.has_link("address"));
    let answer = browser.post("/profile/email/confirm", &[("token", "address")]).await;
    assert_eq!(answer.location(), "/sign-in");
    assert!(!browser.core.has_link("address"));
    let again = browser.get("/profile/email/confirm?token=address").await;
    assert_eq!(again.status, StatusCode::GONE);
}

#[tokio::test]
async fn what_is_over_says_so_in_the_language_that_it_had() {
    let spanish = Person { language: Some("es".to_owned()), ..Person::ana() };
    let mut browser = Browser::signed_in(spanish.clone());
    browser.headers.push(("accept-language", "en".to_owned()));
    let language = "es-CO".parse().ok();
    browser.core.refuse(Refusal::SignedOut { return_url: None, language });
    let lang = |answer: Answer| (answer.status, answer.attributes("html", "lang"));
    let ended = lang(browser.get("/payments").await);
    assert_eq!(ended, (StatusCode::UNAUTHORIZED, vec!["es".to_owned()]));

    browser.cookies.clear();
    browser.core.add_link("link", spanish);
    browser.get("/session/link").await;
    browser.cookies.clear();
    let used = lang(browser.get("/session/link").await);
    assert_eq!(used, (StatusCode::GONE, vec!["es".to_owned()]));
    let unknown = lang(browser.get("/session/nothing").await);
    assert_eq!(unknown, (StatusCode::GONE, vec!["en".to_owned()]), "the browser's");
    browser.get("/sign-in").await;
    browser.post("/preferences/language", &[("language", "en"), ("back", "/")]).await;
    let chosen = lang(browser.get("/session/link").await);
    assert_eq!(chosen.1, ["en"], "what was chosen here counts more, as on every page");
}

#[tokio::test]
async fn the_language_is_the_sessions_then_the_browsers() {
    let spanish = Person { language: Some("es-CO".to_owned()), ..Person::globex() };
    let mut browser = Browser::signed_in(spanish.clone());
    assert_eq!(browser.get("/invoices").await.texts("h1"), ["Facturas"]);
    browser.post("/preferences/language", &[("language", "en"), ("back", "/payments")]).await;
    assert_eq!(browser.get("/invoices").await.texts("h1"), ["Invoices"]);
    // What was chosen on this device outlives a link that asks for no language.
    browser.core.add_link("link", spanish.clone());
    browser.cookies.remove("portico");
    browser.get("/session/link").await;
    assert_eq!(browser.get("/invoices").await.texts("h1"), ["Invoices"]);
    // One that does is followed in the language that it asks for.
    let asked = Person { locale: Some("es".to_owned()), language: None, ..spanish };
    browser.core.add_link("link", asked);
    browser.cookies.remove("portico");
    browser.get("/session/link").await;
    assert_eq!(browser.get("/invoices").await.texts("h1"), ["Facturas"]);
    assert!(!browser.cookies.contains_key("portico-language"), "the choice is forgotten");

    let mut browser = Browser::new();
    browser.headers.push(("accept-language", "fr, es;q=0.8, en;q=0.5".to_owned()));
    assert_eq!(browser.get("/sign-in").await.texts("h1"), ["Iniciar sesión"]);
    let back =
        browser.post("/preferences/theme", &[("theme", "dark"), ("back", "//evil.test")]).await;
    assert_eq!(back.location(), "/");
    let page = browser.get("/sign-in").await;
    assert_eq!(page.attributes("html", "data-theme"), ["dark"]);
    assert!(page.body.contains(BRAND));
}
