//! How an attempt to pay stands.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::date;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::DeclineReason;
use portico_billing::{AttemptId, InvoiceId, Money, PaymentId};
use portico_core_api::{AttemptView, LeadsTo, Refusal};
use portico_ui::errors::Problem;
use portico_ui::headers::FormTargets;
use portico_ui::paths::with_query;
use portico_ui::{Page, Sample};
use serde::Serialize;

use crate::answer::{Answer, redirect};
use crate::params::Params;
use crate::paths;
use crate::samples::{LONG, RTL, at, eur, id, kwd};
use crate::visitor::Visitor;

/// What the page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// The next step is the customer's, at the provider.
    Away,
    /// How it ended is not known.
    Waiting,
    Paid,
    Failed,
}

/// The attempt.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct AttemptPage {
    id: AttemptId,
    purpose: AttemptPurpose,
    stage: Stage,
    state: AttemptState,
    reason_key: Option<String>,
    amount: Money,
    surcharge: Money,
    charged: Money,
    /// What credit settles beside it.
    credit: Money,
    invoices: Vec<(InvoiceId, Option<String>)>,
    way: String,
    provider: String,
    test: bool,
    payment: Option<PaymentId>,
    leads_to: Option<LeadsTo>,
    /// Whether the page leads on by itself: on the way there, never on the way back.
    goes: bool,
    /// The form to try again with.
    again_url: String,
}

/// Where the customer is who looks at the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leg {
    /// On the way to the provider.
    There,
    /// Back from it, having finished there as far as they know.
    Back,
    /// Neither: they look how it stands.
    Here,
}

impl Leg {
    pub(crate) fn of(params: &Params) -> Self {
        match (params.get("go"), params.get("back")) {
            ("1", _) => Self::There,
            (_, "1") => Self::Back,
            _ => Self::Here,
        }
    }
}

impl AttemptPage {
    pub(crate) fn new(view: AttemptView, leg: Leg) -> Self {
        let is_page = |to: &LeadsTo| matches!(to.url.scheme(), "http" | "https");
        let leads_to = view.leads_to.clone().filter(is_page);
        let stage = match (view.state, &leads_to) {
            (AttemptState::Succeeded, _) => Stage::Paid,
            (AttemptState::Failed, _) => Stage::Failed,
            (AttemptState::NeedsAction, Some(_)) if leg != Leg::Back => Stage::Away,
            _ => Stage::Waiting,
        };
        let leads_to = leads_to.filter(|_| view.state == AttemptState::NeedsAction);
        let goes = leg == Leg::There && leads_to.as_ref().is_some_and(|to| to.fields.is_empty());
        let reason_key =
            |reason: DeclineReason| format!("decline-{}", reason.as_str().replace('_', "-"));
        Self {
            id: view.id,
            purpose: view.purpose,
            stage,
            state: view.state,
            reason_key: view.reason.filter(|_| stage == Stage::Failed).map(reason_key),
            amount: view.amount,
            surcharge: view.surcharge,
            charged: view.charged,
            credit: view.credit,
            again_url: again_url(&view),
            invoices: view.invoices,
            way: view.way,
            provider: view.provider,
            test: view.test,
            payment: view.payment,
            leads_to,
            goes,
        }
    }
}

impl AttemptPage {
    /// In a frame: providers do not stand there.
    pub(crate) fn in_frame(self, is_embedded: bool) -> Self {
        Self { goes: self.goes && !is_embedded, ..self }
    }

    /// The page as it is answered: where a form of it leads to the provider, it may.
    pub(crate) fn with_target(&self, mut response: Response) -> Response {
        if let Some(to) = self.leads_to.as_ref().filter(|to| !to.fields.is_empty()) {
            let targets = response.extensions_mut().get_or_insert_default::<FormTargets>();
            targets.0.push(to.url.to_string());
        }
        response
    }
}

/// The form with the same invoices, or the one to refill in the same currency.
fn again_url(view: &AttemptView) -> String {
    let ids: Vec<String> = view.invoices.iter().map(|(id, _)| id.to_string()).collect();
    let path = match view.purpose {
        AttemptPurpose::Pay => paths::PAY,
        AttemptPurpose::Refill => paths::REFILL,
    };
    with_query(path, [("invoices", &*ids.join(",")), ("currency", view.amount.currency().code())])
}

/// GET: how it stands. `?go=1` leads on to the provider where that is the next step; `?back=1`
/// waits for it, though it may not know yet that the customer was there.
pub(crate) async fn show(visitor: Visitor, Path(id): Path<String>, params: Params) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let view = visitor.core().attempt(&visitor.secret, id).await?;
    let page = AttemptPage::new(view, Leg::of(&params));
    let page = page.in_frame(visitor.here.origin.is_embedded());
    Ok(page.with_target(visitor.page(&page)?))
}

/// GET: the word of its state, for the script that waits for another one.
pub(crate) async fn state(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let view = visitor.core().attempt(&visitor.secret, id).await?;
    let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((text, view.state.as_str()).into_response())
}

