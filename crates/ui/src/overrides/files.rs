//! The files of one brand's folder: looked for within bounds, read whole.
//!
//! A template can name only what was read here. There is no way from a name in a template to a
//! path, so that `{% include "../../secret" %}` finds nothing.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::manifest::{self, MANIFEST};
use super::{FOLDERS, OverrideFault};

/// Most files of a folder.
const MAX_FILES: usize = 500;
/// Most bytes of a file.
pub const MAX_BYTES: u64 = 256 * 1024;
/// Deepest folder: `portal/account/parts` is three.
const MAX_DEPTH: usize = 5;

/// What lies in a folder, without its texts. Two that are equal were not changed in between.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    found: Vec<Found>,
    refused: Vec<OverrideFault>,
    /// The manifest decides which files count.
    manifest: Option<(u64, Option<SystemTime>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    name: String,
    path: PathBuf,
    bytes: u64,
    changed_at: Option<SystemTime>,
}

/// What was read: templates by name, and the files that are not taken.
#[derive(Debug, Default)]
pub struct Files {
    pub texts: BTreeMap<String, String>,
    pub refused: Vec<OverrideFault>,
}

/// Looks a folder through. One that is absent is empty.
pub fn survey(folder: &Path) -> Survey {
    let mut survey = Survey::default();
    let Ok(root) = folder.canonicalize() else { return survey };
    for name in FOLDERS {
        look(&root, (root.join(name), name.to_owned()), 1, &mut survey);
    }
    let manifest = fs::metadata(root.join(MANIFEST)).ok();
    survey.manifest = manifest.map(|data| (data.len(), data.modified().ok()));
    survey
}

fn look(root: &Path, (path, name): (PathBuf, String), depth: usize, survey: &mut Survey) {
    let Ok(data) = fs::symlink_metadata(&path) else { return };
    let data = if data.is_symlink() { within(root, &path) } else { Ok(data) };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let reason = match &data {
        Err(reason) => Some(*reason),
        _ if !name.chars().all(is_name) => Some("its name has other characters than a-z 0-9 - _ ."),
        Ok(data) if data.is_dir() && depth > MAX_DEPTH => Some("it lies too deep"),
        Ok(data) if !data.is_dir() && !data.is_file() => Some("it is not a plain file"),
        Ok(data) if data.is_file() && data.len() > MAX_BYTES => Some("it has more than 256 KB"),
        Ok(_) if survey.found.len() >= MAX_FILES => Some("there are more than 500 files"),
        Ok(_) => None,
    };
    if let Some(reason) = reason {
        return survey.refused.push(OverrideFault::of_file(&name, reason));
    }
    let Ok(data) = data else { return };
    if data.is_file() {
        let changed_at = data.modified().ok();
        survey.found.push(Found { name, path, bytes: data.len(), changed_at });
        return;
    }
    let entries = fs::read_dir(&path).into_iter().flatten().flatten();
    // One more than can be taken is enough to say that there are too many.
    let mut names: Vec<String> = entries
        .take(MAX_FILES + 1)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        // What editors leave behind, and what Kubernetes mounts beside.
        .filter(|entry| !entry.starts_with('.') && !entry.ends_with('~'))
        .collect();
    names.sort_unstable();
    for entry in names {
        look(root, (path.join(&entry), format!("{name}/{entry}")), depth + 1, survey);
    }
}

/// What a link leads to, as long as that lies in the same folder.
fn within(root: &Path, path: &Path) -> Result<Metadata, &'static str> {
    let target = path.canonicalize().map_err(|_| "it is a link that leads nowhere")?;
    if !target.starts_with(root) {
        return Err("it is a link that leads out of the folder");
    }
    fs::metadata(target).map_err(|_| "it cannot be read")
}

/// Reads what was found. A file that is as it was exported is no override.
pub fn read(folder: &Path, survey: &Survey) -> Files {
    let exported = manifest::read(folder).unwrap_or_default();
    let mut files = Files { texts: BTreeMap::new(), refused: survey.refused.clone() };
    for found in &survey.found {
        match text(&found.path) {
            Ok(text) if exported.is_as_exported(&found.name, &text) => {}
            Ok(text) => _ = files.texts.insert(found.name.clone(), text),
            Err(reason) => files.refused.push(OverrideFault::of_file(&found.name, reason)),
        }
    }
    files
}

/// A text of bounded length, whatever the file has become since it was looked at.
fn text(path: &Path) -> Result<String, &'static str> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|_| "it cannot be read")?;
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    if read.map_err(|_| "it cannot be read")? as u64 > MAX_BYTES {
        return Err("it has more than 256 KB");
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8")
}
