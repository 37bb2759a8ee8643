//! What the gateway is asked for, and what it makes of the answers.

use jiff::Timestamp;
use portico_billing::gateway::Reference;
use portico_billing::{Currency, Money};
use portico_gateways::{
    Charge, Checkout, GatewayError, Payer, Progress, RefundOrder, Returned, Sight, Sought,
};
use url::Url;

use crate::answers::REFERENCE;
use crate::peer::Peer;

pub fn reference() -> Reference {
    REFERENCE.parse().expect("a reference")
}

pub fn dollars(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub fn at(time: &str) -> Timestamp {
    format!("2026-11-20T{time}Z").parse().expect("a time")
}

pub fn payer(profile: Option<&str>) -> Payer<'_> {
    let customer = "cus_0190a1b2c3d47e5f8a9b0c1d2e3f4051";
    Payer { customer, name: "Ann & Sons", email: Some("ann@example.com"), profile }
}

pub async fn begin(peer: &Peer, keep: bool) -> Result<Progress, GatewayError> {
    let (reference, back) = (reference(), Url::parse("https://pay.test/back?a=1&b=2"));
    let back = back.expect("a URL");
    let order = Checkout {
        reference: &reference,
        money: dollars(1234),
        description: "Invoices <R-12> & R-13",
        payer: payer(None),
        locale: "en",
        return_url: &back,
        cancel_url: &back,
        keep,
    };
    peer.gateway.begin(&order).await
}

pub async fn resume(peer: &Peer, handle: Option<&str>, now: &str) -> Result<Sight, GatewayError> {
    let reference = reference();
    let (since, now) = (at("08:00:00"), at(now));
    let money = Some(dollars(1234));
    peer.gateway.resume(&Sought { reference: &reference, handle, money, since, now }).await
}

pub async fn charge(peer: &Peer, return_url: Option<&Url>) -> Result<Progress, GatewayError> {
    let reference = reference();
    let order = Charge {
        reference: &reference,
        money: dollars(1234),
        description: "Invoice R-12",
        payer: payer(Some("700")),
        token: "801",
        now: at("08:00:00"),
        return_url,
    };
    peer.gateway.stored_methods().expect("stored methods").charge(&order).await
}

pub fn refund_order<'a>(reference: &'a Reference, minor: i64) -> RefundOrder<'a> {
    RefundOrder {
        reference,
        charge: "60",
        money: dollars(minor),
        charged: dollars(1234),
        last4: None,
        since: at("09:00:00"),
        now: at("09:00:00"),
    }
}

pub async fn refund(peer: &Peer, minor: i64) -> Result<Returned, GatewayError> {
    let reference = reference();
    let order = refund_order(&reference, minor);
    peer.gateway.refunds().expect("refunds").refund(&order).await
}

#[track_caller]
pub fn paid(sight: Result<Sight, GatewayError>) -> portico_gateways::Paid {
    match sight {
        Ok(Sight::There(Progress::Paid(paid))) => *paid,
        other => panic!("not paid: {other:?}"),
    }
}

pub fn pending(handle: Option<&str>) -> Progress {
    Progress::Pending { handle: handle.map(ToOwned::to_owned) }
}

pub fn refused<T>(answer: &Result<T, GatewayError>) -> Option<&str> {
    match answer {
        Err(GatewayError::Refused { code, .. }) => Some(code),
        _ => None,
    }
}

pub const PAGE: &str = "page-0123456789ABCDEFGHJK";
pub const KEEPING: &str = "page-0123456789ABCDEFGHJK-700";
