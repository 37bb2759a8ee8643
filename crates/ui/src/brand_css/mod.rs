//! A brand's own style sheet: parsed, checked, and written anew.
//!
//! Every token goes through here, and only what is known comes out: a sheet loads nothing but the
//! brand's own files and what comes from allowed origins, so that no selector, however clever, can
//! tell anybody what is on the page. The rules come out inside the cascade layer `brand`; what
//! `assets/css/guard.css` says with `!important` in an earlier layer wins over them, and nothing of
//! the brand stays above all else, so that the site's notices are neither covered nor changed. What
//! no layer orders is refused here: `@property`, which would change the site's own tokens, and a
//! typeface by the name of the site's.

mod addresses;
mod faults;
mod words;

use cssparser::{
    CowRcStr, Delimiter, ParseError, Parser, ParserInput, SourceLocation, ToCss, Token,
    TokenSerializationType, serialize_identifier,
};
use portico_billing::brand::Origin;

pub use addresses::OWN_FILES;
pub use faults::{CssFault, CssReason};
use words::Body;

/// Largest sheet, as it was written.
pub const MAX_BYTES: usize = 64 * 1024;
/// Highest `z-index`; what the site shows above everything lies higher.
pub const MAX_Z_INDEX: i32 = 100;
/// Deepest nesting of braces and brackets.
const MAX_DEPTH: u32 = 24;
/// More faults help nobody.
const MAX_FAULTS: usize = 50;

/// The sheet as it may be served: short, harmless, in the layer `brand`. Empty for an empty one.
///
/// # Errors
/// All that is wrong with it, up to fifty faults, in the order of the text.
pub fn cage(css: &str, allowed_origins: &[Origin]) -> Result<String, Vec<CssFault>> {
    if css.len() > MAX_BYTES {
        return Err(vec![CssFault { line: 1, column: 1, reason: CssReason::TooLarge }]);
    }
    let mut cage = Cage {
        allowed: allowed_origins,
        out: Text::default(),
        faults: Vec::new(),
        is_font_face: false,
    };
    let mut input = ParserInput::new(css);
    let mut parser = Parser::new(&mut input);
    cage.rules(&mut parser, 0);
    // Tokens are written with all that could end an element escaped. This is the second lock.
    if cage.out.text.contains("</") {
        cage.fault(SourceLocation { line: 0, column: 1 }, CssReason::Syntax);
    }
    if !cage.faults.is_empty() {
        return Err(cage.faults);
    }
    if cage.out.text.is_empty() {
        return Ok(String::new());
    }
    Ok(format!("@layer brand{{{}}}", cage.out.text))
}

/// The sheet that comes out.
#[derive(Default)]
struct Text {
    text: String,
    last: TokenSerializationType,
    ends_in_space: bool,
    /// Whether a space would say nothing here.
    is_tight: bool,
}

impl Text {
    /// Writes what cannot run together with its neighbours, without the space before it.
    fn mark(&mut self, mark: &str) {
        if self.ends_in_space {
            self.text.pop();
        }
        self.open(mark);
        self.is_tight = !matches!(mark, ")" | "]");
    }

    /// Writes what may have a space before it, but not behind.
    fn open(&mut self, mark: &str) {
        self.text.push_str(mark);
        self.rest(TokenSerializationType::Nothing);
        self.is_tight = true;
    }

    fn rest(&mut self, last: TokenSerializationType) {
        self.last = last;
        self.ends_in_space = false;
        self.is_tight = false;
    }

    fn space(&mut self) {
        if !self.ends_in_space && !self.is_tight {
            self.text.push(' ');
            self.last = TokenSerializationType::Nothing;
            self.ends_in_space = true;
        }
    }

    fn token(&mut self, token: &Token<'_>) {
        let kind = token.serialization_type();
        if self.last.needs_separator_when_before(kind) {
            self.text.push_str("/**/");
        }
        self.text.push_str(&token.to_css_string());
        self.rest(kind);
    }

    /// A string in quotes. `<` is escaped, so that `</style` cannot be in it.
    fn string(&mut self, value: &str) {
        let mut quoted = String::new();
        let written = cssparser::serialize_string(value, &mut quoted);
        debug_assert!(written.is_ok(), "writing into a String cannot fail");
        self.text.push_str(&quoted.replace('<', "\\3c "));
        self.rest(TokenSerializationType::Nothing);
    }
}

struct Cage<'a> {
    allowed: &'a [Origin],
    out: Text,
    faults: Vec<CssFault>,
    /// Whether a typeface is being declared.
    is_font_face: bool,
}

