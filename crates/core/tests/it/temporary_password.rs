//! Temporary passwords of contacts: mailed, and good for nothing but choosing a lasting one.

use crate::common::{EMAIL, PASSWORD, World, origin, token};
use portico_billing::ContactId;
use portico_billing::permission::{Permission, Permissions};
use portico_core::mail::{ClaimedMail, MAILS_PER_RECIPIENT_AND_HOUR, MailContent};
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::{Record, RecordKey, SentForm};
use portico_core::{Caller, NewTemporaryPassword, PasswordPosting, StaffError};
use portico_core_api::{
    CoreApi, EmailChange, EntryError, Fault, FieldFault, Forward, LinkToken, MailedLinkPurpose,
    Origin, PasswordChange, Refusal, SessionSecret,
};
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_testkit::both_engines;
use serde_json::{Value, json};

const FRESH: &str = "a longer walk by the sea 7";
const SET: &str = "canary-set-by-hand-4711";
const HOURS_72: i64 = 72 * 3_600;

fn elsewhere() -> Origin {
    Origin { address: "203.0.113.9".parse().expect("an address"), user_agent: None }
}

async fn ask(
    world: &World,
    contact: ContactId,
    password: Option<&str>,
) -> Result<PasswordPosting, StaffError> {
    let new = NewTemporaryPassword { password: password.map(str::to_owned), form: None };
    world.core.mail_temporary_password(&world.caller, contact, new).await
}

/// The password in a mail.
fn brought(mail: &ClaimedMail) -> String {
    match &mail.message.content {
        MailContent::TemporaryPassword { password, url, valid_hours: 72 }
            if url == "https://billing.acme.test/sign-in" =>
        {
            password.clone()
        }
        other => panic!("another mail: {other:?}"),
    }
}

/// Gives a contact a temporary password; the answer is what its mail says.
async fn give(world: &World, contact: ContactId, password: Option<&str>) -> String {
    let given = ask(world, contact, password).await.expect("an answer");
    assert_eq!(given, PasswordPosting::Mailed);
    let mails = world.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0].message.to().as_str(), EMAIL);
    brought(&mails[0])
}

async fn enter(world: &World, password: &str, from: Origin) -> EntryError {
    let entered = world.core.sign_in_with_password(world.brand.id, EMAIL, password, from).await;
    entered.expect_err("nobody is let in with a temporary password")
}

/// The link that a temporary password leads to.
async fn due(world: &World, password: &str) -> LinkToken {
    match enter(world, password, origin()).await {
        EntryError::NewPasswordDue { token } => token,
        other => panic!("{other}"),
    }
}

/// Whether a link still lets a password be chosen.
async fn is_open(world: &World, token: &LinkToken) -> bool {
    let (brand, purpose) = (world.brand.id, MailedLinkPurpose::ResetPassword);
    world.core.preview_mailed_link(brand, token.expose(), purpose, origin()).await.is_ok()
}

async fn second_account(world: &World) -> ContactId {
    let customer = world.customer("c-2").await;
    world.contact(&customer, EMAIL).await.id
}

async fn change(world: &World, contact: ContactId, change: Value) {
    patch::<ContactRecord>(world, &contact.to_string(), change).await;
}

async fn patch<R: Record>(world: &World, key: &str, change: Value) {
    let caller = Caller::system(world.organisation.id);
    let patched = world.core.patch_record::<R>(&caller, &RecordKey::new(key), &change).await;
    patched.expect("changed");
}

/// The token of a link that somebody has mailed to itself.
async fn mailed(world: &World, purpose: MailedLinkPurpose) -> String {
    world.core.mail_link(world.brand.id, EMAIL, purpose, origin()).await.expect("asked");
    token(&world.mails().await[0])
}

async fn by_mail(world: &World) -> SessionSecret {
    let link = mailed(world, MailedLinkPurpose::SignIn).await;
    let entered = world.core.sign_in_with_mailed_link(world.brand.id, &link, origin()).await;
    entered.expect("signed in").secret
}

