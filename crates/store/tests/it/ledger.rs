//! The ledger: chains, sums, statements.

use crate::common::{NOW, id, tenant};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use portico_billing::ledger::{Account, Link, Posting, Subject, SubjectGroup, Transfer, verify};
use portico_billing::page::Direction;
use portico_billing::section::Sections;
use portico_billing::{Currency, CustomerId, OrganisationId};
use portico_store::Store;
use portico_store::ledger::{StatementFilter, StatementLine};
use portico_testkit::{TestDatabase, both_engines};

fn moment(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).expect("a day").timestamp()
}

/// The posting number `n`: charges, and every third time a payment, on days that jump about.
fn posting(n: u32) -> Posting {
    let minor = i64::from(n % 13 + 1);
    let occurred_at = moment(date(2026, 1, 1) + i64::from(n * 37 % 200).days());
    let (subject, debit, credit) = match n % 3 {
        0 => (Subject::Payment(id(n).into()), Account::Recorded, Account::Customer),
        1 => (Subject::Invoice(id(n).into()), Account::Customer, Account::Sales),
        _ => (Subject::CreditNote(id(n).into()), Account::CreditNotes, Account::Customer),
    };
    let transfers = vec![Transfer { currency: Currency::EUR, debit, credit, minor }];
    Posting { subject, occurred_at, transfers }
}

async fn post(store: &Store, organisation: OrganisationId, postings: Vec<(CustomerId, Posting)>) {
    let mut write = store.write(organisation).await.expect("a unit of work");
    write.post(postings, NOW).await.expect("posted");
    write.commit().await.expect("a commit");
}

fn filter(direction: Direction) -> StatementFilter {
    StatementFilter {
        currency: Currency::EUR,
        search: String::new(),
        sections: Sections::ALL,
        group: None,
        from: None,
        until: None,
        direction,
        cursor: None,
    }
}

/// All pages, after they were found to be the same backwards.
async fn walk(
    db: &TestDatabase,
    organisation: OrganisationId,
    customer: CustomerId,
    mut filter: StatementFilter,
) -> Vec<StatementLine> {
    let mut read = db.store.read(organisation).await.expect("a connection");
    let mut pages = Vec::new();
    loop {
        let page = read.statement(customer, &filter, 7).await.expect("a page");
        pages.push(page.rows);
        if page.next.is_none() {
            let mut previous = page.previous;
            for expected in pages.iter().rev().skip(1) {
                filter.cursor = previous;
                let page = read.statement(customer, &filter, 7).await.expect("a page");
                assert_eq!(&page.rows, expected);
                previous = page.previous;
            }
            assert_eq!(previous, None);
            return pages.concat();
        }
        filter.cursor = page.next;
    }
}

both_engines! {
    async fn a_statement_is_in_the_order_of_what_happened_with_the_balance_after_each(
        db: TestDatabase
    ) {
        let (organisation, [customer, other]) = tenant(&db.store, 1).await;
        for chunk in [1..20_u32, 20..21, 21..60] {
            let postings = chunk.map(|n| (if n % 10 == 0 { other } else { customer }, posting(n)));
            post(&db.store, organisation, postings.collect()).await;
        }
        let lines = walk(&db, organisation, customer, filter(Direction::Asc)).await;
        assert_eq!(lines.len(), 54);
        let mut balance = 0;
        for pair in lines.windows(2) {
            let place = |it: &StatementLine| (it.occurred_at, it.sequence);
            assert!(place(&pair[0]) < place(&pair[1]));
        }
        for line in &lines {
            balance += line.minor;
            assert_eq!(line.balance_minor, Some(balance));
        }
        let mut newest_first = walk(&db, organisation, customer, filter(Direction::Desc)).await;
        newest_first.reverse();
        assert_eq!(newest_first, lines);

        let mut read = db.store.read(organisation).await.expect("a connection");
        let accounts = read.ledger_accounts(customer, Currency::EUR).await.expect("accounts");
        assert!(accounts.contains(&(Account::Customer, balance)), "{accounts:?}");
        assert_eq!(accounts.iter().map(|(_, minor)| minor).sum::<i64>(), 0);
        let trial = read.trial_balance().await.expect("a trial balance");
        assert_eq!(trial.iter().map(|it| it.above_zero + it.below_zero).sum::<i64>(), 0);

        let range = StatementFilter {
            from: Some(date(2026, 3, 1)),
            until: Some(date(2026, 4, 30)),
            ..filter(Direction::Asc)
        };
        let within = walk(&db, organisation, customer, range).await;
        let first = lines.iter().position(|it| it.sequence == within[0].sequence).expect("it");
        assert_eq!(within, lines[first..first + within.len()]);
        for (day, before) in [(date(2026, 3, 1), first), (date(2026, 5, 1), first + within.len())] {
            let opening = read.balance_at_start_of(customer, Currency::EUR, day).await;
            assert_eq!(Some(opening.expect("a sum")), lines[before - 1].balance_minor, "{day}");
        }

        let group = Some(SubjectGroup::Payments);
        let payments = StatementFilter { group, ..filter(Direction::Asc) };
        let payments = walk(&db, organisation, customer, payments).await;
        let expected = lines.iter().filter(|it| matches!(it.subject, Subject::Payment(_)));
        assert!(payments.iter().map(|it| it.sequence).eq(expected.map(|it| it.sequence)));
        assert!(payments.iter().all(|it| it.balance_minor.is_none()));
    }

    async fn pay_13_a_chain_reads_back_whole_and_no_entry_can_be_changed(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        for n in 1..5 {
            post(&db.store, organisation, vec![(customer, posting(n)), (customer, posting(n + 9))])
                .await;
        }
        let mut read = db.store.read(organisation).await.expect("a connection");
        let mut link = Link::START;
        for _ in 0..3 {
            let chain = (customer, Currency::EUR);
            let entries = read.ledger_chain(chain, link.sequence, 3).await.expect("entries");
            link = verify(link, entries).expect("a whole chain");
        }
        let head = read.ledger_heads(None, 10).await.expect("heads")[0];
        assert_eq!((head.sequence, head.hash), (link.sequence, link.hash));
        assert_eq!(head.sequence, 8);
        for change in [
            "UPDATE ledger_entry SET amount_minor = 1 WHERE sequence = 3",
            "DELETE FROM ledger_entry WHERE sequence = 3",
        ] {
            let refused = db.try_execute(change).await.expect_err(change);
            assert!(refused.to_string().contains("never"), "{refused}");
        }
    }

    /// 32 at once on one customer: no entry is lost, none has another's number.
    async fn pay_09_postings_to_one_customer_wait_for_each_other(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 1..=32 {
            let store = db.store.clone();
            tasks.spawn(async move {
                post(&store, organisation, vec![(customer, posting(n))]).await;
            });
        }
        tasks.join_all().await;
        let mut read = db.store.read(organisation).await.expect("a connection");
        let chain = read.ledger_chain((customer, Currency::EUR), 0, 100).await.expect("entries");
        assert_eq!(verify(Link::START, chain).expect("a whole chain").sequence, 32);
    }
}
