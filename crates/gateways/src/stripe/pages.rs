//! Checkout pages: what is asked of Stripe for one
//! (<https://docs.stripe.com/api/checkout/sessions/create>).

use super::client::{Fault, Form};
use super::wire::Session;
use super::{Stripe, amount, judge};
use crate::{Checkout, GatewayError, Payer, Progress, SetUp};

/// Languages of the pages; others fall back to the one of the browser.
const LOCALES: &[&str] = &[
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA",
    "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR",
    "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
];

impl Stripe {
    /// Opens the page of a payment.
    ///
    /// # Errors
    /// See [`GatewayError`].
    pub(super) async fn open_payment_page(
        &self,
        order: &Checkout<'_>,
    ) -> Result<Progress, GatewayError> {
        let form = payment_form(order, self.statement_descriptor.as_deref())?;
        let key = format!("{}-checkout", order.reference);
        match self.client.post::<Session>("checkout/sessions", &form, Some(&key)).await {
            Ok(session) => judge::payment_page(&session),
            Err(fault) => declined(fault),
        }
    }

    /// Opens the page on which a method is stored.
    ///
    /// # Errors
    /// See [`GatewayError`].
    pub(super) async fn open_set_up_page(
        &self,
        order: &SetUp<'_>,
    ) -> Result<Progress, GatewayError> {
        let form = set_up_form(order);
        let key = format!("{}-setup", order.reference);
        match self.client.post::<Session>("checkout/sessions", &form, Some(&key)).await {
            Ok(session) => judge::set_up_page(&session),
            Err(fault) => declined(fault),
        }
    }
}

/// A payment that was refused, where that is what the fault says.
///
/// # Errors
/// All other faults.
pub fn declined(fault: Fault) -> Result<Progress, GatewayError> {
    match &fault {
        Fault::Said(refusal) => match refusal.declined() {
            Some(declined) => Ok(Progress::Declined(declined)),
            None => Err(fault.into()),
        },
        Fault::Silent(_) => Err(fault.into()),
    }
}

fn payment_form(order: &Checkout<'_>, descriptor: Option<&str>) -> Result<Form, GatewayError> {
    let amount = amount::to_stripe(order.money)?;
    let reference = order.reference.as_str();
    let form = Form::default()
        .with("mode", "payment")
        .with("success_url", order.return_url.as_str())
        .with("cancel_url", order.cancel_url.as_str())
        .with("locale", locale(order.locale))
        .with("client_reference_id", reference)
        .with("metadata[portico_reference]", reference)
        .with("line_items[0][quantity]", "1")
        .with("line_items[0][price_data][currency]", order.money.currency().code().to_lowercase())
        .with("line_items[0][price_data][unit_amount]", amount.to_string())
        .with("line_items[0][price_data][product_data][name]", order.description)
        // What is paid has to be what was asked for, in the currency that it was asked in.
        .with("adaptive_pricing[enabled]", "false")
        .with("payment_intent_data[description]", order.description)
        .with("payment_intent_data[metadata][portico_reference]", reference)
        .with_some("payment_intent_data[statement_descriptor_suffix]", descriptor);
    if order.keep {
        let form = form.with("payment_intent_data[setup_future_usage]", "off_session");
        return Ok(stored_with(form, order.payer));
    }
    Ok(form.with_some("customer_email", order.payer.email))
}

fn set_up_form(order: &SetUp<'_>) -> Form {
    let reference = order.reference.as_str();
    let form = Form::default()
        .with("mode", "setup")
        .with("success_url", order.return_url.as_str())
        .with("cancel_url", order.cancel_url.as_str())
        .with("locale", locale(order.locale))
        .with("client_reference_id", reference)
        .with("metadata[portico_reference]", reference)
        .with("currency", order.currency.code().to_lowercase())
        .with("setup_intent_data[metadata][portico_reference]", reference);
    stored_with(form, order.payer)
}

/// A method is stored with a customer: the one that Stripe has, or one that it makes.
fn stored_with(form: Form, payer: Payer<'_>) -> Form {
    match payer.profile {
        Some(profile) => form.with("customer", profile),
        None => form.with("customer_creation", "always").with_some("customer_email", payer.email),
    }
}

/// The page's language for a BCP 47 tag: itself, or its language without the region.
fn locale(tag: &str) -> &'static str {
    let language = tag.split('-').next().unwrap_or_default();
    let known = |word: &str| LOCALES.iter().find(|known| known.eq_ignore_ascii_case(word));
    known(tag).or_else(|| known(language)).copied().unwrap_or("auto")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_in_the_customers_language_or_the_browsers() {
        for (tag, expected) in [
            ("de", "de"),
            ("de-AT", "de"),
            ("en-gb", "en-GB"),
            ("en-US", "en"),
            ("pt-BR", "pt-BR"),
            ("zh-TW", "zh-TW"),
            ("ar", "auto"),
            ("", "auto"),
        ] {
            assert_eq!(locale(tag), expected, "{tag}");
        }
    }
}
