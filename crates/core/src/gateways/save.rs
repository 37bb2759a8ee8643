//! Making, changing and removing gateways.

use portico_billing::gateway::CurrencyTerms;
use portico_billing::permission::Permission;
use portico_billing::{EventId, GatewayId};
use portico_gateways::settings::Settings;
use portico_gateways::{Provider, provider};
use portico_store::event::Event;
use portico_store::gateway::GatewayRecord;
use portico_store::{Read, StoreError, Write};
use serde_json::{Value, json};

use super::fault::{AccountError, GatewayFault, GatewayFaultKind};
use super::input::{GatewayInput, secrets_of};
use super::open::{open_settings, provider_of, seal};
use super::view::{GatewayView, input_of, settings_of, told, view};
use crate::audit::Change;
use crate::secret::new_secret;
use crate::{Caller, Core};

/// A gateway that was saved.
pub(crate) struct SavedGateway {
    /// As it is now.
    pub(crate) record: GatewayRecord,
    /// Keys of its secrets that are others than before.
    pub(crate) secrets_replaced: Vec<&'static str>,
}

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
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let saved = self.create_gateway_within(&mut write, caller, input).await?;
        write.commit().await?;
        Ok(view(self, &saved.record)?)
    }

    /// The same within a unit of work.
    pub(crate) async fn create_gateway_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        input: &GatewayInput,
    ) -> Result<SavedGateway, AccountError> {
        caller.require(Permission::EditGateways)?;
        let Some(provider) = provider(&input.provider) else {
            let fault = GatewayFault::new("provider", GatewayFaultKind::NoProvider);
            return Err(AccountError::Invalid(vec![fault]));
        };
        let settings = self.check_gateway(write, provider, (input, &Settings::default())).await?;
        let last = write.gateways().await?.last().map(|it| it.position);
        let now = self.now();
        let id = GatewayId::new(now, self.id_bytes());
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
            created_at: now,
            updated_at: now,
        };
        write.insert_gateway(&record).await?;
        let secrets_replaced = secrets_of(provider, &settings);
        let is = told(&input_of(provider, &record, &settings), &secrets_replaced);
        let change = Change::new("gateway.created").to(&is);
        self.note_gateway(write, caller, ("gateway.created", id, is), change).await?;
        Ok(SavedGateway { record, secrets_replaced })
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
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let saved = self.edit_gateway_within(&mut write, caller, id, edit).await?;
        write.commit().await?;
        Ok(view(self, &saved.record)?)
    }

    /// The same within a unit of work.
    pub(crate) async fn edit_gateway_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        id: GatewayId,
        edit: impl FnOnce(GatewayInput) -> Result<GatewayInput, AccountError> + Send,
    ) -> Result<SavedGateway, AccountError> {
        caller.require(Permission::EditGateways)?;
        let before = write.gateway_for_update(id).await?.ok_or(AccountError::NotFound)?;
        let provider = provider_of(&before)?;
        let had = settings_of(self, &before)?;
        let was = input_of(provider, &before, had.as_ref().unwrap_or(&Settings::default()));
        let input = edit(was.clone())?;
        if input.provider != before.provider {
            let fault = GatewayFault::new("provider", GatewayFaultKind::ProviderStays);
            return Err(AccountError::Invalid(vec![fault]));
        }
        let known = had.clone().unwrap_or_default();
        let settings = self.check_gateway(write, provider, (&input, &known)).await?;
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
            return Ok(SavedGateway { record: before, secrets_replaced: Vec::new() });
        }
        let record = GatewayRecord { updated_at: self.now(), ..after };
        write.update_gateway(&record).await?;
        let secrets_replaced = replaced(provider, &known, &settings);
        let is = input_of(provider, &record, &settings);
        let was = told(&was, &secrets_of(provider, &known));
        let mut is = told(&is, &secrets_of(provider, &settings));
        let data = is.clone();
        is["secrets_replaced"] = json!(secrets_replaced);
        let change = Change::new("gateway.updated").changed(&was, &is);
        self.note_gateway(write, caller, ("gateway.updated", id, data), change).await?;
        Ok(SavedGateway { record, secrets_replaced })
    }

    /// Removes a gateway that nothing was paid by.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `InUse`, or where the machinery fails.
    pub async fn delete_gateway(&self, caller: &Caller, id: GatewayId) -> Result<(), AccountError> {
        caller.require(Permission::EditGateways)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.delete_gateway_within(&mut write, caller, id).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work.
    pub(crate) async fn delete_gateway_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        id: GatewayId,
    ) -> Result<(), AccountError> {
        caller.require(Permission::EditGateways)?;
        let before = write.gateway_for_update(id).await?.ok_or(AccountError::NotFound)?;
        if write.is_gateway_used(id).await? {
            return Err(AccountError::InUse);
        }
        let provider = provider_of(&before)?;
        let settings = settings_of(self, &before)?.unwrap_or_default();
        write.delete_gateway(id).await?;
        let was = input_of(provider, &before, &settings);
        let was = told(&was, &secrets_of(provider, &settings));
        let change = Change::new("gateway.deleted").changed(&was, &Value::Null);
        Ok(self.note_gateway(write, caller, ("gateway.deleted", id, was), change).await?)
    }

    /// Notes what happened to a gateway, for the audit log and for whoever listens.
    async fn note_gateway(
        &self,
        write: &mut Write,
        caller: &Caller,
        (kind, id, data): (&'static str, GatewayId, Value),
        change: Change,
    ) -> Result<(), StoreError> {
        let (at, subject_id) = (self.now(), id.uuid());
        let id = EventId::new(at, self.id_bytes());
        let event = Event { id, kind: kind.into(), subject_id, data, created_at: at };
        write.insert_event(&event).await?;
        change.on(subject_id).write(self, write, caller).await
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