fn unchanged() -> Vec<FieldFault> {
    vec![FieldFault::new("new_password", Fault::Unchanged)]
}

both_engines! {
    async fn it_leads_to_a_password_of_ones_own_and_nowhere_else(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let (core, brand) = (&world.core, world.brand.id);
        let held = world.sign_in().await;
        let ask = MailedLinkPurpose::SignIn;
        core.mail_link(brand, EMAIL, ask, origin()).await.expect("asked");
        let mailed_before = token(&world.mails().await[0]);
        world.wait(1);
        let temporary = give(&world, ana.id, None).await;
        assert_eq!(temporary.len(), 19, "four groups of four: {temporary}");
        assert!(core.visit(brand, &held, origin().address).await.is_err(), "sessions end");
        let old = core.sign_in_with_mailed_link(brand, &mailed_before, origin()).await;
        assert!(matches!(old, Err(EntryError::LinkOver { .. })), "links of before are void");
        assert_eq!(enter(&world, PASSWORD, origin()).await, EntryError::BadCredentials);
        assert_eq!(enter(&world, "wrong-password", origin()).await, EntryError::BadCredentials);

        let link = due(&world, &temporary).await;
        assert!(!format!("{link:?}").contains(link.expose()), "secrets are not printed");
        let purpose = MailedLinkPurpose::SignIn;
        let other = core.preview_mailed_link(brand, link.expose(), purpose, origin()).await;
        assert!(other.is_err(), "it is for choosing a password alone");
        let same = core.reset_password(brand, link.expose(), &temporary, origin()).await;
        let faults = unchanged();
        assert_eq!(same, Err(EntryError::Invalid { faults }), "not one that others may know");
        let chosen = core.reset_password(brand, link.expose(), FRESH, origin()).await;
        let secret = chosen.expect("chosen").secret;
        let visit = core.visit(brand, &secret, origin().address).await.expect("a visit");
        assert_eq!(visit.contact.map(|it| (it.id, it.has_password)), Some((ana.id, true)));

        assert_eq!(enter(&world, &temporary, origin()).await, EntryError::BadCredentials);
        let again = core.reset_password(brand, link.expose(), SET, origin()).await;
        assert!(matches!(again, Err(EntryError::LinkOver { .. })), "{again:?}");
        world.wait(HOURS_72);
        assert!(core.sign_in_with_password(brand, EMAIL, FRESH, origin()).await.is_ok());
        assert_eq!(world.mails().await[0].message.content.kind(), "password-changed");
    }

    /// The staff knows what it set: that proves neither the address nor who else has it.
    async fn one_that_the_staff_set_opens_no_other_account(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let other = second_account(&world).await;
        let (core, brand, organisation) = (&world.core, world.brand.id, world.organisation.id);
        world.wait(1);
        assert_eq!(give(&world, other, Some(SET)).await, SET);
        let link = due(&world, SET).await;
        let entered = core.reset_password(brand, link.expose(), FRESH, origin()).await;
        let entered = entered.expect("chosen");
        assert_eq!(entered.forward, Forward::Overview, "nothing to choose from");
        let visit = core.visit(brand, &entered.secret, origin().address).await.expect("a visit");
        assert_eq!(visit.contact.map(|it| it.id), Some(other));
        let key = RecordKey::new(other.to_string());
        let contact = core.find_record::<ContactRecord>(&world.caller, &key).await.expect("there");
        assert_eq!(contact.email_verified_at, None, "no mail was needed to get in");
        change(&world, other, json!({"disabled": true})).await;
        assert!(core.sign_in_with_password(brand, EMAIL, PASSWORD, origin()).await.is_ok());

        // Nor is an account opened by the password of another one while it has a temporary one.
        change(&world, other, json!({"disabled": false})).await;
        give_again(&world, other, PASSWORD).await;
        world.wait(1);
        core.set_contact_password(organisation, ana.id, PASSWORD).await.expect("set");
        let entered = core.sign_in_with_password(brand, EMAIL, PASSWORD, origin()).await;
        assert_eq!(entered.expect("signed in").forward, Forward::Overview);
    }

    async fn it_ends_after_three_days(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let other = second_account(&world).await;
        world.wait(1);
        let temporary = give(&world, other, None).await;
        world.wait(HOURS_72 - 1);
        let link = due(&world, &temporary).await;
        world.wait(1);
        let hashed = world.core.passwords_hashed();
        assert_eq!(enter(&world, &temporary, origin()).await, EntryError::BadCredentials);
        assert_eq!(world.core.passwords_hashed(), hashed + 1, "ses_09: the work is the same");
        assert!(is_open(&world, &link).await, "who is choosing has half an hour");
        let secret = world.sign_in().await;
        let visit = world.core.visit(world.brand.id, &secret, origin().address).await;
        let contact = visit.expect("a visit").contact.map(|it| it.id);
        assert_eq!(contact, Some(ana.id), "the other account's password counts again");
        world.wait(1_800);
        assert!(!is_open(&world, &link).await);
    }

    async fn it_keeps_to_the_networks_of_its_contact(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        change(&world, ana.id, json!({"allowed_addresses": ["203.0.113.0/24"]})).await;
        let temporary = give(&world, ana.id, None).await;
        assert_eq!(enter(&world, &temporary, origin()).await, EntryError::BadCredentials);
        let EntryError::NewPasswordDue { token } = enter(&world, &temporary, elsewhere()).await
        else {
            panic!("not let in from where it may be")
        };
        let (core, brand) = (&world.core, world.brand.id);
        let refused = core.reset_password(brand, token.expose(), FRESH, origin()).await;
        assert!(matches!(refused, Err(EntryError::LinkOver { .. })), "{refused:?}");
        assert!(core.reset_password(brand, token.expose(), FRESH, elsewhere()).await.is_ok());
    }

    /// Whichever comes first: nothing that the first one led to outlives the second one.
    async fn the_last_one_counts(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        for round in 0..4 {
            let first = give(&world, ana.id, None).await;
            let link = due(&world, &first).await;
            let (raced, second) =
                tokio::join!(enter(&world, &first, origin()), ask(&world, ana.id, None));
            assert_eq!(second.expect("an answer"), PasswordPosting::Mailed);
            assert!(!is_open(&world, &link).await, "{round}");
            if let EntryError::NewPasswordDue { token } = raced {
                assert!(!is_open(&world, &token).await, "{round}: made too late");
            }
            assert_eq!(enter(&world, &first, origin()).await, EntryError::BadCredentials);
            due(&world, &brought(&world.mails().await[0])).await;
        }
    }

    /// What ends mailed links ends it too, for good.
    async fn it_ends_with_what_it_was_mailed_for(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let other = crate::common::brand(&world.core, world.organisation.id, "b.acme.test").await;
        let gone = async |temporary: &str, why: &str| {
            let answer = enter(&world, temporary, origin()).await;
            assert_eq!(answer, EntryError::BadCredentials, "{why}");
        };
        for (out, back) in [
            (json!({"email": "ana.else@acme.example"}), json!({"email": EMAIL})),
            (json!({"disabled": true}), json!({"disabled": false})),
        ] {
            let temporary = give(&world, ana.id, None).await;
            let why = out.to_string();
            change(&world, ana.id, out).await;
            change(&world, ana.id, back).await;
            gone(&temporary, &why).await;
        }
        for (out, back) in [
            (json!({"status": "inactive"}), json!({"status": "active"})),
            (json!({"brand_id": other.id}), json!({"brand_id": world.brand.id})),
        ] {
            let temporary = give(&world, ana.id, None).await;
            let why = out.to_string();
            patch::<CustomerRecord>(&world, "c-1", out).await;
            patch::<CustomerRecord>(&world, "c-1", back).await;
            gone(&temporary, &why).await;
        }
        let (core, organisation) = (&world.core, world.organisation.id);
        core.set_contact_password(organisation, ana.id, PASSWORD).await.expect("set");
        change(&world, ana.id, json!({"disabled": true})).await;
        change(&world, ana.id, json!({"disabled": false})).await;
        world.sign_in().await;
    }

    async fn it_does_not_follow_its_contact_to_a_new_address(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let (core, brand) = (&world.core, world.brand.id);
        let temporary = give(&world, ana.id, None).await;
        let secret = by_mail(&world).await;
        let email = "ana.new@acme.example";
        let wish = EmailChange { email: email.to_owned(), password: None };
        core.request_email_change(&secret, wish).await.expect("asked");
        let mails = world.mails().await;
        let link = mails.iter().find(|it| it.message.to.as_str() == email).expect("a mail");
        core.confirm_email(brand, &token(link)).await.expect("confirmed");
        let entered = core.sign_in_with_password(brand, email, &temporary, origin()).await;
        assert_eq!(entered, Err(EntryError::BadCredentials));
    }

    /// A link that was mailed gives the password of all accounts of the address.
    async fn it_becomes_nobodys_own_by_a_mailed_link(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let temporary = give(&world, ana.id, None).await;
        let secret = by_mail(&world).await;
        let keep = PasswordChange { current: None, new: temporary.clone() };
        let kept = world.core.change_password(&secret, keep).await;
        assert_eq!(kept, Err(Refusal::Invalid { faults: unchanged() }));
        world.wait(1);
        second_account(&world).await;
        let link = mailed(&world, MailedLinkPurpose::ResetPassword).await;
        let (core, brand) = (&world.core, world.brand.id);
        let kept = core.reset_password(brand, &link, &temporary, origin()).await;
        assert_eq!(kept, Err(EntryError::Invalid { faults: unchanged() }));
        core.reset_password(brand, &link, FRESH, origin()).await.expect("chosen");
        assert_eq!(enter(&world, &temporary, origin()).await, EntryError::BadCredentials);
    }

    /// Both wait for the contact, and neither for the other one.
    async fn giving_one_and_choosing_one_do_not_lock_each_other_out(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let (core, brand) = (&world.core, world.brand.id);
        for _ in 0..3 {
            let temporary = give(&world, ana.id, None).await;
            let link = due(&world, &temporary).await;
            let mut write = world.db.store.write(world.organisation.id).await.expect("a unit");
            write.contact_for_update(ana.id).await.expect("held");
            let hashed = core.passwords_hashed();
            let release = async {
                while core.passwords_hashed() < hashed + 3 {
                    tokio::task::yield_now().await;
                }
                write.commit().await.expect("released");
            };
            let choose = core.reset_password(brand, link.expose(), FRESH, origin());
            let (chosen, given, ()) = tokio::join!(choose, ask(&world, ana.id, None), release);
            assert_eq!(given.expect("an answer"), PasswordPosting::Mailed);
            let fine = matches!(chosen, Ok(_) | Err(EntryError::LinkOver { .. }));
            assert!(fine, "{chosen:?}");
            let mails = world.mails().await;
            let kind = |it: &&ClaimedMail| it.message.content.kind() == "temporary-password";
            due(&world, &brought(mails.iter().find(kind).expect("a mail"))).await;
        }
    }

    async fn a_form_mails_one_however_often_it_is_sent(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let other = second_account(&world).await;
        let send = async |contact, fields: &[(&'static str, &'static str)]| {
            let form = SentForm::new("a-key", fields.iter().copied());
            let new = NewTemporaryPassword { password: None, form: Some(form) };
            world.core.mail_temporary_password(&world.caller, contact, new).await.expect("sent")
        };
        let same = [("password", "")];
        assert_eq!(send(ana.id, &same).await, PasswordPosting::Mailed);
        assert_eq!(send(ana.id, &same).await, PasswordPosting::Mailed);
        assert_eq!(send(ana.id, &[("password", SET)]).await, PasswordPosting::Otherwise);
        assert_eq!(send(other, &same).await, PasswordPosting::Otherwise);
        assert_eq!(world.mails().await.len(), 1);
    }
}

