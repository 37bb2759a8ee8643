//! Brand × host: what a brand hands out (links, files, style sheets, cookies, what browsers keep)
//! is worth nothing on the host of another one, be it of the same organisation.

use axum::http::{Method, StatusCode, header};
use portico_billing::permission::OperatorRole;
use portico_billing::{AssetId, SessionId};
use portico_core::files::{FileKind, NewFile};
use portico_core::looks::LooksInput;
use portico_core::mail::MailContent;
use portico_core::{Caller, NewOperator, OperatorSignIn};
use portico_core_api::Origin;
use portico_portal::Access;
use portico_testkit::both_engines;

use super::doors::{form, sets_session};
use super::holder::Holder;
use super::hosts::{FORGED, stable};
use super::site::{Answer, Place, Session, Tenant};
use super::{World, has_id};

const PASSWORD: &str = "tr4verse-mill-lantern";

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>\
    <rect width='40' height='20' fill='#2f5bea'/></svg>";

/// A mailed link: where it opens, where its button sends to, and the secret in it.
struct MailedLink {
    page: String,
    button: &'static str,
    token: String,
}

both_engines! {
    async fn ten_05_a_mailed_link_works_on_the_host_of_its_brand_alone(db: TestDatabase) {
        let world = World::on(db).await;
        let links = mailed_links(&world).await;
        assert_eq!(links.len(), 4);
        for link in &links {
            for place in [world.site.south, world.site.rival_place] {
                let what = format!("{} at {}", link.button, place.host);
                let shown = world.site.ask(Method::GET, place.host, &link.page).send().await;
                assert!(shown.status.is_client_error(), "{what}: {}", shown.status);
                world.assert_private(&shown, None, &what);
                let answer = use_up(&world, place, link).await;
                assert!(answer.status.is_client_error(), "{what}: {}", answer.status);
                assert!(!sets_session(&answer), "{what} begins a session");
                world.assert_private(&answer, None, &what);
            }
        }
        // Nobody has used them up: at home each still opens, and works once.
        let place = world.site.north;
        for link in &links {
            let shown = world.site.ask(Method::GET, place.host, &link.page).send().await;
            assert_eq!(shown.status, StatusCode::OK, "{}", link.page);
        }
        // A new password makes the other links of the same person void.
        for link in links.iter().filter(|link| link.button.starts_with("/sign-")) {
            let done = use_up(&world, place, link).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}: {}", link.button, done.text());
            let again = use_up(&world, place, link).await;
            assert!(again.status.is_client_error(), "{} works twice", link.button);
        }
    }

    async fn ten_05_each_brand_writes_to_its_own_people_from_its_own_host(db: TestDatabase) {
        let world = World::on(db).await;
        let holders = [&world.ana, &world.cleo, &world.dora];
        for asked in holders {
            for holder in holders {
                for (shown, path) in
                    [("/sign-in", "/sign-in/link"), ("/password/forgot", "/password/forgot")]
                {
                    let email = [("email", holder.email.as_str())];
                    form(&world, asked.place.host, shown, path, &email).await;
                }
            }
        }
        let mails = world.site.core.claim_mails(100).await.expect("mails");
        assert_eq!(mails.len(), 6, "two mails for each of three: {mails:?}");
        for mail in &mails {
            let to = mail.message.to.as_str();
            let holder = holders.into_iter().find(|holder| holder.email == to).expect("a holder");
            assert_eq!(mail.brand.id, holder.place.id, "{to}");
            let text = format!("{:?}", mail.message);
            for place in [world.site.north, world.site.south, world.site.rival_place] {
                let own = place.host == holder.place.host;
                assert_eq!(text.contains(place.host), own, "{to} is led to {}", place.host);
            }
        }
    }

    async fn ten_05_files_and_style_sheets_are_those_of_the_host(db: TestDatabase) {
        let world = World::on(db).await;
        let brands = dressed(&world).await;
        for (place, logo) in &brands {
            let own = word(*place);
            for (other, other_logo) in &brands {
                let path = format!("/brand/files/{other_logo}");
                let answer = world.site.ask(Method::GET, place.host, &path).send().await;
                let expected = if logo == other_logo { 200 } else { 404 };
                assert_eq!(answer.status, expected, "{path} of {} at {}", other.host, place.host);
            }
            for path in addresses_of_looks(&world, &brands).await {
                let answer = world.site.ask(Method::GET, place.host, &path).send().await;
                let text = answer.text();
                for (other, _) in &brands {
                    let is_own = other.host == place.host;
                    assert!(is_own || !text.contains(&word(*other)), "{path} at {}", place.host);
                }
                assert!(text.contains(&own) || path.contains("theme"), "{path} at {}", place.host);
            }
        }
    }

    async fn ten_05_what_a_browser_kept_of_one_host_is_not_confirmed_by_another(
        db: TestDatabase
    ) {
        let world = World::on(db).await;
        dressed(&world).await;
        for route in portico_portal::table().iter().filter(|route| route.method == "GET") {
            let path = |holder: &Holder| {
                let path = route.path.replace("{token}", "x");
                let has_own = has_id(route) && route.access == Access::Contact;
                let id = if has_own { holder.id(route.path) } else { "x" };
                path.replace("{id}", id)
            };
            let kept = world.site.get(&world.ana.session, &path(&world.ana)).await;
            let or = |name: &str, other: &str| match kept.header(name) {
                "" => other.to_owned(),
                said => said.to_owned(),
            };
            let tag = or("etag", "*");
            let time = or("last-modified", "Fri, 01 Jan 2100 00:00:00 GMT");
            for holder in [&world.cleo, &world.dora] {
                let path = path(holder);
                let ask = world.site.ask(Method::GET, holder.place.host, &path);
                let ask = ask.cookie(&holder.session.cookie).header("if-none-match", &tag);
                let answer = ask.header("if-modified-since", &time).send().await;
                let what = format!("{path} for {}", holder.canary);
                assert_ne!(answer.status, StatusCode::NOT_MODIFIED, "{what}");
                world.assert_private(&answer, Some(holder), &what);
            }
        }
    }

    async fn ten_01_no_forged_header_changes_a_page(db: TestDatabase) {
        let world = World::on(db).await;
        for path in ["/", "/invoices", "/sign-in", "/nowhere", "/brand/theme.css", "/session/x"] {
            for session in [&world.ana.session, &nobody(world.site.north)] {
                let plain = told(&world.site.get(session, path).await);
                for (name, value) in FORGED {
                    let ask = world.site.ask(Method::GET, session.host, path);
                    let answer = ask.cookie(&session.cookie).header(name, value).send().await;
                    assert_eq!(told(&answer), plain, "{path} with {name}: {value}");
                }
            }
        }
    }

    async fn ten_05_cookies_are_of_one_host(db: TestDatabase) {
        let world = World::on(db).await;
        let mut names = Vec::new();
        for route in portico_portal::table() {
            if route.path.contains('{') {
                continue;
            }
            for session in [&world.ana.session, &nobody(world.site.north)] {
                let answer = match route.method {
                    "GET" => world.site.get(session, route.path).await,
                    _ => world.site.post(session, route.path, &[("theme", "dark")]).await,
                };
                for cookie in answer.headers.get_all(header::SET_COOKIE) {
                    let cookie = cookie.to_str().expect("a text").to_ascii_lowercase();
                    assert!(!cookie.contains("domain"), "{}: {cookie}", route.path);
                    assert!(cookie.contains("httponly") && cookie.contains("path=/"), "{cookie}");
                    assert!(!cookie.contains("panel"), "{}: {cookie}", route.path);
                    names.push(cookie.split('=').next().unwrap_or_default().to_owned());
                }
            }
        }
        assert!(names.iter().any(|name| name == "portico-theme"), "{names:?}");
    }

    async fn ten_05_the_control_panel_is_on_no_brands_host(db: TestDatabase) {
        let world = World::on(db).await;
        let new = NewOperator {
            email: "olga@acme.example".parse().expect("an address"),
            name: "Olga".to_owned(),
            role: OperatorRole::Owner,
            password: Some(PASSWORD.to_owned()),
        };
        let core = &world.site.core;
        core.create_operator(world.site.acme.id, new).await.expect("an operator");
        let address = "192.0.2.1".parse().expect("an address");
        let client = Origin { address, user_agent: None };
        let entered = core.operator_sign_in("olga@acme.example", PASSWORD, client).await;
        let Ok(OperatorSignIn::Entered(secret)) = entered else { panic!("not signed in") };
        let key = core.create_api_key(world.site.acme.id, "tests", None).await.expect("a key");
        let of_portal: Vec<_> = portico_portal::table().into_iter().map(|it| it.path).collect();
        let secret = secret.expose();
        let cookie = format!("portico-panel={secret}; portico={secret}");
        for route in portico_panel::table() {
            let path = route.path.replace(['{', '}'], "");
            for host in [world.site.north.host, world.site.south.host] {
                let ask = world.site.ask(route.method.clone(), host, &path).cookie(&cookie);
                let answer = ask.header("x-api-key", &key.expose()).send().await;
                let what = format!("{} {path} at {host}", route.method);
                world.assert_private(&answer, None, &what);
                assert!(!answer.text().contains(&world.site.acme.canary), "{what}");
                let is_portals = of_portal.iter().any(|own| is_at(own, &path));
                assert!(is_portals || answer.status == StatusCode::NOT_FOUND, "{what}");
                let in_session = answer.status.is_success() && !answer.text().contains("sign-in");
                assert!(!in_session, "{what}: the secret of an operator opens a portal");
            }
        }
    }
}

