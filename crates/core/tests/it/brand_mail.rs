//! How a brand mails: its server, its words, and who may change them.

use crate::common::{self, EMAIL, PASSWORD, World, audit_log, origin, token, worlds};
use portico_billing::LanguageTag;
use portico_billing::account::CustomerKind;
use portico_billing::brand::{BrandText, SignUp};
use portico_billing::permission::{OperatorRole, Permissions};
use portico_billing::smtp::SmtpSecurity;
use portico_core::brand_mail::{BrandMailError, SmtpInput};
use portico_core::mail::{ClaimedMail, MailContent, MailRoute, MailWording, ProbeFault};
use portico_core::{Caller, NewInvitation, NewOperator};
use portico_core_api::{CoreApi, MailedLinkPurpose, NewSignUp};

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
async fn words_last_only_with_their_line_in_the_audit_log() {
    for world in worlds().await {
        let (core, caller, brand) = (&world.core, &world.caller, world.brand.id);
        let language: LanguageTag = "en".parse().expect("a tag");
        let text = |key: &str, text: &str| BrandText {
            language: language.clone(),
            key: key.to_owned(),
            text: text.to_owned(),
        };
        let wording =
            |subject: &str| MailWording { subject: subject.to_owned(), body: "Hello".to_owned() };
        let kept = (brand, "sign-in-link", &language);
        core.save_mail_template(caller, kept, &wording("Kept")).await.expect("saved");
        core.save_own_text(caller, brand, &text("nav-home", "Kept")).await.expect("saved");
        let words = async || {
            let mails = core.mail_templates(caller, brand).await.expect("mails");
            let texts = core.own_texts(caller, brand).await.expect("texts");
            (mails, texts, core.find_brand(caller, brand).await.expect("the brand").record)
        };
        let (before, log) = (words().await, audit_log(&world).await);

        world.db.execute("ALTER TABLE audit_entry RENAME TO audit_entry_away").await;
        let other = (brand, "password-reset", &language);
        let failed = [
            core.save_mail_template(caller, other, &wording("New")).await,
            core.save_mail_template(caller, kept, &wording("Changed")).await,
            core.reset_mail_template(caller, kept).await,
            core.save_own_text(caller, brand, &text("nav-invoices", "New")).await,
            core.save_own_text(caller, brand, &text("nav-home", "Changed")).await,
            core.reset_own_text(caller, brand, (&language, "nav-home")).await,
        ];
        for answer in failed {
            assert!(matches!(answer, Err(BrandMailError::Failure(_))), "{answer:?}");
        }
        world.db.execute("ALTER TABLE audit_entry_away RENAME TO audit_entry").await;
        assert_eq!((words().await, audit_log(&world).await), (before, log));
        core.save_mail_template(caller, other, &wording("New")).await.expect("saved");
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

#[tokio::test]
async fn a_password_that_was_sealed_with_another_key_is_the_servers_trouble_and_is_told() {
    for world in worlds().await {
        let (caller, brand) = (&world.caller, world.brand.id);
        world.ana().await;
        let stored = SmtpInput { falls_back: true, ..input() };
        let saved = world.core.save_brand_smtp(caller, brand, &stored).await.expect("saved");
        assert!(!saved.is_password_lost);
        let rotated = common::core_with_key(&world.db, &world.clock, 8);
        let ask = MailedLinkPurpose::SignIn;
        rotated.mail_link(brand, EMAIL, ask, origin()).await.expect("asked");
        let mails = rotated.claim_mails(10).await.expect("mails");
        let server = mails[0].server.as_ref().expect("the brand's own server");
        assert!(server.is_password_lost && server.falls_back && server.credentials.is_none());
        assert!(ProbeFault::PasswordLost.leaves_mail_to_others());
        rotated.mail_done(&mails[0]).await.expect("sent by the other server");
        let shown = rotated.brand_smtp(caller, brand).await.expect("an answer").expect("a server");
        assert!(shown.is_password_lost && shown.has_password);
        let kept = SmtpInput { password: String::new(), ..stored.clone() };
        let refused = rotated.save_brand_smtp(caller, brand, &kept).await.expect_err("refused");
        assert_eq!(faults(refused), ["password"]);
        let again = rotated.save_brand_smtp(caller, brand, &stored).await.expect("saved");
        assert!(!again.is_password_lost);
        rotated.mail_link(brand, EMAIL, ask, origin()).await.expect("asked");
        let mails = rotated.claim_mails(10).await.expect("mails");
        let server = mails[0].server.as_ref().expect("the brand's own server");
        assert_eq!(server.credentials, Some(("billing".to_owned(), CANARY.to_owned())));
    }
}

#[tokio::test]
async fn a_mail_that_a_server_got_and_did_not_answer_stays_with_that_server() {
    for world in worlds().await {
        world.ana().await;
        let core = &world.core;
        core.save_brand_smtp(&world.caller, world.brand.id, &input()).await.expect("saved");
        for route in [MailRoute::Brand, MailRoute::Installation] {
            let ask = MailedLinkPurpose::SignIn;
            core.mail_link(world.brand.id, EMAIL, ask, origin()).await.expect("asked");
            let mail = core.claim_mails(10).await.expect("mails").remove(0);
            assert_eq!(mail.bound_to, None);
            core.mail_unanswered(&mail, route).await.expect("noted");
            for error in ["no connection", "no connection"] {
                world.wait(600);
                let again = core.claim_mails(10).await.expect("mails").remove(0);
                assert_eq!((again.id, again.bound_to), (mail.id, Some(route)));
                core.mail_failed(&again, error).await.expect("noted");
            }
            world.wait(600);
            let last = core.claim_mails(10).await.expect("mails").remove(0);
            core.mail_done(&last).await.expect("done");
        }
    }
}

#[tokio::test]
async fn a_mail_is_bound_while_a_server_has_it_and_given_up_where_none_ever_answers() {
    for world in worlds().await {
        world.ana().await;
        let (core, route) = (&world.core, MailRoute::Brand);
        core.save_brand_smtp(&world.caller, world.brand.id, &input()).await.expect("saved");
        let ask = MailedLinkPurpose::SignIn;
        core.mail_link(world.brand.id, EMAIL, ask, origin()).await.expect("asked");
        let mail = claimed(&world, 1).await.remove(0);
        // As if the program had ended here.
        core.mail_leaves(&mail, route).await.expect("noted");
        world.wait(601);
        let mail = claimed(&world, 1).await.remove(0);
        assert_eq!(mail.bound_to, Some(route));
        core.mail_not_taken(&mail).await.expect("noted");
        core.mail_failed(&mail, "not now").await.expect("noted");
        for known in [None, Some(route), Some(route)] {
            world.wait(1_800);
            let mail = claimed(&world, 1).await.remove(0);
            assert_eq!(mail.bound_to, known);
            core.mail_unanswered(&mail, route).await.expect("noted");
        }
        world.wait(86_400);
        claimed(&world, 0).await;
    }
}

/// Has all kinds of mails written to an operator.
async fn write_to_operators(world: &World) {
    let system = Caller::system(world.organisation.id);
    let email = "boss@acme.example".parse().expect("an address");
    let (name, password) = ("Ana".to_owned(), Some(PASSWORD.to_owned()));
    let boss = NewOperator { email, name, role: OperatorRole::Owner, password };
    world.core.create_operator(system.organisation_id, boss).await.expect("an operator");
    let (email, name) = ("new@acme.example".to_owned(), "Neo".to_owned());
    let new = NewInvitation { email, name, role: OperatorRole::ReadOnly };
    world.core.invite_operator(&system, new).await.expect("invited");
    world.core.mail_operator_reset("boss@acme.example", origin()).await.expect("asked");
    sign_up(world).await;
}

/// Signs somebody up whom the staff has to look at.
async fn sign_up(world: &World) {
    let mut write = world.core.store().write(world.organisation.id).await.expect("a unit");
    let sign_up = SignUp { customers: true, needs_approval: true, ..SignUp::default() };
    let brand = portico_billing::brand::Brand { sign_up, ..world.brand.clone() };
    write.update_brand(&brand).await.expect("updated");
    write.commit().await.expect("committed");
    let new = NewSignUp {
        kind: CustomerKind::Customer,
        company: "Northwind".to_owned(),
        name: "Ana".to_owned(),
        email: "ana@northwind.example".to_owned(),
        country: "ES".to_owned(),
        currency: String::new(),
        language: "en".parse().expect("a language"),
        guest: None,
    };
    world.core.sign_up(world.brand.id, new, origin()).await.expect("taken");
    let mails = claimed(world, 3).await;
    let link = mails.iter().find(|it| it.message.content.kind() == "sign-up-confirm");
    let link = link.expect("a link");
    assert!(link.server.is_some(), "customers' mails go by the brand's server");
    let told = world.core.confirm_sign_up(world.brand.id, &token(link), PASSWORD, origin()).await;
    told.expect("an outcome");
}

/// Takes so many mails, and keeps their locks.
async fn claimed(world: &World, count: usize) -> Vec<ClaimedMail> {
    let mails = world.core.claim_mails(100).await.expect("mails");
    assert_eq!(mails.len(), count, "{mails:?}");
    mails
}

#[tokio::test]
async fn mails_to_operators_never_go_by_a_brands_server_or_in_its_words() {
    for world in worlds().await {
        let (core, caller, brand) = (&world.core, &world.caller, world.brand.id);
        core.save_brand_smtp(caller, brand, &input()).await.expect("saved");
        let text = BrandText {
            language: "en".parse().expect("a tag"),
            key: "mail-greeting".to_owned(),
            text: "Howdy".to_owned(),
        };
        core.save_own_text(caller, brand, &text).await.expect("saved");
        write_to_operators(&world).await;
        // Those that were claimed come again after their lock.
        world.wait(601);
        let mut mails = core.claim_mails(100).await.expect("mails");
        mails.retain(|mail| mail.message.to.as_str().ends_with("@acme.example"));
        let mut kinds: Vec<_> = mails.iter().map(|mail| mail.message.content.kind()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["approval-wanted", "operator-invitation", "operator-password-reset"]);
        for mail in &mails {
            assert_eq!((&mail.wording, mail.texts.len()), (&None, 0));
            let is_secret = mail.message.content.kind() != "approval-wanted";
            assert_eq!(mail.server.is_none(), is_secret, "{}", mail.message.content.kind());
            if let MailContent::ApprovalWanted { url, .. } = &mail.message.content {
                assert_eq!(url, "http://localhost:9090/approvals");
            }
        }
    }
}

#[test]
fn prv_02_settings_do_not_print_their_password() {
    assert!(!format!("{:?}", input()).contains(CANARY));
}
