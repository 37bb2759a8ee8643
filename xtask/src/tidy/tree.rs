//! The files of the repository.

use crate::tools;

/// A text file.
pub struct File {
    /// Path from the root.
    pub path: String,
    /// Content.
    pub text: String,
}

impl File {
    /// Whether the path begins and ends so.
    pub fn is(&self, folder: &str, extension: &str) -> bool {
        self.path.starts_with(folder) && self.path.ends_with(extension)
    }
}

/// All text files that are tracked, or will be.
pub fn read() -> anyhow::Result<Vec<File>> {
    let list = tools::output("git", &["ls-files", "-co", "--exclude-standard"])?;
    Ok(list
        .lines()
        .filter_map(|path| {
            let text = std::fs::read_to_string(path).ok()?;
            Some(File { path: path.to_owned(), text })
        })
        .collect())
}
