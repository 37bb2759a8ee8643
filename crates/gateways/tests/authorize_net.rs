//! Authorize.Net against a peer that answers as the provider does: XML behind a byte order mark.
//! Each request and each answer is checked against the provider's own schema, where that is at
//! hand.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail like tests do")]
#![expect(clippy::print_stderr, reason = "who skips says so")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::{Currency, Money};
use portico_gateways::answer::Way;
use portico_gateways::settings::Settings;
use portico_gateways::{
    Account, Charge, Checkout, Declined, Gateway, GatewayError, Http, Message, Mode, MovementKind,
    Networks, Payer, Progress, RefundOrder, Returned, SetUp, Sight, Sought, Subject, Taken,
    Unproven, provider,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

const REFERENCE: &str = "0123456789ABCDEFGHJK";
const XMLNS: &str = "AnetApi/xml/v1/schema/AnetApiSchema.xsd";

// --- the peer ---

/// What the peer does when it gets a request.
#[derive(Clone)]
enum Reply {
    /// Answers.
    Xml(String),
    /// Answers with something else.
    Odd(&'static str, &'static str),
    /// Takes the request and says nothing.
    Silence,
}

/// A provider that expects these requests, in this order.
struct Peer {
    gateway: Box<dyn Gateway>,
    asked: Arc<Mutex<Vec<String>>>,
    expected: Vec<&'static str>,
    answers: Vec<String>,
}

async fn peer(script: Vec<(&'static str, Reply)>) -> Peer {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let expected = script.iter().map(|(request, _)| *request).collect();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let replies: Vec<Reply> = script.into_iter().map(|(_, reply)| reply).collect();
    let answers = replies.iter().filter_map(|reply| match reply {
        Reply::Xml(xml) => Some(xml.clone()),
        _ => None,
    });
    let answers = answers.collect();
    let log = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut replies = replies.into_iter();
        while let Ok((mut stream, _)) = listener.accept().await {
            let body = request(&mut stream).await;
            log.lock().expect("the log").push(body);
            answer(&mut stream, replies.next()).await;
        }
    });
    Peer { gateway: gateway(&url), asked, expected, answers }
}

/// The body of a request.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            assert!(head.starts_with("post /xml/v1/request.api http/1.1"), "{head}");
            let length = head.split_once("content-length: ").expect("a length").1;
            let length: usize = length.lines().next().expect("a line").parse().expect("a length");
            if body.len() >= length {
                return body.to_owned();
            }
        }
        let read = stream.read_buf(&mut bytes).await.expect("a request");
        assert!(read > 0, "the request breaks off");
    }
}

