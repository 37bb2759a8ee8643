//! What a drawing asks for, from its XML alone, before anything is expanded.
//!
//! A few lines of SVG can ask for millions of shapes: a `<use>` of a group of `<use>`s. The weight
//! of each element, with all that it refers to, is summed up here without expanding anything.

use std::collections::HashMap;

use roxmltree::{Document, Node, NodeId, ParsingOptions};

use super::PictureError;

/// Most nodes of the XML.
const MAX_NODES: u32 = 10_000;
/// Most attributes in one tag; finding doubled ones takes their square.
const MAX_ATTRIBUTES: usize = 100;
/// Deepest nesting, references included.
const MAX_DEPTH: u32 = 64;
/// Most weight once everything is expanded: bytes of attributes, and [`ELEMENT`] for each element.
const MAX_WEIGHT: u64 = 4_000_000;
/// What an element weighs by itself.
const ELEMENT: u64 = 64;
/// What a character of text weighs: it becomes a shape.
const CHARACTER: u64 = 32;
/// Most pairs of a rule of a style sheet and an element that it is tried on.
const MAX_MATCHES: usize = 1_000_000;
/// What no logo needs, and what costs memory or time without bound, or leads out of the file.
const UNSUPPORTED: [&str; 5] = ["filter", "image", "feImage", "marker", "pattern"];

/// What an element asks for, with its children and all that they refer to.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    total: u64,
    depth: u32,
}

/// Parses the XML of a drawing, and refuses what would grow beyond bounds.
pub fn parse(text: &str) -> Result<Document<'_>, PictureError> {
    if text.contains("<!ENTITY") {
        return Err(PictureError::Unsupported("!ENTITY"));
    }
    if text.split('<').any(|tag| attributes(tag) > MAX_ATTRIBUTES) {
        return Err(PictureError::TooComplex);
    }
    // A document type without entities is in many drawings, and harmless.
    let options =
        ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let is_limit = matches!(error, roxmltree::Error::NodesLimitReached);
        if is_limit { PictureError::TooComplex } else { PictureError::Damaged }
    })?;
    if document.root_element().tag_name().name() != "svg" {
        return Err(PictureError::NotAPicture);
    }
    check(&document)?;
    Ok(document)
}

/// How many attributes a tag may have at most, before it is parsed.
fn attributes(tag: &str) -> usize {
    tag.split('=').skip(1).filter(|value| value.trim_start().starts_with(['"', '\''])).count()
}

fn check(document: &Document<'_>) -> Result<(), PictureError> {
    let mut depths: HashMap<NodeId, u32> = HashMap::new();
    for node in document.descendants() {
        let name = node.tag_name().name();
        if let Some(found) = UNSUPPORTED.iter().find(|unsupported| **unsupported == name) {
            return Err(PictureError::Unsupported(found));
        }
        let above = node.parent().and_then(|parent| depths.get(&parent.id()).copied());
        let depth = above.map_or(0, |above| above + 1);
        if depth > MAX_DEPTH {
            return Err(PictureError::TooComplex);
        }
        depths.insert(node.id(), depth);
    }
    let mut weights = Weights::new(document);
    check_styles(document, &weights.ids)?;
    let whole = weights.of(document.root_element(), 0)?;
    if whole.total > MAX_WEIGHT { Err(PictureError::TooComplex) } else { Ok(()) }
}

/// A style sheet could give any element a reference, so that it may refer to gradients alone.
fn check_styles(
    document: &Document<'_>,
    ids: &HashMap<&str, Node<'_, '_>>,
) -> Result<(), PictureError> {
    let mut rules = 0;
    for style in document.descendants().filter(|node| node.tag_name().name() == "style") {
        for text in style.children().filter_map(|child| child.text()) {
            rules += text.matches(['{', ',']).count();
            let is_gradient =
                |id| ids.get(id).is_none_or(|node| node.tag_name().name().ends_with("Gradient"));
            if text.contains('\\') || !references(text).all(is_gradient) {
                return Err(PictureError::TooComplex);
            }
        }
    }
    let elements = document.descendants().filter(Node::is_element).count();
    if rules.saturating_mul(elements) > MAX_MATCHES {
        return Err(PictureError::TooComplex);
    }
    Ok(())
}

struct Weights<'a, 'input> {
    ids: HashMap<&'a str, Node<'a, 'input>>,
    known: HashMap<NodeId, Weight>,
}

impl<'a, 'input> Weights<'a, 'input> {
    fn new(document: &'a Document<'input>) -> Self {
        let named = document.descendants().filter_map(|node| Some((node.attribute("id")?, node)));
        let mut ids = HashMap::new();
        for (id, node) in named {
            ids.entry(id).or_insert(node);
        }
        Self { ids, known: HashMap::new() }
    }

    /// `level` bounds the recursion also where something refers to itself.
    fn of(&mut self, node: Node<'a, 'input>, level: u32) -> Result<Weight, PictureError> {
        if level > MAX_DEPTH {
            return Err(PictureError::TooComplex);
        }
        if let Some(known) = self.known.get(&node.id()) {
            let fits = level + known.depth <= MAX_DEPTH;
            return if fits { Ok(*known) } else { Err(PictureError::TooComplex) };
        }
        let mut weight = Weight { total: ELEMENT, depth: 0 };
        if let Some(text) = node.text().filter(|_| node.is_text()) {
            weight.total += CHARACTER.saturating_mul(text.len() as u64);
        }
        let mut parts: Vec<Node<'a, 'input>> = node.children().collect();
        for attribute in node.attributes() {
            weight.total = weight.total.saturating_add(attribute.value().len() as u64);
            let own = attribute.value().strip_prefix('#').filter(|_| attribute.name() == "href");
            let named = own.into_iter().chain(references(attribute.value()));
            parts.extend(named.filter_map(|id| self.ids.get(id).copied()));
        }
        for part in parts {
            let below = self.of(part, level + 1)?;
            weight.total = weight.total.saturating_add(below.total);
            weight.depth = weight.depth.max(below.depth + 1);
        }
        self.known.insert(node.id(), weight);
        Ok(weight)
    }
}

/// The names in `url(#name)`.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split("url(").skip(1).filter_map(|rest| {
        let inner = rest.split(')').next()?;
        inner.trim_matches([' ', '\t', '\n', '\r', '"', '\'']).strip_prefix('#')
    })
}