async fn give_again(world: &World, contact: ContactId, password: &str) {
    world.mails().await;
    give(world, contact, Some(password)).await;
}

#[tokio::test]
async fn ses_10_one_that_is_set_is_as_strong_as_one_that_is_chosen() {
    let world = World::new().await;
    let ana = world.ana().await;
    let long = "x\u{e9}".repeat(400);
    for (bad, fault) in [
        ("", Fault::TooShort { min: 8 }),
        ("sh0rt!x", Fault::TooShort { min: 8 }),
        (long.as_str(), Fault::TooLong { max: 1_024 }),
        ("password", Fault::WeakPassword),
        ("ana@acme.example", Fault::WeakPassword),
        ("Ana Gómez", Fault::WeakPassword),
        ("two lines\nof a canary", Fault::BadCharacters),
        (" a space nobody sees 7", Fault::BadCharacters),
        ("one space more  than seen 7", Fault::BadCharacters),
        ("turned \u{202e}around canary", Fault::BadCharacters),
    ] {
        let refused = ask(&world, ana.id, Some(bad)).await;
        let Err(StaffError::Invalid(faults)) = refused else { panic!("{bad}: {refused:?}") };
        assert_eq!(faults, [FieldFault::new("password", fault)], "{bad}");
    }
    assert_eq!(world.mails().await, []);
    world.sign_in().await;
    assert_eq!(give(&world, ana.id, Some(SET)).await, SET);
}

