//! The password, and where one is signed in.

use axum::extract::Path;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::SessionId;
use portico_billing::session::SessionOrigin;
use portico_core_api::{PasswordChange, Refusal, SessionView, StaffVisit};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, Device, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, redirect};
use crate::params::Params;
use crate::paths;
use crate::refusal::with_faults;
use crate::samples::{LONG, at, id};
use crate::visitor::Visitor;

/// Password and sessions. Visits without a person have no password.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SecurityPage {
    form: FormState,
    has_contact: bool,
    has_password: bool,
    sessions: Vec<SessionItem>,
    /// Visits of the organisation's people.
    staff_visits: Vec<StaffVisit>,
}

/// A session as listed.
#[derive(Debug, Clone, Serialize)]
struct SessionItem {
    id: SessionId,
    current: bool,
    origin: SessionOrigin,
    device: Device,
    address: Option<String>,
    started_at: Timestamp,
    last_seen_at: Timestamp,
}

impl From<SessionView> for SessionItem {
    fn from(view: SessionView) -> Self {
        Self {
            device: Device::of(view.user_agent.as_deref().unwrap_or_default()),
            id: view.id,
            current: view.current,
            origin: view.origin,
            address: view.address,
            started_at: view.started_at,
            last_seen_at: view.last_seen_at,
        }
    }
}

impl SecurityPage {
    async fn load(visitor: &Visitor, form: FormState) -> Result<Self, Refusal> {
        let contact = visitor.visit.contact.as_ref();
        let sessions = match contact {
            Some(_) => visitor.core().sessions(&visitor.secret).await?,
            None => Vec::new(),
        };
        let staff_visits = visitor.core().staff_visits(&visitor.secret).await?;
        Ok(Self {
            form,
            has_contact: contact.is_some(),
            has_password: contact.is_some_and(|contact| contact.has_password),
            sessions: sessions.into_iter().map(SessionItem::from).collect(),
            staff_visits,
        })
    }
}

/// The fields; `current_password` is not asked for where none is set.
#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    current_password: Option<String>,
    new_password: String,
}

/// GET: the page.
pub(crate) async fn show(visitor: Visitor) -> Answer {
    let page = SecurityPage::load(&visitor, FormState::new()).await?;
    visitor.page(&page)
}

/// POST: another password; all other sessions end.
pub(crate) async fn change_password(visitor: Visitor, form: CheckedForm<PasswordForm>) -> Answer {
    let (fields, form) = form.open();
    let change = PasswordChange { current: fields.current_password, new: fields.new_password };
    let here = &visitor.here;
    match visitor.core().change_password(&visitor.secret, change).await {
        Ok(()) => {
            Ok(here.redirect_with_notice(paths::SECURITY, "success", "notice-password-changed"))
        }
        Err(Refusal::Invalid { faults }) => {
            let page = SecurityPage::load(&visitor, with_faults(form, &faults)).await?;
            visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// POST: ends one session. Ending one's own leads to sign in.
pub(crate) async fn end(
    visitor: Visitor,
    Path(id): Path<String>,
    _checked: CheckedForm<Params>,
) -> Answer {
    let id: SessionId = id.parse().map_err(|_| Problem::NotFound)?;
    visitor.core().end_session(&visitor.secret, id).await?;
    if id == visitor.visit.session_id {
        return Ok(redirect(paths::SIGNED_OUT));
    }
    Ok(visitor.here.redirect_with_notice(paths::SECURITY, "success", "notice-session-ended"))
}

/// POST: ends all sessions but this one.
pub(crate) async fn end_others(visitor: Visitor, _checked: CheckedForm<Params>) -> Answer {
    visitor.core().end_other_sessions(&visitor.secret).await?;
    Ok(visitor.here.redirect_with_notice(paths::SECURITY, "success", "notice-sessions-ended"))
}

impl Page for SecurityPage {
    const TEMPLATE: &'static str = "portal/account/security.html";

    fn samples() -> Vec<Sample<Self>> {
        let typical = Self {
            form: FormState::new(),
            has_contact: true,
            has_password: true,
            sessions: sessions(),
            staff_visits: staff_visits(),
        };
        let faulty = FormState::new()
            .with_fault("current_password", "fault-wrong-password", TextArgs::new())
            .with_fault("new_password", "fault-too-short", TextArgs::new().number("min", 8));
        let mut alone = sessions();
        alone.truncate(1);
        vec![
            Sample::new("typical", typical.clone()),
            Sample::new("faulty", Self { form: faulty, ..typical.clone() }),
            Sample::new("without-password", Self { has_password: false, ..typical.clone() }),
            Sample::new(
                "customer-only",
                Self { has_contact: false, has_password: false, sessions: alone, ..typical },
            ),
        ]
    }
}

fn staff_visits() -> Vec<StaffVisit> {
    let visit =
        |may_act, over_at| StaffVisit { started_at: at(date(2026, 11, 19)), over_at, may_act };
    vec![visit(false, Some(at(date(2026, 11, 20)))), visit(true, None)]
}

fn sessions() -> Vec<SessionItem> {
    let view = |number, user_agent: &str, origin| SessionView {
        id: id(number),
        current: number == 1,
        origin,
        user_agent: Some(user_agent.to_owned()),
        address: Some("2001:db8:85a3:8d3:1319:8a2e:370:7348".to_owned()),
        started_at: at(date(2026, 11, 20)),
        last_seen_at: at(date(2026, 11, 21)),
    };
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile/15E148 Safari/604.1";
    [
        view(1, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", SessionOrigin::Password),
        view(2, phone, SessionOrigin::MailedLink),
        view(3, LONG, SessionOrigin::Link),
        SessionView { user_agent: None, address: None, ..view(4, "", SessionOrigin::Link) },
    ]
    .into_iter()
    .map(SessionItem::from)
    .collect()
}
