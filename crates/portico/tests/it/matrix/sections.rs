//! Each section of the portal × each switch: what is hidden is absent from the menu, from every
//! link, from its addresses and from the core's methods alike; what is shown is there.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use portico_billing::section::Section;
use portico_billing::{Currency, InvoiceId};
use portico_core::records::RecordKey;
use portico_core::records::customer::CustomerRecord;
use portico_core::{Caller, CustomerRef, NewForward, NewPortalSession};
use portico_core_api::{
    BillingDetailsChange, CoreApi, Forward, InvoiceQuery, ListQuery, Origin, PayApi, PayOrder,
    PaymentQuery, Refusal, SessionSecret, StatementApi, StatementQuery, TableFormat,
};
use portico_portal::Route;
use portico_testkit::both_engines;
use serde_json::json;

use super::holder::Holder;
use super::{World, fields, has_id, signed_in_routes};
use crate::page;

/// How a section is switched.
#[derive(Clone, Copy, Default)]
struct Switches {
    brand_hides: bool,
    customer_shows: bool,
    customer_hides: bool,
}

both_engines! {
    async fn access_nothing_switched_shows_each_section(db: TestDatabase) {
        walk(World::on(db).await, Switches::default(), true).await;
    }

    async fn access_brand_switch_hides_each_section(db: TestDatabase) {
        let switches = Switches { brand_hides: true, ..Switches::default() };
        walk(World::on(db).await, switches, false).await;
    }

    async fn access_customer_show_overrides_the_brand_switch(db: TestDatabase) {
        let switches = Switches { brand_hides: true, customer_shows: true, customer_hides: false };
        walk(World::on(db).await, switches, true).await;
    }

    async fn access_customer_hide_overrides_a_brand_that_shows(db: TestDatabase) {
        let switches = Switches { customer_hides: true, ..Switches::default() };
        walk(World::on(db).await, switches, false).await;
    }

    async fn access_one_customers_exceptions_are_nobody_elses(db: TestDatabase) {
        let world = World::on(db).await;
        for section in Section::ALL {
            let hides = Switches { customer_hides: true, ..Switches::default() };
            switch(&world, section, hides).await;
            for (name, answer) in calls(section, &world, &world.ben).await {
                assert_eq!(answer, Ok(()), "{section:?}: {name} of another customer");
            }
        }
    }

    async fn access_hidden_all_at_once_leaves_a_first_page(db: TestDatabase) {
        let world = World::on(db).await;
        let system = Caller::system(world.site.acme.id);
        let hidden = world.site.core.edit_brand(&system, world.ana.place.id, |mut settings| {
            settings.hidden_sections = Section::ALL.to_vec();
            Ok(settings)
        });
        hidden.await.expect("saved");
        let first = world.site.get(&world.ana.session, "/").await;
        assert_eq!(first.status, StatusCode::OK);
        let sections = links_to_sections(&first.text());
        assert!(sections.is_empty(), "the first page leads to {sections:?}");
        for page in ["/profile", "/security"] {
            assert_eq!(world.site.get(&world.ana.session, page).await.status, StatusCode::OK);
        }
    }
}

/// Every section, switched so alone: menu and links, addresses, methods, session links.
async fn walk(world: World, switches: Switches, shown: bool) {
    for section in Section::ALL {
        switch(&world, section, switches).await;
        pages(&world, section, shown).await;
        for (name, answer) in calls(section, &world, &world.ana).await {
            let expected = if shown { Ok(()) } else { Err(Refusal::NotFound) };
            assert_eq!(answer, expected, "{section:?}: {name}");
        }
        told(&world, section, shown).await;
        forwards(&world, section, shown).await;
    }
}

async fn switch(world: &World, section: Section, switches: Switches) {
    let (core, system) = (&world.site.core, Caller::system(world.site.acme.id));
    let one = |on: bool| if on { vec![section] } else { Vec::new() };
    let edited = core.edit_brand(&system, world.ana.place.id, |mut settings| {
        settings.hidden_sections = one(switches.brand_hides);
        Ok(settings)
    });
    edited.await.expect("a saved brand");
    let access = json!({"portal_access": {
        "show": one(switches.customer_shows), "hide": one(switches.customer_hides),
    }});
    let key = RecordKey::new(&world.ana.customer);
    core.patch_record::<CustomerRecord>(&system, &key, &access).await.expect("a saved customer");
}

fn address(route: &Route, holder: &Holder) -> String {
    if has_id(route) {
        route.path.replace("{id}", holder.id(route.path))
    } else {
        route.path.to_owned()
    }
}

