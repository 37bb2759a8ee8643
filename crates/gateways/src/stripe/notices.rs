//! What Stripe tells by itself (<https://docs.stripe.com/webhooks>).

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use super::Stripe;
use crate::{Message, Mode, Notice, Notices, Subject, Unproven};

/// Seconds that a message may be old, or ahead of the clock here.
const TOLERANCE: u64 = 5 * 60;

#[async_trait]
impl Notices for Stripe {
    async fn open(&self, message: &Message<'_>) -> Result<Notice, Unproven> {
        prove(message, &self.webhook_secrets)?;
        let event: Event = serde_json::from_slice(message.body)
            .map_err(|error| Unproven::Malformed(error.to_string()))?;
        if event.livemode != (self.mode == Mode::Live) {
            return Err(Unproven::OtherMode);
        }
        // An endpoint of a platform is told of each account that is connected to it.
        if event.account.is_some() && event.account != self.client.account {
            return Err(Unproven::Malformed("it is of another account".to_owned()));
        }
        let about = subject(&event.kind, &event.data.object);
        Ok(Notice { event_id: event.id, kind: event.kind, about })
    }
}

/// An event (<https://docs.stripe.com/api/events/object>).
#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    livemode: bool,
    account: Option<String>,
    data: EventData,
}

#[derive(Deserialize)]
struct EventData {
    object: Value,
}

/// The parts of the header `Stripe-Signature`: `t=1790000000,v1=5257a8…,v1=…,v0=…`.
struct Signed<'a> {
    at: &'a str,
    signatures: Vec<[u8; 32]>,
}

impl<'a> Signed<'a> {
    /// Schemes other than `v1` prove nothing: `v0` is of test events
    /// (<https://docs.stripe.com/webhooks/signature>).
    fn parse(header: &'a str) -> Result<Self, Unproven> {
        let fields = || header.split(',').filter_map(|field| field.trim().split_once('='));
        let mut times = fields().filter(|(name, _)| *name == "t").map(|(_, value)| value);
        let (Some(at), None) = (times.next(), times.next()) else { return Err(Unproven::Unsigned) };
        let mut signatures = fields().filter(|(name, _)| *name == "v1").peekable();
        if signatures.peek().is_none() {
            return Err(Unproven::Unsigned);
        }
        let signatures = signatures.filter_map(|(_, value)| bytes(value)).collect();
        Ok(Self { at, signatures })
    }
}

