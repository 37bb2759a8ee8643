//! What the DNS says of a host.

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use hickory_resolver::{ResolverBuilder, TokioResolver};
use portico_billing::domain::DnsState;

/// CNAMEs that lead to another CNAME are followed so far.
const LONGEST_CHAIN: usize = 8;
const PATIENCE: Duration = Duration::from_secs(3);

/// The DNS cannot be asked.
#[derive(Debug, thiserror::Error)]
#[error("no DNS resolver can be set up")]
pub struct DnsSetupError(#[source] NetError);

/// Asks the DNS, and remembers nothing: what it says now is what counts.
pub struct Dns {
    resolver: TokioResolver,
}

impl Dns {
    /// By the servers that the machine is configured with.
    ///
    /// # Errors
    /// Where the machine's configuration cannot be read.
    pub fn of_the_system() -> Result<Self, DnsSetupError> {
        Self::build(TokioResolver::builder_tokio().map_err(DnsSetupError)?)
    }

    /// By this server alone.
    ///
    /// # Errors
    /// Where no resolver can be made.
    pub fn at(server: SocketAddr) -> Result<Self, DnsSetupError> {
        let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut it| {
            it.port = server.port();
            it
        });
        let server = NameServerConfig::new(server.ip(), true, connections.into());
        let config = ResolverConfig::from_name_servers(vec![server]);
        Self::build(TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()))
    }

    fn build(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Result<Self, DnsSetupError> {
        let options: &mut ResolverOpts = builder.options_mut();
        options.cache_size = 0;
        options.use_hosts_file = ResolveHosts::Never;
        options.timeout = PATIENCE;
        Ok(Self { resolver: builder.build().map_err(DnsSetupError)? })
    }

    /// Whether the CNAME of `host` leads to `target`, and if not, what is there instead. Names
    /// below `own` are the installation's.
    pub(super) async fn state_of(&self, host: &str, target: &str, own: &str) -> DnsState {
        let (mut name, mut first) = (host.to_owned(), None);
        for _ in 0..LONGEST_CHAIN {
            match self.cname(&name).await {
                Ok(Some(next)) if next == target => return DnsState::Points,
                Ok(Some(next)) => {
                    first.get_or_insert_with(|| next.clone());
                    name = next;
                }
                Ok(None) => break,
                Err(()) => return DnsState::NoAnswer,
            }
        }
        match first {
            None => self.without_cname(host).await,
            Some(target) if name == own || name.ends_with(&format!(".{own}")) => {
                DnsState::OtherClaim { target }
            }
            Some(target) => DnsState::PointsElsewhere { target },
        }
    }

    async fn without_cname(&self, host: &str) -> DnsState {
        for kind in [RecordType::A, RecordType::AAAA] {
            match self.lookup(host, kind).await {
                Ok(None) => {}
                Ok(Some(address)) => return DnsState::AddressRecord { address },
                Err(()) => return DnsState::NoAnswer,
            }
        }
        DnsState::NotFound
    }

    async fn cname(&self, name: &str) -> Result<Option<String>, ()> {
        self.lookup(name, RecordType::CNAME).await
    }

    /// The first record of a kind, as text.
    async fn lookup(&self, name: &str, kind: RecordType) -> Result<Option<String>, ()> {
        // The final dot keeps the machine's search domains out of it.
        match self.resolver.lookup(format!("{name}."), kind).await {
            Ok(found) => {
                let mut records = found.answers().iter().map(|record| &record.data);
                Ok(records.find(|data| data.record_type() == kind).and_then(text))
            }
            Err(error) if error.is_no_records_found() => Ok(None),
            Err(error) => {
                tracing::debug!(name, %kind, %error, "the DNS did not answer");
                Err(())
            }
        }
    }
}

fn text(data: &RData) -> Option<String> {
    match data {
        RData::CNAME(target) => {
            let name = target.0.to_ascii().to_ascii_lowercase();
            Some(name.trim_end_matches('.').to_owned())
        }
        RData::A(address) => Some(address.to_string()),
        RData::AAAA(address) => Some(address.to_string()),
        _ => None,
    }
}
