//! The books, slice by slice.

use portico_gateways::{GatewayError, MovementKind};
use serde_json::{Value, json};

use crate::objects::{at, euros, list};
use crate::peer::{Peer, json};

/// 2026-01-01, in Stripe's seconds.
const YEAR: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

fn change(id: &str, seconds: i64, category: &str) -> Value {
    json!({
        "id": id, "object": "balance_transaction", "created": seconds, "fee": 30,
        "currency": "eur", "amount": 500, "reporting_category": category,
        "source": {"id": format!("ch_{id}"), "amount": 500, "currency": "eur",
            "payment_intent": format!("pi_{id}"), "metadata": {}},
    })
}

#[tokio::test]
async fn the_books_are_read_oldest_first_and_whole() {
    let answers = [
        list(&[change("4", YEAR + 40, "payout"), change("3", YEAR + 30, "refund")], true),
        list(&[change("2", YEAR + 20, "charge"), change("1", YEAR + 10, "charge")], false),
        list(&[change("5", YEAR + DAY, "charge")], false),
    ];
    let peer = Peer::new(answers.iter().map(|answer| json(200, answer)).collect()).await;
    let gateway = peer.gateway();
    let books = gateway.books().expect("books");
    let window = (at("2026-01-01T00:00:00Z"), at("2026-01-02T12:00:00Z"));

    let (first, cursor) = books.movements(window, None).await.expect("a slice");
    let told: Vec<_> = first.iter().map(|moved| (moved.kind, moved.id.as_str())).collect();
    let expected = [
        (MovementKind::Payment, "pi_1"),
        (MovementKind::Payment, "pi_2"),
        (MovementKind::Refund, "ch_3"),
    ];
    assert_eq!(told, expected);
    assert_eq!((first[0].money, first[0].fee), (euros(500), Some(euros(30))));

    let cursor = cursor.expect("more");
    let (second, end) = books.movements(window, Some(&cursor)).await.expect("a slice");
    assert_eq!(second.len(), 1);
    assert_eq!(end, None);

    let asked = peer.asked();
    let bounds = |index: usize| {
        let field = |name| asked[index].field(name).and_then(|text| text.parse::<i64>().ok());
        (field("created[gte]"), field("created[lt]"))
    };
    assert_eq!(bounds(0), (Some(YEAR), Some(YEAR + DAY)));
    assert_eq!(asked[1].field("starting_after"), Some("3"));
    assert_eq!(bounds(2), (Some(YEAR + DAY), Some(YEAR + DAY + DAY / 2)));
    assert_eq!(asked[0].all("expand[]"), ["data.source"]);
}

#[tokio::test]
async fn a_slice_that_is_too_full_is_halved() {
    let full = || json(200, &list(&[change("9", YEAR, "charge")], true));
    let replies = (0..100).map(|_| full());
    let replies = replies.chain([json(200, &list(&[change("1", YEAR, "charge")], false))]);
    let peer = Peer::new(replies.collect()).await;
    let gateway = peer.gateway();
    let window = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
    let outcome = gateway.books().expect("books").movements(window, None).await;
    let (moved, cursor) = outcome.expect("a slice");
    assert_eq!(moved.len(), 1);
    assert_eq!(cursor, Some((YEAR + DAY / 2).to_string()));
    let last = peer.asked().pop().expect("a request");
    assert_eq!(last.field("created[lt]"), Some((YEAR + DAY / 2).to_string().as_str()));
}

#[tokio::test]
async fn an_empty_window_moved_nothing() {
    let peer = Peer::new(vec![]).await;
    let gateway = peer.gateway();
    let noon = at("2026-01-01T12:00:00Z");
    let outcome = gateway.books().expect("books").movements((noon, noon), None).await;
    assert_eq!(outcome, Ok((Vec::new(), None)));
    assert!(peer.asked().is_empty());
}

#[tokio::test]
async fn a_place_in_another_list_is_refused() {
    let peer = Peer::new(vec![]).await;
    let gateway = peer.gateway();
    let window = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
    for cursor in ["", "x", "0", "99999999999"] {
        let outcome = gateway.books().expect("books").movements(window, Some(cursor)).await;
        assert!(matches!(outcome, Err(GatewayError::Refused { .. })), "{cursor}");
    }
}
