//! Webhooks: <https://developer.authorize.net/api/reference/features/webhooks.html>.
//!
//! The header `X-ANET-Signature` is `sha512=` and the HMAC-SHA512 of the body in hexadecimal
//! digits. The key is the signature key **as it is written**, its 128 digits, not the 64 bytes that
//! they stand for: the documentation does not say so, a published message does, which the tests
//! have. (The transaction hash of the same key, which nothing here uses, is the other way.)
//!
//! No header has a time, but the signed body has that of the event. What is older than five minutes
//! is refused as everywhere, though the provider sends again for days what was not taken: what such
//! a message would tell is found by looking. [`Unproven::Stale`] is only said of messages that are
//! the provider's: they may be answered like others, so that it does not switch the webhook off.

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use portico_billing::gateway::Reference;
use serde::Deserialize;
use sha2::Sha512;
use subtle::ConstantTimeEq;

use super::{AuthorizeNet, reasons};
use crate::{Message, Notice, Notices, Subject, Unproven};

/// How old, or how far ahead of our clock, an event may be.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

#[async_trait]
impl Notices for AuthorizeNet {
    async fn open(&self, message: &Message<'_>) -> Result<Notice, Unproven> {
        let event = proven(self.signature_key.as_deref(), message)?;
        let about = match event.about() {
            // A refund is told by its own identifier.
            Some(Subject::Reversal { id: Some(refund), .. }) => self.taken_from(refund).await?,
            about => about,
        };
        Ok(Notice { event_id: event.notification_id, kind: event.event_type, about })
    }
}

