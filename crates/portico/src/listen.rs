//! Listeners: sockets with timeouts of their own, and an orderly end.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum_server::Handle;
use hyper_util::rt::TokioTimer;

use crate::config::Http;

/// A site that listens.
pub struct Site {
    /// Where it listens: the port is the real one where 0 was asked for.
    pub addr: SocketAddr,
    /// What stops it.
    pub handle: Handle<SocketAddr>,
    /// Ends when it has stopped.
    pub task: tokio::task::JoinHandle<std::io::Result<()>>,
}

/// Opens the socket. Separate from [`serve`], so that addresses in use are found before any work.
pub fn bind(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(addr).with_context(|| format!("cannot listen on {addr}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves `router` on the socket.
pub fn serve(listener: TcpListener, router: Router, http: &Http) -> anyhow::Result<Site> {
    let addr = listener.local_addr()?;
    let handle = Handle::new();
    // Waiting for a first byte that tells the versions of HTTP apart would know no timeout.
    let mut server = axum_server::from_tcp(listener)?.http1_only().handle(handle.clone());
    let patience = Duration::from_secs(http.header_timeout_seconds);
    // Without a timer hyper's own header timeout does nothing. It also ends idle connections.
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(64 * 1024);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let task = tokio::spawn(server.serve(service));
    Ok(Site { addr, handle, task })
}
