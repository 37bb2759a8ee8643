//! The settings of the organisation: itself, its people, its keys, its audit log.

pub mod api_keys;
pub mod audit;
pub mod general;
pub mod operator;
pub mod operators;

use portico_core::StaffError;
use serde::Serialize;

use super::answer::Stop;
use super::{Answer, Staff};

/// Which of the section's pages somebody may open.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Tabs {
    operators: bool,
    api_keys: bool,
    audit_log: bool,
}

impl Tabs {
    /// Those of who is signed in.
    pub fn of(staff: &Staff) -> Self {
        use portico_billing::permission::Permission;
        Self {
            operators: staff.may(Permission::EditOperators),
            api_keys: staff.may(Permission::EditApiKeys),
            audit_log: staff.may(Permission::ReadAudit),
        }
    }

    /// All of them, for samples.
    pub const ALL: Self = Self { operators: true, api_keys: true, audit_log: true };
    /// None of them, for samples.
    pub const NONE: Self = Self { operators: false, api_keys: false, audit_log: false };
}

/// Back to a page that says what was done, or which rule stands against it.
fn done(staff: &Staff, to: &str, result: Result<(), StaffError>, notice: &str) -> Answer {
    match result {
        Ok(()) => Ok(staff.here.redirect_with_notice(to, "success", notice)),
        Err(StaffError::Rule(rule)) => {
            Ok(staff.here.redirect_with_notice(to, "danger", rule.message_key()))
        }
        Err(error) => Err(Stop::from(error)),
    }
}
