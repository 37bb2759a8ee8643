//! Vouchers.

use serde_json::json;
use utoipa::IntoParams as _;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterIn};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_parameters, page_schema, with_problems,
    writing,
};
use crate::api::ProblemKind::{Conflict, Forbidden, Malformed, NotFound};
use crate::api::vouchers::{
    VoucherAnswer, VoucherBatchAnswer, VoucherBatchInput, VoucherCodesAnswer, VoucherFilter,
};

const TAG: &str = "Vouchers";
const BATCHES: &str = "/api/v1/voucher-batches";
const BATCH: &str = "/api/v1/voucher-batches/{id}";
const VOUCHERS: &str = "/api/v1/vouchers";
const VOUCHER: &str = "/api/v1/vouchers/{id}";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer
        .tag(TAG, "Prepaid codes that add credit: made in batches, exported once, redeemed once.");
    batches(writer);
    one_batch(writer);
    vouchers(writer);
}

fn batches(writer: &mut Writer) {
    let batch = writer.schema::<VoucherBatchAnswer>();
    let page = writer.named_schema("VoucherBatchPage".to_owned(), page_schema(batch.clone()));
    let list = keyed(TAG, "listVoucherBatches", "List batches of vouchers")
        .parameters(Some(page_parameters()))
        .response("200", answer("A page, newest first.", page));
    let list = with_problems(list, &[Malformed, Forbidden]);
    writer.add(HttpMethod::Get, BATCHES, list.build());
    let input = writer.schema::<VoucherBatchInput>();
    let example = json!({
        "series": "SUMMER26", "count": 100, "currency": "EUR", "addition_minor": 1_000,
    });
    let make = writing(keyed(TAG, "makeVoucherBatch", "Make a batch of vouchers"))
        .request_body(Some(body(input, Some(example))))
        .response("201", answer_once("The batch, without its codes.", batch));
    let make = with_problems(make, &[Forbidden]);
    writer.add(HttpMethod::Post, BATCHES, make.build());
}

fn one(id: &str, summary: &str, what: &str) -> OperationBuilder {
    let operation = keyed(TAG, id, summary).parameter(id_parameter(what.to_owned()));
    with_problems(operation, &[Forbidden, NotFound])
}

fn one_batch(writer: &mut Writer) {
    const ID: &str = "The `id` of a batch.";
    let batch = writer.schema::<VoucherBatchAnswer>();
    let read = one("getVoucherBatch", "Read a batch of vouchers", ID)
        .response("200", answer("The batch, and how its vouchers stand.", batch.clone()));
    writer.add(HttpMethod::Get, BATCH, read.build());
    let codes = writer.schema::<VoucherCodesAnswer>();
    let export = one("exportVoucherCodes", "Export the codes of a batch", ID)
        .description(Some(
            "Once: from then on the codes are not kept, not even sealed, nor as the answer to an \
             `Idempotency-Key`: a repetition is refused. Where the answer is lost, void the batch \
             and make another one.",
        ))
        .response("200", answer("The codes; they are told here alone.", codes));
    let export = with_problems(export, &[Conflict]);
    writer.add(HttpMethod::Post, &format!("{BATCH}/export"), export.build());
    let void = one("voidVoucherBatch", "Void a batch of vouchers", ID)
        .description(Some(
            "All of its vouchers that gave no credit yet are void, also those that wait for a \
             payment.",
        ))
        .response("200", answer("The batch as it is now.", batch));
    writer.add(HttpMethod::Post, &format!("{BATCH}/void"), void.build());
}

fn vouchers(writer: &mut Writer) {
    const ID: &str = "The `id` or the serial of a voucher.";
    let voucher = writer.schema::<VoucherAnswer>();
    let page = writer.named_schema("VoucherPage".to_owned(), page_schema(voucher.clone()));
    let list = keyed(TAG, "listVouchers", "List vouchers")
        .parameters(Some(VoucherFilter::into_params(|| Some(ParameterIn::Query))))
        .response("200", answer("A page, in the order of batches and serials.", page));
    let list = with_problems(list, &[Malformed, Forbidden, NotFound]);
    writer.add(HttpMethod::Get, VOUCHERS, list.build());
    let read = one("getVoucher", "Read a voucher", ID)
        .response("200", answer("The voucher; never its code.", voucher.clone()));
    writer.add(HttpMethod::Get, VOUCHER, read.build());
    let void = one("voidVoucher", "Void a voucher", ID)
        .response("200", answer("The voucher as it is now.", voucher));
    let void = with_problems(void, &[Conflict]);
    writer.add(HttpMethod::Post, &format!("{VOUCHER}/void"), void.build());
}
