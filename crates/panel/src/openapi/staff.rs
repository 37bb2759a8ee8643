//! Operators, API keys and the audit log.

use serde_json::json;
use utoipa::IntoParams as _;
use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::path::{HttpMethod, ParameterIn};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_parameters, page_schema, with_problems,
    writing,
};
use crate::api::ProblemKind;
use crate::api::api_keys::{ApiKeyAnswer, ApiKeyInput, CreatedApiKeyAnswer};
use crate::api::audit::{AuditAnswer, AuditFilterQuery};
use crate::api::operators::{OperatorAnswer, OperatorInvitationInput, OperatorPatch};

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    operators(writer);
    api_keys(writer);
    audit_log(writer);
}

fn operators(writer: &mut Writer) {
    const TAG: &str = "Operators";
    const ALL: &str = "/api/v1/operators";
    const ONE: &str = "/api/v1/operators/{id}";
    writer.tag(TAG, "The people who sign in to the control panel.");
    let operator = writer.schema::<OperatorAnswer>();
    let page = writer.named_schema("OperatorPage".to_owned(), page_schema(operator.clone()));
    let list = keyed(TAG, "listOperators", "List operators")
        .response("200", answer("All of them, oldest first.", page));
    let list = with_problems(list, &[ProblemKind::Forbidden]);
    writer.add(HttpMethod::Get, ALL, list.build());
    let input = writer.schema::<OperatorInvitationInput>();
    let example = json!({"email": "ben@acme.example", "name": "Ben", "role": "support"});
    let invite = writing(keyed(TAG, "inviteOperator", "Invite an operator"))
        .request_body(Some(body(input, Some(example))))
        .response("201", answer("Who was invited.", operator.clone()));
    let invite = with_problems(invite, &[ProblemKind::Forbidden]);
    writer.add(HttpMethod::Post, ALL, invite.build());
    let id = id_parameter("The `id` of an operator.".to_owned());
    let patch = writer.schema::<OperatorPatch>();
    let change = writing(keyed(TAG, "changeOperator", "Change an operator"))
        .parameter(id.clone())
        .request_body(Some(body(patch, Some(json!({"role": "billing"})))))
        .response("200", answer("The operator as it is now.", operator));
    let change = with_problems(change, &[ProblemKind::Forbidden, ProblemKind::NotFound]);
    writer.add(HttpMethod::Patch, ONE, change.build());
    let remove = keyed(TAG, "removeOperator", "Remove an operator")
        .parameter(id)
        .response("204", ResponseBuilder::new().description("It is gone.").build());
    let remove = with_problems(remove, &[ProblemKind::Forbidden, ProblemKind::NotFound]);
    writer.add(HttpMethod::Delete, ONE, remove.build());
}

fn api_keys(writer: &mut Writer) {
    const TAG: &str = "API keys";
    const ALL: &str = "/api/v1/api-keys";
    writer.tag(TAG, "Keys of your software, each with permissions of its own.");
    let key = writer.schema::<ApiKeyAnswer>();
    let page = writer.named_schema("ApiKeyPage".to_owned(), page_schema(key));
    let list = keyed(TAG, "listApiKeys", "List API keys")
        .response("200", answer("The keys without their secrets, newest first.", page));
    let list = with_problems(list, &[ProblemKind::Forbidden]);
    writer.add(HttpMethod::Get, ALL, list.build());
    let input = writer.schema::<ApiKeyInput>();
    let created = writer.schema::<CreatedApiKeyAnswer>();
    let example = json!({"name": "Billing system", "permissions": ["read", "edit_billing"]});
    let create = writing(keyed(TAG, "createApiKey", "Make an API key"))
        .request_body(Some(body(input, Some(example))))
        .response("201", answer_once("The key; it is told here alone.", created));
    let create = with_problems(create, &[ProblemKind::Forbidden]);
    writer.add(HttpMethod::Post, ALL, create.build());
    let revoke = keyed(TAG, "revokeApiKey", "Revoke an API key")
        .parameter(id_parameter("The `id` of a key.".to_owned()))
        .response("204", ResponseBuilder::new().description("It is void.").build());
    let revoke = with_problems(revoke, &[ProblemKind::Forbidden, ProblemKind::NotFound]);
    writer.add(HttpMethod::Delete, "/api/v1/api-keys/{id}", revoke.build());
}

fn audit_log(writer: &mut Writer) {
    const TAG: &str = "Audit log";
    writer.tag(TAG, "Every change with who, when, from where, before and after.");
    let entry = writer.schema::<AuditAnswer>();
    let page = writer.named_schema("AuditEntryPage".to_owned(), page_schema(entry));
    let list = keyed(TAG, "listAuditEntries", "Read the audit log")
        .parameters(Some(page_parameters()))
        .parameters(Some(AuditFilterQuery::into_params(|| Some(ParameterIn::Query))))
        .response("200", answer("A page, newest first.", page));
    let list = with_problems(list, &[ProblemKind::Forbidden, ProblemKind::Malformed]);
    writer.add(HttpMethod::Get, "/api/v1/audit-log", list.build());
}
