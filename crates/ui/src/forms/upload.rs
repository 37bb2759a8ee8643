//! A form with a file: the twin of [`super::CheckedForm`] for `multipart/form-data`.

use std::collections::BTreeMap;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;

use super::{FormState, TOKEN_FIELD};
use crate::errors::Problem;
use crate::{RequestOrigin, csrf};

/// Most bytes of the file that are kept; of a larger one it is only known that it is too large.
pub const FILE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Most bytes of the whole form: what the route's body limit should be. More than the file may
/// have, so that whoever sends a larger one reads what is wrong beside the field.
pub const UPLOAD_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most bytes of any other field.
const TEXT_BYTES_MAX: usize = 4 * 1024;
/// Most fields.
const FIELDS_MAX: usize = 20;

/// A form with one file, of one of our own pages, sent by the visitor it was shown to. The hidden
/// field with the token stands first: nothing is read of a form that is not ours.
#[derive(Debug)]
pub struct CheckedUpload {
    values: BTreeMap<String, String>,
    file: Option<UploadedFile>,
}

/// The file of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// Its name, as the browser said it: not to be trusted.
    pub name: String,
    /// Its bytes; nothing of one that is too large.
    pub bytes: Vec<u8>,
    /// Whether it has more than [`FILE_BYTES_MAX`].
    pub is_too_large: bool,
}

impl CheckedUpload {
    /// The file, where one was chosen, and the state to show the form again.
    #[must_use]
    pub fn open(self) -> (Option<UploadedFile>, FormState) {
        (self.file, FormState { values: self.values, faults: BTreeMap::new() })
    }
}

impl<S: Send + Sync> FromRequest<S> for CheckedUpload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let origin =
            request.extensions().get::<RequestOrigin>().cloned().ok_or(Problem::BadRequest)?;
        let headers = request.headers().clone();
        let mut form =
            Multipart::from_request(request, state).await.map_err(|_| Problem::UnsupportedType)?;
        let first = form.next_field().await.map_err(|error| problem_of(&error))?;
        let token = first.filter(|field| field.name() == Some(TOKEN_FIELD));
        let token = text(token.ok_or(Problem::Forged)?).await?;
        if !csrf::accepts(&headers, &origin, &token) {
            return Err(Problem::Forged);
        }
        let mut upload = Self { values: BTreeMap::new(), file: None };
        for _ in 0..FIELDS_MAX {
            match form.next_field().await.map_err(|error| problem_of(&error))? {
                None => return Ok(upload),
                Some(field) => upload.take(field).await?,
            }
        }
        Err(Problem::BadRequest)
    }
}

impl CheckedUpload {
    async fn take(&mut self, field: Field<'_>) -> Result<(), Problem> {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_none() {
            self.values.insert(name, text(field).await?);
            return Ok(());
        }
        let file = file(field).await?;
        // A field without a choice is sent as an empty file without a name.
        let is_chosen = !file.name.is_empty() || !file.bytes.is_empty();
        if is_chosen && self.file.replace(file).is_some() {
            return Err(Problem::BadRequest);
        }
        Ok(())
    }
}

async fn text(mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| problem_of(&error))? {
        if bytes.len() + chunk.len() > TEXT_BYTES_MAX {
            return Err(Problem::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Problem::BadRequest)
}

/// The whole file. What is too large is read to its end all the same and thrown away: browsers
/// show no answer before they have sent all.
async fn file(mut field: Field<'_>) -> Result<UploadedFile, Problem> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut file = UploadedFile { name, bytes: Vec::new(), is_too_large: false };
    while let Some(chunk) = field.chunk().await.map_err(|error| problem_of(&error))? {
        file.is_too_large |= file.bytes.len() + chunk.len() > FILE_BYTES_MAX;
        if file.is_too_large {
            file.bytes = Vec::new();
        } else {
            file.bytes.extend_from_slice(&chunk);
        }
    }
    Ok(file)
}

fn problem_of(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        _ => Problem::BadRequest,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::DefaultBodyLimit;
    use axum::http::{Method, header};
    use axum::middleware::from_fn_with_state;
    use axum::response::IntoResponse as _;
    use axum::routing::post;
    use axum::{Extension, Router};
    use tower::ServiceExt as _;

    use super::*;
    use crate::origin::{Scheme, TrustedProxies, resolve};

    const SECRET: &str = "secret";

    fn part(name: &str, file: Option<&str>, content: &str) -> String {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
    }

    async fn send(parts: &[String]) -> (StatusCode, String) {
        let handler = async |upload: Result<CheckedUpload, Problem>| match upload {
            Ok(upload) => {
                let (file, form) = upload.open();
                let file = file.map(|it| (it.name, it.bytes.len(), it.is_too_large));
                format!("{file:?} {}", form.value("kind")).into_response()
            }
            Err(Problem::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Err(Problem::Forged) => StatusCode::FORBIDDEN.into_response(),
            Err(_) => StatusCode::BAD_REQUEST.into_response(),
        };
        let router = Router::new()
            .route("/", post(handler))
            .layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX))
            .layer(from_fn_with_state(TrustedProxies::default(), resolve))
            .layer(Extension(Scheme::Https));
        let request = Request::builder()
            .method(Method::POST)
            .uri("/")
            .header(header::HOST, "pay.example")
            .header(header::COOKIE, format!("__Host-portico={SECRET}"))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(Body::from(format!("{}--x--\r\n", parts.concat())))
            .expect("a request");
        let response = router.oneshot(request).await.expect("an answer");
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.expect("a body");
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn the_file_and_the_fields_of_an_own_form_are_read() {
        let token = part("csrf", None, &csrf::token(SECRET));
        let kind = part("kind", None, "logo");
        let file = part("file", Some("a.png"), "12345");
        let (status, body) = send(&[token.clone(), kind.clone(), file]).await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, "Some((\"a.png\", 5, false)) logo"));
        let none = part("file", Some(""), "");
        assert_eq!(send(&[token.clone(), kind, none]).await.1, "None logo");
        let large = part("file", Some("a.png"), &"x".repeat(FILE_BYTES_MAX + 1));
        assert_eq!(send(&[token, large]).await.1, "Some((\"a.png\", 0, true)) ");
    }

    #[tokio::test]
    async fn inj_02_what_is_not_ours_or_too_much_is_refused() {
        let token = part("csrf", None, &csrf::token(SECRET));
        let file = part("file", Some("a.png"), "1");
        for forged in [
            vec![file.clone()],
            vec![file.clone(), token.clone()],
            vec![part("csrf", None, "other"), file.clone()],
            vec![],
        ] {
            assert_eq!(send(&forged).await.0, StatusCode::FORBIDDEN);
        }
        let two = [token.clone(), file.clone(), file];
        assert_eq!(send(&two).await.0, StatusCode::BAD_REQUEST);
        let many: Vec<String> =
            std::iter::once(token.clone()).chain((0..30).map(|_| part("a", None, "1"))).collect();
        assert_eq!(send(&many).await.0, StatusCode::BAD_REQUEST);
        let long = [token.clone(), part("kind", None, &"x".repeat(5_000))];
        assert_eq!(send(&long).await.0, StatusCode::PAYLOAD_TOO_LARGE);
        let huge = [token, part("file", Some("a.png"), &"x".repeat(UPLOAD_BYTES_MAX))];
        assert_eq!(send(&huge).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    }
}
