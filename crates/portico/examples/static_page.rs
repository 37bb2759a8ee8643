//! Serves the bytes of one file as a page: what `cargo xtask bench` measures beside.
//!
//! `static_page ADDR FILE`

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(addr), Some(file)) = (args.next(), args.next()) else {
        return Err("usage: static_page ADDR FILE".into());
    };
    let page = axum::body::Bytes::from(std::fs::read(file)?);
    let page = get(move || async move {
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
    });
    let listener = tokio::net::TcpListener::bind(addr).await?;
    axum::serve(listener, Router::new().fallback_service(page)).await?;
    Ok(())
}
