//! Tables to download.

use portico_core_api::{Document, Refusal, TableFormat};
use portico_documents::archive::file_name;
use portico_documents::table::{Table, csv, xlsx};

use crate::Core;

/// Most rows of one table.
pub(crate) const MAX_ROWS: usize = 10_000;

/// Writes a table in the form that was asked for. `name` is the file's, without extension.
pub(crate) async fn write(
    core: &Core,
    name: &str,
    table: Table,
    format: TableFormat,
) -> Result<Document, Refusal> {
    let now = core.now();
    let (extension, content_type) = match format {
        TableFormat::Csv => ("csv", "text/csv; charset=utf-8"),
        TableFormat::Xlsx => {
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
    };
    let work = move || match format {
        TableFormat::Csv => csv(&table),
        TableFormat::Xlsx => xlsx(&table, now),
    };
    let bytes = core.inner.press.print(work).await?;
    Ok(Document {
        file_name: file_name(&format!("{name}.{extension}")),
        content_type: content_type.to_owned(),
        bytes,
    })
}
