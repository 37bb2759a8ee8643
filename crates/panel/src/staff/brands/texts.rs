//! The tab Texts: any text of the portal, per language, in the brand's own words.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use portico_billing::LanguageTag;
use portico_billing::brand::{Brand, BrandText};
use portico_core::brand_mail::BrandMailError;
use portico_ui::errors::Problem;
use portico_ui::texts::{AREAS, CatalogueText, FALLBACK};
use portico_ui::{CheckedForm, FormState, Page, Sample, Ui};
use serde::{Deserialize, Serialize};

use super::smtp::with_faults;
use super::{BrandHead, Choice, Fields, find, languages, tab};
use crate::staff::answer::Stop;
use crate::staff::{Answer, Staff, paths};
use crate::wording::DraftFault;

/// Texts on one page.
const PAGE: usize = 50;

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct TextsPage {
    brand: BrandHead,
    languages: Vec<Choice>,
    areas: &'static [&'static str],
    filter: TextFilter,
    rows: Vec<TextRow>,
    /// The last key of this page, where there is another one.
    next: Option<String>,
    /// How many texts the brand has in its own words, in this language.
    own: usize,
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TextFilter {
    q: String,
    language: String,
    area: String,
    /// `own` for those in the brand's own words alone.
    only: String,
    after: String,
}

/// One text.
#[derive(Debug, Clone, Serialize)]
struct TextRow {
    key: String,
    area: &'static str,
    /// As it is now.
    text: String,
    is_own: bool,
}

/// One text in one language.
#[derive(Debug, Clone, Serialize)]
pub struct TextPage {
    brand: BrandHead,
    language: Choice,
    key: String,
    area: &'static str,
    shipped: String,
    arguments: Vec<String>,
    form: FormState,
    faults: Vec<DraftFault>,
    is_own: bool,
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct TextForm {
    #[serde(default)]
    text: String,
}

/// Own words by key.
type Own = HashMap<String, String>;

/// GET: the list.
pub async fn list(
    staff: Staff,
    Path(id): Path<String>,
    Query(filter): Query<TextFilter>,
) -> Answer {
    let found = find(&staff, &id).await?;
    let ui = &staff.here.panel.ui;
    let languages = languages(ui);
    let default = found.record.brand.default_language.as_str();
    let known = |language: &str| languages.iter().any(|choice| choice.value == language);
    let language = [filter.language.as_str(), default].into_iter().find(|it| known(it));
    let language = language.unwrap_or(FALLBACK).to_owned();
    let own = own(&staff, &found.record.brand, &language).await?;
    let filter = TextFilter { language, ..filter };
    let mut rows: Vec<TextRow> = rows(ui, &filter, &own).take(PAGE + 1).collect();
    let next = (rows.len() > PAGE).then(|| rows.remove(PAGE)).and_then(|_| rows.last());
    let next = next.map(|row| row.key.clone());
    let brand = BrandHead::of(&staff, &found);
    let own = own.len();
    staff.page(&TextsPage { brand, languages, areas: AREAS, filter, rows, next, own })
}

/// The texts that are looked for, as they are now.
fn rows<'a>(
    ui: &'a Ui,
    filter: &'a TextFilter,
    own: &'a Own,
) -> impl Iterator<Item = TextRow> + 'a {
    let wanted = filter.q.trim().to_lowercase();
    let found = ui.catalogue().iter().filter(|text| text.key > filter.after);
    let found = found.filter(|text| filter.area.is_empty() || text.area == filter.area);
    let row = |text: &CatalogueText| {
        let now = own.get(&text.key);
        TextRow {
            key: text.key.clone(),
            area: text.area,
            text: now.map_or_else(|| shipped(text, &filter.language), String::as_str).to_owned(),
            is_own: now.is_some(),
        }
    };
    let meant = move |row: &TextRow| {
        let says = row.key.contains(&wanted) || row.text.to_lowercase().contains(&wanted);
        says && (filter.only != "own" || row.is_own)
    };
    found.map(row).filter(meant)
}

/// The shipped words in a language, else in English.
fn shipped<'a>(text: &'a CatalogueText, language: &str) -> &'a str {
    let found = text.shipped.get(language).or_else(|| text.shipped.get(FALLBACK));
    found.map_or("", String::as_str)
}

async fn own(staff: &Staff, brand: &Brand, language: &str) -> Result<Own, Stop> {
    let own = staff.core().own_texts(staff.caller(), brand.id).await?;
    let own = own.into_iter().filter(|text| text.language.as_str() == language);
    Ok(own.map(|text| (text.key, text.text)).collect())
}

/// Brand, language and key of a path.
type Named = Path<(String, String, String)>;

/// What an address names.
struct Place {
    brand: Brand,
    language: LanguageTag,
    key: String,
    own: Option<String>,
    page: TextPage,
}

