//! One payment or refund.

use axum::extract::Path;
use portico_billing::Money;
use portico_billing::invoice::Party;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_core_api::{PaymentDetail, PaymentRow};
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::list::PaymentItem;
use crate::answer::Answer;
use crate::samples::{buyer, eur, extreme_party, kwd};
use crate::visitor::Visitor;

/// The payment with what it settled and what was given back.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PaymentPage {
    payment: PaymentItem,
    unallocated: Money,
    /// What is being given back, and has not arrived.
    returning: Money,
    refunds: Vec<PaymentItem>,
    payer: Party,
    has_receipt: bool,
}

impl From<PaymentDetail> for PaymentPage {
    fn from(detail: PaymentDetail) -> Self {
        let row = &detail.row;
        let has_receipt =
            row.kind == PaymentKind::Payment && row.status == PaymentStatus::Succeeded;
        Self {
            payment: detail.row.into(),
            unallocated: detail.unallocated,
            returning: detail.returning,
            refunds: detail.refunds.into_iter().map(PaymentItem::from).collect(),
            payer: detail.payer,
            has_receipt,
        }
    }
}

/// GET: the payment.
pub(crate) async fn show(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let detail = visitor.core().payment(&visitor.secret, id).await?;
    visitor.page(&PaymentPage::from(detail))
}

impl Page for PaymentPage {
    const TEMPLATE: &'static str = "portal/payments/detail.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let names = ["processing", "refund", "failed", "cancelled", "succeeded"];
        let mut rows = super::samples();
        let refund = rows[1].clone();
        let refunds_of = |row: &PaymentRow| match row.kind {
            PaymentKind::Payment => vec![refund.clone()],
            PaymentKind::Refund => Vec::new(),
        };
        let page = |row, unallocated, refunds, payer| {
            let returning = eur(0);
            Self::from(PaymentDetail { row, unallocated, returning, refunds, payer })
        };
        let disputed = |status| PaymentRow { disputed: true, status, ..refund.clone() };
        let taken = disputed(PaymentStatus::Succeeded);
        let came_back = PaymentRow { status: PaymentStatus::Failed, ..refund.clone() };
        let returning = Self {
            returning: eur(5_000),
            ..page(rows[4].clone(), eur(0), vec![taken.clone(), came_back.clone()], buyer())
        };
        let own = [
            ("returning", returning),
            ("disputed", page(taken, eur(0), Vec::new(), buyer())),
            ("dispute-won", page(disputed(PaymentStatus::Cancelled), eur(0), Vec::new(), buyer())),
            ("came-back", page(came_back, eur(0), Vec::new(), buyer())),
        ];
        let mut samples: Vec<_> = names
            .into_iter()
            .zip(rows.drain(..))
            .map(|(name, row)| {
                let refunds = refunds_of(&row);
                Sample::new(name, page(row, eur(1_000), refunds, buyer()))
            })
            .collect();
        let extreme = page(super::extreme(), kwd(0), Vec::new(), extreme_party());
        samples.push(Sample::new("extreme", extreme));
        samples.extend(own.map(|(name, page)| Sample::new(name, page)));
        samples
    }
}
