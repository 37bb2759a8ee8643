//! One attempt: what was asked, how it stands, what the customer reads, what the provider told.

use axum::extract::Path;
use jiff::Timestamp;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::DeclineReason;
use portico_billing::permission::Permission;
use portico_billing::{Currency, Money};
use portico_core::{AttemptDetail, AttemptHistory, AttemptPart};
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::notices::NoticeItem;
use super::{Gateways, attempt_id, attempt_path};
use crate::staff::customers::{LONG, sample_id};
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, deeds};

/// The attempt with what happened around it.
#[derive(Debug, Clone, Serialize)]
pub struct AttemptPage {
    attempt: Shown,
    notices: Vec<NoticeItem>,
    history: Vec<Event>,
    /// Whether whoever looks may have the provider asked.
    may_look: bool,
    /// Whether whoever looks may close it.
    may_dismiss: bool,
}

/// What of an attempt is shown.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Shown {
    id: String,
    reference: String,
    customer_id: String,
    customer_name: String,
    contact: Option<String>,
    gateway: String,
    provider: String,
    test: bool,
    purpose: AttemptPurpose,
    state: AttemptState,
    /// Key of what stands above the customer's page.
    told_key: &'static str,
    /// Key of why it failed, as the customer reads it.
    reason_key: Option<String>,
    code: Option<String>,
    mismatch: Option<String>,
    is_dismissed: bool,
    /// Whether the provider's answer is missing for long.
    is_missing: bool,
    amount: Money,
    surcharge: Money,
    charged: Money,
    parts: Vec<Part>,
    by_stored_method: bool,
    keeps_method: bool,
    handle: Option<String>,
    network: Option<String>,
    locale: String,
    site: String,
    payment_id: Option<String>,
    begun_at: Timestamp,
    next_look_at: Option<Timestamp>,
    updated_at: Timestamp,
}

/// What of it is for one invoice.
#[derive(Debug, Clone, Serialize)]
struct Part {
    id: String,
    number: Option<String>,
    amount: Money,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
struct Event {
    at: Timestamp,
    icon: &'static str,
    /// The colour of its dot.
    kind: &'static str,
    /// The key of its text; else `word` is shown as it is.
    key: Option<String>,
    word: String,
    /// The kind of who did it, and the name where it is known.
    actor_kind: Option<String>,
    operator: Option<String>,
}

impl Event {
    fn of(at: Timestamp, (icon, kind): (&'static str, &'static str), key: &str) -> Self {
        let (key, word) = (Some(key.to_owned()), String::new());
        Self { at, icon, kind, key, word, actor_kind: None, operator: None }
    }

