//! A pattern of Fluent by itself: read, and looked through for what it refers to.

use std::collections::BTreeSet;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement};
use fluent_syntax::parser::{self, ErrorKind, ParserError};

use super::check::TextReason;

/// Deepest braces in braces: the parser calls itself for each.
const MAX_DEPTH: usize = 6;

/// What a pattern refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signature {
    /// Arguments that it takes.
    pub arguments: BTreeSet<String>,
    /// Functions, terms and other texts that it names.
    pub others: BTreeSet<String>,
    /// Its text without what is put in, to find markup in.
    pub literal: String,
}

/// The source of a message with this pattern. Each line is indented, so that none begins another
/// message.
pub fn message_source(key: &str, pattern: &str) -> String {
    let mut source = format!("{key} =\n");
    for line in pattern.trim().lines() {
        source.push_str("    ");
        source.push_str(line.trim_end());
        source.push('\n');
    }
    source
}

/// Reads a pattern as the value of `key`; else says in which line what is wrong.
pub fn read<'s>(key: &str, source: &'s str) -> Result<Pattern<&'s str>, (usize, TextReason)> {
    if depth(source) > MAX_DEPTH {
        return Err((1, TextReason::TooDeep));
    }
    let resource = parser::parse(source).map_err(|(_, faults)| match faults.first() {
        Some(fault) => (line_of(source, fault), reason_of(&fault.kind)),
        None => (1, TextReason::Syntax),
    })?;
    let mut body = resource.body.into_iter();
    match (body.next(), body.next()) {
        (Some(Entry::Message(Message { id, value: Some(value), attributes, .. })), None)
            if id.name == key && attributes.is_empty() =>
        {
            Ok(value)
        }
        _ => Err((1, TextReason::Syntax)),
    }
}

fn depth(source: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for c in source.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The line of the pattern, which begins below that of the key.
fn line_of(source: &str, fault: &ParserError) -> usize {
    let before = source.as_bytes().get(..fault.pos.start.min(source.len())).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count().max(1)
}

const fn reason_of(kind: &ErrorKind) -> TextReason {
    match kind {
        ErrorKind::MissingDefaultVariant => TextReason::NoDefault,
        ErrorKind::UnbalancedClosingBrace | ErrorKind::ExpectedToken('}') => TextReason::Braces,
        ErrorKind::ExpectedInlineExpression => TextReason::EmptyBraces,
        ErrorKind::UnterminatedStringLiteral => TextReason::Quotes,
        _ => TextReason::Syntax,
    }
}

/// What a pattern refers to.
pub fn signature(pattern: &Pattern<&str>) -> Signature {
    let mut found = Signature::default();
    look_through(pattern, &mut found);
    found
}

fn look_through(pattern: &Pattern<&str>, found: &mut Signature) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => found.literal.push_str(value),
            PatternElement::Placeable { expression } => expression_in(expression, found),
        }
    }
}

fn expression_in(expression: &Expression<&str>, found: &mut Signature) {
    match expression {
        Expression::Inline(inline) => inline_in(inline, found),
        Expression::Select { selector, variants } => {
            inline_in(selector, found);
            for variant in variants {
                look_through(&variant.value, found);
            }
        }
    }
}

fn inline_in(inline: &InlineExpression<&str>, found: &mut Signature) {
    match inline {
        InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
            // With its escapes: `\u003c` is no way around the check for markup.
            let plain = fluent_syntax::unicode::unescape_unicode_to_string(value);
            found.literal.push_str(&plain);
        }
        InlineExpression::VariableReference { id } => {
            found.arguments.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { id, .. }
        | InlineExpression::MessageReference { id, .. }
        | InlineExpression::TermReference { id, .. } => {
            found.others.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => expression_in(expression, found),
    }
}
