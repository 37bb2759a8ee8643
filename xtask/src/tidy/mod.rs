//! `cargo xtask tidy`: the rules of the house that no compiler knows.

mod documents;
mod imports;
mod rust;
mod styles;
mod templates;
mod texts;
mod tree;

use std::collections::BTreeSet;

use anyhow::bail;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// File, or folder.
    pub place: String,
    /// What is wrong with it; the same text as in the list of exceptions.
    pub what: String,
    /// More, for the reader alone.
    pub detail: String,
}

impl Complaint {
    /// `what` is wrong at `place`.
    pub fn new(place: &str, what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { place: place.to_owned(), what: what.into(), detail: detail.into() }
    }

    fn key(&self) -> String {
        format!("{}: {}", self.place, self.what)
    }
}

/// Checks everything; the list of exceptions may only shrink.
pub fn run() -> anyhow::Result<()> {
    let tree = tree::read()?;
    let mut complaints = Vec::new();
    rust::check(&tree, &mut complaints)?;
    imports::check(&mut complaints)?;
    templates::check(&tree, &mut complaints);
    texts::check(&tree, &mut complaints)?;
    styles::check(&tree, &mut complaints);
    documents::check(&tree, &mut complaints)?;
    complaints.sort();

    let listed: BTreeSet<String> = std::fs::read_to_string("xtask/tidy-exceptions.txt")?
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let met: BTreeSet<String> = complaints.iter().map(Complaint::key).collect();
    let mut faults = 0;
    for complaint in complaints.iter().filter(|complaint| !listed.contains(&complaint.key())) {
        println!("{}: {} {}", complaint.place, complaint.what, complaint.detail);
        faults += 1;
    }
    for exception in listed.difference(&met) {
        println!("xtask/tidy-exceptions.txt: no longer needed: {exception}");
        faults += 1;
    }
    if faults > 0 {
        bail!("tidy: {faults} complaint(s)");
    }
    println!("── tidy: {} files, {} exceptions", tree.len(), listed.len());
    Ok(())
}
