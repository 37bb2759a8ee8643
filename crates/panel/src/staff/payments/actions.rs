//! What is done with a payment by a button alone: asking its provider, and having looked.

use axum::extract::Path;
use portico_ui::CheckedForm;

use super::{load, path};
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// POST: asks the provider what it took from the payment.
pub async fn look(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let (_, payment) = load(&staff, &id).await?;
    let new = staff.core().look_at_reversals(staff.caller(), payment.id).await?;
    let (kind, notice) = match new {
        Some(0) => ("success", "notice-return-nothing-new"),
        Some(_) => ("info", "notice-return-found"),
        None => ("warning", "notice-return-not-told"),
    };
    Ok(staff.here.redirect_with_notice(&path(payment.id), kind, notice))
}

/// POST: takes what the provider gave back as it is.
pub async fn accept(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let (_, payment) = load(&staff, &id).await?;
    let (kind, notice) = match staff.core().accept_refunds(staff.caller(), payment.id).await? {
        0 => ("warning", "notice-return-not-told"),
        _ => ("success", "notice-return-accepted"),
    };
    Ok(staff.here.redirect_with_notice(&path(payment.id), kind, notice))
}

/// POST: somebody has looked at what was taken.
pub async fn seen(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let (_, payment) = load(&staff, &id).await?;
    staff.core().mark_reversals_seen(staff.caller(), payment.id).await?;
    let to = path(payment.id);
    Ok(staff.here.redirect_with_notice(&to, "success", "notice-return-seen"))
}
