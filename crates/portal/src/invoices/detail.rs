//! One invoice.

use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::invoice::Party;
use portico_billing::{Money, PaymentId};
use portico_core_api::{AppliedCreditNote, AppliedPayment, InvoiceDetail};
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::InvoiceItem;
use super::body::BodyView;
use crate::answer::Answer;
use crate::payments::method_key;
use crate::samples::{at, buyer, eur, extreme_party, id, kwd, seller};
use crate::visitor::Visitor;

/// The invoice with what settled it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InvoicePage {
    invoice: InvoiceItem,
    subtotal: Money,
    tax: Money,
    paid: Money,
    credited: Money,
    prepaid: Money,
    body: BodyView,
    seller: Party,
    buyer: Party,
    payments: Vec<SettlingPayment>,
    credit_notes: Vec<AppliedCreditNote>,
}

/// A payment that settled a part of the invoice.
#[derive(Debug, Clone, Serialize)]
struct SettlingPayment {
    id: PaymentId,
    paid_at: Timestamp,
    method_key: String,
    method_label: Option<String>,
    amount: Money,
}

impl From<AppliedPayment> for SettlingPayment {
    fn from(payment: AppliedPayment) -> Self {
        Self {
            id: payment.id,
            paid_at: payment.paid_at,
            method_key: method_key(&payment.method),
            method_label: payment.method_label,
            amount: payment.amount,
        }
    }
}

impl From<InvoiceDetail> for InvoicePage {
    fn from(detail: InvoiceDetail) -> Self {
        let currency = detail.row.total.currency();
        Self {
            invoice: detail.row.into(),
            subtotal: detail.subtotal,
            tax: detail.tax,
            paid: detail.paid,
            credited: detail.credited,
            prepaid: detail.prepaid,
            body: BodyView::new(detail.body, currency),
            seller: detail.seller,
            buyer: detail.buyer,
            payments: detail.payments.into_iter().map(SettlingPayment::from).collect(),
            credit_notes: detail.credit_notes,
        }
    }
}

/// GET: the invoice.
pub(crate) async fn show(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let detail = visitor.core().invoice(&visitor.secret, id).await?;
    visitor.page(&InvoicePage::from(detail))
}

impl Page for InvoicePage {
    const TEMPLATE: &'static str = "portal/invoices/detail.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let mut samples = vec![Sample::new("extreme", extreme())];
        let names = ["overdue", "open", "partially-paid", "paid", "void", "uncollectible"];
        for (name, invoice) in names.into_iter().zip(InvoiceItem::samples()) {
            let due = if invoice.due.is_zero() { eur(0) } else { eur(15_000) };
            let invoice = InvoiceItem { total: eur(121_000), due, ..invoice };
            samples.push(Sample::new(name, Self { invoice, ..settled() }));
        }
        samples
    }
}

fn settled() -> InvoicePage {
    let payment = SettlingPayment {
        id: id(7),
        paid_at: at(date(2026, 11, 3)),
        method_label: Some("Visa ending 4242".to_owned()),
        method_key: method_key("card"),
        amount: eur(60_000),
    };
    let transfer = SettlingPayment {
        id: id(8),
        method_label: None,
        method_key: method_key("bank_transfer"),
        amount: eur(40_000),
        ..payment.clone()
    };
    let note = AppliedCreditNote {
        id: id(9),
        number: "CN-2026-0003".to_owned(),
        issued_on: date(2026, 11, 4),
        amount: eur(5_000),
    };
    InvoicePage {
        invoice: InvoiceItem::samples().swap_remove(0),
        subtotal: eur(100_000),
        tax: eur(21_000),
        paid: eur(100_000),
        credited: eur(5_000),
        prepaid: eur(1_000),
        body: BodyView::typical(),
        seller: seller(),
        buyer: buyer(),
        payments: vec![payment, transfer],
        credit_notes: vec![note],
    }
}

fn extreme() -> InvoicePage {
    InvoicePage {
        invoice: InvoiceItem::extremes().swap_remove(1),
        subtotal: kwd(9_876_543_210),
        tax: kwd(0),
        paid: kwd(0),
        credited: kwd(0),
        prepaid: kwd(0),
        body: BodyView::extreme(),
        seller: extreme_party(),
        buyer: extreme_party(),
        payments: Vec::new(),
        credit_notes: Vec::new(),
    }
}
