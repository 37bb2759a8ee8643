//! Paying by a link.

use super::*;
use portico_billing::brand::Paying;
use portico_billing::pay_link::PayLinkState;
use portico_billing::permission::{Permission, Permissions};
use portico_billing::section::Section;
use portico_core::mail::MailContent;
use portico_core::records::Rejection;
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::{MadePayLink, NewPayLink};
use portico_core_api::{LinkHolder, LinkedOrder, Origin, PayLinkApi, PayLinkSecret};
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_testkit::both_engines;

async fn link(world: &World, invoice: InvoiceId) -> MadePayLink {
    let made = world.core.make_pay_link(&world.caller, invoice, NewPayLink::default());
    made.await.expect("a link")
}

/// Whoever has the link's address.
fn holder(world: &World, link: &MadePayLink) -> LinkHolder {
    let secret = link.url.strip_prefix("https://billing.acme.test/pay-link/").expect("a link");
    assert_eq!(secret.len(), 43, "256 bits");
    let secret = PayLinkSecret::new(secret.to_owned());
    LinkHolder { brand_id: world.brand.id, secret, link: None }
}

fn linked(key: &str, gateway: GatewayId, due_minor: i64) -> LinkedOrder {
    LinkedOrder {
        form_key: key.to_owned(),
        due_minor,
        gateway,
        site: Url::parse("https://pay.test/linked").expect("an address"),
    }
}

fn from(address: &str) -> Origin {
    Origin { address: address.parse().expect("an address"), ..origin() }
}

/// Nothing of the invoice is open to the holder.
async fn assert_over(world: &World, holder: &LinkHolder, why: &str) {
    let core = &world.core;
    let order = linked("over", GatewayId::from(world.brand.id.uuid()), 1_000);
    assert_eq!(core.follow_pay_link(holder, origin()).await, Err(Refusal::NotFound), "{why}");
    assert_eq!(core.linked_invoice(holder).await, Err(Refusal::NotFound), "{why}");
    assert_eq!(core.linked_invoice_pdf(holder).await, Err(Refusal::NotFound), "{why}");
    let paid = core.pay_linked(holder, order, from("198.51.100.9")).await;
    assert_eq!(paid, Err(Refusal::NotFound), "{why}");
}

async fn patch(world: &World, invoice: InvoiceId, patch: Value) {
    let (caller, key) = (Caller::system(world.organisation.id), invoice.to_string());
    let key = RecordKey::new(key);
    let done = world.core.patch_record::<InvoiceRecord>(&caller, &key, &patch).await;
    done.map(drop).expect("changed");
}

