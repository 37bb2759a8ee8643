//! The ledger: double entry, added to and never changed.
//!
//! An entry moves an amount from one account to another, so that the ledger cannot be out of
//! balance. What lies between the organisation and a customer stands on one account,
//! [`Account::Customer`]: its balance is the customer's live balance. The other accounts tell where
//! the money came from or went to. Which invoice a payment settles is told by allocations, which
//! move nothing here.
//!
//! Each document stands for an [`Effect`]. When it changes, the difference of its effects is
//! posted: the entries of a document always add up to what it stands for now.

mod chain;
mod effect;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::credit_note::CreditNote;
use crate::invoice::Invoice;
use crate::payment::Payment;
use crate::totals::{self, Contribution};
use crate::voucher::VoucherCredit;
use crate::{CreditNoteId, Currency, GatewayId, InvoiceId, PaymentId, VoucherId};

pub use chain::{Break, ChainHash, Entry, Link, verify};
pub use effect::Effect;

/// An account of one customer and currency; the organisation's are the sums of its customers'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Account {
    /// Between the organisation and the customer: a credit is in the customer's favour. Balances
    /// below zero are receivables.
    Customer,
    /// What was invoiced.
    Sales,
    /// What credit notes took back of it.
    CreditNotes,
    /// Money that the staff or the organisation's software recorded.
    Recorded,
    /// Money that lies at a payment provider.
    Gateway(GatewayId),
    /// What customers paid on top of what was credited to them.
    Surcharges,
    /// What payment providers kept.
    Fees,
    /// What vouchers gave.
    Vouchers,
    /// What invoices state as paid, without a payment.
    PaidElsewhere,
    /// What invoices that were given up left unpaid.
    WriteOffs,
}

impl Account {
    /// All that every organisation has; beside them, one for each of its gateways.
    pub const COMMON: [Self; 9] = [
        Self::Customer,
        Self::Sales,
        Self::CreditNotes,
        Self::Recorded,
        Self::Surcharges,
        Self::Fees,
        Self::Vouchers,
        Self::PaidElsewhere,
        Self::WriteOffs,
    ];

    /// The word of its kind in texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Sales => "sales",
            Self::CreditNotes => "credit_notes",
            Self::Recorded => "recorded",
            Self::Gateway(_) => "gateway",
            Self::Surcharges => "surcharges",
            Self::Fees => "fees",
            Self::Vouchers => "vouchers",
            Self::PaidElsewhere => "paid_elsewhere",
            Self::WriteOffs => "write_offs",
        }
    }

    /// Its name in data: the word, or the identifier of the gateway.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Gateway(id) => id.to_string().into(),
            _ => self.word().into(),
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// No account has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ledger has no account `{0}`")]
pub struct UnknownAccount(String);

impl FromStr for Account {
    type Err = UnknownAccount;

    fn from_str(name: &str) -> Result<Self, UnknownAccount> {
        let common = || Self::COMMON.into_iter().find(|account| account.word() == name);
        let gateway = || name.parse().ok().filter(|_| name.starts_with(GatewayId::PREFIX));
        common()
            .or_else(|| gateway().map(Self::Gateway))
            .ok_or_else(|| UnknownAccount(name.to_owned()))
    }
}

impl TryFrom<String> for Account {
    type Error = UnknownAccount;

    fn try_from(name: String) -> Result<Self, UnknownAccount> {
        name.parse()
    }
}

impl From<Account> for String {
    fn from(account: Account) -> Self {
        account.name().into_owned()
    }
}

/// An amount that moves from one account to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Currency.
    pub currency: Currency,
    /// Where it comes from.
    pub debit: Account,
    /// Where it goes.
    pub credit: Account,
    /// Minor units, positive.
    pub minor: i64,
}

impl Transfer {
    /// What it adds to an account, minor units; credits are positive.
    #[must_use]
    pub fn of_account(&self, account: Account) -> i64 {
        match account {
            _ if account == self.credit => self.minor,
            _ if account == self.debit => -self.minor,
            _ => 0,
        }
    }
}

/// The document that entries stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Subject {
    /// An invoice.
    Invoice(InvoiceId),
    /// A credit note.
    CreditNote(CreditNoteId),
    /// A payment or refund.
    Payment(PaymentId),
    /// What a voucher gave.
    Voucher(VoucherId),
}

impl Subject {
    /// The stored word of its kind.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Invoice(_) => "invoice",
            Self::CreditNote(_) => "credit_note",
            Self::Payment(_) => "payment",
            Self::Voucher(_) => "voucher",
        }
    }

    /// Its identifier.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Invoice(id) => id.uuid(),
            Self::CreditNote(id) => id.uuid(),
            Self::Payment(id) => id.uuid(),
            Self::Voucher(id) => id.uuid(),
        }
    }

    /// The subject of a stored kind; nothing where there is no such kind.
    #[must_use]
    pub fn new(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "invoice" => Some(Self::Invoice(id.into())),
            "credit_note" => Some(Self::CreditNote(id.into())),
            "payment" => Some(Self::Payment(id.into())),
            "voucher" => Some(Self::Voucher(id.into())),
            _ => None,
        }
    }
}

/// Charges apart from payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectGroup {
    /// Invoices and credit notes.
    Charges,
    /// Payments, refunds and vouchers.
    Payments,
}

/// What a document stands for in its customer's books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The document.
    pub subject: Subject,
    /// The moment that it names; of a day its first one, UTC.
    pub dated: Timestamp,
    /// What it adds to the running totals.
    pub contribution: Contribution,
    /// What it stands for in the ledger.
    pub effect: Effect,
}

impl Booking {
    /// Of an invoice.
    #[must_use]
    pub fn of_invoice(it: &Invoice) -> Self {
        Self {
            subject: Subject::Invoice(it.id),
            dated: first_moment(it.issued_on),
            contribution: totals::of_invoice(it),
            effect: Effect::of_invoice(it),
        }
    }

    /// Of a credit note.
    #[must_use]
    pub fn of_credit_note(it: &CreditNote) -> Self {
        Self {
            subject: Subject::CreditNote(it.id),
            dated: first_moment(it.issued_on),
            contribution: totals::of_credit_note(it),
            effect: Effect::of_credit_note(it),
        }
    }

    /// Of a payment or refund.
    #[must_use]
    pub fn of_payment(it: &Payment) -> Self {
        Self {
            subject: Subject::Payment(it.id),
            dated: it.paid_at,
            contribution: totals::of_payment(it),
            effect: Effect::of_payment(it),
        }
    }

    /// Of a voucher that gave its credit.
    #[must_use]
    pub fn of_voucher(it: &VoucherCredit) -> Self {
        Self {
            subject: Subject::Voucher(it.id),
            dated: it.at,
            contribution: totals::of_voucher(it),
            effect: Effect::of_voucher(it),
        }
    }

    /// What has to be posted at `now` where the document stood for `before` until then. The first
    /// entries of a document are of its own date, later ones of the day of the change.
    #[must_use]
    pub fn posting(&self, before: Option<&Self>, now: Timestamp) -> Posting {
        let before = before.map(|before| &before.effect).filter(|effect| !effect.is_none());
        Posting {
            subject: self.subject,
            occurred_at: if before.is_some() { now } else { self.dated },
            transfers: self.effect.since(before),
        }
    }
}

fn first_moment(day: jiff::civil::Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |midnight| midnight.timestamp())
}

/// What a document adds to the ledger at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The document.
    pub subject: Subject,
    /// When it happened, as statements tell it.
    pub occurred_at: Timestamp,
    /// What moves.
    pub transfers: Vec<Transfer>,
}
