//! Domains of brands.

use serde_json::json;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::{Ref, Required, ResponseBuilder};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_schema, text_schema, with_problems,
    writing,
};
use crate::api::ProblemKind;
use crate::api::domains::{DomainAnswer, NewDomainBody};

const TAG: &str = "Domains";
const ALL: &str = "/api/v1/brands/{id}/domains";
const ONE: &str = "/api/v1/brands/{id}/domains/{host}";
const CHECK: &str = "/api/v1/brands/{id}/domains/{host}/check";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer.tag(
        TAG,
        "The names that a brand answers on: each one proven by a CNAME record, and given a \
         certificate. Address records prove nothing and are refused.",
    );
    let domain = writer.schema::<DomainAnswer>();
    list(writer, domain.clone());
    add(writer, domain.clone());
    one(writer, domain);
}

/// An operation on domains of a brand.
fn of_brand(id: &str, summary: &str) -> OperationBuilder {
    let brand = id_parameter("The `id` of a brand.".to_owned());
    let operation = keyed(TAG, id, summary).parameter(brand);
    with_problems(operation, &[ProblemKind::Forbidden, ProblemKind::NotFound])
}

fn host() -> Parameter {
    ParameterBuilder::new()
        .name("host")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The name, as it is listed."))
        .schema(Some(text_schema()))
        .build()
}

fn list(writer: &mut Writer, domain: Ref) {
    let page = writer.named_schema("DomainPage".to_owned(), page_schema(domain));
    let list = of_brand("listDomains", "List the domains of a brand")
        .description(Some("The first one that answers is in links."))
        .response("200", answer("All of them, on one page.", page));
    writer.add(HttpMethod::Get, ALL, list.build());
}

fn add(writer: &mut Writer, domain: Ref) {
    let input = writer.schema::<NewDomainBody>();
    let add = writing(of_brand("addDomain", "Add a domain to a brand"))
        .description(Some(
            "A public name waits until its CNAME record leads to `claim.cname_target`. The DNS is \
             asked by itself from then on, and a certificate is ordered once the record is right. \
             Needs the permission `edit_brands`.",
        ))
        .request_body(Some(body(input, Some(json!({"host": "billing.acme.example"})))))
        .response("201", answer_once("It was added.", domain));
    writer.add(HttpMethod::Post, ALL, add.build());
}

fn one(writer: &mut Writer, domain: Ref) {
    let check = of_brand("checkDomain", "Look at the record of a domain now")
        .description(Some(
            "Asks the DNS at once. Where the record is right, a certificate that could not be \
             ordered is tried again. Needs the permission `edit_brands`.",
        ))
        .parameter(host())
        .response("200", answer("The domain as it is now.", domain));
    writer.add(HttpMethod::Post, CHECK, check.build());
    let remove = of_brand("removeDomain", "Take a domain away from a brand")
        .description(Some(
            "With its certificate. Whoever adds it next has to prove it by a new record. Needs \
             the permission `edit_brands`.",
        ))
        .parameter(host())
        .response("204", ResponseBuilder::new().description("It is gone.").build());
    writer.add(HttpMethod::Delete, ONE, remove.build());
}
