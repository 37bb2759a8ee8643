//! Vouchers as they are shown.

use jiff::Timestamp;
use portico_billing::permission::Permission;
use portico_billing::voucher::{Serial, VoucherState};
use portico_billing::{Money, VoucherBatchId};
use portico_core_api::RedeemedVoucher;
use portico_store::voucher::{StateCount, Voucher, VoucherBatch, VoucherFilter};
use portico_store::{Position, Read, StoreError};

use super::{VoucherBatchView, VoucherPosition, VoucherQuery, VoucherReport, VoucherView};
use crate::operators::StaffError;
use crate::records::After;
use crate::{Caller, Core};

impl Core {
    /// Batches of vouchers, newest first, and where the next page begins.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn voucher_batches(
        &self,
        caller: &Caller,
        (after, limit): (Option<After>, u16),
    ) -> Result<(Vec<VoucherBatchView>, Option<After>), StaffError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let after = after.map_or(Position::START, After::position);
        let mut found = read.voucher_batches(after, limit.saturating_add(1)).await?;
        let more = found.len() > usize::from(limit);
        found.truncate(usize::from(limit));
        let last = found.last().filter(|_| more);
        let next = last.map(|last| After { created_at: last.created_at, id: last.id.uuid() });
        let ids: Vec<_> = found.iter().map(|batch| batch.id).collect();
        let counts = read.count_vouchers(&ids, self.now()).await?;
        let views = found.into_iter().map(|batch| with_report(batch, &counts)).collect();
        Ok((views, next))
    }

    /// One batch.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or where the machinery fails.
    pub async fn voucher_batch(
        &self,
        caller: &Caller,
        id: VoucherBatchId,
    ) -> Result<VoucherBatchView, StaffError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let batch = read.voucher_batch(id).await?.ok_or(StaffError::NotFound)?;
        batch_view(&mut read, batch, self.now()).await
    }

    /// Vouchers of a batch in the order of their numbers, and behind which number the next page
    /// begins.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` where there is no such batch, or where the machinery fails.
    pub async fn vouchers_of_batch(
        &self,
        caller: &Caller,
        query: VoucherQuery,
    ) -> Result<(Vec<VoucherView>, Option<u32>), StaffError> {
        let batch = query.batch;
        let after = query.after.map(|number| VoucherPosition { batch, number });
        let which = (Some(batch), query.state);
        let (found, next) = self.all_vouchers(caller, which, (after, query.limit)).await?;
        Ok((found, next.map(|next| next.number)))
    }

    /// Vouchers of one batch or of all, in the order of batches and numbers, and where the next
    /// page begins.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` where there is no such batch, or where the machinery fails.
    pub async fn all_vouchers(
        &self,
        caller: &Caller,
        (batch, state): (Option<VoucherBatchId>, Option<VoucherState>),
        (after, limit): (Option<VoucherPosition>, u16),
    ) -> Result<(Vec<VoucherView>, Option<VoucherPosition>), StaffError> {
        caller.require(Permission::Read)?;
        let now = self.now();
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        if let Some(batch) = batch {
            read.voucher_batch(batch).await?.ok_or(StaffError::NotFound)?;
        }
        let after = after.map(|after| (after.batch, after.number));
        let filter = VoucherFilter { batch, state, after };
        let mut found = read.vouchers(filter, now, limit.saturating_add(1)).await?;
        let more = found.len() > usize::from(limit);
        found.truncate(usize::from(limit));
        let last = found.last().filter(|_| more);
        let next = last.map(|it| VoucherPosition { batch: it.batch_id, number: it.number });
        Ok((found.into_iter().map(|it| voucher_view(it, now)).collect(), next))
    }

    /// The voucher with this identifier or serial.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or where the machinery fails.
    pub async fn voucher(&self, caller: &Caller, key: &str) -> Result<VoucherView, StaffError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        Ok(voucher_view(find(&mut read, key).await?, self.now()))
    }
}

/// The voucher that `key` names.
pub(super) async fn find(read: &mut Read, key: &str) -> Result<Voucher, StaffError> {
    named(read, key).await?.ok_or(StaffError::NotFound)
}

/// The same, where there is one.
pub(crate) async fn named(read: &mut Read, key: &str) -> Result<Option<Voucher>, StoreError> {
    match (key.parse(), key.parse::<Serial>()) {
        (Ok(id), _) => read.voucher(id).await,
        (Err(_), Ok(serial)) => read.voucher_by_serial(&serial.to_string()).await,
        (Err(_), Err(_)) => Ok(None),
    }
}

/// A batch with its report.
pub(super) async fn batch_view(
    read: &mut Read,
    batch: VoucherBatch,
    now: Timestamp,
) -> Result<VoucherBatchView, StaffError> {
    let counts = read.count_vouchers(&[batch.id], now).await?;
    Ok(with_report(batch, &counts))
}

/// A batch that was made a moment ago.
pub(super) fn new_batch(batch: VoucherBatch) -> VoucherBatchView {
    let (state, count) = (VoucherState::Live, batch.size);
    let all = StateCount { batch: batch.id, state, count, credited_minor: 0 };
    with_report(batch, &[all])
}

/// A batch with what is counted of it among `counts`.
fn with_report(it: VoucherBatch, counts: &[StateCount]) -> VoucherBatchView {
    let own = || counts.iter().filter(|count| count.batch == it.id);
    let of = |state| own().filter(|it| it.state == state).map(|it| it.count).sum();
    let credited = own().fold(0, |sum: i64, it| sum.saturating_add(it.credited_minor));
    let report = VoucherReport {
        live: of(VoucherState::Live),
        waiting: of(VoucherState::Waiting),
        redeemed: of(VoucherState::Redeemed),
        void: of(VoucherState::Void),
        expired: of(VoucherState::Expired),
        credited: Money::new(credited, it.terms.currency()),
    };
    VoucherBatchView {
        id: it.id,
        series: it.series.to_string(),
        terms: it.terms,
        count: it.size,
        expires_at: it.expires_at,
        wait_days: it.wait_days,
        note: it.note,
        created_at: it.created_at,
        exported_at: it.exported_at,
        voided_at: it.voided_at,
        report,
    }
}

/// A voucher for the staff.
pub(crate) fn voucher_view(it: Voucher, now: Timestamp) -> VoucherView {
    VoucherView {
        state: it.state(now),
        waits_until: it.waits_until(),
        id: it.id,
        batch_id: it.batch_id,
        serial: it.serial,
        customer_id: it.customer_id,
        customer_name: it.customer_name,
        redeemed_at: it.redeemed_at,
        credited: it.credited,
        credited_at: it.credited_at,
        payment_id: it.payment_id,
        voided_at: it.voided_at,
    }
}

/// A voucher for who redeemed it; nothing where nobody did.
pub(super) fn redeemed_view(it: Voucher, now: Timestamp) -> Option<RedeemedVoucher> {
    Some(RedeemedVoucher {
        state: it.state(now),
        waits_until: it.waits_until(),
        redeemed_at: it.redeemed_at?,
        id: it.id,
        serial: it.serial,
        terms: it.terms,
        credited: it.credited,
        credited_at: it.credited_at,
    })
}
