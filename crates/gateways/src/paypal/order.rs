//! Orders: begun, agreed to, captured, looked for.

use jiff::SignedDuration;
use portico_billing::Money;
use portico_billing::gateway::{DeclineReason, Reference};
use reqwest::StatusCode;

use super::amount::Amount;
use super::api::part;
use super::fault::Trouble;
use super::wire::{Capture, Order, way};
use super::{PayPal, request};
use crate::answer::Way;
use crate::{Charge, Checkout, Declined, GatewayError, Mode, Paid, Progress, Sight, Sought};

/// How long a payment that PayPal does not know (any more) may still turn up: PayPal's list of
/// transactions is up to three hours late (Transaction Search v1), and a repeated order is the same
/// for six hours (Orders v2, `PayPal-Request-Id`).
const MAY_TURN_UP: SignedDuration = SignedDuration::from_hours(6);

/// How long an order can be agreed to: by default three hours until the payer is sent to PayPal and
/// three more to agree; the first are 72 for accounts that asked for it (Orders v2, `links`).
const ORDER_LIFE: SignedDuration = SignedDuration::from_hours(76);

/// What an order has to be of, to be captured.
#[derive(Clone, Copy)]
struct Asked<'a> {
    reference: &'a Reference,
    money: Option<Money>,
}

/// How an order stands.
enum Standing {
    /// The payer agreed: it can be captured.
    Approved,
    /// All other ways.
    Is(Progress),
}

impl PayPal {
    /// Makes the order, or gets the one that was made before by the same reference.
    pub(super) async fn begin_order(&self, order: &Checkout<'_>) -> Result<Progress, Trouble> {
        let body = request::checkout(order)?;
        let made = self.make(order.reference, &body).await?;
        let asked = Asked { reference: order.reference, money: Some(order.money) };
        self.advance(made, asked).await
    }

    /// Has a stored wallet pay.
    pub(super) async fn charge_wallet(&self, order: &Charge<'_>) -> Result<Progress, Trouble> {
        let body = request::charge(order)?;
        let made = match self.make(order.reference, &body).await {
            Ok(made) => made,
            Err(Trouble::Fault(fault)) if fault.status == StatusCode::NOT_FOUND => {
                return Ok(declined(DeclineReason::MethodGone, &fault.code));
            }
            Err(Trouble::Fault(fault)) => match fault.declined() {
                Some(declined) => return Ok(Progress::Declined(declined)),
                None => return Err(Trouble::Fault(fault)),
            },
            Err(trouble) => return Err(trouble),
        };
        let asked = Asked { reference: order.reference, money: Some(order.money) };
        Ok(match self.advance(made, asked).await? {
            Progress::Away { .. } if order.return_url.is_none() => {
                declined(DeclineReason::CustomerNeeded, "PAYER_ACTION_REQUIRED")
            }
            progress => progress,
        })
    }

    /// Looks a payment up, and captures what the payer agreed to.
    pub(super) async fn resume_order(&self, sought: &Sought<'_>) -> Result<Sight, Trouble> {
        let Some(handle) = sought.handle else { return self.look_in_books(sought).await };
        let order = match self.order(handle).await {
            Err(Trouble::Fault(fault)) if fault.status == StatusCode::NOT_FOUND => {
                return self.look_in_books(sought).await;
            }
            order => order?,
        };
        if order.is_open() && sought.now.duration_since(sought.since) > ORDER_LIFE {
            return Ok(Sight::There(declined(DeclineReason::Abandoned, &order.status)));
        }
        let asked = Asked { reference: sought.reference, money: sought.money };
        match self.advance(order, asked).await {
            Err(Trouble::Fault(fault)) if fault.is_double() => self.look_in_books(sought).await,
            progress => Ok(Sight::There(progress?)),
        }
    }

    async fn make(
        &self,
        reference: &Reference,
        body: &serde_json::Value,
    ) -> Result<Order, Trouble> {
        self.api.post("/v2/checkout/orders", Some(reference.as_str()), body).await
    }

    pub(super) async fn order(&self, id: &str) -> Result<Order, Trouble> {
        self.api.get(&format!("/v2/checkout/orders/{}", part(id)?)).await
    }

    pub(super) async fn capture(&self, id: &str) -> Result<Capture, Trouble> {
        self.api.get(&format!("/v2/payments/captures/{}", part(id)?)).await
    }

    /// Captures the order if the payer agreed to it, and tells how it stands.
    async fn advance(&self, order: Order, asked: Asked<'_>) -> Result<Progress, Trouble> {
        let order = self.whole(order).await?;
        match self.standing(&order)? {
            Standing::Is(progress) => Ok(progress),
            Standing::Approved => self.take(order, asked).await,
        }
    }

    /// The order with all that is in it, where the answer was a short one.
    async fn whole(&self, order: Order) -> Result<Order, Trouble> {
        let lacks = match order.status.as_str() {
            "COMPLETED" => order.capture().is_none(),
            "APPROVED" => order.purchase_units.is_empty(),
            _ => false,
        };
        if lacks { self.reread(&order.id).await } else { Ok(order) }
    }

    /// Reads an order that may have been paid by now. Where that fails, nobody can say that nothing
    /// happened, even if this request never left.
    async fn reread(&self, id: &str) -> Result<Order, Trouble> {
        self.order(id).await.map_err(|trouble| {
            GatewayError::Unknown(GatewayError::from(trouble).to_string()).into()
        })
    }

