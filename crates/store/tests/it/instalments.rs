//! Invoices that are paid in parts: what the database says of a day is what the rule says.

use std::collections::BTreeMap;

use crate::common::{NOW, TODAY, invoice, tenant};
use crate::invoices::{in_three, various};
use jiff::ToSpan;
use jiff::civil::Date;
use portico_billing::invoice::{Instalments, Invoice, InvoiceStatus, InvoiceSummary};
use portico_billing::page::{Direction, PageSize};
use portico_billing::{Currency, CustomerId, Money};
use portico_store::invoice::{InvoiceFilter, InvoiceListFilter, InvoiceOrder};
use portico_store::{Position, Write};
use portico_testkit::both_engines;

const EUR: Currency = Currency::EUR;

/// Days around those of the invoices.
fn days() -> impl Iterator<Item = Date> {
    (-12..=12).map(|days: i64| TODAY + days.days())
}

/// Adds invoices of which many are paid in parts, and some are partly paid.
async fn fill(write: &mut Write, customer: CustomerId) -> Vec<Invoice> {
    let mut all: Vec<Invoice> = (1..=60).map(|n| various(customer, n)).collect();
    for (n, it) in (0_i64..).zip(&mut all) {
        if it.status.is_payable() && n % 3 == 0 {
            it.settle_by(it.remaining().minor() * (n % 5) / 5, 0);
        }
    }
    write.insert_invoices(&all).await.expect("invoices");
    all.retain(|it| it.status.is_payable());
    all
}

