//! Settling an invoice by its customer's credit, for the staff and its software.

use jiff::Timestamp;
use portico_billing::credit::{CreditPart, CreditSource};
use portico_billing::{CreditUseId, Currency, CustomerId, InvoiceId, Money};
use portico_store::credit::CreditUse;
use portico_store::hold::Held;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{apply, note, usable};
use crate::records::invoice::{self, InvoiceRecord};
use crate::records::{Record, RecordKey, Rejection, Sent, SentForm, Unit, tried};
use crate::{Caller, Core, Failure};

/// How much credit settles an invoice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceCreditInput)]
pub struct CreditInput {
    /// How much, in minor units; where absent, all that is still to be paid, as far as the
    /// customer's credit goes.
    #[serde(default)]
    #[schema(example = 2_500)]
    pub amount_minor: Option<i64>,
}

/// Credit that settled an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InvoiceCredit)]
pub struct CreditUseOutput {
    /// Identifier.
    #[schema(value_type = String, example = "cru_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: CreditUseId,
    /// The invoice.
    #[schema(value_type = String)]
    pub invoice_id: InvoiceId,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// What it came from, the oldest first.
    pub parts: Vec<UsedPart>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub used_at: Timestamp,
}

/// What of one source of credit settled an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InvoiceCreditPart)]
pub struct UsedPart {
    /// `payment`, `credit_note` or `voucher`.
    pub kind: &'static str,
    /// Its identifier.
    pub id: String,
    /// How much of it, in minor units.
    pub amount_minor: i64,
}

impl From<&CreditPart> for UsedPart {
    fn from(it: &CreditPart) -> Self {
        let id = match it.source {
            CreditSource::Payment(id) => id.to_string(),
            CreditSource::CreditNote(id) => id.to_string(),
            CreditSource::Voucher(id) => id.to_string(),
            CreditSource::Invoice(id) => id.to_string(),
        };
        Self { kind: it.source.word(), id, amount_minor: it.amount_minor }
    }
}

impl CreditUseOutput {
    fn new(it: &CreditUse) -> Option<Self> {
        Some(Self {
            id: it.id,
            invoice_id: it.parts.first()?.invoice_id,
            amount_minor: it.amount.minor(),
            currency: it.amount.currency(),
            parts: it.parts.iter().map(UsedPart::from).collect(),
            used_at: it.used_at,
        })
    }
}

impl Core {
    /// Settles an invoice by its customer's credit, the first time that the form is sent.
    ///
    /// # Errors
    /// Why it was refused; nothing was changed then, and the form may be sent again. `Conflict` at
    /// `form` where it was sent before with other values.
    pub async fn settle_by_credit(
        &self,
        caller: &Caller,
        form: &SentForm,
        (key, input): (&RecordKey, CreditInput),
    ) -> Result<CreditUseOutput, Rejection> {
        caller.require(InvoiceRecord::EDITED_WITH)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let found = invoice::load(&mut read, key).await?;
        let id = found.ok_or_else(|| Rejection::NotFound("invoice".to_owned()))?.id;
        // What could not be booked must not be begun.
        read.require_whole_ledger().await?;
        drop(read);
        let used = match tried(|| self.try_to_settle_by_credit(caller, form, (id, input))).await? {
            Sent::Saved(id) => CreditUseId::from(id),
            Sent::Otherwise => {
                let message = "was sent before with other values";
                return Err(Rejection::conflict("form", message));
            }
        };
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let found = read.credit_use(used).await?.as_ref().and_then(CreditUseOutput::new);
        Ok(found.ok_or(Failure::Missing("use of credit"))?)
    }

    async fn try_to_settle_by_credit(
        &self,
        caller: &Caller,
        form: &SentForm,
        (id, input): (InvoiceId, CreditInput),
    ) -> Result<Sent, Rejection> {
        let mut unit = Unit::begin(self, caller).await?;
        if let Some(before) = form.claim(self, &mut unit.write, caller).await? {
            return Ok(before);
        }
        let missing = || Rejection::NotFound("invoice".to_owned());
        let it = unit.write.invoice(id).await?.ok_or_else(missing)?;
        let whose = (it.customer_id, it.currency);
        unit.write.hold(Held::Customer, it.customer_id.uuid()).await?;
        let credit = usable(&mut unit.write, whose).await?;
        let most = credit.min(it.remaining().minor());
        let minor = input.amount_minor.unwrap_or(most);
        if minor < 1 || minor > most {
            let most = Money::new(most, it.currency);
            let message = format!("at most {most} of credit can settle the invoice");
            return Err(Rejection::conflict("amount_minor", message));
        }
        let parts = apply(&mut unit, whose, &[(id, minor)]).await?;
        let used = parts.iter().fold(0_i64, |sum, it| sum.saturating_add(it.amount_minor));
        if used < minor {
            let used = Money::new(used, it.currency);
            let message = format!("only {used} of credit can settle the invoice now");
            return Err(Rejection::conflict("amount_minor", message));
        }
        let it = note(&mut unit, whose, parts, (None, None)).await?;
        form.answer(&mut unit.write, caller, it.id.uuid()).await?;
        unit.commit().await?;
        Ok(Sent::Saved(it.id.uuid()))
    }

    /// How much credit of a customer can settle invoices in a currency.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn usable_credit(
        &self,
        caller: &Caller,
        whose: (CustomerId, Currency),
    ) -> Result<Money, Rejection> {
        let mut read = self.read_as(caller).await?;
        Ok(Money::new(usable(&mut read, whose).await?, whose.1))
    }
}
