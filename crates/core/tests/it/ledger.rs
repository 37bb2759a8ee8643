//! The ledger follows the documents, whatever is done with them.

use crate::common::World;
use jiff::civil::date;
use portico_billing::page::{Direction, PageSize};
use portico_billing::section::Section;
use portico_billing::{Currency, ledger::SubjectGroup};
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::{Record, RecordKey, Rejection, Target, parse_input};
use portico_core::{Caller, Clock, CustomerRef, LedgerFaultReason, LedgerWatch};
use portico_core_api::{CoreApi, SessionSecret, Statement, StatementQuery, TableFormat};
use portico_testkit::both_engines;
use serde_json::{Value, json};

/// Few values, always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % sides
    }
}

async fn visit(world: &World, customer: &str) -> SessionSecret {
    let link = world.link_for(CustomerRef::Customer(RecordKey::new(customer))).await.link;
    world.enter(&link).await.secret
}

async fn try_save<R: Record>(world: &World, input: Value) -> Result<(), Rejection> {
    let input = parse_input::<R>(input)?;
    let caller = Caller::system(world.organisation.id);
    world.core.save_record::<R>(&caller, Target::New, input).await.map(drop)
}

fn invoice(number: u64, status: &str, total_minor: u64, currency: &str) -> Value {
    json!({
        "external_id": format!("i-{number}"), "customer_id": "c-1", "status": status,
        "number": format!("R-{number}"), "currency": currency,
        "issued_on": format!("2026-01-{:02}", number % 28 + 1),
        "lines": [{"description": "Team plan", "amount_minor": total_minor}],
    })
}

fn payment(number: u64, amount_minor: u64, currency: &str) -> Value {
    json!({
        "external_id": format!("p-{number}"), "customer_id": "c-1", "status": "succeeded",
        "amount_minor": amount_minor, "currency": currency, "method": "card",
        "description": "Thank you # called twice", "paid_at": "2026-02-01T12:00:00Z",
    })
}

async fn statement(world: &World, secret: &SessionSecret, query: StatementQuery) -> Statement {
    let size = PageSize::try_from(200).expect("a size");
    let query = StatementQuery { size, direction: Direction::Asc, ..query };
    world.core.statement(secret, query).await.expect("a statement")
}

/// Takes away what stands in the way of those who mean harm.
async fn let_entries_be_changed(world: &World) {
    for engine_specific in [
        "DROP TRIGGER ledger_entry_is_never_changed",
        "DROP TRIGGER ledger_entry_is_never_deleted",
        "DROP TRIGGER ledger_entry_is_never_changed ON ledger_entry",
    ] {
        // Each engine knows one or two of them.
        let _refused = world.db.try_execute(engine_specific).await;
    }
}

