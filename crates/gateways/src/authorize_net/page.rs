//! The payment page: <https://developer.authorize.net/api/reference/features/accept-hosted.html>.

use serde_json::json;
use url::Url;

use super::handle::Handle;
use super::xml::{Element, parent, required, settings, text};
use super::{AuthorizeNet, numbered};
use crate::answer::Way;
use crate::{Checkout, GatewayError, Payer, Progress};

/// Seconds in which the page takes no transaction that is like an earlier one: the provider's own
/// figure. More would keep customers from trying a card again whose code they mistyped.
const DUPLICATE_WINDOW: &str = "120";

impl AuthorizeNet {
    /// Has a payment page made. Its token is good for 15 minutes.
    pub(super) async fn payment_page(
        &self,
        order: &Checkout<'_>,
    ) -> Result<Progress, GatewayError> {
        let profile = match order.keep {
            true => Some(self.customer_profile(&order.payer).await?),
            false => None,
        };
        let content = vec![payment(order), page_settings(order)];
        let token = self
            .api
            .ask_for(order.reference, "getHostedPaymentPageRequest", content, |root| {
                required(root, &["token"]).map(ToOwned::to_owned)
            })
            .await?;
        let handle = Handle::Page { profile: profile.as_deref() }.write(order.reference);
        Ok(Progress::Away { handle, way: self.way("/payment/payment", token)? })
    }

    /// How a browser gets to a hosted page: the token is posted.
    pub(super) fn way(&self, path: &str, token: String) -> Result<Way, GatewayError> {
        let url = Url::parse(&format!("{}{path}", self.hosted));
        let url = url.map_err(|error| GatewayError::NotSent(error.to_string()))?;
        Ok(Way::Post(url, vec![("token".to_owned(), token)]))
    }
}

fn payment(order: &Checkout<'_>) -> Element {
    let window = [("duplicateWindow", DUPLICATE_WINDOW.to_owned())];
    parent(
        "transactionRequest",
        [
            text("transactionType", "authCaptureTransaction"),
            text("amount", order.money.to_decimal().to_string()),
            text("currencyCode", order.money.currency().code()),
            numbered(order.reference, Some(order.description)),
            customer(&order.payer),
            settings("transactionSettings", window),
        ],
    )
}

/// The customer, as the organisation sees them in the provider's own pages.
fn customer(payer: &Payer<'_>) -> Element {
    let email = payer.email.filter(|email| email.len() <= 255);
    let id = text("id", merchant_id(payer));
    parent("customer", [Some(id), email.map(|email| text("email", email))])
}

/// The customer's identifier in the 20 characters that the provider has for it. The last ones:
/// those are random, the first are a time.
pub(super) fn merchant_id(payer: &Payer<'_>) -> String {
    let plain: Vec<char> = payer.customer.chars().filter(char::is_ascii_alphanumeric).collect();
    plain.iter().skip(plain.len().saturating_sub(20)).collect()
}

fn page_settings(order: &Checkout<'_>) -> Element {
    let values = [
        (
            "hostedPaymentReturnOptions",
            json!({
                "showReceipt": false,
                "url": order.return_url.as_str(),
                "cancelUrl": order.cancel_url.as_str(),
            }),
        ),
        ("hostedPaymentOrderOptions", json!({ "show": true })),
        (
            "hostedPaymentPaymentOptions",
            json!({ "cardCodeRequired": true, "showCreditCard": true, "showBankAccount": false }),
        ),
        ("hostedPaymentBillingAddressOptions", json!({ "show": true, "required": false })),
        ("hostedPaymentShippingAddressOptions", json!({ "show": false, "required": false })),
        // Portico asked already whether the method is to be stored.
        (
            "hostedPaymentCustomerOptions",
            json!({ "showEmail": false, "requiredEmail": false, "addPaymentProfile": false }),
        ),
    ];
    settings("hostedPaymentSettings", values.map(|(name, value)| (name, value.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_has_twenty_characters() {
        let id = |customer| merchant_id(&Payer { customer, name: "", email: None, profile: None });
        assert_eq!(id("cus_0190a1b2c3d47e5f8a9b0c1d2e3f4051"), "c3d47e5f8a9b0c1d2e3f4051"[4..]);
        assert_eq!(id("cus-1"), "cus1");
    }
}
