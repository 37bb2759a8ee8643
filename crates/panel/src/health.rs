//! Whether the process lives, and whether it should get requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::http::StatusCode;

use crate::state::Shared;

/// Whether the process is going down. Shared with whoever takes it down.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// From now on `/readyz` says no, so that load balancers stop sending.
    pub fn begin_shutdown(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether the process is going down.
    #[must_use]
    pub fn is_shutting_down(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database answers, and the process is not going down.
pub async fn ready(State(panel): State<Shared>) -> (StatusCode, &'static str) {
    if panel.readiness.is_shutting_down() {
        return (StatusCode::SERVICE_UNAVAILABLE, "shutting down");
    }
    match panel.core.store().engine().await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}
