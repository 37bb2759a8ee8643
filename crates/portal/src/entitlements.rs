//! Entitlements: what may be used, and how much of it was used.

use axum::extract::Path;
use jiff::civil::date;
use portico_billing::entitlement::{Entitlement, EntitlementKind, EntitlementStatus};
use portico_billing::page::Page as Rows;
use portico_billing::{EntitlementId, SubscriptionId};
use portico_core_api::EntitlementView;
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::answer::Answer;
use crate::dates::Days;
use crate::listing::{Asked, Listing};
use crate::params::Params;
use crate::samples::{LONG, MARKUP, RTL, at, decimal, id, october};
use crate::visitor::Visitor;

/// An entitlement as shown.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EntitlementItem {
    id: EntitlementId,
    name: String,
    description: Option<String>,
    kind: EntitlementKind,
    status: EntitlementStatus,
    unit: Option<String>,
    used: Decimal,
    limit: Option<Decimal>,
    /// What is left; nothing without a limit.
    left: Option<Decimal>,
    percent: Option<u8>,
    days: Option<Days>,
    plan: Option<String>,
    subscription_id: Option<SubscriptionId>,
}

impl From<EntitlementView> for EntitlementItem {
    fn from(view: EntitlementView) -> Self {
        let entitlement = view.entitlement;
        let used = entitlement.used;
        let left = |limit: Decimal| limit.checked_sub(used).unwrap_or_default().max(Decimal::ZERO);
        Self {
            percent: entitlement.percent_used(),
            left: entitlement.limit.map(left),
            id: entitlement.id,
            name: entitlement.name,
            description: entitlement.description,
            kind: entitlement.kind,
            status: entitlement.status,
            unit: entitlement.unit,
            used,
            limit: entitlement.limit,
            days: entitlement.period.map(Days::from),
            plan: view.plan,
            subscription_id: entitlement.subscription_id,
        }
    }
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EntitlementsPage {
    list: Listing<EntitlementItem>,
}

/// One entitlement.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EntitlementPage {
    entitlement: EntitlementItem,
}

/// GET: the list.
pub(crate) async fn list(visitor: Visitor, params: Params) -> Answer {
    let mut asked = Asked::new(&params);
    let query = asked.plain::<EntitlementStatus>();
    let rows = visitor.core().entitlements(&visitor.secret, query).await?;
    visitor.page(&EntitlementsPage { list: asked.listing(rows, EntitlementItem::from) })
}

/// GET: one of them.
pub(crate) async fn show(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let view = visitor.core().entitlement(&visitor.secret, id).await?;
    visitor.page(&EntitlementPage { entitlement: view.into() })
}

impl Page for EntitlementsPage {
    const TEMPLATE: &'static str = "portal/entitlements/list.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, rows| {
            let params = Params::of_query(query);
            let mut asked = Asked::new(&params);
            let _ = asked.plain::<EntitlementStatus>();
            let rows = Rows { rows, next: None, previous: None };
            Self { list: asked.listing(rows, EntitlementItem::from) }
        };
        vec![
            Sample::new("empty", page("", Vec::new())),
            Sample::new("typical", page("", views())),
            Sample::new("nothing-found", page("q=seats", Vec::new())),
        ]
    }
}

impl Page for EntitlementPage {
    const TEMPLATE: &'static str = "portal/entitlements/detail.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let names = ["feature", "quantity", "credits", "unlimited", "extreme"];
        let pages = views().into_iter().map(|view| Self { entitlement: view.into() });
        names.into_iter().zip(pages).map(|(name, page)| Sample::new(name, page)).collect()
    }
}

fn views() -> Vec<EntitlementView> {
    let feature = Entitlement {
        id: id(80),
        customer_id: id(1),
        external_id: None,
        subscription_id: Some(id(40)),
        name: "Single sign-on".to_owned(),
        description: Some("Sign in with your own identity provider".to_owned()),
        kind: EntitlementKind::Feature,
        status: EntitlementStatus::Active,
        unit: None,
        used: Decimal::ZERO,
        limit: None,
        period: None,
        metadata: Default::default(),
        created_at: at(date(2026, 10, 1)),
        updated_at: at(date(2026, 11, 1)),
    };
    let counted = |number, name: &str, kind, used: &str, limit: Option<&str>| Entitlement {
        id: id(number),
        name: name.to_owned(),
        description: None,
        kind,
        unit: Some("GB".to_owned()),
        used: decimal(used),
        limit: limit.map(decimal),
        period: october(),
        ..feature.clone()
    };
    use EntitlementKind::{Credits, Quantity};
    let extreme = Entitlement {
        name: format!("{LONG} {RTL}"),
        description: Some(MARKUP.to_owned()),
        status: EntitlementStatus::Expired,
        subscription_id: None,
        ..counted(84, "", Credits, "1234567890.123456", Some("1000000"))
    };
    let quantity = counted(81, "Storage", Quantity, "412.5", Some("500"));
    let credits = counted(82, "Message credits", Credits, "0", Some("10000"));
    let unlimited = Entitlement {
        status: EntitlementStatus::Inactive,
        ..counted(83, "Traffic", Quantity, "98000", None)
    };
    let plan = || Some("Business".to_owned());
    [(feature, plan()), (quantity, plan()), (credits, plan()), (unlimited, None), (extreme, None)]
        .into_iter()
        .map(|(entitlement, plan)| EntitlementView { entitlement, plan })
        .collect()
}
