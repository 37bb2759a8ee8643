//! Making links, and switching them off.

use jiff::Timestamp;
use portico_billing::account::Customer;
use portico_billing::brand::Brand;
use portico_billing::invoice::Invoice;
use portico_billing::pay_link::{self, LIFE_DAYS_MAX, LIVE_MAX, PayLinkState};
use portico_billing::permission::Permission;
use portico_billing::{InvoiceId, PayLinkId};
use portico_store::pay_link::PayLink;
use serde_json::json;

use crate::mail::recipients::{self, Recipient};
use crate::mail::{MailContent, MailMessage, Posting, put};
use crate::records::{Rejection, Unit, tried};
use crate::secret::{hash_secret, new_secret};
use crate::{Caller, Core, Failure, invoices};

/// Links of an invoice that are listed.
const LISTED: u16 = 50;

/// A link to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NewPayLink {
    /// How many days it works; 30 where absent.
    pub life_days: Option<u16>,
    /// Whether it is mailed to those who get the customer's bills.
    pub mail: bool,
}

/// A link to pay an invoice with, without what makes it work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayLinkView {
    /// Identifier.
    pub id: PayLinkId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// How it stands.
    pub state: PayLinkState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was switched off.
    pub revoked_at: Option<Timestamp>,
}

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadePayLink {
    /// The link.
    pub link: PayLinkView,
    /// Its address, which is told here alone.
    pub url: String,
    /// To how many it is mailed.
    pub mailed: usize,
}

impl PayLinkView {
    fn new(it: &PayLink, invoice: &Invoice, now: Timestamp) -> Self {
        Self {
            id: it.id,
            invoice_id: it.invoice_id,
            state: PayLinkState::of(invoice, (it.expires_at, it.revoked_at), now),
            created_at: it.created_at,
            expires_at: it.expires_at,
            revoked_at: it.revoked_at,
        }
    }
}

impl Core {
    /// Makes a link to pay an invoice with.
    ///
    /// # Errors
    /// Where the caller may not; `NotFound`; `Invalid` for how long it works, and where nobody has
    /// an address to mail it to; `Conflict` where nothing is due or there are too many links; where
    /// the machinery fails.
    pub async fn make_pay_link(
        &self,
        caller: &Caller,
        invoice: InvoiceId,
        new: NewPayLink,
    ) -> Result<MadePayLink, Rejection> {
        caller.require(Permission::EditBilling)?;
        tried(|| self.try_to_make_pay_link(caller, invoice, new)).await
    }

