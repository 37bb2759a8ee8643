//! Writing an invoice: a draft, until it is approved.

use axum::extract::Path;
use axum::http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use portico_billing::invoice::InvoiceStatus;
use portico_billing::{Currency, InvoiceId};
use portico_core::records::RecordKey;
use portico_core::records::invoice::{InvoiceInput, InvoiceOutput, InvoiceRecord};
use portico_ui::formats::LanguageFormats;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;
use serde_json::json;

use super::{lines, load, path};
use crate::staff::answer::Stop;
use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::faults::rejected;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, once};

/// Days that customers have to pay where nothing else is said.
const DAYS_TO_PAY: i64 = 30;

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct InvoiceFormPage {
    customer: Head,
    /// Nothing for a new one.
    invoice_id: Option<String>,
    form: FormState,
    lines: usize,
    currency: String,
}

impl InvoiceFormPage {
    fn new(
        customer: Head,
        invoice_id: Option<String>,
        form: FormState,
        currency: Currency,
    ) -> Self {
        let lines = form.value("lines").parse().unwrap_or(1).clamp(1, lines::MOST);
        Self { customer, invoice_id, form, lines, currency: currency.code().to_owned() }
    }
}

impl Page for InvoiceFormPage {
    const TEMPLATE: &'static str = "panel/invoices/form.html";

    fn samples() -> Vec<Sample<Self>> {
        let faulty = FormState::new()
            .with_value("lines", "2")
            .with_value("lines.0.description", LONG)
            .with_fault("lines.0.unit_price", "fault-number", TextArgs::new())
            .with_fault("due_on", "fault-day", TextArgs::new());
        let page = |id, form| Self::new(Head::sample(), id, form, Currency::EUR);
        vec![
            Sample::new("new", page(None, FormState::new())),
            Sample::new("faulty", page(Some(sample_id(1)), faulty)),
        ]
    }
}

/// GET: a new one.
pub async fn new(staff: Staff, Path(customer): Path<String>) -> Answer {
    let (head, customer) = Head::load(&staff, &customer).await?;
    let today = staff.core().today(staff.caller()).await?;
    let due_on = today.checked_add(DAYS_TO_PAY.days()).unwrap_or(today);
    let form = once::form(&staff)
        .with_value("issued_on", today.to_string())
        .with_value("due_on", due_on.to_string())
        .with_value("lines", "1")
        .with_value("lines.0.quantity", "1");
    staff.page(&InvoiceFormPage::new(head, None, form, customer.currency))
}

/// GET: a draft as it is.
pub async fn edit(staff: Staff, Path(id): Path<String>) -> Answer {
    let (head, invoice) = load(&staff, &id).await?;
    let form = present(&invoice, staff.formats());
    staff.page(&InvoiceFormPage::new(head, Some(id), form, invoice.currency))
}

/// POST: stores a new draft.
pub async fn create(
    staff: Staff,
    Path(customer): Path<String>,
    form: CheckedForm<Params>,
) -> Answer {
    let (fields, form) = form.open();
    let (head, customer) = Head::load(&staff, &customer).await?;
    save(&staff, (head, None, customer.currency), (fields, form)).await
}

/// POST: changes a draft.
pub async fn update(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (head, invoice) = load(&staff, &id).await?;
    save(&staff, (head, Some(id), invoice.currency), (fields, form)).await
}

async fn save(
    staff: &Staff,
    (head, id, currency): (Head, Option<String>, Currency),
    (fields, form): (Params, FormState),
) -> Answer {
    if let Some(form) = lines::rearranged(&fields, &form) {
        return staff.page(&InvoiceFormPage::new(head, id, form, currency));
    }
    let (input, form) = read(&fields, form, &head.id);
    let failed = match input.filter(|_| form.is_fine()) {
        None => form,
        Some(input) => match store(staff, id.as_deref(), (&fields, form), input).await? {
            Ok(id) => {
                let to = path(id);
                return Ok(staff.here.redirect_with_notice(&to, "success", "notice-draft-saved"));
            }
            Err(form) => form,
        },
    };
    let page = InvoiceFormPage::new(head, id, failed, currency);
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn store(
    staff: &Staff,
    id: Option<&str>,
    (fields, form): (&Params, FormState),
    input: InvoiceInput,
) -> Result<Result<InvoiceId, FormState>, Stop> {
    let Some(id) = id else {
        let saved = once::save::<InvoiceRecord>(staff, (fields, form), input).await?;
        return Ok(saved.map(InvoiceId::from));
    };
    let mut patch = json!({
        "number": null, "period_start": null, "period_end_exclusive": null, "taxes": null,
        "purchase_order": null, "notes": null,
    });
    let given = serde_json::to_value(&input).unwrap_or_default();
    if let (Some(patch), Some(given)) = (patch.as_object_mut(), given.as_object()) {
        patch.extend(given.iter().map(|(field, value)| (field.clone(), value.clone())));
    }
    let key = RecordKey::new(id);
    match staff.core().patch_record::<InvoiceRecord>(staff.caller(), &key, &patch).await {
        Ok(saved) => Ok(Ok(saved.output.id)),
        Err(rejection) => rejected(form, rejection).map(Err),
    }
}

/// What was typed, as software would send it; nothing without the day of issue.
fn read(fields: &Params, form: FormState, customer: &str) -> (Option<InvoiceInput>, FormState) {
    let some = |name: &str| Some(fields.get(name).to_owned()).filter(|text| !text.is_empty());
    let (lines, form) = lines::read(fields, form);
    let (issued_on, form) = lines::day(fields, "issued_on", form);
    let (due_on, form) = lines::day(fields, "due_on", form);
    let (period_start, form) = lines::day(fields, "period_start", form);
    let (period_until, form) = lines::day(fields, "period_until", form);
    let Some(issued_on) = issued_on else {
        return (None, form.with_fault("issued_on", "fault-required", TextArgs::new()));
    };
    let input = InvoiceInput {
        external_id: None,
        customer_id: customer.to_owned(),
        number: some("number"),
        status: InvoiceStatus::Draft,
        currency: None,
        issued_on,
        due_on,
        // Software plans them: changing a draft here leaves them as they are.
        instalments: Vec::new(),
        period_start,
        period_end_exclusive: period_until.and_then(|last| last.tomorrow().ok()),
        lines,
        taxes: None,
        adjustments: Vec::new(),
        subtotal_minor: None,
        tax_minor: None,
        total_minor: None,
        prepaid_minor: None,
        paid_elsewhere_minor: None,
        seller: None,
        buyer: None,
        payment: None,
        purchase_order: some("purchase_order"),
        notes: some("notes"),
        metadata: Default::default(),
        created_at: None,
    };
    (Some(input), form)
}

fn present(it: &InvoiceOutput, formats: &LanguageFormats) -> FormState {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let last = it.period_end_exclusive.and_then(|end| end.yesterday().ok());
    let form = FormState::new()
        .with_value("number", text(&it.number))
        .with_value("issued_on", it.issued_on.to_string())
        .with_value("due_on", it.due_on.to_string())
        .with_value("period_start", day(it.period_start))
        .with_value("period_until", day(last))
        .with_value("purchase_order", text(&it.purchase_order))
        .with_value("notes", text(&it.notes));
    lines::present(form, &it.lines, formats)
}
