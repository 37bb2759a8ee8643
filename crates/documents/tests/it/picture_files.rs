//! Files that somebody uploads as a logo, by intent or by mistake, made by the byte.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use portico_documents::picture::{MAX_BYTES, PictureError};

/// Stands in each file where a script or a secret would; nothing of it may come out.
pub const CANARY: &str = "CANARY-alert(document.domain)";

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Drawn,
    Refused(PictureError),
    /// Either will do: what the file means is for its decoder to say.
    Any,
}

use Fate::{Any, Drawn, Refused};
use PictureError::{Blank, Damaged, NotAPicture, TooComplex, TooLarge, TooManyPixels, Unsupported};

pub type File = (String, Vec<u8>, Fate);

/// All of them.
pub fn hostile() -> Vec<File> {
    let mut files = Vec::new();
    for part in [polyglots(), metadata(), cut_off(), bombs(), disguises(), drawings(), growth()] {
        files.extend(part);
    }
    files.extend(crate::odd_pictures::odd());
    files
}

pub fn file(name: &str, bytes: impl Into<Vec<u8>>, fate: Fate) -> File {
    (name.to_owned(), bytes.into(), fate)
}

/// A picture of 32 by 16 pixels, no two alike.
pub fn sound(format: ImageFormat) -> Vec<u8> {
    let colour = |x: u32, y: u32| [(x * 8) as u8, (y * 16) as u8, 128];
    let opaque = RgbImage::from_fn(32, 16, |x, y| Rgb(colour(x, y)));
    let image = match format {
        ImageFormat::Png | ImageFormat::WebP => {
            DynamicImage::ImageRgba8(RgbaImage::from_fn(32, 16, |x, y| {
                Rgba([x as u8 * 8, y as u8 * 16, 128, (x * 8) as u8])
            }))
        }
        _ => DynamicImage::ImageRgb8(opaque),
    };
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

pub const FORMATS: [ImageFormat; 4] =
    [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP];

pub fn svg(inner: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
        width="100" height="50">{inner}<rect width="20" height="20" fill="red"/></svg>"#
    )
}

fn polyglots() -> Vec<File> {
    let mut files = Vec::new();
    for format in FORMATS {
        for (what, tail) in [
            ("a page", format!("<html><script>{CANARY}</script></html>")),
            ("a script", format!("*/={CANARY};//")),
            ("PHP", format!("<?php system('{CANARY}'); ?>")),
            ("an archive", format!("PK\u{3}\u{4}{CANARY}PK\u{5}\u{6}")),
        ] {
            let mut bytes = sound(format);
            bytes.extend(tail.as_bytes());
            files.push(file(&format!("{format:?} and then {what}"), bytes, Drawn));
        }
    }
    // `GIF89a/*` is a width of 10,799 pixels, and the beginning of a comment in JavaScript.
    let mut script = b"GIF89a/*\x01\x00\x00\x00\x00".to_vec();
    script.extend(format!("*/=1;{CANARY}").as_bytes());
    files.push(file("GIF that is a script", script, Refused(Damaged)));
    files.push(file("GIF header before a page", format!("GIF89a<script>{CANARY}</script>"), Any));
    files.push(file(
        "JPEG header before a page",
        page_after(&[0xff, 0xd8, 0xff]),
        Refused(Damaged),
    ));
    files
}

fn page_after(start: &[u8]) -> Vec<u8> {
    [start, format!("<html><script>{CANARY}</script>").as_bytes()].concat()
}

/// Adds a chunk before the pixels of a PNG.
pub fn with_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let png = sound(ImageFormat::Png);
    let head = 8 + 25;
    let mut chunk = (data.len() as u32).to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(data);
    chunk.extend(crc(&chunk[4..]).to_be_bytes());
    [&png[..head], &chunk, &png[head..]].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        let start = crc ^ u32::from(*byte);
        (0..8).fold(start, |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("room");
    encoder.finish().expect("room")
}

