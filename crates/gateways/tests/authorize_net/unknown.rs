//! Payments whose answer was lost, or is none.

use portico_billing::gateway::DeclineReason;
use portico_gateways::{Declined, GatewayError, Progress, Sight};

use crate::answers::{REFERENCE, batch, batches, details, error, ok, unsettled};
use crate::orders::{PAGE, at, charge, paid, pending, refused, resume};
use crate::peer::{Reply, peer};

#[tokio::test]
async fn pay_05_a_charge_without_an_answer_is_only_looked_for() {
    let lost = peer(vec![("createTransaction", Reply::Silence)]).await;
    let outcome = charge(&lost, None).await;
    assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{outcome:?}");
    lost.finish();

    // Nothing is seen: for five minutes it may still come.
    for (now, sight) in [("08:04:59", Sight::There(pending(None))), ("08:05:00", Sight::Absent)] {
        let script = vec![
            ("getUnsettledTransactionList", unsettled(&[])),
            ("getSettledBatchList", batches(&[])),
        ];
        let peer = peer(script).await;
        assert_eq!(resume(&peer, None, now).await, Ok(sight));
        peer.finish();
    }
}

#[tokio::test]
async fn pay_05_a_charge_is_found_before_and_after_it_is_settled() {
    let others = [
        ("58", "2026-11-20T08:00:02Z", "capturedPendingSettlement", "another"),
        ("60", "2026-11-20T08:00:05Z", "capturedPendingSettlement", REFERENCE),
    ];
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&others)),
        ("getTransactionDetails", details("60", None, "capturedPendingSettlement", "1")),
    ];
    let waiting = peer(script).await;
    assert_eq!(paid(resume(&waiting, None, "08:01:00").await).charge, "60");
    waiting.finish();

    let found = [("60", "2026-11-20T08:00:05Z", "settledSuccessfully", REFERENCE)];
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&[])),
        (
            "getSettledBatchList",
            batches(&[("2", "2026-11-20T20:00:00Z"), ("1", "2026-11-20T09:00:00Z")]),
        ),
        ("getTransactionList", batch(&[])),
        ("getTransactionList", batch(&found)),
        ("getTransactionDetails", details("60", None, "settledSuccessfully", "1")),
    ];
    let settled = peer(script).await;
    let paid = paid(resume(&settled, None, "23:00:00").await);
    assert_eq!(paid.at, at("08:00:05.25"));
    assert_eq!(paid.reference.as_deref(), Some(REFERENCE));
    assert_eq!(paid.method.last4.as_deref(), Some("1111"));
    assert!(paid.test && paid.recipient.is_none() && paid.fee.is_none());
    let asked = settled.finish();
    assert!(asked[1].contains("<firstSettlementDate>2026-11-20T07:45:00Z</firstSettlementDate>"));
    // What was settled in this very second is in none of the lists but those of later.
    assert!(asked[1].contains("<lastSettlementDate>2026-11-20T23:15:00Z</lastSettlementDate>"));
}

#[tokio::test]
async fn pay_05_where_the_lists_do_not_end_nothing_is_absent() {
    let full = vec![("58", "2026-11-20T08:00:02Z", "capturedPendingSettlement", "another"); 500];
    for (last, handle) in [(full.as_slice(), None), (&[], None), (&full, Some(PAGE))] {
        let mut script = vec![("getUnsettledTransactionList", unsettled(&full)); 39];
        script.push(("getUnsettledTransactionList", unsettled(last)));
        let peer = peer(script).await;
        let sight = resume(&peer, handle, "23:00:00").await;
        let open = if handle.is_some() { Progress::Unfinished } else { pending(None) };
        assert_eq!(sight, Ok(Sight::There(open)));
        let asked = peer.asked.lock().expect("the log").clone();
        assert_eq!(asked.len(), 40);
        assert!(asked[39].contains("<paging><limit>500</limit><offset>40</offset></paging>"));
    }
}

#[tokio::test]
async fn a_list_is_read_no_further_back_than_the_order() {
    let mut full =
        vec![("58", "2026-11-20T08:00:02Z", "capturedPendingSettlement", "another"); 500];
    full[499].1 = "2026-11-20T07:44:59Z";
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&full)),
        ("getSettledBatchList", batches(&[])),
    ];
    let peer = peer(script).await;
    assert_eq!(resume(&peer, None, "08:05:00").await, Ok(Sight::Absent));
    assert_eq!(peer.asked.lock().expect("the log").len(), 2);
}

#[tokio::test]
async fn a_known_transaction_is_asked_for_by_its_identifier() {
    for (status, reason, progress) in [
        ("FDSPendingReview", "1", pending(Some("60"))),
        (
            "declined",
            "27",
            Progress::Declined(Declined {
                reason: DeclineReason::WrongDetails,
                code: "27".to_owned(),
            }),
        ),
    ] {
        let peer = peer(vec![("getTransactionDetails", details("60", None, status, reason))]).await;
        assert_eq!(resume(&peer, Some("60"), "08:01:00").await, Ok(Sight::There(progress)));
        peer.finish();
    }
    // With the keys of another account it is not found, which does not make it absent.
    let missing = error("E00040", "The record cannot be found.");
    let peer = peer(vec![("getTransactionDetails", missing)]).await;
    assert_eq!(refused(&resume(&peer, Some("60"), "23:00:00").await), Some("E00040"));
    peer.finish();
}

#[tokio::test]
async fn answers_that_are_none_leave_it_open() {
    let long: &'static str = Box::leak("x".repeat(1_100_000).into_boxed_str());
    for reply in [
        Reply::Odd("200 OK", "<html>"),
        Reply::Odd("200 OK", long),
        Reply::Odd("403 Forbidden", "no"),
        Reply::Odd("503 Unavailable", ""),
        ok("authenticateTest", ""),
        error("E00001", "An error occurred during processing."),
    ] {
        let peer = peer(vec![("createTransaction", reply)]).await;
        let outcome = charge(&peer, None).await;
        assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{outcome:?}");
        peer.finish();
    }
}
