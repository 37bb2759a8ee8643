//! How brands mail, and their own words: `/api/v1/brands/{id}/smtp`, `/mail-templates`, `/texts`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::brand::Brand;
use portico_billing::smtp::SmtpSecurity;
use portico_billing::{BrandId, LanguageTag};
use portico_core::brand_mail::{BrandMailError, Recipient, SmtpInput, SmtpRecord};
use portico_core::mail::MailWording;
use portico_ui::texts::OwnTexts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::problem::{Problem, ProblemKind};
use super::records::ListAnswer;
use crate::state::{Panel, Shared};
use crate::wording::{DraftFault, MailKind};

/// A brand's own mail server.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrandSmtp)]
pub struct SmtpAnswer {
    /// Its name or address.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// `starttls`, `tls` (from the start) or `unencrypted`.
    #[schema(value_type = String, example = "starttls")]
    pub security: SmtpSecurity,
    /// Who signs in to it.
    pub username: Option<String>,
    /// Whether a password is stored; it is never told.
    pub has_password: bool,
    /// Whether the stored password cannot be opened, because it was sealed with another key. No
    /// mail leaves by the server until it is given again.
    pub password_lost: bool,
    /// The address that mail comes from.
    pub from_address: String,
    /// The name before it; the brand's where there is none.
    pub from_name: Option<String>,
    /// Whether the installation's server sends where this one cannot be reached.
    pub falls_back: bool,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl From<SmtpRecord> for SmtpAnswer {
    fn from(it: SmtpRecord) -> Self {
        Self {
            server: it.server,
            port: it.port,
            security: it.security,
            username: it.username,
            has_password: it.has_password,
            password_lost: it.is_password_lost,
            from_address: it.from_address.to_string(),
            from_name: it.from_name,
            falls_back: it.falls_back,
            updated_at: it.updated_at,
        }
    }
}

/// Settings of a brand's own mail server.
#[derive(Deserialize, ToSchema)]
#[schema(as = BrandSmtpInput)]
#[serde(deny_unknown_fields)]
pub struct SmtpBody {
    server: String,
    /// 587, 465 or 25 where it is left out, by `security`.
    #[serde(default)]
    port: Option<u16>,
    /// `starttls`, `tls` (from the start) or `unencrypted` (on the same machine alone).
    #[serde(default)]
    #[schema(value_type = String, example = "starttls")]
    security: SmtpSecurity,
    #[serde(default)]
    username: Option<String>,
    /// Left out, the stored one stays, as long as server, port, security and user name do.
    #[serde(default)]
    password: Option<String>,
    from_address: String,
    #[serde(default)]
    from_name: Option<String>,
    /// `true` where it is left out.
    #[serde(default)]
    falls_back: Option<bool>,
}

impl From<SmtpBody> for SmtpInput {
    fn from(body: SmtpBody) -> Self {
        Self {
            server: body.server,
            port: body.port.unwrap_or_default(),
            security: body.security,
            username: body.username.unwrap_or_default(),
            password: body.password.unwrap_or_default(),
            from_address: body.from_address,
            from_name: body.from_name.unwrap_or_default(),
            falls_back: body.falls_back.unwrap_or(true),
        }
    }
}

/// A test mail.
#[derive(Deserialize, ToSchema)]
#[schema(as = SmtpTest)]
#[serde(deny_unknown_fields)]
pub struct TrialBody {
    /// The settings to send by, stored or not.
    settings: SmtpBody,
    /// The address that the mail goes to.
    #[schema(example = "ana@acme.example")]
    to: String,
    /// The language to write in; the brand's where it is left out.
    #[serde(default)]
    language: Option<String>,
}

/// What came of a test mail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SmtpTestResult)]
pub struct TrialAnswer {
    /// Whether the server took it.
    pub sent: bool,
    /// Why not: `unknown-host`, `not-public`, `unreachable`, `too-slow`, `no-tls`, `not-smtp`,
    /// `plain-text`, `sign-in`, `refused`, `put-off`, `unanswered` (it may arrive all the same) or
    /// `mail`.
    pub reason: Option<&'static str>,
    /// The server's code, where it gave one.
    pub code: Option<u16>,
}

/// Subject and text of a mail in a brand's own words.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MailWording)]
#[serde(deny_unknown_fields)]
pub struct WordingBody {
    /// The subject, with names in braces.
    #[schema(example = "Your link to {{brand}}")]
    pub subject: String,
    /// Plain text with names in braces; empty lines part paragraphs.
    #[schema(example = "Hello {{name}},\n\n{{action_button}}")]
    pub body: String,
}

/// A mail that brands can put into their own words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MailTemplate)]
pub struct MailTemplateAnswer {
    /// The kind: `sign-in-link`.
    pub kind: &'static str,
    /// The language.
    pub language: String,
    /// Whether the words are the brand's own.
    pub is_own: bool,
    /// The words.
    pub wording: WordingBody,
    /// What the words can name.
    pub names: Vec<&'static str>,
}

impl From<BrandMailError> for Problem {
    fn from(error: BrandMailError) -> Self {
        let detail = error.to_string();
        match error {
            BrandMailError::Forbidden(forbidden) => forbidden.into(),
            BrandMailError::NotFound => not_found(),
            BrandMailError::TooMany { wait_s } => Self::too_many(wait_s),
            BrandMailError::Failure(failure) => failure.into(),
            BrandMailError::Trial(_) => Self::new(ProblemKind::Invalid, detail),
            BrandMailError::Invalid(faults) => faults
                .into_iter()
                .fold(Self::new(ProblemKind::Invalid, detail), |problem, fault| {
                    problem.at(fault.field, fault.message)
                }),
        }
    }
}

pub fn not_found() -> Problem {
    Problem::new(ProblemKind::NotFound, "there is no such brand, server, mail or text")
}

pub fn brand_id(text: &str) -> Result<BrandId, Problem> {
    text.parse().map_err(|_| not_found())
}

/// What is wrong with a draft, in English.
pub fn refused(panel: &Panel, faults: impl Iterator<Item = DraftFault>) -> Problem {
    let problem = Problem::new(ProblemKind::Invalid, "the words need correction");
    faults.fold(problem, |problem, fault| problem.at(fault.field, fault.in_english(&panel.ui)))
}

/// `GET /api/v1/brands/{id}/smtp`.
pub async fn smtp(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<SmtpAnswer>, Problem> {
    let found = panel.core.brand_smtp(&caller.0, brand_id(&id)?).await?;
    found.map(|it| Json(it.into())).ok_or_else(not_found)
}

/// `PUT /api/v1/brands/{id}/smtp`.
pub async fn save_smtp(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<SmtpAnswer>, Problem> {
    let input = body.parse::<SmtpBody>()?.into();
    let saved = panel.core.save_brand_smtp(&caller.0, brand_id(&id)?, &input).await?;
    Ok(Json(saved.into()))
}

/// `DELETE /api/v1/brands/{id}/smtp`.
pub async fn remove_smtp(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    panel.core.remove_brand_smtp(&caller.0, brand_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/brands/{id}/smtp/test`.
pub async fn try_smtp(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<TrialAnswer>, Problem> {
    let body = body.parse::<TrialBody>()?;
    let bad = |field: &'static str, why: &str| {
        let problem = Problem::new(ProblemKind::Invalid, format!("{field}: {why}"));
        problem.at(field, why)
    };
    let language = body.language.as_deref().unwrap_or("en").parse();
    let to = Recipient {
        email: body.to.parse().map_err(|_| bad("to", "must be an e-mail address"))?,
        name: body.to.clone(),
        language: language.map_err(|_| bad("language", "must be a language tag"))?,
    };
    let input = body.settings.into();
    match panel.core.try_brand_smtp(&caller.0, brand_id(&id)?, &input, to).await {
        Ok(()) => Ok(Json(TrialAnswer { sent: true, reason: None, code: None })),
        Err(BrandMailError::Trial(fault)) => {
            let (reason, code) = (Some(fault.word()), fault.code());
            Ok(Json(TrialAnswer { sent: false, reason, code }))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /api/v1/brands/{id}/mail-templates`: all mails in all languages, the shipped words where
/// the brand has none of its own.
pub async fn mail_templates(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<ListAnswer<MailTemplateAnswer>>, Problem> {
    let brand = brand(&panel, &caller, &id).await?;
    let own = panel.core.mail_templates(&caller.0, brand.id).await?;
    let texts = panel.core.own_texts(&caller.0, brand.id).await?;
    let texts = panel.ui.own_texts(&texts);
    let mut data = Vec::new();
    for kind in MailKind::all(&panel.core, &brand) {
        for language in panel.ui.languages() {
            let stored =
                own.iter().find(|it| it.kind == kind.word() && it.language.as_str() == language);
            let wording = match stored {
                Some(it) => WordingBody { subject: it.subject.clone(), body: it.body.clone() },
                None => shipped(&panel, (&kind, &language), texts.clone())?,
            };
            let (is_own, names) = (stored.is_some(), kind.data().names());
            let kind = kind.word();
            data.push(MailTemplateAnswer { kind, language, is_own, wording, names });
        }
    }
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

fn shipped(
    panel: &Panel,
    (kind, language): (&MailKind, &str),
    own_texts: Option<Arc<OwnTexts>>,
) -> Result<WordingBody, Problem> {
    let shipped = kind.shipped(&panel.ui, language, own_texts);
    let MailWording { subject, body } = shipped.map_err(|error| {
        tracing::error!(error = error.chain(), "a mail cannot be rendered");
        Problem::internal(crate::answers::new_reference())
    })?;
    Ok(WordingBody { subject, body })
}

/// `PUT /api/v1/brands/{id}/mail-templates/{kind}/{language}`.
pub async fn save_mail_template(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path((id, kind, language)): Path<(String, String, String)>,
    body: JsonBody,
) -> Result<StatusCode, Problem> {
    let body = body.parse::<WordingBody>()?;
    let wording = MailWording { subject: body.subject, body: body.body };
    let brand = brand(&panel, &caller, &id).await?;
    let language = language_of(&panel, &language)?;
    let kind = MailKind::find(&panel.core, &brand, &kind).ok_or_else(not_found)?;
    let faults = kind.faults(&wording);
    if !faults.is_empty() {
        return Err(refused(&panel, faults.into_iter().map(DraftFault::from)));
    }
    let key = (brand.id, kind.word(), &language);
    panel.core.save_mail_template(&caller.0, key, &wording).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/brands/{id}/mail-templates/{kind}/{language}`.
pub async fn reset_mail_template(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path((id, kind, language)): Path<(String, String, String)>,
) -> Result<StatusCode, Problem> {
    let language = language_of(&panel, &language)?;
    let key = (brand_id(&id)?, kind.as_str(), &language);
    panel.core.reset_mail_template(&caller.0, key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The language, where texts are in it.
pub fn language_of(panel: &Panel, language: &str) -> Result<LanguageTag, Problem> {
    let known = panel.ui.languages().iter().any(|known| known == language);
    language.parse().ok().filter(|_| known).ok_or_else(not_found)
}

/// The brand of that id, as far as the caller may edit it.
pub async fn brand(panel: &Panel, caller: &ApiCaller, id: &str) -> Result<Brand, Problem> {
    // What a stranger may not edit, it is not told of either.
    let id = brand_id(id)?;
    let found = panel.core.find_brand(&caller.0, id).await;
    found.map(|found| found.record.brand).map_err(Problem::from)
}
