//! One of the organisation's people: role, switched off or on, removed.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::OperatorId;
use portico_billing::permission::{OperatorRole, Permission};
use portico_core::{NewInvitation, OperatorChange, OperatorView};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample};
use serde::{Deserialize, Serialize};

use super::super::answer::Stop;
use super::super::params::Params;
use super::super::{Answer, Staff, paths};
use super::done;
use super::operators::{OperatorItem, role_of, roles_for};

/// The person.
#[derive(Debug, Clone, Serialize)]
pub struct OperatorPage {
    operator: OperatorItem,
    form: FormState,
    roles: Vec<&'static str>,
    /// What each role may do, by its word.
    permissions: Vec<RoleRow>,
    /// Whether who looks at it may change it.
    may_change: bool,
}

/// A role with what it may do.
#[derive(Debug, Clone, Serialize)]
struct RoleRow {
    role: &'static str,
    may: Vec<&'static str>,
}

impl OperatorPage {
    fn new(operator: OperatorItem, role: OperatorRole, own: OperatorRole, is_self: bool) -> Self {
        let row = |role: OperatorRole| RoleRow {
            role: role.word(),
            may: role.permissions().iter().map(Permission::word).collect(),
        };
        Self {
            operator,
            form: FormState::new().with_value("role", role.word()),
            roles: roles_for(own),
            permissions: OperatorRole::ALL.into_iter().map(row).collect(),
            may_change: !is_self && own.may_manage(role),
        }
    }
}

impl Page for OperatorPage {
    const TEMPLATE: &'static str = "panel/settings/operator.html";

    fn samples() -> Vec<Sample<Self>> {
        use OperatorRole::{Admin, Billing, Owner, ReadOnly};
        let mut people = OperatorItem::samples().into_iter();
        let mut sample = |name, role, own, is_self| {
            people.next().map(|it| Sample::new(name, Self::new(it, role, own, is_self)))
        };
        [
            sample("oneself", Owner, Owner, true),
            sample("invited", Billing, Owner, false),
            sample("disabled", ReadOnly, Admin, false),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Asks before somebody is removed.
#[derive(Debug, Clone, Serialize)]
pub struct RemovePage {
    id: String,
    name: String,
}

impl Page for RemovePage {
    const TEMPLATE: &'static str = "panel/settings/operator-remove.html";

    fn samples() -> Vec<Sample<Self>> {
        let (id, name) = ("opr_1".to_owned(), "Ana María Núñez".to_owned());
        vec![Sample::new("typical", Self { id, name })]
    }
}

async fn find(staff: &Staff, id: &str) -> Result<OperatorView, Stop> {
    let id: OperatorId = id.parse().map_err(|_| Problem::NotFound)?;
    let all = staff.core().operators(staff.caller()).await?;
    Ok(all.into_iter().find(|it| it.id == id).ok_or(Problem::NotFound)?)
}

/// GET: the page.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let found = find(&staff, &id).await?;
    let (role, own) = (found.role, staff.visit.operator_id);
    let is_self = found.id == own;
    let item = OperatorItem::of(found, own);
    staff.page_with(StatusCode::OK, &OperatorPage::new(item, role, staff.visit.role, is_self))
}

/// The field.
#[derive(Deserialize)]
pub struct RoleForm {
    role: String,
}

/// POST: another role.
pub async fn save(staff: Staff, Path(id): Path<String>, form: CheckedForm<RoleForm>) -> Answer {
    let role = role_of(&form.into_inner().role).ok_or(Problem::BadRequest)?;
    let change = OperatorChange { role: Some(role), ..OperatorChange::default() };
    change_it(&staff, &id, change, "notice-operators-saved").await
}

/// POST: switches it off, or on again.
pub async fn switch(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let is_disabled = find(&staff, &id).await?.disabled_at.is_none();
    let change = OperatorChange { is_disabled: Some(is_disabled), ..OperatorChange::default() };
    let notice = if is_disabled { "notice-operators-disabled" } else { "notice-operators-enabled" };
    change_it(&staff, &id, change, notice).await
}

/// POST: takes its second factor away, because it lost it.
pub async fn remove_second_factor(
    staff: Staff,
    Path(id): Path<String>,
    _checked: CheckedForm<Params>,
) -> Answer {
    let change = OperatorChange { removes_second_factor: true, ..OperatorChange::default() };
    change_it(&staff, &id, change, "notice-operators-factor-removed").await
}

async fn change_it(staff: &Staff, id: &str, change: OperatorChange, notice: &str) -> Answer {
    let id: OperatorId = id.parse().map_err(|_| Problem::NotFound)?;
    let changed = staff.core().change_operator(staff.caller(), id, change).await;
    done(staff, &one(&id.to_string()), changed.map(drop), notice)
}

/// POST: mails another invitation.
pub async fn invite_again(
    staff: Staff,
    Path(id): Path<String>,
    _checked: CheckedForm<Params>,
) -> Answer {
    let found = find(&staff, &id).await?;
    let new = NewInvitation { email: found.email, name: found.name, role: found.role };
    let invited = staff.core().invite_operator(staff.caller(), new).await;
    done(&staff, &one(&id), invited.map(drop), "notice-operators-invited")
}

/// GET: asks before it is removed.
pub async fn ask_remove(staff: Staff, Path(id): Path<String>) -> Answer {
    let found = find(&staff, &id).await?;
    staff.page(&RemovePage { id, name: found.name })
}

/// POST: removes it.
pub async fn remove(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let id: OperatorId = id.parse().map_err(|_| Problem::NotFound)?;
    let removed = staff.core().remove_operator(staff.caller(), id).await;
    done(&staff, paths::OPERATORS, removed, "notice-operators-removed")
}

fn one(id: &str) -> String {
    paths::OPERATOR.replace("{id}", id)
}
