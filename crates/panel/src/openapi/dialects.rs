//! The dialects, for those who come from the systems that speak them.

use serde_json::json;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, RefOr, Required, Response, ResponseBuilder, Schema};

use super::Writer;
use super::operations::{body, text_schema};
use crate::dialects::{treli, zenskar};

const TAG: &str = "Dialects";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer
        .tag(TAG, "Portal sessions in the words of other systems, for software written for them.");
    for path in zenskar::PATHS {
        let name = path.trim_start_matches('/').replace('/', "_");
        let create = zenskar_operation(&format!("{name}_create"));
        writer.add(HttpMethod::Post, path, create);
        let same = zenskar_operation(&format!("{name}_create_by_get"));
        writer.add(HttpMethod::Get, path, same);
    }
    writer.add(HttpMethod::Post, treli::PATH, treli_operation());
}

fn zenskar_operation(id: &str) -> utoipa::openapi::path::Operation {
    let organisation = ParameterBuilder::new()
        .name("organisation")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("The organisation's `id`, as a UUID."))
        .schema(Some(text_schema()));
    let example = json!({
        "customer_id": "063f8b97-f795-4f0b-89b4-88b114c83f44",
        "return_url": "https://acme.example",
        "idle_timeout": 86_400,
    });
    let none: [&str; 0] = [];
    let operation = OperationBuilder::new()
        .tag(TAG)
        .operation_id(Some(id))
        .summary(Some("Open a portal session (Zenskar)"))
        .description(Some(
            "`POST` is the reference's method; `GET` with the same body is taken as well, as a \
             guide's example sends it.",
        ))
        .security(SecurityRequirement::new("ApiKey", none))
        .parameter(organisation)
        .request_body(Some(body(zenskar_input(), Some(example))))
        .response("200", json_response("The session.", zenskar_answer()));
    let errors = ["401", "403", "404", "413", "422", "429", "500"];
    with_errors(operation, &errors, "`{\"detail\": …}`").build()
}

fn zenskar_input() -> Schema {
    let seconds = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .minimum(Some(60))
        .maximum(Some(86_400))
        .default(Some(json!(3_600)));
    let customer_id = text_schema()
        .description(Some("`id`, UUID or `external_id`. Needed but for guests, who have none."));
    ObjectBuilder::new()
        .property("customer_id", customer_id)
        .property("return_url", text_schema().description(Some("Where the logo leads.")))
        .property("idle_timeout", seconds)
        .property(
            "is_guest_session",
            boolean().description(Some(
                "For somebody who is no customer yet: `redirect_url` is the form of signing up.",
            )),
        )
        .property("session_key", text_schema().description(Some("Ignored.")))
        .into()
}

fn zenskar_answer() -> Schema {
    ObjectBuilder::new()
        .property("redirect_url", text_schema())
        .required("redirect_url")
        .property("session_token", text_schema())
        .required("session_token")
        .property("is_guest_session", boolean())
        .required("is_guest_session")
        .into()
}

fn treli_operation() -> utoipa::openapi::path::Operation {
    let none: [&str; 0] = [];
    let example = json!({
        "customer_email": "ana@acme.example",
        "return_url": "https://acme.example",
        "forward": "customer_invoices",
    });
    let content = || ContentBuilder::new().schema(Some(treli_input()));
    let request = RequestBodyBuilder::new()
        .content("application/json", content().example(Some(example)).build())
        .content("application/x-www-form-urlencoded", content().build())
        .required(Some(Required::True));
    let operation = OperationBuilder::new()
        .tag(TAG)
        .operation_id(Some("portal_sessions_create"))
        .summary(Some("Open a portal session (Treli)"))
        .description(Some("The link is valid for 30 minutes."))
        .security(SecurityRequirement::new("Basic", none))
        .request_body(Some(request.build()))
        .response("200", json_response("The session.", treli_answer()));
    let errors = ["400", "401", "404", "409", "413", "429", "500"];
    with_errors(operation, &errors, "`{\"code\": …, \"message\": …, \"data\": {\"status\": …}}`")
        .build()
}

fn treli_input() -> Schema {
    let forwards = ["customer_update_address", "customer_invoices", "subscription_update_payment"];
    ObjectBuilder::new()
        .property("customer_email", text_schema().description(Some("Of one customer alone.")))
        .required("customer_email")
        .property("return_url", text_schema().description(Some("Where signing out leads.")))
        .property("forward", text_schema().enum_values(Some(forwards)))
        .property(
            "subscription_id",
            ObjectBuilder::new()
                .schema_type(SchemaType::Array(vec![Type::String, Type::Integer]))
                .description(Some("`id` or `external_id`; of `subscription_update_payment`.")),
        )
        .into()
}

fn treli_answer() -> Schema {
    let nullable =
        || ObjectBuilder::new().schema_type(SchemaType::Array(vec![Type::String, Type::Null]));
    let seconds = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer));
    ObjectBuilder::new()
        .property("status", text_schema().enum_values(Some(["success"])))
        .property("customer_id", text_schema())
        .property("created", seconds().description(Some("Unix seconds.")))
        .property("valid_until", seconds().description(Some("Unix seconds.")))
        .property("return_url", nullable())
        .property("forward", nullable())
        .property("auth_url", text_schema())
        .into()
}

fn boolean() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::Boolean))
}

fn json_response(description: &str, schema: impl Into<RefOr<Schema>>) -> Response {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}

fn with_errors(operation: OperationBuilder, statuses: &[&str], form: &str) -> OperationBuilder {
    statuses.iter().fold(operation, |operation, status| {
        operation
            .response(*status, json_response(&format!("An error: {form}."), ObjectBuilder::new()))
    })
}
