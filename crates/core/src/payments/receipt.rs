//! The receipt of a payment or refund.

use portico_billing::payment::{Payment, PaymentStatus};
use portico_billing::section::{Section, Sections};
use portico_billing::{LanguageTag, OrganisationId, PaymentId};
use portico_core_api::{Document, Refusal, SessionSecret};
use portico_documents::{ReceiptDocument, SettledInvoice, receipt_pdf};
use portico_store::Read;

use super::{SETTLED_IN_DETAIL, load, method_key, number, tells_settled};
use crate::documents::{Style, pdf_file};
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
    let tells_settled = tells_settled(&payment, scope.sections);
    let style = core.inner.press.style(&mut read, &scope).await?;
    print(core, read, payment, (style, tells_settled)).await
}

/// The receipt that goes with a mail to the payment's customer, in the mail's language.
pub(crate) async fn receipt_to_mail(
    core: &Core,
    (organisation, id): (OrganisationId, PaymentId),
    language: &LanguageTag,
) -> Result<Document, Refusal> {
    let mut read = core.inner.store.read(organisation).await.map_err(Failure::from)?;
    let payment = read.payment(id).await.map_err(Failure::from)?;
    let succeeded = payment.filter(|payment| payment.status == PaymentStatus::Succeeded);
    let payment = succeeded.ok_or(Refusal::NotFound)?;
    let customer = read.customer(payment.customer_id).await.map_err(Failure::from)?;
    let customer = customer.ok_or(Failure::Missing("customer"))?;
    let brand = read.brand(customer.brand_id).await.map_err(Failure::from)?;
    let brand = brand.ok_or(Failure::Missing("brand"))?;
    let shown = Sections::resolve(&brand.hidden_sections, &customer.access);
    let tells_settled = tells_settled(&payment, shown);
    let style = core.inner.press.style_of(&mut read, brand, language).await?;
    print(core, read, payment, (style, tells_settled)).await
}

async fn print(
    core: &Core,
    mut read: Read,
    payment: Payment,
    (style, tells_settled): (Style, bool),
) -> Result<Document, Refusal> {
    let settling = if tells_settled { vec![payment.id] } else { Vec::new() };
    let settled = read.allocated_invoices(&settling, SETTLED_IN_DETAIL).await;
    let settled: Vec<SettledInvoice> = settled
        .map_err(Failure::from)?
        .iter()
        .map(|it| SettledInvoice { number: number(it), issued_on: it.issued_on, amount: it.amount })
        .collect();
    let organisation = read.organisation().await.map_err(Failure::from)?;
    let organisation = organisation.ok_or(Failure::Missing("organisation"))?;
    let customer = payment.customer_id;
    let (seller, buyer) = documents::parties(&mut read, customer, (None, None)).await?;
    drop(read);
    let method = core.inner.press.text_in(style.language(), method_key(&payment.method));
    let method = payment.method_label.clone().unwrap_or(method);
    let paid_on = visit::date_in(&organisation.time_zone, payment.paid_at);
    let id = payment.id;
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
