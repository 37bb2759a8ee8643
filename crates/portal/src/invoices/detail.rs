//! One invoice.

use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::credit::CreditSource;
use portico_billing::invoice::{InstalmentState, Party};
use portico_billing::{Money, PaymentId};
use portico_core_api::{
    AppliedCredit, AppliedCreditNote, AppliedPayment, InstalmentView, InvoiceDetail,
};
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
    remaining: Money,
    /// What is to be paid next of it.
    next_payment: Money,
    instalments: Vec<InstalmentView>,
    body: BodyView,
    seller: Party,
    buyer: Party,
    payments: Vec<SettlingPayment>,
    credit_notes: Vec<AppliedCreditNote>,
    credits: Vec<AppliedCredit>,
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
            remaining: detail.remaining,
            next_payment: detail.next_payment,
            instalments: detail.instalments,
            body: BodyView::new(detail.body, currency),
            seller: detail.seller,
            buyer: detail.buyer,
            payments: detail.payments.into_iter().map(SettlingPayment::from).collect(),
            credit_notes: detail.credit_notes,
            credits: detail.credits,
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
            let page = Self { invoice, remaining: due, next_payment: due, ..settled() };
            samples.push(Sample::new(name, page));
        }
        samples.push(Sample::new("instalments", in_instalments()));
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
        remaining: eur(15_000),
        next_payment: eur(15_000),
        instalments: Vec::new(),
        body: BodyView::typical(),
        seller: seller(),
        buyer: buyer(),
        payments: vec![payment, transfer],
        credit_notes: vec![note],
        credits: Vec::new(),
    }
}

/// Four parts, of which the second is overdue and partly paid; settled by credit besides.
fn in_instalments() -> InvoicePage {
    let credit = |source, name: Option<&str>| AppliedCredit {
        source,
        name: name.map(str::to_owned),
        used_at: at(date(2026, 11, 5)),
        amount: eur(2_500),
    };
    InvoicePage {
        invoice: InvoiceItem { total: eur(36_300), due: eur(7_100), ..settled().invoice },
        paid: eur(17_100),
        credited: eur(0),
        prepaid: eur(0),
        remaining: eur(19_200),
        next_payment: eur(7_100),
        instalments: instalment_samples(),
        credit_notes: Vec::new(),
        credits: vec![
            credit(CreditSource::Voucher(id(40)), Some("A7K2-9QXM")),
            credit(CreditSource::Voucher(id(41)), None),
            credit(CreditSource::CreditNote(id(42)), Some("CN-2026-0004")),
        ],
        ..settled()
    }
}

/// One of each state that an open invoice has.
pub(crate) fn instalment_samples() -> Vec<InstalmentView> {
    use InstalmentState::{Due, Overdue, Paid, Upcoming};
    let part = |month, amount, open, state| InstalmentView {
        due_on: date(2026, month, 21),
        amount: eur(amount),
        open: eur(open),
        state,
    };
    vec![
        part(9, 12_100, 0, Paid),
        part(10, 7_100, 2_100, Overdue),
        part(11, 5_000, 5_000, Due),
        part(12, 12_100, 12_100, Upcoming),
    ]
}

fn extreme() -> InvoicePage {
    InvoicePage {
        invoice: InvoiceItem::extremes().swap_remove(1),
        subtotal: kwd(9_876_543_210),
        tax: kwd(0),
        paid: kwd(0),
        credited: kwd(0),
        prepaid: kwd(0),
        remaining: kwd(9_876_543_210),
        next_payment: kwd(1),
        instalments: Vec::new(),
        body: BodyView::extreme(),
        seller: extreme_party(),
        buyer: extreme_party(),
        payments: Vec::new(),
        credit_notes: Vec::new(),
        credits: Vec::new(),
    }
}
