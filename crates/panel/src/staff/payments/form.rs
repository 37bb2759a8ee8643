//! Recording a payment, and what it settles.

use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use portico_billing::invoice::InvoiceSummary;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::{Currency, Money};
use portico_core::records::payment::{AllocationInput, PaymentInput, PaymentRecord};
use portico_ui::formats::read_amount;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::path;
use crate::staff::answer::Stop;
use crate::staff::choices::{Choice, Choices};
use crate::staff::customers::rows::METHODS;
use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::invoices::lines::day;
use crate::staff::params::Params;
use crate::staff::sure::{Fact, Question, Step, SurePage};
use crate::staff::{Answer, Staff, once, paths};

/// What is asked before it is recorded.
const QUESTION: Question = Question {
    title: "panel-payments-new",
    text: "sure-payment",
    button: "panel-payments-record",
    kind: "primary",
};

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct PaymentFormPage {
    customer: Head,
    form: FormState,
    currency: String,
    methods: Vec<Choice>,
    offered: Vec<Offered>,
}

/// An invoice that can be settled.
#[derive(Debug, Clone, Serialize)]
pub struct Offered {
    id: String,
    number: Option<String>,
    /// What is still to be paid of it.
    due: Money,
    /// The last day to pay what is to be paid next.
    due_on: Date,
}

impl From<InvoiceSummary> for Offered {
    fn from(it: InvoiceSummary) -> Self {
        let id = it.id.uuid().to_string();
        Self { id, number: it.number, due: it.remaining, due_on: it.due_on }
    }
}

impl Offered {
    /// One that is due.
    pub fn sample() -> Self {
        Self {
            id: sample_id(1),
            number: Some("INV-2026-0001".to_owned()),
            due: Money::new(121_000, Currency::EUR),
            due_on: date(2026, 10, 31),
        }
    }
}

impl Page for PaymentFormPage {
    const TEMPLATE: &'static str = "panel/payments/form.html";

    fn samples() -> Vec<Sample<Self>> {
        let offered = Offered::sample();
        let page = |form, offered| Self {
            customer: Head::sample(),
            form,
            currency: "EUR".to_owned(),
            methods: vec![Choice::new("card", "Card"), Choice::new("x", LONG)],
            offered,
        };
        let faulty = FormState::new().with_fault("amount", "fault-amount", TextArgs::new());
        vec![
            Sample::new("typical", page(FormState::new(), vec![offered])),
            Sample::new("nothing-due", page(FormState::new(), Vec::new())),
            Sample::new("faulty", page(faulty, Vec::new())),
        ]
    }
}

async fn page(
    staff: &Staff,
    (customer, currency): (Head, Currency),
    offered: Vec<InvoiceSummary>,
    form: FormState,
) -> Result<PaymentFormPage, Stop> {
    let language = staff.here.frame_for(Some(staff)).language;
    let choices = Choices::new(&staff.here.panel.ui, &language);
    Ok(PaymentFormPage {
        customer,
        form,
        currency: currency.code().to_owned(),
        methods: choices.words("method", &METHODS),
        offered: offered.into_iter().map(Offered::from).collect(),
    })
}

/// The invoices in a currency that can be settled.
pub async fn offered(
    staff: &Staff,
    id: portico_billing::CustomerId,
    currency: Currency,
) -> Result<Vec<InvoiceSummary>, Stop> {
    let mut all = staff.core().payable_invoices(staff.caller(), id).await?;
    all.retain(|it| it.remaining.currency() == currency);
    Ok(all)
}

/// GET: the form; `?invoice=` names the one that is paid.
pub async fn new(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (head, customer) = Head::load(&staff, &id).await?;
    let today = staff.core().today(staff.caller()).await?;
    let offered = offered(&staff, customer.id, customer.currency).await?;
    let mut form = once::form(&staff)
        .with_value("paid_on", today.to_string())
        .with_value("method", "bank_transfer");
    for it in &offered {
        let id = it.id.uuid().to_string();
        if id == params.get("invoice") {
            let due = Some(it.due(today)).filter(|it| it.is_positive());
            let due = staff.formats().typed_amount(due.unwrap_or(it.remaining));
            form = form.with_value("amount", due.as_str()).with_value(&format!("settle.{id}"), due);
        }
    }
    staff.page(&page(&staff, (head, customer.currency), offered, form).await?)
}

