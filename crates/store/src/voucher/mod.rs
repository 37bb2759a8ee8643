//! Vouchers: one row is one voucher with its one redemption. Batches are in [`batch`], wrong codes
//! in [`miss`].

mod batch;
mod miss;

use jiff::Timestamp;
use portico_billing::voucher::{Terms, TermsInput, VoucherCredit, VoucherState, VoucherStatus};
use portico_billing::{Currency, CustomerId, Money, PaymentId, VoucherBatchId, VoucherId};
use uuid::Uuid;

use crate::{Read, StoreError, Write, column};

pub use batch::{StateCount, VoucherBatch};
pub use miss::VoucherMiss;

/// The columns of [`Row`].
macro_rules! vouchers {
    () => {
        "SELECT v.id, v.batch_id, v.number, v.serial, v.status, v.ends_at, v.customer_id, \
         v.redeemed_at, v.payment_id, v.credited_at, v.credited_minor, v.voided_at, b.wait_days, \
         b.currency, b.minimum_minor, b.multiplier, b.addition_minor, b.ceiling_minor, \
         c.name AS customer_name FROM voucher v JOIN voucher_batch b \
         ON b.organisation_id = v.organisation_id AND b.id = v.batch_id \
         LEFT JOIN customer c ON c.organisation_id = v.organisation_id AND c.id = v.customer_id \
         WHERE v.organisation_id = $1 AND "
    };
}

statements! {
    FIND = concat!(vouchers!(), "v.id = $2");
    FIND_BY_SERIAL = concat!(vouchers!(), "v.serial = $2");
    LIST = concat!(
        vouchers!(),
        "(v.batch_id, v.number) > ($2, $3) AND v.batch_id <= $4 AND ($5 = \
         CASE WHEN v.status IN ('live', 'waiting') AND v.ends_at <= $6 THEN 'expired' \
         ELSE v.status END OR $5 IS NULL) ORDER BY v.batch_id, v.number LIMIT $7"
    );
    OF_CUSTOMER = concat!(
        vouchers!(),
        "v.customer_id = $2 ORDER BY v.redeemed_at DESC, v.id DESC LIMIT $3"
    );
    WAITING = concat!(
        vouchers!(),
        "v.customer_id = $2 AND v.currency = $3 AND v.status = 'waiting' \
         AND (v.ends_at IS NULL OR v.ends_at > $4) ORDER BY v.redeemed_at, v.id LIMIT 1000"
    );
    IS_OWN = "SELECT EXISTS (SELECT 1 FROM voucher \
        WHERE organisation_id = $1 AND code_hash = $2 AND customer_id = $3)";
    /// The condition decides a race: one of all who try at once meets the row. Whatever else is the
    /// matter with the code, it costs the same.
    REDEEM = "UPDATE voucher SET status = 'waiting', ends_at = NULL, customer_id = $4, \
        redeemed_at = $5 WHERE organisation_id = $1 AND code_hash = $2 AND currency = $3 \
        AND status = 'live' AND (ends_at IS NULL OR ends_at > $5) RETURNING id";
    END_WAIT = "UPDATE voucher SET ends_at = $3 \
        WHERE organisation_id = $1 AND id = $2 AND status = 'waiting'";
    /// The condition decides between payments that come at once, and whoever voids it.
    CREDIT = "UPDATE voucher SET status = 'redeemed', ends_at = NULL, payment_id = $3, \
        credited_at = $4, credited_minor = $5 WHERE organisation_id = $1 AND id = $2 \
        AND status = 'waiting' AND (ends_at IS NULL OR ends_at > $4)";
    VOID = "UPDATE voucher SET status = 'void', voided_at = $3 \
        WHERE organisation_id = $1 AND id = $2 AND status IN ('live', 'waiting')";
}

/// The SQL texts of the whole folder.
pub(crate) fn all_statements() -> Vec<(&'static str, &'static str)> {
    [STATEMENTS, batch::STATEMENTS, miss::STATEMENTS].concat()
}

/// What a voucher gives, in columns.
#[derive(sqlx::FromRow)]
struct TermsRow {
    currency: String,
    minimum_minor: i64,
    multiplier: Option<String>,
    addition_minor: i64,
    ceiling_minor: Option<i64>,
}

impl TryFrom<TermsRow> for Terms {
    type Error = StoreError;

