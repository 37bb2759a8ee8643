//! A page that costs nothing but its bytes, on the same stack as ours.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;

/// What to serve, and where.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Address to listen on.
    address: SocketAddr,
    /// The page.
    file: PathBuf,
}

/// Answers every request with the page, until it is ended.
pub fn serve(options: &Options) -> anyhow::Result<()> {
    let page = Bytes::from(std::fs::read(&options.file)?);
    let page = get(move || async move { ([(header::CONTENT_TYPE, "text/html")], page) });
    let runtime = tokio::runtime::Runtime::new().context("no runtime")?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(options.address).await?;
        Ok(axum::serve(listener, Router::new().fallback_service(page)).await?)
    })
}
