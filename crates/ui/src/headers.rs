//! Security headers of every answer of a site.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::RequestOrigin;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
    frame-ancestors 'none'; object-src 'none'; form-action 'self'";

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
    let targets = response.extensions().get::<FormTargets>().cloned().unwrap_or_default();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(&targets)) {
        default(headers, header::CONTENT_SECURITY_POLICY, policy);
    }
    if is_public_tls {
        let year = HeaderValue::from_static("max-age=31536000");
        default(headers, header::STRICT_TRANSPORT_SECURITY, year);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
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

fn policy(targets: &FormTargets) -> String {
    let mut policy = POLICY.to_owned();
    for target in &targets.0 {
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
        let policy = policy(&FormTargets(targets.map(str::to_owned).to_vec()));
        assert!(policy.ends_with("; form-action 'self' https://acme.example"), "{policy}");
    }
}
