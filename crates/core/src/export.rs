//! Tables to download.

use portico_billing::LanguageTag;
use portico_core_api::{Document, Refusal, TableFormat};
use portico_documents::archive::file_name;
use portico_documents::table::{Cell, Table, csv, xlsx};

use crate::Core;
use crate::visit::Scope;

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

/// Says on a last row of its own that rows are missing, and in the name of the file, which is seen
/// before it is opened. The answer is the name.
pub(crate) fn mark_truncated(core: &Core, scope: &Scope, name: &str, table: &mut Table) -> String {
    mark_truncated_in(core, &scope.language, name, table)
}

/// The same in a language.
pub(crate) fn mark_truncated_in(
    core: &Core,
    language: &LanguageTag,
    name: &str,
    table: &mut Table,
) -> String {
    let text = core.inner.press.text_in(language, "export-truncated");
    let mut row = vec![Cell::Empty; table.columns.len()];
    if let Some(first) = row.first_mut() {
        *first = text.into();
    }
    table.rows.push(row);
    format!("{name}-first-{MAX_ROWS}")
}
