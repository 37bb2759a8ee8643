//! Confirming a payment that was on its way: it has arrived, and settles invoices.

use axum::extract::Path;
use portico_billing::invoice::InvoiceSummary;
use portico_billing::{Currency, InvoiceId, Money};
use portico_core::records::payment::{PaymentDeed, PaymentOutput};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::allocate::parts;
use super::form::{Offered, moment, offered};
use super::show::Shown;
use super::{change, load, path, path_of};
use crate::staff::customers::Head;
use crate::staff::params::Params;
use crate::staff::sure::{Fact, Question, Step, SurePage};
use crate::staff::{Answer, Staff, once, paths};

/// What is asked before it counts.
const QUESTION: Question = Question {
    title: "panel-confirm-new",
    text: "sure-payment",
    button: "panel-confirm-do",
    kind: "primary",
};

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmPaymentPage {
    customer: Head,
    payment: Shown,
    form: FormState,
    currency: String,
    offered: Vec<Offered>,
}

impl ConfirmPaymentPage {
    fn new(
        customer: Head,
        payment: &PaymentOutput,
        offered: Vec<InvoiceSummary>,
        form: FormState,
    ) -> Self {
        Self {
            customer,
            payment: Shown::new(payment),
            form,
            currency: payment.currency.code().to_owned(),
            offered: offered.into_iter().map(Offered::from).collect(),
        }
    }
}

impl Page for ConfirmPaymentPage {
    const TEMPLATE: &'static str = "panel/payments/confirm.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form, offered| Self {
            customer: Head::sample(),
            payment: Shown::sample(),
            form,
            currency: Currency::EUR.code().to_owned(),
            offered,
        };
        let faulty = FormState::new().with_fault("form", "fault-payment-state", TextArgs::new());
        vec![
            Sample::new("typical", page(FormState::new(), vec![Offered::sample()])),
            Sample::new("nothing-due", page(FormState::new(), Vec::new())),
            Sample::new("faulty", page(faulty, vec![Offered::sample()])),
        ]
    }
}

/// GET: the form, with what the payment was meant for.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, payment) = load(&staff, &id).await?;
    let offered = offered(&staff, payment.customer_id, payment.currency).await?;
    let today = staff.core().today(staff.caller()).await?;
    let mut form = once::form(&staff).with_value("paid_on", today.to_string());
    for it in &payment.allocations {
        let part = Money::new(it.amount_minor, payment.currency);
        let part = staff.formats().typed_amount(part);
        form = form.with_value(&format!("settle.{}", it.invoice_id.uuid()), part);
    }
    staff.page(&ConfirmPaymentPage::new(customer, &payment, offered, form))
}

/// POST: it counts from now on.
pub async fn confirm(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, payment) = load(&staff, &id).await?;
    let offered = offered(&staff, payment.customer_id, payment.currency).await?;
    let ids: Vec<InvoiceId> = offered.iter().map(|it| it.id).collect();
    let (parts, form) = parts(&fields, (&ids, payment.currency), form);
    let (paid_at, form) = moment(&staff, &fields, form);
    let step = Step::of(&fields);
    let failed = match paid_at.filter(|_| form.is_fine()) {
        None => form,
        Some(_) if step == Step::Change => form,
        Some(_) if step == Step::Ask => {
            let amount = Money::new(payment.amount_minor, payment.currency);
            let day = fields.get("paid_on").parse().ok();
            let mut facts = vec![Fact::money("label-amount", amount)];
            facts.extend(day.map(|day| Fact::day("label-date", day)));
            let action = path_of(paths::PAYMENT_CONFIRM, &payment);
            return staff.page(&SurePage::new(customer, QUESTION, facts, (action, form)));
        }
        Some(paid_at) => {
            let deed = PaymentDeed::Confirm { paid_at, parts };
            match change(&staff, (&fields, form), (&payment, &deed)).await? {
                Ok(()) => {
                    let (to, notice) = (path(payment.id), "notice-payment-confirmed");
                    return Ok(staff.here.redirect_with_notice(&to, "success", notice));
                }
                Err(form) => form,
            }
        }
    };
    let status = Step::status(&failed);
    staff.page_with(status, &ConfirmPaymentPage::new(customer, &payment, offered, failed))
}
