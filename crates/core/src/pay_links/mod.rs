//! Paying one invoice by a link, without signing in.
//!
//! Whoever has the link may see what is needed to pay the invoice, and pay it: what its secret
//! resolves to is no session, and nothing that takes one takes it. That the sections of the portal
//! are hidden, or the customer is switched off, does not matter: the staff made the link for this
//! invoice.

mod api;
mod holder;
mod paying;
mod staff;

pub use staff::{MadePayLink, NewPayLink, PayLinkView};
