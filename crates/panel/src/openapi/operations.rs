//! The parts that operations have in common.

use portico_core::records::MAX_BATCH;
use serde_json::{Value, json};
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, Ref, RefOr, Required, Response, ResponseBuilder,
};

use crate::api::ProblemKind;
use crate::api::problem::PROBLEM_JSON;

/// An operation of the Management API: by key, with the problems that any request can meet.
pub fn keyed(tag: &str, id: &str, summary: &str) -> OperationBuilder {
    let none: [&str; 0] = [];
    let operation = OperationBuilder::new()
        .tag(tag)
        .operation_id(Some(id))
        .summary(Some(summary))
        .security(SecurityRequirement::new("ApiKey", none))
        .security(SecurityRequirement::new("Bearer", none));
    let common = [ProblemKind::Unauthenticated, ProblemKind::TooMany, ProblemKind::Internal];
    with_problems(operation, &common)
}

/// The problems that a request with a body of JSON can meet, and its `Idempotency-Key`.
pub fn writing(operation: OperationBuilder) -> OperationBuilder {
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "1 to 255 visible ASCII characters. The same request with the same key is done once \
             and answered alike, with `Idempotent-Replayed: true`.",
        ))
        .schema(Some(text_schema().min_length(Some(1)).max_length(Some(255))))
        .build();
    let problems = [
        ProblemKind::Malformed,
        ProblemKind::Conflict,
        ProblemKind::TooLarge,
        ProblemKind::UnsupportedMediaType,
        ProblemKind::Invalid,
    ];
    with_problems(operation.parameter(key), &problems)
}

/// Adds responses with problem details.
pub fn with_problems(operation: OperationBuilder, kinds: &[ProblemKind]) -> OperationBuilder {
    kinds.iter().fold(operation, |operation, kind| {
        let reference = Ref::from_response_name(response_name(*kind));
        operation.response(kind.status().as_str(), RefOr::<Response>::Ref(reference))
    })
}

/// A response with JSON.
pub fn answer(description: &str, schema: impl Into<RefOr<Schema>>) -> Response {
    response(description, schema).build()
}

/// A response with JSON to a request that can have an `Idempotency-Key`.
pub fn answer_once(description: &str, schema: impl Into<RefOr<Schema>>) -> Response {
    let replayed = HeaderBuilder::new()
        .schema(Some(text_schema().enum_values(Some(["true"]))))
        .description(Some("The answer is the one that was given to this Idempotency-Key before."))
        .build();
    response(description, schema).header("Idempotent-Replayed", replayed).build()
}

fn response(description: &str, schema: impl Into<RefOr<Schema>>) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content("application/json", content)
}

/// A body of JSON.
pub fn body(schema: impl Into<RefOr<Schema>>, example: Option<Value>) -> RequestBody {
    let content = ContentBuilder::new().schema(Some(schema)).example(example).build();
    RequestBodyBuilder::new()
        .content("application/json", content)
        .required(Some(Required::True))
        .build()
}

/// `{id}` of a path.
pub fn id_parameter(description: String) -> Parameter {
    ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(text_schema()))
        .build()
}

/// `limit` and `cursor` of a list.
pub fn page_parameters() -> [Parameter; 2] {
    let limit = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .minimum(Some(1))
        .maximum(Some(200))
        .default(Some(json!(50)));
    let limit = ParameterBuilder::new()
        .name("limit")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("Most records of the page."))
        .schema(Some(limit));
    let cursor = ParameterBuilder::new()
        .name("cursor")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("`next_cursor` of the page before."))
        .schema(Some(text_schema()));
    [limit.build(), cursor.build()]
}

/// `{"data": […], "next_cursor": …}`.
pub fn page_schema(item: Ref) -> Schema {
    let nullable = SchemaType::Array(vec![Type::String, Type::Null]);
    let cursor = ObjectBuilder::new()
        .schema_type(nullable)
        .description(Some("`cursor` of the next page; `null` on the last one."));
    ObjectBuilder::new()
        .property("data", ArrayBuilder::new().items(item))
        .required("data")
        .property("next_cursor", cursor)
        .required("next_cursor")
        .into()
}

/// The body of a batch: `{"data": […]}`.
pub fn batch_schema(item: Ref) -> Schema {
    let data = ArrayBuilder::new().items(item).max_items(Some(MAX_BATCH));
    ObjectBuilder::new().property("data", data).required("data").into()
}

/// The answer to a batch, of records of this kind.
pub fn batch_answer_schema(record: Ref, summary: Ref) -> Schema {
    let index = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .minimum(Some(0))
        .description(Some("Which record of the request, from 0."));
    let status = text_schema().enum_values(Some(["created", "updated", "unchanged", "rejected"]));
    let line = ObjectBuilder::new()
        .property("index", index)
        .required("index")
        .property("status", status)
        .required("status")
        .property("id", text_schema())
        .property("record", record)
        .property("error", Ref::from_schema_name("Problem"));
    ObjectBuilder::new()
        .property("data", ArrayBuilder::new().items(line))
        .required("data")
        .property("summary", summary)
        .required("summary")
        .into()
}

/// A text.
pub fn text_schema() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

/// The name of a problem's response among the components: `NotFound`.
pub fn response_name(kind: ProblemKind) -> String {
    format!("{kind:?}")
}

/// The response with this problem.
pub fn problem_response(kind: ProblemKind) -> Response {
    let example = json!({
        "type": format!("/api/docs#problem-{}", kind.slug()),
        "title": kind.title(),
        "status": kind.status().as_u16(),
        "detail": kind.title(),
    });
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(Some(example))
        .build();
    let description = format!("{}. {}", kind.title(), kind.meaning());
    let response = ResponseBuilder::new().description(description).content(PROBLEM_JSON, content);
    if !matches!(kind, ProblemKind::TooMany | ProblemKind::Busy) {
        return response.build();
    }
    let seconds = HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer))))
        .description(Some("Seconds to wait."))
        .build();
    response.header("Retry-After", seconds).build()
}
