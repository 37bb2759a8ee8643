//! `portico import`: records from files, while the server may be running.
//!
//! Records go in by batches, each one transaction, so that an import that is killed half-way can
//! simply be started again: what is there already is left as it is.

mod noun;
mod read;
mod report;
mod xml;

use std::path::{Path, PathBuf};

use anyhow::Context;
use portico_billing::OrganisationId;
use portico_core::Core;
use portico_core::einvoice::EInvoiceRecords;

use crate::command::ImportOptions;
use crate::config::Config;
use crate::process;
use noun::Noun;
use read::Located;
use report::Report;

/// Records of one batch.
const BATCH: usize = 500;

/// `portico import`
pub async fn run(config: &Config, options: &ImportOptions) -> anyhow::Result<()> {
    let ui = process::ui(config)?;
    let core = process::core(config, &ui).await?;
    let id = options.organisation;
    let known = core.organisations().await?.iter().any(|organisation| organisation.id == id);
    anyhow::ensure!(known, "there is no organisation {id}; `portico organisation list` shows all");
    let kind = options.kind.as_deref().map(str::parse).transpose()?;
    let report = Report::start(&options.files)?;
    let mut import = Import { core: &core, organisation: id, report, credit_notes: Vec::new() };
    for file in &options.files {
        let context = || format!("cannot import {}", file.display());
        import_file(&mut import, kind, file).await.with_context(context)?;
    }
    xml::import_credit_notes(&mut import).await;
    let report = import.report;
    core.store().close().await;
    report.finish()
}

/// An import under way.
struct Import<'a> {
    core: &'a Core,
    organisation: OrganisationId,
    report: Report,
    /// Credit notes of XML files wait here until the invoices that they correct are in.
    credit_notes: Vec<(PathBuf, EInvoiceRecords)>,
}

async fn import_file(
    import: &mut Import<'_>,
    kind: Option<Noun>,
    file: &Path,
) -> anyhow::Result<()> {
    if read::extension(file) == "xml" {
        return xml::import(import, file).await;
    }
    let noun = kind.or_else(|| Noun::of_file(file)).with_context(|| {
        format!("what its records are is not clear from its name; say --kind {}", Noun::NAMES)
    })?;
    let mut records = read::open(file)?;
    let mut batch: Vec<Located> = Vec::with_capacity(BATCH);
    loop {
        let next = records.next().transpose()?;
        let last = next.is_none();
        match next {
            Some(read::Entry::Record(record)) => batch.push(record),
            Some(read::Entry::Fault { line, reason }) => import.report.reject(file, line, &reason),
            None => {}
        }
        if batch.len() == BATCH || last {
            let read_so_far = records.bytes_read();
            noun.save(import, file, std::mem::take(&mut batch)).await?;
            import.report.progress(file, read_so_far);
        }
        if last {
            return Ok(());
        }
    }
}
