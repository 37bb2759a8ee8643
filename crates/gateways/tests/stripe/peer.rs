//! A peer that says what the test has written, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use portico_gateways::settings::Settings;
use portico_gateways::{Account, Gateway, Http, Mode, Networks, provider};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What the peer does with a request.
pub enum Reply {
    /// Answers.
    Says(u16, String),
    /// Breaks the connection after it has read.
    Breaks,
    /// Never answers.
    Hangs,
}

/// An answer of JSON.
pub fn json(status: u16, body: &Value) -> Reply {
    Reply::Says(status, body.to_string())
}

/// An error as Stripe words it.
pub fn error(status: u16, kind: &str, code: &str) -> Reply {
    let message = "Because.";
    json(status, &serde_json::json!({"error": {"type": kind, "code": code, "message": message}}))
}

/// A request as the peer got it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `POST /v1/refunds`.
    pub line: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    /// Fields of the query and of the form, decoded.
    pub fields: Vec<(String, String)>,
    /// Each byte after the head.
    pub body: Vec<u8>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        let named = self.fields.iter().filter(|(key, _)| key == name);
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// The peer.
pub struct Peer {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// Told when a request was read.
    pub read: Arc<Notify>,
}

impl Peer {
    /// One that answers as written, in this order, and 500 after that.
    pub async fn new(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let read = Arc::new(Notify::new());
        let (record, told) = (Arc::clone(&asked), Arc::clone(&read));
        tokio::spawn(async move {
            let mut script = VecDeque::from(script);
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = receive(&mut stream).await;
                record.lock().expect("the record").push(request);
                told.notify_one();
                answer(stream, script.pop_front()).await;
            }
        });
        Self { url, asked, read }
    }

    /// All requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("the record").clone()
    }

    /// The only request so far.
    pub fn only(&self) -> Asked {
        let [asked] = &self.asked()[..] else { panic!("{:?}", self.asked()) };
        asked.clone()
    }

    /// A gateway of test mode that asks this peer.
    pub fn gateway(&self) -> Box<dyn Gateway> {
        self.gateway_with(Mode::Test, &[])
    }

    /// One with more settings.
    pub fn gateway_with(&self, mode: Mode, more: &[(&str, &str)]) -> Box<dyn Gateway> {
        gateway(&self.url, mode, more)
    }
}

/// A gateway whose API is at `url`.
pub fn gateway(url: &str, mode: Mode, more: &[(&str, &str)]) -> Box<dyn Gateway> {
    let key = if mode == Mode::Test { "sk_test_123456" } else { "sk_live_123456" };
    let own = [("secret_key", key), ("base_url", url)];
    let values =
        own.iter().chain(more).map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let loopback = ["127.0.0.0/8".parse().expect("a network"), "::1/128".parse().expect("one")];
    let http = Http::new(Networks::new(&loopback)).expect("a client");
    let account = Account { mode, settings: Settings::new(values), http };
    (provider("stripe").expect("the provider").open)(account).expect("a gateway")
}

/// Reads a request.
pub async fn receive(stream: &mut TcpStream) -> Asked {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.expect("a request") == 0 {
            panic!("half a request");
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).expect("text");
    let mut lines = head.lines();
    let first = lines.next().expect("a request line").trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a number"));
    while bytes.len() < head_end + 4 + length {
        stream.read_buf(&mut bytes).await.expect("a body");
    }
    let (line, query) = first.split_once('?').unwrap_or((&first, ""));
    let fields = |text: &[u8]| url::form_urlencoded::parse(text).into_owned().collect::<Vec<_>>();
    let body = bytes.split_off(head_end + 4);
    let fields = fields(query.as_bytes()).into_iter().chain(fields(&body)).collect();
    Asked { line: line.to_owned(), headers, fields, body }
}

async fn answer(mut stream: TcpStream, reply: Option<Reply>) {
    match reply.unwrap_or(Reply::Says(500, String::new())) {
        Reply::Says(status, body) => {
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\n\
                 content-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).await.expect("a head");
            stream.write_all(body.as_bytes()).await.expect("a body");
        }
        Reply::Breaks => {}
        Reply::Hangs => {
            tokio::spawn(async move {
                std::future::pending::<()>().await;
                drop(stream);
            });
        }
    }
}
