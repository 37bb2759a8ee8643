//! Play money that goes back. What happens is chosen by the last two digits of an amount, in minor
//! units: there is nothing else that a refund could be told by.

use async_trait::async_trait;
use portico_billing::Money;
use portico_billing::gateway::DeclineReason;

use super::{A_WHILE, Sandbox};
use crate::{
    Declined, GatewayError, Movement, MovementKind, RefundOrder, Refunds, Returned, Reversals,
    Reversed, Taken,
};

/// What becomes of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundFate {
    /// It is made.
    Made,
    /// …91: it is refused.
    Refused,
    /// …92: it is made after a while.
    Slow,
    /// …93: it is made, but nobody is told for a while.
    Lost,
    /// …94: nobody is told, and it is never made.
    Vanished,
    /// …95: less is given back than was asked for.
    Less,
    /// …96: the sandbox cannot be reached.
    NotReached,
    /// …97: it is made, and comes back when it is looked for again.
    ComesBack,
}

impl RefundFate {
    /// That of a refund of so much.
    #[must_use]
    pub const fn of(money: Money) -> Self {
        match money.minor() % 100 {
            91 => Self::Refused,
            92 => Self::Slow,
            93 => Self::Lost,
            94 => Self::Vanished,
            95 => Self::Less,
            96 => Self::NotReached,
            97 => Self::ComesBack,
            _ => Self::Made,
        }
    }
}

/// What is taken back of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentFate {
    /// Nothing.
    Kept,
    /// …81: it was given back as a whole at the provider's own site.
    GivenBack,
    /// …82: the payer's bank takes it back.
    Disputed,
    /// …83: the payer's bank takes it back, and the dispute is won.
    Won,
}

impl PaymentFate {
    /// That of a payment of so much.
    #[must_use]
    pub const fn of(charged: Money) -> Self {
        match charged.minor() % 100 {
            81 => Self::GivenBack,
            82 => Self::Disputed,
            83 => Self::Won,
            _ => Self::Kept,
        }
    }
}

/// What the identifiers of refunds that come back have in them, before their amount.
const BACK: &str = "_back_";

fn id(order: &RefundOrder<'_>) -> String {
    match RefundFate::of(order.money) {
        RefundFate::ComesBack => {
            format!("sandbox_{}{BACK}{}", order.reference, order.money.minor())
        }
        _ => format!("sandbox_{}", order.reference),
    }
}

fn done(order: &RefundOrder<'_>) -> Returned {
    let less = i64::from(RefundFate::of(order.money) == RefundFate::Less);
    let money = Money::new(order.money.minor() - less, order.money.currency());
    Returned::Done { id: id(order), money, at: order.since }
}

fn lost() -> GatewayError {
    GatewayError::Unknown("lost, as was asked for".to_owned())
}

#[async_trait]
impl Refunds for Sandbox {
    async fn refund(&self, order: &RefundOrder<'_>) -> Result<Returned, GatewayError> {
        match RefundFate::of(order.money) {
            RefundFate::Made | RefundFate::Less | RefundFate::ComesBack => Ok(done(order)),
            RefundFate::Slow => Ok(Returned::Pending { id: id(order) }),
            RefundFate::Lost | RefundFate::Vanished => Err(lost()),
            RefundFate::NotReached => {
                Err(GatewayError::NotSent("not reached, as was asked for".to_owned()))
            }
            RefundFate::Refused => Ok(Returned::Refused(Declined {
                reason: DeclineReason::Declined,
                code: "refused".to_owned(),
            })),
        }
    }

    async fn look_up_refund(
        &self,
        order: &RefundOrder<'_>,
    ) -> Result<Option<Returned>, GatewayError> {
        let over = order.now.duration_since(order.since) >= A_WHILE;
        match RefundFate::of(order.money) {
            RefundFate::Slow | RefundFate::Lost if over => Ok(Some(done(order))),
            RefundFate::Slow => Ok(Some(Returned::Pending { id: id(order) })),
            RefundFate::Lost => Err(lost()),
            RefundFate::Vanished | RefundFate::NotReached => Ok(None),
            _ => self.refund(order).await.map(Some),
        }
    }
}

