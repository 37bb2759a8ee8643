//! The tab SMTP: the brand's own mail server, and a test mail by it.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::BrandId;
use portico_billing::smtp::SmtpSecurity;
use portico_core::brand_mail::{BrandMailError, Recipient, SmtpInput, SmtpRecord, WordedFault};
use portico_core::mail::ProbeFault;
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::{BrandHead, Fields, find, tab};
use crate::staff::answer::Stop;
use crate::staff::{Answer, Staff, paths};

/// The tab.
#[derive(Debug, Clone, Serialize)]
pub struct SmtpPage {
    brand: BrandHead,
    form: FormState,
    /// Whether the brand has a server of its own.
    is_own: bool,
    has_password: bool,
    /// Whether the stored password cannot be opened any more.
    is_password_lost: bool,
    /// Whether the installation's server then sends, as it is stored.
    falls_back: bool,
    securities: Vec<&'static str>,
    /// Where a test mail goes.
    to: String,
    trial: Option<Trial>,
}

/// What came of a test mail.
#[derive(Debug, Clone, Serialize)]
struct Trial {
    /// Whether it was taken.
    sent: bool,
    /// The end of the key of its text.
    word: &'static str,
    /// The server's code; 0 where it gave none.
    code: u16,
}

impl Trial {
    const SENT: Self = Self { sent: true, word: "sent", code: 0 };

    fn failed(fault: ProbeFault) -> Self {
        Self { sent: false, word: fault.word(), code: fault.code().unwrap_or_default() }
    }
}

/// The page that asks before the server is taken away.
#[derive(Debug, Clone, Serialize)]
pub struct SmtpRemovePage {
    brand: BrandHead,
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct SmtpForm {
    server: String,
    #[serde(default)]
    port: String,
    security: SmtpSecurity,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    from_address: String,
    #[serde(default)]
    from_name: String,
    #[serde(default)]
    falls_back: Option<String>,
    #[serde(default)]
    act: String,
}

/// GET: the tab.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let (id, brand) = head(&staff, &id).await?;
    let stored = staff.core().brand_smtp(staff.caller(), id).await?;
    let form = stored.as_ref().map_or_else(blank_form, form_of);
    staff.page(&SmtpPage::new(&staff, brand, stored.as_ref(), form))
}

/// POST: saves the settings, or sends a test mail by them.
pub async fn save(staff: Staff, Path(id): Path<String>, form: CheckedForm<SmtpForm>) -> Answer {
    let (id, brand) = head(&staff, &id).await?;
    let (fields, form) = form.open();
    let stored = staff.core().brand_smtp(staff.caller(), id).await?;
    let page = |form| SmtpPage::new(&staff, brand, stored.as_ref(), form);
    let is_trial = fields.act == "test";
    let Some(input) = input(fields) else {
        let form = form.with_fault("port", "smtp-fault-port", TextArgs::new());
        return staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page(form));
    };
    let done = if is_trial {
        staff.core().try_brand_smtp(staff.caller(), id, &input, recipient(&staff)?).await
    } else {
        staff.core().save_brand_smtp(staff.caller(), id, &input).await.map(drop)
    };
    match done {
        Ok(()) if is_trial => staff.page(&page(form).with(Trial::SENT)),
        Ok(()) => Ok(saved(&staff, id, "notice-smtp-saved")),
        Err(BrandMailError::Trial(fault)) => staff.page(&page(form).with(Trial::failed(fault))),
        Err(BrandMailError::Invalid(faults)) => {
            let form = with_faults(form, &faults);
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page(form))
        }
        Err(error) => Err(error.into()),
    }
}

/// GET: asks before the server is taken away.
pub async fn ask_remove(staff: Staff, Path(id): Path<String>) -> Answer {
    let (_, brand) = head(&staff, &id).await?;
    staff.page(&SmtpRemovePage { brand })
}

/// POST: takes the server away.
pub async fn remove(staff: Staff, Path(id): Path<String>, form: CheckedForm<Fields>) -> Answer {
    drop(form);
    let (id, _) = head(&staff, &id).await?;
    staff.core().remove_brand_smtp(staff.caller(), id).await?;
    Ok(saved(&staff, id, "notice-smtp-removed"))
}

async fn head(staff: &Staff, id: &str) -> Result<(BrandId, BrandHead), Stop> {
    let found = find(staff, id).await?;
    Ok((found.record.brand.id, BrandHead::of(staff, &found)))
}

fn saved(staff: &Staff, id: BrandId, notice: &str) -> axum::response::Response {
    staff.here.redirect_with_notice(&tab(paths::BRAND_SMTP, id), "success", notice)
}

/// The settings that were typed; nothing where the port is no number.
fn input(fields: SmtpForm) -> Option<SmtpInput> {
    let port = match fields.port.trim() {
        "" => 0,
        port => port.parse().ok().filter(|port| *port != 0)?,
    };
    Some(SmtpInput {
        server: fields.server,
        port,
        security: fields.security,
        username: fields.username,
        password: fields.password,
        from_address: fields.from_address,
        from_name: fields.from_name,
        falls_back: fields.falls_back.is_some(),
    })
}

