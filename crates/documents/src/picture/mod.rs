//! Pictures that were uploaded: decoded, shrunk and drawn anew, never passed on as they came.
//!
//! What a picture is, is read from its bytes; name and declared type are not even arguments. What
//! comes out is made of pixels alone: text chunks, EXIF, scripts and whatever follows the picture
//! in its file are gone. Sizes are known before anything large is allocated, and a vector drawing
//! that would take long is refused before it is drawn. What is left can be two seconds of work and
//! some hundred megabytes: a few at a time, and not on a thread that answers requests.

mod cost;
mod outline;
mod raster;
mod vector;

use std::panic::{self, AssertUnwindSafe};

use image::{DynamicImage, ImageFormat};

/// Largest file that is looked at.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Most pixels that a picture may have before it is shrunk.
pub const MAX_PIXELS: u64 = 16_000_000;
/// Width of a stored logo: 350 px as displayed, for screens with two pixels to each.
pub const LOGO_WIDTH_PX: u32 = 700;
/// Both sides of a favicon.
pub const FAVICON_PX: u32 = 64;

/// A picture that was made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png`, or `image/jpeg` where the source was a photo in that format.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// Why a picture is not taken. [`PictureError::key`] names the text that says what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Save it smaller: the file is larger than [`MAX_BYTES`].
    #[error("the file has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// Choose another file: this one is no JPEG, PNG, GIF, WebP or SVG, whatever its name says.
    #[error("the file is not a picture that is known")]
    NotAPicture,
    /// Save it anew: the file is cut off or broken.
    #[error("the picture is damaged")]
    Damaged,
    /// Scale it down: it has more pixels than [`MAX_PIXELS`].
    #[error("the picture has more than {MAX_PIXELS} pixels")]
    TooManyPixels,
    /// Export it as PNG: the drawing uses something of SVG that is not drawn here.
    #[error("the drawing uses <{0}>")]
    Unsupported(&'static str),
    /// Export it as PNG: it would take too long to draw.
    #[error("the drawing is too complex")]
    TooComplex,
    /// Check the file: nothing of the drawing can be seen.
    #[error("the drawing is empty")]
    Blank,
}

impl PictureError {
    /// What the text calls `$name`: the part of a drawing that is not drawn.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Unsupported(name) => Some(name),
            _ => None,
        }
    }

    /// The key of the text that says what is wrong and how to mend it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::TooLarge => "picture-fault-too-large",
            Self::NotAPicture => "picture-fault-not-a-picture",
            Self::Damaged => "picture-fault-damaged",
            Self::TooManyPixels => "picture-fault-too-many-pixels",
            Self::Unsupported(_) => "picture-fault-unsupported",
            Self::TooComplex => "picture-fault-too-complex",
            Self::Blank => "picture-fault-blank",
        }
    }
}

/// Makes a picture of `bytes` anew, at most `max_width_px` wide and twice as high.
///
/// # Errors
/// Where the bytes are no picture, or cost too much to decode.
pub fn reencode(bytes: &[u8], max_width_px: u32) -> Result<Picture, PictureError> {
    let width = max_width_px.max(1);
    match draw(bytes, (width, width.saturating_mul(2)))? {
        Drawn { image, format: ImageFormat::Jpeg } => raster::jpeg(&image),
        Drawn { image, .. } => raster::png(&image),
    }
}

/// Makes a square icon of `bytes`, with what is missing to the square left transparent.
///
/// # Errors
/// Where the bytes are no picture, or cost too much to decode.
pub fn favicon(bytes: &[u8]) -> Result<Picture, PictureError> {
    let drawn = draw(bytes, (FAVICON_PX, FAVICON_PX))?;
    raster::png(&raster::centred(&drawn.image, FAVICON_PX))
}

/// Pixels, and what kind of file they were in.
struct Drawn {
    image: DynamicImage,
    format: ImageFormat,
}

/// Decodes, and shrinks into `frame` (width and height).
fn draw(bytes: &[u8], frame: (u32, u32)) -> Result<Drawn, PictureError> {
    if bytes.len() > MAX_BYTES {
        return Err(PictureError::TooLarge);
    }
    // What decodes and draws is not ours, and panics on numbers that no honest file has. The file
    // is at fault then, not we. Nothing that a panic leaves half done is used again.
    let made = panic::catch_unwind(AssertUnwindSafe(|| pixels(bytes, frame)));
    made.unwrap_or_else(|_| {
        tracing::warn!("a picture was refused, for drawing it panicked");
        Err(PictureError::Damaged)
    })
}

fn pixels(bytes: &[u8], frame: (u32, u32)) -> Result<Drawn, PictureError> {
    if let Some(format) = raster::format(bytes) {
        let image = raster::decode(bytes, format)?;
        return Ok(Drawn { image: raster::shrunk(image, frame), format });
    }
    let text = vector::text(bytes).ok_or(PictureError::NotAPicture)?;
    Ok(Drawn { image: vector::draw(text, frame)?, format: ImageFormat::Png })
}
