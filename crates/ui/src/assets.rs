//! Styles, scripts, icons and fonts under addresses that change with their content, so that
//! browsers keep them for good.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write as _;
use std::sync::OnceLock;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use minijinja::Value;
use sha2::{Digest, Sha256};

use crate::Ui;
use crate::bundle;
use crate::embedded::{self, Assets};
use crate::errors::Problem;

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");

/// The style sheet of the site, served with what it imports.
const STYLE: &str = "css/portico.css";
/// The sheet of the control panel beside it.
const PANEL_STYLE: &str = "css/panel.css";
/// The behaviours of the site, served in the same way.
const SCRIPT: &str = "js/portico.js";

/// Stands in addresses for the hash where files may change at any time.
const CHANGING: &str = "dev";

/// All assets and their common hash.
///
/// Style sheets and scripts name each other by relative addresses, so all share the hash of all
/// contents together: a change of any gives all of them new addresses.
#[derive(Debug)]
pub(crate) struct AssetTable {
    hash: String,
    files: HashMap<Cow<'static, str>, Asset>,
    /// Icons as they stand in pages, by name.
    icons: HashMap<String, Value>,
}

#[derive(Debug)]
struct Asset {
    content: Bytes,
    gzip: OnceLock<Bytes>,
}

impl AssetTable {
    pub(crate) fn new(changing: bool) -> Self {
        if changing {
            return Self {
                hash: CHANGING.to_owned(),
                files: HashMap::new(),
                icons: HashMap::new(),
            };
        }
        let mut files: Vec<_> =
            Assets::iter().filter_map(|path| Some((path.clone(), Asset::read(&path)?))).collect();
        files.sort_by(|(left, _), (right, _)| left.cmp(right));
        let mut hash = Sha256::new();
        for (path, file) in &files {
            hash.update(path.as_bytes());
            hash.update(Sha256::digest(&file.content));
        }
        let hash = URL_SAFE_NO_PAD.encode(&hash.finalize()[..9]);
        let names = files.iter().filter_map(|(path, _)| icon_name(path));
        let icons = names.filter_map(|name| Some((name.to_owned(), glyph(name)?))).collect();
        Self { hash, files: files.into_iter().collect(), icons }
    }

    fn is_changing(&self) -> bool {
        self.hash == CHANGING
    }

    pub(crate) fn url(&self, path: &str) -> Option<String> {
        let exists = if self.is_changing() {
            Assets::get(path).is_some()
        } else {
            self.files.contains_key(path)
        };
        exists.then(|| format!("/assets/{}/{path}", self.hash))
    }

    /// The markup of an icon of the set, for use within a page.
    pub(crate) fn icon(&self, name: &str) -> Option<Value> {
        if self.is_changing() { glyph(name) } else { self.icons.get(name).cloned() }
    }
}

impl Asset {
    fn read(path: &str) -> Option<Self> {
        let beside = |folder: &'static str| {
            move |file: &str| embedded::text::<Assets>(&format!("{folder}/{file}"))
        };
        let content = match path {
            STYLE | PANEL_STYLE => {
                bundle::style(&embedded::text::<Assets>(path)?, beside("css")).into()
            }
            SCRIPT => bundle::script(&embedded::text::<Assets>(path)?, beside("js")).into(),
            _ => match Assets::get(path)?.data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            },
        };
        Some(Self { content, gzip: OnceLock::new() })
    }

    /// Compressed once, when first asked for.
    fn gzip(&self) -> Bytes {
        let compress = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            // Writing to memory cannot fail.
            let _ = encoder.write_all(&self.content);
            Bytes::from(encoder.finish().unwrap_or_default())
        };
        self.gzip.get_or_init(compress).clone()
    }
}

fn icon_name(path: &str) -> Option<&str> {
    path.strip_prefix("icons/")?.strip_suffix(".svg")
}

