//! What whoever holds a link can do.

use portico_billing::gateway::Reference;
use portico_billing::{AttemptId, Money};
use portico_core_api::{
    Document, Fault, FollowedLink, InstalmentView, LinkHolder, LinkedAttempt, LinkedInvoice,
    LinkedLine, LinkedOrder, Origin, PayOrder, Refusal, SandboxView, WayToPay,
};

use super::holder::{Held, resolve};
use crate::{Core, Failure, invoices, pay};

/// Most lines of the invoice that are shown.
const MOST_LINES: usize = 100;
/// Most characters of the key of a form; the link's identifier stands before it.
const FORM_KEY_MAX: usize = 31;

/// Which link it is. Nothing changes, so that whoever looks at links before people do does nothing
/// (SES-05).
pub(super) async fn follow(
    core: &Core,
    holder: &LinkHolder,
    origin: &Origin,
) -> Result<FollowedLink, Refusal> {
    core.inner.limits.pay_link(origin.address)?;
    let (_, held) = resolve(core, holder).await?;
    held.require_live()?;
    Ok(held.followed())
}

pub(super) async fn invoice(core: &Core, holder: &LinkHolder) -> Result<LinkedInvoice, Refusal> {
    let (mut read, held) = resolve(core, holder).await?;
    held.require_live()?;
    let it = &held.invoice;
    let body = match held.brand.paying.link_lines {
        true => Some(read.invoice_body(it.id).await.map_err(Failure::from)?),
        false => None,
    };
    let lines = body.map(|body| body.lines).unwrap_or_default();
    let gateways = read.enabled_gateways(held.brand.id).await.map_err(Failure::from)?;
    let ways = gateways.iter().filter_map(|record| pay::way_once(core, record, it.currency));
    let due = it.next_payment(held.today);
    let ways = ways.map(|way| WayToPay { terms: way.terms.for_due(due.minor()), ..way });
    Ok(LinkedInvoice {
        link: held.followed(),
        number: invoices::number(it.number.as_deref(), it.id),
        due_on: it.next_due_on(),
        overdue: it.next_due_on() < held.today,
        due,
        remaining: it.remaining(),
        instalments: InstalmentView::all_of(it, held.today),
        more_lines: lines.len() > MOST_LINES,
        lines: lines
            .into_iter()
            .take(MOST_LINES)
            .map(|line| LinkedLine {
                description: line.description,
                amount: Money::new(line.amount_minor, it.currency),
            })
            .collect(),
        ways: ways.filter(|way| way.terms.take(due)).collect(),
    })
}

pub(super) async fn invoice_pdf(core: &Core, holder: &LinkHolder) -> Result<Document, Refusal> {
    let (read, held) = resolve(core, holder).await?;
    held.require_live()?;
    drop(read);
    invoices::pdf_of(core, held.link.organisation_id, held.invoice.id).await
}

/// Begins to pay what is to be paid next, or all that remains. That may have changed since the page
/// was made: then the page is shown again.
pub(super) async fn pay(
    core: &Core,
    holder: &LinkHolder,
    order: LinkedOrder,
    origin: &Origin,
) -> Result<AttemptId, Refusal> {
    core.inner.limits.linked_payment(origin.address)?;
    let (mut read, held) = resolve(core, holder).await?;
    if !(1..=FORM_KEY_MAX).contains(&order.form_key.len()) {
        return Err(pay::at("form", Fault::Required));
    }
    let form_key = format!("{}:{}", held.link.id.uuid().simple(), order.form_key);
    let sent = read.payment_attempt_by_form(held.customer.id, &form_key).await;
    if sent.map_err(Failure::from)?.is_none() {
        held.require_live()?;
        let it = &held.invoice;
        let choices = [it.next_payment(held.today), it.remaining()];
        if choices.iter().all(|choice| choice.minor() != order.due_minor) {
            return Err(pay::at("amount", Fault::NotAChoice));
        }
    }
    drop(read);
    let order = PayOrder {
        form_key,
        invoices: vec![held.invoice.id],
        currency: held.invoice.currency,
        amount_minor: Some(order.due_minor),
        whole: false,
        credit: false,
        gateway: Some(order.gateway),
        method: None,
        keep: false,
        site: order.site,
    };
    let begun = pay::begin(core, &held.payer(), order, origin).await?;
    Ok(begun.attempt().ok_or(Failure::Missing("attempt by a link"))?)
}

/// How an attempt stands; the gateway is asked before, where that is wanted.
pub(super) async fn attempt(
    core: &Core,
    holder: &LinkHolder,
    id: AttemptId,
    asks: bool,
) -> Result<LinkedAttempt, Refusal> {
    let (mut read, held) = resolve(core, holder).await?;
    let found = read.payment_attempt(id).await.map_err(Failure::from)?;
    let it = held.own(&mut read, found).await?;
    drop(read);
    let organisation = held.link.organisation_id;
    let it = match asks {
        true => pay::looked_at(core, organisation, it).await?,
        false => it,
    };
    let view = pay::view(core, organisation, it, true).await?;
    // What is due may have changed by looking.
    let (_, held) = resolve(core, holder).await?;
    Ok(LinkedAttempt { view, link: held.followed(), open: held.require_live().is_ok() })
}

pub(super) async fn sandbox(
    core: &Core,
    holder: &LinkHolder,
    reference: &Reference,
) -> Result<SandboxView, Refusal> {
    let (_, it) = at_sandbox(core, holder, reference).await?;
    Ok(pay::page_of(&it))
}

pub(super) async fn choose(
    core: &Core,
    holder: &LinkHolder,
    reference: &Reference,
    choice: &str,
) -> Result<AttemptId, Refusal> {
    let (held, it) = at_sandbox(core, holder, reference).await?;
    pay::note_choice(core, held.link.organisation_id, it.id, choice).await?;
    Ok(it.id)
}

async fn at_sandbox(
    core: &Core,
    holder: &LinkHolder,
    reference: &Reference,
) -> Result<(Held, portico_store::payment_attempt::PaymentAttempt), Refusal> {
    let (mut read, held) = resolve(core, holder).await?;
    let found = pay::at_sandbox(core, held.link.organisation_id, reference).await?;
    let it = held.own(&mut read, found).await?;
    Ok((held, it))
}
