//! Taking vouchers out of use. What gave its credit stays as it is: that is in the ledger.

use portico_billing::VoucherBatchId;
use portico_billing::permission::Permission;
use portico_store::Write;
use serde_json::json;

use super::{VoucherBatchView, VoucherView, view};
use crate::audit::Change;
use crate::operators::StaffError;
use crate::{Caller, Core, StaffRule};

impl Core {
    /// Takes all vouchers of a batch out of use that gave no credit yet, also those that wait for a
    /// payment. Where it was so already, nothing changes.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or where the machinery fails.
    pub async fn void_voucher_batch(
        &self,
        caller: &Caller,
        id: VoucherBatchId,
    ) -> Result<VoucherBatchView, StaffError> {
        caller.require(Permission::EditVouchers)?;
        let now = self.now();
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        write.voucher_batch(id).await?.ok_or(StaffError::NotFound)?;
        let voided = write.void_voucher_batch(id, now).await?;
        let batch = write.voucher_batch(id).await?.ok_or(StaffError::NotFound)?;
        let series = batch.series.clone();
        let view = view::batch_view(&mut write, batch, now).await?;
        if let Some(count) = voided {
            let change = Change::new("voucher_batch.voided").on(id.uuid());
            let change = change.to(&json!({"series": series, "count": count}));
            change.write(self, &mut write, caller).await?;
            write.commit().await?;
        }
        Ok(view)
    }

    /// Takes one voucher out of use, by identifier or serial. Where it was so already, nothing
    /// changes.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Rule` where it gave its credit, or where the machinery fails.
    pub async fn void_voucher(
        &self,
        caller: &Caller,
        key: &str,
    ) -> Result<VoucherView, StaffError> {
        caller.require(Permission::EditVouchers)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let before = view::find(&mut write, key).await?;
        if write.void_voucher(before.id, self.now()).await? {
            let mut change = Change::new("voucher.voided").on(before.id.uuid());
            if let Some(customer) = before.customer_id {
                change = change.of_customer(customer.uuid());
            }
            let sides = (json!({"status": before.status}), json!({"status": "void"}));
            change.changed(&sides.0, &sides.1).write(self, &mut write, caller).await?;
            let view = self.found(&mut write, key).await?;
            write.commit().await?;
            return Ok(view);
        }
        let view = self.found(&mut write, key).await?;
        if view.credited.is_some() { Err(StaffRule::VoucherSpent.into()) } else { Ok(view) }
    }

    async fn found(&self, write: &mut Write, key: &str) -> Result<VoucherView, StaffError> {
        Ok(view::voucher_view(view::find(write, key).await?, self.now()))
    }
}
