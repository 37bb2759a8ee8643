//! Templates that a brand replaces, from a folder on the machine.
//!
//! A folder holds files with the names of shipped templates; a page is rendered with those first
//! and with the shipped ones for all else. A brand without a folder, or with an empty one, is not
//! touched by any of this. Where an override fails, the visitor gets the shipped page, the log has
//! one line, and [`Overrides::faults`] has the fault until the file changes.
//!
//! Files are looked at again once a second at most. Whoever may write to the folder may write what
//! customers read; the bounds here are against mistakes that would take the site down. They are
//! none against malice: a text that is doubled again and again takes memory without taking steps.
//! So nobody is given this but who runs the program, and whom that person trusts as much; what a
//! brand edits by itself is [`crate::logic_less`].

mod bounded;
mod desk;
mod files;
mod manifest;
mod trial;
mod write;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use minijinja::{Environment, Value};

pub use bounded::FUEL;
pub use desk::{Desk, OverrideState, TemplateRecord, TemplateTexts, TryOut};
pub use files::MAX_BYTES;
use files::{Files, Survey};
pub use manifest::{Drift, DriftKind, Exported, MANIFEST, accept, drifted, export};
pub use trial::Trial;
pub use write::{Before, WriteError};

/// What can be overridden.
pub const FOLDERS: [&str; 3] = ["components", "layouts", "portal"];
/// How often a folder is looked at again at most.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// An override that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideFault {
    /// The folder of the brand, where it is known.
    pub brand: Option<String>,
    /// The template: `portal/invoices/list.html`.
    pub file: String,
    /// The line, where there is one.
    pub line: Option<usize>,
    /// What is wrong, for whoever writes templates.
    pub reason: String,
}

impl OverrideFault {
    fn of_file(file: &str, reason: &str) -> Self {
        Self { brand: None, file: file.to_owned(), line: None, reason: reason.to_owned() }
    }

    /// Whether the other one is at the same place.
    fn is_at(&self, other: &Self) -> bool {
        (&self.file, self.line) == (&other.file, other.line)
    }
}

/// The folders of all brands.
#[derive(Debug, Default)]
pub struct Overrides {
    root: Option<PathBuf>,
    look_again: Duration,
    known: Mutex<HashMap<String, Known>>,
}

/// A folder as it was when it was last looked at.
#[derive(Debug)]
struct Known {
    looked_at: Instant,
    survey: Survey,
    set: Option<Arc<Set>>,
}

impl Overrides {
    /// The folders in `root`, each called like its brand.
    #[must_use]
    pub fn in_folder(root: PathBuf) -> Self {
        Self { root: Some(root), look_again: LOOK_AGAIN, known: Mutex::default() }
    }

    /// Where the folders are.
    pub(crate) fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Looks at a brand's folder anew when it is needed next, and forgets what failed.
    pub(crate) fn forget(&self, brand: &str) {
        lock(&self.known).remove(brand);
    }

    /// Renders with a brand's templates; `None` where it has none, or they fail. `make` is called
    /// once for each change.
    pub(crate) fn render(
        &self,
        brand: &str,
        template: &str,
        context: &Value,
        make: impl FnOnce(&Set) -> Arc<Environment<'static>>,
    ) -> Option<String> {
        let set = self.set(brand)?;
        set.render(brand, template, context, make)
    }

    /// What is wrong with the overrides that were used since they were last changed.
    pub(crate) fn faults(&self) -> Vec<OverrideFault> {
        let known = lock(&self.known);
        let mut faults: Vec<OverrideFault> = known
            .iter()
            .filter_map(|(brand, known)| Some((brand, known.set.as_ref()?)))
            .flat_map(|(brand, set)| set.faults(brand))
            .collect();
        faults.sort_by(|one, other| (&one.brand, &one.file).cmp(&(&other.brand, &other.file)));
        faults
    }

