//! A peer that answers as the provider does, by a script, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use portico_gateways::settings::Settings;
use portico_gateways::{Account, Gateway, Http, Mode, Networks, provider};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::schema::check;

/// What the peer does when it gets a request.
#[derive(Clone)]
pub enum Reply {
    /// Answers.
    Xml(String),
    /// Answers with something else.
    Odd(&'static str, &'static str),
    /// Takes the request and says nothing.
    Silence,
}

/// A provider that expects these requests, in this order.
pub struct Peer {
    pub gateway: Box<dyn Gateway>,
    pub asked: Arc<Mutex<Vec<String>>>,
    expected: Vec<&'static str>,
    answers: Vec<String>,
}

pub async fn peer(script: Vec<(&'static str, Reply)>) -> Peer {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let expected = script.iter().map(|(request, _)| *request).collect();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let replies: Vec<Reply> = script.into_iter().map(|(_, reply)| reply).collect();
    let answers = replies.iter().filter_map(|reply| match reply {
        Reply::Xml(xml) => Some(xml.clone()),
        _ => None,
    });
    let answers = answers.collect();
    let log = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut replies = replies.into_iter();
        while let Ok((mut stream, _)) = listener.accept().await {
            let body = request(&mut stream).await;
            log.lock().expect("the log").push(body);
            answer(&mut stream, replies.next()).await;
        }
    });
    Peer { gateway: gateway(&url), asked, expected, answers }
}

/// The body of a request.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            assert!(head.starts_with("post /xml/v1/request.api http/1.1"), "{head}");
            let length = head.split_once("content-length: ").expect("a length").1;
            let length: usize = length.lines().next().expect("a line").parse().expect("a length");
            if body.len() >= length {
                return body.to_owned();
            }
        }
        let read = stream.read_buf(&mut bytes).await.expect("a request");
        assert!(read > 0, "the request breaks off");
    }
}

async fn answer(stream: &mut TcpStream, reply: Option<Reply>) {
    let (status, body) = match reply {
        Some(Reply::Xml(xml)) => ("200 OK", format!("\u{feff}{xml}")),
        Some(Reply::Odd(status, body)) => (status, body.to_owned()),
        Some(Reply::Silence) => return,
        None => ("500 Unexpected", String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/xml\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("an answer");
    stream.write_all(body.as_bytes()).await.expect("an answer");
}

impl Peer {
    /// The requests that were made: those that were expected, each as the schema wants it.
    pub fn finish(self) -> Vec<String> {
        let asked = self.asked.lock().expect("the log").clone();
        let names: Vec<String> = asked.iter().map(|xml| name(xml)).collect();
        assert_eq!(names, self.expected);
        for xml in asked.iter().chain(&self.answers) {
            check(xml);
        }
        asked
    }
}

/// The name of the root, without "Request".
fn name(xml: &str) -> String {
    let name = xml.split(['<', ' ', '>']).find(|part| part.ends_with("Request"));
    name.unwrap_or_default().trim_end_matches("Request").to_owned()
}

fn gateway(url: &str) -> Box<dyn Gateway> {
    let values = [
        ("api_login_id", "login"),
        ("transaction_key", "0123456789abcdef"),
        ("signature_key", "SIGNATURE"),
        ("currency", "USD"),
        ("base_url", url),
        ("hosted_url", "https://hosted.test"),
    ];
    let values = values.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let loopback = "127.0.0.0/8".parse().expect("a network");
    let http = Http::new(Networks::new(&[loopback])).expect("a client");
    let account = Account { mode: Mode::Test, settings: Settings::new(values), http };
    (provider("authorize_net").expect("the provider").open)(account).expect("a gateway")
}
