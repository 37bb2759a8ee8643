//! Amounts as PayPal writes them: decimal texts, without decimals where PayPal takes none.

use portico_billing::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::GatewayError;

/// What accounts can be paid in: <https://developer.paypal.com/api/rest/reference/currency-codes/>.
const CURRENCIES: [&str; 24] = [
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY",
    "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "TWD", "USD",
];

/// Those of them that PayPal takes no decimals of, whatever ISO 4217 says (same page).
const WHOLE: [&str; 3] = ["HUF", "JPY", "TWD"];

/// An amount of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Amount {
    currency_code: String,
    value: String,
}

impl Amount {
    /// # Errors
    /// `Refused` where PayPal would: another currency, nothing, decimals that it does not take.
    pub(super) fn of(money: Money) -> Result<Self, GatewayError> {
        let currency = supported(money.currency())?;
        if !money.is_positive() {
            return Err(refused("CANNOT_BE_ZERO_OR_NEGATIVE", format!("{money}")));
        }
        let mut value = money.to_decimal();
        if WHOLE.contains(&currency.code()) {
            value = value.normalize();
            if value.scale() > 0 {
                let message = format!("PayPal takes no decimals of {currency}");
                return Err(refused("DECIMALS_NOT_SUPPORTED", message));
            }
        }
        Ok(Self { currency_code: currency.code().to_owned(), value: value.to_string() })
    }

    /// # Errors
    /// `Unknown` where it is no amount: what was asked for may have been done.
    pub(super) fn money(&self) -> Result<Money, GatewayError> {
        let read = || Money::parse(&self.value, self.currency_code.parse()?);
        read().map_err(|error| GatewayError::Unknown(error.to_string()))
    }
}

/// The currency, where PayPal takes it.
///
/// # Errors
/// `Refused`.
pub(super) fn supported(currency: Currency) -> Result<Currency, GatewayError> {
    if CURRENCIES.contains(&currency.code()) {
        return Ok(currency);
    }
    Err(refused("CURRENCY_NOT_SUPPORTED", format!("PayPal does not take {currency}")))
}

fn refused(code: &str, message: String) -> GatewayError {
    GatewayError::Refused { code: code.to_owned(), message }
}
