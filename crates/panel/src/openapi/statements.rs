//! Statements of account.

use utoipa::IntoParams as _;
use utoipa::openapi::path::{HttpMethod, ParameterIn};
use utoipa::openapi::{ContentBuilder, ResponseBuilder};

use super::Writer;
use super::operations::{id_parameter, keyed, text_schema, with_problems};
use crate::api::ProblemKind::{Forbidden, Invalid, Malformed, NotFound};
use crate::api::statements::StatementOptions;

const TAG: &str = "Statements";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    const PDF: &str = "application/pdf";
    writer.tag(TAG, "What moved a customer's balance, and what is open by age, on paper.");
    let content = text_schema().content_media_type(PDF);
    let content = ContentBuilder::new().schema(Some(content)).build();
    let paper = ResponseBuilder::new()
        .description("The statement, in the customer's language and with the looks of its brand.")
        .content(PDF, content)
        .build();
    let read = keyed(TAG, "getStatement", "Print a statement of account")
        .description(Some(
            "Opening and closing balance, each movement with the balance after it, and the open \
             invoices by age as of today. At most 5,000 movements.",
        ))
        .parameter(id_parameter("The `id` or `external_id` of a customer.".to_owned()))
        .parameters(Some(StatementOptions::into_params(|| Some(ParameterIn::Query))))
        .response("200", paper);
    let read = with_problems(read, &[Malformed, Forbidden, NotFound, Invalid]);
    writer.add(HttpMethod::Get, "/api/v1/customers/{id}/statement.pdf", read.build());
}
