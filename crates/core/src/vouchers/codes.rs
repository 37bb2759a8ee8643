//! Exporting codes: once.

use portico_billing::permission::Permission;
use portico_billing::voucher::{Code, Serial};
use portico_billing::{LanguageTag, VoucherBatchId};
use portico_core_api::{Document, Refusal, TableFormat};
use portico_documents::table::{Cell, Column, Kind, Table};
use portico_store::voucher::VoucherBatch;
use serde_json::json;

use super::{VoucherCode, seal_purpose};
use crate::audit::Change;
use crate::export::write;
use crate::operators::StaffError;
use crate::seal::SealError;
use crate::{Caller, Core, Failure, StaffRule};

impl Core {
    /// The codes of a batch. From then on they are nowhere in the database, not even sealed: who
    /// loses the answer voids the batch (VCH-05).
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Rule` where they were exported or the batch is void, or where the
    /// machinery fails.
    pub async fn export_voucher_codes(
        &self,
        caller: &Caller,
        id: VoucherBatchId,
    ) -> Result<Vec<VoucherCode>, StaffError> {
        Ok(self.take_codes(caller, id).await?.1)
    }

    /// The same as a file with the columns serial and code.
    ///
    /// # Errors
    /// As [`Core::export_voucher_codes`].
    pub async fn export_voucher_codes_csv(
        &self,
        caller: &Caller,
        id: VoucherBatchId,
        language: &LanguageTag,
    ) -> Result<Document, StaffError> {
        let (batch, codes) = self.take_codes(caller, id).await?;
        let text = |key| Column::new(self.inner.press.text_in(language, key), Kind::Text);
        let columns = vec![text("vouchers-file-serial"), text("vouchers-file-code")];
        let row = |it: VoucherCode| vec![Cell::Text(it.serial), Cell::Text(it.code)];
        let table = Table { columns, rows: codes.into_iter().map(row).collect() };
        let name = format!("vouchers-{}", batch.series);
        let failed = |refusal: Refusal| Failure::Document(refusal.to_string());
        Ok(write(self, &name, table, TableFormat::Csv).await.map_err(failed)?)
    }

    async fn take_codes(
        &self,
        caller: &Caller,
        id: VoucherBatchId,
    ) -> Result<(VoucherBatch, Vec<VoucherCode>), StaffError> {
        caller.require(Permission::EditVouchers)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let batch = write.voucher_batch(id).await?.ok_or(StaffError::NotFound)?;
        if batch.exported_at.is_none() && batch.voided_at.is_some() {
            return Err(StaffRule::VouchersVoid.into());
        }
        let sealed = write.take_voucher_codes(id, self.now()).await?;
        let sealed = sealed.ok_or(StaffRule::CodesExported)?;
        let codes = self.inner.sealer.open(&seal_purpose(id), &sealed).map_err(Failure::from)?;
        let codes = numbered(&batch, &codes)?;
        let change = Change::new("voucher_batch.exported").on(id.uuid());
        let change = change.to(&json!({"series": batch.series, "count": codes.len()}));
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok((batch, codes))
    }
}

/// Codes one after the other, each with its serial.
fn numbered(batch: &VoucherBatch, codes: &[u8]) -> Result<Vec<VoucherCode>, Failure> {
    let (codes, rest) = codes.as_chunks();
    if !rest.is_empty() || u32::try_from(codes.len()) != Ok(batch.size) {
        return Err(SealError.into());
    }
    let code = |(number, random): (u32, &[u8; 10])| VoucherCode {
        serial: Serial { series: batch.series.clone(), number }.to_string(),
        code: Code::new(*random).to_string(),
    };
    Ok((1..).zip(codes).map(code).collect())
}
