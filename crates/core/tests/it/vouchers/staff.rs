//! Making, exporting and voiding vouchers.

use super::*;
use std::collections::HashSet;

use jiff::SignedDuration;
use portico_billing::VoucherId;
use portico_billing::permission::{Permission, Permissions};
use portico_billing::voucher::{Code, VoucherState};
use portico_core::{AuditQuery, Forbidden, StaffRule, VoucherQuery};
use portico_testkit::{TestDatabase, both_engines};

/// Whether a text, or its bytes, can be found in any table.
async fn is_readable(db: &TestDatabase, text: &str, bytes: &[u8]) -> bool {
    if db.address.starts_with("postgres") {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let sql = format!(
            "DO $$ DECLARE one text; found bigint; BEGIN \
             FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP \
             EXECUTE format('SELECT COUNT(*) FROM %I AS it WHERE it::text ILIKE ''%%{text}%%'' \
             OR it::text ILIKE ''%%{hex}%%''', one) INTO found; \
             IF found > 0 THEN RAISE EXCEPTION 'found in %', one; END IF; \
             END LOOP; END $$"
        );
        return db.try_execute(Box::leak(sql.into_boxed_str())).await.is_err();
    }
    let mut stored = Vec::new();
    for suffix in ["", "-wal"] {
        stored.extend(std::fs::read(format!("{}{suffix}", db.address)).unwrap_or_default());
    }
    let has = |part: &[u8]| stored.windows(part.len()).any(|window| window == part);
    has(text.as_bytes()) || has(bytes)
}

async fn actions(world: &World, subject: uuid::Uuid) -> Vec<String> {
    let query = AuditQuery { subject: Some(subject), ..AuditQuery::default() };
    let caller = Caller::system(world.organisation.id);
    let (lines, _) = world.core.audit_log(&caller, query, (None, 100)).await.expect("the log");
    lines.into_iter().rev().map(|line| line.action).collect()
}

