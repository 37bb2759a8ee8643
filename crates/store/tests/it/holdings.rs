//! Lists of payments, payment methods, subscriptions, contracts and entitlements.

use crate::common::{NOW, TODAY, id, invoice, tenant};
use jiff::SignedDuration;
use portico_billing::contract::{Contract, ContractRevision, ContractStatus};
use portico_billing::entitlement::{Entitlement, EntitlementKind, EntitlementStatus};
use portico_billing::page::{Page, PageSize};
use portico_billing::payment::{Allocation, Payment, PaymentKind, PaymentStatus};
use portico_billing::payment_method::{PaymentMethod, PaymentMethodKind};
use portico_billing::subscription::{Interval, IntervalUnit, Subscription, SubscriptionStatus};
use portico_billing::{Currency, CustomerId, Metadata, PaymentId};
use portico_store::payment::PaymentFilter;
use portico_store::{CustomerList, Holding, Position, StoreError};
use portico_testkit::both_engines;
use rust_decimal::Decimal;
use uuid::Uuid;

fn payment(customer: CustomerId, n: u32) -> Payment {
    Payment {
        id: id(n).into(),
        customer_id: customer,
        kind: PaymentKind::Payment,
        parent_id: None,
        external_id: format!("p-{n}").parse().ok(),
        status: PaymentStatus::Succeeded,
        currency: Currency::EUR,
        amount_minor: 100,
        refunded_minor: 0,
        method: "card".to_owned(),
        method_label: None,
        payment_method_id: None,
        reference: None,
        charge: None,
        description: None,
        paid_at: NOW,
        metadata: Metadata::new(),
        created_at: NOW + SignedDuration::from_hours(i64::from(n % 4)),
        updated_at: NOW,
    }
}

fn subscription(customer: CustomerId, n: u32) -> Subscription {
    Subscription {
        id: id(n).into(),
        customer_id: customer,
        external_id: None,
        plan: format!("Plan {n}"),
        status: SubscriptionStatus::Active,
        currency: Currency::KWD,
        amount_minor: 1,
        interval: Interval { unit: IntervalUnit::Year, count: 2 },
        items: Vec::new(),
        started_on: TODAY,
        current_period: None,
        trial_ends_on: None,
        cancels_on: None,
        ended_on: None,
        payment_method_id: None,
        metadata: Metadata::new(),
        created_at: NOW + SignedDuration::from_hours(i64::from(n % 4)),
        updated_at: NOW,
    }
}

fn contract(customer: CustomerId, n: u32) -> Contract {
    Contract {
        id: id(n).into(),
        customer_id: customer,
        external_id: None,
        name: format!("Contract {n}"),
        status: if n.is_multiple_of(5) { ContractStatus::Draft } else { ContractStatus::Active },
        starts_on: None,
        ends_on: Some(TODAY),
        signed_at: Some(NOW),
        signed_by: None,
        revision: 0,
        metadata: Metadata::new(),
        created_at: NOW + SignedDuration::from_hours(i64::from(n % 4)),
        updated_at: NOW,
    }
}

fn method(customer: CustomerId, n: u32) -> PaymentMethod {
    PaymentMethod {
        id: id(n).into(),
        customer_id: customer,
        external_id: None,
        kind: PaymentMethodKind::Card,
        brand: None,
        last4: None,
        expiry_month: Some(5),
        expiry_year: Some(2026),
        holder: None,
        is_default: false,
        gateway: None,
        created_at: NOW + SignedDuration::from_hours(i64::from(n % 4)),
        updated_at: NOW,
    }
}

fn entitlement(customer: CustomerId, n: u32) -> Entitlement {
    let inactive = n.is_multiple_of(3);
    Entitlement {
        id: id(n).into(),
        customer_id: customer,
        external_id: None,
        subscription_id: None,
        name: "Right".to_owned(),
        description: None,
        kind: EntitlementKind::Credits,
        status: if inactive { EntitlementStatus::Inactive } else { EntitlementStatus::Active },
        unit: None,
        used: Decimal::new(125, 1),
        limit: None,
        period: None,
        metadata: Metadata::new(),
        created_at: NOW + SignedDuration::from_hours(i64::from(n % 4)),
        updated_at: NOW,
    }
}

