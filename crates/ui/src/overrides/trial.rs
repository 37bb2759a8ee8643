//! Overrides before they are used: each page with each of its samples, without falling back.

use std::path::Path;
use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{Environment, Value};

use super::{OverrideFault, Set, bounded, files, read_now};
use crate::sample_frame::sample_frame;
use crate::{Page, Ui, UiError, functions};

/// A folder of overrides that is being checked.
pub struct Trial {
    languages: Vec<String>,
    set: Set,
    environment: Arc<Environment<'static>>,
}

impl Trial {
    /// Reads the overrides in `folder`.
    ///
    /// # Errors
    /// Where the texts cannot be loaded.
    pub fn new(ui: &Ui, folder: &Path) -> Result<Self, UiError> {
        Self::of(ui, read_now(folder))
    }

    /// The same with one more text, in the place of what is there under its name.
    ///
    /// # Errors
    /// Where the texts cannot be loaded.
    pub fn with(ui: &Ui, folder: &Path, (name, text): (&str, &str)) -> Result<Self, UiError> {
        let mut files = files::read(folder, &files::survey(folder));
        files.refused.retain(|fault| fault.file != name);
        files.texts.insert(name.to_owned(), text.to_owned());
        Self::of(ui, Set::new(files))
    }

    fn of(ui: &Ui, set: Set) -> Result<Self, UiError> {
        let environment = ui.overridden_environment(&set)?;
        Ok(Self { languages: ui.languages(), set, environment })
    }

    /// How many templates are overridden.
    #[must_use]
    pub fn len(&self) -> usize {
        self.set.files.len()
    }

    /// Whether nothing is overridden.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.files.is_empty()
    }

    /// The files that are not taken, and those that cannot be parsed, used or not.
    #[must_use]
    pub fn files(&self) -> Vec<OverrideFault> {
        let mut faults = self.set.refused.clone();
        for name in self.set.files.keys() {
            if let Err(error) = self.environment.get_template(name) {
                faults.push(bounded::failure(&error, name).fault);
            }
        }
        faults
    }

    /// Renders all samples of a page in all languages: what failed, each fault once.
    #[must_use]
    pub fn page<P: Page>(&self) -> Vec<OverrideFault> {
        let mut faults: Vec<OverrideFault> = Vec::new();
        for language in &self.languages {
            let frame = sample_frame(language);
            for sample in P::samples() {
                let context = functions::context(&frame, Value::from(Serde(&sample.page)));
                let rendered = bounded::render(&self.environment, P::TEMPLATE, context);
                let Err(failure) = rendered else { continue };
                let (fault, name) = (failure.fault, sample.name);
                if !faults.iter().any(|known| known.is_at(&fault)) {
                    let reason = format!("{} ({} “{name}”, {language})", fault.reason, P::TEMPLATE);
                    faults.push(OverrideFault { reason, ..fault });
                }
                if failure.is_lasting {
                    // The other samples would take as long to say the same.
                    return faults;
                }
            }
        }
        faults
    }
}
