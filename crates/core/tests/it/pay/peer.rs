//! A provider's API on this machine: it answers what the test has put there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit, Mac};
use portico_billing::GatewayId;
use portico_core::gateways::GatewayInput;
use portico_core::{Caller, NoticeAnswer, NoticeMessage};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::common::World;

const SECRET: &str = "whsec_one";

/// What is there now: `GET /v1/refunds`, with its status and body.
type Objects = Arc<Mutex<HashMap<String, (u16, Value)>>>;

/// Stripe, as far as these tests go.
pub struct Peer {
    url: String,
    objects: Objects,
    listening: JoinHandle<()>,
}

impl Peer {
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let objects = Objects::default();
        let listening = tokio::spawn(listen(listener, Arc::clone(&objects)));
        Self { url, objects, listening }
    }

    /// From now on nobody listens there.
    pub async fn go_away(&mut self) {
        self.listening.abort();
        let ended = (&mut self.listening).await;
        assert!(ended.is_err(), "it listened until now");
    }

    /// It listens again where it did before.
    pub async fn come_back(&mut self) {
        let address = self.url.trim_start_matches("http://");
        let listener = TcpListener::bind(address).await.expect("the same port");
        self.listening = tokio::spawn(listen(listener, Arc::clone(&self.objects)));
    }

    /// From now on `line` (`GET /v1/refunds`) is answered so.
    pub fn says(&self, line: &str, status: u16, body: Value) {
        self.objects.lock().expect("the objects").insert(line.to_owned(), (status, body));
    }

    /// What was taken, as Stripe lists it: the newest first.
    pub fn took(&self, refunds: &[Value], disputes: &[Value]) {
        for (line, items) in [("GET /v1/refunds", refunds), ("GET /v1/disputes", disputes)] {
            self.says(line, 200, json!({"object": "list", "data": items, "has_more": false}));
        }
    }

    /// A gateway that asks this peer, and the last part of the address that its notices go to.
    pub async fn gateway(&self, world: &World, name: &str) -> (GatewayId, String) {
        let input = json!({
            "provider": "stripe", "name": name, "enabled": true, "test": true,
            "currencies": [{"currency": "EUR"}],
            "settings": {
                "secret_key": "sk_test_1", "webhook_secret": SECRET, "base_url": self.url,
            },
        });
        let input: GatewayInput = serde_json::from_value(input).expect("an input");
        let caller = Caller::system(world.organisation.id);
        let made = world.core.create_gateway(&caller, &input).await.expect("a gateway");
        let key = made.notice_url.rsplit('/').next().expect("a key").to_owned();
        (made.id, key)
    }
}

/// What Stripe tells of an object, with its signature.
pub async fn tell(world: &World, key: &str, (id, kind): (&str, &str), object: &Value) {
    let event = json!({
        "id": id, "object": "event", "type": kind, "livemode": false, "data": {"object": object},
    });
    let body = event.to_string();
    let at = world.core.now().as_second();
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    let mac = mac.chain_update(format!("{at}.{body}"));
    let hex = |byte: &u8| format!("{byte:02x}");
    let signature: String = mac.finalize().into_bytes().iter().map(hex).collect();
    let headers = [("stripe-signature".to_owned(), format!("t={at},v1={signature}"))];
    let address = std::net::IpAddr::from([192, 0, 2, 7]);
    let message = NoticeMessage { headers: &headers, body: body.as_bytes(), address };
    let answer = world.core.take_notice(key, message).await.expect("an answer");
    assert_eq!(answer, NoticeAnswer::Kept);
}

async fn listen(listener: TcpListener, objects: Objects) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream, Arc::clone(&objects)));
    }
}

async fn answer(mut stream: TcpStream, objects: Objects) {
    let Some(line) = receive(&mut stream).await else { return };
    let known = objects.lock().expect("the objects").get(&line).cloned();
    let absent = json!({"error": {"type": "invalid_request_error", "code": "resource_missing"}});
    let (status, body) = known.unwrap_or((404, absent));
    let body = body.to_string();
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    // Who asked may be gone.
    let _ = stream.write_all(answer.as_bytes()).await;
}

/// Reads a request: its method and its path.
async fn receive(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(Some(0), |length| length.parse().ok())?;
    while bytes.len() < head_end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let mut words = head.lines().next()?.split(' ');
    let (method, target) = (words.next()?.to_ascii_uppercase(), words.next()?);
    let (path, _) = target.split_once('?').unwrap_or((target, ""));
    Some(format!("{method} {path}"))
}
