//! `portico templates …`: the templates of the portal, to be replaced for a brand.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use metrics::gauge;
use portico_portal::{TemplateCheck, check_templates};
use portico_ui::overrides::{self, Desk, DriftKind};
use portico_ui::{Ui, UiSettings};
use tokio_util::sync::CancellationToken;

use crate::command::say;

/// Verbs of `portico templates`.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum TemplatesCommand {
    /// Write the shipped templates into a folder, where they can be changed.
    Export {
        /// The folder of one brand. Files that were changed there are left alone.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Render every page with the templates of a folder, in every state and language.
    Check {
        /// The folder of one brand.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Note that the changed templates of a folder fit the ones of this version.
    Accept {
        /// The folder of one brand.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// Does it.
pub fn run(what: &TemplatesCommand) -> anyhow::Result<()> {
    match what {
        TemplatesCommand::Export { folder } => {
            let exported = overrides::export(folder)
                .with_context(|| format!("{} cannot be written", folder.display()))?;
            let (written, kept) = (exported.written, exported.kept);
            say(&format!("Written: {written} templates; left alone, being changed: {kept}.\n"))
        }
        TemplatesCommand::Check { folder } => check(folder),
        TemplatesCommand::Accept { folder } => {
            overrides::accept(folder)
                .with_context(|| format!("{} cannot be written", folder.display()))?;
            say("Noted.\n")
        }
    }
}

fn check(folder: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(folder.is_dir(), "{} is not a folder", folder.display());
    let settings = UiSettings { reload: false, ..UiSettings::new(portico_portal::PATHS) };
    let ui = Ui::new(settings)?;
    let TemplateCheck { overridden, faults } = check_templates(&ui, folder)?;
    let mut text = String::new();
    for fault in &faults {
        let line = fault.line.map_or_else(String::new, |line| format!("{line}:"));
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}:{line} {}", fault.file, fault.reason);
    }
    for drift in overrides::drifted(folder) {
        let _ = writeln!(text, "{}: {}", drift.file, meaning(drift.kind));
    }
    let _ = writeln!(text, "Overridden: {overridden} templates; faults: {}.", faults.len());
    say(&text)?;
    anyhow::ensure!(faults.is_empty(), "the shipped pages would be shown in place of faulty ones");
    Ok(())
}

/// How often overrides that changed are tried out.
const PAUSE: Duration = Duration::from_secs(30);

/// Says at the start which overrides an upgrade left behind; from then on tries those that change,
/// so that a broken one is known before a visitor meets it. The figure `portico_template_faults` is
/// the number of overrides in whose place the shipped page is shown.
pub async fn watch(ui: Ui, desk: Option<Arc<Desk>>, stop: CancellationToken) {
    gauge!("portico_template_faults").set(0);
    let Some(desk) = desk else { return };
    for (brand, drift) in ui.drifted_overrides() {
        tracing::warn!(brand, file = drift.file, "{}", meaning(drift.kind));
    }
    loop {
        let at_work = Arc::clone(&desk);
        let checked = tokio::task::spawn_blocking(move || at_work.check_all()).await;
        if let Ok(Err(error)) = checked {
            tracing::error!(error = error.chain(), "overrides could not be tried out");
        }
        let faults = u32::try_from(desk.count_faults()).unwrap_or(u32::MAX);
        gauge!("portico_template_faults").set(faults);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// What an override that drifted means for whoever keeps it.
const fn meaning(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Changed => "the shipped template has changed since this one was made from it",
        DriftKind::Gone => "this template is not shipped any more",
        DriftKind::Unrecorded => "it is not known which version this one was made from",
    }
}