    fn try_from(row: TermsRow) -> Result<Self, StoreError> {
        let multiplier = row.multiplier.as_deref();
        let input = TermsInput {
            currency: column::parse("voucher_batch.currency", &row.currency)?,
            minimum_minor: row.minimum_minor,
            multiplier: multiplier
                .map(|text| column::decimal("voucher_batch.multiplier", text))
                .transpose()?,
            addition_minor: row.addition_minor,
            ceiling_minor: row.ceiling_minor,
        };
        Self::try_from(input).map_err(|fault| column::corrupt("voucher_batch", fault))
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    batch_id: Uuid,
    number: i64,
    serial: String,
    status: String,
    ends_at: Option<i64>,
    customer_id: Option<Uuid>,
    customer_name: Option<String>,
    redeemed_at: Option<i64>,
    payment_id: Option<Uuid>,
    credited_at: Option<i64>,
    credited_minor: Option<i64>,
    voided_at: Option<i64>,
    wait_days: Option<i64>,
    #[sqlx(flatten)]
    terms: TermsRow,
}

/// A voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// Identifier.
    pub id: VoucherId,
    /// What it was made with.
    pub batch_id: VoucherBatchId,
    /// Its number in the batch, from 1.
    pub number: u32,
    /// What everybody may call it by.
    pub serial: String,
    /// What it gives, and for what.
    pub terms: Terms,
    /// How many days it waits for its payment.
    pub wait_days: Option<u16>,
    /// What was done with it.
    pub status: VoucherStatus,
    /// When it can be redeemed no more or, where it waits, when it waits no more.
    pub ends_at: Option<Timestamp>,
    /// Who redeemed it.
    pub customer_id: Option<CustomerId>,
    /// The name of that customer.
    pub customer_name: Option<String>,
    /// When.
    pub redeemed_at: Option<Timestamp>,
    /// The payment that brought its credit, where it needed one.
    pub payment_id: Option<PaymentId>,
    /// When it gave its credit.
    pub credited_at: Option<Timestamp>,
    /// How much that was.
    pub credited: Option<Money>,
    /// When it was taken out of use.
    pub voided_at: Option<Timestamp>,
}

impl Voucher {
    /// How it stands at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> VoucherState {
        self.status.at(self.ends_at, now)
    }

    /// Until when it waits for a payment, or did.
    #[must_use]
    pub fn waits_until(&self) -> Option<Timestamp> {
        self.ends_at.filter(|_| self.redeemed_at.is_some())
    }
}

impl TryFrom<Row> for Voucher {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let terms = Terms::try_from(row.terms)?;
        Ok(Self {
            id: row.id.into(),
            batch_id: row.batch_id.into(),
            number: column::number("voucher.number", row.number)?,
            serial: row.serial,
            terms,
            wait_days: batch::days(row.wait_days)?,
            status: column::from_word("voucher.status", &row.status)?,
            ends_at: column::time_opt("voucher.ends_at", row.ends_at)?,
            customer_id: row.customer_id.map(CustomerId::from),
            customer_name: row.customer_name,
            redeemed_at: column::time_opt("voucher.redeemed_at", row.redeemed_at)?,
            payment_id: row.payment_id.map(PaymentId::from),
            credited_at: column::time_opt("voucher.credited_at", row.credited_at)?,
            credited: row.credited_minor.map(|minor| Money::new(minor, terms.currency())),
            voided_at: column::time_opt("voucher.voided_at", row.voided_at)?,
        })
    }
}

/// Which vouchers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoucherFilter {
    /// Of this batch alone.
    pub batch: Option<VoucherBatchId>,
    /// Those alone that stand so.
    pub state: Option<VoucherState>,
    /// Behind the one with this number in this batch.
    pub after: Option<(VoucherBatchId, u32)>,
}

impl VoucherFilter {
    /// Between which batches to look, and behind which number of the first.
    fn range(&self) -> (Uuid, i64, Uuid) {
        let (nil, max) = (Uuid::nil().into(), Uuid::max().into());
        let (first, last) = self.batch.map_or((nil, max), |batch| (batch, batch));
        let (batch, number) = self.after.filter(|after| after.0 >= first).unwrap_or((first, 0));
        (batch.uuid(), i64::from(number), last.uuid())
    }
}