    async fn try_to_make_pay_link(
        &self,
        caller: &Caller,
        id: InvoiceId,
        new: NewPayLink,
    ) -> Result<MadePayLink, Rejection> {
        let life = pay_link::life(new.life_days).ok_or_else(|| {
            Rejection::field("lifetime_days", format!("must be from 1 to {LIFE_DAYS_MAX}"))
        })?;
        let mut unit = Unit::begin(self, caller).await?;
        let found = unit.write.invoice(id).await?;
        found.ok_or_else(|| Rejection::NotFound("invoice".to_owned()))?;
        // Held, so that it is not voided meanwhile.
        let invoice = unit.write.invoice_for_update(id).await?;
        if !invoice.remaining().is_positive() {
            return Err(Rejection::conflict("status", "nothing is due of the invoice"));
        }
        if unit.write.count_live_pay_links(id, unit.now).await? >= LIVE_MAX {
            let message = format!("the invoice has {LIVE_MAX} links in force already");
            return Err(Rejection::conflict("", message));
        }
        let secret = new_secret(&self.inner.entropy);
        let link = PayLink {
            organisation_id: caller.organisation_id,
            id: PayLinkId::new(unit.now, unit.id_bytes()),
            invoice_id: id,
            created_at: unit.now,
            expires_at: unit.now + life,
            revoked_at: None,
        };
        unit.write.insert_pay_link(&link, &hash_secret(&secret)).await?;
        let customer = unit.write.customer(invoice.customer_id).await?;
        let customer = customer.ok_or(Failure::Missing("customer"))?;
        let brand = unit.write.brand(customer.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        let url = self.portal_url(&brand, &format!("/pay-link/{secret}"));
        let mailed = match new.mail {
            true => mail(&mut unit, (&customer, &brand), (&invoice, &link), &url).await?,
            false => 0,
        };
        note(&mut unit, "pay_link.created", &link, &invoice);
        let link = PayLinkView::new(&link, &invoice, unit.now);
        unit.commit().await?;
        Ok(MadePayLink { link, url, mailed })
    }

    /// The newest links of an invoice, whatever their state.
    ///
    /// # Errors
    /// Where the caller may not; `NotFound`; where the machinery fails.
    pub async fn pay_links(
        &self,
        caller: &Caller,
        id: InvoiceId,
    ) -> Result<Vec<PayLinkView>, Rejection> {
        let mut read = self.read_as(caller).await?;
        let invoice = read.invoice(id).await?;
        let invoice = invoice.ok_or_else(|| Rejection::NotFound("invoice".to_owned()))?;
        let links = read.pay_links_of_invoice(id, LISTED).await?;
        let now = self.now();
        Ok(links.iter().map(|it| PayLinkView::new(it, &invoice, now)).collect())
    }

    /// Switches a link off; one that is off stays so.
    ///
    /// # Errors
    /// Where the caller may not; `NotFound`; where the machinery fails.
    pub async fn revoke_pay_link(
        &self,
        caller: &Caller,
        id: PayLinkId,
    ) -> Result<PayLinkView, Rejection> {
        caller.require(Permission::EditBilling)?;
        tried(|| self.try_to_revoke_pay_link(caller, id)).await
    }

    async fn try_to_revoke_pay_link(
        &self,
        caller: &Caller,
        id: PayLinkId,
    ) -> Result<PayLinkView, Rejection> {
        let mut unit = Unit::begin(self, caller).await?;
        let link = unit.write.pay_link_for_update(id).await?;
        let mut link = link.ok_or_else(|| Rejection::NotFound("pay link".to_owned()))?;
        let invoice = unit.write.invoice(link.invoice_id).await?;
        let invoice = invoice.ok_or(Failure::Missing("invoice"))?;
        if unit.write.revoke_pay_link(id, unit.now).await? {
            link.revoked_at = Some(unit.now);
            note(&mut unit, "pay_link.revoked", &link, &invoice);
        }
        let view = PayLinkView::new(&link, &invoice, unit.now);
        unit.commit().await?;
        Ok(view)
    }
}

/// Mails a link; the answer is to how many.
async fn mail(
    unit: &mut Unit<'_>,
    (customer, brand): (&Customer, &Brand),
    (invoice, link): (&Invoice, &PayLink),
    url: &str,
) -> Result<usize, Rejection> {
    let recipients = recipients::of_bills(&mut unit.write, customer, brand).await?;
    if recipients.is_empty() {
        return Err(Rejection::field("mail", "nobody of the customer has an e-mail address"));
    }
    let today = unit.today().await?;
    let mut written = 0;
    for Recipient { to, name, language } in recipients {
        let content = MailContent::PayLink {
            url: url.to_owned(),
            number: invoices::number(invoice.number.as_deref(), invoice.id),
            amount: invoice.next_payment(today),
            due_on: invoice.next_due_on(),
            expires_at: link.expires_at,
        };
        let message = MailMessage { to, name, language, brand_id: brand.id, content };
        let posting = put(unit.core, &mut unit.write, &message).await?;
        written += usize::from(posting == Posting::Written);
    }
    Ok(written)
}

/// Notes what happened to a link; never its secret.
fn note(unit: &mut Unit<'_>, kind: &'static str, it: &PayLink, invoice: &Invoice) {
    let data = json!({
        "id": it.id,
        "invoice_id": it.invoice_id,
        "customer_id": invoice.customer_id,
        "expires_at": it.expires_at,
    });
    unit.event(kind, it.id.uuid(), data);
}
