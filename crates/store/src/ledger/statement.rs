//! Statements: a customer's entries in the order of what happened, with the balance after each.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::ledger::{Account, Subject, SubjectGroup};
use portico_billing::page::{Direction, Page};
use portico_billing::section::{Section, Sections};
use portico_billing::totals::Month;
use portico_billing::{Currency, CustomerId};
use uuid::Uuid;

use crate::seek::Seek;
use crate::{Read, StoreError, column, search};

/// What moves the customer's own account; of each entry what it adds to it, and what its document
/// calls itself. `$7` and `$8` are the place where reading begins, `$10` is what numbers are
/// searched for: those of invoices and credit notes where `$11`, those of vouchers where `$12`.
macro_rules! lines {
    ($beyond:literal, $direction:literal) => {
        concat!(
            "SELECT entry.sequence, entry.debit, entry.credit, entry.amount_minor, \
             entry.subject_kind, entry.subject_id, entry.occurred_at, \
             COALESCE(invoice.number, credit_note.number, voucher.serial) AS number, \
             payment.method, payment.method_label, payment.description \
             FROM ledger_entry AS entry \
             LEFT JOIN invoice ON invoice.organisation_id = entry.organisation_id \
             AND invoice.id = entry.subject_id \
             LEFT JOIN credit_note ON credit_note.organisation_id = entry.organisation_id \
             AND credit_note.id = entry.subject_id \
             LEFT JOIN payment ON payment.organisation_id = entry.organisation_id \
             AND payment.id = entry.subject_id \
             LEFT JOIN voucher ON voucher.organisation_id = entry.organisation_id \
             AND voucher.id = entry.subject_id \
             WHERE entry.organisation_id = $1 AND entry.customer_id = $2 AND entry.currency = $3 \
             AND entry.occurred_at >= $4 AND entry.occurred_at < $5 \
             AND (entry.debit = 'customer' OR entry.credit = 'customer') \
             AND ((entry.subject_kind IN ('payment', 'voucher')) = $6 OR $6 IS NULL) \
             AND (CAST($10 AS TEXT) IS NULL \
             OR ($11 AND LOWER(COALESCE(invoice.number, credit_note.number)) LIKE $10 ESCAPE '\\') \
             OR ($12 AND LOWER(voucher.serial) LIKE $10 ESCAPE '\\')) \
             AND (entry.occurred_at, entry.sequence) ",
            $beyond,
            " ($7, $8) ORDER BY entry.occurred_at ",
            $direction,
            ", entry.sequence ",
            $direction,
            " LIMIT $9"
        )
    };
}

statements! {
    UP = lines!(">", "ASC");
    DOWN = lines!("<", "DESC");
    MONTHS_BEFORE = "SELECT balance_minor FROM ledger_month \
        WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3 AND month < $4";
    WITHIN_MONTH = "SELECT CAST(COALESCE(SUM(CASE WHEN credit = 'customer' THEN amount_minor \
        WHEN debit = 'customer' THEN -amount_minor ELSE 0 END), 0) AS BIGINT) FROM ledger_entry \
        WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3 \
        AND occurred_at >= $4 AND occurred_at <= $5 AND (occurred_at, sequence) < ($5, $6)";
}

/// Which lines of a statement, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementFilter {
    /// A statement is of one currency.
    pub currency: Currency,
    /// Part of the number of the line's document, in any case. Lines have no balance then.
    pub search: String,
    /// Sections whose documents have a number to whoever reads: no other number is searched.
    pub sections: Sections,
    /// Lines of one group alone; they have no balance then.
    pub group: Option<SubjectGroup>,
    /// Of this day (UTC) or later.
    pub from: Option<Date>,
    /// Of this day (UTC) or earlier.
    pub until: Option<Date>,
    /// Oldest or newest first.
    pub direction: Direction,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// The number of its entry.
    pub sequence: i64,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The document.
    pub subject: Subject,
    /// The account on the other side.
    pub counter: Account,
    /// What it adds to the customer's account, minor units.
    pub minor: i64,
    /// What the account came to by it; nothing where lines are left out.
    pub balance_minor: Option<i64>,
    /// Number of an invoice or credit note, serial of a voucher.
    pub number: Option<String>,
    /// Method of a payment.
    pub method: Option<String>,
    /// The method as people read it.
    pub method_label: Option<String>,
    /// Description of a payment; what follows a `#` is for the staff.
    pub description: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    sequence: i64,
    debit: String,
    credit: String,
    amount_minor: i64,
    subject_kind: String,
    subject_id: Uuid,
    occurred_at: i64,
    number: Option<String>,
    method: Option<String>,
    method_label: Option<String>,
    description: Option<String>,
}

