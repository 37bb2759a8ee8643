//! Holding a record: what is read of it stays true until the unit of work ends.

use uuid::Uuid;

use crate::{StoreError, Write};

/// Changes nothing, but no other unit of work gets at the row.
macro_rules! hold {
    ($table:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET updated_at = updated_at WHERE organisation_id = $1 AND id = $2"
        )
    };
}

statements! {
    CUSTOMER = hold!("customer");
    CONTACT = hold!("contact");
    INVOICE = hold!("invoice");
    CREDIT_NOTE = hold!("credit_note");
    PAYMENT = hold!("payment");
    PAYMENT_METHOD = hold!("payment_method");
    SUBSCRIPTION = hold!("subscription");
    CONTRACT = hold!("contract");
    ENTITLEMENT = hold!("entitlement");
}

/// What can be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// A customer.
    Customer,
    /// A contact.
    Contact,
    /// An invoice.
    Invoice,
    /// A credit note.
    CreditNote,
    /// A payment or refund.
    Payment,
    /// A payment method.
    PaymentMethod,
    /// A subscription.
    Subscription,
    /// A contract.
    Contract,
    /// An entitlement.
    Entitlement,
}

impl Held {
    const fn sql(self) -> &'static str {
        match self {
            Self::Customer => CUSTOMER,
            Self::Contact => CONTACT,
            Self::Invoice => INVOICE,
            Self::CreditNote => CREDIT_NOTE,
            Self::Payment => PAYMENT,
            Self::PaymentMethod => PAYMENT_METHOD,
            Self::Subscription => SUBSCRIPTION,
            Self::Contract => CONTRACT,
            Self::Entitlement => ENTITLEMENT,
        }
    }
}

impl Write {
    /// Waits until no other unit of work changes the record, and keeps all others away from it
    /// until this one ends. What was read of it before may be out of date.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn hold(&mut self, what: Held, id: Uuid) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, what.sql(), tenant, id).map(drop)
    }
}
