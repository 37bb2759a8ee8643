//! Subscriptions.

use axum::extract::Path;
use jiff::civil::{Date, date};
use portico_billing::page::Page as Rows;
use portico_billing::payment_method::PaymentMethod;
use portico_billing::subscription::{
    Interval, IntervalUnit, Subscription, SubscriptionItem as Part, SubscriptionStatus,
};
use portico_billing::{Currency, Money, SubscriptionId};
use portico_core_api::SubscriptionView;
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::answer::Answer;
use crate::dates::Days;
use crate::listing::{Asked, Listing};
use crate::params::Params;
use crate::payment_methods;
use crate::samples::{LONG, RTL, at, decimal, id, october};
use crate::visitor::Visitor;

/// A subscription in a list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SubscriptionItem {
    id: SubscriptionId,
    plan: String,
    status: SubscriptionStatus,
    price: Money,
    interval: Interval,
    days: Option<Days>,
    started_on: Date,
    cancels_on: Option<Date>,
    ended_on: Option<Date>,
    trial_ends_on: Option<Date>,
}

impl From<&SubscriptionView> for SubscriptionItem {
    fn from(view: &SubscriptionView) -> Self {
        let held = &view.subscription;
        Self {
            id: held.id,
            plan: held.plan.clone(),
            status: held.status,
            price: Money::new(held.amount_minor, held.currency),
            interval: held.interval,
            days: held.current_period.map(Days::from),
            started_on: held.started_on,
            cancels_on: held.cancels_on,
            ended_on: held.ended_on,
            trial_ends_on: held.trial_ends_on,
        }
    }
}

impl SubscriptionItem {
    pub fn samples() -> Vec<Self> {
        views().iter().map(Self::from).collect()
    }
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SubscriptionsPage {
    list: Listing<SubscriptionItem>,
}

/// One subscription.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SubscriptionPage {
    subscription: SubscriptionItem,
    parts: Vec<PartView>,
    payment_method: Option<PaymentMethod>,
}

#[derive(Debug, Clone, Serialize)]
struct PartView {
    description: String,
    quantity: Decimal,
    unit_price: Money,
}

impl From<SubscriptionView> for SubscriptionPage {
    fn from(view: SubscriptionView) -> Self {
        let currency = view.subscription.currency;
        let part = |part: &Part| PartView {
            description: part.description.clone(),
            quantity: part.quantity,
            unit_price: Money::new(part.unit_price_minor, currency),
        };
        Self {
            parts: view.subscription.items.iter().map(part).collect(),
            subscription: SubscriptionItem::from(&view),
            payment_method: view.payment_method,
        }
    }
}

/// GET: the list.
pub(crate) async fn list(visitor: Visitor, params: Params) -> Answer {
    let mut asked = Asked::new(&params);
    let query = asked.plain::<SubscriptionStatus>();
    let rows = visitor.core().subscriptions(&visitor.secret, query).await?;
    let list = asked.listing(rows, |view| SubscriptionItem::from(&view));
    visitor.page(&SubscriptionsPage { list })
}

/// GET: one of them.
pub(crate) async fn show(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let view = visitor.core().subscription(&visitor.secret, id).await?;
    visitor.page(&SubscriptionPage::from(view))
}

impl Page for SubscriptionsPage {
    const TEMPLATE: &'static str = "portal/subscriptions/list.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, rows| {
            let params = Params::of_query(query);
            let mut asked = Asked::new(&params);
            let _ = asked.plain::<SubscriptionStatus>();
            Self { list: asked.listing(Rows { rows, next: None, previous: None }, |row| row) }
        };
        vec![
            Sample::new("empty", page("", Vec::new())),
            Sample::new("typical", page("", SubscriptionItem::samples())),
            Sample::new("nothing-found", page("status=paused", Vec::new())),
        ]
    }
}

impl Page for SubscriptionPage {
    const TEMPLATE: &'static str = "portal/subscriptions/detail.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let names = ["active", "trialing", "past-due", "pending", "paused", "cancelled", "extreme"];
        let pages = views().into_iter().map(Self::from);
        names.into_iter().zip(pages).map(|(name, page)| Sample::new(name, page)).collect()
    }
}

fn views() -> Vec<SubscriptionView> {
    let started_on = date(2025, 3, 1);
    let part = |description: &str, quantity, unit_price_minor| Part {
        description: description.to_owned(),
        quantity: decimal(quantity),
        unit_price_minor,
    };
    let active = Subscription {
        id: id(40),
        customer_id: id(1),
        external_id: None,
        plan: "Business".to_owned(),
        status: SubscriptionStatus::Active,
        currency: Currency::EUR,
        amount_minor: 90_000,
        interval: Interval { unit: IntervalUnit::Month, count: 1 },
        items: vec![part("Platform", "1", 50_000), part("Seats", "20", 2_000)],
        started_on,
        current_period: october(),
        trial_ends_on: None,
        cancels_on: None,
        ended_on: None,
        payment_method_id: None,
        metadata: Default::default(),
        created_at: at(started_on),
        updated_at: at(started_on),
    };
    let with = |number, status| Subscription { id: id(number), status, ..active.clone() };
    let bare = Subscription { items: Vec::new(), current_period: None, ..active.clone() };
    let extreme = Subscription {
        id: id(46),
        plan: format!("{RTL} {LONG}"),
        currency: Currency::JPY,
        interval: Interval { unit: IntervalUnit::Year, count: 3 },
        cancels_on: Some(date(2027, 1, 1)),
        ..bare.clone()
    };
    let trial_ends_on = Some(date(2026, 12, 1));
    let ended_on = Some(date(2026, 6, 30));
    let all = [
        active.clone(),
        Subscription { trial_ends_on, ..with(41, SubscriptionStatus::Trialing) },
        with(42, SubscriptionStatus::PastDue),
        Subscription { id: id(43), status: SubscriptionStatus::Pending, ..bare },
        with(44, SubscriptionStatus::Paused),
        Subscription { ended_on, ..with(45, SubscriptionStatus::Cancelled) },
        extreme,
    ];
    let card = payment_methods::sample_card();
    let view = |subscription: Subscription| SubscriptionView {
        payment_method: (subscription.status == SubscriptionStatus::Active).then(|| card.clone()),
        subscription,
    };
    all.into_iter().map(view).collect()
}
