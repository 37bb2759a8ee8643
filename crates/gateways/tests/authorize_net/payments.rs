//! Payments on the provider's page.

use portico_gateways::answer::Way;
use portico_gateways::{Progress, Sight};
use url::Url;

use crate::answers::{Line, REFERENCE, batches, details, error, ok, page, profile, unsettled};
use crate::orders::{KEEPING, PAGE, begin, dollars, paid, resume};
use crate::peer::peer;

#[tokio::test]
async fn a_payment_begins_on_the_providers_page() {
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&[])),
        ("getHostedPaymentPage", page("getHostedPaymentPage", "token-1")),
    ];
    let peer = peer(script).await;
    let begun = begin(&peer, false).await;
    let url = Url::parse("https://hosted.test/payment/payment").expect("a URL");
    let way = Way::Post(url, vec![("token".to_owned(), "token-1".to_owned())]);
    assert_eq!(begun, Ok(Progress::Away { handle: PAGE.to_owned(), way }));
    let request = peer.finish().pop().expect("a request");
    assert!(request.contains(&format!("<invoiceNumber>{REFERENCE}</invoiceNumber>")));
    assert!(request.contains("<amount>12.34</amount><currencyCode>USD</currencyCode>"));
    assert!(request.contains("<description>Invoices &lt;R-12&gt; &amp; R-13</description>"));
    let json = r#"{"showReceipt":false,"url":"https://pay.test/back?a=1&b=2""#;
    let json = json.replace('"', "&quot;").replace("&b", "&amp;b");
    assert!(request.contains(&json), "{request}");
}

#[tokio::test]
async fn pay_01_a_payment_that_was_made_is_not_begun_again() {
    let before = [("60", "2026-11-20T08:00:05Z", "capturedPendingSettlement", REFERENCE)];
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&before)),
        ("getTransactionDetails", details("60", None, "capturedPendingSettlement", "1")),
    ];
    let peer = peer(script).await;
    assert!(matches!(begin(&peer, false).await, Ok(Progress::Paid(_))));
    peer.finish();
}

#[tokio::test]
async fn a_method_is_stored_after_the_payment_in_the_profile_that_there_is() {
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&[])),
        (
            "createCustomerProfile",
            error("E00039", "A duplicate record with ID 700 already exists."),
        ),
        ("getHostedPaymentPage", page("getHostedPaymentPage", "token-1")),
    ];
    let begun = peer(script).await;
    let progress = begin(&begun, true).await;
    let Ok(Progress::Away { handle, .. }) = progress else { panic!("{progress:?}") };
    assert_eq!(handle, KEEPING);
    begun.finish();

    let seen = [("60", "2026-11-20T08:00:05Z", "capturedPendingSettlement", REFERENCE)];
    let made = "<customerProfileId>700</customerProfileId><customerPaymentProfileIdList>\
                <numericString>801</numericString></customerPaymentProfileIdList>\
                <customerShippingAddressIdList/><validationDirectResponseList/>";
    for stored in [ok("createCustomerProfile", made), error("E00039", "There is one.")] {
        let script = vec![
            ("getUnsettledTransactionList", unsettled(&seen)),
            ("getTransactionDetails", details("60", None, "capturedPendingSettlement", "1")),
            ("createCustomerProfileFromTransaction", stored),
            ("getCustomerProfile", profile(&["800", "801"])),
        ];
        let peer = peer(script).await;
        let paid = paid(resume(&peer, Some(KEEPING), "08:01:00").await);
        assert_eq!(paid.charge, "60");
        assert_eq!(paid.money, dollars(1234));
        assert_eq!(paid.method.token.as_deref(), Some("801"));
        assert_eq!(paid.method.profile.as_deref(), Some("700"));
        assert_eq!(paid.method.expiry, Some((9, 2028)));
        peer.finish();
    }
}

#[tokio::test]
async fn a_method_that_cannot_be_stored_takes_nothing_from_the_payment() {
    let seen = [("60", "2026-11-20T08:00:05Z", "capturedPendingSettlement", REFERENCE)];
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&seen)),
        ("getTransactionDetails", details("60", None, "capturedPendingSettlement", "1")),
        ("createCustomerProfileFromTransaction", error("E00042", "No more than 10.")),
    ];
    let peer = peer(script).await;
    let paid = paid(resume(&peer, Some(KEEPING), "08:01:00").await);
    assert_eq!((paid.charge.as_str(), paid.method.token), ("60", None));
    peer.finish();
}

#[tokio::test]
async fn a_page_waits_for_its_customer_for_an_hour() {
    let declined = [("59", "2026-11-20T08:00:05Z", "declined", REFERENCE)];
    let none: [Line; 0] = [];
    for (seen, now, code) in [
        (none.as_slice(), "08:59:59", None),
        (&declined, "08:59:59", None),
        (&none, "09:00:00", Some("abandoned")),
        (&declined, "09:00:00", Some("8")),
    ] {
        let mut script = vec![
            ("getUnsettledTransactionList", unsettled(seen)),
            ("getSettledBatchList", batches(&[])),
        ];
        if code == Some("8") {
            script.push(("getTransactionDetails", details("59", None, "declined", "8")));
        }
        let peer = peer(script).await;
        let sight = resume(&peer, Some(PAGE), now).await;
        match (sight, code) {
            (Ok(Sight::There(progress)), None) => assert_eq!(progress, Progress::Unfinished),
            (Ok(Sight::There(Progress::Declined(declined))), Some(code)) => {
                assert_eq!(declined.code, code);
            }
            other => panic!("{other:?}"),
        }
        peer.finish();
    }
}
