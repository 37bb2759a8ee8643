//! What was taken from payments by gateways, each movement once by the provider's identifier.

use jiff::Timestamp;
use portico_billing::reversal::TakenBy;
use portico_billing::{CustomerId, Money, PaymentId};
use uuid::Uuid;

use crate::{Position, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "provider, taken_by, movement, payment_id, refund_id, currency, amount_minor, taken_at, \
         back_movement, back_at, flagged_at"
    };
}

statements! {
    FIND = concat!("SELECT ", columns!(), " FROM payment_reversal \
        WHERE organisation_id = $1 AND provider = $2 AND taken_by = $3 AND movement = $4");
    OF_PAYMENT = concat!("SELECT ", columns!(), " FROM payment_reversal \
        WHERE organisation_id = $1 AND payment_id = $2 ORDER BY taken_at, movement LIMIT 1000");
    DISPUTED = "SELECT refund_id FROM payment_reversal \
        WHERE organisation_id = $1 AND taken_by = 'dispute' AND refund_id IN ($2/*+list*/)";
    FLAGGED = "SELECT r.taken_by, r.payment_id, r.refund_id, r.currency, r.amount_minor, \
        r.taken_at, r.back_at, r.flagged_at, p.customer_id, c.name AS customer_name \
        FROM payment_reversal AS r \
        JOIN payment AS p ON p.organisation_id = r.organisation_id AND p.id = r.payment_id \
        JOIN customer AS c ON c.organisation_id = p.organisation_id AND c.id = p.customer_id \
        WHERE r.organisation_id = $1 AND r.flagged_at IS NOT NULL \
        AND (r.flagged_at, r.refund_id) < ($2, $3) \
        ORDER BY r.flagged_at DESC, r.refund_id DESC LIMIT $4";
    INSERT = "INSERT INTO payment_reversal (organisation_id, provider, taken_by, movement, \
        payment_id, refund_id, currency, amount_minor, taken_at, flagged_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    COME_BACK = "UPDATE payment_reversal SET back_movement = $5, back_at = $6, flagged_at = $7 \
        WHERE organisation_id = $1 AND provider = $2 AND taken_by = $3 AND movement = $4 \
        AND back_movement IS NULL";
    SEEN = "UPDATE payment_reversal SET flagged_at = NULL \
        WHERE organisation_id = $1 AND payment_id = $2 AND flagged_at IS NOT NULL";
}

/// Rows of one statement.
const CHUNK: usize = 1_000;

/// Money that left a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentReversal {
    /// The provider's stored word.
    pub provider: String,
    /// Why.
    pub taken_by: TakenBy,
    /// The provider's identifier.
    pub movement: String,
    /// The payment.
    pub payment_id: PaymentId,
    /// The refund that stands for it.
    pub refund_id: PaymentId,
    /// What left.
    pub amount: Money,
    /// When it left.
    pub taken_at: Timestamp,
    /// The provider's identifier of what came back, and when that was.
    pub back: Option<(String, Timestamp)>,
    /// Since when the staff is asked to look.
    pub flagged_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    provider: String,
    taken_by: String,
    movement: String,
    payment_id: Uuid,
    refund_id: Uuid,
    currency: String,
    amount_minor: i64,
    taken_at: i64,
    back_movement: Option<String>,
    back_at: Option<i64>,
    flagged_at: Option<i64>,
}

impl TryFrom<Row> for PaymentReversal {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let currency = column::parse("payment_reversal.currency", &row.currency)?;
        let back_at = column::time_opt("payment_reversal.back_at", row.back_at)?;
        Ok(Self {
            provider: row.provider,
            taken_by: column::from_word("payment_reversal.taken_by", &row.taken_by)?,
            movement: row.movement,
            payment_id: row.payment_id.into(),
            refund_id: row.refund_id.into(),
            amount: Money::new(row.amount_minor, currency),
            taken_at: column::time("payment_reversal.taken_at", row.taken_at)?,
            back: row.back_movement.zip(back_at),
            flagged_at: column::time_opt("payment_reversal.flagged_at", row.flagged_at)?,
        })
    }
}

