//! Giving payments back.

use portico_core::refunds::RefundInput;
use serde_json::json;
use utoipa::openapi::path::HttpMethod;

use super::Writer;
use super::operations::{answer_once, body, id_parameter, keyed, with_problems, writing};
use crate::api::ProblemKind::{Forbidden, NotFound};
use crate::api::payments::RefundAnswer;

/// Adds the operation.
pub fn write(writer: &mut Writer) {
    let (input, answer) = (writer.schema::<RefundInput>(), writer.schema::<RefundAnswer>());
    let example = json!({ "amount_minor": 2_500, "to": "method", "reason": "Returned" });
    let refund = writing(keyed("Payments", "refundPayment", "Give a payment back"))
        .description(Some(
            "To the method: the gateway that the payment went through is asked, once, and is asked \
             again how it stands until that is known. To the balance: no money moves, but what the \
             payment settled is due again, and the amount is credit of the customer. Refunds that \
             were made elsewhere are recorded as payments of the kind `refund`. Needs the \
             permission `edit_billing`.",
        ))
        .parameter(id_parameter("The `id` or the `external_id` of a payment.".to_owned()))
        .request_body(Some(body(input, Some(example))))
        .response("201", answer_once("How it stands; a refusal of the gateway is one.", answer));
    let refund = with_problems(refund, &[Forbidden, NotFound]);
    writer.add(HttpMethod::Post, "/api/v1/payments/{id}/refund", refund.build());
}
