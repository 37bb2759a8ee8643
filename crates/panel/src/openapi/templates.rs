//! Templates of the portal that brands replace.

use serde_json::json;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::{Required, ResponseBuilder};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_schema, text_schema, with_problems,
    writing,
};
use crate::api::ProblemKind;
use crate::api::templates::{TemplateAnswer, TemplateBody, TemplateTextsAnswer};

const TAG: &str = "Templates";
const ALL: &str = "/api/v1/brands/{id}/templates";
const ONE: &str = "/api/v1/brands/{id}/templates/{name}";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer.tag(
        TAG,
        "Pages of the portal that a brand replaces as a whole. Only where whoever runs the \
         program named a folder for them (`templates.dir`), and allowed it for changes \
         (`templates.edit_by_api`); a conflict says what is missing.",
    );
    let template = writer.schema::<TemplateAnswer>();
    let page = writer.named_schema("BrandTemplatePage".to_owned(), page_schema(template));
    let list = of_brand("listBrandTemplates", "List the templates of a brand")
        .description(Some("All that can be replaced; `state` says which ones are, and how."))
        .response("200", answer("All of them, on one page.", page));
    writer.add(HttpMethod::Get, ALL, list.build());
    let texts = writer.schema::<TemplateTextsAnswer>();
    let read = of_brand("getBrandTemplate", "Read a template of a brand")
        .parameter(name())
        .response("200", answer("The template with its texts.", texts.clone()));
    writer.add(HttpMethod::Get, ONE, read.build());
    let input = writer.schema::<TemplateBody>();
    let example = json!({"text": "{% extends \"layouts/entry.html\" %}"});
    let save = writing(of_brand("saveBrandTemplate", "Replace a template for a brand"))
        .description(Some(
            "Every page is rendered with it first, in every state and language; where one fails, \
             nothing is changed and `errors` names the line and the reason.",
        ))
        .parameter(name())
        .request_body(Some(body(input, Some(example))))
        .response("200", answer_once("The template as it is now.", texts));
    writer.add(HttpMethod::Put, ONE, save.build());
    let remove = of_brand("removeBrandTemplate", "Give a brand the shipped template back")
        .parameter(name())
        .response("204", ResponseBuilder::new().description("Done.").build());
    writer.add(HttpMethod::Delete, ONE, remove.build());
}

fn of_brand(id: &str, summary: &str) -> OperationBuilder {
    let operation = keyed(TAG, id, summary).parameter(id_parameter("The brand.".to_owned()));
    let problems = [ProblemKind::Forbidden, ProblemKind::NotFound, ProblemKind::Conflict];
    with_problems(operation, &problems)
}

fn name() -> Parameter {
    ParameterBuilder::new()
        .name("name")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(
            "The name of the template: `portal/invoices/list.html`. Its slashes may be sent as \
             they are, or encoded.",
        ))
        .schema(Some(text_schema()))
        .build()
}
