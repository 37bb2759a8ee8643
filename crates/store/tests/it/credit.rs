//! Credit of customers: counted in one statement, used once, told for good.

use crate::common::{NOW, TODAY, id, invoice, tenant};
use jiff::SignedDuration;
use portico_billing::credit::{CreditItem, CreditPart, CreditSource};
use portico_billing::credit_note::{CreditNote, CreditNoteStatus};
use portico_billing::invoice::InvoiceBody;
use portico_billing::payment::{Allocation, Payment, PaymentKind, PaymentStatus};
use portico_billing::{
    CreditNoteId, CreditUseId, Currency, CustomerId, InvoiceId, Metadata, Money, PaymentId,
};
use portico_store::credit::CreditUse;
use portico_store::{StoreError, Write};
use portico_testkit::both_engines;

const EUR: Currency = Currency::EUR;

fn payment(customer: CustomerId, n: u32, amount_minor: i64) -> Payment {
    Payment {
        id: id(n).into(),
        customer_id: customer,
        kind: PaymentKind::Payment,
        parent_id: None,
        external_id: None,
        status: PaymentStatus::Succeeded,
        currency: EUR,
        amount_minor,
        refunded_minor: 0,
        method: "card".to_owned(),
        method_label: None,
        payment_method_id: None,
        reference: None,
        description: None,
        paid_at: NOW + SignedDuration::from_secs(i64::from(n)),
        charge: None,
        metadata: Metadata::new(),
        created_at: NOW,
        updated_at: NOW,
    }
}

fn free_note(customer_id: CustomerId, n: u32, total_minor: i64) -> CreditNote {
    CreditNote {
        id: CreditNoteId::from(id(n)),
        customer_id,
        invoice_id: None,
        external_id: None,
        number: format!("CN-{n}"),
        status: CreditNoteStatus::Issued,
        currency: EUR,
        subtotal_minor: total_minor,
        tax_minor: 0,
        total_minor,
        reason: None,
        issued_on: TODAY,
        created_at: NOW + SignedDuration::from_secs(i64::from(n)),
        updated_at: NOW,
    }
}

/// Adds a payment of which so much settles an invoice.
async fn paid(write: &mut Write, it: &Payment, invoice: InvoiceId, settled_minor: i64) {
    write.insert_payment(it).await.expect("a payment");
    let part = Allocation { payment_id: it.id, invoice_id: invoice, amount_minor: settled_minor };
    write.put_allocations(it.id, &[part]).await.expect("allocations");
    write.settle_invoice(invoice, settled_minor, 0, NOW).await.expect("settled");
    write.recount_payment(it.id).await.expect("counted");
}

fn left(items: &[CreditItem]) -> Vec<(CreditSource, i64)> {
    items.iter().map(|it| (it.source, it.left_minor)).collect()
}

