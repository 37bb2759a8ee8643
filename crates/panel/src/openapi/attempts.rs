//! Attempts to pay, and notices of payment providers.

use serde_json::json;
use utoipa::IntoParams as _;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterIn};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_parameters, page_schema, with_problems,
    writing,
};
use crate::api::ProblemKind::{Conflict, Forbidden, Malformed, NotFound};
use crate::api::attempts::{
    AttemptAnswer, AttemptDetailAnswer, AttemptDismissalInput, AttemptFilterQuery, NoticeAnswer,
    NoticeFilterQuery,
};

const ATTEMPTS: &str = "Payment attempts";
const NOTICES: &str = "Gateway notices";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer.tag(ATTEMPTS, "What customers tried to pay through gateways, and what came of it.");
    writer.tag(NOTICES, "What payment providers told by themselves. A notice proves nothing.");
    attempts(writer);
    notices(writer);
}

fn one(tag: &str, (id, summary): (&str, &str), what: &str) -> OperationBuilder {
    let operation = keyed(tag, id, summary).parameter(id_parameter(what.to_owned()));
    with_problems(operation, &[Forbidden, NotFound])
}

fn attempts(writer: &mut Writer) {
    const ALL: &str = "/api/v1/payment-attempts";
    const ONE: &str = "/api/v1/payment-attempts/{id}";
    const ID: &str = "The `id` of an attempt.";
    let attempt = writer.schema::<AttemptAnswer>();
    let page = writer.named_schema("PaymentAttemptPage".to_owned(), page_schema(attempt));
    let list = keyed(ATTEMPTS, "listPaymentAttempts", "List attempts to pay")
        .parameters(Some(page_parameters()))
        .parameters(Some(AttemptFilterQuery::into_params(|| Some(ParameterIn::Query))))
        .response("200", answer("A page, newest first.", page));
    let list = with_problems(list, &[Malformed, Forbidden]);
    writer.add(HttpMethod::Get, ALL, list.build());
    let detail = writer.schema::<AttemptDetailAnswer>();
    let read = one(ATTEMPTS, ("getPaymentAttempt", "Read an attempt to pay"), ID)
        .response("200", answer("The attempt.", detail.clone()));
    writer.add(HttpMethod::Get, ONE, read.build());
    let look = one(ATTEMPTS, ("lookAtPaymentAttempt", "Ask the provider about an attempt"), ID)
        .description(Some(
            "The provider is asked how the attempt stands; what was paid is credited then. Needs \
             the permission `edit_billing`.",
        ))
        .response("200", answer("The attempt as it is now.", detail.clone()));
    writer.add(HttpMethod::Post, &format!("{ONE}/look"), look.build());
    let input = writer.schema::<AttemptDismissalInput>();
    let example = json!({"reason": "Paid twice; refunded at the provider."});
    let dismiss = one(ATTEMPTS, ("dismissPaymentAttempt", "Dismiss an attempt"), ID);
    let dismiss = writing(dismiss)
        .description(Some(
            "Only one for which the provider has money that does not match what was asked for, \
             after it was given back there. It fails, and nothing is credited for it from then \
             on. Needs the permission `edit_billing`.",
        ))
        .request_body(Some(body(input, Some(example))))
        .response("200", answer_once("The attempt as it is now.", detail));
    let dismiss = with_problems(dismiss, &[Conflict]);
    writer.add(HttpMethod::Post, &format!("{ONE}/dismiss"), dismiss.build());
}

fn notices(writer: &mut Writer) {
    const ALL: &str = "/api/v1/gateway-notices";
    const ONE: &str = "/api/v1/gateway-notices/{id}";
    const ID: &str = "The `id` of a notice.";
    let notice = writer.schema::<NoticeAnswer>();
    let page = writer.named_schema("GatewayNoticePage".to_owned(), page_schema(notice.clone()));
    let list = keyed(NOTICES, "listGatewayNotices", "List notices of payment providers")
        .parameters(Some(page_parameters()))
        .parameters(Some(NoticeFilterQuery::into_params(|| Some(ParameterIn::Query))))
        .response("200", answer("A page, newest first.", page));
    let list = with_problems(list, &[Malformed, Forbidden]);
    writer.add(HttpMethod::Get, ALL, list.build());
    let read = one(NOTICES, ("getGatewayNotice", "Read a notice"), ID)
        .response("200", answer("The notice.", notice.clone()));
    writer.add(HttpMethod::Get, ONE, read.build());
    let replay = one(NOTICES, ("replayGatewayNotice", "Work on a notice again"), ID)
        .description(Some(
            "As if it had just come: the provider is asked about what it names. Nothing can be \
             credited twice by it. One that waits is worked on in any case. Needs the permission \
             `edit_billing`.",
        ))
        .response("200", answer("The notice as it is now.", notice));
    writer.add(HttpMethod::Post, &format!("{ONE}/replay"), replay.build());
}