/// 32 bytes in hexadecimal.
fn bytes(hex: &str) -> Option<[u8; 32]> {
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, start) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(hex.get(start..start + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Makes sure that somebody who knows one of the secrets wrote the message, and lately.
fn prove(message: &Message<'_>, secrets: &[String]) -> Result<(), Unproven> {
    if secrets.is_empty() {
        return Err(Unproven::NoSecret);
    }
    let signed = Signed::parse(message.header("stripe-signature").ok_or(Unproven::Unsigned)?)?;
    let is_by = |secret: &String| is_signed_by(secret.as_bytes(), &signed, message.body);
    if !secrets.iter().any(is_by) {
        return Err(Unproven::WrongSignature);
    }
    let is_number = signed.at.bytes().all(|byte| byte.is_ascii_digit());
    let at: i64 = signed.at.parse().map_err(|_| Unproven::Stale)?;
    let recent = is_number && is_recent(at, message.now);
    recent.then_some(()).ok_or(Unproven::Stale)
}

fn is_recent(at: i64, now: Timestamp) -> bool {
    now.as_second().abs_diff(at) <= TOLERANCE
}

/// The comparison takes the same time wherever the difference is.
fn is_signed_by(secret: &[u8], signed: &Signed<'_>, body: &[u8]) -> bool {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret) else { return false };
    let mac = mac.chain_update(signed.at).chain_update(b".").chain_update(body);
    signed.signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
}

/// What to look up, by the object that the event is of.
fn subject(kind: &str, object: &Value) -> Option<Subject> {
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    let noted = object.pointer("/metadata/portico_reference");
    let reference = noted.and_then(Value::as_str).map(str::to_owned);
    let handle = text("id")?;
    let charge = || text("payment_intent").or_else(|| text("charge"));
    match text("object")?.as_str() {
        "checkout.session" => {
            let reference = text("client_reference_id").or(reference);
            match text("mode")?.as_str() {
                "payment" => Some(Subject::Payment { handle, reference }),
                "setup" => Some(Subject::SetUp { handle, reference }),
                _ => None,
            }
        }
        "payment_intent" => Some(Subject::Payment { handle, reference }),
        "setup_intent" => Some(Subject::SetUp { handle, reference }),
        "charge" => {
            let payment = text("payment_intent").unwrap_or(handle);
            Some(match kind {
                "charge.refunded" => Subject::Reversal { charge: payment, id: None },
                _ => Subject::Payment { handle: payment, reference },
            })
        }
        "refund" | "dispute" => Some(Subject::Reversal { charge: charge()?, id: Some(handle) }),
        // One that was just stored is told by its set-up or its payment.
        "payment_method" if kind != "payment_method.attached" => {
            Some(Subject::Method { token: handle })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_790_000_000;
    const SECRET: &str = "whsec_one";
    const OTHER: &str = "whsec_two";
    const BODY: &[u8] = br#"{"id": "evt_1"}"#;

    fn sign(secret: &str, at: &str, body: &[u8]) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        let mac = mac.chain_update(at).chain_update(".").chain_update(body);
        let hex = |byte: &u8| format!("{byte:02x}");
        mac.finalize().into_bytes().iter().map(hex).collect()
    }

    fn proven(headers: &[(&str, String)], body: &[u8], secrets: &[&str]) -> Result<(), Unproven> {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let now = Timestamp::from_second(NOW).expect("a time");
        let secrets: Vec<_> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
        prove(&Message { headers: &headers, body, now }, &secrets)
    }

    fn header(value: String) -> Vec<(&'static str, String)> {
        vec![("stripe-signature", value)]
    }

    fn good() -> String {
        format!("t={NOW},v1={}", sign(SECRET, &NOW.to_string(), BODY))
    }

    #[test]
    fn whk_06_the_published_way_to_sign_is_understood() {
        // openssl dgst -sha256 -hmac whsec_one over `1790000000.{"id": "evt_1"}`
        let v1 = sign(SECRET, "1790000000", BODY);
        assert_eq!(v1, PUBLISHED, "the test's own signature");
        for value in [
            format!("t=1790000000,v1={v1}"),
            format!("t=1790000000, v1={v1}, v0=00"),
            format!("v1={},v1={v1},t=1790000000", "0".repeat(64)),
        ] {
            assert_eq!(proven(&header(value.clone()), BODY, &[SECRET]), Ok(()), "{value}");
        }
    }

    /// Made by OpenSSL, not by the code under test.
    const PUBLISHED: &str = "120744dbf56281b66982e921d8eccd59c512b23d05742984e0abc0b522805434";

    #[test]
    fn whk_01_two_secrets_live_at_once_while_one_replaces_the_other() {
        for secrets in [[SECRET, OTHER], [OTHER, SECRET]] {
            assert_eq!(proven(&header(good()), BODY, &secrets), Ok(()));
        }
    }

    /// Its name, the headers, the body, and what becomes of it.
    type Forgery<'a> = (&'a str, Vec<(&'a str, String)>, &'a [u8], Result<(), Unproven>);

    #[test]
    fn whk_01_forgeries_prove_nothing() {
        let at = NOW.to_string();
        let right = sign(SECRET, &at, BODY);
        let t = |at: &str, v1: &str| header(format!("t={at},v1={v1}"));
        let wrong = Err(Unproven::WrongSignature);
        let unsigned = Err(Unproven::Unsigned);
        let cases: Vec<Forgery<'_>> = vec![
            ("no header", vec![], BODY, unsigned.clone()),
            ("another header", vec![("signature", good())], BODY, unsigned.clone()),
            ("an empty header", header(String::new()), BODY, unsigned.clone()),
            (
                "two headers",
                vec![("stripe-signature", good()), ("stripe-signature", good())],
                BODY,
                unsigned.clone(),
            ),
            ("no time", header(format!("v1={right}")), BODY, unsigned.clone()),
            ("two times", header(format!("t={at},t={at},v1={right}")), BODY, unsigned.clone()),
            ("no signature", header(format!("t={at}")), BODY, unsigned.clone()),
            ("another scheme", header(format!("t={at},v0={right}")), BODY, unsigned.clone()),
            ("an unknown scheme", header(format!("t={at},v2={right}")), BODY, unsigned.clone()),
            ("schemes in capitals", header(format!("t={at},V1={right}")), BODY, unsigned),
            ("no hexadecimal", t(&at, &"z".repeat(64)), BODY, wrong.clone()),
            ("signs in the digits", t(&at, &"+f".repeat(32)), BODY, wrong.clone()),
            ("an empty signature", t(&at, ""), BODY, wrong.clone()),
            ("a part of it", t(&at, right.get(..62).unwrap_or("")), BODY, wrong.clone()),
            ("more than it", t(&at, &format!("{right}00")), BODY, wrong.clone()),
            ("zeroes", t(&at, &"0".repeat(64)), BODY, wrong.clone()),
            ("another secret", t(&at, &sign(OTHER, &at, BODY)), BODY, wrong.clone()),
            ("an empty secret", t(&at, &sign("", &at, BODY)), BODY, wrong.clone()),
            ("without the prefix", t(&at, &sign("one", &at, BODY)), BODY, wrong.clone()),
            ("another body", t(&at, &right), br#"{"id": "evt_2"}"#, wrong.clone()),
            ("a space more", t(&at, &right), br#"{"id": "evt_1"} "#, wrong.clone()),
            ("written anew", t(&at, &right), br#"{"id":"evt_1"}"#, wrong.clone()),
            ("no body", t(&at, &right), b"", wrong.clone()),
            ("the time changed", t(&(NOW + 1).to_string(), &right), BODY, wrong.clone()),
            ("the time not signed", t(&at, &sign(SECRET, "", BODY)), BODY, wrong.clone()),
            (
                "the dot moved",
                header(format!("t={}1,v1={}", at, sign(SECRET, &at, BODY))),
                BODY,
                wrong,
            ),
        ];
        for (name, headers, body, expected) in cases {
            assert_eq!(proven(&headers, body, &[SECRET]), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn whk_06_each_byte_counts(
            body in any::<Vec<u8>>(),
            place in any::<usize>(),
            change in 1_u8..,
        ) {
            let at = NOW.to_string();
            let signed = header(format!("t={at},v1={}", sign(SECRET, &at, &body)));
            prop_assert_eq!(proven(&signed, &body, &[SECRET]), Ok(()));
            let mut other = body;
            match other.len() {
                0 => other.push(change),
                length => other[place % length] ^= change,
            }
            prop_assert_eq!(proven(&signed, &other, &[SECRET]), Err(Unproven::WrongSignature));
        }

        #[test]
        fn whk_01_no_header_is_too_odd(value in ".*|(t=[0-9]{0,20},|v1=[0-9a-fé+]{0,70},?){0,9}") {
            prop_assert!(proven(&header(value), BODY, &[SECRET]).is_err());
        }
    }

    #[test]
    fn whk_01_without_a_secret_nothing_is_proven() {
        let at = NOW.to_string();
        let forged = header(format!("t={at},v1={}", sign("", &at, BODY)));
        assert_eq!(proven(&forged, BODY, &[]), Err(Unproven::NoSecret));
    }

    #[test]
    fn whk_01_messages_of_another_time_are_stale() {
        let at = |at: String| {
            let value = format!("t={at},v1={}", sign(SECRET, &at, BODY));
            proven(&header(value), BODY, &[SECRET])
        };
        for near in [-300, -1, 0, 1, 300] {
            assert_eq!(at((NOW + near).to_string()), Ok(()), "{near}");
        }
        for far in [-7 * 86_400, -301, 301, 86_400] {
            assert_eq!(at((NOW + far).to_string()), Err(Unproven::Stale), "{far}");
        }
        for odd in ["", "now", "-1", "+1790000000", "1790000000.0", "99999999999999999999"] {
            assert_eq!(at(odd.to_owned()), Err(Unproven::Stale), "{odd}");
        }
    }

    #[test]
    fn events_say_what_to_look_up() {
        let pay = |handle: &str, reference: Option<&str>| {
            let (handle, reference) = (handle.to_owned(), reference.map(str::to_owned));
            Some(Subject::Payment { handle, reference })
        };
        let reversal = |charge: &str, id: Option<&str>| {
            let (charge, id) = (charge.to_owned(), id.map(str::to_owned));
            Some(Subject::Reversal { charge, id })
        };
        let set_up = |handle: &str| {
            Some(Subject::SetUp { handle: handle.to_owned(), reference: Some("R".to_owned()) })
        };
        let note = json!({"portico_reference": "R"});
        let cases = [
            (
                "checkout.session.completed",
                json!({"object": "checkout.session", "id": "cs_1", "mode": "payment",
                    "client_reference_id": "R"}),
                pay("cs_1", Some("R")),
            ),
            (
                "checkout.session.completed",
                json!({"object": "checkout.session", "id": "cs_1", "mode": "setup",
                    "client_reference_id": null, "metadata": note}),
                set_up("cs_1"),
            ),
            (
                "checkout.session.completed",
                json!({"object": "checkout.session", "id": "cs_1", "mode": "subscription"}),
                None,
            ),
            (
                "payment_intent.succeeded",
                json!({"object": "payment_intent", "id": "pi_1", "metadata": note}),
                pay("pi_1", Some("R")),
            ),
            (
                "charge.succeeded",
                json!({"object": "charge", "id": "ch_1", "payment_intent": "pi_1", "metadata": {}}),
                pay("pi_1", None),
            ),
            (
                "charge.succeeded",
                json!({"object": "charge", "id": "ch_1", "payment_intent": null}),
                pay("ch_1", None),
            ),
            (
                "charge.refunded",
                json!({"object": "charge", "id": "ch_1", "payment_intent": "pi_1"}),
                reversal("pi_1", None),
            ),
            (
                "refund.updated",
                json!({"object": "refund", "id": "re_1", "payment_intent": "pi_1",
                    "charge": "ch_1"}),
                reversal("pi_1", Some("re_1")),
            ),
            (
                "charge.dispute.created",
                json!({"object": "dispute", "id": "dp_1", "payment_intent": null,
                    "charge": "ch_1"}),
                reversal("ch_1", Some("dp_1")),
            ),
            (
                "setup_intent.succeeded",
                json!({"object": "setup_intent", "id": "seti_1", "metadata": note}),
                set_up("seti_1"),
            ),
            (
                "payment_method.detached",
                json!({"object": "payment_method", "id": "pm_1"}),
                Some(Subject::Method { token: "pm_1".to_owned() }),
            ),
            ("payment_method.attached", json!({"object": "payment_method", "id": "pm_1"}), None),
            ("payout.paid", json!({"object": "payout", "id": "po_1"}), None),
            ("balance.available", json!({"object": "balance"}), None),
        ];
        for (kind, object, expected) in cases {
            assert_eq!(subject(kind, &object), expected, "{kind} {object}");
        }
    }
}
