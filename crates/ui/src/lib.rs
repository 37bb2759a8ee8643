//! The rendering kit of the sites: templates, texts, formats, forms, cookies, headers, error pages.
//!
//! It has no pages of its own and knows nothing of billing beyond its words. A site registers its
//! paths, implements [`Page`] for each page next to its handler, and renders it in a [`Frame`]:
//!
//! ```no_run
//! use axum::extract::State;
//! use axum::response::Html;
//! use portico_billing::{Currency, Money};
//! use portico_ui::errors::Problem;
//! use portico_ui::{Frame, Page, Sample, Ui};
//!
//! #[derive(serde::Serialize)]
//! struct BalancePage {
//!     balance: Money,
//! }
//!
//! impl Page for BalancePage {
//!     const TEMPLATE: &'static str = "portal/balance/balance.html"; // {{ balance|money }}
//!
//!     fn samples() -> Vec<Sample<Self>> {
//!         let sample = |name, balance| Sample::new(name, Self { balance });
//!         vec![
//!             sample("empty", Money::zero(Currency::JPY)),
//!             sample("overdrawn", Money::new(-1_234_567, Currency::KWD)),
//!         ]
//!     }
//! }
//!
//! async fn balance(State(ui): State<Ui>, frame: Frame) -> Result<Html<String>, Problem> {
//!     let page = BalancePage { balance: Money::new(1_250, Currency::EUR) };
//!     let html = ui.render(&frame, &page).map_err(|error| error.into_problem("01JD3".into()))?;
//!     Ok(Html(html))
//! }
//! ```

pub mod assets;
pub mod brand_css;
mod bundle;
pub mod cookies;
pub mod csrf;
mod device;
mod embedded;
mod engine;
pub mod errors;
pub mod formats;
pub mod forms;
pub mod frame;
mod functions;
pub mod handler;
pub mod headers;
pub mod language;
pub mod limits;
pub mod logic_less;
pub mod mail;
pub mod origin;
pub mod overrides;
pub mod page;
pub mod paths;
pub mod preview;
mod sample_frame;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
pub mod texts;
pub mod theme;

pub use device::Device;
pub use engine::{Ui, UiError, UiSettings};
pub use forms::{CheckedForm, CheckedUpload, FormState, UploadedFile};
pub use frame::{
    BrandFrame, Frame, LinkFrame, NavItem, Notice, ScriptFrame, StaffFrame, ThemeChoice,
    VisitorFrame,
};
pub use mail::RenderedMail;
pub use origin::RequestOrigin;
pub use page::{Page, Sample};
pub use texts::TextArgs;
