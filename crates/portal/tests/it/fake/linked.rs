//! What the fake opens to whoever holds its one pay link.

use async_trait::async_trait;
use jiff::civil::date;
use portico_billing::gateway::Reference;
use portico_billing::{AttemptId, Currency, Money, PayLinkId};
use portico_core_api::{
    Document, FollowedLink, LinkHolder, LinkedAttempt, LinkedInvoice, LinkedLine, LinkedOrder,
    Origin, PayLinkApi, Refusal, SandboxView, WayToPay,
};

use super::paying::way;
use super::{Fake, id};

/// The secret of the link.
pub const PAY_LINK: &str = "cGF5LWxpbms_c2VjcmV0";

/// The link.
pub fn link() -> PayLinkId {
    id(90)
}

fn followed() -> FollowedLink {
    FollowedLink { id: link(), language: "es".parse().unwrap() }
}

impl Fake {
    fn hold(&self, holder: &LinkHolder, call: &str) -> Result<(), Refusal> {
        let mut state = self.state.lock().unwrap();
        let is_meant = holder.link.is_none_or(|it| it == link());
        if holder.secret.expose() != PAY_LINK || !is_meant {
            return Err(Refusal::NotFound);
        }
        state.calls.push(call.to_owned());
        state.refusal.clone().map_or(Ok(()), Err)
    }

    fn linked(&self, holder: &LinkHolder, call: &str) -> Result<LinkedAttempt, Refusal> {
        self.hold(holder, call)?;
        let view = self.state.lock().unwrap().attempt.clone().ok_or(Refusal::NotFound)?;
        Ok(LinkedAttempt { view, link: followed(), open: true })
    }
}

#[async_trait]
impl PayLinkApi for Fake {
    async fn follow_pay_link(
        &self,
        holder: &LinkHolder,
        _: Origin,
    ) -> Result<FollowedLink, Refusal> {
        self.hold(holder, "follow_pay_link").map(|()| followed())
    }

    async fn linked_invoice(&self, holder: &LinkHolder) -> Result<LinkedInvoice, Refusal> {
        match self.hold(holder, "linked_invoice") {
            Err(Refusal::TooMany { .. }) | Ok(()) => {}
            Err(other) => return Err(other),
        }
        let eur = |minor| Money::new(minor, Currency::EUR);
        let line = LinkedLine { description: "Team plan".to_owned(), amount: eur(10_000) };
        Ok(LinkedInvoice {
            link: followed(),
            number: "INV-10".to_owned(),
            due_on: date(2026, 11, 30),
            overdue: false,
            due: eur(12_345),
            remaining: eur(24_690),
            instalments: Vec::new(),
            lines: vec![line],
            more_lines: false,
            ways: vec![WayToPay { keeps: false, ..way(Currency::EUR) }],
        })
    }

    async fn linked_invoice_pdf(&self, holder: &LinkHolder) -> Result<Document, Refusal> {
        self.hold(holder, "linked_invoice_pdf")?;
        let (file_name, content_type) = ("invoice-INV-10.pdf", "application/pdf");
        let (file_name, content_type) = (file_name.to_owned(), content_type.to_owned());
        Ok(Document { file_name, content_type, bytes: b"%PDF-".to_vec() })
    }

    async fn pay_linked(
        &self,
        holder: &LinkHolder,
        order: LinkedOrder,
        _: Origin,
    ) -> Result<AttemptId, Refusal> {
        self.hold(holder, "pay_linked")?;
        let mut state = self.state.lock().unwrap();
        if !state.faults.is_empty() {
            return Err(Refusal::Invalid { faults: state.faults.clone() });
        }
        state.linked_orders.push(order);
        Ok(id(40))
    }

    async fn linked_attempt(
        &self,
        holder: &LinkHolder,
        _: AttemptId,
    ) -> Result<LinkedAttempt, Refusal> {
        self.linked(holder, "linked_attempt")
    }

    async fn look_at_linked_attempt(
        &self,
        holder: &LinkHolder,
        _: AttemptId,
    ) -> Result<LinkedAttempt, Refusal> {
        self.linked(holder, "look_at_linked_attempt")
    }

    async fn linked_sandbox(
        &self,
        holder: &LinkHolder,
        _: &Reference,
    ) -> Result<SandboxView, Refusal> {
        self.hold(holder, "linked_sandbox")?;
        let choices = ["pay", "decline"].map(str::to_owned).to_vec();
        let money = Some(Money::new(12_345, Currency::EUR));
        Ok(SandboxView { attempt: id(40), money, open: true, choices })
    }

    async fn choose_in_linked_sandbox(
        &self,
        holder: &LinkHolder,
        _: &Reference,
        choice: &str,
    ) -> Result<AttemptId, Refusal> {
        self.hold(holder, "choose_in_linked_sandbox")?;
        self.state.lock().unwrap().chosen.push(choice.to_owned());
        Ok(id(40))
    }
}
