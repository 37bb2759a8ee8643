//! An operator's own account: name, language, password, second factor, sessions.

pub mod second_factor;
mod session_item;

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::OperatorSessionId;
use portico_core::{Failure, OwnAccount, StaffError};
use portico_core_api::FieldFault;
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use self::session_item::SessionItem;
use super::choices::{Choice, Choices};
use super::params::Params;
use super::refusal::with_faults;
use super::{Answer, Staff, paths};

/// The account.
#[derive(Debug, Clone, Serialize)]
pub struct AccountPage {
    /// Name and language.
    form: FormState,
    /// The password.
    password_form: FormState,
    email: String,
    role: &'static str,
    has_totp: bool,
    needs_totp: bool,
    recovery_codes_left: usize,
    languages: Vec<Choice>,
    sessions: Vec<SessionItem>,
}

impl AccountPage {
    async fn load(staff: &Staff) -> Result<Self, Failure> {
        let account = staff.core().own_operator_account(&staff.visit).await?;
        let sessions = staff.core().operator_sessions(&staff.visit).await?;
        let language = staff.here.frame_for(Some(staff)).language;
        let languages = Choices::new(&staff.here.panel.ui, &language).languages();
        let sessions = sessions.into_iter().map(SessionItem::from).collect();
        Ok(Self { languages, ..Self::of(account, staff.visit.role.word(), sessions) })
    }

    fn of(account: OwnAccount, role: &'static str, sessions: Vec<SessionItem>) -> Self {
        let language = account.language.map(|it| it.to_string()).unwrap_or_default();
        let form =
            FormState::new().with_value("name", account.name).with_value("language", language);
        Self {
            form,
            password_form: FormState::new(),
            email: account.email,
            role,
            has_totp: account.has_totp,
            needs_totp: account.needs_totp,
            recovery_codes_left: account.recovery_codes_left,
            languages: Vec::new(),
            sessions,
        }
    }
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "panel/account/show.html";

    fn samples() -> Vec<Sample<Self>> {
        let account = |has_totp| OwnAccount {
            name: "Ana María Núñez".to_owned(),
            email: "ana@northwind.example".to_owned(),
            language: None,
            has_totp,
            needs_totp: has_totp,
            recovery_codes_left: 2,
        };
        let typical = Self::of(account(false), "owner", SessionItem::samples());
        let wrong = FormState::new()
            .with_fault("current_password", "fault-wrong-password", TextArgs::new())
            .with_fault("new_password", "fault-too-short", TextArgs::new().number("min", 8));
        let unnamed = FormState::new().with_fault("name", "fault-required", TextArgs::new());
        vec![
            Sample::new("typical", typical.clone()),
            Sample::new("faulty", Self { form: unnamed, ..typical.clone() }),
            Sample::new("faulty-password", Self { password_form: wrong, ..typical }),
            Sample::new("protected", Self::of(account(true), "read_only", Vec::new())),
        ]
    }
}

/// GET: the page.
pub async fn show(staff: Staff) -> Answer {
    staff.page(&AccountPage::load(&staff).await?)
}

/// The fields.
#[derive(Deserialize)]
pub struct AccountForm {
    name: String,
    #[serde(default)]
    language: String,
}

/// POST: name and language.
pub async fn save(staff: Staff, form: CheckedForm<AccountForm>) -> Answer {
    let (fields, form) = form.open();
    let changed = staff.core().change_own_operator(&staff.visit, &fields.name, &fields.language);
    match changed.await {
        Ok(()) => Ok(saved(&staff, "notice-account-saved")),
        Err(StaffError::Invalid(faults)) => {
            let page = AccountPage::load(&staff).await?;
            let page = AccountPage { form: with_faults(form, &faults), ..page };
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// The fields.
#[derive(Deserialize)]
pub struct PasswordForm {
    current_password: String,
    new_password: String,
}

/// POST: another password; all other sessions end.
pub async fn change_password(staff: Staff, form: CheckedForm<PasswordForm>) -> Answer {
    let fields = form.into_inner();
    let (current, new) = (&fields.current_password, &fields.new_password);
    match staff.core().change_own_operator_password(&staff.visit, current, new).await {
        Ok(()) => Ok(saved(&staff, "notice-account-password-changed")),
        Err(StaffError::Invalid(faults)) => refuse_password(&staff, &faults).await,
        Err(error) => Err(error.into()),
    }
}

async fn refuse_password(staff: &Staff, faults: &[FieldFault]) -> Answer {
    let page = AccountPage::load(staff).await?;
    let password_form = with_faults(FormState::new(), faults);
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &AccountPage { password_form, ..page })
}

/// POST: ends one of the own sessions.
pub async fn end_session(
    staff: Staff,
    Path(id): Path<String>,
    _checked: CheckedForm<Params>,
) -> Answer {
    let id: OperatorSessionId = id.parse().map_err(|_| Problem::NotFound)?;
    staff.core().end_own_operator_session(&staff.visit, id).await?;
    Ok(saved(&staff, "notice-account-session-ended"))
}

/// POST: ends all own sessions but this one.
pub async fn end_other_sessions(staff: Staff, _checked: CheckedForm<Params>) -> Answer {
    staff.core().end_other_operator_sessions(&staff.visit).await?;
    Ok(saved(&staff, "notice-account-sessions-ended"))
}

fn saved(staff: &Staff, notice: &str) -> axum::response::Response {
    staff.here.redirect_with_notice(paths::OWN_ACCOUNT, "success", notice)
}
