//! The keys of the organisation's software.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::ApiKeyId;
use portico_billing::permission::{Permission, Permissions};
use portico_core::{ApiKeyView, NewApiKey, StaffError, StaffRule};
use portico_core_api::{Fault, FieldFault};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::super::params::Params;
use super::super::refusal::with_faults;
use super::super::{Answer, Staff, paths};
use super::{Tabs, done};

/// A key, as listed.
#[derive(Debug, Clone, Serialize)]
pub struct KeyItem {
    id: String,
    name: String,
    /// Nothing where it may do everything.
    permissions: Option<Vec<&'static str>>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    /// `active`, `expired`, `revoked`.
    state: &'static str,
}

impl From<ApiKeyView> for KeyItem {
    fn from(it: ApiKeyView) -> Self {
        let all = it.permissions == Permissions::ALL;
        let state = match (it.revoked_at, it.is_live) {
            (Some(_), _) => "revoked",
            (None, true) => "active",
            (None, false) => "expired",
        };
        Self {
            permissions: (!all).then(|| it.permissions.iter().map(Permission::word).collect()),
            id: it.id.to_string(),
            name: it.name,
            created_at: it.created_at,
            expires_at: it.expires_at,
            state,
        }
    }
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct KeysPage {
    tabs: Tabs,
    keys: Vec<KeyItem>,
}

impl Page for KeysPage {
    const TEMPLATE: &'static str = "panel/settings/api-keys.html";

    fn samples() -> Vec<Sample<Self>> {
        let item = |number: u8, name: &str, permissions, state| KeyItem {
            id: ApiKeyId::new(Timestamp::UNIX_EPOCH, [number; 10]).to_string(),
            name: name.to_owned(),
            permissions,
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: (state == "expired").then_some(Timestamp::UNIX_EPOCH),
            state,
        };
        let keys = vec![
            item(1, "Billing system", None, "active"),
            item(
                2,
                "Reports for the ministry of telecommunications",
                Some(vec!["read"]),
                "expired",
            ),
            item(3, "Old shop", Some(vec!["read", "edit_billing"]), "revoked"),
        ];
        vec![
            Sample::new("typical", Self { tabs: Tabs::ALL, keys }),
            Sample::new("empty", Self { tabs: Tabs::ALL, keys: Vec::new() }),
        ]
    }
}

/// Making a key.
#[derive(Debug, Clone, Serialize)]
pub struct NewKeyPage {
    form: FormState,
    /// What who makes it may give.
    permissions: Vec<&'static str>,
}

impl NewKeyPage {
    fn new(form: FormState, own: Permissions) -> Self {
        Self { form, permissions: own.iter().map(Permission::word).collect() }
    }
}

impl Page for NewKeyPage {
    const TEMPLATE: &'static str = "panel/settings/api-key-new.html";

    fn samples() -> Vec<Sample<Self>> {
        let empty = FormState::new().with_value("scope", "all");
        let faulty = FormState::new()
            .with_value("scope", "some")
            .with_value("may_read", "true")
            .with_fault("name", "fault-required", TextArgs::new())
            .with_fault("expires_on", "fault-not-a-choice", TextArgs::new());
        vec![
            Sample::new("empty", Self::new(empty, Permissions::ALL)),
            Sample::new("faulty", Self::new(faulty, Permissions::ALL)),
        ]
    }
}

/// The key that was made: the one time that its secret is shown.
#[derive(Debug, Clone, Serialize)]
pub struct KeyMadePage {
    name: String,
    key: String,
}

impl Page for KeyMadePage {
    const TEMPLATE: &'static str = "panel/settings/api-key-made.html";

    fn samples() -> Vec<Sample<Self>> {
        let key = "key_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy";
        let page = Self { name: "Billing system".to_owned(), key: key.to_owned() };
        vec![Sample::new("typical", page)]
    }
}

/// Asks before a key is revoked.
#[derive(Debug, Clone, Serialize)]
pub struct RevokePage {
    id: String,
    name: String,
}

impl Page for RevokePage {
    const TEMPLATE: &'static str = "panel/settings/api-key-revoke.html";

