//! The providers that there are.

use serde::{Deserialize, Serialize};

use crate::settings::{Field, Settings, SettingsFault};
use crate::{Gateway, Http, authorize_net, paypal, sandbox, stripe};

/// Whether money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Play money.
    Test,
    /// Money.
    Live,
}

/// What a gateway is made of.
#[derive(Debug, Clone)]
pub struct Account {
    /// Test or live.
    pub mode: Mode,
    /// The values of the provider's fields.
    pub settings: Settings,
    /// How to reach it.
    pub http: Http,
}

/// A kind of gateway.
#[derive(Debug, Clone, Copy)]
pub struct Provider {
    /// The stored word: `stripe`.
    pub key: &'static str,
    /// The name that customers know: "Stripe".
    pub name: &'static str,
    /// What has to be filled in.
    pub fields: &'static [Field],
    /// Makes the gateway, without asking the provider.
    pub open: fn(Account) -> Result<Box<dyn Gateway>, SettingsFault>,
}

/// All of them, in the order in which they are offered to the staff.
pub const PROVIDERS: &[Provider] =
    &[stripe::PROVIDER, paypal::PROVIDER, authorize_net::PROVIDER, sandbox::PROVIDER];

/// The provider with this key.
#[must_use]
pub fn provider(key: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.key == key)
}
