//! Cancelling a payment that was recorded: it never moved, or was a mistake.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_core::records::payment::PaymentDeed;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::show::Shown;
use super::{change, load, path};
use crate::staff::customers::Head;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, once};

/// Asks before it is cancelled.
#[derive(Debug, Clone, Serialize)]
pub struct CancelPaymentPage {
    customer: Head,
    payment: Shown,
    form: FormState,
}

impl Page for CancelPaymentPage {
    const TEMPLATE: &'static str = "panel/payments/cancel.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form, customer| Self { customer, payment: Shown::sample(), form };
        let refused = FormState::new().with_fault("form", "fault-payment-state", TextArgs::new());
        let faulty = FormState::new().with_fault("reason", "fault-card-number", TextArgs::new());
        vec![
            Sample::new("typical", page(FormState::new(), Head::sample())),
            Sample::new("refused", page(refused, Head::extreme_sample())),
            Sample::new("faulty", page(faulty, Head::sample())),
        ]
    }
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, payment) = load(&staff, &id).await?;
    let form = once::form(&staff);
    staff.page(&CancelPaymentPage { customer, payment: Shown::new(&payment), form })
}

/// POST: cancels it.
pub async fn cancel(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, payment) = load(&staff, &id).await?;
    let deed = PaymentDeed::Cancel { reason: fields.get("reason").to_owned() };
    match change(&staff, (&fields, form), (&payment, &deed)).await? {
        Ok(()) => {
            let (to, notice) = (path(payment.id), "notice-payment-cancelled");
            Ok(staff.here.redirect_with_notice(&to, "success", notice))
        }
        Err(form) => {
            let page = CancelPaymentPage { customer, payment: Shown::new(&payment), form };
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
