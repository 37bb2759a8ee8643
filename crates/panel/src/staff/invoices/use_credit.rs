//! Settling an invoice by its customer's credit.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::invoice::ShownStatus;
use portico_billing::{Currency, Money};
use portico_core::CreditInput;
use portico_core::records::invoice::InvoiceOutput;
use portico_core::records::{RecordKey, Rejection};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::show::Shown;
use super::{load, path};
use crate::staff::answer::Stop;
use crate::staff::customers::Head;
use crate::staff::faults::rejected;
use crate::staff::params::Params;
use crate::staff::payments::form::amount;
use crate::staff::{Answer, Staff, once};

/// Asks how much credit is used.
#[derive(Debug, Clone, Serialize)]
pub struct UseCreditPage {
    customer: Head,
    invoice: Shown,
    /// How much there is.
    credit: Money,
    currency: String,
    form: FormState,
}

impl UseCreditPage {
    async fn new(
        staff: &Staff,
        (customer, invoice): (Head, &InvoiceOutput),
        form: FormState,
    ) -> Result<Self, Stop> {
        let today = staff.core().today(staff.caller()).await?;
        let whose = (invoice.customer_id, invoice.currency);
        let credit = staff.core().usable_credit(staff.caller(), whose).await?;
        let currency = invoice.currency.code().to_owned();
        Ok(Self { customer, invoice: Shown::new(invoice, today), credit, currency, form })
    }
}

impl Page for UseCreditPage {
    const TEMPLATE: &'static str = "panel/invoices/use-credit.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form, minor| Self {
            customer: Head::sample(),
            invoice: Shown::sample(ShownStatus::Overdue),
            credit: Money::new(minor, Currency::EUR),
            currency: "EUR".to_owned(),
            form,
        };
        let faulty = FormState::new().with_fault("amount", "fault-more-than-left", TextArgs::new());
        vec![
            Sample::new("typical", page(FormState::new(), 2_500)),
            Sample::new("faulty", page(faulty, 2_500)),
            Sample::new("nothing", page(FormState::new(), 0)),
        ]
    }
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, invoice) = load(&staff, &id).await?;
    let form = once::form(&staff);
    staff.page(&UseCreditPage::new(&staff, (customer, &invoice), form).await?)
}

/// POST: settles by it.
pub async fn settle(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, invoice) = load(&staff, &id).await?;
    let (amount_minor, form) = match fields.get("amount") {
        "" => (None, form),
        _ => amount(&fields, ("amount", invoice.currency), form),
    };
    let failed = if form.is_fine() {
        let (sent, key) = (once::sent(&staff, &fields), RecordKey::new(invoice.id.to_string()));
        let asked = (&key, CreditInput { amount_minor });
        match staff.core().settle_by_credit(staff.caller(), &sent, asked).await {
            Ok(_) => {
                let (to, notice) = (path(invoice.id), "notice-credit-used");
                return Ok(staff.here.redirect_with_notice(&to, "success", notice));
            }
            Err(rejection) => refused(&staff, form, rejection)?,
        }
    } else {
        form
    };
    let page = UseCreditPage::new(&staff, (customer, &invoice), failed).await?;
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The form with what is wrong with it, in words of money.
fn refused(staff: &Staff, form: FormState, rejection: Rejection) -> Result<FormState, Stop> {
    match rejection {
        Rejection::Conflict { field, .. } if field == "form" => Ok(once::sent_before(staff, form)),
        Rejection::Conflict { field, .. } if field == "amount_minor" => {
            Ok(form.with_fault("amount", "fault-more-than-left", TextArgs::new()))
        }
        other => rejected(form, other),
    }
}
