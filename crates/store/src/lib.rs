//! The data of Portico: SQL, on SQLite and on PostgreSQL, one text for both.
//!
//! The only crate that names `sqlx`. One file per noun: its SQL texts, its private `Row`, and the
//! methods on [`Read`] and [`Write`]. A tenant's data is reached through [`Store::read`] or
//! [`Store::write`] alone, which bind the organisation to every statement; what has to be found
//! before the tenant is known (host, API key, session secret) is in [`Directory`].

#[macro_use]
mod exec;

mod attempt_tries;
mod column;
mod connect;
mod error;
mod holding;
mod paging;
mod position;
mod scope;
mod search;
mod seek;

pub mod account;
pub mod acme;
pub mod allocation;
pub mod api_key;
pub mod asset;
pub mod attempt_list;
pub mod audit;
pub mod brand;
pub mod brand_looks;
pub mod brand_mail;
pub mod brand_text;
pub mod captured_mail;
pub mod certificate;
pub mod contact;
pub mod contact_link;
pub mod contract;
#[cfg(debug_assertions)]
pub mod crash;
pub mod credit;
pub mod credit_note;
pub mod customer;
pub mod customer_list;
pub mod customer_total;
pub mod domain;
pub mod entitlement;
pub mod event;
pub mod gateway;
pub mod gateway_notice;
pub mod hold;
pub mod home;
pub mod idempotency;
pub mod invoice;
pub mod ledger;
pub mod notice_list;
pub mod operator;
pub mod operator_link;
pub mod operator_session;
pub mod organisation;
pub mod outbox;
pub mod pay_link;
pub mod payment;
pub mod payment_attempt;
pub mod payment_method;
pub mod payment_refund;
pub mod payment_reversal;
pub mod portal_session;
pub mod sign_up;
pub mod subscription;
pub mod voucher;

pub use connect::{Store, StoreSettings};
pub use error::StoreError;
pub use holding::Holding;
pub use position::Position;
pub use scope::{Directory, Read, Write};
pub use seek::CustomerList;

/// Every SQL text with its name, so that a test can prepare each one on both engines.
#[must_use]
pub fn statements() -> Vec<(&'static str, &'static str)> {
    let mut all = [
        account::STATEMENTS,
        acme::STATEMENTS,
        allocation::STATEMENTS,
        audit::STATEMENTS,
        operator_session::STATEMENTS,
        brand::STATEMENTS,
        brand_looks::STATEMENTS,
        brand_mail::STATEMENTS,
        brand_text::STATEMENTS,
        contact::STATEMENTS,
        credit_note::STATEMENTS,
        customer::STATEMENTS,
        customer_list::STATEMENTS,
        home::STATEMENTS,
        customer_total::STATEMENTS,
        event::STATEMENTS,
        gateway::STATEMENTS,
        gateway_notice::STATEMENTS,
        hold::STATEMENTS,
        api_key::STATEMENTS,
        asset::STATEMENTS,
        attempt_list::STATEMENTS,
        attempt_tries::STATEMENTS,
        captured_mail::STATEMENTS,
        certificate::STATEMENTS,
        contact_link::STATEMENTS,
        idempotency::STATEMENTS,
        notice_list::STATEMENTS,
        operator::STATEMENTS,
        operator_link::STATEMENTS,
        outbox::STATEMENTS,
        organisation::STATEMENTS,
        contract::STATEMENTS,
        domain::STATEMENTS,
        entitlement::STATEMENTS,
        pay_link::STATEMENTS,
        payment_attempt::STATEMENTS,
        payment_method::STATEMENTS,
        payment_refund::STATEMENTS,
        payment_reversal::STATEMENTS,
        sign_up::STATEMENTS,
        subscription::STATEMENTS,
    ]
    .concat();
    all.extend(credit::all_statements());
    all.extend(invoice::all_statements());
    all.extend(ledger::all_statements());
    all.extend(payment::all_statements());
    all.extend(portal_session::all_statements());
    all.extend(voucher::all_statements());
    all
}
