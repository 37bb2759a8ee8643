//! What was done with a batch of vouchers, and by whom.

use portico_billing::VoucherBatchId;
use portico_billing::permission::Permission;
use portico_store::Position;
use portico_store::audit::AuditFilter;

use crate::customers::{Activity, signed};
use crate::operators::StaffError;
use crate::{Caller, Core};

/// Most lines: there are no more deeds than can be done once.
const LINES: u16 = 10;

impl Core {
    /// Who made a batch, who exported its codes, who took it out of use, the newest first.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or where the machinery fails.
    pub async fn voucher_batch_history(
        &self,
        caller: &Caller,
        id: VoucherBatchId,
    ) -> Result<Vec<Activity>, StaffError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        read.voucher_batch(id).await?.ok_or(StaffError::NotFound)?;
        let filter = AuditFilter { subject: Some(id.uuid()), ..AuditFilter::default() };
        let entries = read.audit_entries(filter, Position::START, LINES).await?;
        Ok(signed(&mut read, caller, entries).await?)
    }
}
