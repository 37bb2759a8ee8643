//! The search for anything.

use portico_billing::permission::Permission;
use portico_billing::voucher::VoucherState;
use portico_core::customers::{FoundContact, FoundInvoice};
use portico_core::{Found, VoucherView};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::customers::list::{CustomerItem, brands};
use super::customers::{LONG, sample_id};
use super::params::Params;
use super::{Answer, Staff, listing};

/// What was found, by kind.
#[derive(Debug, Clone, Serialize)]
pub struct SearchPage {
    words: String,
    may_edit_contacts: bool,
    customers: Vec<CustomerItem>,
    contacts: Vec<Item>,
    invoices: Vec<Item>,
    voucher: Option<FoundVoucher>,
}

/// A voucher, with the customer who redeemed it.
#[derive(Debug, Clone, Serialize)]
struct FoundVoucher {
    id: String,
    serial: String,
    state: VoucherState,
    customer: String,
}

impl From<VoucherView> for FoundVoucher {
    fn from(it: VoucherView) -> Self {
        Self {
            id: it.id.uuid().to_string(),
            serial: it.serial,
            state: it.state,
            customer: it.customer_name.unwrap_or_default(),
        }
    }
}

/// A contact or invoice, with its customer.
#[derive(Debug, Clone, Serialize)]
struct Item {
    id: String,
    title: String,
    text: String,
    customer: String,
    customer_id: String,
}

impl From<FoundContact> for Item {
    fn from(it: FoundContact) -> Self {
        Self {
            id: it.id.uuid().to_string(),
            title: it.name,
            text: it.email,
            customer: it.customer_name,
            customer_id: it.customer_id.uuid().to_string(),
        }
    }
}

impl From<FoundInvoice> for Item {
    fn from(it: FoundInvoice) -> Self {
        Self {
            id: it.id.uuid().to_string(),
            title: it.number,
            text: String::new(),
            customer: it.customer_name,
            customer_id: it.customer_id.uuid().to_string(),
        }
    }
}

impl Page for SearchPage {
    const TEMPLATE: &'static str = "panel/search/results.html";

    fn samples() -> Vec<Sample<Self>> {
        let item = |title: &str| Item {
            id: sample_id(1),
            title: title.to_owned(),
            text: "ana@northwind.example".to_owned(),
            customer: LONG.to_owned(),
            customer_id: sample_id(2),
        };
        let nothing = Self {
            words: String::new(),
            may_edit_contacts: false,
            customers: Vec::new(),
            contacts: Vec::new(),
            invoices: Vec::new(),
            voucher: None,
        };
        vec![
            Sample::new("nothing-asked", nothing.clone()),
            Sample::new("nothing-found", Self { words: LONG.to_owned(), ..nothing }),
            Sample::new(
                "typical",
                Self {
                    words: "north".to_owned(),
                    may_edit_contacts: true,
                    customers: CustomerItem::samples(),
                    contacts: vec![item("Ana")],
                    invoices: vec![item("INV-2026-0001")],
                    voucher: Some(FoundVoucher {
                        id: sample_id(3),
                        serial: "SUMMER26-00117".to_owned(),
                        state: VoucherState::Redeemed,
                        customer: LONG.to_owned(),
                    }),
                },
            ),
        ]
    }
}

/// GET: the results.
pub async fn show(staff: Staff, params: Params) -> Answer {
    let words = listing::words(&params);
    let Found { customers, contacts, invoices, voucher } =
        staff.core().search(staff.caller(), &words).await?;
    let brands = brands(&staff).await?;
    staff.page(&SearchPage {
        words,
        may_edit_contacts: staff.may(Permission::EditContacts),
        customers: customers.into_iter().map(|it| CustomerItem::new(it, &brands)).collect(),
        contacts: contacts.into_iter().map(Item::from).collect(),
        invoices: invoices.into_iter().map(Item::from).collect(),
        voucher: voucher.map(FoundVoucher::from),
    })
}
