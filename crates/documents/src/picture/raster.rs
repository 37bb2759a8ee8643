//! Pictures made of pixels: in within limits, out without anything but pixels.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::error::{ImageError, LimitErrorKind};
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgba, RgbaImage};

use super::{MAX_PIXELS, Picture, PictureError};

/// Longest side that is decoded; with [`MAX_PIXELS`] it bounds what a row may cost.
const MAX_SIDE_PX: u32 = 16_384;
/// What a decoder may allocate: twice the pixels at 8 bits.
const MAX_ALLOCATION: u64 = MAX_PIXELS * 4 * 2;
/// Most passes of a JPEG: photos have ten. Each one can be over all pixels again.
const MAX_PASSES: u64 = 50;
/// Most pixels that all passes together go over: those of the largest photo and of its thumbnail. A
/// pass over [`MAX_PIXELS`] can take an eighth of a second, however short it is.
const MAX_PASSED_PIXELS: u64 = MAX_PIXELS * 11;
/// Fine enough for photos at twice the displayed size.
const JPEG_QUALITY: u8 = 88;

/// What the first bytes say. The file's name and declared type have no say.
pub fn format(bytes: &[u8]) -> Option<ImageFormat> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(ImageFormat::Png),
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(ImageFormat::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// The pixels, turned as the camera was held; the first frame of what moves.
pub fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, PictureError> {
    let passes = if format == ImageFormat::Jpeg { passes(bytes) } else { 1 };
    if passes > MAX_PASSES {
        return Err(PictureError::Damaged);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_ALLOCATION);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| reason(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS {
        return Err(PictureError::TooManyPixels);
    }
    if pixels * passes > MAX_PASSED_PIXELS {
        return Err(PictureError::TooComplex);
    }
    if width == 0 || height == 0 {
        return Err(PictureError::Damaged);
    }
    let turned = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| reason(&error))?;
    if let Some(orientation) = turned {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

/// How often a JPEG begins to go over its pixels, at most: inside of a pass 0xff is followed by
/// other bytes.
fn passes(bytes: &[u8]) -> u64 {
    bytes.windows(2).map(|pair| u64::from(pair == [0xff, 0xda])).sum()
}

fn reason(error: &ImageError) -> PictureError {
    let ImageError::Limits(limit) = error else { return PictureError::Damaged };
    match limit.kind() {
        LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory => {
            PictureError::TooManyPixels
        }
        _ => PictureError::Damaged,
    }
}

/// The picture as large as fits into `frame`, never larger than it was. Opaque ones keep their
/// kind of pixels, the others become RGBA.
pub fn shrunk(image: DynamicImage, frame: (u32, u32)) -> DynamicImage {
    let image = if image.has_alpha() {
        DynamicImage::ImageRgba8(image.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(image.into_rgb8())
    };
    if image.width() <= frame.0 && image.height() <= frame.1 {
        return image;
    }
    let DynamicImage::ImageRgba8(mut pixels) = image else {
        return image.resize(frame.0, frame.1, FilterType::Lanczos3);
    };
    // The colour of what cannot be seen must not bleed into its neighbours.
    for pixel in pixels.pixels_mut() {
        *pixel = premultiplied(*pixel);
    }
    let small = DynamicImage::ImageRgba8(pixels).resize(frame.0, frame.1, FilterType::Lanczos3);
    let mut pixels = small.into_rgba8();
    for pixel in pixels.pixels_mut() {
        *pixel = demultiplied(*pixel);
    }
    DynamicImage::ImageRgba8(pixels)
}

fn premultiplied(Rgba([red, green, blue, alpha]): Rgba<u8>) -> Rgba<u8> {
    let part = |colour: u8| byte(u32::from(colour) * u32::from(alpha) / 255);
    Rgba([part(red), part(green), part(blue), alpha])
}

fn demultiplied(Rgba([red, green, blue, alpha]): Rgba<u8>) -> Rgba<u8> {
    let whole = |colour: u8| {
        let opaque = (u32::from(colour) * 255 + u32::from(alpha) / 2).checked_div(alpha.into());
        byte(opaque.unwrap_or(0))
    };
    Rgba([whole(red), whole(green), whole(blue), alpha])
}

fn byte(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

/// The picture in the middle of a transparent square.
pub fn centred(image: &DynamicImage, side: u32) -> DynamicImage {
    let mut square = RgbaImage::new(side, side);
    let at = |length: u32| i64::from(side.saturating_sub(length) / 2);
    imageops::overlay(&mut square, &image.to_rgba8(), at(image.width()), at(image.height()));
    DynamicImage::ImageRgba8(square)
}

/// A PNG of these pixels and nothing else.
pub fn png(image: &DynamicImage) -> Result<Picture, PictureError> {
    let mut bytes = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, PngFilter::Adaptive);
    image.write_with_encoder(encoder).map_err(|_| PictureError::Damaged)?;
    Ok(picture("image/png", bytes, image))
}

/// A JPEG of these pixels and nothing else.
pub fn jpeg(image: &DynamicImage) -> Result<Picture, PictureError> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
    image.write_with_encoder(encoder).map_err(|_| PictureError::Damaged)?;
    Ok(picture("image/jpeg", bytes, image))
}

fn picture(content_type: &'static str, bytes: Vec<u8>, image: &DynamicImage) -> Picture {
    Picture { content_type, bytes, width: image.width(), height: image.height() }
}
