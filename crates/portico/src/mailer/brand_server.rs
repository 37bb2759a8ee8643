//! A brand's own mail server: reached at an address that was checked, by TLS that names its host.

use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use portico_billing::smtp::SmtpSecurity;
use portico_core::mail::{ProbeFault, SmtpServer};

use super::networks::Networks;
use super::smtp::Server;

/// How long one answer of the server may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a connection is kept for the next mail.
const KEPT: Duration = Duration::from_secs(30);

/// Makes the way to a server; the connection itself is made with the first mail.
///
/// # Errors
/// Where its host may not be connected to or is not known, or plain text would leave this machine.
pub async fn open(
    server: &SmtpServer,
    networks: &Networks,
    connections: u32,
) -> Result<Server, ProbeFault> {
    let address = networks.resolve(&server.host, server.port).await?;
    let tls = tls(server, address)?;
    let pool = PoolConfig::new().max_size(connections).idle_timeout(KEPT);
    let mut builder = Server::builder_dangerous(address.to_string())
        .port(server.port)
        .tls(tls)
        .timeout(Some(PATIENCE))
        .pool_config(pool);
    if let Some((username, password)) = &server.credentials {
        builder = builder.credentials(Credentials::new(username.clone(), password.clone()));
    }
    Ok(builder.build())
}

/// The certificate must be that of the name, whatever address it stands for.
fn tls(server: &SmtpServer, address: IpAddr) -> Result<Tls, ProbeFault> {
    let name = server.host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let parameters = || TlsParameters::new(name).map_err(|_| ProbeFault::NoTls);
    match server.security {
        SmtpSecurity::Tls => Ok(Tls::Wrapper(parameters()?)),
        SmtpSecurity::Starttls => Ok(Tls::Required(parameters()?)),
        SmtpSecurity::Unencrypted if address.is_loopback() && server.credentials.is_none() => {
            Ok(Tls::None)
        }
        SmtpSecurity::Unencrypted => Err(ProbeFault::PlainText),
    }
}
