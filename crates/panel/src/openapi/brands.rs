//! Brands.

use serde_json::json;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, Ref, Required, ResponseBuilder};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_schema, with_problems, writing,
};
use crate::api::ProblemKind;
use crate::api::brands::{BrandAnswer, NewBrandInput};

const TAG: &str = "Brands";
const ALL: &str = "/api/v1/brands";
const ONE: &str = "/api/v1/brands/{id}";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer.tag(TAG, "The portals of the organisation: what each one shows, and to whom.");
    let brand = writer.schema::<BrandAnswer>();
    list(writer, brand.clone());
    create(writer, brand.clone());
    one(writer, brand);
}

fn list(writer: &mut Writer, brand: Ref) {
    let page = writer.named_schema("BrandPage".to_owned(), page_schema(brand));
    let list = keyed(TAG, "listBrands", "List the brands")
        .response("200", answer("All brands, on one page.", page));
    writer.add(HttpMethod::Get, ALL, list.build());
}

fn create(writer: &mut Writer, brand: Ref) {
    let input = writer.schema::<NewBrandInput>();
    let example = json!({
        "host": "billing.acme.example",
        "name": "Acme",
        "default_language": "es",
        "return_origins": ["https://acme.example"],
        "sign_up": {"customers": true, "currencies": ["EUR"]},
        "hidden_sections": ["contracts"],
    });
    let operation = writing(keyed(TAG, "createBrand", "Create a brand"))
        .description(Some("Needs the permission `edit_brands`."))
        .request_body(Some(body(input, Some(example))))
        .response("201", answer_once("It was created.", brand));
    let operation = with_problems(operation, &[ProblemKind::Forbidden]);
    writer.add(HttpMethod::Post, ALL, operation.build());
}

fn one(writer: &mut Writer, brand: Ref) {
    let id = id_parameter("The `id` of a brand.".to_owned());
    let read = keyed(TAG, "getBrand", "Read a brand")
        .parameter(id.clone())
        .response("200", answer("The brand.", brand.clone()));
    let read = with_problems(read, &[ProblemKind::NotFound]);
    writer.add(HttpMethod::Get, ONE, read.build());
    change(writer, brand, id.clone());
    let remove = keyed(TAG, "removeBrand", "Remove a brand")
        .description(Some(
            "With its hosts, looks, mails and texts. Only one without customers that is not the \
             default one; needs the permission `edit_brands`.",
        ))
        .parameter(id)
        .response("204", ResponseBuilder::new().description("It is gone.").build());
    let problems = [ProblemKind::NotFound, ProblemKind::Conflict, ProblemKind::Forbidden];
    writer.add(HttpMethod::Delete, ONE, with_problems(remove, &problems).build());
}

fn change(writer: &mut Writer, brand: Ref, id: utoipa::openapi::path::Parameter) {
    // A part of the settings, so that nothing in it is required: described, not typed.
    let part = utoipa::openapi::ObjectBuilder::new()
        .description(Some("Any of the settings of a brand; `null` brings the default back."))
        .build();
    let content = ContentBuilder::new()
        .schema(Some(part))
        .example(Some(json!({"hidden_sections": ["contracts", "exports"]})))
        .build();
    let request = RequestBodyBuilder::new()
        .content("application/merge-patch+json", content.clone())
        .content("application/json", content)
        .required(Some(Required::True))
        .build();
    let operation = writing(keyed(TAG, "updateBrand", "Change a brand"))
        .description(Some(
            "A merge patch (RFC 7396) of its settings: what is left out stays as it is. Hosts and \
             looks have operations of their own. Needs the permission `edit_brands`.",
        ))
        .parameter(id)
        .request_body(Some(request))
        .response("200", answer_once("The brand as it is now.", brand));
    let problems = [ProblemKind::NotFound, ProblemKind::Forbidden];
    writer.add(HttpMethod::Patch, ONE, with_problems(operation, &problems).build());
}
