//! Making the organisation what the file says.

use std::collections::BTreeSet;

use portico_billing::{BrandId, brand};
use portico_store::Write;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::difference::{self, Difference};
use super::document::{Configuration, FORMAT, OrganisationEntry};
use super::faults::{Faults, of_domain, within_organisation};
use super::files::{self, Named, Replaced};
use super::gateways;
use super::snapshot::Snapshot;
use super::{WordingRules, may_configure};
use crate::files::files_fit;
use crate::records::Rejection;
use crate::settings::{OrganisationChange, TAX_IDS_MAX};
use crate::{Caller, Core, Failure, Who};

/// Most brands: as many as are listed.
const BRANDS_MAX: usize = 1_000;
/// Most gateways: as many as are listed.
const GATEWAYS_MAX: usize = 1_000;
/// Most domains of a brand.
const BRAND_DOMAINS_MAX: usize = 100;
/// Most domains of all brands.
const DOMAINS_MAX: usize = 1_000;
/// Most bytes of a style sheet that names files by their names, which can be longer than their
/// identifiers. How long it may be in the end is checked with its form.
const CSS_BYTES_MAX: usize = 256 * 1024;

/// How a configuration is applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApplyOptions {
    /// Whether nothing is kept of it: the answer is what would differ.
    pub dry_run: bool,
    /// Whether brands, domains and gateways that the file does not name, and mail servers that are
    /// empty tables in it, are removed. Without it nothing is applied where there are some.
    pub remove: bool,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Applied {
    /// Whether something was changed: not in a dry run, and not where nothing differs.
    pub applied: bool,
    /// What differs, before and after.
    pub differences: Vec<Difference>,
    /// Brands, domains, gateways and mail servers that are removed only where that is asked for.
    pub removals: Vec<String>,
}

impl Core {
    /// Makes the organisation what the file says, as a whole or not at all.
    ///
    /// # Errors
    /// Where the caller may not read and edit the organisation and its brands, values have faults
    /// (by their paths), something would be removed and was not asked to be, or the machinery
    /// fails. Nothing is changed then.
    pub async fn apply_configuration(
        &self,
        caller: &Caller,
        configuration: &Configuration,
        options: ApplyOptions,
        rules: &dyn WordingRules,
    ) -> Result<Applied, Rejection> {
        may_configure(caller)?;
        let mut faults = Faults::default();
        check_form(configuration, &mut faults)?;
        faults.refuse_any()?;
        let sent = match &configuration.files {
            Some(sent) => Some(files::prepare(self, caller, sent, &mut faults).await?),
            None => None,
        };
        faults.refuse_any()?;
        let document = (configuration, sent.as_deref());
        let lapsed = self.lapsed_hosts(caller, configuration).await?;
        let mut apply = Apply::new(self, caller, rules);
        if !lapsed.is_empty() {
            // Nobody loses a claim to a configuration that is refused.
            apply.lapsed = lapsed;
            let tried = apply.run(document, (options, false)).await?;
            if !tried.applied {
                return Ok(tried);
            }
            for host in &apply.lapsed {
                self.free_lapsed(caller, host).await.map_err(of_domain)?;
            }
            apply = Apply::new(self, caller, rules);
        }
        apply.run(document, (options, true)).await
    }

    /// Hosts of the file that another organisation claims and has not proven in time.
    async fn lapsed_hosts(
        &self,
        caller: &Caller,
        configuration: &Configuration,
    ) -> Result<Vec<String>, Rejection> {
        let domains = configuration.brands.iter().flatten().flat_map(|it| it.domains.iter());
        let hosts: BTreeSet<String> =
            domains.flatten().filter_map(|host| brand::host(host.trim())).collect();
        let (mut directory, mut lapsed) = (self.inner.store.directory().await?, Vec::new());
        for host in hosts {
            let holder = directory.host_holder(&host).await?;
            if let Some((organisation, Some(claim))) = holder
                && organisation != caller.organisation_id
                && claim.has_lapsed(self.now())
            {
                lapsed.push(host);
            }
        }
        Ok(lapsed)
    }
}
fn check_form(configuration: &Configuration, faults: &mut Faults) -> Result<(), Failure> {
    if configuration.format != FORMAT {
        let message = format!("must be {FORMAT}: this is what this version reads");
        faults.at("format", message);
    }
    if configuration.brands.as_ref().is_some_and(|brands| brands.len() > BRANDS_MAX) {
        faults.at("brands", format!("must not have more than {BRANDS_MAX} entries"));
    }
    if configuration.gateways.as_ref().is_some_and(|gateways| gateways.len() > GATEWAYS_MAX) {
        faults.at("gateways", format!("must not have more than {GATEWAYS_MAX} entries"));
    }
    check_sizes(configuration, faults);
    let tax_ids = configuration.organisation.as_ref().map(|it| it.tax_ids.len());
    if tax_ids.is_some_and(|count| count > TAX_IDS_MAX) {
        let message = format!("must not have more than {TAX_IDS_MAX} entries");
        faults.at("organisation.tax_ids", message);
    }
    let value = serde_json::to_value(configuration).map_err(Failure::from)?;
    without_nul("", &value, faults);
    Ok(())
}

