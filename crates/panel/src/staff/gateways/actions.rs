//! What can be done with a gateway at once: enabling, disabling and removing it.

use axum::extract::Path;
use portico_core::gateways::{AccountError, GatewayInput};
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::super::params::Params;
use super::super::{Answer, Staff, paths};
use super::form::sample_gateway;
use super::{id_of, shown};

/// Asks before a gateway is removed.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveGatewayPage {
    id: String,
    name: String,
}

/// POST: enables or disables it, as the field `enabled` says.
pub async fn switch(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let id = id_of(&id)?;
    let enabled = form.into_inner().get("enabled") == "true";
    let edit = |it: GatewayInput| Ok(GatewayInput { enabled, ..it });
    match staff.core().edit_gateway(staff.caller(), id, edit).await {
        Ok(_) => {
            let (kind, on) = ("success", "notice-gateways-enabled");
            let notice = if enabled { on } else { "notice-gateways-disabled" };
            Ok(staff.here.redirect_with_notice(paths::GATEWAYS, kind, notice))
        }
        Err(AccountError::Invalid(_)) => {
            Ok(shown(&staff, id, "danger", "notice-gateways-incomplete"))
        }
        Err(error) => Err(error.into()),
    }
}

/// GET: asks before it is removed.
pub async fn ask_remove(staff: Staff, Path(id): Path<String>) -> Answer {
    let it = staff.core().gateway(staff.caller(), id_of(&id)?).await?;
    staff.page(&RemoveGatewayPage { id: it.id.to_string(), name: it.input.name })
}

/// POST: removes it, where nothing was paid by it.
pub async fn remove(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let id = id_of(&id)?;
    match staff.core().delete_gateway(staff.caller(), id).await {
        Ok(()) => {
            let (kind, notice) = ("success", "notice-gateways-removed");
            Ok(staff.here.redirect_with_notice(paths::GATEWAYS, kind, notice))
        }
        Err(AccountError::InUse) => Ok(shown(&staff, id, "danger", "notice-gateways-in-use")),
        Err(error) => Err(error.into()),
    }
}

impl Page for RemoveGatewayPage {
    const TEMPLATE: &'static str = "panel/gateways/remove.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = Self { id: sample_gateway(1), name: "Card <Stripe>".to_owned() };
        vec![Sample::new("typical", page)]
    }
}
