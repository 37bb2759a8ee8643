//! Running totals of customers, per currency and month.

use portico_billing::totals::{Contribution, Month, Sums};
use portico_billing::{Currency, CustomerId};

use crate::{Read, StoreError, Write, column};

statements! {
    /// Adds to the row, and makes it where there is none; the answer is the row as it is then.
    ADD = "INSERT INTO customer_total (organisation_id, customer_id, currency, month, \
        invoiced_minor, credited_minor, paid_minor, refunded_minor, due_minor, payable) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
        ON CONFLICT (organisation_id, customer_id, currency, month) DO UPDATE SET \
        invoiced_minor = customer_total.invoiced_minor + excluded.invoiced_minor, \
        credited_minor = customer_total.credited_minor + excluded.credited_minor, \
        paid_minor = customer_total.paid_minor + excluded.paid_minor, \
        refunded_minor = customer_total.refunded_minor + excluded.refunded_minor, \
        due_minor = customer_total.due_minor + excluded.due_minor, \
        payable = customer_total.payable + excluded.payable \
        RETURNING currency, month, invoiced_minor, credited_minor, paid_minor, refunded_minor, \
        due_minor, payable";
    /// Added up by the reader: engines fail where a sum overflows.
    ALL = "SELECT currency, month, invoiced_minor, credited_minor, paid_minor, refunded_minor, \
        due_minor, payable FROM customer_total \
        WHERE organisation_id = $1 AND customer_id = $2 ORDER BY currency, month";
    MONTHS = "SELECT currency, month, invoiced_minor, credited_minor, paid_minor, \
        refunded_minor, due_minor, payable FROM customer_total \
        WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3 \
        AND month >= $4 AND month <= $5 ORDER BY month";
}

#[derive(sqlx::FromRow)]
struct Row {
    currency: String,
    month: i64,
    invoiced_minor: i64,
    credited_minor: i64,
    paid_minor: i64,
    refunded_minor: i64,
    due_minor: i64,
    payable: i64,
}

impl Row {
    fn currency(&self) -> Result<Currency, StoreError> {
        column::parse("customer_total.currency", &self.currency)
    }

    fn sums(&self) -> Sums {
        Sums {
            invoiced: self.invoiced_minor,
            credited: self.credited_minor,
            paid: self.paid_minor,
            refunded: self.refunded_minor,
            due: self.due_minor,
            payable: self.payable,
        }
    }
}

impl Read {
    /// The sums over all time, one entry per currency, by its code.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customer_totals(
        &mut self,
        customer: CustomerId,
    ) -> Result<Vec<(Currency, Sums)>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, ALL, tenant, customer.uuid())?;
        let mut totals: Vec<(Currency, Sums)> = Vec::new();
        for row in rows {
            let currency = row.currency()?;
            match totals.last_mut() {
                Some((last, sums)) if *last == currency => *sums = sums.plus(row.sums()),
                _ => totals.push((currency, row.sums())),
            }
        }
        Ok(totals)
    }

    /// The sums of each month from `first` to `last` in which something happened, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customer_months(
        &mut self,
        customer: CustomerId,
        currency: Currency,
        (first, last): (Month, Month),
    ) -> Result<Vec<(Month, Sums)>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(
            self.conn,
            Row,
            MONTHS,
            tenant,
            customer.uuid(),
            currency.code(),
            i64::from(first.index()),
            i64::from(last.index()),
        )?;
        rows.iter()
            .map(|row| {
                let month = column::narrow("customer_total.month", row.month)?;
                Ok((Month::from_index(month), row.sums()))
            })
            .collect()
    }
}

impl Write {
    /// Adds what a document contributes to its customer's totals.
    ///
    /// # Errors
    /// `TooLarge` where a sum would go beyond its limit: what was added must not be committed then.
    /// Where the database fails.
    pub async fn add_to_totals(
        &mut self,
        customer: CustomerId,
        it: Contribution,
    ) -> Result<(), StoreError> {
        if it.sums.is_zero() {
            return Ok(());
        }
        let too_large = || StoreError::TooLarge { what: "the customer's sum of a month" };
        if !it.sums.is_within_limits() {
            return Err(too_large());
        }
        let tenant = self.tenant();
        let row = fetch_optional!(
            self.conn,
            Row,
            ADD,
            tenant,
            customer.uuid(),
            it.currency.code(),
            i64::from(it.month.index()),
            it.sums.invoiced,
            it.sums.credited,
            it.sums.paid,
            it.sums.refunded,
            it.sums.due,
            it.sums.payable,
        )?;
        let fits = row.is_some_and(|row| row.sums().is_within_limits());
        if fits { Ok(()) } else { Err(too_large()) }
    }
}
