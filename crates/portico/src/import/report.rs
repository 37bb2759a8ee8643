//! What an import says while it works and at its end.

use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use portico_core::records::{BatchItem, BatchOutcome};

use crate::command::say;

/// Faults that are printed; the rest is counted.
const SHOWN: usize = 1_000;

/// Counts and complaints.
pub struct Report {
    bar: ProgressBar,
    done: u64,
    outcome: BatchOutcome,
    faults: usize,
}

impl Report {
    /// Begins, with a bar as long as the files are.
    pub fn start(files: &[PathBuf]) -> anyhow::Result<Self> {
        let sizes = files.iter().map(|file| std::fs::metadata(file).map_or(0, |data| data.len()));
        let style = "{bar:32} {bytes}/{total_bytes} {elapsed} {msg}";
        let bar = ProgressBar::new(sizes.sum())
            .with_style(ProgressStyle::with_template(style)?.progress_chars("=> "));
        Ok(Self { bar, done: 0, outcome: BatchOutcome::default(), faults: 0 })
    }

    /// Counts one record.
    pub fn count<O>(&mut self, item: &BatchItem<O>) {
        self.outcome.count(item);
    }

    /// Tells why a record was left out.
    pub fn reject(&mut self, file: &Path, line: u64, reason: &str) {
        self.faults += 1;
        if self.faults <= SHOWN {
            let text = format!("{}:{line}: {reason}", file.display());
            self.bar.suspend(|| {
                // Where the terminal is gone the count at the end still is right.
                let _ignored = say(&format!("{text}\n"));
            });
        }
    }

    /// Moves the bar to `read` bytes of the present file.
    pub fn progress(&mut self, file: &Path, read: u64) {
        self.bar.set_position(self.done + read);
        let size = std::fs::metadata(file).map_or(read, |data| data.len());
        if read >= size {
            self.done += size;
        }
        let count = self.outcome;
        self.bar
            .set_message(format!("{} records", count.created + count.updated + count.unchanged));
    }

    /// Prints the summary; an error where anything was left out, so that scripts notice.
    pub fn finish(self) -> anyhow::Result<()> {
        self.bar.finish_and_clear();
        let BatchOutcome { created, updated, unchanged, .. } = self.outcome;
        let left_out = self.faults;
        say(&format!(
            "created {created}, updated {updated}, unchanged {unchanged}, left out {left_out}\n"
        ))?;
        if left_out > SHOWN {
            say(&format!("({} more reasons are not shown)\n", left_out - SHOWN))?;
        }
        anyhow::ensure!(left_out == 0, "{left_out} record(s) were left out");
        Ok(())
    }
}
