//! The whole configuration of an organisation: read, compared, applied.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_billing::brand::{BrandText, ProfileField};
use portico_billing::domain::Claim;
use portico_billing::permission::{Permission, Permissions};
use portico_billing::section::Section;
use portico_billing::smtp::SmtpSecurity;
use portico_billing::{AssetId, BrandId, LanguageTag, OperatorId};
use portico_core::configuration::{
    Applied, ApplyOptions, BrandEntry, Configuration, DifferenceKind, MailEntry, SecretSource,
    SmtpEntry, WordingRules,
};
use portico_core::files::{FileError, FileKind, NewFile};
use portico_core::looks::{LegalLinkInput, LooksInput};
use portico_core::mail::MailWording;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::{InputFault, Rejection};
use portico_core::{Caller, Who};
use portico_store::Position;
use portico_store::asset::StoredAsset;
use portico_store::audit::{AuditEntry, AuditFilter};
use portico_testkit::{TestDatabase, both_engines};
use serde_json::json;

use crate::common::{self, World};

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>\
    <rect width='40' height='20' fill='#2f5bea'/></svg>";

/// Refuses what says that it is bad.
struct Rules;

impl Rules {
    fn judge(field: &str, text: &str) -> Vec<InputFault> {
        let fault = InputFault { field: field.to_owned(), message: "is bad".to_owned() };
        if text.contains("BAD") { vec![fault] } else { Vec::new() }
    }
}

impl WordingRules for Rules {
    fn looks(&self, looks: &LooksInput) -> Vec<InputFault> {
        Self::judge("css", &looks.css)
    }

    fn mail(&self, _: &str, _: &LanguageTag, wording: &MailWording) -> Vec<InputFault> {
        Self::judge("body", &wording.body)
    }

    fn text(&self, text: &BrandText) -> Vec<InputFault> {
        Self::judge("", &text.text)
    }
}

const KEEP: ApplyOptions = ApplyOptions { dry_run: false, remove: false };
const REMOVE: ApplyOptions = ApplyOptions { dry_run: false, remove: true };
const DRY: ApplyOptions = ApplyOptions { dry_run: true, remove: false };

impl World {
    fn system(&self) -> Caller {
        Caller::system(self.organisation.id)
    }

    async fn export(&self) -> Configuration {
        self.core.configuration(&self.system()).await.expect("a configuration")
    }

    async fn apply(
        &self,
        configuration: &Configuration,
        options: ApplyOptions,
    ) -> Result<Applied, Rejection> {
        self.core.apply_configuration(&self.system(), configuration, options, &Rules).await
    }

    async fn log(&self) -> Vec<AuditEntry> {
        let mut read = self.db.store.read(self.organisation.id).await.expect("a connection");
        let found = read.audit_entries(AuditFilter::default(), Position::START, 500).await;
        found.expect("entries")
    }

    /// Two brands with something of everything.
    async fn furnish(&self) {
        let picture = |name: &str, kind| NewFile {
            name: name.to_owned(),
            kind,
            bytes: SVG.as_bytes().to_vec(),
        };
        let caller = self.system();
        for kind in [FileKind::Logo, FileKind::Icon] {
            self.core.upload_file(&caller, picture("logo.svg", kind)).await.expect("a file");
        }
        self.customer("template").await;
        let mut configuration = self.export().await;
        let organisation = configuration.organisation.as_mut().expect("the organisation");
        organisation.legal_name = Some("Acme GmbH".to_owned());
        organisation.address.country = Some("DE".to_owned());
        organisation.address.city = Some("Köln".to_owned());
        organisation.invoice_prefix = "2026/".to_owned();
        organisation.require_second_factor = Some(true);
        let brands = configuration.brands.as_mut().expect("brands");
        brands[0] = furnished(brands[0].clone());
        brands.push(BrandEntry {
            domains: Some(vec!["pay.nimbus.test".to_owned(), "b.nimbus.test".to_owned()]),
            ..furnished(entry("Nimbus \"Cloud\""))
        });
        self.apply(&configuration, KEEP).await.expect("applied");
    }
}

fn entry(name: &str) -> BrandEntry {
    serde_json::from_value(json!({ "name": name })).expect("an entry")
}

