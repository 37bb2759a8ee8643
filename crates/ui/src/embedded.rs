//! The files in the binary: templates, texts, assets. Debug builds read them from disk each time.

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../templates"]
#[exclude = "documents/*"]
pub struct Templates;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../locales"]
#[include = "*.ftl"]
pub struct Locales;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../assets"]
#[exclude = "fonts-pdf/*"]
#[exclude = "*.md"]
pub struct Assets;

/// The text of a file; `None` where it is absent or not UTF-8.
pub fn text<E: RustEmbed>(path: &str) -> Option<String> {
    let file = E::get(path)?;
    String::from_utf8(file.data.into_owned()).ok()
}
