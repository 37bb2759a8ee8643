//! The organisation's people: their list, and inviting one more.

use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::OperatorId;
use portico_billing::permission::OperatorRole;
use portico_core::{NewInvitation, OperatorView, StaffError, StaffRule};
use portico_core_api::{Fault, FieldFault};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::super::refusal::with_faults;
use super::super::{Answer, Staff, paths};
use super::Tabs;

/// An operator, as listed.
#[derive(Debug, Clone, Serialize)]
pub struct OperatorItem {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    /// `invited`, `active`, `disabled`.
    state: &'static str,
    has_totp: bool,
    signed_in_at: Option<Timestamp>,
    created_at: Timestamp,
    /// Whether it is who is signed in.
    is_self: bool,
}

impl OperatorItem {
    /// As who is signed in sees it.
    pub fn of(it: OperatorView, own: OperatorId) -> Self {
        let state = match (it.disabled_at, it.is_invited) {
            (Some(_), _) => "disabled",
            (None, true) => "invited",
            (None, false) => "active",
        };
        Self {
            is_self: it.id == own,
            id: it.id.to_string(),
            name: it.name,
            email: it.email,
            role: it.role.word(),
            state,
            has_totp: it.has_totp,
            signed_in_at: it.signed_in_at,
            created_at: it.created_at,
        }
    }

    /// One of each kind.
    pub fn samples() -> Vec<Self> {
        let item = |number: u8, name: &str, role, state| Self {
            id: OperatorId::new(Timestamp::UNIX_EPOCH, [number; 10]).to_string(),
            name: name.to_owned(),
            email: format!("somebody.{number}@northwind.example"),
            role,
            state,
            has_totp: number == 1,
            signed_in_at: (state == "active").then_some(Timestamp::UNIX_EPOCH),
            created_at: Timestamp::UNIX_EPOCH,
            is_self: number == 1,
        };
        let long = "أحمد بن عبد الرحمن بن محمد الشهري المسؤول عن الفواتير والتحصيل";
        vec![
            item(1, "Ana María Núñez", "owner", "active"),
            item(2, long, "billing", "invited"),
            item(3, "Li Wei", "read_only", "disabled"),
        ]
    }
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct OperatorsPage {
    tabs: Tabs,
    operators: Vec<OperatorItem>,
}

impl Page for OperatorsPage {
    const TEMPLATE: &'static str = "panel/settings/operators.html";

    fn samples() -> Vec<Sample<Self>> {
        let (all, mut alone) = (OperatorItem::samples(), OperatorItem::samples());
        alone.truncate(1);
        vec![
            Sample::new("typical", Self { tabs: Tabs::ALL, operators: all }),
            Sample::new("alone", Self { tabs: Tabs::ALL, operators: alone }),
        ]
    }
}

/// Inviting somebody.
#[derive(Debug, Clone, Serialize)]
pub struct InvitePage {
    form: FormState,
    roles: Vec<&'static str>,
}

impl InvitePage {
    fn new(form: FormState, own: OperatorRole) -> Self {
        Self { form, roles: roles_for(own) }
    }
}

impl Page for InvitePage {
    const TEMPLATE: &'static str = "panel/settings/operator-invite.html";

    fn samples() -> Vec<Sample<Self>> {
        let taken = FormState::new().with_value("email", "ana@northwind.example").with_fault(
            "email",
            "fault-taken",
            TextArgs::new(),
        );
        let empty = FormState::new().with_value("role", "support");
        vec![
            Sample::new("empty", Self::new(empty, OperatorRole::Owner)),
            Sample::new("taken", Self::new(taken, OperatorRole::Admin)),
        ]
    }
}

/// The roles that an operator of role `own` may give.
pub fn roles_for(own: OperatorRole) -> Vec<&'static str> {
    let given = OperatorRole::ALL.into_iter().filter(|role| own.may_manage(*role));
    given.map(OperatorRole::word).collect()
}

/// The role of a form.
pub fn role_of(word: &str) -> Option<OperatorRole> {
    OperatorRole::ALL.into_iter().find(|role| role.word() == word)
}

/// GET: the list.
pub async fn list(staff: Staff) -> Answer {
    let own = staff.visit.operator_id;
    let operators = staff.core().operators(staff.caller()).await?;
    let operators = operators.into_iter().map(|it| OperatorItem::of(it, own)).collect();
    staff.page(&OperatorsPage { tabs: Tabs::of(&staff), operators })
}

/// The fields.
#[derive(Deserialize)]
pub struct InviteForm {
    name: String,
    email: String,
    #[serde(default)]
    role: String,
}

/// GET: the form.
pub async fn ask(staff: Staff) -> Answer {
    let form = FormState::new().with_value("role", "support");
    staff.page(&InvitePage::new(form, staff.visit.role))
}

/// POST: invites.
pub async fn invite(staff: Staff, form: CheckedForm<InviteForm>) -> Answer {
    let (fields, form) = form.open();
    let refuse = |form: FormState, faults: &[FieldFault]| {
        let page = InvitePage::new(with_faults(form, faults), staff.visit.role);
        staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
    };
    let not_a_choice = [FieldFault::new("role", Fault::NotAChoice)];
    let Some(role) = role_of(&fields.role) else { return refuse(form, &not_a_choice) };
    let new = NewInvitation { email: fields.email, name: fields.name, role };
    match staff.core().invite_operator(staff.caller(), new).await {
        Ok(_) => {
            let notice = "notice-operators-invited";
            Ok(staff.here.redirect_with_notice(paths::OPERATORS, "success", notice))
        }
        Err(StaffError::Invalid(faults)) => refuse(form, &faults),
        Err(StaffError::Rule(StaffRule::OwnersOnly)) => refuse(form, &not_a_choice),
        Err(error) => Err(error.into()),
    }
}
