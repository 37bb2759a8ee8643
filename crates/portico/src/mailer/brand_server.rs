//! A brand's own mail server: reached at an address that was checked, by TLS that names its host.

use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use portico_billing::smtp::SmtpSecurity;
use portico_core::mail::{ProbeFault, SmtpServer};

use super::networks::Networks;
use super::way::{Endpoint, Way};

/// Makes the way to a server; the connection itself is made with the first mail.
///
/// # Errors
/// Where its host may not be connected to or is not known, its password is lost, or plain text
/// would leave this machine.
pub async fn open(
    server: &SmtpServer,
    networks: &Networks,
    patience: Duration,
) -> Result<Way, ProbeFault> {
    if server.is_password_lost {
        return Err(ProbeFault::PasswordLost);
    }
    let address = networks.resolve(&server.host, server.port).await?;
    let tls = tls(server, address)?;
    let credentials = server.credentials.clone();
    let credentials = credentials.map(|(username, password)| Credentials::new(username, password));
    let (host, port) = (address.to_string(), server.port);
    Ok(Way::new(Endpoint { host, port, tls, credentials, patience }))
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