impl Cage<'_> {
    fn fault(&mut self, at: SourceLocation, reason: CssReason) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(CssFault { line: at.line + 1, column: at.column, reason });
        }
    }

    /// Rules, up to the end of the sheet or of the block.
    fn rules(&mut self, parser: &mut Parser<'_, '_>, depth: u32) {
        loop {
            parser.skip_whitespace();
            let (start, at) = (parser.state(), parser.current_source_location());
            let Ok(token) = parser.next().cloned() else { return };
            match token {
                Token::Semicolon => {}
                Token::AtKeyword(name) => self.at_rule(parser, &name, at, (Body::Rules, depth)),
                _ => {
                    parser.reset(&start);
                    self.style_rule(parser, depth);
                }
            }
        }
    }

    /// Declarations and the rules between them, up to the end of the block.
    fn declarations(&mut self, parser: &mut Parser<'_, '_>, depth: u32) {
        loop {
            parser.skip_whitespace();
            let (start, at) = (parser.state(), parser.current_source_location());
            let Ok(token) = parser.next().cloned() else { return };
            match token {
                Token::Semicolon => {}
                Token::AtKeyword(name) => {
                    self.at_rule(parser, &name, at, (Body::Declarations, depth));
                }
                Token::Ident(name) if is_declaration(parser, &name) => {
                    self.declaration(parser, &name, at);
                }
                _ => {
                    parser.reset(&start);
                    self.style_rule(parser, depth);
                }
            }
        }
    }

    /// `within` is what the rule stands among, and how deep.
    fn at_rule(
        &mut self,
        parser: &mut Parser<'_, '_>,
        name: &str,
        at: SourceLocation,
        within: (Body, u32),
    ) {
        let lower = name.to_ascii_lowercase();
        let body = words::body_of(&lower);
        let faults = self.faults.len();
        self.out.token(&Token::AtKeyword(CowRcStr::from(lower.as_str())));
        self.out.space();
        self.tokens_until(parser, Delimiter::CurlyBracketBlock | Delimiter::Semicolon);
        if body.is_none() {
            self.faults.truncate(faults);
            let known = if lower == "import" {
                CssReason::Import
            } else {
                CssReason::AtRule(lower.clone())
            };
            self.fault(at, known);
        }
        match (parser.next().cloned(), body) {
            (Ok(Token::CurlyBracketBlock), Some(Body::Rules)) if within.0 == Body::Rules => {
                self.block(parser, at, within.1, Self::rules);
            }
            (Ok(Token::CurlyBracketBlock), Some(_)) => {
                self.is_font_face = lower == "font-face";
                self.block(parser, at, within.1, Self::declarations);
                self.is_font_face = false;
            }
            (Ok(Token::Semicolon), _) if lower == "layer" => self.out.mark(";"),
            (_, Some(_)) => self.fault(at, CssReason::Syntax),
            // What is unknown was said to be so; its block is passed over.
            (_, None) => {}
        }
    }

    fn style_rule(&mut self, parser: &mut Parser<'_, '_>, depth: u32) {
        let at = parser.current_source_location();
        self.tokens_until(parser, Delimiter::CurlyBracketBlock | Delimiter::Semicolon);
        match parser.next().cloned() {
            Ok(Token::CurlyBracketBlock) => self.block(parser, at, depth, Self::declarations),
            _ => self.fault(at, CssReason::Syntax),
        }
    }

    fn block(
        &mut self,
        parser: &mut Parser<'_, '_>,
        at: SourceLocation,
        depth: u32,
        inner: fn(&mut Self, &mut Parser<'_, '_>, u32),
    ) {
        if depth >= MAX_DEPTH {
            return self.fault(at, CssReason::TooDeep);
        }
        self.out.mark("{");
        nested(parser, |parser| inner(self, parser, depth + 1));
        if self.out.text.ends_with(';') {
            self.out.text.pop();
        }
        self.out.mark("}");
    }

    fn declaration(&mut self, parser: &mut Parser<'_, '_>, name: &str, at: SourceLocation) {
        let property =
            if name.starts_with("--") { name.to_owned() } else { name.to_ascii_lowercase() };
        let _written = serialize_identifier(&property, &mut self.out.text);
        self.out.mark(":");
        let start = self.out.text.len();
        if property == "unicode-range" {
            self.unicode_range(parser, at);
        } else {
            self.tokens_until(parser, Delimiter::Semicolon);
        }
        let value = self.out.text.get(start..).unwrap_or_default().to_ascii_lowercase();
        let value = value.trim_end().trim_end_matches("!important").trim_end();
        let is_fine = match property.as_str() {
            "position" => words::is_position(value).then_some(()).ok_or(CssReason::Position),
            "z-index" => words::is_z_index(value).then_some(()).ok_or(CssReason::ZIndex),
            "font-family" if self.is_font_face && words::is_site_font(value) => {
                Err(CssReason::SiteFont)
            }
            other if words::runs_code(other) => Err(CssReason::Property(other.to_owned())),
            _ => Ok(()),
        };
        if let Err(reason) = is_fine {
            self.fault(at, reason);
        }
        self.out.mark(";");
    }

    /// `U+1E00` would be read as the number 1: the text stays as it is.
    fn unicode_range(&mut self, parser: &mut Parser<'_, '_>, at: SourceLocation) {
        let start = parser.position();
        until(parser, Delimiter::Semicolon, |parser| while parser.next().is_ok() {});
        let text = parser.slice_from(start).trim();
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit() || b"uU+-?, ".contains(&byte)) {
            self.fault(at, CssReason::Syntax);
        }
        self.out.text.push_str(text);
    }

    fn tokens_until(&mut self, parser: &mut Parser<'_, '_>, end: cssparser::Delimiters) {
        parser.skip_whitespace();
        until(parser, end, |parser| self.tokens(parser, 0));
    }

    /// Tokens of a selector, a condition or a value.
    fn tokens(&mut self, parser: &mut Parser<'_, '_>, depth: u32) {
        loop {
            let at = parser.current_source_location();
            let Ok(token) = parser.next_including_whitespace().cloned() else { return };
            if depth > MAX_DEPTH {
                return self.fault(at, CssReason::TooDeep);
            }
            match &token {
                Token::WhiteSpace(_) => self.out.space(),
                Token::Comma => self.out.mark(","),
                Token::QuotedString(value) => self.out.string(value),
                Token::UnquotedUrl(address) => self.address(address, at),
                Token::Function(name) => self.function(parser, name, at, depth),
                Token::ParenthesisBlock => self.brackets(parser, ("(", ")"), depth),
                Token::SquareBracketBlock => self.brackets(parser, ("[", "]"), depth),
                Token::AtKeyword(name) => {
                    self.fault(at, CssReason::AtRule(name.to_ascii_lowercase()));
                }
                Token::CDO | Token::CDC | Token::Semicolon | Token::CurlyBracketBlock => {
                    self.fault(at, CssReason::Syntax);
                }
                token if token.is_parse_error() => self.fault(at, CssReason::Syntax),
                token => self.out.token(token),
            }
        }
    }

    fn brackets(&mut self, parser: &mut Parser<'_, '_>, marks: (&str, &str), depth: u32) {
        self.out.open(marks.0);
        nested(parser, |parser| self.tokens(parser, depth + 1));
        self.out.mark(marks.1);
    }

    fn function(
        &mut self,
        parser: &mut Parser<'_, '_>,
        name: &str,
        at: SourceLocation,
        depth: u32,
    ) {
        let lower = name.to_ascii_lowercase();
        if lower == "url" {
            let address = nested(parser, |parser| {
                let address = parser.expect_string_cloned().ok()?;
                parser.is_exhausted().then_some(address)
            });
            return match address.flatten() {
                Some(address) => self.address(&address, at),
                None => self.fault(at, CssReason::Address),
            };
        }
        if !words::is_function(&lower) {
            return self.fault(at, CssReason::Function(lower));
        }
        let _written = serialize_identifier(&lower, &mut self.out.text);
        self.brackets(parser, ("(", ")"), depth);
    }

    fn address(&mut self, address: &str, at: SourceLocation) {
        match addresses::checked(address, self.allowed) {
            Ok(address) => {
                self.out.open("url(");
                self.out.string(&address);
                self.out.mark(")");
            }
            Err(reason) => self.fault(at, reason),
        }
    }
}

