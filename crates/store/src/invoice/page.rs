//! Lists of a customer's invoices, sorted and filtered.

use jiff::civil::Date;
use portico_billing::CustomerId;
use portico_billing::invoice::{InvoiceSummary, ShownStatus};
use portico_billing::page::{Direction, Page, PageSize};
use uuid::Uuid;

use super::summary::{SummaryRow, summary_columns};
use super::{due_by, period_order};
use crate::paging::{self, Cursor, Key};
use crate::{Read, StoreError, column, search};

/// Columns by which a customer's invoices can be sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InvoiceOrder {
    /// When the record was made.
    #[default]
    Created,
    /// Number, as text.
    Number,
    /// Total, minor units.
    Total,
    /// Last day to pay.
    DueDate,
    /// Amount due on the day of the filter, minor units.
    AmountDue,
    /// First day of the billing period; invoices without one count as of 1970.
    Period,
}

/// Which of a customer's invoices, in which order. Drafts are never among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceListFilter {
    /// Part of the number, in any case.
    pub search: String,
    /// State as shown.
    pub status: Option<ShownStatus>,
    /// The day it is: what is overdue, and what is due of instalments, depends on it.
    pub today: Date,
    /// Issued on this day or later.
    pub from: Option<Date>,
    /// Issued on this day or earlier.
    pub until: Option<Date>,
    /// Total of at least so many minor units.
    pub min_minor: Option<i64>,
    /// Total of at most so many minor units.
    pub max_minor: Option<i64>,
    /// Column.
    pub order: InvoiceOrder,
    /// Direction.
    pub direction: Direction,
    /// Where the page begins; one that does not fit the order is left out of account.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

/// The SQL texts of one column and direction. Those without filters are apart, so that the engine
/// plans them by what it knows of the table.
struct Texts {
    first: &'static str,
    after: &'static str,
    filtered_first: &'static str,
    filtered_after: &'static str,
}

/// `$4` to `$8` are states, the rest are bounds. A plus sign keeps an engine from choosing another
/// index than that of the order.
macro_rules! filters {
    () => {
        " AND status IN ($4, $5, $6, $7, $8) AND +due_on >= $9 AND +due_on <= $10 \
        AND +issued_on >= $11 AND +issued_on <= $12 \
        AND +total_minor >= $13 AND +total_minor <= $14 AND LOWER(number) LIKE $15 ESCAPE '\\'"
    };
}

macro_rules! list {
    ($column:literal, $order:literal, $condition:expr) => {
        concat!(
            "SELECT ",
            summary_columns!(),
            " FROM invoice WHERE organisation_id = $1 AND customer_id = $2",
            $condition,
            " ORDER BY ",
            $column,
            " ",
            $order,
            ", id ",
            $order,
            " LIMIT $3"
        )
    };
}

macro_rules! texts {
    ($column:literal, $only:literal, $order:literal, $beyond:literal) => {
        Texts {
            first: list!($column, $order, concat!(" AND status <> 'draft'", $only)),
            after: list!(
                $column,
                $order,
                concat!(
                    " AND status <> 'draft'",
                    $only,
                    " AND (",
                    $column,
                    ", id) ",
                    $beyond,
                    " ($4, $5)"
                )
            ),
            filtered_first: list!($column, $order, concat!(filters!(), $only)),
            filtered_after: list!(
                $column,
                $order,
                concat!(filters!(), $only, " AND (", $column, ", id) ", $beyond, " ($16, $17)")
            ),
        }
    };
}

macro_rules! orders {
    ($($order:ident = $column:literal $only:literal;)*) => {
        const fn texts(order: InvoiceOrder, direction: Direction) -> Texts {
            match (order, direction) {
                $((InvoiceOrder::$order, Direction::Asc) => texts!($column, $only, "ASC", ">"),
                (InvoiceOrder::$order, Direction::Desc) => texts!($column, $only, "DESC", "<"),)*
            }
        }

        const LISTS: &[(&str, Texts)] = &[$(
            (
                concat!("invoice::page::", stringify!($order), "Asc"),
                texts!($column, $only, "ASC", ">"),
            ),
            (
                concat!("invoice::page::", stringify!($order), "Desc"),
                texts!($column, $only, "DESC", "<"),
            ),
        )*];
    };
}

orders! {
    Created = "created_at" "";
    Number = "number" "";
    Total = "total_minor" "";
    DueDate = "due_on" "";
    // Where instalments put something off, less than what remains is due: these come by a way of
    // their own, whose cost grows with how many of them the customer has.
    AmountDue = "due_minor" " AND NOT (instalments > 0 AND due_minor > 0)";
    Period = "period_order" "";
}

