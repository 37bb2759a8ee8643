//! A peer that answers by a script, and keeps what it was asked.

use std::sync::{Arc, Mutex};

use portico_gateways::settings::Settings;
use portico_gateways::{Account, Gateway, Http, Mode, Networks, provider};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::schemas;

/// What came in.
#[derive(Debug, Clone)]
pub struct Request {
    /// `POST /v2/checkout/orders`.
    pub line: String,
    /// What follows the question mark.
    pub query: String,
    headers: Vec<(String, String)>,
    /// Each byte.
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

/// What is answered to the next request of a line. Status 0: the connection breaks.
pub type Reply = (&'static str, u16, Value);

#[derive(Default)]
struct Book {
    script: Vec<Reply>,
    seen: Vec<Request>,
    unexpected: Vec<String>,
}

pub struct Peer {
    pub base: String,
    book: Arc<Mutex<Book>>,
}

/// The line that asks for a token; answered without a script.
pub const TOKEN: &str = "POST /v1/oauth2/token";

impl Peer {
    pub async fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let book = Arc::new(Mutex::new(Book { script, ..Book::default() }));
        let shared = Arc::clone(&book);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { base, book }
    }

    /// The account at this peer.
    pub fn gateway(&self, more: &[(&str, &str)]) -> Box<dyn Gateway> {
        let own = [
            ("client_id", "client"),
            ("client_secret", "canary"),
            ("base_url", self.base.as_str()),
        ];
        let values = own.iter().chain(more);
        let values = values.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let http = Http::new(Networks::new(&["127.0.0.0/8".parse().expect("a network")]));
        let settings = Settings::new(values);
        let account = Account { mode: Mode::Test, settings, http: http.expect("a client") };
        let paypal = provider("paypal").expect("PayPal");
        (paypal.open)(account).expect("good settings")
    }

    /// What came in but for tokens; all of the script was used, nothing else was asked, and each
    /// body is as PayPal has published it.
    pub fn finish(self) -> Vec<Request> {
        let book = self.book.lock().expect("the book");
        assert!(book.unexpected.is_empty(), "not in the script: {:?}", book.unexpected);
        let left: Vec<_> = book.script.iter().map(|reply| reply.0).collect();
        assert!(left.is_empty(), "not asked: {left:?}");
        let others = book.seen.iter().filter(|request| request.line != TOKEN);
        let others: Vec<Request> = others.cloned().collect();
        for request in others.iter().filter(|request| !request.body.is_empty()) {
            let (method, path) = request.line.split_once(' ').expect("a line");
            let complaints = schemas::complaints(method, path, &request.json());
            assert!(complaints.is_empty(), "{}: {complaints:#?}", request.line);
        }
        others
    }

    /// The first request of a line.
    pub fn request(&self, line: &str) -> Request {
        let book = self.book.lock().expect("the book");
        let found = book.seen.iter().find(|request| request.line == line);
        found.expect("a request").clone()
    }

    /// How often a token was asked for.
    pub fn tokens(&self) -> usize {
        let book = self.book.lock().expect("the book");
        book.seen.iter().filter(|request| request.line == TOKEN).count()
    }
}

async fn serve(mut stream: TcpStream, book: Arc<Mutex<Book>>) {
    let Some(request) = receive(&mut stream).await else { return };
    let (status, body) = answer(&mut book.lock().expect("the book"), request);
    if status == 0 {
        return;
    }
    let body = if status == 204 { String::new() } else { body.to_string() };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn answer(book: &mut Book, request: Request) -> (u16, Value) {
    let line = request.line.clone();
    book.seen.push(request);
    if let Some(at) = book.script.iter().position(|reply| reply.0 == line) {
        let (_, status, body) = book.script.remove(at);
        return (status, body);
    }
    if line == TOKEN {
        let token = format!("token-{}", book.seen.len());
        return (200, json!({ "access_token": token, "expires_in": 32400 }));
    }
    book.unexpected.push(line);
    (501, json!({}))
}

async fn receive(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?, first.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a length"));
    let mut body = bytes.split_off(head + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    let line = format!("{method} {path}");
    Some(Request { line, query: query.to_owned(), headers, body })
}
