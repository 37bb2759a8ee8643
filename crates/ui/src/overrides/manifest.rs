//! The shipped templates on disk, and which version of them an override was made from.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{FOLDERS, files, write};
use crate::embedded::{self, Templates};

/// Name of the file beside the exported templates.
pub const MANIFEST: &str = "portico-templates.json";

/// The hash of each template as it was exported.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program.
    version: String,
    /// SHA-256 by name.
    templates: BTreeMap<String, String>,
}

impl Manifest {
    /// Whether the text is the one that was exported.
    pub fn is_as_exported(&self, name: &str, text: &str) -> bool {
        self.templates.get(name).is_some_and(|known| *known == hash(text))
    }
}

/// What became of a template that a brand overrides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DriftKind {
    /// The shipped one has changed since it was exported: compare, and take over what is new.
    Changed,
    /// It is not shipped any more: no page may use it.
    Gone,
    /// It was never exported here, so that nobody knows what it was made from.
    Unrecorded,
}

/// An override whose shipped original is not what it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The template: `portal/invoices/list.html`.
    pub file: String,
    /// What happened.
    pub kind: DriftKind,
}

/// What an export did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// Files that were written.
    pub written: usize,
    /// Files that had been changed there and were left alone.
    pub kept: usize,
}

/// The shipped templates that can be overridden.
pub fn shipped() -> impl Iterator<Item = (String, String)> {
    let names = Templates::iter()
        .filter(|name| name.split('/').next().is_some_and(|folder| FOLDERS.contains(&folder)));
    names.filter_map(|name| Some((name.to_string(), embedded::text::<Templates>(&name)?)))
}

/// The shipped template of that name, where it can be overridden.
pub fn shipped_text(name: &str) -> Option<String> {
    shipped().find(|(known, _)| known == name).map(|(_, text)| text)
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The manifest of a folder.
pub fn read(folder: &Path) -> Option<Manifest> {
    let text = fs::read_to_string(folder.join(MANIFEST)).ok()?;
    serde_json::from_str(&text).ok()
}

fn save(folder: &Path, templates: BTreeMap<String, String>) -> io::Result<()> {
    let manifest = Manifest { version: env!("CARGO_PKG_VERSION").to_owned(), templates };
    let text = serde_json::to_string_pretty(&manifest)?;
    write::replace(&folder.join(MANIFEST), (text + "\n").as_bytes())
}

/// Notes that the override of a template was made from the one that is shipped now.
pub fn made_from_shipped(folder: &Path, name: &str) -> io::Result<()> {
    let mut hashes = read(folder).unwrap_or_default().templates;
    if let Some(text) = shipped_text(name) {
        hashes.insert(name.to_owned(), hash(&text));
    }
    save(folder, hashes)
}

/// Writes the shipped templates into `folder`, and what they are into its manifest. Files that were
/// changed there are left alone, and so is what the manifest says of them.
///
/// # Errors
/// Where a file cannot be written.
pub fn export(folder: &Path) -> io::Result<Exported> {
    let before = read(folder).unwrap_or_default();
    let mut hashes = BTreeMap::new();
    let mut exported = Exported::default();
    for (name, text) in shipped() {
        let path = folder.join(&name);
        let there = fs::read_to_string(&path).ok();
        let is_own = there.is_some_and(|own| own != text && !before.is_as_exported(&name, &own));
        if is_own {
            exported.kept += 1;
            if let Some(known) = before.templates.get(&name) {
                hashes.insert(name, known.clone());
            }
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &text)?;
        hashes.insert(name, hash(&text));
        exported.written += 1;
    }
    save(folder, hashes)?;
    Ok(exported)
}

/// Notes that the overrides in `folder` fit the templates of this version.
///
/// # Errors
/// Where the manifest cannot be written.
pub fn accept(folder: &Path) -> io::Result<()> {
    let mut hashes = read(folder).unwrap_or_default().templates;
    let shipped: BTreeMap<String, String> = shipped().collect();
    let own = files::read(folder, &files::survey(folder)).texts;
    for name in own.keys() {
        match shipped.get(name) {
            Some(text) => hashes.insert(name.clone(), hash(text)),
            None => hashes.remove(name),
        };
    }
    save(folder, hashes)
}

/// The overrides in `folder` whose shipped original is another one than they were made from.
#[must_use]
pub fn drifted(folder: &Path) -> Vec<Drift> {
    let known = read(folder).unwrap_or_default().templates;
    let shipped: BTreeMap<String, String> = shipped().collect();
    let own = files::read(folder, &files::survey(folder)).texts;
    let kind = |name: &str| match (known.get(name), shipped.get(name)) {
        (Some(known), Some(text)) if *known == hash(text) => None,
        (Some(_), Some(_)) => Some(DriftKind::Changed),
        (Some(_), None) => Some(DriftKind::Gone),
        (None, Some(_)) => Some(DriftKind::Unrecorded),
        // A part of the brand's own.
        (None, None) => None,
    };
    own.keys().filter_map(|name| Some(Drift { file: name.clone(), kind: kind(name)? })).collect()
}
