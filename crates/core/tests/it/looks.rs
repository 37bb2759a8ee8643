//! Files and looks: uploaded, drafted, published, rolled back.

use crate::common::{self, World, brand};
use portico_billing::AssetId;
use portico_billing::brand::Brand;
use portico_billing::permission::{Permission, Permissions};
use portico_core::Caller;
use portico_core::files::{FileError, FileKind, FilePlace, NewFile};
use portico_core::looks::{LooksError, LooksInput};
use portico_core::records::invoice::InvoiceRecord;
use portico_core_api::{CoreApi as _, Refusal};
use portico_testkit::both_engines;
use serde_json::json;

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>\
    <rect width='40' height='20' fill='#2f5bea'/></svg>";

async fn upload(world: &World, name: &str) -> AssetId {
    let new =
        NewFile { name: name.to_owned(), kind: FileKind::Logo, bytes: SVG.as_bytes().to_vec() };
    world.core.upload_file(&world.caller, new).await.expect("a file").entry.id
}

/// Saves a draft over whatever is there, and publishes it.
async fn publish(world: &World, input: &LooksInput) -> u32 {
    let (core, caller, id) = (&world.core, &world.caller, world.brand.id);
    let base = core.brand_looks(caller, id).await.expect("looks").base;
    let base = core.save_looks_draft(caller, id, (base, input)).await.expect("a draft");
    core.publish_looks(caller, id, base).await.expect("a version")
}

async fn shown(world: &World) -> Brand {
    let found = world.core.brand_by_host("billing.acme.test").await.expect("an answer");
    found.expect("a brand")
}

fn footer(text: &str) -> LooksInput {
    LooksInput { footer: Some(text.to_owned()), ..LooksInput::default() }
}

both_engines! {
    async fn a_draft_is_shown_once_it_is_published(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller, id) = (&world.core, &world.caller, world.brand.id);
        let began = core.brand_looks(caller, id).await.expect("looks");
        assert!(began.draft.is_none() && began.versions.is_empty());
        let base = core.save_looks_draft(caller, id, (began.base, &footer("One"))).await;
        let base = base.expect("a draft");
        assert_eq!(shown(&world).await.footer, None);
        assert_eq!(core.publish_looks(caller, id, base).await.expect("a version"), 1);
        let brand = shown(&world).await;
        assert_eq!((brand.footer.as_deref(), brand.looks_version), (Some("One"), 1));
        assert_eq!(brand.hosts, ["billing.acme.test"]);
        let state = core.brand_looks(caller, id).await.expect("looks");
        let numbers: Vec<u32> = state.versions.iter().map(|it| it.version).collect();
        assert_eq!((state.draft, numbers), (None, vec![1, 0]));
    }

    async fn one_comes_back_to_any_version_and_keeps_the_draft(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller, id) = (&world.core, &world.caller, world.brand.id);
        publish(&world, &footer("One")).await;
        publish(&world, &footer("Two")).await;
        let base = core.brand_looks(caller, id).await.expect("looks").base;
        core.save_looks_draft(caller, id, (base, &footer("Three"))).await.expect("a draft");
        assert_eq!(core.roll_back_looks(caller, (id, 1)).await.expect("a version"), 3);
        assert_eq!(shown(&world).await.footer.as_deref(), Some("One"));
        let state = core.brand_looks(caller, id).await.expect("looks");
        assert_eq!(state.looks.footer.as_deref(), Some("Three"));
        assert_eq!(state.draft.map(|draft| draft.version), Some(4));
        assert_eq!(core.publish_looks(caller, id, state.base).await.expect("a version"), 4);
        assert_eq!(core.roll_back_looks(caller, (id, 0)).await.expect("a version"), 5);
        assert_eq!(shown(&world).await.footer, None);
        let gone = core.roll_back_looks(caller, (id, 9)).await;
        assert!(matches!(gone, Err(LooksError::NotFound)), "{gone:?}");
    }

    async fn nobody_writes_over_what_another_saved_meanwhile(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller, id) = (&world.core, &world.caller, world.brand.id);
        let base = core.brand_looks(caller, id).await.expect("looks").base;
        let first = core.save_looks_draft(caller, id, (base, &footer("Ana"))).await;
        let first = first.expect("a draft");
        let late = core.save_looks_draft(caller, id, (base, &footer("Bo"))).await;
        assert!(matches!(late, Err(LooksError::Stale)), "{late:?}");
        let second = core.save_looks_draft(caller, id, (first, &footer("Cy"))).await;
        let second = second.expect("a draft");
        let late = core.publish_looks(caller, id, first).await;
        assert!(matches!(late, Err(LooksError::Stale)), "{late:?}");
        let late = core.discard_looks_draft(caller, id, first).await;
        assert!(matches!(late, Err(LooksError::Stale)), "{late:?}");
        core.discard_looks_draft(caller, id, second).await.expect("no draft");
        let none = core.publish_looks(caller, id, base).await;
        assert!(matches!(none, Err(LooksError::NoDraft)), "{none:?}");
    }

    async fn a_file_is_not_removed_while_looks_with_it_are_saved(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller, id) = (&world.core, &world.caller, world.brand.id);
        for round in 0..12 {
            let logo = upload(&world, &format!("{round}.svg")).await;
            let looks = LooksInput { logo: Some(logo.to_string()), ..LooksInput::default() };
            let base = core.brand_looks(caller, id).await.expect("looks").base;
            let (removed, saved) = tokio::join!(
                core.remove_file(caller, logo),
                core.save_looks_draft(caller, id, (base, &looks)),
            );
            match (removed, saved) {
                (Ok(()), Err(LooksError::Invalid(_))) | (Err(FileError::InUse(_)), Ok(_)) => {}
                both => panic!("one of them, for its reason: {both:?}"),
            }
        }
    }

    async fn a_file_is_removed_once_nothing_shows_it(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller, id) = (&world.core, &world.caller, world.brand.id);
        let logo = upload(&world, "C:\\logo.svg").await;
        let spare = upload(&world, "spare.svg").await;
        let looks = LooksInput {
            logo: Some(logo.to_string()),
            css: format!("a {{ background: url(/brand/files/{spare}) }}"),
            ..LooksInput::default()
        };
        let base = core.brand_looks(caller, id).await.expect("looks").base;
        let base = core.save_looks_draft(caller, id, (base, &looks)).await.expect("a draft");
        let found = core.list_files(caller).await.expect("files");
        let named: Vec<_> = found.iter().map(|it| it.entry.name.as_str()).collect();
        assert_eq!(named.len(), 2);
        assert!(named.contains(&"logo.svg"), "{named:?}");
        for (file, place) in [(logo, FilePlace::Logo), (spare, FilePlace::StyleSheet)] {
            let Err(FileError::InUse(uses)) = core.remove_file(caller, file).await else {
                panic!("a file in use was removed")
            };
            assert_eq!((uses[0].place, uses[0].is_draft), (place, true));
        }
        core.discard_looks_draft(caller, id, base).await.expect("no draft");
        core.remove_file(caller, spare).await.expect("removed");
        let gone = core.remove_file(caller, spare).await;
        assert!(matches!(gone, Err(FileError::NotFound)), "{gone:?}");
    }
}

