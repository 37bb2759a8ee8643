//! A contact's new password: `/api/v1/contacts/{id}/password-link`. It is chosen by the person, and
//! known to nobody else.

use axum::extract::State;
use axum::http::StatusCode;
use portico_billing::ContactId;
use portico_core::records::RecordKey;
use portico_core::records::contact::ContactRecord;

use super::access::ApiCaller;
use super::path::Named;
use super::problem::Problem;
use crate::state::{Panel, Shared};

/// When who got enough of such mails may get the next one, in seconds.
const RETRY_AFTER_S: u64 = 60 * 60;

/// `POST /api/v1/contacts/{id}/password-link`: mails a link to choose a password with.
pub async fn create(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<StatusCode, Problem> {
    let id = contact_id(&panel, &caller, &key).await?;
    match panel.core.mail_password_link(&caller.0, id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::too_many(RETRY_AFTER_S)),
    }
}

/// The contact that a key names: its own identifier, or the organisation's.
pub(super) async fn contact_id(
    panel: &Panel,
    caller: &ApiCaller,
    key: &RecordKey,
) -> Result<ContactId, Problem> {
    match key.id() {
        Some(id) => Ok(id),
        None => Ok(panel.core.find_record::<ContactRecord>(&caller.0, key).await?.id),
    }
}
