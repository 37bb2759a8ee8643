//! Security headers of every answer of a site.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use portico_billing::brand::Origin;

use crate::RequestOrigin;

/// What a brand adds to the policy of its pages, as a response extension; prepared once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrandPolicy {
    /// Whose pages may show ours in a frame; empty for nobody's.
    ancestors: String,
    /// What style sheet and script may load from, each with a space before it.
    origins: String,
}

impl BrandPolicy {
    /// The policy of a brand whose pages `embed` may show in a frame, and whose own style sheet and
    /// script may load from `origins`.
    #[must_use]
    pub fn new(embed: &[Origin], origins: &[Origin]) -> Self {
        let texts = |list: &[Origin]| list.iter().map(Origin::as_str).collect::<Vec<_>>().join(" ");
        let origins = origins.iter().flat_map(|origin| [" ", origin.as_str()]).collect();
        Self { ancestors: texts(embed), origins }
    }

    fn is_framed(&self) -> bool {
        !self.ancestors.is_empty()
    }
}

/// Marks a page that may load what its brand allows, as a response extension. Where somebody signs
/// in or pays, there is none, and nothing foreign is loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrandContent {
    /// The nonce of the brand's own script, where it has one.
    pub nonce: Option<String>,
}

/// Marks a page that shows another page of our own in a frame, as a response extension.
#[derive(Debug, Clone, Copy)]
pub struct FramesOwnPages;

/// Origins beside our own to which a form on the page leads, as a response extension. Browsers
/// check the redirect after a form as well: signing out that ends at the brand's own site needs
/// that site's origin here.
#[derive(Debug, Clone, Default)]
pub struct FormTargets(pub Vec<String>);

/// The middleware for all pages, within [`crate::origin::resolve`]. A header that the handler has
/// set stays.
pub async fn secure(request: Request, next: Next) -> Response {
    let origin = request.extensions().get::<RequestOrigin>();
    let is_public_tls = origin.is_some_and(|origin| origin.is_secure() && !origin.is_local());
    secured(next.run(request).await, is_public_tls)
}

/// The response with the headers that it does not have yet.
pub(crate) fn secured(mut response: Response, is_public_tls: bool) -> Response {
    let policy = HeaderValue::from_str(&policy(response.extensions()));
    let is_framed =
        response.extensions().get::<Arc<BrandPolicy>>().is_some_and(|brand| brand.is_framed());
    let content = response.extensions().get::<BrandContent>();
    let opener = if content.is_some_and(|content| content.nonce.is_some()) {
        // What such a page opens is cut off from it, unless it is such a page as well.
        "same-origin-allow-popups"
    } else {
        "same-origin"
    };
    let headers = response.headers_mut();
    if let Ok(policy) = policy {
        default(headers, header::CONTENT_SECURITY_POLICY, policy);
    }
    if !is_framed {
        default(headers, header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if is_public_tls {
        let year = HeaderValue::from_static("max-age=31536000");
        default(headers, header::STRICT_TRANSPORT_SECURITY, year);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), opener),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        default(headers, name, HeaderValue::from_static(value));
    }
    response
}

/// The middleware for pages whose address may hold a secret (links, sign-in): nothing of it
/// leaves by the `Referer`.
pub async fn no_referrer(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let value = HeaderValue::from_static("no-referrer");
    response.headers_mut().insert(header::REFERRER_POLICY, value);
    response
}

