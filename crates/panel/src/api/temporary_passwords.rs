//! A contact's temporary password: `/api/v1/contacts/{id}/temporary-password`. It goes to the
//! person by mail, and into no answer.

use axum::extract::State;
use axum::http::StatusCode;
use portico_core::{NewTemporaryPassword, PasswordPosting};
use serde::Deserialize;
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::password_links::contact_id;
use super::path::Named;
use super::problem::{Problem, ProblemKind};
use crate::state::Shared;

/// A temporary password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemporaryPasswordInput)]
pub struct TemporaryPasswordInput {
    /// The password: as hard to guess as one that the person would choose, in one line, at most
    /// 1,024 bytes. One is generated where it is absent.
    #[serde(default)]
    #[schema(min_length = 8, max_length = 1024)]
    pub password: Option<String>,
}

/// `POST /api/v1/contacts/{id}/temporary-password`: mails one to the contact.
pub async fn create(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<StatusCode, Problem> {
    let TemporaryPasswordInput { password } = body.parse()?;
    let id = contact_id(&panel, &caller, &key).await?;
    let new = NewTemporaryPassword { password, form: None };
    match panel.core.mail_temporary_password(&caller.0, id, new).await? {
        PasswordPosting::Mailed => Ok(StatusCode::NO_CONTENT),
        // Without a form there is none that came before.
        PasswordPosting::MayNotSignIn | PasswordPosting::Otherwise => {
            let why = "the contact may not sign in";
            Err(Problem::new(ProblemKind::Conflict, format!("disabled: {why}")).at("disabled", why))
        }
    }
}
