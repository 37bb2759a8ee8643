//! Removing a brand, and making it the default one.

use axum::extract::Path;
use portico_core::brands::BrandError;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::{BrandHead, Fields, find, paths, tab};
use crate::staff::{Answer, Staff};

/// The question before a brand is removed.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveBrandPage {
    brand: BrandHead,
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let found = find(&staff, &id).await?;
    staff.page(&RemoveBrandPage { brand: BrandHead::of(&staff, &found) })
}

/// POST: removes it.
pub async fn submit(staff: Staff, Path(id): Path<String>, form: CheckedForm<Fields>) -> Answer {
    let id = find(&staff, &id).await?.record.brand.id;
    drop(form);
    let (to, kind, key) = match staff.core().remove_brand(staff.caller(), id).await {
        Ok(()) => (paths::BRANDS.to_owned(), "success", "notice-brand-removed"),
        Err(BrandError::HasCustomers) => {
            (tab(paths::BRAND, id), "danger", "notice-brand-has-customers")
        }
        Err(BrandError::HasGateways) => {
            (tab(paths::BRAND, id), "danger", "notice-brand-has-gateways")
        }
        Err(BrandError::IsDefault) => (tab(paths::BRAND, id), "danger", "notice-brand-is-default"),
        Err(error) => return Err(error.into()),
    };
    Ok(staff.here.redirect_with_notice(&to, kind, key))
}

/// POST: makes it the brand of customers that name none.
pub async fn make_default(
    staff: Staff,
    Path(id): Path<String>,
    form: CheckedForm<Fields>,
) -> Answer {
    let id = find(&staff, &id).await?.record.brand.id;
    drop(form);
    staff.core().make_brand_default(staff.caller(), id).await?;
    let to = tab(paths::BRAND, id);
    Ok(staff.here.redirect_with_notice(&to, "success", "notice-brand-is-now-default"))
}

impl Page for RemoveBrandPage {
    const TEMPLATE: &'static str = "panel/brands/remove.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![
            Sample::new("free", Self { brand: BrandHead::new_sample() }),
            Sample::new("in-use", Self { brand: BrandHead::sample() }),
        ]
    }
}
