//! The tab Mail templates: what each mail says, per language, in the brand's own words.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use portico_billing::brand::Brand;
use portico_billing::{BrandId, LanguageTag};
use portico_core::brand_mail::BrandMailError;
use portico_core::mail::MailWording;
use portico_ui::errors::Problem;
use portico_ui::texts::OwnTexts;
use portico_ui::theme::ThemeTokens;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs, mail};
use serde::{Deserialize, Serialize};

use super::smtp::with_faults;
use super::{BrandHead, Choice, Fields, find, languages, tab};
use crate::answers::new_reference;
use crate::staff::answer::Stop;
use crate::staff::{Answer, Staff, paths};
use crate::wording::{DraftFault, MailKind, own};

/// The page of a mail holds the frame of its preview.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; object-src 'none'",
);

/// What a preview may do in its frame: nothing but show itself.
const PREVIEW_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox",
);

/// All mails.
#[derive(Debug, Clone, Serialize)]
pub struct MailTemplatesPage {
    brand: BrandHead,
    languages: Vec<Choice>,
    kinds: Vec<KindRow>,
}

/// One kind of mail.
#[derive(Debug, Clone, Serialize)]
struct KindRow {
    word: &'static str,
    /// The languages in which it has the brand's own words.
    own: Vec<String>,
}

/// One mail in one language.
#[derive(Debug, Clone, Serialize)]
pub struct MailTemplatePage {
    brand: BrandHead,
    kind: &'static str,
    language: Choice,
    languages: Vec<Choice>,
    form: FormState,
    faults: Vec<DraftFault>,
    is_own: bool,
    names: Vec<&'static str>,
}

/// The question before a mail gets its shipped words back.
#[derive(Debug, Clone, Serialize)]
pub struct MailResetPage {
    brand: BrandHead,
    kind: &'static str,
    language: Choice,
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct WordingForm {
    #[serde(default)]
    subject: String,
    #[serde(default)]
    body: String,
    /// `text` for the plain text in a preview.
    #[serde(default)]
    view: String,
}

/// What an address names: brand, kind and language.
struct Place {
    brand: Brand,
    head: BrandHead,
    kind: MailKind,
    language: LanguageTag,
    /// What the brand says in its own words around the mail, and in it where it has no words of its
    /// own for it.
    own_texts: Option<Arc<OwnTexts>>,
}

/// Brand, kind and language of a path.
type Named = Path<(String, String, String)>;

impl Place {
    async fn of(staff: &Staff, Path((id, kind, language)): Named) -> Result<Self, Stop> {
        let found = find(staff, &id).await?;
        let brand = found.record.brand.clone();
        let kind = MailKind::find(staff.core(), &brand, &kind).ok_or(Problem::NotFound)?;
        let known = staff.here.panel.ui.languages().contains(&language);
        let language = language.parse().ok().filter(|_| known).ok_or(Problem::NotFound)?;
        let texts = staff.core().own_texts(staff.caller(), brand.id).await?;
        let own_texts = staff.here.panel.ui.own_texts(&texts);
        Ok(Self { head: BrandHead::of(staff, &found), brand, kind, language, own_texts })
    }

    fn key(&self) -> (BrandId, &'static str, &LanguageTag) {
        (self.brand.id, self.kind.word(), &self.language)
    }

    fn choice(&self, all: &[Choice]) -> Choice {
        let own = all.iter().find(|choice| choice.value == self.language.as_str());
        own.cloned().unwrap_or_else(|| Choice::new(self.language.as_str(), self.language.as_str()))
    }

    /// The brand's own words, if it has any.
    async fn stored(&self, staff: &Staff) -> Result<Option<MailWording>, Stop> {
        let all = staff.core().mail_templates(staff.caller(), self.brand.id).await?;
        let own =
            all.into_iter().find(|it| it.kind == self.kind.word() && it.language == self.language);
        Ok(own.map(|it| MailWording { subject: it.subject, body: it.body }))
    }

    fn shipped(&self, staff: &Staff) -> Result<MailWording, Stop> {
        let (ui, language) = (&staff.here.panel.ui, self.language.as_str());
        let shipped = self.kind.shipped(ui, language, self.own_texts.clone());
        Ok(shipped.map_err(|error| error.into_problem(new_reference()))?)
    }

