//! Looks of brands, and the pictures that they show.

use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_schema, with_problems, writing,
};
use crate::api::ProblemKind;
use crate::api::files::{FileAnswer, FileBody};
use crate::api::looks::{BaseBody, DraftBody, LooksAnswer, RollBackBody};

const LOOKS: &str = "/api/v1/brands/{id}/looks";
const FILES: &str = "/api/v1/files";
const FILE: &str = "/api/v1/files/{id}";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    looks(writer);
    files(writer);
}

fn allowed(operation: OperationBuilder) -> OperationBuilder {
    with_problems(operation, &[ProblemKind::Forbidden, ProblemKind::NotFound])
}

fn done(operation: OperationBuilder) -> OperationBuilder {
    operation.response("204", ResponseBuilder::new().description("Done.").build())
}

fn looks(writer: &mut Writer) {
    const TAG: &str = "Looks";
    writer.tag(TAG, "Colours, pictures, style sheet and script of a brand: drafted, published.");
    let state = writer.schema::<LooksAnswer>();
    let of = |id: &str, summary: &str| {
        allowed(keyed(TAG, id, summary).parameter(id_parameter("The brand.".to_owned())))
    };
    let read = of("getBrandLooks", "Read a brand's looks")
        .response("200", answer("The draft, or what is published.", state.clone()));
    writer.add(HttpMethod::Get, LOOKS, read.build());
    let input = writer.schema::<DraftBody>();
    let save = writing(of("saveBrandLooks", "Save the draft of a brand's looks"))
        .request_body(Some(body(input, None)))
        .response("200", answer_once("The looks as they are now.", state.clone()));
    writer.add(HttpMethod::Put, LOOKS, save.build());
    let discard = done(of("discardBrandLooks", "Throw the draft of a brand's looks away"));
    let discard = with_problems(discard, &[ProblemKind::Conflict]);
    writer.add(HttpMethod::Delete, LOOKS, discard.build());
    let input = writer.schema::<BaseBody>();
    let publish = writing(of("publishBrandLooks", "Show the draft to the brand's customers"))
        .request_body(Some(body(input, None)))
        .response("200", answer_once("The looks as they are now.", state.clone()));
    writer.add(HttpMethod::Post, &format!("{LOOKS}/publish"), publish.build());
    let input = writer.schema::<RollBackBody>();
    let roll_back = writing(of("rollBackBrandLooks", "Show an earlier version again"))
        .request_body(Some(body(input, None)))
        .response("200", answer_once("The looks as they are now.", state));
    writer.add(HttpMethod::Post, &format!("{LOOKS}/roll-back"), roll_back.build());
}

fn files(writer: &mut Writer) {
    const TAG: &str = "Files";
    writer.tag(TAG, "Pictures of the organisation, for its brands to show.");
    let file = writer.schema::<FileAnswer>();
    let page = writer.named_schema("FilePage".to_owned(), page_schema(file.clone()));
    let list = keyed(TAG, "listFiles", "List pictures")
        .response("200", answer("All pictures, on one page, newest first.", page));
    let list = with_problems(list, &[ProblemKind::Forbidden]);
    writer.add(HttpMethod::Get, FILES, list.build());
    let input = writer.schema::<FileBody>();
    let create = writing(keyed(TAG, "uploadFile", "Upload a picture"))
        .description(Some(
            "The picture is decoded and drawn anew; what was sent is not kept. It can be sent as \
             `multipart/form-data` as well, with the fields `file` and `kind`.",
        ))
        .request_body(Some(body(input, None)))
        .response("201", answer_once("The picture.", file.clone()));
    let create = with_problems(create, &[ProblemKind::Forbidden]);
    writer.add(HttpMethod::Post, FILES, create.build());
    let of = |id: &str, summary: &str| {
        allowed(keyed(TAG, id, summary).parameter(id_parameter("The picture.".to_owned())))
    };
    let read = of("getFile", "Read what is known of a picture")
        .response("200", answer("The picture.", file));
    writer.add(HttpMethod::Get, FILE, read.build());
    let remove = done(of("removeFile", "Remove a picture that nothing shows"));
    let remove = with_problems(remove, &[ProblemKind::Conflict]);
    writer.add(HttpMethod::Delete, FILE, remove.build());
}
