//! Overrides before they are used: each page with each of its samples, without falling back.

use std::path::Path;
use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{Environment, Value};

use super::{OverrideFault, Set, bounded, read_now};
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
        let set = read_now(folder);
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
                let is_new =
                    |known: &OverrideFault| (&known.file, known.line) != (&fault.file, fault.line);
                if faults.iter().all(is_new) {
                    let reason = format!("{} ({} “{name}”, {language})", fault.reason, P::TEMPLATE);
                    faults.push(OverrideFault { reason, ..fault });
                }
            }
        }
        faults
    }
}