    /// All that happened, newest first.
    fn all(it: &AttemptDetail, history: &AttemptHistory) -> Vec<Self> {
        let look = |state: AttemptState| match state {
            AttemptState::Succeeded => ("circle-check", "success"),
            AttemptState::Failed => ("circle-alert", "danger"),
            _ => ("hourglass", "info"),
        };
        let key = format!("attempt-state-{}", it.state.as_str().replace('_', "-"));
        let begun = Self::of(it.begun_at, ("plus", "neutral"), "payment-attempts-was-begun");
        let mut all = vec![begun];
        if it.state != AttemptState::Created {
            all.push(Self::of(it.updated_at, look(it.state), &key));
        }
        all.extend(history.notices.iter().map(|notice| Self {
            key: None,
            word: notice.kind.clone(),
            ..Self::of(notice.received_at, ("mail", "info"), "")
        }));
        all.extend(history.deeds.iter().map(|deed| {
            let action = deed.entry.action.to_string();
            Self {
                key: deeds::text_key(&action),
                word: action,
                actor_kind: Some(deed.entry.actor_kind.replace('_', "-")),
                operator: deed.operator.clone().filter(|name| !name.is_empty()),
                ..Self::of(deed.entry.at, ("user-round", "neutral"), "")
            }
        }));
        all.sort_by_key(|event| std::cmp::Reverse(event.at));
        all
    }
}

impl Shown {
    /// The attempt at a time.
    pub(super) fn new(it: &AttemptDetail, now: Timestamp) -> Self {
        let reason_key =
            |reason: DeclineReason| format!("decline-{}", reason.as_str().replace('_', "-"));
        let part = |part: &AttemptPart| Part {
            id: part.invoice_id.uuid().to_string(),
            number: part.number.clone(),
            amount: part.amount,
        };
        Self {
            id: it.id.uuid().to_string(),
            reference: it.reference.to_string(),
            customer_id: it.customer_id.uuid().to_string(),
            customer_name: it.customer_name.clone(),
            contact: it.contact.clone(),
            gateway: it.gateway.name.clone(),
            provider: it.gateway.provider.clone(),
            test: it.gateway.test,
            purpose: it.purpose,
            state: it.state,
            told_key: match it.state {
                AttemptState::Succeeded => "pay-title-paid",
                AttemptState::Failed => "pay-title-failed",
                AttemptState::NeedsAction => "pay-title-away",
                _ => "pay-title-waiting",
            },
            reason_key: it.reason.filter(|_| it.state == AttemptState::Failed).map(reason_key),
            code: it.code.clone(),
            mismatch: it.mismatch.clone(),
            is_dismissed: it.standing.is_dismissed(),
            is_missing: it.mismatch.is_none() && it.standing.needs_a_look(now),
            amount: it.amount,
            surcharge: it.surcharge,
            charged: it.charged,
            parts: it.parts.iter().map(part).collect(),
            by_stored_method: it.payment_method_id.is_some(),
            keeps_method: it.keeps_method,
            handle: it.handle.clone(),
            network: it.network.clone(),
            locale: it.locale.clone(),
            site: it.site.clone(),
            payment_id: it.payment_id.map(|id| id.uuid().to_string()),
            begun_at: it.begun_at,
            next_look_at: it.next_look_at,
            updated_at: it.updated_at,
        }
    }

    /// One that was paid.
    pub(super) fn sample() -> Self {
        let money = |minor| Money::new(minor, Currency::EUR);
        Self {
            id: sample_id(1),
            reference: "0123456789ABCDEFGHJK".to_owned(),
            customer_id: sample_id(2),
            customer_name: "Northwind".to_owned(),
            contact: Some("Ana Núñez".to_owned()),
            gateway: "Card".to_owned(),
            provider: "Stripe".to_owned(),
            test: false,
            purpose: AttemptPurpose::Pay,
            state: AttemptState::Succeeded,
            told_key: "pay-title-paid",
            reason_key: None,
            code: None,
            mismatch: None,
            is_dismissed: false,
            is_missing: false,
            amount: money(12_100),
            surcharge: money(35),
            charged: money(12_135),
            parts: vec![
                Part { id: sample_id(3), number: Some("INV-1".to_owned()), amount: money(10_000) },
                Part { id: sample_id(4), number: None, amount: money(2_100) },
            ],
            by_stored_method: false,
            keeps_method: true,
            handle: Some("cs_test_a1b2c3".to_owned()),
            network: Some("2001:db8:85a3:8d3::".to_owned()),
            locale: "es".to_owned(),
            site: "https://pay.example.com".to_owned(),
            payment_id: Some(sample_id(5)),
            begun_at: Timestamp::UNIX_EPOCH,
            next_look_at: None,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    /// One whose payment does not match.
    pub(super) fn mismatching_sample() -> Self {
        Self {
            state: AttemptState::Unknown,
            told_key: "pay-title-waiting",
            mismatch: Some("9.00 EUR was paid, 121.35 EUR was asked for <b>".to_owned()),
            payment_id: None,
            next_look_at: Some(Timestamp::UNIX_EPOCH),
            ..Self::sample()
        }
    }
}

/// GET: the attempt.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let id = attempt_id(&id)?;
    let (core, caller) = (staff.core(), staff.caller());
    let it = core.payment_attempt(caller, id).await?;
    let history = core.payment_attempt_history(caller, id).await?;
    let gateways = Gateways::load(&staff).await?;
    let names = gateways.by_id();
    let may_bill = staff.may(Permission::EditBilling);
    let is_open = it.state != AttemptState::Succeeded && !it.standing.is_dismissed();
    staff.page(&AttemptPage {
        attempt: Shown::new(&it, core.now()),
        history: Event::all(&it, &history),
        notices: history.notices.into_iter().map(|it| NoticeItem::new(it, &names)).collect(),
        may_look: may_bill && is_open,
        may_dismiss: may_bill && it.standing.may_be_dismissed(),
    })
}

/// POST: has the provider asked, and says what came of it.
pub async fn look(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let id = attempt_id(&id)?;
    let it = staff.core().look_at_payment_attempt(staff.caller(), id).await?;
    let (kind, notice) = match it.state {
        AttemptState::Succeeded => ("success", "notice-attempt-paid"),
        AttemptState::Failed => ("info", "notice-attempt-failed"),
        _ => ("info", "notice-attempt-asked"),
    };
    Ok(staff.here.redirect_with_notice(&attempt_path(id), kind, notice))
}

impl Page for AttemptPage {
    const TEMPLATE: &'static str = "panel/attempts/show.html";