/// What an answer says, without what is new each time.
fn told(answer: &Answer) -> (StatusCode, [String; 3], String) {
    let headers = ["location", "content-security-policy", "cache-control"];
    (answer.status, headers.map(|name| answer.header(name).to_owned()), stable(answer))
}

/// Whether a path of the panel is one of the portal's as well.
fn is_at(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    let fits = |(pattern, part): (&&str, &&str)| pattern == part || pattern.starts_with('{');
    pattern.len() == path.len() && pattern.iter().zip(&path).all(fits)
}

fn nobody(place: Place) -> Session {
    let id = SessionId::from(uuid::Uuid::nil());
    Session { host: place.host, cookie: String::new(), id }
}

/// One link of each kind that the first brand mails.
async fn mailed_links(world: &World) -> Vec<MailedLink> {
    let (site, ana) = (&world.site, &world.ana);
    let system = Caller::system(site.acme.id);
    let opened = site.core.edit_brand(&system, site.north.id, |mut settings| {
        settings.sign_up.customers = true;
        Ok(settings)
    });
    opened.await.expect("a saved brand");
    site.wait_a_moment();
    let email = [("email", ana.email.as_str())];
    form(world, site.north.host, "/sign-in", "/sign-in/link", &email).await;
    form(world, site.north.host, "/password/forgot", "/password/forgot", &email).await;
    site.post(&ana.session, "/profile/email", &[("email", "ana.new@example.com")]).await;
    let signing_up = [
        ("company", "Northwind"),
        ("name", "Nora"),
        ("email", "nora@northwind.example"),
        ("country", "ES"),
    ];
    form(world, site.north.host, "/sign-up", "/sign-up", &signing_up).await;
    let mails = site.core.claim_mails(20).await.expect("mails");
    mails.iter().filter_map(|mail| mailed_link(&mail.message.content)).collect()
}

