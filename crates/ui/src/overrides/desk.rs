//! Overrides as they are looked after from another site: how each one stands, and one put in the
//! place of another.
//!
//! The files stay the truth: whoever edits them on the machine and whoever sends them see the same.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::files::{self, Survey};
use super::write::{self, Before, WriteError};
use super::{Drift, DriftKind, OverrideFault, Trial, complain, lock, manifest};
use crate::{Ui, UiError};

/// Renders every page of the site with the overrides on trial: what is wrong with them.
pub type TryOut = Arc<dyn Fn(&Trial) -> Vec<OverrideFault> + Send + Sync>;

/// How a template of a brand stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverrideState {
    /// The brand has none of its own: the shipped one is shown.
    Shipped,
    /// The brand's own is shown.
    Own,
    /// The same, and the shipped one is not the one that it was made from.
    Drifted,
    /// Pages that need it are shown as they are shipped.
    Broken,
}

/// A template of a brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRecord {
    /// Its name: `portal/invoices/list.html`.
    pub name: String,
    /// How it stands.
    pub state: OverrideState,
    /// What became of the shipped one since the brand's own was made from it.
    pub drift: Option<DriftKind>,
    /// What is wrong with it.
    pub faults: Vec<OverrideFault>,
}

/// The texts of a template. One that has neither does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateTexts {
    /// The brand's own.
    pub own: Option<String>,
    /// The shipped one.
    pub shipped: Option<String>,
}

/// The folders of all brands, and what tries them out.
pub struct Desk {
    root: PathBuf,
    ui: Ui,
    try_out: TryOut,
    checked: Mutex<HashMap<String, Checked>>,
}

/// What was found in a folder as it was then.
struct Checked {
    survey: Survey,
    faults: Arc<Vec<OverrideFault>>,
}

impl Desk {
    /// For the folders that a site uses; nothing where it uses none.
    #[must_use]
    pub fn of(ui: Ui, try_out: TryOut) -> Option<Self> {
        let root = ui.overrides_folder()?.to_owned();
        Some(Self { root, ui, try_out, checked: Mutex::default() })
    }

    /// All templates that a brand can have of its own, and those that it has, by name. Tries the
    /// brand's own out where they changed since that was done last.
    ///
    /// # Errors
    /// Where the texts of pages cannot be loaded.
    pub fn list(&self, brand: &str) -> Result<Vec<TemplateRecord>, UiError> {
        self.check(brand)?;
        let folder = self.root.join(brand);
        let mut faults: BTreeMap<String, Vec<OverrideFault>> = BTreeMap::new();
        for fault in self.known_faults(brand) {
            faults.entry(fault.file.clone()).or_default().push(fault);
        }
        let drifted: HashMap<String, DriftKind> = manifest::drifted(&folder)
            .into_iter()
            .map(|Drift { file, kind }| (file, kind))
            .collect();
        let own = files::read(&folder, &files::survey(&folder)).texts;
        let mut names: Vec<String> = manifest::shipped().map(|(name, _)| name).collect();
        names.extend(own.keys().cloned());
        names.extend(faults.keys().cloned());
        names.sort_unstable();
        names.dedup();
        let record = |name: String| {
            let (drift, faults) = (drifted.get(&name).copied(), faults.remove(&name));
            let state = match (own.contains_key(&name), drift, &faults) {
                (_, _, Some(_)) => OverrideState::Broken,
                (true, Some(_), None) => OverrideState::Drifted,
                (true, None, None) => OverrideState::Own,
                (false, _, None) => OverrideState::Shipped,
            };
            TemplateRecord { name, state, drift, faults: faults.unwrap_or_default() }
        };
        Ok(names.into_iter().map(record).collect())
    }

    /// The texts of a template, where there is one of that name.
    #[must_use]
    pub fn texts(&self, brand: &str, name: &str) -> Option<TemplateTexts> {
        let own = self.own(brand, name);
        let shipped = manifest::shipped_text(name);
        (own.is_some() || shipped.is_some()).then_some(TemplateTexts { own, shipped })
    }

