//! The instalments of invoices, and what they put off. What of each is open follows from what
//! remains of its invoice: nothing here changes when something is paid, or when a day passes.

use std::collections::HashMap;

use jiff::civil::Date;
use portico_billing::invoice::{Instalment, Instalments, Invoice, InvoiceSummary};
use portico_billing::{Currency, CustomerId, InvoiceId, Money};
use uuid::Uuid;

use super::Row;
use super::summary::SummaryRow;
use crate::{Read, StoreError, Write, column};

/// What of an invoice is to be paid by a day, of the columns that the indexes of payable invoices
/// have. The rule is [`Instalments::due_minor`]: of the last instalment up to the day those behind
/// it are put off.
macro_rules! due_by {
    ($day:literal) => {
        concat!(
            "CASE WHEN invoice.instalments = 0 THEN invoice.due_minor ELSE \
            COALESCE((SELECT invoice.due_minor - MIN(part.rest_minor) \
            FROM invoice_instalment AS part \
            WHERE part.organisation_id = invoice.organisation_id \
            AND part.invoice_id = invoice.id AND part.due_on <= ",
            $day,
            " AND part.rest_minor < invoice.due_minor), 0) END"
        )
    };
}
pub(crate) use due_by;

statements! {
    DELETE = "DELETE FROM invoice_instalment WHERE organisation_id = $1 AND invoice_id = $2";
    /// Answered by the index `invoice_in_instalments`.
    PUT_OFF = concat!("SELECT currency, \
        CAST(SUM(CASE WHEN now_minor = 0 THEN 1 ELSE 0 END) AS BIGINT) AS invoices, \
        CAST(SUM(due_minor - now_minor) AS BIGINT) AS minor \
        FROM (SELECT currency, due_minor, ", due_by!("$3"), " AS now_minor FROM invoice \
        WHERE organisation_id = $1 AND customer_id = $2 AND instalments > 0 AND due_minor > 0 \
        AND status IN ('open', 'partially_paid') LIMIT $4) AS put_off \
        GROUP BY currency ORDER BY currency");
}

const INSERT: &str = "INSERT INTO invoice_instalment (organisation_id, invoice_id, due_on, \
    amount_minor, rest_minor) ";

/// Rows of one bulk statement.
const CHUNK: usize = 1_000;
/// Most invoices in instalments of one customer that are added up.
const MOST_PUT_OFF: i64 = 9_000;

/// What instalments put off in one currency: it remains to be paid, and is not due yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PutOff {
    /// How much.
    pub amount: Money,
    /// Of how many invoices nothing is due.
    pub invoices: i64,
}

#[derive(sqlx::FromRow)]
struct PutOffRow {
    currency: String,
    invoices: i64,
    minor: i64,
}

impl Read {
    /// What a customer's instalments put off until after `day`, per currency.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_off(
        &mut self,
        customer: CustomerId,
        day: Date,
    ) -> Result<Vec<PutOff>, StoreError> {
        let (tenant, customer, day) = (self.tenant(), customer.uuid(), column::days(day));
        let rows = fetch_all!(self.conn, PutOffRow, PUT_OFF, tenant, customer, day, MOST_PUT_OFF)?;
        let sum = |row: PutOffRow| {
            let currency: Currency = column::parse("invoice.currency", &row.currency)?;
            Ok(PutOff { amount: Money::new(row.minor, currency), invoices: row.invoices })
        };
        rows.into_iter().map(sum).collect()
    }

    /// The invoices of rows, with their instalments by one query for all of them.
    pub(super) async fn whole(&mut self, rows: Vec<Row>) -> Result<Vec<Invoice>, StoreError> {
        let ids = rows.iter().filter(|row| row.instalments > 0).map(|row| row.id);
        let mut instalments = self.instalments_of(&ids.collect::<Vec<_>>()).await?;
        let whole = |row: Row| {
            let own = instalments.remove(&row.id).unwrap_or_default();
            row.with(own)
        };
        rows.into_iter().map(whole).collect()
    }

    /// The invoice of a row, where there is one.
    pub(super) async fn whole_one(
        &mut self,
        row: Option<Row>,
    ) -> Result<Option<Invoice>, StoreError> {
        Ok(self.whole(row.into_iter().collect()).await?.pop())
    }

    /// What lists show of rows. What is settled needs no instalments.
    pub(super) async fn summaries(
        &mut self,
        rows: Vec<SummaryRow>,
    ) -> Result<Vec<InvoiceSummary>, StoreError> {
        let ids = rows.iter().filter(|row| row.puts_off()).map(|row| row.id);
        let mut instalments = self.instalments_of(&ids.collect::<Vec<_>>()).await?;
        let whole = |row: SummaryRow| {
            let own = instalments.remove(&row.id).unwrap_or_default();
            row.with(own)
        };
        rows.into_iter().map(whole).collect()
    }

    async fn instalments_of(
        &mut self,
        invoices: &[Uuid],
    ) -> Result<HashMap<Uuid, Instalments>, StoreError> {
        let tenant = self.tenant();
        let mut found: HashMap<Uuid, Vec<Instalment>> = HashMap::new();
        for chunk in invoices.chunks(CHUNK) {
            let rows = fetch_built!(self.conn, (Uuid, i64, i64), |query| {
                query
                    .push(
                        "SELECT invoice_id, due_on, amount_minor FROM invoice_instalment \
                        WHERE organisation_id = ",
                    )
                    .push_bind(tenant)
                    .push(" AND invoice_id IN (");
                let mut list = query.separated(", ");
                for id in chunk {
                    list.push_bind(*id);
                }
                query.push(") ORDER BY invoice_id, due_on");
            })?;
            for (id, due_on, amount_minor) in rows {
                let due_on = column::date("invoice_instalment.due_on", due_on)?;
                found.entry(id).or_default().push(Instalment { due_on, amount_minor });
            }
        }
        Ok(found.into_iter().map(|(id, list)| (id, Instalments::stored(list))).collect())
    }
}

impl Write {
    /// Adds the instalments of invoices that have none yet.
    pub(super) async fn insert_instalments(
        &mut self,
        invoices: &[Invoice],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let rows: Vec<(InvoiceId, Instalment, i64)> = invoices
            .iter()
            .flat_map(|it| it.instalments.with_rest().map(|(part, rest)| (it.id, part, rest)))
            .collect();
        for chunk in rows.chunks(CHUNK) {
            insert_rows!(self.conn, INSERT, chunk, |tuple, (id, part, rest_minor)| {
                tuple
                    .push_bind(tenant)
                    .push_bind(id.uuid())
                    .push_bind(column::days(part.due_on))
                    .push_bind(part.amount_minor)
                    .push_bind(*rest_minor);
            })?;
        }
        Ok(())
    }

    /// Replaces the instalments of an invoice.
    pub(super) async fn replace_instalments(&mut self, it: &Invoice) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE, tenant, it.id.uuid())?;
        self.insert_instalments(std::slice::from_ref(it)).await
    }
}
