//! What handlers answer with.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::Cookie;
use portico_core_api::{Document, Export};
use portico_ui::errors::Problem;

use crate::refusal::Stop;

/// A response, or the reason why there is none.
pub(crate) type Answer = Result<Response, Stop>;

/// To another page, which is fetched with GET (RFC 9110, 303).
pub(crate) fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(_) => Problem::BadRequest.into_response(),
    }
}

/// A file to save.
pub(crate) fn download(document: Document) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", plain_name(&document.file_name));
    let headers = [
        (header::CONTENT_TYPE, header_value(&document.content_type)),
        (header::CONTENT_DISPOSITION, header_value(&disposition)),
    ];
    (headers, document.bytes).into_response()
}

/// A table to save. Software can tell from a header that rows are missing.
pub(crate) fn export(export: Export) -> Response {
    let mut response = download(export.document);
    if export.truncated {
        let name = HeaderName::from_static("x-portico-truncated");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response
}

/// The response with one cookie more.
pub(crate) fn with_cookie(mut response: Response, cookie: Option<Cookie<'static>>) -> Response {
    let value = cookie.and_then(|cookie| HeaderValue::from_str(&cookie.encoded().to_string()).ok());
    if let Some(value) = value {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// A name that needs no quoting in a header.
fn plain_name(name: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
    name.chars().map(|c| if fits(c) { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_cannot_break_out_of_their_header() {
        let document = Document {
            file_name: "a\"; filename=b\r\nx.pdf".to_owned(),
            content_type: "application/pdf".to_owned(),
            bytes: vec![1],
        };
        let response = download(document);
        let disposition = response.headers().get(header::CONTENT_DISPOSITION).unwrap();
        assert_eq!(disposition, "attachment; filename=\"a-- filename-b--x.pdf\"");
    }
}