fn policy(extensions: &Extensions) -> String {
    let nothing = Arc::default();
    let brand = extensions.get::<Arc<BrandPolicy>>().unwrap_or(&nothing);
    let content = extensions.get::<BrandContent>();
    let nonce = content.and_then(|content| content.nonce.as_deref());
    let script = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let foreign = content.map_or("", |_| brand.origins.as_str());
    let ancestors = if brand.is_framed() { brand.ancestors.as_str() } else { "'none'" };
    let mut policy = format!(
        "default-src 'none'; script-src 'self'{script}; style-src 'self'; \
         img-src 'self' data:{foreign}; font-src 'self'{foreign}; connect-src 'self'{foreign}; \
         base-uri 'none'; frame-ancestors {ancestors}; object-src 'none'; form-action 'self'"
    );
    if extensions.get::<FramesOwnPages>().is_some() {
        policy.insert_str(0, "frame-src 'self'; ");
    }
    for target in extensions.get::<FormTargets>().iter().flat_map(|targets| &targets.0) {
        // A directive ends at a semicolon; what is no origin is not let in.
        let origin = url::Url::parse(target).ok().map(|url| url.origin());
        if let Some(origin) = origin.filter(url::Origin::is_tuple) {
            policy.push(' ');
            policy.push_str(&origin.ascii_serialization());
        }
    }
    policy
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::{from_fn, from_fn_with_state};
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;
    use crate::origin::{Scheme, TrustedProxies, resolve};

    async fn headers_of(path: &str) -> HeaderMap {
        let kept = || async { ([(header::CACHE_CONTROL, "public, max-age=60")], "kept") };
        let router = Router::new()
            .route("/link", get(|| async { "link" }))
            .layer(from_fn(no_referrer))
            .route("/", get(|| async { "page" }))
            .route("/kept", get(kept))
            .layer(from_fn(secure));
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        let response = router.oneshot(request).await.expect("a response");
        response.headers().clone()
    }

    #[tokio::test]
    async fn every_answer_has_the_headers() {
        for path in ["/", "/link", "/absent"] {
            let headers = headers_of(path).await;
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
            assert!(policy.starts_with("default-src 'none'; "), "{policy}");
            assert!(policy.ends_with("; form-action 'self'"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(headers[header::CACHE_CONTROL], "no-store");
            assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        }
        assert_eq!(headers_of("/").await[header::REFERRER_POLICY], "same-origin");
        assert_eq!(headers_of("/link").await[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(headers_of("/kept").await[header::CACHE_CONTROL], "public, max-age=60");
    }

    #[tokio::test]
    async fn browsers_are_told_to_stay_with_tls_where_there_is_tls() {
        for (host, scheme, told) in [
            ("pay.example", Scheme::Https, true),
            ("pay.example", Scheme::Http, false),
            ("localhost", Scheme::Https, false),
        ] {
            let request = Request::builder().uri("/").header(header::HOST, host);
            let mut request = request.body(Body::empty()).expect("a request");
            request.extensions_mut().insert(scheme);
            let router = Router::new()
                .route("/", get(|| async { "page" }))
                .layer(from_fn(secure))
                .layer(from_fn_with_state(TrustedProxies::default(), resolve));
            let response = router.oneshot(request).await.expect("a response");
            let sent = response.headers().contains_key(header::STRICT_TRANSPORT_SECURITY);
            assert_eq!(sent, told, "{host} {scheme:?}");
        }
    }

    #[test]
    fn form_targets_are_origins_and_nothing_else() {
        let targets = ["https://acme.example/back?x=1", "x'; script-src *", "data:text/html,x"];
        let mut extensions = Extensions::new();
        extensions.insert(FormTargets(targets.map(str::to_owned).to_vec()));
        let policy = policy(&extensions);
        assert!(policy.ends_with("; form-action 'self' https://acme.example"), "{policy}");
    }

    /// The headers of a page of a brand with an embedding site and a foreign host.
    async fn of_brand(nonce: Option<&str>, embed: &[&str]) -> HeaderMap {
        let origins = |list: &[&str]| -> Vec<Origin> {
            let origin = |text: &&str| (*text).to_owned().try_into().expect("an origin");
            list.iter().map(origin).collect()
        };
        let brand = BrandPolicy::new(&origins(embed), &origins(&["https://cdn.example"]));
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(Arc::new(brand));
        if let Some(nonce) = nonce {
            let content = BrandContent { nonce: Some(nonce.to_owned()) };
            response.extensions_mut().insert(content);
        }
        secured(response, false).headers().clone()
    }

    #[tokio::test]
    async fn inj_05_foreign_hosts_are_open_on_pages_with_the_brands_script_alone() {
        let headers = of_brand(None, &[]).await;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("script-src 'self'; ") && !policy.contains("cdn"), "{policy}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        let headers = of_brand(Some("bm9uY2U"), &[]).await;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("script-src 'self' 'nonce-bm9uY2U'; "), "{policy}");
        for loads in ["img-src 'self' data:", "font-src 'self'", "connect-src 'self'"] {
            assert!(policy.contains(&format!("{loads} https://cdn.example;")), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin-allow-popups");
    }

    #[tokio::test]
    async fn ses_07_a_page_is_framed_by_the_listed_origins_alone() {
        let headers = of_brand(None, &[]).await;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("frame-ancestors 'none';"), "{policy}");
        assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY");
        let headers = of_brand(None, &["https://app.example", "https://b.example:8443"]).await;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        let listed = "frame-ancestors https://app.example https://b.example:8443;";
        assert!(policy.contains(listed), "{policy}");
        assert!(!headers.contains_key(header::X_FRAME_OPTIONS));
    }
}