#[tokio::test]
async fn a_logo_in_jpeg_is_on_documents() {
    let world = World::new().await;
    let mut bytes = std::io::Cursor::new(Vec::new());
    let photo = image::RgbImage::from_fn(64, 32, |x, y| image::Rgb([x as u8, y as u8, 128]));
    photo.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a photo");
    let bytes = bytes.into_inner();
    let new = NewFile { name: "logo.jpg".to_owned(), kind: FileKind::Logo, bytes };
    let file = world.core.upload_file(&world.caller, new).await.expect("a file").entry;
    assert_eq!(file.content_type, "image/jpeg");
    publish(&world, &LooksInput { logo: Some(file.id.to_string()), ..LooksInput::default() }).await;
    world.customer("c-1").await;
    let invoice = json!({
        "customer_id": "c-1", "number": "INV-1", "status": "open", "issued_on": "2026-02-01",
        "lines": [{"description": "Team", "unit_price": "10"}],
    });
    let invoice = world.save::<InvoiceRecord>(invoice).await;
    let pdf = world.core.invoice_pdf_for_staff(&world.caller, invoice.id).await;
    let pdf = pdf.expect("a PDF").bytes;
    assert!(pdf.windows(10).any(|window| window == b"/DCTDecode"), "the picture is not in it");
}

#[tokio::test]
async fn inj_02_what_is_kept_was_drawn_here() {
    let world = World::new().await;
    let id = upload(&world, "logo.svg").await;
    let kept = world.core.file_picture(&world.caller, id).await.expect("a picture");
    assert_eq!(kept.content_type, "image/png");
    assert!(kept.bytes.starts_with(b"\x89PNG"));
    for bytes in [&b"<html><script>alert(1)</script>"[..], b"%PDF-1.7", b"GIF89a<script>", b""] {
        let new =
            NewFile { name: "logo.png".to_owned(), kind: FileKind::Picture, bytes: bytes.to_vec() };
        let refused = world.core.upload_file(&world.caller, new).await;
        assert!(matches!(refused, Err(FileError::Picture(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn ten_06_a_brand_shows_its_own_files_alone() {
    let world = World::new().await;
    let other = brand(&world.core, world.organisation.id, "pay.other.test").await;
    let logo = upload(&world, "logo.svg").await;
    let secret = upload(&world, "next-year.svg").await;
    publish(&world, &LooksInput { logo: Some(logo.to_string()), ..LooksInput::default() }).await;
    let own = world.core.brand_asset(world.brand.id, logo).await.expect("the logo");
    assert_eq!(own.content_type, "image/png");
    for (brand, file) in [(other.id, logo), (world.brand.id, secret), (other.id, secret)] {
        assert_eq!(world.core.brand_asset(brand, file).await, Err(Refusal::NotFound));
    }
}

#[tokio::test]
async fn az_01_looks_and_files_take_their_permission() {
    let world = World::new().await;
    let permissions = Permissions::of(&[Permission::Read]);
    let reader = Caller { permissions, ..world.caller };
    let (core, id) = (&world.core, world.brand.id);
    let base = core.brand_looks(&reader, id).await.expect("looks").base;
    let refused = [
        core.save_looks_draft(&reader, id, (base, &footer("x"))).await.map(drop),
        core.publish_looks(&reader, id, base).await.map(drop),
        core.discard_looks_draft(&reader, id, base).await,
        core.roll_back_looks(&reader, (id, 0)).await.map(drop),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(LooksError::Forbidden(_))), "{refused:?}");
    }
    let new = NewFile { name: "a.svg".to_owned(), kind: FileKind::Logo, bytes: SVG.into() };
    let refused = core.upload_file(&reader, new).await;
    assert!(matches!(refused, Err(FileError::Forbidden(_))), "{refused:?}");
    // What is another organisation's is as if it were not there.
    let stranger = common::organisation(core, "Other").await;
    let stranger = Caller::system(stranger.id);
    let absent = core.brand_looks(&stranger, id).await;
    assert!(matches!(absent, Err(LooksError::NotFound)), "{absent:?}");
    let logo = upload(&world, "logo.svg").await;
    let absent = core.file_picture(&stranger, logo).await;
    assert!(matches!(absent, Err(FileError::NotFound)), "{absent:?}");
}
