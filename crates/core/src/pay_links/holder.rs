//! Who holds a link: its secret, resolved.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use portico_billing::LanguageTag;
use portico_billing::account::Customer;
use portico_billing::brand::Brand;
use portico_billing::invoice::Invoice;
use portico_billing::pay_link::PayLinkState;
use portico_core_api::{FollowedLink, LinkHolder, Refusal};
use portico_store::Read;
use portico_store::pay_link::PayLink;
use portico_store::payment_attempt::PaymentAttempt;

use crate::pay::Payer;
use crate::secret::hash_secret;
use crate::{Core, Failure, Who};

/// For how long an attempt is shown to whoever began it.
const SHOWN: SignedDuration = SignedDuration::from_hours(24);

/// What a link opens: one invoice. Verbs get at it by [`resolve`] alone.
pub(super) struct Held {
    pub(super) link: PayLink,
    pub(super) invoice: Invoice,
    pub(super) customer: Customer,
    pub(super) brand: Brand,
    pub(super) today: Date,
    now: Timestamp,
}

/// The link of a secret in whatever state, on the brand that its customer has now, where it is the
/// one that is meant.
pub(super) async fn resolve(core: &Core, holder: &LinkHolder) -> Result<(Read, Held), Refusal> {
    let found = find(core, holder).await?;
    let is_meant = |held: &Held| {
        held.brand.id == holder.brand_id && holder.link.is_none_or(|id| held.link.id == id)
    };
    found.filter(|(_, held)| is_meant(held)).ok_or(Refusal::NotFound)
}

async fn find(core: &Core, holder: &LinkHolder) -> Result<Option<(Read, Held)>, Failure> {
    let hash = hash_secret(holder.secret.expose());
    let found = core.inner.store.directory().await?.pay_link(&hash).await?;
    let Some(link) = found else { return Ok(None) };
    let mut read = core.inner.store.read(link.organisation_id).await?;
    let invoice = read.invoice(link.invoice_id).await?.ok_or(Failure::Missing("invoice"))?;
    let customer = read.customer(invoice.customer_id).await?.ok_or(Failure::Missing("customer"))?;
    let brand = read.brand(customer.brand_id).await?.ok_or(Failure::Missing("brand"))?;
    let today = core.today_of(&mut read).await?;
    Ok(Some((read, Held { link, invoice, customer, brand, today, now: core.now() })))
}

impl Held {
    /// Refuses what a link that is over does not open any more.
    pub(super) fn require_live(&self) -> Result<(), Refusal> {
        let times = (self.link.expires_at, self.link.revoked_at);
        match PayLinkState::of(&self.invoice, times, self.now) {
            PayLinkState::Live => Ok(()),
            PayLinkState::Done | PayLinkState::Expired | PayLinkState::Revoked => {
                Err(Refusal::NotFound)
            }
        }
    }

    /// The language of whoever the invoice is for.
    pub(super) fn language(&self) -> LanguageTag {
        self.customer.language.as_ref().unwrap_or(&self.brand.default_language).clone()
    }

    pub(super) fn followed(&self) -> FollowedLink {
        FollowedLink { id: self.link.id, language: self.language() }
    }

    /// Whoever holds the link, as who pays.
    pub(super) fn payer(&self) -> Payer {
        Payer {
            organisation_id: self.link.organisation_id,
            brand_id: self.brand.id,
            customer_id: self.customer.id,
            contact_id: None,
            link: Some(self.link.id),
            who: Who::Contact(None),
            language: self.language(),
            now: self.now,
            today: self.today,
        }
    }

    /// The attempt, where it was begun by this link not long ago. It is shown whatever became of
    /// the link: whoever paid must learn how that ended.
    pub(super) async fn own(
        &self,
        read: &mut Read,
        attempt: Option<PaymentAttempt>,
    ) -> Result<PaymentAttempt, Refusal> {
        let it = attempt.ok_or(Refusal::NotFound)?;
        let begun_by = read.pay_link_of_attempt(it.id).await.map_err(Failure::from)?;
        let lately = self.now.duration_since(it.begun_at) < SHOWN;
        if lately && begun_by == Some(self.link.id) { Ok(it) } else { Err(Refusal::NotFound) }
    }
}
