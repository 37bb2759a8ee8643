//! What a customer has: the tabs with its invoices, payments, subscriptions, contracts,
//! entitlements and contacts.

use axum::extract::Path;
use jiff::civil::{Date, date};
use portico_billing::contract::ContractStatus;
use portico_billing::entitlement::{EntitlementKind, EntitlementStatus};
use portico_billing::invoice::ShownStatus;
use portico_billing::page::{Direction, Page as Rows};
use portico_billing::subscription::{IntervalUnit, SubscriptionStatus};
use portico_billing::{Currency, Money};
use portico_core::customers::{
    CustomerList, HeldContract, HeldEntitlement, HeldSubscription, InvoiceListFilter,
    PaymentListFilter,
};
use portico_core::records::After;
use portico_core::records::contact::{ContactFilter, ContactRecord};
use portico_ui::{Page, Sample};
use rust_decimal::Decimal;
use serde::Serialize;

use super::rows::{ContactItem, InvoiceItem, PaymentItem};
use super::{Head, LONG};
use crate::staff::listing::{self, Filters, Listing};
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// Contacts of a page.
const CONTACTS: u16 = 50;

/// A tab with a list. `T` says which.
macro_rules! tab {
    ($(#[$doc:meta])* $page:ident, $template:literal, $row:ty, $samples:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize)]
        pub struct $page {
            customer: Head,
            list: Listing<$row>,
        }

        impl Page for $page {
            const TEMPLATE: &'static str = $template;

            fn samples() -> Vec<Sample<Self>> {
                let params = Params::of_query("");
                let page = |customer, rows, next: Option<&str>| Self {
                    customer,
                    list: Listing::new(
                        &params,
                        Filters::default(),
                        Rows { rows, next: next.map(str::to_owned), previous: None },
                        |row| row,
                    ),
                };
                vec![
                    Sample::new("typical", page(Head::sample(), $samples, Some("x"))),
                    Sample::new("empty", page(Head::extreme_sample(), Vec::new(), None)),
                ]
            }
        }
    };
}

/// The invoices, with those that are not issued yet before them.
#[derive(Debug, Clone, Serialize)]
pub struct InvoicesTab {
    customer: Head,
    drafts: Vec<InvoiceItem>,
    list: Listing<InvoiceItem>,
}

impl Page for InvoicesTab {
    const TEMPLATE: &'static str = "panel/customers/invoices.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |customer, query, drafts, rows| {
            let params = Params::of_query(query);
            let status = params.get("status").to_owned();
            let filters = Filters { status, ..Filters::default() };
            let rows = Rows { rows, next: None, previous: Some("x".to_owned()) };
            Self { customer, drafts, list: Listing::new(&params, filters, rows, |row| row) }
        };
        let drafts = vec![InvoiceItem::draft_sample()];
        vec![
            Sample::new("typical", page(Head::sample(), "", drafts, InvoiceItem::samples())),
            Sample::new("none-found", page(Head::sample(), "status=paid", vec![], vec![])),
            Sample::new("empty", page(Head::extreme_sample(), "", vec![], vec![])),
        ]
    }
}

tab!(
    /// The payments and refunds.
    PaymentsTab, "panel/customers/payments.html", PaymentItem, PaymentItem::samples()
);
tab!(
    /// The subscriptions.
    SubscriptionsTab,
    "panel/customers/subscriptions.html",
    SubscriptionItem,
    SubscriptionItem::samples()
);
tab!(
    /// The contracts.
    ContractsTab, "panel/customers/contracts.html", ContractItem, ContractItem::samples()
);
tab!(
    /// The entitlements.
    EntitlementsTab,
    "panel/customers/entitlements.html",
    EntitlementItem,
    EntitlementItem::samples()
);
tab!(
    /// The people.
    ContactsTab, "panel/customers/contacts.html", ContactItem, ContactItem::samples()
);

/// A subscription in a list.
#[derive(Debug, Clone, Serialize)]
struct SubscriptionItem {
    plan: String,
    status: SubscriptionStatus,
    price: Money,
    unit: IntervalUnit,
    count: u16,
    started_on: Date,
    ends_on: Option<Date>,
}

impl From<HeldSubscription> for SubscriptionItem {
    fn from(it: HeldSubscription) -> Self {
        Self {
            plan: it.plan,
            status: it.status,
            price: Money::new(it.amount_minor, it.currency),
            unit: it.interval.unit,
            count: it.interval.count,
            started_on: it.started_on,
            ends_on: it.ended_on.or(it.cancels_on),
        }
    }
}

impl SubscriptionItem {
    fn samples() -> Vec<Self> {
        let team = Self {
            plan: "Team".to_owned(),
            status: SubscriptionStatus::Active,
            price: Money::new(1_900, Currency::EUR),
            unit: IntervalUnit::Month,
            count: 1,
            started_on: date(2026, 1, 1),
            ends_on: None,
        };
        let long = Self { plan: LONG.to_owned(), ends_on: Some(date(2026, 12, 1)), ..team.clone() };
        vec![team, long]
    }
}

/// A contract in a list.
#[derive(Debug, Clone, Serialize)]
struct ContractItem {
    name: String,
    status: ContractStatus,
    starts_on: Option<Date>,
    ends_on: Option<Date>,
    signed_by: Option<String>,
}

