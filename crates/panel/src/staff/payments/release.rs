//! Giving a payment back to the customer's balance: what it settles becomes credit.

use axum::extract::Path;
use portico_billing::{Currency, Money};
use portico_core::records::payment::{PaymentDeed, PaymentOutput};
use portico_core::refunds::PaymentReturns;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::form::amount;
use super::show::{Settled, Shown};
use super::{change, load, path, path_of};
use crate::staff::customers::Head;
use crate::staff::params::Params;
use crate::staff::sure::{Fact, Question, Step, SurePage};
use crate::staff::{Answer, Staff, once, paths};

/// What is asked before invoices are due again.
const QUESTION: Question = Question {
    title: "panel-release-new",
    text: "panel-release-text",
    button: "panel-release-do",
    kind: "primary",
};

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct ReleasePage {
    customer: Head,
    payment: Shown,
    form: FormState,
    currency: String,
    settled: Vec<Settled>,
}

impl ReleasePage {
    fn new(
        customer: Head,
        payment: &PaymentOutput,
        returns: &PaymentReturns,
        form: FormState,
    ) -> Self {
        Self {
            customer,
            payment: Shown::new(payment),
            form,
            currency: payment.currency.code().to_owned(),
            settled: Settled::all(returns, payment.currency),
        }
    }
}

impl Page for ReleasePage {
    const TEMPLATE: &'static str = "panel/payments/release.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form, settled| Self {
            customer: Head::sample(),
            payment: Shown::sample(),
            form,
            currency: Currency::EUR.code().to_owned(),
            settled,
        };
        let faulty = FormState::new().with_fault("amount", "fault-more-than-left", TextArgs::new());
        vec![
            Sample::new("typical", page(FormState::new(), vec![Settled::sample()])),
            Sample::new("nothing-settled", page(FormState::new(), Vec::new())),
            Sample::new("faulty", page(faulty, vec![Settled::sample()])),
        ]
    }
}

/// GET: the form, which begins with all that it settles.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, payment) = load(&staff, &id).await?;
    let returns = staff.core().payment_returns(staff.caller(), payment.id).await?;
    let used: i64 = returns.settled.iter().map(|(.., minor)| minor).sum();
    let used = staff.formats().typed_amount(Money::new(used, payment.currency));
    let form = once::form(&staff).with_value("amount", used);
    staff.page(&ReleasePage::new(customer, &payment, &returns, form))
}

/// POST: does it.
pub async fn release(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, payment) = load(&staff, &id).await?;
    let (minor, form) = amount(&fields, ("amount", payment.currency), form);
    let step = Step::of(&fields);
    let failed = match minor.filter(|_| form.is_fine()) {
        None => form,
        Some(_) if step == Step::Change => form,
        Some(minor) if step == Step::Ask => {
            let facts = vec![Fact::money("label-amount", Money::new(minor, payment.currency))];
            let action = path_of(paths::PAYMENT_RELEASE, &payment);
            return staff.page(&SurePage::new(customer, QUESTION, facts, (action, form)));
        }
        Some(amount_minor) => {
            let deed = PaymentDeed::Release { amount_minor };
            match change(&staff, (&fields, form), (&payment, &deed)).await? {
                Ok(()) => {
                    let (to, notice) = (path(payment.id), "notice-payment-released");
                    return Ok(staff.here.redirect_with_notice(&to, "success", notice));
                }
                Err(form) => form,
            }
        }
    };
    let returns = staff.core().payment_returns(staff.caller(), payment.id).await?;
    let status = Step::status(&failed);
    staff.page_with(status, &ReleasePage::new(customer, &payment, &returns, failed))
}
