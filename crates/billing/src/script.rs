//! A brand's own script: code, or a reference to one file of an allowed origin.

use crate::brand::{Origin, OriginError, http_url};

/// Largest script, as it was written.
pub const SCRIPT_BYTES_MAX: usize = 64 * 1024;

/// What a brand runs on its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Script {
    /// Code, to be served as a file of the brand's own host.
    Code(String),
    /// A file of an allowed origin: `<script src="…">`.
    File {
        /// Its address, by HTTPS.
        url: String,
        /// What its content must hash to, where that is said (Subresource Integrity).
        integrity: Option<String>,
        /// Whether it is a module.
        is_module: bool,
    },
}

/// Why a script is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScriptFault {
    /// It has more than [`SCRIPT_BYTES_MAX`].
    #[error("must not have more than {SCRIPT_BYTES_MAX} bytes")]
    TooLarge,
    /// Markup that is not exactly one `<script src="…"></script>`.
    #[error("must be code without tags, or exactly one tag `<script src=\"https://…\"></script>`")]
    Markup,
    /// Its address is no HTTPS address.
    #[error("`src` must be an absolute https URL")]
    Address,
    /// Its origin is not among the allowed ones.
    #[error("`{0}` is not among the allowed origins")]
    Origin(String),
    /// What it must hash to cannot be read.
    #[error("`integrity` must be `sha256-`, `sha384-` or `sha512-` and the hash in base64")]
    Integrity,
}

impl Script {
    /// Reads what was written; `None` for nothing.
    ///
    /// # Errors
    /// `ScriptFault`.
    pub fn parse(text: &str, origins: &[Origin]) -> Result<Option<Self>, ScriptFault> {
        let text = text.trim();
        if text.len() > SCRIPT_BYTES_MAX {
            return Err(ScriptFault::TooLarge);
        }
        if text.is_empty() {
            return Ok(None);
        }
        if !text.starts_with('<') {
            return Ok(Some(Self::Code(text.to_owned())));
        }
        let attributes = attributes(text).ok_or(ScriptFault::Markup)?;
        reference(&attributes, origins).map(Some)
    }
}

fn reference(attributes: &[(String, String)], origins: &[Origin]) -> Result<Script, ScriptFault> {
    let value = |name: &str| attributes.iter().find(|(key, _)| key == name).map(|(_, it)| it);
    let src = value("src").ok_or(ScriptFault::Markup)?;
    let url = http_url(src).map_err(|_| ScriptFault::Address)?;
    if url.scheme() != "https" {
        return Err(ScriptFault::Address);
    }
    let fault = |error: OriginError| ScriptFault::Origin(error.to_string());
    let origin = Origin::of(&url).map_err(fault)?;
    if !origins.contains(&origin) {
        return Err(ScriptFault::Origin(origin.into()));
    }
    let integrity = value("integrity").filter(|text| !text.trim().is_empty());
    if integrity.is_some_and(|text| !text.split_whitespace().all(is_hash)) {
        return Err(ScriptFault::Integrity);
    }
    let is_module = match value("type").map(String::as_str) {
        None | Some("" | "text/javascript") => false,
        Some("module") => true,
        Some(_) => return Err(ScriptFault::Markup),
    };
    Ok(Script::File { url: url.into(), integrity: integrity.cloned(), is_module })
}

/// One hash of Subresource Integrity.
fn is_hash(text: &str) -> bool {
    let known = [("sha256-", 44), ("sha384-", 64), ("sha512-", 88)];
    known.iter().any(|(prefix, length)| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        text.strip_prefix(prefix)
            .is_some_and(|hash| hash.len() == *length && hash.bytes().all(fits))
    })
}

/// The attributes of exactly one empty element `<script …></script>`; `None` for anything else.
fn attributes(text: &str) -> Option<Vec<(String, String)>> {
    const START: usize = "<script".len();
    let head = text.get(..START).filter(|head| head.eq_ignore_ascii_case("<script"))?;
    let mut rest = &text[head.len()..];
    let mut found = Vec::new();
    loop {
        let next = rest.trim_start();
        if let Some(end) = next.strip_prefix('>') {
            return end.trim().eq_ignore_ascii_case("</script>").then_some(found);
        }
        // Attributes are apart from each other.
        if next.len() == rest.len() {
            return None;
        }
        let (attribute, behind) = attribute(next)?;
        if found.iter().any(|(name, _)| *name == attribute.0) {
            return None;
        }
        found.push(attribute);
        rest = behind;
    }
}