    /// The overrides of all brands whose shipped original changed, with the brand's folder.
    pub(crate) fn drifted(&self) -> Vec<(String, Drift)> {
        let folders = self.root.iter().flat_map(fs::read_dir).flatten().flatten();
        let mut drifted = Vec::new();
        for folder in folders {
            let brand = folder.file_name().to_string_lossy().into_owned();
            let own = manifest::drifted(&folder.path());
            drifted.extend(own.into_iter().map(|drift| (brand.clone(), drift)));
        }
        drifted
    }

    fn set(&self, brand: &str) -> Option<Arc<Set>> {
        let root = self.root.as_ref()?;
        if !is_brand(brand) {
            return None;
        }
        let before = {
            let mut known = lock(&self.known);
            match known.get_mut(brand) {
                Some(known) if known.looked_at.elapsed() < self.look_again => {
                    return known.set.clone();
                }
                Some(known) => {
                    // The others go on with what is known while this one looks at the disk.
                    known.looked_at = Instant::now();
                    Some((known.survey.clone(), known.set.clone()))
                }
                None => None,
            }
        };
        let folder = root.join(brand);
        let survey = files::survey(&folder);
        let set = match before {
            Some((same, set)) if same == survey => set,
            _ => Set::of(brand, files::read(&folder, &survey)),
        };
        let now = Known { looked_at: Instant::now(), survey, set: set.clone() };
        lock(&self.known).insert(brand.to_owned(), now);
        set
    }
}

/// The overrides of one brand, as they were read.
#[derive(Debug)]
pub(crate) struct Set {
    files: Arc<BTreeMap<String, String>>,
    refused: Vec<OverrideFault>,
    environment: OnceLock<Arc<Environment<'static>>>,
    failed: Mutex<Failed>,
}

#[derive(Debug, Default)]
struct Failed {
    faults: BTreeMap<(String, Option<usize>), OverrideFault>,
    /// Pages that are not tried again before something changes.
    pages: BTreeSet<String>,
}

impl Set {
    /// `None` where there is nothing to use and nothing to complain of.
    fn of(brand: &str, files: Files) -> Option<Arc<Self>> {
        if files.texts.is_empty() && files.refused.is_empty() {
            return None;
        }
        for fault in &files.refused {
            complain(brand, fault);
        }
        Some(Arc::new(Self::new(files)))
    }

    fn new(files: Files) -> Self {
        Self {
            files: Arc::new(files.texts),
            refused: files.refused,
            environment: OnceLock::new(),
            failed: Mutex::default(),
        }
    }

    /// The templates by name.
    pub(crate) fn files(&self) -> Arc<BTreeMap<String, String>> {
        Arc::clone(&self.files)
    }

    fn render(
        &self,
        brand: &str,
        template: &str,
        context: &Value,
        make: impl FnOnce(&Self) -> Arc<Environment<'static>>,
    ) -> Option<String> {
        if self.files.is_empty() || lock(&self.failed).pages.contains(template) {
            return None;
        }
        let environment = self.environment.get_or_init(|| make(self));
        match bounded::render(environment, template, context.clone()) {
            Ok(html) => Some(html),
            Err(failure) => {
                let mut failed = lock(&self.failed);
                if failure.is_lasting {
                    failed.pages.insert(template.to_owned());
                }
                let place = (failure.fault.file.clone(), failure.fault.line);
                failed.faults.entry(place).or_insert_with(|| {
                    complain(brand, &failure.fault);
                    failure.fault
                });
                None
            }
        }
    }

    fn faults(&self, brand: &str) -> Vec<OverrideFault> {
        let failed = lock(&self.failed);
        let all = self.refused.iter().chain(failed.faults.values());
        all.map(|fault| OverrideFault { brand: Some(brand.to_owned()), ..fault.clone() }).collect()
    }
}

/// Whether a folder can be called so.
fn is_brand(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=100).contains(&name.len()) && name.chars().all(fits)
}

fn complain(brand: &str, fault: &OverrideFault) {
    let OverrideFault { file, line, reason, .. } = fault;
    tracing::error!(brand, file, line, reason, "an override cannot be used; the shipped page is");
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads a folder at once, for a trial.
fn read_now(folder: &Path) -> Set {
    Set::new(files::read(folder, &files::survey(folder)))
}

#[cfg(test)]
mod tests;
