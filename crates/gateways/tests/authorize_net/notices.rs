//! Notices.

use portico_gateways::{Message, Subject, Unproven};

use crate::answers::details;
use crate::orders::at;
use crate::peer::{Reply, peer};

#[tokio::test]
async fn a_refund_that_is_told_of_says_what_it_takes_from() {
    use hmac::{Hmac, KeyInit, Mac};
    let kind = "net.authorize.payment.refund.created";
    let body = format!(
        r#"{{"notificationId":"n1","eventType":"{kind}","eventDate":"2026-11-20T08:00:00Z",
        "payload":{{"id":"61","entityName":"transaction"}}}}"#
    );
    let mut mac = Hmac::<sha2::Sha512>::new_from_slice(b"SIGNATURE").expect("a key");
    mac.update(body.as_bytes());
    let digits: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
    let headers = [("x-anet-signature".to_owned(), format!("sha512={digits}"))];
    let message = Message { headers: &headers, body: body.as_bytes(), now: at("08:00:30") };

    let script =
        vec![("getTransactionDetails", details("61", Some("60"), "refundPendingSettlement", "1"))];
    let there = peer(script).await;
    let notice = there.gateway.notices().expect("notices").open(&message).await.expect("genuine");
    assert_eq!((notice.event_id.as_str(), notice.kind.as_str()), ("n1", kind));
    let taken = Subject::Reversal { charge: "60".to_owned(), id: Some("61".to_owned()) };
    assert_eq!(notice.about, Some(taken));
    there.finish();

    let away = peer(vec![("getTransactionDetails", Reply::Silence)]).await;
    let opened = away.gateway.notices().expect("notices").open(&message).await;
    assert!(matches!(opened, Err(Unproven::NotAsked(_))), "{opened:?}");
    away.finish();

    let forged = Message { headers: &[], ..message };
    let nobody = peer(vec![]).await;
    let opened = nobody.gateway.notices().expect("notices").open(&forged).await;
    assert_eq!(opened, Err(Unproven::Unsigned));
    nobody.finish();
}