both_engines! {
    async fn an_invoice_is_paid_by_a_link(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({"surcharge_minor": 100})).await;
        let secret = enter(&world, "c-1").await;
        world.save::<ContactRecord>(json!({
            "customer_id": "c-1", "name": "Bill", "email": "b@c.test", "kind": "billing",
        })).await;
        let id = invoice(&world, "c-1", "A-1", 12_100).await;
        let made = link(&world, id).await;
        let holder = holder(&world, &made);
        let followed = world.core.follow_pay_link(&holder, origin()).await.expect("followed");
        assert_eq!((followed.id, followed.language.as_str()), (made.link.id, "en"));
        let shown = world.core.linked_invoice(&holder).await.expect("an invoice");
        assert_eq!((shown.number.as_str(), shown.due.minor()), ("A-1", 12_100));
        assert!(shown.overdue && shown.lines.is_empty(), "{shown:?}");
        let way = &shown.ways[0];
        assert_eq!((way.gateway, way.keeps, way.methods.len()), (at, false, 0));
        let pdf = world.core.linked_invoice_pdf(&holder).await.expect("a PDF");
        assert!(pdf.file_name == "invoice-A-1.pdf" && pdf.bytes.starts_with(b"%PDF"));

        let order = linked("k", at, 12_100);
        let attempt = world.core.pay_linked(&holder, order, origin()).await.expect("an attempt");
        let it = world.core.linked_attempt(&holder, attempt).await.expect("an attempt");
        assert!(it.open && it.view.state == AttemptState::NeedsAction, "{it:?}");
        let page = format!("https://pay.test/linked/sandbox/{}", Reference::of(attempt));
        assert_eq!(it.view.leads_to.map(|to| to.url.to_string()), Some(page));
        assert_eq!(it.view.charged.minor(), 12_200);
        let reference = Reference::of(attempt);
        let chosen = world.core.choose_in_linked_sandbox(&holder, &reference, "pay").await;
        assert_eq!(chosen, Ok(attempt));
        let it = world.core.look_at_linked_attempt(&holder, attempt).await.expect("an attempt");
        assert!(succeeded(&it.view) && !it.open, "{it:?}");
        assert_eq!(it.view.invoices, [(id, Some("A-1".to_owned()))]);
        assert_eq!((live(&world, &secret).await, due(&world, &secret, id).await), (0, 0));
        assert_over(&world, &holder, "it is paid").await;
        let again = world.core.linked_attempt(&holder, attempt).await.expect("an attempt");
        assert_eq!(again, it, "how it ended is told all the same");
        let resent = world.core.pay_linked(&holder, linked("k", at, 12_100), origin()).await;
        assert_eq!(resent, Ok(attempt), "a form that is sent twice pays once");
        let mails = world.mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].message.to().as_str(), "b@c.test", "nobody was signed in");
        assert_whole_ledger(&world).await;
    }

    async fn a_link_that_does_not_count_opens_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        enter(&world, "c-1").await;
        let make = async |number: &str| {
            let id = invoice(&world, "c-1", number, 1_000).await;
            let made = link(&world, id).await;
            (id, holder(&world, &made), made)
        };
        let unknown = LinkHolder {
            brand_id: world.brand.id, secret: PayLinkSecret::new("x".repeat(43)), link: None,
        };
        assert_over(&world, &unknown, "an invented secret").await;
        let (_, good, made) = make("A-1").await;
        let elsewhere =
            crate::common::brand(&world.core, world.organisation.id, "b.acme.test").await;
        let other_brand = LinkHolder { brand_id: elsewhere.id, ..good.clone() };
        assert_over(&world, &other_brand, "another brand").await;
        let other_page = LinkHolder { link: Some(world.brand.id.uuid().into()), ..good.clone() };
        assert_over(&world, &other_page, "the page of another link").await;
        assert!(world.core.linked_invoice(&good).await.is_ok());

        let (voided, holder, _) = make("A-2").await;
        patch(&world, voided, json!({"status": "void"})).await;
        assert_over(&world, &holder, "a void invoice").await;
        let (paid, holder, _) = make("A-3").await;
        world.save::<PaymentRecord>(json!({
            "external_id": "p-3", "customer_id": "c-1", "status": "succeeded",
            "amount_minor": 1_000, "currency": "EUR", "method": "cash",
            "paid_at": "2026-03-01T12:00:00Z",
            "allocations": [{"invoice_id": paid.to_string(), "amount_minor": 1_000}],
        })).await;
        assert_over(&world, &holder, "paid otherwise").await;
        let revoked = world.core.revoke_pay_link(&world.caller, made.link.id).await;
        assert_eq!(revoked.expect("revoked").state, PayLinkState::Revoked);
        assert_over(&world, &good, "switched off").await;

        let (_, holder, made) = make("A-4").await;
        let life = made.link.expires_at.duration_since(made.link.created_at);
        assert_eq!(life.as_hours(), 30 * 24);
        world.wait(life.as_secs() - 1);
        assert!(world.core.linked_invoice(&holder).await.is_ok());
        world.wait(1);
        assert_over(&world, &holder, "ended").await;
        let of_void = world.core.pay_links(&world.caller, voided).await.expect("links");
        assert_eq!(of_void[0].state, PayLinkState::Done);
    }

    async fn az_05_a_link_is_no_session_and_hidden_sections_do_not_matter_to_it(db: TestDatabase) {
        let world = World::on(db).await;
        gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let holder = holder(&world, &link(&world, id).await);
        let as_session = SessionSecret::new(holder.secret.expose().to_owned());
        assert!(matches!(
            world.core.invoice(&as_session, id).await,
            Err(Refusal::SignedOut { .. })
        ));
        let as_link = PayLinkSecret::new(secret.expose().to_owned());
        let as_link = LinkHolder { secret: as_link, ..holder.clone() };
        assert_over(&world, &as_link, "the secret of a session").await;
        let caller = Caller::system(world.organisation.id);
        let hide = world.core.edit_brand(&caller, world.brand.id, |mut settings| {
            settings.hidden_sections = Section::ALL.to_vec();
            Ok(settings)
        });
        hide.await.expect("hidden");
        let off = json!({"external_id": "c-1", "name": "C", "status": "inactive"});
        world.save::<CustomerRecord>(off).await;
        assert!(world.core.linked_invoice(&holder).await.is_ok(), "the staff made it for this");
    }

    async fn az_01_a_link_shows_the_attempts_that_it_began_alone(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let [one, other] = [link(&world, id).await, link(&world, id).await]
            .map(|made| holder(&world, &made));
        let of_session = begin(&world, &secret, order("k", at, &[id])).await.expect("an attempt");
        let begun = world.core.pay_linked(&one, linked("k", at, 1_000), origin()).await;
        let begun = begun.expect("an attempt");
        for (holder, attempt) in [(&one, of_session), (&other, of_session), (&other, begun)] {
            let reference = Reference::of(attempt);
            let core = &world.core;
            let gone = Err(Refusal::NotFound);
            assert_eq!(core.linked_attempt(holder, attempt).await, gone);
            assert_eq!(core.look_at_linked_attempt(holder, attempt).await, gone);
            assert_eq!(core.linked_sandbox(holder, &reference).await, Err(Refusal::NotFound));
            let chosen = core.choose_in_linked_sandbox(holder, &reference, "pay").await;
            assert_eq!(chosen, Err(Refusal::NotFound));
        }
        assert!(world.core.attempt(&secret, begun).await.is_ok(), "it is the customer's");
        assert!(world.core.linked_attempt(&one, begun).await.is_ok());
        world.wait(24 * 3_600);
        assert_eq!(world.core.linked_attempt(&one, begun).await, Err(Refusal::NotFound));
    }

    async fn by_a_link_all_is_paid_that_is_due_and_nothing_else(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let holder = holder(&world, &link(&world, id).await);
        for due in [1, 999, 1_001, 0, -1, i64::MIN] {
            let tried = world.core.pay_linked(&holder, linked("k", at, due), origin()).await;
            assert_eq!(tried, invalid("amount", Fault::NotAChoice), "{due}");
        }
        for key in ["", "x".repeat(32).as_str()] {
            let tried = world.core.pay_linked(&holder, linked(key, at, 1_000), origin()).await;
            assert_eq!(tried, invalid("form", Fault::Required), "{key}");
        }
        let foreign = GatewayId::from(world.brand.id.uuid());
        let tried = world.core.pay_linked(&holder, linked("k", foreign, 1_000), origin()).await;
        assert_eq!(tried, invalid("way", Fault::NotAChoice));
    }

    async fn dos_08_cards_are_not_tried_out_by_links(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let holder = holder(&world, &link(&world, id).await);
        let pay = async |key: &str, address: &str| {
            world.core.pay_linked(&holder, linked(key, at, 1_000), from(address)).await
        };
        for n in 0..10 {
            let begun = pay(&format!("k-{n}"), "198.51.100.1").await;
            assert!(begun.is_ok(), "{n}: {begun:?}");
        }
        let refused = pay("k-10", "198.51.100.1").await;
        assert!(matches!(refused, Err(Refusal::TooMany { .. })), "{refused:?}");
        // What is declined counts for the customer, from wherever it comes.
        for n in 0..5 {
            let attempt = pay(&format!("d-{n}"), &format!("198.51.100.{}", n + 2)).await;
            let attempt = attempt.expect("an attempt");
            let reference = Reference::of(attempt);
            let chosen = world.core.choose_in_linked_sandbox(&holder, &reference, "decline").await;
            assert_eq!(chosen, Ok(attempt));
            let it = world.core.look_at_linked_attempt(&holder, attempt).await.expect("it");
            assert!(it.open && it.view.state == AttemptState::Failed);
        }
        let refused = pay("d-5", "198.51.100.7").await;
        assert!(matches!(refused, Err(Refusal::TooMany { .. })), "{refused:?}");
        let own = begin(&world, &secret, order("own", at, &[id])).await;
        assert!(matches!(own, Err(Refusal::TooMany { .. })), "{own:?}");
        world.wait(3_601);
        assert!(pay("later", "198.51.100.1").await.is_ok());
    }

    async fn lines_are_shown_where_the_brand_wants_it(db: TestDatabase) {
        let world = World::on(db).await;
        enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let holder = holder(&world, &link(&world, id).await);
        assert!(world.core.linked_invoice(&holder).await.expect("it").lines.is_empty());
        let caller = Caller::system(world.organisation.id);
        let show = world.core.edit_brand(&caller, world.brand.id, |mut settings| {
            settings.paying = Paying { link_lines: true, ..settings.paying };
            Ok(settings)
        });
        show.await.expect("shown");
        let shown = world.core.linked_invoice(&holder).await.expect("an invoice");
        assert_eq!(shown.lines[0].description, "Plan");
        assert!(shown.ways.is_empty() && !shown.more_lines, "there is no gateway");
    }

    async fn the_staff_makes_links_for_what_is_due(db: TestDatabase) {
        let world = World::on(db).await;
        enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let make = async |caller: &Caller, id: InvoiceId, life_days: Option<u16>| {
            let new = NewPayLink { life_days, mail: false };
            world.core.make_pay_link(caller, id, new).await
        };
        for days in [0, 366, u16::MAX] {
            let refused = make(&world.caller, id, Some(days)).await;
            assert!(matches!(refused, Err(Rejection::Invalid(_))), "{days}: {refused:?}");
        }
        let year = make(&world.caller, id, Some(365)).await.expect("a link").link;
        assert_eq!(year.expires_at.duration_since(year.created_at).as_hours(), 365 * 24);
        let draft = json!({
            "external_id": "d", "customer_id": "c-1", "status": "draft", "currency": "EUR",
            "issued_on": "2026-03-01",
            "lines": [{"description": "Plan", "amount_minor": 500}],
        });
        let draft = world.save::<InvoiceRecord>(draft).await.id;
        let refused = make(&world.caller, draft, None).await;
        assert!(matches!(refused, Err(Rejection::Conflict { .. })), "{refused:?}");
        let unknown = make(&world.caller, world.brand.id.uuid().into(), None).await;
        assert!(matches!(unknown, Err(Rejection::NotFound(_))), "{unknown:?}");
        let reader = Permissions::of(&[Permission::Read]);
        let reader = Caller { permissions: reader, ..world.caller };
        let refused = make(&reader, id, None).await;
        assert!(matches!(refused, Err(Rejection::Forbidden(_))), "{refused:?}");
        let refused = world.core.revoke_pay_link(&reader, year.id).await;
        assert!(matches!(refused, Err(Rejection::Forbidden(_))), "{refused:?}");
        let other = crate::common::organisation(&world.core, "Other").await;
        let stranger = Caller { organisation_id: other.id, ..world.caller };
        for refused in [
            make(&stranger, id, None).await.map(drop),
            world.core.revoke_pay_link(&stranger, year.id).await.map(drop),
            world.core.pay_links(&stranger, id).await.map(drop),
        ] {
            assert!(matches!(refused, Err(Rejection::NotFound(_))), "{refused:?}");
        }
        for _ in 1..20 {
            make(&world.caller, id, None).await.expect("a link");
        }
        let refused = make(&world.caller, id, None).await;
        assert!(matches!(refused, Err(Rejection::Conflict { .. })), "{refused:?}");
        world.core.revoke_pay_link(&world.caller, year.id).await.expect("revoked");
        world.core.revoke_pay_link(&world.caller, year.id).await.expect("off already");
        make(&world.caller, id, None).await.expect("there is room again");
        let listed = world.core.pay_links(&reader, id).await.expect("links");
        assert_eq!(listed.len(), 21);
        let off = listed.iter().filter(|it| it.state == PayLinkState::Revoked).count();
        assert_eq!(off, 1);
    }

    async fn a_link_is_mailed_and_noted_without_its_secret(db: TestDatabase) {
        let world = World::on(db).await;
        enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let mail = NewPayLink { mail: true, ..NewPayLink::default() };
        let nobody = world.core.make_pay_link(&world.caller, id, mail).await;
        assert!(matches!(nobody, Err(Rejection::Invalid(_))), "{nobody:?}");
        for email in ["a@c.test", "b@c.test"] {
            world.save::<ContactRecord>(json!({
                "customer_id": "c-1", "name": "Bill", "email": email, "kind": "billing",
                "language": "es",
            })).await;
        }
        let made = world.core.make_pay_link(&world.caller, id, mail).await.expect("a link");
        assert_eq!(made.mailed, 2);
        let mails = world.mails().await;
        assert_eq!(mails.len(), 2);
        for it in &mails {
            let MailContent::PayLink { url, number, amount, expires_at, .. } = &it.message.content
            else {
                panic!("{it:?}")
            };
            assert_eq!((url, number.as_str()), (&made.url, "A-1"));
            assert_eq!((amount.minor(), *expires_at), (1_000, made.link.expires_at));
            assert_eq!(it.message.language.as_str(), "es");
        }
        world.core.revoke_pay_link(&world.caller, made.link.id).await.expect("revoked");
        let mut read = world.core.store().read(world.organisation.id).await.expect("a reader");
        let about = AuditFilter { subject: Some(made.link.id.uuid()), ..AuditFilter::default() };
        let lines = read.audit_entries(about, Position::START, 10).await.expect("the log");
        let mut actions: Vec<&str> = lines.iter().map(|line| &*line.action).collect();
        actions.sort_unstable();
        assert_eq!(actions, ["pay_link.created", "pay_link.revoked"]);
        let secret = holder(&world, &made).secret;
        assert!(!format!("{lines:?}").contains(secret.expose()), "{lines:?}");
        assert!(!format!("{secret:?}").contains(secret.expose()), "it is never printed");
    }
}

#[tokio::test]
async fn ses_04_the_secret_of_a_link_is_kept_as_a_hash_alone() {
    let world = World::new().await;
    enter(&world, "c-1").await;
    let id = invoice(&world, "c-1", "A-1", 1_000).await;
    let secret = holder(&world, &link(&world, id).await).secret;
    for file in [world.db.address.clone(), format!("{}-wal", world.db.address)] {
        let Ok(bytes) = std::fs::read(&file) else { continue };
        let secret = secret.expose().as_bytes();
        let found = bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!found, "{file} has the link");
    }
}
