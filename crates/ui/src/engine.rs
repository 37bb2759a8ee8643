//! The template engine and what a site holds of it: [`Ui`].

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use portico_billing::brand::BrandText;
use serde::Serialize;

use crate::assets::AssetTable;
use crate::embedded::{self, Templates};
use crate::formats::{Formats, FormatsError};
use crate::functions;
use crate::overrides::{self, Drift, OverrideFault, Overrides};
use crate::paths::{PathError, Paths};
use crate::texts::{Catalogue, OwnTexts, Texts, TextsError};
use crate::{Frame, Page, TextArgs};

/// What a site tells its rendering kit.
#[derive(Debug, Clone, Copy)]
pub struct UiSettings {
    /// The paths that templates link to, as the router takes them: `("invoice", "/invoices/{id}")`.
    pub paths: &'static [(&'static str, &'static str)],
    /// Whether templates, texts and assets are read from disk for each page (debug builds only).
    pub reload: bool,
    /// Whether a text that no language has fails the page. Otherwise its key is shown.
    pub strict_texts: bool,
}

impl UiSettings {
    /// Reloading and strict in debug builds, embedded and forgiving in release builds.
    #[must_use]
    pub const fn new(paths: &'static [(&'static str, &'static str)]) -> Self {
        Self { paths, reload: cfg!(debug_assertions), strict_texts: cfg!(debug_assertions) }
    }
}

/// Why something cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum UiError {
    /// A template is missing, faulty, or asks for what is not there.
    #[error("template")]
    Template(#[from] minijinja::Error),
    /// A text is missing or faulty.
    #[error("text")]
    Texts(#[from] TextsError),
    /// A language has no formats.
    #[error("formats")]
    Formats(#[from] FormatsError),
    /// A link cannot be built.
    #[error("link")]
    Path(#[from] PathError),
}

impl UiError {
    /// The error with all its causes, for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        text
    }
}

/// The rendering kit of a site. Cheap to clone.
#[derive(Clone)]
pub struct Ui(Arc<Inner>);

struct Inner {
    settings: UiSettings,
    paths: Arc<Paths>,
    formats: Arc<Formats>,
    loaded: Loaded,
    /// Those of the last page, where each page reads them anew: reading takes as long as a page,
    /// and what asks for texts one by one asks for many.
    latest_texts: Mutex<Arc<Texts>>,
    overrides: Overrides,
    catalogue: OnceLock<Catalogue>,
}

/// What is made from files: once, or anew for each page.
#[derive(Clone)]
struct Loaded {
    templates: Arc<Environment<'static>>,
    texts: Arc<Texts>,
    assets: Arc<AssetTable>,
    kit: Arc<functions::Kit>,
}

impl Ui {
    /// Loads texts and formats of all languages; templates are read when first used.
    ///
    /// # Errors
    /// Where texts or formats cannot be loaded.
    pub fn new(settings: UiSettings) -> Result<Self, UiError> {
        Self::with_overrides(settings, Overrides::default())
    }

    /// The same with templates that brands replace.
    ///
    /// # Errors
    /// Where texts or formats cannot be loaded.
    pub fn with_overrides(settings: UiSettings, overrides: Overrides) -> Result<Self, UiError> {
        let paths = Arc::new(Paths::new(settings.paths));
        let texts = Texts::load()?;
        let formats = Arc::new(Formats::new(texts.languages())?);
        let loaded = load(settings, &paths, &formats, texts);
        Ok(Self(Arc::new(Inner {
            settings,
            paths,
            formats,
            latest_texts: Mutex::new(Arc::clone(&loaded.texts)),
            loaded,
            overrides,
            catalogue: OnceLock::new(),
        })))
    }

    /// Renders a page in its frame.
    ///
    /// # Errors
    /// Where the template is missing or asks for what is not there.
    pub fn render<P: Page>(&self, frame: &Frame, page: &P) -> Result<String, UiError> {
        self.render_template(P::TEMPLATE, frame, page)
    }

    /// Renders any template with `data` at the top level beside `frame`.
    ///
    /// # Errors
    /// Where the template is missing or asks for what is not there.
    pub fn render_template(
        &self,
        template: &str,
        frame: &Frame,
        data: &impl Serialize,
    ) -> Result<String, UiError> {
        let loaded = self.loaded()?;
        let context = functions::context(frame, Value::from(Serde(data)));
        if let Some(brand) = &frame.brand.templates {
            let make = |set: &overrides::Set| Arc::new(overridden(&loaded.kit, set));
            let overrides = &self.0.overrides;
            if let Some(html) = overrides.render(brand, template, &context, make) {
                return Ok(html);
            }
        }
        Ok(loaded.templates.get_template(template)?.render(context)?)
    }

    /// What is wrong with the overrides of templates that are in use.
    #[must_use]
    pub fn override_faults(&self) -> Vec<OverrideFault> {
        self.0.overrides.faults()
    }

    /// The overrides whose shipped original changed, each with the folder of its brand: for the
    /// log, after an upgrade.
    #[must_use]
    pub fn drifted_overrides(&self) -> Vec<(String, Drift)> {
        self.0.overrides.drifted()
    }

    /// Where the folders of the overrides are.
    pub(crate) fn overrides_folder(&self) -> Option<&Path> {
        self.0.overrides.root()
    }

    /// Looks at a brand's overrides anew when they are needed next.
    pub(crate) fn forget_overrides(&self, brand: &str) {
        self.0.overrides.forget(brand);
    }

    /// An environment with these overrides.
    pub(crate) fn overridden_environment(
        &self,
        set: &overrides::Set,
    ) -> Result<Arc<Environment<'static>>, UiError> {
        Ok(Arc::new(overridden(&self.loaded()?.kit, set)))
    }

    /// The text of `key`. Where no language has it: the key.
    #[must_use]
    pub fn text(&self, language: &str, key: &str, args: &TextArgs) -> String {
        self.texts().get(language, key, args).unwrap_or_else(|error| {
            tracing::error!(%error, key, language, "a text is missing");
            key.to_owned()
        })
    }

    /// The formats of a language; those of English where it is unknown.
    #[must_use]
    pub fn formats(&self) -> &Formats {
        &self.0.formats
    }

    /// The languages that have texts: `en`, `es`.
    #[must_use]
    pub fn languages(&self) -> Vec<String> {
        self.0.loaded.texts.languages().map(str::to_owned).collect()
    }

    /// The path called `name`; parameters that are not part of it become its query.
    ///
    /// # Errors
    /// Where there is no such path, or it has a parameter that is not given.
    pub fn url(&self, name: &str, parameters: &[(&str, String)]) -> Result<String, UiError> {
        Ok(self.0.paths.url(name, parameters)?)
    }

    /// The address of an asset: `/assets/<hash>/css/portico.css`.
    #[must_use]
    pub fn asset(&self, path: &str) -> Option<String> {
        self.0.loaded.assets.url(path)
    }

    /// The texts of the portal as data: what a brand may say in its own words.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        self.0.catalogue.get_or_init(Catalogue::load)
    }

    /// Makes a brand's own texts ready for the [`Frame`].
    #[must_use]
    pub fn own_texts(&self, texts: &[BrandText]) -> Option<Arc<OwnTexts>> {
        OwnTexts::new(self.catalogue(), texts).map(Arc::new)
    }

    pub(crate) fn templates(&self) -> Result<Arc<Environment<'static>>, UiError> {
        Ok(self.loaded()?.templates)
    }

    pub(crate) fn assets(&self) -> &AssetTable {
        &self.0.loaded.assets
    }

    fn loaded(&self) -> Result<Loaded, UiError> {
        if !self.0.settings.reload {
            return Ok(self.0.loaded.clone());
        }
        let loaded = load(self.0.settings, &self.0.paths, &self.0.formats, Texts::load()?);
        let mut latest = self.0.latest_texts.lock().unwrap_or_else(PoisonError::into_inner);
        *latest = Arc::clone(&loaded.texts);
        Ok(loaded)
    }

    fn texts(&self) -> Arc<Texts> {
        if !self.0.settings.reload {
            return Arc::clone(&self.0.loaded.texts);
        }
        let latest = self.0.latest_texts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&latest)
    }
}

