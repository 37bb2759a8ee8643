//! Settling invoices by credit.

use portico_core::{CreditInput, CreditUseOutput};
use serde_json::json;
use utoipa::openapi::path::HttpMethod;

use super::Writer;
use super::operations::{answer_once, body, id_parameter, keyed, with_problems, writing};
use crate::api::ProblemKind::{Forbidden, NotFound};

/// Adds the operation.
pub fn write(writer: &mut Writer) {
    let (input, answer) = (writer.schema::<CreditInput>(), writer.schema::<CreditUseOutput>());
    let settle = writing(keyed("Invoices", "settleInvoiceByCredit", "Settle an invoice by credit"))
        .description(Some(
            "Uses credit of the invoice's customer in its currency: payments that settle nothing \
             yet, credit notes for no invoice, redeemed vouchers, and what settles an invoice \
             beyond its amount. The oldest credit is used first. No money moves, and nothing is \
             used beyond what is there. Needs the permission `edit_billing`.",
        ))
        .parameter(id_parameter("The `id` or the `external_id` of an invoice.".to_owned()))
        .request_body(Some(body(input, Some(json!({ "amount_minor": 2_500 })))))
        .response("201", answer_once("What was settled, and by what.", answer));
    let settle = with_problems(settle, &[Forbidden, NotFound]);
    writer.add(HttpMethod::Post, "/api/v1/invoices/{id}/credit", settle.build());
}