both_engines! {
    async fn what_is_due_overdue_and_put_off_is_what_the_rule_says_on_each_day(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let open = fill(&mut write, customer).await;
        assert!(open.iter().filter(|it| !it.instalments.is_empty()).count() > 10);
        for day in days() {
            let put_off = write.put_off(customer, day).await.expect("sums");
            let later = |it: &Invoice| it.remaining().minor() - it.due(day).minor();
            let expected = open.iter().map(later).sum::<i64>();
            let none = |it: &&Invoice| later(it) > 0 && it.due(day).is_zero();
            let wholly = i64::try_from(open.iter().filter(none).count()).expect("a count");
            let sum = put_off.first().map_or((0, 0), |it| (it.amount.minor(), it.invoices));
            assert_eq!(sum, (expected, wholly), "{day}");

            let overdue = write.overdue_sums(customer, day).await.expect("sums");
            let late = |it: &Invoice| match it.next_due_on() < day {
                true => it.due(day - 1.days()).minor(),
                false => 0,
            };
            let expected = open.iter().map(late).sum::<i64>();
            let count = open.iter().filter(|it| it.next_due_on() < day).count();
            let sum = overdue.first().map_or((0, 0), |it| (it.due.minor(), it.count as usize));
            assert_eq!(sum, (expected, count), "{day}");

            let next = write.next_due_invoice(customer, day).await.expect("an answer");
            let expected = open.iter().map(Invoice::next_due_on).filter(|it| *it >= day).min();
            assert_eq!(next.map(|it| it.next_due_on()), expected, "{day}");
        }
    }

    async fn what_is_open_is_each_instalment_with_its_own_day(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let open = fill(&mut write, customer).await;
        let mut expected: Vec<(Date, i64)> = Vec::new();
        for it in open.iter().filter(|it| it.remaining().is_positive()) {
            match it.instalments.is_empty() {
                true => expected.push((it.due_on, it.remaining().minor())),
                false => expected.extend(
                    it.open_instalments()
                        .into_iter()
                        .filter(|part| part.open_minor > 0)
                        .map(|part| (part.due_on, part.open_minor)),
                ),
            }
        }
        expected.sort_unstable();
        let mut found = write.open_dues(customer, EUR, 1_000).await.expect("dues");
        // Of what asks for nothing, nothing is open.
        found.retain(|(_, minor)| *minor > 0);
        found.sort_unstable();
        assert_eq!(found, expected);
    }

    /// The list by what is due merges two ways of finding it: no page may lose one or repeat one.
    async fn the_list_by_what_is_due_is_right_on_each_day(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let all: Vec<Invoice> = (1..=60).map(|n| various(customer, n)).collect();
        write.insert_invoices(&all).await.expect("invoices");
        let size = PageSize::try_from(7).expect("a size");
        let both = [Direction::Asc, Direction::Desc].repeat(4);
        for (today, direction) in days().step_by(4).zip(both) {
            let mut expected: Vec<InvoiceSummary> = all
                .iter()
                .filter(|it| it.status != InvoiceStatus::Draft)
                .map(InvoiceSummary::from)
                .collect();
            expected.sort_by_key(|it| (it.due(today).minor(), it.id));
            if direction == Direction::Desc {
                expected.reverse();
            }
            let order = InvoiceOrder::AmountDue;
            let mut filter =
                InvoiceListFilter { today, order, direction, size, ..InvoiceListFilter::default() };
            let mut found = Vec::new();
            loop {
                let page = write.invoices_of_customer(customer, &filter).await.expect("a page");
                found.extend(page.rows);
                let Some(next) = page.next else { break };
                filter.cursor = Some(next);
            }
            assert_eq!(found, expected, "{today} {direction:?}");
        }
    }

    async fn the_next_day_moves_as_it_is_paid_and_reads_back_whole(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let mut it = invoice(customer, 1, 100);
        in_three(&mut it);
        write.insert_invoices(std::slice::from_ref(&it)).await.expect("an invoice");
        let days = [TODAY - 3.days(), TODAY, TODAY + 3.days()];
        for (paid, next, due) in [
            (0, days[0], 50), (20, days[0], 30), (5, days[1], 25), (25, days[2], 0),
            (-1, days[1], 1), (51, days[2], 0),
        ] {
            let settled = write.settle_invoice(it.id, paid, 0, NOW).await.expect("settled").after;
            assert_eq!((settled.next_due_on(), settled.due(TODAY).minor()), (next, due), "{paid}");
            assert_eq!(write.invoice(it.id).await.expect("read"), Some(settled.clone()));
            let filter = InvoiceListFilter { today: TODAY, ..InvoiceListFilter::default() };
            let page = write.invoices_of_customer(customer, &filter).await.expect("a page");
            assert_eq!(page.rows, [InvoiceSummary::from(&settled)]);
        }
        // What is planned anew reads back so, and none at all too.
        let mut again = write.invoice(it.id).await.expect("read").expect("the invoice");
        again.instalments = Instalments::default();
        again.due_on = TODAY;
        write.update_invoice(&again).await.expect("changed");
        assert_eq!(write.invoice(it.id).await.expect("read"), Some(again.clone()));
        in_three(&mut again);
        write.update_invoice(&again).await.expect("changed");
        assert_eq!(write.invoice(it.id).await.expect("read"), Some(again.clone()));
        let all = InvoiceFilter {
            customer: None,
            status: None,
            issued_from: None,
            issued_until: None,
            after: Position::START,
        };
        let listed = write.invoices(&all, 10).await.expect("a page");
        assert_eq!(listed, [again]);
    }

    async fn sums_are_of_their_currency(db: TestDatabase) {
        let (organisation, [customer, other]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let mut expected: BTreeMap<&str, i64> = BTreeMap::new();
        for (n, code) in (1_u32..).zip(["EUR", "JPY", "KWD", "JPY"]) {
            let mut it = invoice(customer, n, 1_000 * i64::from(n));
            it.currency = code.parse().expect("a currency");
            in_three(&mut it);
            let later = it.remaining().minor() - it.due(TODAY).minor();
            *expected.entry(code).or_default() += later;
            write.insert_invoices(std::slice::from_ref(&it)).await.expect("an invoice");
        }
        let put_off = write.put_off(customer, TODAY).await.expect("sums");
        let found: BTreeMap<&str, i64> =
            put_off.iter().map(|it| (it.amount.currency().code(), it.amount.minor())).collect();
        assert_eq!(found, expected);
        assert_eq!(write.put_off(other, TODAY).await.expect("sums"), []);
        let last = put_off.last().map(|it| it.amount);
        assert_eq!(last, Some(Money::new(1_500, "KWD".parse().expect("a currency"))));
    }
}
