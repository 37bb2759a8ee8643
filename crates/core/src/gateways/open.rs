//! A stored gateway, opened to be used.

use portico_billing::{GatewayId, OrganisationId};
use portico_gateways::settings::{Settings, SettingsFault};
use portico_gateways::{Account, Gateway, Http, Mode, Provider, provider};
use portico_store::gateway::GatewayRecord;

use crate::{Core, Failure};

/// A gateway that can be asked.
pub(crate) struct OpenGateway {
    /// What is stored of it.
    pub(crate) record: GatewayRecord,
    /// The provider's side of it.
    pub(crate) gateway: Box<dyn Gateway>,
}

/// The organisation's gateway with this identifier, enabled or not.
pub(crate) async fn open(
    core: &Core,
    organisation: OrganisationId,
    id: GatewayId,
) -> Result<OpenGateway, Failure> {
    let record = core.inner.store.read(organisation).await?.gateway(id).await?;
    open_record(core, record.ok_or(Failure::Missing("gateway"))?)
}

/// The gateway of a record that was read before.
pub(crate) fn open_record(core: &Core, record: GatewayRecord) -> Result<OpenGateway, Failure> {
    let circuit = core.inner.circuits.of(record.organisation_id, record.id);
    open_by(core, record, core.inner.http.watched_by(circuit))
}

/// The same, asked by this client.
pub(super) fn open_by(
    core: &Core,
    record: GatewayRecord,
    http: Http,
) -> Result<OpenGateway, Failure> {
    let provider = provider_of(&record)?;
    let settings = unseal(core, &record)?;
    let gateway = open_settings(http, provider, record.is_test, settings)
        .map_err(|fault| Failure::Refused(format!("settings of {}: {fault}", record.id)))?;
    Ok(OpenGateway { record, gateway })
}

/// The gateway of settings that need not be stored.
pub(super) fn open_settings(
    http: Http,
    provider: &Provider,
    is_test: bool,
    settings: Settings,
) -> Result<Box<dyn Gateway>, SettingsFault> {
    let mode = if is_test { Mode::Test } else { Mode::Live };
    (provider.open)(Account { mode, settings, http })
}

/// The provider that a stored gateway is at.
pub(super) fn provider_of(record: &GatewayRecord) -> Result<&'static Provider, Failure> {
    provider(&record.provider).ok_or(Failure::Missing("the gateway's provider"))
}

/// What settings are sealed for: they open for the same gateway of the same organisation alone.
fn purpose(organisation: OrganisationId, id: GatewayId) -> String {
    format!("gateway_settings {organisation} {id}")
}

/// Settings as they are stored.
pub(super) fn seal(
    core: &Core,
    (organisation, id): (OrganisationId, GatewayId),
    settings: &Settings,
) -> Result<Vec<u8>, Failure> {
    let plain = serde_json::to_vec(settings)?;
    Ok(core.inner.sealer.seal(&purpose(organisation, id), &plain)?)
}

/// Stored settings.
pub(super) fn unseal(core: &Core, record: &GatewayRecord) -> Result<Settings, Failure> {
    let purpose = purpose(record.organisation_id, record.id);
    let plain = core.inner.sealer.open(&purpose, &record.settings)?;
    Ok(serde_json::from_slice(&plain)?)
}
