//! Lists of invoices, settlement, and the totals that follow.

use std::collections::BTreeMap;

use crate::common::{NOW, TODAY, id, invoice, tenant};
use jiff::{SignedDuration, ToSpan};
use portico_billing::credit_note::{CreditNote, CreditNoteStatus};
use portico_billing::invoice::{
    Instalment, Instalments, Invoice, InvoiceBody, InvoiceStatus, InvoiceSummary, Period,
    ShownStatus,
};
use portico_billing::page::{Direction, PageSize};
use portico_billing::totals::{self, Contribution, Sums};
use portico_billing::{CreditNoteId, Currency, CustomerId, OrganisationId};
use portico_store::invoice::{InvoiceListFilter, InvoiceOrder, MOST_OVERDUE};
use portico_store::{Store, Write};
use portico_testkit::both_engines;

const ORDERS: [InvoiceOrder; 6] = [
    InvoiceOrder::Created,
    InvoiceOrder::Number,
    InvoiceOrder::Total,
    InvoiceOrder::DueDate,
    InvoiceOrder::AmountDue,
    InvoiceOrder::Period,
];

/// Has an invoice be paid in three parts around its due date.
pub fn in_three(it: &mut Invoice) {
    let total = it.figures.total_minor;
    let days = [it.due_on - 3.days(), it.due_on, it.due_on + 3.days()];
    let amounts = [total / 4, total / 4, total - total / 4 * 2];
    let part = |(due_on, amount_minor)| Instalment { due_on, amount_minor };
    let parts = days.into_iter().zip(amounts).map(part).collect();
    it.instalments = Instalments::new(parts, total).expect("instalments");
    it.due_on = days[2];
}

/// Invoices of few different values, so that many sort keys are equal.
pub fn various(customer: CustomerId, n: u32) -> Invoice {
    let step = i64::from(n);
    let mut it = invoice(customer, n, 100 * (step % 7));
    it.created_at = NOW + SignedDuration::from_hours(step % 5);
    it.issued_on = TODAY - (step % 60).days();
    it.due_on = TODAY + (step % 9 - 4).days();
    let month = Period::new(it.issued_on, it.issued_on + 30.days()).expect("a period");
    it.period = (!n.is_multiple_of(3)).then_some(month);
    if n.is_multiple_of(2) && it.figures.total_minor > 0 {
        in_three(&mut it);
    }
    match n % 11 {
        0 => (it.status, it.number) = (InvoiceStatus::Draft, None),
        1 => it.status = InvoiceStatus::Void,
        2 => it.status = InvoiceStatus::Uncollectible,
        3 => it.settle_by(50.min(it.figures.total_minor), 0),
        _ => {}
    }
    it
}

async fn fill(store: &Store, organisation: OrganisationId, invoices: &[Invoice]) {
    let mut write = store.write(organisation).await.expect("a unit of work");
    for it in invoices {
        write.insert_invoices(std::slice::from_ref(it)).await.expect("an invoice");
    }
    write.commit().await.expect("a commit");
}

/// What the core does with the totals where an invoice changes.
async fn change_totals(write: &mut Write, before: &Invoice, after: &Invoice) {
    let (old, new) = (totals::of_invoice(before), totals::of_invoice(after));
    let taken = Contribution { sums: Sums::default().minus(old.sums), ..old };
    for contribution in [taken, new] {
        write.add_to_totals(after.customer_id, contribution).await.expect("totals");
    }
}

/// All pages of a list, forwards, after they were found to be the same backwards.
async fn walk(
    store: &Store,
    organisation: OrganisationId,
    customer: CustomerId,
    filter: &InvoiceListFilter,
) -> Vec<InvoiceSummary> {
    let mut read = store.read(organisation).await.expect("a reader");
    let mut filter = filter.clone();
    let mut pages = Vec::new();
    loop {
        let page = read.invoices_of_customer(customer, &filter).await.expect("a page");
        assert_eq!(page.previous.is_some(), !pages.is_empty());
        filter.cursor = page.next.clone();
        pages.push(page);
        if filter.cursor.is_none() {
            break;
        }
    }
    for index in (1..pages.len()).rev() {
        filter.cursor = pages[index].previous.clone();
        let page = read.invoices_of_customer(customer, &filter).await.expect("a page");
        assert_eq!(page.rows, pages[index - 1].rows, "{:?} backwards", filter.order);
        assert_eq!(page.previous.is_some(), index > 1);
        assert!(page.next.is_some());
    }
    pages.into_iter().flat_map(|page| page.rows).collect()
}

