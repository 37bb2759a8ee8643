//! What was taken from a payment.

use portico_gateways::{MovementKind, Taken};

use crate::answers::{details, error};
use crate::orders::{at, dollars};
use crate::peer::{Peer, peer};

async fn taken(peer: &Peer, known: &[&str]) -> Vec<(MovementKind, String, i64)> {
    let known: Vec<String> = known.iter().map(|id| (*id).to_owned()).collect();
    let (since, now) = (at("08:00:00"), at("12:00:00"));
    let taken = Taken { charge: "60", charged: dollars(1234), known: &known, since, now };
    let reversals = peer.gateway.reversals().expect("reversals");
    let reversed = reversals.reversals(&taken).await.expect("an answer");
    assert_eq!(reversed.until, now);
    reversed.movements.into_iter().map(|it| (it.kind, it.id, it.money.minor())).collect()
}

#[tokio::test]
async fn pay_10_what_was_taken_is_read_by_what_is_known() {
    use MovementKind::{Dispute, DisputeWon, Refund, RefundFailed};
    const DETAILS: &str = "getTransactionDetails";
    let told = |kind: MovementKind, id: &str| (kind, id.to_owned(), 1234);
    for (status, expected) in [
        ("settledSuccessfully", vec![]),
        ("voided", vec![told(Refund, "60")]),
        ("chargeback", vec![told(Dispute, "60")]),
        ("chargebackReversal", vec![told(Dispute, "60"), told(DisputeWon, "60")]),
    ] {
        let peer = peer(vec![(DETAILS, details("60", None, status, "1"))]).await;
        assert_eq!(taken(&peer, &["60"]).await, expected, "{status}");
        peer.finish();
    }
    let script = vec![
        (DETAILS, details("60", None, "settledSuccessfully", "1")),
        (DETAILS, details("61", Some("60"), "refundSettledSuccessfully", "1")),
        (DETAILS, details("62", Some("60"), "settlementError", "1")),
        (DETAILS, details("63", Some("9"), "refundSettledSuccessfully", "1")),
        (DETAILS, error("E00040", "The record cannot be found.")),
        (DETAILS, details("65", Some("60"), "chargeback", "1")),
    ];
    let peer = peer(script).await;
    let moved = taken(&peer, &["61", "62", "63", "64", "65"]).await;
    assert_eq!(moved, [told(Refund, "61"), told(RefundFailed, "62"), told(Dispute, "65")]);
    peer.finish();
}