async fn answer(stream: &mut TcpStream, reply: Option<Reply>) {
    let (status, body) = match reply {
        Some(Reply::Xml(xml)) => ("200 OK", format!("\u{feff}{xml}")),
        Some(Reply::Odd(status, body)) => (status, body.to_owned()),
        Some(Reply::Silence) => return,
        None => ("500 Unexpected", String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/xml\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("an answer");
    stream.write_all(body.as_bytes()).await.expect("an answer");
}

impl Peer {
    /// The requests that were made: those that were expected, each as the schema wants it.
    fn finish(self) -> Vec<String> {
        let asked = self.asked.lock().expect("the log").clone();
        let names: Vec<String> = asked.iter().map(|xml| name(xml)).collect();
        assert_eq!(names, self.expected);
        for xml in asked.iter().chain(&self.answers) {
            check(xml);
        }
        asked
    }
}

/// The name of the root, without "Request".
fn name(xml: &str) -> String {
    let name = xml.split(['<', ' ', '>']).find(|part| part.ends_with("Request"));
    name.unwrap_or_default().trim_end_matches("Request").to_owned()
}

fn gateway(url: &str) -> Box<dyn Gateway> {
    let values = [
        ("api_login_id", "login"),
        ("transaction_key", "0123456789abcdef"),
        ("signature_key", "SIGNATURE"),
        ("currency", "USD"),
        ("base_url", url),
        ("hosted_url", "https://hosted.test"),
    ];
    let values = values.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let loopback = "127.0.0.0/8".parse().expect("a network");
    let http = Http::new(Networks::new(&[loopback])).expect("a client");
    let account = Account { mode: Mode::Test, settings: Settings::new(values), http };
    (provider("authorize_net").expect("the provider").open)(account).expect("a gateway")
}

// --- the schema ---

/// The provider's schema, where it is at hand.
#[expect(clippy::disallowed_methods, reason = "tests say by it where published data lies")]
fn schema() -> Option<PathBuf> {
    let folder = std::env::var("PORTICO_TEST_DATA").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let schema = folder.join("authorizenet/AnetApiSchema.xsd");
    schema.exists().then_some(schema)
}

/// Whether the schema takes a document, by `xmllint` of libxml2; nothing where one of them is
/// absent.
fn takes(xml: &str) -> Option<Result<(), String>> {
    let Some(schema) = schema() else {
        eprintln!("skipped: there is no AnetApiSchema.xsd; say by PORTICO_TEST_DATA where");
        return None;
    };
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--schema"]).arg(schema).arg("-");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        eprintln!("skipped: there is no program xmllint");
        return None;
    };
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(xml.as_bytes()).expect("a document");
    drop(stdin);
    let output = child.wait_with_output().expect("its output");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(output.status.success().then_some(()).ok_or(told))
}

#[track_caller]
fn check(xml: &str) {
    if let Some(Err(told)) = takes(xml) {
        panic!("the schema does not take {xml}: {told}");
    }
}

#[tokio::test]
async fn a_damaged_request_is_not_taken_by_the_schema() {
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&[])),
        ("getHostedPaymentPage", page("getHostedPaymentPage", "token-1")),
    ];
    let peer = peer(script).await;
    begin(&peer, false).await.expect("a page");
    let request = peer.finish().pop().expect("a request");
    let without_keys = request.split_once("<merchantAuthentication>").expect("keys").0;
    let rest = request.split_once("</merchantAuthentication>").expect("keys").1;
    let long = format!("<refId>{REFERENCE}L</refId>");
    let damaged = [
        format!("{without_keys}{rest}"),
        request.replace(&format!("<refId>{REFERENCE}</refId>"), &long),
        request.replace("<amount>12.34</amount>", "<amount>12,34</amount>"),
        request.replace("hostedPaymentSettings>", "settings>"),
        // The order of elements matters.
        request
            .replace("<amount>12.34</amount>", "")
            .replace("<currencyCode>", "<amount>12.34</amount><currencyCode>")
            .replace("<transactionType>authCaptureTransaction</transactionType>", "")
            .replace("<order>", "<transactionType>authCaptureTransaction</transactionType><order>"),
    ];
    for xml in damaged {
        assert_ne!(xml, request);
        assert!(!matches!(takes(&xml), Some(Ok(()))), "{xml}");
    }
}

// --- what is asked and answered ---

fn messages(result: &str, code: &str, text: &str) -> String {
    format!(
        "<messages><resultCode>{result}</resultCode>\
         <message><code>{code}</code><text>{text}</text></message></messages>"
    )
}