    /// The brand's own text of a template.
    #[must_use]
    pub fn own(&self, brand: &str, name: &str) -> Option<String> {
        let folder = self.root.join(brand);
        files::read(&folder, &files::survey(&folder)).texts.remove(name)
    }

    /// What would be wrong with a text that takes the place of a template, beside what is wrong
    /// already.
    ///
    /// # Errors
    /// Where the texts of pages cannot be loaded.
    pub fn try_new(
        &self,
        brand: &str,
        (name, text): (&str, &str),
    ) -> Result<Vec<OverrideFault>, UiError> {
        let trial = Trial::with(&self.ui, &self.root.join(brand), (name, text))?;
        let mut faults = (self.try_out)(&trial);
        if faults.iter().any(|fault| fault.file != name) {
            let before = self.check(brand)?;
            let is_old = |fault: &OverrideFault| before.iter().any(|it| it.is_at(fault));
            faults.retain(|fault| fault.file == name || !is_old(fault));
        }
        Ok(faults)
    }

    /// Puts a text in the place of a shipped template. The answer undoes it.
    ///
    /// # Errors
    /// Where the folder is absent, a link is in the way, or the machine refuses.
    pub fn put(&self, brand: &str, name: &str, text: &str) -> Result<Before, WriteError> {
        write::put(&self.root, brand, (name, text))
    }

    /// Takes the brand's own text of a template away. The answer undoes it.
    ///
    /// # Errors
    /// Where a link is in the way, or the machine refuses.
    pub fn remove(&self, brand: &str, name: &str) -> Result<Before, WriteError> {
        write::remove(&self.root, brand, name)
    }

    /// Tries out the templates of all brands that changed since that was done last. What is wrong
    /// with them is logged once.
    ///
    /// # Errors
    /// Where the texts of pages cannot be loaded.
    pub fn check_all(&self) -> Result<(), UiError> {
        for folder in fs::read_dir(&self.root).into_iter().flatten().flatten() {
            let brand = folder.file_name().to_string_lossy().into_owned();
            if super::is_brand(&brand) {
                self.check(&brand)?;
            }
        }
        Ok(())
    }

    /// What is known to be wrong, without looking at the disk: found when the templates were tried
    /// out last, or by visitors of the site in this process.
    #[must_use]
    pub fn known_faults(&self, brand: &str) -> Vec<OverrideFault> {
        let tried = lock(&self.checked).get(brand).map(|it| Arc::clone(&it.faults));
        let mut faults = tried.map(|it| it.to_vec()).unwrap_or_default();
        for met in self.ui.override_faults() {
            if met.brand.as_deref() == Some(brand) && !faults.iter().any(|it| it.is_at(&met)) {
                faults.push(met);
            }
        }
        faults
    }

    /// How many templates of all brands are known to be broken.
    #[must_use]
    pub fn count_faults(&self) -> usize {
        let met = self.ui.override_faults();
        let tried = lock(&self.checked);
        let is_new = |met: &&OverrideFault| {
            let known = met.brand.as_ref().and_then(|brand| tried.get(brand));
            known.is_none_or(|known| !known.faults.iter().any(|it| it.is_at(met)))
        };
        tried.values().map(|it| it.faults.len()).sum::<usize>() + met.iter().filter(is_new).count()
    }

    /// What is wrong with the templates of a brand as they are now.
    fn check(&self, brand: &str) -> Result<Arc<Vec<OverrideFault>>, UiError> {
        let folder = self.root.join(brand);
        let survey = files::survey(&folder);
        if let Some(known) = lock(&self.checked).get(brand)
            && known.survey == survey
        {
            return Ok(Arc::clone(&known.faults));
        }
        let faults = Arc::new((self.try_out)(&Trial::new(&self.ui, &folder)?));
        for fault in faults.iter() {
            complain(brand, fault);
        }
        // What visitors met before the files changed is over.
        self.ui.forget_overrides(brand);
        let checked = Checked { survey, faults: Arc::clone(&faults) };
        lock(&self.checked).insert(brand.to_owned(), checked);
        Ok(faults)
    }
}
