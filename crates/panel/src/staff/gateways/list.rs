//! The gateways in the order in which customers read them, and the choice of a provider for one
//! more.

use std::collections::BTreeMap;

use portico_billing::permission::Permission;
use portico_core::gateways::{GatewayView, PROVIDERS, provider};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::super::customers::LONG;
use super::super::params::Params;
use super::super::settings::Tabs;
use super::super::{Answer, Staff};
use super::form;

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct GatewaysPage {
    tabs: Tabs,
    rows: Vec<Row>,
    may_edit: bool,
}

/// A gateway in the list.
#[derive(Debug, Clone, Serialize)]
struct Row {
    id: String,
    name: String,
    provider: &'static str,
    /// The brand that alone has it.
    brand: Option<String>,
    currencies: Vec<String>,
    is_enabled: bool,
    is_test: bool,
    is_lost: bool,
}

impl Row {
    fn new(it: GatewayView, brands: &BTreeMap<String, String>) -> Self {
        let brand = it.input.brand_id.map(|id| id.to_string());
        Self {
            id: it.id.to_string(),
            name: it.input.name,
            provider: it.provider.name,
            brand: brand.map(|id| brands.get(&id).cloned().unwrap_or(id)),
            currencies: it.input.currencies.iter().map(|it| it.currency.to_string()).collect(),
            is_enabled: it.input.enabled,
            is_test: it.input.test,
            is_lost: it.is_lost,
        }
    }
}

/// The choice of a provider.
#[derive(Debug, Clone, Serialize)]
pub struct ChooseProviderPage {
    /// Key, key as it stands in texts, and name of each.
    providers: Vec<[String; 3]>,
}

impl ChooseProviderPage {
    fn new() -> Self {
        let row = |key: &str, name: &str| [key.to_owned(), key.replace('_', "-"), name.to_owned()];
        Self { providers: PROVIDERS.iter().map(|it| row(it.key, it.name)).collect() }
    }
}

/// GET: the list.
pub async fn show(staff: Staff) -> Answer {
    let found = staff.core().gateways(staff.caller()).await?;
    let brands = form::brands(&staff).await?;
    let brands = brands.into_iter().map(|it| (it.value, it.label)).collect();
    let rows = found.into_iter().map(|it| Row::new(it, &brands)).collect();
    let may_edit = staff.may(Permission::EditGateways);
    staff.page(&GatewaysPage { tabs: Tabs::of(&staff), rows, may_edit })
}

/// GET: the form for the provider that was chosen; the choice where none was.
pub async fn new(staff: Staff, params: Params) -> Answer {
    match provider(params.get("provider")) {
        Some(provider) => staff.page(&form::blank(&staff, provider).await?),
        None => staff.page(&ChooseProviderPage::new()),
    }
}

impl Page for GatewaysPage {
    const TEMPLATE: &'static str = "panel/gateways/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let row = |number: u32, name: &str, provider| Row {
            id: form::sample_gateway(number),
            name: name.to_owned(),
            provider,
            brand: (number == 2).then(|| "Acme Wholesale".to_owned()),
            currencies: vec!["EUR".to_owned(), "USD".to_owned()],
            is_enabled: number < 3,
            is_test: number == 2,
            is_lost: number == 4,
        };
        let rows = vec![
            row(1, "Card", "Stripe"),
            row(2, "PayPal", "PayPal"),
            row(3, "Card (old)", "Authorize.Net"),
            row(4, LONG, "Stripe"),
        ];
        let page = |rows, may_edit| Self { tabs: Tabs::ALL, rows, may_edit };
        vec![
            Sample::new("empty", page(Vec::new(), true)),
            Sample::new("empty-read-only", page(Vec::new(), false)),
            Sample::new("typical", page(rows.clone(), true)),
            Sample::new("read-only", Self { tabs: Tabs::NONE, ..page(rows, false) }),
        ]
    }
}

impl Page for ChooseProviderPage {
    const TEMPLATE: &'static str = "panel/gateways/choose.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self::new())]
    }
}