both_engines! {
    async fn vch_01_no_code_can_be_read_in_the_database(db: TestDatabase) {
        let world = World::on(db).await;
        let caller = Caller::system(world.organisation.id);
        let batch = make_sealed(&world, new("SECRET", 3)).await;
        make_sealed(&world, new("SEALED", 3)).await;
        let codes = world.core.export_voucher_codes(&caller, batch.id).await.expect("codes");
        assert!(!format!("{codes:?}").contains(&codes[0].code), "nor in logs");
        let secret = enter(&world, "c-1").await;
        redeem(&world, &secret, &codes[0].code, 1).await.expect("redeemed");
        assert_eq!(redeem(&world, &secret, &wrong_code(7), 1).await, refused());
        let tell_tale = batch.id.uuid();
        assert!(is_readable(&world.db, "SECRET-00001", tell_tale.as_bytes()).await, "a control");
        for it in &codes {
            let code: Code = it.code.parse().expect("a code");
            let plain = it.code.replace('-', "");
            for text in [it.code.as_str(), &plain, &plain[..16]] {
                assert!(!is_readable(&world.db, text, code.bytes()).await, "{}", it.serial);
            }
        }
    }

    async fn vch_01_codes_are_all_different(db: TestDatabase) {
        let world = World::on(db).await;
        let (batch, codes) = make(&world, new("DIFFER", 2_500)).await;
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 2_500);
        assert_eq!(report(&world, batch.id).await.report.live, 2_500);
        let caller = Caller::system(world.organisation.id);
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let query = VoucherQuery { batch: batch.id, state: None, after, limit: 200 };
            let page = world.core.vouchers_of_batch(&caller, query).await;
            let (page, next) = page.expect("vouchers");
            seen.extend(page.into_iter().map(|it| it.serial));
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert!(seen.len() == 2_500 && seen.is_sorted(), "{} vouchers", seen.len());
        let (page, next) =
            world.core.all_vouchers(&caller, (None, None), (None, 10)).await.expect("vouchers");
        assert_eq!((page.len(), next.map(|next| next.number)), (10, Some(10)));
    }

    async fn vch_05_codes_are_exported_once(db: TestDatabase) {
        let world = World::on(db).await;
        let caller = Caller::system(world.organisation.id);
        let batch = make_sealed(&world, new("EXPORT", 20)).await;
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let core = world.core.clone();
            let export = async move { core.export_voucher_codes(&caller, batch.id).await };
            tasks.push(tokio::spawn(export));
        }
        let mut exported = 0;
        for task in tasks {
            match task.await.expect("an answer") {
                Ok(codes) => {
                    assert_eq!((codes.len(), codes[19].serial.as_str()), (20, "EXPORT-00020"));
                    exported += 1;
                }
                Err(StaffError::Rule(rule)) => assert_eq!(rule, StaffRule::CodesExported),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(exported, 1);
        assert!(report(&world, batch.id).await.exported_at.is_some());
        let noted = actions(&world, batch.id.uuid()).await;
        assert_eq!(noted, ["voucher_batch.created", "voucher_batch.exported"]);

        let file = make_sealed(&world, new("FILE", 2)).await;
        let language = "en".parse().expect("a language");
        let csv = world.core.export_voucher_codes_csv(&caller, file.id, &language).await;
        let csv = csv.expect("a file");
        let text = String::from_utf8(csv.bytes).expect("a text");
        assert_eq!(csv.file_name, "vouchers-FILE.csv");
        assert!(text.contains("FILE-00002") && text.lines().count() == 3, "{text}");
        let again = world.core.export_voucher_codes_csv(&caller, file.id, &language).await;
        assert!(matches!(again, Err(StaffError::Rule(StaffRule::CodesExported))), "{again:?}");
    }

    async fn vch_05_what_is_void_gives_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        let caller = Caller::system(world.organisation.id);
        let secret = enter(&world, "c-1").await;
        let (batch, codes) = make(&world, new("VOID", 4)).await;
        let waiting = NewVoucherBatch { minimum_minor: 1, ..new("WAIT", 1) };
        let (waiting, wait) = make(&world, waiting).await;
        redeem(&world, &secret, &codes[0], 1).await.expect("redeemed");
        redeem(&world, &secret, &wait[0], 1).await.expect("redeemed");
        let one = world.core.void_voucher(&caller, "void-2").await.expect("voided");
        assert_eq!(one.state, VoucherState::Void);
        let again = world.core.void_voucher(&caller, &one.id.to_string()).await;
        let again = again.expect("so already");
        assert_eq!(again, one);
        assert_eq!(actions(&world, one.id.uuid()).await, ["voucher.voided"]);
        assert_eq!(redeem(&world, &secret, &codes[1], 1).await, refused());
        let spent = world.core.void_voucher(&caller, "VOID-00001").await;
        assert!(matches!(spent, Err(StaffError::Rule(StaffRule::VoucherSpent))), "{spent:?}");

        let after = world.core.void_voucher_batch(&caller, batch.id).await.expect("voided");
        let counts = (after.report.redeemed, after.report.void, after.report.live);
        assert_eq!((counts, after.voided_at.is_some()), ((1, 3, 0), true));
        let again = world.core.void_voucher_batch(&caller, batch.id).await.expect("so already");
        assert_eq!(again, after);
        assert_eq!(redeem(&world, &secret, &codes[2], 1).await, refused());
        let after = world.core.void_voucher_batch(&caller, waiting.id).await.expect("voided");
        assert_eq!((after.report.void, after.report.waiting), (1, 0));
        let own = world.core.vouchers(&secret).await.expect("vouchers");
        let states: HashSet<_> = own.iter().map(|it| it.state).collect();
        assert_eq!(states, [VoucherState::Void, VoucherState::Redeemed].into());
        assert_eq!(live(&world, &secret).await, 500);

        let sealed = make_sealed(&world, new("NEVER", 1)).await;
        world.core.void_voucher_batch(&caller, sealed.id).await.expect("voided");
        let late = world.core.export_voucher_codes(&caller, sealed.id).await;
        assert!(matches!(late, Err(StaffError::Rule(StaffRule::VouchersVoid))), "{late:?}");
        assert_whole_ledger(&world).await;
    }

    async fn a_report_counts_vouchers_as_they_stand_now(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let end = portico_core::Clock::now(&*world.clock) + SignedDuration::from_secs(60);
        let (batch, codes) =
            make(&world, NewVoucherBatch { expires_at: Some(end), ..new("COUNT", 4) }).await;
        redeem(&world, &secret, &codes[0], 1).await.expect("redeemed");
        let caller = Caller::system(world.organisation.id);
        world.core.void_voucher(&caller, "COUNT-2").await.expect("voided");
        let it = report(&world, batch.id).await.report;
        assert_eq!((it.live, it.redeemed, it.void, it.expired), (2, 1, 1, 0));
        world.wait(60);
        let it = report(&world, batch.id).await.report;
        assert_eq!((it.live, it.redeemed, it.void, it.expired), (0, 1, 1, 2));
        assert_eq!(it.credited, eur(500));
        let of = async |state| {
            let query = VoucherQuery { batch: batch.id, state: Some(state), after: None, limit: 9 };
            world.core.vouchers_of_batch(&caller, query).await.expect("vouchers").0.len()
        };
        assert_eq!((of(VoucherState::Live).await, of(VoucherState::Expired).await), (0, 2));
        assert_eq!((of(VoucherState::Void).await, of(VoucherState::Redeemed).await), (1, 1));
        let (page, next) = world.core.voucher_batches(&caller, (None, 1)).await.expect("batches");
        assert_eq!((page.len(), next.is_none(), page[0].report), (1, true, it));
    }
}

