//! What the fake has to be paid.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::{CurrencyTerms, Reference};
use portico_billing::{AttemptId, CreditUseId, Currency, Money};
use portico_core_api::{
    AttemptView, Begun, CreditUseView, Origin, PayApi, PayOffer, PayOrder, PayableInvoice, Refusal,
    SandboxView, SessionSecret, WayToPay,
};

use super::{Fake, id};

/// Two invoices, and one way to pay them.
pub fn offer() -> PayOffer {
    let eur = |minor| Money::new(minor, Currency::EUR);
    let invoice = |number: u128, minor| PayableInvoice {
        id: id(number),
        number: Some(format!("INV-{number}")),
        due_on: date(2026, 11, 30),
        overdue: false,
        total: eur(minor),
        due: eur(minor),
        is_due: true,
        remaining: eur(minor),
    };
    PayOffer {
        currency: Currency::EUR,
        currencies: vec![Currency::EUR, Currency::JPY, Currency::USD],
        due_in: vec![Currency::EUR, Currency::JPY],
        invoices: vec![invoice(10, 12_345), invoice(11, 5_000)],
        more: false,
        due: eur(17_345),
        remaining: eur(17_345),
        credit: eur(0),
        ways: vec![way(Currency::EUR)],
    }
}

/// One invoice in another currency.
pub fn offer_in(currency: Currency) -> PayOffer {
    let amount = Money::new(4_000, currency);
    let mut offer = offer();
    offer.invoices.truncate(1);
    let row = &mut offer.invoices[0];
    (row.id, row.total, row.due, row.remaining) = (id(12), amount, amount, amount);
    PayOffer {
        currency,
        due: amount,
        remaining: amount,
        credit: Money::zero(currency),
        ways: vec![way(currency)],
        ..offer
    }
}

pub fn way(currency: Currency) -> WayToPay {
    WayToPay {
        gateway: id(30),
        name: "Card".to_owned(),
        provider: "Sandbox".to_owned(),
        test: true,
        answers: true,
        terms: CurrencyTerms::free(currency),
        keeps: true,
        methods: Vec::new(),
    }
}

/// An attempt to pay an invoice.
pub fn attempt(state: AttemptState) -> AttemptView {
    let eur = |minor| Money::new(minor, Currency::EUR);
    AttemptView {
        id: id(40),
        purpose: AttemptPurpose::Pay,
        state,
        reason: None,
        amount: eur(12_345),
        surcharge: eur(0),
        charged: eur(12_345),
        credit: eur(0),
        invoices: vec![(id(10), Some("INV-10".to_owned()))],
        way: "Card".to_owned(),
        provider: "Sandbox".to_owned(),
        test: true,
        payment: None,
        leads_to: None,
        begun_at: Timestamp::UNIX_EPOCH,
    }
}

/// Credit that settled an invoice.
fn credit_use() -> CreditUseView {
    let amount = Money::new(12_345, Currency::EUR);
    CreditUseView {
        id: id(95),
        amount,
        invoices: vec![(id(10), Some("INV-10".to_owned()), amount)],
        used_at: Timestamp::UNIX_EPOCH,
    }
}

#[async_trait]
impl PayApi for Fake {
    async fn pay_offer(
        &self,
        secret: &SessionSecret,
        currency: Option<Currency>,
    ) -> Result<PayOffer, Refusal> {
        self.read(secret, "pay_offer")?;
        let offer = self.state.lock().unwrap().offer.clone().unwrap_or_else(offer);
        Ok(match currency {
            Some(other) if other != offer.currency => offer_in(other),
            _ => offer,
        })
    }

    async fn pay(
        &self,
        secret: &SessionSecret,
        order: PayOrder,
        _: Origin,
    ) -> Result<Begun, Refusal> {
        self.change(secret, "pay")?;
        let begun = match order.gateway {
            Some(_) => Begun::Attempt(id(40)),
            None => Begun::Credit(id(95)),
        };
        self.state.lock().unwrap().orders.push(order);
        Ok(begun)
    }

    async fn credit_use(
        &self,
        secret: &SessionSecret,
        _: CreditUseId,
    ) -> Result<CreditUseView, Refusal> {
        self.ask(secret, "credit_use").map(|_| credit_use())
    }

    async fn credit_uses(&self, secret: &SessionSecret) -> Result<Vec<CreditUseView>, Refusal> {
        self.ask(secret, "credit_uses").map(|_| vec![credit_use()])
    }

    async fn attempt(&self, secret: &SessionSecret, _: AttemptId) -> Result<AttemptView, Refusal> {
        self.ask(secret, "attempt")?;
        self.state.lock().unwrap().attempt.clone().ok_or(Refusal::NotFound)
    }

    async fn look_at_attempt(
        &self,
        secret: &SessionSecret,
        _: AttemptId,
    ) -> Result<AttemptView, Refusal> {
        self.ask(secret, "look_at_attempt")?;
        self.state.lock().unwrap().attempt.clone().ok_or(Refusal::NotFound)
    }

    async fn sandbox(&self, secret: &SessionSecret, _: &Reference) -> Result<SandboxView, Refusal> {
        self.ask(secret, "sandbox")?;
        let choices = ["pay", "decline"].map(str::to_owned).to_vec();
        let money = Some(Money::new(12_345, Currency::EUR));
        Ok(SandboxView { attempt: id(40), money, open: true, choices })
    }

    async fn choose_in_sandbox(
        &self,
        secret: &SessionSecret,
        _: &Reference,
        choice: &str,
    ) -> Result<AttemptId, Refusal> {
        self.ask(secret, "choose_in_sandbox")?;
        self.state.lock().unwrap().chosen.push(choice.to_owned());
        Ok(id(40))
    }
}
