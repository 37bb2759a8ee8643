//! What is to be paid by a link, and by what.

use std::time::Duration;

use axum::extract::Path;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use portico_billing::{Currency, Money, PayLinkId};
use portico_core_api::{
    Fault, FieldFault, InstalmentView, LinkHolder, LinkedInvoice, LinkedLine, LinkedOrder, Refusal,
    WayToPay,
};
use portico_ui::errors::Problem;
use portico_ui::paths::with_query;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::{LinkCookie, over, refused};
use crate::answer::{Answer, download, redirect};
use crate::entry::SafeHere;
use crate::here::Here;
use crate::invoices::detail::instalment_samples;
use crate::paths;
use crate::pay::ways::{self, WayView};
use crate::refusal::{again_at, with_retry_after};
use crate::samples::{LONG, MARKUP, RTL, at, eur, id, kwd};

/// The invoice, and the form.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LinkedInvoicePage {
    link: PayLinkId,
    number: String,
    due_on: Date,
    overdue: bool,
    due: Money,
    remaining: Money,
    instalments: Vec<InstalmentView>,
    lines: Vec<LinkedLine>,
    more_lines: bool,
    ways: Vec<WayView>,
    form: FormState,
    /// When the form can be sent again, where it was sent too often.
    again_at: Option<Timestamp>,
}

/// The fields of the form.
#[derive(Deserialize)]
pub(crate) struct PayForm {
    #[serde(default)]
    key: String,
    #[serde(default)]
    way: String,
    #[serde(default)]
    due: String,
}

impl LinkedInvoicePage {
    fn new(it: LinkedInvoice, form: FormState) -> Self {
        let is_all = form.value("due") == it.remaining.minor().to_string();
        let asked = if is_all { it.remaining } else { it.due };
        let form = form.with_value("due", asked.minor().to_string());
        Self {
            link: it.link.id,
            number: it.number,
            due_on: it.due_on,
            overdue: it.overdue,
            due: it.due,
            remaining: it.remaining,
            instalments: it.instalments,
            lines: it.lines,
            more_lines: it.more_lines,
            ways: it.ways.into_iter().map(WayView::from).collect(),
            form,
            again_at: None,
        }
    }
}

/// The form with a key of its own. One that was refused began nothing, and gets another.
fn with_key(form: FormState, here: &Here) -> FormState {
    let random = here.portal.entropy();
    form.with_value("key", URL_SAFE_NO_PAD.encode(&random[..16]))
}

/// GET: the page.
pub(crate) async fn show(
    SafeHere(here): SafeHere,
    cookie: LinkCookie,
    Path(id): Path<String>,
) -> Answer {
    let Some(holder) = cookie.holder_of(&here, &id) else { return over(&here) };
    match here.portal.core().linked_invoice(&holder).await {
        Ok(it) => {
            let form = FormState::new().with_value("way", ways::first(&it.ways));
            let form = with_key(form, &here);
            let here = here.with_link_language(Some(&it.link.language));
            here.page(&LinkedInvoicePage::new(it, form))
        }
        Err(refusal) => refused(&here, refusal),
    }
}

/// GET: the invoice as PDF.
pub(crate) async fn pdf(
    SafeHere(here): SafeHere,
    cookie: LinkCookie,
    Path(id): Path<String>,
) -> Answer {
    let Some(holder) = cookie.holder_of(&here, &id) else { return over(&here) };
    match here.portal.core().linked_invoice_pdf(&holder).await {
        Ok(document) => Ok(download(document)),
        Err(refusal) => refused(&here, refusal),
    }
}

/// POST: begins to pay.
pub(crate) async fn pay(
    SafeHere(here): SafeHere,
    cookie: LinkCookie,
    Path(id): Path<String>,
    form: CheckedForm<PayForm>,
) -> Answer {
    let Some(holder) = cookie.holder_of(&here, &id) else { return over(&here) };
    let (fields, form) = form.open();
    let order = match order(&fields, &here)? {
        Ok(order) => order,
        Err((field, key)) => {
            let form = form.with_fault(field, key, TextArgs::new());
            return back(here, &holder, (form, None)).await;
        }
    };
    match here.portal.core().pay_linked(&holder, order, here.client()).await {
        Ok(id) => Ok(redirect(&with_query(&paths::linked_attempt(id), [("go", "1")]))),
        Err(Refusal::Invalid { faults }) => {
            back(here, &holder, (faulty(form, &faults), None)).await
        }
        Err(Refusal::TooMany { retry_after }) => {
            back(here, &holder, (form, Some(retry_after))).await
        }
        Err(refusal) => refused(&here, refusal),
    }
}

/// What is wrong with the form: the field, and the key of the text.
type Wrong = (&'static str, &'static str);

