//! A credit note for all of an invoice, or for a part.

use axum::extract::Path;
use portico_billing::credit_note::CreditNoteStatus;
use portico_billing::invoice::ShownStatus;
use portico_core::records::DecimalInput;
use portico_core::records::credit_note::{CreditNoteInput, CreditNoteRecord};
use portico_core::records::invoice::InvoiceOutput;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use rust_decimal::Decimal;
use serde::Serialize;

use super::show::Shown;
use super::{lines, load, path};
use crate::staff::customers::Head;
use crate::staff::params::Params;
use crate::staff::sure::{Fact, Question, Step, SurePage};
use crate::staff::{Answer, Staff, once, paths};

/// What is asked before it is issued.
const QUESTION: Question = Question {
    title: "panel-credit-new",
    text: "panel-credit-text",
    button: "panel-credit-issue",
    kind: "danger",
};

/// The form, which begins with all lines of the invoice.
#[derive(Debug, Clone, Serialize)]
pub struct CreditPage {
    customer: Head,
    invoice: Shown,
    form: FormState,
    lines: usize,
    currency: String,
}

impl CreditPage {
    async fn new(
        staff: &Staff,
        (customer, invoice): (Head, &InvoiceOutput),
        form: FormState,
    ) -> Result<Self, crate::staff::answer::Stop> {
        let today = staff.core().today(staff.caller()).await?;
        Ok(Self {
            customer,
            invoice: Shown::new(invoice, today),
            lines: form.value("lines").parse().unwrap_or(1).clamp(1, lines::MOST),
            currency: invoice.currency.code().to_owned(),
            form,
        })
    }
}

impl Page for CreditPage {
    const TEMPLATE: &'static str = "panel/invoices/credit.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form| Self {
            customer: Head::sample(),
            invoice: Shown::sample(ShownStatus::Open),
            form,
            lines: 2,
            currency: "EUR".to_owned(),
        };
        let faulty = FormState::new().with_fault("number", "fault-required", TextArgs::new());
        vec![Sample::new("typical", page(FormState::new())), Sample::new("faulty", page(faulty))]
    }
}

/// GET: the form.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, invoice) = load(&staff, &id).await?;
    let today = staff.core().today(staff.caller()).await?;
    let form = once::form(&staff).with_value("issued_on", today.to_string());
    let form = lines::present(form, &invoice.lines, staff.formats());
    staff.page(&CreditPage::new(&staff, (customer, &invoice), form).await?)
}

/// POST: issues it.
pub async fn issue(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, invoice) = load(&staff, &id).await?;
    if let Some(form) = lines::rearranged(&fields, &form) {
        return staff.page(&CreditPage::new(&staff, (customer, &invoice), form).await?);
    }
    let (input, form) = read(&fields, form, &invoice);
    let step = Step::of(&fields);
    let failed = match input.filter(|_| form.is_fine()) {
        None => form,
        Some(_) if step == Step::Change => form,
        Some(input) if step == Step::Ask => {
            let action = paths::INVOICE_CREDIT.replace("{id}", &invoice.id.uuid().to_string());
            let facts = facts(&fields, &input, &invoice);
            return staff.page(&SurePage::new(customer, QUESTION, facts, (action, form)));
        }
        Some(input) => {
            match once::save::<CreditNoteRecord>(&staff, (&fields, form), input).await? {
                Ok(_) => {
                    let (to, notice) = (path(invoice.id), "notice-credit-note-issued");
                    return Ok(staff.here.redirect_with_notice(&to, "success", notice));
                }
                Err(form) => form,
            }
        }
    };
    let status = Step::status(&failed);
    let page = CreditPage::new(&staff, (customer, &invoice), failed).await?;
    staff.page_with(status, &page)
}

/// What is confirmed: which document, of which invoice, and what is credited.
fn facts(fields: &Params, it: &CreditNoteInput, invoice: &InvoiceOutput) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Fact::typed("label-number", &it.number).into_iter().collect();
    facts.push(Fact::day("invoices-issue-date", it.issued_on));
    facts.extend(Fact::typed("sure-invoice", invoice.number.as_deref().unwrap_or_default()));
    facts.extend(Fact::typed("credit-notes-reason", fields.get("reason")));
    for line in &it.lines {
        let number = |it: Option<DecimalInput>| it.map_or(Decimal::ONE, |DecimalInput(it)| it);
        let price = number(line.unit_price).normalize();
        let (quantity, currency) = (number(line.quantity).normalize(), invoice.currency.code());
        let text = format!("{} · {quantity} × {price} {currency}", line.description);
        facts.extend(Fact::typed("panel-credit-lines", &text));
    }
    facts
}

fn read(
    fields: &Params,
    form: FormState,
    invoice: &InvoiceOutput,
) -> (Option<CreditNoteInput>, FormState) {
    let (lines, form) = lines::read(fields, form);
    let (issued_on, form) = lines::day(fields, "issued_on", form);
    let Some(issued_on) = issued_on else {
        return (None, form.with_fault("issued_on", "fault-required", TextArgs::new()));
    };
    let input = CreditNoteInput {
        external_id: None,
        customer_id: invoice.customer_id.to_string(),
        invoice_id: Some(invoice.id.to_string()),
        number: fields.get("number").to_owned(),
        status: CreditNoteStatus::Issued,
        currency: Some(invoice.currency),
        issued_on,
        reason: Some(fields.get("reason").to_owned()).filter(|reason| !reason.is_empty()),
        lines,
        taxes: None,
        adjustments: Vec::new(),
        subtotal_minor: None,
        tax_minor: None,
        total_minor: None,
        seller: None,
        buyer: None,
        purchase_order: None,
        notes: None,
        metadata: Default::default(),
        created_at: None,
    };
    (Some(input), form)
}
