//! Authorize.Net, by its XML API: <https://developer.authorize.net/api/reference/index.html>.
//!
//! Customers pay on Accept Hosted and store cards on the hosted customer profile page: no card
//! number comes near Portico. Only cards are offered. The pages are in English, whatever the
//! locale.
//!
//! The provider has no keys against doubles, only a window in which it refuses a transaction that
//! is like an earlier one in every field. So each order carries its reference as its invoice
//! number, and what has no answer is looked for by it. A customer who leaves a page open can pay by
//! it after another was begun for the same order; [`Gateway::begin`] looks whether that has
//! happened.

mod api;
mod books;
mod handle;
mod method;
mod notices;
mod page;
mod reasons;
mod receipt;
mod refunds;
mod reversals;
mod search;
mod stored;
mod transaction;
mod xml;

use async_trait::async_trait;
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::{Currency, Money};

use self::api::Api;
use self::handle::Handle;
use self::transaction::Transaction;
use self::xml::text;
use crate::settings::{Field, FieldKind, Need, SettingsFault};
use crate::{
    Account, Books, Checkout, Declined, Gateway, GatewayError, Mode, Notices, Progress, Provider,
    Refunds, Reversals, Sight, Sought, StoredMethods,
};

/// Authorize.Net.
pub const PROVIDER: Provider =
    Provider { key: "authorize_net", name: "Authorize.Net", fields: FIELDS, open };

const FIELDS: &[Field] = &[
    Field { key: "api_login_id", kind: FieldKind::Text, need: Need::Always },
    Field { key: "transaction_key", kind: FieldKind::Secret, need: Need::Always },
    Field { key: "signature_key", kind: FieldKind::Secret, need: Need::ToEnable },
    Field { key: "currency", kind: FieldKind::Text, need: Need::Always },
    Field { key: "base_url", kind: FieldKind::BaseUrl, need: Need::Never },
    Field { key: "hosted_url", kind: FieldKind::BaseUrl, need: Need::Never },
];

/// What the schema takes as a login and as a key.
const LOGIN_MAX: usize = 25;
const KEY_MAX: usize = 16;

fn open(account: Account) -> Result<Box<dyn Gateway>, SettingsFault> {
    let settings = &account.settings;
    let (own_base, own_hosted) = match account.mode {
        Mode::Test => ("https://apitest.authorize.net", "https://test.authorize.net"),
        Mode::Live => ("https://api.authorize.net", "https://accept.authorize.net"),
    };
    let short = |key, most| {
        let value = settings.required(key)?;
        (value.len() <= most).then(|| value.to_owned()).ok_or(SettingsFault::Malformed(key))
    };
    let currency = settings.required("currency")?.parse();
    Ok(Box::new(AuthorizeNet {
        api: Api {
            http: account.http.clone(),
            url: format!("{}/xml/v1/request.api", settings.base_url("base_url", own_base)?),
            login: short("api_login_id", LOGIN_MAX)?,
            key: short("transaction_key", KEY_MAX)?,
        },
        hosted: settings.base_url("hosted_url", own_hosted)?,
        test: account.mode == Mode::Test,
        currency: currency.map_err(|_| SettingsFault::Malformed("currency"))?,
        signature_key: settings.get("signature_key").map(ToOwned::to_owned),
    }))
}

/// An account at Authorize.Net.
struct AuthorizeNet {
    api: Api,
    /// Address of the hosted pages, without a slash at the end.
    hosted: String,
    test: bool,
    /// The one currency of the account: transactions do not tell theirs.
    currency: Currency,
    signature_key: Option<String>,
}

#[async_trait]
impl Gateway for AuthorizeNet {
    /// Asks for everything that Portico needs later: that the keys are good, that the account takes
    /// its currency and moves money, and that transactions may be read ("Transaction Details API"
    /// in the provider's settings).
    async fn probe(&self) -> Result<(), GatewayError> {
        self.api.ask("authenticateTestRequest", Vec::new(), |_| Ok(())).await?;
        let currency = self.currency;
        self.api
            .ask("getMerchantDetailsRequest", Vec::new(), |root| {
                if xml::value(root, &["isTestMode"]) == Some("true") {
                    return Err(in_test_mode());
                }
                let list = xml::find(root, &["currencies"]);
                let mut taken = list.into_iter().flat_map(|list| xml::children(list, "currency"));
                let is_taken = taken.any(|it| it.text() == Some(currency.code()));
                is_taken.then_some(()).ok_or_else(|| other_currency(currency))
            })
            .await?;
        self.unsettled(1).await.map(|_| ())
    }

    async fn begin(&self, order: &Checkout<'_>) -> Result<Progress, GatewayError> {
        self.fits(order.money)?;
        let newest = self.unsettled(1).await?;
        if let Some(before) = search::best(&newest, order.reference).filter(|it| it.is_open()) {
            return self.details(&before.id).await?.progress(self.test);
        }
        self.payment_page(order).await
    }