/// Addresses of the section are there, or are answered as any that does not exist; all others are
/// there. No page that is shown leads to the section while it is hidden, or tells of its records;
/// one does while it is shown.
async fn pages(world: &World, section: Section, shown: bool) {
    let (routes, mut leading) = (signed_in_routes(), BTreeSet::new());
    for route in &routes {
        let (path, is_of) = (address(route, &world.ana), route.sections.contains(&section));
        let what = format!("{section:?}: {} {path}", route.method);
        if route.method != "GET" {
            if is_of && !shown {
                let fields = fields(route.path, &world.ana);
                let fields: Vec<_> = fields.iter().map(|(name, it)| (*name, it.as_str())).collect();
                let answer = world.site.post(&world.ana.session, &path, &fields).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
            }
            continue;
        }
        let answer = world.site.get(&world.ana.session, &path).await;
        let there = answer.status.is_success() || answer.status.is_redirection();
        assert_eq!(there, shown || !is_of, "{what}: {}", answer.status);
        assert!(there || answer.status == StatusCode::NOT_FOUND, "{what}: {}", answer.status);
        if !there {
            continue;
        }
        let text = answer.text();
        for named in named(section).iter().filter(|_| !shown) {
            let named = format!("{}{named}", world.ana.canary);
            assert!(!text.contains(&named), "{what} tells of {named}");
        }
        if answer.is_page() && !is_of && links_to_sections(&text).contains(&section.word()) {
            leading.insert(path);
        }
    }
    if !shown {
        assert!(leading.is_empty(), "{section:?}: {leading:?} lead to it");
    } else if routes.iter().any(|route| route.sections == [section]) {
        assert!(leading.contains("/"), "{section:?}: the menu does not lead to it: {leading:?}");
    } else if routes.iter().any(|route| route.sections.contains(&section)) {
        assert!(!leading.is_empty(), "{section:?}: no page leads to it");
    }
}

/// The ends of what names a record of the section, in pages, files and documents alike. A new
/// section says here what its records are named in `holder.rs`.
fn named(section: Section) -> &'static [&'static str] {
    match section {
        Section::Invoices => &["-I", "-N"],
        Section::Payments => &["-P"],
        Section::Subscriptions => &["-S"],
        Section::Entitlements => &["-E"],
        Section::Contracts => &["-C"],
        Section::PaymentMethods => &["-M"],
        // They are no records.
        Section::Balance
        | Section::PayInvoices
        | Section::RefillBalance
        | Section::Vouchers
        | Section::BillingInformation
        | Section::Exports => &[],
    }
}

/// The sections that the links and forms of a page lead to.
fn links_to_sections(html: &str) -> BTreeSet<&'static str> {
    let routes = signed_in_routes();
    let mut found = BTreeSet::new();
    for link in page::links_and_targets(html) {
        let path = link.split(['?', '#']).next().unwrap_or_default();
        for route in routes.iter().filter(|route| is_at(route.path, path)) {
            found.extend(route.sections.iter().map(|section| section.word()));
        }
    }
    found
}

/// Whether a path is one of a pattern. Exports have patterns of their own beside `{id}`.
fn is_at(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    let fits = |(pattern, part): (&&str, &&str)| {
        pattern == part || *pattern == "{id}" && !part.starts_with("export.") && *part != "archive"
    };
    pattern.len() == path.len() && pattern.iter().zip(&path).all(fits)
}

/// What the first page and other records tell of the section beside links.
async fn told(world: &World, section: Section, shown: bool) {
    let (core, secret) = (&world.site.core, secret(&world.ana));
    let overview = core.overview(&secret).await.expect("the first page");
    let invoice = core.invoice(&secret, id(&world.ana, "/invoices")).await;
    let payment = core.payment(&secret, id(&world.ana, "/payments")).await;
    let subscription = core.subscription(&secret, id(&world.ana, "/subscriptions")).await;
    let method = core.payment_method(&secret, id(&world.ana, "/payment-methods")).await;
    let told: Vec<bool> = match section {
        Section::Balance => vec![!overview.totals.is_empty(), !overview.months.is_empty()],
        Section::Invoices => vec![
            !overview.recent_invoices.is_empty(),
            !overview.overdue.is_empty(),
            !payment.expect("a payment").row.settled.is_empty(),
        ],
        Section::Payments => vec![!invoice.expect("an invoice").payments.is_empty()],
        Section::Subscriptions => vec![
            !overview.active_subscriptions.is_empty(),
            !method.expect("a method").used_by.is_empty(),
        ],
        Section::PaymentMethods => {
            vec![subscription.expect("a subscription").payment_method.is_some()]
        }
        Section::PayInvoices
        | Section::RefillBalance
        | Section::Vouchers
        | Section::Entitlements
        | Section::Contracts
        | Section::BillingInformation
        | Section::Exports => Vec::new(),
    };
    assert!(told.iter().all(|told| *told == shown), "{section:?}: {told:?} is told");
}