both_engines! {
    async fn what_is_left_is_found_oldest_first_and_nothing_of_others(db: TestDatabase) {
        let (organisation, [customer, other]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let open = invoice(customer, 1, 500);
        write.insert_invoices(std::slice::from_ref(&open)).await.expect("an invoice");
        paid(&mut write, &payment(customer, 30, 300), open.id, 100).await;
        paid(&mut write, &payment(customer, 31, 100), open.id, 100).await;
        let body = InvoiceBody::default();
        for note in [free_note(customer, 20, 70), free_note(other, 21, 80)] {
            write.insert_credit_note(&note, &body).await.expect("a note");
        }
        let yen = Payment { currency: Currency::JPY, ..payment(customer, 32, 900) };
        write.insert_payment(&yen).await.expect("a payment");
        write.recount_payment(yen.id).await.expect("counted");
        let whose = (customer, EUR);
        let found = write.credit_sources(whose).await.expect("sources");
        let (note, of_payment) = (CreditNoteId::from(id(20)), PaymentId::from(id(30)));
        let (note, of_payment) =
            (CreditSource::CreditNote(note), CreditSource::Payment(of_payment));
        assert_eq!(left(&found), [(note, 70), (of_payment, 200)]);
        let of_yen = write.credit_sources((customer, Currency::JPY)).await.expect("sources");
        assert_eq!(left(&of_yen), [(CreditSource::Payment(yen.id), 900)]);

        // What settles an invoice beyond its amount is credit, of what was paid and no more.
        write.settle_invoice(open.id, 0, 450, NOW).await.expect("credited");
        let found = write.credit_sources(whose).await.expect("sources");
        let beyond = (CreditSource::Invoice(open.id), 150);
        assert_eq!(left(&found), [beyond, (note, 70), (of_payment, 200)]);
        write.settle_invoice(open.id, 0, 50, NOW).await.expect("credited");
        let found = write.credit_sources(whose).await.expect("sources");
        assert_eq!(found[0].left_minor, 200, "all that was paid, and no more");
        let of_invoice = write.payments_allocated_to(open.id).await.expect("payments");
        let expected = [31, 30].map(|n| PaymentId::from(id(n)));
        assert_eq!(of_invoice, expected, "the newest first");
    }

    async fn what_is_free_of_a_payment_is_counted_anew_from_what_there_is(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let open = invoice(customer, 1, 500);
        write.insert_invoices(std::slice::from_ref(&open)).await.expect("an invoice");
        let it = payment(customer, 30, 300);
        paid(&mut write, &it, open.id, 250).await;
        let free = async |write: &mut Write| {
            write.recount_payment(it.id).await.expect("counted");
            write.free_of_payment(it.id).await.expect("an answer")
        };
        assert_eq!(free(&mut write).await, Some(50));
        // Of what was given back, 40 had settled the invoice, which is open again for so much.
        assert!(write.refund_payment(it.id, 60, NOW).await.expect("refunded"));
        let refund = Payment {
            kind: PaymentKind::Refund,
            parent_id: Some(it.id),
            ..payment(customer, 31, 60)
        };
        write.insert_payment(&refund).await.expect("a refund");
        let reopened =
            Allocation { payment_id: refund.id, invoice_id: open.id, amount_minor: 40 };
        write.put_allocations(refund.id, &[reopened]).await.expect("allocations");
        assert_eq!(free(&mut write).await, Some(30));
        // More was given back than was free.
        assert!(write.refund_payment(it.id, 50, NOW).await.expect("refunded"));
        assert_eq!(free(&mut write).await, Some(-20));
        let found = write.credit_sources((customer, EUR)).await.expect("sources");
        assert_eq!(found, [], "what is below zero is no credit");
        for status in [PaymentStatus::Processing, PaymentStatus::Failed] {
            let it = Payment { status, ..payment(customer, 40, 500) };
            match write.free_of_payment(it.id).await.expect("an answer") {
                None => write.insert_payment(&it).await.expect("a payment"),
                Some(_) => write.update_payment(&it).await.expect("changed"),
            }
            write.recount_payment(it.id).await.expect("counted");
            assert_eq!(write.free_of_payment(it.id).await.expect("an answer"), Some(0));
        }
        let absent = write.recount_payment(id(99).into()).await;
        assert!(matches!(absent, Err(StoreError::Affected { .. })), "{absent:?}");
    }

    async fn no_more_is_used_than_there_is(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let open = invoice(customer, 1, 500);
        write.insert_invoices(std::slice::from_ref(&open)).await.expect("an invoice");
        let body = InvoiceBody::default();
        let note = free_note(customer, 20, 70);
        write.insert_credit_note(&note, &body).await.expect("a note");
        let tied = CreditNote { invoice_id: Some(open.id), ..free_note(customer, 21, 70) };
        write.insert_credit_note(&tied, &body).await.expect("a note");
        let gone = CreditNote { status: CreditNoteStatus::Void, ..free_note(customer, 22, 70) };
        write.insert_credit_note(&gone, &body).await.expect("a note");
        for (id, minor, was_there) in [
            (note.id, 60, true), (note.id, 11, false), (note.id, 10, true), (note.id, 1, false),
            (note.id, -71, false), (note.id, -30, true), (tied.id, 1, false), (gone.id, 1, false),
        ] {
            let used = write.use_credit_note(id, minor).await.expect("an answer");
            assert_eq!(used, was_there, "{id} {minor}");
        }
        let found = write.credit_sources((customer, EUR)).await.expect("sources");
        assert_eq!(left(&found), [(CreditSource::CreditNote(note.id), 30)]);
        assert!(!write.use_voucher(id(50).into(), 1).await.expect("an answer"), "there is none");
    }

    async fn what_credit_settles_adds_up_and_comes_off(db: TestDatabase) {
        let (organisation, [customer, _]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let open = [invoice(customer, 1, 500), invoice(customer, 2, 500)];
        write.insert_invoices(&open).await.expect("invoices");
        let note = free_note(customer, 20, 700);
        write.insert_credit_note(&note, &InvoiceBody::default()).await.expect("a note");
        let source = CreditSource::CreditNote(note.id);
        let part = |place: usize, amount_minor| CreditPart {
            source,
            invoice_id: open[place].id,
            amount_minor,
        };
        for it in [part(0, 100), part(1, 50), part(0, 20)] {
            write.add_credit(it, NOW).await.expect("added");
        }
        let of_source = write.credit_of_source(source).await.expect("parts");
        assert_eq!(of_source, [part(0, 120), part(1, 50)]);
        let of_invoice = write.credit_of_invoice(open[0].id).await.expect("parts");
        let told = of_invoice.iter().map(|it| (it.name.as_deref(), it.amount_minor));
        let told: Vec<_> = told.collect();
        assert_eq!(told, [(Some("CN-20"), 120)]);
        write.take_credit(part(0, 20)).await.expect("taken");
        write.take_credit(part(1, 50)).await.expect("taken");
        assert_eq!(write.credit_of_source(source).await.expect("parts"), [part(0, 100)]);
    }

    async fn pay_04_a_form_uses_credit_once(db: TestDatabase) {
        let (organisation, [customer, other]) = tenant(&db.store, 1).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        let open = invoice(customer, 1, 500);
        write.insert_invoices(std::slice::from_ref(&open)).await.expect("an invoice");
        let source = CreditSource::Payment(PaymentId::from(id(30)));
        let used = |n: u32, customer_id, form: Option<&str>| CreditUse {
            id: id(n).into(),
            customer_id,
            amount: Money::new(70, EUR),
            parts: vec![CreditPart { source, invoice_id: open.id, amount_minor: 70 }],
            attempt_id: None,
            form: form.map(|key| (key.to_owned(), vec![1, 2])),
            used_at: NOW + SignedDuration::from_secs(i64::from(n)),
        };
        let first = used(60, customer, Some("k"));
        write.insert_credit_use(&first).await.expect("noted");
        for it in [used(61, other, Some("k")), used(62, customer, None), used(63, customer, None)] {
            write.insert_credit_use(&it).await.expect("keys are each customer's own");
        }
        assert_eq!(write.credit_use(first.id).await.expect("read"), Some(first.clone()));
        let by_form = write.credit_use_by_form(customer, "k").await.expect("read");
        assert_eq!(by_form, Some(first));
        assert_eq!(write.credit_use_by_form(customer, "x").await.expect("read"), None);
        let newest = write.credit_uses_of_customer(customer, 2).await.expect("read");
        let newest: Vec<CreditUseId> = newest.iter().map(|it| it.id).collect();
        assert_eq!(newest, [63, 62].map(|n| CreditUseId::from(id(n))));
        let again = write.insert_credit_use(&used(64, customer, Some("k"))).await;
        assert!(matches!(again, Err(StoreError::Duplicate { .. })), "{again:?}");
    }
}
