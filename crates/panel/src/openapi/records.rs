//! The six operations of every kind of record.

use portico_core::records::{BatchOutcome, Record};
use utoipa::IntoParams as _;
use utoipa::openapi::path::{HttpMethod, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, Ref, Required};

use super::Writer;
use super::operations::{
    answer, answer_once, batch_answer_schema, batch_schema, body, id_parameter, keyed,
    page_parameters, page_schema, with_problems, writing,
};
use crate::api::ProblemKind;
use crate::nouns::Visitor;

/// The names of one kind of record in the document.
struct Names {
    tag: String,
    singular: String,
    plural: String,
    /// `CreditNote`, for identifiers.
    camel: String,
    all: String,
    one: String,
    input: Ref,
    output: Ref,
}

impl Visitor for Writer {
    fn visit<R: Record>(&mut self) {
        let plural = R::PLURAL.replace('-', " ");
        let names = Names {
            tag: capitalised(&plural),
            singular: with_article(R::SINGULAR),
            camel: R::SINGULAR.split(' ').map(capitalised).collect(),
            all: format!("/api/v1/{}", R::PLURAL),
            one: format!("/api/v1/{}/{{id}}", R::PLURAL),
            input: self.schema::<R::Input>(),
            output: self.schema::<R::Output>(),
            plural,
        };
        self.tag(&names.tag, &format!("The {} of the organisation.", names.plural));
        self.create(&names);
        self.list::<R>(&names);
        self.batch(&names);
        self.find(&names);
        self.replace(&names);
        self.patch(&names);
    }
}

impl Writer {
    fn create(&mut self, names: &Names) {
        let id = format!("create{}", names.camel);
        let summary = format!("Create {}, or update the one with this external_id", names.singular);
        let operation = writing(keyed(&names.tag, &id, &summary))
            .request_body(Some(body(names.input.clone(), None)))
            .response("201", answer_once("It was created.", names.output.clone()))
            .response(
                "200",
                answer_once("It was updated, or was so already.", names.output.clone()),
            );
        self.add(HttpMethod::Post, &names.all, operation.build());
    }

    fn list<R: Record>(&mut self, names: &Names) {
        let page = format!("{}Page", names.camel);
        let page = self.named_schema(page, page_schema(names.output.clone()));
        let operation =
            keyed(&names.tag, &format!("list{}", names.camel), &format!("List {}", names.plural))
                .parameters(Some(page_parameters()))
                .parameters(Some(R::Filter::into_params(|| Some(ParameterIn::Query))))
                .response("200", answer("A page, newest first.", page));
        let operation = with_problems(operation, &[ProblemKind::Malformed]);
        self.add(HttpMethod::Get, &names.all, operation.build());
    }

    fn find(&mut self, names: &Names) {
        let summary = format!("Read {}", names.singular);
        let operation = keyed(&names.tag, &format!("get{}", names.camel), &summary)
            .parameter(names.id())
            .response("200", answer("The record.", names.output.clone()));
        let operation = with_problems(operation, &[ProblemKind::NotFound]);
        self.add(HttpMethod::Get, &names.one, operation.build());
    }

    fn replace(&mut self, names: &Names) {
        let summary = format!("Replace {}", names.singular);
        let operation = writing(keyed(&names.tag, &format!("replace{}", names.camel), &summary))
            .description(Some("The record becomes what is sent; what is left out is removed."))
            .parameter(names.id())
            .request_body(Some(body(names.input.clone(), None)))
            .response("200", answer_once("The record as it is now.", names.output.clone()));
        let operation = with_problems(operation, &[ProblemKind::NotFound]);
        self.add(HttpMethod::Put, &names.one, operation.build());
    }

    fn patch(&mut self, names: &Names) {
        let id = format!("update{}", names.camel);
        // A part of the input, so that nothing in it is required: described, not typed.
        let part = utoipa::openapi::ObjectBuilder::new()
            .description(Some("Any of the fields of the record; `null` removes one."))
            .build();
        let content = ContentBuilder::new().schema(Some(part)).build();
        let request = RequestBodyBuilder::new()
            .content("application/merge-patch+json", content.clone())
            .content("application/json", content)
            .required(Some(Required::True))
            .build();
        let operation = writing(keyed(&names.tag, &id, &format!("Change {}", names.singular)))
            .description(Some("A merge patch (RFC 7396): what is left out stays as it is."))
            .parameter(names.id())
            .request_body(Some(request))
            .response("200", answer_once("The record as it is now.", names.output.clone()));
        let operation = with_problems(operation, &[ProblemKind::NotFound]);
        self.add(HttpMethod::Patch, &names.one, operation.build());
    }

    fn batch(&mut self, names: &Names) {
        let summary = self.schema::<BatchOutcome>();
        let line = format!("{}BatchAnswer", names.camel);
        let result = batch_answer_schema(names.output.clone(), summary);
        let result = self.named_schema(line, result);
        let id = format!("create{}Batch", names.camel);
        let text = format!("Create or update up to 1,000 {}", names.plural);
        let operation = writing(keyed(&names.tag, &id, &text))
            .description(Some(
                "Each record is taken or refused by itself: the good ones go in, each bad one says \
                 why not.",
            ))
            .request_body(Some(body(batch_schema(names.input.clone()), None)))
            .response("200", answer_once("What became of each record.", result));
        let operation = with_problems(operation, &[ProblemKind::Busy]);
        self.add(HttpMethod::Post, &format!("{}/batch", names.all), operation.build());
    }
}

impl Names {
    fn id(&self) -> utoipa::openapi::path::Parameter {
        id_parameter(format!("The `id` of {}, or its `external_id`.", self.singular))
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