/// Whether what follows the name is a declaration; if so, its colon is passed. `a:hover {` is the
/// beginning of a rule.
fn is_declaration(parser: &mut Parser<'_, '_>, name: &str) -> bool {
    if parser.expect_colon().is_err() {
        return false;
    }
    let start = parser.state();
    until(parser, Delimiter::Semicolon | Delimiter::CurlyBracketBlock, |parser| {
        while parser.next().is_ok() {}
    });
    let is_rule = matches!(parser.next(), Ok(Token::CurlyBracketBlock));
    parser.reset(&start);
    !is_rule || name.starts_with("--")
}

/// Reads what is between the brackets that were just opened, to their end.
fn nested<'i, T>(
    parser: &mut Parser<'i, '_>,
    read: impl FnOnce(&mut Parser<'i, '_>) -> T,
) -> Option<T> {
    let result: Result<T, ParseError<'i, ()>> = parser.parse_nested_block(|parser| {
        let value = read(parser);
        while parser.next().is_ok() {}
        Ok(value)
    });
    result.ok()
}

/// Reads up to `end`, or to the end of the block.
fn until<'i, T>(
    parser: &mut Parser<'i, '_>,
    end: cssparser::Delimiters,
    read: impl FnOnce(&mut Parser<'i, '_>) -> T,
) -> Option<T> {
    let result: Result<T, ParseError<'i, ()>> = parser.parse_until_before(end, |parser| {
        let value = read(parser);
        while parser.next().is_ok() {}
        Ok(value)
    });
    result.ok()
}

#[cfg(test)]
mod tests;