impl Place {
    async fn of(staff: &Staff, Path((id, language, key)): Named) -> Result<Self, Stop> {
        let found = find(staff, &id).await?;
        let brand = found.record.brand.clone();
        let ui = &staff.here.panel.ui;
        let text = ui.catalogue().get(&key).ok_or(Problem::NotFound)?;
        let choice = languages(ui).into_iter().find(|choice| choice.value == language);
        let choice = choice.ok_or(Problem::NotFound)?;
        let own = own(staff, &brand, &language).await?.remove(&key);
        let now = own.as_deref().unwrap_or_else(|| shipped(text, &language));
        let page = TextPage {
            brand: BrandHead::of(staff, &found),
            language: choice,
            key: key.clone(),
            area: text.area,
            shipped: shipped(text, &language).to_owned(),
            arguments: text.arguments.iter().cloned().collect(),
            form: FormState::new().with_value("text", now),
            faults: Vec::new(),
            is_own: own.is_some(),
        };
        let language = language.parse().map_err(|_| Problem::NotFound)?;
        Ok(Self { brand, language, key, own, page })
    }

    /// The list, at this language.
    fn list(&self) -> String {
        format!("{}?language={}", tab(paths::BRAND_TEXTS, self.brand.id), self.language)
    }
}

/// GET: one text.
pub async fn show(staff: Staff, named: Named) -> Answer {
    let place = Place::of(&staff, named).await?;
    staff.page(&place.page)
}

/// POST: saves its words.
pub async fn save(staff: Staff, named: Named, form: CheckedForm<TextForm>) -> Answer {
    let place = Place::of(&staff, named).await?;
    let (fields, form) = form.open();
    let text = fields.text.replace("\r\n", "\n").trim().to_owned();
    let mut page = TextPage { form, ..place.page.clone() };
    match staff.here.panel.ui.catalogue().check(&place.key, &text) {
        Ok(()) => {
            let (key, language) = (place.key.clone(), place.language.clone());
            let text = BrandText { language, key, text };
            match staff.core().save_own_text(staff.caller(), place.brand.id, &text).await {
                Ok(()) => {
                    let (to, notice) = (place.list(), "notice-text-saved");
                    return Ok(staff.here.redirect_with_notice(&to, "success", notice));
                }
                Err(BrandMailError::Invalid(faults)) => page.form = with_faults(page.form, &faults),
                Err(error) => return Err(error.into()),
            }
        }
        Err(Some(fault)) => page.faults = vec![fault.into()],
        Err(None) => return Err(Problem::NotFound.into()),
    }
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// POST: gives the text its shipped words back.
pub async fn reset(staff: Staff, named: Named, form: CheckedForm<Fields>) -> Answer {
    drop(form);
    let place = Place::of(&staff, named).await?;
    if place.own.is_some() {
        let which = (&place.language, place.key.as_str());
        staff.core().reset_own_text(staff.caller(), place.brand.id, which).await?;
    }
    Ok(staff.here.redirect_with_notice(&place.list(), "success", "notice-text-reset"))
}

impl Page for TextsPage {
    const TEMPLATE: &'static str = "panel/brands/texts.html";

    fn samples() -> Vec<Sample<Self>> {
        let row = |key: &str, text: &str, is_own| TextRow {
            key: key.to_owned(),
            area: AREAS[0],
            text: text.to_owned(),
            is_own,
        };
        let page = |rows, filter: TextFilter, next: Option<&str>| Self {
            brand: BrandHead::sample(),
            languages: vec![Choice::new("en", "English"), Choice::new("es", "Español")],
            areas: AREAS,
            filter: TextFilter { language: "es".to_owned(), ..filter },
            rows,
            next: next.map(str::to_owned),
            own: 1,
        };
        let rows = vec![
            row("nav-invoices", "Facturas", false),
            row("overview-title", "Hola { $name } <b>", true),
            row("label-count", "{ $n ->\n    [one] una\n   *[other] { $n }\n}", false),
        ];
        let filter = TextFilter { q: "factura".to_owned(), ..TextFilter::default() };
        vec![
            Sample::new("typical", page(rows, TextFilter::default(), Some("label-count"))),
            Sample::new("none-found", page(Vec::new(), filter, None)),
        ]
    }
}

impl Page for TextPage {
    const TEMPLATE: &'static str = "panel/brands/text.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |arguments: &[&str], faults, is_own| Self {
            brand: BrandHead::sample(),
            language: Choice::new("es", "Español"),
            key: "overview-title".to_owned(),
            area: AREAS[0],
            shipped: "Hola { $name } <b>".to_owned(),
            arguments: arguments.iter().map(|name| (*name).to_owned()).collect(),
            form: FormState::new().with_value("text", "Hola { $name } <b>"),
            faults,
            is_own,
        };
        let (key, name) = ("text-fault-unknown-argument", "nombre".to_owned());
        let fault = DraftFault { field: "text", line: 1, key, name };
        vec![
            Sample::new("shipped", page(&[], Vec::new(), false)),
            Sample::new("own", page(&["name", "count"], Vec::new(), true)),
            Sample::new("faulty", page(&["name"], vec![fault], false)),
        ]
    }
}
