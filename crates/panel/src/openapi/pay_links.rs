//! Links to pay one invoice with.

use serde_json::json;
use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::path::HttpMethod;

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_schema, with_problems, writing,
};
use crate::api::ProblemKind::{Forbidden, NotFound};
use crate::api::pay_links::{MadePayLinkAnswer, PayLinkAnswer, PayLinkInput};

const TAG: &str = "Pay links";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer.tag(TAG, "Addresses that one invoice can be paid at by whoever has them.");
    let invoice = id_parameter("The `id` or `external_id` of an invoice.".to_owned());
    let (input, made) = (writer.schema::<PayLinkInput>(), writer.schema::<MadePayLinkAnswer>());
    let make = writing(keyed(TAG, "makePayLink", "Make a pay link"))
        .description(Some(
            "Whoever has the link can see the invoice and pay what is due of it, without signing \
             in. It works while something is due, until it ends or is revoked. With `mail` it is \
             sent to the customer's contacts for bills.",
        ))
        .parameter(invoice.clone())
        .request_body(Some(body(input, Some(json!({"lifetime_days": 30})))))
        .response("201", answer_once("The link; its `url` is told here alone.", made));
    let make = with_problems(make, &[Forbidden, NotFound]);
    writer.add(HttpMethod::Post, "/api/v1/invoices/{id}/pay-link", make.build());
    let link = writer.schema::<PayLinkAnswer>();
    let page = writer.named_schema("PayLinkPage".to_owned(), page_schema(link));
    let list = keyed(TAG, "listPayLinks", "List the pay links of an invoice")
        .parameter(invoice)
        .response("200", answer("The newest 50, without their addresses.", page));
    let list = with_problems(list, &[Forbidden, NotFound]);
    writer.add(HttpMethod::Get, "/api/v1/invoices/{id}/pay-links", list.build());
    let revoke = keyed(TAG, "revokePayLink", "Revoke a pay link")
        .parameter(id_parameter("The `id` of a pay link.".to_owned()))
        .response("204", ResponseBuilder::new().description("It is off.").build());
    let revoke = with_problems(revoke, &[Forbidden, NotFound]);
    writer.add(HttpMethod::Delete, "/api/v1/pay-links/{id}", revoke.build());
}
