//! Batches of vouchers.

use jiff::Timestamp;
use portico_billing::voucher::{Series, Terms, VoucherState, VoucherStatus};
use portico_billing::{VoucherBatchId, VoucherId};
use uuid::Uuid;

use super::TermsRow;
use crate::{Position, Read, StoreError, Write, column};

/// Rows of one bulk statement.
const CHUNK: usize = 1_000;

macro_rules! batches {
    () => {
        "SELECT id, series, size, currency, minimum_minor, multiplier, addition_minor, \
         ceiling_minor, expires_at, wait_days, note, created_at, exported_at, voided_at \
         FROM voucher_batch WHERE organisation_id = $1 AND "
    };
}

statements! {
    INSERT = "INSERT INTO voucher_batch (organisation_id, id, series, size, currency, \
        minimum_minor, multiplier, addition_minor, ceiling_minor, expires_at, wait_days, note, \
        sealed_codes, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
        $14)";
    FIND = concat!(batches!(), "id = $2");
    LIST = concat!(batches!(), "id < $2 ORDER BY id DESC LIMIT $3");
    COUNTS = "SELECT batch_id, status, is_over, COUNT(*), \
        CAST(COALESCE(SUM(credited_minor), 0) AS BIGINT) \
        FROM (SELECT batch_id, status, credited_minor, ends_at <= $2 AS is_over FROM voucher \
        WHERE organisation_id = $1 AND batch_id IN ($3/*+list*/)) AS counted \
        GROUP BY batch_id, status, is_over";
    CODES = "SELECT sealed_codes FROM voucher_batch WHERE organisation_id = $1 AND id = $2";
    /// The condition decides a race: one of all who try at once meets the row.
    ERASE_CODES = "UPDATE voucher_batch SET sealed_codes = NULL, exported_at = $3 \
        WHERE organisation_id = $1 AND id = $2 AND exported_at IS NULL";
    VOID = "UPDATE voucher_batch SET voided_at = $3, sealed_codes = NULL \
        WHERE organisation_id = $1 AND id = $2 AND voided_at IS NULL";
    VOID_VOUCHERS = "UPDATE voucher SET status = 'void', voided_at = $3 \
        WHERE organisation_id = $1 AND batch_id = $2 AND status IN ('live', 'waiting')";
}

/// Vouchers that were made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherBatch {
    /// Identifier.
    pub id: VoucherBatchId,
    /// What their serials begin with.
    pub series: Series,
    /// How many they are.
    pub size: u32,
    /// What each gives, and for what.
    pub terms: Terms,
    /// When they can be redeemed no more.
    pub expires_at: Option<Timestamp>,
    /// How many days one waits for its payment.
    pub wait_days: Option<u16>,
    /// A note of the staff.
    pub note: String,
    /// When they were made.
    pub created_at: Timestamp,
    /// When the codes were exported.
    pub exported_at: Option<Timestamp>,
    /// When they were taken out of use.
    pub voided_at: Option<Timestamp>,
}

/// How many vouchers of a batch stand so, and what they gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateCount {
    /// The batch.
    pub batch: VoucherBatchId,
    /// How they stand.
    pub state: VoucherState,
    /// How many.
    pub count: u32,
    /// What they gave, minor units.
    pub credited_minor: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    series: String,
    size: i64,
    expires_at: Option<i64>,
    wait_days: Option<i64>,
    note: String,
    created_at: i64,
    exported_at: Option<i64>,
    voided_at: Option<i64>,
    #[sqlx(flatten)]
    terms: TermsRow,
}

impl TryFrom<Row> for VoucherBatch {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            series: column::parse("voucher_batch.series", &row.series)?,
            size: column::number("voucher_batch.size", row.size)?,
            terms: row.terms.try_into()?,
            expires_at: column::time_opt("voucher_batch.expires_at", row.expires_at)?,
            wait_days: days(row.wait_days)?,
            note: row.note,
            created_at: column::time("voucher_batch.created_at", row.created_at)?,
            exported_at: column::time_opt("voucher_batch.exported_at", row.exported_at)?,
            voided_at: column::time_opt("voucher_batch.voided_at", row.voided_at)?,
        })
    }
}

/// Stored days of waiting.
pub(super) fn days(stored: Option<i64>) -> Result<Option<u16>, StoreError> {
    stored.map(|days| column::number("voucher_batch.wait_days", days)).transpose()
}