both_engines! {
    /// I1, I2: a long walk of creating, changing, settling, giving up, refusing; some of it is
    /// refused, and that must leave nothing behind.
    async fn pay_08_the_ledger_equals_the_documents_at_every_step(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let mut dice = Dice(20_261_121);
        let (mut refused, mut paid) = (0, Vec::new());
        for step in 0..160_u64 {
            let known = dice.roll(step / 2 + 1);
            let (minor, few) = (dice.roll(900) + 100, dice.roll(60) + 1);
            let currency = |number: u64| if number.is_multiple_of(5) { "JPY" } else { "EUR" };
            let statuses = ["draft", "open", "open", "void", "uncollectible", "paid"];
            let status = statuses[usize::try_from(dice.roll(6)).unwrap_or(0)];
            let done = match dice.roll(6) {
                0 | 1 => {
                    let it = invoice(step / 2, status, minor, currency(step / 2));
                    try_save::<InvoiceRecord>(&world, it).await
                }
                2 => {
                    let it = invoice(known, status, minor, currency(known));
                    try_save::<InvoiceRecord>(&world, it).await
                }
                3 => {
                    let mut it = payment(step, minor, currency(known));
                    if few.is_multiple_of(2) {
                        let part = json!({"invoice_id": format!("R-{known}"), "amount_minor": few});
                        it["allocations"] = json!([part]);
                    }
                    let done = try_save::<PaymentRecord>(&world, it).await;
                    if done.is_ok() {
                        paid.push((step, currency(known)));
                    }
                    done
                }
                4 if !paid.is_empty() => {
                    let of = dice.roll(u64::try_from(paid.len()).unwrap_or(1));
                    let (of, currency) = paid[usize::try_from(of).unwrap_or(0)];
                    let mut it = payment(1_000 + step, few, currency);
                    it["kind"] = json!("refund");
                    it["payment_id"] = json!(format!("p-{of}"));
                    try_save::<PaymentRecord>(&world, it).await
                }
                _ => {
                    let it = json!({
                        "external_id": format!("n-{known}"), "number": format!("N-{known}"),
                        "customer_id": "c-1", "invoice_id": format!("R-{known}"),
                        "status": if dice.roll(3) == 0 { "void" } else { "issued" },
                        "currency": currency(known), "issued_on": "2026-02-02",
                        "lines": [{"description": "Back", "amount_minor": few}],
                    });
                    try_save::<CreditNoteRecord>(&world, it).await
                }
            };
            refused += usize::from(done.is_err());
            world.wait(61);
            let report = world.core.check_ledger(world.organisation.id).await.expect("a check");
            assert_eq!(report.faults, [], "step {step}");
        }
        assert!((10..110).contains(&refused), "{refused} of 160 were refused");
        let secret = visit(&world, "c-1").await;
        for currency in [Currency::EUR, Currency::JPY] {
            let query = StatementQuery { currency: Some(currency), ..Default::default() };
            let it = statement(&world, &secret, query).await;
            assert!(it.lines.rows.len() > 5, "{} {currency}", it.lines.rows.len());
            let last = it.lines.rows.last().and_then(|line| line.balance);
            assert_eq!(last, Some(it.live), "{currency}");
        }
    }

    async fn a_statement_tells_what_customers_may_know(db: TestDatabase) {
        let world = World::on(db).await;
        for customer in ["c-1", "c-2"] {
            world.customer(customer).await;
        }
        world.save::<InvoiceRecord>(invoice(1, "open", 12_100, "EUR")).await;
        world.save::<InvoiceRecord>(invoice(2, "draft", 500, "EUR")).await;
        world.save::<PaymentRecord>(payment(1, 10_000, "EUR")).await;
        let secret = visit(&world, "c-1").await;
        let all = statement(&world, &secret, StatementQuery::default()).await;
        let lines = &all.lines.rows;
        assert_eq!(lines.len(), 2, "a draft is no movement: {lines:?}");
        assert_eq!(lines[0].number.as_deref(), Some("R-1"));
        assert_eq!(lines[0].occurred_on, date(2026, 1, 2));
        assert_eq!(lines[1].description.as_deref(), Some("Thank you"));
        let balances: Vec<i64> = lines.iter().map(|it| it.balance.expect("one").minor()).collect();
        assert_eq!(balances, [-12_100, -2_100]);
        assert_eq!(all.live.minor(), -2_100);
        assert_eq!(all.limit.expect("the own currency").available.minor(), -2_100);

        let payments = StatementQuery {
            group: Some(SubjectGroup::Payments),
            from: Some(date(2026, 2, 1)),
            ..Default::default()
        };
        let it = statement(&world, &secret, payments.clone()).await;
        assert_eq!((it.lines.rows.len(), it.lines.rows[0].balance), (1, None));
        assert_eq!(it.opening.map(|money| money.minor()), Some(-12_100));
        let file = world.core.export_statement(&secret, payments, TableFormat::Csv).await;
        let file = String::from_utf8(file.expect("a file").document.bytes).expect("a text");
        assert!(file.contains("Thank you") && !file.contains("called twice"), "{file}");

        let other = visit(&world, "c-2").await;
        let nothing = statement(&world, &other, StatementQuery::default()).await;
        assert_eq!((nothing.lines.rows.len(), nothing.live.minor()), (0, 0));
    }

    async fn a_statement_is_searched_by_the_numbers_that_its_reader_sees(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        for number in [1, 2, 12] {
            world.save::<InvoiceRecord>(invoice(number, "open", 100 * number, "EUR")).await;
        }
        world.save::<PaymentRecord>(payment(1, 50, "EUR")).await;
        let note = json!({
            "customer_id": "c-1", "number": "CN-R-2", "currency": "EUR", "issued_on": "2026-02-01",
            "lines": [{"description": "Sorry", "amount_minor": 30}],
        });
        world.save::<CreditNoteRecord>(note).await;
        let secret = visit(&world, "c-1").await;
        let of = |words: &str| StatementQuery { search: words.to_owned(), ..Default::default() };
        for (words, found) in [
            ("r-1", vec!["R-1", "R-12"]),
            (" R-2 ", vec!["R-2", "CN-R-2"]),
            ("cn", vec!["CN-R-2"]),
            ("%", vec![]),
            ("Thank", vec![]),
        ] {
            let it = statement(&world, &secret, of(words)).await;
            let numbers = it.lines.rows.iter().filter_map(|line| line.number.as_deref());
            assert_eq!(numbers.collect::<Vec<_>>(), found, "{words}");
            assert_eq!(it.lines.rows.len(), found.len(), "{words}");
            assert!(it.lines.rows.iter().all(|line| line.balance.is_none()), "{words}");
            let file = world.core.export_statement(&secret, of(words), TableFormat::Csv).await;
            let file = String::from_utf8(file.expect("a file").document.bytes).expect("a text");
            assert_eq!(file.trim_end().lines().count(), 1 + found.len(), "{words}: {file}");
        }
        assert_eq!(statement(&world, &secret, of(" ")).await.lines.rows.len(), 5);

        let caller = Caller::system(world.organisation.id);
        let hide = world.core.edit_brand(&caller, world.brand.id, |mut settings| {
            settings.hidden_sections = vec![Section::Invoices];
            Ok(settings)
        });
        hide.await.expect("hidden");
        let it = statement(&world, &secret, of("R-1")).await;
        assert_eq!(it.lines.rows, [], "nothing is told of a number that is hidden");
        let all = statement(&world, &secret, StatementQuery::default()).await;
        assert_eq!(all.lines.rows.len(), 5);
    }

    async fn documents_from_before_the_ledger_are_posted_at_the_start(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let secret = visit(&world, "c-1").await;
        for number in 1..8 {
            let status = if number == 3 { "uncollectible" } else { "open" };
            world.save::<InvoiceRecord>(invoice(number, status, 100 * number, "EUR")).await;
            world.save::<PaymentRecord>(payment(number, 30 * number, "EUR")).await;
        }
        let before = statement(&world, &secret, StatementQuery::default()).await;
        let told = |it: &Statement| -> Vec<_> {
            let line = |line: &portico_core_api::StatementLine| {
                (line.occurred_on, line.number.clone(), line.amount.minor())
            };
            let mut lines: Vec<_> = it.lines.rows.iter().map(line).collect();
            lines.sort();
            lines
        };
        let_entries_be_changed(&world).await;
        for sql in [
            "DELETE FROM ledger_entry",
            "DELETE FROM ledger_head",
            "DELETE FROM ledger_account",
            "DELETE FROM ledger_month",
            "INSERT INTO ledger_backlog SELECT organisation_id, id FROM customer",
        ] {
            world.db.execute(sql).await;
        }
        for _ in 0..2 {
            world.core.store().post_backlog(world.clock.now()).await.expect("posted");
        }
        let after = statement(&world, &secret, StatementQuery::default()).await;
        assert_eq!(told(&after), told(&before));
        let report = world.core.check_ledger(world.organisation.id).await.expect("a check");
        assert_eq!((report.faults, report.entries), (Vec::new(), 14));
    }

    async fn pay_13_tampering_is_found_and_stops_what_moves_money(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let secret = visit(&world, "c-1").await;
        for number in 1..4 {
            world.save::<InvoiceRecord>(invoice(number, "open", 100, "EUR")).await;
        }
        let check = || async {
            let report = world.core.check_ledger(world.organisation.id).await.expect("a check");
            report.faults.into_iter().map(|fault| fault.reason).collect::<Vec<_>>()
        };
        assert_eq!(check().await, []);
        let tampered = "UPDATE ledger_account SET balance_minor = balance_minor + 1 \
                        WHERE account = 'sales'";
        world.db.execute(tampered).await;
        let sales = portico_billing::ledger::Account::Sales;
        assert_eq!(check().await, [LedgerFaultReason::Account(sales)]);
        let refused = try_save::<PaymentRecord>(&world, payment(1, 50, "EUR")).await;
        assert!(matches!(refused, Err(Rejection::Failure(_))), "{refused:?}");
        let read = statement(&world, &secret, StatementQuery::default()).await;
        assert_eq!(read.lines.rows.len(), 3, "reading goes on");
        world.db.execute("UPDATE ledger_account SET balance_minor = balance_minor - 1 \
                          WHERE account = 'sales'").await;
        assert_eq!(check().await, []);
        try_save::<PaymentRecord>(&world, payment(1, 50, "EUR")).await.expect("taken in again");

        world.db.execute("UPDATE ledger_head SET sequence = 3").await;
        assert_eq!(check().await, [LedgerFaultReason::End]);

        let_entries_be_changed(&world).await;
        world.db.execute("UPDATE ledger_entry SET debit = 'customes' WHERE sequence = 2").await;
        assert_eq!(check().await, [LedgerFaultReason::Unreadable("ledger_entry.debit")]);
        world.db.execute("DELETE FROM ledger_head").await;
        assert_eq!(check().await, [LedgerFaultReason::End], "what was broken is looked for");
    }

    async fn pay_13_what_is_used_is_followed_at_the_next_check_and_all_once_a_day(
        db: TestDatabase
    ) {
        const ALTER: &str = "UPDATE ledger_entry SET posted_at = posted_at + 1 WHERE sequence = 2";
        const MEND: &str = "UPDATE ledger_entry SET posted_at = posted_at - 1 WHERE sequence = 2";
        let world = World::on(db).await;
        world.customer("c-1").await;
        for number in 1..4 {
            world.save::<InvoiceRecord>(invoice(number, "open", 100, "EUR")).await;
        }
        let_entries_be_changed(&world).await;
        let mut watch = LedgerWatch::default();
        let mut broken = async || world.core.check_ledgers(&mut watch).await.expect("a check");
        assert_eq!(broken().await, 0);

        world.db.execute(ALTER).await;
        world.wait(3_600);
        world.save::<PaymentRecord>(payment(1, 50, "EUR")).await;
        assert_eq!(broken().await, 1);
        let refused = try_save::<PaymentRecord>(&world, payment(2, 50, "EUR")).await;
        assert!(matches!(refused, Err(Rejection::Failure(_))), "{refused:?}");
        world.wait(3_600);
        assert_eq!(broken().await, 1, "what was broken is followed each time");
        world.db.execute(MEND).await;
        assert_eq!(broken().await, 0);
        world.save::<PaymentRecord>(payment(2, 50, "EUR")).await;
        assert_eq!(broken().await, 0);

        world.db.execute(ALTER).await;
        world.wait(24 * 3_600);
        assert_eq!(broken().await, 1, "nothing was added to it");
        // Another node, which has not followed this chain for long.
        let another = world.core.check_ledgers(&mut LedgerWatch::default()).await;
        assert_eq!(another.expect("a check"), 1);
        assert_eq!(broken().await, 1);
        world.db.execute(MEND).await;
        assert_eq!(broken().await, 0);
    }

    async fn pay_13_a_chain_that_is_replaced_by_a_whole_one_is_noticed(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        for number in 1..4 {
            world.save::<InvoiceRecord>(invoice(number, "open", 100, "EUR")).await;
        }
        let_entries_be_changed(&world).await;
        let mut watch = LedgerWatch::default();
        assert_eq!(world.core.check_ledgers(&mut watch).await.expect("a check"), 0);
        for sql in [
            "DELETE FROM ledger_entry WHERE sequence = 3",
            "UPDATE ledger_head SET sequence = 2, \
             hash = (SELECT hash FROM ledger_entry WHERE sequence = 2)",
            "UPDATE ledger_account SET balance_minor = balance_minor + 100 \
             WHERE account = 'customer'",
            "UPDATE ledger_account SET balance_minor = balance_minor - 100 \
             WHERE account = 'sales'",
            "UPDATE ledger_month SET balance_minor = balance_minor + 100",
            "UPDATE customer_total SET invoiced_minor = invoiced_minor - 100",
        ] {
            world.db.execute(sql).await;
        }
        let report = world.core.check_ledger(world.organisation.id).await.expect("a check");
        assert_eq!(report.faults, [], "nothing in the database tells of it");
        assert_eq!(world.core.check_ledgers(&mut watch).await.expect("a check"), 1);
        let refused = try_save::<PaymentRecord>(&world, payment(1, 50, "EUR")).await;
        assert!(matches!(refused, Err(Rejection::Failure(_))), "{refused:?}");
    }
}
