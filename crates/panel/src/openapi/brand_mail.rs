//! How brands mail, and their own words.

use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::{Required, ResponseBuilder};

use super::Writer;
use super::operations::{
    answer, body, id_parameter, keyed, page_schema, text_schema, with_problems, writing,
};
use crate::api::ProblemKind;
use crate::api::brand_mail::{
    MailTemplateAnswer, SmtpAnswer, SmtpBody, TrialAnswer, TrialBody, WordingBody,
};
use crate::api::brand_texts::{TextAnswer, TextBody};

const TAG: &str = "Brand mail and texts";
const SMTP: &str = "/api/v1/brands/{id}/smtp";
const TEST: &str = "/api/v1/brands/{id}/smtp/test";
const MAILS: &str = "/api/v1/brands/{id}/mail-templates";
const MAIL: &str = "/api/v1/brands/{id}/mail-templates/{kind}/{language}";
const TEXTS: &str = "/api/v1/brands/{id}/texts";
const TEXT: &str = "/api/v1/brands/{id}/texts/{language}/{key}";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer.tag(TAG, "A brand's own mail server, and its own words for mails and for the portal.");
    smtp(writer);
    mails(writer);
    texts(writer);
}

/// An operation on something of a brand.
fn of_brand(id: &str, summary: &str) -> OperationBuilder {
    let operation = keyed(TAG, id, summary).parameter(id_parameter("The brand.".to_owned()));
    with_problems(operation, &[ProblemKind::Forbidden, ProblemKind::NotFound])
}

fn named(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(text_schema()))
        .build()
}

fn done(operation: OperationBuilder) -> OperationBuilder {
    operation.response("204", ResponseBuilder::new().description("Done.").build())
}

fn smtp(writer: &mut Writer) {
    let server = writer.schema::<SmtpAnswer>();
    let input = writer.schema::<SmtpBody>();
    let read = of_brand("getBrandSmtp", "Read a brand's mail server")
        .response("200", answer("The server; never its password.", server.clone()));
    writer.add(HttpMethod::Get, SMTP, read.build());
    let save = writing(of_brand("saveBrandSmtp", "Give a brand a mail server"))
        .request_body(Some(body(input, None)))
        .response("200", answer("The server as it is now.", server));
    writer.add(HttpMethod::Put, SMTP, save.build());
    let remove = done(of_brand("removeBrandSmtp", "Take a brand's mail server away"));
    writer.add(HttpMethod::Delete, SMTP, remove.build());
    let input = writer.schema::<TrialBody>();
    let result = writer.schema::<TrialAnswer>();
    let test = writing(of_brand("testBrandSmtp", "Send a test mail"))
        .description(Some(
            "Sends a mail at once by these settings, stored or not. The answer comes within 15 \
             seconds. Servers that are not on the public internet are not connected to, unless \
             the installation allows their network.",
        ))
        .request_body(Some(body(input, None)))
        .response("200", answer("What came of it.", result));
    writer.add(HttpMethod::Post, TEST, test.build());
}

fn mails(writer: &mut Writer) {
    let mail = writer.schema::<MailTemplateAnswer>();
    let page = writer.named_schema("MailTemplatePage".to_owned(), page_schema(mail));
    let list = of_brand("listMailTemplates", "List mails and their words")
        .response("200", answer("All mails in all languages, on one page.", page));
    writer.add(HttpMethod::Get, MAILS, list.build());
    let which = |operation: OperationBuilder| {
        operation
            .parameter(named("kind", "The kind of mail: `sign-in-link`."))
            .parameter(named("language", "The language: `en`."))
    };
    let wording = writer.schema::<WordingBody>();
    let save = writing(which(of_brand("saveMailTemplate", "Put a mail into a brand's own words")))
        .request_body(Some(body(wording, None)));
    writer.add(HttpMethod::Put, MAIL, done(save).build());
    let reset = which(of_brand("resetMailTemplate", "Give a mail its shipped words back"));
    writer.add(HttpMethod::Delete, MAIL, done(reset).build());
}

fn texts(writer: &mut Writer) {
    let text = writer.schema::<TextAnswer>();
    let page = writer.named_schema("BrandTextPage".to_owned(), page_schema(text));
    let list = of_brand("listBrandTexts", "List the texts in a brand's own words")
        .response("200", answer("All of them, on one page.", page));
    writer.add(HttpMethod::Get, TEXTS, list.build());
    let which = |operation: OperationBuilder| {
        operation
            .parameter(named("language", "The language: `en`."))
            .parameter(named("key", "The key of the text: `nav-invoices`."))
    };
    let input = writer.schema::<TextBody>();
    let save = writing(which(of_brand("saveBrandText", "Put a text into a brand's own words")))
        .request_body(Some(body(input, None)));
    writer.add(HttpMethod::Put, TEXT, done(save).build());
    let reset = which(of_brand("resetBrandText", "Give a text its shipped words back"));
    writer.add(HttpMethod::Delete, TEXT, done(reset).build());
}
