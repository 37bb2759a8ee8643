//! Stored methods: payment profiles of customer profiles.
//! <https://developer.authorize.net/api/reference/features/customer-profiles.html>

use async_trait::async_trait;
use portico_billing::gateway::DeclineReason;

use super::handle::Handle;
use super::page::merchant_id;
use super::receipt::Receipt;
use super::transaction::Transaction;
use super::xml::{Element, parent, required, settings, text};
use super::{AuthorizeNet, abandoned, method, numbered, numeric, other_currency, reasons, search};
use crate::{
    Charge, Declined, GatewayError, Kept, Payer, Progress, SetUp, Sight, Sought, StoredMethods,
};

/// Seconds in which a charge that is like an earlier one is refused: the most there can be. Each
/// order has a number of its own, so that only the same order twice is alike.
pub(super) const LONGEST_WINDOW: &str = "28800";

#[async_trait]
impl StoredMethods for AuthorizeNet {
    async fn begin_set_up(&self, order: &SetUp<'_>) -> Result<Progress, GatewayError> {
        if order.currency != self.currency {
            return Err(other_currency(order.currency));
        }
        let profile = self.customer_profile(&order.payer).await?;
        let before = self.methods(&profile).await?;
        let content = vec![text("customerProfileId", &*profile), page_settings(order)];
        let token = self
            .api
            .ask_for(order.reference, "getHostedProfilePageRequest", content, |root| {
                required(root, &["token"]).map(ToOwned::to_owned)
            })
            .await?;
        let known = before.iter().filter_map(|it| it.token.as_deref()).collect();
        let handle = Handle::Profile { id: &profile, known }.write(order.reference);
        Ok(Progress::Away { handle, way: self.way("/customer/addPayment", token)? })
    }

    async fn resume_set_up(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        let Handle::Profile { id, known } = Handle::read(sought.handle) else {
            // Whoever has no handle has seen no page.
            return Ok(search::nothing(sought));
        };
        let added =
            self.methods(id).await?.into_iter().rev().find(|method| {
                method.token.as_deref().is_some_and(|token| !known.contains(&token))
            });
        Ok(Sight::There(match added {
            Some(method) => Progress::Stored(Box::new(method)),
            None if search::is_over(sought, search::PAGE_LIFE) => Progress::Declined(abandoned()),
            None => Progress::Pending { handle: sought.handle.map(ToOwned::to_owned) },
        }))
    }

    /// Charges a stored method. The provider has no keys against doubles: where the outcome is
    /// unknown, only looking for the reference tells.
    async fn charge(&self, order: &Charge<'_>) -> Result<Progress, GatewayError> {
        self.fits(order.money)?;
        let request = charge(order)?;
        let receipt = self
            .api
            .ask_for(order.reference, "createTransactionRequest", vec![request], Receipt::read)
            .await;
        match receipt {
            Ok(Receipt::Approved(id)) => Ok(self.settled_charge(id).await),
            Ok(Receipt::Held(id)) => Ok(Progress::Pending { handle: Some(id) }),
            Ok(Receipt::Declined(declined)) => Ok(Progress::Declined(declined)),
            Err(error) if reasons::is_not_found(&error) => Ok(Progress::Declined(Declined {
                reason: DeclineReason::MethodGone,
                code: "E00040".to_owned(),
            })),
            Err(error) => Err(error),
        }
    }

    async fn forget(&self, token: &str, profile: Option<&str>) -> Result<(), GatewayError> {
        let content = vec![
            text("customerProfileId", numeric(profile.unwrap_or_default())?),
            text("customerPaymentProfileId", numeric(token)?),
        ];
        match self.api.ask("deleteCustomerPaymentProfileRequest", content, |_| Ok(())).await {
            Err(error) if reasons::is_not_found(&error) => Ok(()),
            forgotten => forgotten,
        }
    }
}

impl AuthorizeNet {
    /// What an approved charge came to, as the provider's record has it. Where that cannot be read
    /// now, it can be later: the charge has its handle.
    async fn settled_charge(&self, id: String) -> Progress {
        let details = self.details(&id).await;
        let progress = details.and_then(|transaction| transaction.progress(self.test));
        progress.unwrap_or(Progress::Pending { handle: Some(id) })
    }

