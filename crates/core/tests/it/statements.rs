//! Statements are the ledger, and the ledger is what the documents say, in currencies without
//! decimals and with two, three and four of them.

use crate::common::World;
use jiff::civil::{Date, date};
use portico_billing::ledger::{Account, SubjectGroup};
use portico_billing::page::{Direction, PageSize};
use portico_billing::{Currency, Money};
use portico_core::records::RecordKey;
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::invoice::{InvoiceOutput, InvoiceRecord};
use portico_core::records::payment::PaymentRecord;
use portico_core::{Caller, CustomerRef, Entropy};
use portico_core_api::{
    CoreApi, SessionSecret, Statement, StatementLine, StatementQuery, TableFormat,
};
use portico_testkit::both_engines;
use serde_json::json;

const CURRENCIES: [&str; 4] = ["JPY", "EUR", "KWD", "CLF"];
/// Invoices in each, with a payment, a refund and a credit note.
const INVOICES: u8 = 12;

/// An invoice whose lines have to be rounded, and what it comes to.
async fn invoice(world: &World, name: &str, random: &Entropy) -> InvoiceOutput {
    let [units, share, price, more, other, rate, day, _] = random.bytes::<8>();
    let rates = ["0", "7.5", "21"];
    let line = |price: String, rate: u8| {
        json!({
            "description": "Usage", "quantity": format!("{}.{share:03}", units % 9 + 1),
            "unit_price": price, "tax_rate": rates[usize::from(rate % 3)],
        })
    };
    let [first, second] =
        [(price, more), (other, units)].map(|(whole, part)| format!("{whole}.{part:06}"));
    let it = world
        .save::<InvoiceRecord>(json!({
            "external_id": name, "number": name, "customer_id": "c-1", "status": "open",
            "currency": name.split('-').next(),
            "issued_on": format!("2026-{:02}-{:02}", day % 3 + 1, day % 28 + 1),
            "lines": [line(first, rate), line(second, more), line("9".to_owned(), other)],
        }))
        .await;
    let lines: i64 = it.lines.iter().filter_map(|line| line.amount_minor).sum();
    let taxes: i64 = it.taxes.iter().map(|tax| tax.tax_minor).sum();
    assert_eq!((lines, taxes), (it.subtotal_minor, it.tax_minor), "{name}");
    assert_eq!(it.subtotal_minor + it.tax_minor, it.total_minor, "{name}");
    it
}

/// Fills the books of a currency; the answer is what they come to for the customer.
async fn fill(world: &World, code: &str, random: &Entropy) -> i64 {
    let mut balance = 0;
    for number in 0..INVOICES {
        let name = format!("{code}-{number}");
        let total = invoice(world, &name, random).await.total_minor;
        let [share, extra, day, back] = random.bytes::<4>();
        let part = (total * i64::from(share) / 256).max(1);
        let paid = part + i64::from(extra) + 1;
        let at = format!("2026-{:02}-{:02}T23:59:59.999999Z", day % 3 + 1, day % 28 + 1);
        let payment = json!({
            "external_id": format!("p-{name}"), "customer_id": "c-1", "status": "succeeded",
            "amount_minor": paid, "currency": code, "method": "card", "paid_at": at,
        });
        let mut settling = payment.clone();
        settling["allocations"] = json!([{"invoice_id": name, "amount_minor": part}]);
        world.save::<PaymentRecord>(settling).await;
        let mut refund = payment;
        refund["external_id"] = json!(format!("r-{name}"));
        (refund["kind"], refund["payment_id"]) = (json!("refund"), json!(format!("p-{name}")));
        refund["amount_minor"] = json!(i64::from(extra) + 1);
        world.save::<PaymentRecord>(refund).await;
        let credited = (total * i64::from(back) / 512).max(1);
        let note = json!({
            "external_id": format!("n-{name}"), "number": format!("N-{name}"), "currency": code,
            "customer_id": "c-1", "invoice_id": name, "issued_on": "2026-02-14",
            "lines": [{"description": "Back", "amount_minor": credited}],
        });
        world.save::<CreditNoteRecord>(note).await;
        balance += part + credited - total;
    }
    balance
}

