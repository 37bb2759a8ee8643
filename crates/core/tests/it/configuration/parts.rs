//! What a configuration does to domains, looks, pictures and mail servers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_billing::domain::Claim;
use portico_billing::{AssetId, BrandId, OperatorId};
use portico_core::configuration::{Applied, Configuration, SmtpEntry};
use portico_core::files::{FileError, FileKind, NewFile};
use portico_core::looks::LooksInput;
use portico_core::records::Rejection;
use portico_core::{Caller, Who};
use portico_store::asset::StoredAsset;
use portico_testkit::both_engines;

use super::{DRY, KEEP, REMOVE, Rules, SVG, first, paths};
use crate::common::{self, World};

both_engines! {
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
