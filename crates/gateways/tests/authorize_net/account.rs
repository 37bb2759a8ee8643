//! The account, and what it takes.

use portico_billing::{Currency, Money};
use portico_gateways::RefundOrder;

use crate::answers::{error, ok, unsettled};
use crate::orders::{dollars, reference, refund_order, refused};
use crate::peer::{Reply, peer};

fn merchant(test: &str, currency: &str) -> Reply {
    let xml = format!(
        "<isTestMode>{test}</isTestMode><processors/><merchantName>M</merchantName>\
         <gatewayId>565697</gatewayId><marketTypes/><productCodes/><paymentMethods/>\
         <currencies><currency>{currency}</currency></currencies>"
    );
    ok("getMerchantDetails", &xml)
}

#[tokio::test]
async fn the_settings_are_tried() {
    let script = |merchant| {
        vec![("authenticateTest", ok("authenticateTest", "")), ("getMerchantDetails", merchant)]
    };
    let mut good = script(merchant("false", "USD"));
    good.push(("getUnsettledTransactionList", unsettled(&[])));
    let mut unreadable = script(merchant("false", "USD"));
    unreadable.push(("getUnsettledTransactionList", error("E00011", "Access denied.")));
    for (script, code) in [
        (good, None),
        (unreadable, Some("E00011")),
        (script(merchant("true", "USD")), Some("test_mode")),
        (script(merchant("false", "CAD")), Some("currency")),
        (vec![("authenticateTest", error("E00007", "x"))], Some("E00007")),
    ] {
        let peer = peer(script).await;
        assert_eq!(refused(&peer.gateway.probe().await), code);
        peer.finish();
    }
}

#[tokio::test]
async fn pay_07_money_that_the_account_does_not_take_is_not_asked_for() {
    let peer = peer(vec![]).await;
    let reference = reference();
    for money in [Money::new(1234, Currency::EUR), dollars(0), dollars(-1)] {
        let order = RefundOrder { money, ..refund_order(&reference, 1) };
        let refunds = peer.gateway.refunds().expect("refunds");
        assert!(refused(&refunds.refund(&order).await).is_some(), "{money}");
    }
    peer.finish();
}
