//! Paying one invoice by a link, without signing in.

use async_trait::async_trait;
use jiff::civil::Date;
use portico_billing::gateway::Reference;
use portico_billing::{AttemptId, BrandId, GatewayId, LanguageTag, Money, PayLinkId};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    AttemptView, Document, InstalmentView, Origin, PayLinkSecret, Refusal, SandboxView, WayToPay,
};

/// Whoever holds a link to pay one invoice with, on the portal that they came to. It is no session:
/// nothing that takes one takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkHolder {
    /// The brand that answers on the host.
    pub brand_id: BrandId,
    /// The secret.
    pub secret: PayLinkSecret,
    /// The link that a page is about, where it says so: another one is not what was looked at.
    pub link: Option<PayLinkId>,
}

/// The methods of paying by a link: a part of [`crate::CoreApi`].
///
/// A link that is unknown, of another brand, over or switched off, or whose invoice is paid, is
/// `Refusal::NotFound` alike, and so is what does not belong to the link.
#[async_trait]
pub trait PayLinkApi: Send + Sync {
    /// Which link it is; changes nothing.
    async fn follow_pay_link(
        &self,
        holder: &LinkHolder,
        origin: Origin,
    ) -> Result<FollowedLink, Refusal>;

    /// What is to be paid, and by what.
    async fn linked_invoice(&self, holder: &LinkHolder) -> Result<LinkedInvoice, Refusal>;

    /// The invoice as PDF.
    async fn linked_invoice_pdf(&self, holder: &LinkHolder) -> Result<Document, Refusal>;

    /// Begins to pay what is to be paid next, or all that remains. Sent again with the same form
    /// key, it is the same attempt.
    async fn pay_linked(
        &self,
        holder: &LinkHolder,
        order: LinkedOrder,
        origin: Origin,
    ) -> Result<AttemptId, Refusal>;

    /// How an attempt stands that was begun by the link, also when the link is over since.
    async fn linked_attempt(
        &self,
        holder: &LinkHolder,
        id: AttemptId,
    ) -> Result<LinkedAttempt, Refusal>;

    /// The same, after its gateway was asked.
    async fn look_at_linked_attempt(
        &self,
        holder: &LinkHolder,
        id: AttemptId,
    ) -> Result<LinkedAttempt, Refusal>;

    /// The sandbox's page for an attempt that was begun by the link.
    async fn linked_sandbox(
        &self,
        holder: &LinkHolder,
        reference: &Reference,
    ) -> Result<SandboxView, Refusal>;

    /// What was chosen there.
    async fn choose_in_linked_sandbox(
        &self,
        holder: &LinkHolder,
        reference: &Reference,
        choice: &str,
    ) -> Result<AttemptId, Refusal>;
}

/// A link that was followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowedLink {
    /// Identifier.
    pub id: PayLinkId,
    /// The language of whoever the invoice is for.
    pub language: LanguageTag,
}

/// What whoever holds a link needs to know to pay, and no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedInvoice {
    /// The link.
    pub link: FollowedLink,
    /// The invoice's number.
    pub number: String,
    /// Last day to pay what is to be paid next.
    pub due_on: Date,
    /// Whether that day is over.
    pub overdue: bool,
    /// What is to be paid next: what is due today or, where nothing is, the next instalment.
    pub due: Money,
    /// What is still to be paid in all, due or not.
    pub remaining: Money,
    /// The parts that it is paid in, in order.
    pub instalments: Vec<InstalmentView>,
    /// What was sold, where the brand shows it; the first hundred lines.
    pub lines: Vec<LinkedLine>,
    /// Whether there are more.
    pub more_lines: bool,
    /// By what it can be paid: by new methods alone, none of which is kept.
    pub ways: Vec<WayToPay>,
}

/// How an attempt stands that was begun by a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedAttempt {
    /// The attempt.
    pub view: AttemptView,
    /// The link.
    pub link: FollowedLink,
    /// Whether the invoice can still be paid by it.
    pub open: bool,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedLine {
    /// What was sold.
    pub description: String,
    /// For how much, before tax.
    pub amount: Money,
}

/// How whoever holds a link wants to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedOrder {
    /// Key of the form: sent again, it is the same attempt (PAY-04).
    pub form_key: String,
    /// What the form said, minor units: what is to be paid next, or all that remains. Nobody pays
    /// more than was shown.
    pub due_minor: i64,
    /// By which gateway.
    pub gateway: GatewayId,
    /// The part of the portal that they come back to: `https://billing.example.com/linked`.
    pub site: Url,
}
