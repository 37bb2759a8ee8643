//! What was taken from a payment. The provider lists no refunds by their payment: those are read
//! that are known, or that it told of. The payment itself tells whether it was undone before it was
//! settled, and whether a bank took it back. All else stands in the books.

use async_trait::async_trait;

use super::transaction::{Standing, Transaction};
use super::{AuthorizeNet, reasons};
use crate::{GatewayError, Movement, MovementKind, Reversals, Reversed, Taken};

#[async_trait]
impl Reversals for AuthorizeNet {
    async fn reversals(&self, taken: &Taken<'_>) -> Result<Reversed, GatewayError> {
        let charge = self.details(taken.charge).await?;
        let mut moved = movements(&charge, of_charge(charge.standing), taken);
        for id in taken.known.iter().filter(|id| *id != taken.charge) {
            match self.details(id).await {
                Ok(it) if it.of.as_deref() == Some(taken.charge) => {
                    moved.extend(movements(&it, of_another(it.standing), taken));
                }
                Ok(_) => {}
                Err(error) if reasons::is_not_found(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Reversed { movements: moved, until: taken.now })
    }
}

/// What a payment's own standing says.
const fn of_charge(standing: Standing) -> &'static [MovementKind] {
    use MovementKind::{Dispute, DisputeWon, Refund};
    match standing {
        Standing::Voided => &[Refund],
        Standing::TakenBack => &[Dispute],
        Standing::WonBack => &[Dispute, DisputeWon],
        _ => &[],
    }
}

/// What that of a transaction says which takes from another one.
const fn of_another(standing: Standing) -> &'static [MovementKind] {
    use MovementKind::{Dispute, DisputeWon, Refund, RefundFailed};
    match standing {
        Standing::Refunded => &[Refund],
        // Where it was known as one that was made, it comes back.
        Standing::Failed | Standing::Voided => &[RefundFailed],
        Standing::TakenBack => &[Dispute],
        Standing::WonBack => &[Dispute, DisputeWon],
        Standing::Waiting | Standing::Paid => &[],
    }
}

fn movements(it: &Transaction, kinds: &[MovementKind], taken: &Taken<'_>) -> Vec<Movement> {
    let is_charge = it.id == taken.charge;
    let movement = |&kind: &MovementKind| {
        let is_own = !is_charge && matches!(kind, MovementKind::Refund | MovementKind::Dispute);
        Movement {
            kind,
            id: it.id.clone(),
            charge: Some(taken.charge.to_owned()),
            reference: it.reference.clone().filter(|_| !is_charge),
            // Of what was undone nothing is settled.
            money: if it.standing == Standing::Voided && is_charge {
                taken.charged
            } else {
                it.amount
            },
            fee: None,
            // When the payment itself was undone or taken back, is not told.
            at: if is_own { it.submitted } else { taken.now },
        }
    };
    kinds.iter().map(movement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_is_told_by_the_standing() {
        use MovementKind::{Dispute, DisputeWon, Refund, RefundFailed};
        let cases: [(Standing, &[MovementKind], &[MovementKind]); 7] = [
            (Standing::Waiting, &[], &[]),
            (Standing::Paid, &[], &[]),
            (Standing::Failed, &[], &[RefundFailed]),
            (Standing::Voided, &[Refund], &[RefundFailed]),
            (Standing::Refunded, &[], &[Refund]),
            (Standing::TakenBack, &[Dispute], &[Dispute]),
            (Standing::WonBack, &[Dispute, DisputeWon], &[Dispute, DisputeWon]),
        ];
        for (standing, charge, another) in cases {
            assert_eq!((of_charge(standing), of_another(standing)), (charge, another));
        }
    }
}
