//! Pages set by Typst, in a world of a handful of files in memory and nothing else.
//!
//! There is no way from here to the disk, the network or the clock, whatever a template asks for.
//! (A development build takes templates and fonts from the source tree, by the same fixed names.)
//!
//! Typst is large: only the program and tests name this crate, so that no other one waits until it
//! is built.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use portico_documents::pdf::is_invisible;
use portico_documents::{DocumentError, Page};

/// What the typesetter remembers of a document is forgotten after so many others. More would cost
/// memory and save no time: two documents share little but the template.
const REMEMBERED_DOCUMENTS: usize = 0;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../templates/documents"]
#[include = "*.typ"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../assets/fonts-pdf"]
#[include = "*.ttf"]
struct FontFiles;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files = FontFiles::iter().filter_map(|name| FontFiles::get(&name));
    files.flat_map(|file| Font::iter(Bytes::new(file.data))).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// Stands for what no font has.
const UNPRINTABLE: char = '□';

/// `text` with what no font has replaced.
fn printable(text: &str) -> String {
    text.chars().map(|c| if is_printable(c) { c } else { UNPRINTABLE }).collect()
}

fn is_printable(c: char) -> bool {
    let is_plain = c.is_ascii() || c.is_whitespace() || is_invisible(c);
    is_plain || FONTS.iter().any(|font| font.info().coverage.contains(u32::from(c)))
}

/// The files of one document.
struct Desk {
    main: FileId,
    files: HashMap<FileId, Bytes>,
}

impl Desk {
    fn new(page: &Page<'_>) -> Result<Self, DocumentError> {
        let mut files = HashMap::new();
        for name in Templates::iter() {
            if let Some(file) = Templates::get(&name) {
                files.insert(file_id(&name)?, Bytes::new(file.data));
            }
        }
        files.insert(file_id("data.json")?, Bytes::from_string(printable(page.data)));
        if let Some(logo) = page.logo {
            // Without an extension: what kind of picture it is, is read from its bytes.
            files.insert(file_id("logo")?, Bytes::new(logo.to_vec()));
        }
        Ok(Self { main: file_id(page.template)?, files })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let text = self.file(id)?.into_string().map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let missing = || FileError::NotFound(id.vpath().get_with_slash().into());
        self.files.get(&id).cloned().ok_or_else(missing)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Makes an archivable, tagged PDF of a page.
///
/// # Errors
/// `Typeset` where the template fails.
pub fn typeset(page: &Page<'_>) -> Result<Vec<u8>, DocumentError> {
    let desk = Desk::new(page)?;
    let pages = typst::compile::<PagedDocument>(&desk).output;
    let pdf = pages.and_then(|pages| {
        typst_pdf::pdf(&pages, &archivable()).or_else(|refused| {
            // Better a PDF that no archive certifies than none at all.
            tracing::warn!(reason = first(&refused), "a document does not conform to PDF/A");
            typst_pdf::pdf(&pages, &PdfOptions { creator: creator(), ..PdfOptions::default() })
        })
    });
    typst::comemo::evict(REMEMBERED_DOCUMENTS);
    pdf.map_err(|errors| DocumentError::Typeset(first(&errors).to_owned()))
}

fn archivable() -> PdfOptions {
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1]);
    PdfOptions {
        creator: creator(),
        standards: standards.unwrap_or_default(),
        ..PdfOptions::default()
    }
}

fn creator() -> typst::foundations::Smart<Option<String>> {
    typst::foundations::Smart::Custom(None)
}

fn first(errors: &[SourceDiagnostic]) -> &str {
    errors.first().map_or("unknown reason", |error| error.message.as_str())
}

fn file_id(name: &str) -> Result<FileId, DocumentError> {
    let path = VirtualPath::new(name)
        .map_err(|_| DocumentError::Typeset(format!("`{name}` is not a file name")))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_font_has_is_replaced() {
        assert_eq!(printable("\u{e000}\u{1f680}𓀀"), "□🚀□");
        assert_eq!(printable("{\"a\": \"1\u{a0}€\u{200b}\"}"), "{\"a\": \"1\u{a0}€\u{200b}\"}");
    }
}
