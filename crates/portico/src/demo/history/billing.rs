//! What sample customers were billed, and what they paid.

use jiff::ToSpan;
use jiff::civil::Date;
use portico_billing::{Currency, Money};
use rand::RngExt;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::super::company::{Project, SampleCustomer};
use super::{Scene, customer_key, moment};

/// Days to pay.
const TERMS: i32 = 14;

/// Days after the invoice on which the instalments of a project are due: one was paid long since,
/// one is due on the day of the demonstration.
const INSTALMENTS: [i32; 4] = [14, 40, 70, 100];

/// The figures of an invoice that is being written, minor units.
struct Bill {
    key: String,
    number: String,
    issued_on: Date,
    total: i64,
}

/// A credit note that is being written.
struct Credit<'a> {
    amount: i64,
    day: Date,
    reason: &'a str,
    description: &'a str,
    invoice: Option<&'a str>,
}

impl Scene<'_> {
    /// The invoice for the month before `month`, and what became of it.
    pub(super) fn bill(&mut self, index: usize, customer: &SampleCustomer, month: Date) {
        let issued_on = month;
        if issued_on > self.today {
            return;
        }
        self.invoice_number += 1;
        let number =
            format!("{}-{}-{:04}", self.company.prefix, issued_on.year(), self.invoice_number);
        let (lines, subtotal) = self.lines(customer, month);
        let (tax, tax_minor) = self.tax(customer, subtotal);
        let bill = Bill { key: number.clone(), number, issued_on, total: subtotal + tax_minor };
        let spanish = self.company.language == "es";
        let means = if spanish { "Transferencia bancaria" } else { "Credit transfer" };
        let voided = self.invoice_number.is_multiple_of(97);
        self.history.invoices.push(json!({
            "external_id": bill.key,
            "customer_id": customer_key(self.company, index),
            "number": bill.number,
            "status": if voided { "void" } else { "open" },
            "currency": customer.currency,
            "issued_on": issued_on,
            "due_on": issued_on.saturating_add(TERMS.days()),
            "period_start": month.saturating_sub(1.month()),
            "period_end_exclusive": month,
            "lines": lines,
            "taxes": [tax],
            "payment": {
                "means": means, "iban": self.company.iban, "bic": self.company.bic,
                "account_name": self.company.legal_name, "reference": bill.number,
            },
            "created_at": moment(issued_on, index),
        }));
        if !voided {
            self.settle(index, customer, &bill);
        }
    }

    /// An invoice in instalments, of which the first is paid. What the customer paid in beside it
    /// is credit.
    pub(super) fn bill_project(&mut self, project: &Project) {
        let (company, index) = (self.company, project.customer);
        let customer = &company.customers[index];
        let issued_on = self.today.saturating_sub(INSTALMENTS[1].days());
        let subtotal = minor(in_currency(project.price, customer.currency), customer.currency);
        let (tax, tax_minor) = self.tax(customer, subtotal);
        let (number, total) = (format!("{}-PRJ-001", company.prefix), subtotal + tax_minor);
        let part = total / 4;
        let rest = total - part * 3;
        let parts = INSTALMENTS.iter().zip([part, part, part, rest]).map(|(days, minor)| {
            json!({ "due_on": issued_on.saturating_add(days.days()), "amount_minor": minor })
        });
        self.history.invoices.push(json!({
            "external_id": number,
            "customer_id": customer_key(company, index),
            "number": number,
            "status": "open",
            "currency": customer.currency,
            "issued_on": issued_on,
            "instalments": parts.collect::<Vec<_>>(),
            "lines": [{
                "description": project.name, "quantity": "1", "amount_minor": subtotal,
                "unit_price": major(subtotal, customer.currency),
            }],
            "taxes": [tax],
            "created_at": moment(issued_on, index),
        }));
        let paid_on = issued_on.saturating_add(10.days());
        let allocation = json!([{ "invoice_id": number, "amount_minor": part }]);
        self.payment(index, customer, ("succeeded", part, paid_on), Some(allocation));
        self.payment(index, customer, ("succeeded", part / 2, paid_on), None);
    }

    fn lines(&mut self, customer: &SampleCustomer, month: Date) -> (Value, i64) {
        let plan = &self.company.plans[customer.plan];
        let currency = customer.currency;
        let base = minor(in_currency(plan.price, currency), currency);
        let (description, unit, price) = plan.usage;
        let quantity = Decimal::from(self.dice.random_range(40..4_000_u32));
        let unit_price = in_currency(price, currency).round_dp(4);
        let usage = minor(quantity * unit_price, currency);
        let lines = json!([
            {
                "description": plan.name, "quantity": "1", "amount_minor": base,
                "unit_price": major(base, currency),
                "period_start": month.saturating_sub(1.month()), "period_end_exclusive": month,
            },
            {
                "description": description, "quantity": quantity.to_string(), "unit": unit,
                "unit_price": unit_price.to_string(), "amount_minor": usage,
            },
        ]);
        (lines, base + usage)
    }

    /// The tax on `subtotal`: at home the usual rate, none for customers elsewhere.
    fn tax(&self, customer: &SampleCustomer, subtotal: i64) -> (Value, i64) {
        let (name, rate) = self.company.tax;
        let home = self.company.address[3];
        if customer.country == home {
            let percent = Decimal::from_str_exact(rate).unwrap_or_default();
            let tax = half_up(Decimal::from(subtotal) * percent / Decimal::ONE_HUNDRED);
            let row = json!({
                "name": name, "category": "S", "rate": rate, "taxable_minor": subtotal,
                "tax_minor": tax,
            });
            return (row, tax);
        }
        let reverse = customer.tax_id[0].starts_with("eu_vat") || customer.tax_id[0] == "es_cif";
        let (category, reason) = match (reverse, self.company.language) {
            (true, "es") => ("AE", "Inversión del sujeto pasivo"),
            (true, _) => ("AE", "Reverse charge"),
            (false, "es") => ("G", "Exportación fuera de la UE"),
            (false, _) => ("G", "Export outside the EU"),
        };
        let row = json!({
            "name": name, "category": category, "rate": "0", "taxable_minor": subtotal,
            "tax_minor": 0, "exemption_reason": reason,
        });
        (row, 0)
    }

    /// Old invoices are paid; of the newest some wait, some are late, one is half paid.
    fn settle(&mut self, index: usize, customer: &SampleCustomer, bill: &Bill) {
        let age = bill.issued_on.until(self.today).map_or(0, |span| span.get_days());
        let fate = (index + usize::from(bill.issued_on.month().unsigned_abs())) % 7;
        match (age, fate) {
            (..30, 0..=3) | (30..75, 0) => {}
            (..75, 4) => self.pay(index, customer, bill, bill.total / 2),
            (..30, 5) => {
                let day = bill.issued_on.saturating_add(1.day());
                self.payment(index, customer, ("failed", bill.total, day), None);
            }
            _ => self.pay(index, customer, bill, bill.total),
        }
        if self.invoice_number.is_multiple_of(41) {
            self.credit(index, customer, bill);
        }
    }

    fn pay(&mut self, index: usize, customer: &SampleCustomer, bill: &Bill, amount: i64) {
        let late = self.dice.random_range(1..13_i32);
        let day = bill.issued_on.saturating_add(late.days()).min(self.today);
        let allocation = json!([{ "invoice_id": bill.key, "amount_minor": amount }]);
        let key = self.payment(index, customer, ("succeeded", amount, day), Some(allocation));
        if self.payment_number.is_multiple_of(37) {
            let day = day.saturating_add(3.days()).min(self.today);
            self.refund(index, customer, &key, ((amount / 10).max(1), day));
        }
    }

    /// Part of a payment goes back. The credit note beside it keeps the account even.
    fn refund(
        &mut self,
        index: usize,
        customer: &SampleCustomer,
        payment: &str,
        (amount, day): (i64, Date),
    ) {
        let (reason, description) = match customer.language {
            "es" => ("Compensación acordada por teléfono", "Compensación"),
            _ => ("Goodwill, agreed by phone", "Goodwill"),
        };
        self.payment_number += 1;
        self.history.payments.push(json!({
            "external_id": format!("{}-R{:05}", self.company.prefix, self.payment_number),
            "customer_id": customer_key(self.company, index),
            "kind": "refund", "payment_id": payment, "status": "succeeded",
            "amount_minor": amount, "currency": customer.currency,
            "method": "card", "description": reason,
            "paid_at": moment(day, index),
        }));
        let credit = Credit { amount, day, reason, description, invoice: None };
        self.credit_note(index, customer, &credit);
    }

    fn payment(
        &mut self,
        index: usize,
        customer: &SampleCustomer,
        (status, amount, day): (&str, i64, Date),
        allocations: Option<Value>,
    ) -> String {
        self.payment_number += 1;
        let key = format!("{}-Y{:05}", self.company.prefix, self.payment_number);
        let (method, label) = if index % 4 == 3 {
            ("direct_debit", "Deutsche Bank ···· 3000")
        } else {
            ("card", ["Visa ···· 4242", "Mastercard ···· 4444", "Amex ···· 0005"][index % 3])
        };
        self.history.payments.push(json!({
            "external_id": key,
            "customer_id": customer_key(self.company, index),
            "status": status, "amount_minor": amount, "currency": customer.currency,
            "method": method, "method_label": label,
            "payment_method_id": self.key('M', index),
            "reference": format!("TX{:06}", self.payment_number * 7 + 1_000),
            "paid_at": moment(day, index),
            "allocations": allocations.unwrap_or_else(|| json!([])),
            "created_at": moment(day, index),
        }));
        key
    }

    fn credit(&mut self, index: usize, customer: &SampleCustomer, bill: &Bill) {
        let (reason, description) = match customer.language {
            "es" => ("Interrupción del servicio", "Abono"),
            _ => ("Service interruption", "Credit"),
        };
        let day = bill.issued_on.saturating_add(20.days()).min(self.today);
        let amount = (bill.total / 20).max(1);
        let credit = Credit { amount, day, reason, description, invoice: Some(&bill.key) };
        self.credit_note(index, customer, &credit);
    }

    fn credit_note(&mut self, index: usize, customer: &SampleCustomer, credit: &Credit<'_>) {
        self.credit_note_number += 1;
        let number = format!("{}-CN-{:03}", self.company.prefix, self.credit_note_number);
        self.history.credit_notes.push(json!({
            "external_id": number, "number": number,
            "customer_id": customer_key(self.company, index),
            "invoice_id": credit.invoice,
            "currency": customer.currency,
            "issued_on": credit.day,
            "reason": credit.reason,
            "lines": [{
                "description": credit.description,
                "quantity": "1", "unit_price": major(credit.amount, customer.currency),
                "amount_minor": credit.amount,
            }],
        }));
    }
}

/// A price in euros in another currency, at a round made-up rate.
pub(super) fn in_currency(euros: &str, currency: &str) -> Decimal {
    let rate = match currency {
        "USD" => Decimal::new(11, 1),
        "GBP" => Decimal::new(85, 2),
        "JPY" => Decimal::from(160),
        "KWD" => Decimal::new(34, 2),
        "NOK" => Decimal::new(115, 1),
        "DKK" => Decimal::new(75, 1),
        "MXN" => Decimal::from(20),
        "COP" => Decimal::from(4_300),
        _ => Decimal::ONE,
    };
    Decimal::from_str_exact(euros).unwrap_or_default() * rate
}

/// Major units as minor units of `currency`, rounded half up.
pub(super) fn minor(amount: Decimal, currency: &str) -> i64 {
    let exponent = currency.parse().map_or(2, Currency::exponent);
    half_up(amount * Decimal::from(10_i64.pow(exponent)))
}

fn half_up(amount: Decimal) -> i64 {
    let rounded = amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(rounded).unwrap_or(0)
}

fn major(minor: i64, currency: &str) -> String {
    let currency = currency.parse().unwrap_or(Currency::EUR);
    Money::new(minor, currency).to_decimal().to_string()
}
