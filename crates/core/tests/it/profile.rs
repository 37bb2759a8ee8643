//! What a signed-in contact changes of itself and of its customer.

use crate::common::{EMAIL, PASSWORD, World, origin, token};
use portico_billing::account::{ContactRole, TaxId};
use portico_billing::brand::ProfileField;
use portico_billing::tax_id;
use portico_core::mail::MailContent;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::{RecordKey, Target, parse_input};
use portico_core::{Caller, Clock, CustomerRef};
use portico_core_api::{
    AddressChange, BillingDetailsChange, CompanyChange, CoreApi, EmailChange, EntryError, Fault,
    MailedLinkPurpose, PasswordChange, ProfileChange, Refusal, SessionSecret,
};
use portico_testkit::both_engines;
use serde_json::json;

fn faults<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Vec<(String, Fault)> {
    let Err(Refusal::Invalid { faults }) = result else { panic!("no faults: {result:?}") };
    faults.into_iter().map(|it| (it.field, it.fault)).collect()
}

async fn set_editable(world: &World, fields: Vec<ProfileField>) {
    let mut write = world.db.store.write(world.organisation.id).await.expect("a transaction");
    let mut brand = world.brand.clone();
    brand.editable_fields = fields;
    write.update_brand(&brand).await.expect("updated");
    write.commit().await.expect("committed");
}

async fn set_role(world: &World, secret: &SessionSecret, role: ContactRole) {
    let id =
        world.core.visit(world.brand.id, secret, origin().address).await.expect("a visit").contact;
    let id = id.expect("a contact").id;
    let mut write = world.db.store.write(world.organisation.id).await.expect("a transaction");
    let mut contact = write.contact(id).await.expect("an answer").expect("a contact");
    contact.role = role;
    write.update_contact(&contact).await.expect("updated");
    write.commit().await.expect("committed");
}

#[tokio::test]
async fn the_visit_tells_who_is_there_and_what_may_be_edited() {
    let world = World::new().await;
    world.ana().await;
    let secret = world.sign_in().await;
    let visit = world.core.visit(world.brand.id, &secret, origin().address).await.expect("a visit");
    let contact = visit.contact.expect("a contact");
    assert_eq!((contact.email.as_str(), contact.has_password), (EMAIL, true));
    assert_eq!(visit.time_zone, "Europe/Madrid");
    assert_eq!(visit.editable_fields, ProfileField::ALL);

    set_role(&world, &secret, ContactRole::Viewer).await;
    let visit = world.core.visit(world.brand.id, &secret, origin().address).await.expect("a visit");
    let own = [ProfileField::Name, ProfileField::Email, ProfileField::Phone];
    assert_eq!(visit.editable_fields, own);

    let link = world.link_for(CustomerRef::Customer(RecordKey::new("c-1"))).await.link;
    let secret = world.enter(&link).await.secret;
    let visit = world.core.visit(world.brand.id, &secret, origin().address).await.expect("a visit");
    let billing = [ProfileField::Company, ProfileField::Address, ProfileField::TaxIds];
    assert_eq!((visit.contact, visit.editable_fields), (None, billing.to_vec()));
    let refused = world.core.change_profile(&secret, ProfileChange::default()).await;
    assert_eq!(refused, Err(Refusal::NotPermitted));
}

#[tokio::test]
async fn all_faults_of_a_profile_are_told_at_once_and_nothing_changes() {
    let world = World::new().await;
    world.ana().await;
    let secret = world.sign_in().await;
    let text = |text: &str| Some(text.to_owned());
    let bad = ProfileChange {
        name: text(" "),
        phone: text("call me"),
        language: text("?"),
        time_zone: text("Mars/Olympus"),
    };
    let told = faults(world.core.change_profile(&secret, bad).await);
    let expected = [
        ("name", Fault::Required),
        ("phone", Fault::NotAPhone),
        ("language", Fault::NotALanguage),
        ("time_zone", Fault::NotATimeZone),
    ];
    assert_eq!(told, expected.map(|(field, fault)| (field.to_owned(), fault)));
    let card = ProfileChange { name: text("4111 1111 1111 1111"), ..ProfileChange::default() };
    let told = faults(world.core.change_profile(&secret, card).await);
    assert_eq!(told, [("name".to_owned(), Fault::BadCharacters)], "prv_01");

    for (name, fault) in [
        ("\u{200b}", Fault::Required),
        ("\u{2066}\u{2069}", Fault::BadCharacters),
        ("Ana \u{202e}100", Fault::BadCharacters),
    ] {
        let change = ProfileChange { name: text(name), ..ProfileChange::default() };
        let told = faults(world.core.change_profile(&secret, change).await);
        assert_eq!(told, [("name".to_owned(), fault)], "{name:?}");
    }
    let persian = ProfileChange { name: text("می\u{200c}نا"), ..ProfileChange::default() };
    world.core.change_profile(&secret, persian).await.expect("a joiner belongs there");

    let good = ProfileChange {
        name: text("Ana G."),
        phone: text("+34 600 000 000"),
        language: text("es"),
        time_zone: text("America/Bogota"),
    };
    world.core.change_profile(&secret, good).await.expect("changed");
    let visit = world.core.visit(world.brand.id, &secret, origin().address).await.expect("a visit");
    assert_eq!(visit.time_zone, "America/Bogota");
    assert_eq!(visit.language.map(|tag| tag.to_string()).as_deref(), Some("es"));
    assert_eq!(visit.contact.expect("a contact").name, "Ana G.");
}

