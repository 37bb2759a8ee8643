//! Attempts and notices as the staff looks through them: page by page, each organisation its own,
//! and found by an index.

use crate::common::{self, NOW, tenant};
use jiff::{SignedDuration, Timestamp};
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::attempt_tries::Tries;
use portico_billing::attempt_watch::{GIVEN_UP_TOLD_FOR, MISSING_FOR, NOTICE_WAITS_FOR};
use portico_billing::gateway::{CurrencyTerms, DeclineReason};
use portico_billing::page::PageSize;
use portico_billing::{
    AttemptId, Currency, CustomerId, GatewayId, GatewayNoticeId, Money, OrganisationId,
};
use portico_store::attempt_list::AttemptListFilter;
use portico_store::gateway::GatewayRecord;
use portico_store::gateway_notice::{NewNotice, NoticeState};
use portico_store::notice_list::{NoticeListFilter, NoticeRecord};
use portico_store::payment_attempt::PaymentAttempt;
use portico_store::{Read, Store};
use portico_testkit::{TestDatabase, both_engines};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

fn gateway(organisation_id: OrganisationId, number: u32) -> GatewayRecord {
    GatewayRecord {
        organisation_id,
        id: GatewayId::from(common::id(100 + number)),
        provider: "sandbox".to_owned(),
        name: format!("Card {number}"),
        brand_id: None,
        is_enabled: true,
        is_test: true,
        currencies: vec![CurrencyTerms::free(Currency::EUR)],
        settings: vec![1],
        deducts_fees: false,
        position: number,
        notice_key: format!("key-{organisation_id}-{number}"),
        created_at: NOW,
        updated_at: NOW,
    }
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

fn attempt(customer_id: CustomerId, number: u32) -> PaymentAttempt {
    let begun_at = NOW + seconds(i64::from(number));
    PaymentAttempt {
        id: AttemptId::from(common::id(number)),
        customer_id,
        contact_id: None,
        gateway_id: GatewayId::from(common::id(101)),
        purpose: AttemptPurpose::Refill,
        state: AttemptState::Sent,
        amount: Money::new(1_000, Currency::EUR),
        surcharge_minor: 35,
        parts: Vec::new(),
        credit_parts: Vec::new(),
        payment_method_id: None,
        keeps_method: false,
        form_key: format!("form-{number}"),
        form_hash: vec![1],
        locale: "en".to_owned(),
        site: "https://pay.test".to_owned(),
        handle: None,
        way: None,
        decline: None,
        mismatch: None,
        payment_id: None,
        begun_at,
        next_look_at: Some(begun_at),
        updated_at: begun_at,
    }
}

fn declined(customer: CustomerId, number: u32, reason: DeclineReason) -> PaymentAttempt {
    PaymentAttempt {
        state: AttemptState::Failed,
        decline: Some((reason, "no".to_owned())),
        next_look_at: None,
        ..attempt(customer, number)
    }
}

/// Stores attempts as they stand, from an address.
async fn keep(store: &Store, at: OrganisationId, from: &str, attempts: &[PaymentAttempt]) {
    let mut write = store.write(at).await.expect("a unit of work");
    for it in attempts {
        assert!(write.insert_payment_attempt(it).await.expect("an attempt"));
        write.update_payment_attempt(it).await.expect("as it stands");
        let network = from.parse().expect("an address");
        write.place_payment_attempt(it.id, network).await.expect("placed");
    }
    write.commit().await.expect("a commit");
}

/// An organisation with gateways, and its two customers.
async fn world(store: &Store, number: u32) -> (OrganisationId, [CustomerId; 2]) {
    let (organisation, customers) = tenant(store, number).await;
    let mut write = store.write(organisation).await.expect("a unit of work");
    for number in [1, 2] {
        write.insert_gateway(&gateway(organisation, number)).await.expect("a gateway");
    }
    write.commit().await.expect("a commit");
    (organisation, customers)
}

fn of_size(size: u16) -> PageSize {
    PageSize::try_from(size).expect("a size")
}

async fn found(read: &mut Read, filter: AttemptListFilter) -> Vec<AttemptId> {
    let page = read.attempt_page(&filter).await.expect("a page");
    page.rows.into_iter().map(|it| it.id).collect()
}

fn notice_id(number: u32) -> GatewayNoticeId {
    GatewayNoticeId::from(common::id(number))
}

async fn tell(store: &Store, at: OrganisationId, number: u32, now: Timestamp) -> bool {
    let mut write = store.write(at).await.expect("a unit of work");
    let event = format!("evt_{number}");
    let new = NewNotice {
        id: notice_id(number),
        gateway_id: GatewayId::from(common::id(101 + number % 2)),
        event_id: &event,
        kind: if number.is_multiple_of(2) { "payment.succeeded" } else { "payment.failed" },
        about: None,
    };
    let is_first = write.insert_gateway_notice(new, now).await.expect("kept");
    write.commit().await.expect("a commit");
    is_first
}

/// Notes what came of a notice.
async fn close(store: &Store, at: OrganisationId, number: u32, state: NoticeState) {
    let mut write = store.write(at).await.expect("a unit of work");
    let event = format!("evt_{number}");
    let which = (GatewayId::from(common::id(101 + number % 2)), event.as_str());
    write.close_gateway_notice(which, state, "so").await.expect("closed");
    write.commit().await.expect("a commit");
}

async fn notices(read: &mut Read, filter: NoticeListFilter) -> Vec<GatewayNoticeId> {
    let page = read.notice_page(&filter).await.expect("a page");
    page.rows.into_iter().map(|it| it.id).collect()
}

both_engines! {
    async fn attempts_come_page_by_page_and_each_organisation_has_its_own(db: TestDatabase) {
        let (ours, [ana, bob]) = world(&db.store, 1).await;
        let all: Vec<_> = (200..225).map(|n| attempt([ana, bob][n as usize % 2], n)).collect();
        keep(&db.store, ours, "192.0.2.1", &all).await;
        let newest_first: Vec<_> = all.iter().rev().map(|it| it.id).collect();
        let mut read = db.store.read(ours).await.expect("a reader");
        for filter in [
            AttemptListFilter { size: of_size(10), ..AttemptListFilter::default() },
            // What is sorted instead of walked along has the same pages.
            AttemptListFilter {
                size: of_size(10),
                customers: Some(vec![ana, bob]),
                ..AttemptListFilter::default()
            },
        ] {
            let (mut seen, mut cursor) = (Vec::new(), None);
            for rows in [10, 10, 5] {
                let filter = AttemptListFilter { cursor, ..filter.clone() };
                let page = read.attempt_page(&filter).await.expect("a page");
                assert_eq!(page.rows.len(), rows);
                seen.extend(page.rows.iter().map(|it| it.id));
                if rows == 5 {
                    assert_eq!(page.next, None);
                    let back = AttemptListFilter { cursor: page.previous, ..filter };
                    assert_eq!(found(&mut read, back).await, newest_first[10..20]);
                }
                cursor = page.next;
            }
            assert_eq!(seen, newest_first);
        }
        let page = read.attempt_page(&AttemptListFilter::default()).await.expect("a page");
        let newest = &page.rows[0];
        assert_eq!((newest.customer_name.as_str(), newest.charged().minor()), ("Customer", 1_035));
        drop(read);

        let (theirs, _) = tenant(&db.store, 2).await;
        let mut read = db.store.read(theirs).await.expect("a reader");
        assert_eq!(found(&mut read, AttemptListFilter::default()).await, []);
        let first = Some(vec![all[0].id]);
        let one = AttemptListFilter { found: first, ..AttemptListFilter::default() };
        assert_eq!(found(&mut read, one).await, []);
        assert_eq!(read.network_of_attempt(all[0].id).await.expect("an answer"), None);
    }

    async fn each_filter_finds_what_it_names(db: TestDatabase) {
        let (ours, [ana, bob]) = world(&db.store, 1).await;
        let other = GatewayId::from(common::id(102));
        let dollars = Money::new(500, Currency::USD);
        let all = [
            attempt(ana, 201),
            PaymentAttempt { purpose: AttemptPurpose::Pay, ..attempt(ana, 202) },
            PaymentAttempt { gateway_id: other, handle: Some("h-1".into()), ..attempt(bob, 203) },
            PaymentAttempt { amount: dollars, ..attempt(bob, 204) },
            declined(bob, 205, DeclineReason::Declined),
        ];
        keep(&db.store, ours, "192.0.2.1", &all).await;
        let mut read = db.store.read(ours).await.expect("a reader");
        let filter = AttemptListFilter::default;
        let from = Some(NOW + seconds(203));
        let none = Some(Vec::new());
        for (filter, numbers) in [
            (filter(), &[205, 204, 203, 202, 201][..]),
            (AttemptListFilter { customers: Some(vec![ana]), ..filter() }, &[202, 201]),
            (AttemptListFilter { found: Some(vec![all[1].id]), ..filter() }, &[202]),
            (AttemptListFilter { found: none, ..filter() }, &[]),
            (AttemptListFilter { customers: Some(Vec::new()), ..filter() }, &[]),
            (AttemptListFilter { state: Some(AttemptState::Failed), ..filter() }, &[205]),
            (
                AttemptListFilter { state: Some(AttemptState::Sent), ..filter() },
                &[204, 203, 202, 201],
            ),
            (AttemptListFilter { gateway: Some(other), ..filter() }, &[203]),
            (AttemptListFilter { purpose: Some(AttemptPurpose::Pay), ..filter() }, &[202]),
            (AttemptListFilter { currency: Some(Currency::USD), ..filter() }, &[204]),
            (AttemptListFilter { from, ..filter() }, &[205, 204, 203]),
            (AttemptListFilter { before: from, ..filter() }, &[202, 201]),
            (AttemptListFilter { customers: Some(vec![bob]), before: from, ..filter() }, &[]),
        ] {
            let expected: Vec<_> =
                numbers.iter().map(|number| AttemptId::from(common::id(*number))).collect();
            assert_eq!(found(&mut read, filter.clone()).await, expected, "{filter:?}");
        }
        assert_eq!(read.attempts_with_handle("h-1").await.expect("an answer"), [all[2].id]);
        assert_eq!(read.attempts_with_handle("h-2").await.expect("an answer"), []);
    }

    async fn whk_04_what_somebody_has_to_look_at_is_counted_and_found(db: TestDatabase) {
        let (ours, [ana, _]) = world(&db.store, 1).await;
        let mismatch = Some("9.00 EUR was paid".to_owned());
        let unknown = PaymentAttempt { state: AttemptState::Unknown, ..attempt(ana, 201) };
        let all = [
            unknown.clone(),
            PaymentAttempt { mismatch: mismatch.clone(), ..attempt(ana, 202) },
            PaymentAttempt {
                mismatch: mismatch.clone(),
                ..declined(ana, 203, DeclineReason::Abandoned)
            },
            PaymentAttempt { mismatch, ..declined(ana, 204, DeclineReason::Dismissed) },
            PaymentAttempt { state: AttemptState::NeedsAction, ..attempt(ana, 205) },
            declined(ana, 206, DeclineReason::Declined),
        ];
        keep(&db.store, ours, "192.0.2.1", &all).await;
        let mut read = db.store.read(ours).await.expect("a reader");
        let late = unknown.begun_at + MISSING_FOR + seconds(1);
        for (now, numbers) in [(NOW, &[203, 202][..]), (late, &[203, 202, 201])] {
            let expected: Vec<_> =
                numbers.iter().map(|number| AttemptId::from(common::id(*number))).collect();
            let filter =
                AttemptListFilter { to_look_at: Some(now), ..AttemptListFilter::default() };
            assert_eq!(found(&mut read, filter).await, expected);
            let count = read.count_attempts_to_look_at(now).await.expect("a count");
            assert_eq!(usize::try_from(count).expect("a number"), expected.len());
            // The words of the list are those of the rule.
            let page = read.attempt_page(&AttemptListFilter::default()).await.expect("a page");
            let by_rule = page.rows.iter().filter(|it| it.standing().needs_a_look(now));
            assert_eq!(by_rule.map(|it| it.id).collect::<Vec<_>>(), expected);
        }
    }

    async fn dos_08_tries_are_counted_by_customer_by_network_and_by_all(db: TestDatabase) {
        let (ours, [ana, bob]) = world(&db.store, 1).await;
        let (here, there) = ("192.0.2.1", "2001:db8:0:7::");
        let open = PaymentAttempt { state: AttemptState::NeedsAction, ..attempt(ana, 205) };
        let of_ana = [
            declined(ana, 201, DeclineReason::Declined),
            declined(ana, 202, DeclineReason::Abandoned),
            declined(ana, 203, DeclineReason::Unavailable),
            declined(ana, 204, DeclineReason::Dismissed),
            open,
            attempt(ana, 206),
        ];
        keep(&db.store, ours, here, &of_ana).await;
        let of_bob = [
            declined(bob, 211, DeclineReason::InsufficientFunds),
            declined(bob, 212, DeclineReason::Declined),
        ];
        keep(&db.store, ours, there, &of_bob).await;
        let (theirs, [eve, _]) = world(&db.store, 2).await;
        keep(&db.store, theirs, here, &[declined(eve, 221, DeclineReason::Declined)]).await;
        let mut read = db.store.read(ours).await.expect("a reader");
        let tries = async |read: &mut Read, customer, from: &str, since, all| {
            let who = (customer, from.parse().expect("an address"));
            read.payment_tries(who, since, all).await.expect("tries")
        };
        let counted = Tries {
            begun: 6,
            // One is being asked about.
            declined: 2,
            declined_of_network: 1,
            declined_customers: 2,
        };
        assert_eq!(tries(&mut read, ana, here, NOW, true).await, counted);
        let stored = Tries { declined_customers: 0, ..counted };
        assert_eq!(tries(&mut read, ana, here, NOW, false).await, stored);
        let counted = Tries { begun: 2, declined: 2, declined_of_network: 1, ..counted };
        assert_eq!(tries(&mut read, bob, here, NOW, true).await, counted);
        let counted = Tries { declined_of_network: 2, ..counted };
        assert_eq!(tries(&mut read, bob, there, NOW, true).await, counted);
        let since = NOW + seconds(211);
        let later = Tries { begun: 1, declined: 1, declined_of_network: 1, declined_customers: 1 };
        assert_eq!(tries(&mut read, bob, there, since, true).await, later);
    }

    async fn notices_are_listed_found_and_worked_on_again(db: TestDatabase) {
        let (ours, _) = world(&db.store, 1).await;
        for number in 1..=5 {
            assert!(tell(&db.store, ours, number, NOW + seconds(number.into())).await);
        }
        assert!(!tell(&db.store, ours, 5, NOW + seconds(99)).await, "it is kept once");
        close(&db.store, ours, 2, NoticeState::Ignored).await;
        close(&db.store, ours, 3, NoticeState::GivenUp).await;
        let mut read = db.store.read(ours).await.expect("a reader");
        let filter = NoticeListFilter::default;
        let at = Some(NOW + seconds(3));
        for (filter, numbers) in [
            (filter(), &[5, 4, 3, 2, 1][..]),
            (NoticeListFilter { event_id: Some("evt_4".to_owned()), ..filter() }, &[4]),
            (NoticeListFilter { event_id: Some("EVT_4".to_owned()), ..filter() }, &[]),
            (NoticeListFilter { kind: "Failed".to_owned(), ..filter() }, &[5, 3, 1]),
            (NoticeListFilter { kind: "%".to_owned(), ..filter() }, &[]),
            (NoticeListFilter { state: Some(NoticeState::Waiting), ..filter() }, &[5, 4, 1]),
            (NoticeListFilter { state: Some(NoticeState::Ignored), ..filter() }, &[2]),
            (NoticeListFilter { state: Some(NoticeState::GivenUp), ..filter() }, &[3]),
            (
                NoticeListFilter { gateway: Some(GatewayId::from(common::id(101))), ..filter() },
                &[4, 2],
            ),
            (NoticeListFilter { from: at, ..filter() }, &[5, 4, 3]),
            (NoticeListFilter { before: at, ..filter() }, &[2, 1]),
        ] {
            let expected: Vec<_> = numbers.iter().copied().map(notice_id).collect();
            assert_eq!(notices(&mut read, filter.clone()).await, expected, "{filter:?}");
        }
        let first = NoticeListFilter { size: of_size(2), ..filter() };
        let page = read.notice_page(&first).await.expect("a page");
        let next = NoticeListFilter { cursor: page.next, ..first.clone() };
        assert_eq!(notices(&mut read, next).await, [3, 2].map(notice_id));
        drop(read);

        let attempt = AttemptId::from(common::id(7));
        let mut write = db.store.write(ours).await.expect("a unit of work");
        assert!(!write.replay_gateway_notice(notice_id(1), NOW).await.expect("an answer"));
        assert!(!write.replay_gateway_notice(notice_id(9), NOW).await.expect("an answer"));
        assert!(write.replay_gateway_notice(notice_id(3), NOW).await.expect("an answer"));
        let which = (GatewayId::from(common::id(102)), "evt_3");
        write.name_attempt_of_notice(which, attempt).await.expect("named");
        assert!(write.name_attempt_of_notice((which.0, "evt_9"), attempt).await.is_err());
        let replayed = write.gateway_notice(notice_id(3)).await.expect("an answer");
        let replayed = replayed.expect("a notice");
        let expected = NoticeRecord {
            state: NoticeState::Waiting,
            next_try_at: Some(NOW),
            tries: 0,
            attempt_id: Some(attempt),
            ..replayed.clone()
        };
        assert_eq!(replayed, expected);
        assert_eq!(write.notices_of_attempt(attempt, 9).await.expect("notices"), [expected]);
        write.commit().await.expect("a commit");

        let (theirs, _) = tenant(&db.store, 2).await;
        let mut write = db.store.write(theirs).await.expect("a unit of work");
        assert_eq!(notices(&mut write, filter()).await, []);
        assert_eq!(write.gateway_notice(notice_id(3)).await.expect("an answer"), None);
        assert_eq!(write.notices_of_attempt(attempt, 9).await.expect("notices"), []);
        assert!(!write.replay_gateway_notice(notice_id(2), NOW).await.expect("an answer"));
    }

    async fn notices_that_wait_for_long_and_those_given_up_lately_are_counted(db: TestDatabase) {
        let (ours, _) = world(&db.store, 1).await;
        for number in 1..=4 {
            tell(&db.store, ours, number, NOW).await;
        }
        close(&db.store, ours, 2, NoticeState::Ignored).await;
        close(&db.store, ours, 3, NoticeState::GivenUp).await;
        let mut read = db.store.read(ours).await.expect("a reader");
        let second = seconds(1);
        for (now, count) in [
            (NOW, 1),
            (NOW + NOTICE_WAITS_FOR, 1),
            (NOW + NOTICE_WAITS_FOR + second, 3),
            (NOW + GIVEN_UP_TOLD_FOR - second, 3),
            (NOW + GIVEN_UP_TOLD_FOR, 2),
        ] {
            let counted = read.count_notices_to_look_at(now).await.expect("a count");
            assert_eq!(counted, count, "{now}");
        }
    }
}

#[tokio::test]
async fn sqlite_finds_them_by_their_indexes() {
    let db = TestDatabase::sqlite().await;
    let mut conn = SqliteConnection::connect(&db.address).await.expect("a connection");
    for (name, index) in [
        ("attempt_list::TO_LOOK_AT", "INDEX payment_attempt_mismatch (organisation_id=?"),
        ("attempt_list::TO_LOOK_AT", "INDEX payment_attempt_unfinished (organisation_id=?"),
        ("attempt_list::BY_HANDLE", "INDEX payment_attempt_by_handle (organisation_id=?"),
        ("attempt_tries::OF_NETWORK", "INDEX payment_attempt_failed_from (organisation_id=?"),
        ("attempt_tries::CUSTOMERS", "INDEX payment_attempt_failed (organisation_id=?"),
        ("notice_list::FIND", "INDEX gateway_notice_by_id (organisation_id=?"),
        ("notice_list::OF_ATTEMPT", "INDEX gateway_notice_of_attempt (organisation_id=?"),
        ("notice_list::TO_LOOK_AT", "INDEX gateway_notice_waiting (organisation_id=?"),
        ("notice_list::TO_LOOK_AT", "INDEX gateway_notice_given_up (organisation_id=?"),
    ] {
        let all = portico_store::statements();
        let (_, sql) = all.into_iter().find(|(it, _)| it.ends_with(name)).expect("a statement");
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(explain).fetch_all(&mut conn).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        let plan = plan.join("\n");
        assert!(plan.contains(index), "{name}: {plan}");
    }
}
