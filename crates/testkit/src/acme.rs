//! A DNS server and a certificate authority for tests: `pebble-challtestsrv` and `pebble`, of
//! Debian's package `pebble`. They are real ones, and on the loopback alone.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// Pauses of a fiftieth of a second until something must have started.
const PATIENCE: u32 = 500;
const PAUSE: Duration = Duration::from_millis(20);

/// A program that ends with the test.
struct Running(Child);

impl Running {
    /// Starts it, or says why the test is skipped.
    #[expect(clippy::print_stderr, reason = "a test that is skipped says why")]
    fn start(program: &str, args: &[&str], log: &Path) -> Option<Self> {
        let file = File::create(log).expect("a log");
        let started = Command::new(program)
            .args(args)
            // No authorization is reused; some nonces are refused, as it happens in real life.
            .envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_AUTHZREUSE", "0")])
            .env("PEBBLE_WFE_NONCEREJECT", "5")
            .stdout(Stdio::from(file.try_clone().expect("a log")))
            .stderr(Stdio::from(file))
            .spawn();
        match started {
            Ok(child) => Some(Self(child)),
            Err(error) => {
                eprintln!("skipped: {program} cannot be started ({error})");
                None
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ignored = self.0.kill();
        let _ignored = self.0.wait();
    }
}

/// A DNS server whose records the test sets. Other names have none.
pub struct TestDns {
    _running: Running,
    _folder: tempfile::TempDir,
    /// Where it answers.
    pub address: SocketAddr,
    management: u16,
}

impl TestDns {
    /// Starts one; nothing where the program is not installed.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let management = free_port();
        let (dns, manage) = (address.to_string(), format!("127.0.0.1:{management}"));
        let args = [
            ["-dns01", &dns],
            ["-management", &manage],
            ["-defaultIPv4", ""],
            ["-defaultIPv6", ""],
            ["-http01", ""],
            ["-https01", ""],
            ["-tlsalpn01", ""],
        ];
        let log = folder.path().join("log");
        let running = Running::start("pebble-challtestsrv", args.as_flattened(), &log)?;
        let server = Self { _running: running, _folder: folder, address, management };
        wait_for("the DNS server", || std::net::TcpStream::connect(address).is_ok());
        wait_for("its management", || server.set("clear-cname", r#"{"host":"x"}"#));
        Some(server)
    }

    /// `host` becomes a CNAME of `target`.
    ///
    /// # Panics
    /// Where the server does not take it.
    pub fn set_cname(&self, host: &str, target: &str) {
        assert!(self.set("set-cname", &format!(r#"{{"host":"{host}","target":"{target}"}}"#)));
    }

    /// `host` has no CNAME any more.
    ///
    /// # Panics
    /// Where the server does not take it.
    pub fn clear_cname(&self, host: &str) {
        assert!(self.set("clear-cname", &format!(r#"{{"host":"{host}"}}"#)));
    }

    /// `host` has an address record.
    ///
    /// # Panics
    /// Where the server does not take it.
    pub fn set_address(&self, host: &str, address: &str) {
        assert!(self.set("add-a", &format!(r#"{{"host":"{host}","addresses":["{address}"]}}"#)));
    }

    /// `host` is a CNAME of `target`, which is this machine.
    pub fn point(&self, host: &str, target: &str) {
        self.set_cname(host, target);
        self.set_address(target, "127.0.0.1");
    }

    fn set(&self, what: &str, body: &str) -> bool {
        let url = format!("http://127.0.0.1:{}/{what}", self.management);
        curl(&["--data", body, &url]).is_some()
    }
}

/// A certificate authority that speaks ACME.
pub struct TestAuthority {
    running: Option<Running>,
    folder: tempfile::TempDir,
    args: Vec<String>,
    listen: u16,
    management: u16,
}

/// What a certificate authority is started with.
#[derive(Debug, Clone, Copy)]
pub struct AuthoritySettings {
    /// The port on which it asks by HTTP.
    pub http_port: u16,
    /// The port on which it asks by TLS.
    pub tls_port: u16,
    /// How long its certificates live.
    pub life_seconds: u32,
}

impl TestAuthority {
    /// Starts one that asks this DNS server; nothing where the program is not installed.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn start(dns: &TestDns, settings: AuthoritySettings) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let (listen, management) = (free_port(), free_port());
        let file = |name: &str| folder.path().join(name).display().to_string();
        write_api_certificate(folder.path());
        let AuthoritySettings { http_port, tls_port, life_seconds } = settings;
        let (certificate, key) = (file("api.pem"), file("api.key"));
        let config = format!(
            r#"{{"pebble": {{"listenAddress": "127.0.0.1:{listen}",
            "managementListenAddress": "127.0.0.1:{management}", "certificate": "{certificate}",
            "privateKey": "{key}", "httpPort": {http_port}, "tlsPort": {tls_port},
            "certificateValidityPeriod": {life_seconds}}}}}"#
        );
        fs::write(folder.path().join("config.json"), config).expect("written");
        let (config, server) = (file("config.json"), dns.address.to_string());
        let args = ["-config", &config, "-dnsserver", &server, "-strict"].map(str::to_owned);
        let mut authority = Self { running: None, folder, args: args.into(), listen, management };
        authority.resume().then_some(authority)
    }

    /// Starts it again after [`TestAuthority::stop`]: it remembers nothing. The answer is whether
    /// the program is installed.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn resume(&mut self) -> bool {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        self.running = Running::start("pebble", &args, &self.folder.path().join("log"));
        if self.running.is_some() {
            let url = self.directory_url();
            let root = self.root_file().display().to_string();
            wait_for("the authority", || curl(&["--cacert", &root, &url]).is_some());
        }
        self.running.is_some()
    }

    /// It is down from now on.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Where orders begin.
    #[must_use]
    pub fn directory_url(&self) -> String {
        format!("https://127.0.0.1:{}/dir", self.listen)
    }

    /// The certificate by which its own addresses are trusted.
    #[must_use]
    pub fn root_file(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// The root of the certificates that it gives, as PEM.
    ///
    /// # Panics
    /// Where it does not answer.
    #[must_use]
    pub fn issuing_root(&self) -> String {
        let root = self.root_file().display().to_string();
        let url = format!("https://127.0.0.1:{}/roots/0", self.management);
        curl(&["--cacert", &root, &url]).expect("a root certificate")
    }

    /// Orders that were begun since it was started.
    ///
    /// # Panics
    /// Where its log cannot be read.
    #[must_use]
    pub fn orders(&self) -> usize {
        let log = fs::read_to_string(self.folder.path().join("log")).expect("a log");
        log.matches("Added order").count()
    }
}

/// Its own addresses are served with a certificate of an authority: TLS clients refuse one that
/// certifies itself.
fn write_api_certificate(folder: &Path) {
    let root_key = KeyPair::generate().expect("a key");
    let mut root = CertificateParams::new([]).expect("parameters");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // Named alike, the other certificate would seem to have signed itself.
    root.distinguished_name.push(DnType::CommonName, "Root of tests");
    let root_certificate = root.self_signed(&root_key).expect("a certificate");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(["127.0.0.1".to_owned()]).expect("parameters");
    let leaf = leaf.signed_by(&key, &Issuer::new(root, root_key)).expect("a certificate");
    for (name, text) in [
        ("root.pem", root_certificate.pem()),
        ("api.pem", leaf.pem()),
        ("api.key", key.serialize_pem()),
    ] {
        fs::write(folder.join(name), text).expect("written");
    }
}

/// What `curl` gets; nothing where it fails.
fn curl(args: &[&str]) -> Option<String> {
    let quiet = ["--silent", "--show-error", "--fail", "--max-time", "10"];
    let output = Command::new("curl").args(quiet).args(args).output().expect("curl");
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let came = (0..PATIENCE).any(|_| {
        let is_so = is_so();
        if !is_so {
            std::thread::sleep(PAUSE);
        }
        is_so
    });
    assert!(came, "waited in vain for {what}");
}

/// A port that is free by TCP and UDP, and not of those that the system gives to outgoing
/// connections.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(20_000);
    loop {
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        let at = ("127.0.0.1", port);
        if TcpListener::bind(at).is_ok() && UdpSocket::bind(at).is_ok() {
            return port;
        }
    }
}
