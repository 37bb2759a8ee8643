//! What visits the portal by TLS.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::installation::Site;
use crate::program::connect;

/// What comes of a handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handshake {
    /// The certificate is good for the name.
    Done,
    /// The server has none.
    Refused,
}

/// Headers and body of a page, by `curl`, which trusts the authority alone.
pub fn curl(site: &Site, host: &str, path: &str, more: &[&str]) -> String {
    let root = site.installation.write("root.pem", &site.root);
    let resolve = format!("{host}:{}:127.0.0.1", site.tls);
    let url = format!("https://{host}:{}{path}", site.tls);
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--include", "--max-time", "20", "--cacert"])
        .arg(root)
        .args(["--resolve", &resolve])
        .args(more)
        .arg(url)
        .output()
        .expect("curl");
    let [text, error] =
        [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    assert!(output.status.success(), "{error}\n{}", site.program.log());
    text
}

/// A handshake that asks for `name`, or for none.
pub fn handshake(site: &Site, name: Option<&str>) -> Handshake {
    let mut stream = tls(site, name);
    match stream.conn.complete_io(&mut stream.sock) {
        Ok(_) => Handshake::Done,
        Err(error) => {
            let words = error.to_string();
            assert!(words.contains("received fatal alert"), "{name:?}: {words}");
            Handshake::Refused
        }
    }
}

/// The names in the certificate that is served for `host`.
pub fn names(site: &Site, host: &str) -> Vec<String> {
    let mut stream = tls(site, Some(host));
    stream.conn.complete_io(&mut stream.sock).expect("a handshake");
    let chain = stream.conn.peer_certificates().expect("a chain");
    let (_, certificate) = x509_parser::parse_x509_certificate(&chain[0]).expect("a certificate");
    let names = certificate.subject_alternative_name().expect("names").expect("names");
    names.value.general_names.iter().map(ToString::to_string).collect()
}

/// A connection that says nothing ends.
pub fn is_closed_without_a_handshake(site: &Site) {
    let mut silent = connect(site.tls);
    let mut bytes = Vec::new();
    assert_ended(silent.read_to_end(&mut bytes));
    let mut half = connect(site.tls);
    half.write_all(&[22, 3, 1, 2, 0, 1]).expect("sent");
    assert_ended(half.read_to_end(&mut bytes));
}

/// A connection that says no more than this after its handshake ends.
pub fn is_closed_after(site: &Site, host: &str, beginning: &str) {
    let mut stream = tls(site, Some(host));
    stream.write_all(beginning.as_bytes()).expect("sent");
    stream.flush().expect("sent");
    assert_ended(stream.read_to_end(&mut Vec::new()));
}

/// A reset is an end as well; running out of patience is not.
fn assert_ended(read: std::io::Result<usize>) {
    if let Err(error) = read {
        let ended = matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof);
        assert!(ended, "the connection stays open: {error}");
    }
}

fn tls(site: &Site, name: Option<&str>) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(site.root.as_bytes()).expect("a root"))
        .expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.enable_sni = name.is_some();
    let name = ServerName::try_from(name.unwrap_or("127.0.0.1").to_owned()).expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    StreamOwned::new(connection, connect(site.tls))
}