fn ok(request: &str, content: &str) -> Reply {
    let messages = messages("Ok", "I00001", "Successful.");
    let xml =
        format!("<{request}Response xmlns=\"{XMLNS}\">{messages}{content}</{request}Response>");
    Reply::Xml(format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{xml}"))
}

fn error(code: &str, text: &str) -> Reply {
    let messages = messages("Error", code, text);
    Reply::Xml(format!("<ErrorResponse xmlns=\"{XMLNS}\">{messages}</ErrorResponse>"))
}

fn page(request: &str, token: &str) -> Reply {
    ok(request, &format!("<token>{token}</token>"))
}

/// A line of a list: its identifier, when it was submitted, how it stands, its number.
type Line = (&'static str, &'static str, &'static str, &'static str);

fn lines(lines: &[Line]) -> String {
    let line = |(id, time, status, number): &Line| {
        format!(
            "<transaction><transId>{id}</transId><submitTimeUTC>{time}</submitTimeUTC>\
             <submitTimeLocal>2026-11-20T01:00:00</submitTimeLocal>\
             <transactionStatus>{status}</transactionStatus><invoiceNumber>{number}</invoiceNumber>\
             <accountType>Visa</accountType><accountNumber>XXXX1111</accountNumber>\
             <settleAmount>12.34</settleAmount></transaction>"
        )
    };
    format!("<transactions>{}</transactions>", lines.iter().map(line).collect::<String>())
}

fn unsettled(list: &[Line]) -> Reply {
    ok("getUnsettledTransactionList", &lines(list))
}

fn batches(list: &[(&str, &str)]) -> Reply {
    let batch = |(id, time): &(&str, &str)| {
        format!(
            "<batch><batchId>{id}</batchId><settlementTimeUTC>{time}</settlementTimeUTC>\
             <settlementState>settledSuccessfully</settlementState></batch>"
        )
    };
    let list: String = list.iter().map(batch).collect();
    ok("getSettledBatchList", &format!("<batchList>{list}</batchList>"))
}

fn batch(list: &[Line]) -> Reply {
    ok("getTransactionList", &lines(list))
}

/// A transaction in full: its identifier, the one that it takes from, how it stands and why.
fn details(id: &str, of: Option<&str>, status: &str, reason: &str) -> Reply {
    let of = of.map(|of| format!("<refTransId>{of}</refTransId>")).unwrap_or_default();
    let xml = format!(
        "<transaction><transId>{id}</transId>{of}\
         <submitTimeUTC>2026-11-20T08:00:05.25Z</submitTimeUTC>\
         <submitTimeLocal>2026-11-20T01:00:05.25</submitTimeLocal>\
         <transactionType>authCaptureTransaction</transactionType>\
         <transactionStatus>{status}</transactionStatus><responseCode>1</responseCode>\
         <responseReasonCode>{reason}</responseReasonCode>\
         <responseReasonDescription>Approval</responseReasonDescription>\
         <order><invoiceNumber>{REFERENCE}</invoiceNumber></order>\
         <authAmount>12.34</authAmount><settleAmount>12.34</settleAmount>\
         <payment><creditCard><cardNumber>XXXX1111</cardNumber>\
         <expirationDate>XXXX</expirationDate><cardType>Visa</cardType></creditCard></payment>\
         <billTo><firstName>Ann</firstName><lastName>Lee</lastName></billTo></transaction>"
    );
    ok("getTransactionDetails", &xml)
}

fn receipt(code: &str, id: &str, why: &str) -> Reply {
    let result = if code == "1" || code == "4" { "Ok" } else { "Error" };
    let messages = messages(result, if result == "Ok" { "I00001" } else { "E00027" }, "x");
    let errors = match why {
        "" => String::new(),
        why => format!(
            "<errors><error><errorCode>{why}</errorCode><errorText>x</errorText></error></errors>"
        ),
    };
    Reply::Xml(format!(
        "<createTransactionResponse xmlns=\"{XMLNS}\">{messages}<transactionResponse>\
         <responseCode>{code}</responseCode><transId>{id}</transId>{errors}\
         </transactionResponse></createTransactionResponse>"
    ))
}

/// A customer profile with these methods.
fn profile(methods: &[&str]) -> Reply {
    let method = |id: &&str| {
        format!(
            "<paymentProfiles><customerPaymentProfileId>{id}</customerPaymentProfileId>\
             <payment><creditCard><cardNumber>XXXX1111</cardNumber>\
             <expirationDate>2028-09</expirationDate><cardType>Visa</cardType></creditCard>\
             </payment></paymentProfiles>"
        )
    };
    let methods: String = methods.iter().map(method).collect();
    let xml = format!("<profile><customerProfileId>700</customerProfileId>{methods}</profile>");
    ok("getCustomerProfile", &xml)
}

fn reference() -> Reference {
    REFERENCE.parse().expect("a reference")
}

fn dollars(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn at(time: &str) -> Timestamp {
    format!("2026-11-20T{time}Z").parse().expect("a time")
}

fn payer(profile: Option<&str>) -> Payer<'_> {
    let customer = "cus_0190a1b2c3d47e5f8a9b0c1d2e3f4051";
    Payer { customer, name: "Ann & Sons", email: Some("ann@example.com"), profile }
}

async fn begin(peer: &Peer, keep: bool) -> Result<Progress, GatewayError> {
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

async fn resume(peer: &Peer, handle: Option<&str>, now: &str) -> Result<Sight, GatewayError> {
    let reference = reference();
    let (since, now) = (at("08:00:00"), at(now));
    let money = Some(dollars(1234));
    peer.gateway.resume(&Sought { reference: &reference, handle, money, since, now }).await
}

async fn charge(peer: &Peer, return_url: Option<&Url>) -> Result<Progress, GatewayError> {
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

fn refund_order<'a>(reference: &'a Reference, minor: i64) -> RefundOrder<'a> {
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

async fn refund(peer: &Peer, minor: i64) -> Result<Returned, GatewayError> {
    let reference = reference();
    let order = refund_order(&reference, minor);
    peer.gateway.refunds().expect("refunds").refund(&order).await
}

#[track_caller]
fn paid(sight: Result<Sight, GatewayError>) -> portico_gateways::Paid {
    match sight {
        Ok(Sight::There(Progress::Paid(paid))) => *paid,
        other => panic!("not paid: {other:?}"),
    }
}

fn pending(handle: Option<&str>) -> Progress {
    Progress::Pending { handle: handle.map(ToOwned::to_owned) }
}

fn refused<T>(answer: &Result<T, GatewayError>) -> Option<&str> {
    match answer {
        Err(GatewayError::Refused { code, .. }) => Some(code),
        _ => None,
    }
}

const PAGE: &str = "page-0123456789ABCDEFGHJK";
const KEEPING: &str = "page-0123456789ABCDEFGHJK-700";

// --- payments on the page ---

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

// --- what has no answer ---

#[tokio::test]
async fn pay_05_a_charge_without_an_answer_is_only_looked_for() {
    let lost = peer(vec![("createTransaction", Reply::Silence)]).await;
    let outcome = charge(&lost, None).await;
    assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{outcome:?}");
    lost.finish();

    // Nothing is seen: for five minutes it may still come.
    for (now, sight) in [("08:04:59", Sight::There(pending(None))), ("08:05:00", Sight::Absent)] {
        let script = vec![
            ("getUnsettledTransactionList", unsettled(&[])),
            ("getSettledBatchList", batches(&[])),
        ];
        let peer = peer(script).await;
        assert_eq!(resume(&peer, None, now).await, Ok(sight));
        peer.finish();
    }
}

#[tokio::test]
async fn pay_05_a_charge_is_found_before_and_after_it_is_settled() {
    let others = [
        ("58", "2026-11-20T08:00:02Z", "capturedPendingSettlement", "another"),
        ("60", "2026-11-20T08:00:05Z", "capturedPendingSettlement", REFERENCE),
    ];
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&others)),
        ("getTransactionDetails", details("60", None, "capturedPendingSettlement", "1")),
    ];
    let waiting = peer(script).await;
    assert_eq!(paid(resume(&waiting, None, "08:01:00").await).charge, "60");
    waiting.finish();

    let found = [("60", "2026-11-20T08:00:05Z", "settledSuccessfully", REFERENCE)];
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&[])),
        (
            "getSettledBatchList",
            batches(&[("2", "2026-11-20T20:00:00Z"), ("1", "2026-11-20T09:00:00Z")]),
        ),
        ("getTransactionList", batch(&[])),
        ("getTransactionList", batch(&found)),
        ("getTransactionDetails", details("60", None, "settledSuccessfully", "1")),
    ];
    let settled = peer(script).await;
    let paid = paid(resume(&settled, None, "23:00:00").await);
    assert_eq!(paid.at, at("08:00:05.25"));
    assert_eq!(paid.reference.as_deref(), Some(REFERENCE));
    assert_eq!(paid.method.last4.as_deref(), Some("1111"));
    assert!(paid.test && paid.recipient.is_none() && paid.fee.is_none());
    let asked = settled.finish();
    assert!(asked[1].contains("<firstSettlementDate>2026-11-20T07:45:00Z</firstSettlementDate>"));
    // What was settled in this very second is in none of the lists but those of later.
    assert!(asked[1].contains("<lastSettlementDate>2026-11-20T23:15:00Z</lastSettlementDate>"));
}

