//! Giving a payment back, all or a part.

use axum::extract::Path;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::{Currency, Money};
use portico_core::records::payment::{
    AllocationInput, AllocationOutput, PaymentInput, PaymentOutput, PaymentRecord,
};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::form::{amount, facts, moment};
use super::show::Shown;
use super::{load, path};
use crate::staff::customers::{Head, sample_id};
use crate::staff::params::Params;
use crate::staff::sure::{Question, Step, SurePage};
use crate::staff::{Answer, Staff, once, paths};

/// What is asked before it is recorded.
const QUESTION: Question = Question {
    title: "panel-refund-new",
    text: "panel-refund-text",
    button: "panel-refund-record",
    kind: "danger",
};

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct RefundPage {
    customer: Head,
    payment: Shown,
    form: FormState,
    currency: String,
    settled: Vec<Settled>,
}

/// An invoice that the payment settled.
#[derive(Debug, Clone, Serialize)]
struct Settled {
    id: String,
    number: Option<String>,
    amount: Money,
}

impl RefundPage {
    fn new(customer: Head, payment: &PaymentOutput, form: FormState) -> Self {
        let settled = |it: &AllocationOutput| Settled {
            id: it.invoice_id.uuid().to_string(),
            number: it.invoice_number.clone(),
            amount: Money::new(it.amount_minor, payment.currency),
        };
        Self {
            customer,
            payment: Shown::new(payment),
            form,
            currency: payment.currency.code().to_owned(),
            settled: payment.allocations.iter().map(settled).collect(),
        }
    }
}

impl Page for RefundPage {
    const TEMPLATE: &'static str = "panel/payments/refund.html";

    fn samples() -> Vec<Sample<Self>> {
        let part =
            Settled { id: sample_id(1), number: None, amount: Money::new(100_000, Currency::EUR) };
        let page = |form, settled| Self {
            customer: Head::sample(),
            payment: Shown::sample(),
            form,
            currency: "EUR".to_owned(),
            settled,
        };
        let faulty = FormState::new().with_fault("amount", "fault-amount", TextArgs::new());
        vec![
            Sample::new("typical", page(FormState::new(), vec![part])),
            Sample::new("faulty", page(faulty, Vec::new())),
        ]
    }
}

/// GET: the form, which begins with all that is left.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, payment) = load(&staff, &id).await?;
    let today = staff.core().today(staff.caller()).await?;
    let left = payment.amount_minor.saturating_sub(payment.refunded_minor);
    let typed = |minor| staff.formats().typed_amount(Money::new(minor, payment.currency));
    let mut form = once::form(&staff)
        .with_value("amount", typed(left))
        .with_value("paid_on", today.to_string());
    for it in &payment.allocations {
        let field = format!("settle.{}", it.invoice_id.uuid());
        form = form.with_value(&field, typed(it.amount_minor));
    }
    staff.page(&RefundPage::new(customer, &payment, form))
}

/// POST: records it.
pub async fn create(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, payment) = load(&staff, &id).await?;
    let (input, form) = read(&staff, &fields, form, &payment);
    let step = Step::of(&fields);
    let failed = match input.filter(|_| form.is_fine()) {
        None => form,
        Some(_) if step == Step::Change => form,
        Some(input) if step == Step::Ask => {
            let facts = facts(&fields, &input);
            let action = paths::PAYMENT_REFUND.replace("{id}", &payment.id.uuid().to_string());
            return staff.page(&SurePage::new(customer, QUESTION, facts, (action, form)));
        }
        Some(input) => match once::save::<PaymentRecord>(&staff, (&fields, form), input).await? {
            Ok(id) => {
                let (to, notice) = (path(id.into()), "notice-refund-recorded");
                return Ok(staff.here.redirect_with_notice(&to, "success", notice));
            }
            Err(form) => form,
        },
    };
    let status = Step::status(&failed);
    staff.page_with(status, &RefundPage::new(customer, &payment, failed))
}

fn read(
    staff: &Staff,
    fields: &Params,
    form: FormState,
    payment: &PaymentOutput,
) -> (Option<PaymentInput>, FormState) {
    let some = |name: &str| Some(fields.get(name).to_owned()).filter(|text| !text.is_empty());
    let (given, mut form) = amount(fields, ("amount", payment.currency), form);
    let mut unallocate = Vec::new();
    for it in &payment.allocations {
        let field = format!("settle.{}", it.invoice_id.uuid());
        if fields.get(&field).is_empty() {
            continue;
        }
        let (part, checked) = amount(fields, (&field, payment.currency), form);
        form = checked;
        let part = part.filter(|part| *part > 0);
        let invoice_id = it.invoice_id.to_string();
        unallocate.extend(part.map(|amount_minor| AllocationInput { invoice_id, amount_minor }));
    }
    let (paid_at, form) = moment(staff, fields, form);
    let (Some(amount_minor), Some(paid_at)) = (given, paid_at) else { return (None, form) };
    let input = PaymentInput {
        external_id: None,
        customer_id: payment.customer_id.to_string(),
        kind: PaymentKind::Refund,
        payment_id: Some(payment.id.to_string()),
        status: PaymentStatus::Succeeded,
        amount_minor,
        currency: payment.currency,
        method: payment.method.clone(),
        method_label: payment.method_label.clone(),
        payment_method_id: payment.payment_method_id.map(|id| id.to_string()),
        reference: some("reference"),
        description: some("description"),
        paid_at,
        allocations: None,
        unallocate: Some(unallocate),
        metadata: None,
        created_at: None,
    };
    (Some(input), form)
}
