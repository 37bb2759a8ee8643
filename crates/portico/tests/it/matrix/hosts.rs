//! Brand × host: where a request says that it comes to decides whose portal it is, and nothing
//! that it says besides gets into a mail or onto a page.

use axum::http::{Method, StatusCode};
use portico_billing::brand::{Custom, LegalLink, Origin};
use portico_core::mail::MailContent;
use portico_core::records::contact::ContactRecord;
use portico_testkit::both_engines;
use serde_json::json;

use super::holder::Holder;
use super::site::Answer;
use super::{World, has_id, signed_in_routes};

/// What a request can say of where it goes, beside the host it comes to. Each names `evil.example`
/// or a port, a scheme, a path that is not the portal's.
pub const FORGED: &[(&str, &str)] = &[
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-host", "evil.example, north.localhost"),
    ("x-forwarded-host", "north.localhost, evil.example"),
    ("x-forwarded-host", "north.localhost.evil.example"),
    ("x-forwarded-host", "evil.example:443"),
    ("x-forwarded-server", "evil.example"),
    ("x-forwarded-proto", "gopher"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-scheme", "javascript"),
    ("x-forwarded-port", "6666"),
    ("x-forwarded-prefix", "//evil.example"),
    ("x-forwarded-path", "/evil.example"),
    ("x-forwarded-uri", "https://evil.example/"),
    ("x-forwarded-for", "evil.example"),
    ("x-host", "evil.example"),
    ("x-http-host-override", "evil.example"),
    ("x-original-host", "evil.example"),
    ("x-original-url", "https://evil.example/"),
    ("x-rewrite-url", "https://evil.example/"),
    ("x-url-scheme", "evil"),
    ("x-real-ip", "evil.example"),
    ("x-client-ip", "evil.example"),
    ("forwarded", "host=evil.example"),
    ("forwarded", "host=\"evil.example\";proto=https"),
    ("forwarded", "for=192.0.2.9;host=evil.example, host=north.localhost"),
    ("forwarded", "by=evil.example;host=north.localhost"),
    ("front-end-https", "evil.example"),
    ("base-url", "https://evil.example/"),
    ("proxy-host", "evil.example"),
    ("request-uri", "https://evil.example/"),
    ("x-wap-profile", "https://evil.example/wap.xml"),
    ("cf-connecting-ip", "evil.example"),
    ("referer", "http://evil.example/sign-in"),
    ("via", "1.1 evil.example"),
];

/// Other ways to write the host of the portal.
const WRITTEN: &[&str] = &[
    "NORTH.localhost",
    "North.LocalHost:9080",
    "north.localhost:1",
    "north.localhost:65535",
    "north.localhost.",
];

/// Hosts that are no portal's, however much they look like one.
const STRANGERS: &[&str] = &[
    "evil.example",
    "north.localhost.evil.example",
    "evil-north.localhost",
    "xnorth.localhost",
    "north.localhost@evil.example",
    "evil.example#north.localhost",
    "north.localhost/evil.example",
    "north.localhost:evil.example",
    "north.localhost evil.example",
    "north.localhost,evil.example",
    "127.0.0.1",
    "[::1]",
    "localhost",
    "*.localhost",
    "north",
];

both_engines! {
    async fn ten_01_no_forged_host_gets_into_a_mail(db: TestDatabase) {
        let world = World::on(db).await;
        let hosts = WRITTEN.iter().map(|host| (*host, None));
        let headers = FORGED.iter().map(|header| ("north.localhost", Some(*header)));
        for (count, (host, header)) in hosts.chain(headers).enumerate() {
            // A new contact each time: nobody gets many such mails in an hour.
            let email = format!("contact-{count}@example.com");
            let input = json!({
                "external_id": format!("forged-{count}"), "customer_id": "c-1", "name": "Ana",
                "email": email,
            });
            let contact = world.site.save::<ContactRecord>(&world.site.acme, input).await;
            let what = format!("{host} {header:?}");
            let mut sent = entrance_mails(&world, (host, header), &email).await;
            let contact = contact.id.to_string();
            let session = world.site.enter(&world.site.acme, world.site.north, &contact).await;
            let new_email = format!("new-{count}@example.com");
            let token = world.site.get(&session, "/profile").await.form_token();
            let ask = world.site.ask(Method::POST, host, "/profile/email").cookie(&session.cookie);
            let ask = with(ask, header).form(&token, &[("email", &new_email)]);
            sent += usize::from(!ask.send().await.status.is_client_error());
            let mails = world.site.core.claim_mails(50).await.expect("mails");
            assert!(sent >= 2 && mails.len() >= sent, "{what}: {sent} sent, {mails:?}");
            for mail in &mails {
                let text = format!("{:?}", mail.message);
                assert_only_own_links(&text, &what);
                world.site.core.mail_done(mail).await.expect("done");
            }
            // Mails are limited by the hour.
            world.site.wait(1);
        }
    }

    /// What opens or makes an account with one click must lead to the brand alone.
    async fn ten_01_no_forged_host_gets_into_the_mails_of_a_sign_up_or_a_reset(db: TestDatabase) {
        let world = World::on(db).await;
        let site = &world.site;
        let mut write = site.core.store().write(site.acme.id).await.expect("a unit of work");
        let mut brand = write.brand_for_update(site.north.id).await.expect("it").expect("it");
        brand.sign_up.customers = true;
        write.update_brand(&brand).await.expect("saved");
        write.commit().await.expect("saved");
        site.wait(1);
        let hosts = WRITTEN.iter().map(|host| (*host, None));
        let headers = FORGED.iter().map(|header| ("north.localhost", Some(*header)));
        for (count, (host, header)) in hosts.chain(headers).enumerate() {
            let known = format!("known-{count}@example.com");
            let new = format!("new-{count}@x.example");
            let input = json!({"customer_id": "c-1", "name": "Ana", "email": known});
            site.save::<ContactRecord>(&site.acme, input).await;
            let what = format!("{host} {header:?}");
            let place = (host, header);
            submit(&world, place, "/sign-up", &sign_up_form(&new)).await;
            submit(&world, place, "/sign-up", &sign_up_form(&known)).await;
            submit(&world, place, "/password/forgot", &[("email", &known)]).await;
            let mails = site.core.claim_mails(10).await.expect("mails");
            let mut links = Vec::new();
            for mail in &mails {
                let message = &mail.message;
                assert_only_own_links(&format!("{message:?}"), &what);
                links.push(match &message.content {
                    MailContent::SignUpConfirm { url, .. } => ("new", link_of(url)),
                    MailContent::SignUpKnown { url } => ("known", link_of(url)),
                    MailContent::PasswordReset { url, .. } => ("reset", link_of(url)),
                    other => panic!("{what}: another mail: {other:?}"),
                });
                site.core.mail_done(mail).await.expect("done");
            }
            links.sort_unstable();
            let own = "http://north.localhost:9080";
            let expected = [
                ("known", format!("{own}/sign-in")),
                ("new", format!("{own}/sign-up/confirm")),
                ("reset", format!("{own}/password/reset")),
            ];
            assert_eq!(links, expected, "{what}");
            // Mails and sign-ups are limited by the hour.
            site.wait(1);
        }
    }

    async fn ten_01_an_unknown_host_is_nobodys(db: TestDatabase) {
        let world = World::on(db).await;
        for host in STRANGERS {
            for path in ["/", "/sign-in", "/brand/theme.css", "/invoices", "/session/x"] {
                let ask = world.site.ask(Method::GET, host, path).cookie(&world.ana.session.cookie);
                let answer = ask.send().await;
                let refused = [StatusCode::MISDIRECTED_REQUEST, StatusCode::BAD_REQUEST];
                assert!(refused.contains(&answer.status), "{host}{path}: {}", answer.status);
                world.assert_private(&answer, None, host);
                for place in [world.site.north, world.site.south, world.site.rival_place] {
                    let named = format!(">{}<", place.host);
                    assert!(!answer.text().contains(&named), "{host}{path} names a brand");
                }
            }
        }
    }

    async fn ten_01_an_absolute_address_is_read_as_a_host(db: TestDatabase) {
        let world = World::on(db).await;
        let ask = |address: &str, host: &'static str| {
            world.site.ask(Method::GET, host, address).cookie(&world.ana.session.cookie).send()
        };
        for (address, host) in [
            ("http://evil.example/invoices", "north.localhost"),
            ("http://south.localhost/invoices", "north.localhost"),
            ("http://north.localhost/invoices", "evil.example"),
            ("http://north.localhost/invoices", "south.localhost"),
        ] {
            let answer = ask(address, host).await;
            // Whichever of the two is believed, it is one portal, and no page of a mix of both.
            let own = answer.status == StatusCode::OK;
            assert!(!own || host == "north.localhost" || address.contains("north"), "{address}");
            if own {
                assert!(!answer.text().contains("evil.example"), "{address} at {host}");
            } else {
                world.assert_private(&answer, None, address);
            }
        }
    }

    async fn ten_02_what_is_asked_at_once_is_never_mixed(db: TestDatabase) {
        let world = World::on(db).await;
        let holders = [&world.ana, &world.ben, &world.cleo, &world.dora];
        let mut asked = 0;
        for route in signed_in_routes().iter().filter(|route| route.method == "GET") {
            let of = |holder: &Holder| match has_id(route) {
                true => route.path.replace("{id}", holder.id(route.path)),
                false => route.path.to_owned(),
            };
            for asked_for in holders {
                // All four at the same address at once.
                let path = of(asked_for);
                let get = async |holder: &Holder| world.site.get(&holder.session, &path).await;
                let [ana, ben, cleo, dora] = holders;
                let answers = tokio::join!(get(ana), get(ben), get(cleo), get(dora));
                let answers = <[Answer; 4]>::from(answers);
                for (holder, answer) in holders.into_iter().zip(&answers) {
                    let what = format!("{path} for {}", holder.canary);
                    world.assert_private(answer, Some(holder), &what);
                    let kept = answer.header("cache-control");
                    assert_eq!(kept, "no-store", "{what} may be kept");
                    asked += 1;
                }
            }
        }
        assert!(asked > 300, "{asked} answers are not much");
    }

    async fn ten_02_no_page_passes_for_a_file_that_caches_keep(db: TestDatabase) {
        let world = World::on(db).await;
        for route in signed_in_routes().iter().filter(|route| route.method == "GET") {
            let path = match has_id(route) {
                true => route.path.replace("{id}", world.ana.id(route.path)),
                false => route.path.to_owned(),
            };
            for end in ["/x.css", ".css", "/x.js", "%2Fx.css", ";x.css", "%00.css", "/..%2fx.png"] {
                let cheat = format!("/{}{end}", path.trim_matches('/')).replace("//", "/");
                let answer = world.site.get(&world.ana.session, &cheat).await;
                let harmless = answer.status.is_client_error()
                    || answer.status.is_redirection()
                    || answer.header("cache-control") == "no-store";
                assert!(harmless, "{cheat}: {} is kept", answer.status);
                let own = answer.text().contains(&world.ana.canary) && answer.status.is_success();
                assert!(!own || answer.header("cache-control") == "no-store", "{cheat}");
            }
        }
    }

    async fn ten_06_a_hostile_brand_changes_nothing_of_another(db: TestDatabase) {
        let world = World::on(db).await;
        let before = journey(&world, &world.ana).await;
        spoil_the_other_brand(&world).await;
        let after = journey(&world, &world.ana).await;
        for ((path, before), (_, after)) in before.iter().zip(&after) {
            assert_eq!(before, after, "{path} changed with another brand");
        }
        let there = world.site.get(&world.cleo.session, "/invoices").await;
        assert_eq!(there.status, StatusCode::NOT_FOUND, "the other brand hides its invoices");
        let text = format!("{after:?}");
        assert!(!text.contains("evil.example"), "the other brand's settings are on the pages");
    }
}

