//! Drawings (SVG), drawn without a way out: no file, no address, no script, no font but ours.

use std::sync::{Arc, LazyLock};

use image::{DynamicImage, RgbaImage};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{ImageHrefResolver, Options, Tree};
use rust_embed::RustEmbed;

use super::{PictureError, cost, outline};

/// Largest drawing that is parsed. A logo has some kilobytes; beyond this it is a traced photo.
const MAX_TEXT: usize = 512 * 1024;
/// Our font stands in for all others.
const FAMILY: &str = "Inter";

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../assets/fonts-pdf"]
#[include = "Inter-*.ttf"]
struct FontFiles;

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for file in FontFiles::iter().filter_map(|name| FontFiles::get(&name)) {
        fonts.load_font_data(file.data.into_owned());
    }
    fonts.set_serif_family(FAMILY);
    fonts.set_sans_serif_family(FAMILY);
    fonts.set_monospace_family(FAMILY);
    fonts.set_cursive_family(FAMILY);
    fonts.set_fantasy_family(FAMILY);
    Arc::new(fonts)
});

/// The text of what may be a drawing.
pub fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}');
    let names_svg = text.contains("<svg") || text.contains(":svg");
    (names_svg && text.trim_start().starts_with('<')).then_some(text)
}

/// Draws as large as fits into `frame`: a drawing is sharp at any size.
pub fn draw(text: &str, frame: (u32, u32)) -> Result<DynamicImage, PictureError> {
    if text.len() > MAX_TEXT {
        return Err(PictureError::TooComplex);
    }
    let document = outline::parse(text)?;
    let options = Options {
        font_family: FAMILY.to_owned(),
        fontdb: Arc::clone(&FONTS),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_xmltree(&document, &options).map_err(|_| PictureError::Damaged)?;
    let Fit { scale, width, height } = fit(&tree, frame);
    cost::check(&tree, scale, u64::from(width) * u64::from(height))?;
    let mut pixels = Pixmap::new(width, height).ok_or(PictureError::Damaged)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    if pixels.pixels().iter().all(|pixel| pixel.alpha() == 0) {
        return Err(PictureError::Blank);
    }
    let image = RgbaImage::from_raw(width, height, pixels.take_demultiplied());
    image.map(DynamicImage::ImageRgba8).ok_or(PictureError::Damaged)
}

/// How a drawing lies in its frame.
struct Fit {
    scale: f32,
    width: u32,
    height: u32,
}

#[expect(clippy::float_arithmetic, reason = "lengths in a drawing, not amounts")]
fn fit(tree: &Tree, frame: (u32, u32)) -> Fit {
    let size = tree.size();
    let scale = (frame.0 as f32 / size.width()).min(frame.1 as f32 / size.height());
    let side = |length: f32, most: u32| ((length * scale).round() as u32).clamp(1, most);
    Fit { scale, width: side(size.width(), frame.0), height: side(size.height(), frame.1) }
}