#[async_trait]
impl Reversals for Sandbox {
    async fn reversals(&self, taken: &Taken<'_>) -> Result<Reversed, GatewayError> {
        let movement = |kind: MovementKind, id: &str, money: Money| Movement {
            kind,
            id: id.to_owned(),
            charge: Some(taken.charge.to_owned()),
            reference: None,
            money,
            fee: None,
            at: taken.now,
        };
        let id = format!("{}_taken", taken.charge);
        let mut movements = match PaymentFate::of(taken.charged) {
            PaymentFate::Kept => Vec::new(),
            PaymentFate::GivenBack => vec![movement(MovementKind::Refund, &id, taken.charged)],
            PaymentFate::Disputed => vec![movement(MovementKind::Dispute, &id, taken.charged)],
            PaymentFate::Won => {
                // One thing after the other: it is won once it is known.
                let is_known = taken.known.contains(&id);
                let won = is_known.then(|| movement(MovementKind::DisputeWon, &id, taken.charged));
                let lost = movement(MovementKind::Dispute, &id, taken.charged);
                [lost].into_iter().chain(won).collect()
            }
        };
        for known in taken.known {
            let minor = known.rsplit_once(BACK).and_then(|(_, minor)| minor.parse().ok());
            if let Some(minor) = minor {
                let money = Money::new(minor, taken.charged.currency());
                movements.push(movement(MovementKind::RefundFailed, known, money));
            }
        }
        Ok(Reversed { movements, until: taken.now })
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use portico_billing::Currency;
    use portico_billing::gateway::Reference;

    use super::*;

    const THEN: Timestamp = Timestamp::UNIX_EPOCH;

    fn order(reference: &Reference, minor: i64, seconds: i64) -> RefundOrder<'_> {
        let money = Money::new(minor, Currency::EUR);
        RefundOrder {
            reference,
            charge: "sandbox_1",
            money,
            charged: Money::new(100_000, Currency::EUR),
            last4: None,
            since: THEN,
            now: THEN + SignedDuration::from_secs(seconds),
        }
    }

    #[tokio::test]
    async fn a_refund_does_what_its_amount_says() {
        let reference: Reference = "0123456789ABCDEFGHJK".parse().expect("a reference");
        let ask = async |minor| Sandbox.refund(&order(&reference, minor, 0)).await;
        let look =
            async |minor, seconds| Sandbox.look_up_refund(&order(&reference, minor, seconds)).await;
        let is_done = |returned: &Returned, minor: i64| matches!(returned, Returned::Done { money, .. } if money.minor() == minor);
        assert!(is_done(&ask(500).await.expect("made"), 500));
        assert!(is_done(&ask(595).await.expect("made"), 594), "a mismatch");
        assert!(matches!(ask(591).await, Ok(Returned::Refused(_))));
        assert!(matches!(ask(592).await, Ok(Returned::Pending { .. })));
        assert!(matches!(ask(593).await, Err(GatewayError::Unknown(_))));
        assert!(matches!(ask(594).await, Err(GatewayError::Unknown(_))));
        assert!(ask(596).await.is_err_and(|error| error.nothing_happened()));
        assert!(matches!(look(592, 29).await, Ok(Some(Returned::Pending { .. }))));
        assert!(matches!(look(593, 29).await, Err(GatewayError::Unknown(_))));
        for minor in [592, 593] {
            let found = look(minor, 30).await.expect("an answer").expect("a refund");
            assert!(is_done(&found, minor));
        }
        assert_eq!(look(594, 3_600).await, Ok(None));
        assert_eq!(look(500, 0).await.expect("an answer"), ask(500).await.ok());
    }

    #[tokio::test]
    async fn what_is_taken_of_a_payment_is_said_by_its_amount() {
        let kinds = async |minor, known: &[String]| {
            let charged = Money::new(minor, Currency::EUR);
            let taken = Taken { charge: "c", charged, known, since: THEN, now: THEN };
            let reversed = Sandbox.reversals(&taken).await.expect("an answer");
            reversed.movements.iter().map(|it| it.kind).collect::<Vec<_>>()
        };
        let known = ["c_taken".to_owned()];
        assert_eq!(kinds(1_000, &[]).await, []);
        assert_eq!(kinds(1_081, &[]).await, [MovementKind::Refund]);
        assert_eq!(kinds(1_082, &known).await, [MovementKind::Dispute]);
        assert_eq!(kinds(1_083, &[]).await, [MovementKind::Dispute]);
        let won = [MovementKind::Dispute, MovementKind::DisputeWon];
        assert_eq!(kinds(1_083, &known).await, won);
        let back = ["sandbox_R_back_597".to_owned()];
        assert_eq!(kinds(1_000, &back).await, [MovementKind::RefundFailed]);
    }
}
