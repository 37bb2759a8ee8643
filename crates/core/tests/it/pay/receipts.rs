//! Receipts by mail.

use super::*;
use portico_billing::brand::{Paying, ReceiptMails};
use portico_billing::section::Section;
use portico_core::mail::{ClaimedMail, MailContent};
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::{Rejection, Target, parse_input};
use portico_testkit::both_engines;

use crate::common::EMAIL;

/// Contacts of a customer: address and kind.
async fn contacts(world: &World, customer: &str, people: &[(&str, &str)]) {
    for (email, kind) in people {
        let name = format!("{kind} person");
        world
            .save::<ContactRecord>(json!({
                "customer_id": customer, "name": name, "email": email, "kind": kind,
                "language": "es",
            }))
            .await;
    }
}

async fn wants(world: &World, receipts: ReceiptMails) {
    let caller = Caller::system(world.organisation.id);
    let set = world.core.edit_brand(&caller, world.brand.id, |mut settings| {
        settings.paying = Paying { receipts, ..settings.paying };
        Ok(settings)
    });
    set.await.expect("set");
}

/// A payment that was recorded, by the organisation's software or by the house.
async fn record(world: &World, caller: &Caller, key: &str, more: Value) -> Result<(), Rejection> {
    let mut input = json!({
        "external_id": key, "customer_id": "c-1", "status": "succeeded", "amount_minor": 1_000,
        "currency": "EUR", "method": "bank_transfer", "paid_at": "2026-03-01T12:00:00Z",
    });
    for (name, value) in more.as_object().expect("an object") {
        input[name] = value.clone();
    }
    let input = parse_input::<PaymentRecord>(input)?;
    world.core.save_record::<PaymentRecord>(caller, Target::New, input).await.map(drop)
}

fn to(mails: &[ClaimedMail]) -> Vec<&str> {
    let mut to: Vec<&str> = mails.iter().map(|it| it.message.to().as_str()).collect();
    to.sort_unstable();
    to
}

/// A customer with an invoice that is paid by whoever the visit is of.
async fn paid(world: &World, secret: &SessionSecret) -> AttemptView {
    let at = gateway(world, "Card", json!({})).await;
    let id = invoice(world, "c-1", "A-1", 12_100).await;
    let view = pay(world, secret, order("k", at, &[id]), "pay").await;
    assert!(succeeded(&view), "{view:?}");
    view
}