fn order(fields: &PayForm, here: &Here) -> Result<Result<LinkedOrder, Wrong>, Problem> {
    let Ok(gateway) = fields.way.trim().parse() else {
        return Ok(Err(("way", "pay-fault-no-way")));
    };
    let Ok(due_minor) = fields.due.parse() else { return Ok(Err(("form", "pay-fault-form"))) };
    let site = here.site()?.join(paths::LINKED).map_err(|_| Problem::BadRequest)?;
    Ok(Ok(LinkedOrder { form_key: fields.key.clone(), due_minor, gateway, site }))
}

/// The form with what the core says is wrong with it.
fn faulty(form: FormState, faults: &[FieldFault]) -> FormState {
    faults.iter().fold(form, |form, found| {
        let (field, key) = match (found.field.as_str(), &found.fault) {
            ("amount", Fault::OutOfRange { .. }) => ("form", "decline-too-much"),
            ("amount", _) => ("form", "pay-link-fault-changed"),
            ("form", Fault::Unchanged) => ("form", "pay-fault-sent-before"),
            ("way", _) => ("way", "pay-fault-no-way"),
            _ => ("form", "pay-fault-form"),
        };
        form.with_fault(field, key, TextArgs::new())
    })
}

/// The page once more, with what is due by now.
async fn back(
    here: Here,
    holder: &LinkHolder,
    (form, wait): (FormState, Option<Duration>),
) -> Answer {
    let it = match here.portal.core().linked_invoice(holder).await {
        Ok(it) => it,
        Err(refusal) => return refused(&here, refusal),
    };
    let form = with_key(form, &here);
    let here = here.with_link_language(Some(&it.link.language));
    let page = LinkedInvoicePage::new(it, form);
    let Some(wait) = wait else {
        return here.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let page = LinkedInvoicePage { again_at: again_at(here.portal.now(), wait), ..page };
    Ok(with_retry_after(here.page_with(StatusCode::TOO_MANY_REQUESTS, &page)?, wait))
}

impl Page for LinkedInvoicePage {
    const TEMPLATE: &'static str = "portal/linked/invoice.html";

    fn samples() -> Vec<Sample<Self>> {
        let changed = sample().form.with_fault("form", "pay-link-fault-changed", TextArgs::new());
        let faulty = changed.with_fault("way", "pay-fault-no-way", TextArgs::new());
        let again_at = Some(at(date(2026, 11, 22)));
        let answering = |count| once(ways::samples::answering(Currency::EUR, count));
        vec![
            Sample::new("typical", sample()),
            Sample::new("overdue", Self { lines: Vec::new(), overdue: true, ..sample() }),
            Sample::new("no-way", Self { ways: Vec::new(), ..sample() }),
            Sample::new("one-answers", Self { ways: answering(1), ..sample() }),
            Sample::new("none-answers", Self { ways: answering(0), ..sample() }),
            Sample::new("faulty", Self { form: faulty, ..sample() }),
            Sample::new("too-many", Self { again_at, ..sample() }),
            Sample::new(
                "instalments",
                Self { remaining: eur(36_300), instalments: instalment_samples(), ..sample() },
            ),
            Sample::new("extreme", extreme()),
        ]
    }
}

/// Ways as those see them who cannot keep any.
fn once(ways: Vec<WayToPay>) -> Vec<WayView> {
    let once = |way| WayToPay { keeps: false, methods: Vec::new(), ..way };
    ways.into_iter().map(once).map(WayView::from).collect()
}

fn sample() -> LinkedInvoicePage {
    let line = |description: &str, minor| LinkedLine {
        description: description.to_owned(),
        amount: eur(minor),
    };
    LinkedInvoicePage {
        link: id(90),
        number: "INV-2026-0117".to_owned(),
        due_on: date(2026, 12, 1),
        overdue: false,
        due: eur(12_100),
        remaining: eur(12_100),
        instalments: Vec::new(),
        lines: vec![line("Team plan", 9_000), line("Block storage", 1_000)],
        more_lines: false,
        ways: once(ways::samples::ways(Currency::EUR)),
        form: FormState::new().with_value("key", "c2VjcmV0").with_value("due", "12100"),
        again_at: None,
    }
}

/// Three decimals, names that need care, more lines than are shown.
fn extreme() -> LinkedInvoicePage {
    let line = |description: &str| LinkedLine {
        description: description.to_owned(),
        amount: kwd(9_876_543_210),
    };
    LinkedInvoicePage {
        number: LONG.to_owned(),
        overdue: true,
        due: kwd(9_876_543_210),
        remaining: kwd(9_876_543_211),
        lines: vec![line(LONG), line(RTL), line(MARKUP)],
        more_lines: true,
        ways: once(ways::samples::extremes(Currency::KWD)),
        ..sample()
    }
}
