//! What it would cost to draw a drawing, from its shapes.

use resvg::tiny_skia::Rect;
use resvg::usvg::{ClipPath, Group, Mask, Node, Paint, Path, Tree};

use super::PictureError;

/// Most pieces of outlines: an outline that crosses itself everywhere takes the square of them.
const MAX_SEGMENTS: u64 = 30_000;
/// Most pixels of all layers together.
const MAX_LAYER_PIXELS: u64 = 150_000_000;
/// Most pixels of the layers that are in memory at once.
const MAX_NESTED_PIXELS: u64 = 24_000_000;
/// A layer is cut at so many times the area of the picture.
const MAX_OVERHANG: u64 = 25;

/// Refuses a drawing that costs too much at `scale`, for a picture of so many pixels.
pub fn check(tree: &Tree, scale: f32, pixels: u64) -> Result<(), PictureError> {
    let mut meter = Meter { scale, pixels, segments: 0, layer_pixels: 0 };
    meter.group(tree.root(), 0)
}

struct Meter {
    scale: f32,
    pixels: u64,
    segments: u64,
    layer_pixels: u64,
}

impl Meter {
    /// `nested` is what the layers around the group hold already.
    fn group(&mut self, group: &Group, nested: u64) -> Result<(), PictureError> {
        let mut held = nested;
        if group.should_isolate() {
            if !group.filters().is_empty() {
                return Err(PictureError::Unsupported("filter"));
            }
            let own = self.area(group.abs_layer_bounding_box().to_rect());
            held = self.layer(nested, own)?;
            if let Some(clip) = group.clip_path() {
                self.clip(clip, held, own)?;
            }
            if let Some(mask) = group.mask() {
                self.mask(mask, held, own)?;
            }
        }
        for child in group.children() {
            match child {
                Node::Group(inner) => self.group(inner, held)?,
                Node::Path(path) => self.path(path)?,
                Node::Text(text) => self.group(text.flattened(), held)?,
                Node::Image(_) => return Err(PictureError::Unsupported("image")),
            }
        }
        Ok(())
    }

    fn layer(&mut self, nested: u64, own: u64) -> Result<u64, PictureError> {
        let held = nested.saturating_add(own);
        self.layer_pixels = self.layer_pixels.saturating_add(own);
        let is_fine = held <= MAX_NESTED_PIXELS && self.layer_pixels <= MAX_LAYER_PIXELS;
        if is_fine { Ok(held) } else { Err(PictureError::TooComplex) }
    }

    /// A clip needs a layer as large as what it clips, and each clip inside it one more.
    fn clip(&mut self, clip: &ClipPath, nested: u64, own: u64) -> Result<(), PictureError> {
        let held = self.layer(nested, own)?;
        self.clipped(clip.root(), held, own)?;
        clip.clip_path().map_or(Ok(()), |outer| self.clip(outer, held, own))
    }

    fn clipped(&mut self, group: &Group, nested: u64, own: u64) -> Result<(), PictureError> {
        if let Some(clip) = group.clip_path() {
            self.clip(clip, nested, own)?;
        }
        for child in group.children() {
            match child {
                Node::Group(inner) => self.clipped(inner, nested, own)?,
                Node::Path(path) => self.path(path)?,
                Node::Text(text) => self.clipped(text.flattened(), nested, own)?,
                Node::Image(_) => return Err(PictureError::Unsupported("image")),
            }
        }
        Ok(())
    }

    /// A mask needs a layer for its pixels and one for its edge.
    fn mask(&mut self, mask: &Mask, nested: u64, own: u64) -> Result<(), PictureError> {
        let held = self.layer(nested, own.saturating_mul(2))?;
        self.group(mask.root(), held)?;
        mask.mask().map_or(Ok(()), |outer| self.mask(outer, held, own))
    }

    fn path(&mut self, path: &Path) -> Result<(), PictureError> {
        let paints = [path.fill().map(|fill| fill.paint()), path.stroke().map(|line| line.paint())];
        if paints.into_iter().flatten().any(|paint| matches!(paint, Paint::Pattern(_))) {
            return Err(PictureError::Unsupported("pattern"));
        }
        let segments = path.data().len() as u64;
        // The outline of a line has two sides.
        let sides = if path.stroke().is_some() { 3 } else { 1 };
        let dashes = path.stroke().and_then(|line| line.dasharray());
        let dashes = dashes.map_or(0, |array| self.dashes(path, array));
        self.segments = self.segments.saturating_add(segments.saturating_mul(sides));
        self.segments = self.segments.saturating_add(dashes);
        if self.segments > MAX_SEGMENTS { Err(PictureError::TooComplex) } else { Ok(()) }
    }

    /// At most how many dashes a line has: each of its pieces is no longer than twice around.
    #[expect(clippy::float_arithmetic, reason = "lengths in a drawing, not amounts")]
    fn dashes(&self, path: &Path, array: &[f32]) -> u64 {
        let around = path.data().bounds();
        let longest = (around.width() + around.height()) * path.data().len() as f32 * 2.0;
        let length: f32 = array.iter().sum();
        (longest / length * array.len() as f32) as u64
    }

    #[expect(clippy::float_arithmetic, reason = "lengths in a drawing, not amounts")]
    fn area(&self, bounds: Rect) -> u64 {
        let side = |length: f32| (length * self.scale).ceil() as u64 + 4;
        let most = self.pixels.saturating_mul(MAX_OVERHANG);
        side(bounds.width()).saturating_mul(side(bounds.height())).min(most)
    }
}