fn furnished(brand: BrandEntry) -> BrandEntry {
    let mail = MailEntry {
        subject: "Hello {{name}}".to_owned(),
        body: "Hello,\n\n{{action_button}}\n".to_owned(),
    };
    let sign_up =
        json!({"customers": true, "template_customer": "template", "currencies": ["EUR"]});
    BrandEntry {
        default_language: "es".to_owned(),
        editable_fields: vec![ProfileField::Name],
        hidden_sections: vec![Section::Balance, Section::Exports],
        sign_up: serde_json::from_value(sign_up).expect("settings"),
        looks: Some(LooksInput {
            accent: "#112233".to_owned(),
            logo: Some("logo.svg".to_owned()),
            favicon: Some("logo.svg (2)".to_owned()),
            css: "a {\n  background: url(/brand/files/{logo.svg});\n}".to_owned(),
            script: "let a = '\\\\';\nlet b = \"'''\";".to_owned(),
            legal_links: vec![LegalLinkInput {
                label: "Terms".to_owned(),
                url: "https://acme.test/terms".to_owned(),
            }],
            ..LooksInput::default()
        }),
        smtp: Some(SmtpEntry {
            server: Some("mail.acme.test".to_owned()),
            port: Some(465),
            security: Some(SmtpSecurity::Tls),
            username: Some("acme".to_owned()),
            password: Some("s3cret-word".to_owned()),
            from_address: Some("billing@acme.test".to_owned()),
            ..SmtpEntry::default()
        }),
        mail_templates: Some(
            [("sign-in-link".to_owned(), [("en".to_owned(), mail)].into())].into(),
        ),
        texts: Some(
            [("es".to_owned(), [("menu-home".to_owned(), "Mi casa".to_owned())].into())].into(),
        ),
        ..brand
    }
}

/// The first brand of a configuration.
fn first(configuration: &mut Configuration) -> &mut BrandEntry {
    &mut configuration.brands.as_mut().expect("brands")[0]
}

/// The paths that are at fault.
#[track_caller]
fn paths(outcome: Result<Applied, Rejection>) -> Vec<String> {
    match outcome {
        Err(Rejection::Invalid(faults)) => faults.into_iter().map(|it| it.field).collect(),
        other => panic!("not refused for its values: {other:?}"),
    }
}

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

    async fn domains_move_and_brands_are_renamed(db: TestDatabase) {
        let world = World::on(db).await;
        world.furnish().await;
        let ids = |listed: Vec<portico_core::brands::ListedBrand>| -> Vec<(BrandId, String)> {
            listed.into_iter().map(|it| (it.record.brand.id, it.record.brand.name)).collect()
        };
        let before = ids(world.core.list_brands(&world.system()).await.expect("brands"));
        let mut wanted = world.export().await;
        let brands = wanted.brands.as_mut().expect("brands");
        brands[0].name = "Acme Telecom".to_owned();
        brands[1].domains.as_mut().expect("domains").remove(1);
        brands[0].default = false;
        brands[1].default = true;
        world.apply(&wanted, REMOVE).await.expect("applied");
        let after = ids(world.core.list_brands(&world.system()).await.expect("brands"));
        let [(acme, _), (nimbus, name)] = &before[..] else { panic!("{before:?}") };
        assert_eq!(after, [(*nimbus, name.clone()), (*acme, "Acme Telecom".to_owned())]);
        let mut wanted = world.export().await;
        let brands = wanted.brands.as_mut().expect("brands");
        let moved = brands[0].domains.as_mut().expect("domains").remove(0);
        brands[1].domains.as_mut().expect("domains").push(moved);
        world.apply(&wanted, REMOVE).await.expect("applied");
        let hosts = world.export().await.brands.expect("brands").remove(1).domains;
        let expected = ["billing.acme.test", "pay.nimbus.test"].map(str::to_owned);
        assert_eq!(hosts, Some(expected.to_vec()));
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
            portico_core::configuration::OrganisationEntry { legal_name, ..it }
        }),
        ..Configuration::default()
    };
    let applied = world.apply(&part, KEEP).await.expect("applied");
    assert_eq!(applied.differences.len(), 1, "{applied:?}");
    let expected = Configuration { organisation: part.organisation, ..before };
    assert_eq!(world.export().await, expected);
}

#[tokio::test]
async fn a_draft_stays_a_draft() {
    let world = World::new().await;
    let (core, caller, id) = (&world.core, world.system(), world.brand.id);
    let state = core.brand_looks(&caller, id).await.expect("looks");
    let draft = LooksInput { accent: "#aa0000".to_owned(), ..LooksInput::default() };
    core.save_looks_draft(&caller, id, (state.base, &draft)).await.expect("a draft");
    let mut wanted = world.export().await;
    assert_ne!(first(&mut wanted).looks.as_ref().expect("looks").accent, "#aa0000");
    first(&mut wanted).looks.as_mut().expect("looks").accent = "#00aa00".to_owned();
    world.apply(&wanted, KEEP).await.expect("applied");
    let state = core.brand_looks(&caller, id).await.expect("looks");
    assert_eq!(state.brand.theme.accent, "#00aa00");
    assert_eq!(state.looks.theme.accent, "#aa0000");
    core.publish_looks(&caller, id, state.base).await.expect("published");
}

