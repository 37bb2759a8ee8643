//! The control panel: the pages of the organisation's people. One folder per section, handlers
//! beside the data of their pages.
//!
//! A page is registered in `routes.rs` with the permission that it takes; its handler gets a
//! [`Staff`], which cannot be had without that permission. What a form may change is asked again
//! by the core's verb.

pub mod answer;
pub mod here;
pub mod home;
pub mod paths;
mod signed_in;

pub use answer::Answer;
pub use here::Here;
pub use signed_in::{Staff, require};
