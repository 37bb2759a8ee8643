//! Listeners: sockets with timeouts of their own, and an orderly end.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::{Extension, Router};
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use portico_ui::origin::Scheme;

use crate::config::{Http, Tls};
use crate::tls::{self, Patience, Served, TlsAcceptor};

/// Requests of one connection that may be under way at once.
const STREAMS: u32 = 100;

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
    limit(&mut server, http);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let task = tokio::spawn(server.serve(service));
    Ok(Site { addr, handle, task })
}

/// Serves `router` on the socket by TLS, with the certificate of whichever host is asked for.
pub fn serve_tls(
    listener: TcpListener,
    router: Router,
    served: Arc<Served>,
    (http, tls): (&Http, &Tls),
) -> anyhow::Result<Site> {
    let addr = listener.local_addr()?;
    let handle = Handle::new();
    let patience = Patience {
        handshake: Duration::from_secs(tls.handshake_timeout_seconds),
        first_bytes: Duration::from_secs(http.header_timeout_seconds),
        idle: Duration::from_secs(tls.idle_timeout_seconds),
    };
    let acceptor = TlsAcceptor::new(tls::server_config(served)?, patience);
    let mut server = axum_server::from_tcp(listener)?.handle(handle.clone());
    limit(&mut server, http);
    let service =
        router.layer(Extension(Scheme::Https)).into_make_service_with_connect_info::<SocketAddr>();
    let task = tokio::spawn(server.acceptor(acceptor).serve(service));
    Ok(Site { addr, handle, task })
}

/// What a connection may take.
fn limit(server: &mut Server<SocketAddr>, http: &Http) {
    let patience = Duration::from_secs(http.header_timeout_seconds);
    let builder = server.http_builder();
    // Without a timer hyper's own header timeout does nothing. It also ends idle connections.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(64 * 1024);
}