/// Money that left a payment, and that the staff is asked to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlaggedReversal {
    /// Why it left.
    pub taken_by: TakenBy,
    /// The payment.
    pub payment_id: PaymentId,
    /// The refund that stands for it.
    pub refund_id: PaymentId,
    /// Whose payment it is.
    pub customer_id: CustomerId,
    /// What the customer is called.
    pub customer_name: String,
    /// What left.
    pub amount: Money,
    /// When it left.
    pub taken_at: Timestamp,
    /// When it came back.
    pub back_at: Option<Timestamp>,
    /// Since when the staff is asked.
    pub flagged_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct FlaggedRow {
    taken_by: String,
    payment_id: Uuid,
    refund_id: Uuid,
    currency: String,
    amount_minor: i64,
    taken_at: i64,
    back_at: Option<i64>,
    flagged_at: i64,
    customer_id: Uuid,
    customer_name: String,
}

impl TryFrom<FlaggedRow> for FlaggedReversal {
    type Error = StoreError;

    fn try_from(row: FlaggedRow) -> Result<Self, StoreError> {
        let currency = column::parse("payment_reversal.currency", &row.currency)?;
        Ok(Self {
            taken_by: column::from_word("payment_reversal.taken_by", &row.taken_by)?,
            payment_id: row.payment_id.into(),
            refund_id: row.refund_id.into(),
            customer_id: row.customer_id.into(),
            customer_name: row.customer_name,
            amount: Money::new(row.amount_minor, currency),
            taken_at: column::time("payment_reversal.taken_at", row.taken_at)?,
            back_at: column::time_opt("payment_reversal.back_at", row.back_at)?,
            flagged_at: column::time("payment_reversal.flagged_at", row.flagged_at)?,
        })
    }
}

impl Read {
    /// The movement with a provider's identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_reversal(
        &mut self,
        provider: &str,
        (taken_by, movement): (TakenBy, &str),
    ) -> Result<Option<PaymentReversal>, StoreError> {
        let (tenant, word) = (self.tenant(), taken_by.as_str());
        let row = fetch_optional!(self.conn, Row, FIND, tenant, provider, word, movement)?;
        row.map(PaymentReversal::try_from).transpose()
    }

    /// What was taken from a payment, oldest first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_reversals(
        &mut self,
        payment: PaymentId,
    ) -> Result<Vec<PaymentReversal>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, OF_PAYMENT, tenant, payment.uuid())?;
        rows.into_iter().map(PaymentReversal::try_from).collect()
    }

    /// Which of these refunds were taken by banks.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn disputed(&mut self, refunds: &[PaymentId]) -> Result<Vec<PaymentId>, StoreError> {
        let tenant = self.tenant();
        let mut found = Vec::new();
        for chunk in refunds.chunks(CHUNK) {
            let ids = chunk.iter().map(|id| id.uuid());
            let rows = fetch_listed!(self.conn, (Uuid,), DISPUTED, [tenant], ids)?;
            found.extend(rows.into_iter().map(|(id,)| PaymentId::from(id)));
        }
        Ok(found)
    }

    /// What the staff is asked to look at, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn flagged_reversals(
        &mut self,
        after: Position,
        limit: u16,
    ) -> Result<Vec<FlaggedReversal>, StoreError> {
        let (tenant, micros, id) = (self.tenant(), after.micros(), after.id());
        let limit = i64::from(limit);
        let rows = fetch_all!(self.conn, FlaggedRow, FLAGGED, tenant, micros, id, limit)?;
        rows.into_iter().map(FlaggedReversal::try_from).collect()
    }
}

impl Write {
    /// Adds what left a payment.
    ///
    /// # Errors
    /// `Duplicate` where the movement is booked already, or where the database fails.
    pub async fn insert_payment_reversal(
        &mut self,
        it: &PaymentReversal,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            &it.provider,
            it.taken_by.as_str(),
            &it.movement,
            it.payment_id.uuid(),
            it.refund_id.uuid(),
            it.amount.currency().code(),
            it.amount.minor(),
            column::micros(it.taken_at),
            it.flagged_at.map(column::micros),
        )
        .map(drop)
    }

    /// Notes that it came back: `back` and `flagged_at` of the movement.
    ///
    /// # Errors
    /// `Affected` where it came back before, or where the database fails.
    pub async fn reversal_came_back(&mut self, it: &PaymentReversal) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(
            self.conn,
            COME_BACK,
            tenant,
            &it.provider,
            it.taken_by.as_str(),
            &it.movement,
            it.back.as_ref().map(|(movement, _)| movement),
            it.back.as_ref().map(|(_, at)| column::micros(*at)),
            it.flagged_at.map(column::micros),
        )?;
        StoreError::expect_one("movement that came back", met)
    }

    /// Notes that somebody has looked at what was taken from a payment. The answer is whether
    /// somebody was asked to.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn reversals_seen(&mut self, payment: PaymentId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, SEEN, tenant, payment.uuid())? > 0)
    }
}
