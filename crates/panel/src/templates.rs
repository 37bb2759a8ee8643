//! Templates that brands replace, for the API and for the control panel. What renders the portal
//! with them is given by the program; neither site knows the other.

use std::sync::Arc;

use portico_billing::BrandId;
use portico_core::brands::TemplateChange;
use portico_core::{Caller, Core};
use portico_ui::UiError;
use portico_ui::overrides::{Before, Desk, OverrideFault};
use tokio::sync::Mutex;
use tokio::task::{JoinError, spawn_blocking};

use crate::answers::new_reference;
use crate::api::operators::not_found;
use crate::api::{Problem, ProblemKind};

/// The templates of all brands of the installation.
#[derive(Clone)]
pub struct Templates {
    desk: Arc<Desk>,
    /// Whether the API may change them.
    is_editable: bool,
    /// Every page in every state takes a processor for a while: one at a time is enough.
    trial: Arc<Mutex<()>>,
    /// One change at a time, from the file to its line in the audit log.
    change: Arc<Mutex<()>>,
}

/// A template that somebody wants changed; without a text the shipped one is shown again.
pub(crate) struct Wanted {
    pub core: Core,
    pub caller: Caller,
    pub brand: BrandId,
    pub name: String,
    pub text: Option<String>,
}

impl Templates {
    /// Those of this desk. `is_editable`: whether the API may change them.
    #[must_use]
    pub fn new(desk: Arc<Desk>, is_editable: bool) -> Self {
        Self { desk, is_editable, trial: Arc::default(), change: Arc::default() }
    }

    /// What is known to be wrong with a brand's templates, at once.
    pub(crate) fn known_faults(&self, brand: &str) -> Vec<OverrideFault> {
        self.desk.known_faults(brand)
    }

    /// Refuses changes where whoever runs the program did not allow them.
    pub(crate) fn check_editable(&self) -> Result<(), Problem> {
        if self.is_editable {
            return Ok(());
        }
        let detail = "templates are not changed by API here (`templates.edit_by_api`)";
        Err(Problem::new(ProblemKind::Conflict, detail))
    }

    /// Does what renders pages.
    pub(crate) async fn try_out<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> Result<T, UiError> + Send + 'static,
    ) -> Result<T, Problem> {
        let (desk, turn) = (Arc::clone(&self.desk), Arc::clone(&self.trial).lock_owned().await);
        let done = spawn_blocking(move || {
            let _turn = turn;
            work(&desk)
        });
        done.await.map_err(stopped)?.map_err(|error| internal(&error.chain()))
    }

    /// Changes a template, and writes down who did.
    pub(crate) async fn change(&self, wanted: Wanted) -> Result<(), Problem> {
        // In a task of its own: of a request that is given up half way, the one must not happen
        // without the other.
        let own = self.clone();
        tokio::spawn(async move { own.change_now(wanted).await }).await.map_err(stopped)?
    }

    async fn change_now(self, wanted: Wanted) -> Result<(), Problem> {
        let Wanted { core, caller, brand, name, text } = wanted;
        let _turn = self.change.lock().await;
        let (folder, called) = (brand.to_string(), name.clone());
        let done = self.touch(move |desk| write(desk, (&folder, &called), text)).await?;
        let Some((change, before)) = done else { return Ok(()) };
        let noted = core.note_template_change(&caller, (brand, &name), &change).await;
        if noted.is_err() {
            self.touch(move |_| Ok(before.put_back()?)).await?;
        }
        Ok(noted?)
    }

    /// Does what touches some files.
    pub(crate) async fn touch<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let desk = Arc::clone(&self.desk);
        spawn_blocking(move || work(&desk)).await.map_err(stopped)?
    }
}

/// Changes the file, unless it says so already.
fn write(
    desk: &Desk,
    (brand, name): (&str, &str),
    after: Option<String>,
) -> Result<Option<(TemplateChange, Before)>, Problem> {
    let before = desk.own(brand, name);
    if before == after {
        return if after.is_some() { Ok(None) } else { Err(not_found()) };
    }
    let undo = match &after {
        Some(text) => desk.put(brand, name, text)?,
        None => desk.remove(brand, name)?,
    };
    Ok(Some((TemplateChange { before, after }, undo)))
}

fn stopped(error: JoinError) -> Problem {
    internal(&error.to_string())
}

fn internal(error: &str) -> Problem {
    let reference = new_reference();
    tracing::error!(%reference, error, "templates of brands could not be looked after");
    Problem::internal(reference)
}
