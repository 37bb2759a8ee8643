//! The account: the person's profile, the company's billing information, security.

pub(crate) mod billing;
pub(crate) mod profile;
pub(crate) mod security;
