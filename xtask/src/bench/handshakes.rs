//! What a flood of TLS handshakes costs that ask for names which nobody proved.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use anyhow::Context;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use super::server::Server;

/// Names that are asked for, each another one.
const NAMES: u32 = 10_000;
const VISITORS: u32 = 16;
/// Type of a TLS record that says why a connection ends.
const ALERT: u8 = 21;

/// Asks for all the names and prints what it took.
pub fn run(server: &Server) -> anyhow::Result<()> {
    let config = Arc::new(config()?);
    let (next, before, begun) = (AtomicU32::new(0), server.cpu()?, Instant::now());
    std::thread::scope(|scope| {
        let visitors: Vec<_> =
            (0..VISITORS).map(|_| scope.spawn(|| visit(server.tls(), &config, &next))).collect();
        visitors
            .into_iter()
            .try_for_each(|one| one.join().unwrap_or_else(|_| anyhow::bail!("a thread died")))
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    let cpu = (server.cpu()? - before).as_secs_f64() / f64::from(NAMES);
    println!(
        "refused TLS handshakes: {NAMES} unknown names, {:.0} a second, {:.3} ms CPU each; \
         100 a second are {:.1} % of a core",
        f64::from(NAMES) / seconds,
        cpu * 1_000.0,
        cpu * 100.0 * 100.0,
    );
    Ok(())
}

fn config() -> anyhow::Result<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn visit(port: u16, config: &Arc<ClientConfig>, next: &AtomicU32) -> anyhow::Result<()> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= NAMES {
            return Ok(());
        }
        let name = ServerName::try_from(format!("r{number}.flood.example"))?;
        let mut client = ClientConnection::new(Arc::clone(config), name)?;
        let mut hello = Vec::new();
        client.write_tls(&mut hello)?;
        let mut stream = TcpStream::connect(("127.0.0.1", port)).context("no TLS")?;
        stream.write_all(&hello)?;
        let mut answer = [0; 1];
        stream.read_exact(&mut answer).context("no answer to a handshake")?;
        anyhow::ensure!(answer == [ALERT], "a name that nobody has got a certificate");
        // It may have closed already.
        let _closed = stream.shutdown(Shutdown::Both);
    }
}
