//! The binary as people run it, and what talks to it.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use portico_billing::OrganisationId;
use portico_core::domains::DomainSettings;
use portico_core::mail::MailBudget;
use portico_core::{
    Clock, Core, CoreParts, Entropy, FixedClock, PlainStyles, PublicAddress, SealKey,
};
use portico_store::{Store, StoreSettings};
use serde_json::Value;

/// Longest wait for something that happens soon or never.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// Waits until there is something.
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("waited in vain for {what}");
}

/// A port that is free, and not of those that the system gives to outgoing connections.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(23_000);
    loop {
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A folder with an organisation in it, in which the program is run.
pub struct Installation {
    folder: tempfile::TempDir,
    pub organisation: OrganisationId,
    pub key: String,
}

impl Installation {
    /// An organisation whose brand answers on `host`.
    pub fn new(host: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let output = portico(folder.path())
            .args(["organisation", "create", "--name", "Acme & Söhne", "--host", host])
            .args(["--return-origin", "https://acme.example"])
            .output()
            .expect("the program");
        let text = printed(&output);
        assert!(output.status.success(), "{text}");
        let after = |word: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(word));
            line.expect("a line").trim().to_owned()
        };
        let organisation = after("organisation").parse().expect("an id");
        let key = after("API key");
        Self { folder, organisation, key }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the program with these arguments to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        portico(self.path()).args(args).output().expect("the program")
    }

    /// The arguments of an import of these files.
    pub fn import(&self, files: &[&Path]) -> Command {
        let mut command = portico(self.path());
        command.args(["import", "--organisation", &self.organisation.to_string()]).args(files);
        command
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.path().join(name);
        fs::write(&file, text).expect("written");
        file
    }

    /// The program with this configuration, listening.
    pub fn serve(&self, config: &str) -> Program {
        self.write("portico.toml", config);
        Program::start(self.path(), &["serve"])
    }

    /// A core on the same data, at a time of its own.
    pub async fn core(&self, clock: &Arc<FixedClock>) -> Core {
        self.core_with(clock, None).await
    }

    /// The same, with domains that have to be proven.
    pub async fn core_with(
        &self,
        clock: &Arc<FixedClock>,
        domains: Option<DomainSettings>,
    ) -> Core {
        let data = self.path().join("data");
        let address = data.join("portico.sqlite").display().to_string();
        let hex = fs::read_to_string(data.join("seal.key")).expect("the key");
        let digits = |at: usize| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16);
        let key = std::array::from_fn(|at| digits(at).expect("two digits"));
        let settings = StoreSettings { address, connections: 2 };
        Core::new(CoreParts {
            store: Store::open(&settings).await.expect("the data"),
            clock: Arc::clone(clock) as Arc<dyn Clock>,
            entropy: Entropy::from_seed([3; 32]),
            seal_key: SealKey::new(key),
            public_address: PublicAddress {
                local_port: 9080,
                scheme: "https".to_owned(),
                port: None,
            },
            panel_url: "http://localhost:9090".to_owned(),
            styles: Arc::new(PlainStyles),
            typesetter: portico_typesetter::typeset,
            domains,
            mail_probe: None,
            mail_budget: MailBudget::default(),
            http: portico_testkit::http(),
        })
    }
}

/// The program, to be run in a folder.
pub fn portico(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portico"));
    command.current_dir(folder);
    command
}

/// Everything that a program printed.
pub fn printed(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    format!("{out}{err}")
}

/// The program while it listens. It is killed when this goes.
pub struct Program {
    child: Child,
    pub portal: u16,
    pub panel: u16,
    log: PathBuf,
}

impl Program {
    /// Starts it on ports of its own and waits until it is ready.
    pub fn start(folder: &Path, args: &[&str]) -> Self {
        Self::start_at(folder, args, free_port())
    }

