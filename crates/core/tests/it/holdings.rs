//! Payment methods, subscriptions, contracts and entitlements; and what all records have in common.

use std::time::Duration;

use crate::common::World;
use jiff::SignedDuration;
use portico_billing::contract::{Contract, ContractRevision};
use portico_billing::entitlement::Entitlement;
use portico_billing::page::PageSize;
use portico_billing::payment_method::PaymentMethod;
use portico_billing::subscription::Subscription;
use portico_core::records::contract::ContractRecord;
use portico_core::records::entitlement::EntitlementRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::payment_method::PaymentMethodRecord;
use portico_core::records::subscription::SubscriptionRecord;
use portico_core::records::{Outcome, Record, RecordKey, Rejection, Saved, Target, parse_input};
use portico_core::{Caller, Clock, CustomerRef};
use portico_core_api::{CoreApi, ListQuery, Refusal, SessionSecret};
use portico_store::audit::AuditFilter;
use portico_store::{Holding, Position, Write};
use portico_testkit::both_engines;
use serde_json::{Value, json};

async fn save<R: Record>(world: &World, input: Value) -> Result<Saved<R::Output>, Rejection> {
    let input = parse_input::<R>(input)?;
    world.core.save_record::<R>(&Caller::system(world.organisation.id), Target::New, input).await
}

async fn visit(world: &World, customer: &str) -> SessionSecret {
    let link = world.link_for(CustomerRef::Customer(RecordKey::new(customer))).await.link;
    world.enter(&link).await.secret
}

fn method() -> Value {
    json!({
        "external_id": "m-1", "customer_id": "c-1", "kind": "card", "brand": "Visa",
        "last4": "4242", "expiry_month": 2, "expiry_year": 2026, "holder": "Ana Gómez",
        "is_default": true, "gateway": "stripe", "token": "pm_secret_token",
    })
}

fn subscription() -> Value {
    json!({
        "external_id": "s-1", "customer_id": "c-1", "plan": "Team", "status": "active",
        "currency": "EUR", "amount_minor": 4_900, "interval_unit": "month",
        "items": [{"description": "Seat", "quantity": 2.5, "unit_price_minor": 1_960}],
        "started_on": "2025-01-01", "period_start": "2026-03-01",
        "period_end_exclusive": "2026-04-01", "metadata": {"note": "internal"},
    })
}

fn contract() -> Value {
    json!({
        "external_id": "k-1", "customer_id": "c-1", "name": "Agreement", "status": "active",
        "starts_on": "2025-01-01", "ends_on": "2027-01-01", "signed_at": "2024-12-20T10:00:00Z",
        "signed_by": "Ana Gómez", "body": "First.\n\nSecond.", "metadata": {"note": "internal"},
    })
}

fn entitlement() -> Value {
    json!({
        "external_id": "e-1", "customer_id": "c-1", "subscription_id": "s-1", "name": "API calls",
        "description": "Per month # staff only", "kind": "quantity", "status": "active",
        "unit": "calls", "used": "12.50", "limit": 100, "period_start": "2026-03-01",
        "period_end_exclusive": "2026-04-01", "metadata": {"note": "internal"},
    })
}

fn payment() -> Value {
    json!({
        "external_id": "p-1", "customer_id": "c-1", "status": "succeeded", "amount_minor": 100,
        "currency": "EUR", "method": "card", "method_label": "Visa ending 4242",
        "payment_method_id": "m-1", "reference": "R-1", "description": "May",
        "paid_at": "2026-03-01T12:00:00Z", "metadata": {"note": "internal"},
    })
}

/// The first object with the members of the second.
fn with(mut value: Value, more: Value) -> Value {
    let (Some(object), Value::Object(more)) = (value.as_object_mut(), more) else {
        panic!("two objects")
    };
    object.extend(more);
    value
}

/// Saves the input twice, and once more as what it would be read back as.
async fn twice<R: Record>(world: &World, input: Value) {
    let first = save::<R>(world, input.clone()).await.expect("saved");
    assert_eq!(first.outcome, Outcome::Created, "{}", R::PLURAL);
    world.wait(60);
    let second = save::<R>(world, input).await.expect("saved");
    assert_eq!(second.outcome, Outcome::Unchanged, "{}", R::PLURAL);
    let shown = |output: &R::Output| serde_json::to_value(output).expect("JSON");
    assert_eq!(shown(&first.output), shown(&second.output));
    let key = RecordKey::new(shown(&first.output)["id"].as_str().expect("an id"));
    let organisation = world.organisation.id;
    let patched =
        world.core.patch_record::<R>(&Caller::system(organisation), &key, &json!({})).await;
    assert_eq!(patched.expect("saved").outcome, Outcome::Unchanged, "{}", R::PLURAL);
    let listed = world
        .core
        .list_records::<R>(&Caller::system(organisation), &R::Filter::default(), None, 10)
        .await;
    let (listed, next) = listed.expect("a list");
    assert_eq!((listed.len(), next.is_some()), (1, false), "{}", R::PLURAL);
}

