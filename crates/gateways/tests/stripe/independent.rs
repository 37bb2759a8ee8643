//! Against localstripe, a fake of Stripe by others: it runs where `PORTICO_TEST_LOCALSTRIPE` names
//! the address of one (`localstripe --from-scratch --port 8420`: `127.0.0.1:8420`).
//!
//! It refuses fields that it does not know. A relay takes those away that it is known not to know,
//! and no others.

use jiff::Timestamp;
use portico_billing::gateway::{DeclineReason, Reference};
use portico_gateways::{
    Charge, Gateway, GatewayError, Message, Mode, Payer, Progress, RefundOrder, Returned, Sight,
    Sought, Subject,
};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::objects::{SINCE, at, euros};
use crate::peer::{Asked, gateway, receive};

/// Fields that localstripe 1.15.10 does not take.
const UNKNOWN: &[&str] = &["description"];

const SECRET: &str = "whsec_independent";

#[expect(clippy::disallowed_methods, reason = "tests say by it where the fake listens")]
fn fake() -> Option<String> {
    let address = std::env::var("PORTICO_TEST_LOCALSTRIPE").ok().filter(|it| !it.is_empty());
    if address.is_none() {
        eprintln!("skipped: PORTICO_TEST_LOCALSTRIPE names no localstripe");
    }
    address
}

async fn send(address: &str, line: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.expect("localstripe");
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let is_get = line.starts_with("GET ");
    let (query, body) =
        if is_get { (format!("?{body}"), String::new()) } else { (String::new(), body) };
    let request = format!(
        "{line}{query} HTTP/1.1\r\nhost: fake\r\nauthorization: Bearer sk_test_123456\r\n\
         connection: close\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    answer
}

async fn made(address: &str, path: &str, fields: &[(&str, &str)]) -> Value {
    let answer = send(address, &format!("POST {path}"), fields).await;
    let start = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a body") + 4;
    serde_json::from_slice(&answer[start..]).expect("JSON")
}

async fn id(address: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let made = made(address, path, fields).await;
    made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

/// A gateway that asks the fake through a relay.
async fn relayed(address: &str) -> Box<dyn Gateway> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let address = address.to_owned();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let Asked { line, fields, .. } = receive(&mut stream).await;
            let known = fields.iter().filter(|(name, _)| !UNKNOWN.contains(&name.as_str()));
            let known: Vec<_> =
                known.map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer = send(&address, &line, &known).await;
            stream.write_all(&answer).await.expect("the answer");
        }
    });
    gateway(&url, Mode::Test, &[("webhook_secret", SECRET)])
}

/// A card of this number, stored with a customer: its token and the customer.
async fn stored(address: &str, number: &str) -> (String, String) {
    let customer = id(address, "/v1/customers", &[("email", "jo@example.com")]).await;
    let card = [
        ("type", "card"),
        ("card[number]", number),
        ("card[exp_month]", "8"),
        ("card[exp_year]", "2031"),
        ("card[cvc]", "123"),
    ];
    let token = id(address, "/v1/payment_methods", &card).await;
    let attach = format!("/v1/payment_methods/{token}/attach");
    id(address, &attach, &[("customer", &customer)]).await;
    (token, customer)
}

fn charge<'a>(reference: &'a Reference, token: &'a str, customer: &'a str) -> Charge<'a> {
    let payer = Payer { customer: "0199", name: "Jo", email: None, profile: Some(customer) };
    let (money, description) = (euros(1234), "Invoice R-12");
    let now = at(SINCE);
    Charge { reference, money, description, payer, token, now, return_url: None }
}

fn reference(last: char) -> Reference {
    format!("0123456789ABCDEFGHJ{last}").parse().expect("a reference")
}

