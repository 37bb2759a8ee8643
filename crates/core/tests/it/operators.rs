//! Operators: how they sign in, who may change whom, and what is written down.

use crate::common::{World, organisation, origin};
use jiff::SignedDuration;
use portico_billing::permission::{OperatorRole, Permission, Permissions};
use portico_billing::{OperatorId, OrganisationId};
use portico_core::mail::MailContent;
use portico_core::records::{RecordKey, Rejection};
use portico_core::{
    AuditLine, AuditQuery, Caller, CustomerRef, NewApiKey, NewInvitation, NewOperator, NewOwner,
    NewPortalSession, OperatorChange, OperatorLinkPurpose, OperatorSecret, OperatorSignIn,
    OperatorVisit, OrganisationChange, PortalSessionError, StaffError, StaffRule, Who,
};
use portico_core_api::{CoreApi, EntryError, Fault, Refusal};
use portico_testkit::both_engines;
use uuid::Uuid;

const BOSS: &str = "boss@acme.example";
const RIGHT: &str = "tr4verse-mill-lantern";
const OTHER: &str = "copper-ladder-sunrise-9";

async fn operator(world: &World, at: OrganisationId, email: &str, role: OperatorRole) -> Caller {
    let password = Some(RIGHT.to_owned());
    let email = email.parse().expect("an address");
    let new = NewOperator { email, name: "Ana".to_owned(), role, password };
    let id = world.core.create_operator(at, new).await.expect("an operator");
    let permissions = role.permissions();
    Caller { who: Who::Operator(id), permissions, ..Caller::system(at) }
}

async fn owner(world: &World) -> Caller {
    operator(world, world.organisation.id, BOSS, OperatorRole::Owner).await
}

async fn enter(world: &World, email: &str, password: &str) -> OperatorSecret {
    match world.core.operator_sign_in(email, password, origin()).await {
        Ok(OperatorSignIn::Entered(secret)) => secret,
        other => panic!("not signed in: {other:?}"),
    }
}

async fn visit(world: &World, secret: &OperatorSecret) -> Option<OperatorVisit> {
    world.core.operator_visit(secret, origin().address).await.expect("an answer")
}

async fn boss(world: &World) -> OperatorVisit {
    let secret = enter(world, BOSS, RIGHT).await;
    visit(world, &secret).await.expect("a visit")
}

/// The code that an authenticator with this seed shows now.
fn code(world: &World, secret: &str) -> String {
    let seed = totp_rs::Secret::try_from_base32(secret).expect("base32");
    let totp = totp_rs::Builder::new().with_secret(seed).with_account_name("a").build();
    let now = u64::try_from(world.core.now().as_second()).expect("a time");
    totp.expect("an authenticator").generate(now).to_string()
}

/// Sets a second factor up; the answer is the seed and the recovery codes.
async fn enrol(world: &World) -> (String, Vec<String>) {
    let visit = boss(world).await;
    let begun = world.core.begin_second_factor(&visit).expect("an enrolment");
    let codes =
        world.core.confirm_second_factor(&visit, &begun.ticket, &code(world, &begun.secret)).await;
    (begun.secret, codes.expect("codes"))
}

/// A key that the owner made with these permissions, as a caller.
async fn key(world: &World, owner: &Caller, permissions: Permissions) -> Caller {
    let new = NewApiKey { name: "k".to_owned(), permissions, expires_at: None };
    let (_, secret) = world.core.issue_api_key(owner, new).await.expect("a key");
    let caller = world.core.authenticate_api_key(&secret.expose()).await.expect("an answer");
    caller.expect("a caller")
}

fn id(caller: &Caller) -> OperatorId {
    match caller.who {
        Who::Operator(id) => id,
        other => panic!("no operator: {other:?}"),
    }
}

