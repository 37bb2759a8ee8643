//! What comes out of a picture that was uploaded.

use image::{ImageFormat, Rgba};
use portico_documents::picture::{
    FAVICON_PX, LOGO_WIDTH_PX, Picture, PictureError, favicon, reencode,
};

use crate::picture_files::{CANARY, FORMATS, Fate, hostile, sound, svg};

/// A file of ours holds pixels and what it takes to read them.
fn assert_bare(name: &str, picture: &Picture) {
    let parts = match picture.content_type {
        "image/png" => png_chunks(&picture.bytes),
        "image/jpeg" => jpeg_segments(&picture.bytes),
        other => panic!("{name}: {other}"),
    };
    let known = ["IHDR", "IDAT", "IEND", "e0", "db", "c0", "c4", "da"];
    for part in &parts {
        assert!(known.contains(&part.as_str()), "{name}: the part {part} came out");
    }
    for text in [CANARY, "<script", "<svg", "<html", "<?php", "PK\u{3}\u{4}"] {
        let is_in = picture.bytes.windows(text.len()).any(|bytes| bytes == text.as_bytes());
        assert!(!is_in, "{name}: {text} came out");
    }
    let frame = (picture.width, picture.height);
    assert!(frame.0 <= LOGO_WIDTH_PX && frame.1 <= LOGO_WIDTH_PX * 2, "{name}: {frame:?}");
    let again = image::load_from_memory(&picture.bytes).expect("a picture");
    assert_eq!((again.width(), again.height()), frame, "{name}");
}

/// Up to the very last byte of the file.
fn png_chunks(bytes: &[u8]) -> Vec<String> {
    let mut rest = &bytes[8..];
    let mut names = Vec::new();
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().expect("four bytes")) as usize;
        names.push(String::from_utf8_lossy(&rest[4..8]).into_owned());
        rest = &rest[length + 12..];
    }
    assert_eq!(names.last().map(String::as_str), Some("IEND"));
    names
}

fn jpeg_segments(bytes: &[u8]) -> Vec<String> {
    let mut rest = &bytes[2..];
    let mut names = Vec::new();
    loop {
        assert_eq!(rest[0], 0xff);
        names.push(format!("{:x}", rest[1]));
        let length = usize::from(u16::from_be_bytes([rest[2], rest[3]])) + 2;
        if rest[1] == 0xda {
            break;
        }
        rest = &rest[length..];
    }
    assert!(bytes.ends_with(&[0xff, 0xd9]));
    names
}

#[test]
fn inj_02_no_upload_runs_grows_or_passes_anything_on() {
    let files = hostile();
    assert!(files.len() >= 60, "only {} files", files.len());
    for (name, bytes, fate) in files {
        for (way, made) in [("logo", reencode(&bytes, LOGO_WIDTH_PX)), ("icon", favicon(&bytes))] {
            match (&made, fate) {
                (Ok(picture), Fate::Drawn | Fate::Any) => assert_bare(&name, picture),
                // Layers of an icon are small.
                (Ok(picture), Fate::Refused(PictureError::TooComplex)) if way == "icon" => {
                    assert_bare(&name, picture);
                }
                (Err(error), Fate::Refused(wanted)) => assert_eq!(*error, wanted, "{name}, {way}"),
                (Err(_), Fate::Any) => {}
                (made, fate) => {
                    let got = made.as_ref().map(|picture| picture.content_type);
                    panic!("{name}, {way}: {fate:?} was expected, but {got:?}");
                }
            }
        }
    }
}

#[test]
fn inj_02_sound_pictures_keep_their_looks() {
    for format in FORMATS {
        let picture = reencode(&sound(format), LOGO_WIDTH_PX).expect("a picture");
        let wanted = if format == ImageFormat::Jpeg { "image/jpeg" } else { "image/png" };
        assert_eq!(picture.content_type, wanted);
        assert_eq!((picture.width, picture.height), (32, 16));
        assert_bare("sound", &picture);
        let pixels = image::load_from_memory(&picture.bytes).expect("a picture").into_rgba8();
        let Rgba([red, green, blue, _]) = *pixels.get_pixel(16, 8);
        for (got, wanted) in [(red, 128_u8), (green, 128), (blue, 128)] {
            // A GIF has 256 colours.
            assert!(got.abs_diff(wanted) < 24, "{format:?}: {got} instead of {wanted}");
        }
    }
}

#[test]
fn inj_02_drawings_become_sharp_pixels() {
    let picture = reencode(svg("").as_bytes(), LOGO_WIDTH_PX).expect("a picture");
    assert_eq!((picture.width, picture.height), (700, 350));
    let pixels = image::load_from_memory(&picture.bytes).expect("a picture").into_rgba8();
    assert_eq!(*pixels.get_pixel(70, 70), Rgba([255, 0, 0, 255]));
    assert_eq!(*pixels.get_pixel(500, 300), Rgba([0, 0, 0, 0]));
    let plain = reencode(svg("").as_bytes(), 100).expect("a picture");
    let named = svg("<text x='30' y='40' font-family='Arial'>Acme</text>");
    let named = reencode(named.as_bytes(), 100).expect("a picture");
    assert_ne!(plain, named, "the letters are missing");
}

#[test]
fn inj_02_what_logos_are_made_of_is_drawn() {
    for inner in [
        "<defs><linearGradient id='a'><stop stop-color='red'/></linearGradient></defs>\
         <style>.st0{fill:url(#a)}</style><rect class='st0' width='9' height='9'/>",
        "<clipPath id='c'><circle r='9'/></clipPath>\
         <g clip-path='url(#c)'><path d='M0 0h9v9z'/></g>",
        "<mask id='m'><path fill='white' d='M0 0h9v9z'/></mask><g mask='url(#m)'><rect/></g>",
        "<symbol id='s'><path d='M0 0h9v9z'/></symbol><use xlink:href='#s' x='20' opacity='.5'/>",
        "<g style='marker:none;mix-blend-mode:multiply'><path d='M0 0h9' stroke='red' \
         stroke-dasharray='4 2'/></g>",
    ] {
        assert!(reencode(svg(inner).as_bytes(), LOGO_WIDTH_PX).is_ok(), "{inner}");
    }
    let with_type = format!(
        "<?xml version='1.0'?><!-- ===== --><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' \
         'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>{}",
        svg("")
    );
    assert!(reencode(with_type.as_bytes(), LOGO_WIDTH_PX).is_ok());
}

#[test]
fn large_pictures_are_shrunk_and_small_ones_are_not_blown_up() {
    let large = image::DynamicImage::new_rgba8(1_400, 100);
    let mut bytes = std::io::Cursor::new(Vec::new());
    large.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    let picture = reencode(bytes.get_ref(), LOGO_WIDTH_PX).expect("a picture");
    assert_eq!((picture.width, picture.height), (700, 50));
    let icon = favicon(&sound(ImageFormat::Png)).expect("an icon");
    assert_eq!((icon.width, icon.height), (FAVICON_PX, FAVICON_PX));
}

#[test]
fn each_reason_has_a_text_of_its_own() {
    use PictureError::*;
    let all = [TooLarge, NotAPicture, Damaged, TooManyPixels, Unsupported("x"), TooComplex, Blank];
    let keys: std::collections::BTreeSet<_> = all.iter().map(|error| error.key()).collect();
    assert_eq!(keys.len(), all.len());
}
