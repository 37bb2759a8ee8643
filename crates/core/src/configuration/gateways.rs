//! Making the gateways those of the file. Their secrets are none of it: those that there are stay.

use portico_billing::{BrandId, GatewayId};
use portico_gateways::provider;
use portico_gateways::settings::FieldKind;
use portico_store::Write;

use super::apply::Apply;
use super::difference;
use super::document::GatewayEntry;
use super::faults::{Faults, within_gateway};
use super::snapshot::Snapshot;
use crate::gateways::GatewayInput;
use crate::records::Rejection;

/// The gateway of each entry; nothing for one that is new. Provider and name say which it is, and
/// where several have both, brand and mode as well.
pub(super) fn matched(
    entries: &[GatewayEntry],
    before: &Snapshot,
    faults: &mut Faults,
) -> Vec<Option<GatewayId>> {
    let known: Vec<(GatewayId, &GatewayEntry)> = before.gateways().collect();
    let named = |it: &GatewayEntry, entry: &GatewayEntry| {
        it.provider == entry.provider && it.name == entry.name.trim()
    };
    let exactly = |it: &GatewayEntry, entry: &GatewayEntry| {
        named(it, entry) && it.brand == entry.brand && it.test == entry.test
    };
    let mut found: Vec<Option<GatewayId>> = Vec::with_capacity(entries.len());
    for entry in entries {
        let free = |(id, it): &&(GatewayId, &GatewayEntry)| {
            exactly(it, entry) && !found.contains(&Some(*id))
        };
        let id = known.iter().find(free).map(|(id, _)| *id);
        found.push(id);
    }
    for (index, entry) in entries.iter().enumerate() {
        if found[index].is_some() {
            continue;
        }
        let free = |(id, it): &&(GatewayId, &GatewayEntry)| {
            named(it, entry) && !found.contains(&Some(*id))
        };
        let mut left = known.iter().filter(free).map(|(id, _)| *id);
        match (left.next(), left.next()) {
            (Some(_), Some(_)) => {
                let message = "several gateways of this provider have this name; say which by \
                               brand and mode";
                faults.at(&format!("gateways.{index}.name"), message);
            }
            (one, _) => found[index] = one,
        }
    }
    found
}

impl Apply<'_> {
    /// Takes those away that the file does not name: before its brands, which may go as well.
    pub(super) async fn remove_gateways(
        &mut self,
        write: &mut Write,
        before: &Snapshot,
        kept: &[Option<GatewayId>],
    ) -> Result<(), Rejection> {
        for (id, was) in before.gateways().filter(|(id, _)| !kept.contains(&Some(*id))) {
            let removed = self.core.delete_gateway_within(write, self.caller, id).await;
            self.faults.take("gateways", removed.map_err(within_gateway))?;
            self.removals.push(format!("gateway {}", was.name));
        }
        Ok(())
    }

    /// Makes those that there are what the file says, and those that there are not.
    pub(super) async fn gateways(
        &mut self,
        write: &mut Write,
        before: &Snapshot,
        (entries, ids): (&[GatewayEntry], &[Option<GatewayId>]),
    ) -> Result<(), Rejection> {
        for (index, (entry, id)) in entries.iter().zip(ids).enumerate() {
            let was = before.gateways().find(|(known, _)| Some(*known) == *id);
            if was.is_some_and(|(_, was)| was == entry) {
                continue;
            }
            let path = format!("gateways.{index}");
            if !entry.settings_from.is_empty() {
                let message = "is for the command line alone";
                self.faults.at(&format!("{path}.settings_from"), message);
                continue;
            }
            let Some(brand_id) = self.brand_named(write, entry, &path).await? else { continue };
            self.gateway(write, (&path, entry, *id), brand_id).await?;
        }
        Ok(())
    }

    async fn gateway(
        &mut self,
        write: &mut Write,
        (path, entry, id): (&str, &GatewayEntry, Option<GatewayId>),
        brand_id: Option<BrandId>,
    ) -> Result<(), Rejection> {
        let input = input_of(entry, brand_id);
        let (core, caller) = (self.core, self.caller);
        let saved = match id {
            None => core.create_gateway_within(write, caller, &input).await,
            Some(id) => core.edit_gateway_within(write, caller, id, |_| Ok(input)).await,
        };
        let Some(saved) = self.faults.take(path, saved.map_err(within_gateway))? else {
            return Ok(());
        };
        let shown =
            if self.tells_of_passwords { saved.secrets_replaced } else { secrets_sent(entry) };
        for key in shown {
            let path = ["gateways", entry.name.trim(), "settings", key];
            self.hidden.push(difference::hidden(&path));
        }
        Ok(())
    }

    /// The brand that an entry names, none where all brands have it; nothing where it names no
    /// brand, or several.
    async fn brand_named(
        &mut self,
        write: &mut Write,
        entry: &GatewayEntry,
        path: &str,
    ) -> Result<Option<Option<BrandId>>, Rejection> {
        let Some(name) = entry.brand.as_deref() else { return Ok(Some(None)) };
        let brands = write.brands().await?;
        let named: Vec<BrandId> =
            brands.iter().filter(|it| it.name == name.trim()).map(|it| it.id).collect();
        if let [one] = named[..] {
            return Ok(Some(Some(one)));
        }
        let message =
            if named.is_empty() { "is no brand" } else { "is the name of several brands" };
        self.faults.at(&format!("{path}.brand"), message);
        Ok(None)
    }
}

fn input_of(entry: &GatewayEntry, brand_id: Option<BrandId>) -> GatewayInput {
    GatewayInput {
        provider: entry.provider.clone(),
        name: entry.name.clone(),
        brand_id,
        enabled: entry.enabled,
        test: entry.test,
        currencies: entry.currencies.clone(),
        settings: entry.settings.clone(),
        deducts_fees: entry.deducts_fees,
        position: entry.position,
    }
}

/// Keys of the secrets that an entry brings along.
fn secrets_sent(entry: &GatewayEntry) -> Vec<&'static str> {
    let fields = provider(&entry.provider).map_or(&[][..], |it| it.fields);
    let secret = fields.iter().filter(|field| field.kind == FieldKind::Secret);
    secret.map(|field| field.key).filter(|key| entry.settings.get(key).is_some()).collect()
}
