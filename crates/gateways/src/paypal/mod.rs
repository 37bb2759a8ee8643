//! PayPal: Orders v2, the vault of payment tokens v3, Payments v2, Transaction Search v1.
//!
//! An order moves no money before it is captured, and it is captured when it is looked at after the
//! payer agreed: an order whose identifier was never heard cannot be paid. A stored wallet is
//! another matter: PayPal captures as it takes the order. Its `PayPal-Request-Id` is the attempt's
//! reference, so that an order sent again is the same one for the six hours that PayPal keeps the
//! key (Orders v2, header `PayPal-Request-Id`); the reference is its `invoice_id` too, which
//! accounts can be set to take once. Whether money moved without an answer is told by PayPal's list
//! of transactions, which is up to three hours late: what is not there after six was not paid, and
//! is pending before.

mod amount;
mod api;
mod books;
mod fault;
mod notice;
mod order;
mod refund;
mod request;
mod reversal;
mod vault;
mod wire;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use url::{Origin, Url};

use crate::settings::{Field, FieldKind, Need, SettingsFault};
use crate::{
    Account, Books, Checkout, Gateway, GatewayError, Mode, Notices, Progress, Provider, Refunds,
    Reversals, Sight, Sought, StoredMethods,
};
use api::Api;

/// PayPal.
pub const PROVIDER: Provider = Provider {
    key: "paypal",
    name: "PayPal",
    fields: &[
        field("client_id", FieldKind::Text, Need::Always),
        field("client_secret", FieldKind::Secret, Need::Always),
        field("webhook_id", FieldKind::Text, Need::ToEnable),
        field("merchant_id", FieldKind::Text, Need::Never),
        field("base_url", FieldKind::BaseUrl, Need::Never),
    ],
    open,
};

const fn field(key: &'static str, kind: FieldKind, need: Need) -> Field {
    Field { key, kind, need }
}

/// The right to read the list of transactions, as PayPal's tokens name it.
const MAY_READ_BOOKS: &str = "https://uri.paypal.com/services/reporting/search/read";

/// An account at PayPal.
struct PayPal {
    api: Api,
    mode: Mode,
    /// What PayPal calls the address that it sends its notices to.
    webhook_id: Option<String>,
    /// What PayPal calls the account, where the staff has told.
    merchant_id: Option<String>,
    /// Where the certificates of genuine notices are.
    homes: Vec<Origin>,
    /// Where those of the other mode's are.
    foreign: Origin,
}

fn open(account: Account) -> Result<Box<dyn Gateway>, SettingsFault> {
    Ok(Box::new(PayPal::new(account)?))
}

impl PayPal {
    fn new(account: Account) -> Result<Self, SettingsFault> {
        let Account { mode, settings, http } = account;
        let (own, home, foreign) = match mode {
            Mode::Live => ("https://api-m.paypal.com", LIVE_HOME, TEST_HOME),
            Mode::Test => ("https://api-m.sandbox.paypal.com", TEST_HOME, LIVE_HOME),
        };
        let webhook_id = settings.get("webhook_id").map(str::to_owned);
        if webhook_id.as_deref().is_some_and(|id| !is_webhook(id)) {
            return Err(SettingsFault::Malformed("webhook_id"));
        }
        let merchant_id = settings.get("merchant_id").map(str::to_owned);
        if merchant_id.as_deref().is_some_and(|id| !is_account(id)) {
            return Err(SettingsFault::Malformed("merchant_id"));
        }
        let base = settings.base_url("base_url", own)?;
        let mut homes = vec![origin(home)?];
        if settings.get("base_url").is_some() {
            homes.push(origin(&base)?);
        }
        let client = (settings.required("client_id")?, settings.required("client_secret")?);
        let api = Api::new(http, base, client);
        Ok(Self { api, mode, webhook_id, merchant_id, homes, foreign: origin(foreign)? })
    }
}

/// Where PayPal has the certificates that its notices are signed by.
/// <https://developer.paypal.com/api/rest/webhooks/rest/>
const LIVE_HOME: &str = "https://api.paypal.com";
const TEST_HOME: &str = "https://api.sandbox.paypal.com";

fn origin(text: &str) -> Result<Origin, SettingsFault> {
    let url = Url::parse(text).map_err(|_| SettingsFault::Malformed("base_url"))?;
    Ok(url.origin())
}

/// The form of a webhook's identifier (`webhook_id` of Webhooks v1).
fn is_webhook(id: &str) -> bool {
    id.len() <= 50 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The form of an account's identifier (`merchant_id` of Orders v2): 13 of PayPal's own base 32.
fn is_account(id: &str) -> bool {
    let known = |byte: u8| matches!(byte, b'2'..=b'9' | b'A'..=b'H' | b'J'..=b'N' | b'P'..=b'Z');
    id.len() == 13 && id.bytes().all(known)
}

#[async_trait]
impl Gateway for PayPal {
    /// Gets a token, makes sure that it may read the list of transactions, without which a payment
    /// whose answer was lost cannot be found, and that PayPal knows the webhook.
    async fn probe(&self) -> Result<(), GatewayError> {
        let scope = self.api.renew().await?;
        if scope.is_some_and(|scope| !scope.split(' ').any(|right| right == MAY_READ_BOOKS)) {
            return Err(GatewayError::Refused {
                code: "NO_TRANSACTION_SEARCH".to_owned(),
                message: "the app at PayPal needs the feature Transaction Search".to_owned(),
            });
        }
        if let Some(id) = &self.webhook_id {
            let path = format!("/v1/notifications/webhooks/{id}");
            self.api.get::<serde::de::IgnoredAny>(&path).await?;
        }
        Ok(())
    }

    fn is_own(&self, recipient: &str) -> bool {
        self.merchant_id.as_deref().is_none_or(|id| id == recipient)
    }

    async fn begin(&self, order: &Checkout<'_>) -> Result<Progress, GatewayError> {
        Ok(self.begin_order(order).await?)
    }

    async fn resume(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        Ok(self.resume_order(sought).await?)
    }

    fn stored_methods(&self) -> Option<&dyn StoredMethods> {
        Some(self)
    }

    fn refunds(&self) -> Option<&dyn Refunds> {
        Some(self)
    }

    fn reversals(&self) -> Option<&dyn Reversals> {
        Some(self)
    }

    fn notices(&self) -> Option<&dyn Notices> {
        Some(self)
    }

    fn books(&self) -> Option<&dyn Books> {
        Some(self)
    }
}