macro_rules! put_off {
    ($order:literal, $day:literal, $beyond:literal) => {
        concat!(
            "SELECT ",
            summary_columns!(),
            " FROM (SELECT ",
            summary_columns!(),
            ", ",
            due_by!($day),
            " AS now_minor FROM invoice WHERE organisation_id = $1 AND customer_id = $2 \
            AND instalments > 0 AND due_minor > 0 AND status IN ('open', 'partially_paid')",
            filters!(),
            ") AS put_off",
            $beyond,
            " ORDER BY now_minor ",
            $order,
            ", id ",
            $order,
            " LIMIT $3"
        )
    };
}

statements! {
    /// Payable invoices of which instalments put some off, by what is due of them: answered by the
    /// index `invoice_in_instalments`, and sorted.
    PUT_OFF_ASC = put_off!("ASC", "$16", "");
    PUT_OFF_DESC = put_off!("DESC", "$16", "");
    PUT_OFF_ASC_AFTER = put_off!("ASC", "$18", " WHERE (now_minor, id) > ($16, $17)");
    PUT_OFF_DESC_AFTER = put_off!("DESC", "$18", " WHERE (now_minor, id) < ($16, $17)");
    /// Along the index `invoice_of_customer_by_amount_due`.
    MOST_REMAINING = concat!("SELECT ", summary_columns!(), " FROM invoice \
        WHERE organisation_id = $1 AND customer_id = $2 AND due_minor > 0 \
        AND status IN ('open', 'partially_paid') ORDER BY due_minor DESC, id DESC LIMIT $3");
}

/// The SQL texts of the customers' lists.
pub(super) fn list_statements() -> Vec<(&'static str, &'static str)> {
    LISTS
        .iter()
        .flat_map(|(name, it)| {
            [it.first, it.after, it.filtered_first, it.filtered_after].map(|sql| (*name, sql))
        })
        .collect()
}

/// The filters as they are bound.
struct Bounds {
    states: [&'static str; 5],
    due: (i64, i64),
    issued: (i64, i64),
    total: (i64, i64),
    pattern: String,
}

impl InvoiceListFilter {
    fn is_plain(&self) -> bool {
        let bounds = [self.min_minor, self.max_minor];
        self.search.trim().is_empty()
            && self.status.is_none()
            && self.from.is_none()
            && self.until.is_none()
            && bounds == [None; 2]
    }

    fn bounds(&self) -> Bounds {
        let (states, due) = match self.status {
            None => (["open", "partially_paid", "paid", "void", "uncollectible"], ALL_DAYS),
            Some(status) => shown(status, column::days(self.today)),
        };
        Bounds {
            states,
            due,
            issued: day_range(self.from, self.until),
            total: (self.min_minor.unwrap_or(i64::MIN), self.max_minor.unwrap_or(i64::MAX)),
            pattern: search::pattern(&self.search),
        }
    }

    /// Where the page begins, where the cursor is one of this order.
    fn from(&self) -> Option<Cursor> {
        let cursor = Cursor::decode(self.cursor.as_deref()?)?;
        let is_text = matches!(cursor.key, Key::Text(_));
        (is_text == (self.order == InvoiceOrder::Number)).then_some(cursor)
    }

