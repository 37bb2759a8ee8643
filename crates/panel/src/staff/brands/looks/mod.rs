//! The tab Advanced: the looks of a portal, drafted beside a preview, published, rolled back.

mod form;
pub mod preview;
pub mod publish;
mod samples;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use portico_billing::brand::{Font, Looks};
use portico_core::files::FileRecord;
use portico_core::looks::{LooksError, LooksState, LooksVersion};
use portico_ui::brand_css::CssFault;
use portico_ui::headers::FramesOwnPages;
use portico_ui::preview::PreviewPage;
use portico_ui::theme::{Correction, ThemeTokens};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::{BrandHead, Fields, find, paths, tab};
use crate::staff::answer::{Stop, redirect};
use crate::staff::{Answer, Staff};

pub use form::css_faults;

/// The tab.
#[derive(Debug, Clone, Serialize)]
pub struct LooksPage {
    brand: BrandHead,
    form: FormState,
    choices: Choices,
    /// What was moved of the accent that the form has.
    corrections: Vec<Correction>,
    css_faults: Vec<CssLine>,
    /// Whether the style sheet sets colours, which nobody corrects.
    sets_colours: bool,
    /// Whether somebody else saved while this was edited.
    is_stale: bool,
    /// The number of what is shown to customers; 0 before anything was published.
    published: u32,
    draft: Option<VersionItem>,
    versions: Vec<VersionItem>,
}

/// What the form offers to choose from.
#[derive(Debug, Clone, Serialize)]
pub struct Choices {
    files: Vec<FileChoice>,
    fonts: [Font; 5],
    pages: [&'static str; 4],
    /// Rows of legal links, by their number.
    links: Vec<usize>,
}

/// A picture to choose.
#[derive(Debug, Clone, Serialize)]
struct FileChoice {
    id: String,
    name: String,
}

/// A version that was published, or the draft.
#[derive(Debug, Clone, Serialize)]
struct VersionItem {
    version: u32,
    at: Timestamp,
    by: Option<String>,
    actor_kind: String,
}

/// A fault of the style sheet, with its place.
#[derive(Debug, Clone, Serialize)]
struct CssLine {
    line: u32,
    column: u32,
    key: &'static str,
    name: String,
}

impl From<&CssFault> for CssLine {
    fn from(fault: &CssFault) -> Self {
        Self {
            line: fault.line,
            column: fault.column,
            key: fault.reason.key(),
            name: fault.reason.name().unwrap_or_default().to_owned(),
        }
    }
}

impl From<LooksVersion> for VersionItem {
    fn from(it: LooksVersion) -> Self {
        Self { version: it.version, at: it.at, by: it.by, actor_kind: it.actor_kind }
    }
}

impl Choices {
    fn new(files: Vec<FileRecord>) -> Self {
        let file = |it: FileRecord| FileChoice { id: it.entry.id.to_string(), name: it.entry.name };
        Self {
            files: files.into_iter().map(file).collect(),
            fonts: Font::ALL,
            pages: PreviewPage::ALL.map(PreviewPage::word),
            links: (0..portico_core::looks::LEGAL_LINKS_MAX).collect(),
        }
    }
}

/// What the form shows, and what is said of it.
struct Edited {
    form: FormState,
    looks: Looks,
    css_faults: Vec<CssFault>,
    is_stale: bool,
}

/// GET: the tab, with the draft where there is one.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let found = find(&staff, &id).await?;
    let brand = found.record.brand.id;
    let state = staff.core().brand_looks(staff.caller(), brand).await?;
    let edited = Edited {
        form: form::of_state(&state),
        looks: state.looks.clone(),
        css_faults: Vec::new(),
        is_stale: false,
    };
    let page = page(&staff, BrandHead::of(&staff, &found), (state, edited)).await?;
    framing(staff.page(&page))
}

/// The tab may show the preview.
fn framing(answer: Answer) -> Answer {
    answer.map(|mut response| {
        response.extensions_mut().insert(FramesOwnPages);
        response
    })
}

/// POST: saves the draft, and leads on to what comes then.
pub async fn save(staff: Staff, Path(id): Path<String>, form: CheckedForm<Fields>) -> Answer {
    let found = find(&staff, &id).await?;
    let brand = found.record.brand.id;
    let (fields, state) = form.open();
    let input = form::read(&fields);
    let css_faults = css_faults(&input);
    let (looks, faults) = input.read();
    let mut edited = Edited { form: state, looks, css_faults, is_stale: false };
    let status = if edited.css_faults.is_empty() {
        let base = form::base(&fields);
        match staff.core().save_looks_draft(staff.caller(), brand, (base, &input)).await {
            Ok(_) => return Ok(saved(&staff, brand, &fields)),
            Err(LooksError::Invalid(faults)) => {
                edited.form = form::with_faults(edited.form, &faults);
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Err(LooksError::Stale) => {
                edited.is_stale = true;
                StatusCode::CONFLICT
            }
            Err(error) => return Err(error.into()),
        }
    } else {
        let count = i64::try_from(edited.css_faults.len()).unwrap_or(i64::MAX);
        let args = TextArgs::new().number("count", count);
        edited.form = form::with_faults(edited.form, &faults);
        edited.form = edited.form.with_fault("css", "looks-fault-css", args);
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let state = staff.core().brand_looks(staff.caller(), brand).await?;
    if edited.is_stale {
        // Who saves again now has seen that somebody else was here.
        edited.form = form::with_base(edited.form, state.base);
    }
    let page = page(&staff, BrandHead::of(&staff, &found), (state, edited)).await?;
    framing(staff.page_with(status, &page))
}

fn saved(staff: &Staff, brand: portico_billing::BrandId, fields: &Fields) -> Response {
    if fields.get("then").is_some_and(|then| then == "publish") {
        return redirect(&tab(paths::LOOKS_PUBLISH, brand));
    }
    let to = tab(paths::BRAND_LOOKS, brand);
    staff.here.redirect_with_notice(&to, "success", "notice-looks-saved")
}

async fn page(
    staff: &Staff,
    brand: BrandHead,
    (state, edited): (LooksState, Edited),
) -> Result<LooksPage, Stop> {
    let files = staff.core().list_files(staff.caller()).await?;
    let css = edited.looks.custom.css.as_str();
    Ok(LooksPage {
        brand,
        form: edited.form,
        choices: Choices::new(files),
        corrections: ThemeTokens::of(&edited.looks.theme).corrections(),
        css_faults: edited.css_faults.iter().map(CssLine::from).collect(),
        sets_colours: css.contains("color") || css.contains("background"),
        is_stale: edited.is_stale,
        published: state.brand.looks_version,
        draft: state.draft.map(VersionItem::from),
        versions: state.versions.into_iter().map(VersionItem::from).collect(),
    })
}

impl Page for LooksPage {
    const TEMPLATE: &'static str = "panel/brands/looks.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![
            Sample::new("new", samples::new()),
            Sample::new("typical", samples::typical()),
            Sample::new("faulty", samples::faulty()),
        ]
    }
}

impl From<LooksError> for Stop {
    fn from(error: LooksError) -> Self {
        use portico_ui::errors::Problem;
        match error {
            LooksError::Forbidden(forbidden) => forbidden.into(),
            LooksError::Failure(failure) => failure.into(),
            LooksError::NotFound => Problem::NotFound.into(),
            LooksError::Invalid(_) | LooksError::Stale | LooksError::NoDraft => {
                Problem::BadRequest.into()
            }
        }
    }
}
