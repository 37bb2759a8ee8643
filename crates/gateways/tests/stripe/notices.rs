//! What Stripe tells by itself, through the whole gateway. Signatures were made with OpenSSL:
//! `openssl dgst -sha256 -hmac whsec_one`.

use jiff::Timestamp;
use portico_gateways::{Message, Mode, Notice, Subject, Unproven};

use crate::peer::gateway;

const TEST_EVENT: &str = r#"{
  "id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "livemode": false,
  "data": {"object": {"id": "pi_1", "object": "payment_intent",
    "metadata": {"portico_reference": "0123456789ABCDEFGHJK"}}}
}"#;
const TEST_EVENT_SIGNATURE: &str =
    "6c42d5fcbf83f2a6c2a42e8ed31b39503b248609a708f46537a12fdfe2160ca7";

const CONNECTED_EVENT: &str = r#"{
  "id": "evt_2", "object": "event", "type": "payment_method.detached", "livemode": false,
  "account": "acct_1", "data": {"object": {"id": "pm_1", "object": "payment_method"}}
}"#;
const CONNECTED_EVENT_SIGNATURE: &str =
    "e619e25edfbb8826290596196be0d642cf1ab1400d4e4530b4c22ce45fff8f20";

const NO_EVENT: &str = r#"{"hello": "world"}"#;
const NO_EVENT_SIGNATURE: &str = "5f37a0622085e8c69341d77857aab417a69b3289546d8abc6b0ea7763a2348c3";

async fn opened(
    mode: Mode,
    settings: &[(&str, &str)],
    (body, signature): (&str, &str),
) -> Result<Notice, Unproven> {
    let gateway = gateway("http://127.0.0.1:9", mode, settings);
    let value = format!("t=1790000000,v1={signature}");
    let headers = [("stripe-signature".to_owned(), value)];
    let now = Timestamp::from_second(1_790_000_060).expect("a time");
    let message = Message { headers: &headers, body: body.as_bytes(), now };
    gateway.notices().expect("notices").open(&message).await
}

const SECRET: &[(&str, &str)] = &[("webhook_secret", "whsec_one")];

#[tokio::test]
async fn a_notice_says_what_to_look_up() {
    let about = Subject::Payment {
        handle: "pi_1".to_owned(),
        reference: Some("0123456789ABCDEFGHJK".to_owned()),
    };
    let expected = Notice {
        event_id: "evt_1".to_owned(),
        kind: "payment_intent.succeeded".to_owned(),
        about: Some(about),
    };
    let event = (TEST_EVENT, TEST_EVENT_SIGNATURE);
    assert_eq!(opened(Mode::Test, SECRET, event).await, Ok(expected.clone()));
    let two = [("webhook_secret", "whsec_two whsec_one")];
    assert_eq!(opened(Mode::Test, &two, event).await, Ok(expected));
}

#[tokio::test]
async fn whk_01_other_modes_and_other_secrets_do_nothing() {
    let event = (TEST_EVENT, TEST_EVENT_SIGNATURE);
    assert_eq!(opened(Mode::Live, SECRET, event).await, Err(Unproven::OtherMode));
    assert_eq!(opened(Mode::Test, &[], event).await, Err(Unproven::NoSecret));
    let blank = [("webhook_secret", "   ")];
    assert_eq!(opened(Mode::Test, &blank, event).await, Err(Unproven::NoSecret));
    let another = [("webhook_secret", "whsec_two")];
    assert_eq!(opened(Mode::Test, &another, event).await, Err(Unproven::WrongSignature));
    let swapped = (TEST_EVENT, CONNECTED_EVENT_SIGNATURE);
    assert_eq!(opened(Mode::Test, SECRET, swapped).await, Err(Unproven::WrongSignature));
}

#[tokio::test]
async fn whk_02_another_accounts_events_do_nothing() {
    let event = (CONNECTED_EVENT, CONNECTED_EVENT_SIGNATURE);
    let own = [("webhook_secret", "whsec_one"), ("account_id", "acct_1")];
    let about = opened(Mode::Test, &own, event).await.map(|notice| notice.about);
    assert_eq!(about, Ok(Some(Subject::Method { token: "pm_1".to_owned() })));
    // Stripe names the account in what it tells a platform, not in what it tells the account.
    let unnamed = opened(Mode::Test, &own, (TEST_EVENT, TEST_EVENT_SIGNATURE)).await;
    assert!(unnamed.is_ok(), "{unnamed:?}");
    let other = [("webhook_secret", "whsec_one"), ("account_id", "acct_2")];
    for settings in [&other[..], SECRET] {
        let outcome = opened(Mode::Test, settings, event).await;
        assert!(matches!(outcome, Err(Unproven::Malformed(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn what_is_signed_and_no_event_is_malformed() {
    let outcome = opened(Mode::Test, SECRET, (NO_EVENT, NO_EVENT_SIGNATURE)).await;
    assert!(matches!(outcome, Err(Unproven::Malformed(_))), "{outcome:?}");
}