#[tokio::test]
async fn what_the_brand_keeps_closed_cannot_be_changed() {
    let world = World::new().await;
    world.ana().await;
    let secret = world.sign_in().await;
    set_editable(&world, vec![ProfileField::Phone]).await;
    let same = ProfileChange { name: Some("Ana Gómez".to_owned()), ..ProfileChange::default() };
    assert_eq!(world.core.change_profile(&secret, same).await, Ok(()));
    let other = ProfileChange { name: Some("Eve".to_owned()), ..ProfileChange::default() };
    let told = faults(world.core.change_profile(&secret, other).await);
    assert_eq!(told, [("name".to_owned(), Fault::ReadOnly)]);
    let email = EmailChange { email: "new@acme.example".to_owned(), password: None };
    let told = faults(world.core.request_email_change(&secret, email).await);
    assert_eq!(told, [("email".to_owned(), Fault::ReadOnly)]);
    let tax_ids = Some(vec![TaxId { kind: "us_ein".into(), value: "91-1144442".into() }]);
    let change = BillingDetailsChange { tax_ids, ..BillingDetailsChange::default() };
    let told = faults(world.core.change_billing_details(&secret, change).await);
    assert_eq!(told, [("tax_ids".to_owned(), Fault::ReadOnly)]);
}

#[tokio::test]
async fn ses_12_a_new_address_needs_the_password_and_is_proven_and_the_old_one_is_told() {
    let world = World::new().await;
    world.ana().await;
    let (core, brand) = (&world.core, world.brand.id);
    let secret = world.sign_in().await;
    let wish = |password: Option<&str>| EmailChange {
        email: "ana.new@acme.example".to_owned(),
        password: password.map(str::to_owned),
    };
    let told = faults(core.request_email_change(&secret, wish(None)).await);
    assert_eq!(told, [("password".to_owned(), Fault::Required)]);
    let told = faults(core.request_email_change(&secret, wish(Some("wrong-password"))).await);
    assert_eq!(told, [("password".to_owned(), Fault::WrongPassword)]);
    core.request_email_change(&secret, wish(Some(PASSWORD))).await.expect("asked");

    let mails = world.mails().await;
    let mut seen: Vec<_> =
        mails.iter().map(|mail| (mail.message.content.kind(), mail.message.to.as_str())).collect();
    seen.sort_unstable();
    let expected = [("confirm-email", "ana.new@acme.example"), ("email-change-notice", EMAIL)];
    assert_eq!(seen, expected);
    let link = mails.iter().find(|mail| {
        matches!(mail.message.content, MailContent::ConfirmEmail { valid_hours: 24, .. })
    });
    let link = token(link.expect("a link"));
    let purpose = MailedLinkPurpose::ConfirmEmail;
    core.preview_mailed_link(brand, &link, purpose, origin()).await.expect("a preview");
    let contact = core
        .visit(brand, &secret, origin().address)
        .await
        .expect("a visit")
        .contact
        .expect("a contact");
    assert_eq!(contact.email, EMAIL);
    assert_eq!(contact.pending_email.as_deref(), Some("ana.new@acme.example"));

    core.confirm_email(brand, &link).await.expect("confirmed");
    let contact = core
        .visit(brand, &secret, origin().address)
        .await
        .expect("a visit")
        .contact
        .expect("a contact");
    assert_eq!((contact.email.as_str(), contact.pending_email), ("ana.new@acme.example", None));
    assert_eq!(core.confirm_email(brand, &link).await, Err(EntryError::NO_LINK));
}

