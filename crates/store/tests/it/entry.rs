//! Brands, customers, contacts, sessions, links and the outbox, on both engines.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use portico_billing::account::{
    Address, Contact, ContactRole, Customer, CustomerKind, CustomerStatus, Organisation, TaxId,
};
use portico_billing::brand::{Brand, ProfileField, Theme};
use portico_billing::permission::OperatorRole;
use portico_billing::session::SessionOrigin;
use portico_billing::{
    AssetId, ContactLinkId, CustomerId, EmailAddress, JobId, OrganisationId, SessionId,
};
use portico_store::api_key::StoredApiKey;
use portico_store::asset::StoredAsset;
use portico_store::captured_mail::CapturedMail;
use portico_store::contact::ContactFilter;
use portico_store::contact_link::NewContactLink;
use portico_store::customer::CustomerFilter;
use portico_store::operator::StoredOperator;
use portico_store::outbox::{ClaimedJob, MailRequest, MailsOnRequest, NewJob};
use portico_store::portal_session::{NewPortalSession, SessionEntry};
use portico_store::{Position, Store, StoreError, Write};
use portico_testkit::both_engines;

const START: Timestamp = Timestamp::constant(1_800_000_000, 0);

fn id<T: From<uuid::Uuid>>(number: u8) -> T {
    T::from(portico_billing::uuid_v7(START, [number; 10]))
}

fn later(seconds: i64) -> Timestamp {
    START + SignedDuration::from_secs(seconds)
}

fn email(text: &str) -> EmailAddress {
    text.parse().expect("an address")
}

fn job<'a>(number: u8, kind: &'a str, sealed_payload: &'a [u8]) -> NewJob<'a> {
    NewJob { id: id(number), kind, sealed_payload, request: None }
}

fn organisation(number: u8) -> Organisation {
    Organisation {
        id: id(number),
        name: "Acme".into(),
        legal_name: None,
        email: None,
        phone: None,
        address: Address::default(),
        tax_ids: Vec::new(),
        time_zone: "UTC".into(),
        currency: "EUR".parse().expect("a currency"),
        created_at: START,
    }
}

fn brand(organisation: OrganisationId, number: u8, hosts: &[&str]) -> Brand {
    Brand {
        id: id(number),
        organisation_id: organisation,
        name: format!("Brand {number}"),
        hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        theme: Theme { logo: Some(id(9)), ..Theme::default() },
        default_language: "en".parse().expect("a tag"),
        return_origins: vec!["https://acme.test".to_owned().try_into().expect("an origin")],
        home_url: Some("https://acme.test/".into()),
        editable_fields: vec![ProfileField::Name, ProfileField::TaxIds],
        support_url: None,
        support_email: Some("help@acme.test".into()),
        footer: None,
        custom: Default::default(),
        looks_version: 0,
        embed_origins: Vec::new(),
        sign_up: Default::default(),
        hidden_sections: Vec::new(),
        report_columns: Default::default(),
        paying: Default::default(),
        texts_version: 0,
        created_at: START,
    }
}

fn customer(number: u8) -> Customer {
    Customer {
        id: id(number),
        brand_id: id(1),
        external_id: Some(format!("c-{number}").parse().expect("an id")),
        kind: CustomerKind::Carrier,
        name: format!("Customer {number}"),
        legal_name: Some("Customer, S.L.".into()),
        registration_number: None,
        email: Some(email("Billing@acme.test")),
        phone: None,
        language: Some("es-419".parse().expect("a tag")),
        time_zone: Some("Europe/Madrid".into()),
        currency: "JPY".parse().expect("a currency"),
        status: CustomerStatus::Active,
        debit_limit_minor: -500,
        billing_address: Address {
            line1: Some("Gran Vía 1".into()),
            country: Some("ES".parse().expect("a country")),
            ..Address::default()
        },
        shipping_address: Address::default(),
        tax_ids: vec![
            TaxId { kind: "eu_vat".into(), value: "ESB58378431".into() },
            TaxId { kind: "es_cif".into(), value: "B58378431".into() },
        ],
        notes: None,
        access: Default::default(),
        metadata: [("tier".to_owned(), "gold".to_owned())].into(),
        created_at: later(i64::from(number)),
        updated_at: START,
    }
}