fn mailed_link(content: &MailContent) -> Option<MailedLink> {
    let (url, button) = match content {
        MailContent::SignInLink { url, .. } => (url, "/sign-in/link/enter"),
        MailContent::PasswordReset { url, .. } => (url, "/password/reset"),
        MailContent::ConfirmEmail { url, .. } => (url, "/profile/email/confirm"),
        MailContent::SignUpConfirm { url, .. } => (url, "/sign-up/confirm"),
        _ => return None,
    };
    let url = url::Url::parse(url).expect("an address");
    let (_, token) = url.query_pairs().find(|(name, _)| name == "token").expect("a token");
    let page = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    Some(MailedLink { page, button, token: token.into_owned() })
}

/// Presses the button behind a mailed link.
async fn use_up(world: &World, place: Place, link: &MailedLink) -> Answer {
    let fields =
        [("token", link.token.as_str()), ("new_password", PASSWORD), ("password", PASSWORD)];
    form(world, place.host, "/sign-in", link.button, &fields).await
}

/// What stands in the looks of a brand, and in no other's.
fn word(place: Place) -> String {
    format!("looks-of-{}", place.host.split('.').next().unwrap_or_default())
}

/// All brands with a logo, a style sheet and a script of their own.
async fn dressed(world: &World) -> [(Place, AssetId); 3] {
    let site = &world.site;
    let all = [
        (dress(world, &site.acme, site.north).await),
        (dress(world, &site.acme, site.south).await),
        (dress(world, &site.rival, site.rival_place).await),
    ];
    site.wait_a_moment();
    all
}

async fn dress(world: &World, tenant: &Tenant, place: Place) -> (Place, AssetId) {
    let (core, system) = (&world.site.core, Caller::system(tenant.id));
    let new = NewFile { name: word(place), kind: FileKind::Logo, bytes: SVG.into() };
    let logo = core.upload_file(&system, new).await.expect("a file").entry.id;
    let looks = LooksInput {
        logo: Some(logo.to_string()),
        footer: Some(word(place)),
        css: format!(".{} {{ color: red }}", word(place)),
        script: format!("document.title += '{}'", word(place)),
        ..LooksInput::default()
    };
    let base = core.brand_looks(&system, place.id).await.expect("looks").base;
    let base = core.save_looks_draft(&system, place.id, (base, &looks)).await.expect("a draft");
    core.publish_looks(&system, place.id, base).await.expect("a version");
    (place, logo)
}

/// The addresses of all brands' style sheets and scripts, as their pages name them.
async fn addresses_of_looks(world: &World, brands: &[(Place, AssetId)]) -> Vec<String> {
    let mut all = Vec::new();
    for holder in [&world.ana, &world.cleo, &world.dora] {
        let page = world.site.get(&holder.session, "/").await.text().replace("&#x2f;", "/");
        let parts = page.split('"').filter(|part| part.starts_with("/brand/"));
        all.extend(parts.filter(|part| !part.contains("files")).map(str::to_owned));
    }
    assert!(all.len() >= brands.len() * 3, "{all:?}");
    all
}
