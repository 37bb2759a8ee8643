//! Several files in one ZIP.

use std::collections::HashSet;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use crate::DocumentError;

/// Longest name of a file, without its extension.
const LONGEST_NAME: usize = 80;

/// A file to pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedFile {
    /// The name that it should have; made safe and unique.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Packs files into a ZIP. Two files of one name both get in, the second one numbered.
///
/// # Errors
/// `Archive` where a file is larger than 4 GB.
pub fn zip(files: &[PackedFile]) -> Result<Vec<u8>, DocumentError> {
    let refused = |error: ZipError| DocumentError::Archive(error.to_string());
    let mut taken = HashSet::new();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let name = unique_name(&file_name(&file.name), &mut taken);
        writer.start_file(name, SimpleFileOptions::default()).map_err(refused)?;
        writer.write_all(&file.bytes).map_err(|error| refused(error.into()))?;
    }
    writer.finish().map(Cursor::into_inner).map_err(refused)
}

/// A name that every system takes as one plain file: ASCII letters, digits, `-`, `_` and the dot
/// of the extension.
#[must_use]
pub fn file_name(wanted: &str) -> String {
    let (stem, extension) = match wanted.rsplit_once('.') {
        Some((stem, extension)) if is_extension(extension) => (stem, Some(extension)),
        _ => (wanted, None),
    };
    let mut safe = String::new();
    for c in stem.chars().take(LONGEST_NAME) {
        let c = if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        if c != '-' || !safe.ends_with('-') {
            safe.push(c);
        }
    }
    let safe = safe.trim_matches('-');
    let safe = if safe.is_empty() { "file" } else { safe };
    let guard = if is_device(safe) { "_" } else { "" };
    match extension {
        Some(extension) => format!("{guard}{safe}.{}", extension.to_ascii_lowercase()),
        None => format!("{guard}{safe}"),
    }
}

fn is_extension(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Names that Windows keeps for devices, whatever the extension.
fn is_device(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    let numbered =
        |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest != "0");
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// `name`, numbered where it was taken before. Upper and lower case are the same name.
fn unique_name(name: &str, taken: &mut HashSet<String>) -> String {
    let (stem, extension) = name
        .rsplit_once('.')
        .map_or((name, String::new()), |(stem, rest)| (stem, format!(".{rest}")));
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}{extension}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|candidate| taken.insert(candidate.to_ascii_lowercase()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn names_cannot_leave_the_folder_or_collide() {
        let wanted =
            ["../../etc/passwd", "INV/1.pdf", "inv-1.PDF", "фактура.pdf", "aux.pdf", ".pdf"];
        let files = wanted.map(|name| PackedFile { name: name.into(), bytes: name.into() });
        let bytes = zip(&files).expect("an archive");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a readable archive");
        let names: Vec<String> =
            archive.file_names().map(|name| name.expect("a name").into_owned()).collect();
        let expected =
            ["etc-passwd", "INV-1.pdf", "inv-1-2.pdf", "file.pdf", "_aux.pdf", "file-2.pdf"];
        assert_eq!(names, expected);
        for (index, name) in wanted.iter().enumerate() {
            let mut content = String::new();
            let mut file = archive.by_index(index).expect("the file");
            file.read_to_string(&mut content).expect("its text");
            assert_eq!(&content, name);
        }
    }

    #[test]
    fn the_same_files_give_the_same_archive() {
        let files = [PackedFile { name: "a.csv".into(), bytes: vec![7; 99] }];
        assert_eq!(zip(&files).expect("one"), zip(&files).expect("two"));
    }
}
