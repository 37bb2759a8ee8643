//! The organisation, who wants to be its customer, and who signs in for one.

use serde_json::json;
use utoipa::IntoParams as _;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, Ref, Required, ResponseBuilder};

use super::Writer;
use super::operations::{
    answer, answer_once, body, id_parameter, keyed, page_parameters, page_schema, with_problems,
    writing,
};
use crate::api::ProblemKind;
use crate::api::organisation::{OrganisationAnswer, OrganisationInput};
use crate::api::sign_ups::{SignUpAnswer, SignUpFilter, SignUpRefusalInput};
use crate::api::temporary_passwords::TemporaryPasswordInput;

const ORGANISATION: &str = "/api/v1/organisation";
const SIGN_UPS: &str = "/api/v1/sign-ups";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    organisation(writer);
    sign_ups(writer);
    password_link(writer);
    temporary_password(writer);
}

fn organisation(writer: &mut Writer) {
    const TAG: &str = "Organisation";
    writer.tag(TAG, "The organisation that the key belongs to.");
    let organisation = writer.schema::<OrganisationAnswer>();
    let read = keyed(TAG, "getOrganisation", "Read the organisation")
        .response("200", answer("The organisation.", organisation.clone()));
    let read = with_problems(read, &[ProblemKind::Forbidden]);
    writer.add(HttpMethod::Get, ORGANISATION, read.build());
    change(writer, TAG, organisation);
}

fn change(writer: &mut Writer, tag: &str, organisation: Ref) {
    let input = writer.schema::<OrganisationInput>();
    let content = ContentBuilder::new()
        .schema(Some(input))
        .example(Some(json!({"time_zone": "Europe/Madrid", "address": {"city": "Madrid"}})))
        .build();
    let request = RequestBodyBuilder::new()
        .content("application/merge-patch+json", content.clone())
        .content("application/json", content)
        .required(Some(Required::True))
        .build();
    let operation = writing(keyed(tag, "updateOrganisation", "Change the organisation"))
        .description(Some(
            "A merge patch (RFC 7396): what is left out stays as it is, `null` removes. Needs the \
             permission `edit_organisation`.",
        ))
        .request_body(Some(request))
        .response("200", answer_once("The organisation as it is now.", organisation));
    let operation = with_problems(operation, &[ProblemKind::Forbidden]);
    writer.add(HttpMethod::Patch, ORGANISATION, operation.build());
}

fn sign_ups(writer: &mut Writer) {
    const TAG: &str = "Sign-ups";
    writer.tag(TAG, "Customers that signed up where the brand asks for approval, and wait for it.");
    let sign_up = writer.schema::<SignUpAnswer>();
    let page = writer.named_schema("SignUpPage".to_owned(), page_schema(sign_up.clone()));
    let list = keyed(TAG, "listSignUps", "List the sign-ups that wait")
        .parameters(Some(page_parameters()))
        .parameters(Some(SignUpFilter::into_params(|| Some(ParameterIn::Query))))
        .response("200", answer("A page, newest first.", page));
    let list = with_problems(list, &[ProblemKind::Malformed, ProblemKind::Forbidden]);
    writer.add(HttpMethod::Get, SIGN_UPS, list.build());
    let one = |id: &str, summary: &str| {
        let operation = keyed(TAG, id, summary)
            .parameter(id_parameter("The `id` of the customer that waits.".to_owned()));
        with_problems(operation, &[ProblemKind::Forbidden, ProblemKind::NotFound])
    };
    let read = one("getSignUp", "Read a sign-up that waits")
        .response("200", answer("The sign-up.", sign_up));
    writer.add(HttpMethod::Get, &format!("{SIGN_UPS}/{{id}}"), read.build());
    let approve = done(one("approveSignUp", "Approve a sign-up")).description(Some(
        "The customer becomes active, gets what the brand's template has, and is told by mail. One \
         that was decided on is not found any more.",
    ));
    writer.add(HttpMethod::Post, &format!("{SIGN_UPS}/{{id}}/approval"), approve.build());
    let input = writer.schema::<SignUpRefusalInput>();
    let example = json!({"reason": "We do not serve your country yet."});
    let refuse = done(writing(one("refuseSignUp", "Refuse a sign-up")))
        .description(Some("The customer stays switched off, and is told why by mail."))
        .request_body(Some(body(input, Some(example))));
    writer.add(HttpMethod::Post, &format!("{SIGN_UPS}/{{id}}/refusal"), refuse.build());
}

fn password_link(writer: &mut Writer) {
    let operation = keyed("Contacts", "mailPasswordLink", "Mail a contact a link for its password")
        .description(Some(
            "The person chooses a password by it; nobody else gets to know it. Signing in is \
             switched off and on by the contact's `disabled`.",
        ))
        .parameter(id_parameter("The `id` of a contact, or its `external_id`.".to_owned()));
    let problems = [ProblemKind::Forbidden, ProblemKind::NotFound, ProblemKind::Conflict];
    let operation = with_problems(done(operation), &problems);
    writer.add(HttpMethod::Post, "/api/v1/contacts/{id}/password-link", operation.build());
}

fn temporary_password(writer: &mut Writer) {
    let input = writer.schema::<TemporaryPasswordInput>();
    let operation = keyed(
        "Contacts",
        "mailTemporaryPassword",
        "Mail a contact a temporary password",
    )
    .description(Some(
        "The password is generated, or the one that is sent. The contact gets it by mail and \
             nobody else is told: it is in no answer and no log. It works for 72 hours and for one \
             thing, to sign in and choose a password of one's own before anything is shown. \
             Sessions of the contact end, and its earlier password and links are void. Needs the \
             permission `edit_contacts`.",
    ))
    .parameter(id_parameter("The `id` of a contact, or its `external_id`.".to_owned()))
    .request_body(Some(body(input, Some(json!({})))));
    let problems = [ProblemKind::Forbidden, ProblemKind::NotFound];
    let operation = with_problems(done(writing(operation)), &problems);
    writer.add(HttpMethod::Post, "/api/v1/contacts/{id}/temporary-password", operation.build());
}

fn done(operation: OperationBuilder) -> OperationBuilder {
    operation.response("204", ResponseBuilder::new().description("Done.").build())
}