/// One attribute, and what stands behind it.
fn attribute(text: &str) -> Option<((String, String), &str)> {
    let length = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    let name = name.to_ascii_lowercase();
    if !["src", "integrity", "crossorigin", "async", "defer", "type"].contains(&name.as_str()) {
        return None;
    }
    let Some(value) = rest.trim_start().strip_prefix('=') else {
        return Some(((name, String::new()), rest));
    };
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, behind) = value[1..].split_once(quote)?;
    // Written out, so that nothing hides behind a character reference.
    let odd = |c: char| c.is_control() || matches!(c, '<' | '>' | '"' | '\'');
    if value.contains(odd) {
        return None;
    }
    Some(((name, value.replace("&amp;", "&")), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Option<Script>, ScriptFault> {
        let origin = "https://cdn.example".to_owned().try_into().expect("an origin");
        Script::parse(text, &[origin])
    }

    #[test]
    fn code_is_code_and_nothing_is_nothing() {
        assert_eq!(parse(" \n"), Ok(None));
        let code = "document.title += '!' // 1 < 2";
        assert_eq!(parse(code), Ok(Some(Script::Code(code.to_owned()))));
    }

    #[test]
    fn one_tag_with_an_allowed_address_is_a_reference() {
        let hash = format!("sha384-{}", "A".repeat(64));
        let file = |integrity: Option<&str>, is_module| Script::File {
            url: "https://cdn.example/a.js?b=1&c=2".to_owned(),
            integrity: integrity.map(str::to_owned),
            is_module,
        };
        for (text, script) in [
            ("<script src=\"https://cdn.example/a.js?b=1&amp;c=2\"></script>", file(None, false)),
            (
                "<SCRIPT async\n src = 'https://cdn.example/a.js?b=1&c=2' > </Script>",
                file(None, false),
            ),
            (
                "<script type=\"module\" src=\"https://cdn.example/a.js?b=1&c=2\"></script>",
                file(None, true),
            ),
            (
                &format!(
                    "<script src=\"https://cdn.example/a.js?b=1&c=2\" integrity=\"{hash}\" \
                     crossorigin=\"anonymous\"></script>"
                ),
                file(Some(&hash), false),
            ),
        ] {
            assert_eq!(parse(text), Ok(Some(script)), "{text}");
        }
    }

    #[test]
    fn inj_05_no_other_markup_and_no_other_address_is_taken() {
        for text in [
            "<script>alert(1)</script>",
            "<script src=\"https://cdn.example/a.js\">alert(1)</script>",
            "<script src=\"https://cdn.example/a.js\"></script><script>alert(1)</script>",
            "<script src=\"https://cdn.example/a.js\" src=\"https://cdn.example/b.js\"></script>",
            "<script src=\"https://cdn.example/a.js\" onload=\"alert(1)\"></script>",
            "<script src=https://cdn.example/a.js></script>",
            "<script src=\"https://cdn.example/a.js\"integrity=\"\"></script>",
            "<script src=\"https://cdn.example/a.js\"",
            "<script/src=\"https://cdn.example/a.js\"></script>",
            "<script type=\"text/plain\" src=\"https://cdn.example/a.js\"></script>",
            "<script></script>",
            "<img src=x onerror=alert(1)>",
            "<!-- --><script src=\"https://cdn.example/a.js\"></script>",
        ] {
            assert_eq!(parse(text), Err(ScriptFault::Markup), "{text}");
        }
        for (src, fault) in [
            ("http://cdn.example/a.js", ScriptFault::Address),
            ("//cdn.example/a.js", ScriptFault::Address),
            ("/a.js", ScriptFault::Address),
            ("data:text/javascript,alert(1)", ScriptFault::Address),
            ("javascript:alert(1)", ScriptFault::Address),
            ("https://user@cdn.example/a.js", ScriptFault::Address),
            (
                "https://cdn.example.evil.test/a.js",
                ScriptFault::Origin("https://cdn.example.evil.test".to_owned()),
            ),
            (
                "https://cdn.example:8443/a.js",
                ScriptFault::Origin("https://cdn.example:8443".to_owned()),
            ),
        ] {
            let text = format!("<script src=\"{src}\"></script>");
            assert_eq!(parse(&text), Err(fault), "{text}");
        }
        let weak = "<script src=\"https://cdn.example/a.js\" integrity=\"md5-AAAA\"></script>";
        assert_eq!(parse(weak), Err(ScriptFault::Integrity));
        assert_eq!(parse(&"a".repeat(SCRIPT_BYTES_MAX + 1)), Err(ScriptFault::TooLarge));
    }
}
