//! Programs that the tasks need from the machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// Runs a command; an error where it fails.
pub fn run(program: &str, args: &[&str]) -> anyhow::Result<()> {
    run_with(program, args, &[])
}

/// Runs a command with more environment.
pub fn run_with(program: &str, args: &[&str], env: &[(&str, &str)]) -> anyhow::Result<()> {
    println!("── {program} {}", args.join(" "));
    let status = command(program)
        .args(args)
        .envs(env.iter().copied())
        .status()
        .with_context(|| format!("cannot start {program}"))?;
    if !status.success() {
        bail!("`{program} {}` failed ({status})", args.join(" "));
    }
    Ok(())
}

/// A command that does not see what cargo tells a program that it runs: build scripts that ask for
/// it would run anew, with all that depends on them.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.starts_with(start))
        });
        if told {
            command.env_remove(name);
        }
    }
    command
}

/// What a command prints, trimmed.
pub fn output(program: &str, args: &[&str]) -> anyhow::Result<String> {
    let output =
        command(program).args(args).output().with_context(|| format!("cannot start {program}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        bail!("`{program} {}` failed: {}", args.join(" "), error.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program is on the path.
pub fn exists(program: &str) -> bool {
    path_of(program).is_some()
}

fn path_of(program: &str) -> Option<PathBuf> {
    let found = output("sh", &["-c", &format!("command -v {program}")]).ok()?;
    Some(PathBuf::from(found)).filter(|path| path.is_absolute())
}

/// Whether this runs as root.
pub fn is_root() -> bool {
    output("id", &["-u"]).is_ok_and(|id| id == "0")
}

/// Installs Debian packages for what is missing, or says in one line what to install.
pub fn require(needs: &[(&str, bool)]) -> anyhow::Result<()> {
    let missing: Vec<&str> =
        needs.iter().filter(|(_, there)| !there).map(|(package, _)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !(is_root() && Path::new("/etc/debian_version").exists()) {
        bail!("please install: apt-get install {}", missing.join(" "));
    }
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    run_with("apt-get", &["update", "-qq"], &quiet)?;
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(missing);
    run_with("apt-get", &args, &quiet)
}

/// The folder of PostgreSQL's server programs, newest release first.
pub fn postgres_bin() -> Option<PathBuf> {
    let mut releases: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    releases.sort();
    releases.pop().or_else(|| path_of("initdb")?.parent().map(Path::to_owned))
}

/// Whether a command succeeds; what it prints is thrown away.
pub fn run_quietly(program: &str, args: &[&str]) -> bool {
    output(program, args).is_ok()
}
