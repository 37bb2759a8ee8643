//! What the staff sees of attempts and of what providers told, and what it can do with them.

use super::*;
use portico_billing::GatewayNoticeId;
use portico_billing::attempt_watch::{GIVEN_UP_TOLD_FOR, MISSING_FOR, NOTICE_WAITS_FOR};
use portico_billing::gateway::DeclineReason;
use portico_billing::ledger::Account;
use portico_billing::permission::{Permission, Permissions};
use portico_core::{
    AttemptQuery, Forbidden, NoticeQuery, NoticeState, NoticeView, StaffError, StaffRule,
};
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_store::gateway_notice::NewNotice;
use portico_testkit::both_engines;

/// An organisation with a gateway and a customer in the portal.
struct Scene {
    world: World,
    at: GatewayId,
    secret: SessionSecret,
    caller: Caller,
}

impl Scene {
    async fn on(db: portico_testkit::TestDatabase) -> Self {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let caller = Caller::system(world.organisation.id);
        Self { world, at, secret, caller }
    }

    /// Begins to refill ten euros, and has the sandbox do something.
    async fn refill(&self, key: &str, choice: &str) -> AttemptId {
        let order = PayOrder { amount_minor: Some(1_000), ..order(key, self.at, &[]) };
        let id = begin(&self.world, &self.secret, order).await.expect("an attempt");
        choose(&self.world, &self.secret, id, choice).await;
        id
    }

    /// What the provider says is not what was asked for.
    async fn mismatch(&self) {
        let lie = "UPDATE payment_attempt SET mismatch = '9.00 EUR was paid' \
                   WHERE state NOT IN ('succeeded', 'failed')";
        self.world.db.execute(lie).await;
    }

    async fn dismiss(&self, id: AttemptId, reason: &str) -> Result<AttemptState, StaffError> {
        let closed = self.world.core.dismiss_payment_attempt(&self.caller, id, reason).await;
        closed.map(|it| it.state)
    }

    /// How many attempts and how many notices the home page tells of.
    async fn told_at_home(&self) -> (u32, u32) {
        let home = self.world.core.home(&self.caller).await.expect("a home page");
        (home.attempts_to_look_at, home.notices_to_look_at)
    }

    async fn found(&self, query: AttemptQuery) -> Vec<AttemptId> {
        let page = self.world.core.payment_attempts(&self.caller, query).await.expect("a page");
        page.rows.into_iter().map(|it| it.id).collect()
    }

    /// The lines of the audit log that say so.
    async fn noted(&self, action: &str) -> Vec<String> {
        let store = self.world.core.store();
        let mut read = store.read(self.caller.organisation_id).await.expect("a reader");
        let lines = read.audit_entries(AuditFilter::default(), Position::START, 200).await;
        let lines = lines.expect("lines").into_iter().filter(|line| line.action == action);
        lines.map(|line| format!("{line:?}")).collect()
    }

    /// Keeps what a provider told.
    async fn tell(&self, number: u8, about: Value) -> GatewayNoticeId {
        let now = self.world.core.now();
        let id = GatewayNoticeId::new(now, [number; 10]);
        let event = format!("evt_{number}");
        let new = NewNotice {
            id,
            gateway_id: self.at,
            event_id: &event,
            kind: "payment.changed",
            about: Some(&about),
        };
        let store = self.world.core.store();
        let mut write = store.write(self.caller.organisation_id).await.expect("a unit of work");
        assert!(write.insert_gateway_notice(new, now).await.expect("kept"));
        write.commit().await.expect("a commit");
        id
    }

    async fn work(&self) -> usize {
        self.world.core.work_on_notices().await.expect("worked")
    }

    async fn notice(&self, id: GatewayNoticeId) -> NoticeView {
        self.world.core.gateway_notice(&self.caller, id).await.expect("a notice")
    }

    /// Who may only read.
    fn reader(&self) -> Caller {
        Caller { permissions: Permissions::of(&[Permission::Read]), ..self.caller }
    }

    /// Who may do everything, elsewhere.
    async fn stranger(&self) -> Caller {
        let other = crate::common::organisation(&self.world.core, "Other").await;
        Caller::system(other.id)
    }
}

