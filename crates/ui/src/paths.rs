//! The named paths of a site, written once: routes and links are made from the same table.

use std::collections::HashMap;
use std::fmt::Write as _;

/// Why a link cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// No path has this name.
    #[error("no path is called `{0}`")]
    Unknown(String),
    /// The path has a parameter that was not given.
    #[error("the path `{path}` needs `{parameter}`")]
    Missing {
        /// Name of the path.
        path: String,
        /// Name of the parameter.
        parameter: String,
    },
}

/// Paths by name, in the form that the router takes: `("invoice", "/invoices/{id}")`.
#[derive(Debug, Clone, Default)]
pub struct Paths(HashMap<&'static str, &'static str>);

impl Paths {
    /// The table of a site.
    #[must_use]
    pub fn new(table: &[(&'static str, &'static str)]) -> Self {
        Self(table.iter().copied().collect())
    }

    /// The path called `name`. Parameters that are not part of it become its query; an empty
    /// value adds nothing.
    ///
    /// # Errors
    /// `Unknown`, `Missing`.
    pub fn url(&self, name: &str, parameters: &[(&str, String)]) -> Result<String, PathError> {
        let pattern = self.0.get(name).ok_or_else(|| PathError::Unknown(name.to_owned()))?;
        let mut url = String::with_capacity(pattern.len() + 40);
        let mut used = Vec::new();
        let mut rest = *pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let (parameter, after) = after.split_once('}').unwrap_or((after, ""));
            let found =
                parameters.iter().find(|(key, value)| *key == parameter && !value.is_empty());
            let Some((key, value)) = found else {
                let (path, parameter) = (name.to_owned(), parameter.to_owned());
                return Err(PathError::Missing { path, parameter });
            };
            url.push_str(before);
            push_segment(&mut url, value);
            used.push(*key);
            rest = after;
        }
        url.push_str(rest);
        let query = parameters.iter().filter(|(key, _)| !used.contains(key));
        Ok(with_query(&url, query.map(|(key, value)| (*key, value.as_str()))))
    }
}

/// `path` with changed query parameters: each replaces those of its name, an empty value removes
/// them.
#[must_use]
pub fn with_query<'a>(path: &str, changes: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let (base, query) = path.split_once('?').unwrap_or((path, ""));
    let mut pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    for (key, value) in changes {
        pairs.retain(|(name, _)| name != key);
        if !value.is_empty() {
            pairs.push((key.to_owned(), value.to_owned()));
        }
    }
    if pairs.is_empty() {
        return base.to_owned();
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{base}?{query}")
}

/// Appends one path segment; all but unreserved characters (RFC 3986) are percent-encoded.
fn push_segment(url: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(url, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths() -> Paths {
        Paths::new(&[("invoices", "/invoices"), ("line", "/invoices/{id}/lines/{line}")])
    }

    #[test]
    fn parameters_fill_the_path_and_the_rest_is_query() {
        let url = |name, given: &[(&str, &str)]| {
            let given: Vec<_> = given.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
            paths().url(name, &given)
        };
        let line = url("line", &[("line", "2"), ("id", "inv_1"), ("tab", "a b")]);
        assert_eq!(line.as_deref(), Ok("/invoices/inv_1/lines/2?tab=a+b"));
        assert_eq!(
            url("line", &[("line", "../x"), ("id", "a/b?")]).as_deref(),
            Ok("/invoices/a%2Fb%3F/lines/..%2Fx")
        );
        assert_eq!(url("invoices", &[("q", "")]).as_deref(), Ok("/invoices"));
        assert!(matches!(url("line", &[("id", "1")]), Err(PathError::Missing { .. })));
        assert!(matches!(url("lines", &[]), Err(PathError::Unknown(_))));
    }

    #[test]
    fn query_parameters_are_replaced_and_removed() {
        let path = "/invoices?status=open&cursor=x&q=%C3%A9";
        assert_eq!(
            with_query(path, [("cursor", ""), ("status", "paid")]),
            "/invoices?q=%C3%A9&status=paid"
        );
        assert_eq!(with_query("/invoices?cursor=x", [("cursor", "")]), "/invoices");
        assert_eq!(with_query("/invoices", [("q", "a&b=c")]), "/invoices?q=a%26b%3Dc");
    }
}