fn sort_key(order: InvoiceOrder, it: &InvoiceSummary) -> (i64, String) {
    let day = |date| i64::from(TODAY.until(date).map_or(0, |span: jiff::Span| span.get_days()));
    match order {
        InvoiceOrder::Created => (it.created_at.as_microsecond(), String::new()),
        InvoiceOrder::Number => (0, it.number.clone().unwrap_or_default()),
        InvoiceOrder::Total => (it.total.minor(), String::new()),
        InvoiceOrder::DueDate => (day(it.due_on), String::new()),
        InvoiceOrder::AmountDue => (it.due(TODAY).minor(), String::new()),
        InvoiceOrder::Period => (it.period.map_or(-99_999, |it| day(it.start())), String::new()),
    }
}

both_engines! {
    async fn what_is_overdue_is_added_up_to_a_bound(db: TestDatabase) {
        let (organisation, [customer, other]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        for n in 0..MOST_OVERDUE + 3 {
            let mut it = invoice(customer, n, 2);
            it.due_on = TODAY - 1.days();
            write.insert_invoices(std::slice::from_ref(&it)).await.expect("an invoice");
        }
        let not_yet = invoice(other, MOST_OVERDUE + 9, 5);
        write.insert_invoices(std::slice::from_ref(&not_yet)).await.expect("an invoice");
        let sums = write.overdue_sums(customer, TODAY).await.expect("sums");
        let sums: Vec<_> = sums.iter().map(|it| (it.due.minor(), it.count, it.at_least)).collect();
        assert_eq!(sums, [(i64::from(MOST_OVERDUE) * 2, MOST_OVERDUE, true)]);
        assert_eq!(write.overdue_sums(other, TODAY).await.expect("sums"), []);
        let tomorrow = TODAY + 1.days();
        let sums = write.overdue_sums(other, tomorrow).await.expect("sums");
        assert_eq!((sums[0].due.minor(), sums[0].count, sums[0].at_least), (5, 1, false));
    }

    async fn every_order_gives_each_invoice_once_in_both_ways(db: TestDatabase) {
        let (organisation, [customer, other]) = tenant(&db.store, 1).await;
        let mine: Vec<Invoice> = (1..=95).map(|n| various(customer, n)).collect();
        let theirs: Vec<Invoice> = (1_000..1_020).map(|n| various(other, n)).collect();
        fill(&db.store, organisation, &mine).await;
        fill(&db.store, organisation, &theirs).await;
        let size = PageSize::try_from(7).expect("a size");
        for (order, direction) in
            ORDERS.into_iter().flat_map(|it| [(it, Direction::Asc), (it, Direction::Desc)])
        {
            let base = InvoiceListFilter { today: TODAY, ..InvoiceListFilter::default() };
            let all = InvoiceListFilter { order, direction, size, ..base };
            let filtered = InvoiceListFilter { min_minor: Some(200), ..all.clone() };
            for filter in [all, filtered] {
                let mut expected: Vec<InvoiceSummary> = mine
                    .iter()
                    .filter(|it| it.status != InvoiceStatus::Draft)
                    .filter(|it| it.figures.total_minor >= filter.min_minor.unwrap_or(0))
                    .map(InvoiceSummary::from)
                    .collect();
                expected.sort_by_key(|it| (sort_key(order, it), it.id));
                if direction == Direction::Desc {
                    expected.reverse();
                }
                let found = walk(&db.store, organisation, customer, &filter).await;
                assert_eq!(found, expected, "{order:?} {direction:?}");
            }
        }
    }

    async fn filters_find_what_they_say(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let all: Vec<Invoice> = (1..=95).map(|n| various(customer, n)).collect();
        fill(&db.store, organisation, &all).await;
        let base = InvoiceListFilter { today: TODAY, ..InvoiceListFilter::default() };
        let of = |status| InvoiceListFilter { status: Some(status), ..base.clone() };
        let filters = [
            InvoiceListFilter { search: " inv-0001".to_owned(), ..base.clone() },
            InvoiceListFilter { search: "_".to_owned(), ..base.clone() },
            InvoiceListFilter { from: Some(TODAY - 20.days()), ..base.clone() },
            InvoiceListFilter { until: Some(TODAY - 20.days()), ..base.clone() },
            InvoiceListFilter { max_minor: Some(300), min_minor: Some(100), ..base.clone() },
            of(ShownStatus::Draft),
            of(ShownStatus::Open),
            of(ShownStatus::PartiallyPaid),
            of(ShownStatus::Overdue),
            of(ShownStatus::Paid),
            of(ShownStatus::Void),
            of(ShownStatus::Uncollectible),
        ];
        for filter in filters {
            let expected = |it: &&Invoice| {
                let number = it.number.clone().unwrap_or_default().to_lowercase();
                let total = it.figures.total_minor;
                it.status != InvoiceStatus::Draft
                    && number.contains(filter.search.trim())
                    && filter
                        .status
                        .is_none_or(|status| it.status.shown(it.next_due_on(), TODAY) == status)
                    && filter.from.is_none_or(|day| it.issued_on >= day)
                    && filter.until.is_none_or(|day| it.issued_on <= day)
                    && (filter.min_minor.unwrap_or(0)..=filter.max_minor.unwrap_or(i64::MAX))
                        .contains(&total)
            };
            let mut expected: Vec<_> = all.iter().filter(expected).map(|it| it.id).collect();
            expected.sort_unstable();
            let found = walk(&db.store, organisation, customer, &filter).await;
            let mut found: Vec<_> = found.iter().map(|it| it.id).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{filter:?}");
        }
    }

    async fn a_cursor_of_another_order_or_no_cursor_at_all_begins_anew(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        fill(&db.store, organisation, &[invoice(customer, 1, 100)]).await;
        let mut read = db.store.read(organisation).await.expect("a reader");
        for cursor in ["", "x", "at00000000000070008000000000000001INV-9", "💥"] {
            let filter = InvoiceListFilter {
                cursor: Some(cursor.to_owned()),
                ..InvoiceListFilter::default()
            };
            let page = read.invoices_of_customer(customer, &filter).await.expect("a page");
            assert_eq!(page.rows.len(), 1, "{cursor}");
        }
    }

    async fn settling_moves_state_and_what_remains(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let it = invoice(customer, 1, 100);
        fill(&db.store, organisation, std::slice::from_ref(&it)).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let steps = [
            ((40, 0), InvoiceStatus::PartiallyPaid, 60),
            ((0, 60), InvoiceStatus::Paid, 0),
            ((-40, 0), InvoiceStatus::PartiallyPaid, 40),
            ((0, 40), InvoiceStatus::Void, 0),
            ((0, -100), InvoiceStatus::Open, 100),
        ];
        for ((paid, credited), status, due) in steps {
            let stored = write.invoice(it.id).await.expect("an answer");
            let settled = write.settle_invoice(it.id, paid, credited, NOW).await.expect("settled");
            assert_eq!(Some(settled.before), stored);
            let settled = settled.after;
            assert_eq!((settled.status, settled.remaining().minor()), (status, due));
            assert_eq!(write.invoice(it.id).await.expect("an answer"), Some(settled));
        }
        let absent = write.settle_invoice(id(9).into(), 1, 0, NOW).await;
        assert!(absent.is_err());
    }

    /// A long walk of changes: the stored totals always equal what the documents add up to.
    async fn pay_08_totals_equal_the_sum_of_all_documents(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut dice = Dice(20_260_515);
        let mut invoices: BTreeMap<u32, Invoice> = BTreeMap::new();
        let mut notes: Vec<CreditNote> = Vec::new();
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        for n in 1..=150_u32 {
            let known = 1 + dice.roll(n) % n;
            match (dice.roll(3), invoices.get(&known).cloned()) {
                (0, Some(before)) => {
                    let mut after = before.clone();
                    after.issued_on = TODAY - i64::from(dice.roll(90)).days();
                    after.status = after.figures.settle(dice.status());
                    write.update_invoice(&after).await.expect("an update");
                    change_totals(&mut write, &before, &after).await;
                    invoices.insert(known, after);
                }
                (1, Some(before)) => {
                    let part = i64::from(dice.roll(50));
                    let settled = if dice.roll(2) == 0 {
                        write.settle_invoice(before.id, part, 0, NOW).await
                    } else {
                        let note = credit_note(customer, n, part + 1, Some(before.id));
                        let body = InvoiceBody::default();
                        write.insert_credit_note(&note, &body).await.expect("a note");
                        let contribution = totals::of_credit_note(&note);
                        write.add_to_totals(customer, contribution).await.expect("totals");
                        notes.push(note);
                        write.settle_invoice(before.id, 0, part + 1, NOW).await
                    };
                    let settled = settled.expect("settled");
                    change_totals(&mut write, &settled.before, &settled.after).await;
                    invoices.insert(known, settled.after);
                }
                _ => {
                    let mut it = various(customer, n);
                    it.currency = if dice.roll(4) == 0 { Currency::JPY } else { Currency::EUR };
                    write.insert_invoices(std::slice::from_ref(&it)).await.expect("an invoice");
                    write.add_to_totals(customer, totals::of_invoice(&it)).await.expect("totals");
                    invoices.insert(n, it);
                }
            }
        }
        let of_notes = notes.iter().map(totals::of_credit_note);
        let contributions = invoices.values().map(totals::of_invoice).chain(of_notes);
        let mut expected: BTreeMap<Currency, Sums> = BTreeMap::new();
        for it in contributions {
            let sums = expected.entry(it.currency).or_default();
            *sums = sums.plus(it.sums);
        }
        let stored = write.customer_totals(customer).await.expect("totals");
        assert_eq!(stored.into_iter().collect::<BTreeMap<_, _>>(), expected);
        for (n, it) in invoices {
            assert_eq!(write.invoice(it.id).await.expect("an answer"), Some(it), "{n}");
        }
    }

    async fn a_body_reads_back_as_it_was_written(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let it = invoice(customer, 1, 100);
        let body = body();
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        write.insert_invoices(std::slice::from_ref(&it)).await.expect("an invoice");
        let empty = write.invoice_body(it.id).await.expect("a body");
        assert_eq!(empty, InvoiceBody::default());
        write.insert_invoice_bodies(&[(it.id, body.clone())]).await.expect("a body");
        assert_eq!(write.invoice_body(it.id).await.expect("a body"), body);
        let shorter = InvoiceBody { taxes: Vec::new(), notes: None, ..body };
        write.replace_invoice_body(it.id, shorter.clone()).await.expect("a body");
        assert_eq!(write.invoice_body(it.id).await.expect("a body"), shorter);
    }
}

fn body() -> InvoiceBody {
    let line = serde_json::json!({
        "description": "Team plan", "note": "two\nlines", "quantity": "1.50", "unit": "h",
        "unit_price": "0.0000000001", "amount_minor": -7, "tax_rate": "21", "tax_category": "S",
        "period": {"start": "2026-05-01", "end": "2026-06-01"},
    });
    serde_json::from_value(serde_json::json!({
        "lines": [line, line], "adjustments": [{"reason": "Discount", "amount_minor": -5}],
        "taxes": [{"name": "VAT", "category": "S", "rate": "21.0", "taxable_minor": 1,
            "tax_minor": 2, "exemption_reason": null}],
        "seller": {"name": "Acme", "address": {}, "tax_ids": [], "email": null}, "buyer": null,
        "payment": {"iban": "ES76"}, "purchase_order": "PO-1", "notes": "Thank you 🙂",
        "metadata": {"a": "b"},
    }))
    .expect("a body")
}

fn credit_note(
    customer_id: CustomerId,
    n: u32,
    total_minor: i64,
    invoice_id: Option<portico_billing::InvoiceId>,
) -> CreditNote {
    CreditNote {
        id: CreditNoteId::from(id(n)),
        customer_id,
        invoice_id,
        external_id: None,
        number: format!("CN-{n}"),
        status: CreditNoteStatus::Issued,
        currency: Currency::EUR,
        subtotal_minor: total_minor,
        tax_minor: 0,
        total_minor,
        reason: None,
        issued_on: TODAY,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(sides.max(1))).unwrap_or(0)
    }

    fn status(&mut self) -> InvoiceStatus {
        match self.roll(4) {
            0 => InvoiceStatus::Void,
            1 => InvoiceStatus::Uncollectible,
            _ => InvoiceStatus::Open,
        }
    }
}
