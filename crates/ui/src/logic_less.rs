//! Templates that a brand writes by itself: its mails.
//!
//! There are two things in them. `{{ name }}` is a value; `{{#name}}…{{/name}}` is shown where the
//! value is not empty. No expressions, no loops, no calls: a template cannot do anything, only
//! name what it is given, and it takes time and room in proportion to its length. The dialect is
//! the part of Mustache that is this small.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use minijinja::HtmlEscape;

/// Largest template.
pub const MAX_TEMPLATE: usize = 64 * 1024;
/// Largest text that is made of one.
pub const MAX_OUTPUT: usize = 256 * 1024;
/// Most sections inside each other.
const MAX_DEPTH: usize = 8;
/// More faults help nobody.
const MAX_FAULTS: usize = 50;

/// The values of a template by their names.
pub type Values = BTreeMap<&'static str, String>;

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Into HTML: none of them can be markup.
    Html,
    /// Into plain text: as they are.
    Text,
}

/// Why a template is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateReason {
    /// It has more than [`MAX_TEMPLATE`].
    TooLarge,
    /// `{{` without `}}`.
    Unclosed,
    /// What stands in the braces is no name: `{{7*7}}`, `{{{x}}}`.
    NotAName(String),
    /// This mail has no such value.
    UnknownName(String),
    /// `{{#name}}` without `{{/name}}`.
    SectionUnclosed(String),
    /// `{{/name}}` where another section, or none, is open.
    SectionNotOpen(String),
    /// Sections are nested too deeply.
    TooDeep,
}

impl TemplateReason {
    /// The key of the text that says it. Its argument is [`TemplateReason::name`].
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::TooLarge => "template-fault-too-large",
            Self::Unclosed => "template-fault-unclosed",
            Self::NotAName(_) => "template-fault-not-a-name",
            Self::UnknownName(_) => "template-fault-unknown-name",
            Self::SectionUnclosed(_) => "template-fault-section-unclosed",
            Self::SectionNotOpen(_) => "template-fault-section-not-open",
            Self::TooDeep => "template-fault-too-deep",
        }
    }

    /// What the text calls `$name`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::NotAName(name)
            | Self::UnknownName(name)
            | Self::SectionUnclosed(name)
            | Self::SectionNotOpen(name) => Some(name),
            Self::TooLarge | Self::Unclosed | Self::TooDeep => None,
        }
    }
}

/// One thing that is wrong; lines begin at 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFault {
    /// Line.
    pub line: usize,
    /// What is wrong.
    pub reason: TemplateReason,
}

/// The text would have more than [`MAX_OUTPUT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text would have more than {MAX_OUTPUT} bytes")]
pub struct TooLong;

/// A template that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Value(String),
    /// A section; where its value is empty, it goes on behind the part `end`.
    Section {
        name: String,
        end: usize,
    },
    End,
}

impl Template {
    /// Reads a template that may name `known_names` and no others.
    ///
    /// # Errors
    /// All that is wrong, up to fifty faults, in the order of the text.
    pub fn parse(text: &str, known_names: &[&str]) -> Result<Self, Vec<TemplateFault>> {
        if text.len() > MAX_TEMPLATE {
            return Err(vec![TemplateFault { line: 1, reason: TemplateReason::TooLarge }]);
        }
        let mut reader = Reader {
            known_names,
            line: 1,
            parts: Vec::new(),
            open: Vec::new(),
            faults: Vec::new(),
        };
        reader.read(text);
        let Reader { parts, mut faults, .. } = reader;
        faults.truncate(MAX_FAULTS);
        if faults.is_empty() { Ok(Self { parts }) } else { Err(faults) }
    }

    /// The text with its values; what has none is empty.
    ///
    /// # Errors
    /// Where the text would be too long.
    pub fn render(&self, values: &Values, escape: Escape) -> Result<String, TooLong> {
        let value = |name: &str| values.get(name).map_or("", String::as_str);
        let mut text = String::new();
        let mut at = 0;
        while let Some(part) = self.parts.get(at) {
            match part {
                Part::Text(own) => text.push_str(own),
                Part::Value(name) => match escape {
                    Escape::Text => text.push_str(value(name)),
                    // Writing into a String cannot fail.
                    Escape::Html => _ = write!(text, "{}", HtmlEscape(value(name))),
                },
                Part::Section { name, end } if value(name).is_empty() => at = *end,
                Part::Section { .. } | Part::End => {}
            }
            if text.len() > MAX_OUTPUT {
                return Err(TooLong);
            }
            at += 1;
        }
        Ok(text)
    }
}