/// The mails that somebody without a session can have sent. The answer is how many were asked for.
async fn entrance_mails(
    world: &World,
    (host, header): (&str, Option<(&str, &str)>),
    email: &str,
) -> usize {
    let mut asked = 0;
    for path in ["/sign-in/link", "/password/forgot"] {
        let answer = submit(world, (host, header), path, &[("email", email)]).await;
        asked += usize::from(!answer.status.is_client_error());
    }
    asked
}

/// Opens the page with a form as somebody without a session, and sends it.
async fn submit(
    world: &World,
    (host, header): (&str, Option<(&str, &str)>),
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let shown = if path == "/sign-in/link" { "/sign-in" } else { path };
    let page = with(world.site.ask(Method::GET, host, shown), header).send().await;
    assert_eq!(page.status, StatusCode::OK, "{host} {header:?} {shown}");
    assert!(!page.text().contains("evil.example"), "{header:?} is on the page {shown}");
    let cookie = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let ask = with(world.site.ask(Method::POST, host, path), header).cookie(&cookie);
    let answer = ask.form(&page.form_token(), fields).send().await;
    assert!(!answer.status.is_server_error(), "{host} {header:?} {path}");
    assert!(!answer.text().contains("evil.example"), "{header:?} is in the answer of {path}");
    answer
}

