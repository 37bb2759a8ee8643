//! Links to pay an invoice with: made, told once, switched off.

use axum::extract::Path;
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::invoice::ShownStatus;
use portico_billing::pay_link::{LIFE_DAYS, LIFE_DAYS_MAX};
use portico_billing::{InvoiceId, PayLinkId};
use portico_core::records::Rejection;
use portico_core::{MadePayLink, NewPayLink, PayLinkView};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::show::Shown;
use super::{load, path};
use crate::staff::answer::Stop;
use crate::staff::customers::{Head, sample_id};
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// The field with how many days a link works.
const LIFE: &str = "lifetime_days";

/// A link in the list of its invoice.
#[derive(Debug, Clone, Serialize)]
pub struct PayLinkItem {
    id: String,
    /// The word of its state: `live`.
    state: &'static str,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl From<PayLinkView> for PayLinkItem {
    fn from(it: PayLinkView) -> Self {
        Self {
            id: it.id.uuid().to_string(),
            state: it.state.word(),
            created_at: it.created_at,
            expires_at: it.expires_at,
        }
    }
}

impl PayLinkItem {
    /// One of each state.
    pub fn samples() -> Vec<Self> {
        let item = |(number, state)| Self {
            id: sample_id(number),
            state,
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
        };
        (1..).zip(["live", "done", "expired", "revoked"]).map(item).collect()
    }
}

/// The links of an invoice.
pub async fn items(staff: &Staff, invoice: InvoiceId) -> Result<Vec<PayLinkItem>, Stop> {
    let links = staff.core().pay_links(staff.caller(), invoice).await?;
    Ok(links.into_iter().map(PayLinkItem::from).collect())
}

/// Asks how long a link shall work.
#[derive(Debug, Clone, Serialize)]
pub struct PayLinkPage {
    customer: Head,
    invoice: Shown,
    form: FormState,
}

impl Page for PayLinkPage {
    const TEMPLATE: &'static str = "panel/invoices/pay-link.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form| Self {
            customer: Head::sample(),
            invoice: Shown::sample(ShownStatus::Open),
            form,
        };
        let faulty = out_of_range(blank());
        let refused = blank().with_fault("form", "pay-links-refused", TextArgs::new());
        vec![
            Sample::new("typical", page(blank())),
            Sample::new("faulty", page(faulty)),
            Sample::new("refused", page(refused)),
        ]
    }
}

/// The link, which is told here alone.
#[derive(Debug, Clone, Serialize)]
pub struct PayLinkMadePage {
    customer: Head,
    invoice: Shown,
    address: String,
    expires_at: Timestamp,
    mailed: usize,
}

impl Page for PayLinkMadePage {
    const TEMPLATE: &'static str = "panel/invoices/pay-link-made.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |mailed| Self {
            customer: Head::sample(),
            invoice: Shown::sample(ShownStatus::Open),
            address: "https://pay.voxtel.example/pay-link/Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9v".to_owned(),
            expires_at: Timestamp::UNIX_EPOCH,
            mailed,
        };
        vec![Sample::new("typical", page(0)), Sample::new("mailed", page(2))]
    }
}

fn blank() -> FormState {
    FormState::new().with_value(LIFE, LIFE_DAYS.to_string())
}

fn out_of_range(form: FormState) -> FormState {
    let args = TextArgs::new().text("min", "1").text("max", LIFE_DAYS_MAX.to_string());
    form.with_fault(LIFE, "fault-out-of-range", args)
}

async fn shown(staff: &Staff, id: &str) -> Result<(Head, Shown, InvoiceId), Stop> {
    let (customer, invoice) = load(staff, id).await?;
    let today = staff.core().today(staff.caller()).await?;
    Ok((customer, Shown::new(&invoice, today), invoice.id))
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, invoice, _) = shown(&staff, &id).await?;
    staff.page(&PayLinkPage { customer, invoice, form: blank() })
}

/// POST: makes a link, and tells it.
pub async fn make(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, invoice, invoice_id) = shown(&staff, &id).await?;
    let again = |form| {
        let page = PayLinkPage { customer: customer.clone(), invoice: invoice.clone(), form };
        staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
    };
    let life_days = match fields.get(LIFE) {
        "" => None,
        typed => match typed.parse() {
            Ok(days) => Some(days),
            Err(_) => return again(out_of_range(form)),
        },
    };
    let new = NewPayLink { life_days, mail: fields.get("mail") == "true" };
    match staff.core().make_pay_link(staff.caller(), invoice_id, new).await {
        Ok(MadePayLink { link, url: address, mailed }) => {
            let expires_at = link.expires_at;
            let (customer, invoice) = (customer.clone(), invoice.clone());
            staff.page(&PayLinkMadePage { customer, invoice, address, expires_at, mailed })
        }
        Err(Rejection::Invalid(faults)) if faults.iter().any(|it| it.field == LIFE) => {
            again(out_of_range(form))
        }
        Err(Rejection::Invalid(_)) => {
            again(form.with_fault("mail", "pay-links-nobody", TextArgs::new()))
        }
        Err(Rejection::Conflict { .. }) => {
            again(form.with_fault("form", "pay-links-refused", TextArgs::new()))
        }
        Err(other) => Err(other.into()),
    }
}

/// POST: switches a link off.
pub async fn revoke(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let id: PayLinkId = id.parse().map_err(|_| Problem::NotFound)?;
    let link = staff.core().revoke_pay_link(staff.caller(), id).await?;
    let to = path(link.invoice_id);
    Ok(staff.here.redirect_with_notice(&to, "success", "notice-pay-link-revoked"))
}
