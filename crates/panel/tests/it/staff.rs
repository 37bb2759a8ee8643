//! Every page of the control panel × everybody who must not get at it. The table is the program's
//! own: a new page is in the matrix at once.

use axum::http::{Method, StatusCode};
use portico_billing::OrganisationId;
use portico_billing::permission::OperatorRole;
use portico_core::{NewOperator, OperatorSecret, OperatorSignIn, OrganisationChange};
use portico_core_api::Origin;
use portico_panel::{Access, Route, table};
use portico_ui::csrf;

use crate::site::{Answer, Call, Site};

const PASSWORD: &str = "tr4verse-mill-lantern";

pub async fn session(
    site: &Site,
    at: OrganisationId,
    role: OperatorRole,
) -> (String, OperatorSecret) {
    let email = format!("{}@{at}.example", role.word()).replace('_', "-");
    let new = NewOperator {
        email: email.parse().expect("an address"),
        name: "Ana".to_owned(),
        role,
        password: Some(PASSWORD.to_owned()),
    };
    let id = site.core.create_operator(at, new).await.expect("an operator");
    let address = "127.0.0.1".parse().expect("an address");
    let origin = Origin { address, user_agent: None };
    let entered = site.core.operator_sign_in(&email, PASSWORD, origin).await;
    let Ok(OperatorSignIn::Entered(secret)) = entered else { panic!("not signed in") };
    (id.to_string(), secret)
}

/// One of Acme's people at the control panel.
pub struct Operator<'a> {
    site: &'a Site,
    secret: OperatorSecret,
}

impl<'a> Operator<'a> {
    pub async fn of(site: &'a Site, role: OperatorRole) -> Self {
        Self { site, secret: session(site, site.acme.id, role).await.1 }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let cookie = format!("portico-panel={}", self.secret.expose());
        self.site.open(Method::GET, path).header("cookie", &cookie).send().await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = csrf::token(self.secret.expose());
        let form = [&[("csrf", token.as_str())], fields].concat();
        let form = serde_urlencoded::to_string(form).expect("a form");
        let cookie = format!("portico-panel={}", self.secret.expose());
        let call = self.site.open(Method::POST, path).header("cookie", &cookie);
        call.raw("application/x-www-form-urlencoded", form).send().await
    }
}

fn pages() -> Vec<Route> {
    let of_staff = |route: &Route| {
        use Access::{Enrolling, Operator, SignedIn, Waiting};
        matches!(route.access, Waiting | Enrolling | SignedIn | Operator(_))
    };
    let pages: Vec<Route> = table().into_iter().filter(of_staff).collect();
    assert!(pages.len() > 40, "the table is not the whole control panel");
    pages
}

/// The address with an identifier that nobody has.
fn address(route: &Route) -> String {
    let part = |part: &str| if part.starts_with('{') { "x".to_owned() } else { part.to_owned() };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn with_session(site: &Site, route: &Route, secret: &OperatorSecret) -> Call {
    let call = site.open(route.method.clone(), &address(route));
    call.header("cookie", &format!("portico-panel={}", secret.expose()))
}

#[track_caller]
fn assert_leads_to(answer: &Answer, to: &str, what: &Route) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what:?}: {}", answer.text);
    assert!(answer.header("location").starts_with(to), "{what:?}: {}", answer.header("location"));
}

#[tokio::test]
async fn nobody_gets_at_a_page_without_a_session() {
    let site = Site::new().await;
    for page in pages() {
        let answer = site.open(page.method.clone(), &address(&page)).send().await;
        assert_leads_to(&answer, "/sign-in", &page);
        let forged = site.open(page.method.clone(), &address(&page));
        let answer = forged.header("cookie", "portico-panel=guessed").send().await;
        assert_leads_to(&answer, "/sign-in", &page);
    }
}

#[tokio::test]
async fn a_session_of_a_customer_or_a_key_opens_no_page() {
    let site = Site::new().await;
    let (_, secret) = session(&site, site.acme.id, OperatorRole::Owner).await;
    for page in pages() {
        let call = site.call(page.method.clone(), &address(&page));
        let cookie = format!("portico={}", secret.expose());
        let answer = call.header("cookie", &cookie).send().await;
        assert_leads_to(&answer, "/sign-in", &page);
    }
}

#[tokio::test]
async fn each_page_asks_for_its_permission() {
    let site = Site::new().await;
    for role in OperatorRole::ALL {
        let (_, secret) = session(&site, site.acme.id, role).await;
        for page in pages() {
            let Access::Operator(permission) = page.access else { continue };
            // With its token: what is refused then is refused for the permission alone.
            let token = format!("csrf={}", csrf::token(secret.expose()));
            let call = with_session(&site, &page, &secret);
            let answer = call.raw("application/x-www-form-urlencoded", token).send().await;
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !role.permissions().has(permission), "{role:?} {page:?}");
        }
    }
}

#[tokio::test]
async fn a_second_factor_that_is_due_comes_first() {
    let site = Site::new().await;
    let (_, secret) = session(&site, site.acme.id, OperatorRole::Owner).await;
    let change = OrganisationChange {
        name: "Acme".to_owned(),
        time_zone: "UTC".to_owned(),
        currency: "EUR".to_owned(),
        invoice_next: "1".to_owned(),
        require_second_factor: true,
        ..OrganisationChange::default()
    };
    let caller = portico_core::Caller::system(site.acme.id);
    site.core.update_organisation(&caller, &change).await.expect("saved");
    for page in pages() {
        if matches!(page.access, Access::Waiting | Access::Enrolling) {
            continue;
        }
        let answer = with_session(&site, &page, &secret).send().await;
        assert_leads_to(&answer, "/account/second-factor", &page);
    }
}

#[tokio::test]
async fn people_and_keys_of_others_are_not_there() {
    let site = Site::new().await;
    let (_, secret) = session(&site, site.other.id, OperatorRole::Owner).await;
    let (theirs, _) = session(&site, site.acme.id, OperatorRole::Admin).await;
    let key = &site.acme.key.id;
    for path in [
        format!("/settings/operators/{theirs}"),
        format!("/settings/operators/{theirs}/remove"),
        format!("/settings/api-keys/{key}/revoke"),
    ] {
        let call = site.open(Method::GET, &path);
        let cookie = format!("portico-panel={}", secret.expose());
        let answer = call.header("cookie", &cookie).send().await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text);
    }
}