    fn page(&self, staff: &Staff, form: FormState, is_own: bool) -> MailTemplatePage {
        let languages = languages(&staff.here.panel.ui);
        MailTemplatePage {
            brand: self.head.clone(),
            kind: self.kind.word(),
            language: self.choice(&languages),
            languages,
            form,
            faults: Vec::new(),
            is_own,
            names: self.kind.data().names(),
        }
    }

    /// Where the mail is edited.
    fn path(&self) -> String {
        tab(paths::BRAND_MAIL, self.brand.id)
            .replace("{kind}", self.kind.word())
            .replace("{language}", self.language.as_str())
    }
}

/// GET: all mails.
pub async fn list(staff: Staff, Path(id): Path<String>) -> Answer {
    let found = find(&staff, &id).await?;
    let brand = &found.record.brand;
    let own = staff.core().mail_templates(staff.caller(), brand.id).await?;
    let row = |kind: MailKind| {
        let of_kind = own.iter().filter(|it| it.kind == kind.word());
        KindRow { word: kind.word(), own: of_kind.map(|it| it.language.to_string()).collect() }
    };
    staff.page(&MailTemplatesPage {
        brand: BrandHead::of(&staff, &found),
        languages: languages(&staff.here.panel.ui),
        kinds: MailKind::all(staff.core(), brand).into_iter().map(row).collect(),
    })
}

/// GET: one mail, in the brand's own words or the shipped ones.
pub async fn show(staff: Staff, named: Named) -> Answer {
    let place = Place::of(&staff, named).await?;
    let stored = place.stored(&staff).await?;
    let is_own = stored.is_some();
    let wording = stored.map_or_else(|| place.shipped(&staff), Ok)?;
    let form = FormState::new()
        .with_value("subject", wording.subject)
        .with_value("body", wording.body)
        .with_value("view", "html");
    framed(staff.page(&place.page(&staff, form, is_own)))
}

/// POST: saves the words.
pub async fn save(staff: Staff, named: Named, form: CheckedForm<WordingForm>) -> Answer {
    let place = Place::of(&staff, named).await?;
    let (fields, form) = form.open();
    let wording = MailWording { subject: fields.subject, body: fields.body.replace("\r\n", "\n") };
    let faults = place.kind.faults(&wording);
    let form = if faults.is_empty() {
        match staff.core().save_mail_template(staff.caller(), place.key(), &wording).await {
            Ok(()) => {
                let (to, notice) = (place.path(), "notice-mail-saved");
                return Ok(staff.here.redirect_with_notice(&to, "success", notice));
            }
            Err(BrandMailError::Invalid(faults)) => with_faults(form, &faults),
            Err(error) => return Err(error.into()),
        }
    } else {
        form
    };
    let is_own = place.stored(&staff).await?.is_some();
    let page = place.page(&staff, form, is_own).with(faults.into_iter().map(DraftFault::from));
    framed(staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// GET: the mail as it is now, for the frame in its page.
pub async fn preview(staff: Staff, named: Named) -> Answer {
    let place = Place::of(&staff, named).await?;
    let stored = place.stored(&staff).await?;
    let wording = stored.map_or_else(|| place.shipped(&staff), Ok)?;
    draw(&staff, &place, &wording, false)
}

/// POST: the mail as it would be, for the frame in its page.
pub async fn try_out(staff: Staff, named: Named, form: CheckedForm<WordingForm>) -> Answer {
    let place = Place::of(&staff, named).await?;
    let fields = form.into_inner();
    let wording = MailWording { subject: fields.subject, body: fields.body };
    draw(&staff, &place, &wording, fields.view == "text")
}

/// GET: asks before the shipped words come back.
pub async fn ask_reset(staff: Staff, named: Named) -> Answer {
    let place = Place::of(&staff, named).await?;
    let language = place.choice(&languages(&staff.here.panel.ui));
    staff.page(&MailResetPage { brand: place.head, kind: place.kind.word(), language })
}

/// POST: gives the mail its shipped words back.
pub async fn reset(staff: Staff, named: Named, form: CheckedForm<Fields>) -> Answer {
    drop(form);
    let place = Place::of(&staff, named).await?;
    match staff.core().reset_mail_template(staff.caller(), place.key()).await {
        Ok(()) | Err(BrandMailError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(staff.here.redirect_with_notice(&place.path(), "success", "notice-mail-reset"))
}

/// Draws a mail with its example; what is wrong with its words is said in its place.
fn draw(staff: &Staff, place: &Place, wording: &MailWording, as_text: bool) -> Answer {
    let ui = &staff.here.panel.ui;
    let faults = place.kind.faults(wording);
    if !faults.is_empty() {
        let language = staff.here.frame_for(Some(staff)).language;
        let said = |fault: DraftFault| {
            let line = i64::try_from(fault.line).unwrap_or(i64::MAX);
            let what = ui.text(&language, fault.key, &TextArgs::new().text("name", fault.name));
            let key = format!("mail-fault-at-{}", fault.field);
            ui.text(&language, &key, &TextArgs::new().number("line", line).text("fault", what))
        };
        let lines: Vec<String> = faults.into_iter().map(|fault| said(fault.into())).collect();
        return Ok(plain(lines.join("\n")));
    }
    let today = staff.here.frame_for(Some(staff)).today;
    let mut frame = mail::frame(&place.brand, place.language.as_str(), today);
    frame.own_texts = place.own_texts.clone();
    let look = ThemeTokens::of(&place.brand.theme);
    let drawn = ui
        .render_own_mail(place.kind.data(), &own(wording), &frame, &look)
        .map_err(|error| error.into_problem(new_reference()))?;
    let Some(drawn) = drawn else { return Err(Problem::BadRequest.into()) };
    if as_text {
        return Ok(plain(format!("{}\n\n{}", drawn.subject, drawn.text)));
    }
    Ok((preview_headers(), Html(drawn.html)).into_response())
}

fn plain(text: String) -> Response {
    (preview_headers(), text).into_response()
}

const fn preview_headers() -> [(header::HeaderName, HeaderValue); 2] {
    [
        (header::CONTENT_SECURITY_POLICY, PREVIEW_POLICY),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ]
}

/// The page with the policy that lets its preview in.
fn framed(answer: Answer) -> Answer {
    answer.map(|mut page| {
        page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
        page
    })
}

impl MailTemplatePage {
    fn with(self, faults: impl Iterator<Item = DraftFault>) -> Self {
        Self { faults: faults.collect(), ..self }
    }

    fn sample(kind: &MailKind, form: FormState, is_own: bool) -> Self {
        let languages = vec![Choice::new("en", "English"), Choice::new("es", "Español")];
        Self {
            brand: BrandHead::sample(),
            kind: kind.word(),
            language: languages[1].clone(),
            languages,
            form,
            faults: Vec::new(),
            is_own,
            names: kind.data().names(),
        }
    }
}

/// The kinds of mails, for samples.
fn sample_kinds() -> Vec<MailKind> {
    MailKind::with("https://pay.voxtel.example/example", jiff::Timestamp::UNIX_EPOCH)
}

impl Page for MailTemplatesPage {
    const TEMPLATE: &'static str = "panel/brands/mails.html";

    fn samples() -> Vec<Sample<Self>> {
        let row = |kind: &MailKind| KindRow { word: kind.word(), own: vec!["es".to_owned()] };
        let page = |kinds| Self {
            brand: BrandHead::sample(),
            languages: vec![Choice::new("en", "English"), Choice::new("es", "Español")],
            kinds,
        };
        let kinds = sample_kinds();
        vec![Sample::new("typical", page(kinds.iter().map(row).collect()))]
    }
}

impl Page for MailTemplatePage {
    const TEMPLATE: &'static str = "panel/brands/mail.html";

    fn samples() -> Vec<Sample<Self>> {
        let form =
            FormState::new().with_value("subject", "{{brand}} <b>").with_value("view", "html");
        let form = form.with_value("body", "{{#name}}Hola {{name}}{{/name}}\n\n{{action_button}}");
        let wrong = MailWording { subject: "{{x}}".to_owned(), body: "{{7*7}}".to_owned() };
        let kinds = sample_kinds();
        let mut samples: Vec<Sample<Self>> = kinds
            .iter()
            .map(|kind| Sample::new("typical", Self::sample(kind, form.clone(), true)))
            .collect();
        if let Some(kind) = kinds.first() {
            let faults = kind.faults(&wrong).into_iter().map(DraftFault::from);
            let faulty = Self::sample(kind, form, false).with(faults);
            samples.push(Sample::new("faulty", faulty));
        }
        samples
    }
}

impl Page for MailResetPage {
    const TEMPLATE: &'static str = "panel/brands/mail-reset.html";

    fn samples() -> Vec<Sample<Self>> {
        let language = Choice::new("es", "Español");
        vec![Sample::new(
            "typical",
            Self { brand: BrandHead::sample(), kind: "sign-in-link", language },
        )]
    }
}