struct Reader<'a> {
    known_names: &'a [&'a str],
    line: usize,
    parts: Vec<Part>,
    /// Where the open sections begin: part and line.
    open: Vec<(usize, usize)>,
    faults: Vec<TemplateFault>,
}

impl Reader<'_> {
    fn read(&mut self, mut rest: &str) {
        while let Some((before, inside)) = rest.split_once("{{") {
            self.text(before);
            let Some((tag, behind)) = inside.split_once("}}") else {
                self.fault(self.line, TemplateReason::Unclosed);
                return;
            };
            self.tag(tag);
            self.line += tag.matches('\n').count();
            rest = behind;
        }
        self.text(rest);
        for (part, line) in std::mem::take(&mut self.open) {
            if let Some(Part::Section { name, .. }) = self.parts.get(part) {
                let reason = TemplateReason::SectionUnclosed(name.clone());
                self.fault(line, reason);
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.line += text.matches('\n').count();
        if !text.is_empty() {
            self.parts.push(Part::Text(text.to_owned()));
        }
    }

    fn tag(&mut self, tag: &str) {
        let tag = tag.trim();
        let (kind, name) = match tag.strip_prefix(['#', '/']) {
            Some(name) => (tag.chars().next(), name.trim()),
            None => (None, tag),
        };
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            let shown = tag.chars().take(40).collect();
            return self.fault(self.line, TemplateReason::NotAName(shown));
        }
        let name = name.to_owned();
        match kind {
            Some('/') => self.close(name),
            _ if !self.known_names.contains(&name.as_str()) => {
                self.fault(self.line, TemplateReason::UnknownName(name.clone()));
                if kind.is_some() {
                    self.open(name);
                }
            }
            Some(_) => self.open(name),
            None => self.parts.push(Part::Value(name)),
        }
    }

    fn open(&mut self, name: String) {
        if self.open.len() == MAX_DEPTH {
            self.fault(self.line, TemplateReason::TooDeep);
        }
        self.open.push((self.parts.len(), self.line));
        self.parts.push(Part::Section { name, end: 0 });
    }

    fn close(&mut self, name: String) {
        let behind = self.parts.len();
        let section = self.open.last().and_then(|(part, _)| self.parts.get_mut(*part));
        match section {
            Some(Part::Section { name: opened, end }) if *opened == name => {
                *end = behind;
                self.open.pop();
                self.parts.push(Part::End);
            }
            _ => self.fault(self.line, TemplateReason::SectionNotOpen(name)),
        }
    }

    fn fault(&mut self, line: usize, reason: TemplateReason) {
        self.faults.push(TemplateFault { line, reason });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["name", "url", "amount"];

    fn values(name: &str, url: &str) -> Values {
        Values::from([("name", name.to_owned()), ("url", url.to_owned())])
    }

    fn render(text: &str, values: &Values, escape: Escape) -> String {
        let template = Template::parse(text, NAMES).unwrap_or_else(|f| panic!("{text}: {f:?}"));
        template.render(values, escape).expect("not long")
    }

    fn reasons(text: &str) -> Vec<(usize, &'static str)> {
        let faults = Template::parse(text, NAMES).expect_err(text);
        faults.into_iter().map(|fault| (fault.line, fault.reason.key())).collect()
    }

    #[test]
    fn values_stand_where_they_are_named() {
        let ana = values("Ana & Söhne <b>", "https://a.example/?x=1&y=\"");
        let text = "Dear {{name}},\n{{#url}}<a href=\"{{ url }}\">{{/url}}\
                    {{#amount}}{{amount}}{{/amount}}";
        assert_eq!(
            render(text, &ana, Escape::Text),
            "Dear Ana & Söhne <b>,\n<a href=\"https://a.example/?x=1&y=\"\">"
        );
        assert_eq!(
            render(text, &ana, Escape::Html),
            "Dear Ana &amp; Söhne &lt;b&gt;,\n\
             <a href=\"https:&#x2f;&#x2f;a.example&#x2f;?x=1&amp;y=&quot;\">"
        );
        let nobody = values("", "");
        assert_eq!(render("{{#name}}a{{#url}}b{{/url}}c{{/name}}d", &nobody, Escape::Text), "d");
        let half = values("x", "");
        assert_eq!(render("{{#name}}a{{#url}}b{{/url}}c{{/name}}d", &half, Escape::Text), "acd");
        for text in
            ["", "{", "}}", "{ {name} }", "100 % { ok }", "{%if x%}", "${7*7} #{7*7} <%= 7 %>"]
        {
            assert_eq!(render(text, &nobody, Escape::Html), text);
        }
    }

    #[test]
    fn inj_04_a_template_computes_nothing() {
        for text in [
            "{{7*7}}",
            "{{ 7 }}{{7*'7'}}",
            "{{{name}}}",
            "{{&name}}",
            "{{^name}}x{{/name}}",
            "{{>name}}",
            "{{=<% %>=}}",
            "{{!x}}",
            "{{name.length}}",
            "{{name|upper}}",
            "{{name()}}",
            "{{ }}",
            "{{}}",
            "{{#}}{{/}}",
            "{{self.__class__}}",
            "{{config['x']}}",
            "{{range(9)}}",
            "{{NAME}}",
            "{{name name}}",
            "{{constructor.constructor('x')()}}",
            "{{'a'.repeat(9)}}",
            "{{#name x}}{{/name}}",
            "{{näme}}",
            "{{name\0}}",
            "{{../name}}",
            "{{this}}\n{{@index}}",
            "{{#each name}}{{/each}}",
            "{{{{name}}}}",
        ] {
            let faults = Template::parse(text, NAMES).expect_err(text);
            let known = ["template-fault-not-a-name", "template-fault-unknown-name"];
            assert!(known.contains(&faults[0].reason.key()), "{text}: {faults:?}");
        }
    }

    #[test]
    fn inj_04_a_value_is_never_read_as_a_template() {
        let sly = values("{{url}}{{7*7}}{{#name}}", "SECRET");
        assert_eq!(render("{{name}}", &sly, Escape::Text), "{{url}}{{7*7}}{{#name}}");
    }

    #[test]
    fn inj_04_faults_name_their_line() {
        assert_eq!(reasons("a\n{{nobody}}"), [(2, "template-fault-unknown-name")]);
        assert_eq!(reasons("a\n\n{{name"), [(3, "template-fault-unclosed")]);
        assert_eq!(
            reasons("{{#url}}\n{{#name}}"),
            [(1, "template-fault-section-unclosed"), (2, "template-fault-section-unclosed"),]
        );
        assert_eq!(reasons("\n{{/name}}"), [(2, "template-fault-section-not-open")]);
        assert_eq!(
            reasons("{{#url}}{{#name}}{{/url}}{{/name}}{{/url}}"),
            [(1, "template-fault-section-not-open"),]
        );
        assert_eq!(reasons("{{#nobody}}x{{/nobody}}"), [(1, "template-fault-unknown-name")]);
        assert_eq!(reasons("{{\nname\n}}\n{{x}}"), [(4, "template-fault-unknown-name")]);
    }

    #[test]
    fn inj_04_no_template_grows_beyond_its_bounds() {
        let long = values(&"x".repeat(10 << 20), &"x".repeat(1_000));
        let expand = |text: &str| {
            Template::parse(text, NAMES).expect("a template").render(&long, Escape::Html)
        };
        assert_eq!(expand("{{name}}"), Err(TooLong));
        assert_eq!(expand(&"{{url}}".repeat(1_000)), Err(TooLong));
        assert!(expand("{{#name}}{{url}}{{/name}}").is_ok());
        assert_eq!(reasons(&"x".repeat(MAX_TEMPLATE + 1)), [(1, "template-fault-too-large")]);
        let deep = |levels: usize| "{{#name}}".repeat(levels) + &"{{/name}}".repeat(levels);
        assert!(Template::parse(&deep(MAX_DEPTH), NAMES).is_ok());
        assert_eq!(reasons(&deep(MAX_DEPTH + 1)), [(1, "template-fault-too-deep")]);
        assert_eq!(reasons(&"{{#name}}".repeat(7_000)).len(), MAX_FAULTS);
    }

    #[test]
    fn each_reason_has_a_text() {
        let texts = crate::texts::Texts::load().expect("texts");
        let args = crate::TextArgs::new().text("name", "x");
        for text in [
            "{{",
            "{{7}}",
            "{{no}}",
            "{{#url}}",
            "{{/url}}",
            &"x".repeat(MAX_TEMPLATE + 1),
            &"{{#url}}{{/url}}".replace("{{/url}}", "").repeat(9),
        ] {
            for fault in Template::parse(text, NAMES).expect_err("a fault") {
                for language in ["en", "es"] {
                    assert!(texts.get(language, fault.reason.key(), &args).is_ok(), "{fault:?}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn inj_04_any_text_is_read_or_refused(text in "[a-z{}#/ \n]{0,100}") {
            if let Ok(template) = Template::parse(&text, NAMES) {
                let text = template.render(&values("n", ""), Escape::Html);
                proptest::prop_assert!(text.is_ok());
            }
        }
    }
}