/// POST: records it.
pub async fn create(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (head, customer) = Head::load(&staff, &id).await?;
    let offered = offered(&staff, customer.id, customer.currency).await?;
    let asked = (head.id.as_str(), customer.currency, offered.as_slice());
    let (input, form) = read(&staff, &fields, form, asked);
    let step = Step::of(&fields);
    let failed = match input.filter(|_| form.is_fine()) {
        None => form,
        Some(_) if step == Step::Change => form,
        Some(input) if step == Step::Ask => {
            let facts = facts(&fields, &input);
            let action = paths::PAYMENT_NEW.replace("{id}", &head.id);
            return staff.page(&SurePage::new(head, QUESTION, facts, (action, form)));
        }
        Some(input) => match once::save::<PaymentRecord>(&staff, (&fields, form), input).await? {
            Ok(id) => {
                let (to, notice) = (path(id.into()), "notice-payment-recorded");
                return Ok(staff.here.redirect_with_notice(&to, "success", notice));
            }
            Err(form) => form,
        },
    };
    let status = Step::status(&failed);
    let page = page(&staff, (head, customer.currency), offered, failed).await?;
    staff.page_with(status, &page)
}

/// What is confirmed of a payment or refund.
pub fn facts(fields: &Params, it: &PaymentInput) -> Vec<Fact> {
    let money = |minor| Money::new(minor, it.currency);
    let settled = it.allocations.iter().chain(&it.unallocate).flatten();
    let settled: i64 = settled.map(|part| part.amount_minor).sum();
    let label = if it.kind == PaymentKind::Refund {
        "panel-refund-reopens"
    } else {
        "panel-payments-settles"
    };
    let day = fields.get("paid_on").parse().ok();
    let mut facts = vec![Fact::money("label-amount", money(it.amount_minor))];
    facts.extend(day.map(|day| Fact::day("label-date", day)));
    facts.push(Fact::money(label, money(settled)));
    facts.extend(Fact::typed("label-reference", fields.get("reference")));
    facts.extend(Fact::typed("label-description", fields.get("description")));
    facts
}

fn read(
    staff: &Staff,
    fields: &Params,
    form: FormState,
    (customer, currency, offered): (&str, Currency, &[InvoiceSummary]),
) -> (Option<PaymentInput>, FormState) {
    let some = |name: &str| Some(fields.get(name).to_owned()).filter(|text| !text.is_empty());
    let (amount, mut form) = amount(fields, ("amount", currency), form);
    let mut allocations = Vec::new();
    for it in offered {
        let field = format!("settle.{}", it.id.uuid());
        if fields.get(&field).is_empty() {
            continue;
        }
        let (part, checked) = self::amount(fields, (&field, currency), form);
        form = checked;
        let part = part.filter(|part| *part > 0);
        let invoice_id = it.id.to_string();
        allocations.extend(part.map(|amount_minor| AllocationInput { invoice_id, amount_minor }));
    }
    let (paid_at, form) = moment(staff, fields, form);
    let (Some(amount_minor), Some(paid_at)) = (amount, paid_at) else { return (None, form) };
    let input = PaymentInput {
        external_id: None,
        customer_id: customer.to_owned(),
        kind: PaymentKind::Payment,
        payment_id: None,
        status: PaymentStatus::Succeeded,
        amount_minor,
        currency,
        method: fields.get("method").to_owned(),
        method_label: None,
        payment_method_id: None,
        reference: some("reference"),
        description: some("description"),
        paid_at,
        allocations: Some(allocations),
        unallocate: None,
        metadata: None,
        created_at: None,
    };
    (Some(input), form)
}

/// An amount as typed, in minor units.
pub fn amount(
    fields: &Params,
    (field, currency): (&str, Currency),
    form: FormState,
) -> (Option<i64>, FormState) {
    let typed = fields.get(field);
    if typed.is_empty() {
        return (None, form.with_fault(field, "fault-required", TextArgs::new()));
    }
    match read_amount(typed, currency) {
        Ok(money) => (Some(money.minor()), form),
        Err(_) => (None, form.with_fault(field, "fault-amount", TextArgs::new())),
    }
}

/// Now where the day is today, else noon of that day in the organisation's time zone.
pub fn moment(staff: &Staff, fields: &Params, form: FormState) -> (Option<Timestamp>, FormState) {
    let (paid_on, form) = day(fields, "paid_on", form);
    let Some(paid_on) = paid_on else {
        return (None, form.with_fault("paid_on", "fault-required", TextArgs::new()));
    };
    let zone = TimeZone::get(&staff.visit.time_zone).unwrap_or(TimeZone::UTC);
    let now = staff.core().now();
    if now.to_zoned(zone.clone()).date() == paid_on {
        return (Some(now), form);
    }
    let noon = paid_on.to_datetime(Time::constant(12, 0, 0, 0)).to_zoned(zone);
    (noon.ok().map(|noon| noon.timestamp()), form)
}