/// An icon without the attributes that all have in common: a page shows dozens, and the class
/// `glyph` gives them by one rule.
fn glyph(name: &str) -> Option<Value> {
    let file = embedded::text::<Assets>(&format!("icons/{name}.svg"))?;
    let (_, drawing) = file.split_once('>')?;
    let markup = format!(r#"<svg class="glyph" viewBox="0 0 24 24">{}"#, drawing.trim_end());
    Some(Value::from_safe_string(markup))
}

/// The route that serves the assets.
pub fn router<S: Clone + Send + Sync + 'static>(ui: &Ui) -> Router<S> {
    Router::new().route("/assets/{hash}/{*path}", get(serve)).with_state(ui.clone())
}

async fn serve(
    State(ui): State<Ui>,
    Path((hash, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let table = ui.assets();
    // A page of the version before may still ask for its assets: it gets ours, but not for good.
    let cache = if hash == table.hash && !table.is_changing() { FOREVER } else { ASK_EACH_TIME };
    let fresh = table.is_changing().then(|| Asset::read(&path)).flatten();
    let Some(asset) = fresh.as_ref().or_else(|| table.files.get(path.as_str())) else {
        return Problem::NotFound.into_response();
    };
    let kind = mime_guess::from_path(&path).first_or_octet_stream();
    let is_text = kind.type_() == "text" || matches!(kind.subtype().as_str(), "javascript" | "svg");
    let mut response = if is_text && !table.is_changing() && takes_gzip(&headers) {
        let encoding = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
        (encoding, asset.gzip()).into_response()
    } else {
        asset.content.clone().into_response()
    };
    let charset = if is_text { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    let response_headers = response.headers_mut();
    response_headers.insert(header::CACHE_CONTROL, cache);
    response_headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(kind) = HeaderValue::from_str(&charset) {
        response_headers.insert(header::CONTENT_TYPE, kind);
    }
    response
}

/// Every browser says so in the same words; a weight of zero is the one way to refuse.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|list| {
        list.split(',').any(|entry| {
            let (name, weight) = entry.split_once(';').unwrap_or((entry, ""));
            name.trim() == "gzip" && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00")
        })
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use flate2::read::GzDecoder;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;
    use crate::UiSettings;

    async fn ask(ui: &Ui, path: &str, encoding: &str) -> (Response<()>, Bytes) {
        let request = Request::builder().uri(path).header(header::ACCEPT_ENCODING, encoding);
        let request = request.body(Body::empty()).expect("a request");
        let (parts, body) = router(ui).oneshot(request).await.expect("a response").into_parts();
        (Response::from_parts(parts, ()), body.collect().await.expect("a body").to_bytes())
    }

    fn ui(reload: bool) -> Ui {
        Ui::new(UiSettings { reload, ..UiSettings::new(&[]) }).expect("a kit")
    }

    #[tokio::test]
    async fn assets_are_kept_for_good_under_the_address_of_their_content() {
        let ui = ui(false);
        let path = ui.asset("css/tokens.css").expect("the style sheet");
        let (response, plain) = ask(&ui, &path, "identity, gzip;q=0").await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CACHE_CONTROL], FOREVER);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(response.headers().get(header::CONTENT_ENCODING), None);
        let (response, packed) = ask(&ui, &path, "br, gzip, deflate").await;
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).expect("gzip");
        assert_eq!(unpacked, plain);
    }

    #[tokio::test]
    async fn addresses_of_another_version_work_but_are_not_kept() {
        let (response, _) = ask(&ui(false), "/assets/old/css/tokens.css", "").await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CACHE_CONTROL], ASK_EACH_TIME);
    }

    #[tokio::test]
    async fn files_that_may_change_are_not_kept() {
        let ui = ui(true);
        let path = ui.asset("css/tokens.css").expect("the style sheet");
        let (response, _) = ask(&ui, &path, "gzip").await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], ASK_EACH_TIME);
        assert_eq!(ui.asset("css/absent.css"), None);
    }

    #[tokio::test]
    async fn nothing_outside_the_folder_is_served() {
        for reload in [false, true] {
            let ui = ui(reload);
            for path in ["../Cargo.toml", "%2e%2e/Cargo.toml", "css/..%2f..%2fCargo.toml", "absent"]
            {
                let (response, _) = ask(&ui, &format!("/assets/x/{path}"), "").await;
                assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            }
        }
    }
}