    /// Captures. The key is another one than the order's, and keeps it from being done twice; so
    /// does PayPal, which captures an order once.
    async fn take(&self, order: Order, asked: Asked<'_>) -> Result<Progress, Trouble> {
        check(&order, asked)?;
        let path = format!("/v2/checkout/orders/{}/capture", part(&order.id)?);
        let key = format!("{}-capture", asked.reference);
        let empty = serde_json::Map::new();
        let taken: Order = match self.api.post(&path, Some(&key), &empty).await {
            Ok(taken) => taken,
            Err(Trouble::Fault(fault)) if fault.is_overtaken() => self.reread(&order.id).await?,
            Err(Trouble::Fault(fault)) => match fault.declined() {
                Some(declined) => return Ok(Progress::Declined(declined)),
                None => return Err(Trouble::Fault(fault)),
            },
            Err(trouble) => return Err(trouble),
        };
        let taken = self.whole(taken).await?;
        Ok(match self.standing(&taken)? {
            Standing::Is(progress) => progress,
            Standing::Approved => Progress::Pending { handle: Some(taken.id) },
        })
    }

    /// Looks for a payment of which there is no order, or none any more, in PayPal's list of
    /// transactions. What is not there may still come for a while.
    async fn look_in_books(&self, sought: &Sought<'_>) -> Result<Sight, Trouble> {
        if let Some(id) = self.find_payment(sought).await? {
            let capture = self.capture(&id).await?;
            // The capture does not tell the method, and not always who got the money.
            let order = match capture.order_id().filter(|id| sought.handle != Some(*id)) {
                Some(id) => Some(self.order(id).await?),
                None => None,
            };
            return Ok(Sight::There(self.captured(&capture, order.as_ref())?));
        }
        if sought.now.duration_since(sought.since) < MAY_TURN_UP {
            let handle = sought.handle.map(str::to_owned);
            return Ok(Sight::There(Progress::Pending { handle }));
        }
        Ok(match sought.handle {
            Some(_) => Sight::There(declined(DeclineReason::Abandoned, "RESOURCE_NOT_FOUND")),
            None => Sight::Absent,
        })
    }

    fn standing(&self, order: &Order) -> Result<Standing, GatewayError> {
        let handle = order.id.clone();
        Ok(Standing::Is(match order.status.as_str() {
            "APPROVED" => return Ok(Standing::Approved),
            "COMPLETED" => {
                let capture = order.capture().ok_or_else(|| {
                    GatewayError::Unknown("a completed order without a capture".to_owned())
                })?;
                self.captured(capture, Some(order))?
            }
            "VOIDED" => declined(DeclineReason::Abandoned, "VOIDED"),
            _ if order.is_open() => match way(&order.links) {
                Some(url) => Progress::Away { handle, way: Way::Go(url) },
                None => Progress::Pending { handle: Some(handle) },
            },
            other => return Err(GatewayError::Unknown(format!("an order that is {other}"))),
        }))
    }

    /// A capture, with its order where that is at hand. One that was given back or taken back later
    /// was paid all the same.
    fn captured(&self, capture: &Capture, order: Option<&Order>) -> Result<Progress, GatewayError> {
        match capture.status.as_str() {
            "COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED" => {
                Ok(Progress::Paid(Box::new(self.paid(capture, order)?)))
            }
            "PENDING" => {
                let handle = order.map(|it| it.id.as_str()).or(capture.order_id());
                Ok(Progress::Pending { handle: handle.map(str::to_owned) })
            }
            _ if capture.is_refused() => {
                let details = capture.status_details.as_ref();
                let why = details.and_then(|details| details.reason.as_deref());
                Ok(declined(DeclineReason::Declined, why.unwrap_or(&capture.status)))
            }
            other => Err(GatewayError::Unknown(format!("a capture that is {other}"))),
        }
    }

    fn paid(&self, capture: &Capture, order: Option<&Order>) -> Result<Paid, GatewayError> {
        let lacking = |what| GatewayError::Unknown(format!("a capture without {what}"));
        let unit = order.and_then(|order| order.purchase_units.first());
        let payee = capture.payee.as_ref().or(unit.and_then(|unit| unit.payee.as_ref()));
        let breakdown = capture.seller_receivable_breakdown.as_ref();
        let fee = breakdown.and_then(|breakdown| breakdown.paypal_fee.as_ref());
        let reference =
            capture.custom_id.as_ref().or(unit.and_then(|unit| unit.custom_id.as_ref()));
        let method = order.and_then(Order::wallet).cloned().unwrap_or_default().kept();
        Ok(Paid {
            charge: capture.id.clone(),
            money: capture.amount.as_ref().ok_or_else(|| lacking("an amount"))?.money()?,
            reference: reference.cloned(),
            recipient: payee.and_then(|payee| payee.merchant_id.clone()),
            test: self.mode == Mode::Test,
            fee: fee.map(Amount::money).transpose()?,
            at: capture.create_time.ok_or_else(|| lacking("a time"))?,
            method,
        })
    }
}

/// Makes sure that the order is the one that was begun, before money is taken for it.
fn check(order: &Order, asked: Asked<'_>) -> Result<(), GatewayError> {
    let unit = order.purchase_units.first();
    let reference = unit.and_then(|unit| unit.custom_id.as_deref());
    let amount = unit.and_then(|unit| unit.amount.as_ref());
    let money = amount.map(Amount::money).transpose()?;
    let same = order.purchase_units.len() == 1
        && reference == Some(asked.reference.as_str())
        && (asked.money.is_none() || asked.money == money);
    if same {
        return Ok(());
    }
    Err(GatewayError::Refused {
        code: "ANOTHER_ORDER".to_owned(),
        message: format!("the order {} is not the one that was begun", order.id),
    })
}

pub(super) fn declined(reason: DeclineReason, code: &str) -> Progress {
    Progress::Declined(Declined { reason, code: code.to_owned() })
}