fn sign_up_form(email: &str) -> [(&str, &str); 4] {
    [("company", "Northwind"), ("name", "Ana"), ("email", email), ("country", "ES")]
}

/// A link without what is secret about it.
fn link_of(url: &str) -> String {
    url.split('?').next().unwrap_or_default().to_owned()
}

fn with(ask: super::site::Ask, header: Option<(&str, &str)>) -> super::site::Ask {
    match header {
        Some((name, value)) => ask.header(name, value),
        None => ask,
    }
}

/// Every address in the text is one of the brand's own host, as it is configured.
fn assert_only_own_links(text: &str, what: &str) {
    assert!(!text.contains("evil") && !text.contains("6666"), "{what}: {text}");
    for link in text.split("http").skip(1).filter(|rest| rest.contains("://")) {
        let rest = link.trim_start_matches('s').trim_start_matches("://");
        assert!(rest.starts_with("north.localhost:9080/"), "{what}: http{link}");
    }
}

/// What the holder sees on its way through the portal, without what differs each time.
async fn journey(world: &World, holder: &Holder) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    for path in
        ["/", "/invoices", "/payments", "/profile", "/brand/theme.css", "/billing-information"]
    {
        let answer = world.site.get(&holder.session, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let policy = answer.header("content-security-policy").to_owned();
        seen.push((path.to_owned(), format!("{policy}\n{}", stable(&answer))));
    }
    seen
}