impl TryFrom<Row> for StatementLine {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let debit: Account = column::parse("ledger_entry.debit", &row.debit)?;
        let credit: Account = column::parse("ledger_entry.credit", &row.credit)?;
        let (counter, minor) = match debit {
            Account::Customer => (credit, -row.amount_minor),
            _ => (debit, row.amount_minor),
        };
        Ok(Self {
            sequence: row.sequence,
            occurred_at: column::time("ledger_entry.occurred_at", row.occurred_at)?,
            subject: super::subject(&row.subject_kind, row.subject_id)?,
            counter,
            minor,
            balance_minor: None,
            number: row.number,
            method: row.method,
            method_label: row.method_label,
            description: row.description,
        })
    }
}

impl StatementFilter {
    /// Whether lines are left out between others.
    fn has_gaps(&self) -> bool {
        self.group.is_some() || self.searched().is_some()
    }

    fn searched(&self) -> Option<String> {
        Some(search::pattern(&self.search)).filter(|_| !self.search.trim().is_empty())
    }

    /// From the first moment of the first day up to, but without, the first after the last day.
    fn range(&self) -> (i64, i64) {
        let from = self.from.map(start_of);
        let until = self.until.and_then(|day| day.tomorrow().ok()).map(start_of);
        (from.unwrap_or(i64::MIN), until.unwrap_or(i64::MAX))
    }
}

fn start_of(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC).map_or(i64::MAX, |midnight| column::micros(midnight.timestamp()))
}

/// The number of an entry as what cursors tell rows of one time apart by, and back.
fn cursor_id(sequence: i64) -> Uuid {
    Uuid::from_u128(u128::try_from(sequence).unwrap_or_default())
}

fn sequence(id: Uuid) -> i64 {
    i64::try_from(id.as_u128()).unwrap_or(i64::MAX)
}

impl Read {
    /// A page of at most `size` lines of a customer's statement.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn statement(
        &mut self,
        customer: CustomerId,
        filter: &StatementFilter,
        size: u16,
    ) -> Result<Page<StatementLine>, StoreError> {
        let tenant = self.tenant();
        let seek = Seek::new(filter.cursor.as_deref(), filter.direction, size);
        let sql = match seek.reading {
            Direction::Asc => UP,
            Direction::Desc => DOWN,
        };
        // An engine looks at one bound of each kind when it seeks in an index.
        let (first, end) = match (filter.range(), seek.reading) {
            ((first, end), Direction::Asc) => (first.max(seek.key), end),
            ((first, end), Direction::Desc) => (first, end.min(seek.key.saturating_add(1))),
        };
        let rows = fetch_all!(
            self.conn,
            Row,
            sql,
            tenant,
            customer.uuid(),
            filter.currency.code(),
            first,
            end,
            filter.group.map(|group| group == SubjectGroup::Payments),
            seek.key,
            sequence(seek.id),
            seek.limit(),
            filter.searched(),
            filter.sections.has(Section::Invoices),
            filter.sections.has(Section::Vouchers),
        )?;
        let key = |it: &StatementLine| (column::micros(it.occurred_at), cursor_id(it.sequence));
        let mut page = seek.page(rows, key)?;
        if !filter.has_gaps() {
            self.add_balances(customer, filter, &mut page.rows).await?;
        }
        Ok(page)
    }

    async fn add_balances(
        &mut self,
        customer: CustomerId,
        filter: &StatementFilter,
        lines: &mut [StatementLine],
    ) -> Result<(), StoreError> {
        if filter.direction == Direction::Desc {
            lines.reverse();
        }
        if let Some(oldest) = lines.first() {
            let place = (oldest.occurred_at, oldest.sequence);
            let mut balance = self.balance_before(customer, filter.currency, place).await?;
            for line in lines.iter_mut() {
                balance = balance.saturating_add(line.minor);
                line.balance_minor = Some(balance);
            }
        }
        if filter.direction == Direction::Desc {
            lines.reverse();
        }
        Ok(())
    }

    /// What the customer's account came to at the beginning of a day (UTC), minor units.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn balance_at_start_of(
        &mut self,
        customer: CustomerId,
        currency: Currency,
        day: Date,
    ) -> Result<i64, StoreError> {
        let start = column::time("a day", start_of(day))?;
        self.balance_before(customer, currency, (start, 0)).await
    }

    /// What the customer's account came to before the entry of a time and number.
    async fn balance_before(
        &mut self,
        customer: CustomerId,
        currency: Currency,
        (time, sequence): (Timestamp, i64),
    ) -> Result<i64, StoreError> {
        let (tenant, customer, code) = (self.tenant(), customer.uuid(), currency.code());
        let month = Month::of(time.to_zoned(TimeZone::UTC).date());
        let index = i64::from(month.index());
        let months = fetch_all!(self.conn, (i64,), MONTHS_BEFORE, tenant, customer, code, index)?;
        let (start, time) = (start_of(month.first_day()), column::micros(time));
        let within = fetch_optional!(
            self.conn,
            (i64,),
            WITHIN_MONTH,
            tenant,
            customer,
            code,
            start,
            time,
            sequence,
        )?;
        let months = months.into_iter().chain(within).map(|(minor,)| minor);
        Ok(months.fold(0, i64::saturating_add))
    }
}