/// Notes what would be much work before it is found at fault, while nobody else can write.
fn check_sizes(configuration: &Configuration, faults: &mut Faults) {
    let mut all = 0;
    for (index, brand) in configuration.brands.iter().flatten().enumerate() {
        let domains = brand.domains.as_ref().map_or(0, Vec::len);
        all += domains;
        if domains > BRAND_DOMAINS_MAX {
            let message = format!("must not have more than {BRAND_DOMAINS_MAX} entries");
            faults.at(&format!("brands.{index}.domains"), message);
        }
        if brand.looks.as_ref().is_some_and(|looks| looks.css.len() > CSS_BYTES_MAX) {
            let message = format!("must not have more than {CSS_BYTES_MAX} bytes");
            faults.at(&format!("brands.{index}.looks.css"), message);
        }
    }
    if all > DOMAINS_MAX {
        let message = format!("must not have more than {DOMAINS_MAX} domains in all");
        faults.at("brands", message);
    }
}

/// Notes texts with the character U+0000, which not every database can keep.
fn without_nul(path: &str, value: &Value, faults: &mut Faults) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::String(text) if text.contains('\0') => {
            faults.at(path, "must not contain the character U+0000");
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                without_nul(&below(&index.to_string()), value, faults);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                if key.contains('\0') {
                    faults.at(path, "has a key with the character U+0000");
                }
                without_nul(&below(key), value, faults);
            }
        }
        _ => {}
    }
}

/// The configuration as it is, which nobody else changes now.
async fn hold_all(core: &Core, write: &mut Write) -> Result<Snapshot, Rejection> {
    write.hold_organisation().await?;
    for brand in write.brands().await? {
        write.brand_for_update(brand.id).await?;
    }
    for gateway in write.gateways().await? {
        write.gateway_for_update(gateway.id).await?;
    }
    Snapshot::take(core, write).await
}

/// A configuration that is being applied.
pub(super) struct Apply<'a> {
    pub core: &'a Core,
    pub caller: &'a Caller,
    pub rules: &'a dyn WordingRules,
    /// What is wrong so far.
    pub faults: Faults,
    /// What differs and is not shown.
    pub hidden: Vec<Difference>,
    /// What was removed that must be asked for.
    pub removals: Vec<String>,
    /// Whether a difference may say that a password is another one than before. In a trial that
    /// costs nothing, anybody but who runs the program could guess with it.
    pub tells_of_passwords: bool,
    /// Hosts that others hold and will be free: they are taken as added.
    pub lapsed: Vec<String>,
    /// Those that were, with their brands.
    pub awaited: Vec<(BrandId, String)>,
}

impl<'a> Apply<'a> {
    fn new(core: &'a Core, caller: &'a Caller, rules: &'a dyn WordingRules) -> Self {
        Self {
            core,
            caller,
            rules,
            faults: Faults::default(),
            hidden: Vec::new(),
            removals: Vec::new(),
            tells_of_passwords: false,
            lapsed: Vec::new(),
            awaited: Vec::new(),
        }
    }

