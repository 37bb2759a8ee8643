//! Settling invoices by credit alone, as the customer asks for it.

use portico_billing::{CreditUseId, Currency, InvoiceId};
use portico_store::hold::Held;

use super::{apply, note};
use crate::pay::Payer;
use crate::records::{Rejection, Unit, tried};
use crate::{Caller, Core, Failure};

/// What came of it.
pub(crate) enum Alone {
    /// All of it was settled.
    Settled(CreditUseId),
    /// The form was sent before.
    Before,
    /// There is less credit, or less to be settled, than there was a moment ago. Nothing was
    /// settled.
    Less,
}

/// A form that asks for it.
pub(crate) struct Asked<'a> {
    /// Its key, and a hash of what it says.
    pub(crate) form: (&'a str, &'a [u8]),
    /// The currency.
    pub(crate) currency: Currency,
    /// What of which invoice.
    pub(crate) wanted: &'a [(InvoiceId, i64)],
}

/// Settles what is asked for wholly by credit, once, or not at all.
pub(crate) async fn alone(
    core: &Core,
    payer: &Payer,
    caller: &Caller,
    asked: &Asked<'_>,
) -> Result<Alone, Failure> {
    match tried(|| try_alone(core, payer, caller, asked)).await {
        Ok(done) => Ok(done),
        Err(Rejection::Failure(failure)) => Err(failure),
        Err(other) => Err(Failure::Refused(other.to_string())),
    }
}

async fn try_alone(
    core: &Core,
    payer: &Payer,
    caller: &Caller,
    asked: &Asked<'_>,
) -> Result<Alone, Rejection> {
    let mut unit = Unit::begin(core, caller).await?;
    let (customer, (key, hash)) = (payer.customer_id, asked.form);
    // Whoever sends the same form at once waits here, and finds what it began.
    unit.write.hold(Held::Customer, customer.uuid()).await?;
    let begun = unit.write.payment_attempt_by_form(customer, key).await?.is_some();
    if begun || unit.write.credit_use_by_form(customer, key).await?.is_some() {
        return Ok(Alone::Before);
    }
    let whose = (customer, asked.currency);
    let parts = apply(&mut unit, whose, asked.wanted).await?;
    let sum = |sum: i64, minor: i64| sum.saturating_add(minor);
    let used = parts.iter().map(|it| it.amount_minor).fold(0, sum);
    if used < asked.wanted.iter().map(|(_, minor)| *minor).fold(0, sum) {
        return Ok(Alone::Less);
    }
    let form = (key.to_owned(), hash.to_vec());
    let it = note(&mut unit, whose, parts, (None, Some(form))).await?;
    unit.commit().await?;
    Ok(Alone::Settled(it.id))
}
