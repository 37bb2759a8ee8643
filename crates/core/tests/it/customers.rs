//! Customers as the staff sees them: lists, search, the first page, the portal from within.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{EMAIL, PASSWORD, World, origin};
use portico_billing::invoice::InvoiceStatus;
use portico_billing::page::Direction;
use portico_billing::permission::{OperatorRole, Permission, Permissions};
use portico_billing::{ContactId, OperatorId, SessionId};
use portico_core::customers::{CustomerListFilter, CustomerOrder};
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::{RecordKey, Rejection};
use portico_core::{Caller, NewOperator, Who};
use portico_core_api::{
    BillingDetailsChange, CompanyChange, CoreApi, EmailChange, PasswordChange, ProfileChange,
    Refusal, SessionSecret,
};

use serde_json::json;

async fn operator(world: &World, role: OperatorRole) -> Caller {
    let new = NewOperator {
        name: "Olga".to_owned(),
        email: format!("{}@acme.example", role.word()).parse().expect("an address"),
        role,
        password: None,
    };
    let created = world.core.create_operator(world.organisation.id, new).await;
    let id: OperatorId = created.expect("an operator");
    Caller {
        organisation_id: world.organisation.id,
        who: Who::Operator(id),
        permissions: role.permissions(),
        address: None,
    }
}

/// A visit of an operator; the answer is its secret.
async fn look_in(world: &World, caller: &Caller, may_act: bool) -> SessionSecret {
    let customer = world.customer("c-9").await;
    let back = Some("https://panel.acme.test/".to_owned());
    let opened = world.core.open_as_operator(caller, customer.id, (may_act, back)).await;
    let url = opened.expect("a link").url;
    assert!(url.starts_with("https://billing.acme.test/session/"), "{url}");
    let link = url.rsplit('/').next().expect("a link").to_owned();
    let secret = world.enter(&link).await.secret;
    let again = world.core.enter_by_session_link(world.brand.id, &link, origin()).await;
    assert!(again.is_err(), "the link works once");
    secret
}

/// The verbs of a session that change nothing of the customer's. `sign_out` ends the visit itself.
const READING: [&str; 29] = [
    "accounts",
    "billing_details",
    "contract",
    "contracts",
    "credit_note",
    "credit_note_pdf",
    "entitlement",
    "entitlements",
    "export_invoices",
    "export_payments",
    "export_statement",
    "invoice",
    "invoice_pdf",
    "invoices",
    "invoices_zip",
    "overview",
    "payment",
    "payment_method",
    "payment_methods",
    "payments",
    "receipt_pdf",
    "sessions",
    "sign_out",
    "staff_visits",
    "statement",
    "subscription",
    "subscriptions",
    "visit",
    "vouchers",
];

/// The verbs that take a session's secret, as the trait of the Core API declares them.
fn verbs_of_sessions() -> BTreeSet<&'static str> {
    let declared = include_str!("../../../core-api/src/api.rs").split("async fn ").skip(1);
    let of_session = declared.filter_map(|verb| {
        let (signature, _) = verb.split_once(';')?;
        let (name, arguments) = signature.split_once('(')?;
        arguments.contains("&SessionSecret").then_some(name)
    });
    of_session.collect()
}

