//! A new customer, and changes to one.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::{Currency, Money};
use portico_core::records::RecordKey;
use portico_core::records::address::{AddressInput, TaxIdInput};
use portico_core::records::customer::{CustomerInput, CustomerOutput, CustomerRecord};
use portico_ui::formats::{LanguageFormats, read_amount};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{Head, LONG, list};
use crate::staff::answer::Stop;
use crate::staff::choices::{self, Choice, Choices};
use crate::staff::faults::rejected;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, listing, once, paths};

/// Empty rows of tax ids that follow those which are filled in.
const SPARE_TAX_ROWS: usize = 2;
/// Rows of tax ids that are looked for: more than a customer may have, so that the core says so.
const MOST_TAX_ROWS: usize = 25;
/// The parts of an address.
const PARTS: [&str; 6] = ["line1", "line2", "postal_code", "city", "region", "country"];

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerFormPage {
    /// Nothing for a new one.
    customer: Option<Head>,
    form: FormState,
    tax_rows: usize,
    brands: Vec<Choice>,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    currencies: Vec<Choice>,
    languages: Vec<Choice>,
    time_zones: Vec<Choice>,
    countries: Vec<Choice>,
    tax_kinds: Vec<Choice>,
}

impl CustomerFormPage {
    async fn new(staff: &Staff, customer: Option<Head>, form: FormState) -> Result<Self, Stop> {
        let language = staff.here.frame_for(Some(staff)).language;
        let choices = Choices::new(&staff.here.panel.ui, &language);
        let tax_rows = tax_rows(|field| form.value(field));
        let kinds: Vec<_> = (0..tax_rows).map(|row| format!("tax_ids.{row}.kind")).collect();
        Ok(Self {
            customer,
            tax_rows,
            brands: list::brands(staff).await?,
            kinds: choices.words("customer-kind", &["customer", "carrier"]),
            states: choices.words("customer-status", &["active", "inactive", "pending_approval"]),
            currencies: choices.currencies(form.value("currency")),
            languages: choices.languages(),
            time_zones: choices::time_zones(),
            countries: choices.countries(),
            tax_kinds: choices.tax_kinds(kinds.iter().map(|kind| form.value(kind))),
            form,
        })
    }
}

impl Page for CustomerFormPage {
    const TEMPLATE: &'static str = "panel/customers/form.html";

    fn samples() -> Vec<Sample<Self>> {
        let choice = || vec![Choice::new("a", "Alpha"), Choice::new("b", LONG)];
        let page = |customer, form| Self {
            customer,
            form,
            tax_rows: SPARE_TAX_ROWS,
            brands: choice(),
            kinds: choice(),
            states: choice(),
            currencies: choice(),
            languages: choice(),
            time_zones: choice(),
            countries: choice(),
            tax_kinds: choice(),
        };
        let faulty = FormState::new()
            .with_value("name", LONG)
            .with_fault("name", "fault-too-long", TextArgs::new().number("max", 200))
            .with_fault("debit_limit", "fault-amount", TextArgs::new());
        vec![
            Sample::new("new", page(None, FormState::new())),
            Sample::new("present", page(Some(Head::sample()), FormState::new())),
            Sample::new("faulty", page(Some(Head::sample()), faulty)),
        ]
    }
}

/// GET: the form for a new one, in the organisation's currency.
pub async fn new(staff: Staff) -> Answer {
    let brands = list::brands(&staff).await?;
    let brand = brands.first().map(|brand| brand.value.clone()).unwrap_or_default();
    let currency = staff.core().usual_currency(staff.caller()).await?.code();
    let form = once::form(&staff)
        .with_value("currency", currency)
        .with_value("brand_id", brand)
        .with_value("kind", "customer")
        .with_value("status", "active")
        .with_value("debit_limit", "0");
    staff.page(&CustomerFormPage::new(&staff, None, form).await?)
}

/// GET: the form with what is stored now.
pub async fn edit(staff: Staff, Path(id): Path<String>) -> Answer {
    let (head, customer) = Head::load(&staff, &id).await?;
    let form = present(&customer, staff.formats());
    staff.page(&CustomerFormPage::new(&staff, Some(head), form).await?)
}

