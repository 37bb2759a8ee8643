//! The first page of the control panel: what is to be paid, who is new, who waits.

use jiff::Timestamp;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::permission::Permission;
use portico_billing::{Currency, Money};
use portico_core::Home;
use portico_core::customers::{MOST_COUNTED, NewestPayment, PayableTotal};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::customers::list::{CustomerItem, brands};
use super::customers::rows::method_key;
use super::customers::{LONG, sample_id};
use super::{Answer, Staff, returns};

/// The first page.
#[derive(Debug, Clone, Serialize)]
pub struct HomePage {
    /// Whether there is a mailbox.
    mailbox: bool,
    may_edit: bool,
    payable: Vec<Payable>,
    new_customers: u32,
    waiting: u32,
    /// Where counting ends.
    most_counted: u32,
    customers: Vec<CustomerItem>,
    waiting_customers: Vec<CustomerItem>,
    payments: Vec<PaymentItem>,
    /// How many attempts to pay somebody has to look at.
    attempts: u32,
    /// How many notices of payment providers nothing comes of.
    notices: u32,
    /// Whether money went back that somebody has to look at.
    has_returns: bool,
}

/// What is to be paid in one currency.
#[derive(Debug, Clone, Serialize)]
struct Payable {
    currency: &'static str,
    due: Money,
    invoices: u32,
    overdue: Money,
    overdue_invoices: u32,
    at_least: bool,
}

impl From<PayableTotal> for Payable {
    fn from(it: PayableTotal) -> Self {
        Self {
            currency: it.due.currency().code(),
            due: it.due,
            invoices: it.invoices,
            overdue: it.overdue,
            overdue_invoices: it.overdue_invoices,
            at_least: it.at_least,
        }
    }
}

/// A payment or refund with who made it.
#[derive(Debug, Clone, Serialize)]
struct PaymentItem {
    id: String,
    customer_name: String,
    kind: PaymentKind,
    status: PaymentStatus,
    amount: Money,
    method_key: String,
    method_label: Option<String>,
    paid_at: Timestamp,
}

impl From<NewestPayment> for PaymentItem {
    fn from(it: NewestPayment) -> Self {
        let sign = if it.kind == PaymentKind::Refund { -1 } else { 1 };
        Self {
            id: it.id.uuid().to_string(),
            customer_name: it.customer_name,
            kind: it.kind,
            status: it.status,
            amount: Money::new(it.amount.minor().saturating_mul(sign), it.amount.currency()),
            method_key: method_key(&it.method),
            method_label: it.method_label,
            paid_at: it.paid_at,
        }
    }
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "panel/home.html";

    fn samples() -> Vec<Sample<Self>> {
        let empty = Self {
            mailbox: false,
            may_edit: true,
            payable: Vec::new(),
            new_customers: 0,
            waiting: 0,
            most_counted: MOST_COUNTED,
            customers: Vec::new(),
            waiting_customers: Vec::new(),
            payments: Vec::new(),
            attempts: 0,
            notices: 0,
            has_returns: false,
        };
        let payable = |currency: Currency, at_least| Payable {
            currency: currency.code(),
            due: Money::new(1_234_567, currency),
            invoices: 12,
            overdue: Money::new(if at_least { 1 } else { 0 }, currency),
            overdue_invoices: u32::from(at_least),
            at_least,
        };
        let payment = PaymentItem {
            id: sample_id(9),
            customer_name: LONG.to_owned(),
            kind: PaymentKind::Payment,
            status: PaymentStatus::Succeeded,
            amount: Money::new(1_900, Currency::EUR),
            method_key: method_key("card"),
            method_label: None,
            paid_at: Timestamp::UNIX_EPOCH,
        };
        let typical = Self {
            mailbox: true,
            payable: vec![payable(Currency::EUR, false), payable(Currency::KWD, true)],
            new_customers: MOST_COUNTED,
            waiting: 1,
            customers: CustomerItem::samples(),
            waiting_customers: CustomerItem::samples(),
            payments: vec![payment],
            attempts: 1,
            notices: MOST_COUNTED,
            has_returns: true,
            ..empty.clone()
        };
        let read_only = Self { may_edit: false, ..empty.clone() };
        vec![
            Sample::new("empty", empty),
            Sample::new("empty-read-only", read_only),
            Sample::new("typical", typical),
        ]
    }
}

/// GET: shows it.
pub async fn show(staff: Staff) -> Answer {
    let home: Home = staff.core().home(staff.caller()).await?;
    let brands = brands(&staff).await?;
    let has_returns = returns::is_any(&staff).await?;
    let items = |customers: Vec<_>| -> Vec<CustomerItem> {
        customers.into_iter().map(|it| CustomerItem::new(it, &brands)).collect()
    };
    staff.page(&HomePage {
        mailbox: staff.here.panel.mailbox,
        may_edit: staff.may(Permission::EditCustomers),
        payable: home.payable.into_iter().map(Payable::from).collect(),
        new_customers: home.new_customers,
        waiting: home.waiting,
        most_counted: MOST_COUNTED,
        customers: items(home.customers),
        waiting_customers: items(home.waiting_customers),
        payments: home.payments.into_iter().map(PaymentItem::from).collect(),
        attempts: home.attempts_to_look_at,
        notices: home.notices_to_look_at,
        has_returns,
    })
}
