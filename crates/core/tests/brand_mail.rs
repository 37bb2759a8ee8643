//! How a brand mails: its server, its words, and who may change them.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::World;
use portico_billing::brand::BrandText;
use portico_billing::permission::Permissions;
use portico_billing::smtp::SmtpSecurity;
use portico_core::Caller;
use portico_core::brand_mail::{BrandMailError, SmtpInput};
use portico_core::mail::MailWording;
use portico_core_api::CoreApi;
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_testkit::TestDatabase;

const CANARY: &str = "canary-hunter2";

fn input() -> SmtpInput {
    SmtpInput {
        server: "mail.acme.example".to_owned(),
        username: "billing".to_owned(),
        password: CANARY.to_owned(),
        from_address: "billing@acme.example".to_owned(),
        ..SmtpInput::default()
    }
}

fn faults(error: BrandMailError) -> Vec<&'static str> {
    match error {
        BrandMailError::Invalid(faults) => faults.iter().map(|fault| fault.field).collect(),
        other => panic!("{other}"),
    }
}

async fn worlds() -> Vec<World> {
    let mut worlds = vec![World::new().await];
    if let Some(database) = TestDatabase::postgres().await {
        worlds.push(World::on(database).await);
    }
    worlds
}

async fn audit_log(world: &World) -> String {
    let mut read = world.db.store.read(world.organisation.id).await.expect("the database");
    let lines =
        read.audit_entries(AuditFilter::default(), Position::START, 200).await.expect("lines");
    format!("{lines:?}")
}

#[tokio::test]
async fn a_server_is_saved_kept_and_taken_away() {
    for world in worlds().await {
        let (core, caller, brand) = (&world.core, &world.caller, world.brand.id);
        assert_eq!(core.brand_smtp(caller, brand).await.expect("an answer"), None);
        let saved = core.save_brand_smtp(caller, brand, &input()).await.expect("saved");
        assert_eq!((saved.port, saved.has_password), (587, true));
        // A password that is left empty stays, as long as it goes to the same server.
        let kept = SmtpInput { password: String::new(), falls_back: true, ..input() };
        let saved = core.save_brand_smtp(caller, brand, &kept).await.expect("saved");
        assert!(saved.has_password && saved.falls_back);
        for elsewhere in [
            SmtpInput { server: "mail.evil.example".to_owned(), ..kept.clone() },
            SmtpInput { port: 2_525, ..kept.clone() },
            SmtpInput { security: SmtpSecurity::Tls, ..kept.clone() },
            SmtpInput { username: "other".to_owned(), ..kept.clone() },
        ] {
            let error = core.save_brand_smtp(caller, brand, &elsewhere).await.expect_err("refused");
            assert_eq!(faults(error), ["password"]);
        }
        let nobody = SmtpInput { username: String::new(), ..kept };
        let saved = core.save_brand_smtp(caller, brand, &nobody).await.expect("saved");
        assert!(!saved.has_password);
        core.remove_brand_smtp(caller, brand).await.expect("removed");
        assert_eq!(core.brand_smtp(caller, brand).await.expect("an answer"), None);
        let log = audit_log(&world).await;
        assert!(log.contains("brand_smtp.saved") && log.contains("brand_smtp.removed"), "{log}");
        assert!(!log.contains(CANARY), "{log}");
    }
}