#[tokio::test]
async fn pay_05_where_the_lists_do_not_end_nothing_is_absent() {
    let full = vec![("58", "2026-11-20T08:00:02Z", "capturedPendingSettlement", "another"); 500];
    for (last, handle) in [(full.as_slice(), None), (&[], None), (&full, Some(PAGE))] {
        let mut script = vec![("getUnsettledTransactionList", unsettled(&full)); 39];
        script.push(("getUnsettledTransactionList", unsettled(last)));
        let peer = peer(script).await;
        let sight = resume(&peer, handle, "23:00:00").await;
        let open = if handle.is_some() { Progress::Unfinished } else { pending(None) };
        assert_eq!(sight, Ok(Sight::There(open)));
        let asked = peer.asked.lock().expect("the log").clone();
        assert_eq!(asked.len(), 40);
        assert!(asked[39].contains("<paging><limit>500</limit><offset>40</offset></paging>"));
    }
}

#[tokio::test]
async fn a_list_is_read_no_further_back_than_the_order() {
    let mut full =
        vec![("58", "2026-11-20T08:00:02Z", "capturedPendingSettlement", "another"); 500];
    full[499].1 = "2026-11-20T07:44:59Z";
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&full)),
        ("getSettledBatchList", batches(&[])),
    ];
    let peer = peer(script).await;
    assert_eq!(resume(&peer, None, "08:05:00").await, Ok(Sight::Absent));
    assert_eq!(peer.asked.lock().expect("the log").len(), 2);
}