fn load(settings: UiSettings, paths: &Arc<Paths>, formats: &Arc<Formats>, texts: Texts) -> Loaded {
    let texts = Arc::new(texts);
    let assets = Arc::new(AssetTable::new(settings.reload));
    let kit = functions::Kit {
        texts: Arc::clone(&texts),
        formats: Arc::clone(formats),
        paths: Arc::clone(paths),
        assets: Arc::clone(&assets),
        strict_texts: settings.strict_texts,
    };
    let kit = Arc::new(kit);
    Loaded { templates: Arc::new(environment(&kit)), texts, assets, kit }
}

/// Only brands with overrides pay for the count of steps.
fn overridden(kit: &Arc<functions::Kit>, set: &overrides::Set) -> Environment<'static> {
    let files = set.files();
    let mut environment = environment(kit);
    environment.set_loader(move |name| {
        Ok(files.get(name).cloned().or_else(|| embedded::text::<Templates>(name)))
    });
    environment.set_fuel(Some(overrides::FUEL));
    environment
}

fn environment(kit: &Arc<functions::Kit>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_loader(|name| Ok(embedded::text::<Templates>(name)));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    functions::register(&mut environment, kit);
    environment
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::BrandFrame;

    fn ui(reload: bool) -> Ui {
        Ui::new(UiSettings { reload, ..UiSettings::new(&[]) }).expect("a kit")
    }

    #[test]
    fn an_absent_template_is_named_with_its_cause() {
        let frame = Frame::new("en", BrandFrame::default(), date(2026, 11, 21));
        for reload in [false, true] {
            let error = ui(reload).render_template("portal/absent.html", &frame, &());
            let chain = error.expect_err("no page").chain();
            assert!(chain.contains("portal/absent.html"), "{chain}");
        }
    }

    #[test]
    fn a_text_that_is_missing_is_shown_as_its_key() {
        let ui = ui(false);
        assert_eq!(ui.text("es", "no-such-key", &TextArgs::new()), "no-such-key");
        assert_eq!(ui.text("es", "error-try-again", &TextArgs::new()), "Intentar de nuevo");
        assert_eq!(ui.languages(), ["en", "es"]);
    }
}
