//! Many records in one go.

use std::io;
use std::task::Poll;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::site::Site;

const PATH: &str = "/api/v1/customers/batch";

#[tokio::test]
async fn the_good_go_in_and_each_bad_one_says_why_not() {
    let site = Site::new().await;
    site.customer("old", "ana@example.com").await;
    site.customer("same", "ana@example.com").await;
    let body = json!({ "data": [
        { "external_id": "new", "name": "New" },
        { "external_id": "bad", "name": 7 },
        { "external_id": "old", "name": "Renamed", "email": "ana@example.com" },
        { "external_id": "same", "name": "Ana", "email": "ana@example.com" },
        "x",
        { "external_id": "typo", "nmae": "x" },
    ] });
    let answer = site.post(PATH, &body).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = answer.json();
    let expected = json!({ "created": 1, "updated": 1, "unchanged": 1, "rejected": 3 });
    assert_eq!(answer["summary"], expected, "{answer}");
    let lines = answer["data"].as_array().expect("lines");
    let statuses: Vec<&str> = lines.iter().filter_map(|line| line["status"].as_str()).collect();
    let expected = ["created", "rejected", "updated", "unchanged", "rejected", "rejected"];
    assert_eq!(statuses, expected);
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(line["index"], index);
        if line["status"] == "rejected" {
            assert_eq!(line["error"]["type"], "/api/docs#problem-invalid", "{line}");
            assert_eq!(line.get("record"), None);
        } else {
            assert_eq!(line["id"], line["record"]["id"], "{line}");
            assert!(line["id"].is_string());
        }
    }
    assert_eq!(lines[1]["error"]["errors"][0]["field"], "name");
    assert_eq!(lines[5]["error"]["errors"][0]["field"], "nmae");
    let found = site.get("/api/v1/customers/new").send().await;
    assert_eq!(found.status, StatusCode::OK);
}

#[tokio::test]
async fn a_batch_has_limits() {
    let site = Site::new().await;
    let thousand_and_one = json!({ "data": vec![json!({ "name": "x" }); 1_001] });
    site.post(PATH, &thousand_and_one).send().await.assert_problem(413, "too-large", &[]);
    let list = site.get("/api/v1/customers").send().await.json();
    assert_eq!(list["data"], json!([]));
    site.post(PATH, &json!({})).send().await.assert_problem(422, "invalid", &["data"]);
    let extra = json!({ "data": [], "dry_run": true });
    site.post(PATH, &extra).send().await.assert_problem(422, "invalid", &["dry_run"]);
    let empty = site.post(PATH, &json!({ "data": [] })).send().await;
    assert_eq!((empty.status, &empty.json()["data"]), (StatusCode::OK, &json!([])));
    let thousand: Vec<Value> = (0..1_000)
        .map(|number| json!({ "external_id": format!("c-{number}"), "name": "x" }))
        .collect();
    let answer = site.post(PATH, &json!({ "data": thousand })).send().await.json();
    assert_eq!(answer["summary"]["created"], 1_000);
}

/// A body that tells that it is read, and never comes to an end.
fn endless(read: mpsc::UnboundedSender<()>) -> Body {
    Body::from_stream(stream::poll_fn(move |_| {
        let _told = read.send(());
        Poll::<Option<io::Result<Vec<u8>>>>::Pending
    }))
}

#[tokio::test]
async fn large_batches_find_room_or_are_told_to_come_again() {
    let site = Site::new().await;
    let mut large = Vec::new();
    for _ in 0..2 {
        let (told, mut read) = mpsc::unbounded_channel();
        let call = site.call(Method::POST, PATH).raw("application/json", endless(told));
        large.push(tokio::spawn(call.send()));
        read.recv().await.expect("it is read");
    }
    let batch = json!({ "data": [{ "external_id": "c-1", "name": "x" }] });
    let refused = site.post(PATH, &batch).send().await;
    refused.assert_problem(503, "busy", &[]);
    assert_eq!(refused.header("retry-after"), "5");
    let single = site.post("/api/v1/customers", &batch["data"][0]).send().await;
    assert_eq!(single.status, StatusCode::CREATED, "{}", single.text);

    large.pop().expect("one of them").abort();
    let taken = site.post(PATH, &batch).send().await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    assert_eq!(taken.json()["summary"]["unchanged"], 1);
}
