//! The kinds of records that the Management API has, in one list: routes and documentation are
//! made from it.

use portico_core::records::Record;
use portico_core::records::contact::ContactRecord;
use portico_core::records::contract::ContractRecord;
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::entitlement::EntitlementRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::payment_method::PaymentMethodRecord;
use portico_core::records::subscription::SubscriptionRecord;

/// Does something for each kind of record.
pub trait Visitor {
    /// For this kind.
    fn visit<R: Record>(&mut self);
}

/// Shows all kinds to `visitor`, in the order of the documentation.
pub fn visit_all(visitor: &mut impl Visitor) {
    visitor.visit::<CustomerRecord>();
    visitor.visit::<ContactRecord>();
    visitor.visit::<InvoiceRecord>();
    visitor.visit::<CreditNoteRecord>();
    visitor.visit::<PaymentRecord>();
    visitor.visit::<PaymentMethodRecord>();
    visitor.visit::<SubscriptionRecord>();
    visitor.visit::<ContractRecord>();
    visitor.visit::<EntitlementRecord>();
}