portico_testkit::both_engines! {
    async fn names_are_found_by_how_they_begin_and_listed_in_their_order(db: TestDatabase) {
        let world = World::on(db).await;
        for name in ["Zeta", "Élan Norte", "elan sur", "Alpha", "Élan Este"] {
            world.save::<CustomerRecord>(json!({ "name": name })).await;
        }
        let external = json!({ "name": "Beta", "external_id": "ELAN", "email": "b@b.example" });
        world.save::<CustomerRecord>(external).await;
        let filter = CustomerListFilter {
            order: CustomerOrder::Name,
            direction: Direction::Asc,
            size: 2.try_into().expect("a size"),
            ..CustomerListFilter::default()
        };
        let (mut names, mut cursor) = (Vec::new(), None);
        loop {
            let filter = CustomerListFilter { cursor, ..filter.clone() };
            let page = world.core.customers(&world.caller, &filter).await.expect("a page");
            names.extend(page.rows.into_iter().map(|row| row.name));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(names, ["Alpha", "Beta", "Élan Este", "Élan Norte", "elan sur", "Zeta"]);
        let found = async |words: &str| {
            let found = world.core.search(&world.caller, words).await.expect("results");
            found.customers.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };
        assert_eq!(found("ÉLAN n").await, ["Élan Norte"]);
        assert_eq!(found("ELAN").await, ["Beta", "Élan Este", "Élan Norte", "elan sur"]);
        assert_eq!(found("B@B.example").await, ["Beta"]);
        assert!(found("lan").await.is_empty() && found("%").await.is_empty());
    }
}

portico_testkit::both_engines! {
    async fn an_operator_who_only_looks_changes_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        let caller = operator(&world, OperatorRole::Owner).await;
        let secret = look_in(&world, &caller, false).await;
        let core = &world.core;
        let visit = core.visit(world.brand.id, &secret, origin().address).await.expect("a visit");
        let staff = visit.staff.expect("staff");
        assert_eq!((staff.name.as_str(), staff.may_act), ("Olga", false));
        let company = Some(CompanyChange { legal_name: "X".to_owned(), ..Default::default() });
        let change = BillingDetailsChange { company, ..Default::default() };
        let email = EmailChange { email: EMAIL.to_owned(), password: None };
        let password = PasswordChange { current: None, new: PASSWORD.to_owned() };
        let session: SessionId = visit.session_id;
        let contact: ContactId = uuid::Uuid::nil().into();
        let profile = ProfileChange::default();
        let refused = BTreeMap::from([
            ("change_billing_details", core.change_billing_details(&secret, change.clone()).await),
            ("change_profile", core.change_profile(&secret, profile).await),
            ("request_email_change", core.request_email_change(&secret, email).await),
            ("change_password", core.change_password(&secret, password).await),
            ("end_session", core.end_session(&secret, session).await),
            ("end_other_sessions", core.end_other_sessions(&secret).await.map(drop)),
            ("redeem_voucher", core.redeem_voucher(&secret, "", origin()).await.map(drop)),
            ("switch_account", core.switch_account(&secret, contact, origin()).await.map(drop)),
        ]);
        for (verb, answer) in &refused {
            assert!(matches!(answer, Err(Refusal::NotPermitted)), "{verb}: {answer:?}");
        }
        let tried: BTreeSet<_> = refused.into_keys().collect();
        let reading = BTreeSet::from(READING);
        assert!(tried.is_disjoint(&reading));
        let known: BTreeSet<_> = tried.union(&reading).copied().collect();
        assert_eq!(known, verbs_of_sessions(), "a verb that changes something is tried here");
        let visits = core.staff_visits(&secret).await.expect("visits");
        assert_eq!(visits.len(), 1);
        world.wait(29 * 60);
        assert!(core.overview(&secret).await.is_ok());
        world.wait(60);
        assert!(core.overview(&secret).await.is_err(), "half an hour is the most");
    }
}

#[tokio::test]
async fn an_operator_who_may_act_is_written_down() {
    let world = World::new().await;
    let caller = operator(&world, OperatorRole::Billing).await;
    let secret = look_in(&world, &caller, true).await;
    let company = Some(CompanyChange { legal_name: "New".to_owned(), ..Default::default() });
    let change = BillingDetailsChange { company, ..Default::default() };
    world.core.change_billing_details(&secret, change).await.expect("a change");
    let customer = world.customer("c-9").await;
    let listed = world.core.customer_activity(&caller, customer.id, (None, 10)).await;
    let (lines, _) = listed.expect("lines");
    let actions: Vec<_> =
        lines.iter().map(|line| (line.entry.action.as_ref(), line.operator.as_deref())).collect();
    assert!(actions.contains(&("customer.updated", Some("Olga"))), "{actions:?}");
    assert!(actions.contains(&("portal.opened", Some("Olga"))), "{actions:?}");
}

#[tokio::test]
async fn a_visit_takes_permissions_and_an_active_customer() {
    let world = World::new().await;
    let customer = world.customer("c-1").await;
    let open = async |caller: &Caller, may_act| {
        world.core.open_as_operator(caller, customer.id, (may_act, None)).await.map(drop)
    };
    let support = operator(&world, OperatorRole::Support).await;
    assert!(open(&support, false).await.is_ok());
    assert!(matches!(open(&support, true).await, Err(Rejection::Forbidden(_))));
    let reader = operator(&world, OperatorRole::ReadOnly).await;
    assert!(matches!(open(&reader, false).await, Err(Rejection::Forbidden(_))));
    let software = &world.caller;
    assert!(matches!(open(software, false).await, Err(Rejection::Forbidden(_))));
    let key = RecordKey::new(customer.id.to_string());
    let patch = json!({ "status": "inactive" });
    world.core.patch_record::<CustomerRecord>(software, &key, &patch).await.expect("a change");
    assert!(matches!(open(&support, false).await, Err(Rejection::Conflict { .. })));
}

