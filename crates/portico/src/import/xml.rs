//! Electronic invoices (UBL, CII): one document a file, with the customer that it bills.

use std::path::Path;

use anyhow::Context;
use portico_core::einvoice::{EInvoiceDocument, EInvoiceRecords};
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::{BatchItem, Record, RecordKey, Rejection, Target};
use portico_documents::einvoice::{LARGEST_FILE, read_invoice};

use super::Import;

/// Brings one document in. A customer that is there already stays as it is.
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
            if let Err(rejection) = save_all(import, file, records).await {
                import.report.reject(file, 1, &reason(&rejection));
            }
        }
    }
    Ok(())
}

/// Brings the credit notes in that waited for their invoices.
pub async fn import_credit_notes(import: &mut Import<'_>) {
    for (file, input) in std::mem::take(&mut import.credit_notes) {
        if let Err(rejection) = save::<CreditNoteRecord>(import, input).await {
            import.report.reject(&file, 1, &reason(&rejection));
        }
    }
}

/// Why a document was left out. What is in the way of one that was read well is mostly another
/// document with its number.
fn reason(rejection: &Rejection) -> String {
    match rejection {
        Rejection::Conflict { .. } => {
            format!("another document with this number is there already, and differs: {rejection}")
        }
        other => other.to_string(),
    }
}

async fn save_all(
    import: &mut Import<'_>,
    file: &Path,
    records: EInvoiceRecords,
) -> Result<(), Rejection> {
    let key = RecordKey::new(records.customer.external_id.clone().unwrap_or_default());
    match import.core.find_record::<CustomerRecord>(import.organisation, &key).await {
        Ok(_) => {}
        Err(Rejection::NotFound(_)) => {
            save::<CustomerRecord>(import, records.customer).await?;
        }
        Err(other) => return Err(other),
    }
    match records.document {
        EInvoiceDocument::Invoice(input) => save::<InvoiceRecord>(import, *input).await,
        EInvoiceDocument::CreditNote(input) => {
            import.credit_notes.push((file.to_owned(), *input));
            Ok(())
        }
    }
}

async fn save<R: Record>(import: &mut Import<'_>, input: R::Input) -> Result<(), Rejection> {
    let saved = import.core.save_record::<R>(import.organisation, Target::New, input).await?;
    import.report.count(&BatchItem { result: Ok(saved) });
    Ok(())
}
