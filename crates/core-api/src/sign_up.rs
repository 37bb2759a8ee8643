//! Signing up, and the accounts of one person.

use portico_billing::account::{ContactRole, CustomerKind};
use portico_billing::{ContactId, Currency, LanguageTag};
use serde::{Deserialize, Serialize};

use crate::SignedIn;

/// The form of somebody who wants to become a customer. A password is chosen by whoever follows
/// the mailed link: before, nobody knows whose address it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSignUp {
    /// Customer or carrier.
    pub kind: CustomerKind,
    /// Name of the company.
    pub company: String,
    /// Name of the person.
    pub name: String,
    /// Its e-mail address.
    pub email: String,
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: String,
    /// ISO 4217 code of the currency; the only one on offer where it is empty.
    pub currency: String,
    /// The language that the form was filled in.
    pub language: LanguageTag,
    /// What the organisation's software gave to a guest, where the visitor came by that.
    pub guest: Option<String>,
}

/// What a sign-up would make, as shown to whoever opens the mailed link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpPreview {
    /// Name of the company.
    pub company: String,
    /// Name of the person.
    pub name: String,
    /// Its e-mail address.
    pub email: String,
    /// The language that the form was filled in.
    pub language: LanguageTag,
}

/// What came of a sign-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SignUpOutcome {
    /// The account is there, and its contact is signed in.
    SignedIn(SignedIn),
    /// The staff looks at it first.
    PendingApproval,
    /// The address got an account in the meantime.
    Known,
}

/// What a brand's form of signing up offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpOffer {
    /// Currencies to choose from, at least one.
    pub currencies: Vec<Currency>,
}

/// An account that whoever is signed in may switch to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// The contact to be.
    pub contact_id: ContactId,
    /// The customer's name.
    pub customer_name: String,
    /// What it may do there.
    pub role: ContactRole,
    /// Whether it is the one of this session.
    pub current: bool,
}
