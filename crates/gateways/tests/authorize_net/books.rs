//! The books.

use portico_gateways::MovementKind;

use crate::answers::{REFERENCE, batch, batches, details, unsettled};
use crate::orders::at;
use crate::peer::peer;

#[tokio::test]
async fn the_books_are_read_batch_by_batch() {
    let first = [
        ("50", "2026-11-19T23:59:59Z", "settledSuccessfully", "before"),
        ("51", "2026-11-20T00:00:00Z", "settledSuccessfully", REFERENCE),
        ("52", "2026-11-20T01:00:00Z", "declined", "no"),
        ("53", "2026-11-20T02:00:00Z", "refundSettledSuccessfully", "back"),
    ];
    let second = [("54", "2026-11-20T03:00:00Z", "chargeback", "won")];
    let open = [
        ("55", "2026-11-20T04:00:00Z", "capturedPendingSettlement", "late"),
        ("56", "2026-11-21T00:00:00Z", "capturedPendingSettlement", "after"),
    ];
    let list = || batches(&[("12", "2026-11-22T00:00:00Z"), ("11", "2026-11-21T00:00:00Z")]);
    let script = vec![
        ("getSettledBatchList", list()),
        ("getTransactionList", batch(&first)),
        ("getTransactionDetails", details("53", Some("40"), "refundSettledSuccessfully", "1")),
        ("getSettledBatchList", list()),
        ("getTransactionList", batch(&second)),
        ("getTransactionDetails", details("54", None, "chargeback", "1")),
        ("getUnsettledTransactionList", unsettled(&open)),
    ];
    let peer = peer(script).await;
    let books = peer.gateway.books().expect("books");
    let window = (at("00:00:00"), at("00:00:00") + jiff::SignedDuration::from_hours(24));
    let (mut all, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let (page, next) = books.movements(window, cursor.as_deref()).await.expect("a page");
        all.extend(page);
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    let told: Vec<_> =
        all.iter().map(|it| (it.kind, it.id.as_str(), it.charge.as_deref())).collect();
    let expected = [
        (MovementKind::Payment, "51", None),
        (MovementKind::Refund, "53", Some("40")),
        (MovementKind::Payment, "54", None),
        (MovementKind::Dispute, "54", Some("54")),
        (MovementKind::Payment, "55", None),
    ];
    assert_eq!(told, expected);
    peer.finish();
}
