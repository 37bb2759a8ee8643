//! Payments as files: receipts and tables.

use axum::extract::Path;
use portico_core_api::TableFormat;
use portico_ui::errors::Problem;

use crate::answer::{Answer, download, export};
use crate::params::Params;
use crate::visitor::Visitor;

/// GET: the receipt as PDF.
pub(crate) async fn receipt(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    Ok(download(visitor.core().receipt_pdf(&visitor.secret, id).await?))
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
    let (query, _) = super::list::read(params);
    Ok(export(visitor.core().export_payments(&visitor.secret, query, format).await?))
}
