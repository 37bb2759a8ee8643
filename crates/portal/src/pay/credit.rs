//! What was settled by credit alone.

use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::{InvoiceId, Money};
use portico_core_api::CreditUseView;
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use serde::Serialize;

use crate::answer::Answer;
use crate::samples::{LONG, at, eur, id, kwd};
use crate::visitor::Visitor;

/// One use of credit.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CreditUsePage {
    amount: Money,
    used_at: Timestamp,
    invoices: Vec<SettledByCredit>,
}

/// An invoice with what credit settled of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SettledByCredit {
    id: InvoiceId,
    number: Option<String>,
    amount: Money,
}

impl From<CreditUseView> for CreditUsePage {
    fn from(it: CreditUseView) -> Self {
        let settled = |(id, number, amount)| SettledByCredit { id, number, amount };
        Self {
            amount: it.amount,
            used_at: it.used_at,
            invoices: it.invoices.into_iter().map(settled).collect(),
        }
    }
}

/// GET: the page.
pub(crate) async fn show(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let view = visitor.core().credit_use(&visitor.secret, id).await?;
    visitor.page(&CreditUsePage::from(view))
}

impl Page for CreditUsePage {
    const TEMPLATE: &'static str = "portal/pay/credit-use.html";

    fn samples() -> Vec<Sample<Self>> {
        let hidden = CreditUseView { invoices: Vec::new(), ..sample() };
        vec![
            Sample::new("typical", sample().into()),
            Sample::new("invoices-hidden", hidden.into()),
            Sample::new("extreme", extreme().into()),
        ]
    }
}

pub(crate) fn sample() -> CreditUseView {
    CreditUseView {
        id: id(95),
        amount: eur(31_250),
        invoices: vec![
            (id(117), Some("INV-2026-0117".to_owned()), eur(21_000)),
            (id(118), Some("INV-2026-0118".to_owned()), eur(10_250)),
        ],
        used_at: at(date(2026, 11, 21)),
    }
}

/// Three decimals, a number without a place to break, and none.
pub(crate) fn extreme() -> CreditUseView {
    CreditUseView {
        amount: kwd(9_876_543_210),
        invoices: vec![(id(1), Some(LONG.to_owned()), kwd(9_876_543_209)), (id(2), None, kwd(1))],
        ..sample()
    }
}
