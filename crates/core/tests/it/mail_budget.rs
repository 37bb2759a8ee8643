//! DOS-09: what strangers can have mailed is bounded, per address, per organisation and per place
//! that they ask from.

use std::time::Duration;

use crate::common::{self, EMAIL, World, brand, origin, token};
use portico_billing::account::CustomerKind;
use portico_billing::brand::SignUp;
use portico_billing::permission::OperatorRole;
use portico_billing::{BrandId, JobId, OrganisationId};
use portico_core::brand_mail::{BrandMailError, Recipient, SmtpInput};
use portico_core::mail::{
    ClaimedMail, LESSER_MAILS_PER_RECIPIENT_AND_HOUR, MAILS_PER_RECIPIENT_AND_HOUR, MailBudget,
    ProbeFault,
};
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::{Caller, Core, CoreParts, NewInvitation, StaffError};
use portico_core_api::{CoreApi, EntryError, MailedLinkPurpose, NewSignUp, Origin};
use portico_store::outbox::{MailRequest, NewJob};
use portico_testkit::both_engines;
use serde_json::json;

/// Mails within an hour to one address, from one organisation.
const BUDGET: usize = MAILS_PER_RECIPIENT_AND_HOUR as usize;
/// Of these, before mails that let nobody in are left out.
const LESSER: usize = LESSER_MAILS_PER_RECIPIENT_AND_HOUR as usize;

fn from(number: u8) -> Origin {
    Origin { address: [198, 51, 100, number].into(), user_agent: None }
}

/// The same person as a contact of several brands, each of which would write to it.
async fn known_to_brands(world: &World, brands: u8) -> Vec<BrandId> {
    let mut all = Vec::new();
    for number in 0..brands {
        let host = format!("b{number}.acme.test");
        let id = brand(&world.core, world.organisation.id, &host).await.id;
        let customer = json!({"name": "Ana", "brand_id": id.to_string()});
        let customer = world.save::<CustomerRecord>(customer).await.id.to_string();
        let contact = json!({"customer_id": customer, "name": "Ana", "email": EMAIL});
        world.save::<ContactRecord>(contact).await;
        all.push(id);
    }
    all
}

/// Asks each brand for all that it would mail, each time from elsewhere.
async fn ask_all(world: &World, brands: &[BrandId]) {
    for (number, brand) in (0..).zip(brands) {
        for _ in 0..3 {
            for purpose in [MailedLinkPurpose::SignIn, MailedLinkPurpose::ResetPassword] {
                let asked = world.core.mail_link(*brand, EMAIL, purpose, from(number)).await;
                asked.expect("asked");
            }
        }
    }
}

fn reset_of(mails: &[ClaimedMail]) -> &ClaimedMail {
    let reset = mails.iter().find(|mail| mail.message.content.kind() == "password-reset");
    reset.expect("a mail")
}

/// Signs somebody up where anybody may.
async fn sign_up(world: &World, email: &str) {
    let mut write = world.core.store().write(world.organisation.id).await.expect("a unit");
    let sign_up = SignUp { customers: true, ..SignUp::default() };
    let brand = portico_billing::brand::Brand { sign_up, ..world.brand.clone() };
    write.update_brand(&brand).await.expect("updated");
    write.commit().await.expect("committed");
    let new = NewSignUp {
        kind: CustomerKind::Customer,
        company: "Northwind".to_owned(),
        name: "Ana".to_owned(),
        email: email.to_owned(),
        country: "ES".to_owned(),
        currency: String::new(),
        language: "en".parse().expect("a language"),
        guest: None,
    };
    world.core.sign_up(world.brand.id, new, origin()).await.expect("taken");
}

fn kinds(mails: &[ClaimedMail]) -> Vec<&'static str> {
    mails.iter().map(|mail| mail.message.content.kind()).collect()
}