#[tokio::test]
async fn a_known_transaction_is_asked_for_by_its_identifier() {
    for (status, reason, progress) in [
        ("FDSPendingReview", "1", pending(Some("60"))),
        (
            "declined",
            "27",
            Progress::Declined(Declined {
                reason: DeclineReason::WrongDetails,
                code: "27".to_owned(),
            }),
        ),
    ] {
        let peer = peer(vec![("getTransactionDetails", details("60", None, status, reason))]).await;
        assert_eq!(resume(&peer, Some("60"), "08:01:00").await, Ok(Sight::There(progress)));
        peer.finish();
    }
    // With the keys of another account it is not found, which does not make it absent.
    let missing = error("E00040", "The record cannot be found.");
    let peer = peer(vec![("getTransactionDetails", missing)]).await;
    assert_eq!(refused(&resume(&peer, Some("60"), "23:00:00").await), Some("E00040"));
    peer.finish();
}

#[tokio::test]
async fn answers_that_are_none_leave_it_open() {
    let long: &'static str = Box::leak("x".repeat(1_100_000).into_boxed_str());
    for reply in [
        Reply::Odd("200 OK", "<html>"),
        Reply::Odd("200 OK", long),
        Reply::Odd("403 Forbidden", "no"),
        Reply::Odd("503 Unavailable", ""),
        ok("authenticateTest", ""),
        error("E00001", "An error occurred during processing."),
    ] {
        let peer = peer(vec![("createTransaction", reply)]).await;
        let outcome = charge(&peer, None).await;
        assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{outcome:?}");
        peer.finish();
    }
}

