//! Stripe, by its Checkout pages: the customer gives the card to Stripe alone.
//!
//! A payment is known by its Checkout Session (`cs_…`) until it is made, and by its PaymentIntent
//! (`pi_…`) from then on. The PaymentIntent is the charge that is credited, not Stripe's Charge
//! (`ch_…`): one PaymentIntent moves money once, whatever number of tries (Charges) it has, and
//! everything that Stripe tells names it: its own events, those of Charges, refunds and disputes
//! (their `payment_intent`), and the sources of the balance's transactions. What was charged
//! without one, past Portico, goes by its Charge.

mod amount;
mod books;
mod client;
mod decline;
mod judge;
mod list;
mod method;
mod notices;
mod pages;
mod payments;
mod refunds;
mod reversals;
mod stored;
mod wire;

use async_trait::async_trait;
use serde::Deserialize;

use self::client::{Client, Form};
use crate::settings::{Field, FieldKind, Need, SettingsFault};
use crate::{
    Account, Books, Checkout, Gateway, GatewayError, Mode, Notices, Progress, Provider, Refunds,
    Reversals, Sight, Sought, StoredMethods,
};

/// Stripe.
pub const PROVIDER: Provider = Provider { key: "stripe", name: "Stripe", fields: FIELDS, open };

const FIELDS: &[Field] = &[
    Field { key: "secret_key", kind: FieldKind::Secret, need: Need::Always },
    // Stripe tells it only after the address of the notices, which has the gateway in it, was
    // entered there. Two, with a space between, while one replaces the other.
    Field { key: "webhook_secret", kind: FieldKind::Secret, need: Need::ToEnable },
    Field { key: "account_id", kind: FieldKind::Text, need: Need::Never },
    Field { key: "statement_descriptor", kind: FieldKind::Text, need: Need::Never },
    Field { key: "base_url", kind: FieldKind::BaseUrl, need: Need::Never },
];

/// One account at Stripe.
struct Stripe {
    client: Client,
    mode: Mode,
    /// Any of them proves a notice.
    webhook_secrets: Vec<String>,
    /// What stands on the statements of cards, after the account's own prefix.
    statement_descriptor: Option<String>,
}

fn open(account: Account) -> Result<Box<dyn Gateway>, SettingsFault> {
    let Account { mode, settings, http } = account;
    let key = settings.required("secret_key")?;
    if !is_key(key, mode) {
        return Err(SettingsFault::Malformed("secret_key"));
    }
    let account_id = settings.get("account_id");
    if account_id.is_some_and(|id| !is_account(id)) {
        return Err(SettingsFault::Malformed("account_id"));
    }
    let descriptor = settings.get("statement_descriptor");
    if descriptor.is_some_and(|text| !is_descriptor(text)) {
        return Err(SettingsFault::Malformed("statement_descriptor"));
    }
    let client = Client {
        http,
        base: settings.base_url("base_url", "https://api.stripe.com")?,
        key: key.to_owned(),
        account: account_id.map(str::to_owned),
    };
    let secrets = settings.get("webhook_secret").unwrap_or_default();
    Ok(Box::new(Stripe {
        client,
        mode,
        webhook_secrets: secrets.split_whitespace().map(str::to_owned).collect(),
        statement_descriptor: descriptor.map(str::to_owned),
    }))
}

/// Whether it is a secret or a restricted key of the mode (<https://docs.stripe.com/keys>).
fn is_key(key: &str, mode: Mode) -> bool {
    let prefixes = match mode {
        Mode::Test => ["sk_test_", "rk_test_"],
        Mode::Live => ["sk_live_", "rk_live_"],
    };
    prefixes.iter().any(|prefix| key.starts_with(prefix)) && is_word(key)
}

fn is_account(id: &str) -> bool {
    id.starts_with("acct_") && is_word(id)
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The rules of card networks
/// (<https://docs.stripe.com/get-started/account/statement-descriptors>).
fn is_descriptor(text: &str) -> bool {
    let is_allowed = |c: char| (c.is_ascii_graphic() || c == ' ') && !r#"<>\'"*"#.contains(c);
    text.len() <= 22
        && text.chars().all(is_allowed)
        && text.chars().any(|c| c.is_ascii_alphabetic())
}

#[derive(Deserialize)]
struct Balance {
    livemode: bool,
}

#[async_trait]
impl Gateway for Stripe {
    /// The balance is read: each key that can keep the books may.
    async fn probe(&self) -> Result<(), GatewayError> {
        let balance: Balance = self.client.get("balance", &Form::default()).await?;
        if balance.livemode == (self.mode == Mode::Live) {
            return Ok(());
        }
        Err(GatewayError::Refused {
            code: "other_mode".to_owned(),
            message: "the key is of the other mode".to_owned(),
        })
    }

    /// The page is open for 24 hours. As long does Stripe know a request again: the same order sent
    /// later would begin a second payment.
    /// What is passed on to another account is not this one's.
    fn is_own(&self, recipient: &str) -> bool {
        self.client.account.as_deref() == Some(recipient)
    }

    async fn begin(&self, order: &Checkout<'_>) -> Result<Progress, GatewayError> {
        self.open_payment_page(order).await
    }

    async fn resume(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        self.see_payment(sought).await
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::{Http, Networks};

    fn opened(mode: Mode, values: &[(&str, &str)]) -> Result<(), SettingsFault> {
        let http = Http::new(Networks::default()).expect("a client");
        let pairs = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        open(Account { mode, settings: Settings::new(pairs), http }).map(|_| ())
    }

    #[test]
    fn a_key_of_the_other_mode_opens_nothing() {
        for (key, mode) in [
            ("sk_test_1a", Mode::Test),
            ("rk_test_1a", Mode::Test),
            ("sk_live_1a", Mode::Live),
            ("rk_live_1a", Mode::Live),
        ] {
            let other = if mode == Mode::Test { Mode::Live } else { Mode::Test };
            assert_eq!(opened(mode, &[("secret_key", key)]), Ok(()), "{key}");
            let refused = Err(SettingsFault::Malformed("secret_key"));
            assert_eq!(opened(other, &[("secret_key", key)]), refused, "{key}");
        }
        for key in ["pk_test_1", "whsec_1", "sk_test_1 2", "sk_test_1\r\nX: y", "sk_test_é"] {
            let refused = Err(SettingsFault::Malformed("secret_key"));
            assert_eq!(opened(Mode::Test, &[("secret_key", key)]), refused, "{key}");
        }
        assert_eq!(opened(Mode::Test, &[]), Err(SettingsFault::Missing("secret_key")));
    }

    #[test]
    fn settings_that_stripe_would_refuse_open_nothing() {
        for (key, value) in [
            ("account_id", "cus_1"),
            ("account_id", "acct_1/x"),
            ("statement_descriptor", "more than twenty-two chars"),
            ("statement_descriptor", "A*B"),
            ("statement_descriptor", "12345"),
            ("base_url", "https://a.test/?x"),
        ] {
            let outcome = opened(Mode::Test, &[("secret_key", "sk_test_1"), (key, value)]);
            assert_eq!(outcome, Err(SettingsFault::Malformed(key)), "{value}");
        }
        let good = [
            ("secret_key", "sk_test_1"),
            ("account_id", "acct_1"),
            ("statement_descriptor", "ACME 1"),
        ];
        assert_eq!(opened(Mode::Test, &good), Ok(()));
    }
}