async fn statement(world: &World, secret: &SessionSecret, query: &StatementQuery) -> Statement {
    world.core.statement(secret, query.clone()).await.expect("a statement")
}

/// All lines, page by page.
async fn lines(world: &World, secret: &SessionSecret, query: StatementQuery) -> Vec<StatementLine> {
    let (mut query, mut all) = (query, Vec::new());
    loop {
        let page = statement(world, secret, &query).await.lines;
        all.extend(page.rows);
        query.cursor = page.next;
        if query.cursor.is_none() {
            return all;
        }
    }
}

fn sum<'a>(lines: impl IntoIterator<Item = &'a StatementLine>) -> i64 {
    lines.into_iter().map(|line| line.amount.minor()).sum()
}

fn days() -> Vec<Date> {
    let first = date(2026, 1, 1);
    (0..100).step_by(11).map(|days| first + jiff::Span::new().days(days)).collect()
}

both_engines! {
    async fn pay_08_statements_are_the_ledger_in_every_currency(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let random = Entropy::from_seed([6; 32]);
        let mut balances = Vec::new();
        for code in CURRENCIES {
            let currency: Currency = code.parse().expect("a currency");
            balances.push(Money::new(fill(&world, code, &random).await, currency));
        }
        let link = world.link_for(CustomerRef::Customer(RecordKey::new("c-1"))).await.link;
        let secret = world.enter(&link).await.secret;
        let sums = world.core.trial_balance(&Caller::system(world.organisation.id)).await;
        let sums = sums.expect("accounts");
        for balance in balances {
            let currency = balance.currency();
            let own = |account: Account| {
                let of = |it: &&portico_core::customers::AccountSum| {
                    it.account == account && it.currency == currency
                };
                sums.iter().find(of).map_or(0, |it| it.above_zero + it.below_zero)
            };
            assert_eq!(own(Account::Customer), balance.minor(), "the ledger has {currency}");
            let query = StatementQuery {
                currency: Some(currency),
                direction: Direction::Asc,
                size: PageSize::try_from(7).expect("a size"),
                ..Default::default()
            };
            assert_eq!(statement(&world, &secret, &query).await.live, balance);
            let all = lines(&world, &secret, query.clone()).await;
            assert_eq!(all.len(), usize::from(INVOICES) * 4, "{currency}");
            let mut running = 0;
            for line in &all {
                running += line.amount.minor();
                assert_eq!(line.balance, Some(Money::new(running, currency)));
            }
            assert_eq!(running, balance.minor());

            let back = StatementQuery { direction: Direction::Desc, ..query.clone() };
            let mut turned = lines(&world, &secret, back).await;
            turned.reverse();
            assert_eq!(turned, all);

            let mut of_groups = 0;
            for group in [SubjectGroup::Charges, SubjectGroup::Payments] {
                let of = StatementQuery { group: Some(group), ..query.clone() };
                of_groups += sum(&lines(&world, &secret, of).await);
            }
            assert_eq!(of_groups, balance.minor());

            for pair in days().windows(3) {
                let (from, until) = (pair[0], pair[2]);
                let span =
                    StatementQuery { from: Some(from), until: Some(until), ..query.clone() };
                let it = statement(&world, &secret, &span).await;
                let within = all.iter().filter(|it| (from..=until).contains(&it.occurred_on));
                let (opening, closing) = (it.opening.expect("one"), it.closing.expect("one"));
                assert_eq!(closing.minor() - opening.minor(), sum(within), "{from} {until}");
                let before = all.iter().filter(|it| it.occurred_on < from);
                assert_eq!(opening.minor(), sum(before), "{from}");
                let own = lines(&world, &secret, span).await;
                assert_eq!(sum(&own), closing.minor() - opening.minor());
            }

            let file = world.core.export_statement(&secret, query, TableFormat::Csv).await;
            let text = String::from_utf8(file.expect("a file").document.bytes).expect("a text");
            let last = text.lines().last().and_then(|line| line.rsplit(',').next());
            let last = Money::parse(last.expect("a balance"), currency);
            assert_eq!(last, Ok(balance), "{currency}");
        }
        let report = world.core.check_ledger(world.organisation.id).await.expect("a check");
        assert_eq!(report.faults, []);
    }
}