// --- stored methods ---

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

// --- refunds ---

#[tokio::test]
async fn a_settled_payment_is_given_back_in_part() {
    let script = vec![
        ("getTransactionDetails", details("60", None, "settledSuccessfully", "1")),
        ("getUnsettledTransactionList", unsettled(&[])),
        ("getSettledBatchList", batches(&[])),
        ("createTransaction", receipt("1", "61", "")),
    ];
    let peer = peer(script).await;
    let done = Returned::Done { id: "61".to_owned(), money: dollars(500), at: at("09:00:00") };
    assert_eq!(refund(&peer, 500).await, Ok(done));
    let asked = peer.finish();
    let card = "<cardNumber>1111</cardNumber><expirationDate>XXXX</expirationDate>";
    assert!(asked[3].contains(card), "{}", asked[3]);
    assert!(asked[3].contains("<refTransId>60</refTransId>"));
}

#[tokio::test]
async fn a_payment_that_is_not_settled_is_undone_as_a_whole_or_not_at_all() {
    let script = || {
        vec![
            ("getTransactionDetails", details("60", None, "capturedPendingSettlement", "1")),
            ("getUnsettledTransactionList", unsettled(&[])),
            ("getSettledBatchList", batches(&[])),
        ]
    };
    let part = peer(script()).await;
    assert_eq!(refused(&refund(&part, 500).await), Some("unsettled"));
    part.finish();

    let mut script = script();
    script.push(("createTransaction", receipt("1", "60", "")));
    let whole = peer(script).await;
    let done = Returned::Done { id: "60".to_owned(), money: dollars(1234), at: at("09:00:00") };
    assert_eq!(refund(&whole, 1234).await, Ok(done));
    assert!(whole.finish()[3].contains("<transactionType>voidTransaction</transactionType>"));
}

#[tokio::test]
async fn pay_01_a_refund_that_is_known_is_not_made_again() {
    let seen = [("61", "2026-11-20T09:00:01Z", "refundPendingSettlement", REFERENCE)];
    let script = vec![
        ("getTransactionDetails", details("60", None, "settledSuccessfully", "1")),
        ("getUnsettledTransactionList", unsettled(&seen)),
        ("getSettledBatchList", batches(&[])),
    ];
    let known = peer(script).await;
    let done = Returned::Done { id: "61".to_owned(), money: dollars(500), at: at("09:00:01") };
    assert_eq!(refund(&known, 500).await, Ok(done));
    known.finish();

    let voided = peer(vec![("getTransactionDetails", details("60", None, "voided", "1"))]).await;
    let done = Returned::Done { id: "60".to_owned(), money: dollars(1234), at: at("09:00:00") };
    assert_eq!(refund(&voided, 1234).await, Ok(done));
    voided.finish();

    // Undone by somebody else: there is nothing left to give a part of.
    let script = vec![
        ("getTransactionDetails", details("60", None, "voided", "1")),
        ("getUnsettledTransactionList", unsettled(&[])),
        ("getSettledBatchList", batches(&[])),
    ];
    let part = peer(script).await;
    assert!(matches!(refund(&part, 500).await, Ok(Returned::Refused(_))));
    part.finish();

    let script = vec![
        ("getTransactionDetails", details("60", None, "settledSuccessfully", "1")),
        ("getUnsettledTransactionList", unsettled(&[])),
        ("getSettledBatchList", batches(&[])),
    ];
    let unknown = peer(script).await;
    let reference = reference();
    let refunds = unknown.gateway.refunds().expect("refunds");
    assert_eq!(refunds.look_up_refund(&refund_order(&reference, 500)).await, Ok(None));
    unknown.finish();
}

// --- the account ---

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

// --- the books ---

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

// --- what was taken ---

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

// --- notices ---

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
