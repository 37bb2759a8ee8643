//! Refunds.

use portico_gateways::Returned;

use crate::answers::{REFERENCE, batches, details, receipt, unsettled};
use crate::orders::{at, dollars, reference, refund, refund_order, refused};
use crate::peer::peer;

#[tokio::test]
async fn a_settled_payment_is_given_back_in_part() {
    let script = vec![
        ("getTransactionDetails", details("60", None, "settledSuccessfully", "1")),
        ("getUnsettledTransactionList", unsettled(&[])),
        ("getSettledBatchList", batches(&[])),
        ("createTransaction", receipt("1", "61", "")),
    ];
    let peer = peer(script).await;
    let done = Returned::Done { id: "61".to_owned(), money: dollars(500), at: at("09:00:00") };
    assert_eq!(refund(&peer, 500).await, Ok(done));
    let asked = peer.finish();
    let card = "<cardNumber>1111</cardNumber><expirationDate>XXXX</expirationDate>";
    assert!(asked[3].contains(card), "{}", asked[3]);
    assert!(asked[3].contains("<refTransId>60</refTransId>"));
}

#[tokio::test]
async fn a_payment_that_is_not_settled_is_undone_as_a_whole_or_not_at_all() {
    let script = || {
        vec![
            ("getTransactionDetails", details("60", None, "capturedPendingSettlement", "1")),
            ("getUnsettledTransactionList", unsettled(&[])),
            ("getSettledBatchList", batches(&[])),
        ]
    };
    let part = peer(script()).await;
    assert_eq!(refused(&refund(&part, 500).await), Some("unsettled"));
    part.finish();

    let mut script = script();
    script.push(("createTransaction", receipt("1", "60", "")));
    let whole = peer(script).await;
    let done = Returned::Done { id: "60".to_owned(), money: dollars(1234), at: at("09:00:00") };
    assert_eq!(refund(&whole, 1234).await, Ok(done));
    assert!(whole.finish()[3].contains("<transactionType>voidTransaction</transactionType>"));
}

#[tokio::test]
async fn pay_01_a_refund_that_is_known_is_not_made_again() {
    let seen = [("61", "2026-11-20T09:00:01Z", "refundPendingSettlement", REFERENCE)];
    let script = vec![
        ("getTransactionDetails", details("60", None, "settledSuccessfully", "1")),
        ("getUnsettledTransactionList", unsettled(&seen)),
        ("getSettledBatchList", batches(&[])),
    ];
    let known = peer(script).await;
    let done = Returned::Done { id: "61".to_owned(), money: dollars(500), at: at("09:00:01") };
    assert_eq!(refund(&known, 500).await, Ok(done));
    known.finish();

    let voided = peer(vec![("getTransactionDetails", details("60", None, "voided", "1"))]).await;
    let done = Returned::Done { id: "60".to_owned(), money: dollars(1234), at: at("09:00:00") };
    assert_eq!(refund(&voided, 1234).await, Ok(done));
    voided.finish();

    // Undone by somebody else: there is nothing left to give a part of.
    let script = vec![
        ("getTransactionDetails", details("60", None, "voided", "1")),
        ("getUnsettledTransactionList", unsettled(&[])),
        ("getSettledBatchList", batches(&[])),
    ];
    let part = peer(script).await;
    assert!(matches!(refund(&part, 500).await, Ok(Returned::Refused(_))));
    part.finish();

    let script = vec![
        ("getTransactionDetails", details("60", None, "settledSuccessfully", "1")),
        ("getUnsettledTransactionList", unsettled(&[])),
        ("getSettledBatchList", batches(&[])),
    ];
    let unknown = peer(script).await;
    let reference = reference();
    let refunds = unknown.gateway.refunds().expect("refunds");
    assert_eq!(refunds.look_up_refund(&refund_order(&reference, 500)).await, Ok(None));
    unknown.finish();
}