    async fn resume(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        match Handle::read(sought.handle) {
            // One that the provider told of and does not find any more is not absent: the keys are
            // those of another account.
            Handle::Transaction(id) => {
                self.details(id).await?.progress(self.test).map(Sight::There)
            }
            Handle::Page { profile } => self.resume_page(sought, profile).await,
            _ => self.resume_unknown(sought).await,
        }
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

impl AuthorizeNet {
    /// How an order stands that has no handle: its request may not have arrived.
    async fn resume_unknown(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        let found = self.find(sought.reference, sought.since, sought.now).await?;
        match found.payment() {
            Some(seen) => self.details(&seen.id).await?.progress(self.test).map(Sight::There),
            None if found.complete => Ok(search::nothing(sought)),
            None => Ok(Sight::There(Progress::Pending { handle: None })),
        }
    }

    /// How a payment on the hosted page stands. A card that was declined there is not the end: the
    /// page lets the customer try another, as long as it lives.
    async fn resume_page(
        &self,
        sought: &Sought<'_>,
        profile: Option<&str>,
    ) -> Result<Sight, GatewayError> {
        let found = self.find(sought.reference, sought.since, sought.now).await?;
        let is_over = found.complete && search::is_over(sought, search::PAGE_LIFE);
        let progress = match found.payment() {
            Some(seen) if seen.is_open() || is_over => {
                let mut transaction = self.details(&seen.id).await?;
                if let (Some(profile), true) = (profile, transaction.is_paid()) {
                    self.keep(&mut transaction, profile).await?;
                }
                transaction.progress(self.test)?
            }
            None if is_over => Progress::Declined(abandoned()),
            _ => Progress::Unfinished,
        };
        Ok(Sight::There(progress))
    }

    /// A transaction in full.
    async fn details(&self, id: &str) -> Result<Transaction, GatewayError> {
        let currency = self.currency;
        let id = text("transId", numeric(id)?);
        let read = move |root: roxmltree::Node<'_, '_>| Transaction::read(root, currency);
        self.api.ask("getTransactionDetailsRequest", vec![id], read).await
    }

    /// Refuses amounts that the account cannot take.
    fn fits(&self, money: Money) -> Result<(), GatewayError> {
        if money.currency() != self.currency {
            return Err(other_currency(money.currency()));
        }
        let is_some = money.is_positive();
        is_some.then_some(()).ok_or_else(|| reasons::refused("amount", "nothing to be paid"))
    }
}

/// An identifier of the provider's (`numericString`).
fn numeric(id: &str) -> Result<&str, GatewayError> {
    let is = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    is.then_some(id).ok_or_else(|| reasons::refused("id", "no identifier of the provider's"))
}

fn other_currency(currency: Currency) -> GatewayError {
    reasons::refused("currency", &format!("the account does not take {currency}"))
}

/// Transactions of such an account are approved, get no identifier, and move nothing.
fn in_test_mode() -> GatewayError {
    reasons::refused("test_mode", "the provider's account itself is in test mode")
}

fn abandoned() -> Declined {
    Declined { reason: DeclineReason::Abandoned, code: "abandoned".to_owned() }
}

/// An order, by its reference and what the customer reads.
fn numbered(reference: &Reference, description: Option<&str>) -> xml::Element {
    let description = description.map(|text| xml::cut("description", text, 255));
    xml::parent("order", [Some(text("invoiceNumber", reference.as_str())), description])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::{Http, Networks};

    fn opened(change: (&str, &str)) -> Result<(), SettingsFault> {
        let values = [
            ("api_login_id", "login"),
            ("transaction_key", "0123456789abcdef"),
            ("signature_key", "key"),
            ("currency", "usd"),
        ];
        let values = values.map(|(key, value)| match key == change.0 {
            true => (key.to_owned(), change.1.to_owned()),
            false => (key.to_owned(), value.to_owned()),
        });
        let http = Http::new(Networks::default()).expect("a client");
        let account = Account { mode: Mode::Live, settings: Settings::new(values), http };
        open(account).map(|_| ())
    }

    #[test]
    fn settings_are_those_that_the_schema_takes() {
        assert_eq!(opened(("", "")), Ok(()));
        for key in ["api_login_id", "transaction_key", "currency"] {
            assert_eq!(opened((key, "")), Err(SettingsFault::Missing(key)));
            let long = "a".repeat(26);
            assert_eq!(opened((key, &long)), Err(SettingsFault::Malformed(key)));
        }
    }

    #[test]
    fn identifiers_are_numbers() {
        assert_eq!(numeric("12"), Ok("12"));
        for other in ["", "1a", "-1", "１", "1</transId>"] {
            assert!(numeric(other).is_err(), "{other}");
        }
    }
}
