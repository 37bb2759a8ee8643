//! Billing information: company, addresses, tax ids. Each part is a form of its own.

use axum::http::StatusCode;
use portico_billing::account::{Address, TaxId};
use portico_billing::brand::ProfileField;
use portico_billing::tax_id;
use portico_core_api::{
    AddressChange, BillingDetails, BillingDetailsChange, CompanyChange, Refusal,
};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use crate::answer::Answer;
use crate::choices::{self, Choice};
use crate::params::Params;
use crate::paths;
use crate::refusal::with_faults;
use crate::samples::{LONG, RTL, address};
use crate::visitor::Visitor;

/// Empty rows for further tax ids.
const SPARE_ROWS: usize = 2;
/// Most rows of tax ids that are read from a form.
const ROWS_MAX: usize = 20;

/// The parts, each with its form.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BillingPage {
    details: BillingDetails,
    may_change: Editable,
    company: FormState,
    billing_address: FormState,
    shipping_address: FormState,
    tax_ids: FormState,
    /// Rows of the form of tax ids.
    tax_rows: usize,
    tax_kinds: Vec<Choice>,
    countries: Vec<Choice>,
}

/// What the brand lets this visitor change.
#[derive(Debug, Clone, Copy, Serialize)]
struct Editable {
    company: bool,
    address: bool,
    tax_ids: bool,
}

impl BillingPage {
    /// The page with what is stored now; lists are only made where something can be chosen.
    async fn load(visitor: &Visitor) -> Result<Self, Refusal> {
        let mut details = visitor.core().billing_details(&visitor.secret).await?;
        details.tax_ids = details.tax_ids.iter().map(tax_id::shown).collect();
        let may_change = Editable {
            company: visitor.may_change(ProfileField::Company),
            address: visitor.may_change(ProfileField::Address),
            tax_ids: visitor.may_change(ProfileField::TaxIds),
        };
        let ui = visitor.here.portal.ui();
        let language = visitor.here.language(Some(&visitor.visit));
        let countries = if may_change.address { choices::countries(ui, &language) } else { vec![] };
        let present = details.tax_ids.iter().map(|tax_id| tax_id.kind.as_str());
        let tax_kinds = choices::tax_kinds(ui, &language, present);
        Ok(Self::new(details, may_change, tax_kinds, countries))
    }

    fn new(
        details: BillingDetails,
        may_change: Editable,
        tax_kinds: Vec<Choice>,
        countries: Vec<Choice>,
    ) -> Self {
        Self {
            company: company_form(&details),
            billing_address: address_form("billing_address", &details.billing_address),
            shipping_address: address_form("shipping_address", &details.shipping_address),
            tax_ids: tax_form(&details.tax_ids),
            tax_rows: details.tax_ids.len() + SPARE_ROWS,
            details,
            may_change,
            tax_kinds,
            countries,
        }
    }
}

fn company_form(details: &BillingDetails) -> FormState {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    FormState::new()
        .with_value("legal_name", text(&details.legal_name))
        .with_value("registration_number", text(&details.registration_number))
        .with_value("email", text(&details.email))
}

fn address_form(prefix: &str, address: &Address) -> FormState {
    let country = address.country.as_ref().map(|country| country.as_str().to_owned());
    let parts = [
        ("line1", &address.line1),
        ("line2", &address.line2),
        ("city", &address.city),
        ("region", &address.region),
        ("postal_code", &address.postal_code),
        ("country", &country),
    ];
    parts.into_iter().fold(FormState::new(), |form, (name, value)| {
        form.with_value(&format!("{prefix}.{name}"), value.clone().unwrap_or_default())
    })
}

fn tax_form(tax_ids: &[TaxId]) -> FormState {
    tax_ids.iter().enumerate().fold(FormState::new(), |form, (row, tax_id)| {
        form.with_value(&format!("tax_ids.{row}.kind"), tax_id.kind.as_str())
            .with_value(&format!("tax_ids.{row}.value"), tax_id.value.as_str())
    })
}

/// GET: the page.
pub(crate) async fn show(visitor: Visitor) -> Answer {
    let page = BillingPage::load(&visitor).await?;
    visitor.page(&page)
}

/// POST: the company.
pub(crate) async fn save_company(visitor: Visitor, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let company = CompanyChange {
        legal_name: fields.get("legal_name").to_owned(),
        registration_number: fields.get("registration_number").to_owned(),
        email: fields.get("email").to_owned(),
    };
    let change = BillingDetailsChange { company: Some(company), ..Default::default() };
    save(&visitor, change, "notice-company-saved", |page, faults| {
        page.company = faults(form);
    })
    .await
}

/// POST: the billing address.
pub(crate) async fn save_billing_address(visitor: Visitor, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let billing_address = Some(address_change("billing_address", &fields));
    let change = BillingDetailsChange { billing_address, ..Default::default() };
    save(&visitor, change, "notice-address-saved", |page, faults| {
        page.billing_address = faults(form);
    })
    .await
}

/// POST: the shipping address.
pub(crate) async fn save_shipping_address(visitor: Visitor, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let shipping_address = Some(address_change("shipping_address", &fields));
    let change = BillingDetailsChange { shipping_address, ..Default::default() };
    save(&visitor, change, "notice-address-saved", |page, faults| {
        page.shipping_address = faults(form);
    })
    .await
}

