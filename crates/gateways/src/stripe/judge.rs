//! What Stripe's objects say of how a payment, or the storing of a method, stands.

use jiff::Timestamp;
use portico_billing::gateway::DeclineReason;
use url::Url;

use super::wire::{Failure, Intent, NextAction, Session, Setup, reference, whole};
use super::{amount, decline, method};
use crate::answer::Way;
use crate::{Declined, GatewayError, Paid, Progress};

/// How a payment stands, by its PaymentIntent
/// (<https://docs.stripe.com/payments/paymentintents/lifecycle>).
///
/// # Errors
/// `Unknown` where it cannot be told.
pub fn intent(intent: &Intent, handle: &str) -> Result<Progress, GatewayError> {
    let handle = handle.to_owned();
    match intent.status.as_str() {
        "succeeded" => Ok(Progress::Paid(Box::new(paid(intent)?))),
        "requires_action" => action(intent.next_action.as_ref(), handle),
        "requires_payment_method" => {
            Ok(Progress::Declined(failed(intent.last_payment_error.as_ref())))
        }
        "canceled" => {
            Ok(Progress::Declined(decline::canceled(intent.cancellation_reason.as_deref())))
        }
        "processing" | "requires_confirmation" | "requires_capture" => {
            Ok(Progress::Pending { handle: Some(handle) })
        }
        other => Err(unreadable("payment", other)),
    }
}

/// How a payment stands, by the page that it is made on, unfolded with its PaymentIntent. While the
/// page is open, a card that was declined is one of several tries.
///
/// # Errors
/// `Unknown` where it cannot be told.
pub fn payment_page(session: &Session) -> Result<Progress, GatewayError> {
    let payment = whole(session.payment_intent.as_ref());
    let decided = |intent: &&Intent| matches!(intent.status.as_str(), "succeeded" | "processing");
    if let Some(payment) = payment.filter(decided) {
        return intent(payment, &session.id);
    }
    match (session.status.as_deref(), payment) {
        (Some("open"), _) => open_page(session),
        (Some("expired"), _) => Ok(Progress::Declined(expired())),
        // The customer has done all there is to do there: the money is on its way (a voucher, a
        // transfer), or did not come.
        (Some("complete"), Some(payment)) if payment.status != "requires_action" => {
            intent(payment, &session.id)
        }
        (Some("complete"), _) => Ok(Progress::Pending { handle: Some(session.id.clone()) }),
        (other, _) => Err(unreadable("page", other.unwrap_or_default())),
    }
}

/// How the storing of a method stands, by the page that it is done on, unfolded with its
/// SetupIntent.
///
/// # Errors
/// `Unknown` where it cannot be told.
pub fn set_up_page(session: &Session) -> Result<Progress, GatewayError> {
    let set_up = whole(session.setup_intent.as_ref());
    if let Some(stored) = set_up.filter(|set_up| set_up.status == "succeeded") {
        return Ok(kept(stored));
    }
    match (session.status.as_deref(), set_up) {
        (Some("open"), _) => open_page(session),
        (Some("expired"), _) => Ok(Progress::Declined(expired())),
        (Some("complete"), Some(set_up)) if set_up.status == "requires_payment_method" => {
            Ok(Progress::Declined(failed(set_up.last_setup_error.as_ref())))
        }
        (Some("complete"), Some(set_up)) => set_up_alone(set_up, &session.id),
        (Some("complete"), None) => Ok(Progress::Pending { handle: Some(session.id.clone()) }),
        (other, _) => Err(unreadable("page", other.unwrap_or_default())),
    }
}

/// How the storing of a method stands, by its SetupIntent alone: its page may still be open, so
/// that no try is the last. When the page is over, Stripe cancels it.
///
/// # Errors
/// `Unknown` where it cannot be told.
pub fn set_up_alone(set_up: &Setup, handle: &str) -> Result<Progress, GatewayError> {
    match set_up.status.as_str() {
        "succeeded" => Ok(kept(set_up)),
        "canceled" => {
            Ok(Progress::Declined(decline::canceled(set_up.cancellation_reason.as_deref())))
        }
        "processing" | "requires_action" | "requires_confirmation" | "requires_payment_method" => {
            Ok(Progress::Pending { handle: Some(handle.to_owned()) })
        }
        other => Err(unreadable("set-up", other)),
    }
}