fn about(reference: &str) -> Value {
    json!({"kind": "payment", "handle": "h", "reference": reference})
}

#[track_caller]
fn assert_forbidden<T: std::fmt::Debug>(answer: Result<T, StaffError>, missing: Permission) {
    let Err(StaffError::Forbidden(Forbidden(found))) = answer else { panic!("{answer:?}") };
    assert_eq!(found, missing);
}

#[track_caller]
fn assert_absent<T: std::fmt::Debug>(answer: Result<T, StaffError>) {
    assert!(matches!(answer, Err(StaffError::NotFound)), "{answer:?}");
}

#[track_caller]
fn assert_matches<T: std::fmt::Debug>(answer: Result<T, StaffError>) {
    let Err(StaffError::Rule(rule)) = answer else { panic!("{answer:?}") };
    assert_eq!(rule, StaffRule::AttemptMatches);
}

both_engines! {
    async fn whk_04_a_mismatch_is_closed_with_a_reason_and_credited_to_nobody(db: TestDatabase) {
        let scene = Scene::on(db).await;
        let (world, core) = (&scene.world, &scene.world.core);
        let id = scene.refill("k", "pay").await;
        assert_matches(scene.dismiss(id, "I think so").await);
        scene.mismatch().await;
        assert_eq!(scene.told_at_home().await, (1, 0));
        let long = "x".repeat(501);
        for reason in ["", " \n ", &long, "4111 1111 1111 1111", "a\u{202e}b"] {
            let refused = scene.dismiss(id, reason).await;
            let Err(StaffError::Invalid(faults)) = refused else { panic!("{refused:?}") };
            assert_eq!(faults[0].field, "reason", "{reason}");
        }
        let reader = scene.reader();
        let refused = core.dismiss_payment_attempt(&reader, id, "x").await;
        assert_forbidden(refused, Permission::EditBilling);
        let stranger = scene.stranger().await;
        assert_absent(core.dismiss_payment_attempt(&stranger, id, "x").await);

        let closed = scene.dismiss(id, " Given  back\nthere ").await;
        assert_eq!(closed.expect("closed"), AttemptState::Failed);
        let closed = core.payment_attempt(&reader, id).await.expect("the attempt");
        assert_eq!(closed.reason, Some(DeclineReason::Dismissed));
        assert_eq!(closed.code.as_deref(), Some("Given back there"));
        assert_eq!(closed.mismatch.as_deref(), Some("9.00 EUR was paid"), "it can be read later");
        assert_matches(scene.dismiss(id, "Again").await);
        let lines = scene.noted("payment_attempt.dismissed").await;
        assert!(lines.len() == 1 && lines[0].contains("Given back there"), "{lines:?}");

        // Whoever asks from then on: the sandbox says that it is paid.
        let view = look(world, &scene.secret, id).await;
        assert_eq!((view.state, view.payment), (AttemptState::Failed, None));
        let looked = core.look_at_payment_attempt(&scene.caller, id).await.expect("looked");
        assert_eq!((looked.state, looked.payment_id), (AttemptState::Failed, None));
        scene.tell(1, about(Reference::of(id).as_str())).await;
        assert_eq!(scene.work().await, 1);
        world.wait(86_400);
        assert_eq!(core.look_at_attempts().await.expect("looked"), 0);
        let secret = enter(world, "c-1").await;
        assert_eq!(live(world, &secret).await, 0);
        assert_eq!(account(world, Account::Gateway(scene.at)).await, 0);
        assert_eq!(scene.told_at_home().await, (0, 0));
        assert_whole_ledger(world).await;
    }

    async fn pay_06_a_look_and_a_dismissal_at_once_end_in_one_of_both(db: TestDatabase) {
        let scene = Scene::on(db).await;
        let mut credited = 0;
        for round in 0..8 {
            let id = scene.refill(&format!("k-{round}"), "pay").await;
            scene.mismatch().await;
            let (core, secret) = (scene.world.core.clone(), scene.secret.clone());
            let looks = tokio::spawn(async move { core.look_at_attempt(&secret, id).await });
            let (core, caller) = (scene.world.core.clone(), scene.caller);
            let closes = tokio::spawn(async move {
                core.dismiss_payment_attempt(&caller, id, "Given back").await
            });
            let seen = looks.await.expect("an answer").expect("a view");
            let closed = closes.await.expect("an answer");
            assert_ne!(succeeded(&seen), closed.is_ok(), "{seen:?} {closed:?}");
            credited += i64::from(succeeded(&seen));
        }
        assert_eq!(live(&scene.world, &scene.secret).await, credited * 1_000);
        assert_whole_ledger(&scene.world).await;
    }

    async fn pay_05_the_staff_has_the_provider_asked_and_credits_nothing_by_hand(db: TestDatabase) {
        let scene = Scene::on(db).await;
        let core = &scene.world.core;
        let paid = scene.refill("k-1", "pay").await;
        assert_forbidden(
            core.look_at_payment_attempt(&scene.reader(), paid).await,
            Permission::EditBilling,
        );
        let stranger = scene.stranger().await;
        assert_absent(core.look_at_payment_attempt(&stranger, paid).await);
        assert_eq!(live(&scene.world, &scene.secret).await, 0);
        for _ in 0..60 {
            let looked = core.look_at_payment_attempt(&scene.caller, paid).await.expect("looked");
            assert!(looked.state == AttemptState::Succeeded && looked.payment_id.is_some());
        }
        let more = core.look_at_payment_attempt(&scene.caller, paid).await;
        assert!(matches!(more, Err(StaffError::TooMany(_))), "{more:?}");
        assert_eq!(live(&scene.world, &scene.secret).await, 1_000, "once");
        assert_eq!(scene.noted("payment_attempt.looked_up").await.len(), 60);
        let history = core.payment_attempt_history(&scene.reader(), paid).await.expect("it");
        assert_eq!((history.notices.len(), history.deeds.len()), (0, 50));
        assert_whole_ledger(&scene.world).await;
    }

    async fn attempts_are_found_by_what_people_know_of_them(db: TestDatabase) {
        let scene = Scene::on(db).await;
        let core = &scene.world.core;
        let paid = scene.refill("k-1", "pay").await;
        look(&scene.world, &scene.secret, paid).await;
        scene.world.wait(1);
        let open = scene.refill("k-2", "delay").await;
        let name = "UPDATE payment_attempt SET handle = 'h-2' WHERE state <> 'succeeded'";
        scene.world.db.execute(name).await;
        let reference = Reference::of(paid).to_string();
        let of = |words: &str| AttemptQuery { search: words.to_owned(), ..Default::default() };
        for (search, found) in [
            ("", vec![open, paid]),
            ("  ", vec![open, paid]),
            (&reference, vec![paid]),
            (&reference.to_lowercase(), vec![paid]),
            (&format!(" sandbox_{reference} "), vec![paid]),
            (&open.to_string(), vec![open]),
            ("h-2", vec![open]),
            ("c-1", vec![open, paid]),
            ("customer", vec![open, paid]),
            ("h-3", vec![]),
        ] {
            assert_eq!(scene.found(of(search)).await, found, "{search}");
        }
        let other = scene.world.customer("c-2").await.id;
        let query = AttemptQuery { customer: Some(other), ..of("customer") };
        assert_eq!(scene.found(query).await, [], "of another customer");
        let stranger = scene.stranger().await;
        let page = core.payment_attempts(&stranger, of(&reference)).await.expect("a page");
        assert_eq!(page.rows, []);
        assert_absent(core.payment_attempt(&stranger, paid).await);
        assert_absent(core.payment_attempt_history(&stranger, paid).await);
        let nobody = Caller { permissions: Permissions::NONE, ..scene.caller };
        assert_forbidden(core.payment_attempts(&nobody, of("")).await, Permission::Read);
        assert_forbidden(core.payment_attempt(&nobody, paid).await, Permission::Read);
    }

    async fn pay_05_what_stays_unknown_is_told_at_home_after_an_hour(db: TestDatabase) {
        let scene = Scene::on(db).await;
        let id = scene.refill("k", "lose").await;
        scene.world.db.execute("UPDATE payment_attempt SET state = 'unknown'").await;
        let query = || AttemptQuery { to_look_at: true, ..AttemptQuery::default() };
        scene.world.wait(MISSING_FOR.as_secs());
        assert_eq!((scene.told_at_home().await, scene.found(query()).await), ((0, 0), vec![]));
        scene.world.wait(1);
        assert_eq!((scene.told_at_home().await, scene.found(query()).await), ((1, 0), vec![id]));
        assert_matches(scene.dismiss(id, "It is gone").await);
        scene.world.core.look_at_payment_attempt(&scene.caller, id).await.expect("looked");
        assert_eq!(scene.told_at_home().await, (0, 0));
    }

    async fn whk_09_a_notice_is_worked_on_again_and_credits_once(db: TestDatabase) {
        let scene = Scene::on(db).await;
        let core = &scene.world.core;
        let attempt = scene.refill("k", "pay").await;
        let id = scene.tell(1, about(Reference::of(attempt).as_str())).await;
        let odd = scene.tell(2, about("0123456789ABCDEFGHJK")).await;
        let method = scene.tell(3, json!({"kind": "method", "token": "tok_canary"})).await;
        assert_eq!(scene.work().await, 3);
        let done = scene.notice(id).await;
        assert_eq!((done.state, done.attempt_id), (NoticeState::Done, Some(attempt)));
        let odd = scene.notice(odd).await;
        assert_eq!((odd.state, odd.attempt_id), (NoticeState::Ignored, None));
        let method = scene.notice(method).await;
        assert!(!format!("{method:?}").contains("canary"), "{method:?}");
        assert_eq!(live(&scene.world, &scene.secret).await, 1_000);

        let stranger = scene.stranger().await;
        assert_absent(core.replay_gateway_notice(&stranger, id).await);
        assert_absent(core.gateway_notice(&stranger, id).await);
        let none = core.gateway_notices(&stranger, NoticeQuery::default()).await.expect("a page");
        assert_eq!(none.rows, []);
        let refused = core.replay_gateway_notice(&scene.reader(), id).await;
        assert_forbidden(refused, Permission::EditBilling);
        for _ in 0..2 {
            let again = core.replay_gateway_notice(&scene.caller, id).await.expect("replayed");
            assert_eq!((again.state, again.tries), (NoticeState::Waiting, 0));
        }
        assert_eq!(scene.noted("gateway_notice.replayed").await.len(), 1, "one that waits is left");
        assert_eq!(scene.work().await, 1);
        assert_eq!(scene.notice(id).await, done);
        assert_eq!(live(&scene.world, &scene.secret).await, 1_000, "once");
        let history = core.payment_attempt_history(&scene.caller, attempt).await.expect("it");
        assert_eq!(history.notices, [done]);
        assert_whole_ledger(&scene.world).await;
    }

    async fn notices_that_wait_for_long_or_were_given_up_are_told_at_home(db: TestDatabase) {
        let scene = Scene::on(db).await;
        let id = scene.tell(1, json!({"kind": "what nobody knows"})).await;
        assert_eq!(scene.told_at_home().await, (0, 0));
        scene.world.wait(NOTICE_WAITS_FOR.as_secs() + 1);
        assert!(scene.notice(id).await.waits_for_long);
        assert_eq!(scene.told_at_home().await, (0, 1));
        for _ in 0..10 {
            assert_eq!(scene.work().await, 1);
            scene.world.wait(2 * 3_600);
        }
        assert_eq!(scene.work().await, 0);
        let given_up = scene.notice(id).await;
        assert_eq!((given_up.state, given_up.tries), (NoticeState::GivenUp, 10));
        assert_eq!(scene.told_at_home().await, (0, 1));
        let query = NoticeQuery { state: Some(NoticeState::GivenUp), ..NoticeQuery::default() };
        let page = scene.world.core.gateway_notices(&scene.caller, query).await.expect("a page");
        assert_eq!(page.rows, [given_up]);
        scene.world.wait(GIVEN_UP_TOLD_FOR.as_secs());
        assert_eq!(scene.told_at_home().await, (0, 0));
        let again = scene.world.core.replay_gateway_notice(&scene.caller, id).await.expect("it");
        assert_eq!((again.state, again.tries), (NoticeState::Waiting, 0));
        assert_eq!(scene.work().await, 1);
    }
}