    /// The same, with this port for the customers' site.
    pub fn start_at(folder: &Path, args: &[&str], portal: u16) -> Self {
        let panel = free_port();
        let log = folder.join("log");
        let file = File::create(&log).expect("a log");
        let child = portico(folder)
            .args(args)
            .args(["--portal-addr", &format!("127.0.0.1:{portal}")])
            .args(["--panel-addr", &format!("127.0.0.1:{panel}")])
            .stdout(Stdio::from(file.try_clone().expect("a log")))
            .stderr(Stdio::from(file))
            .spawn()
            .expect("the program");
        let mut program = Self { child, portal, panel, log };
        wait_for("the program to start", || {
            let ended = program.child.try_wait().expect("a child");
            assert!(ended.is_none(), "it ended ({ended:?}): {}", program.log());
            program.is_ready().then_some(())
        });
        program
    }

    /// What it has written to its log.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("a log")
    }

    /// Whether it takes work.
    pub fn is_ready(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.panel)).is_ok()
            && self.panel_call("GET", "/readyz").send().status == 200
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().expect("kill");
        assert!(sent.success());
    }

    /// Waits until it has ended by itself.
    pub fn wait(&mut self) -> ExitStatus {
        wait_for("the program to end", || self.child.try_wait().expect("a child"))
    }

    /// Stops it in order.
    pub fn stop(mut self) {
        self.terminate();
        assert!(self.wait().success(), "{}", self.log());
    }

    /// A request to the customers' site, under the name `host`.
    pub fn portal_call(&self, host: &str, method: &str, path: &str) -> Call {
        Call::new(self.portal, method, path).header("host", host)
    }

    /// A request to the panel.
    pub fn panel_call(&self, method: &str, path: &str) -> Call {
        Call::new(self.panel, method, path)
    }
}

/// A connection for requests that no client would send.
pub fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ignored = self.child.kill();
        let _ignored = self.child.wait();
    }
}

/// A request in the making.
pub struct Call {
    request: ureq::http::request::Builder,
    body: String,
}

impl Call {
    fn new(port: u16, method: &str, path: &str) -> Self {
        let uri = format!("http://127.0.0.1:{port}{path}");
        let request = ureq::http::Request::builder().method(method).uri(uri);
        Self { request, body: String::new() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub fn key(self, installation: &Installation) -> Self {
        self.header("x-api-key", &installation.key)
    }

    pub fn json(self, body: &Value) -> Self {
        Self { body: body.to_string(), ..self.header("content-type", "application/json") }
    }

    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self { body, ..self.header("content-type", "application/x-www-form-urlencoded") }
    }

    pub fn send(self) -> Reply {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .build()
            .new_agent();
        let answered = if self.body.is_empty() {
            agent.run(self.request.body(()).expect("a request"))
        } else {
            agent.run(self.request.body(self.body).expect("a request"))
        };
        let mut response = answered.expect("an answer");
        let bytes = response.body_mut().read_to_vec().expect("a body");
        let cookies = response.headers().get_all("set-cookie").iter();
        let cookies = cookies.map(|value| value.to_str().expect("a text").to_owned()).collect();
        let location = response.headers().get("location");
        let location = location.map_or("", |value| value.to_str().expect("a text")).to_owned();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Reply { status: response.status().as_u16(), location, cookies, text }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub location: String,
    /// What `Set-Cookie` said.
    pub cookies: Vec<String>,
    pub text: String,
}

impl Reply {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The cookies as a browser would send them back.
    pub fn cookie(&self) -> String {
        let pairs: Vec<&str> =
            self.cookies.iter().filter_map(|cookie| cookie.split(';').next()).collect();
        pairs.join("; ")
    }

    /// The session's cookie, whole.
    pub fn session_cookie(&self) -> Option<&str> {
        let mut cookies = self.cookies.iter().map(String::as_str);
        cookies.find(|cookie| {
            ["portico=", "__Host-portico="].iter().any(|name| cookie.starts_with(name))
        })
    }
}