    /// The provider's profile of the customer, made where there is none. There is one for each
    /// customer: asked for a second, the provider names the first.
    pub(super) async fn customer_profile(&self, payer: &Payer<'_>) -> Result<String, GatewayError> {
        if let Some(profile) = payer.profile {
            return numeric(profile).map(ToOwned::to_owned);
        }
        // Nothing else of the customer: the profile is the same only as long as all of it is.
        let content = vec![parent("profile", [text("merchantCustomerId", merchant_id(payer))])];
        let made = self
            .api
            .ask("createCustomerProfileRequest", content, |root| {
                required(root, &["customerProfileId"]).map(ToOwned::to_owned)
            })
            .await;
        match made {
            Err(GatewayError::Refused { code, message }) if code == "E00039" => {
                named(&message).ok_or(GatewayError::Refused { code, message })
            }
            made => made,
        }
    }

    /// The methods of a customer profile, oldest first.
    async fn methods(&self, profile: &str) -> Result<Vec<Kept>, GatewayError> {
        let content = vec![
            text("customerProfileId", numeric(profile)?),
            text("unmaskExpirationDate", "true"),
        ];
        let found = self.api.ask("getCustomerProfileRequest", content, method::of_profile).await;
        let mut methods = match found {
            Err(error) if reasons::is_not_found(&error) => Vec::new(),
            found => found?,
        };
        let number = |it: &Kept| it.token.as_deref().and_then(|token| token.parse::<u64>().ok());
        methods.sort_by_key(number);
        Ok(methods)
    }

    /// Stores the method of a payment that was made. A provider that does not want to store it
    /// takes nothing from the payment: it then has no token. One that is not reached can be asked
    /// again.
    pub(super) async fn keep(
        &self,
        transaction: &mut Transaction,
        profile: &str,
    ) -> Result<(), GatewayError> {
        let content = vec![
            text("transId", numeric(&transaction.id)?),
            text("customerProfileId", numeric(profile)?),
        ];
        let request = "createCustomerProfileFromTransactionRequest";
        match self.api.ask(request, content, |_| Ok(())).await {
            Err(error) if reasons::is_duplicate(&error) => {}
            Err(GatewayError::Refused { .. }) => return Ok(()),
            stored => stored?,
        }
        let is_same = |it: &Kept| {
            (it.kind, &it.brand, &it.last4) == {
                let paid = &transaction.method;
                (paid.kind, &paid.brand, &paid.last4)
            }
        };
        let found = self.methods(profile).await?.into_iter().rev().find(is_same);
        if let Some(method) = found {
            transaction.method = method;
        }
        Ok(())
    }
}

/// The identifier in "A duplicate record with ID 39931060 already exists."
fn named(message: &str) -> Option<String> {
    let mut words = message.split(|character: char| !character.is_ascii_digit());
    words.find(|word| !word.is_empty()).map(ToOwned::to_owned)
}

fn charge(order: &Charge<'_>) -> Result<Element, GatewayError> {
    let profile = numeric(order.payer.profile.unwrap_or_default())?;
    // Who asks for it: the customer, or the organisation by what they have agreed to.
    let by = match order.return_url {
        Some(_) => "isStoredCredentials",
        None => "isSubsequentAuth",
    };
    let window = [("duplicateWindow", LONGEST_WINDOW.to_owned())];
    Ok(parent(
        "transactionRequest",
        [
            text("transactionType", "authCaptureTransaction"),
            text("amount", order.money.to_decimal().to_string()),
            text("currencyCode", order.money.currency().code()),
            parent(
                "profile",
                [
                    text("customerProfileId", profile),
                    parent("paymentProfile", [text("paymentProfileId", numeric(order.token)?)]),
                ],
            ),
            numbered(order.reference, Some(order.description)),
            settings("transactionSettings", window),
            parent("processingOptions", [text(by, "true")]),
        ],
    ))
}

fn page_settings(order: &SetUp<'_>) -> Element {
    let values = [
        ("hostedProfileReturnUrl", order.return_url.as_str()),
        ("hostedProfileManageOptions", "showPayment"),
        ("hostedProfilePaymentOptions", "showCreditCard"),
        ("hostedProfileCardCodeRequired", "true"),
        // The bank is asked whether the card is good.
        ("hostedProfileValidationMode", "liveMode"),
    ];
    settings("hostedProfileSettings", values.map(|(name, value)| (name, value.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_that_there_is_already_is_named_in_the_message() {
        let message = "A duplicate record with ID 39931060 already exists.";
        assert_eq!(named(message).as_deref(), Some("39931060"));
        assert_eq!(named("A duplicate record already exists."), None);
    }
}
