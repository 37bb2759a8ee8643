//! The OpenAPI 3.1 document, made from the types and routes that the code itself uses.

mod attempts;
mod brand_mail;
mod brands;
mod configuration;
mod credit;
mod dialects;
mod domains;
mod gateways;
mod looks;
mod operations;
mod organisation;
mod pay_links;
mod payments;
mod records;
mod sessions;
mod staff;
mod statements;
mod templates;
mod vouchers;

use std::collections::{BTreeMap, BTreeSet};

use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, Operation, PathItem, Paths, PathsBuilder};
use utoipa::openapi::schema::{ComponentsBuilder, Schema};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Tag};

use crate::api::ProblemKind;
use crate::api::problem::ProblemBody;
use crate::nouns::visit_all;

const DESCRIPTION: &str = "\
Your billing system sends customers, invoices, payments and the rest here; your software opens \
sessions of the customer portal for your customers.\n\n\
**Records** have an identifier of ours (`id`, accepted with its prefix or as a plain UUID) and may \
have one of yours (`external_id`); paths and references accept all forms. Sending a record whose \
`external_id` is known updates it, so sending the same data twice changes nothing.\n\n\
**Lists** come newest first in pages: `{\"data\": […], \"next_cursor\": …}`; send `next_cursor` as \
`cursor` for the next page.\n\n\
**Safe repetition**: any POST, PUT or PATCH may carry an `Idempotency-Key`. The same request with \
the same key is done once and answered alike, with `Idempotent-Replayed: true`.\n\n\
**Amounts** are integers in the currency's minor unit, **dates** `YYYY-MM-DD`, **times** RFC 3339. \
Unknown fields and query parameters are refused. Errors are problem details (RFC 9457).";

/// The document as JSON.
#[must_use]
pub fn text() -> String {
    document().to_json().unwrap_or_else(|error| {
        tracing::error!(%error, "the OpenAPI document cannot be written");
        "{}".to_owned()
    })
}

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    written().finish()
}

fn written() -> Writer {
    let mut writer = Writer::default();
    writer.schema::<ProblemBody>();
    visit_all(&mut writer);
    sessions::write(&mut writer);
    staff::write(&mut writer);
    statements::write(&mut writer);
    pay_links::write(&mut writer);
    credit::write(&mut writer);
    vouchers::write(&mut writer);
    gateways::write(&mut writer);
    attempts::write(&mut writer);
    payments::write(&mut writer);
    organisation::write(&mut writer);
    brands::write(&mut writer);
    domains::write(&mut writer);
    brand_mail::write(&mut writer);
    looks::write(&mut writer);
    configuration::write(&mut writer);
    templates::write(&mut writer);
    dialects::write(&mut writer);
    writer
}

/// Collects paths and the schemas that they name.
#[derive(Default)]
pub(crate) struct Writer {
    paths: Paths,
    tags: Vec<Tag>,
    schemas: BTreeMap<String, RefOr<Schema>>,
    clashes: BTreeSet<String>,
}

impl Writer {
    /// The schema of a type among the components, and a reference to it.
    pub(crate) fn schema<T: ToSchema>(&mut self) -> Ref {
        let name = T::name().into_owned();
        let mut found = vec![(name.clone(), T::schema())];
        T::schemas(&mut found);
        for (name, schema) in found {
            self.insert(name, schema);
        }
        Ref::from_schema_name(name)
    }

    /// A schema made by hand among the components, and a reference to it.
    pub(crate) fn named_schema(&mut self, name: String, schema: impl Into<RefOr<Schema>>) -> Ref {
        self.insert(name.clone(), schema.into());
        Ref::from_schema_name(name)
    }

    /// Two types with one name would overwrite each other; a test finds them.
    fn insert(&mut self, name: String, schema: RefOr<Schema>) {
        if self.schemas.get(&name).is_some_and(|present| *present != schema) {
            self.clashes.insert(name.clone());
        }
        self.schemas.insert(name, schema);
    }

    pub(crate) fn tag(&mut self, name: &str, description: &str) {
        self.tags.push(TagBuilder::new().name(name).description(Some(description)).build());
    }

    pub(crate) fn add(&mut self, method: HttpMethod, path: &str, operation: Operation) {
        let paths = std::mem::take(&mut self.paths);
        self.paths = PathsBuilder::from(paths).path(path, PathItem::new(method, operation)).build();
    }

    fn finish(self) -> OpenApi {
        let license =
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
        let info = InfoBuilder::new()
            .title("Portico Management API")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some(DESCRIPTION))
            .license(Some(license))
            .build();
        let mut components = ComponentsBuilder::new().schemas_from_iter(self.schemas);
        for (name, scheme) in security_schemes() {
            components = components.security_scheme(name, scheme);
        }
        for kind in ProblemKind::ALL {
            let response = operations::problem_response(*kind);
            components = components.response(operations::response_name(*kind), response);
        }
        OpenApiBuilder::new()
            .info(info)
            .paths(self.paths)
            .components(Some(components.build()))
            .tags(Some(self.tags))
            .build()
    }
}

fn security_schemes() -> [(&'static str, SecurityScheme); 3] {
    let key = ApiKeyValue::with_description("X-API-KEY", "An API key of the organisation.");
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The same key, as a bearer token."))
        .build();
    let basic = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some(
            "The same key in two parts: what stands before its dot as user, what stands behind it \
             as password; or the whole key as user and no password.",
        ))
        .build();
    [
        ("ApiKey", SecurityScheme::ApiKey(ApiKey::Header(key))),
        ("Bearer", SecurityScheme::Http(bearer)),
        ("Basic", SecurityScheme::Http(basic)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_types_have_the_same_name() {
        assert_eq!(written().clashes, BTreeSet::new());
    }
}