#[tokio::test]
async fn all_faults_of_a_batch_are_told_at_once_and_nothing_is_made() {
    let world = World::new().await;
    let caller = Caller::system(world.organisation.id);
    let make = async |new| world.core.make_voucher_batch(&caller, new).await;
    let range =
        |min: &str, max: &str| Fault::OutOfRange { min: min.to_owned(), max: max.to_owned() };
    let bad = NewVoucherBatch {
        count: 10_001,
        addition_minor: 0,
        expires_at: Some(portico_core::Clock::now(&*world.clock)),
        wait_days: Some(0),
        ..new("SUM MER", 1)
    };
    let told = faults(make(bad).await);
    let expected = [
        ("series", Fault::BadCharacters),
        ("addition", Fault::Required),
        ("count", range("1", "10000")),
        ("expires_at", Fault::NotAChoice),
        ("wait_days", range("1", "3650")),
    ];
    assert_eq!(told, expected.map(|(field, fault)| (field.to_owned(), fault)));
    let told =
        faults(make(NewVoucherBatch { multiplier: "0.5".parse().ok(), ..new("A", 1) }).await);
    assert_eq!(told, [("minimum".to_owned(), Fault::Required)]);
    let told = faults(make(NewVoucherBatch { addition_minor: -1, ..new("A", 1) }).await);
    assert_eq!(told, [("addition".to_owned(), range("0.00", "10000000000000.00"))]);
    assert_eq!(world.core.voucher_batches(&caller, (None, 9)).await.expect("batches").0, []);
    make(new("summer", 1)).await.expect("a batch");
    assert_eq!(faults(make(new("SUMMER", 1)).await), [("series".to_owned(), Fault::Taken)]);
}

#[tokio::test]
async fn each_verb_takes_its_permission() {
    let world = World::new().await;
    let batch = make(&world, new("MAY", 1)).await.0.id;
    let reader = Permissions::of(&[Permission::Read]);
    let reader = Caller { permissions: reader, ..Caller::system(world.organisation.id) };
    let nobody = Caller { permissions: Permissions::NONE, ..reader };
    let editing = [
        world.core.make_voucher_batch(&reader, new("B", 1)).await.map(drop),
        world.core.export_voucher_codes(&reader, batch).await.map(drop),
        world.core.void_voucher_batch(&reader, batch).await.map(drop),
        world.core.void_voucher(&reader, "MAY-1").await.map(drop),
    ];
    for answer in editing {
        let forbidden =
            matches!(answer, Err(StaffError::Forbidden(Forbidden(Permission::EditVouchers))));
        assert!(forbidden, "{answer:?}");
    }
    let query = VoucherQuery { batch, state: None, after: None, limit: 1 };
    let reading = [
        world.core.voucher_batches(&nobody, (None, 1)).await.map(drop),
        world.core.voucher_batch(&nobody, batch).await.map(drop),
        world.core.vouchers_of_batch(&nobody, query).await.map(drop),
        world.core.voucher(&nobody, "MAY-1").await.map(drop),
    ];
    for answer in reading {
        assert!(matches!(answer, Err(StaffError::Forbidden(_))), "{answer:?}");
    }
    world.core.voucher(&reader, "MAY-1").await.expect("a voucher");
    for (words, found) in [("may-00001", true), (" MAY-1 ", true), ("MAY-2", false), ("M", false)] {
        let results = world.core.search(&reader, words).await.expect("results");
        assert_eq!(results.voucher.is_some_and(|it| it.serial == "MAY-00001"), found, "{words}");
    }
    let unknown = VoucherId::from(batch.uuid()).to_string();
    for key in ["MAY-2", "", "MAY", &unknown] {
        let answer = world.core.voucher(&reader, key).await;
        assert!(matches!(answer, Err(StaffError::NotFound)), "{key}: {answer:?}");
    }
}