#[tokio::test]
async fn prv_04_it_is_written_nowhere_but_into_sealed_mail() {
    let world = World::new().await;
    let ana = world.ana().await;
    let form = SentForm::new("a-key", [("password", SET)].into_iter());
    let new = NewTemporaryPassword { password: Some(SET.to_owned()), form: Some(form) };
    assert!(!format!("{:?}", new.form).contains(SET));
    world.core.mail_temporary_password(&world.caller, ana.id, new).await.expect("mailed");
    let link = due(&world, SET).await;
    let folder = std::path::Path::new(&world.db.address).parent().expect("a folder");
    let mut read = 0;
    for file in std::fs::read_dir(folder).expect("the files of the database") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("its content");
        read += bytes.len();
        for secret in [SET, link.expose()] {
            let found = bytes.windows(secret.len()).any(|it| it == secret.as_bytes());
            assert!(!found, "{secret} is in the database");
        }
    }
    assert!(read > 10_000, "{read} bytes are not the database");
    let mut read = world.db.store.read(world.organisation.id).await.expect("the database");
    let lines = read.audit_entries(AuditFilter::default(), Position::START, 200).await;
    let lines = lines.expect("lines");
    let line = lines.iter().find(|it| it.action == "contact.temporary_password_mailed");
    let line = line.expect("a line");
    assert_eq!(line.subject_id, Some(ana.id.uuid()));
    assert_eq!((&line.before, &line.after), (&None, &None));
}

