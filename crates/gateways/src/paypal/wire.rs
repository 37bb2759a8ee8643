//! What PayPal answers with, as far as it is read. What may be missing is optional: a short answer
//! (`Prefer: return=minimal`) has little more than identifier and status.

use jiff::Timestamp;
use portico_billing::payment_method::PaymentMethodKind;
use serde::Deserialize;
use url::Url;

use super::amount::Amount;
use crate::Kept;

/// `order` of Orders v2.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) status: String,
    #[serde(default)]
    pub(super) purchase_units: Vec<PurchaseUnit>,
    pub(super) payment_source: Option<PaymentSource>,
    #[serde(default)]
    pub(super) links: Vec<Link>,
}

/// `purchase_unit`: Portico's orders have one.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct PurchaseUnit {
    pub(super) custom_id: Option<String>,
    pub(super) amount: Option<Amount>,
    pub(super) payee: Option<Payee>,
    #[serde(default)]
    pub(super) payments: Payments,
}

/// `payment_collection`.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Payments {
    #[serde(default)]
    pub(super) captures: Vec<Capture>,
    #[serde(default)]
    pub(super) refunds: Vec<Refund>,
}

/// `capture` of Payments v2.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Capture {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) status_details: Option<StatusDetails>,
    pub(super) amount: Option<Amount>,
    pub(super) custom_id: Option<String>,
    pub(super) create_time: Option<Timestamp>,
    pub(super) seller_receivable_breakdown: Option<Breakdown>,
    pub(super) payee: Option<Payee>,
    pub(super) supplementary_data: Option<SupplementaryData>,
}

/// `refund` of Payments v2.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) status_details: Option<StatusDetails>,
    pub(super) amount: Option<Amount>,
    pub(super) invoice_id: Option<String>,
    pub(super) custom_id: Option<String>,
    pub(super) create_time: Option<Timestamp>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct StatusDetails {
    pub(super) reason: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Breakdown {
    pub(super) paypal_fee: Option<Amount>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Payee {
    pub(super) merchant_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct SupplementaryData {
    related_ids: Option<RelatedIds>,
}

#[derive(Debug, Clone, Deserialize)]
struct RelatedIds {
    order_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct PaymentSource {
    pub(super) paypal: Option<Wallet>,
}

/// `paypal_wallet_response` of Orders v2 and of the vault.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Wallet {
    email_address: Option<String>,
    attributes: Option<Attributes>,
}

#[derive(Debug, Clone, Deserialize)]
struct Attributes {
    vault: Option<Vaulted>,
}

#[derive(Debug, Clone, Deserialize)]
struct Vaulted {
    id: Option<String>,
    status: Option<String>,
    customer: Option<Customer>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Customer {
    pub(super) id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Link {
    rel: String,
    href: String,
}

/// `setup_token_response` of the vault.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SetupToken {
    pub(super) id: String,
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) links: Vec<Link>,
}

/// `payment_token_response` of the vault.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct PaymentToken {
    pub(super) id: String,
    pub(super) customer: Option<Customer>,
    pub(super) payment_source: Option<PaymentSource>,
}

impl Order {
    /// The payments of the order's only unit.
    pub(super) fn payments(&self) -> Option<&Payments> {
        self.purchase_units.first().map(|unit| &unit.payments)
    }

    /// What stands for the order: of several captures the one that was not refused.
    pub(super) fn capture(&self) -> Option<&Capture> {
        let captures = &self.payments()?.captures;
        captures.iter().find(|capture| !capture.is_refused()).or(captures.first())
    }

    pub(super) fn wallet(&self) -> Option<&Wallet> {
        self.payment_source.as_ref()?.paypal.as_ref()
    }

    /// Whether it waits for the payer.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.status.as_str(), "CREATED" | "SAVED" | "PAYER_ACTION_REQUIRED")
    }
}

impl Capture {
    pub(super) fn is_refused(&self) -> bool {
        matches!(self.status.as_str(), "DECLINED" | "DENIED" | "FAILED")
    }

    pub(super) fn order_id(&self) -> Option<&str> {
        self.supplementary_data.as_ref()?.related_ids.as_ref()?.order_id.as_deref()
    }
}

impl Wallet {
    /// The wallet as a method. Its token is there when PayPal has stored it; that may be later, and
    /// is told by a notice then (`VAULT.PAYMENT-TOKEN.CREATED`).
    pub(super) fn kept(&self) -> Kept {
        let vaulted = self.attributes.as_ref().and_then(|it| it.vault.as_ref());
        let stored = vaulted.filter(|vault| vault.status.as_deref() == Some("VAULTED"));
        let customer = stored.and_then(|vault| vault.customer.as_ref());
        Kept {
            token: stored.and_then(|vault| vault.id.clone()),
            profile: customer.and_then(|customer| customer.id.clone()),
            kind: PaymentMethodKind::Paypal,
            brand: None,
            last4: None,
            expiry: None,
            holder: self.email_address.clone(),
        }
    }
}

/// Where the payer agrees: `payer-action` where the order says how it is paid, else `approve`.
pub(super) fn way(links: &[Link]) -> Option<Url> {
    let link = links.iter().find(|link| matches!(link.rel.as_str(), "payer-action" | "approve"))?;
    Url::parse(&link.href).ok().filter(|url| matches!(url.scheme(), "https" | "http"))
}
