//! Limits of what a request may cost: the size of its body and the time it takes to arrive.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

/// How much a request may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest body.
    pub body_bytes_max: usize,
    /// Longest pause between two parts of a body.
    pub body_pause_max: Duration,
    /// Longest time until the answer begins.
    pub answer_max: Duration,
}

impl Default for Limits {
    /// What forms need.
    fn default() -> Self {
        Self {
            body_bytes_max: 256 * 1024,
            body_pause_max: Duration::from_secs(10),
            answer_max: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// Puts the limits around a router.
    pub fn around<S: Clone + Send + Sync + 'static>(self, router: Router<S>) -> Router<S> {
        router
            .layer(DefaultBodyLimit::max(self.body_bytes_max))
            .layer(RequestBodyLimitLayer::new(self.body_bytes_max))
            .layer(RequestBodyTimeoutLayer::new(self.body_pause_max))
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, self.answer_max))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, Bytes};
    use axum::http::Request;
    use axum::routing::{get, post};
    use tower::ServiceExt as _;

    use super::*;

    async fn status(request: Request<Body>) -> StatusCode {
        let limits = Limits {
            body_bytes_max: 8,
            body_pause_max: Duration::from_millis(20),
            answer_max: Duration::from_millis(200),
        };
        let router = Router::new()
            .route("/", post(|body: Bytes| async move { body.len().to_string() }))
            .route("/never", get(std::future::pending::<()>));
        limits.around(router).oneshot(request).await.expect("a response").status()
    }

    fn send(body: Body) -> Request<Body> {
        Request::builder().method("POST").uri("/").body(body).expect("a request")
    }

    #[tokio::test]
    async fn large_bodies_are_refused_with_and_without_a_stated_length() {
        assert_eq!(status(send(Body::from("12345678"))).await, StatusCode::OK);
        assert_eq!(status(send(Body::from("123456789"))).await, StatusCode::PAYLOAD_TOO_LARGE);
        let parts = ["12345", "6789"].map(Ok::<_, std::io::Error>);
        let chunked = Body::from_stream(futures_util::stream::iter(parts));
        assert_eq!(status(send(chunked)).await, StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[tokio::test(start_paused = true)]
    async fn neither_bodies_nor_answers_are_waited_for_forever() {
        let stalled = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
        assert!(status(send(Body::from_stream(stalled))).await.is_client_error());
        let never = Request::builder().uri("/never").body(Body::empty()).expect("a request");
        assert_eq!(status(never).await, StatusCode::SERVICE_UNAVAILABLE);
    }
}