/// GET: the customer comes back from the provider.
pub(crate) async fn come_back(visitor: Visitor, Path(id): Path<String>) -> Answer {
    look(&visitor, &id, "1").await
}

/// GET: the customer turned back there.
pub(crate) async fn turn_back(visitor: Visitor, Path(id): Path<String>) -> Answer {
    look(&visitor, &id, "").await
}

/// That somebody comes back says nothing, neither that it is paid nor that it is not: the provider
/// is asked.
async fn look(visitor: &Visitor, id: &str, back: &str) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    match visitor.core().look_at_attempt(&visitor.secret, id).await {
        // Whether it was asked or not, the page says what is known and waits for the rest.
        Ok(_) | Err(Refusal::TooMany { .. } | Refusal::Unavailable { .. }) => {
            Ok(redirect(&with_query(&paths::attempt(id), [("back", back)])))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

impl Page for AttemptPage {
    const TEMPLATE: &'static str = "portal/pay/attempt.html";

    fn samples() -> Vec<Sample<Self>> {
        use AttemptState::{Created, Failed, NeedsAction, Processing, Sent, Succeeded, Unknown};
        let page = |state| Self::new(AttemptView { state, ..sample() }, Leg::Here);
        let refill = |state| {
            let purpose = AttemptPurpose::Refill;
            Self::new(AttemptView { state, purpose, invoices: Vec::new(), ..sample() }, Leg::Here)
        };
        let failed = |reason| {
            let reason = Some(reason);
            Self::new(AttemptView { state: Failed, reason, ..sample() }, Leg::Here)
        };
        let form = AttemptView { leads_to: leads_to(&[("token", "\"<x>")]), ..sample() };
        let paid = AttemptView { state: Succeeded, ..extreme() };
        let with_credit = AttemptView { state: Succeeded, credit: eur(1_250), ..sample() };
        let mut samples = vec![
            Sample::new("needs-action", page(NeedsAction)),
            Sample::new("goes", Self::new(sample(), Leg::There)),
            Sample::new("back", Self::new(sample(), Leg::Back)),
            Sample::new("form-back", Self::new(form.clone(), Leg::Back)),
            Sample::new("form", Self::new(form, Leg::There)),
            Sample::new("created", page(Created)),
            Sample::new("sent", page(Sent)),
            Sample::new("processing", page(Processing)),
            Sample::new("unknown", refill(Unknown)),
            Sample::new("succeeded", page(Succeeded)),
            Sample::new("with-credit", Self::new(with_credit, Leg::Here)),
            Sample::new("refilled", refill(Succeeded)),
            Sample::new("refill-failed", refill(Failed)),
            Sample::new("extreme", Self::new(paid, Leg::Here)),
            Sample::new("extreme-away", Self::new(extreme(), Leg::Here)),
        ];
        samples.extend(REASONS.map(|(name, reason)| Sample::new(name, failed(reason))));
        samples
    }
}

/// All reasons, by the names of their samples.
const REASONS: [(&str, DeclineReason); 11] = [
    ("declined", DeclineReason::Declined),
    ("insufficient-funds", DeclineReason::InsufficientFunds),
    ("expired", DeclineReason::Expired),
    ("wrong-details", DeclineReason::WrongDetails),
    ("not-authenticated", DeclineReason::NotAuthenticated),
    ("customer-needed", DeclineReason::CustomerNeeded),
    ("abandoned", DeclineReason::Abandoned),
    ("method-gone", DeclineReason::MethodGone),
    ("too-much", DeclineReason::TooMuch),
    ("unavailable", DeclineReason::Unavailable),
    ("dismissed", DeclineReason::Dismissed),
];

fn leads_to(fields: &[(&str, &str)]) -> Option<LeadsTo> {
    let url = "https://checkout.example/pay/cs_1?a=b&c=%22".parse().ok()?;
    let field = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Some(LeadsTo { url, fields: fields.iter().map(field).collect() })
}

pub(crate) fn sample() -> AttemptView {
    AttemptView {
        id: id(80),
        purpose: AttemptPurpose::Pay,
        state: AttemptState::NeedsAction,
        reason: None,
        amount: eur(63_350),
        surcharge: eur(912),
        charged: eur(64_262),
        credit: eur(0),
        invoices: vec![
            (id(118), Some("INV-2026-0118".to_owned())),
            (id(117), Some("INV-2026-0117".to_owned())),
        ],
        way: "Card".to_owned(),
        provider: "Stripe".to_owned(),
        test: false,
        payment: Some(id(7)),
        leads_to: leads_to(&[]),
        begun_at: at(date(2026, 11, 21)),
    }
}

/// Three decimals, names that need care, an invoice without a number, play money.
fn extreme() -> AttemptView {
    AttemptView {
        amount: kwd(9_876_543_210),
        surcharge: kwd(0),
        charged: kwd(9_876_543_210),
        credit: kwd(1),
        invoices: vec![(id(1), Some(LONG.to_owned())), (id(2), None)],
        way: LONG.to_owned(),
        provider: RTL.to_owned(),
        test: true,
        payment: None,
        ..sample()
    }
}
