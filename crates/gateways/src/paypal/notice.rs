//! Notices (webhooks). PayPal itself is asked whether a message is its own:
//! <https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post>. What is
//! asked about is checked first, so that a forgery does not make PayPal fetch from elsewhere.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use super::PayPal;
use super::fault::Trouble;
use crate::{Message, Notice, Notices, Subject, Unproven};

/// How far the time of a message may be from now.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The only algorithm that PayPal's pages know of. It is not the message that chooses.
const ALGORITHM: &str = "SHA256withRSA";

/// `verify_webhook_signature`.
#[derive(Debug, Serialize)]
pub(super) struct Question<'a> {
    auth_algo: &'a str,
    cert_url: &'a str,
    transmission_id: &'a str,
    transmission_sig: &'a str,
    transmission_time: &'a str,
    /// The account's own, whatever the message says.
    webhook_id: &'a str,
    /// As it was received: written anew, the same values have another signature.
    webhook_event: &'a RawValue,
}

#[derive(Deserialize)]
struct Verdict {
    verification_status: String,
}

#[derive(Deserialize)]
pub(super) struct Event {
    id: String,
    pub(super) event_type: String,
    resource_type: Option<String>,
    #[serde(default)]
    resource: Value,
}

#[async_trait]
impl Notices for PayPal {
    async fn open(&self, message: &Message<'_>) -> Result<Notice, Unproven> {
        let question = self.question(message)?;
        let path = "/v1/notifications/verify-webhook-signature";
        let verdict: Verdict = match self.api.post(path, None, &question).await {
            Ok(verdict) => verdict,
            Err(trouble) => return Err(unanswered(trouble)),
        };
        if verdict.verification_status != "SUCCESS" {
            return Err(Unproven::WrongSignature);
        }
        let event: Event = serde_json::from_slice(message.body)
            .map_err(|error| Unproven::Malformed(error.to_string()))?;
        let about = subject(&event);
        Ok(Notice { event_id: event.id, kind: event.event_type, about })
    }
}

impl PayPal {
    /// What PayPal is asked, if the message can be its own at all.
    pub(super) fn question<'a>(
        &'a self,
        message: &'a Message<'_>,
    ) -> Result<Question<'a>, Unproven> {
        let webhook_id = self.webhook_id.as_deref().ok_or(Unproven::NoSecret)?;
        let header =
            |name| message.header(name).filter(|value| !value.is_empty()).ok_or(Unproven::Unsigned);
        let question = Question {
            auth_algo: header("paypal-auth-algo")?,
            cert_url: header("paypal-cert-url")?,
            transmission_id: header("paypal-transmission-id")?,
            transmission_sig: header("paypal-transmission-sig")?,
            transmission_time: header("paypal-transmission-time")?,
            webhook_id,
            webhook_event: serde_json::from_slice(message.body)
                .map_err(|_| Unproven::WrongSignature)?,
        };
        let sent: Timestamp = question.transmission_time.parse().map_err(|_| Unproven::Unsigned)?;
        if message.now.duration_since(sent).abs() > TOLERANCE {
            return Err(Unproven::Stale);
        }
        if question.auth_algo != ALGORITHM {
            return Err(Unproven::WrongSignature);
        }
        self.check_home(question.cert_url)?;
        Ok(question)
    }

    /// Makes sure that the certificate would be fetched from PayPal, and from the right one.
    fn check_home(&self, text: &str) -> Result<(), Unproven> {
        let url = Url::parse(text).map_err(|_| Unproven::WrongSignature)?;
        let origin = url.origin();
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Unproven::WrongSignature);
        }
        if self.homes.contains(&origin) {
            return Ok(());
        }
        Err(if origin == self.foreign { Unproven::OtherMode } else { Unproven::WrongSignature })
    }
}

/// Where PayPal does not even take the question, the signature is none.
fn unanswered(trouble: Trouble) -> Unproven {
    match trouble {
        Trouble::Fault(fault) if fault.status == StatusCode::BAD_REQUEST => {
            Unproven::WrongSignature
        }
        trouble => Unproven::NotAsked(trouble.into()),
    }
}

/// What to look up. <https://developer.paypal.com/api/rest/webhooks/event-names/>
pub(super) fn subject(event: &Event) -> Option<Subject> {
    let it = &event.resource;
    let own = text(it, "/id");
    let kind = event.event_type.as_str();
    let is = |prefix: &str| kind.starts_with(prefix);
    if is("CHECKOUT.") {
        let reference = text(it, "/purchase_units/0/custom_id");
        return payment(text(it, "/order_id").or(own), reference);
    }
    if is("PAYMENT.REFUND.") || is("PAYMENT.CAPTURE.REFUNDED") || is("PAYMENT.CAPTURE.REVERSED") {
        let is_capture = event.resource_type.as_deref() == Some("capture");
        let id = own.clone().filter(|_| !is_capture);
        let charge = charge_of(it).or(own.filter(|_| is_capture))?;
        return Some(Subject::Reversal { charge, id });
    }
    if is("PAYMENT.CAPTURE.") {
        let order = text(it, "/supplementary_data/related_ids/order_id");
        return payment(order.or(own), text(it, "/custom_id"));
    }
    if is("VAULT.PAYMENT-TOKEN.") {
        // A wallet that was stored by a payment, later than the payment was made.
        let order = text(it, "/metadata/order_id").filter(|_| kind.ends_with(".CREATED"));
        return payment(order, None).or(own.map(|token| Subject::Method { token }));
    }
    if is("CUSTOMER.DISPUTE.") {
        // What a dispute takes is a transaction of its own, with an identifier of its own.
        let charge = text(it, "/disputed_transactions/0/seller_transaction_id")?;
        return Some(Subject::Reversal { charge, id: None });
    }
    None
}

fn payment(handle: Option<String>, reference: Option<String>) -> Option<Subject> {
    Some(Subject::Payment { handle: handle?, reference })
}

/// The capture that a refund links to as what it came from.
fn charge_of(refund: &Value) -> Option<String> {
    let links = refund.get("links")?.as_array()?;
    let up = links.iter().find(|link| link.get("rel").and_then(Value::as_str) == Some("up"))?;
    let (_, id) = up.get("href")?.as_str()?.rsplit_once("/captures/")?;
    Some(id.to_owned())
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(str::to_owned)
}
