//! The tab User access area: a switch for each section of the portal.

use axum::extract::Path;
use portico_billing::section::{Section, SectionGroup};
use portico_core::brands::ExceptionalCustomer;
use portico_ui::{CheckedForm, FormState, Page, Sample};
use serde::Serialize;

use super::{BrandHead, Fields, edit, find, paths, tab};
use crate::staff::{Answer, Staff};

/// Customers with exceptions that are named; there may be more.
const NAMED: u16 = 10;

/// The tab.
#[derive(Debug, Clone, Serialize)]
pub struct SectionsPage {
    brand: BrandHead,
    form: FormState,
    groups: Vec<Group>,
    customers: Vec<Exceptional>,
}

/// Sections that are listed together.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    group: SectionGroup,
    sections: Vec<Section>,
}

/// A customer that sees something else than the brand says.
#[derive(Debug, Clone, Serialize)]
struct Exceptional {
    id: String,
    name: String,
    show: Vec<Section>,
    hide: Vec<Section>,
}

impl Group {
    /// All sections in their groups.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let group = |group: SectionGroup| Self { group, sections: group.sections().collect() };
        SectionGroup::ALL.into_iter().map(group).collect()
    }
}

impl From<ExceptionalCustomer> for Exceptional {
    fn from(it: ExceptionalCustomer) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name,
            show: it.access.show.into_iter().collect(),
            hide: it.access.hide.into_iter().collect(),
        }
    }
}

/// GET: the tab.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let found = find(&staff, &id).await?;
    let brand = &found.record.brand;
    let core = staff.core();
    let customers = core.exceptional_customers(staff.caller(), brand.id, NAMED).await?;
    let page = SectionsPage {
        brand: BrandHead::of(&staff, &found),
        form: form_of(&brand.hidden_sections),
        groups: Group::all(),
        customers: customers.into_iter().map(Exceptional::from).collect(),
    };
    staff.page(&page)
}

/// POST: saves it. A section whose box is not ticked is hidden.
pub async fn save(staff: Staff, Path(id): Path<String>, form: CheckedForm<Fields>) -> Answer {
    let found = find(&staff, &id).await?;
    let fields = form.into_inner();
    let hidden: Vec<Section> =
        Section::ALL.into_iter().filter(|section| !fields.contains_key(section.word())).collect();
    let id = found.record.brand.id;
    edit(&staff, id, |mut settings| {
        settings.hidden_sections = hidden;
        settings
    })
    .await?;
    let to = tab(paths::BRAND_SECTIONS, id);
    Ok(staff.here.redirect_with_notice(&to, "success", "notice-brand-saved"))
}

fn form_of(hidden: &[Section]) -> FormState {
    let shown = Section::ALL.into_iter().filter(|section| !hidden.contains(section));
    shown.fold(FormState::new(), |form, section| form.with_value(section.word(), "true"))
}

impl Page for SectionsPage {
    const TEMPLATE: &'static str = "panel/brands/access.html";

    fn samples() -> Vec<Sample<Self>> {
        let named = Exceptional {
            id: "cus_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b".to_owned(),
            name: super::LONG.to_owned(),
            show: vec![Section::Contracts],
            hide: vec![Section::Exports, Section::PaymentMethods],
        };
        let page = |brand, hidden: &[Section], customers| Self {
            brand,
            form: form_of(hidden),
            groups: Group::all(),
            customers,
        };
        vec![
            Sample::new("everything", page(BrandHead::new_sample(), &[], Vec::new())),
            Sample::new("typical", page(BrandHead::sample(), &[Section::Contracts], vec![named])),
            Sample::new("nothing", page(BrandHead::sample(), &Section::ALL, Vec::new())),
        ]
    }
}
