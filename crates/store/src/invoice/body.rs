//! What stands on an invoice beside its figures.

use portico_billing::invoice::{
    Adjustment, InvoiceBody, Line, Party, PaymentInstructions, Period, Tax,
};
use portico_billing::{InvoiceId, Metadata};
use rust_decimal::Decimal;
use sqlx::types::Json;

use crate::{Read, StoreError, Write, column};

statements! {
    BODY = "SELECT adjustments, seller, buyer, payment, purchase_order, notes, metadata \
        FROM invoice_body WHERE organisation_id = $1 AND invoice_id = $2";
    LINES = "SELECT description, note, quantity, unit, unit_price, amount_minor, tax_rate, \
        tax_category, period_start_on, period_end_on FROM invoice_line \
        WHERE organisation_id = $1 AND invoice_id = $2 ORDER BY position";
    TAXES = "SELECT name, category, rate, taxable_minor, tax_minor, exemption_reason \
        FROM invoice_tax WHERE organisation_id = $1 AND invoice_id = $2 ORDER BY position";
    DELETE_LINES = "DELETE FROM invoice_line WHERE organisation_id = $1 AND invoice_id = $2";
    DELETE_TAXES = "DELETE FROM invoice_tax WHERE organisation_id = $1 AND invoice_id = $2";
    DELETE_BODY = "DELETE FROM invoice_body WHERE organisation_id = $1 AND invoice_id = $2";
}

const INSERT_BODIES: &str = "INSERT INTO invoice_body (organisation_id, invoice_id, adjustments, \
    seller, buyer, payment, purchase_order, notes, metadata) ";
const INSERT_LINES: &str = "INSERT INTO invoice_line (organisation_id, invoice_id, position, \
    description, note, quantity, unit, unit_price, amount_minor, tax_rate, tax_category, \
    period_start_on, period_end_on) ";
const INSERT_TAXES: &str = "INSERT INTO invoice_tax (organisation_id, invoice_id, position, name, \
    category, rate, taxable_minor, tax_minor, exemption_reason) ";

/// Rows of one bulk statement.
const CHUNK: usize = 1_000;

#[derive(sqlx::FromRow)]
struct BodyRow {
    adjustments: Json<Vec<Adjustment>>,
    seller: Option<Json<Party>>,
    buyer: Option<Json<Party>>,
    payment: Json<PaymentInstructions>,
    purchase_order: Option<String>,
    notes: Option<String>,
    metadata: Json<Metadata>,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    description: String,
    note: Option<String>,
    quantity: String,
    unit: Option<String>,
    unit_price: String,
    amount_minor: i64,
    tax_rate: Option<String>,
    tax_category: Option<String>,
    period_start_on: Option<i64>,
    period_end_on: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct TaxRow {
    name: String,
    category: Option<String>,
    rate: Option<String>,
    taxable_minor: i64,
    tax_minor: i64,
    exemption_reason: Option<String>,
}

impl TryFrom<LineRow> for Line {
    type Error = StoreError;

    fn try_from(row: LineRow) -> Result<Self, StoreError> {
        let period = (row.period_start_on, row.period_end_on);
        Ok(Self {
            description: row.description,
            note: row.note,
            quantity: column::decimal("invoice_line.quantity", &row.quantity)?,
            unit: row.unit,
            unit_price: column::decimal("invoice_line.unit_price", &row.unit_price)?,
            amount_minor: row.amount_minor,
            tax_rate: rate("invoice_line.tax_rate", row.tax_rate)?,
            tax_category: row.tax_category,
            period: column::period("invoice_line.period", period.0, period.1)?,
        })
    }
}

impl TryFrom<TaxRow> for Tax {
    type Error = StoreError;

    fn try_from(row: TaxRow) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.name,
            category: row.category,
            rate: rate("invoice_tax.rate", row.rate)?,
            taxable_minor: row.taxable_minor,
            tax_minor: row.tax_minor,
            exemption_reason: row.exemption_reason,
        })
    }
}

fn rate(column: &'static str, text: Option<String>) -> Result<Option<Decimal>, StoreError> {
    text.map(|text| column::decimal(column, &text)).transpose()
}

