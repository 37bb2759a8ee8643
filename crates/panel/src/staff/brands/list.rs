//! The list of brands, and a new one.

use axum::http::StatusCode;
use axum::response::Response;
use portico_core::brands::{BrandError, BrandSettings};
use portico_ui::{CheckedForm, FormState, Page, Sample};
use serde::Serialize;

use super::basic::{Choices, form_of, read};
use super::{BrandHead, Fields, paths, tab, with_faults};
use crate::staff::{Answer, Staff};

/// All brands.
#[derive(Debug, Clone, Serialize)]
pub struct BrandsPage {
    brands: Vec<BrandRow>,
}

/// One of them.
#[derive(Debug, Clone, Serialize)]
struct BrandRow {
    head: BrandHead,
    hosts: Vec<String>,
    takes_customers: bool,
    takes_carriers: bool,
    hidden: usize,
}

/// GET: the list.
pub async fn show(staff: Staff) -> Answer {
    let listed = staff.core().list_brands(staff.caller()).await?;
    let row = |found: &portico_core::brands::ListedBrand| {
        let brand = &found.record.brand;
        BrandRow {
            head: BrandHead::of(&staff, found),
            hosts: brand.hosts.clone(),
            takes_customers: brand.sign_up.customers,
            takes_carriers: brand.sign_up.carriers,
            hidden: brand.hidden_sections.len(),
        }
    };
    let brands = listed.iter().map(row).collect();
    staff.page(&BrandsPage { brands })
}

/// A brand to be.
#[derive(Debug, Clone, Serialize)]
pub struct NewBrandPage {
    form: FormState,
    choices: Choices,
}

/// GET: the form.
pub async fn blank(staff: Staff) -> Answer {
    let settings = BrandSettings::of_new(String::new());
    let choices = Choices::of(&staff, &settings).await?;
    staff.page(&NewBrandPage { form: form_of(&settings), choices })
}

/// POST: makes the brand, and goes on to what is to be set for its host.
pub async fn create(staff: Staff, form: CheckedForm<Fields>) -> Answer {
    let (fields, form) = form.open();
    let settings = read(&fields, BrandSettings::default());
    let host = fields.get("host").map_or("", String::as_str);
    match staff.core().add_brand(staff.caller(), host, &settings).await {
        Ok(brand) => Ok(created(&staff, &tab(paths::BRAND_DOMAINS, brand.id))),
        Err(BrandError::Invalid(faults)) => {
            let choices = Choices::of(&staff, &settings).await?;
            let page = NewBrandPage { form: with_faults(form, &faults), choices };
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

fn created(staff: &Staff, to: &str) -> Response {
    staff.here.redirect_with_notice(to, "success", "notice-brand-created")
}

impl Page for BrandsPage {
    const TEMPLATE: &'static str = "panel/brands/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let typical = BrandRow {
            head: BrandHead::sample(),
            hosts: vec!["pay.voxtel.example".to_owned(), "pagos.voxtel.example".to_owned()],
            takes_customers: true,
            takes_carriers: true,
            hidden: 3,
        };
        let fresh = BrandRow {
            head: BrandHead::new_sample(),
            hosts: Vec::new(),
            takes_customers: false,
            takes_carriers: false,
            hidden: 0,
        };
        vec![
            Sample::new("empty", Self { brands: Vec::new() }),
            Sample::new("typical", Self { brands: vec![typical, fresh] }),
        ]
    }
}

impl Page for NewBrandPage {
    const TEMPLATE: &'static str = "panel/brands/new.html";

    fn samples() -> Vec<Sample<Self>> {
        let blank = form_of(&BrandSettings::of_new(String::new()));
        let faulty = blank
            .clone()
            .with_value("host", "https://pay.voxtel.example/")
            .with_fault("host", "brands-fault-host", portico_ui::TextArgs::new())
            .with_fault("name", "fault-required", portico_ui::TextArgs::new());
        let page = |form| Self { form, choices: Choices::sample() };
        vec![Sample::new("blank", page(blank)), Sample::new("faulty", page(faulty))]
    }
}
