//! Signing up: a form, an address that is proven, and a customer that is made from the brand's
//! template.
//!
//! Nothing but a sealed form exists before the address is proven, and nobody is told whether an
//! address is known: the request alone is written down, and looked into by the worker that sends
//! mails. The password is chosen behind the mailed link: whoever fills in the form with somebody
//! else's address must not know how that person will sign in. What a new customer gets of its
//! template is in `copy`; whom the staff looks at first, in `approval`.

mod approval;
mod confirm;
mod copy;
mod guest;
mod mails;
mod request;

use jiff::SignedDuration;
use portico_billing::account::CustomerKind;
use portico_billing::brand::Brand;
use portico_billing::{CountryCode, Currency, LanguageTag};
use serde::{Deserialize, Serialize};

pub use approval::WaitingSignUp;
pub(crate) use confirm::{confirm, preview};
pub use guest::{GuestError, GuestSession, NewGuestSession};
pub(crate) use mails::ToMail;
pub(crate) use request::{offer, request};

/// What the sealed form is sealed for.
const FORM: &str = "sign_up";

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What was filled in, as it waits sealed.
#[derive(Clone, Serialize, Deserialize)]
struct Form {
    company: String,
    name: String,
    country: CountryCode,
    currency: Currency,
    language: LanguageTag,
    /// Where the logo and signing out lead, for guests who were sent from there.
    return_url: Option<String>,
}

/// Whether the brand lets such customers sign up.
const fn is_open(brand: &Brand, kind: CustomerKind) -> bool {
    match kind {
        CustomerKind::Customer => brand.sign_up.customers,
        CustomerKind::Carrier => brand.sign_up.carriers,
    }
}