impl From<HeldContract> for ContractItem {
    fn from(it: HeldContract) -> Self {
        Self {
            name: it.name,
            status: it.status,
            starts_on: it.starts_on,
            ends_on: it.ends_on,
            signed_by: it.signed_by,
        }
    }
}

impl ContractItem {
    fn samples() -> Vec<Self> {
        let status = ContractStatus::Active;
        let name = "Master service agreement".to_owned();
        let signed_by = Some("Ana Núñez".to_owned());
        vec![Self { name, status, starts_on: Some(date(2026, 1, 1)), ends_on: None, signed_by }]
    }
}

/// An entitlement in a list.
#[derive(Debug, Clone, Serialize)]
struct EntitlementItem {
    name: String,
    plan: Option<String>,
    kind: EntitlementKind,
    status: EntitlementStatus,
    used: Decimal,
    limit: Option<Decimal>,
    unit: Option<String>,
}

impl From<HeldEntitlement> for EntitlementItem {
    fn from(HeldEntitlement { entitlement: it, plan }: HeldEntitlement) -> Self {
        Self {
            name: it.name,
            plan,
            kind: it.kind,
            status: it.status,
            used: it.used,
            limit: it.limit,
            unit: it.unit,
        }
    }
}

impl EntitlementItem {
    fn samples() -> Vec<Self> {
        vec![Self {
            name: "Storage".to_owned(),
            plan: Some("Team".to_owned()),
            kind: EntitlementKind::Quantity,
            status: EntitlementStatus::Active,
            used: Decimal::ONE,
            limit: Some(Decimal::ONE_HUNDRED),
            unit: Some("GB".to_owned()),
        }]
    }
}

/// GET: the invoices.
pub async fn invoices(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let status = listing::word::<ShownStatus>(&params, "status");
    let word = status.as_ref().map(|(word, _)| word.clone()).unwrap_or_default();
    let filters = Filters { q: listing::words(&params), status: word, ..Filters::default() };
    let (search, cursor) = (filters.q.clone(), listing::cursor(&params));
    let size = listing::size(&params);
    let (core, caller) = (staff.core(), staff.caller());
    let on_first_page = cursor.is_none() && search.is_empty() && status.is_none();
    let filter = |today| InvoiceListFilter {
        search,
        status: status.map(|(_, status)| status),
        today,
        direction: Direction::Desc,
        cursor,
        size,
        ..InvoiceListFilter::default()
    };
    let (page, today) = core.customer_invoices(caller, output.id, filter).await?;
    let drafts = match on_first_page {
        true => core.customer_drafts(caller, output.id).await?,
        false => Vec::new(),
    };
    let item = |it| InvoiceItem::new(it, today);
    let drafts = drafts.into_iter().map(item).collect();
    let list = Listing::new(&params, filters, page, item);
    staff.page(&InvoicesTab { customer, drafts, list })
}

/// GET: the payments and refunds.
pub async fn payments(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let filter = PaymentListFilter {
        cursor: listing::cursor(&params),
        direction: Direction::Desc,
        ..PaymentListFilter::default()
    };
    let asked = (&filter, listing::size(&params).get());
    let page = staff.core().customer_payments(staff.caller(), output.id, asked).await?;
    let list = Listing::new(&params, Filters::default(), page, PaymentItem::from);
    staff.page(&PaymentsTab { customer, list })
}

fn customer_list(params: &Params) -> CustomerList {
    CustomerList {
        search: listing::words(params),
        status: None,
        cursor: listing::cursor(params),
        size: listing::size(params),
    }
}

fn searched(params: &Params) -> Filters {
    Filters { q: listing::words(params), ..Filters::default() }
}

/// GET: the subscriptions.
pub async fn subscriptions(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let (core, asked) = (staff.core(), customer_list(&params));
    let page = core.customer_subscriptions(staff.caller(), output.id, &asked).await?;
    let list = Listing::new(&params, searched(&params), page, SubscriptionItem::from);
    staff.page(&SubscriptionsTab { customer, list })
}

/// GET: the contracts.
pub async fn contracts(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let (core, asked) = (staff.core(), customer_list(&params));
    let page = core.customer_contracts(staff.caller(), output.id, &asked).await?;
    let list = Listing::new(&params, searched(&params), page, ContractItem::from);
    staff.page(&ContractsTab { customer, list })
}

/// GET: the entitlements.
pub async fn entitlements(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let (core, asked) = (staff.core(), customer_list(&params));
    let page = core.customer_entitlements(staff.caller(), output.id, &asked).await?;
    let list = Listing::new(&params, searched(&params), page, EntitlementItem::from);
    staff.page(&EntitlementsTab { customer, list })
}

/// GET: the people.
pub async fn contacts(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let filter = ContactFilter { customer_id: Some(output.id.to_string()), email: None };
    let after = listing::cursor(&params).and_then(|cursor| After::decode(&cursor));
    let listed =
        staff.core().list_records::<ContactRecord>(staff.caller(), &filter, after, CONTACTS);
    let (rows, next) = listed.await?;
    let page = Rows { rows, next: next.map(After::encode), previous: None };
    let list = Listing::new(&params, Filters::default(), page, ContactItem::from);
    staff.page(&ContactsTab { customer, list })
}
