//! What is wrong with a text in a brand's own words, in words for those who wrote it.

use portico_billing::text::{LineError, check_line};

use super::catalogue::{CatalogueText, TEXT_MAX};
use super::pattern::{self, Signature};

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextReason {
    /// There is nothing to be seen in it.
    Empty,
    /// It has more than [`TEXT_MAX`] characters.
    TooLong,
    /// It holds characters that do not belong into a text.
    Characters,
    /// A brace is open or closed without the other.
    Braces,
    /// Nothing that can be put in stands in the braces.
    EmptyBraces,
    /// A quotation mark is open.
    Quotes,
    /// A choice says nothing for all other cases: `*[other]`.
    NoDefault,
    /// Braces stand too deeply within each other.
    TooDeep,
    /// It cannot be read for another reason.
    Syntax,
    /// It names an argument that this text is not given.
    UnknownArgument(String),
    /// It names a function or another text.
    Reference(String),
    /// It holds other markup than the shipped text.
    Markup,
}

impl TextReason {
    /// The key of the text that says it. Its argument `name` is [`TextReason::name`].
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "text-fault-empty",
            Self::TooLong => "text-fault-too-long",
            Self::Characters => "text-fault-characters",
            Self::Braces => "text-fault-braces",
            Self::EmptyBraces => "text-fault-empty-braces",
            Self::Quotes => "text-fault-quotes",
            Self::NoDefault => "text-fault-no-default",
            Self::TooDeep => "text-fault-too-deep",
            Self::Syntax => "text-fault-syntax",
            Self::UnknownArgument(_) => "text-fault-unknown-argument",
            Self::Reference(_) => "text-fault-reference",
            Self::Markup => "text-fault-markup",
        }
    }

    /// What the text calls `$name`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::UnknownArgument(name) | Self::Reference(name) => Some(name),
            _ => None,
        }
    }
}

/// One thing that is wrong; lines begin at 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFault {
    /// Line.
    pub line: usize,
    /// What is wrong.
    pub reason: TextReason,
}

/// Checks a text in a brand's own words against the shipped one.
pub(super) fn check(shipped: &CatalogueText, text: &str) -> Result<(), TextFault> {
    let fault = |line, reason| Err(TextFault { line, reason });
    let text = text.trim();
    if text.is_empty() {
        return fault(1, TextReason::Empty);
    }
    if text.chars().count() > TEXT_MAX {
        return fault(1, TextReason::TooLong);
    }
    let odd =
        |line: &str| matches!(check_line(line), Err(LineError::Control | LineError::Direction));
    if let Some(line) = text.lines().position(odd) {
        return fault(line + 1, TextReason::Characters);
    }
    let source = pattern::message_source(&shipped.key, text);
    let read = pattern::read(&shipped.key, &source)
        .map_err(|(line, reason)| TextFault { line, reason })?;
    let own = pattern::signature(&read);
    if let Some(name) = own.others.first() {
        return fault(line_with(text, name), TextReason::Reference(name.clone()));
    }
    if let Some(name) = own.arguments.iter().find(|name| !shipped.arguments.contains(*name)) {
        return fault(line_with(text, name), TextReason::UnknownArgument(name.clone()));
    }
    if shipped.key.ends_with("-html") && !same_markup(shipped, &own) {
        return fault(1, TextReason::Markup);
    }
    Ok(())
}

fn line_with(text: &str, name: &str) -> usize {
    text.lines().position(|line| line.contains(name)).map_or(1, |line| line + 1)
}

/// Texts that hold markup are not escaped: their tags are those of a shipped text, in its order.
fn same_markup(shipped: &CatalogueText, own: &Signature) -> bool {
    let Some(tags) = tags(&own.literal) else { return false };
    shipped.shipped.values().any(|shipped| {
        let source = pattern::message_source("text", shipped);
        let read = pattern::read("text", &source).ok();
        read.is_some_and(|read| {
            self::tags(&pattern::signature(&read).literal).as_ref() == Some(&tags)
        })
    })
}

/// The tags of a text; `None` where a bracket stands alone.
fn tags(text: &str) -> Option<Vec<String>> {
    let mut tags = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        let (tag, after) = behind.split_once('>')?;
        if before.contains('>') {
            return None;
        }
        tags.push(tag.to_owned());
        rest = after;
    }
    (!rest.contains('>')).then_some(tags)
}

#[cfg(test)]
mod tests {
    use crate::texts::{Catalogue, TextReason};

    fn reason(key: &str, text: &str) -> Option<TextReason> {
        let checked = Catalogue::load().check(key, text);
        checked.err().map(|fault| fault.expect("a known text").reason)
    }

    #[test]
    fn texts_with_the_same_arguments_are_taken() {
        for (key, text) in [
            ("mail-greeting", "Hi { $name }!"),
            ("mail-greeting", "Hello,"),
            ("mail-greeting", "{ $name } — { \"{\" } <b>not markup</b>\n\nsecond paragraph"),
            ("mail-valid-hours", "{ $count ->\n    [one] an hour\n   *[other] { $count } hours\n}"),
            ("error-reference-html", "Quote <code>{ $reference }</code>, please"),
        ] {
            assert_eq!(reason(key, text), None, "{text}");
        }
        assert_eq!(Catalogue::load().check("no-such-text", "x"), Err(None));
    }

    #[test]
    fn inj_04_nothing_but_arguments_is_put_into_a_text() {
        let unknown = |name: &str| TextReason::UnknownArgument(name.to_owned());
        let other = |name: &str| TextReason::Reference(name.to_owned());
        for (text, expected) in [
            ("", TextReason::Empty),
            ("{ $password }", unknown("password")),
            ("{ $name ->\n [a] { $secret }\n *[b] x\n}", unknown("secret")),
            ("{ mail-help }", other("mail-help")),
            ("{ -term }", other("term")),
            ("{ NUMBER($name) }", other("NUMBER")),
            ("{ mail-help.title }", other("mail-help")),
            ("{ $name", TextReason::Braces),
            ("a }", TextReason::Braces),
            ("{ }", TextReason::EmptyBraces),
            ("{7*7}", TextReason::Braces),
            ("{ $name ->\n [a] x\n}", TextReason::NoDefault),
            (".title = x", TextReason::Syntax),
            ("a\u{0}b", TextReason::Characters),
            ("a\u{202e}b", TextReason::Characters),
        ] {
            assert_eq!(reason("mail-greeting", text), Some(expected), "{text}");
        }
        assert_eq!(reason("mail-greeting", &"{".repeat(1_900)), Some(TextReason::TooDeep));
        assert_eq!(reason("mail-greeting", &"x".repeat(2_001)), Some(TextReason::TooLong));
    }

    #[test]
    fn no_text_becomes_another_message() {
        let sly = "x\nmail-help = owned\n# comment\n## group";
        assert_eq!(reason("mail-greeting", sly), None);
    }

    #[test]
    fn inj_01_markup_is_that_of_the_shipped_text() {
        for text in [
            "<script>alert(1)</script> { $reference }",
            "<code>{ $reference }</code><img src=x onerror=alert(1)>",
            "<code onclick=alert(1)>{ $reference }</code>",
            "<code>{ \"<b>\" }{ $reference }</code>",
            "<code>{ \"\\u003cscript\" }</code>",
            "<code>{ $reference }",
            "{ $reference } < 1",
        ] {
            assert_eq!(reason("error-reference-html", text), Some(TextReason::Markup), "{text}");
        }
    }
}
