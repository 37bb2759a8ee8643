//! The bodies of requests, as the published schemas of Orders v2, Payments v2 and the vault have
//! them (<https://github.com/paypal/paypal-rest-api-specifications>).

use portico_billing::Money;
use portico_billing::gateway::Reference;
use serde_json::{Map, Value, json};
use url::Url;

use super::amount::Amount;
use crate::{Charge, Checkout, GatewayError, Payer, RefundOrder, SetUp};

/// `description` has 127 characters; those beyond ASCII may count more.
const DESCRIPTION_MAX: usize = 127;

/// `customer.id` has 22 characters.
const PROFILE_MAX: usize = 22;

/// An order that the payer agrees to on PayPal's pages.
///
/// # Errors
/// `Refused` where PayPal does not take the amount.
pub(super) fn checkout(order: &Checkout<'_>) -> Result<Value, GatewayError> {
    let mut wallet = Map::new();
    let context = experience((order.return_url, order.cancel_url), order.locale);
    wallet.insert("experience_context".to_owned(), with(context, "user_action", "PAY_NOW"));
    if order.keep {
        wallet.insert("attributes".to_owned(), attributes(order.payer));
    }
    let unit = unit(order.reference, order.money, order.description)?;
    Ok(capturing(unit, wallet))
}

/// An order that a stored wallet pays as it is made.
///
/// # Errors
/// As [`checkout`].
pub(super) fn charge(order: &Charge<'_>) -> Result<Value, GatewayError> {
    let mut wallet = Map::new();
    wallet.insert("vault_id".to_owned(), json!(order.token));
    if let Some(url) = order.return_url {
        let context = experience((url, url), "");
        wallet.insert("experience_context".to_owned(), with(context, "user_action", "PAY_NOW"));
    }
    let unit = unit(order.reference, order.money, order.description)?;
    Ok(capturing(unit, wallet))
}

/// The storing of a wallet without a payment.
pub(super) fn set_up(order: &SetUp<'_>) -> Value {
    let wallet = json!({
        "usage_type": "MERCHANT",
        "permit_multiple_payment_tokens": true,
        "experience_context": experience((order.return_url, order.cancel_url), order.locale),
    });
    let body = json!({ "payment_source": { "paypal": wallet } });
    match profile(order.payer) {
        Some(id) => with(body, "customer", json!({ "id": id })),
        None => body,
    }
}

/// The token of a set-up that the payer agreed to, made one that lasts.
/// <https://developer.paypal.com/sdk/vault/v2/definitions/token_id_request>
pub(super) fn exchange(setup_token: &str) -> Value {
    json!({ "payment_source": { "token": { "id": setup_token, "type": "SETUP_TOKEN" } } })
}

/// A refund, with its reference where it can be found again.
///
/// # Errors
/// As [`checkout`].
pub(super) fn refund(order: &RefundOrder<'_>) -> Result<Value, GatewayError> {
    let reference = order.reference.as_str();
    let amount = Amount::of(order.money)?;
    Ok(json!({ "amount": amount, "custom_id": reference, "invoice_id": reference }))
}

fn capturing(unit: Value, wallet: Map<String, Value>) -> Value {
    json!({
        "intent": "CAPTURE",
        "purchase_units": [unit],
        "payment_source": { "paypal": wallet },
    })
}

/// What is paid. Accounts can be set to take an `invoice_id` once: a second guard against doubles.
fn unit(reference: &Reference, money: Money, text: &str) -> Result<Value, GatewayError> {
    let unit = json!({
        "reference_id": reference.as_str(),
        "custom_id": reference.as_str(),
        "invoice_id": reference.as_str(),
        "amount": Amount::of(money)?,
    });
    let text = text.get(..text.floor_char_boundary(DESCRIPTION_MAX)).unwrap_or_default();
    Ok(if text.is_empty() { unit } else { with(unit, "description", text) })
}

/// `attributes` that have PayPal store the wallet. Several tokens of one wallet are allowed: two
/// customers may share a wallet, and would share a token else, which one could take from the other.
fn attributes(payer: Payer<'_>) -> Value {
    let vault = json!({
        "store_in_vault": "ON_SUCCESS",
        "usage_type": "MERCHANT",
        "permit_multiple_payment_tokens": true,
    });
    match profile(payer) {
        Some(id) => json!({ "customer": { "id": id }, "vault": vault }),
        None => json!({ "vault": vault }),
    }
}

fn experience(urls: (&Url, &Url), language: &str) -> Value {
    let context = json!({
        "return_url": urls.0.as_str(),
        "cancel_url": urls.1.as_str(),
        "shipping_preference": "NO_SHIPPING",
    });
    if is_locale(language) { with(context, "locale", language) } else { context }
}

fn with(mut object: Value, key: &str, value: impl Into<Value>) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(key.to_owned(), value.into());
    }
    object
}

/// The customer's identifier at PayPal, where it can be one.
fn profile(payer: Payer<'_>) -> Option<&str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    payer.profile.filter(|id| !id.is_empty() && id.len() <= PROFILE_MAX && id.bytes().all(fits))
}

/// Whether PayPal takes it as `locale`: a language of two letters, a script, a region. One that it
/// does not take would have the whole order refused.
pub(super) fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let mut rest = parts.next();
    if rest.is_some_and(is_script) {
        rest = parts.next();
    }
    text.len() <= 10
        && language.len() == 2
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && rest.is_none_or(is_region)
        && parts.next().is_none()
}

fn is_script(part: &str) -> bool {
    let mut bytes = part.bytes();
    part.len() == 4
        && bytes.next().is_some_and(|first| first.is_ascii_uppercase())
        && bytes.all(|byte| byte.is_ascii_lowercase())
}

fn is_region(part: &str) -> bool {
    (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
        || (part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
}
