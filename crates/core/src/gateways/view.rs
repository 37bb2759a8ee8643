//! Gateways as they are shown: never their secrets.

use jiff::Timestamp;
use portico_billing::GatewayId;
use portico_billing::permission::Permission;
use portico_gateways::Provider;
use portico_gateways::settings::Settings;
use portico_store::gateway::GatewayRecord;
use serde_json::{Value, json};

use super::fault::AccountError;
use super::input::{CurrencyTermsInput, GatewayInput, secrets_of, without_secrets};
use super::open::{open_settings, provider_of, unseal};
use crate::{Caller, Core, Failure};

/// A gateway as the staff and its software see it.
#[derive(Debug, Clone)]
pub struct GatewayView {
    /// Identifier.
    pub id: GatewayId,
    /// The provider.
    pub provider: &'static Provider,
    /// What would be sent to get it as it is, without secrets.
    pub input: GatewayInput,
    /// Keys of the secrets that are there.
    pub secrets_set: Vec<&'static str>,
    /// Whether the settings cannot be opened: they were sealed with another key.
    pub is_lost: bool,
    /// The address that the provider sends its notices to.
    pub notice_url: String,
    /// Whether methods can be stored for later.
    pub stores_methods: bool,
    /// Whether payments can be given back.
    pub refunds: bool,
    /// Whether the provider tells by itself what happened.
    pub notices: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The stored settings; none where they were sealed with another key.
pub(super) fn settings_of(
    core: &Core,
    record: &GatewayRecord,
) -> Result<Option<Settings>, Failure> {
    match unseal(core, record) {
        Ok(settings) => Ok(Some(settings)),
        Err(Failure::Seal(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What would be sent to get a gateway as it is, without secrets.
pub(super) fn input_of(
    provider: &Provider,
    record: &GatewayRecord,
    settings: &Settings,
) -> GatewayInput {
    GatewayInput {
        provider: record.provider.clone(),
        name: record.name.clone(),
        brand_id: record.brand_id,
        enabled: record.is_enabled,
        test: record.is_test,
        currencies: record.currencies.iter().map(CurrencyTermsInput::from).collect(),
        settings: without_secrets(provider, settings),
        deducts_fees: record.deducts_fees,
        position: Some(record.position),
    }
}

/// What would be sent to get a stored gateway as it is, without secrets.
pub(crate) fn input_shown(core: &Core, record: &GatewayRecord) -> Result<GatewayInput, Failure> {
    let settings = settings_of(core, record)?.unwrap_or_default();
    Ok(input_of(provider_of(record)?, record, &settings))
}

/// What the audit log says of a gateway.
pub(super) fn told(input: &GatewayInput, secrets_set: &[&str]) -> Value {
    let mut told = json!(input);
    told["secrets_set"] = json!(secrets_set);
    told
}

pub(super) fn view(core: &Core, record: &GatewayRecord) -> Result<GatewayView, Failure> {
    let provider = provider_of(record)?;
    let found = settings_of(core, record)?;
    let is_lost = found.is_none();
    let settings = found.unwrap_or_default();
    let input = input_of(provider, record, &settings);
    let secrets_set = secrets_of(provider, &settings);
    let opened = open_settings(core.inner.http.clone(), provider, record.is_test, settings).ok();
    let gateway = opened.as_deref();
    Ok(GatewayView {
        id: record.id,
        provider,
        input,
        secrets_set,
        is_lost,
        notice_url: format!("{}/gateways/{}", core.inner.panel_url, record.notice_key),
        stores_methods: gateway.is_some_and(|it| it.stored_methods().is_some()),
        refunds: gateway.is_some_and(|it| it.refunds().is_some()),
        notices: gateway.is_some_and(|it| it.notices().is_some()),
        created_at: record.created_at,
        updated_at: record.updated_at,
    })
}

impl Core {
    /// The organisation's gateways, in the order in which customers read them.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn gateways(&self, caller: &Caller) -> Result<Vec<GatewayView>, AccountError> {
        caller.require(Permission::Read)?;
        let found = self.inner.store.read(caller.organisation_id).await?.gateways().await?;
        Ok(found.iter().map(|record| view(self, record)).collect::<Result<_, _>>()?)
    }

    /// One gateway.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or where the machinery fails.
    pub async fn gateway(
        &self,
        caller: &Caller,
        id: GatewayId,
    ) -> Result<GatewayView, AccountError> {
        caller.require(Permission::Read)?;
        let found = self.inner.store.read(caller.organisation_id).await?.gateway(id).await?;
        Ok(view(self, &found.ok_or(AccountError::NotFound)?)?)
    }
}
