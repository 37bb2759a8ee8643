//! Making, changing and removing gateways.

use portico_billing::GatewayId;
use portico_billing::gateway::CurrencyTerms;
use portico_billing::permission::Permission;
use portico_gateways::settings::Settings;
use portico_gateways::{Provider, provider};
use portico_store::Read;
use portico_store::gateway::GatewayRecord;
use serde_json::{Value, json};

use super::fault::{AccountError, GatewayFault, GatewayFaultKind};
use super::input::{GatewayInput, secrets_of};
use super::open::{open_settings, provider_of, seal};
use super::view::{GatewayView, input_of, settings_of, told, view};
use crate::records::Unit;
use crate::secret::new_secret;
use crate::{Caller, Core};

impl Core {
    /// Makes a gateway.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` with faults by field, or where the machinery fails.
    pub async fn create_gateway(
        &self,
        caller: &Caller,
        input: &GatewayInput,
    ) -> Result<GatewayView, AccountError> {
        caller.require(Permission::EditGateways)?;
        let Some(provider) = provider(&input.provider) else {
            let fault = GatewayFault::new("provider", GatewayFaultKind::NoProvider);
            return Err(AccountError::Invalid(vec![fault]));
        };
        let mut unit = Unit::begin(self, caller).await?;
        let settings =
            self.check_gateway(&mut unit.write, provider, (input, &Settings::default())).await?;
        let last = unit.write.gateways().await?.last().map(|it| it.position);
        let id = GatewayId::new(unit.now, unit.id_bytes());
        let record = GatewayRecord {
            organisation_id: caller.organisation_id,
            id,
            provider: provider.key.to_owned(),
            name: input.name.trim().to_owned(),
            brand_id: input.brand_id,
            is_enabled: input.enabled,
            is_test: input.test,
            currencies: input.currencies.iter().map(CurrencyTerms::from).collect(),
            settings: seal(self, (caller.organisation_id, id), &settings)?,
            deducts_fees: input.deducts_fees,
            position: input.position.unwrap_or(last.map_or(1, |last| last.saturating_add(1))),
            notice_key: new_secret(&self.inner.entropy),
            created_at: unit.now,
            updated_at: unit.now,
        };
        unit.write.insert_gateway(&record).await?;
        let is = input_of(provider, &record, &settings);
        let is = told(&is, &secrets_of(provider, &settings));
        unit.event("gateway.created", id.uuid(), is);
        unit.commit().await?;
        Ok(view(self, &record)?)
    }

    /// Changes a gateway. `edit` gets it as it is, without secrets, and gives back what it shall
    /// be; secrets that are left out stay.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Invalid` with faults by field, or where the machinery fails; and
    /// what `edit` refuses.
    pub async fn edit_gateway(
        &self,
        caller: &Caller,
        id: GatewayId,
        edit: impl FnOnce(GatewayInput) -> Result<GatewayInput, AccountError> + Send,
    ) -> Result<GatewayView, AccountError> {
        caller.require(Permission::EditGateways)?;
        let mut unit = Unit::begin(self, caller).await?;
        let before = unit.write.gateway_for_update(id).await?.ok_or(AccountError::NotFound)?;
        let provider = provider_of(&before)?;
        let had = settings_of(self, &before)?;
        let was = input_of(provider, &before, had.as_ref().unwrap_or(&Settings::default()));
        let input = edit(was.clone())?;
        if input.provider != before.provider {
            let fault = GatewayFault::new("provider", GatewayFaultKind::ProviderStays);
            return Err(AccountError::Invalid(vec![fault]));
        }
        let known = had.clone().unwrap_or_default();
        let settings = self.check_gateway(&mut unit.write, provider, (&input, &known)).await?;
        let kept = had.as_ref() == Some(&settings);
        let after = GatewayRecord {
            name: input.name.trim().to_owned(),
            brand_id: input.brand_id,
            is_enabled: input.enabled,
            is_test: input.test,
            currencies: input.currencies.iter().map(CurrencyTerms::from).collect(),
            settings: if kept {
                before.settings.clone()
            } else {
                seal(self, (caller.organisation_id, id), &settings)?
            },
            deducts_fees: input.deducts_fees,
            position: input.position.unwrap_or(before.position),
            ..before.clone()
        };
        if after == before {
            return Ok(view(self, &before)?);
        }
        let after = GatewayRecord { updated_at: unit.now, ..after };
        unit.write.update_gateway(&after).await?;
        let is = input_of(provider, &after, &settings);
        let was = told(&was, &secrets_of(provider, &known));
        let mut is = told(&is, &secrets_of(provider, &settings));
        let data = is.clone();
        is["secrets_replaced"] = json!(replaced(provider, &known, &settings));
        unit.change("gateway.updated", id.uuid(), data, (&was, &is));
        unit.commit().await?;
        Ok(view(self, &after)?)
    }

    /// Removes a gateway that nothing was paid by.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `InUse`, or where the machinery fails.
    pub async fn delete_gateway(&self, caller: &Caller, id: GatewayId) -> Result<(), AccountError> {
        caller.require(Permission::EditGateways)?;
        let mut unit = Unit::begin(self, caller).await?;
        let before = unit.write.gateway_for_update(id).await?.ok_or(AccountError::NotFound)?;
        if unit.write.is_gateway_used(id).await? {
            return Err(AccountError::InUse);
        }
        let provider = provider_of(&before)?;
        let settings = settings_of(self, &before)?.unwrap_or_default();
        unit.write.delete_gateway(id).await?;
        let was = input_of(provider, &before, &settings);
        let was = told(&was, &secrets_of(provider, &settings));
        unit.change("gateway.deleted", id.uuid(), was.clone(), (&was, &Value::Null));
        Ok(unit.commit().await?)
    }

    /// The settings that are meant, where nothing is wrong.
    async fn check_gateway(
        &self,
        read: &mut Read,
        provider: &Provider,
        (input, known): (&GatewayInput, &Settings),
    ) -> Result<Settings, AccountError> {
        let mut faults = Vec::new();
        input.check(provider, &mut faults);
        let settings = input.with_kept_secrets(provider, known, &mut faults);
        if let Some(brand) = input.brand_id
            && read.brand(brand).await?.is_none()
        {
            faults.push(GatewayFault::new("brand_id", GatewayFaultKind::NoBrand));
        }
        let opened = open_settings(self.inner.http.clone(), provider, input.test, settings.clone());
        if let Some(fault) = opened.err().map(GatewayFault::from)
            && faults.iter().all(|known| known.field != fault.field)
        {
            faults.push(fault);
        }
        input.check_enabled(provider, &settings, &mut faults);
        if faults.is_empty() { Ok(settings) } else { Err(AccountError::Invalid(faults)) }
    }
}

/// Keys of secrets that are others than before.
fn replaced(provider: &Provider, before: &Settings, after: &Settings) -> Vec<&'static str> {
    let mut keys = secrets_of(provider, after);
    keys.retain(|key| before.get(key) != after.get(key));
    keys
}