#[tokio::test]
async fn a_picture_that_changes_takes_the_place_of_the_old_one() {
    let world = World::new().await;
    world.furnish().await;
    let mut wanted = world.export().await;
    let files = wanted.files.as_mut().expect("files");
    let other = files["logo.svg (2)"].clone();
    files.insert("logo.svg".to_owned(), other.clone());
    world.apply(&wanted, KEEP).await.expect("applied");
    let after = world.export().await;
    assert_eq!(after.files.as_ref().map(|files| files["logo.svg"] == other), Some(true));
    assert_eq!(after.brands, wanted.brands);
    assert_eq!(world.apply(&wanted, KEEP).await.expect("again"), Applied::default());
    wanted.files.as_mut().expect("files").remove("logo.svg");
    let kept = world.apply(&wanted, KEEP).await;
    let [css, logo] = ["css", "logo"].map(|it| format!("brands.0.looks.{it}"));
    assert_eq!(paths(kept)[..2], [css, logo]);
    first(&mut wanted).looks = None;
    wanted.brands.as_mut().expect("brands")[1].looks = None;
    let kept = world.apply(&wanted, KEEP).await;
    assert!(matches!(kept, Err(Rejection::Conflict { .. })), "it is shown: {kept:?}");
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

#[tokio::test]
async fn a_dry_run_by_others_says_nothing_of_a_stored_password() {
    let world = World::new().await;
    world.furnish().await;
    let operator = OperatorId::new(jiff::Timestamp::UNIX_EPOCH, [7; 10]);
    let caller = Caller { who: Who::Operator(operator), ..world.system() };
    let mut wanted = world.export().await;
    for guess in ["wrong", "s3cret-word"] {
        first(&mut wanted).smtp.as_mut().expect("smtp").password = Some(guess.to_owned());
        let shown = world.core.apply_configuration(&caller, &wanted, DRY, &Rules).await;
        let paths: Vec<String> =
            shown.expect("a dry run").differences.into_iter().map(|it| it.path).collect();
        assert_eq!(paths, ["brands.Acme.smtp.password"], "{guess}");
    }
    assert_eq!(world.apply(&wanted, DRY).await.expect("a dry run").differences, []);
}

#[tokio::test]
async fn a_mail_server_goes_only_where_that_is_asked_for_and_the_second_factor_stays() {
    let world = World::new().await;
    world.furnish().await;
    let mut wanted = world.export().await;
    wanted.organisation.as_mut().expect("it").require_second_factor = None;
    assert_eq!(world.apply(&wanted, KEEP).await.expect("applied"), Applied::default());
    first(&mut wanted).smtp = Some(SmtpEntry::default());
    let refused = world.apply(&wanted, KEEP).await;
    assert!(matches!(refused, Err(Rejection::Conflict { .. })), "{refused:?}");
    let applied = world.apply(&wanted, REMOVE).await.expect("applied");
    assert_eq!(applied.removals, ["mail server of Acme"]);
    let mut after = world.export().await;
    assert_eq!(first(&mut after).smtp, Some(SmtpEntry::default()));
    assert_eq!(after.organisation.expect("it").require_second_factor, Some(true));
}

/// A picture that is none of the others.
fn another(colour: &str) -> String {
    STANDARD.encode(SVG.replace("#2f5bea", colour))
}

#[tokio::test]
async fn all_that_shows_a_picture_shows_the_one_that_takes_its_place() {
    let world = World::new().await;
    world.furnish().await;
    let (core, caller, id) = (&world.core, world.system(), world.brand.id);
    let before = core.brand_looks(&caller, id).await.expect("looks");
    let draft = LooksInput { accent: "#aa0000".to_owned(), ..LooksInput::of(&before.looks) };
    core.save_looks_draft(&caller, id, (before.base, &draft)).await.expect("a draft");
    let exported = world.export().await;
    let mut files = exported.files.clone().expect("files");
    let favicon = files["logo.svg (2)"].clone();
    files.insert("logo.svg".to_owned(), another("#aa0000"));
    let part = Configuration { format: 1, files: Some(files.clone()), ..Configuration::default() };
    let applied = world.apply(&part, KEEP).await.expect("applied");
    let paths: Vec<&str> = applied.differences.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["files.\"logo.svg\""]);
    let after = core.brand_looks(&caller, id).await.expect("looks");
    let (old, new) = (before.brand.theme.logo.expect("it"), after.brand.theme.logo.expect("it"));
    assert_ne!(old, new, "browsers keep what they once had from an address");
    assert_eq!(after.brand.theme.favicon, before.brand.theme.favicon);
    for looks in [after.brand.looks(), after.looks.clone()] {
        assert_eq!(looks.theme.logo, Some(new));
        assert!(looks.custom.css.contains(&new.to_string()), "{}", looks.custom.css);
        assert!(!looks.custom.css.contains(&old.to_string()), "{}", looks.custom.css);
    }
    assert_eq!(after.looks.theme.accent, "#aa0000", "the draft stays what it was otherwise");
    let now = world.export().await;
    assert_eq!(now.brands, exported.brands, "the names are those of before");
    assert_eq!(now.files.as_ref().map(|it| &it["logo.svg (2)"]), Some(&favicon));
    assert_eq!(world.apply(&part, KEEP).await.expect("again"), Applied::default());
    core.publish_looks(&caller, id, after.base).await.expect("published");
}