/// The operator, to whom test mails go.
fn recipient(staff: &Staff) -> Result<Recipient, Stop> {
    let language = staff.here.frame_for(Some(staff)).language;
    Ok(Recipient {
        email: staff.visit.email.parse().map_err(|_| Problem::BadRequest)?,
        name: staff.visit.name.clone(),
        language: language.parse().map_err(|_| Problem::BadRequest)?,
    })
}

fn blank_form() -> FormState {
    let form = FormState::new().with_value("security", SmtpSecurity::default().word());
    form.with_value("falls_back", "true")
}

fn form_of(stored: &SmtpRecord) -> FormState {
    let form = FormState::new()
        .with_value("server", &stored.server)
        .with_value("port", stored.port.to_string())
        .with_value("security", stored.security.word())
        .with_value("username", stored.username.as_deref().unwrap_or_default())
        .with_value("from_address", stored.from_address.as_str())
        .with_value("from_name", stored.from_name.as_deref().unwrap_or_default());
    if stored.falls_back { form.with_value("falls_back", "true") } else { form }
}

/// The form with what the core found wrong.
pub(super) fn with_faults(form: FormState, faults: &[WordedFault]) -> FormState {
    faults.iter().fold(form, |form, fault| {
        form.with_fault(fault.field, &format!("smtp-fault-{}", fault.word), TextArgs::new())
    })
}

impl From<BrandMailError> for Stop {
    fn from(error: BrandMailError) -> Self {
        match error {
            BrandMailError::Forbidden(forbidden) => forbidden.into(),
            BrandMailError::NotFound => Problem::NotFound.into(),
            BrandMailError::TooMany { wait_s } => {
                Problem::TooMany { retry_after: std::time::Duration::from_secs(wait_s) }.into()
            }
            BrandMailError::Invalid(_) | BrandMailError::Trial(_) => Problem::BadRequest.into(),
            BrandMailError::Failure(failure) => failure.into(),
        }
    }
}

impl SmtpPage {
    fn new(staff: &Staff, brand: BrandHead, stored: Option<&SmtpRecord>, form: FormState) -> Self {
        Self {
            brand,
            form,
            is_own: stored.is_some(),
            has_password: stored.is_some_and(|stored| stored.has_password),
            is_password_lost: stored.is_some_and(|stored| stored.is_password_lost),
            falls_back: stored.is_some_and(|stored| stored.falls_back),
            securities: SmtpSecurity::ALL.map(SmtpSecurity::word).to_vec(),
            to: staff.visit.email.clone(),
            trial: None,
        }
    }

    fn with(self, trial: Trial) -> Self {
        Self { trial: Some(trial), ..self }
    }

    fn sample(form: FormState, is_own: bool, trial: Option<Trial>) -> Self {
        Self {
            brand: BrandHead::sample(),
            form,
            is_own,
            has_password: is_own,
            is_password_lost: false,
            falls_back: true,
            securities: SmtpSecurity::ALL.map(SmtpSecurity::word).to_vec(),
            to: "ana@acme.example".to_owned(),
            trial,
        }
    }
}

impl Page for SmtpPage {
    const TEMPLATE: &'static str = "panel/brands/smtp.html";

    fn samples() -> Vec<Sample<Self>> {
        let typed = || {
            blank_form()
                .with_value("server", "mail.voxtel.example")
                .with_value("port", "587")
                .with_value("username", "billing@voxtel.example")
                .with_value("from_address", "billing@voxtel.example")
                .with_value("from_name", "Voxtel <Facturación>")
        };
        let none = TextArgs::new();
        let faulty = typed().with_fault("server", "smtp-fault-host", none.clone());
        let faulty = faulty.with_fault("password", "smtp-fault-password-again", none);
        let faults = [
            ProbeFault::UnknownHost,
            ProbeFault::NotPublic,
            ProbeFault::Unreachable,
            ProbeFault::TooSlow,
            ProbeFault::NoTls,
            ProbeFault::NotSmtp,
            ProbeFault::PlainText,
            ProbeFault::SignIn(535),
            ProbeFault::Refused(550),
            ProbeFault::PutOff(451),
            ProbeFault::Unanswered,
            ProbeFault::PasswordLost,
            ProbeFault::Mail,
        ];
        let lost = |falls_back| Self {
            is_password_lost: true,
            falls_back,
            ..Self::sample(typed(), true, None)
        };
        let mut samples = vec![
            Sample::new("empty", Self::sample(blank_form(), false, None)),
            Sample::new("typical", Self::sample(typed(), true, None)),
            Sample::new("sent", Self::sample(typed(), true, Some(Trial::SENT))),
            Sample::new("faulty", Self::sample(faulty, true, None)),
            Sample::new("password-lost", lost(true)),
            Sample::new("password-lost", lost(false)),
        ];
        samples.extend(faults.map(|fault| {
            Sample::new("not-sent", Self::sample(typed(), true, Some(Trial::failed(fault))))
        }));
        samples
    }
}

impl Page for SmtpRemovePage {
    const TEMPLATE: &'static str = "panel/brands/smtp-remove.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self { brand: BrandHead::sample() })]
    }
}