#[tokio::test]
async fn passwords_are_changed_with_the_present_one_and_guessing_it_is_limited() {
    let world = World::new().await;
    world.ana().await;
    let secret = world.sign_in().await;
    let change = |current: &str, new: &str| PasswordChange {
        current: Some(current.to_owned()),
        new: new.to_owned(),
    };
    let told = faults(world.core.change_password(&secret, change(PASSWORD, "short")).await);
    assert_eq!(told, [("new_password".to_owned(), Fault::TooShort { min: 8 })]);
    let told = faults(world.core.change_password(&secret, change(PASSWORD, PASSWORD)).await);
    assert_eq!(told, [("new_password".to_owned(), Fault::Unchanged)]);
    for _ in 0..10 {
        let wrong = change("wrong-password", "marmot-under-granite");
        let told = faults(world.core.change_password(&secret, wrong).await);
        assert_eq!(told, [("current_password".to_owned(), Fault::WrongPassword)]);
    }
    let limited = world.core.change_password(&secret, change(PASSWORD, "marmot-under-granite"));
    assert!(matches!(limited.await, Err(Refusal::TooMany { .. })));
}

both_engines! {
    /// Checking a password takes its time: what happens meanwhile wins.
    async fn ses_12_who_is_put_out_meanwhile_changes_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let (core, brand) = (&world.core, world.brand.id);
        for (is_ended, new_hash) in [(true, None), (false, Some("$another"))] {
            let password = || Some(PASSWORD.to_owned());
            let change = PasswordChange { current: password(), new: "marmot-under-granite".into() };
            let wish = EmailChange { email: "new@acme.example".into(), password: password() };
            let (one, two) = (world.sign_in().await, world.sign_in().await);
            let mut write = world.db.store.write(world.organisation.id).await.expect("a unit");
            write.contact_for_update(ana.id).await.expect("held");
            if is_ended {
                write.end_portal_sessions(ana.id, None, world.clock.now()).await.expect("ended");
            }
            if let Some(hash) = new_hash {
                write.set_password_hash(ana.id, hash, world.clock.now()).await.expect("set");
            }
            let hashed = core.passwords_hashed();
            let meanwhile = async {
                while core.passwords_hashed() < hashed + 3 {
                    tokio::task::yield_now().await;
                }
                write.commit().await.expect("committed");
            };
            let (changed, wished, ()) = tokio::join!(
                core.change_password(&one, change),
                core.request_email_change(&two, wish),
                meanwhile
            );
            if is_ended {
                for refused in [changed, wished] {
                    assert!(matches!(refused, Err(Refusal::SignedOut { .. })), "{refused:?}");
                }
                world.sign_in().await;
            } else {
                let wrong = |field: &str| vec![(field.to_owned(), Fault::WrongPassword)];
                assert_eq!(faults(changed), wrong("current_password"));
                assert_eq!(faults(wished), wrong("password"));
                let visit = core.visit(brand, &one, origin().address).await.expect("a visit");
                assert_eq!(visit.contact.and_then(|it| it.pending_email), None);
            }
            assert_eq!(world.mails().await, [], "nobody is told of what did not happen");
        }
    }
}

#[tokio::test]
async fn own_sessions_are_listed_and_ended() {
    let world = World::new().await;
    world.ana().await;
    let (core, brand) = (&world.core, world.brand.id);
    let one = world.sign_in().await;
    world.wait(1);
    let two = world.sign_in().await;
    world.wait(1);
    let three = world.sign_in().await;
    let sessions = core.sessions(&one).await.expect("sessions");
    let current: Vec<bool> = sessions.iter().map(|session| session.current).collect();
    assert_eq!(current, [false, false, true]);
    assert_eq!(sessions[0].user_agent.as_deref(), Some("Test/1.0"));
    core.end_session(&one, sessions[1].id).await.expect("ended");
    assert!(core.visit(brand, &two, origin().address).await.is_err());
    assert_eq!(core.end_session(&one, sessions[1].id).await, Err(Refusal::NotFound));
    assert_eq!(core.end_other_sessions(&one).await, Ok(1));
    assert!(core.visit(brand, &three, origin().address).await.is_err());
    assert_eq!(core.sessions(&one).await.expect("sessions").len(), 1);
}

