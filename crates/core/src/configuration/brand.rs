//! Making the brands those of the file.

use portico_billing::BrandId;
use portico_store::Write;

use super::apply::Apply;
use super::difference;
use super::document::{BrandEntry, SmtpEntry};
use super::faults::{of_domain, within_brand};
use super::files::Files;
use super::matching::matched;
use super::snapshot::{KnownBrand, Snapshot};
use crate::brand_mail::SmtpInput;
use crate::brands::BrandSettings;
use crate::looks::{LooksError, LooksInput};
use crate::records::Rejection;

/// An entry of the file with the brand that it is about.
type Settled<'a> = (BrandId, usize, &'a BrandEntry);

impl Apply<'_> {
    /// Makes the brands those of the file.
    pub(super) async fn brands(
        &mut self,
        write: &mut Write,
        before: &Snapshot,
        (entries, files): (&[BrandEntry], &Files),
    ) -> Result<(), Rejection> {
        let ids = matched(entries, &before.brands, &mut self.faults);
        if !self.faults.are_none() {
            return Ok(());
        }
        let mut settled = Vec::with_capacity(entries.len());
        for (index, (entry, id)) in entries.iter().zip(&ids).enumerate() {
            let id = self.settings(write, before, (index, entry, *id)).await?;
            settled.extend(id.map(|id| (id, index, entry)));
        }
        self.default_brand(write, &settled).await?;
        let absent = before.brands.iter().filter(|brand| !ids.contains(&Some(brand.id)));
        for brand in absent {
            self.remove(write, brand).await?;
        }
        self.domains(write, before, &settled).await?;
        for (id, index, entry) in settled {
            self.rest(write, before, ((id, index, entry), files)).await?;
        }
        Ok(())
    }

    /// The basic settings. The answer is the brand's identifier, where it is one.
    async fn settings(
        &mut self,
        write: &mut Write,
        before: &Snapshot,
        (index, entry, id): (usize, &BrandEntry, Option<BrandId>),
    ) -> Result<Option<BrandId>, Rejection> {
        let path = format!("brands.{index}");
        let Some(id) = id else {
            let settings = settings_of(entry, BrandSettings::of_new(entry.name.clone()));
            let made = self.core.insert_brand_within(write, self.caller, &settings).await;
            let made = self.faults.take(&path, made.map_err(within_brand))?;
            return Ok(made.map(|brand| brand.id));
        };
        if !before.entry(id).is_some_and(|was| has_same_settings(was, entry)) {
            let edit = |settings| Ok(settings_of(entry, settings));
            let edited = self.core.edit_brand_within(write, self.caller, id, edit).await;
            self.faults.take(&path, edited.map_err(within_brand))?;
        }
        Ok(Some(id))
    }

    async fn default_brand(
        &mut self,
        write: &mut Write,
        settled: &[Settled<'_>],
    ) -> Result<(), Rejection> {
        let mut named = settled.iter().filter(|(_, _, entry)| entry.default);
        let Some((id, index, _)) = named.next() else { return Ok(()) };
        if let Some((_, second, _)) = named.next() {
            self.faults.at(&format!("brands.{second}.default"), "only one brand is the default");
            return Ok(());
        }
        let made = self.core.make_brand_default_within(write, self.caller, *id).await;
        self.faults.take(&format!("brands.{index}.default"), made).map(drop)
    }

    async fn remove(&mut self, write: &mut Write, brand: &KnownBrand) -> Result<(), Rejection> {
        let removed = self.core.remove_brand_within(write, self.caller, brand.id).await;
        self.faults.take(&format!("brands.{}", brand.name), removed)?;
        self.removals.push(format!("brand {}", brand.name));
        Ok(())
    }

    /// The domains: first those that brands lose are taken from all of them, so that they can move.
    async fn domains(
        &mut self,
        write: &mut Write,
        before: &Snapshot,
        settled: &[Settled<'_>],
    ) -> Result<(), Rejection> {
        let mut added = Vec::new();
        for (id, index, entry) in settled {
            let Some(domains) = &entry.domains else { continue };
            let known = before.brands.iter().find(|brand| brand.id == *id);
            let has: &[String] = known.map_or(&[], |known| &known.hosts);
            let mut wanted = Vec::new();
            for (place, domain) in domains.iter().enumerate() {
                let path = format!("brands.{index}.domains.{place}");
                match portico_billing::brand::host(domain.trim()) {
                    Some(host) => wanted.push((path, host)),
                    None => self.faults.at(&path, "is no host: a name alone is expected"),
                }
            }
            let is_wanted = |host: &String| wanted.iter().any(|(_, it)| it == host);
            for host in has.iter().filter(|host| !is_wanted(host)) {
                let removed = self.core.remove_domain_within(write, self.caller, *id, host).await;
                self.faults.take(&format!("brands.{index}.domains"), removed.map_err(of_domain))?;
                self.removals.push(format!("domain {host}"));
            }
            wanted.retain(|(_, host)| !has.contains(host));
            added.extend(wanted.into_iter().map(|(path, host)| (*id, path, host)));
        }
        for (id, path, host) in added {
            if self.lapsed.contains(&host) {
                self.awaited.push((id, host));
                continue;
            }
            let added = self.core.add_domain_within(write, self.caller, id, &host).await;
            self.faults.take(&path, added.map_err(of_domain))?;
        }
        Ok(())
    }

    /// All that there is once the brand is there.
    async fn rest(
        &mut self,
        write: &mut Write,
        before: &Snapshot,
        ((id, index, entry), files): (Settled<'_>, &Files),
    ) -> Result<(), Rejection> {
        let path = format!("brands.{index}");
        let was = before.entry(id);
        if let Some(looks) = &entry.looks {
            self.looks(write, (id, &path), (looks, files)).await?;
        }
        if let Some(smtp) = &entry.smtp
            && (was.and_then(|was| was.smtp.as_ref()) != Some(smtp))
        {
            self.smtp(write, (id, &path), (&entry.name, smtp)).await?;
        }
        let none = Default::default();
        if let Some(mails) = &entry.mail_templates {
            let had = was.and_then(|was| was.mail_templates.as_ref()).unwrap_or(&none);
            self.mails(write, (id, &path), (had, mails)).await?;
        }
        let none = Default::default();
        if let Some(texts) = &entry.texts {
            let had = was.and_then(|was| was.texts.as_ref()).unwrap_or(&none);
            self.texts(write, (id, &path), (had, texts)).await?;
        }
        Ok(())
    }

    async fn looks(
        &mut self,
        write: &mut Write,
        (id, path): (BrandId, &str),
        (looks, files): (&LooksInput, &Files),
    ) -> Result<(), Rejection> {
        let path = format!("{path}.looks");
        let (looks, unknown) = files.by_id(looks.clone());
        let brand = write.brand(id).await?;
        if brand.is_some_and(|brand| LooksInput::of(&brand.looks()) == looks) {
            return Ok(());
        }
        if unknown.is_empty() {
            let found = self.rules.looks(&looks);
            self.faults.below(&path, found);
        } else {
            self.faults.take(&path, Err::<(), _>(LooksError::Invalid(unknown)))?;
        }
        // Where the style sheet is refused, what else is wrong is still worth telling.
        let shown = self.core.publish_looks_within(write, self.caller, id, &looks).await;
        self.faults.take(&path, shown).map(drop)
    }

    async fn smtp(
        &mut self,
        write: &mut Write,
        (id, path): (BrandId, &str),
        (name, entry): (&str, &SmtpEntry),
    ) -> Result<(), Rejection> {
        let path = format!("{path}.smtp");
        let before = write.brand_smtp(id).await?;
        if *entry == SmtpEntry::default() {
            if before.is_some() {
                self.core.remove_brand_smtp_within(write, self.caller, id).await?;
                self.removals.push(format!("mail server of {}", name.trim()));
            }
            return Ok(());
        }
        if entry.password_from.is_some() {
            let message = "is for the command line alone";
            self.faults.at(&format!("{path}.password_from"), message);
            return Ok(());
        }
        let input = smtp_input(entry);
        let saved = self.core.save_brand_smtp_within(write, self.caller, id, &input).await;
        self.faults.take(&path, saved)?;
        let after = write.brand_smtp(id).await?;
        let sealed = |it: &portico_store::brand_mail::BrandSmtp| it.sealed_password.clone();
        let (was, is) = (before.as_ref().and_then(sealed), after.as_ref().and_then(sealed));
        let given = entry.password.as_ref().is_some_and(|it| !it.is_empty());
        if (given && !self.tells_of_passwords) || (is.is_some() && is != was) {
            self.hidden.push(difference::hidden(&["brands", name.trim(), "smtp", "password"]));
        }
        Ok(())
    }
}

/// Whether an entry says of the basic settings what another one says. A table that it has not says
/// nothing.
fn has_same_settings(was: &BrandEntry, entry: &BrandEntry) -> bool {
    let same_sign_up = entry.sign_up.is_none() || entry.sign_up == was.sign_up;
    let same_columns = entry.report_columns.is_none() || entry.report_columns == was.report_columns;
    let same_paying = entry.paying.is_none() || entry.paying == was.paying;
    same_sign_up
        && same_columns
        && same_paying
        && (&entry.name, &entry.default_language, &entry.home_url)
            == (&was.name, &was.default_language, &was.home_url)
        && (&entry.return_origins, &entry.embed_origins)
            == (&was.return_origins, &was.embed_origins)
        && (&entry.editable_fields, &entry.hidden_sections)
            == (&was.editable_fields, &was.hidden_sections)
}

fn settings_of(entry: &BrandEntry, present: BrandSettings) -> BrandSettings {
    BrandSettings {
        name: entry.name.clone(),
        default_language: entry.default_language.clone(),
        home_url: entry.home_url.clone(),
        return_origins: entry.return_origins.clone(),
        embed_origins: entry.embed_origins.clone(),
        sign_up: entry.sign_up.clone().unwrap_or(present.sign_up),
        editable_fields: entry.editable_fields.clone(),
        hidden_sections: entry.hidden_sections.clone(),
        report_columns: entry.report_columns.clone().unwrap_or(present.report_columns),
        paying: entry.paying.unwrap_or(present.paying),
    }
}

fn smtp_input(entry: &SmtpEntry) -> SmtpInput {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    SmtpInput {
        server: text(&entry.server),
        port: entry.port.unwrap_or_default(),
        security: entry.security.unwrap_or_default(),
        username: text(&entry.username),
        password: text(&entry.password),
        from_address: text(&entry.from_address),
        from_name: text(&entry.from_name),
        falls_back: entry.falls_back.unwrap_or(true),
    }
}
