//! Lists of invoices: a customer's, sorted and filtered; the organisation's, newest first.

use jiff::civil::Date;
use portico_billing::CustomerId;
use portico_billing::invoice::{Invoice, InvoiceStatus, InvoiceSummary, ShownStatus};
use portico_billing::page::{Direction, Page, PageSize};
use uuid::Uuid;

use super::summary::{SummaryRow, summary_columns};
use super::{Row, columns, period_order};
use crate::paging::{self, Cursor, Key};
use crate::{Position, Read, StoreError, column, search};

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
    /// Amount due, minor units.
    AmountDue,
    /// First day of the billing period; invoices without one count as of 1970.
    Period,
}

/// Which of a customer's invoices, in which order. Drafts are never among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceListFilter {
    /// Part of the number, in any case.
    pub search: String,
    /// State as shown, and the day on which it is.
    pub status: Option<(ShownStatus, Date)>,
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

/// Which of the organisation's invoices, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceFilter {
    /// One customer's alone.
    pub customer: Option<CustomerId>,
    /// Stored state.
    pub status: Option<InvoiceStatus>,
    /// Issued on this day or later.
    pub issued_from: Option<Date>,
    /// Issued on this day or earlier.
    pub issued_until: Option<Date>,
    /// Where the list goes on.
    pub after: Position,
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
    ($column:literal, $order:literal, $beyond:literal) => {
        Texts {
            first: list!($column, $order, " AND status <> 'draft'"),
            after: list!(
                $column,
                $order,
                concat!(" AND status <> 'draft' AND (", $column, ", id) ", $beyond, " ($4, $5)")
            ),
            filtered_first: list!($column, $order, filters!()),
            filtered_after: list!(
                $column,
                $order,
                concat!(filters!(), " AND (", $column, ", id) ", $beyond, " ($16, $17)")
            ),
        }
    };
}

macro_rules! orders {
    ($($order:ident = $column:literal;)*) => {
        const fn texts(order: InvoiceOrder, direction: Direction) -> Texts {
            match (order, direction) {
                $((InvoiceOrder::$order, Direction::Asc) => texts!($column, "ASC", ">"),
                (InvoiceOrder::$order, Direction::Desc) => texts!($column, "DESC", "<"),)*
            }
        }

        const LISTS: &[(&str, Texts)] = &[$(
            (concat!("invoice::page::", stringify!($order), "Asc"), texts!($column, "ASC", ">")),
            (concat!("invoice::page::", stringify!($order), "Desc"), texts!($column, "DESC", "<")),
        )*];
    };
}

orders! {
    Created = "created_at";
    Number = "number";
    Total = "total_minor";
    DueDate = "due_on";
    AmountDue = "due_minor";
    Period = "period_order";
}

statements! {
    ALL = concat!("SELECT ", columns!(), " FROM invoice WHERE organisation_id = $1 \
        AND (created_at, id) < ($2, $3) AND ($4 = '' OR status = $4) \
        AND +issued_on >= $5 AND +issued_on <= $6 ORDER BY created_at DESC, id DESC LIMIT $7");
    OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM invoice WHERE organisation_id = $1 \
        AND (created_at, id) < ($2, $3) AND ($4 = '' OR status = $4) \
        AND +issued_on >= $5 AND +issued_on <= $6 AND customer_id = $8 \
        ORDER BY created_at DESC, id DESC LIMIT $7");
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
            Some((status, today)) => shown(status, column::days(today)),
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
            InvoiceOrder::AmountDue => Key::Number(it.amount_due.minor()),
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

fn day_range(from: Option<Date>, until: Option<Date>) -> (i64, i64) {
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
        let texts = texts(filter.order, Cursor::reading_order(from.as_ref(), filter.direction));
        let of = (customer.uuid(), i64::from(filter.size.get()) + 1);
        let rows = if filter.is_plain() {
            self.plain_rows(&texts, of, from.as_ref()).await?
        } else {
            self.filtered_rows(&texts, of, &filter.bounds(), from.as_ref()).await?
        };
        let rows: Vec<_> =
            rows.into_iter().map(InvoiceSummary::try_from).collect::<Result<_, _>>()?;
        let size = usize::from(filter.size.get());
        Ok(paging::page(rows, size, from.as_ref(), |it| filter.key(it)))
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

    /// The organisation's invoices, newest first, at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoices(
        &mut self,
        filter: &InvoiceFilter,
        limit: u16,
    ) -> Result<Vec<Invoice>, StoreError> {
        let tenant = self.tenant();
        let (time, id) = (filter.after.micros(), filter.after.id());
        let status = filter.status.map_or("", InvoiceStatus::as_str);
        let (first, last) = day_range(filter.issued_from, filter.issued_until);
        let limit = i64::from(limit);
        let rows = match filter.customer.map(CustomerId::uuid) {
            None => fetch_all!(self.conn, Row, ALL, tenant, time, id, status, first, last, limit),
            Some(customer) => fetch_all!(
                self.conn,
                Row,
                OF_CUSTOMER,
                tenant,
                time,
                id,
                status,
                first,
                last,
                limit,
                customer,
            ),
        }?;
        rows.into_iter().map(Invoice::try_from).collect()
    }
}
