//! Invoices as files: PDF, several in one archive, tables.

use axum::extract::Path;
use portico_billing::InvoiceId;
use portico_core_api::TableFormat;
use portico_ui::CheckedForm;
use portico_ui::errors::Problem;

use crate::answer::{Answer, download, export};
use crate::params::Params;
use crate::paths;
use crate::visitor::Visitor;

/// Most invoices in one archive.
const ARCHIVE_MAX: usize = 100;

/// GET: the invoice as PDF.
pub(crate) async fn pdf(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    Ok(download(visitor.core().invoice_pdf(&visitor.secret, id).await?))
}

/// POST: those that are ticked, in one ZIP file.
pub(crate) async fn archive(visitor: Visitor, form: CheckedForm<Vec<(String, String)>>) -> Answer {
    let ids = ticked(&form.into_inner())?;
    let back = |key| Ok(visitor.here.redirect_with_notice(paths::INVOICES, "warning", key));
    match ids.len() {
        0 => back("notice-nothing-selected"),
        1..=ARCHIVE_MAX => Ok(download(visitor.core().invoices_zip(&visitor.secret, ids).await?)),
        _ => back("notice-too-many-selected"),
    }
}

/// The invoices whose boxes are ticked in the list.
pub(crate) fn ticked(fields: &[(String, String)]) -> Result<Vec<InvoiceId>, Problem> {
    let ids = fields.iter().filter(|(name, _)| name == "id").map(|(_, value)| value.parse());
    ids.collect::<Result<_, _>>().map_err(|_| Problem::BadRequest)
}

/// GET: what the filters find, as CSV.
pub(crate) async fn csv(visitor: Visitor, params: Params) -> Answer {
    table(&visitor, &params, TableFormat::Csv).await
}

/// GET: what the filters find, as a workbook.
pub(crate) async fn xlsx(visitor: Visitor, params: Params) -> Answer {
    table(&visitor, &params, TableFormat::Xlsx).await
}

async fn table(visitor: &Visitor, params: &Params, format: TableFormat) -> Answer {
    let (query, _) = super::list::read(params, visitor);
    Ok(export(visitor.core().export_invoices(&visitor.secret, query, format).await?))
}
