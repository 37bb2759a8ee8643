//! Figures for Prometheus: how many requests, how long they take, how many are under way.

use std::time::Instant;

use anyhow::Context;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Upper ends of the buckets of durations, seconds.
const SECONDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

/// Begins to collect.
pub fn start() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets(&SECONDS)?
        .install_recorder()
        .context("figures cannot be collected")
}

/// The page that Prometheus reads.
pub fn page(handle: PrometheusHandle) -> Router {
    Router::new().route(
        "/metrics",
        get(move || async move {
            handle.run_upkeep();
            handle.render()
        }),
    )
}

/// Counts and times what `site` answers.
pub fn around(router: Router, site: &'static str) -> Router {
    router.layer(from_fn_with_state(site, count))
}

async fn count(State(site): State<&'static str>, request: Request, next: Next) -> Response {
    // The route's pattern, never the address itself: that would be a label for each record.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let under_way = gauge!("portico_http_requests_under_way", "site" => site);
    under_way.increment(1);
    let begun = Instant::now();
    let response = next.run(request).await;
    under_way.decrement(1);
    let status = response.status().as_u16().to_string();
    let labels = [("site", site.to_owned()), ("route", route), ("status", status)];
    counter!("portico_http_requests_total", &labels).increment(1);
    histogram!("portico_http_request_seconds", "site" => site).record(begun.elapsed());
    response
}
