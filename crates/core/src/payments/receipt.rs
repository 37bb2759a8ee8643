//! The receipt of a payment or refund.

use portico_billing::PaymentId;
use portico_billing::payment::PaymentStatus;
use portico_billing::section::Section;
use portico_core_api::{Document, Refusal, SessionSecret};
use portico_documents::{ReceiptDocument, SettledInvoice, receipt_pdf};

use super::{SETTLED_IN_DETAIL, load, method_key, number, tells_settled};
use crate::documents::pdf_file;
use crate::{Core, Failure, documents, visit};

pub(crate) async fn receipt(
    core: &Core,
    secret: &SessionSecret,
    id: PaymentId,
) -> Result<Document, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Payments).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let payment = load(&mut read, &scope, id).await?;
    let succeeded = payment.filter(|payment| payment.status == PaymentStatus::Succeeded);
    let payment = succeeded.ok_or(Refusal::NotFound)?;
    let settling = if tells_settled(&payment, &scope) { vec![payment.id] } else { Vec::new() };
    let settled = read.allocated_invoices(&settling, SETTLED_IN_DETAIL).await;
    let settled: Vec<SettledInvoice> = settled
        .map_err(Failure::from)?
        .iter()
        .map(|it| SettledInvoice { number: number(it), issued_on: it.issued_on, amount: it.amount })
        .collect();
    let organisation = read.organisation().await.map_err(Failure::from)?;
    let organisation = organisation.ok_or(Failure::Missing("organisation"))?;
    let (seller, buyer) = documents::parties(&mut read, scope.customer_id, (None, None)).await?;
    let style = core.inner.press.style(&mut read, &scope).await?;
    drop(read);
    let method = core.inner.press.text(&scope, method_key(&payment.method));
    let method = payment.method_label.clone().unwrap_or(method);
    let paid_on = visit::date_in(&organisation.time_zone, payment.paid_at);
    let name = format!("receipt-{}", payment.reference.as_deref().unwrap_or(&id.to_string()));
    let work = move || {
        let (payment, settled) = (&payment, settled.as_slice());
        let document = ReceiptDocument {
            payment,
            method: &method,
            paid_on,
            settled,
            seller: &seller,
            buyer: &buyer,
        };
        receipt_pdf(&document, &style.borrow())
    };
    let bytes = core.inner.press.print(work).await?;
    Ok(pdf_file(&name, bytes))
}
