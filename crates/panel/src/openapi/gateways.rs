//! Payment gateways.

use serde_json::json;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, Required, ResponseBuilder};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_schema, with_problems, writing,
};
use crate::api::ProblemKind::{Conflict, Forbidden, NotFound, TooMany};
use crate::api::gateways::{GatewayAnswer, GatewayTestAnswer};

const TAG: &str = "Gateways";
const ALL: &str = "/api/v1/gateways";
const ONE: &str = "/api/v1/gateways/{id}";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer.tag(TAG, "The organisation's accounts at payment providers.");
    let gateway = writer.schema::<GatewayAnswer>();
    all(writer, gateway.clone());
    one(writer, gateway);
}

fn all(writer: &mut Writer, gateway: Ref) {
    let page = writer.named_schema("GatewayPage".to_owned(), page_schema(gateway.clone()));
    let list = keyed(TAG, "listGateways", "List the payment gateways")
        .response("200", answer("All, in the order in which customers read them.", page));
    writer.add(HttpMethod::Get, ALL, with_problems(list, &[Forbidden]).build());
    let input = writer.schema::<portico_core::gateways::GatewayInput>();
    let example = json!({
        "provider": "stripe",
        "name": "Card",
        "test": true,
        "currencies": [{"currency": "EUR", "surcharge_percent": "1.5"}],
        "settings": {"secret_key": "sk_test_4eC39HqLyjWDarjtT1zdp7dc"},
    });
    let create = writing(keyed(TAG, "createGateway", "Create a payment gateway"))
        .description(Some(
            "The address to enter at the provider is in the answer; what the provider gives for it \
             is sent by a change, which can enable the gateway as well. Needs the permission \
             `edit_gateways`.",
        ))
        .request_body(Some(body(input, Some(example))))
        .response("201", answer_once("It was created.", gateway));
    writer.add(HttpMethod::Post, ALL, with_problems(create, &[Forbidden]).build());
}

fn one(writer: &mut Writer, gateway: Ref) {
    let id = id_parameter("The `id` of a gateway.".to_owned());
    let read = keyed(TAG, "getGateway", "Read a payment gateway")
        .parameter(id.clone())
        .response("200", answer("The gateway, without its secrets.", gateway.clone()));
    writer.add(HttpMethod::Get, ONE, with_problems(read, &[Forbidden, NotFound]).build());
    let content = ContentBuilder::new()
        .schema(Some(
            ObjectBuilder::new()
                .description(Some("Any part of a gateway; `null` brings the default back."))
                .build(),
        ))
        .example(Some(json!({"name": "Card", "deducts_fees": true})))
        .build();
    let request = RequestBodyBuilder::new()
        .content("application/merge-patch+json", content.clone())
        .content("application/json", content)
        .required(Some(Required::True))
        .build();
    let change = writing(keyed(TAG, "updateGateway", "Change a payment gateway"))
        .description(Some(
            "A merge patch (RFC 7396): what is left out stays as it is, secrets above all. Where \
             an address of the provider changes, they must be sent again. Needs the permission \
             `edit_gateways`.",
        ))
        .parameter(id.clone())
        .request_body(Some(request))
        .response("200", answer_once("The gateway as it is now.", gateway));
    writer.add(HttpMethod::Patch, ONE, with_problems(change, &[Forbidden, NotFound]).build());
    let remove = keyed(TAG, "deleteGateway", "Remove a payment gateway")
        .description(Some("Only one that nothing was paid by; any other can be disabled."))
        .parameter(id.clone())
        .response("204", ResponseBuilder::new().description("It is gone.").build());
    let remove = with_problems(remove, &[Forbidden, NotFound, Conflict]);
    writer.add(HttpMethod::Delete, ONE, remove.build());
    let tested = writer.schema::<GatewayTestAnswer>();
    let test = keyed(TAG, "testGateway", "Test a payment gateway")
        .description(Some("Asks the provider whether the settings are good; nothing is moved."))
        .parameter(id)
        .response("200", answer("What the provider says.", tested));
    let test = with_problems(test, &[Forbidden, NotFound, TooMany]);
    writer.add(HttpMethod::Post, &format!("{ONE}/test"), test.build());
}
