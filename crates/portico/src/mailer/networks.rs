//! Where brands' mail servers may be: on the public internet, and in networks that the
//! configuration allows. Whoever may edit a brand must not reach the machines beside this one
//! (INJ-06).

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;
use portico_billing::network::is_public;
use portico_core::mail::ProbeFault;
use tokio::net::TcpStream;

/// How long the DNS may take, and each address of several.
const PATIENCE: Duration = Duration::from_secs(5);

/// The networks beside the public internet in which brands' servers may be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// These, and the public internet.
    #[must_use]
    pub const fn new(allowed: Vec<IpNet>) -> Self {
        Self(allowed)
    }

    fn allow(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.0.iter().any(|network| network.contains(&address))
    }

    /// The address to connect to. It is the one that was checked: the name is not looked up again,
    /// so that it cannot mean another host by then.
    ///
    /// # Errors
    /// `UnknownHost`, `NotPublic`, `TooSlow`, `Unreachable`.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<IpAddr, ProbeFault> {
        let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let asked = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((name, port)));
        let found = asked.await.map_err(|_| ProbeFault::TooSlow)?;
        let found: Vec<SocketAddr> = found.map_err(|_| ProbeFault::UnknownHost)?.collect();
        if found.is_empty() {
            return Err(ProbeFault::UnknownHost);
        }
        let allowed: Vec<SocketAddr> =
            found.into_iter().filter(|address| self.allow(address.ip())).collect();
        match allowed.as_slice() {
            [] => Err(ProbeFault::NotPublic),
            [only] => Ok(only.ip()),
            several => first_that_answers(several).await,
        }
    }
}

/// A host may have addresses of kinds that this machine has no way to.
async fn first_that_answers(addresses: &[SocketAddr]) -> Result<IpAddr, ProbeFault> {
    for address in addresses {
        let connected = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await;
        if matches!(connected, Ok(Ok(_))) {
            return Ok(address.ip());
        }
    }
    Err(ProbeFault::Unreachable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn inj_06_hosts_of_the_inside_are_not_connected_to_however_they_are_written() {
        let outside = Networks::default();
        let inside = [
            "localhost",
            "127.0.0.1",
            "[::1]",
            "0.0.0.0",
            "10.0.0.1",
            "169.254.169.254",
            "192.168.0.1",
            "[::ffff:127.0.0.1]",
            "[::ffff:a00:1]",
            "[fe80::1]",
            "[fc00::1]",
            "[64:ff9b::7f00:1]",
            "127.1",
            "0177.0.0.1",
            "2130706433",
            "0x7f000001",
        ];
        for host in inside {
            let found = outside.resolve(host, 25).await;
            // What the system's resolver does not take for an address is unknown, as good.
            let refused = [Err(ProbeFault::NotPublic), Err(ProbeFault::UnknownHost)];
            assert!(refused.contains(&found), "{host}: {found:?}");
        }
        assert!(outside.resolve("8.8.8.8", 25).await.is_ok());
    }

    #[tokio::test]
    async fn networks_can_be_allowed() {
        let networks = ["127.0.0.0/8", "10.1.0.0/16"].map(|net| net.parse().expect("a network"));
        let networks = Networks::new(networks.to_vec());
        assert!(networks.resolve("127.0.0.1", 25).await.is_ok());
        assert!(networks.resolve("10.1.2.3", 25).await.is_ok());
        assert_eq!(networks.resolve("10.2.0.1", 25).await, Err(ProbeFault::NotPublic));
    }
}
