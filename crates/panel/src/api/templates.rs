//! Templates of the portal that a brand replaces: `/api/v1/brands/{id}/templates`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use portico_core::records::{InputFault, Rejection};
use portico_ui::overrides::{
    DriftKind, MAX_BYTES, OverrideFault, OverrideState, TemplateRecord, TemplateTexts, WriteError,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::brand_mail::brand_id;
use super::operators::not_found;
use super::problem::{Problem, ProblemKind};
use super::records::ListAnswer;
use crate::state::Shared;
use crate::templates::{Templates, Wanted};

/// A template of the portal, as it stands for a brand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrandTemplate)]
pub struct TemplateAnswer {
    /// Its name.
    #[schema(example = "portal/invoices/list.html")]
    pub name: String,
    /// `shipped`: the brand has none of its own. `own`: that is shown. `drifted`: so it is, and the
    /// shipped one is not the one that it was made from. `broken`: pages that need it are shown as
    /// they are shipped.
    #[schema(example = "own")]
    pub state: &'static str,
    /// What became of the shipped one since: `changed`, `gone`, or `unrecorded` where nobody knows.
    pub drift: Option<&'static str>,
    /// What is wrong with it.
    pub faults: Vec<TemplateFaultAnswer>,
}

/// What is wrong with a template.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TemplateFault)]
pub struct TemplateFaultAnswer {
    /// The line, where there is one.
    #[schema(example = 7)]
    pub line: Option<usize>,
    /// What is wrong, for whoever writes templates.
    pub reason: String,
}

/// A template with its texts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrandTemplateTexts)]
pub struct TemplateTextsAnswer {
    /// How it stands.
    #[serde(flatten)]
    pub template: TemplateAnswer,
    /// The brand's own text.
    pub text: Option<String>,
    /// The text that is shipped.
    pub shipped_text: Option<String>,
}

/// A template to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = BrandTemplateInput)]
#[serde(deny_unknown_fields)]
pub struct TemplateBody {
    /// Its text, at most 256 KB.
    #[schema(example = "{% extends \"layouts/entry.html\" %}\n{% block content %}…{% endblock %}")]
    pub text: String,
}

/// `GET /api/v1/brands/{id}/templates`: all that can be replaced, and those that are.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<ListAnswer<TemplateAnswer>>, Problem> {
    let (templates, brand) = of_brand(&panel, &caller, &id).await?;
    let found = templates.try_out(move |desk| desk.list(&brand)).await?;
    let data = found.into_iter().map(TemplateAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

/// `GET /api/v1/brands/{id}/templates/{name}`.
pub async fn find(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path((id, name)): Path<(String, String)>,
) -> Result<Json<TemplateTextsAnswer>, Problem> {
    let (templates, brand) = of_brand(&panel, &caller, &id).await?;
    answer(&templates, brand, name).await
}

/// `PUT /api/v1/brands/{id}/templates/{name}`: every page is rendered with it first, in every state
/// and language.
pub async fn save(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path((id, name)): Path<(String, String)>,
    body: JsonBody,
) -> Result<Json<TemplateTextsAnswer>, Problem> {
    let text = body.parse::<TemplateBody>()?.text;
    let (templates, brand) = of_brand(&panel, &caller, &id).await?;
    templates.check_editable()?;
    let shipped = texts(&templates, &brand, &name).await?.shipped.ok_or_else(not_found)?;
    check_text(&text, &shipped)?;
    let (folder, called, draft) = (brand.clone(), name.clone(), text.clone());
    let faults = templates.try_out(move |desk| desk.try_new(&folder, (&called, &draft))).await?;
    if !faults.is_empty() {
        return Err(refused(&name, faults));
    }
    templates.change(wanted(&panel, &caller, (&id, &name), Some(text))?).await?;
    answer(&templates, brand, name).await
}

/// `DELETE /api/v1/brands/{id}/templates/{name}`: the shipped one is shown again.
pub async fn remove(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path((id, name)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (templates, _) = of_brand(&panel, &caller, &id).await?;
    templates.check_editable()?;
    templates.change(wanted(&panel, &caller, (&id, &name), None)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn wanted(
    panel: &Shared,
    caller: &ApiCaller,
    (id, name): (&str, &str),
    text: Option<String>,
) -> Result<Wanted, Problem> {
    let (core, brand) = (panel.core.clone(), brand_id(id)?);
    Ok(Wanted { core, caller: caller.0, brand, name: name.to_owned(), text })
}

/// The templates, and the folder of a brand whose templates the caller may look after.
async fn of_brand(
    panel: &Shared,
    caller: &ApiCaller,
    id: &str,
) -> Result<(Templates, String), Problem> {
    let id = brand_id(id)?;
    panel.core.check_template_access(&caller.0, id).await?;
    let templates = panel.templates.clone().ok_or_else(|| {
        let detail = "no folder is configured for templates of brands (`templates.dir`)";
        Problem::new(ProblemKind::Conflict, detail)
    })?;
    Ok((templates, id.to_string()))
}

async fn texts(templates: &Templates, brand: &str, name: &str) -> Result<TemplateTexts, Problem> {
    let (brand, name) = (brand.to_owned(), name.to_owned());
    templates.touch(move |desk| desk.texts(&brand, &name).ok_or_else(not_found)).await
}

async fn answer(
    templates: &Templates,
    brand: String,
    name: String,
) -> Result<Json<TemplateTextsAnswer>, Problem> {
    let TemplateTexts { own, shipped } = texts(templates, &brand, &name).await?;
    let found = templates.try_out(move |desk| desk.list(&brand)).await?;
    let template = found.into_iter().find(|it| it.name == name).ok_or_else(not_found)?;
    Ok(Json(TemplateTextsAnswer { template: template.into(), text: own, shipped_text: shipped }))
}

fn check_text(text: &str, shipped: &str) -> Result<(), Rejection> {
    let most = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    if text.len() > most {
        return Err(Rejection::field("text", format!("must not have more than {most} bytes")));
    }
    if text == shipped {
        let message = "is the shipped text; remove the template to have that shown";
        return Err(Rejection::field("text", message));
    }
    Ok(())
}

/// What is wrong with a text. A fault may lie in a template that uses it.
fn refused(name: &str, faults: Vec<OverrideFault>) -> Problem {
    let fault = |it: OverrideFault| {
        let place = match (it.file == name, it.line) {
            (true, Some(line)) => format!("line {line}: "),
            (true, None) => String::new(),
            (false, Some(line)) => format!("{}, line {line}: ", it.file),
            (false, None) => format!("{}: ", it.file),
        };
        InputFault { field: "text".to_owned(), message: format!("{place}{}", it.reason) }
    };
    Rejection::Invalid(faults.into_iter().map(fault).collect()).into()
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        if let WriteError::Refused(cause) = &error {
            tracing::warn!(%cause, "a template of a brand was not written");
        }
        Self::new(ProblemKind::Conflict, error.to_string())
    }
}

impl From<TemplateRecord> for TemplateAnswer {
    fn from(it: TemplateRecord) -> Self {
        let fault = |it: OverrideFault| TemplateFaultAnswer { line: it.line, reason: it.reason };
        Self {
            name: it.name,
            state: match it.state {
                OverrideState::Shipped => "shipped",
                OverrideState::Own => "own",
                OverrideState::Drifted => "drifted",
                OverrideState::Broken => "broken",
            },
            drift: it.drift.map(|drift| match drift {
                DriftKind::Changed => "changed",
                DriftKind::Gone => "gone",
                DriftKind::Unrecorded => "unrecorded",
            }),
            faults: it.faults.into_iter().map(fault).collect(),
        }
    }
}