/// So many mails of a share, to addresses that nobody asks for again.
async fn requested(
    world: &World,
    organisation: OrganisationId,
    (share, count): (&'static str, u32),
) {
    let mut write = world.core.store().write(organisation).await.expect("a unit");
    for number in 0..count {
        let mut entropy = [0; 10];
        entropy[..4].copy_from_slice(&number.to_be_bytes());
        entropy[4] = share.as_bytes()[0];
        let id = JobId::new(world.core.now(), entropy);
        let hash = [number.to_be_bytes(); 8].concat();
        let request = Some(MailRequest { recipient_hash: &hash, share });
        let job = NewJob { id, kind: "mail", sealed_payload: &[], request };
        write.enqueue(job, world.core.now()).await.expect("enqueued");
        write.close_job(id, None, world.core.now()).await.expect("closed");
    }
    write.commit().await.expect("committed");
}

both_engines! {
    async fn dos_09_an_address_gets_so_many_mails_on_request_within_an_hour(db: TestDatabase) {
        let world = World::on(db).await;
        let brands = known_to_brands(&world, 4).await;
        ask_all(&world, &brands).await;
        let mails = world.mails().await;
        assert_eq!(mails.len(), BUDGET, "24 were asked for");
        // What was done to somebody's account is told all the same.
        let (reset, new) = (reset_of(&mails), "marmot-under-granite");
        let done = world.core.reset_password(reset.brand.id, &token(reset), new, origin()).await;
        done.expect("reset");
        let told = world.mails().await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].message.content.kind(), "password-changed");
        world.wait(3_601);
        ask_all(&world, &brands[..1]).await;
        assert_eq!(world.mails().await.len(), 6);
    }

    async fn dos_09_an_organisation_mails_so_much_on_request_within_an_hour(db: TestDatabase) {
        let world = World::on(db).await;
        let brands = known_to_brands(&world, 1).await;
        let used_up = ("customers", MailBudget::default().customers() - 2);
        requested(&world, world.organisation.id, used_up).await;
        ask_all(&world, &brands).await;
        assert_eq!(world.mails().await.len(), 2, "6 were asked for");
        sign_up(&world, "new@northwind.example").await;
        let own = Caller::system(world.organisation.id);
        let boss = NewInvitation {
            email: "boss@acme.example".to_owned(), name: "Bo".to_owned(),
            role: OperatorRole::ReadOnly,
        };
        world.core.invite_operator(&own, boss).await.expect("invited");
        let mut others = kinds(&world.mails().await);
        others.sort_unstable();
        assert_eq!(others, ["operator-invitation", "sign-up-confirm"], "shares of their own");
        let other = common::organisation(&world.core, "Other").await;
        let there = brand(&world.core, other.id, "other.test").await;
        let system = Caller::system(other.id);
        let new = NewInvitation {
            email: EMAIL.to_owned(), name: "Ana".to_owned(), role: OperatorRole::ReadOnly,
        };
        world.core.invite_operator(&system, new).await.expect("invited");
        let mails = world.mails().await;
        assert_eq!((mails.len(), mails[0].brand.id), (1, there.id), "others are not held up");
        world.wait(3_601);
        ask_all(&world, &brands).await;
        assert_eq!(world.mails().await.len(), 6);
    }

    async fn dos_09_how_much_that_is_can_be_set(db: TestDatabase) {
        let world = World::on(db).await;
        let parts = common::parts(&world.db, &world.clock, 9);
        let mail_budget = MailBudget::new(100);
        let core = Core::new(CoreParts { mail_budget, ..parts });
        let world = World { core, ..world };
        let brands = known_to_brands(&world, 1).await;
        for share in [("customers", 74), ("sign_ups", 25)] {
            requested(&world, world.organisation.id, share).await;
        }
        ask_all(&world, &brands).await;
        sign_up(&world, "new@northwind.example").await;
        let mails = world.mails().await;
        let sent = kinds(&mails);
        assert!(matches!(sent[..], ["sign-in-link" | "password-reset"]), "{sent:?}");
    }

    async fn dos_09_sign_ups_keep_nobody_from_signing_in(db: TestDatabase) {
        let world = World::on(db).await;
        let brands = known_to_brands(&world, 1).await;
        let used_up = ("sign_ups", MailBudget::default().sign_ups());
        requested(&world, world.organisation.id, used_up).await;
        sign_up(&world, "new@northwind.example").await;
        assert_eq!(kinds(&world.mails().await), [""; 0]);
        ask_all(&world, &brands).await;
        assert_eq!(world.mails().await.len(), 6);
    }

    async fn dos_09_links_that_were_not_mailed_do_not_count(db: TestDatabase) {
        let world = World::on(db).await;
        let brands = known_to_brands(&world, 1).await;
        let used_up = ("customers", MailBudget::default().customers());
        requested(&world, world.organisation.id, used_up).await;
        world.wait(3_000);
        ask_all(&world, &brands).await;
        assert_eq!(world.mails().await.len(), 0);
        // The others' hour is over, that of the links would not be.
        world.wait(601);
        ask_all(&world, &brands).await;
        assert_eq!(world.mails().await.len(), 6);
    }

    async fn dos_09_test_mails_leave_room_for_mails_that_let_people_in(db: TestDatabase) {
        let world = World::on(db).await;
        let system = Caller::system(world.organisation.id);
        let invite = || {
            let (email, name) = (EMAIL.to_owned(), "Ana".to_owned());
            let new = NewInvitation { email, name, role: OperatorRole::ReadOnly };
            world.core.invite_operator(&system, new)
        };
        let input = SmtpInput {
            server: "mail.acme.example".to_owned(),
            from_address: "billing@acme.example".to_owned(),
            ..SmtpInput::default()
        };
        let try_to = |email: &str| {
            let (email, name) = (email.parse().expect("an address"), "Ana".to_owned());
            let to = Recipient { email, name, language: "en".parse().expect("a tag") };
            world.core.try_brand_smtp(&world.caller, world.brand.id, &input, to)
        };
        for _ in 1..LESSER {
            invite().await.expect("invited");
        }
        // This core sends no test mails; how many are asked for it counts all the same.
        let unsent = BrandMailError::Trial(ProbeFault::Unreachable).to_string();
        assert_eq!(try_to(EMAIL).await.expect_err("unsent").to_string(), unsent);
        let refused = try_to(EMAIL).await.expect_err("refused");
        assert!(matches!(refused, BrandMailError::TooMany { wait_s: 3_600 }), "{refused}");
        for _ in LESSER..BUDGET {
            invite().await.expect("invited");
        }
        let refused = invite().await.expect_err("refused");
        let hour = Duration::from_secs(3_600);
        assert!(matches!(refused, StaffError::TooMany(wait) if wait == hour), "{refused}");
        assert_eq!(try_to("b@c.example").await.expect_err("unsent").to_string(), unsent);
        assert_eq!(world.mails().await.len(), BUDGET - 1);
        world.wait(3_601);
        invite().await.expect("invited");
    }
}

#[tokio::test]
async fn dos_09_one_place_asks_for_so_many_mails() {
    let world = World::new().await;
    let ask = |number: u32, origin| {
        let email = format!("n{number}@acme.example");
        let core = &world.core;
        let brand = world.brand.id;
        async move { core.mail_link(brand, &email, MailedLinkPurpose::SignIn, origin).await }
    };
    let mut taken = 0;
    for number in 0..40 {
        match ask(number, from(1)).await {
            Ok(()) => taken += 1,
            Err(EntryError::TooMany { retry_after }) => assert!(!retry_after.is_zero()),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(taken, 20);
    assert_eq!(ask(41, from(2)).await, Ok(()));
}
