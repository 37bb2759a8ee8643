//! Tables to download.

use portico_billing::section::Sections;
use portico_billing::{CustomerId, LanguageTag};
use portico_core_api::{Document, Export, Refusal, TableFormat};
use portico_documents::archive::file_name;
use portico_documents::table::{Cell, Table, csv, xlsx};

use crate::Core;
use crate::visit::Scope;

/// Most rows of one table.
pub(crate) const MAX_ROWS: usize = 10_000;

/// Whose records a table has, and for whom.
pub(crate) struct Reader<'a> {
    pub customer_id: CustomerId,
    pub sections: Sections,
    pub language: &'a LanguageTag,
    /// The staff reads the whole of descriptions.
    pub is_staff: bool,
}

impl<'a> Reader<'a> {
    /// The customer of a visit.
    pub fn of(scope: &'a Scope) -> Self {
        let (customer_id, sections) = (scope.customer_id, scope.sections);
        Self { customer_id, sections, language: &scope.language, is_staff: false }
    }

    /// The staff, of a customer's records.
    pub fn staff(customer_id: CustomerId, language: &'a LanguageTag) -> Self {
        Self { customer_id, sections: Sections::ALL, language, is_staff: true }
    }
}

/// Writes what was read of a list, and whether there is more of it.
pub(crate) async fn write_list(
    core: &Core,
    (name, language): (&str, &LanguageTag),
    (mut table, truncated): (Table, bool),
    format: TableFormat,
) -> Result<Export, Refusal> {
    let name = match truncated {
        true => mark_truncated(core, language, name, &mut table),
        false => name.to_owned(),
    };
    Ok(Export { document: write(core, &name, table, format).await?, truncated })
}

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
fn mark_truncated(core: &Core, language: &LanguageTag, name: &str, table: &mut Table) -> String {
    let text = core.inner.press.text_in(language, "export-truncated");
    let mut row = vec![Cell::Empty; table.columns.len()];
    if let Some(first) = row.first_mut() {
        *first = text.into();
    }
    table.rows.push(row);
    format!("{name}-first-{MAX_ROWS}")
}