portico_testkit::both_engines! {
    async fn a_contact_is_let_in_from_its_networks_alone(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let secret = world.sign_in().await;
        let key = RecordKey::new(ana.id.to_string());
        let patch = json!({ "allowed_addresses": ["203.0.113.0/24", "2001:db8::1"] });
        let saved = world.core.patch_record::<ContactRecord>(&world.caller, &key, &patch).await;
        let networks = saved.expect("a contact").output.allowed_addresses;
        assert_eq!(networks, ["203.0.113.0/24", "2001:db8::1/128"]);
        let (core, brand) = (&world.core, world.brand.id);
        assert!(core.visit(brand, &secret, origin().address).await.is_err(), "per request");
        let there = "203.0.113.9".parse().expect("an address");
        assert!(core.visit(brand, &secret, there).await.is_ok());
        assert!(core.sign_in_with_password(brand, EMAIL, PASSWORD, origin()).await.is_err());
        let patch = json!({ "allowed_addresses": ["nowhere"] });
        let refused = core.patch_record::<ContactRecord>(&world.caller, &key, &patch).await;
        assert!(matches!(refused, Err(Rejection::Invalid(_))));
        let patch = json!({ "email_verified": true, "email": "new@acme.example" });
        core.patch_record::<ContactRecord>(&world.caller, &key, &patch).await.expect("a change");
        let patch = json!({ "email": "other@acme.example" });
        let saved = core.patch_record::<ContactRecord>(&world.caller, &key, &patch).await;
        let unproven = saved.expect("a change").output.email_verified_at;
        assert_eq!(unproven, None, "a patch does not vouch for a new address");
    }
}

portico_testkit::both_engines! {
    async fn a_draft_is_approved_under_the_next_number_and_settled(db: TestDatabase) {
        let world = World::on(db).await;
        let customer = world.customer("c-1").await;
        let draft = json!({
            "customer_id": "c-1", "status": "draft", "issued_on": "2026-01-02",
            "due_on": "2026-01-31",
            "lines": [{ "description": "Team", "unit_price": "10.00", "tax_rate": "21" }],
        });
        let draft = world.save::<InvoiceRecord>(draft).await;
        let core = &world.core;
        let caller = Caller::system(world.organisation.id);
        let overview = core.customer_overview(&caller, customer.id).await.expect("an overview");
        assert_eq!((overview.drafts.len(), overview.invoices.len()), (1, 0));
        let approved = core.approve_invoice(&caller, draft.id, None).await.expect("approved");
        assert_eq!(approved.status, InvoiceStatus::Open);
        assert!(approved.number.is_some_and(|number| !number.is_empty()));
        let home = core.home(&caller).await.expect("the first page");
        assert_eq!(home.payable[0].overdue.minor(), 1_210);
        assert_eq!((home.new_customers, home.customers.len()), (1, 1));
        let payable = core.payable_invoices(&caller, customer.id).await.expect("invoices");
        assert_eq!(payable.len(), 1);
        let payment = json!({
            "customer_id": "c-1", "status": "succeeded", "amount_minor": 1_210, "currency": "EUR",
            "method": "cash", "paid_at": "2026-02-01T00:00:00Z",
            "allocations": [{ "invoice_id": draft.id.to_string(), "amount_minor": 1_210 }],
        });
        world.save::<PaymentRecord>(payment).await;
        let settled = core.invoice_settlement(&caller, draft.id).await.expect("a settlement");
        assert_eq!(settled.payments.len(), 1);
        let home = core.home(&caller).await.expect("the first page");
        assert!(home.payable.is_empty() && home.payments.len() == 1);
        let reader = Caller { permissions: Permissions::of(&[Permission::Read]), ..caller };
        let refused = core.approve_invoice(&reader, draft.id, None).await;
        assert!(matches!(refused, Err(Rejection::Forbidden(_))));
    }
}
