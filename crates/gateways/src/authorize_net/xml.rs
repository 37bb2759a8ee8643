//! The XML of requests and answers. Order matters: `AnetApiSchema.xsd` has sequences everywhere.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use roxmltree::{Document, Node};

use crate::GatewayError;

/// The namespace of all elements. It is relative, as the provider wrote it.
const NAMESPACE: &str = "AnetApi/xml/v1/schema/AnetApiSchema.xsd";

/// An element of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    name: &'static str,
    content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Text(String),
    Children(Vec<Element>),
}

/// An element with a text in it.
pub(super) fn text(name: &'static str, text: impl Into<String>) -> Element {
    Element { name, content: Content::Text(text.into()) }
}

/// An element with at most `most` characters of a text in it, as the schema asks.
pub(super) fn cut(name: &'static str, long: &str, most: usize) -> Element {
    text(name, long.chars().take(most).collect::<String>())
}

/// An element with others in it.
pub(super) fn parent(
    name: &'static str,
    children: impl IntoIterator<Item = impl Into<Option<Element>>>,
) -> Element {
    let children = children.into_iter().filter_map(Into::into).collect();
    Element { name, content: Content::Children(children) }
}

/// A list of settings: names and values.
pub(super) fn settings<'a>(
    name: &'static str,
    settings: impl IntoIterator<Item = (&'a str, String)>,
) -> Element {
    let setting = |(name, value): (&str, String)| {
        parent("setting", [text("settingName", name), text("settingValue", value)])
    };
    parent(name, settings.into_iter().map(setting))
}

impl Element {
    /// The bytes of a document with this element as its root.
    pub(super) fn document(&self) -> Result<Vec<u8>, GatewayError> {
        let mut writer = Writer::new(Vec::new());
        let written = writer
            .write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))
            .and_then(|()| self.write(&mut writer, true));
        written.map_err(|error| GatewayError::NotSent(error.to_string()))?;
        Ok(writer.into_inner())
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>, root: bool) -> io::Result<()> {
        let mut start = BytesStart::new(self.name);
        if root {
            start.push_attribute(("xmlns", NAMESPACE));
        }
        writer.write_event(Event::Start(start))?;
        match &self.content {
            Content::Text(text) => {
                let text: String = text.chars().filter(|&it| is_writable(it)).collect();
                writer.write_event(Event::Text(BytesText::new(&text)))?;
            }
            Content::Children(children) => {
                for child in children {
                    child.write(writer, false)?;
                }
            }
        }
        writer.write_event(Event::End(BytesEnd::new(self.name)))
    }
}

/// Whether XML 1.0 can say the character at all (section 2.2, `Char`).
fn is_writable(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Parses an answer, which begins with a byte order mark, and hands its root to `read`.
pub(super) fn with_root<T>(
    bytes: &[u8],
    read: impl FnOnce(Node<'_, '_>) -> Result<T, GatewayError>,
) -> Result<T, GatewayError> {
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable(&error.to_string()))?;
    let text = text.trim_start_matches('\u{feff}');
    let document = Document::parse(text).map_err(|error| unreadable(&error.to_string()))?;
    read(document.root_element())
}

/// What was asked for may have been done.
pub(super) fn unreadable(why: &str) -> GatewayError {
    GatewayError::Unknown(format!("not readable: {why}"))
}

/// The children with this name.
pub(super) fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

/// The first element at the path.
pub(super) fn find<'a, 'input>(
    node: Node<'a, 'input>,
    path: &[&'static str],
) -> Option<Node<'a, 'input>> {
    path.iter().try_fold(node, |node, name| children(node, name).next())
}

/// The text of the element at the path; nothing where it is empty.
pub(super) fn value<'a>(node: Node<'a, '_>, path: &[&'static str]) -> Option<&'a str> {
    find(node, path)?.text().map(str::trim).filter(|text| !text.is_empty())
}

/// The text of an element that must be there.
pub(super) fn required<'a>(
    node: Node<'a, '_>,
    path: &[&'static str],
) -> Result<&'a str, GatewayError> {
    value(node, path).ok_or_else(|| unreadable(&format!("`{}` is missing", path.join("/"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(element: &Element) -> String {
        String::from_utf8(element.document().expect("XML")).expect("UTF-8")
    }

    #[test]
    fn texts_are_escaped_and_what_xml_cannot_say_is_left_out() {
        let name = "<b>&\u{1}\u{0}\u{ffff}ü 😀</b>";
        let xml = written(&parent("a", [Some(text("b", name)), None]));
        let expected = "<a xmlns=\"AnetApi/xml/v1/schema/AnetApiSchema.xsd\">\
                        <b>&lt;b&gt;&amp;ü 😀&lt;/b&gt;</b></a>";
        assert_eq!(xml, format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{expected}"));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("a", "üüü", 2), text("a", "üü"));
    }

    #[test]
    fn an_answer_is_read_behind_its_byte_order_mark() {
        let xml = "\u{feff}<a xmlns='x'><b><c> 1 </c><d/></b></a>";
        let read = with_root(xml.as_bytes(), |root| {
            assert_eq!(value(root, &["b", "d"]), None);
            assert!(required(root, &["b", "e"]).is_err());
            required(root, &["b", "c"]).map(ToOwned::to_owned)
        });
        assert_eq!(read, Ok("1".to_owned()));
    }

    #[test]
    fn what_is_no_xml_may_have_been_done() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"b\">]><a>&b;</a>";
        for body in [b"".as_slice(), b"<html>", b"\xff\xfe", b"{}", bomb.as_bytes()] {
            let read = with_root(body, |_| Ok(()));
            assert!(matches!(read, Err(GatewayError::Unknown(_))), "{read:?}");
        }
    }
}
