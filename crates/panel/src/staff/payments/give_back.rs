//! Giving a payment back to where it came from, through its gateway.

use axum::extract::Path;
use portico_billing::refund::RefundState;
use portico_billing::{Currency, Money};
use portico_core::records::payment::PaymentOutput;
use portico_core::records::{RecordKey, Rejection};
use portico_core::refunds::{PaymentReturns, RefundInput, RefundTo, RefundView};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::form::amount;
use super::show::Shown;
use super::{load, path, path_of, refused};
use crate::staff::answer::{Stop, redirect};
use crate::staff::customers::Head;
use crate::staff::params::Params;
use crate::staff::sure::{Fact, Question, Step, SurePage};
use crate::staff::{Answer, Staff, once, paths};

/// What is asked before money moves.
const QUESTION: Question = Question {
    title: "panel-return-new",
    text: "panel-return-sure",
    button: "panel-return-do",
    kind: "danger",
};

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct GiveBackPage {
    customer: Head,
    payment: Shown,
    form: FormState,
    currency: String,
    /// What is left to be given back.
    most: Money,
    /// What of that was paid on top.
    on_top: Money,
}

impl GiveBackPage {
    fn new(
        customer: Head,
        payment: &PaymentOutput,
        returns: &PaymentReturns,
        form: FormState,
    ) -> Self {
        let money = |minor| Money::new(minor, payment.currency);
        Self {
            customer,
            payment: Shown::new(payment),
            form,
            currency: payment.currency.code().to_owned(),
            most: money(returns.left.all_minor()),
            on_top: money(returns.left.on_top_minor),
        }
    }
}

impl Page for GiveBackPage {
    const TEMPLATE: &'static str = "panel/payments/return.html";

    fn samples() -> Vec<Sample<Self>> {
        let euros = |minor| Money::new(minor, Currency::EUR);
        let page = |form, customer, on_top| Self {
            customer,
            payment: Shown::sample(),
            form,
            currency: "EUR".to_owned(),
            most: euros(120_000),
            on_top: euros(on_top),
        };
        let faulty = FormState::new().with_fault("amount", "fault-more-than-left", TextArgs::new());
        vec![
            Sample::new("typical", page(FormState::new(), Head::sample(), 0)),
            Sample::new("surcharge", page(FormState::new(), Head::extreme_sample(), 350)),
            Sample::new("faulty", page(faulty, Head::sample(), 0)),
        ]
    }
}

/// The payment, where it can be given back through its gateway; else its page.
async fn found(staff: &Staff, id: &str) -> Result<(Head, PaymentOutput, PaymentReturns), Stop> {
    let (customer, payment) = load(staff, id).await?;
    let returns = staff.core().payment_returns(staff.caller(), payment.id).await?;
    if !returns.has_refunds || returns.left.credited_minor <= 0 {
        let to = path(payment.id);
        let (kind, notice) = ("warning", "notice-return-not-possible");
        let response = staff.here.redirect_with_notice(&to, kind, notice);
        return Err(Stop::Response(Box::new(response)));
    }
    Ok((customer, payment, returns))
}

/// GET: the form, which begins with all that was credited and is left.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, payment, returns) = found(&staff, &id).await?;
    let left = Money::new(returns.left.credited_minor, payment.currency);
    let form = once::form(&staff).with_value("amount", staff.formats().typed_amount(left));
    staff.page(&GiveBackPage::new(customer, &payment, &returns, form))
}

/// POST: orders it.
pub async fn order(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, payment) = load(&staff, &id).await?;
    let (minor, form) = amount(&fields, ("amount", payment.currency), form);
    let step = Step::of(&fields);
    let failed = match minor.filter(|_| form.is_fine()) {
        None => form,
        Some(_) if step == Step::Change => form,
        Some(minor) if step == Step::Ask => {
            let facts = facts(&fields, (&payment, minor));
            let action = path_of(paths::PAYMENT_RETURN, &payment);
            return staff.page(&SurePage::new(customer, QUESTION, facts, (action, form)));
        }
        Some(minor) => match send(&staff, (&fields, form), (&payment, minor)).await? {
            Ok(view) => {
                let (kind, notice) = told(&view);
                return Ok(staff.here.redirect_with_notice(&path(payment.id), kind, notice));
            }
            Err(form) => form,
        },
    };
    let returns = staff.core().payment_returns(staff.caller(), payment.id).await?;
    if !returns.has_refunds {
        return Ok(redirect(&path(payment.id)));
    }
    let status = Step::status(&failed);
    staff.page_with(status, &GiveBackPage::new(customer, &payment, &returns, failed))
}

fn facts(fields: &Params, (payment, minor): (&PaymentOutput, i64)) -> Vec<Fact> {
    let mut facts = vec![Fact::money("label-amount", Money::new(minor, payment.currency))];
    let method = payment.method_label.as_deref().unwrap_or_default();
    facts.extend(Fact::typed("label-method", method));
    facts.extend(Fact::typed("label-reason", fields.get("reason")));
    facts
}

async fn send(
    staff: &Staff,
    (fields, form): (&Params, FormState),
    (payment, minor): (&PaymentOutput, i64),
) -> Result<Result<RefundView, FormState>, Stop> {
    let reason = Some(fields.get("reason").to_owned()).filter(|text| !text.is_empty());
    let input = RefundInput { amount_minor: Some(minor), to: RefundTo::Method, reason };
    let key = RecordKey::new(payment.id.to_string());
    let sent = once::sent(staff, fields);
    match staff.core().refund_payment(staff.caller(), &sent, (&key, &input)).await {
        Ok(view) => Ok(Ok(view)),
        Err(Rejection::Conflict { field, .. }) if field == "form" => {
            Ok(Err(once::sent_before(staff, form)))
        }
        Err(rejection) => refused(form, rejection).map(Err),
    }
}

/// What is said of an order once the gateway was asked.
const fn told(view: &RefundView) -> (&'static str, &'static str) {
    match view.state {
        RefundState::Succeeded => ("success", "notice-return-made"),
        RefundState::Failed => ("danger", "notice-return-refused"),
        RefundState::Sent | RefundState::Processing | RefundState::Unknown => {
            ("info", "notice-return-under-way")
        }
    }
}