/// What the audit log says about a record, newest first.
async fn about(world: &World, reader: &Caller, subject: Uuid) -> Vec<AuditLine> {
    let query = AuditQuery { subject: Some(subject), ..AuditQuery::default() };
    world.core.audit_log(reader, query, (None, 50)).await.expect("lines").0
}

#[track_caller]
fn assert_fault<T: std::fmt::Debug>(result: Result<T, StaffError>, field: &str, fault: &Fault) {
    let Err(StaffError::Invalid(faults)) = result else { panic!("no faults: {result:?}") };
    assert_eq!((faults[0].field.as_str(), &faults[0].fault), (field, fault));
}

#[track_caller]
fn assert_rule<T: std::fmt::Debug>(result: Result<T, StaffError>, rule: StaffRule) {
    let Err(StaffError::Rule(found)) = result else { panic!("no rule: {result:?}") };
    assert_eq!(found, rule);
}

both_engines! {
    async fn ses_09_signing_in_tells_nothing_of_who_there_is(db: TestDatabase) {
        let world = World::on(db).await;
        owner(&world).await;
        let elsewhere = organisation(&world.core, "Other").await;
        operator(&world, elsewhere.id, "two@acme.example", OperatorRole::Admin).await;
        operator(&world, world.organisation.id, "two@acme.example", OperatorRole::Admin).await;
        let mut work = Vec::new();
        for email in [BOSS, "two@acme.example", "nobody@acme.example"] {
            let before = world.core.passwords_hashed();
            let refused = world.core.operator_sign_in(email, OTHER, origin()).await;
            assert!(matches!(refused, Err(EntryError::BadCredentials)), "{email}: {refused:?}");
            work.push(world.core.passwords_hashed() - before);
        }
        assert!(work.iter().all(|hashes| *hashes == work[0]), "{work:?}");
        for email in [BOSS, "nobody@acme.example"] {
            world.core.mail_operator_reset(email, origin()).await.expect("the same answer");
        }
        let mails = world.mails().await;
        assert_eq!(mails.len(), 1, "the one who exists alone gets a mail");
        assert_eq!(mails[0].message.to.as_str(), BOSS);
    }

    async fn the_password_of_several_organisations_leads_to_a_choice(db: TestDatabase) {
        let world = World::on(db).await;
        let elsewhere = organisation(&world.core, "Other").await;
        for at in [world.organisation.id, elsewhere.id] {
            operator(&world, at, BOSS, OperatorRole::Owner).await;
        }
        let answer = world.core.operator_sign_in(BOSS, RIGHT, origin()).await;
        let Ok(OperatorSignIn::Choose(choice)) = answer else { panic!("no choice: {answer:?}") };
        assert_eq!(choice.organisations.len(), 2);
        let secret = world.core.operator_choose(&choice.ticket, elsewhere.id, origin()).await;
        let there = visit(&world, &secret.expect("signed in")).await.expect("a visit");
        assert_eq!(there.caller.organisation_id, elsewhere.id);
        let third = organisation(&world.core, "Third").await;
        let foreign = world.core.operator_choose(&choice.ticket, third.id, origin()).await;
        assert!(matches!(foreign, Err(EntryError::LinkOver { .. })), "{foreign:?}");
        world.wait(301);
        let late = world.core.operator_choose(&choice.ticket, elsewhere.id, origin()).await;
        assert!(matches!(late, Err(EntryError::LinkOver { .. })), "{late:?}");
    }

    async fn ses_08_sessions_end_after_half_an_hour_or_twelve_hours(db: TestDatabase) {
        let world = World::on(db).await;
        owner(&world).await;
        let idle = enter(&world, BOSS, RIGHT).await;
        world.wait(29 * 60);
        assert!(visit(&world, &idle).await.is_some(), "in use");
        world.wait(30 * 60);
        assert!(visit(&world, &idle).await.is_none(), "idle");
        let busy = enter(&world, BOSS, RIGHT).await;
        for _ in 0..35 {
            world.wait(20 * 60);
            assert!(visit(&world, &busy).await.is_some());
        }
        world.wait(20 * 60);
        assert!(visit(&world, &busy).await.is_none(), "twelve hours are over");
    }

    async fn ses_11_the_second_factor_gives_another_session_and_works_once(db: TestDatabase) {
        let world = World::on(db).await;
        owner(&world).await;
        let (seed, codes) = enrol(&world).await;
        let waiting = enter(&world, BOSS, RIGHT).await;
        let half = visit(&world, &waiting).await.expect("a visit");
        assert!(!half.is_complete);
        assert_eq!(half.caller.permissions, Permissions::NONE);
        let now = code(&world, &seed);
        let used = world.core.operator_second_factor(&half, &now, origin()).await;
        assert!(matches!(used, Err(EntryError::Invalid { .. })), "it was used to set it up");
        world.wait(30);
        let next = code(&world, &seed);
        let whole = world.core.operator_second_factor(&half, &next, origin()).await;
        let whole = whole.expect("signed in");
        assert_ne!(whole.expose(), waiting.expose());
        assert!(visit(&world, &waiting).await.is_none(), "the session that waited is over");
        assert!(visit(&world, &whole).await.expect("a visit").is_complete);

        let again = enter(&world, BOSS, RIGHT).await;
        let half = visit(&world, &again).await.expect("a visit");
        let replayed = world.core.operator_second_factor(&half, &next, origin()).await;
        assert!(matches!(replayed, Err(EntryError::Invalid { .. })), "{replayed:?}");
        let paper = world.core.operator_second_factor(&half, &codes[0], origin()).await;
        paper.expect("a recovery code");
        let third = enter(&world, BOSS, RIGHT).await;
        let half = visit(&world, &third).await.expect("a visit");
        let twice = world.core.operator_second_factor(&half, &codes[0], origin()).await;
        assert!(matches!(twice, Err(EntryError::Invalid { .. })), "{twice:?}");
    }

    async fn codes_cannot_be_guessed_at_leisure(db: TestDatabase) {
        let world = World::on(db).await;
        owner(&world).await;
        enrol(&world).await;
        let secret = enter(&world, BOSS, RIGHT).await;
        let half = visit(&world, &secret).await.expect("a visit");
        let mut last = None;
        for _ in 0..6 {
            last = Some(world.core.operator_second_factor(&half, "000000", origin()).await);
        }
        assert!(matches!(last, Some(Err(EntryError::TooMany { .. }))), "{last:?}");
    }

    async fn a_required_second_factor_comes_before_anything_else(db: TestDatabase) {
        let world = World::on(db).await;
        let caller = owner(&world).await;
        let (organisation, settings) = world.core.organisation(&caller).await.expect("settings");
        let change = OrganisationChange {
            name: organisation.name,
            time_zone: organisation.time_zone,
            currency: "EUR".to_owned(),
            invoice_prefix: settings.invoice_prefix,
            invoice_next: "7".to_owned(),
            require_second_factor: true,
            ..OrganisationChange::default()
        };
        world.core.update_organisation(&caller, &change).await.expect("saved");
        let own = boss(&world).await;
        assert!(own.must_enrol());
        assert_eq!(own.caller.permissions, Permissions::NONE);
        let off = world.core.remove_second_factor(&own, RIGHT).await;
        assert_rule(off, StaffRule::SecondFactorRequired);
        let begun = world.core.begin_second_factor(&own).expect("an enrolment");
        let wrong = world.core.confirm_second_factor(&own, &begun.ticket, "000000").await;
        assert_fault(wrong, "code", &Fault::WrongCode);
        let right = code(&world, &begun.secret);
        world.core.confirm_second_factor(&own, &begun.ticket, &right).await.expect("enrolled");
        world.wait(30);
        let secret = enter(&world, BOSS, RIGHT).await;
        let half = visit(&world, &secret).await.expect("a visit");
        let next = code(&world, &begun.secret);
        let whole = world.core.operator_second_factor(&half, &next, origin()).await;
        let whole = visit(&world, &whole.expect("signed in")).await.expect("a visit");
        assert_eq!(whole.caller.permissions, Permissions::ALL);
    }

    async fn the_first_owner_comes_by_a_link_that_works_once(db: TestDatabase) {
        let world = World::on(db).await;
        let first = world.core.set_up_links().await.expect("links");
        let again = world.core.set_up_links().await.expect("links");
        assert_eq!((first.len(), again.len()), (1, 1));
        let token = |url: &str| url.rsplit('/').next().expect("a token").to_owned();
        let (old, new) = (token(&first[0].url), token(&again[0].url));
        let person = |password: &str| NewOwner {
            name: "Olivia".to_owned(),
            email: BOSS.to_owned(),
            password: password.to_owned(),
            organisation: "Acme Telecom".to_owned(),
        };
        let void = world.core.set_up(&old, person(RIGHT), origin()).await;
        assert!(matches!(void, Err(EntryError::LinkOver { .. })), "an earlier start's: {void:?}");
        let weak = world.core.set_up(&new, person("password"), origin()).await;
        assert!(matches!(weak, Err(EntryError::Invalid { .. })), "{weak:?}");
        let secret = world.core.set_up(&new, person(RIGHT), origin()).await.expect("signed in");
        let there = visit(&world, &secret).await.expect("a visit");
        assert_eq!(there.role, OperatorRole::Owner);
        assert_eq!(there.organisation_name, "Acme Telecom");
        let twice = world.core.set_up(&new, person(RIGHT), origin()).await;
        assert!(matches!(twice, Err(EntryError::LinkOver { .. })), "{twice:?}");
        assert_eq!(world.core.set_up_links().await.expect("links"), []);
    }

    async fn a_set_up_link_ends_after_a_day(db: TestDatabase) {
        let world = World::on(db).await;
        let links = world.core.set_up_links().await.expect("links");
        let token = links[0].url.rsplit('/').next().expect("a token").to_owned();
        world.wait(24 * 60 * 60);
        let late = world.core.operator_link(&token, OperatorLinkPurpose::SetUp).await;
        assert!(matches!(late, Err(EntryError::LinkOver { .. })), "{late:?}");
    }

    async fn the_invited_choose_a_password_and_are_in(db: TestDatabase) {
        let world = World::on(db).await;
        let caller = owner(&world).await;
        let new = |email: &str| NewInvitation {
            email: email.to_owned(),
            name: "Ben".to_owned(),
            role: OperatorRole::Billing,
        };
        let taken = world.core.invite_operator(&caller, new(BOSS)).await;
        assert_fault(taken.map(drop), "email", &Fault::Taken);
        let invited = world.core.invite_operator(&caller, new("ben@acme.example")).await;
        let invited = invited.expect("invited");
        let mails = world.mails().await;
        let MailContent::OperatorInvitation { url, inviter, .. } = &mails[0].message.content else {
            panic!("no invitation: {mails:?}")
        };
        assert_eq!((url, inviter.as_str()), (&invited.url, "Ana"));
        let token = url.rsplit('/').next().expect("a token");
        let reset = world.core.reset_operator_password(token, OTHER, origin()).await;
        assert!(matches!(reset, Err(EntryError::LinkOver { .. })), "it is for something else");
        let joined = world.core.accept_operator_invitation(token, "Benito", OTHER, origin()).await;
        let ben = visit(&world, &joined.expect("signed in")).await.expect("a visit");
        assert_eq!((ben.name.as_str(), ben.role), ("Benito", OperatorRole::Billing));
        enter(&world, "ben@acme.example", OTHER).await;
    }

    async fn owners_are_the_business_of_owners_and_one_stays(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, at) = (&world.core, world.organisation.id);
        let boss = owner(&world).await;
        let admin = operator(&world, at, "admin@acme.example", OperatorRole::Admin).await;
        let support = operator(&world, at, "help@acme.example", OperatorRole::Support).await;
        let to = |role| OperatorChange { role: Some(role), ..OperatorChange::default() };
        let off = OperatorChange { is_disabled: Some(true), ..OperatorChange::default() };
        let refused = core.change_operator(&support, id(&admin), off).await;
        assert!(matches!(refused, Err(StaffError::Forbidden(_))), "{refused:?}");
        assert_rule(core.change_operator(&admin, id(&boss), off).await, StaffRule::OwnersOnly);
        assert_rule(core.remove_operator(&admin, id(&boss)).await, StaffRule::OwnersOnly);
        let up = to(OperatorRole::Owner);
        assert_rule(core.change_operator(&admin, id(&support), up).await, StaffRule::OwnersOnly);
        assert_rule(core.change_operator(&admin, id(&admin), up).await, StaffRule::OwnRecord);
        assert_rule(core.remove_operator(&boss, id(&boss)).await, StaffRule::OwnRecord);
        let system = Caller::system(at);
        let down = to(OperatorRole::Admin);
        assert_rule(core.change_operator(&system, id(&boss), down).await, StaffRule::LastOwner);
        assert_rule(core.change_operator(&system, id(&boss), off).await, StaffRule::LastOwner);
        assert_rule(core.remove_operator(&system, id(&boss)).await, StaffRule::LastOwner);
        core.change_operator(&boss, id(&admin), up).await.expect("a second owner");
        core.change_operator(&system, id(&boss), down).await.expect("not the last one");
        let other = organisation(core, "Other").await;
        let stranger = operator(&world, other.id, BOSS, OperatorRole::Owner).await;
        let foreign = core.remove_operator(&stranger, id(&support)).await;
        assert!(matches!(foreign, Err(StaffError::NotFound)), "{foreign:?}");
    }

    async fn who_is_switched_off_or_removed_is_out_at_once(db: TestDatabase) {
        let world = World::on(db).await;
        let boss = owner(&world).await;
        let at = world.organisation.id;
        let help = operator(&world, at, "help@acme.example", OperatorRole::Support).await;
        let Who::Operator(id) = help.who else { panic!("no operator") };
        let secret = enter(&world, "help@acme.example", RIGHT).await;
        let off = OperatorChange { is_disabled: Some(true), ..OperatorChange::default() };
        world.wait(1);
        world.core.change_operator(&boss, id, off).await.expect("switched off");
        assert!(visit(&world, &secret).await.is_none());
        let refused = world.core.operator_sign_in("help@acme.example", RIGHT, origin()).await;
        assert!(matches!(refused, Err(EntryError::BadCredentials)), "{refused:?}");
        world.wait(1);
        world.core.remove_operator(&boss, id).await.expect("removed");
        let about = AuditQuery { subject: Some(id.uuid()), ..AuditQuery::default() };
        let (lines, _) = world.core.audit_log(&boss, about, (None, 50)).await.expect("lines");
        let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["operator.removed", "operator.updated", "operator.signed_in"]);
        assert_eq!(lines[0].actor.as_deref(), Some("Ana"));
        assert_eq!(lines[2].actor.as_deref(), Some("Ana"), "the name of who was removed");
        assert_eq!(lines[1].before, Some(serde_json::json!({"disabled": false})));
    }

    async fn a_new_password_ends_what_could_be_used_without_it(db: TestDatabase) {
        let world = World::on(db).await;
        owner(&world).await;
        let (here, there) = (enter(&world, BOSS, RIGHT).await, enter(&world, BOSS, RIGHT).await);
        let own = visit(&world, &here).await.expect("a visit");
        let core = &world.core;
        let wrong = core.change_own_operator_password(&own, OTHER, OTHER).await;
        assert_fault(wrong, "current_password", &Fault::WrongPassword);
        core.change_own_operator_password(&own, RIGHT, OTHER).await.expect("changed");
        assert!(visit(&world, &here).await.is_some());
        assert!(visit(&world, &there).await.is_none());
        core.mail_operator_reset(BOSS, origin()).await.expect("asked");
        let mails = world.mails().await;
        let url = mails.iter().find_map(|mail| match &mail.message.content {
            MailContent::OperatorPasswordReset { url, .. } => Some(url.clone()),
            _ => None,
        });
        let url = url.expect("a link");
        let token = url.rsplit('/').next().expect("a token");
        let fresh = core.reset_operator_password(token, RIGHT, origin()).await.expect("signed in");
        assert!(visit(&world, &here).await.is_none());
        assert!(visit(&world, &fresh).await.is_some());
        let twice = core.reset_operator_password(token, OTHER, origin()).await;
        assert!(matches!(twice, Err(EntryError::LinkOver { .. })), "{twice:?}");
    }

    async fn keys_have_no_more_permissions_than_their_maker(db: TestDatabase) {
        let world = World::on(db).await;
        let boss = owner(&world).await;
        let some = Permissions::of(&[Permission::Read, Permission::EditApiKeys]);
        let new = |permissions| NewApiKey { name: "k".to_owned(), permissions, expires_at: None };
        let (view, key) = world.core.issue_api_key(&boss, new(some)).await.expect("a key");
        let found = world.core.authenticate_api_key(&key.expose()).await.expect("an answer");
        let small = found.expect("a caller");
        assert_eq!(small.permissions, some);
        let more = world.core.issue_api_key(&small, new(Permissions::ALL)).await;
        assert_rule(more.map(drop), StaffRule::MoreThanOwn);
        let none = world.core.issue_api_key(&small, new(Permissions::NONE)).await;
        assert_fault(none.map(drop), "permissions", &Fault::Required);
        let past = NewApiKey {
            expires_at: Some(world.core.now() - SignedDuration::from_secs(1)),
            ..new(some)
        };
        let late = world.core.issue_api_key(&small, past).await;
        assert_fault(late.map(drop), "expires_on", &Fault::NotAChoice);
        world.core.withdraw_api_key(&boss, view.id).await.expect("revoked");
        let gone = world.core.authenticate_api_key(&key.expose()).await.expect("an answer");
        assert_eq!(gone, None);
        let reader = Caller { permissions: Permissions::of(&[Permission::Read]), ..boss };
        assert!(matches!(world.core.api_keys(&reader).await, Err(StaffError::Forbidden(_))));
        let log = world.core.audit_log(&reader, AuditQuery::default(), (None, 1)).await;
        assert!(matches!(log, Err(StaffError::Forbidden(_))));
    }

    /// A key that may edit operators must not be a ladder to what the key itself may not do.
    async fn az_09_a_narrow_key_makes_nobody_greater_than_itself(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, at) = (&world.core, world.organisation.id);
        let boss = owner(&world).await;
        let help = operator(&world, at, "help@acme.example", OperatorRole::Support).await;
        let narrow = Permissions::of(&[Permission::Read, Permission::EditOperators]);
        let narrow = key(&world, &boss, narrow).await;
        let whole = key(&world, &boss, Permissions::ALL).await;
        let new = |email: &str, role| NewInvitation {
            email: email.to_owned(),
            name: "Ben".to_owned(),
            role,
        };
        for role in OperatorRole::ALL {
            let invited = core.invite_operator(&narrow, new("ben@acme.example", role)).await;
            if role == OperatorRole::ReadOnly {
                invited.expect("no more than the key");
            } else {
                assert_rule(invited.map(drop), StaffRule::OwnersOnly);
            }
        }
        let all = core.operators(&boss).await.expect("a list");
        let ben = all.iter().find(|it| it.email == "ben@acme.example").expect("Ben");
        assert_eq!((all.len(), ben.role), (3, OperatorRole::ReadOnly));
        let to = |role| OperatorChange { role: Some(role), ..OperatorChange::default() };
        for role in [OperatorRole::Support, OperatorRole::Admin, OperatorRole::Owner] {
            let promoted = core.change_operator(&narrow, ben.id, to(role)).await;
            assert_rule(promoted, StaffRule::OwnersOnly);
        }
        let off = OperatorChange { is_disabled: Some(true), ..OperatorChange::default() };
        assert_rule(core.change_operator(&narrow, id(&help), off).await, StaffRule::OwnersOnly);
        assert_rule(core.remove_operator(&narrow, id(&help)).await, StaffRule::OwnersOnly);

        // Who was invited as more than the key is none of its business either.
        let ann = new("ann@acme.example", OperatorRole::Admin);
        core.invite_operator(&whole, ann).await.expect("a key with all of it is an admin");
        let down = new("ann@acme.example", OperatorRole::ReadOnly);
        let again = core.invite_operator(&narrow, down).await;
        assert_rule(again.map(drop), StaffRule::OwnersOnly);
        let invited = core.invite_operator(&whole, new("eva@acme.example", OperatorRole::Owner));
        assert_rule(invited.await.map(drop), StaffRule::OwnersOnly);
        let promoted = core.change_operator(&whole, id(&help), to(OperatorRole::Owner)).await;
        assert_rule(promoted, StaffRule::OwnersOnly);
    }

    /// Whoever has the link of a session acts as the customer: that takes both permissions.
    async fn az_09_sessions_of_customers_take_permissions_and_are_written_down(db: TestDatabase) {
        let world = World::on(db).await;
        let core = &world.core;
        let boss = owner(&world).await;
        let customer = world.customer("c-1").await;
        let open = async |caller: &Caller| {
            let of = CustomerRef::Customer(RecordKey::new("c-1"));
            core.create_portal_session(caller, NewPortalSession::of(of)).await
        };
        use Permission::{ActInPortal, OpenPortal, Read};
        for (has, lacks) in [(OpenPortal, ActInPortal), (ActInPortal, OpenPortal)] {
            let refused = open(&key(&world, &boss, Permissions::of(&[Read, has])).await).await;
            let Err(PortalSessionError::Forbidden(missing)) = refused else {
                panic!("{has:?} was enough")
            };
            assert_eq!(missing.0, lacks);
        }
        let both = Permissions::of(&[OpenPortal, ActInPortal]);
        let software = key(&world, &boss, both).await;
        let session = open(&software).await.expect("a session");
        let reader = key(&world, &boss, Permissions::of(&[Read, ActInPortal])).await;
        let refused = core.revoke_portal_session(&reader, session.id).await;
        assert!(matches!(refused, Err(Rejection::Forbidden(it)) if it.0 == OpenPortal));
        let entered = world.enter(&session.link).await.secret;
        let live = core.visit(world.brand.id, &entered, origin().address).await;
        assert!(live.is_ok(), "nothing was revoked");
        world.wait(1);
        core.revoke_portal_session(&software, session.id).await.expect("revoked");
        let lines = about(&world, &boss, session.id.uuid()).await;
        let lines: Vec<_> = lines.iter().map(|it| (it.action.as_str(), it.actor_id)).collect();
        let actor = software.who.id();
        assert_eq!(lines, [("portal_session.revoked", actor), ("portal_session.created", actor)]);

        let help = operator(&world, boss.organisation_id, "h@acme.example", OperatorRole::Support);
        let help = help.await;
        let looks = core.open_as_operator(&help, customer.id, (false, None)).await;
        let acts = core.open_as_operator(&help, customer.id, (true, None)).await;
        assert!(matches!(acts, Err(Rejection::Forbidden(it)) if it.0 == ActInPortal), "{acts:?}");
        let no_more = Caller { permissions: Permissions::of(&[Read, ActInPortal]), ..help };
        let shut = core.open_as_operator(&no_more, customer.id, (true, None)).await;
        assert!(matches!(shut, Err(Rejection::Forbidden(it)) if it.0 == OpenPortal), "{shut:?}");
        world.wait(1);
        let acting = core.open_as_operator(&boss, customer.id, (true, None)).await;
        let expected: Vec<_> = [(&acting, true, &boss), (&looks, false, &help)]
            .map(|(opened, may_act, who)| {
                let session = opened.as_ref().expect("a link").id;
                let after = serde_json::json!({"may_act": may_act, "session_id": session});
                (Some(after), who.who.id())
            })
            .into();
        let lines = about(&world, &boss, customer.id.uuid()).await;
        let opened = lines.iter().filter(|it| it.action == "portal.opened");
        let opened: Vec<_> = opened.map(|it| (it.after.clone(), it.actor_id)).collect();
        assert_eq!(opened, expected);
    }

    /// The visit to a customer's portal is no way to stay: it ends with the colleague who made it,
    /// and so does a link that was not followed yet.
    async fn az_10_a_visit_to_a_customer_ends_with_its_operator(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, brand) = (&world.core, world.brand.id);
        let boss = owner(&world).await;
        let customer = world.customer("c-1").await;
        for is_removed in [false, true] {
            let email = format!("help{is_removed}@acme.example");
            let help = operator(&world, boss.organisation_id, &email, OperatorRole::Admin).await;
            let mut links = Vec::new();
            for may_act in [true, false] {
                let opened = core.open_as_operator(&help, customer.id, (may_act, None)).await;
                let url = opened.expect("a link").url;
                links.push(url.rsplit('/').next().expect("a link").to_owned());
            }
            let secret = world.enter(&links[0]).await.secret;
            assert!(core.visit(brand, &secret, origin().address).await.is_ok());
            assert!(core.overview(&secret).await.is_ok());
            if is_removed {
                core.remove_operator(&boss, id(&help)).await.expect("removed");
            } else {
                let is_disabled = Some(true);
                let off = OperatorChange { is_disabled, ..OperatorChange::default() };
                core.change_operator(&boss, id(&help), off).await.expect("switched off");
            }
            let out = core.visit(brand, &secret, origin().address).await;
            assert!(matches!(out, Err(Refusal::SignedOut { .. })), "{is_removed}: {out:?}");
            let read = core.overview(&secret).await;
            assert!(matches!(read, Err(Refusal::SignedOut { .. })), "{is_removed}");
            let late = core.enter_by_session_link(brand, &links[1], origin()).await;
            assert!(matches!(late, Err(EntryError::LinkOver { .. })), "{is_removed}: {late:?}");
            if !is_removed {
                let on = OperatorChange { is_disabled: Some(false), ..OperatorChange::default() };
                core.change_operator(&boss, id(&help), on).await.expect("switched on");
                let out = core.overview(&secret).await;
                assert!(matches!(out, Err(Refusal::SignedOut { .. })), "it lives again");
            }
        }
    }

    async fn invoice_numbers_follow_each_other_without_gaps(db: TestDatabase) {
        let world = World::on(db).await;
        let id = world.organisation.id;
        let store = world.core.store();
        let mut write = store.write(id).await.expect("a transaction");
        assert_eq!(write.next_invoice_number().await.expect("a number"), "INV-0001");
        drop(write);
        let mut write = store.write(id).await.expect("a transaction");
        assert_eq!(write.next_invoice_number().await.expect("a number"), "INV-0001");
        assert_eq!(write.next_invoice_number().await.expect("a number"), "INV-0002");
        write.commit().await.expect("committed");
        let mut write = store.write(id).await.expect("a transaction");
        assert_eq!(write.next_invoice_number().await.expect("a number"), "INV-0003");
    }
}
