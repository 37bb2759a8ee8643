//! What invoices and credit notes have in common: lines, taxes, totals.

use jiff::civil::Date;
use portico_billing::invoice::{Adjustment, InvoiceBody, Line, Period, Tax};
use portico_billing::{Currency, lines};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amount::{DecimalInput, MAX_MINOR, check_minor};
use super::faults::Faults;

/// Most lines of one document.
const MAX_LINES: usize = 5_000;
/// Most taxes, and most adjustments, of one document.
const MAX_ROWS: usize = 100;

/// One line of an invoice or credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineInput {
    /// What was sold.
    pub description: String,
    /// More about it, printed below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How many units; `1` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<DecimalInput>,
    /// Name of the unit, as printed (`h`, `GB`, `pcs`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Price of one unit in major units, before tax. May be left out where `amount_minor` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<DecimalInput>,
    /// Amount of the line before tax, minor units; computed where absent. Where `unit_price` is
    /// given too, both must agree within one minor unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
    /// Tax rate in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_rate: Option<DecimalInput>,
    /// EN 16931 tax category code (`S`, `Z`, `E`, `AE`, `K`, `G`, `O` …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_category: Option<String>,
    /// First day that the line covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub period_start: Option<Date>,
    /// Day after the last one that the line covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub period_end_exclusive: Option<Date>,
}

/// One row of the tax summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxInput {
    /// Name as printed (`VAT`, `IVA`, `GST`).
    pub name: String,
    /// EN 16931 tax category code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Rate in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<DecimalInput>,
    /// What was taxed, minor units.
    pub taxable_minor: i64,
    /// The tax, minor units.
    pub tax_minor: i64,
    /// Why nothing is taxed, where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption_reason: Option<String>,
}

/// An allowance or charge on the document as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentInput {
    /// Reason as printed.
    pub reason: String,
    /// Minor units: positive raises the net total, negative lowers it.
    pub amount_minor: i64,
}

/// Totals as the sender knows them; checked against what follows from the rows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StatedTotals {
    pub(super) subtotal: Option<i64>,
    pub(super) tax: Option<i64>,
    pub(super) total: Option<i64>,
}

/// Totals as they follow from the rows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) subtotal: i64,
    pub(super) tax: i64,
    pub(super) total: i64,
}

/// The rows that make the total of a document.
pub(super) struct Rows<'a> {
    pub(super) lines: &'a [LineInput],
    pub(super) taxes: Option<&'a [TaxInput]>,
    pub(super) adjustments: &'a [AdjustmentInput],
}

impl Rows<'_> {
    /// Puts lines, taxes and adjustments into `body` and adds them up.
    pub(super) fn assemble(
        &self,
        currency: Currency,
        body: &mut InvoiceBody,
        faults: &mut Faults,
    ) -> Totals {
        if self.lines.len() > MAX_LINES {
            faults.add("lines", format!("must not be more than {MAX_LINES}"));
            return Totals::default();
        }
        if self.adjustments.len() > MAX_ROWS || self.taxes.is_some_and(|it| it.len() > MAX_ROWS) {
            faults.add("taxes", format!("taxes and adjustments: at most {MAX_ROWS} of each"));
            return Totals::default();
        }
        let numbered = self.lines.iter().enumerate();
        body.lines = numbered.map(|(index, input)| line(index, input, currency, faults)).collect();
        let numbered = self.adjustments.iter().enumerate();
        body.adjustments =
            numbered.map(|(index, input)| adjustment(index, input, faults)).collect();
        body.taxes = match self.taxes {
            Some(taxes) => {
                taxes.iter().enumerate().map(|(index, it)| tax(index, it, faults)).collect()
            }
            None => self.computed_taxes(body, faults),
        };
        add_up(body, faults)
    }

    fn computed_taxes(&self, body: &InvoiceBody, faults: &mut Faults) -> Vec<Tax> {
        let taxed = body.lines.iter().any(|line| line.tax_rate.is_some());
        if taxed && !body.adjustments.is_empty() {
            faults.add("taxes", "must be given where there are adjustments to taxed lines");
            return Vec::new();
        }
        lines::taxes_of(&body.lines).unwrap_or_else(|error| {
            faults.add("lines", error.to_string());
            Vec::new()
        })
    }
}

impl Totals {
    /// Compares with what the sender says.
    pub(super) fn check(self, stated: StatedTotals, faults: &mut Faults) {
        for (field, stated, computed, of) in [
            ("subtotal_minor", stated.subtotal, self.subtotal, "lines and adjustments"),
            ("tax_minor", stated.tax, self.tax, "taxes"),
            ("total_minor", stated.total, self.total, "lines, adjustments and taxes"),
        ] {
            if let Some(stated) = stated.filter(|stated| *stated != computed) {
                faults.add(field, format!("is {stated}, but {of} add up to {computed}"));
            }
        }
    }
}

fn add_up(body: &InvoiceBody, faults: &mut Faults) -> Totals {
    let subtotal = lines::net_total(&body.lines, &body.adjustments);
    let tax = lines::tax_total(&body.taxes);
    let (Ok(subtotal), Ok(tax)) = (subtotal, tax) else {
        faults.add("lines", "the total is too large");
        return Totals::default();
    };
    let total = subtotal.checked_add(tax).filter(|total| (-MAX_MINOR..=MAX_MINOR).contains(total));
    let Some(total) = total else {
        faults.add("lines", "the total is too large");
        return Totals::default();
    };
    Totals { subtotal, tax, total }
}

