//! The whole configuration.

use portico_core::configuration::{Applied, Configuration};
use serde_json::json;
use utoipa::IntoParams as _;
use utoipa::openapi::path::HttpMethod;

use super::Writer;
use super::operations::{answer, answer_once, body, keyed, with_problems, writing};
use crate::api::ProblemKind;
use crate::api::configuration::ApplyQuery;

const TAG: &str = "Configuration";
const PATH: &str = "/api/v1/configuration";
const NEEDS: &str = "Needs the permissions `read`, `edit_organisation` and `edit_brands`.";

/// Adds the operations.
pub fn write(writer: &mut Writer) {
    writer.tag(TAG, "All settings of the organisation and its brands, as one document.");
    let document = writer.schema::<Configuration>();
    let read = keyed(TAG, "getConfiguration", "Read the whole configuration")
        .description(Some(format!("{NEEDS} Secrets are none of it.")))
        .response("200", answer("The configuration.", document.clone()));
    let read = with_problems(read, &[ProblemKind::Forbidden, ProblemKind::Busy]);
    writer.add(HttpMethod::Get, PATH, read.build());
    let example = json!({
        "format": 1,
        "brands": [{
            "name": "Acme",
            "domains": ["billing.acme.example"],
            "looks": {"accent": "#2f5bea"},
        }],
    });
    let applied = writer.schema::<Applied>();
    let apply = writing(keyed(TAG, "applyConfiguration", "Apply a configuration"))
        .description(Some(format!(
            "{NEEDS} All of it is applied, or nothing. A table that is left out stays as it is; in \
             one that is there, what is left out has its default. Brands, domains, gateways and \
             mail servers are removed only with `remove`. To change gateways takes the permission \
             `edit_gateways` as well. Sending the same again changes nothing."
        )))
        .parameters(Some(ApplyQuery::into_params(|| None)))
        .request_body(Some(body(document, Some(example))))
        .response("200", answer_once("What differs.", applied));
    let apply = with_problems(apply, &[ProblemKind::Forbidden, ProblemKind::Busy]);
    writer.add(HttpMethod::Put, PATH, apply.build());
}
