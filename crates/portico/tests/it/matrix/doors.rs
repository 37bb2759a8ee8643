//! Doors: who has no session, or one that does not count here, sees nothing and changes nothing.

use axum::http::{Method, StatusCode};
use portico_core::mail::MailContent;
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::{Record, RecordKey};
use portico_core::{Caller, CustomerRef, NewPayLink, NewPortalSession};
use portico_testkit::both_engines;
use serde_json::{Value, json};

use super::site::{Answer, Session};
use super::{World, fields, has_id, signed_in_routes};

const PASSWORD: &str = "tr4verse-mill-lantern";

both_engines! {
    async fn ses_02_without_a_session_that_counts_here_there_is_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        let (site, ana) = (&world.site, &world.ana);
        let enter = || site.enter(&site.acme, ana.place, &ana.contact);
        let elsewhere = |host| Session { host, ..ana.session.clone() };
        let with = |cookie: &str| Session { cookie: cookie.to_owned(), ..ana.session.clone() };
        let (expired, revoked, left) = (enter().await, enter().await, enter().await);
        site.wait(13);
        let session = enter().await;
        let ana_now = Session { ..session };
        let _gone =
            site.core.revoke_portal_session(&site.acme.caller, revoked.id).await.expect("done");
        let _page = site.post(&left, "/sign-out", &[]).await;
        let twice = format!("{}; {}", ana_now.cookie, ana_now.cookie);
        let invoice = ana.id("/invoices").parse().expect("an invoice");
        let link = site.core.make_pay_link(&site.acme.caller, invoice, NewPayLink::default());
        let link = link.await.expect("a link").url;
        let link = link.rsplit('/').next().expect("its secret");
        let link = format!("portico={link}; portico-pay-link={link}");
        let outsiders = [
            ("nobody", with("")),
            ("an invented secret", with("portico=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
            ("the secret of another name", with(&ana_now.cookie.replace("portico", "session"))),
            ("the secret twice", with(&twice)),
            ("the secret of a pay link", with(&link)),
            ("the other brand", Session { host: site.south.host, ..ana_now.clone() }),
            ("the other organisation", Session { host: site.rival_place.host, ..ana_now.clone() }),
            ("another brand, long ago", elsewhere(site.south.host)),
            ("an expired session", expired),
            ("a revoked session", revoked),
            ("a session that was left", left),
        ];
        for (who, session) in &outsiders {
            refused_everywhere(&world, who, session).await;
        }
        assert_eq!(site.get(&ana_now, "/").await.status, StatusCode::OK);
    }

    async fn ses_02_sessions_end_at_once(db: TestDatabase) {
        let world = World::on(db).await;
        let site = &world.site;
        let organisation = site.acme.id;
        let end = |holder| {
            let session: &Session = holder;
            async move { site.get(session, "/invoices").await }
        };
        for holder in [&world.ana, &world.ben, &world.cleo] {
            assert_eq!(end(&holder.session).await.status, StatusCode::OK);
        }
        let contact = world.ana.contact.parse().expect("an id");
        site.core.set_contact_password(organisation, contact, PASSWORD).await.expect("done");
        patch::<ContactRecord>(&world, &world.ben.contact, json!({"disabled": true})).await;
        patch::<CustomerRecord>(&world, &world.cleo.customer, json!({"status": "inactive"})).await;
        for holder in [&world.ana, &world.ben, &world.cleo] {
            let answer = end(&holder.session).await;
            assert!(answer.leads_to_sign_in(), "{}: {}", holder.canary, answer.status);
            world.assert_private(&answer, None, &holder.canary);
        }
    }

    async fn forms_open_with_the_token_of_their_visitor_alone(db: TestDatabase) {
        let world = World::on(db).await;
        let (site, ana) = (&world.site, &world.ana);
        let foreign = site.get(&world.ben.session, "/profile").await.form_token();
        let forms = portico_portal::table().into_iter().filter(|route| route.method == "POST");
        for route in forms {
            let path = route.path.replace("{token}", "x");
            let path = if has_id(&route) { path.replace("{id}", ana.id(&path)) } else { path };
            let own = site.get(&ana.session, "/profile").await.form_token();
            let send = |token: &str, site_of_page: &'static str| {
                let ask = site.ask(Method::POST, ana.session.host, &path);
                let ask = ask.cookie(&ana.session.cookie).header("sec-fetch-site", site_of_page);
                ask.form(token, &[("email", &ana.email)]).send()
            };
            for (token, from) in [
                ("", "same-origin"),
                ("x", "same-origin"),
                (foreign.as_str(), "same-origin"),
                (own.as_str(), "cross-site"),
            ] {
                let status = send(token, from).await.status;
                assert_eq!(status, StatusCode::FORBIDDEN, "{path} with {token:?} from {from}");
            }
        }
        assert_eq!(site.get(&ana.session, "/").await.status, StatusCode::OK);
    }

    async fn forms_work_for_their_visitor(db: TestDatabase) {
        let world = World::on(db).await;
        let (site, dora) = (&world.site, &world.dora);
        for route in signed_in_routes() {
            if route.method != "POST" || has_id(&route) {
                continue;
            }
            // Each with a session of its own: some of them end all others.
            let session = site.enter(&site.rival, dora.place, &dora.contact).await;
            let fields = fields(route.path, dora);
            let fields: Vec<_> = fields.iter().map(|(name, it)| (*name, it.as_str())).collect();
            let answer = site.post(&session, route.path, &fields).await;
            let file = route.path.ends_with("/archive");
            let expected = if file { StatusCode::OK } else { StatusCode::SEE_OTHER };
            assert_eq!(answer.status, expected, "{}", route.path);
            world.assert_private(&answer, Some(dora), route.path);
        }
    }

    async fn ten_07_nobody_enters_through_another_brand(db: TestDatabase) {
        let world = World::on(db).await;
        let (site, ana) = (&world.site, &world.ana);
        let contact = ana.contact.parse().expect("an id");
        site.core.set_contact_password(site.acme.id, contact, PASSWORD).await.expect("done");
        for place in [site.south, site.rival_place] {
            let fields = [("email", ana.email.as_str()), ("password", PASSWORD)];
            let answer = form(&world, place.host, "/sign-in", "/sign-in", &fields).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            let link = new_link(&world).await;
            let answer = site.ask(Method::GET, place.host, &link).send().await;
            assert_eq!(answer.status, StatusCode::GONE);
            assert!(!sets_session(&answer));
            world.assert_private(&answer, None, "the link of another brand");
            for page in ["/sign-in/link", "/password/forgot"] {
                let shown = if page == "/sign-in/link" { "/sign-in" } else { page };
                form(&world, place.host, shown, page, &[("email", &ana.email)]).await;
            }
        }
        assert!(site.core.claim_mails(10).await.expect("mails").is_empty());
        let fields = [("email", ana.email.as_str()), ("password", PASSWORD)];
        let answer = form(&world, site.north.host, "/sign-in", "/sign-in", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(sets_session(&answer));
    }

    async fn ten_01_mailed_links_lead_to_the_brands_own_host(db: TestDatabase) {
        let world = World::on(db).await;
        let site = &world.site;
        let forged: [(&str, &[(&str, &str)]); 6] = [
            ("north.localhost", &[("x-forwarded-host", "evil.example")]),
            ("north.localhost", &[("forwarded", "host=evil.example;proto=https")]),
            ("north.localhost", &[("x-host", "evil.example"), ("x-forwarded-server", "evil")]),
            ("NORTH.localhost:6666", &[("x-forwarded-port", "6666")]),
            ("north.localhost.", &[("x-original-url", "http://evil.example/")]),
            ("north.localhost", &[("x-forwarded-proto", "gopher"), ("referer", "http://evil/")]),
        ];
        for (count, (host, headers)) in forged.into_iter().enumerate() {
            // A new contact each time: nobody gets many such mails in an hour.
            let email = format!("contact-{count}@example.com");
            let input = json!({"customer_id": "c-1", "name": "Ana", "email": email});
            site.save::<ContactRecord>(&site.acme, input).await;
            let page = site.ask(Method::GET, host, "/sign-in").send().await;
            assert_eq!(page.status, StatusCode::OK, "{host}");
            let cookie = visitor_cookie(&page);
            let mut ask = site.ask(Method::POST, host, "/sign-in/link").cookie(&cookie);
            for (name, value) in headers {
                ask = ask.header(name, value);
            }
            let answer = ask.form(&page.form_token(), &[("email", &email)]).send().await;
            assert!(answer.status.is_success() || answer.status.is_redirection(), "{host}");
            let mails = site.core.claim_mails(10).await.expect("mails");
            assert_eq!(mails.len(), 1, "{host} {headers:?}");
            let MailContent::SignInLink { url, .. } = &mails[0].message.content else {
                panic!("another mail: {:?}", mails[0])
            };
            let own = "http://north.localhost:9080/sign-in/link?token=";
            assert!(url.starts_with(own), "{host} {headers:?}: {url}");
            site.core.mail_done(&mails[0]).await.expect("done");
            site.wait(1);
        }
        for host in ["evil.example", "north.localhost.evil.example", "xnorth.localhost"] {
            let answer = site.ask(Method::GET, host, "/sign-in").send().await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
            assert!(!answer.text().contains("north.localhost\""), "{host} names a brand");
        }
    }
}

/// Nothing of the site is open to this one, and nothing that it tries has an effect.
async fn refused_everywhere(world: &World, who: &str, session: &Session) {
    for route in signed_in_routes() {
        let path = if has_id(&route) {
            route.path.replace("{id}", world.ana.id(route.path))
        } else {
            route.path.to_owned()
        };
        let method = route.method.parse().expect("a method");
        let ask = world.site.ask(method, session.host, &path).cookie(&session.cookie);
        let answer = if route.method == "POST" { ask.form("x", &[]) } else { ask }.send().await;
        let what = format!("{} {path} for {who}", route.method);
        assert!(answer.leads_to_sign_in(), "{what}: {}", answer.status);
        assert!(!sets_session(&answer), "{what} begins a session");
        world.assert_private(&answer, None, &what);
    }
}

async fn patch<R: Record>(world: &World, id: &str, change: Value) {
    let organisation = world.site.acme.id;
    let key = RecordKey::new(id);
    world
        .site
        .core
        .patch_record::<R>(&Caller::system(organisation), &key, &change)
        .await
        .expect("changed");
}

/// Sends a form that is shown to those without a session.
pub async fn form(
    world: &World,
    host: &str,
    shown: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let page = world.site.ask(Method::GET, host, shown).send().await;
    let ask = world.site.ask(Method::POST, host, path).cookie(&visitor_cookie(&page));
    ask.form(&page.form_token(), fields).send().await
}

/// The path of a fresh session link of Ana's.
async fn new_link(world: &World) -> String {
    let new = NewPortalSession::of(CustomerRef::Contact(RecordKey::new(&world.ana.contact)));
    let caller = &world.site.acme.caller;
    let created = world.site.core.create_portal_session(caller, new).await;
    format!("/session/{}", created.expect("a session").link)
}

pub fn visitor_cookie(page: &Answer) -> String {
    page.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
}

pub fn sets_session(answer: &Answer) -> bool {
    let cookies = answer.headers.get_all("set-cookie").iter();
    cookies
        .filter_map(|cookie| cookie.to_str().ok())
        .any(|cookie| cookie.starts_with("portico=") && !cookie.starts_with("portico=;"))
}