#[tokio::test]
async fn billing_details_are_checked_by_field_and_by_country() {
    let world = World::new().await;
    world.ana().await;
    let secret = world.sign_in().await;
    let tax_id = |kind: &str, value: &str| TaxId { kind: kind.into(), value: value.into() };
    let bad = BillingDetailsChange {
        company: Some(CompanyChange { email: "nobody".into(), ..CompanyChange::default() }),
        billing_address: Some(AddressChange {
            line1: "Gran Vía 1".into(),
            // A space of no width is no city.
            city: "\u{200b}".into(),
            country: "XX".into(),
            ..AddressChange::default()
        }),
        tax_ids: Some(vec![tax_id("eu_vat", "ESX"), tax_id("mars", "1"), tax_id("us_ein", "")]),
        ..BillingDetailsChange::default()
    };
    let told = faults(world.core.change_billing_details(&secret, bad).await);
    let expected = [
        ("email", Fault::NotAnEmail),
        ("billing_address.country", Fault::NotACountry),
        ("billing_address.city", Fault::Required),
        ("tax_ids.0.value", Fault::NotATaxId { example: "ESB58378431".into() }),
        ("tax_ids.1.kind", Fault::NotAChoice),
        ("tax_ids.2.value", Fault::Required),
    ];
    assert_eq!(told, expected.map(|(field, fault)| (field.to_owned(), fault)));

    let good = BillingDetailsChange {
        billing_address: Some(AddressChange {
            line1: "Gran Vía 1".into(),
            city: "Madrid".into(),
            country: "es".into(),
            ..AddressChange::default()
        }),
        tax_ids: Some(vec![tax_id("eu_vat", "ESB58378431"), tax_id("", "")]),
        ..BillingDetailsChange::default()
    };
    world.core.change_billing_details(&secret, good).await.expect("changed");
    let details = world.core.billing_details(&secret).await.expect("details");
    let country = details.billing_address.country.map(|code| code.to_string());
    assert_eq!(country.as_deref(), Some("ES"));
    assert_eq!(details.tax_ids, [tax_id("eu_vat", "ESB58378431")]);

    set_role(&world, &secret, ContactRole::Viewer).await;
    let change = BillingDetailsChange::default();
    let refused = world.core.change_billing_details(&secret, change).await;
    assert_eq!(refused, Err(Refusal::NotPermitted));
    assert!(world.core.billing_details(&secret).await.is_ok());
}

#[tokio::test]
async fn what_the_organisation_stored_stays_whatever_its_form() {
    let world = World::new().await;
    world.ana().await;
    let odd = json!({"external_id": "c-1", "name": "Acme",
        "tax_ids": [{"kind": "mars_vat", "value": "1"}]});
    let input = parse_input::<CustomerRecord>(odd).expect("an input");
    let organisation = world.organisation.id;
    world
        .core
        .save_record::<CustomerRecord>(&Caller::system(organisation), Target::New, input)
        .await
        .expect("saved");
    let secret = world.sign_in().await;
    let mut tax_ids = world.core.billing_details(&secret).await.expect("details").tax_ids;
    tax_ids.push(TaxId { kind: "us_ein".into(), value: "911144442".into() });
    let change =
        BillingDetailsChange { tax_ids: Some(tax_ids.clone()), ..BillingDetailsChange::default() };
    world.core.change_billing_details(&secret, change).await.expect("changed");
    let details = world.core.billing_details(&secret).await.expect("details");
    assert_eq!(details.tax_ids, tax_ids);
}

#[tokio::test]
async fn a_tax_id_is_kept_in_one_form_and_once() {
    let world = World::new().await;
    world.ana().await;
    let secret = world.sign_in().await;
    let of = |kind: &str, value: &str| TaxId { kind: kind.into(), value: value.into() };
    let change = async |typed: &[TaxId]| {
        let tax_ids = Some(typed.to_vec());
        let change = BillingDetailsChange { tax_ids, ..BillingDetailsChange::default() };
        world.core.change_billing_details(&secret, change).await.expect("changed");
        world.core.billing_details(&secret).await.expect("details").tax_ids
    };
    let typed = [
        of("br_cnpj", "16.727.230/0001-97"),
        of("eu_vat", "es b-58378431"),
        of("br_cnpj", "16727230000197"),
        of("eu_vat", "ESB58378431"),
    ];
    let kept = [of("br_cnpj", "16727230000197"), of("eu_vat", "ESB58378431")];
    assert_eq!(change(&typed).await, kept);
    let shown: Vec<_> = kept.iter().map(tax_id::shown).collect();
    assert_eq!(shown[0].value, "16.727.230/0001-97");
    assert_eq!(change(&shown).await, kept, "what was shown is sent back");
}

#[tokio::test]
async fn a_contact_without_a_password_signs_in_by_mail_and_sets_one() {
    let world = World::new().await;
    let customer = world.customer("c-1").await;
    world.contact(&customer, EMAIL).await;
    let (core, brand) = (&world.core, world.brand.id);
    core.mail_link(brand, EMAIL, MailedLinkPurpose::SignIn, origin()).await.expect("asked");
    let link = token(&world.mails().await[0]);
    let signed_in = core.sign_in_with_mailed_link(brand, &link, origin()).await.expect("in");
    let change = PasswordChange { current: None, new: PASSWORD.to_owned() };
    core.change_password(&signed_in.secret, change).await.expect("set");
    world.sign_in().await;
}