/// Walks a list forth and back in pages of `$size`; the answer is all rows by identifier.
macro_rules! walk {
    ($read:expr, $list:ident, $customer:expr, $size:expr, $id:expr $(, $more:expr)*) => {{
        let (mut pages, mut cursor): (Vec<Page<_>>, _) = (Vec::new(), None);
        loop {
            let size = PageSize::try_from($size).expect("a size");
            let list = CustomerList { cursor, size, ..CustomerList::default() };
            let page = $read.$list($customer, &list $(, $more)*).await.expect("a page");
            assert_eq!(page.previous.is_some(), !pages.is_empty());
            cursor = page.next.clone();
            pages.push(page);
            if cursor.is_none() {
                break;
            }
        }
        for pair in pages.windows(2) {
            let size = PageSize::try_from($size).expect("a size");
            let cursor = pair[1].previous.clone();
            let list = CustomerList { cursor, size, ..CustomerList::default() };
            let back = $read.$list($customer, &list $(, $more)*).await.expect("a page");
            assert_eq!(back.rows, pair[0].rows);
            assert_eq!(back.previous.is_some(), pair[0].previous.is_some());
        }
        pages.into_iter().flat_map(|page| page.rows).map($id).collect::<Vec<Uuid>>()
    }};
}

/// The identifiers 100 to 119 as lists show them: those ahead first, then newest, then largest.
fn expected(wanted: impl Fn(u32) -> bool, ahead: impl Fn(u32) -> bool) -> Vec<Uuid> {
    let mut numbers: Vec<u32> = (100..120).filter(|n| wanted(*n)).collect();
    numbers.sort_by_key(|n| std::cmp::Reverse((ahead(*n), n % 4, *n)));
    numbers.into_iter().map(id).collect()
}