both_engines! {
    async fn i16_each_who_gets_bills_is_sent_one_receipt_of_a_payment(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let people = [("b@c.test", "billing"), ("a@c.test", "billing"), ("t@c.test", "technical")];
        contacts(&world, "c-1", &people).await;
        let view = paid(&world, &secret).await;
        let mails = world.mails().await;
        assert_eq!(to(&mails), ["a@c.test", "b@c.test"]);
        for mail in &mails {
            let MailContent::Receipt { url, payment_id, amount, method, .. } =
                &mail.message.content
            else {
                panic!("{mail:?}")
            };
            assert_eq!(Some(*payment_id), view.payment);
            assert_eq!(amount.to_string(), "121.00 EUR");
            assert_eq!(*url, format!("https://billing.acme.test/payments/{payment_id}"));
            assert!(!method.is_empty());
            assert_eq!(mail.message.language.as_str(), "es");
            let file = world.core.mail_attachment(mail).await.expect("not busy").expect("a file");
            assert_eq!(file.content_type, "application/pdf");
            assert!(file.file_name.starts_with("receipt-") && file.bytes.starts_with(b"%PDF"));
        }
        // Whoever looks again learns what is known.
        assert_eq!(look(&world, &secret, view.id).await, view);
        world.wait(900);
        world.core.look_at_attempts().await.expect("looked");
        assert_eq!(world.mails().await, [], "once");
    }

    async fn i16_a_receipt_that_is_tried_again_is_the_same_mail(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        contacts(&world, "c-1", &[("b@c.test", "billing")]).await;
        paid(&world, &secret).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            let mails = world.core.claim_mails(10).await.expect("mails");
            assert_eq!(mails.len(), 1);
            ids.push(mails[0].id);
            world.core.mail_failed(&mails[0], "the server is away").await.expect("noted");
            world.wait(4 * 3_600);
        }
        ids.dedup();
        assert_eq!(ids.len(), 1, "readers see one mail, however often it arrives");
    }

    async fn whoever_paid_gets_the_receipt_alone(db: TestDatabase) {
        let world = World::on(db).await;
        world.ana().await;
        contacts(&world, "c-1", &[("b@c.test", "billing")]).await;
        let secret = world.sign_in().await;
        paid(&world, &secret).await;
        assert_eq!(to(&world.mails().await), [EMAIL]);
    }

    async fn receipts_lead_nowhere_that_is_hidden_and_tell_nothing_of_it(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        contacts(&world, "c-1", &[("b@c.test", "billing")]).await;
        paid(&world, &secret).await;
        let caller = Caller::system(world.organisation.id);
        let hide = world.core.edit_brand(&caller, world.brand.id, |mut settings| {
            settings.hidden_sections = vec![Section::Payments, Section::Invoices];
            Ok(settings)
        });
        hide.await.expect("hidden");
        let mails = world.mails().await;
        let MailContent::Receipt { url, .. } = &mails[0].message.content else {
            panic!("{mails:?}")
        };
        assert_eq!(url, "https://billing.acme.test/");
        let file = world.core.mail_attachment(&mails[0]).await.expect("not busy");
        assert!(file.is_some());
    }

    async fn a_brand_says_for_which_payments_receipts_are_sent(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        contacts(&world, "c-1", &[("b@c.test", "billing")]).await;
        let (software, house) = (world.caller, Caller::system(world.organisation.id));
        record(&world, &software, "p-1", json!({})).await.expect("recorded");
        assert_eq!(world.mails().await, [], "recorded ones only where it is wanted");
        wants(&world, ReceiptMails::All).await;
        record(&world, &software, "p-2", json!({})).await.expect("recorded");
        assert_eq!(to(&world.mails().await), ["b@c.test"]);
        record(&world, &house, "p-3", json!({})).await.expect("samples and jobs");
        let long_ago = json!({"paid_at": "2025-01-01T12:00:00Z"});
        record(&world, &software, "p-4", long_ago).await.expect("history");
        record(&world, &software, "p-2", json!({"status": "succeeded", "reference": "x"}))
            .await
            .expect("changed");
        assert_eq!(world.mails().await, [], "not for what is brought along, nor twice");
        record(&world, &software, "p-5", json!({"status": "processing"})).await.expect("begun");
        assert_eq!(world.mails().await, []);
        record(&world, &software, "p-5", json!({"status": "succeeded"})).await.expect("arrived");
        assert_eq!(to(&world.mails().await), ["b@c.test"]);
        wants(&world, ReceiptMails::Never).await;
        paid(&world, &secret).await;
        record(&world, &software, "p-6", json!({})).await.expect("recorded");
        assert_eq!(world.mails().await, []);
    }

    async fn a_customer_without_contacts_for_bills_is_written_to_itself(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        contacts(&world, "c-1", &[("t@c.test", "technical")]).await;
        let at = gateway(&world, "Card", json!({})).await;
        let refill = |key: &str| PayOrder { amount_minor: Some(500), ..order(key, at, &[]) };
        assert!(succeeded(&pay(&world, &secret, refill("k-1"), "pay").await));
        assert_eq!(to(&world.mails().await), ["t@c.test"], "who may pay");
        let own = json!({"external_id": "c-1", "name": "C", "email": "bills@c.test"});
        world.save::<CustomerRecord>(own).await;
        assert!(succeeded(&pay(&world, &secret, refill("k-2"), "pay").await));
        assert_eq!(to(&world.mails().await), ["bills@c.test"]);
    }
}
