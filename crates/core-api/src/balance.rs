//! A customer's balance and the statement of how it came to be.

use async_trait::async_trait;
use jiff::civil::Date;
use portico_billing::ledger::{Account, Subject, SubjectGroup};
use portico_billing::page::{Direction, Page, PageSize};
use portico_billing::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::{Document, Refusal, SessionSecret};

/// Statements on paper: a part of [`crate::CoreApi`].
#[async_trait]
pub trait StatementApi: Send + Sync {
    /// A statement of account as PDF: every movement in the currency and the days of `query`, up to
    /// today where it names no last day, and what is open by age. Search, group, order and page of
    /// the query do not count. `Invalid` at `from` where that is more than paper holds, at `until`
    /// where it is before `from`.
    async fn statement_pdf(
        &self,
        secret: &SessionSecret,
        query: StatementQuery,
    ) -> Result<Document, Refusal>;
}

/// Which lines of which statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementQuery {
    /// The customer's own where absent.
    pub currency: Option<Currency>,
    /// Part of the number of an invoice, a credit note or a voucher.
    pub search: String,
    /// Charges or payments alone.
    pub group: Option<SubjectGroup>,
    /// Of this day (UTC) or later.
    pub from: Option<Date>,
    /// Of this day (UTC) or earlier.
    pub until: Option<Date>,
    /// Oldest or newest first.
    pub direction: Direction,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

/// The balance in one currency, and a page of the statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// What was paid in minus what was charged.
    pub live: Money,
    /// How far below zero the balance may go, and what is left of that. Of the customer's own
    /// currency alone.
    pub limit: Option<DebitLimit>,
    /// Currencies that there is a statement of, the customer's own first.
    pub currencies: Vec<Currency>,
    /// The balance before the first day asked for, where one was.
    pub opening: Option<Money>,
    /// The balance after the last day asked for, where one was.
    pub closing: Option<Money>,
    /// The lines.
    pub lines: Page<StatementLine>,
}

/// How far below zero a balance may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebitLimit {
    /// Above zero: credit that the organisation gives. Zero: prepaid. Below: prepaid, and so much
    /// has to be left.
    pub limit: Money,
    /// What can be used: balance and limit together.
    pub available: Money,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    /// When it happened: the day of the document, of payments that of UTC.
    pub occurred_on: Date,
    /// The document that it comes from; nothing where the customer does not see such.
    pub subject: Option<Subject>,
    /// The account on the other side: what it was for.
    pub counter: Account,
    /// What it added to the balance; charges are below zero.
    pub amount: Money,
    /// The balance after it; nothing where lines are left out.
    pub balance: Option<Money>,
    /// Number of the invoice or credit note, serial of the voucher.
    pub number: Option<String>,
    /// Kind of method of a payment.
    pub method: Option<String>,
    /// The method as people read it.
    pub method_label: Option<String>,
    /// Text for the customer; what follows a `#` is cut off.
    pub description: Option<String>,
}

impl StatementLine {
    /// The key of the text that says what happened.
    #[must_use]
    pub const fn text_key(&self) -> &'static str {
        movement_key(self.counter, self.amount.is_positive())
    }
}

/// The key of the text that says what moved between a customer and `counter`, to the customer's
/// favour or not.
#[must_use]
pub const fn movement_key(counter: Account, in_favour: bool) -> &'static str {
    match (counter, in_favour) {
        (Account::Customer | Account::Sales, false) => "statement-invoice",
        (Account::Customer | Account::Sales, true) => "statement-invoice-lowered",
        (Account::CreditNotes, true) => "statement-credit-note",
        (Account::CreditNotes, false) => "statement-credit-note-void",
        (Account::Recorded | Account::Gateway(_), true) => "statement-payment",
        (Account::Recorded | Account::Gateway(_), false) => "statement-refund",
        // These are never between the organisation and a customer.
        (Account::Surcharges | Account::Fees, _) => "statement-payment",
        (Account::Vouchers, _) => "statement-voucher",
        (Account::PaidElsewhere, true) => "statement-paid-before",
        (Account::PaidElsewhere, false) => "statement-paid-before-replaced",
        (Account::WriteOffs, true) => "statement-write-off",
        (Account::WriteOffs, false) => "statement-write-off-undone",
    }
}
