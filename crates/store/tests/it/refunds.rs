//! Orders to refund, and what was taken from payments: kept as they were given, each movement once,
//! found by an index.

use crate::common::{NOW, id, tenant};
use jiff::SignedDuration;
use portico_billing::gateway::{CurrencyTerms, DeclineReason};
use portico_billing::payment::{Charge, Payment, PaymentKind, PaymentStatus};
use portico_billing::refund::RefundState;
use portico_billing::reversal::TakenBy;
use portico_billing::{
    Currency, CustomerId, GatewayId, Metadata, Money, OrganisationId, PaymentId,
};
use portico_store::gateway::GatewayRecord;
use portico_store::payment_refund::{PaymentRefund, Reserved};
use portico_store::payment_reversal::PaymentReversal;
use portico_store::{Position, Store, StoreError};
use portico_testkit::{TestDatabase, both_engines};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

fn payment(customer: CustomerId, n: u32, parent: Option<PaymentId>) -> Payment {
    let kind = if parent.is_some() { PaymentKind::Refund } else { PaymentKind::Payment };
    Payment {
        id: id(n).into(),
        customer_id: customer,
        kind,
        parent_id: parent,
        external_id: None,
        status: PaymentStatus::Succeeded,
        currency: Currency::EUR,
        amount_minor: 1_000,
        refunded_minor: 0,
        method: "card".to_owned(),
        method_label: None,
        payment_method_id: None,
        reference: None,
        description: None,
        paid_at: NOW,
        charge: Some(Charge {
            gateway_id: GatewayId::from(id(500)),
            provider: "stripe".to_owned(),
            id: format!("pi_{n}"),
            charged_minor: 1_035,
            fee_minor: 0,
        }),
        metadata: Metadata::new(),
        created_at: NOW,
        updated_at: NOW,
    }
}

fn order(customer: CustomerId, n: u32) -> PaymentRefund {
    PaymentRefund {
        id: id(600 + n).into(),
        payment_id: id(100).into(),
        customer_id: customer,
        gateway_id: id(500).into(),
        state: RefundState::Sent,
        amount: Money::new(510, Currency::EUR),
        credited_minor: 500,
        reason: Some("Broken # by us".to_owned()),
        handle: None,
        decline: None,
        mismatch: None,
        refund_id: None,
        asked_at: NOW + SignedDuration::from_secs(i64::from(n)),
        next_look_at: Some(NOW + SignedDuration::from_secs(i64::from(n))),
        updated_at: NOW + SignedDuration::from_secs(i64::from(n)),
    }
}

fn reversal(n: u32, taken_by: TakenBy, movement: &str) -> PaymentReversal {
    PaymentReversal {
        provider: "stripe".to_owned(),
        taken_by,
        movement: movement.to_owned(),
        payment_id: id(100).into(),
        refund_id: id(n).into(),
        amount: Money::new(1_000, Currency::EUR),
        taken_at: NOW,
        back: None,
        flagged_at: Some(NOW + SignedDuration::from_secs(i64::from(n))),
    }
}

/// A payment through a gateway, and three refunds of it.
async fn paid(store: &Store, n: u32) -> (OrganisationId, CustomerId) {
    let (organisation_id, [customer, _]) = tenant(store, n).await;
    let gateway = GatewayRecord {
        organisation_id,
        id: id(500).into(),
        provider: "stripe".to_owned(),
        name: "Card".to_owned(),
        brand_id: None,
        is_enabled: true,
        is_test: true,
        currencies: vec![CurrencyTerms::free(Currency::EUR)],
        settings: Vec::new(),
        deducts_fees: false,
        position: 1,
        notice_key: format!("key-{n}"),
        created_at: NOW,
        updated_at: NOW,
    };
    let mut write = store.write(organisation_id).await.expect("a unit of work");
    write.insert_gateway(&gateway).await.expect("a gateway");
    write.insert_payment(&payment(customer, 100, None)).await.expect("a payment");
    for refund in 101..104 {
        let refund = payment(customer, refund, Some(id(100).into()));
        write.insert_payment(&refund).await.expect("a refund");
    }
    write.commit().await.expect("a commit");
    (organisation_id, customer)
}