/// POST: makes one.
pub async fn create(staff: Staff, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    save(&staff, None, (fields, form)).await
}

/// POST: changes it.
pub async fn update(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (head, _) = Head::load(&staff, &id).await?;
    save(&staff, Some(head), (fields, form)).await
}

async fn save(staff: &Staff, head: Option<Head>, (fields, form): (Params, FormState)) -> Answer {
    let failed = match read(&fields) {
        Err(field) => form.with_fault(field, "fault-amount", TextArgs::new()),
        Ok(input) => match store(staff, head.as_ref(), (&fields, form), input).await? {
            Ok(id) => {
                let to = paths::CUSTOMER.replace("{id}", &id.to_string());
                return Ok(staff.here.redirect_with_notice(
                    &to,
                    "success",
                    "notice-customer-saved",
                ));
            }
            Err(form) => form,
        },
    };
    let page = CustomerFormPage::new(staff, head, failed).await?;
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Of one that is there only what the form shows changes: Portal Access and the time stay.
async fn store(
    staff: &Staff,
    head: Option<&Head>,
    (fields, form): (&Params, FormState),
    input: CustomerInput,
) -> Result<Result<Uuid, FormState>, Stop> {
    let Some(head) = head else {
        return once::save::<CustomerRecord>(staff, (fields, form), input).await;
    };
    let mut patch = json!({
        "external_id": null, "legal_name": null, "registration_number": null, "email": null,
        "phone": null, "language": null, "time_zone": null, "notes": null, "metadata": null,
    });
    let given = serde_json::to_value(&input).unwrap_or_default();
    if let (Some(patch), Some(given)) = (patch.as_object_mut(), given.as_object()) {
        patch.extend(given.iter().map(|(field, value)| (field.clone(), value.clone())));
        cleared_addresses(patch);
    }
    let key = RecordKey::new(head.id.as_str());
    match staff.core().patch_record::<CustomerRecord>(staff.caller(), &key, &patch).await {
        Ok(saved) => Ok(Ok(saved.output.id.uuid())),
        Err(rejection) => rejected(form, rejection).map(Err),
    }
}

/// A merge patch keeps what it does not name: the parts of an address that are empty are named.
fn cleared_addresses(patch: &mut serde_json::Map<String, serde_json::Value>) {
    for address in ["billing_address", "shipping_address"] {
        if let Some(parts) = patch.get_mut(address).and_then(|parts| parts.as_object_mut()) {
            for part in PARTS {
                parts.entry(part).or_insert(serde_json::Value::Null);
            }
        }
    }
}

/// The form with a customer as it is.
fn present(it: &CustomerOutput, formats: &LanguageFormats) -> FormState {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let limit = Money::new(it.debit_limit_minor, it.currency);
    let metadata: Vec<_> =
        it.metadata.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let mut form = FormState::new()
        .with_value("name", it.name.as_str())
        .with_value(
            "external_id",
            it.external_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        )
        .with_value("legal_name", text(&it.legal_name))
        .with_value("registration_number", text(&it.registration_number))
        .with_value("email", text(&it.email))
        .with_value("phone", text(&it.phone))
        .with_value("kind", word(&it.kind))
        .with_value("status", word(&it.status))
        .with_value("currency", it.currency.code())
        .with_value("debit_limit", formats.typed_amount(limit))
        .with_value("language", text(&it.language))
        .with_value("time_zone", text(&it.time_zone))
        .with_value("brand_id", it.brand_id.to_string())
        .with_value("notes", text(&it.notes))
        .with_value("metadata", metadata.join("\n"));
    for (name, address) in
        [("billing_address", &it.billing_address), ("shipping_address", &it.shipping_address)]
    {
        let values = [
            &address.line1,
            &address.line2,
            &address.postal_code,
            &address.city,
            &address.region,
            &address.country,
        ];
        for (part, value) in PARTS.iter().zip(values) {
            form = form.with_value(&format!("{name}.{part}"), text(value));
        }
    }
    for (row, tax_id) in it.tax_ids.iter().enumerate() {
        form = form
            .with_value(&format!("tax_ids.{row}.kind"), tax_id.kind.as_str())
            .with_value(&format!("tax_ids.{row}.value"), tax_id.value.as_str());
    }
    form
}

fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// What was typed, as software would send it; else the field that holds no amount.
fn read(fields: &Params) -> Result<CustomerInput, &'static str> {
    let some = |name: &str| Some(fields.get(name).to_owned()).filter(|text| !text.is_empty());
    let currency: Option<Currency> = fields.get("currency").parse().ok();
    let limit = some("debit_limit").unwrap_or_else(|| "0".to_owned());
    let limit = read_amount(&limit, currency.unwrap_or(Currency::EUR));
    let limit = limit.map_err(|_| "debit_limit")?.minor();
    Ok(CustomerInput {
        external_id: some("external_id"),
        brand_id: some("brand_id"),
        kind: listing::word(fields, "kind").map(|(_, kind)| kind),
        name: fields.get("name").to_owned(),
        legal_name: some("legal_name"),
        registration_number: some("registration_number"),
        email: some("email"),
        phone: some("phone"),
        language: some("language"),
        time_zone: some("time_zone"),
        currency: some("currency"),
        status: listing::word(fields, "status").map(|(_, status)| status),
        debit_limit_minor: Some(limit),
        billing_address: Some(address(fields, "billing_address")),
        shipping_address: Some(address(fields, "shipping_address")),
        tax_ids: Some(tax_ids(fields)),
        portal_access: None,
        notes: some("notes"),
        metadata: Some(metadata(fields.get("metadata"))),
        created_at: None,
    })
}

