//! One customer at a glance.

use axum::extract::Path;
use portico_billing::{Currency, Money};
use portico_core::customers::CustomerOverview;
use portico_core::records::contact::{ContactFilter, ContactRecord};
use portico_core::records::customer::CustomerOutput;
use portico_core_api::CurrencyTotals;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::rows::{ContactItem, InvoiceItem, PaymentItem};
use super::{Head, list};
use crate::staff::{Answer, Staff};

/// Contacts that are shown.
const CONTACTS: u16 = 5;

/// The first tab.
#[derive(Debug, Clone, Serialize)]
pub struct OverviewPage {
    customer: Head,
    about: About,
    totals: Vec<Total>,
    available: Money,
    overdue: Vec<Overdue>,
    drafts: Vec<InvoiceItem>,
    invoices: Vec<InvoiceItem>,
    payments: Vec<PaymentItem>,
    contacts: Vec<ContactItem>,
}

/// What is known of it.
#[derive(Debug, Clone, Serialize)]
struct About {
    legal_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    brand: String,
    notes: Option<String>,
}

/// Sums of one currency.
#[derive(Debug, Clone, Serialize)]
struct Total {
    currency: &'static str,
    balance: Money,
    due: Money,
    /// What is to be paid in all, due or not.
    remaining: Money,
    payable: i64,
    invoiced: Money,
    paid: Money,
}

impl From<CurrencyTotals> for Total {
    fn from(it: CurrencyTotals) -> Self {
        let CurrencyTotals { currency, sums, due, due_invoices } = it;
        let money = |minor| Money::new(minor, currency);
        Self {
            currency: currency.code(),
            balance: money(sums.balance()),
            due,
            remaining: money(sums.due),
            payable: due_invoices,
            invoiced: money(sums.invoiced),
            paid: money(sums.paid.saturating_sub(sums.refunded)),
        }
    }
}

/// What should have been paid, in one currency.
#[derive(Debug, Clone, Serialize)]
struct Overdue {
    amount: Money,
    count: u32,
    at_least: bool,
}

impl OverviewPage {
    fn new(
        (customer, output, brand): (Head, CustomerOutput, String),
        overview: CustomerOverview,
        contacts: Vec<ContactItem>,
    ) -> Self {
        let today = overview.today;
        let item = |invoice| InvoiceItem::new(invoice, today);
        let overdue = overview.overdue.into_iter().map(|it| Overdue {
            amount: it.due,
            count: it.count,
            at_least: it.at_least,
        });
        Self {
            customer,
            about: About {
                legal_name: output.legal_name,
                email: output.email,
                phone: output.phone,
                brand,
                notes: output.notes,
            },
            totals: overview.totals.into_iter().map(Total::from).collect(),
            available: overview.available,
            overdue: overdue.collect(),
            drafts: overview.drafts.into_iter().map(item).collect(),
            invoices: overview.invoices.into_iter().map(item).collect(),
            payments: overview.payments.into_iter().map(PaymentItem::from).collect(),
            contacts,
        }
    }
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "panel/customers/overview.html";

    fn samples() -> Vec<Sample<Self>> {
        let money = |minor| Money::new(minor, Currency::EUR);
        let total = Total {
            currency: "EUR",
            balance: money(-121_000),
            due: money(121_000),
            remaining: money(121_000),
            payable: 1,
            invoiced: money(500_000),
            paid: money(379_000),
        };
        let other = Total { currency: "JPY", remaining: money(363_000), ..total.clone() };
        let typical = Self {
            customer: Head::sample(),
            about: About {
                legal_name: Some("Northwind Telecom, S.L.".to_owned()),
                email: Some("billing@northwind.example".to_owned()),
                phone: None,
                brand: "Northwind".to_owned(),
                notes: Some("Prefers mail.\nCalls on Mondays.".to_owned()),
            },
            totals: vec![total.clone(), other],
            available: money(29_000),
            overdue: vec![Overdue { amount: money(121_000), count: 1, at_least: false }],
            drafts: vec![InvoiceItem::draft_sample()],
            invoices: InvoiceItem::samples(),
            payments: PaymentItem::samples(),
            contacts: ContactItem::samples(),
        };
        let empty = Self {
            customer: Head::extreme_sample(),
            totals: vec![Total { payable: 0, due: money(0), ..total }],
            overdue: Vec::new(),
            drafts: Vec::new(),
            invoices: Vec::new(),
            payments: Vec::new(),
            contacts: Vec::new(),
            ..typical.clone()
        };
        let waiting = Self { customer: Head::waiting_sample(), ..empty.clone() };
        vec![
            Sample::new("typical", typical),
            Sample::new("empty", empty),
            Sample::new("waiting", waiting),
        ]
    }
}

/// GET: the tab.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let (head, customer) = Head::load(&staff, &id).await?;
    let overview = staff.core().customer_overview(staff.caller(), customer.id).await?;
    let filter = ContactFilter { customer_id: Some(customer.id.to_string()), email: None };
    let listed =
        staff.core().list_records::<ContactRecord>(staff.caller(), &filter, None, CONTACTS);
    let (contacts, _) = listed.await?;
    let contacts = contacts.into_iter().map(ContactItem::from).collect();
    let brand_id = customer.brand_id.to_string();
    let brands = list::brands(&staff).await?;
    let brand = brands.into_iter().find(|brand| brand.value == brand_id);
    let brand = brand.map(|brand| brand.label).unwrap_or_default();
    staff.page(&OverviewPage::new((head, customer, brand), overview, contacts))
}
