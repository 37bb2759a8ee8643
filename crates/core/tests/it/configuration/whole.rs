//! What is exported is what is applied, all of it or nothing.

use portico_billing::AssetId;
use portico_billing::permission::{Permission, Permissions};
use portico_core::Caller;
use portico_core::configuration::{
    Applied, BrandEntry, Configuration, DifferenceKind, OrganisationEntry, SecretSource,
};
use portico_core::looks::LooksInput;
use portico_core::records::Rejection;
use portico_core::records::customer::CustomerRecord;
use portico_store::audit::AuditEntry;
use portico_testkit::{TestDatabase, both_engines};
use serde_json::json;

use super::{DRY, KEEP, REMOVE, Rules, entry, first, paths};
use crate::common::{self, World};

both_engines! {
    async fn what_is_exported_changes_nothing_where_it_came_from(db: TestDatabase) {
        let world = World::on(db).await;
        let plain = world.export().await;
        assert_eq!(world.apply(&plain, KEEP).await.expect("applied"), Applied::default());
        world.furnish().await;
        let (full, log) = (world.export().await, world.log().await);
        assert_eq!(world.apply(&full, KEEP).await.expect("applied"), Applied::default());
        assert_eq!((world.export().await, world.log().await), (full, log));
    }

    async fn what_is_exported_makes_the_same_elsewhere(db: TestDatabase) {
        let world = World::on(db).await;
        world.furnish().await;
        let mut full = world.export().await;
        for brand in full.brands.as_mut().expect("brands") {
            let smtp = brand.smtp.as_mut().expect("a server");
            assert_eq!((&smtp.password, &smtp.password_from), (&None, &None), "no secrets");
            smtp.password = Some("s3cret-word".to_owned());
        }
        let fresh = World::on(TestDatabase::sqlite().await).await;
        let refused = fresh.apply(&full, KEEP).await;
        let template = "brands.0.sign_up.template_customer";
        assert_eq!(paths(refused), [template, "brands.1.sign_up.template_customer"]);
        fresh.customer("template").await;
        assert!(fresh.apply(&full, KEEP).await.expect("applied").applied);
        assert_eq!(fresh.export().await, world.export().await);
        assert_eq!(fresh.apply(&full, KEEP).await.expect("applied"), Applied::default());
    }

    async fn a_dry_run_shows_what_would_differ_and_changes_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        world.furnish().await;
        let (before, log) = (world.export().await, world.log().await);
        let mut wanted = before.clone();
        wanted.organisation.as_mut().expect("it").name = "Acme Ltd".to_owned();
        first(&mut wanted).looks.as_mut().expect("looks").accent = "#445566".to_owned();
        first(&mut wanted).texts = Some(Default::default());
        first(&mut wanted).smtp.as_mut().expect("smtp").password = Some("another".to_owned());
        let shown = world.apply(&wanted, DRY).await.expect("a dry run");
        let told = |it: &portico_core::configuration::Difference| (it.path.clone(), it.kind);
        assert_eq!(
            shown.differences.iter().map(told).collect::<Vec<_>>(),
            [
                ("organisation.name".to_owned(), DifferenceKind::Changed),
                ("brands.Acme.looks.accent".to_owned(), DifferenceKind::Changed),
                ("brands.Acme.texts.es.menu-home".to_owned(), DifferenceKind::Removed),
                ("brands.Acme.smtp.password".to_owned(), DifferenceKind::Changed),
            ]
        );
        let name = &shown.differences[0];
        assert_eq!((&name.before, &name.after), (&Some(json!("Acme")), &Some(json!("Acme Ltd"))));
        assert!(!shown.applied);
        assert_eq!((world.export().await, world.log().await), (before, log));
        let done = world.apply(&wanted, KEEP).await.expect("applied");
        assert_eq!((done.differences, done.applied), (shown.differences, true));
        assert_eq!(world.apply(&wanted, KEEP).await.expect("again"), Applied::default());
        let newest = world.log().await;
        for action in ["organisation.updated", "brand_looks.published", "brand_text.reset"] {
            let of = |it: &&AuditEntry| it.action == action && it.actor_kind == "system";
            assert!(newest.iter().any(|it| of(&it)), "{action}");
        }
        assert!(!format!("{newest:?}").contains("another"), "no secret is in the log");
    }

    async fn one_fault_and_nothing_of_all_is_changed(db: TestDatabase) {
        let world = World::on(db).await;
        world.furnish().await;
        let before = world.export().await;
        let foreign = AssetId::new(jiff::Timestamp::UNIX_EPOCH, [3; 10]).to_string();
        type Edit = Box<dyn Fn(&mut Configuration)>;
        let looks = |edit: fn(&mut LooksInput, &str)| -> Edit {
            let foreign = foreign.clone();
            Box::new(move |it| edit(first(it).looks.as_mut().expect("looks"), &foreign))
        };
        let brand = |edit: fn(&mut BrandEntry)| -> Edit { Box::new(move |it| edit(first(it))) };
        let cases: Vec<(Edit, &str)> = vec![
            (Box::new(|it| it.format = 2), "format"),
            (Box::new(|it| it.organisation.as_mut().expect("it").time_zone = "X/Y".into()),
                "organisation.time_zone"),
            (Box::new(|it| it.organisation.as_mut().expect("it").address.country =
                Some("??".into())), "organisation.address.country"),
            (looks(|it, _| it.accent = "red;}".into()), "brands.0.looks.accent"),
            (looks(|it, foreign| it.logo = Some(foreign.to_owned())), "brands.0.looks.logo"),
            (looks(|it, _| it.css = "BAD".into()), "brands.0.looks.css"),
            (looks(|it, _| it.css = "a\0".into()), "brands.0.looks.css"),
            (looks(|it, _| it.css = "a{b:url(/brand/files/{no.png})}".into()),
                "brands.0.looks.css"),
            (looks(|it, _| it.script = "</script><script>".into()), "brands.0.looks.script"),
            (looks(|it, _| it.legal_links[0].url = "javascript:1".into()),
                "brands.0.looks.legal_links.0.url"),
            (looks(|it, _| it.css = "a".repeat(256 * 1024 + 1)), "brands.0.looks.css"),
            (brand(|it| {
                it.domains = Some((0..101).map(|at| format!("h{at}.test")).collect());
            }), "brands.0.domains"),
            (Box::new(|it| {
                let domains = |brand: usize| {
                    let host = |at: usize| format!("h{at}.b{brand}.test");
                    (0..100).map(host).collect::<Vec<_>>()
                };
                let new = |at: usize| {
                    BrandEntry { domains: Some(domains(at)), ..entry(&format!("B{at}")) }
                };
                it.brands.as_mut().expect("brands").extend((0..10).map(new));
            }), "brands"),
            (brand(|it| it.name = " ".into()), "brands.0.name"),
            (brand(|it| it.embed_origins = vec!["x".into()]), "brands.0.embed_origins"),
            (brand(|it| it.sign_up.as_mut().expect("it").currencies = vec!["EURO".into()]),
                "brands.0.sign_up.currencies"),
            (brand(|it| it.report_columns.as_mut().expect("it").cdr = vec!["x".into()]),
                "brands.0.report_columns.cdr"),
            (brand(|it| it.domains.as_mut().expect("it").push("a b".into())),
                "brands.0.domains.1"),
            (brand(|it| it.smtp.as_mut().expect("it").server = Some("evil.test".into())),
                "brands.0.smtp.password"),
            (brand(|it| it.smtp.as_mut().expect("it").password_from =
                Some(SecretSource::Env("PATH".into()))), "brands.0.smtp.password_from"),
            (brand(|it| {
                let mails = it.mail_templates.as_mut().expect("mails");
                mails.get_mut("sign-in-link").expect("it").get_mut("en").expect("it").body =
                    "{{BAD".into();
            }), "brands.0.mail_templates.sign-in-link.en.body"),
            (brand(|it| {
                let texts = it.texts.as_mut().expect("texts");
                texts.get_mut("es").expect("it").insert("menu-home".into(), "BAD".into());
            }), "brands.0.texts.es.menu-home"),
            (brand(|it| {
                it.texts.as_mut().expect("texts").insert("ES".into(),
                    [("menu-home".into(), "x".into())].into());
            }), "brands.0.texts.ES.menu-home"),
            (Box::new(|it| {
                let brands = it.brands.as_mut().expect("brands");
                brands.push(brands[0].clone());
            }), "brands.2.name"),
            (Box::new(|it| { it.brands.as_mut().expect("brands")[1].default = true; }),
                "brands.1.default"),
            (Box::new(|it| { it.files.as_mut().expect("files").insert("x".into(), "?".into()); }),
                "files.x"),
            (Box::new(|it| {
                it.files.as_mut().expect("files").insert("x.png".into(), "aGVsbG8=".into());
            }), "files.x.png"),
            (Box::new(|it| {
                it.files.as_mut().expect("files").insert("../x".into(), "aGVsbG8=".into());
            }), "files.../x"),
        ];
        for (edit, path) in cases {
            let mut wanted = before.clone();
            // What is sound beside it is not kept either.
            wanted.organisation.as_mut().expect("it").name = "Mallory".to_owned();
            edit(&mut wanted);
            assert_eq!(paths(world.apply(&wanted, REMOVE).await), [path]);
        }
        assert_eq!(world.export().await, before);
    }

    async fn what_is_not_named_goes_only_where_that_is_asked_for(db: TestDatabase) {
        let world = World::on(db).await;
        world.furnish().await;
        let before = world.export().await;
        let mut wanted = before.clone();
        wanted.brands.as_mut().expect("brands").truncate(1);
        wanted.files = None;
        first(&mut wanted).domains = Some(vec!["new.acme.test".to_owned()]);
        let removals = ["brand Nimbus \"Cloud\"", "domain billing.acme.test"];
        let shown = world.apply(&wanted, DRY).await.expect("a dry run");
        assert_eq!(shown.removals, removals);
        let refused = world.apply(&wanted, KEEP).await;
        assert!(matches!(refused, Err(Rejection::Conflict { .. })), "{refused:?}");
        assert_eq!(world.export().await, before);
        let nimbus = &world.core.list_brands(&world.system()).await.expect("brands")[1];
        let id = nimbus.record.brand.id.to_string();
        let input = json!({"external_id": "n", "name": "N", "brand_id": id});
        world.save::<CustomerRecord>(input).await;
        let kept = world.apply(&wanted, REMOVE).await;
        assert!(matches!(kept, Err(Rejection::Conflict { .. })), "it has customers: {kept:?}");
        let mut default_gone = before.clone();
        default_gone.brands.as_mut().expect("brands").remove(0);
        let kept = world.apply(&default_gone, REMOVE).await;
        assert!(matches!(kept, Err(Rejection::Conflict { .. })), "the default one: {kept:?}");
        let moved = json!({"brand_id": world.brand.id.to_string()});
        let key = portico_core::records::RecordKey::new("n");
        let patched =
            world.core.patch_record::<CustomerRecord>(&world.system(), &key, &moved).await;
        patched.expect("moved");
        assert!(world.apply(&wanted, REMOVE).await.expect("applied").applied);
        let after = world.export().await;
        assert_eq!(after.brands.map(|brands| brands.len()), Some(1));
        assert_eq!(after.files, before.files, "a table that is absent is left as it is");
    }

    async fn nothing_of_another_organisation_is_touched(db: TestDatabase) {
        let world = World::on(db).await;
        let other = common::organisation(&world.core, "Other").await;
        let theirs = common::brand(&world.core, other.id, "pay.other.test").await;
        let mut wanted = world.export().await;
        first(&mut wanted).domains.as_mut().expect("domains").push("pay.other.test".to_owned());
        let refused = world.apply(&wanted, KEEP).await;
        let Err(Rejection::Conflict { field, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(field, "brands.0.domains.1");
        let named = Configuration {
            format: 1,
            brands: Some(vec![BrandEntry {
                domains: Some(vec![world.brand.hosts[0].clone()]),
                ..entry(&theirs.id.to_string())
            }]),
            ..Configuration::default()
        };
        world.apply(&named, KEEP).await.expect("a name is a name");
        let untouched = world.core.find_brand(&Caller::system(other.id), theirs.id).await;
        assert_eq!(untouched.expect("it").record.brand, theirs);
    }
}

#[tokio::test]
async fn a_part_leaves_the_rest_as_it_is() {
    let world = World::new().await;
    world.furnish().await;
    let before = world.export().await;
    let part = Configuration {
        format: 1,
        organisation: before.organisation.clone().map(|it| {
            let legal_name = None;
            OrganisationEntry { legal_name, ..it }
        }),
        ..Configuration::default()
    };
    let applied = world.apply(&part, KEEP).await.expect("applied");
    assert_eq!(applied.differences.len(), 1, "{applied:?}");
    let expected = Configuration { organisation: part.organisation, ..before };
    assert_eq!(world.export().await, expected);
}

#[tokio::test]
async fn it_takes_all_permissions_together() {
    let world = World::new().await;
    let configuration = world.export().await;
    for lacking in [Permission::Read, Permission::EditBrands, Permission::EditOrganisation] {
        let others: Vec<Permission> =
            Permission::ALL.into_iter().filter(|it| *it != lacking).collect();
        let permissions = Permissions::from(others);
        let caller = Caller { permissions, ..world.system() };
        let read = world.core.configuration(&caller).await;
        assert!(matches!(read, Err(Rejection::Forbidden(_))), "{read:?}");
        let applied = world.core.apply_configuration(&caller, &configuration, DRY, &Rules).await;
        assert!(matches!(applied, Err(Rejection::Forbidden(_))), "{applied:?}");
    }
}