fn address(fields: &Params, name: &str) -> AddressInput {
    let part = |part: &str| {
        Some(fields.get(&format!("{name}.{part}")).to_owned()).filter(|text| !text.is_empty())
    };
    AddressInput {
        line1: part("line1"),
        line2: part("line2"),
        city: part("city"),
        region: part("region"),
        postal_code: part("postal_code"),
        country: part("country"),
    }
}

/// How many rows of tax ids the form shows.
fn tax_rows<'f>(value: impl Fn(&str) -> &'f str) -> usize {
    let is_filled = |row: &usize| !value(&format!("tax_ids.{row}.value")).is_empty();
    let last = (0..MOST_TAX_ROWS).rev().find(is_filled);
    last.map_or(0, |last| last + 1) + SPARE_TAX_ROWS
}

/// A row without a number is none.
fn tax_ids(fields: &Params) -> Vec<TaxIdInput> {
    let row = |row: usize| TaxIdInput {
        kind: fields.get(&format!("tax_ids.{row}.kind")).to_owned(),
        value: fields.get(&format!("tax_ids.{row}.value")).to_owned(),
    };
    (0..MOST_TAX_ROWS).map(row).filter(|tax_id| !tax_id.value.is_empty()).collect()
}

/// One entry a line: `key: value`.
fn metadata(text: &str) -> BTreeMap<String, String> {
    let entry = |line: &str| {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        (key.trim().to_owned(), value.trim().to_owned())
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisations_own_data_is_one_entry_a_line() {
        let read = metadata("tier: gold\n\n note : a: b \nbare");
        let expected = [("bare", ""), ("note", "a: b"), ("tier", "gold")];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(read, BTreeMap::from(expected));
    }

    #[test]
    fn a_row_of_tax_ids_without_a_number_is_none() {
        let params =
            Params::of_query("tax_ids.0.kind=eu_vat&tax_ids.1.kind=es_cif&tax_ids.1.value=B5");
        let read = tax_ids(&params);
        assert_eq!(read, [TaxIdInput { kind: "es_cif".into(), value: "B5".into() }]);
    }

    #[test]
    fn there_is_always_room_for_two_more_tax_ids() {
        let rows = |query: &str| {
            let params = Params::of_query(query);
            (tax_rows(|field| params.get(field)), tax_ids(&params).len())
        };
        assert_eq!(rows(""), (2, 0));
        let twenty: Vec<_> = (0..20).map(|row| format!("tax_ids.{row}.value=X{row}")).collect();
        assert_eq!(rows(&twenty.join("&")), (22, 20), "none is dropped");
    }
}