fn vouchers(rows: Vec<Row>) -> Result<Vec<Voucher>, StoreError> {
    rows.into_iter().map(Voucher::try_from).collect()
}

impl Read {
    /// The voucher with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn voucher(&mut self, id: VoucherId) -> Result<Option<Voucher>, StoreError> {
        let tenant = self.tenant();
        fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?.map(Voucher::try_from).transpose()
    }

    /// The voucher with this serial.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn voucher_by_serial(&mut self, serial: &str) -> Result<Option<Voucher>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_SERIAL, tenant, serial)?;
        row.map(Voucher::try_from).transpose()
    }

    /// Vouchers as they stand at `now`, in the order of batches and numbers.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn vouchers(
        &mut self,
        filter: VoucherFilter,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<Voucher>, StoreError> {
        let (tenant, (first, number, last)) = (self.tenant(), filter.range());
        let (state, now) = (filter.state.map(VoucherState::word), column::micros(now));
        let limit = i64::from(limit);
        let rows =
            fetch_all!(self.conn, Row, LIST, tenant, first, number, last, state, now, limit)?;
        vouchers(rows)
    }

    /// The vouchers that a customer redeemed, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn vouchers_of_customer(
        &mut self,
        customer: CustomerId,
        limit: u16,
    ) -> Result<Vec<Voucher>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        vouchers(fetch_all!(self.conn, Row, OF_CUSTOMER, tenant, customer.uuid(), limit)?)
    }

    /// Those of a customer that wait for a payment in `currency` at `now`, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn waiting_vouchers(
        &mut self,
        (customer, currency): (CustomerId, Currency),
        now: Timestamp,
    ) -> Result<Vec<Voucher>, StoreError> {
        let (tenant, customer, code) = (self.tenant(), customer.uuid(), currency.code());
        let now = column::micros(now);
        vouchers(fetch_all!(self.conn, Row, WAITING, tenant, customer, code, now)?)
    }

    /// Whether the voucher with this code was redeemed by the customer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_own_voucher(
        &mut self,
        code_hash: &[u8],
        customer: CustomerId,
    ) -> Result<bool, StoreError> {
        let (tenant, customer) = (self.tenant(), customer.uuid());
        let row = fetch_optional!(self.conn, (bool,), IS_OWN, tenant, code_hash, customer)?;
        Ok(row.is_some_and(|(is_own,)| is_own))
    }
}

impl Write {
    /// Gives the voucher with this code to a customer, for whom it waits from then on; nothing
    /// where there is none that it can redeem. Of all who try at once, one gets it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn redeem_voucher(
        &mut self,
        code_hash: &[u8],
        (customer, currency): (CustomerId, Currency),
        now: Timestamp,
    ) -> Result<Option<Voucher>, StoreError> {
        let (tenant, customer, code) = (self.tenant(), customer.uuid(), currency.code());
        let now = column::micros(now);
        let row =
            fetch_optional!(self.conn, (Uuid,), REDEEM, tenant, code_hash, code, customer, now)?;
        match row {
            Some((id,)) => self.voucher(id.into()).await,
            None => Ok(None),
        }
    }

    /// Says until when a voucher waits.
    ///
    /// # Errors
    /// Where it does not wait, or the database fails.
    pub async fn end_voucher_wait(
        &mut self,
        id: VoucherId,
        until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let (tenant, until) = (self.tenant(), until.map(column::micros));
        let met = execute!(self.conn, END_WAIT, tenant, id.uuid(), until)?;
        StoreError::expect_one("update of a waiting voucher", met)
    }

    /// Writes down what a waiting voucher gave. The answer is whether it still waited.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_voucher(
        &mut self,
        credit: &VoucherCredit,
        payment: Option<PaymentId>,
    ) -> Result<bool, StoreError> {
        let (tenant, payment) = (self.tenant(), payment.map(PaymentId::uuid));
        let (at, minor) = (column::micros(credit.at), credit.amount.minor());
        let id = credit.id.uuid();
        Ok(execute!(self.conn, CREDIT, tenant, id, payment, at, minor)? == 1)
    }

    /// Takes a voucher out of use. The answer is whether it had given nothing yet.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn void_voucher(
        &mut self,
        id: VoucherId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, VOID, tenant, id.uuid(), column::micros(now))? == 1)
    }
}