#[tokio::test]
async fn pictures_are_counted_when_those_that_go_are_gone() {
    let world = World::new().await;
    let mut write = world.db.store.write(world.organisation.id).await.expect("a connection");
    for at in 0..200 {
        let (name, bytes) = (format!("{at}.svg"), vec![at]);
        let stored = StoredAsset { name, bytes, ..StoredAsset::default() };
        let id = AssetId::new(world.core.now(), [at; 10]);
        write.insert_asset(id, &stored, world.core.now()).await.expect("a picture");
    }
    write.commit().await.expect("kept");
    let mut files = world.export().await.files.expect("files");
    let part = |files| Configuration { format: 1, files: Some(files), ..Configuration::default() };
    files.insert("0.svg".to_owned(), another("#ff0000"));
    files.remove("1.svg");
    files.insert("new.svg".to_owned(), another("#ff0001"));
    assert!(world.apply(&part(files.clone()), KEEP).await.expect("applied").applied);
    let bad = (0..100).map(|at| (format!("{at}.svg"), "aGVsbG8=".to_owned())).collect();
    assert_eq!(paths(world.apply(&part(bad), KEEP).await).len(), 5, "the rest is not looked at");
    let one_more = NewFile {
        name: "more.svg".to_owned(),
        kind: FileKind::Logo,
        bytes: SVG.as_bytes().to_vec(),
    };
    let refused = world.core.upload_file(&world.system(), one_more).await;
    assert!(matches!(refused, Err(FileError::TooMany)), "{refused:?}");
}

#[tokio::test]
async fn a_lapsed_claim_is_freed_only_by_what_is_applied() {
    let world = World::new().await;
    let other = common::organisation(&world.core, "Other").await;
    let theirs = common::brand(&world.core, other.id, "pay.other.test").await;
    let claim = Claim::new("0a1b2c3d".to_owned(), world.core.now());
    let mut write = world.db.store.write(other.id).await.expect("a connection");
    write.insert_domain(theirs.id, "pay.acme.test", Some(&claim)).await.expect("claimed");
    write.commit().await.expect("kept");
    world.wait(60 * 60 * 24 * 30);
    let mut wanted = world.export().await;
    first(&mut wanted).domains.as_mut().expect("domains").push("pay.acme.test".to_owned());
    let is_theirs = async || {
        let mut directory = world.db.store.directory().await.expect("a connection");
        let holder = directory.host_holder("pay.acme.test").await.expect("an answer");
        holder.map(|(organisation, _)| organisation) == Some(other.id)
    };
    let shown = world.apply(&wanted, DRY).await.expect("a dry run");
    assert_eq!(shown.differences.len(), 1);
    assert!(is_theirs().await, "nothing is changed by a dry run");
    let mut bad = wanted.clone();
    first(&mut bad).looks.as_mut().expect("looks").css = "BAD".to_owned();
    assert_eq!(paths(world.apply(&bad, KEEP).await), ["brands.0.looks.css"]);
    assert!(is_theirs().await, "nothing is changed by what is refused");
    let done = world.apply(&wanted, KEEP).await.expect("applied");
    assert_eq!((done.differences, done.applied), (shown.differences, true));
    assert!(!is_theirs().await);
}