/// Saves the input again while another unit of work changes the record.
async fn during_a_change<R: Record, T: Holding>(world: &World, input: Value) {
    save::<R>(world, input.clone()).await.expect("saved");
    let mut write = world.db.store.write(world.organisation.id).await.expect("a unit of work");
    let id = input["external_id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let found = T::find_by_external_id(&mut write, &id).await.expect("an answer");
    let held = found.expect("a record").hold(&mut write).await.expect("an answer");
    let mut changed = held.expect("a record");
    changed.touch(world.clock.now() + SignedDuration::from_hours(1));
    changed.update(&mut write).await.expect("changed");
    let (saved, ()) = tokio::join!(save::<R>(world, input), commit_late(write));
    let saved = saved.expect("saved");
    assert_eq!(saved.outcome, Outcome::Unchanged, "{}", R::PLURAL);
    let shown = serde_json::to_value(saved.output).expect("JSON");
    assert_eq!(shown["updated_at"], "2026-03-02T11:00:00Z", "{}", R::PLURAL);
}

/// Leaves others the time to run into what the unit of work holds.
async fn commit_late(write: Write) {
    tokio::time::sleep(Duration::from_millis(250)).await;
    write.commit().await.expect("a commit");
}

both_engines! {
    async fn the_audit_log_tells_what_they_were_and_became(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        for input in [method(), with(method(), json!({"token": "pm_other", "holder": "Bo"}))] {
            save::<PaymentMethodRecord>(&world, input).await.expect("saved");
        }
        let second = with(method(), json!({"external_id": "m-2", "token": "pm_2"}));
        for input in [subscription(), with(subscription(), json!({"amount_minor": 5_900}))] {
            save::<SubscriptionRecord>(&world, input).await.expect("saved");
        }
        for input in [contract(), with(contract(), json!({"body": "New.", "status": "paused"}))] {
            save::<ContractRecord>(&world, input).await.expect("saved");
        }
        for input in [entitlement(), with(entitlement(), json!({"used": "13"}))] {
            save::<EntitlementRecord>(&world, input).await.expect("saved");
        }
        let mut read = world.core.store().read(world.organisation.id).await.expect("a connection");
        let lines = read.audit_entries(AuditFilter::default(), Position::START, 100).await;
        let lines = lines.expect("lines");
        let sides = |action: &str| {
            let line = lines.iter().find(|line| line.action == action).expect(action);
            json!([line.before, line.after])
        };
        let token = json!({"holder": "Bo", "token": "replaced"});
        let holder = json!({"holder": "Ana Gómez", "token": null});
        assert_eq!(sides("payment_method.updated"), json!([holder, token]));
        let after = json!({"amount_minor": 5_900, "currency": "EUR"});
        assert_eq!(sides("subscription.updated"), json!([{"amount_minor": 4_900}, after]));
        let after = json!({"status": "paused", "revision": 2});
        let before = json!({"status": "active", "revision": 1});
        assert_eq!(sides("contract.updated"), json!([before, after]));
        assert_eq!(sides("entitlement.updated"), json!([{"used": "12.5"}, {"used": "13"}]));
        drop(read);
        save::<PaymentMethodRecord>(&world, second).await.expect("saved");
        let mut read = world.core.store().read(world.organisation.id).await.expect("a connection");
        let lines = read.audit_entries(AuditFilter::default(), Position::START, 100).await;
        let lines = lines.expect("lines");
        let mut of_methods = lines.iter().filter(|line| line.action == "payment_method.updated");
        let no_more = json!([{"is_default": true}, {"is_default": false}]);
        assert!(of_methods.any(|line| json!([line.before, line.after]) == no_more));
        let log = format!("{lines:?}");
        assert!(!log.contains("pm_other") && !log.contains("pm_secret"), "a token in the log");
    }

    async fn who_saves_a_record_waits_for_a_change_that_is_under_way(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        during_a_change::<PaymentMethodRecord, PaymentMethod>(&world, method()).await;
        during_a_change::<SubscriptionRecord, Subscription>(&world, subscription()).await;
        during_a_change::<ContractRecord, Contract>(&world, contract()).await;
        during_a_change::<EntitlementRecord, Entitlement>(&world, entitlement()).await;
    }

    /// Else the next text would be given a number that is taken.
    async fn who_leaves_a_text_out_does_not_undo_a_new_one(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let saved = save::<ContractRecord>(&world, contract()).await.expect("saved").output;
        let mut write = world.db.store.write(world.organisation.id).await.expect("a unit of work");
        let found = Contract::find(&mut write, saved.id).await.expect("an answer");
        let changed = Contract { revision: 2, ..found.expect("a contract") };
        changed.update(&mut write).await.expect("changed");
        let (body, created_at) = ("Second.".to_owned(), changed.updated_at);
        let second = ContractRevision { revision: 2, body, created_at };
        write.insert_contract_revision(saved.id, &second).await.expect("added");
        let renamed = with(contract(), json!({"name": "Renamed", "body": null}));
        let renamed = save::<ContractRecord>(&world, renamed);
        let (renamed, ()) = tokio::join!(renamed, commit_late(write));
        let renamed = renamed.expect("saved").output;
        assert_eq!((renamed.revision, renamed.body.as_deref()), (2, Some("Second.")));
        let third = save::<ContractRecord>(&world, with(contract(), json!({"body": "Third."})));
        assert_eq!(third.await.expect("saved").output.revision, 3);
    }

    async fn what_is_sent_twice_changes_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        twice::<PaymentMethodRecord>(&world, method()).await;
        twice::<SubscriptionRecord>(&world, subscription()).await;
        twice::<ContractRecord>(&world, contract()).await;
        twice::<EntitlementRecord>(&world, entitlement()).await;
        twice::<PaymentRecord>(&world, payment()).await;
    }

    async fn active_entitlements_come_first_and_pages_go_forth_and_back(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        for count in 0..9 {
            let status = if count % 4 == 0 { "inactive" } else { "active" };
            // Every third period was over on the day before.
            let end = if count % 3 == 0 { "2026-03-02" } else { "2026-03-03" };
            let more = json!({
                "external_id": format!("e-{count}"), "name": format!("Right {count}"),
                "status": status, "subscription_id": null, "period_start": "2026-02-01",
                "period_end_exclusive": end,
                "created_at": format!("2026-01-0{}T00:00:00Z", 1 + count / 2),
            });
            save::<EntitlementRecord>(&world, with(entitlement(), more)).await.expect("saved");
        }
        let secret = visit(&world, "c-1").await;
        let whole = entitlements(&world, &secret, ListQuery::default()).await;
        let states: Vec<&str> = whole.0.iter().map(|(_, state)| state.as_str()).collect();
        assert_eq!(states[..4], ["active"; 4]);
        assert!(!states[4..].contains(&"active") && states.contains(&"expired"), "{states:?}");
        let size = PageSize::try_from(2).expect("a size");
        let (mut rows, mut pages, mut cursor) = (Vec::new(), Vec::new(), None);
        loop {
            let query = ListQuery { size, cursor, ..ListQuery::default() };
            let page = entitlements(&world, &secret, query).await;
            rows.extend(page.0.clone());
            cursor = page.1.clone();
            pages.push(page);
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(rows, whole.0);
        for pair in pages.windows(2) {
            let query = ListQuery { size, cursor: pair[1].2.clone(), ..ListQuery::default() };
            assert_eq!(entitlements(&world, &secret, query).await.0, pair[0].0);
        }
        let expired = ListQuery { status: Some("expired".to_owned()), ..ListQuery::default() };
        let expired = entitlements(&world, &secret, expired).await.0;
        assert!(expired.len() == 2 && expired.iter().all(|(_, state)| state == "expired"));
        let named = ListQuery { search: "RIGHT 7".to_owned(), ..ListQuery::default() };
        assert_eq!(entitlements(&world, &secret, named).await.0.len(), 1);
        let staff = ListQuery { search: "staff".to_owned(), ..ListQuery::default() };
        assert!(entitlements(&world, &secret, staff).await.0.is_empty());
    }

    async fn one_method_is_the_default_and_knows_its_plans(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        save::<PaymentMethodRecord>(&world, method()).await.expect("saved");
        let early = "2026-01-01T00:00:00Z";
        let more = json!({"external_id": "m-2", "expiry_year": 2030, "created_at": early});
        save::<PaymentMethodRecord>(&world, with(method(), more)).await.expect("saved");
        save::<SubscriptionRecord>(&world, subscription()).await.expect("saved");
        let own = json!({"external_id": "s-2", "plan": "Extra", "payment_method_id": "m-1"});
        save::<SubscriptionRecord>(&world, with(subscription(), own)).await.expect("saved");
        let over = json!({"external_id": "s-3", "plan": "Old", "status": "cancelled"});
        save::<SubscriptionRecord>(&world, with(subscription(), over)).await.expect("saved");
        let secret = visit(&world, "c-1").await;
        let page = world.core.payment_methods(&secret, ListQuery::default()).await.expect("a page");
        let rows: Vec<_> = page
            .rows
            .iter()
            .map(|view| (view.method.is_default, view.expired, view.used_by.join(",")))
            .collect();
        assert_eq!(rows, [(true, false, "Team".to_owned()), (false, true, "Extra".to_owned())]);
        let expired = ListQuery { status: Some("expired".to_owned()), ..ListQuery::default() };
        let expired = world.core.payment_methods(&secret, expired).await.expect("a page");
        assert_eq!(expired.rows, page.rows[1..]);
        let plans = world.core.subscriptions(&secret, ListQuery::default()).await.expect("a page");
        let charged = |plan: &str| {
            let view = plans.rows.iter().find(|view| view.subscription.plan == plan);
            let view = view.expect("a subscription");
            assert!(view.subscription.metadata.is_empty());
            view.payment_method.as_ref().map(|method| method.id)
        };
        assert_eq!(charged("Team"), Some(page.rows[0].method.id));
        assert_eq!(charged("Extra"), Some(page.rows[1].method.id));
    }
}

type Shown = (Vec<(String, String)>, Option<String>, Option<String>);

async fn entitlements(world: &World, secret: &SessionSecret, query: ListQuery) -> Shown {
    let page = world.core.entitlements(secret, query).await.expect("a page");
    let row = |it: &portico_core_api::EntitlementView| {
        assert!(it.entitlement.metadata.is_empty());
        assert_eq!(it.entitlement.description.as_deref(), Some("Per month"));
        (it.entitlement.name.clone(), it.entitlement.status.as_str().to_owned())
    };
    (page.rows.iter().map(row).collect(), page.next, page.previous)
}

#[tokio::test]
async fn a_new_text_of_a_contract_is_a_new_revision() {
    let world = World::new().await;
    world.customer("c-1").await;
    world.customer("c-2").await;
    let saved = save::<ContractRecord>(&world, contract()).await.expect("saved").output;
    assert_eq!(saved.revision, 1);
    let renamed = with(contract(), json!({"name": "Renamed", "body": null}));
    let renamed = save::<ContractRecord>(&world, renamed).await.expect("saved").output;
    assert_eq!((renamed.revision, renamed.body), (1, saved.body));
    let changed = save::<ContractRecord>(&world, with(contract(), json!({"body": "Third."}))).await;
    assert_eq!(changed.expect("saved").output.revision, 2);
    let secret = visit(&world, "c-1").await;
    let (view, revisions) = world.core.contract(&secret, saved.id).await.expect("a contract");
    assert_eq!(view.contract.revision, 2);
    let bodies: Vec<&str> = revisions.iter().map(|it| it.body.as_str()).collect();
    assert_eq!(bodies, ["Third.", "First.\n\nSecond."]);
    let other = visit(&world, "c-2").await;
    assert_eq!(world.core.contract(&other, saved.id).await, Err(Refusal::NotFound));
    let draft = with(contract(), json!({"status": "draft"}));
    save::<ContractRecord>(&world, draft).await.expect("saved");
    assert_eq!(world.core.contract(&secret, saved.id).await, Err(Refusal::NotFound));
    let page = world.core.contracts(&secret, ListQuery::default()).await.expect("a page");
    assert!(page.rows.is_empty());
}

#[tokio::test]
async fn prv_04_a_token_is_sealed_and_never_shown() {
    let world = World::new().await;
    world.customer("c-1").await;
    let saved = save::<PaymentMethodRecord>(&world, method()).await.expect("saved").output;
    assert!(!serde_json::to_string(&saved).expect("JSON").contains("secret"));
    let mut read = world.core.store().read(world.organisation.id).await.expect("a connection");
    let sealed = read.payment_method_token(saved.id).await.expect("an answer").expect("a token");
    assert!(!sealed.windows(6).any(|window| window == b"secret"));
    drop(read);
    let changed = with(method(), json!({"token": "pm_other"}));
    let changed = save::<PaymentMethodRecord>(&world, changed).await.expect("saved");
    assert_eq!(changed.outcome, Outcome::Updated);
    let without = with(method(), json!({"token": null}));
    let without = save::<PaymentMethodRecord>(&world, without).await.expect("saved");
    assert_eq!(without.outcome, Outcome::Unchanged);
}

#[tokio::test]
async fn prv_01_no_field_takes_a_card_number_nor_does_an_answer_show_it() {
    const NUMBER: &str = "4111 1111 1111 1111";
    let world = World::new().await;
    world.customer("c-1").await;
    save::<PaymentMethodRecord>(&world, method()).await.expect("saved");
    save::<SubscriptionRecord>(&world, subscription()).await.expect("saved");
    refuses::<PaymentMethodRecord>(&world, method(), NUMBER).await;
    refuses::<SubscriptionRecord>(&world, subscription(), NUMBER).await;
    refuses::<ContractRecord>(&world, contract(), NUMBER).await;
    refuses::<EntitlementRecord>(&world, entitlement(), NUMBER).await;
    refuses::<PaymentRecord>(&world, payment(), NUMBER).await;
}

/// Puts the number into one field after the other.
async fn refuses<R: Record>(world: &World, input: Value, number: &str) {
    for field in input.as_object().expect("an object").keys() {
        let value = match field.as_str() {
            "metadata" => json!({"note": number}),
            "items" => json!([{"description": number, "quantity": 1, "unit_price_minor": 1}]),
            _ => json!(number),
        };
        let sent = with(input.clone(), json!({field: value}));
        let refused = save::<R>(world, sent).await.map(|saved| saved.outcome);
        let Err(Rejection::Invalid(faults)) = refused else {
            panic!("{} {field}: {refused:?}", R::PLURAL)
        };
        assert!(
            faults.iter().any(|it| it.field.starts_with(field.as_str())),
            "{field}: {faults:?}"
        );
        for it in &faults {
            assert!(!it.message.contains("1111"), "{field}: {faults:?}");
        }
    }
}

#[tokio::test]
async fn every_fault_is_named_at_once() {
    let world = World::new().await;
    world.customer("c-1").await;
    world.customer("c-2").await;
    save::<PaymentMethodRecord>(&world, method()).await.expect("saved");
    save::<SubscriptionRecord>(&world, subscription()).await.expect("saved");
    let feature = json!({
        "kind": "feature", "name": " ", "customer_id": "c-2", "period_end_exclusive": null,
    });
    let refused = save::<EntitlementRecord>(&world, with(entitlement(), feature)).await;
    let fields = ["unit", "used", "limit", "name", "period_end_exclusive", "subscription_id"];
    assert_eq!(fields_of(refused), fields);
    let refused = json!({
        "plan": "", "amount_minor": -1, "interval_count": 0, "ended_on": "2024-01-01",
        "customer_id": "c-2", "payment_method_id": "m-1",
        "items": [{"description": "", "quantity": -1, "unit_price_minor": 1}],
    });
    let refused = save::<SubscriptionRecord>(&world, with(subscription(), refused)).await;
    assert_eq!(
        fields_of(refused),
        [
            "amount_minor",
            "interval_count",
            "ended_on",
            "plan",
            "items.0.quantity",
            "items.0.description",
            "payment_method_id",
        ]
    );
    let refused = json!({"last4": "42 42", "expiry_month": 13, "expiry_year": null, "token": ""});
    let refused = save::<PaymentMethodRecord>(&world, with(method(), refused)).await;
    assert_eq!(fields_of(refused), ["last4", "expiry_month", "expiry_year", "token"]);
    let refused = json!({"name": "x".repeat(201), "ends_on": "2025-01-01", "customer_id": "c-9"});
    let refused = save::<ContractRecord>(&world, with(contract(), refused)).await;
    assert_eq!(fields_of(refused), ["name", "ends_on", "customer_id"]);
    let moved = with(subscription(), json!({"customer_id": "c-2"}));
    let moved = save::<SubscriptionRecord>(&world, moved).await.map(|saved| saved.outcome);
    assert!(matches!(moved, Err(Rejection::Conflict { .. })), "{moved:?}");
}

fn fields_of<T>(result: Result<Saved<T>, Rejection>) -> Vec<String> {
    match result.map(|saved| saved.outcome) {
        Err(Rejection::Invalid(faults)) => faults.into_iter().map(|it| it.field).collect(),
        other => panic!("expected faults, got {other:?}"),
    }
}
