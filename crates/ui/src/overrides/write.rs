//! One file of a brand's folder, written as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::manifest::{self, MANIFEST};

/// Why a file was not written. Says so to whoever sent it.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is no folder that brands' folders could be in.
    #[error("the folder of all overrides (`templates.dir` of the configuration) does not exist")]
    NoFolder,
    /// A link, behind which anything may lie.
    #[error("a link is in its place; it can be changed on the machine alone")]
    Link,
    /// The machine refuses.
    #[error("the folder of the overrides cannot be written")]
    Refused(#[from] io::Error),
}

/// Files as they were before a change, for one that must not last.
#[derive(Debug)]
#[must_use]
pub struct Before(Vec<(PathBuf, Option<Vec<u8>>)>);

impl Before {
    fn of(paths: impl IntoIterator<Item = PathBuf>) -> io::Result<Self> {
        let kept = |path: PathBuf| {
            let content = match fs::symlink_metadata(&path) {
                Ok(data) if data.is_file() => Some(fs::read(&path)?),
                Ok(_) => return Err(io::ErrorKind::InvalidInput.into()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            Ok((path, content))
        };
        paths.into_iter().map(kept).collect::<io::Result<_>>().map(Self)
    }

    /// Makes the files what they were.
    ///
    /// # Errors
    /// Where the machine refuses.
    pub fn put_back(&self) -> Result<(), WriteError> {
        for (path, content) in &self.0 {
            match content {
                Some(content) => replace(path, content)?,
                None => delete(path)?,
            }
        }
        Ok(())
    }
}

/// Puts a text in the place of the template of that name, and notes that it was made from the one
/// that is shipped now.
pub(super) fn put(
    root: &Path,
    brand: &str,
    (name, text): (&str, &str),
) -> Result<Before, WriteError> {
    if !root.is_dir() {
        return Err(WriteError::NoFolder);
    }
    let path = plain_path(root, brand, name)?;
    let before = Before::of([path.clone(), plain_path(root, brand, MANIFEST)?])?;
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let done = replace(&path, text.as_bytes());
    let done = done.and_then(|()| manifest::made_from_shipped(&root.join(brand), name));
    if let Err(error) = done {
        before.put_back()?;
        return Err(error.into());
    }
    Ok(before)
}

/// Takes it away; one that is not there is no fault.
pub(super) fn remove(root: &Path, brand: &str, name: &str) -> Result<Before, WriteError> {
    let path = plain_path(root, brand, name)?;
    let before = Before::of([path.clone()])?;
    delete(&path)?;
    Ok(before)
}

fn delete(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes beside the file and renames, so that nobody reads the half of it.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.new"));
    // What a run that was cut short left there, or a link that somebody put there.
    delete(&beside)?;
    let mut file = File::create_new(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(beside, path)
}

/// Where a file of a brand lies, as long as nothing on the way there leads elsewhere.
fn plain_path(root: &Path, brand: &str, name: &str) -> Result<PathBuf, WriteError> {
    let mut path = root.to_owned();
    for part in std::iter::once(brand).chain(name.split('/')) {
        path.push(part);
        if fs::symlink_metadata(&path).is_ok_and(|data| data.is_symlink()) {
            return Err(WriteError::Link);
        }
    }
    Ok(path)
}