both_engines! {
    async fn lists_of_a_customer_go_forth_and_back(db: TestDatabase) {
        let (organisation, [customer, other]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        for n in 100..120 {
            subscription(customer, n).insert(&mut write).await.expect("added");
            contract(customer, n).insert(&mut write).await.expect("added");
            entitlement(customer, n).insert(&mut write).await.expect("added");
            let is_default = n == 105;
            let method = PaymentMethod { is_default, ..method(customer, n) };
            method.insert(&mut write).await.expect("added");
        }
        subscription(other, 200).insert(&mut write).await.expect("added");
        write.commit().await.expect("a commit");
        let mut read = db.store.read(organisation).await.expect("a connection");
        let (all, none) = (|_: u32| true, |_: u32| false);
        for size in [1, 3, 7, 50] {
            let ids = walk!(read, subscriptions_of_customer, customer, size, |it| it.id.uuid());
            assert_eq!(ids, expected(all, none));
            let ids = walk!(read, contracts_of_customer, customer, size, |it| it.id.uuid(), false);
            assert_eq!(ids, expected(|n| n % 5 != 0, none));
            let ids = walk!(read, contracts_of_customer, customer, size, |it| it.id.uuid(), true);
            assert_eq!(ids, expected(all, none), "with drafts");
            let ids = walk!(
                read, payment_methods_of_customer, customer, size, |it| it.id.uuid(), TODAY
            );
            assert_eq!(ids, expected(all, |n| n == 105));
            let ids = walk!(
                read, entitlements_of_customer, customer, size, |it| it.entitlement.id.uuid(), TODAY
            );
            assert_eq!(ids, expected(all, |n| n % 3 != 0));
        }
    }

    async fn what_is_written_is_read_back(db: TestDatabase) {
        let (organisation, [customer, other]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let mut paid = payment(customer, 100);
        write.insert_payment(&paid).await.expect("added");
        assert_eq!(write.payment(paid.id).await.expect("an answer"), Some(paid.clone()));
        paid.reference = Some("Ñ".to_owned());
        write.update_payment(&paid).await.expect("changed");
        let external_id = "p-100".parse().expect("an external id");
        let found = write.payment_by_external_id(&external_id).await.expect("an answer");
        assert_eq!(found, Some(paid));
        let agreed = contract(customer, 101);
        agreed.insert(&mut write).await.expect("added");
        for revision in [1, 2] {
            let body = format!("Text {revision}");
            let it = ContractRevision { revision, body, created_at: NOW };
            write.insert_contract_revision(agreed.id, &it).await.expect("added");
        }
        let newest = write.newest_contract_revision(agreed.id).await.expect("an answer");
        assert_eq!(newest.expect("a text").body, "Text 2");
        let granted = entitlement(customer, 102);
        granted.insert(&mut write).await.expect("added");
        let found = Entitlement::find(&mut write, granted.id).await.expect("an answer");
        assert_eq!(found, Some(granted.clone()));
        let foreign = write.entitlement_of_customer(other, granted.id).await.expect("an answer");
        assert_eq!(foreign, None);
        write.commit().await.expect("a commit");
        let (stranger, _) = tenant(&db.store, 2).await;
        let mut read = db.store.read(stranger).await.expect("a connection");
        assert_eq!(read.payment(PaymentId::from(id(100))).await.expect("an answer"), None);
        let foreign = Contract::find(&mut read, agreed.id).await.expect("an answer");
        assert_eq!(foreign, None);
    }

    async fn the_organisation_reads_its_payments_newest_first(db: TestDatabase) {
        let (organisation, [customer, other]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        for n in 100..120 {
            let customer = if n % 2 == 0 { customer } else { other };
            write.insert_payment(&payment(customer, n)).await.expect("added");
        }
        for customer in [None, Some(customer)] {
            let filter = PaymentFilter { customer, ..PaymentFilter::default() };
            let (mut ids, mut after) = (Vec::new(), Position::START);
            loop {
                let rows = write.payments(&filter, after, 3).await.expect("a page");
                let Some(last) = rows.last() else { break };
                after = Position::behind(last.created_at, last.id.uuid());
                ids.extend(rows.into_iter().map(|it| it.id.uuid()));
            }
            assert_eq!(ids, expected(|n| customer.is_none() || n % 2 == 0, |_| false));
        }
    }

    async fn no_more_is_refunded_than_was_paid(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let paid = payment(customer, 100);
        write.insert_payment(&paid).await.expect("added");
        assert!(write.refund_payment(paid.id, 60, NOW).await.expect("an answer"));
        assert!(!write.refund_payment(paid.id, 41, NOW).await.expect("an answer"));
        assert!(write.refund_payment(paid.id, 40, NOW).await.expect("an answer"));
        let waiting = Payment { status: PaymentStatus::Processing, ..payment(customer, 101) };
        write.insert_payment(&waiting).await.expect("added");
        assert!(!write.refund_payment(waiting.id, 1, NOW).await.expect("an answer"));
    }

    async fn a_page_of_payments_reads_what_it_settled_at_once(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let paid = [payment(customer, 100), payment(customer, 101)];
        for it in &paid {
            write.insert_payment(it).await.expect("added");
        }
        let mut allocations = Vec::new();
        for n in 0..5_u32 {
            let it = invoice(customer, 300 + n, 100);
            write.insert_invoices(std::slice::from_ref(&it)).await.expect("added");
            let (payment_id, amount_minor) = (paid[0].id, i64::from(n) + 1);
            allocations.push(Allocation { payment_id, invoice_id: it.id, amount_minor });
        }
        write.put_allocations(paid[0].id, &allocations).await.expect("added");
        assert_eq!(write.allocations(paid[0].id).await.expect("an answer"), allocations);
        let ids = [paid[0].id, paid[1].id];
        let found = write.allocated_invoices(&ids, 3).await.expect("an answer");
        let amounts: Vec<i64> = found.iter().map(|it| it.amount.minor()).collect();
        assert_eq!(amounts, [5, 4, 3]);
        assert_eq!(found[0].number.as_deref(), Some("INV-00304"));
        assert!(write.allocated_invoices(&[], 3).await.expect("an answer").is_empty());
    }

    async fn a_customer_has_one_default_method(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let [one, two] = [100, 101].map(|n| PaymentMethod {
            is_default: true,
            ..method(customer, n)
        });
        one.insert(&mut write).await.expect("added");
        let unset = write.unset_default_payment_method(customer, two.id, NOW).await;
        assert_eq!(unset.expect("an answer"), Some(one.id));
        two.insert(&mut write).await.expect("added");
        let found = write.payment_methods_for(customer, &[one.id]).await.expect("an answer");
        assert_eq!(found.len(), 2);
        let second = one.update(&mut write).await;
        assert!(matches!(second, Err(StoreError::Duplicate { .. })), "{second:?}");
    }
}
