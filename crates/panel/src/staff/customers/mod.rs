//! Customers: the list, and one customer with all that belongs to it.

pub mod activity;
pub mod balance;
pub mod configuration;
pub mod files;
pub mod form;
pub mod held;
pub mod list;
pub mod overview;
pub mod portal;
pub mod rows;
pub mod status;

use portico_billing::CustomerId;
use portico_billing::account::{CustomerKind, CustomerStatus};
use portico_billing::permission::Permission;
use portico_core::records::RecordKey;
use portico_core::records::customer::{CustomerOutput, CustomerRecord};
use portico_ui::errors::Problem;
use serde::Serialize;

use super::Staff;
use super::answer::Stop;

/// What all pages of a customer show of it.
#[derive(Debug, Clone, Serialize)]
pub struct Head {
    /// Identifier, as it stands in addresses.
    pub id: String,
    name: String,
    external_id: Option<String>,
    kind: CustomerKind,
    status: CustomerStatus,
    may: May,
}

/// What whoever looks may do with it.
#[derive(Debug, Clone, Copy, Serialize)]
struct May {
    edit: bool,
    edit_contacts: bool,
    bill: bool,
    open_portal: bool,
    /// Say yes or no to a sign-up.
    decide: bool,
}

impl Head {
    /// The customer that an address names, with its head.
    pub async fn load(staff: &Staff, id: &str) -> Result<(Self, CustomerOutput), Stop> {
        let key = RecordKey::new(customer_id(id)?.to_string());
        let customer = staff.core().find_record::<CustomerRecord>(staff.caller(), &key).await?;
        Ok((Self::of(staff, &customer), customer))
    }

    fn of(staff: &Staff, customer: &CustomerOutput) -> Self {
        Self {
            id: customer.id.uuid().to_string(),
            name: customer.name.clone(),
            external_id: customer.external_id.as_ref().map(ToString::to_string),
            kind: customer.kind,
            status: customer.status,
            may: May {
                edit: staff.may(Permission::EditCustomers),
                edit_contacts: staff.may(Permission::EditContacts),
                bill: staff.may(Permission::EditBilling),
                open_portal: staff.may(Permission::OpenPortal)
                    && customer.status == CustomerStatus::Active,
                decide: staff.may(Permission::ApproveSignUps)
                    && customer.status == CustomerStatus::PendingApproval,
            },
        }
    }

    /// Whether whoever looks may write what is billed to it.
    pub const fn may_bill(&self) -> bool {
        self.may.bill
    }

    /// The path of a page of it, made from its constant.
    pub fn path(&self, pattern: &str) -> String {
        pattern.replace("{id}", &self.id)
    }

    /// A customer whose operator may do everything.
    pub fn sample() -> Self {
        Self {
            id: sample_id(1),
            name: "Northwind Telecom".to_owned(),
            external_id: Some("crm-4711".to_owned()),
            kind: CustomerKind::Customer,
            status: CustomerStatus::Active,
            may: May {
                edit: true,
                edit_contacts: true,
                bill: true,
                open_portal: true,
                decide: false,
            },
        }
    }

    /// A customer that waits for approval, whose operator may give it.
    pub fn waiting_sample() -> Self {
        let sample = Self::sample();
        let may = May { open_portal: false, decide: true, ..sample.may };
        Self { status: CustomerStatus::PendingApproval, may, ..sample }
    }

    /// A customer at its extremes, whose operator may do nothing.
    pub fn extreme_sample() -> Self {
        Self {
            id: sample_id(2),
            name: LONG.to_owned(),
            external_id: Some("9".repeat(120)),
            kind: CustomerKind::Carrier,
            status: CustomerStatus::PendingApproval,
            may: May {
                edit: false,
                edit_contacts: false,
                bill: false,
                open_portal: false,
                decide: false,
            },
        }
    }
}

/// The identifier in an address.
pub fn customer_id(id: &str) -> Result<CustomerId, Problem> {
    id.parse().map_err(|_| Problem::NotFound)
}

/// A name as long as registers allow, with what must never be taken for markup.
pub const LONG: &str = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten\
    gesellschaft <b>mbH</b> & Co. شركة الخليج";

/// An identifier for samples.
pub fn sample_id(number: u32) -> String {
    format!("019a9a44-0000-7000-8000-{number:012}")
}
