//! The people of a customer: who may sign in, from where, and what is noted of them.

pub mod access;
pub mod form;
pub mod temporary_password;
