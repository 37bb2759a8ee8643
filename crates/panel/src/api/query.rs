//! Queries: of lists page and filters, of others options; and nothing else.

use std::collections::HashSet;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use portico_billing::page::PageSize;
use portico_core::records::After;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::problem::Problem;

/// What a list is asked for.
#[derive(Debug)]
pub struct Listing<F> {
    /// Most records of the page.
    pub limit: u16,
    /// Where it goes on.
    pub after: Option<After>,
    /// What it is narrowed by.
    pub filter: F,
}

impl<S: Send + Sync, F: DeserializeOwned + IntoParams> FromRequestParts<S> for Listing<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parse(parts.uri.query().unwrap_or_default())
    }
}

/// What a request is asked to do that is no list.
#[derive(Debug)]
pub struct Options<O>(pub O);

impl<S: Send + Sync, O: DeserializeOwned + IntoParams> FromRequestParts<S> for Options<O> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parse_known(parts.uri.query().unwrap_or_default(), |_, _| Ok(false)).map(Self)
    }
}

fn parse<F: DeserializeOwned + IntoParams>(query: &str) -> Result<Listing<F>, Problem> {
    let (mut limit, mut after) = (PageSize::DEFAULT, None);
    let filter = parse_known(query, |name, value| {
        match name {
            "limit" => limit = page_size(value)?,
            "cursor" => after = Some(cursor(value)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Listing { limit: limit.get(), after, filter })
}

/// Reads the parameters that the type has. `other` takes those that it has not, or says that it
/// does not know them either.
fn parse_known<F: DeserializeOwned + IntoParams>(
    query: &str,
    mut other: impl FnMut(&str, &str) -> Result<bool, Problem>,
) -> Result<F, Problem> {
    let known = F::into_params(|| None);
    let mut seen = HashSet::new();
    let mut filter = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if value.contains('\0') {
            return Err(Problem::bad_parameter(&name, "must not contain the character U+0000"));
        }
        if known.iter().any(|parameter| parameter.name == name) {
            filter.append_pair(&name, &value);
        } else if !other(&name, &value)? {
            return Err(Problem::bad_parameter(&name, "is not a parameter of this path"));
        }
        if !seen.insert(name.clone()) {
            return Err(Problem::bad_parameter(&name, "must not be given twice"));
        }
    }
    parse_filter(&filter.finish())
}

fn parse_filter<F: DeserializeOwned>(query: &str) -> Result<F, Problem> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|error| {
        let field = error.path().to_string();
        Problem::bad_parameter(field.trim_matches('.'), error.into_inner().to_string())
    })
}

fn page_size(text: &str) -> Result<PageSize, Problem> {
    let size = text.parse::<u16>().ok().and_then(|rows| PageSize::try_from(rows).ok());
    size.ok_or_else(|| Problem::bad_parameter("limit", "must be a number from 1 to 200"))
}

fn cursor(text: &str) -> Result<After, Problem> {
    After::decode(text).ok_or_else(|| {
        Problem::bad_parameter("cursor", "is not a cursor; take `next_cursor` of the page before")
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize, IntoParams)]
    #[serde(default)]
    struct Filter {
        minimum: Option<u8>,
        name: Option<String>,
    }

    fn fault(query: &str) -> String {
        match parse::<Filter>(query) {
            Ok(listing) => panic!("{query} was taken: {listing:?}"),
            Err(problem) => problem.errors()[0].field.clone(),
        }
    }

    #[test]
    fn what_a_list_knows_is_taken_and_nothing_else() {
        let listing = parse::<Filter>("limit=200&minimum=7&name=A%26B+C").expect("a listing");
        assert_eq!((listing.limit, listing.filter.minimum), (200, Some(7)));
        assert_eq!(listing.filter.name.as_deref(), Some("A&B C"));
        assert_eq!(parse::<Filter>("").expect("a listing").limit, 50);
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("limit=", "limit"),
            ("cursor=x", "cursor"),
            ("sort=name", "sort"),
            ("name=a&name=b", "name"),
            ("limit=1&limit=1", "limit"),
            ("minimum=x", "minimum"),
            ("minimum=256", "minimum"),
            ("name=%00", "name"),
        ] {
            assert_eq!(fault(query), field, "{query}");
        }
    }
}
