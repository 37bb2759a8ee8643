//! The key that secrets in the database are sealed with: a file of its own, readable by its owner.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use portico_core::SealKey;

use crate::config::Config;
use crate::machine;

/// Reads the key, or makes one at the first start.
pub fn load(config: &Config) -> anyhow::Result<SealKey> {
    let file = file(config);
    match std::fs::read_to_string(&file) {
        Ok(text) => parse(&text).with_context(|| format!("in {}", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(&file),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

fn file(config: &Config) -> PathBuf {
    let named = &config.security.seal_key_file;
    if named.as_os_str().is_empty() { config.data_dir.join("seal.key") } else { named.clone() }
}

fn make(file: &Path) -> anyhow::Result<SealKey> {
    let bytes: [u8; 32] = machine::random_bytes()?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    // Two processes that start at once must end up with one key: the first one makes the file.
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    match made {
        Ok(mut made) => {
            made.write_all(hex.as_bytes())?;
            made.sync_all()?;
            Ok(SealKey::new(bytes))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            parse(&std::fs::read_to_string(file)?)
        }
        Err(error) => Err(error).with_context(|| format!("cannot make {}", file.display())),
    }
}

fn parse(text: &str) -> anyhow::Result<SealKey> {
    let text = text.trim();
    anyhow::ensure!(text.len() == 64 && text.is_ascii(), "a key has 64 hexadecimal digits");
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair)?, 16)?;
    }
    Ok(SealKey::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sup_06_the_key_is_made_once_and_readable_by_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        load(&config).expect("a key");
        let file = folder.path().join("seal.key");
        let first = std::fs::read_to_string(&file).expect("the file");
        load(&config).expect("the same key");
        assert_eq!(std::fs::read_to_string(&file).expect("the file"), first);
        let mode = std::fs::metadata(&file).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(parse("zz").is_err());
    }
}