both_engines! {
    async fn pay_06_what_open_orders_ask_for_is_reserved(db: TestDatabase) {
        let (ours, customer) = paid(&db.store, 1).await;
        let (theirs, _) = paid(&db.store, 2).await;
        let mut write = db.store.write(ours).await.expect("a unit of work");
        for n in 1..4 {
            write.insert_payment_refund(&order(customer, n)).await.expect("an order");
        }
        let mut it = write.payment_refund_for_update(id(601).into()).await.expect("an order");
        assert_eq!(it, order(customer, 1));
        (it.state, it.refund_id) = (RefundState::Succeeded, Some(id(101).into()));
        it.next_look_at = None;
        write.update_payment_refund(&it).await.expect("changed");
        let mut odd = order(customer, 2);
        (odd.state, odd.mismatch) = (RefundState::Unknown, Some("less".to_owned()));
        odd.handle = Some("re_1".to_owned());
        odd.decline = Some((DeclineReason::Declined, "x".to_owned()));
        write.update_payment_refund(&odd).await.expect("changed");
        write.commit().await.expect("a commit");

        let mut read = db.store.read(ours).await.expect("a reader");
        let reserved = read.reserved_refunds(id(100).into()).await.expect("sums");
        assert_eq!(reserved, Reserved { credited_minor: 1_000, on_top_minor: 20 });
        let all = read.refund_orders_of(id(100).into()).await.expect("orders");
        assert_eq!(all, [order(customer, 3), odd.clone(), it.clone()]);
        assert_eq!(read.mismatched_refunds(9).await.expect("orders"), [odd.clone()]);
        let found = read.payment_refund_by_reference(it.reference().as_str()).await;
        assert_eq!(found.expect("an answer"), Some(it.clone()));
        assert_eq!(read.payment_refund(it.id).await.expect("an answer"), Some(it.clone()));
        let mut read = db.store.read(theirs).await.expect("a reader");
        assert_eq!(read.payment_refund(it.id).await.expect("an answer"), None);
        let none = read.reserved_refunds(id(100).into()).await.expect("sums");
        assert_eq!(none, Reserved::default());

        let later = NOW + SignedDuration::from_secs(60);
        let mut directory = db.store.directory().await.expect("a directory");
        let due = directory.organisations_with_refunds(later).await.expect("tenants");
        assert_eq!(due, [ours]);
        drop(directory);
        let mut write = db.store.write(ours).await.expect("a unit of work");
        let claim = (later, later + SignedDuration::from_secs(60));
        let mut claimed = write.claim_payment_refunds(claim, 9).await.expect("claimed");
        claimed.sort_unstable();
        assert_eq!(claimed, [odd.id, order(customer, 3).id]);
        let again = write.claim_payment_refunds(claim, 9).await.expect("claimed");
        assert_eq!(again, [], "nobody else gets them");
    }

    async fn i12_a_movement_is_booked_once_and_comes_back_once(db: TestDatabase) {
        let (ours, _) = paid(&db.store, 1).await;
        let dispute = reversal(101, TakenBy::Dispute, "du_1");
        let mut write = db.store.write(ours).await.expect("a unit of work");
        write.insert_payment_reversal(&dispute).await.expect("booked");
        // A refund may have the same identifier; its kind is another.
        let refund = PaymentReversal { flagged_at: None, ..reversal(102, TakenBy::Refund, "du_1") };
        write.insert_payment_reversal(&refund).await.expect("booked");
        write.commit().await.expect("a commit");
        let mut write = db.store.write(ours).await.expect("a unit of work");
        let again = write.insert_payment_reversal(&reversal(103, TakenBy::Dispute, "du_1")).await;
        assert!(matches!(again, Err(StoreError::Duplicate { .. })), "{again:?}");
        drop(write);

        let mut read = db.store.read(ours).await.expect("a reader");
        let all = read.payment_reversals(id(100).into()).await.expect("movements");
        assert_eq!(all.len(), 2);
        let ids = [101, 102, 103].map(|n| PaymentId::from(id(n)));
        assert_eq!(read.disputed(&ids).await.expect("refunds"), [ids[0]]);
        assert_eq!(read.disputed(&[]).await.expect("refunds"), []);
        let flagged = read.flagged_reversals(Position::START, 9).await.expect("movements");
        let told: Vec<_> = flagged.iter().map(|it| (it.refund_id, &*it.customer_name)).collect();
        assert_eq!(told, [(dispute.refund_id, "Customer")]);
        let behind = Position::behind(NOW + SignedDuration::from_secs(101), id(101));
        assert_eq!(read.flagged_reversals(behind, 9).await.expect("movements"), []);
        drop(read);

        let back = Some(("du_1".to_owned(), NOW));
        let won = PaymentReversal { back, flagged_at: None, ..dispute.clone() };
        let mut write = db.store.write(ours).await.expect("a unit of work");
        write.reversal_came_back(&won).await.expect("back");
        assert!(write.reversal_came_back(&won).await.is_err(), "once");
        assert!(!write.reversals_seen(id(100).into()).await.expect("an answer"));
        let found = write.payment_reversal("stripe", (TakenBy::Dispute, "du_1")).await;
        assert_eq!(found.expect("an answer"), Some(won));
        let other = write.payment_reversal("paypal", (TakenBy::Dispute, "du_1")).await;
        assert_eq!(other.expect("an answer"), None);
    }

    async fn pay_07_no_more_is_refunded_than_was_paid(db: TestDatabase) {
        let (ours, _) = paid(&db.store, 1).await;
        let mut write = db.store.write(ours).await.expect("a unit of work");
        assert!(write.refund_payment(id(100).into(), 600, NOW).await.expect("an answer"));
        assert!(!write.refund_payment(id(100).into(), 401, NOW).await.expect("an answer"));
        write.set_refunded(id(100).into(), 400, NOW).await.expect("back");
        assert!(write.set_refunded(id(101).into(), 1, NOW).await.is_err(), "of payments alone");
        let it = write.payment(id(100).into()).await.expect("an answer").expect("a payment");
        assert_eq!(it.refunded_minor, 400);
        assert!(write.set_refunded(id(100).into(), 1_001, NOW).await.is_err());
    }
}

#[tokio::test]
async fn each_statement_finds_its_rows_by_an_index() {
    let db = TestDatabase::sqlite().await;
    let mut conn = SqliteConnection::connect(&db.address).await.expect("a connection");
    let all = portico_store::statements();
    let own = all.into_iter().filter(|(name, sql)| {
        let ours = name.contains("payment_refund::") || name.contains("payment_reversal::");
        ours && !sql.starts_with("INSERT")
    });
    let mut count = 0;
    for (name, sql) in own {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(explain).fetch_all(&mut conn).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        let plan = plan.join("\n");
        // All organisations are asked for by the index of what waits.
        let scans = plan.lines().any(|line| {
            line.contains("SCAN") && !line.contains("INDEX") && !line.contains("SCAN next")
        });
        assert!(!scans && !plan.contains("FOR ORDER BY"), "{name}: {plan}");
        count += 1;
    }
    assert_eq!(count, 15);
}
