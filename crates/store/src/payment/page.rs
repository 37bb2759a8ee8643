//! Lists of payments: a customer's, sorted and filtered; the organisation's, newest first.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::CustomerId;
use portico_billing::page::{Direction, Page};
use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use uuid::Uuid;

use super::{Row, columns};
use crate::seek::Seek;
use crate::{Position, Read, StoreError, column, search};

/// Columns by which a customer's payments can be sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PaymentOrder {
    /// When the money moved.
    #[default]
    PaidAt,
    /// Amount, minor units.
    Amount,
}

/// Which of a customer's payments, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentListFilter {
    /// Part of reference, name of the method or public description, in any case.
    pub search: String,
    /// Payments or refunds only.
    pub kind: Option<PaymentKind>,
    /// State.
    pub status: Option<PaymentStatus>,
    /// Moved on this day (UTC) or later.
    pub from: Option<Date>,
    /// Moved on this day (UTC) or earlier.
    pub until: Option<Date>,
    /// Column.
    pub order: PaymentOrder,
    /// Direction.
    pub direction: Direction,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// Which of the organisation's payments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// One customer's alone.
    pub customer: Option<CustomerId>,
    /// Payments or refunds only.
    pub kind: Option<PaymentKind>,
    /// State.
    pub status: Option<PaymentStatus>,
}

/// A plus sign keeps an engine from choosing the index of another column than that of the order.
macro_rules! of_customer {
    ($key:literal, $range:literal, $beyond:literal, $direction:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM payment WHERE organisation_id = $1 AND customer_id = $2 \
            AND ",
            $range,
            " >= $3 AND ",
            $range,
            " < $4 \
            AND (kind = $5 OR $5 IS NULL) AND (status = $6 OR $6 IS NULL) \
            AND search_text LIKE $7 ESCAPE '\\' AND (",
            $key,
            ", id) ",
            $beyond,
            " ($8, $9) \
            ORDER BY ",
            $key,
            " ",
            $direction,
            ", id ",
            $direction,
            " LIMIT $10"
        )
    };
}

macro_rules! newest_first {
    ($customer:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM payment WHERE organisation_id = $1 \
            AND (created_at, id) < ($2, $3) AND (kind = $4 OR $4 IS NULL) \
            AND (status = $5 OR $5 IS NULL)",
            $customer,
            " ORDER BY created_at DESC, id DESC LIMIT $6"
        )
    };
}

statements! {
    BY_TIME_UP = of_customer!("paid_at", "paid_at", ">", "ASC");
    BY_TIME_DOWN = of_customer!("paid_at", "paid_at", "<", "DESC");
    BY_AMOUNT_UP = of_customer!("amount_minor", "+paid_at", ">", "ASC");
    BY_AMOUNT_DOWN = of_customer!("amount_minor", "+paid_at", "<", "DESC");
    ALL = newest_first!("");
    ALL_OF_CUSTOMER = newest_first!(" AND customer_id = $7");
}

impl PaymentListFilter {
    fn key(&self, it: &Payment) -> (i64, Uuid) {
        let key = match self.order {
            PaymentOrder::PaidAt => column::micros(it.paid_at),
            PaymentOrder::Amount => it.amount_minor,
        };
        (key, it.id.uuid())
    }

    /// From the first moment of the first day up to, but without, the first after the last day.
    fn range(&self) -> (i64, i64) {
        let start =
            |day: Date| day.to_zoned(TimeZone::UTC).map(|it| column::micros(it.timestamp()));
        let from = self.from.and_then(|day| start(day).ok());
        let until = self.until.and_then(|day| start(day.tomorrow().ok()?).ok());
        (from.unwrap_or(i64::MIN), until.unwrap_or(i64::MAX))
    }

    /// The range, less what lies before the place where reading begins: an engine looks at one
    /// bound of each kind when it seeks in an index.
    fn range_from(&self, seek: &Seek) -> (i64, i64) {
        let (first, end) = self.range();
        match (self.order, seek.reading) {
            (PaymentOrder::PaidAt, Direction::Asc) => (first.max(seek.key), end),
            (PaymentOrder::PaidAt, Direction::Desc) => (first, end.min(seek.key.saturating_add(1))),
            (PaymentOrder::Amount, _) => (first, end),
        }
    }
}

impl Read {
    /// A page of at most `size` of a customer's payments and refunds.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payments_of_customer(
        &mut self,
        customer: CustomerId,
        filter: &PaymentListFilter,
        size: u16,
    ) -> Result<Page<Payment>, StoreError> {
        let tenant = self.tenant();
        let seek = Seek::new(filter.cursor.as_deref(), filter.direction, size);
        let sql = match (filter.order, seek.reading) {
            (PaymentOrder::PaidAt, Direction::Asc) => BY_TIME_UP,
            (PaymentOrder::PaidAt, Direction::Desc) => BY_TIME_DOWN,
            (PaymentOrder::Amount, Direction::Asc) => BY_AMOUNT_UP,
            (PaymentOrder::Amount, Direction::Desc) => BY_AMOUNT_DOWN,
        };
        let (first, end) = filter.range_from(&seek);
        let rows = fetch_all!(
            self.conn,
            Row,
            sql,
            tenant,
            customer.uuid(),
            first,
            end,
            filter.kind.as_ref().map(column::word),
            filter.status.map(PaymentStatus::as_str),
            search::pattern(&filter.search),
            seek.key,
            seek.id,
            seek.limit(),
        )?;
        seek.page(rows, |it| filter.key(it))
    }

    /// The organisation's payments and refunds behind `after`, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payments(
        &mut self,
        filter: &PaymentFilter,
        after: Position,
        limit: u16,
    ) -> Result<Vec<Payment>, StoreError> {
        let (tenant, micros, id) = (self.tenant(), after.micros(), after.id());
        let kind = filter.kind.as_ref().map(column::word);
        let status = filter.status.map(PaymentStatus::as_str);
        let limit = i64::from(limit);
        let rows = match filter.customer.map(CustomerId::uuid) {
            None => fetch_all!(self.conn, Row, ALL, tenant, micros, id, &kind, status, limit),
            Some(customer) => fetch_all!(
                self.conn,
                Row,
                ALL_OF_CUSTOMER,
                tenant,
                micros,
                id,
                &kind,
                status,
                limit,
                customer,
            ),
        }?;
        rows.into_iter().map(Payment::try_from).collect()
    }
}
