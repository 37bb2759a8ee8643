//! Stored methods.

use portico_billing::Currency;
use portico_billing::gateway::DeclineReason;
use portico_gateways::answer::Way;
use portico_gateways::{Declined, Progress, SetUp, Sight, Sought};
use url::Url;

use crate::answers::{REFERENCE, details, error, ok, page, profile, receipt};
use crate::orders::{at, charge, dollars, payer, pending, reference, refused};
use crate::peer::{Reply, peer};

#[tokio::test]
async fn a_stored_method_is_charged() {
    let script = || {
        vec![
            ("createTransaction", receipt("1", "60", "")),
            ("getTransactionDetails", details("60", None, "capturedPendingSettlement", "1")),
        ]
    };
    let back = Url::parse("https://pay.test/back").expect("a URL");
    for (url, by) in [(None, "isSubsequentAuth"), (Some(&back), "isStoredCredentials")] {
        let peer = peer(script()).await;
        let Ok(Progress::Paid(paid)) = charge(&peer, url).await else { panic!("not paid") };
        assert_eq!((paid.charge.as_str(), paid.money), ("60", dollars(1234)));
        let asked = peer.finish();
        assert!(asked[0].contains(&format!("<{by}>true</{by}>")));
        assert!(asked[0].contains(&format!("<refId>{REFERENCE}</refId>")));
    }
}

#[tokio::test]
async fn a_charge_that_cannot_be_read_now_is_read_later() {
    let script = vec![
        ("createTransaction", receipt("1", "60", "")),
        ("getTransactionDetails", Reply::Silence),
    ];
    let peer = peer(script).await;
    assert_eq!(charge(&peer, None).await, Ok(pending(Some("60"))));
    peer.finish();
}

#[tokio::test]
async fn what_the_provider_says_of_a_charge_is_told() {
    let gone = Declined { reason: DeclineReason::MethodGone, code: "E00040".to_owned() };
    let expired = Declined { reason: DeclineReason::Expired, code: "8".to_owned() };
    for (reply, progress) in [
        (receipt("2", "60", "8"), Progress::Declined(expired)),
        (receipt("4", "60", ""), pending(Some("60"))),
        (error("E00040", "Customer Payment Profile ID not found."), Progress::Declined(gone)),
    ] {
        let peer = peer(vec![("createTransaction", reply)]).await;
        assert_eq!(charge(&peer, None).await, Ok(progress));
        peer.finish();
    }
    for (reply, code) in [
        (error("E00007", "User authentication failed."), "E00007"),
        (receipt("3", "0", "13"), "13"),
        (receipt("1", "0", ""), "test_mode"),
    ] {
        let peer = peer(vec![("createTransaction", reply)]).await;
        assert_eq!(refused(&charge(&peer, None).await), Some(code));
        peer.finish();
    }
    for (reply, nothing_happened) in
        [(receipt("3", "60", "11"), false), (error("E00053", "Too busy."), true)]
    {
        let peer = peer(vec![("createTransaction", reply)]).await;
        let fault = charge(&peer, None).await.expect_err("no outcome");
        assert_eq!(fault.nothing_happened(), nothing_happened, "{fault}");
        peer.finish();
    }
}

#[tokio::test]
async fn a_method_is_stored_on_the_providers_page() {
    let made = "<customerProfileId>700</customerProfileId><customerPaymentProfileIdList/>\
                <customerShippingAddressIdList/><validationDirectResponseList/>";
    let script = vec![
        ("createCustomerProfile", ok("createCustomerProfile", made)),
        ("getCustomerProfile", profile(&["800"])),
        ("getHostedProfilePage", page("getHostedProfilePage", "token-2")),
    ];
    let begun = peer(script).await;
    let (reference, back) = (reference(), Url::parse("https://pay.test/back").expect("a URL"));
    let order = SetUp {
        reference: &reference,
        payer: payer(None),
        currency: Currency::USD,
        locale: "en",
        return_url: &back,
        cancel_url: &back,
    };
    let stored = begun.gateway.stored_methods().expect("stored methods");
    let progress = stored.begin_set_up(&order).await;
    let Ok(Progress::Away { handle, way }) = progress else { panic!("{progress:?}") };
    let url = Url::parse("https://hosted.test/customer/addPayment").expect("a URL");
    assert_eq!(way, Way::Post(url, vec![("token".to_owned(), "token-2".to_owned())]));
    let other = stored.begin_set_up(&SetUp { currency: Currency::EUR, ..order }).await;
    assert_eq!(refused(&other), Some("currency"));
    begun.finish();

    let none: [&str; 0] = [];
    for (methods, now, expected) in [
        (["800"].as_slice(), "08:30:00", "pending"),
        (&["800"], "09:00:00", "abandoned"),
        (&none, "08:30:00", "pending"),
        (&["800", "801"], "08:30:00", "801"),
    ] {
        let peer = peer(vec![("getCustomerProfile", profile(methods))]).await;
        let (since, now) = (at("08:00:00"), at(now));
        let handle = Some(handle.as_str());
        let sought = Sought { reference: &reference, handle, money: None, since, now };
        let stored = peer.gateway.stored_methods().expect("stored methods");
        let told = match stored.resume_set_up(&sought).await {
            Ok(Sight::There(Progress::Stored(method))) => method.token.expect("a token"),
            Ok(Sight::There(Progress::Declined(declined))) => declined.code,
            Ok(Sight::There(Progress::Pending { .. })) => "pending".to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(told, expected);
        peer.finish();
    }
}

#[tokio::test]
async fn a_method_that_the_provider_does_not_know_is_forgotten() {
    let request = "deleteCustomerPaymentProfile";
    for (reply, code) in [
        (ok(request, ""), None),
        (error("E00040", "The record cannot be found."), None),
        (error("E00007", "User authentication failed."), Some("E00007")),
    ] {
        let peer = peer(vec![(request, reply)]).await;
        let stored = peer.gateway.stored_methods().expect("stored methods");
        assert_eq!(refused(&stored.forget("801", Some("700")).await), code);
        peer.finish();
    }
}