fn metadata() -> Vec<File> {
    let canary = CANARY.as_bytes();
    let text = [b"Comment\0", canary].concat();
    let international = [b"XML:com.adobe.xmp\0\0\0\0\0", canary].concat();
    let huge_text = [b"Comment\0\0".to_vec(), deflated(&vec![b'A'; 64 << 20])].concat();
    let huge_profile = [b"icc\0\0".to_vec(), deflated(&vec![0; 64 << 20])].concat();
    let mut jpeg_comment = vec![0xff, 0xd8, 0xff, 0xfe, 0, (canary.len() + 2) as u8];
    jpeg_comment.extend(canary);
    jpeg_comment.extend(&sound(ImageFormat::Jpeg)[2..]);
    let exif = [b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0", canary].concat();
    let mut jpeg_exif = vec![0xff, 0xd8, 0xff, 0xe1, 0, (exif.len() + 2) as u8];
    jpeg_exif.extend(&exif);
    jpeg_exif.extend(&sound(ImageFormat::Jpeg)[2..]);
    vec![
        file("PNG with a comment", with_chunk(b"tEXt", &text), Drawn),
        file("PNG with XMP", with_chunk(b"iTXt", &international), Drawn),
        file("PNG with EXIF", with_chunk(b"eXIf", &exif[6..]), Drawn),
        file("PNG with a chunk of nobody's", with_chunk(b"caNr", canary), Drawn),
        file("PNG with a comment of 64 MB, packed", with_chunk(b"zTXt", &huge_text), Any),
        file("PNG with a profile of 64 MB, packed", with_chunk(b"iCCP", &huge_profile), Any),
        file("JPEG with a comment", jpeg_comment, Drawn),
        file("JPEG with EXIF", jpeg_exif, Drawn),
    ]
}

/// Each kind, cut at several places.
fn cut_off() -> Vec<File> {
    let mut files = Vec::new();
    for format in FORMATS {
        let bytes = sound(format);
        for (numerator, denominator) in [(1, 10), (1, 3), (1, 2), (9, 10)] {
            let end = (bytes.len() * numerator / denominator).max(3);
            let name = format!("{format:?}, {numerator}/{denominator} of it");
            files.push(file(&name, &bytes[..end], Any));
        }
        let mut noise = bytes.clone();
        for (at, byte) in noise.iter_mut().enumerate().skip(bytes.len() / 2) {
            *byte ^= (at * 31) as u8;
        }
        files.push(file(&format!("{format:?}, half of it noise"), noise, Any));
    }
    let drawing = svg("");
    files.push(file("SVG, half of it", &drawing.as_bytes()[..drawing.len() / 2], Refused(Damaged)));
    files
}

/// Few bytes that say they are many pixels.
fn bombs() -> Vec<File> {
    let png = |width: u32, height: u32| {
        let mut bytes = sound(ImageFormat::Png);
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        bytes
    };
    let mut gif = sound(ImageFormat::Gif);
    gif[6..10].fill(0xff);
    let mut jpeg = sound(ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame header");
    jpeg[frame + 5..frame + 9].fill(0xff);
    // The first 14 bits after the signature are the width less one, the next 14 the height.
    let mut webp = sound(ImageFormat::WebP);
    let start = webp.windows(4).position(|name| name == b"VP8L").expect("lossless") + 9;
    webp[start..start + 3].fill(0xff);
    webp[start + 3] |= 0x0f;
    vec![
        file("PNG of 2^31 by 2^31", png(u32::MAX >> 1, u32::MAX >> 1), Any),
        file("PNG of 100,000 by 1", png(100_000, 1), Refused(TooManyPixels)),
        file("PNG of 16,000 by 16,000", png(16_000, 16_000), Refused(TooManyPixels)),
        file("PNG of no pixels", png(0, 0), Refused(Damaged)),
        file("PNG of 4,000 by 4,000 with the pixels of 32 by 16", png(4_000, 4_000), Any),
        file("GIF of 65,535 by 65,535", gif, Refused(TooManyPixels)),
        file("JPEG of 65,535 by 65,535", jpeg, Refused(TooManyPixels)),
        file("WebP of 16,384 by 16,384", webp, Any),
        file("a file of more than 2 MB", vec![0x89; MAX_BYTES + 1], Refused(TooLarge)),
        file("a moving WebP", moving_webp(), Any),
    ]
}

/// A WebP that says it moves, with a frame that is larger than its canvas.
fn moving_webp() -> Vec<u8> {
    let still = sound(ImageFormat::WebP);
    let mut frame = vec![0; 16];
    frame[6..9].copy_from_slice(&[0xff, 0xff, 0x00]);
    frame.extend(&still[12..]);
    let mut body = b"WEBPVP8X\x0a\0\0\0\x12\0\0\0\x1f\0\0\x0f\0\0".to_vec();
    body.extend(b"ANIM\x06\0\0\0\0\0\0\0\0\0");
    body.extend(b"ANMF");
    body.extend((frame.len() as u32).to_le_bytes());
    body.extend(frame);
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((body.len() as u32).to_le_bytes());
    bytes.extend(body);
    bytes
}

/// What is no picture, whatever its name.
fn disguises() -> Vec<File> {
    let page = format!("<!doctype html><script>{CANARY}</script>");
    let inline = format!("<html><body><svg><rect/></svg><script>{CANARY}</script></body></html>");
    let other = format!(r#"<?xml version="1.0"?><feed><x:svg xmlns:x="a">{CANARY}</x:svg></feed>"#);
    vec![
        file("nothing", "", Refused(NotAPicture)),
        file("one byte", [0x89], Refused(NotAPicture)),
        file("a page named logo.png", page, Refused(NotAPicture)),
        file("a page with a drawing in it", inline, Refused(NotAPicture)),
        file("XML that is no drawing", other, Refused(NotAPicture)),
        file("a PDF", format!("%PDF-1.7\n/JS ({CANARY})"), Refused(NotAPicture)),
        file("PostScript", format!("%!PS-Adobe-3.0 EPSF-3.0 {CANARY}"), Refused(NotAPicture)),
        file("BMP", b"BM\x36\0\0\0\0\0\0\0".to_vec(), Refused(NotAPicture)),
        file("TIFF", b"II*\0\x08\0\0\0".to_vec(), Refused(NotAPicture)),
        file("an icon", b"\0\0\x01\0\x01\0".to_vec(), Refused(NotAPicture)),
        file("Flash", format!("CWS\x0a{CANARY}"), Refused(NotAPicture)),
        file("a packed drawing", b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), Refused(NotAPicture)),
        file("a drawing in UTF-16", b"\xff\xfe<\0s\0v\0g\0>\0".to_vec(), Refused(NotAPicture)),
    ]
}

/// Drawings that run, fetch or hide something.
fn drawings() -> Vec<File> {
    let drawn = |name: &str, inner: &str| file(name, svg(inner), Drawn);
    let refused = |name: &str, inner: &str, what| file(name, svg(inner), Refused(what));
    let entities = format!(r#"<!DOCTYPE svg [<!ENTITY x "{CANARY}">]>"#);
    let outside = r#"<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>"#;
    let embedded = r#"<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>"#;
    vec![
        drawn("SVG with a script", &format!("<script>{CANARY}</script>")),
        drawn("SVG with a script elsewhere", r#"<script href="https://evil.example/x.js"/>"#),
        drawn("SVG with a handler", &format!(r#"<g onload="{CANARY}"/>"#)),
        drawn("SVG with a page in it", &format!("<foreignObject><p>{CANARY}</p></foreignObject>")),
        drawn("SVG with a link", &format!(r#"<a href="javascript:{CANARY}"><rect/></a>"#)),
        drawn("SVG that moves", r#"<animate attributeName="href" to="javascript:x"/>"#),
        drawn("SVG with a style elsewhere", "<style>@import 'https://evil.example/';</style>"),
        drawn("SVG with a font elsewhere", "<style>@font-face{src:url(//evil.example)}</style>"),
        drawn("SVG that uses another file", r#"<use href="https://evil.example/a.svg#b"/>"#),
        drawn("SVG with a comment", &format!("<!-- {CANARY} --><title>{CANARY}</title>")),
        refused("SVG with a picture elsewhere", "<image href='http://evil.example/p'/>", image()),
        refused("SVG with a file", "<image href='/etc/passwd' width='9' height='9'/>", image()),
        refused("SVG in SVG", embedded, image()),
        refused("SVG with a filter", "<filter id='f'><feFlood/></filter>", Unsupported("filter")),
        refused(
            "SVG with a blur",
            "<g filter='blur(9px)'><rect width='9' height='9'/></g>",
            Unsupported("filter"),
        ),
        refused("SVG with feImage", "<feImage href='file:///etc/passwd'/>", Unsupported("feImage")),
        refused("SVG with a marker", "<marker id='m'/>", Unsupported("marker")),
        refused("SVG with a pattern", "<pattern id='p'/>", Unsupported("pattern")),
        file("SVG with an entity", entities + &svg("&x;"), Refused(Unsupported("!ENTITY"))),
        file(
            "SVG with a file as entity",
            outside.to_owned() + &svg("&x;"),
            Refused(Unsupported("!ENTITY")),
        ),
        file("SVG that refers to no entity", svg("&nbsp;"), Refused(Damaged)),
        file("SVG with nothing", "<svg xmlns='http://www.w3.org/2000/svg'/>", Any),
        file(
            "SVG that cannot be seen",
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text/></svg>",
            Refused(Blank),
        ),
        file(
            "SVG with a stylesheet instruction",
            format!("<?xml-stylesheet href='//evil.example'?>{}", svg("")),
            Drawn,
        ),
    ]
}

const fn image() -> PictureError {
    Unsupported("image")
}

/// Drawings that are small and would become large.
fn growth() -> Vec<File> {
    let refused = |name: &str, inner: &str| file(name, svg(inner), Refused(TooComplex));
    let mut uses = String::from("<g id='u0'><rect width='1' height='1'/></g>");
    let mut clips = String::from("<clipPath id='c0'><rect width='9' height='9'/></clipPath>");
    let mut masks = String::from("<mask id='m0'><rect width='9' height='9'/></mask>");
    for level in 1..30 {
        let below = level - 1;
        let one = format!("<use href='#u{below}'/>");
        let _ = write!(uses, "<g id='u{level}'>{}</g>", one.repeat(10));
        let one = format!("<rect width='9' height='9' clip-path='url(#c{below})'/>");
        let _ = write!(clips, "<clipPath id='c{level}'>{}</clipPath>", one.repeat(10));
        let one = format!("<rect width='9' height='9' mask='url( \"#m{below}\" )'/>");
        let _ = write!(masks, "<mask id='m{level}'>{}</mask>", one.repeat(10));
    }
    let laughs: String = (1..10).fold("<!ENTITY a0 'ha'>".to_owned(), |text, level| {
        text + &format!("<!ENTITY a{level} '{}'>", format!("&a{};", level - 1).repeat(10))
    });
    let laughs = format!("<!DOCTYPE svg [{laughs}]>{}", svg("<text>&a9;</text>"));
    let many_rules = "a b c d{fill:red}".repeat(900) + "</style>" + &"<g/>".repeat(2_000);
    let attributes: String = (0..5_000).map(|number| format!(" a{number}=''")).collect();
    let zigzag: String = (0..40_000).map(|n| format!("L{} {}", n % 97, n % 89)).collect();
    let layers = "<g opacity='.5'><rect x='-999' width='2999' height='2999'/>".repeat(40);
    let sheet = "<style>rect{mask:url(#m3)}</style><mask id='m3'><rect/></mask>";
    let dashes = "<path d='M0 0H1e6V1e6' stroke='red' stroke-dasharray='.001'/>";
    let huge = |width: &str, height: &str, of: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' {width} {height} {of}>\
            <rect width='100%' height='100%'/></svg>"
        )
    };
    vec![
        refused("SVG of 10^29 uses", &uses),
        refused("SVG of 10^29 clips", &clips),
        refused("SVG of 10^29 masks", &masks),
        refused("SVG that uses itself", "<g id='s'><use href='#s'/></g>"),
        refused("SVG whose mask masks itself", "<mask id='m'><g mask='url(#m)'/></mask>"),
        refused("SVG of 100,000 elements", &"<g/>".repeat(100_000)),
        refused("SVG nested 20,000 deep", &("<g>".repeat(20_000) + &"</g>".repeat(20_000))),
        refused("SVG nested 100 deep", &("<g>".repeat(100) + &"</g>".repeat(100))),
        refused("SVG with 5,000 attributes", &format!("<g{attributes}/>")),
        refused("SVG with a line of 40,000 pieces", &format!("<path d='M0 0{zigzag}'/>")),
        refused("SVG with 40 layers in each other", &(layers + &"</g>".repeat(40))),
        refused("SVG with a style for everything", sheet),
        refused("SVG with an escape in its style", "<style>rect{mask:u\\72l(#m)}</style>"),
        refused("SVG with too many styles", &format!("<style>{many_rules}")),
        refused("SVG with a million dashes", dashes),
        refused(
            "SVG with a text of 200,000 letters",
            &format!("<text>{}</text>", "A".repeat(200_000)),
        ),
        refused("SVG of 600 kB", &format!("<!-- {} -->", "A".repeat(600_000))),
        file("SVG of a billion laughs", laughs, Refused(Unsupported("!ENTITY"))),
        file("SVG as wide as the sky", huge("width='1e9'", "height='1e9'", ""), Drawn),
        file("SVG as long as the sky", huge("width='1'", "height='1e9'", ""), Any),
        file("SVG with a huge box", huge("", "", "viewBox='0 0 1e30 1e30'"), Any),
        file("SVG with an odd box", huge("", "", "viewBox='NaN -1 0 inf'"), Any),
        file("SVG of no width", huge("width='0'", "height='-5'", ""), Any),
        file("SVG of 1e-30", huge("width='1e-30'", "height='1e-30'", ""), Any),
    ]
}
