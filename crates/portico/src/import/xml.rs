//! Electronic invoices (UBL, CII): one document a file, with the customer that it bills.

use portico_core::Caller;
use std::path::Path;

use anyhow::Context;
use portico_core::einvoice::{EInvoiceDocument, EInvoiceRecords};
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::{BatchItem, Outcome, Record, RecordKey, Rejection, Saved, Target};
use portico_documents::einvoice::{LARGEST_FILE, read_invoice};

use super::Import;

/// Brings one document in. What is there already, document or customer, stays as it is.
pub async fn import(import: &mut Import<'_>, file: &Path) -> anyhow::Result<()> {
    let size = std::fs::metadata(file).context("cannot open it")?.len();
    if size > LARGEST_FILE as u64 {
        import.report.reject(file, 1, &format!("larger than {LARGEST_FILE} bytes"));
        return Ok(());
    }
    let bytes = std::fs::read(file)?;
    import.report.progress(file, size);
    match read_invoice(&bytes) {
        Err(error) => {
            let line = u64::from(error.line().unwrap_or(1));
            import.report.reject(file, line, &error.to_string());
        }
        Ok(read) => {
            let records = EInvoiceRecords::from(read);
            match records.document {
                EInvoiceDocument::Invoice(_) => save_or_reject(import, file, records).await,
                EInvoiceDocument::CreditNote(_) => {
                    import.credit_notes.push((file.to_owned(), records));
                }
            }
        }
    }
    Ok(())
}

/// Brings the credit notes in that waited for their invoices.
pub async fn import_credit_notes(import: &mut Import<'_>) {
    for (file, records) in std::mem::take(&mut import.credit_notes) {
        save_or_reject(import, &file, records).await;
    }
}

async fn save_or_reject(import: &mut Import<'_>, file: &Path, records: EInvoiceRecords) {
    if let Err(rejection) = save_all(import, records).await {
        import.report.reject(file, 1, &rejection.to_string());
    }
}

/// Whether its number is free is asked first: a document that is left out for another one brings no
/// customer in.
async fn save_all(import: &mut Import<'_>, records: EInvoiceRecords) -> Result<(), Rejection> {
    if import.core.has_einvoice(import.organisation, &records).await? {
        let there = Saved { output: (), outcome: Outcome::Unchanged };
        import.report.count(&BatchItem { result: Ok(there) });
        return Ok(());
    }
    let key = RecordKey::new(records.customer.external_id.clone().unwrap_or_default());
    match import
        .core
        .find_record::<CustomerRecord>(&Caller::system(import.organisation), &key)
        .await
    {
        Ok(_) => {}
        Err(Rejection::NotFound(_)) => save::<CustomerRecord>(import, records.customer).await?,
        Err(other) => return Err(other),
    }
    match records.document {
        EInvoiceDocument::Invoice(input) => save::<InvoiceRecord>(import, *input).await,
        EInvoiceDocument::CreditNote(input) => save::<CreditNoteRecord>(import, *input).await,
    }
}

async fn save<R: Record>(import: &mut Import<'_>, input: R::Input) -> Result<(), Rejection> {
    let saved = import
        .core
        .save_record::<R>(&Caller::system(import.organisation), Target::New, input)
        .await?;
    import.report.count(&BatchItem { result: Ok(saved) });
    Ok(())
}
