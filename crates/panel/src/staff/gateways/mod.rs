//! Payment gateways: the organisation's accounts at payment providers.

pub mod actions;
pub mod form;
mod input;
pub mod list;

use axum::response::Response;
use portico_billing::GatewayId;
use portico_core::gateways::{AccountError, GatewayFault};
use portico_ui::errors::Problem;
use portico_ui::{FormState, TextArgs};

use super::answer::Stop;
use super::{Staff, paths};

/// The gateway that an address names.
fn id_of(text: &str) -> Result<GatewayId, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

/// A page of a gateway, made from its constant.
fn path_of(pattern: &str, id: GatewayId) -> String {
    pattern.replace("{id}", &id.to_string())
}

/// To the gateway's own page, with something to say.
fn shown(staff: &Staff, id: GatewayId, kind: &str, notice: &str) -> Response {
    staff.here.redirect_with_notice(&path_of(paths::GATEWAY, id), kind, notice)
}

/// The form with what the core found wrong, by the fields that `name` gives its own.
fn with_faults(
    form: FormState,
    faults: &[GatewayFault],
    name: impl Fn(&str) -> String,
) -> FormState {
    faults.iter().fold(form, |form, fault| {
        let max = fault.kind.max().and_then(|max| i64::try_from(max).ok());
        let args = max.map_or_else(TextArgs::new, |max| TextArgs::new().number("max", max));
        form.with_fault(&name(&fault.field), fault.kind.message_key(), args)
    })
}

/// Where no form is shown that could say more.
impl From<AccountError> for Stop {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Forbidden(forbidden) => forbidden.into(),
            AccountError::NotFound => Problem::NotFound.into(),
            AccountError::Invalid(_) | AccountError::InUse => Problem::BadRequest.into(),
            AccountError::Input(rejection) => rejection.into(),
            AccountError::TooMany { wait_s } => {
                Problem::TooMany { retry_after: std::time::Duration::from_secs(wait_s) }.into()
            }
            AccountError::Failure(failure) => failure.into(),
        }
    }
}
