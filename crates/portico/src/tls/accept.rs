//! Connections by TLS: none may begin, or be silent, for longer than it is given.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_rustls::server::TlsStream;

use super::ACME_TLS;

/// So many bytes tell HTTP/2 from HTTP/1.1: the server waits for them before any timeout of its
/// own.
const FIRST_BYTES: usize = 24;

/// How long connections are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the handshake.
    pub handshake: Duration,
    /// For the first bytes after it.
    pub first_bytes: Duration,
    /// While nothing comes and nothing goes.
    pub idle: Duration,
}

/// Makes connections TLS ones.
#[derive(Clone)]
pub struct TlsAcceptor {
    tls: tokio_rustls::TlsAcceptor,
    patience: Patience,
}

impl TlsAcceptor {
    /// With these certificates and timeouts.
    pub fn new(config: ServerConfig, patience: Patience) -> Self {
        Self { tls: Arc::new(config).into(), patience }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for TlsAcceptor {
    type Stream = Impatient<TlsStream<TcpStream>>;
    type Service = S;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, S)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self { tls, patience } = self.clone();
        Box::pin(async move {
            let stream = timeout(patience.handshake, tls.accept(stream)).await??;
            // The question was answered by the handshake; nothing else is spoken there.
            if stream.get_ref().1.alpn_protocol() == Some(ACME_TLS) {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Ok((Impatient::new(stream, patience), service))
        })
    }
}

/// A stream that ends by an error once it was silent for too long.
pub struct Impatient<S> {
    stream: S,
    deadline: Pin<Box<Sleep>>,
    /// Bytes of the beginning that have not come yet.
    missing: usize,
    idle: Duration,
}

impl<S> Impatient<S> {
    fn new(stream: S, patience: Patience) -> Self {
        let deadline = Box::pin(sleep(patience.first_bytes));
        Self { stream, deadline, missing: FIRST_BYTES, idle: patience.idle }
    }

    /// Something came or went. Whoever sends the beginning in drips gains no time by it.
    fn is_alive(&mut self) {
        if self.missing == 0 {
            self.deadline.as_mut().reset(Instant::now() + self.idle);
        }
    }

    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.deadline.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buf) {
            self.missing = self.missing.saturating_sub(buf.filled().len() - before);
            self.is_alive();
            return Poll::Ready(read);
        }
        self.check(cx)?;
        Poll::Pending
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = Pin::new(&mut self.stream).poll_write(cx, bytes) {
            self.is_alive();
            return Poll::Ready(written);
        }
        self.check(cx)?;
        Poll::Pending
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Poll::Ready(flushed) = Pin::new(&mut self.stream).poll_flush(cx) {
            return Poll::Ready(flushed);
        }
        self.check(cx)?;
        Poll::Pending
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Poll::Ready(done) = Pin::new(&mut self.stream).poll_shutdown(cx) {
            return Poll::Ready(done);
        }
        self.check(cx)?;
        Poll::Pending
    }
}
