//! Receipts by mail: one for each payment and recipient.
//!
//! The wish for them is written down in the unit of work that makes the payment count, which there
//! is one of; the worker that answers it writes the mails in the unit of work that closes it. Each
//! mail keeps its identifier whatever becomes of it on its way, and is made a PDF when it leaves.

use jiff::SignedDuration;
use portico_billing::account::{Contact, Customer};
use portico_billing::brand::Brand;
use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use portico_billing::section::{Section, Sections};
use portico_billing::{ContactId, LanguageTag, Money, PaymentId};
use portico_store::{Read, Write};
use serde::{Deserialize, Serialize};

use super::method_key;
use crate::mail::recipients::{self, Recipient};
use crate::mail::{MailContent, MailMessage, Wish, put, put_wish};
use crate::records::Unit;
use crate::{Core, Failure, Who, visit};

/// Recorded payments that are older than this are history that somebody brings along.
const RECORDED_LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Somebody is to get the receipt of a payment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ReceiptWish {
    payment_id: PaymentId,
    /// Who paid, where a person did.
    contact_id: Option<ContactId>,
}

/// Asks for the receipt of a payment that a gateway made, where its brand sends them.
pub(crate) async fn ask_for_online(
    unit: &mut Unit<'_>,
    payment: &Payment,
    contact_id: Option<ContactId>,
) -> Result<(), Failure> {
    ask(unit, payment, (contact_id, true)).await
}

/// Asks for the receipt of a payment that was recorded, where its brand sends those too: not what
/// samples bring, nor what was paid long ago.
pub(crate) async fn ask_for_recorded(
    unit: &mut Unit<'_>,
    payment: &Payment,
) -> Result<(), Failure> {
    let by_people = matches!(unit.who(), Who::Operator(_) | Who::ApiKey(_));
    let lately = unit.now.duration_since(payment.paid_at) <= RECORDED_LATELY;
    if payment.kind == PaymentKind::Payment && by_people && lately {
        ask(unit, payment, (None, false)).await?;
    }
    Ok(())
}

async fn ask(
    unit: &mut Unit<'_>,
    payment: &Payment,
    (contact_id, online): (Option<ContactId>, bool),
) -> Result<(), Failure> {
    let paying = unit.write.paying_of_customer(payment.customer_id).await?;
    if paying.ok_or(Failure::Missing("customer"))?.receipts.covers(online) {
        let wish = ReceiptWish { payment_id: payment.id, contact_id };
        put_wish(unit.core, &mut unit.write, ReceiptWish::KIND, &wish).await?;
    }
    Ok(())
}

impl Wish for ReceiptWish {
    const KIND: &'static str = "receipt";

    async fn answer(self, core: &Core, write: &mut Write) -> Result<(), Failure> {
        let payment = write.payment(self.payment_id).await?;
        let payment = payment.ok_or(Failure::Missing("payment"))?;
        if payment.status != PaymentStatus::Succeeded {
            // It was taken back meanwhile.
            return Ok(());
        }
        let customer = write.customer(payment.customer_id).await?;
        let customer = customer.ok_or(Failure::Missing("customer"))?;
        let brand = write.brand(customer.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        let organisation = write.organisation().await?;
        let organisation = organisation.ok_or(Failure::Missing("organisation"))?;
        let paid_on = visit::date_in(&organisation.time_zone, payment.paid_at);
        for it in self.recipients(write, &customer, &brand).await? {
            let content = MailContent::Receipt {
                url: url(core, &brand, (&customer, payment.id)),
                payment_id: payment.id,
                amount: Money::new(payment.amount_minor, payment.currency),
                paid_on,
                method: method(core, &payment, &it.language),
            };
            let Recipient { to, name, language } = it;
            let message = MailMessage { to, name, language, brand_id: brand.id, content };
            put(core, write, &message).await?;
        }
        Ok(())
    }
}

impl ReceiptWish {
    /// Who paid, as long as that person is one of the customer's; else those who get its bills.
    async fn recipients(
        &self,
        read: &mut Read,
        customer: &Customer,
        brand: &Brand,
    ) -> Result<Vec<Recipient>, Failure> {
        let contact = match self.contact_id {
            Some(id) => read.contact(id).await?,
            None => None,
        };
        let is_theirs = |it: &Contact| it.customer_id == customer.id && it.disabled_at.is_none();
        match contact.filter(is_theirs) {
            Some(contact) => Ok(vec![recipients::of_contact(&contact, customer, brand)]),
            None => recipients::of_bills(read, customer, brand).await,
        }
    }
}

/// The payment's page, where the customer sees its payments.
fn url(core: &Core, brand: &Brand, (customer, id): (&Customer, PaymentId)) -> String {
    let shown = Sections::resolve(&brand.hidden_sections, &customer.access);
    let path = match shown.has(Section::Payments) {
        true => format!("/payments/{id}"),
        false => "/".to_owned(),
    };
    core.portal_url(brand, &path)
}

fn method(core: &Core, payment: &Payment, language: &LanguageTag) -> String {
    let label = payment.method_label.clone();
    label.unwrap_or_else(|| core.inner.press.text_in(language, method_key(&payment.method)))
}
