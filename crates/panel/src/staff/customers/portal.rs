//! The portal as the customer sees it.

use axum::extract::Path;
use axum::response::IntoResponse;
use portico_billing::permission::Permission;
use portico_ui::headers::FormTargets;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::Head;
use crate::staff::answer::redirect;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, paths};

/// What it means, and whether to act or to look.
#[derive(Debug, Clone, Serialize)]
pub struct OpenPortalPage {
    customer: Head,
    may_act: bool,
}

impl Page for OpenPortalPage {
    const TEMPLATE: &'static str = "panel/customers/portal.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![
            Sample::new("may-act", Self { customer: Head::sample(), may_act: true }),
            Sample::new("looks", Self { customer: Head::sample(), may_act: false }),
            Sample::new("not-active", Self { customer: Head::extreme_sample(), may_act: false }),
        ]
    }
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let brands = staff.core().brands(staff.caller().organisation_id).await?;
    let brand = brands.iter().find(|brand| brand.id == output.brand_id);
    let may_act = staff.may(Permission::ActInPortal);
    let mut response = staff.page(&OpenPortalPage { customer, may_act })?;
    // The form leads on to the portal, on the brand's own host.
    let portal = brand.map(|brand| staff.core().portal_url(brand, "/"));
    response.extensions_mut().insert(FormTargets(portal.into_iter().collect()));
    Ok(response)
}

/// POST: opens it. The link works once, and within a minute.
pub async fn open(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let may_act = form.into_inner().get("mode") == "act" && staff.may(Permission::ActInPortal);
    let back = format!("{}{}", staff.here.origin.origin(), customer.path(paths::CUSTOMER));
    let opened = staff.core().open_as_operator(staff.caller(), output.id, (may_act, Some(back)));
    Ok(redirect(&opened.await?.url).into_response())
}
