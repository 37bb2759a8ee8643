//! Refunds.

use portico_billing::gateway::DeclineReason;
use portico_gateways::{Gateway, GatewayError, Refunds, Returned};
use serde_json::{Value, json};

use crate::objects::{Desk, SINCE_SECONDS, euros, list, reference};
use crate::peer::{Peer, error, json};

fn refund(status: &str) -> Value {
    json!({
        "id": "re_1", "object": "refund", "amount": 500, "currency": "eur", "status": status,
        "created": SINCE_SECONDS, "payment_intent": "pi_1", "charge": "ch_1",
        "metadata": {"portico_reference": reference()}, "failure_reason": null,
    })
}

fn refunds(gateway: &dyn Gateway) -> &dyn Refunds {
    gateway.refunds().expect("refunds")
}

#[tokio::test]
async fn a_refund_is_asked_for_once() {
    for (charge, field) in [("pi_1", "payment_intent"), ("ch_1", "charge")] {
        let peer = Peer::new(vec![json(200, &refund("succeeded"))]).await;
        let desk = Desk::new();
        let gateway = peer.gateway();
        let outcome = refunds(&*gateway).refund(&desk.refund(charge)).await;
        let Ok(Returned::Done { id, money, at }) = outcome else { panic!("{outcome:?}") };
        assert_eq!((id.as_str(), money, at.as_second()), ("re_1", euros(500), SINCE_SECONDS));
        let asked = peer.only();
        assert_eq!(asked.line, "POST /v1/refunds");
        assert_eq!(asked.header("idempotency-key"), Some("0123456789ABCDEFGHJK-refund"));
        assert_eq!(asked.field(field), Some(charge));
        assert_eq!(asked.field("amount"), Some("500"));
        assert_eq!(asked.field("metadata[portico_reference]"), Some("0123456789ABCDEFGHJK"));
    }
}

#[tokio::test]
async fn pay_10_what_was_given_back_already_is_not_given_back_again() {
    let desk = Desk::new();
    let peer =
        Peer::new(vec![error(400, "invalid_request_error", "charge_already_refunded")]).await;
    let gateway = peer.gateway();
    let outcome = refunds(&*gateway).refund(&desk.refund("pi_1")).await;
    let Ok(Returned::Refused(declined)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(declined.reason, DeclineReason::TooMuch);

    let peer = Peer::new(vec![error(400, "invalid_request_error", "parameter_unknown")]).await;
    let gateway = peer.gateway();
    let outcome = refunds(&*gateway).refund(&desk.refund("pi_1")).await;
    assert!(matches!(outcome, Err(GatewayError::Refused { .. })), "{outcome:?}");
}

#[tokio::test]
async fn pay_05_a_refund_whose_answer_was_lost_is_found_by_its_reference() {
    let mut others = refund("succeeded");
    others["id"] = json!("re_2");
    others["metadata"] = json!({});
    let answers = [list(&[others], true), list(&[refund("pending")], false)];
    let peer = Peer::new(answers.iter().map(|answer| json(200, answer)).collect()).await;
    let desk = Desk::new();
    let gateway = peer.gateway();
    let outcome = refunds(&*gateway).look_up_refund(&desk.refund("pi_1")).await;
    assert_eq!(outcome, Ok(Some(Returned::Pending { id: "re_1".to_owned() })));
    let asked = peer.asked();
    assert_eq!(asked[0].field("payment_intent"), Some("pi_1"));
    assert_eq!(asked[1].field("starting_after"), Some("re_2"));
}

#[tokio::test]
async fn pay_05_a_refund_that_may_still_come_is_not_absent() {
    for (now, settled) in [("2026-09-21T12:00:30Z", false), ("2026-09-21T12:10:00Z", true)] {
        let peer = Peer::new(vec![json(200, &list(&[], false))]).await;
        let desk = Desk::new();
        let mut order = desk.refund("pi_1");
        order.now = crate::objects::at(now);
        let gateway = peer.gateway();
        let outcome = refunds(&*gateway).look_up_refund(&order).await;
        match settled {
            true => assert_eq!(outcome, Ok(None)),
            false => assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{outcome:?}"),
        }
    }
}