/// POST: all tax ids.
pub(crate) async fn save_tax_ids(visitor: Visitor, form: CheckedForm<Params>) -> Answer {
    let (fields, _) = form.open();
    let tax_ids = typed_tax_ids(&fields);
    // Rows that were left out close up, so that faults are at the rows that the core counted.
    let (form, rows) = (tax_form(&tax_ids), tax_ids.len() + SPARE_ROWS);
    let change = BillingDetailsChange { tax_ids: Some(tax_ids), ..Default::default() };
    save(&visitor, change, "notice-tax-ids-saved", |page, faults| {
        page.tax_ids = faults(form);
        page.tax_rows = rows;
    })
    .await
}

/// Saves one part; with faults the page is shown again, its part as `put` leaves it.
async fn save(
    visitor: &Visitor,
    change: BillingDetailsChange,
    notice: &str,
    put: impl FnOnce(&mut BillingPage, &dyn Fn(FormState) -> FormState),
) -> Answer {
    match visitor.core().change_billing_details(&visitor.secret, change).await {
        Ok(()) => {
            let here = &visitor.here;
            Ok(here.redirect_with_notice(paths::BILLING_INFORMATION, "success", notice))
        }
        Err(Refusal::Invalid { faults }) => {
            let mut page = BillingPage::load(visitor).await?;
            put(&mut page, &|form| with_faults(form, &faults));
            visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(refusal) => Err(refusal.into()),
    }
}

fn address_change(prefix: &str, fields: &Params) -> AddressChange {
    let field = |name: &str| fields.get(&format!("{prefix}.{name}")).to_owned();
    AddressChange {
        line1: field("line1"),
        line2: field("line2"),
        city: field("city"),
        region: field("region"),
        postal_code: field("postal_code"),
        country: field("country"),
    }
}

/// The rows that have a number; a row without one removes its tax id.
fn typed_tax_ids(fields: &Params) -> Vec<TaxId> {
    let row = |row: usize| {
        let field = |name: &str| fields.get(&format!("tax_ids.{row}.{name}")).to_owned();
        TaxId { kind: field("kind"), value: field("value") }
    };
    (0..ROWS_MAX).map(row).filter(|tax_id| !tax_id.value.is_empty()).collect()
}

impl Page for BillingPage {
    const TEMPLATE: &'static str = "portal/account/billing.html";

    fn samples() -> Vec<Sample<Self>> {
        let all = Editable { company: true, address: true, tax_ids: true };
        let none = Editable { company: false, address: false, tax_ids: false };
        let mut faulty = sample(typical(), all);
        faulty.billing_address = faulty.billing_address.with_fault(
            "billing_address.country",
            "fault-not-a-country",
            TextArgs::new(),
        );
        let example = TextArgs::new().text("example", "ESB12345678");
        faulty.tax_ids =
            faulty.tax_ids.with_fault("tax_ids.0.value", "fault-not-a-tax-id", example);
        let extreme = BillingDetails {
            name: RTL.to_owned(),
            legal_name: Some(LONG.to_owned()),
            billing_address: Address { line1: Some(LONG.to_owned()), ..Address::default() },
            ..typical()
        };
        vec![
            Sample::new("empty", sample(empty(), all)),
            Sample::new("typical", sample(typical(), all)),
            Sample::new("faulty", faulty),
            Sample::new("not-permitted", sample(typical(), none)),
            Sample::new("not-permitted-empty", sample(empty(), none)),
            Sample::new("extreme", sample(extreme, all)),
        ]
    }
}

fn sample(details: BillingDetails, may_change: Editable) -> BillingPage {
    let kinds = vec![Choice::new("eu_vat", "EU VAT"), Choice::new("es_cif", "NIF")];
    let countries = vec![Choice::new("DE", "Germany"), Choice::new("ES", "Spain")];
    BillingPage::new(details, may_change, kinds, countries)
}

fn typical() -> BillingDetails {
    BillingDetails {
        name: "Northwind Analytics".to_owned(),
        legal_name: Some("Northwind Analytics S.L.".to_owned()),
        registration_number: Some("M-123456".to_owned()),
        email: Some("billing@northwind.example".to_owned()),
        billing_address: address("Calle de Alcalá 45", "Madrid", "28014", "ES"),
        shipping_address: address("Gran Vía 1", "Madrid", "28013", "ES"),
        tax_ids: vec![TaxId { kind: "eu_vat".to_owned(), value: "ESB12345678".to_owned() }],
    }
}

fn empty() -> BillingDetails {
    BillingDetails {
        name: "Northwind Analytics".to_owned(),
        legal_name: None,
        registration_number: None,
        email: None,
        billing_address: Address::default(),
        shipping_address: Address::default(),
        tax_ids: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_number_are_left_out() {
        let fields = Params::of_query(
            "tax_ids.0.kind=eu_vat&tax_ids.0.value=+&tax_ids.1.kind=es_cif&tax_ids.1.value=B1\
             &tax_ids.99.value=x",
        );
        let kept = TaxId { kind: "es_cif".to_owned(), value: "B1".to_owned() };
        assert_eq!(typed_tax_ids(&fields), [kept]);
    }
}