#[tokio::test]
async fn only_who_may_edit_brands_sees_or_changes_how_they_mail() {
    let world = World::new().await;
    let (core, brand) = (&world.core, world.brand.id);
    let nobody = Caller { permissions: Permissions::NONE, ..world.caller };
    let text = BrandText {
        language: "en".parse().expect("a tag"),
        key: "nav-invoices".to_owned(),
        text: "Bills".to_owned(),
    };
    let wording = MailWording { subject: "x".to_owned(), body: "y".to_owned() };
    let key = (brand, "sign-in-link", &text.language);
    let refused = [
        core.brand_smtp(&nobody, brand).await.map(drop),
        core.save_brand_smtp(&nobody, brand, &input()).await.map(drop),
        core.remove_brand_smtp(&nobody, brand).await,
        core.mail_templates(&nobody, brand).await.map(drop),
        core.save_mail_template(&nobody, key, &wording).await,
        core.reset_mail_template(&nobody, key).await,
        core.own_texts(&nobody, brand).await.map(drop),
        core.save_own_text(&nobody, brand, &text).await,
        core.reset_own_text(&nobody, brand, (&text.language, "nav-invoices")).await,
    ];
    for answer in refused {
        assert!(matches!(answer, Err(BrandMailError::Forbidden(_))), "{answer:?}");
    }
    let other = common::organisation(core, "Other").await;
    let stranger = Caller::system(other.id);
    let absent = [
        core.brand_smtp(&stranger, brand).await.map(drop),
        core.save_brand_smtp(&stranger, brand, &input()).await.map(drop),
        core.save_mail_template(&stranger, key, &wording).await,
        core.save_own_text(&stranger, brand, &text).await,
    ];
    for answer in absent {
        assert!(matches!(answer, Err(BrandMailError::NotFound)), "{answer:?}");
    }
}

#[tokio::test]
async fn mails_get_their_own_words_and_the_shipped_ones_back() {
    for world in worlds().await {
        let (core, caller, brand) = (&world.core, &world.caller, world.brand.id);
        let language = "en".parse().expect("a tag");
        let key = (brand, "sign-in-link", &language);
        let mut wording = MailWording { subject: " Hi ".to_owned(), body: "{{url}}".to_owned() };
        core.save_mail_template(caller, key, &wording).await.expect("saved");
        wording.body = "Now: {{url}}".to_owned();
        core.save_mail_template(caller, key, &wording).await.expect("saved");
        let own = core.mail_templates(caller, brand).await.expect("mails");
        assert_eq!(own.len(), 1);
        assert_eq!((own[0].subject.as_str(), own[0].body.as_str()), ("Hi", "Now: {{url}}"));
        for (field, bad) in [
            ("subject", MailWording { subject: "a\r\nBcc: b@c.d".to_owned(), ..wording.clone() }),
            ("subject", MailWording { subject: "x".repeat(201), ..wording.clone() }),
            ("body", MailWording { body: "x".repeat(10_001), ..wording.clone() }),
            ("body", MailWording { body: "a\u{1}".to_owned(), ..wording.clone() }),
        ] {
            let error = core.save_mail_template(caller, key, &bad).await.expect_err("refused");
            assert_eq!(faults(error), [field]);
        }
        let unknown = core.save_mail_template(caller, (brand, "absent", &language), &wording).await;
        assert!(matches!(unknown, Err(BrandMailError::NotFound)));
        core.reset_mail_template(caller, key).await.expect("reset");
        assert!(core.mail_templates(caller, brand).await.expect("mails").is_empty());
    }
}

#[tokio::test]
async fn each_change_of_a_text_is_another_version() {
    for world in worlds().await {
        let (core, caller, brand) = (&world.core, &world.caller, world.brand.id);
        let host = world.brand.hosts[0].clone();
        let version = || async {
            let found = core.brand_by_host(&host).await.expect("an answer").expect("a brand");
            found.texts_version
        };
        assert_eq!(version().await, 0);
        let mut text = BrandText {
            language: "en".parse().expect("a tag"),
            key: "nav-invoices".to_owned(),
            text: "Bills".to_owned(),
        };
        core.save_own_text(caller, brand, &text).await.expect("saved");
        let first = version().await;
        text.text = "Papers".to_owned();
        core.save_own_text(caller, brand, &text).await.expect("saved");
        let second = version().await;
        assert!(first > 0 && second > first, "{first} {second}");
        assert_eq!(core.brand_texts(brand).await.expect("texts"), [text.clone()]);
        core.reset_own_text(caller, brand, (&text.language, &text.key)).await.expect("reset");
        assert_eq!(version().await, 0);
        assert!(core.brand_texts(brand).await.expect("texts").is_empty());
    }
}

#[test]
fn prv_02_settings_do_not_print_their_password() {
    assert!(!format!("{:?}", input()).contains(CANARY));
}