impl AuthorizeNet {
    /// The charge that a refund takes from.
    async fn taken_from(&self, refund: String) -> Result<Option<Subject>, Unproven> {
        match self.details(&refund).await {
            Ok(it) => Ok(it.of.map(|charge| Subject::Reversal { charge, id: Some(refund) })),
            Err(error) if reasons::is_not_found(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// What a message says that is signed with the key.
fn proven(key: Option<&str>, message: &Message<'_>) -> Result<Event, Unproven> {
    let key = key.filter(|key| !key.is_empty()).ok_or(Unproven::NoSecret)?;
    let signature = message.header("x-anet-signature").ok_or(Unproven::Unsigned)?;
    if !is_signed(key, signature, message.body) {
        return Err(Unproven::WrongSignature);
    }
    let event: Event = serde_json::from_slice(message.body)
        .map_err(|error| Unproven::Malformed(error.to_string()))?;
    if message.now.duration_since(event.event_date).abs() > TOLERANCE {
        return Err(Unproven::Stale);
    }
    Ok(event)
}

/// Compares in a time that does not tell how much of it is right.
fn is_signed(key: &str, signature: &str, body: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(key.as_bytes()) else { return false };
    mac.update(body);
    let digits = mac.finalize().into_bytes();
    let expected: String = digits.iter().map(|byte| format!("{byte:02X}")).collect();
    let Some((algorithm, told)) = signature.split_once('=') else { return false };
    let told = told.to_ascii_uppercase();
    algorithm.eq_ignore_ascii_case("sha512")
        && bool::from(expected.as_bytes().ct_eq(told.as_bytes()))
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    notification_id: String,
    event_type: String,
    event_date: Timestamp,
    #[serde(default)]
    payload: Payload,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    #[serde(default)]
    id: String,
    /// The reference of the request, and that of the order.
    merchant_reference_id: Option<String>,
    invoice_number: Option<String>,
}

impl Event {
    /// What the event is about, by the identifier in it.
    fn about(&self) -> Option<Subject> {
        let id = &self.payload.id;
        let is_one =
            id.bytes().any(|byte| byte != b'0') && id.bytes().all(|it| it.is_ascii_digit());
        if !is_one {
            return None;
        }
        let kind = self.event_type.strip_prefix("net.authorize.")?;
        match kind {
            "payment.void.created" => Some(Subject::Reversal { charge: id.clone(), id: None }),
            "payment.refund.created" => {
                Some(Subject::Reversal { charge: id.clone(), id: Some(id.clone()) })
            }
            _ if kind.starts_with("customer.paymentProfile.") => {
                Some(Subject::Method { token: id.clone() })
            }
            _ if kind.starts_with("payment.") => {
                Some(Subject::Payment { handle: id.clone(), reference: self.reference() })
            }
            _ => None,
        }
    }

    /// Portico's reference, where the message has one.
    fn reference(&self) -> Option<String> {
        let told = [&self.payload.invoice_number, &self.payload.merchant_reference_id];
        let ours = |text: &&String| text.parse::<Reference>().is_ok();
        told.into_iter().flatten().find(ours).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "2679A5D5785C9B26CF921E1754765CDDB265C9C88400786923E5343B315954FA\
                       FB4B7BF608818F6A21766741E8637DC206F286C725908C777ED4127D8562163D";

    /// A message as the provider sent it, published with its key in the vendor's community, 8 March
    /// 2017: "HMAC SHA-512 hash not matching in webhook callback".
    const BODY: &str = "{\"notificationId\":\"f813b98f-3552-4eeb-ba40-acb4704eeba3\",\
                        \"eventType\":\"net.authorize.payment.authcapture.created\",\
                        \"eventDate\":\"2017-03-08T17:35:37.155999Z\",\
                        \"webhookId\":\"63d6fea2-aa13-4b1d-a204-f5fbc15942b7\",\
                        \"payload\":{\"responseCode\":1,\"authCode\":\"8VTPDC\",\
                        \"avsResponse\":\"Y\",\"authAmount\":10.00,\
                        \"entityName\":\"transaction\",\"id\":\"60019392075\"}}";
    const DIGITS: &str = "9607C69D2734514554CE13D923D19939563F2FD6567D239F49F0DF0D08865632\
                          A0FB98061B4620CC52C47BB8BF6E2B69A15A67E4C98E81D7D65111076C515C6A";

    const NOW: &str = "2017-03-08T17:36:00Z";

    fn open(key: Option<&str>, signature: &str, body: &str, now: &str) -> Result<Event, Unproven> {
        let headers = [("x-anet-signature".to_owned(), signature.to_owned())];
        let now = now.parse().expect("a time");
        proven(key, &Message { headers: &headers, body: body.as_bytes(), now })
    }

    fn genuine() -> String {
        format!("sha512={DIGITS}")
    }

    fn sign(key: &[u8], body: &str) -> String {
        let mut mac = Hmac::<Sha512>::new_from_slice(key).expect("a key");
        mac.update(body.as_bytes());
        let digits = mac.finalize().into_bytes();
        digits.iter().fold("sha512=".to_owned(), |text, byte| format!("{text}{byte:02x}"))
    }

    #[test]
    fn whk_01_a_published_message_is_the_providers() {
        let event = open(Some(KEY), &genuine(), BODY, NOW).expect("genuine");
        assert_eq!(event.notification_id, "f813b98f-3552-4eeb-ba40-acb4704eeba3");
        let handle = "60019392075".to_owned();
        assert_eq!(event.about(), Some(Subject::Payment { handle, reference: None }));
        let lower = genuine().to_lowercase();
        assert_eq!(open(Some(KEY), &lower, BODY, NOW), Ok(event));
    }

    #[test]
    fn whk_01_without_a_secret_nothing_is_genuine() {
        for key in [None, Some("")] {
            for signature in [genuine(), sign(b"", BODY)] {
                assert_eq!(open(key, &signature, BODY, NOW), Err(Unproven::NoSecret));
            }
        }
    }

    #[test]
    fn whk_01_unsigned_and_twice_signed_messages_are_not_genuine() {
        let now = NOW.parse().expect("a time");
        let header = ("x-anet-signature".to_owned(), genuine());
        let other = ("x-signature".to_owned(), genuine());
        for headers in [vec![], vec![header.clone(), header], vec![other]] {
            let message = Message { headers: &headers, body: BODY.as_bytes(), now };
            assert_eq!(proven(Some(KEY), &message), Err(Unproven::Unsigned));
        }
    }

    #[test]
    fn whk_01_forged_signatures_are_wrong() {
        let bytes: Vec<u8> = (0..64)
            .map(|at| u8::from_str_radix(&KEY[2 * at..2 * at + 2], 16).expect("a byte"))
            .collect();
        let mut forgeries = vec![
            String::new(),
            "sha512=".to_owned(),
            "sha512".to_owned(),
            DIGITS.to_owned(),
            format!("sha256={DIGITS}"),
            format!("none={DIGITS}"),
            format!("sha512=={DIGITS}"),
            format!("sha512={DIGITS}="),
            format!("sha512= {DIGITS}"),
            format!("sha512={DIGITS},sha512={DIGITS}"),
            format!("sha512=0x{DIGITS}"),
            format!("sha512={}", &DIGITS[..126]),
            format!("sha512={DIGITS}00"),
            format!("sha512={}", "0".repeat(128)),
            format!("sha512={}", "Z".repeat(128)),
            format!("sha512={}", DIGITS.chars().rev().collect::<String>()),
            sign(b"another key", BODY),
            sign(KEY.to_lowercase().as_bytes(), BODY),
            sign(&bytes, BODY),
            sign(KEY.as_bytes(), ""),
            sign(KEY.as_bytes(), &format!("{BODY}\n")),
        ];
        for at in 0..128 {
            let mut digits: Vec<char> = DIGITS.chars().collect();
            digits[at] = if digits[at] == '0' { '1' } else { '0' };
            forgeries.push(format!("sha512={}", digits.iter().collect::<String>()));
        }
        for forgery in forgeries {
            let opened = open(Some(KEY), &forgery, BODY, NOW);
            assert_eq!(opened, Err(Unproven::WrongSignature), "{forgery}");
        }
    }

    #[test]
    fn whk_06_each_byte_of_the_body_is_signed() {
        let spaced = BODY.replace(':', ": ");
        let shorter = BODY.replace("10.00", "10.0");
        let dearer = BODY.replace("10.00", "99.00");
        let bodies =
            [spaced, shorter, dearer, format!("{BODY}\n"), format!(" {BODY}"), String::new()];
        for body in bodies {
            let opened = open(Some(KEY), &genuine(), &body, NOW);
            assert_eq!(opened, Err(Unproven::WrongSignature), "{body}");
        }
    }

    #[test]
    fn whk_01_messages_of_another_time_are_stale() {
        for now in ["2017-03-08T17:40:37Z", "2017-03-08T17:30:38Z"] {
            assert!(open(Some(KEY), &genuine(), BODY, now).is_ok(), "{now}");
        }
        for now in ["2017-03-08T17:40:38Z", "2017-03-08T17:30:36Z", "2017-03-15T17:35:37Z"] {
            assert_eq!(open(Some(KEY), &genuine(), BODY, now), Err(Unproven::Stale), "{now}");
        }
    }

    #[test]
    fn whk_01_signed_nonsense_is_malformed() {
        for body in ["", "[]", "{}", "null", "{\"notificationId\":1}", "\u{feff}{}"] {
            let opened = open(Some(KEY), &sign(KEY.as_bytes(), body), body, NOW);
            assert!(matches!(opened, Err(Unproven::Malformed(_))), "{body}");
        }
    }

    fn about(kind: &str, payload: &str) -> Option<Subject> {
        let event = format!(r#""eventType":"net.authorize.{kind}","eventDate":"{NOW}""#);
        let body = format!(r#"{{"notificationId":"n",{event},"payload":{payload}}}"#);
        open(Some(KEY), &sign(KEY.as_bytes(), &body), &body, NOW).expect("genuine").about()
    }

    #[test]
    fn each_kind_of_event_says_what_to_look_up() {
        let reference = "0123456789ABCDEFGHJK";
        let payload = format!(r#"{{"id":"12","merchantReferenceId":"{reference}"}}"#);
        let payment = Some(Subject::Payment {
            handle: "12".to_owned(),
            reference: Some(reference.to_owned()),
        });
        let payments = [
            "payment.authcapture.created",
            "payment.authorization.created",
            "payment.capture.created",
            "payment.priorAuthCapture.created",
            "payment.fraud.held",
            "payment.fraud.approved",
            "payment.fraud.declined",
        ];
        for kind in payments {
            assert_eq!(about(kind, &payload), payment, "{kind}");
        }
        let reversal = |id| Some(Subject::Reversal { charge: "12".to_owned(), id });
        assert_eq!(about("payment.void.created", &payload), reversal(None));
        // Of which charge, the provider is asked.
        assert_eq!(about("payment.refund.created", &payload), reversal(Some("12".to_owned())));
        let method = Some(Subject::Method { token: "12".to_owned() });
        for kind in ["created", "updated", "deleted"] {
            assert_eq!(about(&format!("customer.paymentProfile.{kind}"), &payload), method);
        }
        for kind in ["customer.created", "customer.subscription.created", "merchant.registered"] {
            assert_eq!(about(kind, &payload), None, "{kind}");
        }
    }

    #[test]
    fn what_names_nothing_is_about_nothing() {
        let kind = "payment.authcapture.created";
        for payload in ["{}", r#"{"id":"0"}"#, r#"{"id":""}"#, r#"{"id":"../12"}"#] {
            assert_eq!(about(kind, payload), None, "{payload}");
        }
        let foreign = r#"{"id":"12","merchantReferenceId":"order 7","invoiceNumber":"A-1"}"#;
        let payment = Subject::Payment { handle: "12".to_owned(), reference: None };
        assert_eq!(about(kind, foreign), Some(payment));
    }
}