/// A page without the nonces and tokens that are new each time.
pub fn stable(answer: &Answer) -> String {
    let text = answer.text();
    let token = answer.form_token();
    if token.is_empty() { text } else { text.replace(&token, "token") }
}

/// All that somebody who runs the other brand of the same organisation could set to do harm.
async fn spoil_the_other_brand(world: &World) {
    let tenant = world.site.acme.id;
    let mut write = world.site.core.store().write(tenant).await.expect("a unit of work");
    let mut brand = write.brand_for_update(world.site.south.id).await.expect("it").expect("it");
    let evil = |text: &str| Origin::try_from(text.to_owned()).expect("an origin");
    brand.name = "<script>alert(1)</script>".to_owned();
    brand.footer = Some("</footer><script src=https://evil.example/x.js></script>".to_owned());
    brand.support_url = Some("https://evil.example/help".to_owned());
    brand.custom = Custom {
        css: "* { display: none } @import url(https://evil.example/x.css);".to_owned(),
        script: "<script src=\"https://evil.example/x.js\"></script>".to_owned(),
        origins: vec![evil("https://evil.example")],
        legal_links: vec![LegalLink {
            label: "Terms".to_owned(),
            url: "https://evil.example/terms".to_owned(),
        }],
    };
    brand.theme.accent = "#000001".to_owned();
    brand.embed_origins = vec![evil("https://evil.example")];
    brand.return_origins = vec![evil("https://evil.example")];
    brand.home_url = Some("https://evil.example/".to_owned());
    brand.hidden_sections = portico_billing::section::Section::ALL.to_vec();
    brand.looks_version = 99;
    write.update_brand(&brand).await.expect("saved");
    write.commit().await.expect("saved");
    // A brand is kept for a second.
    world.site.wait_a_moment();
}