/// Stripe may drop a method in the moment in which it was stored.
fn kept(set_up: &Setup) -> Progress {
    let kept = method::of_set_up(set_up);
    if kept.token.is_some() {
        return Progress::Stored(Box::new(kept));
    }
    let code = "payment_method_gone".to_owned();
    Progress::Declined(Declined { reason: DeclineReason::MethodGone, code })
}

fn open_page(session: &Session) -> Result<Progress, GatewayError> {
    let url = session.url.as_deref().unwrap_or_default();
    Ok(Progress::Away { handle: session.id.clone(), way: Way::Go(page_address(url)?) })
}

fn action(action: Option<&NextAction>, handle: String) -> Result<Progress, GatewayError> {
    let kind = action.map(|action| action.kind.as_str());
    let url = action.and_then(|action| action.redirect_to_url.as_ref()?.url.as_deref());
    match (kind, url) {
        (Some("redirect_to_url"), Some(url)) => {
            Ok(Progress::Away { handle, way: Way::Go(page_address(url)?) })
        }
        // It waits for a script in the customer's browser, which Portico has none of: nobody was
        // there.
        (Some("use_stripe_sdk"), _) => Ok(Progress::Declined(Declined {
            reason: DeclineReason::CustomerNeeded,
            code: "authentication_required".to_owned(),
        })),
        _ => Ok(Progress::Pending { handle: Some(handle) }),
    }
}

fn page_address(text: &str) -> Result<Url, GatewayError> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http"))
        .ok_or_else(|| GatewayError::Unknown("the page has no address".to_owned()))
}

fn failed(failure: Option<&Failure>) -> Declined {
    let code = failure.and_then(|it| it.decline_code.as_deref().or(it.code.as_deref()));
    match code {
        Some(code) => Declined { reason: decline::reason(code), code: code.to_owned() },
        None => Declined {
            reason: DeclineReason::Abandoned,
            code: "requires_payment_method".to_owned(),
        },
    }
}

fn expired() -> Declined {
    Declined { reason: DeclineReason::Abandoned, code: "expired".to_owned() }
}

fn paid(intent: &Intent) -> Result<Paid, GatewayError> {
    let charge = whole(intent.latest_charge.as_ref());
    let settled = charge.and_then(|charge| whole(charge.balance_transaction.as_ref()));
    let seconds = settled
        .map(|settled| settled.created)
        .or_else(|| charge.map(|charge| charge.created))
        .unwrap_or(intent.created);
    let received = intent.amount_received.unwrap_or(intent.amount);
    let passed_on = intent.transfer_data.as_ref().and_then(|data| data.destination.clone());
    let method = method::of_payment(
        whole(intent.payment_method.as_ref()),
        charge.and_then(|charge| charge.payment_method_details.as_ref()),
        intent.customer.as_deref(),
    );
    Ok(Paid {
        charge: intent.id.clone(),
        money: amount::from_stripe(received, &intent.currency)?,
        reference: reference(intent.metadata.as_ref()).map(str::to_owned),
        recipient: passed_on.or_else(|| intent.on_behalf_of.clone()),
        test: !intent.livemode,
        fee: settled.and_then(|settled| amount::from_stripe(settled.fee, &settled.currency).ok()),
        at: time(seconds)?,
        method,
    })
}

/// Stripe's seconds since 1970 as a time.
///
/// # Errors
/// `Unknown` beyond the years that there are.
pub fn time(seconds: i64) -> Result<Timestamp, GatewayError> {
    Timestamp::from_second(seconds)
        .map_err(|_| GatewayError::Unknown(format!("a time of {seconds}")))
}

fn unreadable(what: &str, status: &str) -> GatewayError {
    GatewayError::Unknown(format!("a {what} that is `{status}`"))
}