fn contact(number: u8, customer: CustomerId, address: &str) -> Contact {
    Contact {
        id: id(number),
        customer_id: customer,
        external_id: None,
        name: "Ana".into(),
        email: email(address),
        phone: None,
        role: ContactRole::Billing,
        language: None,
        time_zone: None,
        email_verified_at: None,
        kind: None,
        phone_verified_at: None,
        allowed_addresses: Vec::new(),
        public_note: None,
        private_note: None,
        disabled_at: None,
        metadata: Default::default(),
        created_at: later(i64::from(number)),
        updated_at: START,
    }
}

/// An organisation with a brand, a customer (2) and its contact (3).
async fn world(store: &Store) -> Write {
    let tenant = id(1);
    let mut write = store.write(tenant).await.expect("a transaction");
    write.insert_organisation(&organisation(1)).await.expect("an organisation");
    let brand = brand(tenant, 1, &["b.acme.test", "a.acme.test"]);
    write.insert_brand(&brand).await.expect("a brand");
    write.insert_customer(&customer(2)).await.expect("a customer");
    write.insert_contact(&contact(3, id(2), "ana@acme.test")).await.expect("a contact");
    write
}

fn session(number: u8, link: Option<(Vec<u8>, Timestamp)>) -> NewPortalSession {
    NewPortalSession {
        id: id(number),
        brand_id: id(1),
        customer_id: id(2),
        contact_id: Some(id(3)),
        origin: SessionOrigin::Link,
        operator: None,
        link,
        entry: None,
        return_url: None,
        forward: serde_json::json!({"page": "overview"}),
        language: None,
        idle: Duration::from_secs(1_800),
        created_at: START,
    }
}

fn entry(secret: &[u8], now: Timestamp) -> SessionEntry {
    SessionEntry {
        secret_hash: secret.to_vec(),
        now,
        expires_at: now + SignedDuration::from_hours(12),
        address: "192.0.2.1".into(),
        user_agent: Some("Test/1.0".into()),
    }
}