    fn samples() -> Vec<Sample<Self>> {
        let begun =
            Event::of(Timestamp::UNIX_EPOCH, ("plus", "neutral"), "payment-attempts-was-begun");
        let told = Event { key: None, word: "payment_intent.succeeded".into(), ..begun.clone() };
        let done = Event {
            key: deeds::text_key("payment_attempt.looked_up"),
            actor_kind: Some("operator".to_owned()),
            operator: Some(LONG.to_owned()),
            ..begun.clone()
        };
        let page = |attempt: Shown, may: bool| Self {
            may_look: may && attempt.payment_id.is_none() && !attempt.is_dismissed,
            may_dismiss: may && attempt.mismatch.is_some() && !attempt.is_dismissed,
            attempt,
            notices: NoticeItem::samples(),
            history: vec![done.clone(), told.clone(), begun.clone()],
        };
        let failed = |reason: &str, code: &str| Shown {
            state: AttemptState::Failed,
            told_key: "pay-title-failed",
            reason_key: Some(format!("decline-{reason}")),
            code: Some(code.to_owned()),
            payment_id: None,
            ..Shown::sample()
        };
        let dismissed = Shown {
            is_dismissed: true,
            mismatch: Shown::mismatching_sample().mismatch,
            ..failed("dismissed", "Given back in the dashboard <b>")
        };
        let unknown = Shown {
            is_missing: true,
            mismatch: None,
            parts: Vec::new(),
            purpose: AttemptPurpose::Refill,
            by_stored_method: true,
            contact: None,
            handle: None,
            network: None,
            test: true,
            ..Shown::mismatching_sample()
        };
        let extreme = Shown {
            customer_name: LONG.to_owned(),
            contact: Some(LONG.to_owned()),
            gateway: LONG.to_owned(),
            handle: Some("x".repeat(255)),
            code: Some("y".repeat(200)),
            ..Shown::sample()
        };
        let bare = Self { notices: Vec::new(), ..page(unknown, true) };
        vec![
            Sample::new("succeeded", page(Shown::sample(), true)),
            Sample::new("mismatch", page(Shown::mismatching_sample(), true)),
            Sample::new("mismatch-read-only", page(Shown::mismatching_sample(), false)),
            Sample::new("dismissed", page(dismissed, true)),
            Sample::new("failed", page(failed("declined", "card_declined"), true)),
            Sample::new("unknown", bare),
            Sample::new("extreme", page(extreme, true)),
        ]
    }
}