#[tokio::test]
async fn a_charge_is_made_looked_up_and_given_back() {
    let Some(address) = fake() else { return };
    let gateway = relayed(&address).await;
    assert_eq!(gateway.probe().await, Ok(()));
    let methods = gateway.stored_methods().expect("stored methods");
    let (token, customer) = stored(&address, "4242424242424242").await;
    let first = reference('1');
    let outcome = methods.charge(&charge(&first, &token, &customer)).await;
    let Ok(Progress::Paid(paid)) = outcome else { panic!("{outcome:?}") };
    assert_eq!((paid.money, paid.test), (euros(1234), true));
    assert_eq!(paid.reference.as_deref(), Some(first.as_str()));
    assert_eq!(paid.method.token.as_deref(), Some(token.as_str()));
    assert_eq!(paid.method.last4.as_deref(), Some("4242"));

    let (money, since, now) = (Some(euros(1234)), paid.at, paid.at);
    let sought = Sought { reference: &first, handle: Some(&paid.charge), money, since, now };
    let sight = gateway.resume(&sought).await;
    assert_eq!(sight, Ok(Sight::There(Progress::Paid(paid.clone()))));

    let refunds = gateway.refunds().expect("refunds");
    let back = reference('2');
    let order = RefundOrder {
        reference: &back,
        charge: &paid.charge,
        money: euros(500),
        charged: euros(1234),
        last4: None,
        since,
        now: now + jiff::SignedDuration::from_hours(1),
    };
    assert_eq!(refunds.look_up_refund(&order).await, Ok(None));
    let done = refunds.refund(&order).await;
    assert!(matches!(&done, Ok(Returned::Done { money, .. }) if *money == euros(500)), "{done:?}");
    assert_eq!(refunds.look_up_refund(&order).await, done.map(Some));

    for _ in 0..2 {
        assert_eq!(methods.forget(&token, Some(&customer)).await, Ok(()));
    }
}

#[tokio::test]
async fn cards_that_are_declined_are() {
    let Some(address) = fake() else { return };
    let gateway = relayed(&address).await;
    let methods = gateway.stored_methods().expect("stored methods");
    for (last, number, reason) in [
        ('3', "4000000000000341", DeclineReason::Declined),
        ('4', "4000002500003155", DeclineReason::CustomerNeeded),
    ] {
        let (token, customer) = stored(&address, number).await;
        let reference = reference(last);
        let outcome = methods.charge(&charge(&reference, &token, &customer)).await;
        let Ok(Progress::Declined(declined)) = outcome else { panic!("{number}: {outcome:?}") };
        assert_eq!(declined.reason, reason, "{number}");
    }
    let reference = reference('5');
    let outcome = methods.charge(&charge(&reference, "pm_unknown", "cus_unknown")).await;
    assert!(matches!(outcome, Err(GatewayError::Refused { .. })), "{outcome:?}");
}

#[tokio::test]
async fn whk_06_its_signatures_are_understood() {
    let Some(address) = fake() else { return };
    let gateway = relayed(&address).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let hook =
        [("url", url.as_str()), ("secret", SECRET), ("events[]", "payment_intent.succeeded")];
    send(&address, "POST /_config/webhooks/portico", &hook).await;
    let (token, customer) = stored(&address, "4242424242424242").await;
    let sixth = reference('6');
    let methods = gateway.stored_methods().expect("stored methods");
    methods.charge(&charge(&sixth, &token, &customer)).await.expect("a payment");

    let wanted = sixth.as_str();
    loop {
        let (mut stream, _) = listener.accept().await.expect("a notice");
        let asked = receive(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.expect("thanks");
        let signature = asked.header("stripe-signature").expect("a signature");
        let seconds = signature.strip_prefix("t=").and_then(|rest| rest.split(',').next());
        let seconds = seconds.and_then(|text| text.parse().ok()).expect("seconds");
        let headers = [("stripe-signature".to_owned(), signature.to_owned())];
        let now = Timestamp::from_second(seconds).expect("a time");
        let message = Message { headers: &headers, body: &asked.body, now };
        let notice = gateway.notices().expect("notices").open(&message).await.expect("a notice");
        assert_eq!(notice.kind, "payment_intent.succeeded");
        let Some(Subject::Payment { reference, .. }) = notice.about else { panic!("{notice:?}") };
        // The other tests' payments are told too.
        if reference.as_deref() == Some(wanted) {
            return;
        }
    }
}
