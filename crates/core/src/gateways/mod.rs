//! Gateways: the organisation's accounts at payment providers, as the staff sets them up.
//!
//! Their settings are sealed, each for the gateway that they are of. What is secret among them is
//! told to nobody again, and left empty in what is saved it stays as it is.

mod circuits;
mod fault;
mod input;
mod open;
mod probe;
mod save;
mod view;

pub use fault::{AccountError, GatewayFault, GatewayFaultKind};
pub use input::{CurrencyTermsInput, GatewayInput};
pub use portico_gateways::settings::{Field, FieldKind, Need, Settings};
pub use portico_gateways::{Http, Networks, PROVIDERS, Provider, provider};
pub use probe::ProbeOutcome;
pub use view::GatewayView;

pub(crate) use circuits::{Circuits, begin_probes};
pub(crate) use open::{OpenGateway, open, open_record};
pub(crate) use view::input_shown;
