//! Portal sessions.

use serde_json::json;
use utoipa::openapi::path::{HttpMethod, ParameterIn};
use utoipa::{IntoParams as _, openapi::Ref};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_parameters, page_schema, with_problems,
    writing,
};
use crate::api::ProblemKind;
use crate::api::portal_sessions::{
    CreatedPortalSessionAnswer, PortalSessionAnswer, PortalSessionFilter, PortalSessionInput,
};

const TAG: &str = "Portal sessions";
const ALL: &str = "/api/v1/portal-sessions";
const ONE: &str = "/api/v1/portal-sessions/{id}";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer.tag(TAG, "Visits of the customer portal that your software opens for your customers.");
    let session = writer.schema::<PortalSessionAnswer>();
    create(writer);
    list(writer, session.clone());
    one(writer, session);
}

fn create(writer: &mut Writer) {
    let input = writer.schema::<PortalSessionInput>();
    let created = writer.schema::<CreatedPortalSessionAnswer>();
    let example = json!({
        "customer_id": "customer-4711",
        "return_url": "https://acme.example/account",
        "idle_timeout": 3600,
        "forward": "invoices",
        "locale": "es",
    });
    let operation = writing(keyed(TAG, "createPortalSession", "Open a portal session"))
        .description(Some(
            "Answers with a link for the customer's browser. It works once and soon expires; \
             redirect to it, do not store it.",
        ))
        .request_body(Some(body(input, Some(example))))
        .response("201", answer_once("The session; its `url` is told here alone.", created));
    writer.add(HttpMethod::Post, ALL, operation.build());
}

fn list(writer: &mut Writer, session: Ref) {
    let page = writer.named_schema("PortalSessionPage".to_owned(), page_schema(session));
    let operation = keyed(TAG, "listPortalSessions", "List portal sessions")
        .parameters(Some(page_parameters()))
        .parameters(Some(PortalSessionFilter::into_params(|| Some(ParameterIn::Query))))
        .response("200", answer("A page, newest first.", page));
    let operation = with_problems(operation, &[ProblemKind::Malformed]);
    writer.add(HttpMethod::Get, ALL, operation.build());
}

fn one(writer: &mut Writer, session: Ref) {
    let id = id_parameter("The `id` of a session.".to_owned());
    let read = keyed(TAG, "getPortalSession", "Read a portal session")
        .parameter(id.clone())
        .response("200", answer("The session.", session.clone()));
    let read = with_problems(read, &[ProblemKind::NotFound]);
    writer.add(HttpMethod::Get, ONE, read.build());
    let revoke = keyed(TAG, "revokePortalSession", "Revoke a portal session")
        .description(Some("Its link no longer works, and a visit that grew from it ends."))
        .parameter(id)
        .response("200", answer("The session as it is now.", session));
    let revoke = with_problems(revoke, &[ProblemKind::NotFound]);
    writer.add(HttpMethod::Delete, ONE, revoke.build());
}