    fn samples() -> Vec<Sample<Self>> {
        let (id, name) = ("key_1".to_owned(), "Billing system".to_owned());
        vec![Sample::new("typical", Self { id, name })]
    }
}

/// GET: the list.
pub async fn list(staff: Staff) -> Answer {
    let keys = staff.core().api_keys(staff.caller()).await?;
    let keys = keys.into_iter().map(KeyItem::from).collect();
    staff.page(&KeysPage { tabs: Tabs::of(&staff), keys })
}

/// GET: the form.
pub async fn ask_new(staff: Staff) -> Answer {
    let form = FormState::new().with_value("scope", "some").with_value("may_read", "true");
    staff.page(&NewKeyPage::new(form, staff.caller().permissions))
}

/// POST: makes the key, and shows it on this answer alone.
pub async fn make(staff: Staff, form: CheckedForm<BTreeMap<String, String>>) -> Answer {
    let (fields, form) = form.open();
    let refuse = |form: FormState, faults: &[FieldFault]| {
        let page = NewKeyPage::new(with_faults(form, faults), staff.caller().permissions);
        staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
    };
    let Ok(expires_at) = end_of(&staff, &fields) else {
        return refuse(form, &[FieldFault::new("expires_on", Fault::NotAChoice)]);
    };
    let name = fields.get("name").cloned().unwrap_or_default();
    let permissions = permissions_of(&staff, &fields);
    let new = NewApiKey { name, permissions, expires_at };
    match staff.core().issue_api_key(staff.caller(), new).await {
        Ok((view, secret)) => staff.page(&KeyMadePage { name: view.name, key: secret.expose() }),
        Err(StaffError::Invalid(faults)) => refuse(form, &faults),
        Err(StaffError::Rule(StaffRule::MoreThanOwn)) => {
            refuse(form, &[FieldFault::new("permissions", Fault::NotAChoice)])
        }
        Err(error) => Err(error.into()),
    }
}

/// The end of the day that was typed, in the organisation's time zone.
fn end_of(staff: &Staff, fields: &BTreeMap<String, String>) -> Result<Option<Timestamp>, ()> {
    let text = fields.get("expires_on").map_or("", |text| text.trim());
    if text.is_empty() {
        return Ok(None);
    }
    let zone = TimeZone::get(&staff.visit.time_zone).unwrap_or(TimeZone::UTC);
    let day: Date = text.parse().map_err(|_| ())?;
    let end = day.tomorrow().and_then(|next| next.to_zoned(zone)).map_err(|_| ())?;
    Ok(Some(end.timestamp()))
}

/// Everything that who makes the key may do, or what was ticked.
fn permissions_of(staff: &Staff, fields: &BTreeMap<String, String>) -> Permissions {
    if fields.get("scope").is_some_and(|scope| scope == "all") {
        return staff.caller().permissions;
    }
    let ticked =
        |permission: &Permission| fields.contains_key(&format!("may_{}", permission.word()));
    let chosen: Vec<Permission> = Permission::ALL.into_iter().filter(ticked).collect();
    Permissions::of(&chosen)
}

/// GET: asks before a key is revoked.
pub async fn ask_revoke(staff: Staff, Path(id): Path<String>) -> Answer {
    let known = staff.core().api_keys(staff.caller()).await?;
    let found = known.into_iter().find(|key| key.id.to_string() == id);
    let found = found.ok_or(Problem::NotFound)?;
    staff.page(&RevokePage { id, name: found.name })
}

/// POST: revokes it.
pub async fn revoke(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let id: ApiKeyId = id.parse().map_err(|_| Problem::NotFound)?;
    let revoked = staff.core().withdraw_api_key(staff.caller(), id).await;
    done(&staff, paths::API_KEYS, revoked, "notice-api-keys-revoked")
}
