//! Making vouchers.

use jiff::Timestamp;
use portico_billing::money::MAX_MINOR;
use portico_billing::permission::Permission;
use portico_billing::voucher::{
    BadSeries, Code, MAX_COUNT, MAX_WAIT_DAYS, SERIES_MAX, Serial, Series, Terms, TermsFault,
    TermsInput,
};
use portico_billing::{Currency, Money, VoucherBatchId, VoucherId};
use portico_core_api::Fault;
use portico_store::StoreError;
use portico_store::voucher::VoucherBatch;
use serde_json::{Value, json};

use super::{NewVoucherBatch, VoucherBatchView, seal_purpose, view};
use crate::audit::Change;
use crate::form::Form;
use crate::operators::StaffError;
use crate::{Caller, Core, Failure};

/// A voucher that is about to be: identifier, serial, hash of the code.
type Made = (VoucherId, String, [u8; 32]);

impl Core {
    /// Makes a batch of vouchers. A series is of one batch, so that nothing is made twice where a
    /// form is sent twice.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` with faults by field, or where the machinery fails.
    pub async fn make_voucher_batch(
        &self,
        caller: &Caller,
        new: NewVoucherBatch,
    ) -> Result<VoucherBatchView, StaffError> {
        caller.require(Permission::EditVouchers)?;
        let batch = checked(&new, VoucherBatchId::new(self.now(), self.id_bytes()), self.now())?;
        let (vouchers, codes) = self.make_codes(&batch);
        let sealed = self.inner.sealer.seal(&seal_purpose(batch.id), &codes);
        let sealed = sealed.map_err(Failure::from)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        match write.insert_voucher_batch(&batch, &sealed, &vouchers).await {
            Err(StoreError::Duplicate { .. }) => {
                return Err(StaffError::field("series", Fault::Taken));
            }
            done => done?,
        }
        let change = Change::new("voucher_batch.created").on(batch.id.uuid()).to(&shown(&batch));
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok(view::new_batch(batch))
    }

    /// New vouchers, and their codes one after the other.
    fn make_codes(&self, batch: &VoucherBatch) -> (Vec<Made>, Vec<u8>) {
        let mut codes = Vec::new();
        let voucher = |number| {
            let code = Code::new(self.inner.entropy.bytes());
            codes.extend_from_slice(code.bytes());
            let serial = Serial { series: batch.series.clone(), number };
            let id = VoucherId::new(batch.created_at, self.id_bytes());
            (id, serial.to_string(), self.voucher_hash(&code))
        };
        let vouchers = (1..=batch.size).map(voucher).collect();
        (vouchers, codes)
    }
}

/// The batch that is asked for.
fn checked(
    new: &NewVoucherBatch,
    id: VoucherBatchId,
    now: Timestamp,
) -> Result<VoucherBatch, StaffError> {
    let mut form = Form::default();
    let series = series(&new.series, &mut form);
    let terms = terms(new, &mut form);
    let range = |field: &str, max: u32, form: &mut Form| {
        form.add(field, Fault::OutOfRange { min: "1".to_owned(), max: max.to_string() });
    };
    if !(1..=MAX_COUNT).contains(&new.count) {
        range("count", MAX_COUNT, &mut form);
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        form.add("expires_at", Fault::NotAChoice);
    }
    match new.wait_days {
        Some(1..=MAX_WAIT_DAYS) if new.minimum_minor == 0 => form.add("minimum", Fault::Required),
        Some(1..=MAX_WAIT_DAYS) | None => {}
        Some(_) => range("wait_days", u32::from(MAX_WAIT_DAYS), &mut form),
    }
    let note = form.line("note", &new.note).unwrap_or_default();
    form.refuse_staff()?;
    let (Some(series), Some(terms)) = (series, terms) else {
        return Err(Failure::Missing("checked batch of vouchers").into());
    };
    Ok(VoucherBatch {
        id,
        series,
        size: new.count,
        terms,
        expires_at: new.expires_at,
        wait_days: new.wait_days,
        note,
        created_at: now,
        exported_at: None,
        voided_at: None,
    })
}

fn series(typed: &str, form: &mut Form) -> Option<Series> {
    let max = u32::try_from(SERIES_MAX).unwrap_or(u32::MAX);
    let fault = match typed.parse() {
        Ok(series) => return Some(series),
        Err(BadSeries::Empty) => Fault::Required,
        Err(BadSeries::TooLong) => Fault::TooLong { max },
        Err(BadSeries::BadCharacters) => Fault::BadCharacters,
    };
    form.add("series", fault);
    None
}

fn terms(new: &NewVoucherBatch, form: &mut Form) -> Option<Terms> {
    let input = TermsInput {
        currency: new.currency,
        minimum_minor: new.minimum_minor,
        multiplier: new.multiplier,
        addition_minor: new.addition_minor,
        ceiling_minor: new.ceiling_minor,
    };
    let faults = match Terms::new(input) {
        Ok(terms) => return Some(terms),
        Err(faults) => faults,
    };
    for fault in faults {
        let (field, fault) = match fault {
            TermsFault::Minimum => ("minimum", amount(0, new.currency)),
            TermsFault::Multiplier if new.minimum_minor == 0 => ("minimum", Fault::Required),
            TermsFault::Multiplier => {
                let (min, max) = ("0.000001".to_owned(), "100".to_owned());
                ("multiplier", Fault::OutOfRange { min, max })
            }
            TermsFault::Addition if new.addition_minor == 0 => ("addition", Fault::Required),
            TermsFault::Addition => ("addition", amount(0, new.currency)),
            TermsFault::Ceiling if new.multiplier.is_none() => ("multiplier", Fault::Required),
            TermsFault::Ceiling => ("ceiling", amount(1, new.currency)),
        };
        form.add(field, fault);
    }
    None
}

/// An amount from `least` minor units on.
fn amount(least: i64, currency: Currency) -> Fault {
    let major = |minor| Money::new(minor, currency).to_decimal().to_string();
    Fault::OutOfRange { min: major(least), max: major(MAX_MINOR) }
}

/// What the audit log says of a batch.
fn shown(it: &VoucherBatch) -> Value {
    json!({
        "series": it.series,
        "count": it.size,
        "terms": it.terms,
        "currency": it.terms.currency(),
        "expires_at": it.expires_at,
        "wait_days": it.wait_days,
        "note": it.note,
    })
}
