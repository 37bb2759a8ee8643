//! Which invoices a payment settles: given and taken, whole or in part.

use axum::extract::Path;
use portico_billing::{Currency, InvoiceId, Money};
use portico_core::records::payment::{PaymentDeed, PaymentOutput};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::form::amount;
use super::show::Shown;
use super::{change, load, path, path_of};
use crate::staff::answer::Stop;
use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::params::Params;
use crate::staff::sure::{Fact, Question, Step, SurePage};
use crate::staff::{Answer, Staff, once, paths};

/// What is asked before invoices change.
const QUESTION: Question = Question {
    title: "panel-allocate-new",
    text: "panel-allocate-sure",
    button: "panel-allocate-do",
    kind: "primary",
};

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct AllocatePage {
    customer: Head,
    payment: Shown,
    form: FormState,
    currency: String,
    /// What of the payment was not given back, and is not being given back.
    left: Money,
    rows: Vec<Row>,
}

/// An invoice that the payment settles, or can settle.
#[derive(Debug, Clone, Serialize)]
struct Row {
    id: String,
    number: Option<String>,
    /// What the payment settles of it now.
    settled: Money,
    /// What is still to be paid.
    due: Option<Money>,
}

/// What the page is about.
struct Desk {
    customer: Head,
    payment: PaymentOutput,
    left: Money,
    rows: Vec<(InvoiceId, Row)>,
}

impl Desk {
    /// The invoices that it settles, and those of the customer that are due.
    async fn load(staff: &Staff, id: &str) -> Result<Self, Stop> {
        let (customer, payment) = load(staff, id).await?;
        let money = |minor| Money::new(minor, payment.currency);
        let returns = staff.core().payment_returns(staff.caller(), payment.id).await?;
        let mut open = staff.core().payable_invoices(staff.caller(), payment.customer_id).await?;
        open.retain(|it| it.remaining.currency() == payment.currency);
        let settled = returns.settled.into_iter().map(|(id, number, minor)| {
            let due = open.iter().find(|it| it.id == id).map(|it| it.remaining);
            (id, Row { id: id.uuid().to_string(), number, settled: money(minor), due })
        });
        let mut rows: Vec<(InvoiceId, Row)> = settled.collect();
        for it in &open {
            if rows.iter().all(|(id, _)| *id != it.id) {
                let (number, due) = (it.number.clone(), Some(it.remaining));
                let id = it.id.uuid().to_string();
                rows.push((it.id, Row { id, number, settled: money(0), due }));
            }
        }
        let left = money(returns.left.credited_minor);
        Ok(Self { customer, payment, left, rows })
    }

    fn page(self, form: FormState) -> AllocatePage {
        AllocatePage {
            customer: self.customer,
            payment: Shown::new(&self.payment),
            form,
            currency: self.payment.currency.code().to_owned(),
            left: self.left,
            rows: self.rows.into_iter().map(|(_, row)| row).collect(),
        }
    }
}

impl Page for AllocatePage {
    const TEMPLATE: &'static str = "panel/payments/allocate.html";

    fn samples() -> Vec<Sample<Self>> {
        let money = |minor| Money::new(minor, Currency::EUR);
        let row = |number: u32, settled, due: Option<i64>| Row {
            id: sample_id(number),
            number: Some(format!("INV-2026-{number:04}")),
            settled: money(settled),
            due: due.map(money),
        };
        let page = |form, rows| Self {
            customer: Head::sample(),
            payment: Shown::sample(),
            form,
            currency: "EUR".to_owned(),
            left: money(120_000),
            rows,
        };
        let rows = vec![row(1, 100_000, None), row(2, 5_000, Some(7_000)), row(3, 0, Some(900))];
        let long = Row { number: Some(LONG.to_owned()), ..row(4, 1, Some(1)) };
        let field = format!("settle.{}", sample_id(1));
        let faulty = FormState::new().with_fault(&field, "fault-settles-too-much", TextArgs::new());
        vec![
            Sample::new("typical", page(FormState::new(), rows.clone())),
            Sample::new("nothing-due", page(FormState::new(), Vec::new())),
            Sample::new("extreme", page(FormState::new(), vec![long])),
            Sample::new("faulty", page(faulty, rows)),
        ]
    }
}

/// GET: the form, with what it settles now.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let desk = Desk::load(&staff, &id).await?;
    let mut form = once::form(&staff);
    for (_, row) in desk.rows.iter().filter(|(_, row)| row.settled.is_positive()) {
        let part = staff.formats().typed_amount(row.settled);
        form = form.with_value(&format!("settle.{}", row.id), part);
    }
    staff.page(&desk.page(form))
}

/// POST: settles so.
pub async fn allocate(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let desk = Desk::load(&staff, &id).await?;
    let ids: Vec<InvoiceId> = desk.rows.iter().map(|(id, _)| *id).collect();
    let (parts, form) = parts(&fields, (&ids, desk.payment.currency), form);
    let step = Step::of(&fields);
    let failed = match step {
        _ if !form.is_fine() => form,
        Step::Change => form,
        Step::Ask => {
            let sum = parts.iter().fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
            let sum = Money::new(sum, desk.payment.currency);
            let facts = vec![Fact::money("panel-payments-settles", sum)];
            let action = path_of(paths::PAYMENT_ALLOCATIONS, &desk.payment);
            return staff.page(&SurePage::new(desk.customer, QUESTION, facts, (action, form)));
        }
        Step::Sure => {
            let deed = PaymentDeed::Allocate { parts };
            match change(&staff, (&fields, form), (&desk.payment, &deed)).await? {
                Ok(()) => {
                    let (to, notice) = (path(desk.payment.id), "notice-payment-allocated");
                    return Ok(staff.here.redirect_with_notice(&to, "success", notice));
                }
                Err(form) => form,
            }
        }
    };
    let status = Step::status(&failed);
    staff.page_with(status, &desk.page(failed))
}

/// The parts as typed, in minor units; an empty field is none.
pub fn parts(
    fields: &Params,
    (invoices, currency): (&[InvoiceId], Currency),
    mut form: FormState,
) -> (Vec<(InvoiceId, i64)>, FormState) {
    let mut parts = Vec::new();
    for id in invoices {
        let field = format!("settle.{}", id.uuid());
        if fields.get(&field).is_empty() {
            continue;
        }
        let (part, checked) = amount(fields, (&field, currency), form);
        form = checked;
        parts.extend(part.filter(|part| *part != 0).map(|minor| (*id, minor)));
    }
    (parts, form)
}