#[tokio::test]
async fn az_05_who_may_not_edit_contacts_gives_none_and_who_may_not_sign_in_gets_none() {
    let world = World::new().await;
    let ana = world.ana().await;
    let others = Permission::ALL.into_iter().filter(|it| *it != Permission::EditContacts);
    let permissions = Permissions::from(others.collect::<Vec<_>>());
    let caller = Caller { permissions, ..world.caller };
    let refused = world.core.mail_temporary_password(&caller, ana.id, Default::default()).await;
    assert!(matches!(refused, Err(StaffError::Forbidden(_))), "{refused:?}");
    let nobody = ContactId::from(world.organisation.id.uuid());
    let refused = ask(&world, nobody, None).await;
    assert!(matches!(refused, Err(StaffError::NotFound)), "{refused:?}");
    let foreign = crate::common::organisation(&world.core, "Other").await;
    let foreign = Caller::system(foreign.id);
    let refused = world.core.mail_temporary_password(&foreign, ana.id, Default::default()).await;
    assert!(matches!(refused, Err(StaffError::NotFound)), "ten_01: {refused:?}");
    world.sign_in().await;
    change(&world, ana.id, json!({"disabled": true})).await;
    let hashed = world.core.passwords_hashed();
    assert_eq!(ask(&world, ana.id, None).await.expect("asked"), PasswordPosting::MayNotSignIn);
    assert_eq!(world.core.passwords_hashed(), hashed, "nothing is hashed in vain");
    assert_eq!(world.mails().await, []);
    change(&world, ana.id, json!({"disabled": false})).await;
    world.sign_in().await;
}