impl Read {
    /// Lines, taxes and texts of an invoice; empty ones where it has none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoice_body(&mut self, id: InvoiceId) -> Result<InvoiceBody, StoreError> {
        let tenant = self.tenant();
        let Some(body) = fetch_optional!(self.conn, BodyRow, BODY, tenant, id.uuid())? else {
            return Ok(InvoiceBody::default());
        };
        let lines = fetch_all!(self.conn, LineRow, LINES, tenant, id.uuid())?;
        let taxes = fetch_all!(self.conn, TaxRow, TAXES, tenant, id.uuid())?;
        Ok(InvoiceBody {
            lines: lines.into_iter().map(Line::try_from).collect::<Result<_, _>>()?,
            taxes: taxes.into_iter().map(Tax::try_from).collect::<Result<_, _>>()?,
            adjustments: body.adjustments.0,
            seller: body.seller.map(|seller| seller.0),
            buyer: body.buyer.map(|buyer| buyer.0),
            payment: body.payment.0,
            purchase_order: body.purchase_order,
            notes: body.notes,
            metadata: body.metadata.0,
        })
    }
}

impl Write {
    /// Adds the bodies of invoices that have none yet, by few statements.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_invoice_bodies(
        &mut self,
        bodies: &[(InvoiceId, InvoiceBody)],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for chunk in bodies.chunks(CHUNK) {
            insert_rows!(self.conn, INSERT_BODIES, chunk, |tuple, (id, body)| {
                tuple
                    .push_bind(tenant)
                    .push_bind(id.uuid())
                    .push_bind(Json(&body.adjustments))
                    .push_bind(body.seller.as_ref().map(Json))
                    .push_bind(body.buyer.as_ref().map(Json))
                    .push_bind(Json(&body.payment))
                    .push_bind(&body.purchase_order)
                    .push_bind(&body.notes)
                    .push_bind(Json(&body.metadata));
            })?;
        }
        self.insert_lines(&placed(bodies, |body| &body.lines)).await?;
        self.insert_taxes(&placed(bodies, |body| &body.taxes)).await
    }

    /// Replaces the body of an invoice.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn replace_invoice_body(
        &mut self,
        id: InvoiceId,
        body: InvoiceBody,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for sql in [DELETE_LINES, DELETE_TAXES, DELETE_BODY] {
            execute!(self.conn, sql, tenant, id.uuid())?;
        }
        self.insert_invoice_bodies(&[(id, body)]).await
    }

    async fn insert_lines(&mut self, lines: &[Placed<'_, Line>]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for chunk in lines.chunks(CHUNK) {
            insert_rows!(self.conn, INSERT_LINES, chunk, |tuple, line| {
                let (start, end) = days(line.it.period);
                tuple
                    .push_bind(tenant)
                    .push_bind(line.invoice.uuid())
                    .push_bind(line.position)
                    .push_bind(&line.it.description)
                    .push_bind(&line.it.note)
                    .push_bind(line.it.quantity.to_string())
                    .push_bind(&line.it.unit)
                    .push_bind(line.it.unit_price.to_string())
                    .push_bind(line.it.amount_minor)
                    .push_bind(line.it.tax_rate.map(|rate| rate.to_string()))
                    .push_bind(&line.it.tax_category)
                    .push_bind(start)
                    .push_bind(end);
            })?;
        }
        Ok(())
    }

    async fn insert_taxes(&mut self, taxes: &[Placed<'_, Tax>]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for chunk in taxes.chunks(CHUNK) {
            insert_rows!(self.conn, INSERT_TAXES, chunk, |tuple, tax| {
                tuple
                    .push_bind(tenant)
                    .push_bind(tax.invoice.uuid())
                    .push_bind(tax.position)
                    .push_bind(&tax.it.name)
                    .push_bind(&tax.it.category)
                    .push_bind(tax.it.rate.map(|rate| rate.to_string()))
                    .push_bind(tax.it.taxable_minor)
                    .push_bind(tax.it.tax_minor)
                    .push_bind(&tax.it.exemption_reason);
            })?;
        }
        Ok(())
    }
}

/// A line or tax with its place.
struct Placed<'a, T> {
    invoice: InvoiceId,
    position: i64,
    it: &'a T,
}

fn placed<'a, T>(
    bodies: &'a [(InvoiceId, InvoiceBody)],
    part: impl Fn(&'a InvoiceBody) -> &'a [T],
) -> Vec<Placed<'a, T>> {
    let of_one = |(id, body): &'a (InvoiceId, InvoiceBody)| {
        (0..).zip(part(body)).map(|(position, it)| Placed { invoice: *id, position, it })
    };
    bodies.iter().flat_map(of_one).collect()
}

fn days(period: Option<Period>) -> (Option<i64>, Option<i64>) {
    let Some(period) = period else { return (None, None) };
    (Some(column::days(period.start())), Some(column::days(period.end_exclusive())))
}
