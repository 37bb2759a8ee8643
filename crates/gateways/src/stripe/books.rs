//! Stripe's own list of what it moved (<https://docs.stripe.com/api/balance_transactions/list>).
//!
//! Stripe lists the newest first, and the oldest are asked for. So the window is read in slices of
//! time, each whole: the cursor is the second at which the next one begins.

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;

use super::wire::{BalanceTransaction, Source, reference};
use super::{Stripe, amount, judge, list};
use crate::{Books, GatewayError, Movement, MovementKind};

/// Seconds of a slice, as long as it is not too full.
const SLICE: i64 = 24 * 60 * 60;

#[async_trait]
impl Books for Stripe {
    async fn movements(
        &self,
        window: (Timestamp, Timestamp),
        cursor: Option<&str>,
    ) -> Result<(Vec<Movement>, Option<String>), GatewayError> {
        let (from, until) = (window.0.as_second(), ceiling(window.1));
        let from = match cursor {
            Some(cursor) => place(cursor, from, until)?,
            None => from,
        };
        let mut end = until.min(from.saturating_add(SLICE));
        while from < end {
            if let Some(slice) = self.slice(from, end).await? {
                let next = (end < until).then(|| end.to_string());
                return Ok((slice, next));
            }
            let half = (end - from) / 2;
            if half == 0 {
                return Err(list::too_long());
            }
            end = from + half;
        }
        Ok((Vec::new(), None))
    }
}

impl Stripe {
    /// What moved from the second `from` until before `end`, oldest first; nothing where it is too
    /// much.
    async fn slice(&self, from: i64, end: i64) -> Result<Option<Vec<Movement>>, GatewayError> {
        let query = list::unfolded(&["data.source"])
            .with("created[gte]", from.to_string())
            .with("created[lt]", end.to_string());
        let listed = list::all(&self.client, "balance_transactions", &query).await?;
        let Some(listed) = listed else { return Ok(None) };
        let movements = listed.iter().rev().filter_map(|change| movement(change).transpose());
        movements.collect::<Result<_, _>>().map(Some)
    }
}

/// The second at or after `time`: what moved in the same second as the end is not left out.
fn ceiling(time: Timestamp) -> i64 {
    let part = i64::from(time.subsec_nanosecond() > 0);
    time.as_second().saturating_add(part)
}

fn place(cursor: &str, from: i64, until: i64) -> Result<i64, GatewayError> {
    let second = cursor.parse().ok().filter(|second| (from..=until).contains(second));
    second.ok_or_else(|| GatewayError::Refused {
        code: "not_a_cursor".to_owned(),
        message: "the place in the list is not of this window".to_owned(),
    })
}

/// What a change of the balance was to a customer; nothing for the account's own (payouts, fees).
/// Amounts are in the currency that the customer paid in, fees in the account's.
fn movement(change: &BalanceTransaction) -> Result<Option<Movement>, GatewayError> {
    let kind = match change.reporting_category.as_str() {
        "charge" => MovementKind::Payment,
        "refund" => MovementKind::Refund,
        // A bank's debit that came back is to the account what a lost dispute is.
        "dispute" | "charge_failure" => MovementKind::Dispute,
        "dispute_reversal" => MovementKind::DisputeWon,
        "refund_failure" => MovementKind::RefundFailed,
        _ => return Ok(None),
    };
    let Some(source) = change.source.as_ref().and_then(source) else {
        return Err(GatewayError::Unknown(format!("the source of {} is not told", change.id)));
    };
    let payment = source.payment_intent.or(source.charge);
    let (id, charge) = match kind {
        MovementKind::Payment => (payment.unwrap_or(source.id), None),
        _ => (source.id, payment),
    };
    Ok(Some(Movement {
        kind,
        id,
        charge,
        reference: reference(source.metadata.as_ref()).map(str::to_owned),
        money: amount::from_stripe(source.amount, &source.currency)?,
        fee: amount::from_stripe(change.fee, &change.currency).ok(),
        at: judge::time(change.created)?,
    }))
}

fn source(value: &Value) -> Option<Source> {
    serde_json::from_value(value.clone()).ok()
}

#[cfg(test)]
mod tests {
    use portico_billing::{Currency, Money};
    use serde_json::json;

    use super::*;

    fn moved(category: &str, source: Value) -> Result<Option<Movement>, GatewayError> {
        let change = json!({
            "id": "txn_1", "created": 1_790_000_000, "fee": 59, "currency": "eur", "amount": 1,
            "reporting_category": category, "source": source,
        });
        movement(&serde_json::from_value(change).expect("a balance transaction"))
    }

    fn expected(kind: MovementKind, id: &str, charge: Option<&str>) -> Movement {
        Movement {
            kind,
            id: id.to_owned(),
            charge: charge.map(str::to_owned),
            reference: None,
            money: Money::new(1000, Currency::USD),
            fee: Some(Money::new(59, Currency::EUR)),
            at: Timestamp::from_second(1_790_000_000).expect("a time"),
        }
    }

    #[test]
    fn payments_and_what_takes_from_them_share_their_identifier() {
        let charge = json!({"id": "ch_1", "object": "charge", "amount": 1000, "currency": "usd",
            "payment_intent": "pi_1", "metadata": {"portico_reference": "R"}});
        let payment = Movement {
            reference: Some("R".to_owned()),
            ..expected(MovementKind::Payment, "pi_1", None)
        };
        assert_eq!(moved("charge", charge), Ok(Some(payment)));

        let taken = |id: &str| {
            json!({"id": id, "amount": 1000, "currency": "usd", "charge": "ch_1",
                "payment_intent": "pi_1", "metadata": {}})
        };
        for (category, id, kind) in [
            ("refund", "re_1", MovementKind::Refund),
            ("refund_failure", "re_1", MovementKind::RefundFailed),
            ("dispute", "dp_1", MovementKind::Dispute),
            ("dispute_reversal", "dp_1", MovementKind::DisputeWon),
            ("charge_failure", "py_1", MovementKind::Dispute),
        ] {
            let movement = expected(kind, id, Some("pi_1"));
            assert_eq!(moved(category, taken(id)), Ok(Some(movement)), "{category}");
        }
    }

    #[test]
    fn what_was_charged_past_portico_goes_by_its_charge() {
        let charge = json!({"id": "ch_1", "amount": 1000, "currency": "usd",
            "payment_intent": null, "metadata": {}});
        let movement = expected(MovementKind::Payment, "ch_1", None);
        assert_eq!(moved("charge", charge), Ok(Some(movement)));
        let refund = json!({"id": "re_1", "amount": 1000, "currency": "usd", "charge": "ch_1"});
        let movement = expected(MovementKind::Refund, "re_1", Some("ch_1"));
        assert_eq!(moved("refund", refund), Ok(Some(movement)));
    }

    #[test]
    fn the_accounts_own_movements_are_left_out() {
        for category in ["payout", "fee", "transfer", "topup", "a_new_one"] {
            assert_eq!(moved(category, json!("po_1")), Ok(None), "{category}");
        }
        assert!(moved("charge", json!("ch_1")).is_err(), "a charge that is not told is no nothing");
    }

    #[test]
    fn a_window_ends_with_its_last_second() {
        let at = |text: &str| ceiling(text.parse().expect("a time"));
        assert_eq!(at("2026-01-01T00:00:00Z"), 1_767_225_600);
        assert_eq!(at("2026-01-01T00:00:00.1Z"), 1_767_225_601);
    }
}