/// A session that shall open on a hidden page opens on the first one.
async fn forwards(world: &World, section: Section, shown: bool) {
    let subscription = RecordKey::new(world.ana.id("/subscriptions"));
    for forward in [
        NewForward::Overview,
        NewForward::Invoices,
        NewForward::BillingInformation,
        NewForward::SubscriptionPaymentMethod(Some(subscription)),
    ] {
        let contact = CustomerRef::Contact(RecordKey::new(&world.ana.contact));
        let new = NewPortalSession { forward: forward.clone(), ..NewPortalSession::of(contact) };
        let created = world.site.core.create_portal_session(&world.site.acme.caller, new).await;
        let link = created.expect("a session, whatever is shown").link;
        let entered = world.site.core.enter_by_session_link(world.ana.place.id, &link, client());
        let opened = entered.await.expect("a visit").forward;
        let hidden = match &forward {
            NewForward::Overview => false,
            NewForward::Invoices => section == Section::Invoices,
            NewForward::BillingInformation => section == Section::BillingInformation,
            NewForward::SubscriptionPaymentMethod(_) => {
                matches!(section, Section::Subscriptions | Section::PaymentMethods)
            }
        };
        let first = matches!(forward, NewForward::Overview) || hidden && !shown;
        assert_eq!(opened == Forward::Overview, first, "{section:?}: {forward:?} opens {opened:?}");
    }
}

fn client() -> Origin {
    Origin { address: "192.0.2.1".parse().expect("an address"), user_agent: None }
}

fn secret(holder: &Holder) -> SessionSecret {
    let (_, secret) = holder.session.cookie.split_once('=').expect("a cookie");
    SessionSecret::new(secret.to_owned())
}

fn id<T: std::str::FromStr>(holder: &Holder, path: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    holder.id(path).parse().expect("an identifier")
}

/// What the core says to each method of the section. A new section says here what its methods are.
async fn calls(
    section: Section,
    world: &World,
    who: &Holder,
) -> Vec<(&'static str, Result<(), Refusal>)> {
    let (core, secret) = (&world.site.core, secret(who));
    let (list, csv) = (ListQuery::default(), TableFormat::Csv);
    macro_rules! ask {
        ($($name:ident($($argument:expr),*)),+ $(,)?) => {
            vec![$((stringify!($name), core.$name(&secret $(, $argument)*).await.map(drop))),+]
        };
    }
    match section {
        Section::Balance => {
            ask![
                statement(StatementQuery::default()),
                statement_pdf(StatementQuery::default()),
                export_statement(StatementQuery::default(), csv),
            ]
        }
        Section::Invoices => {
            let (invoice, note) = (id(who, "/invoices"), id(who, "/credit-notes"));
            ask![
                invoices(InvoiceQuery::default()),
                invoice(invoice),
                invoice_pdf(invoice),
                invoices_zip(vec![invoice]),
                export_invoices(InvoiceQuery::default(), csv),
                credit_note(note),
                credit_note_pdf(note),
            ]
        }
        Section::PayInvoices => {
            let paid = core.pay(&secret, order(who, vec![id(who, "/invoices")]), client()).await;
            vec![("pay", reached(paid))]
        }
        Section::RefillBalance => {
            let paid = core.pay(&secret, order(who, Vec::new()), client()).await;
            vec![("pay", reached(paid))]
        }
        Section::Vouchers => {
            let redeemed = core.redeem_voucher(&secret, "", client()).await;
            let mut all = ask![vouchers()];
            all.push(("redeem_voucher", reached(redeemed)));
            all
        }
        Section::Payments => {
            let payment = id(who, "/payments");
            ask![
                payments(PaymentQuery::default()),
                payment(payment),
                receipt_pdf(payment),
                credit_uses(),
                export_payments(PaymentQuery::default(), csv),
            ]
        }
        Section::Subscriptions => {
            ask![subscriptions(list), subscription(id(who, "/subscriptions"))]
        }
        Section::Entitlements => ask![entitlements(list), entitlement(id(who, "/entitlements"))],
        Section::Contracts => ask![contracts(list), contract(id(who, "/contracts"))],
        Section::PaymentMethods => {
            ask![payment_methods(list), payment_method(id(who, "/payment-methods"))]
        }
        Section::BillingInformation => {
            ask![billing_details(), change_billing_details(BillingDetailsChange::default())]
        }
        Section::Exports => {
            ask![
                export_invoices(InvoiceQuery::default(), csv),
                export_payments(PaymentQuery::default(), csv),
                export_statement(StatementQuery::default(), csv),
            ]
        }
    }
}

/// What was asked with a fault was heard at least.
fn reached<T>(answer: Result<T, Refusal>) -> Result<(), Refusal> {
    match answer {
        Err(Refusal::Invalid { .. }) => Ok(()),
        other => other.map(drop),
    }
}

/// An order without the key of a form.
fn order(who: &Holder, invoices: Vec<InvoiceId>) -> PayOrder {
    PayOrder {
        form_key: String::new(),
        invoices,
        currency: Currency::EUR,
        amount_minor: None,
        whole: false,
        credit: false,
        gateway: Some(who.gateway.parse().expect("an identifier")),
        method: None,
        keep: false,
        site: "https://north.localhost".parse().expect("an address"),
    }
}

#[test]
fn every_section_with_pages_is_in_the_table() {
    let of: BTreeSet<Section> =
        signed_in_routes().iter().flat_map(|route| route.sections).copied().collect();
    let without: Vec<Section> = Section::ALL.into_iter().filter(|it| !of.contains(it)).collect();
    // The balance is a part of the first page.
    assert_eq!(without, []);
}