fn line(index: usize, input: &LineInput, currency: Currency, faults: &mut Faults) -> Line {
    let at = |field: &str| format!("lines.{index}.{field}");
    let quantity = input.quantity.map_or(Decimal::ONE, |it| it.check(&at("quantity"), faults));
    let price = input.unit_price.map(|it| it.check(&at("unit_price"), faults));
    let stated = input.amount_minor.map(|it| check_minor(&at("amount_minor"), it, faults));
    let computed = price.and_then(|price| lines::line_amount(quantity, price, currency).ok());
    let amount_minor = match (stated, computed) {
        (Some(stated), Some(computed)) => {
            if stated.abs_diff(computed) > 1 {
                let message = format!("is {stated}, but quantity and price make {computed}");
                faults.add(at("amount_minor"), message);
            }
            stated
        }
        (None, Some(computed)) => check_minor(&at("amount_minor"), computed, faults),
        (Some(stated), None) if price.is_none() => stated,
        (_, None) if price.is_some() => {
            faults.add(at("unit_price"), "quantity and price make too large an amount");
            0
        }
        _ => {
            faults.add(at("unit_price"), "must be given where there is no `amount_minor`");
            0
        }
    };
    Line {
        description: faults.name(&at("description"), &input.description),
        note: faults.text(&at("note"), input.note.as_deref()),
        quantity,
        unit: faults.line(&at("unit"), input.unit.as_deref()),
        unit_price: price.unwrap_or_else(|| lines::unit_price(quantity, amount_minor, currency)),
        amount_minor,
        tax_rate: input.tax_rate.map(|rate| rate.check_rate(&at("tax_rate"), faults)),
        tax_category: category(&at("tax_category"), input.tax_category.as_deref(), faults),
        period: period(&at("period"), (input.period_start, input.period_end_exclusive), faults),
    }
}

fn tax(index: usize, input: &TaxInput, faults: &mut Faults) -> Tax {
    let at = |field: &str| format!("taxes.{index}.{field}");
    Tax {
        name: faults.name(&at("name"), &input.name),
        category: category(&at("category"), input.category.as_deref(), faults),
        rate: input.rate.map(|rate| rate.check_rate(&at("rate"), faults)),
        taxable_minor: check_minor(&at("taxable_minor"), input.taxable_minor, faults),
        tax_minor: check_minor(&at("tax_minor"), input.tax_minor, faults),
        exemption_reason: faults.text(&at("exemption_reason"), input.exemption_reason.as_deref()),
    }
}

fn adjustment(index: usize, input: &AdjustmentInput, faults: &mut Faults) -> Adjustment {
    let at = |field: &str| format!("adjustments.{index}.{field}");
    Adjustment {
        reason: faults.name(&at("reason"), &input.reason),
        amount_minor: check_minor(&at("amount_minor"), input.amount_minor, faults),
    }
}

fn category(field: &str, code: Option<&str>, faults: &mut Faults) -> Option<String> {
    let code = code.map(str::trim).filter(|code| !code.is_empty())?;
    if code.len() > 3 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        faults.add(field, "must be a code of UNTDID 5305, such as `S` or `AE`");
    }
    Some(code.to_ascii_uppercase())
}

/// A period of which both ends are given, or none. `field` is its name without what follows
/// `period`.
pub(super) fn period(
    field: &str,
    ends: (Option<Date>, Option<Date>),
    faults: &mut Faults,
) -> Option<Period> {
    match ends {
        (None, None) => None,
        (Some(start), Some(end)) => match Period::new(start, end) {
            Ok(period) => Some(period),
            Err(error) => {
                faults.add(format!("{field}_end_exclusive"), error.to_string());
                None
            }
        },
        (Some(_), None) => {
            faults.add(format!("{field}_end_exclusive"), "must be given with the start");
            None
        }
        (None, Some(_)) => {
            faults.add(format!("{field}_start"), "must be given with the end");
            None
        }
    }
}

// The way back: what would be sent to get the document as it is.

impl LineInput {
    pub(crate) fn of(line: &Line, currency: Currency) -> Self {
        // A price that was computed from the amount does not always give the amount back.
        let computed = lines::line_amount(line.quantity, line.unit_price, currency);
        let agrees = computed.is_ok_and(|it| it.abs_diff(line.amount_minor) <= 1);
        Self {
            description: line.description.clone(),
            note: line.note.clone(),
            quantity: Some(DecimalInput(line.quantity)),
            unit: line.unit.clone(),
            unit_price: agrees.then_some(DecimalInput(line.unit_price)),
            amount_minor: Some(line.amount_minor),
            tax_rate: line.tax_rate.map(DecimalInput),
            tax_category: line.tax_category.clone(),
            period_start: line.period.map(Period::start),
            period_end_exclusive: line.period.map(Period::end_exclusive),
        }
    }
}

impl TaxInput {
    pub(crate) fn of(tax: &Tax) -> Self {
        Self {
            name: tax.name.clone(),
            category: tax.category.clone(),
            rate: tax.rate.map(DecimalInput),
            taxable_minor: tax.taxable_minor,
            tax_minor: tax.tax_minor,
            exemption_reason: tax.exemption_reason.clone(),
        }
    }

    /// The taxes of a document; none where they follow from its lines.
    pub(super) fn all_of(body: &InvoiceBody) -> Option<Vec<Self>> {
        let follow = body.adjustments.is_empty()
            && lines::taxes_of(&body.lines).is_ok_and(|computed| computed == body.taxes);
        (!follow).then(|| body.taxes.iter().map(Self::of).collect())
    }
}

impl AdjustmentInput {
    pub(crate) fn of(adjustment: &Adjustment) -> Self {
        Self { reason: adjustment.reason.clone(), amount_minor: adjustment.amount_minor }
    }
}