#[tokio::test]
async fn dos_09_mails_are_bounded_and_tries_lock_nobody_out() {
    let world = World::new().await;
    let ana = world.ana().await;
    let mut temporary = String::new();
    for _ in 0..MAILS_PER_RECIPIENT_AND_HOUR {
        temporary = give(&world, ana.id, None).await;
    }
    let refused = ask(&world, ana.id, None).await;
    assert!(matches!(refused, Err(StaffError::TooMany(_))), "{refused:?}");
    assert_eq!(world.mails().await, []);
    let mut links = Vec::new();
    for _ in 0..5 {
        links.push(due(&world, &temporary).await);
        world.wait(60);
    }
    for link in &links {
        assert!(is_open(&world, link).await);
    }
    let (core, brand) = (&world.core, world.brand.id);
    core.reset_password(brand, links[1].expose(), FRESH, origin()).await.expect("chosen");
    for link in &links {
        assert!(!is_open(&world, link).await, "one password is chosen once");
    }
}

#[tokio::test]
async fn dos_09_an_organisation_keeps_nobody_busy_with_hashing() {
    let world = World::new().await;
    let ana = world.ana().await;
    let nobody = ContactId::from(world.organisation.id.uuid());
    for _ in 0..60 {
        assert!(matches!(ask(&world, nobody, None).await, Err(StaffError::NotFound)));
    }
    let hashed = world.core.passwords_hashed();
    let refused = ask(&world, ana.id, None).await;
    assert!(matches!(refused, Err(StaffError::TooMany(_))), "{refused:?}");
    assert_eq!(world.core.passwords_hashed(), hashed);
    let other = Caller::system(crate::common::organisation(&world.core, "Other").await.id);
    let refused = world.core.mail_temporary_password(&other, ana.id, Default::default()).await;
    assert!(matches!(refused, Err(StaffError::NotFound)), "each has its own: {refused:?}");
    world.wait(1);
    give(&world, ana.id, None).await;
}

/// Who comes by a mailed link instead has no password of its own to name.
#[tokio::test]
async fn a_mailed_link_gets_around_it() {
    let world = World::new().await;
    let ana = world.ana().await;
    let temporary = give(&world, ana.id, None).await;
    let (core, brand) = (&world.core, world.brand.id);
    let secret = by_mail(&world).await;
    let visit = core.visit(brand, &secret, origin().address).await.expect("a visit");
    assert_eq!(visit.contact.map(|it| it.has_password), Some(false));
    let change = PasswordChange { current: None, new: FRESH.to_owned() };
    core.change_password(&secret, change).await.expect("changed");
    assert_eq!(enter(&world, &temporary, origin()).await, EntryError::BadCredentials);
    assert!(core.sign_in_with_password(brand, EMAIL, FRESH, origin()).await.is_ok());
}
