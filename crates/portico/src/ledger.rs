//! `portico ledger`: whether the ledger is what was written.

use std::fmt::Write as _;

use portico_billing::OrganisationId;

use crate::command::{LedgerCommand, say};
use crate::config::Config;
use crate::process;

/// Runs one of the verbs.
pub async fn run(config: &Config, what: &LedgerCommand) -> anyhow::Result<()> {
    let ui = process::ui(config)?;
    let core = process::core(config, &ui).await?;
    let LedgerCommand::Check { organisation } = what;
    let mut broken = 0;
    for known in core.organisations().await? {
        if organisation.is_none_or(|wanted: OrganisationId| wanted == known.id) {
            let report = core.check_ledger(known.id).await?;
            let mut text = format!(
                "{}  {}: {} entries in {} chains, {} broken\n",
                known.id,
                known.name,
                report.entries,
                report.chains,
                report.faults.len(),
            );
            for fault in &report.faults {
                // Writing into a String cannot fail.
                let _ = writeln!(text, "    {fault}");
            }
            say(&text)?;
            broken += report.faults.len();
        }
    }
    anyhow::ensure!(broken == 0, "the ledger is broken: restore it from a backup, check it again");
    Ok(())
}
