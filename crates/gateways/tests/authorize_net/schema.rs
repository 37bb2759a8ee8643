//! The provider's own schema, where it is at hand.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::answers::{REFERENCE, page, unsettled};
use crate::orders::begin;
use crate::peer::peer;

/// The provider's schema, where it is at hand.
#[expect(clippy::disallowed_methods, reason = "tests say by it where published data lies")]
fn schema() -> Option<PathBuf> {
    let folder = std::env::var("PORTICO_TEST_DATA").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let schema = folder.join("authorizenet/AnetApiSchema.xsd");
    schema.exists().then_some(schema)
}

/// Whether the schema takes a document, by `xmllint` of libxml2; nothing where one of them is
/// absent.
fn takes(xml: &str) -> Option<Result<(), String>> {
    let Some(schema) = schema() else {
        eprintln!("skipped: there is no AnetApiSchema.xsd; say by PORTICO_TEST_DATA where");
        return None;
    };
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--schema"]).arg(schema).arg("-");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        eprintln!("skipped: there is no program xmllint");
        return None;
    };
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(xml.as_bytes()).expect("a document");
    drop(stdin);
    let output = child.wait_with_output().expect("its output");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(output.status.success().then_some(()).ok_or(told))
}

#[track_caller]
pub fn check(xml: &str) {
    if let Some(Err(told)) = takes(xml) {
        panic!("the schema does not take {xml}: {told}");
    }
}

#[tokio::test]
async fn a_damaged_request_is_not_taken_by_the_schema() {
    let script = vec![
        ("getUnsettledTransactionList", unsettled(&[])),
        ("getHostedPaymentPage", page("getHostedPaymentPage", "token-1")),
    ];
    let peer = peer(script).await;
    begin(&peer, false).await.expect("a page");
    let request = peer.finish().pop().expect("a request");
    let without_keys = request.split_once("<merchantAuthentication>").expect("keys").0;
    let rest = request.split_once("</merchantAuthentication>").expect("keys").1;
    let long = format!("<refId>{REFERENCE}L</refId>");
    let damaged = [
        format!("{without_keys}{rest}"),
        request.replace(&format!("<refId>{REFERENCE}</refId>"), &long),
        request.replace("<amount>12.34</amount>", "<amount>12,34</amount>"),
        request.replace("hostedPaymentSettings>", "settings>"),
        // The order of elements matters.
        request
            .replace("<amount>12.34</amount>", "")
            .replace("<currencyCode>", "<amount>12.34</amount><currencyCode>")
            .replace("<transactionType>authCaptureTransaction</transactionType>", "")
            .replace("<order>", "<transactionType>authCaptureTransaction</transactionType><order>"),
    ];
    for xml in damaged {
        assert_ne!(xml, request);
        assert!(!matches!(takes(&xml), Some(Ok(()))), "{xml}");
    }
}