both_engines! {
    async fn a_brand_is_found_by_each_of_its_hosts(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let first = brand(id(1), 1, &["b.acme.test", "a.acme.test"]);
        let mut second = brand(id(1), 2, &["d.acme.test", "c.acme.test"]);
        write.insert_brand(&second).await.expect("a brand");
        second.footer = Some("Acme, S.L.".into());
        write.update_brand(&second).await.expect("updated");
        assert_eq!(write.default_brand().await.expect("an answer"), Some(first.clone()));
        assert_eq!(write.brands().await.expect("brands"), [first.clone(), second.clone()]);
        write.commit().await.expect("committed");

        let mut directory = db.store.directory().await.expect("a connection");
        for (host, found) in [("a.acme.test", &first), ("d.acme.test", &second)] {
            let brand = directory.brand_by_host(host).await.expect("an answer");
            assert_eq!(brand.as_ref(), Some(found));
        }
        assert_eq!(directory.brand_by_host("x.acme.test").await.expect("an answer"), None);
        assert_eq!(directory.brand(second.id).await.expect("an answer"), Some(second));

        let mut write = db.store.write(id(1)).await.expect("a transaction");
        let taken = write.insert_brand(&brand(id(1), 3, &["a.acme.test"])).await;
        assert!(matches!(taken, Err(StoreError::Duplicate { .. })), "{taken:?}");
    }

    async fn a_customer_comes_back_as_it_was_stored(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let mut stored = customer(2);
        assert_eq!(write.customer(stored.id).await.expect("an answer"), Some(stored.clone()));
        stored.tax_ids.remove(0);
        stored.billing_address = Address::default();
        stored.shipping_address.city = Some("Madrid".into());
        stored.email = None;
        write.update_customer(&stored).await.expect("updated");
        let key = stored.external_id.clone().expect("an id");
        let found = write.customer_by_external_id(&key).await.expect("an answer");
        assert_eq!(found, Some(stored.clone()));
        let absent = write.update_customer(&customer(7)).await;
        assert!(matches!(absent, Err(StoreError::Affected { .. })), "{absent:?}");
        write.insert_customer(&customer(4)).await.expect("a customer");
        let all = CustomerFilter::default();
        let page = write.customers(&all, Position::START, 10).await.expect("a page");
        assert_eq!(page, [customer(4), stored.clone()]);
        let behind = Position::behind(page[0].created_at, page[0].id.uuid());
        assert_eq!(write.customers(&all, behind, 10).await.expect("a page"), [stored]);
        let narrow = CustomerFilter { email: Some(email("billing@ACME.test")), status: None };
        let page = write.customers(&narrow, Position::START, 10).await.expect("a page");
        assert_eq!(page, [customer(4)]);
        assert!(!write.customer_is_billed(id(2)).await.expect("an answer"));
    }

    async fn az_02_a_tenant_sees_nothing_of_another(db: TestDatabase) {
        world(&db.store).await.commit().await.expect("committed");
        let mut other = db.store.write(id(200)).await.expect("a transaction");
        other.insert_organisation(&organisation(200)).await.expect("an organisation");
        assert_eq!(other.customer(id(2)).await.expect("an answer"), None);
        assert_eq!(other.contact(id(3)).await.expect("an answer"), None);
        assert_eq!(other.brand(id(1)).await.expect("an answer"), None);
        let filter = CustomerFilter::default();
        assert_eq!(other.customers(&filter, Position::START, 9).await.expect("a page"), []);
        let found = other.customer_ids_by_email(&email("billing@acme.test")).await;
        assert_eq!(found.expect("an answer"), []);
        let stolen = other.insert_contact(&contact(8, id(2), "eve@acme.test")).await;
        assert!(stolen.is_err(), "az_06: the database took a foreign customer");
    }

    async fn who_may_sign_in_is_the_brands_own_and_active(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let ana = email("ANA@acme.test");
        write.insert_customer(&customer(4)).await.expect("a customer");
        write.insert_contact(&contact(5, id(4), "ana@acme.test")).await.expect("a contact");
        write.set_password_hash(id(5), "$hash", START).await.expect("set");
        assert_eq!(write.password_hash(id(5)).await.expect("an answer").as_deref(), Some("$hash"));
        let newest = write.who_may_sign_in(id(1), &ana).await.expect("an answer");
        assert_eq!(newest.map(|it| it.id), Some(id(5)));
        assert_eq!(write.who_may_sign_in(id(77), &ana).await.expect("an answer"), None);
        let found = write.customer_ids_by_email(&ana).await.expect("an answer");
        assert_eq!(found.len(), 2);

        let inactive = Customer { status: CustomerStatus::Inactive, ..customer(4) };
        write.update_customer(&inactive).await.expect("updated");
        let disabled = contact(3, id(2), "ana@acme.test");
        let disabled = Contact { disabled_at: Some(START), ..disabled };
        write.update_contact(&disabled).await.expect("updated");
        assert_eq!(write.who_may_sign_in(id(1), &ana).await.expect("an answer"), None);

        let of_customer = ContactFilter { customer_id: Some(id(2)), email: Some(ana.clone()) };
        let page = write.contacts(&of_customer, Position::START, 9).await.expect("a page");
        assert_eq!(page, [disabled]);
        let all = write.contacts(&ContactFilter::default(), Position::START, 9).await;
        assert_eq!(all.expect("a page").len(), 2);
        let twice = write.insert_contact(&contact(6, id(2), "Ana@acme.test")).await;
        assert!(matches!(twice, Err(StoreError::Duplicate { .. })), "{twice:?}");
    }

    async fn a_temporary_password_is_none_of_the_contacts_own(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let ana = email("ana@acme.test");
        let set = write.set_temporary_password_hash(id(3), "$mailed", (START, later(9))).await;
        set.expect("set");
        assert_eq!(write.password_hash(id(3)).await.expect("an answer"), None);
        let account = write.accounts(id(1), &ana).await.expect("accounts").remove(0);
        assert_eq!(account.password_hash.as_deref(), Some("$mailed"));
        assert_eq!(account.password_expires_at, Some(later(9)));
        assert!(account.has_temporary_password());
        assert!(account.has_password(later(8)) && !account.has_password(later(9)));
        write.set_password_hash(id(3), "$own", later(1)).await.expect("set");
        assert_eq!(write.password_hash(id(3)).await.expect("an answer").as_deref(), Some("$own"));
        let account = write.accounts(id(1), &ana).await.expect("accounts").remove(0);
        assert!(!account.has_temporary_password() && account.has_password(later(99)));
    }

    async fn a_temporary_password_is_dropped_and_no_other_one(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let ana = email("ana@acme.test");
        for of_customer in [false, true] {
            let set = write.set_temporary_password_hash(id(3), "$mailed", (later(2), later(9)));
            set.await.expect("set");
            for own in [false, true] {
                if own {
                    write.set_password_hash(id(3), "$own", later(2)).await.expect("set");
                }
                let dropped = if of_customer {
                    write.drop_temporary_passwords_of_customer(id(2)).await
                } else {
                    write.drop_temporary_password(id(3)).await
                };
                dropped.expect("dropped");
                let account = write.accounts(id(1), &ana).await.expect("accounts").remove(0);
                assert_eq!(account.password_hash.as_deref(), own.then_some("$own"));
                assert_eq!(account.password_expires_at, None);
                assert_eq!(account.password_changed_at, Some(later(2)), "{of_customer} {own}");
            }
        }
    }

    async fn an_address_is_confirmed_only_while_it_is_waited_for(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let (old, new) = (email("old@acme.test"), email("new@acme.test"));
        write.set_pending_email(id(3), &new).await.expect("set");
        assert!(!write.confirm_email(id(3), &old, START).await.expect("an answer"));
        assert!(write.confirm_email(id(3), &new, START).await.expect("an answer"));
        assert!(!write.confirm_email(id(3), &new, START).await.expect("an answer"));
        let stored = write.contact(id(3)).await.expect("an answer").expect("a contact");
        assert_eq!((stored.email, stored.email_verified_at), (new, Some(START)));
    }

    async fn ses_01_a_link_is_entered_once_in_time(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let link = || Some((vec![1; 32], later(300)));
        write.insert_portal_session(&session(10, link())).await.expect("a session");
        let late = write.enter_portal_session(id(10), &entry(&[2; 32], later(300))).await;
        assert!(!late.expect("an answer"));
        let first = write.enter_portal_session(id(10), &entry(&[2; 32], later(299))).await;
        assert!(first.expect("an answer"));
        let second = write.enter_portal_session(id(10), &entry(&[3; 32], later(299))).await;
        assert!(!second.expect("an answer"));
        write.commit().await.expect("committed");

        let mut directory = db.store.directory().await.expect("a connection");
        let found = directory.session_link(&[1; 32]).await.expect("an answer").expect("a link");
        assert!(found.is_used && found.may_enter);
        assert_eq!(found.contact_name.as_deref(), Some("Ana"));
        let visit = directory.visit(&[2; 32]).await.expect("an answer").expect("a visit");
        assert!(visit.is_live(later(400)));
        assert_eq!((visit.debit_limit_minor, visit.currency.code()), (-500, "JPY"));
        assert_eq!(visit.contact.expect("a contact").role, ContactRole::Billing);
        assert!(directory.visit(&[3; 32]).await.expect("an answer").is_none());
    }

    async fn ses_02_sessions_are_touched_listed_and_ended(db: TestDatabase) {
        let mut write = world(&db.store).await;
        for number in [10, 11, 12] {
            let mut new = session(number, None);
            let started = later(i64::from(number));
            new.entry = Some(entry(&[number; 32], started));
            new.created_at = started;
            write.insert_portal_session(&new).await.expect("a session");
        }
        write.touch_portal_session(id(10), later(900)).await.expect("touched");
        let ids = |rows: Vec<SessionId>| rows;
        let own = write.contact_sessions(id(3), later(1_000)).await.expect("sessions");
        assert_eq!(own[2].last_seen_at, later(900));
        assert_eq!(ids(own.iter().map(|it| it.id).collect()), [id(12), id(11), id(10)]);
        let page = write.portal_sessions(Some(id(2)), Position::START, 2).await.expect("a page");
        assert_eq!(ids(page.iter().map(|it| it.id).collect()), [id(12), id(11)]);
        let behind = Position::behind(page[1].created_at, page[1].id.uuid());
        let page = write.portal_sessions(None, behind, 2).await.expect("a page");
        assert_eq!(ids(page.iter().map(|it| it.id).collect()), [id(10)]);

        assert!(write.end_portal_session(id(12), later(1_000)).await.expect("ended"));
        assert!(!write.end_portal_session(id(12), later(1_001)).await.expect("an answer"));
        let ended = write.end_portal_sessions(id(3), Some(id(10)), later(1_002)).await;
        assert_eq!(ended.expect("ended"), 1);
        let own = write.contact_sessions(id(3), later(1_003)).await.expect("sessions");
        assert_eq!(ids(own.iter().map(|it| it.id).collect()), [id(10)]);
        let kept = write.portal_session(id(12)).await.expect("an answer").expect("a session");
        assert_eq!(kept.ended_at, Some(later(1_000)));
        assert_eq!(write.delete_portal_sessions(later(12)).await.expect("deleted"), 2);
    }

    async fn ses_05_a_mailed_link_is_used_once_in_time(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let link = |number: u8| NewContactLink {
            id: id(number),
            brand_id: id(1),
            contact_id: id(3),
            purpose: "sign_in",
            token_hash: vec![number; 32],
            new_email: None,
            created_at: START,
            expires_at: later(900),
        };
        for number in [20, 21, 22] {
            write.insert_contact_link(&link(number)).await.expect("a link");
        }
        let count = write.count_contact_links(id(3), "sign_in", later(-1)).await;
        assert_eq!(count.expect("a count"), 3);
        let count = write.count_contact_links(id(3), "reset_password", later(-1)).await;
        assert_eq!(count.expect("a count"), 0);
        let id = |number| id::<ContactLinkId>(number);
        assert!(!write.consume_contact_link(id(20), later(900)).await.expect("an answer"));
        assert!(write.consume_contact_link(id(20), later(899)).await.expect("an answer"));
        assert!(!write.consume_contact_link(id(20), later(899)).await.expect("an answer"));
        write.consume_contact_links(link(20).contact_id, later(1)).await.expect("used");
        assert!(!write.consume_contact_link(id(21), later(2)).await.expect("an answer"));
        write.commit().await.expect("committed");
        let mut directory = db.store.directory().await.expect("a connection");
        let found = directory.contact_link(&[20; 32]).await.expect("an answer").expect("a link");
        assert_eq!((found.used_at, found.customer_name.as_str()), (Some(later(899)), "Customer 2"));
    }

    async fn work_is_claimed_by_one_retried_and_erased(db: TestDatabase) {
        let mut write = world(&db.store).await;
        for number in [30, 31] {
            write.enqueue(job(number, "mail", &[number]), START).await.expect("enqueued");
        }
        write.enqueue(job(32, "other", &[32]), START).await.expect("enqueued");
        write.commit().await.expect("committed");
        let (mut one, lock) = (db.store.write(id(1)).await.expect("a transaction"), later(600));
        let first = one.claim_jobs("mail", later(1), lock, 1).await.expect("claimed");
        one.commit().await.expect("committed");
        let mut two = db.store.write(id(1)).await.expect("a transaction");
        let second = two.claim_jobs("mail", later(1), lock, 9).await.expect("claimed");
        let claimed: Vec<JobId> = first.iter().chain(&second).map(|job| job.id).collect();
        assert_eq!(claimed, [id(30), id(31)]);
        assert_eq!((first[0].attempt, first[0].sealed_payload.as_slice()), (1, &[30][..]));
        two.mark_job_handed(id(31), Some("elsewhere")).await.expect("noted");
        two.mark_job_unanswered(id(31), "elsewhere").await.expect("noted");
        two.retry_job(id(31), "no route", later(60)).await.expect("put back");
        two.close_job(id(30), None, later(2)).await.expect("closed");
        assert_eq!(two.claim_jobs("mail", later(59), lock, 9).await.expect("claimed").len(), 0);
        let again = two.claim_jobs("mail", later(60), lock, 9).await.expect("claimed");
        assert_eq!((again.len(), again[0].attempt), (1, 2));
        let handed_to = |job: &ClaimedJob| job.handed_to.clone();
        assert_eq!((handed_to(&first[0]), handed_to(&again[0])), (None, Some("elsewhere".into())));
        assert_eq!((first[0].unanswered, again[0].unanswered), (0, 1));
        two.mark_job_handed(id(31), None).await.expect("noted");
        two.commit().await.expect("committed");
        let mut directory = db.store.directory().await.expect("a connection");
        let waiting = directory.waiting_organisations(later(60)).await.expect("an answer");
        assert_eq!(waiting, [id(1)]);
        drop(directory);
        let mut three = db.store.write(id(1)).await.expect("a transaction");
        let died = three.claim_jobs("mail", later(601), later(900), 9).await.expect("claimed");
        assert_eq!((died.len(), died[0].attempt), (1, 3));
        assert_eq!(handed_to(&died[0]), None);
        assert_eq!(three.delete_closed_jobs(later(3)).await.expect("deleted"), 1);
    }

    async fn mails_on_request_are_counted_by_address_and_time(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let asked = [
            (30, Some((1, "one")), 0),
            (31, Some((1, "two")), 9),
            (32, Some((2, "one")), 9),
            (33, None, 9),
        ];
        for (number, to, at) in asked {
            let to = to.map(|(to, share)| ([to; 32], share));
            let request =
                to.as_ref().map(|(hash, share)| MailRequest { recipient_hash: hash, share });
            let asked = NewJob { request, ..job(number, "mail", &[0]) };
            write.enqueue(asked, later(at)).await.expect("enqueued");
        }
        write.close_job(id(31), None, later(9)).await.expect("closed");
        let like = MailRequest { recipient_hash: &[1; 32], share: "one" };
        for (since, to_recipient, in_share) in [(-1, 2, 2), (0, 1, 1), (9, 0, 0)] {
            let counted = write.count_mails_on_request(like, later(since)).await;
            assert_eq!(counted.expect("a count"), MailsOnRequest { to_recipient, in_share });
        }
    }

    async fn keys_operators_assets_and_kept_mails(db: TestDatabase) {
        let mut write = world(&db.store).await;
        let key = StoredApiKey {
            id: id(40),
            organisation_id: id(1),
            name: "test".into(),
            secret_hash: vec![4; 32],
            created_at: START,
            expires_at: Some(later(60)),
            revoked_at: None,
            permissions: portico_billing::permission::Permissions::ALL,
        };
        write.insert_api_key(&key).await.expect("a key");
        assert!(write.revoke_api_key(key.id, later(1)).await.expect("revoked"));
        assert!(!write.revoke_api_key(key.id, later(2)).await.expect("an answer"));
        let asset = StoredAsset {
            content_type: "image/png".into(),
            bytes: vec![0, 255, 0],
            ..StoredAsset::default()
        };
        let logo: AssetId = id(41);
        write.insert_asset(logo, &asset, START).await.expect("an asset");
        let operator = |number: u8| StoredOperator {
            id: id(number),
            email: email("boss@acme.test"),
            name: "Boss".into(),
            role: OperatorRole::Owner,
            password_hash: None,
            sealed_totp: None,
            totp_step: None,
            recovery_hashes: Vec::new(),
            language: None,
            disabled_at: None,
            signed_in_at: None,
            created_at: START,
        };
        write.insert_operator(&operator(42)).await.expect("an operator");
        let mail = CapturedMail {
            id: id(43),
            organisation_id: id(1),
            recipient: "ana@acme.test".into(),
            sender: "portal@acme.test".into(),
            subject: "Hola".into(),
            text_body: "t".into(),
            html_body: "<p>h".into(),
            created_at: START,
        };
        write.insert_captured_mail(&mail).await.expect("a mail");
        assert_eq!(write.asset(logo).await.expect("an answer"), Some(asset));
        assert_eq!(write.api_keys().await.expect("keys").len(), 1);
        write.commit().await.expect("committed");
        let mut directory = db.store.directory().await.expect("a connection");
        let stored = directory.api_key(key.id).await.expect("an answer").expect("a key");
        assert_eq!((stored.revoked_at, stored.is_live(START)), (Some(later(1)), false));
        assert_eq!(directory.captured_mails(5).await.expect("mails"), std::slice::from_ref(&mail));
        assert_eq!(directory.captured_mail(mail.id).await.expect("an answer"), Some(mail));
        let mut write = db.store.write(id(1)).await.expect("a transaction");
        let twice = write.insert_operator(&operator(44)).await;
        assert!(matches!(twice, Err(StoreError::Duplicate { .. })), "{twice:?}");
    }
}