    fn key(&self, it: &InvoiceSummary) -> (Key, Uuid) {
        let key = match self.order {
            InvoiceOrder::Created => Key::Number(column::micros(it.created_at)),
            InvoiceOrder::Number => Key::Text(it.number.clone().unwrap_or_default()),
            InvoiceOrder::Total => Key::Number(it.total.minor()),
            InvoiceOrder::DueDate => Key::Number(column::days(it.due_on)),
            InvoiceOrder::AmountDue => Key::Number(it.due(self.today).minor()),
            InvoiceOrder::Period => Key::Number(period_order(it.period)),
        };
        (key, it.id.uuid())
    }
}

const ALL_DAYS: (i64, i64) = (i64::MIN, i64::MAX);

/// Stored states and days of payment that are shown as `status` on the day `today`.
fn shown(status: ShownStatus, today: i64) -> ([&'static str; 5], (i64, i64)) {
    match status {
        // No customer sees drafts: a state that no invoice has.
        ShownStatus::Draft => ([""; 5], ALL_DAYS),
        ShownStatus::Open => (["open"; 5], (today, i64::MAX)),
        ShownStatus::PartiallyPaid => (["partially_paid"; 5], (today, i64::MAX)),
        ShownStatus::Overdue => {
            (["open", "open", "open", "open", "partially_paid"], (i64::MIN, today - 1))
        }
        ShownStatus::Paid => (["paid"; 5], ALL_DAYS),
        ShownStatus::Void => (["void"; 5], ALL_DAYS),
        ShownStatus::Uncollectible => (["uncollectible"; 5], ALL_DAYS),
    }
}

/// The days as they are bound.
pub(super) fn day_range(from: Option<Date>, until: Option<Date>) -> (i64, i64) {
    (from.map_or(i64::MIN, column::days), until.map_or(i64::MAX, column::days))
}

/// Binds what all lists begin with, then the filters, then the rest.
macro_rules! fetch_filtered {
    ($read:expr, $sql:expr, $it:expr, ($customer:expr, $limit:expr) $(, $more:expr)*) => {{
        let (tenant, it): (Uuid, &Bounds) = ($read.tenant(), $it);
        fetch_all!(
            $read.conn, SummaryRow, $sql, tenant, $customer, $limit,
            it.states[0], it.states[1], it.states[2], it.states[3], it.states[4],
            it.due.0, it.due.1, it.issued.0, it.issued.1, it.total.0, it.total.1,
            &it.pattern $(, $more)*
        )
    }};
}

impl Read {
    /// A page of a customer's invoices without drafts.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoices_of_customer(
        &mut self,
        customer: CustomerId,
        filter: &InvoiceListFilter,
    ) -> Result<Page<InvoiceSummary>, StoreError> {
        let from = filter.from();
        let direction = Cursor::reading_order(from.as_ref(), filter.direction);
        let texts = texts(filter.order, direction);
        let of = (customer.uuid(), i64::from(filter.size.get()) + 1);
        let rows = if filter.is_plain() {
            self.plain_rows(&texts, of, from.as_ref()).await?
        } else {
            self.filtered_rows(&texts, of, &filter.bounds(), from.as_ref()).await?
        };
        let mut rows = self.summaries(rows).await?;
        if filter.order == InvoiceOrder::AmountDue {
            let put_off = self.put_off_rows(of, filter, (direction, from.as_ref())).await?;
            rows.extend(self.summaries(put_off).await?);
            rows.sort_by_key(|it| (it.due(filter.today).minor(), it.id));
            if direction == Direction::Desc {
                rows.reverse();
            }
        }
        let size = usize::from(filter.size.get());
        Ok(paging::page(rows, size, from.as_ref(), |it| filter.key(it)))
    }

    /// The invoices of which instalments put some off, where the list goes by what is due.
    async fn put_off_rows(
        &mut self,
        of: (Uuid, i64),
        filter: &InvoiceListFilter,
        (direction, from): (Direction, Option<&Cursor>),
    ) -> Result<Vec<SummaryRow>, StoreError> {
        let (bounds, day) = (filter.bounds(), column::days(filter.today));
        let Some(Cursor { key: Key::Number(key), id, .. }) = from else {
            let sql = match direction {
                Direction::Asc => PUT_OFF_ASC,
                Direction::Desc => PUT_OFF_DESC,
            };
            return fetch_filtered!(self, sql, &bounds, (of.0, of.1), day);
        };
        let sql = match direction {
            Direction::Asc => PUT_OFF_ASC_AFTER,
            Direction::Desc => PUT_OFF_DESC_AFTER,
        };
        fetch_filtered!(self, sql, &bounds, (of.0, of.1), *key, *id, day)
    }

    /// The payable invoices of a customer of which most remains to be paid, due or not.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn most_remaining(
        &mut self,
        customer: CustomerId,
        limit: u16,
    ) -> Result<Vec<InvoiceSummary>, StoreError> {
        let (tenant, customer, limit) = (self.tenant(), customer.uuid(), i64::from(limit));
        let rows = fetch_all!(self.conn, SummaryRow, MOST_REMAINING, tenant, customer, limit)?;
        self.summaries(rows).await
    }

    async fn plain_rows(
        &mut self,
        texts: &Texts,
        (customer, limit): (Uuid, i64),
        from: Option<&Cursor>,
    ) -> Result<Vec<SummaryRow>, StoreError> {
        let tenant = self.tenant();
        let Some(Cursor { key, id, .. }) = from else {
            return fetch_all!(self.conn, SummaryRow, texts.first, tenant, customer, limit);
        };
        match key {
            Key::Number(key) => {
                fetch_all!(self.conn, SummaryRow, texts.after, tenant, customer, limit, *key, *id)
            }
            Key::Text(key) => {
                fetch_all!(self.conn, SummaryRow, texts.after, tenant, customer, limit, key, *id)
            }
        }
    }

    async fn filtered_rows(
        &mut self,
        texts: &Texts,
        of: (Uuid, i64),
        bounds: &Bounds,
        from: Option<&Cursor>,
    ) -> Result<Vec<SummaryRow>, StoreError> {
        let Some(Cursor { key, id, .. }) = from else {
            return fetch_filtered!(self, texts.filtered_first, bounds, (of.0, of.1));
        };
        match key {
            Key::Number(key) => {
                fetch_filtered!(self, texts.filtered_after, bounds, (of.0, of.1), *key, *id)
            }
            Key::Text(key) => {
                fetch_filtered!(self, texts.filtered_after, bounds, (of.0, of.1), key, *id)
            }
        }
    }
}