impl Read {
    /// The batch with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn voucher_batch(
        &mut self,
        id: VoucherBatchId,
    ) -> Result<Option<VoucherBatch>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(VoucherBatch::try_from).transpose()
    }

    /// Batches that are older than `after`, newest first: identifiers begin with the time.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn voucher_batches(
        &mut self,
        after: Position,
        limit: u16,
    ) -> Result<Vec<VoucherBatch>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let rows = fetch_all!(self.conn, Row, LIST, tenant, after.id(), limit)?;
        rows.into_iter().map(VoucherBatch::try_from).collect()
    }

    /// How the vouchers of batches stand at `now`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_vouchers(
        &mut self,
        batches: &[VoucherBatchId],
        now: Timestamp,
    ) -> Result<Vec<StateCount>, StoreError> {
        type Group = (Uuid, String, Option<bool>, i64, i64);
        let (tenant, micros) = (self.tenant(), column::micros(now));
        let mut counts = Vec::new();
        for chunk in batches.chunks(CHUNK) {
            let ids = chunk.iter().map(|id| id.uuid());
            let rows = fetch_listed!(self.conn, Group, COUNTS, [tenant, micros], ids)?;
            for (batch, status, is_over, count, credited_minor) in rows {
                let status: VoucherStatus = column::from_word("voucher.status", &status)?;
                counts.push(StateCount {
                    batch: batch.into(),
                    state: status.at(Some(now).filter(|_| is_over == Some(true)), now),
                    count: column::number("voucher", count)?,
                    credited_minor,
                });
            }
        }
        Ok(counts)
    }
}

impl Write {
    /// Adds a batch with its codes, sealed, and a voucher for each of `vouchers`: identifier,
    /// serial, hash of the code, in the order of their numbers.
    ///
    /// # Errors
    /// `Duplicate` where the series is in use, or where the database fails.
    pub async fn insert_voucher_batch(
        &mut self,
        it: &VoucherBatch,
        sealed_codes: &[u8],
        vouchers: &[(VoucherId, String, [u8; 32])],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.series.to_string(),
            i64::from(it.size),
            it.terms.currency().code(),
            it.terms.minimum().minor(),
            it.terms.multiplier().map(|factor| factor.to_string()),
            it.terms.addition().minor(),
            it.terms.ceiling().map(|ceiling| ceiling.minor()),
            it.expires_at.map(column::micros),
            it.wait_days.map(i64::from),
            &it.note,
            sealed_codes,
            column::micros(it.created_at),
        )?;
        let numbered: Vec<_> = (1_i64..).zip(vouchers).collect();
        for chunk in numbered.chunks(CHUNK) {
            insert_rows!(
                self.conn,
                "INSERT INTO voucher (organisation_id, id, batch_id, number, serial, code_hash, \
                 currency, status, ends_at) ",
                chunk,
                |tuple, (number, (id, serial, code_hash))| {
                    tuple
                        .push_bind(tenant)
                        .push_bind(id.uuid())
                        .push_bind(it.id.uuid())
                        .push_bind(*number)
                        .push_bind(serial.as_str())
                        .push_bind(code_hash.as_slice())
                        .push_bind(it.terms.currency().code())
                        .push_bind("live")
                        .push_bind(it.expires_at.map(column::micros));
                }
            )?;
        }
        Ok(())
    }

    /// Takes the sealed codes out of a batch: there are none in it any more. Nothing where they
    /// were taken before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_voucher_codes(
        &mut self,
        id: VoucherBatchId,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let (tenant, id) = (self.tenant(), id.uuid());
        let found = fetch_optional!(self.conn, (Option<Vec<u8>>,), CODES, tenant, id)?;
        let Some(codes) = found.and_then(|(codes,)| codes) else { return Ok(None) };
        let met = execute!(self.conn, ERASE_CODES, tenant, id, column::micros(now))?;
        Ok(Some(codes).filter(|_| met == 1))
    }

    /// Takes a batch out of use, with all its vouchers that gave nothing yet and its codes. The
    /// answer is how many vouchers that were; nothing where it was out of use before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn void_voucher_batch(
        &mut self,
        id: VoucherBatchId,
        now: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        let (tenant, id, now) = (self.tenant(), id.uuid(), column::micros(now));
        if execute!(self.conn, VOID, tenant, id, now)? == 0 {
            return Ok(None);
        }
        Ok(Some(execute!(self.conn, VOID_VOUCHERS, tenant, id, now)?))
    }
}
