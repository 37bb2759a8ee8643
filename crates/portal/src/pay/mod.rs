//! Paying: invoices that are due, or the balance beforehand; and how an attempt to pay stands.
//!
//! A form is sent once however often it is sent: it carries a random key (PAY-04). What comes of it
//! is a page of its own, which says what is known and nothing else (PAY-05). No script of a brand
//! runs on any of these pages (PRV-03).

pub(crate) mod attempt;
pub(crate) mod credit;
pub(crate) mod invoices;
mod order;
pub(crate) mod refill;
pub(crate) mod sandbox;
pub(crate) mod ways;

use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use portico_billing::Currency;
use portico_core_api::{Begun, Fault, FieldFault, PayOrder, Refusal};
use portico_ui::{FormState, Page, Sample, TextArgs};
use serde::Serialize;

use crate::answer::{Answer, redirect};
use crate::params::Params;
use crate::paths;
use crate::refusal::{Stop, again_at, with_faults, with_retry_after};
use crate::visitor::Visitor;

/// Fields that a fault can be shown at; any other belongs to the whole form.
const FIELDS: [&str; 3] = ["amount", "invoices", "way"];

/// What those see who may look at an account and not pay for it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LookOnlyPage {}

impl Page for LookOnlyPage {
    const TEMPLATE: &'static str = "portal/pay/look-only.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self {})]
    }
}

fn look_only(visitor: &Visitor) -> Answer {
    visitor.page_with(StatusCode::FORBIDDEN, &LookOnlyPage {})
}

/// The currency that is asked for; the customer's own where none is, or none that there is.
fn currency_of(params: &Params) -> Option<Currency> {
    params.get("currency").parse().ok()
}

/// The form with a key of its own. One that was refused began nothing, and gets another.
fn with_key(form: FormState, visitor: &Visitor) -> FormState {
    let random = visitor.here.portal.entropy();
    form.with_value(order::KEY, URL_SAFE_NO_PAD.encode(&random[..16]))
}

/// What came of sending a form.
enum Sent {
    Begun(Begun),
    /// The form is shown again: with what is wrong with it, or with how long to wait.
    Back(FormState, Option<Duration>),
}

/// Sends what was read from a form, or the form back with what is wrong with it.
async fn send(
    visitor: &Visitor,
    form: FormState,
    order: Result<PayOrder, order::Faults>,
) -> Result<Sent, Stop> {
    let order = match order {
        Ok(order) => order,
        Err(faults) => return Ok(Sent::Back(faults.onto(form), None)),
    };
    match visitor.core().pay(&visitor.secret, order, visitor.here.client()).await {
        Ok(begun) => Ok(Sent::Begun(begun)),
        Err(Refusal::Invalid { faults }) => Ok(Sent::Back(faulty(form, placed(faults)), None)),
        Err(Refusal::TooMany { retry_after }) => Ok(Sent::Back(form, Some(retry_after))),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The form with what the core says is wrong with it. A form as a whole is not filled in wrongly:
/// its key was used with other entries.
fn faulty(form: FormState, faults: Vec<FieldFault>) -> FormState {
    let sent_before = faults.iter().any(|it| it.field == "form" && it.fault == Fault::Unchanged);
    let form = with_faults(form, &faults);
    if sent_before {
        return form.with_fault("form", "pay-fault-sent-before", TextArgs::new());
    }
    form
}

/// The faults at fields that the forms have.
fn placed(faults: Vec<FieldFault>) -> Vec<FieldFault> {
    let place = |fault: FieldFault| {
        let field = match fault.field.as_str() {
            "gateway" | "method" | "keep" => "way",
            field => FIELDS.into_iter().find(|known| *known == field).unwrap_or("form"),
        };
        FieldFault::new(field, fault.fault)
    };
    faults.into_iter().map(place).collect()
}

/// When a form can be sent again that was sent too often.
fn wait_until(visitor: &Visitor, wait: Option<Duration>) -> Option<Timestamp> {
    wait.and_then(|wait| again_at(visitor.here.portal.now(), wait))
}

/// The page of a form that is shown again.
fn back(visitor: &Visitor, page: &impl Page, wait: Option<Duration>) -> Answer {
    let Some(wait) = wait else {
        return visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, page);
    };
    let response = visitor.page_with(StatusCode::TOO_MANY_REQUESTS, page)?;
    Ok(with_retry_after(response, wait))
}

/// On to the attempt, and from there to the provider where that is the next step. The way leads
/// over a page of our own, because browsers check where a form leads to in the end. Where credit was
/// enough, there is nobody to go to.
fn go(begun: Begun) -> Answer {
    let path = match begun {
        Begun::Attempt(id) => portico_ui::paths::with_query(&paths::attempt(id), [("go", "1")]),
        Begun::Credit(id) => paths::credit_use(id),
    };
    Ok(redirect(&path))
}
