//! Giving back: a settled payment by a refund, whole or in part; one that is not settled can only
//! be undone as a whole.
//! <https://developer.authorize.net/api/reference/#payment-transactions-refund-a-transaction>

use async_trait::async_trait;
use jiff::Timestamp;

use super::receipt::Receipt;
use super::stored::LONGEST_WINDOW;
use super::transaction::{Standing, Transaction};
use super::xml::{Element, parent, settings, text};
use super::{AuthorizeNet, numbered, reasons};
use crate::{GatewayError, RefundOrder, Refunds, Returned};

#[async_trait]
impl Refunds for AuthorizeNet {
    /// Gives back a payment or a part of it. The provider has no keys against doubles, so it is
    /// asked first whether it knows the order already.
    ///
    /// # Errors
    /// `Refused` with the code `unsettled` for a part of what is not settled: about a day later it
    /// can be given back.
    async fn refund(&self, order: &RefundOrder<'_>) -> Result<Returned, GatewayError> {
        self.fits(order.money)?;
        let charge = self.details(order.charge).await?;
        if let Some(known) = self.known(order, &charge).await? {
            return Ok(known);
        }
        let request = match (charge.standing, charge.is_settled()) {
            (Standing::Paid, true) => refund(order, &charge)?,
            (Standing::Paid | Standing::Waiting, false) if order.money == charge.amount => {
                undoing(order)
            }
            (Standing::Paid | Standing::Waiting, _) => {
                let why = "a part can be given back when the payment is settled, in about a day";
                return Err(reasons::refused("unsettled", why));
            }
            _ => return Ok(Returned::Refused(charge.declined())),
        };
        let receipt = self
            .api
            .ask_for(order.reference, "createTransactionRequest", vec![request], Receipt::read)
            .await?;
        Ok(match receipt {
            Receipt::Approved(id) => done(id, order, order.now),
            Receipt::Held(id) => Returned::Pending { id },
            Receipt::Declined(declined) => Returned::Refused(declined),
        })
    }

    /// An order that is on its way may be unknown for a moment. Sent again, it is refused as a
    /// double for eight hours, which is [`GatewayError::Unknown`].
    async fn look_up_refund(
        &self,
        order: &RefundOrder<'_>,
    ) -> Result<Option<Returned>, GatewayError> {
        let charge = self.details(order.charge).await?;
        self.known(order, &charge).await
    }
}

impl AuthorizeNet {
    /// How an order stands that the provider knows; nothing where it surely has none. What was
    /// undone has no number of its own: the charge itself tells.
    async fn known(
        &self,
        order: &RefundOrder<'_>,
        charge: &Transaction,
    ) -> Result<Option<Returned>, GatewayError> {
        if charge.standing == Standing::Voided && order.money == order.charged {
            return Ok(Some(done(charge.id.clone(), order, order.since)));
        }
        let found = self.find(order.reference, order.since, order.now).await?;
        let Some(seen) = found.seen.iter().max_by_key(|it| rank(it.standing)) else {
            let why = || GatewayError::Unknown("the provider's lists are too long".to_owned());
            return found.complete.then_some(None).ok_or_else(why);
        };
        Ok(Some(match seen.standing {
            Standing::Refunded | Standing::Paid => done(seen.id.clone(), order, seen.submitted),
            Standing::Failed | Standing::Voided => {
                Returned::Refused(self.details(&seen.id).await?.declined())
            }
            _ => Returned::Pending { id: seen.id.clone() },
        }))
    }
}

/// Of several refunds with one reference the one that was made counts.
const fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Refunded => u8::MAX,
        other => other.weight(),
    }
}

fn done(id: String, order: &RefundOrder<'_>, at: Timestamp) -> Returned {
    Returned::Done { id, money: order.money, at }
}

/// A refund to the card that was charged, which the provider wants named by its last four digits.
fn refund(order: &RefundOrder<'_>, charge: &Transaction) -> Result<Element, GatewayError> {
    let last4 = order.last4.or(charge.method.last4.as_deref());
    let last4 = last4.filter(|it| it.len() == 4 && it.bytes().all(|byte| byte.is_ascii_digit()));
    let last4 = last4.ok_or_else(|| {
        reasons::refused("last4", "the last four digits of the card that was charged are missing")
    })?;
    let card = [text("cardNumber", last4), text("expirationDate", "XXXX")];
    let window = [("duplicateWindow", LONGEST_WINDOW.to_owned())];
    Ok(parent(
        "transactionRequest",
        [
            text("transactionType", "refundTransaction"),
            text("amount", order.money.to_decimal().to_string()),
            text("currencyCode", order.money.currency().code()),
            parent("payment", [parent("creditCard", card)]),
            text("refTransId", &*charge.id),
            numbered(order.reference, None),
            settings("transactionSettings", window),
        ],
    ))
}

fn undoing(order: &RefundOrder<'_>) -> Element {
    let content = [text("transactionType", "voidTransaction"), text("refTransId", order.charge)];
    parent("transactionRequest", content)
}
