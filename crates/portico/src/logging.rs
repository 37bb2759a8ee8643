//! The log: to standard error, as text (coloured where somebody looks) or JSON lines.

use std::io::IsTerminal;

use anyhow::Context;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::command::Command;
use crate::config::{Log, LogFormat};

/// Begins to log. Commands that end by themselves write warnings alone.
pub fn start(log: &Log, command: &Command) -> anyhow::Result<()> {
    let stays = matches!(command, Command::Serve | Command::Demo(_));
    let level = if stays { log.level.as_str() } else { "warn" };
    // sqlx logs the text of slow statements; the store reports its own failures.
    let filter = EnvFilter::try_new(format!("{level},sqlx=error"))
        .with_context(|| format!("log.level `{}` is not understood", log.level))?;
    // Where the disk of the log is full, a line is lost. To complain of that on the same stream
    // would end the work that wrote it (DUR-05).
    let lines = fmt::Subscriber::builder()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    match log.format {
        LogFormat::Text => {
            lines.with_target(false).with_ansi(std::io::stderr().is_terminal()).init();
        }
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}
