//! The second step of what cannot be undone: what was typed stands there once more, to be confirmed
//! or corrected. It travels in the page, so that nothing is stored in between.

use axum::http::StatusCode;
use jiff::civil::Date;
use portico_billing::{Currency, Money};
use portico_ui::{FormState, Page, Sample};
use serde::Serialize;

use super::customers::{Head, LONG};
use super::params::Params;

/// Name of the field of the buttons.
pub const PRESSED: &str = "do";

/// Where somebody stands who sends a form in two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Has filled it in: what is right is asked about.
    Ask,
    /// Goes back to it.
    Change,
    /// Has confirmed it.
    Sure,
}

impl Step {
    /// By the button that was pressed.
    pub fn of(fields: &Params) -> Self {
        match fields.get(PRESSED) {
            "sure" => Self::Sure,
            "change" => Self::Change,
            _ => Self::Ask,
        }
    }

    /// With what the form is answered when it is shown again: only a fault makes it a failure.
    pub fn status(form: &FormState) -> StatusCode {
        if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}

/// What is asked: the keys of its texts.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Question {
    /// The title of the page.
    pub title: &'static str,
    /// What happens then.
    pub text: &'static str,
    /// The button that does it.
    pub button: &'static str,
    /// The kind of that button: `danger` where money is given back.
    pub kind: &'static str,
}

/// A line of what is confirmed.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// The key of its label.
    label: &'static str,
    /// As it was typed.
    text: Option<String>,
    money: Option<Money>,
    day: Option<Date>,
}

impl Fact {
    /// What was typed; nothing where the field is empty.
    pub fn typed(label: &'static str, text: &str) -> Option<Self> {
        let text = Some(text.to_owned()).filter(|text| !text.is_empty());
        text.map(|text| Self { label, text: Some(text), money: None, day: None })
    }

    /// An amount.
    pub const fn money(label: &'static str, money: Money) -> Self {
        Self { label, text: None, money: Some(money), day: None }
    }

    /// A day.
    pub const fn day(label: &'static str, day: Date) -> Self {
        Self { label, text: None, money: None, day: Some(day) }
    }
}

/// Asks once more.
#[derive(Debug, Clone, Serialize)]
pub struct SurePage {
    customer: Head,
    question: Question,
    facts: Vec<Fact>,
    /// Where the form is sent to.
    action: String,
    form: FormState,
}

impl SurePage {
    /// The question about a form of the page at `action`.
    pub fn new(
        customer: Head,
        question: Question,
        facts: Vec<Fact>,
        (action, form): (String, FormState),
    ) -> Self {
        Self { customer, question, facts, action, form }
    }
}

impl Page for SurePage {
    const TEMPLATE: &'static str = "panel/sure.html";

    fn samples() -> Vec<Sample<Self>> {
        let question = Question {
            title: "panel-refund-new",
            text: "panel-refund-text",
            button: "panel-refund-record",
            kind: "danger",
        };
        let mut facts = vec![
            Fact::money("label-amount", Money::new(121_000, Currency::EUR)),
            Fact::day("label-date", jiff::civil::date(2026, 11, 1)),
        ];
        facts.extend(Fact::typed("label-reference", LONG));
        let form = FormState::new().with_value("reference", LONG).with_value(PRESSED, "save");
        let action = ("/payments/1/refund".to_owned(), form);
        vec![Sample::new("typical", Self::new(Head::sample(), question, facts, action))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_button_of_the_second_step_confirms() {
        let step = |query: &str| Step::of(&Params::of_query(query));
        assert_eq!(step("do=sure"), Step::Sure);
        assert_eq!(step("do=change"), Step::Change);
        for first in ["", "do=save", "do=add", "sure=1"] {
            assert_eq!(step(first), Step::Ask, "{first}");
        }
    }
}
