//! A customer's Portal access: what it sees whatever its brand says.

use axum::extract::Path;
use portico_billing::section::Section;
use portico_core::records::RecordKey;
use portico_core::records::customer::{CustomerOutput, CustomerRecord, PortalAccessInput};
use portico_ui::{CheckedForm, FormState, Page, Sample};
use serde::Serialize;
use serde_json::json;

use super::access::Group;
use super::{Fields, paths};
use crate::staff::{Answer, Staff};

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerAccessPage {
    id: String,
    name: String,
    brand_id: String,
    brand: String,
    /// What the brand hides.
    hidden: Vec<Section>,
    form: FormState,
    groups: Vec<Group>,
}

/// GET: the page.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let (core, caller) = (staff.core(), staff.caller());
    let customer = core.find_record::<CustomerRecord>(caller, &RecordKey::new(id)).await?;
    let brand = core.find_brand(caller, customer.brand_id).await?.record.brand;
    let page = CustomerAccessPage {
        id: customer.id.to_string(),
        brand_id: brand.id.to_string(),
        brand: brand.name,
        hidden: brand.hidden_sections,
        form: form_of(&customer),
        name: customer.name,
        groups: Group::all(),
    };
    staff.page(&page)
}

/// POST: saves it.
pub async fn save(staff: Staff, Path(id): Path<String>, form: CheckedForm<Fields>) -> Answer {
    let fields = form.into_inner();
    let chosen = |word: &str| -> Vec<Section> {
        let is = |section: &Section| fields.get(section.word()).is_some_and(|it| it == word);
        Section::ALL.into_iter().filter(is).collect()
    };
    let access = PortalAccessInput { show: chosen("show"), hide: chosen("hide") };
    let (key, patch) = (RecordKey::new(&*id), json!({"portal_access": access}));
    let saved = staff.core().patch_record::<CustomerRecord>(staff.caller(), &key, &patch).await?;
    let to = paths::CUSTOMER_ACCESS.replace("{id}", &saved.output.id.to_string());
    Ok(staff.here.redirect_with_notice(&to, "success", "notice-customer-access-saved"))
}

fn form_of(customer: &CustomerOutput) -> FormState {
    let access = &customer.portal_access;
    Section::ALL.into_iter().fold(FormState::new(), |form, section| {
        let word = match (access.show.contains(&section), access.hide.contains(&section)) {
            (true, _) => "show",
            (_, true) => "hide",
            _ => "brand",
        };
        form.with_value(section.word(), word)
    })
}

impl Page for CustomerAccessPage {
    const TEMPLATE: &'static str = "panel/brands/customer-access.html";

    fn samples() -> Vec<Sample<Self>> {
        let form = Section::ALL.into_iter().fold(FormState::new(), |form, section| {
            let word = match section {
                Section::Contracts => "show",
                Section::Exports => "hide",
                _ => "brand",
            };
            form.with_value(section.word(), word)
        });
        let typical = Self {
            id: "cus_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b".to_owned(),
            name: super::LONG.to_owned(),
            brand_id: "brd_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b".to_owned(),
            brand: "Voxtel <Empresas>".to_owned(),
            hidden: vec![Section::Contracts],
            form,
            groups: Group::all(),
        };
        vec![Sample::new("typical", typical)]
    }
}