    /// Does all of it and says what differs; it stays so where it is not a dry run, and is to be
    /// kept.
    async fn run(
        &mut self,
        document: (&Configuration, Option<&[files::Sent]>),
        (options, keep): (ApplyOptions, bool),
    ) -> Result<Applied, Rejection> {
        self.tells_of_passwords = !options.dry_run || matches!(self.caller.who, Who::System);
        let mut write = self.core.inner.store.write(self.caller.organisation_id).await?;
        let before = hold_all(self.core, &mut write).await?;
        self.all(&mut write, &before, document).await?;
        self.faults.refuse_any()?;
        let mut after = Snapshot::take(self.core, &mut write).await?;
        for (id, host) in self.awaited.drain(..) {
            after.add_host(id, host);
        }
        let mut differences = difference::between(&before, &after)?;
        differences.append(&mut self.hidden);
        let removals = std::mem::take(&mut self.removals);
        let applied = !options.dry_run && !differences.is_empty();
        if applied && !removals.is_empty() && !options.remove {
            let message = format!("this would remove: {}", removals.join(", "));
            return Err(Rejection::conflict("remove", message));
        }
        if applied && keep {
            write.commit().await?;
        }
        Ok(Applied { applied, differences, removals })
    }

    async fn all(
        &mut self,
        write: &mut Write,
        before: &Snapshot,
        (configuration, sent): (&Configuration, Option<&[files::Sent]>),
    ) -> Result<(), Rejection> {
        if let Some(entry) = &configuration.organisation {
            self.organisation(write, before, entry).await?;
        }
        let mut files = before.files.clone();
        let mut replaced = Replaced::default();
        if let Some(sent) = sent {
            let added = files::add(self.core, (write, self.caller), &mut files, sent).await;
            replaced = self.faults.take("files", added)?.unwrap_or_default();
        }
        let gateways = configuration.gateways.as_deref();
        let gateways = gateways.map(|it| (it, gateways::matched(it, before, &mut self.faults)));
        if let Some((_, ids)) = &gateways
            && self.faults.are_none()
        {
            self.remove_gateways(write, before, ids).await?;
        }
        if let Some(entries) = &configuration.brands {
            self.brands(write, before, (entries, &files)).await?;
        }
        if let Some((entries, ids)) = &gateways
            && self.faults.are_none()
        {
            self.gateways(write, before, (entries, ids)).await?;
        }
        if !self.faults.are_none() {
            // What is to be removed may still be shown, where its looks were refused.
            return Ok(());
        }
        self.show_replaced(write, &replaced.by).await?;
        if replaced.gone.is_empty() && files.ids() == before.files.ids() {
            return Ok(());
        }
        for Named { id, name, .. } in replaced.gone {
            let removed = self.core.remove_file_within(write, self.caller, id).await;
            self.faults.take(&format!("files.{name}"), removed)?;
        }
        files.settle_names(write).await?;
        self.faults.take("files", files_fit(write).await).map(drop)
    }

    async fn organisation(
        &mut self,
        write: &mut Write,
        before: &Snapshot,
        entry: &OrganisationEntry,
    ) -> Result<(), Rejection> {
        let present = before.organisation.1.require_second_factor;
        let require_second_factor = entry.require_second_factor.or(Some(present));
        let entry = &OrganisationEntry { require_second_factor, ..entry.clone() };
        if before.configuration.organisation.as_ref() == Some(entry) {
            return Ok(());
        }
        let was = before.organisation.clone();
        let change = change_of(entry, OrganisationChange::of(&was.0, &was.1));
        let saved = self.core.save_organisation_within(write, self.caller, was, &change).await;
        self.faults.take("organisation", saved.map_err(within_organisation)).map(drop)
    }
}

fn change_of(it: &OrganisationEntry, present: OrganisationChange) -> OrganisationChange {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let address = &it.address;
    OrganisationChange {
        name: it.name.clone(),
        legal_name: text(&it.legal_name),
        email: text(&it.email),
        phone: text(&it.phone),
        address: [
            text(&address.line1),
            text(&address.line2),
            text(&address.city),
            text(&address.region),
            text(&address.postal_code),
            text(&address.country),
        ],
        tax_ids: it.tax_ids.iter().map(|it| (it.kind.clone(), it.value.clone())).collect(),
        time_zone: it.time_zone.clone(),
        currency: it.currency.clone(),
        invoice_prefix: it.invoice_prefix.clone(),
        require_second_factor: it.require_second_factor.unwrap_or(present.require_second_factor),
        // The series goes on: what a file says of it would be old with the next invoice.
        invoice_next: present.invoice_next,
    }
}
