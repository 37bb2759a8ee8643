//! Brands, as the staff and the organisation's software set them up.

use portico_billing::permission::{OperatorRole, Permission};
use portico_billing::report::Report;
use portico_billing::section::Section;
use portico_core::Caller;
use portico_core::brands::{BrandError, BrandSettings};
use portico_core::records::RecordKey;
use portico_core::records::customer::CustomerRecord;
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_testkit::both_engines;
use serde_json::json;

use crate::common::{self, World};

fn system(world: &World) -> Caller {
    Caller::system(world.organisation.id)
}

fn settings(name: &str) -> BrandSettings {
    BrandSettings::of_new(name.to_owned())
}

/// The fields that are at fault.
#[track_caller]
fn fields<T: std::fmt::Debug>(refused: Result<T, BrandError>) -> Vec<&'static str> {
    match refused {
        Err(BrandError::Invalid(faults)) => faults.iter().map(|(field, _)| *field).collect(),
        other => panic!("not refused for its fields: {other:?}"),
    }
}

both_engines! {
    async fn a_brand_is_made_changed_made_the_default_and_removed(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller) = (&world.core, system(&world));
        let new = BrandSettings { default_language: "es".to_owned(), ..settings(" Voxtel ") };
        let brand = core.add_brand(&caller, "Pay.Voxtel.test", &new).await.expect("a brand");
        assert_eq!((brand.name.as_str(), brand.default_language.as_str()), ("Voxtel", "es"));
        assert_eq!(brand.hosts, ["pay.voxtel.test"]);
        let hide = core.edit_brand(&caller, brand.id, |mut settings| {
            settings.hidden_sections = vec![Section::Exports, Section::Balance, Section::Exports];
            *settings.report_columns.chosen_mut(Report::Cdr) = vec!["charge".to_owned()];
            Ok(settings)
        });
        let changed = hide.await.expect("changed");
        assert_eq!(changed.hidden_sections, [Section::Balance, Section::Exports]);
        let found = core.find_brand(&caller, brand.id).await.expect("found");
        assert_eq!((&found.record.brand, found.record.is_default), (&changed, false));
        let gone = core.remove_brand(&caller, world.brand.id).await;
        assert!(matches!(gone, Err(BrandError::IsDefault)), "{gone:?}");
        core.make_brand_default(&caller, brand.id).await.expect("the default");
        let names = |listed: &[portico_core::brands::ListedBrand]| -> Vec<String> {
            listed.iter().map(|it| it.record.brand.name.clone()).collect()
        };
        let listed = core.list_brands(&caller).await.expect("a list");
        assert_eq!(names(&listed), ["Voxtel", "Acme"]);
        assert!(listed[0].record.is_default && !listed[1].record.is_default);
        core.remove_brand(&caller, world.brand.id).await.expect("removed");
        assert_eq!(names(&core.list_brands(&caller).await.expect("a list")), ["Voxtel"]);
        let again = core.add_brand(&caller, "billing.acme.test", &settings("Again")).await;
        again.expect("its host is free");
    }

    async fn a_brand_with_customers_stays(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller) = (&world.core, system(&world));
        let brand = core.add_brand(&caller, "b.test", &settings("B")).await.expect("a brand");
        let input = json!({
            "external_id": "c", "name": "C", "brand_id": brand.id.to_string(),
            "portal_access": {"show": ["contracts"], "hide": ["exports"]},
        });
        let customer = world.save::<CustomerRecord>(input).await;
        world.customer("elsewhere").await;
        let kept = core.remove_brand(&caller, brand.id).await;
        assert!(matches!(kept, Err(BrandError::HasCustomers)), "{kept:?}");
        let counts = core.find_brand(&caller, brand.id).await.expect("it").counts;
        assert_eq!((counts.customers, counts.exceptions), (1, 1));
        let named = core.exceptional_customers(&caller, brand.id, 10).await.expect("customers");
        assert_eq!(named.len(), 1);
        assert_eq!((named[0].id, named[0].access.of(Section::Exports)), (customer.id, Some(false)));
        let follow = json!({"portal_access": null});
        let key = RecordKey::new("c");
        core.patch_record::<CustomerRecord>(&caller, &key, &follow).await.expect("changed");
        let counts = core.find_brand(&caller, brand.id).await.expect("it").counts;
        assert_eq!((counts.customers, counts.exceptions), (1, 0));
    }

    async fn what_is_wrong_is_said_at_once_and_changes_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller) = (&world.core, system(&world));
        let before = core.find_brand(&caller, world.brand.id).await.expect("it");
        let refused = core.edit_brand(&caller, world.brand.id, |settings| {
            settings.merged(&json!({
                "name": " ", "default_language": "xx-yy-zz-1", "home_url": "https://evil.test/",
                "return_origins": ["ftp://a.test"], "embed_origins": ["*"],
                "sign_up": {"template_customer": "nobody", "currencies": ["EURO"]},
                "report_columns": {"breakout": ["acd", "acd"], "cdr": ["profit"]},
            }))
        });
        let mut faulty = fields(refused.await);
        faulty.sort_unstable();
        assert_eq!(faulty, [
            "breakout", "cdr", "currencies", "default_language", "embed_origins", "home_url",
            "name", "return_origins", "template_customer",
        ]);
        assert_eq!(core.find_brand(&caller, world.brand.id).await.expect("it"), before);
        for host in ["", "https://a.test", "a b", "billing.acme.test"] {
            let refused = core.add_brand(&caller, host, &settings("Other")).await;
            assert_eq!(fields(refused), ["host"], "{host:?}");
        }
        assert_eq!(core.list_brands(&caller).await.expect("a list").len(), 1, "nothing is left");
        let odd = core.edit_brand(&caller, world.brand.id, |it| it.merged(&json!({"hosts": []})));
        assert!(matches!(odd.await, Err(BrandError::Input(_))));
    }

    async fn only_those_who_may_change_a_brand_of_their_own_organisation(db: TestDatabase) {
        let world = World::on(db).await;
        let core = &world.core;
        let stranger = common::organisation(core, "Other").await;
        let stranger = Caller::system(stranger.id);
        let id = world.brand.id;
        let edited = core.edit_brand(&stranger, id, Ok).await;
        assert!(matches!(edited, Err(BrandError::NotFound)), "{edited:?}");
        for refused in [
            core.find_brand(&stranger, id).await.map(drop),
            core.make_brand_default(&stranger, id).await,
            core.remove_brand(&stranger, id).await,
        ] {
            assert!(matches!(refused, Err(BrandError::NotFound)), "{refused:?}");
        }
        for role in OperatorRole::ALL {
            let caller = Caller { permissions: role.permissions(), ..system(&world) };
            let may = role.permissions().has(Permission::EditBrands);
            let allowed =
                |done: &Result<(), BrandError>| !matches!(done, Err(BrandError::Forbidden(_)));
            for done in [
                core.edit_brand(&caller, id, Ok).await.map(drop),
                core.add_brand(&caller, "", &settings("x")).await.map(drop),
                core.make_brand_default(&caller, id).await,
                core.remove_brand(&caller, id).await,
            ] {
                assert_eq!(allowed(&done), may, "{role:?}: {done:?}");
            }
        }
    }

    async fn every_change_is_in_the_audit_log(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller) = (&world.core, system(&world));
        let brand = core.add_brand(&caller, "b.test", &settings("B")).await.expect("a brand");
        world.wait(1);
        let rename = |mut settings: BrandSettings| {
            settings.name = "C".to_owned();
            Ok(settings)
        };
        core.edit_brand(&caller, brand.id, rename).await.expect("changed");
        world.wait(1);
        core.edit_brand(&caller, brand.id, rename).await.expect("as it was");
        core.make_brand_default(&caller, brand.id).await.expect("the default");
        core.make_brand_default(&caller, world.brand.id).await.expect("the default");
        world.wait(1);
        core.remove_brand(&caller, brand.id).await.expect("removed");
        let mut read = core.store().read(world.organisation.id).await.expect("a connection");
        let filter = AuditFilter { subject: Some(brand.id.uuid()), ..AuditFilter::default() };
        let entries = read.audit_entries(filter, Position::START, 50).await.expect("entries");
        let mut actions: Vec<_> = entries.iter().map(|it| it.action.as_ref()).collect();
        // The brand and its host are added within the same moment of this clock.
        actions[3..].sort_unstable();
        actions.reverse();
        assert_eq!(actions, [
            "domain.added", "brand.created", "brand.updated", "brand.made_default",
            "brand.removed",
        ]);
        let renamed = entries.iter().find(|it| it.action == "brand.updated").expect("one");
        assert_eq!(renamed.before, Some(json!({"name": "B"})));
        assert_eq!(renamed.after, Some(json!({"name": "C"})));
    }
}
