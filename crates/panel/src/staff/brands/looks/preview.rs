//! The preview beside the form: real pages of the portal with the draft, and data of nobody.
//!
//! It is a page of the control panel for whoever may edit the brand, in a sandbox without scripts:
//! the draft's own script does not run here, where it would run as the operator. Styles come along
//! within the page, because they are not saved anywhere yet.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_billing::AssetId;
use portico_billing::brand::{Brand, Font, LegalLink, Origin};
use portico_ui::brand_css::{self, OWN_FILES};
use portico_ui::errors::Problem;
use portico_ui::preview::{PreviewPage, PreviewRequest};
use portico_ui::theme::ThemeTokens;
use portico_ui::{BrandFrame, CheckedForm, LinkFrame, ThemeChoice};

use super::super::{Fields, find};
use super::form;
use crate::answers::new_reference;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, paths};

/// GET: the draft as it was saved, or an earlier version.
pub async fn show(staff: Staff, Path(id): Path<String>, query: Params) -> Answer {
    let id = find(&staff, &id).await?.record.brand.id;
    let brand = match query.get("version").parse() {
        Ok(version) => {
            let found = staff.core().looks_of_version(staff.caller(), (id, version)).await?;
            found.0.with_looks(found.1)
        }
        Err(_) => {
            let state = staff.core().brand_looks(staff.caller(), id).await?;
            state.brand.with_looks(state.looks)
        }
    };
    render(&staff, &brand, (query.get("preview_page"), query.get("preview_theme")))
}

/// POST: the form as it is, saved or not. What is not sound in it is left out.
pub async fn try_out(staff: Staff, Path(id): Path<String>, form: CheckedForm<Fields>) -> Answer {
    let brand = find(&staff, &id).await?.record.brand;
    let fields = form.into_inner();
    let (looks, _) = form::read(&fields).read();
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let (page, theme) = (text("preview_page"), text("preview_theme"));
    render(&staff, &brand.with_looks(looks), (page, theme))
}

fn render(staff: &Staff, brand: &Brand, (page, theme): (&str, &str)) -> Answer {
    let own = staff.here.frame_for(Some(staff));
    let site = staff.here.origin.origin();
    let request = PreviewRequest {
        page: PreviewPage::of_word(page),
        brand: frame(brand, &site),
        language: own.language,
        theme: if theme == "dark" { ThemeChoice::Dark } else { ThemeChoice::Light },
        today: own.today,
    };
    let Some(preview) = &staff.here.panel.preview else { return Err(Problem::NotFound.into()) };
    let html = preview(request).map_err(|error| error.into_problem(new_reference()))?;
    Ok(boxed(html, &brand.custom.origins))
}

/// The page in its box: no script, no form, no way out.
fn boxed(html: String, origins: &[Origin]) -> Response {
    let foreign: String = origins.iter().flat_map(|origin| [" ", origin.as_str()]).collect();
    let policy = format!(
        "default-src 'none'; style-src 'self' data:; img-src 'self' data:{foreign}; \
         font-src 'self'{foreign}; base-uri 'none'; object-src 'none'; form-action 'none'; \
         frame-ancestors 'self'; sandbox allow-same-origin"
    );
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

/// What the page shows of the brand. Its files are where the control panel has them.
fn frame(brand: &Brand, site: &str) -> BrandFrame {
    let theme = &brand.theme;
    let file = |id: Option<AssetId>| id.map(|id| paths::FILE.replace("{id}", &id.to_string()));
    let link = |it: &LegalLink| LinkFrame { label: it.label.clone(), url: it.url.clone() };
    let own_files = format!("\"{OWN_FILES}files/");
    let css = brand_css::cage(&brand.custom.css, &brand.custom.origins).unwrap_or_default();
    let css = css.replace(&own_files, &format!("\"{site}{}/", paths::FILES));
    BrandFrame {
        name: brand.name.clone(),
        home_url: "/".to_owned(),
        logo_url: file(theme.logo),
        dark_logo_url: file(theme.dark_logo),
        favicon_url: file(theme.favicon),
        theme_css_url: inline(&ThemeTokens::of(theme).css()),
        custom_css_url: (!css.is_empty()).then(|| inline(&css)),
        device_font: theme.font != Font::Inter,
        legal_links: brand.custom.legal_links.iter().map(link).collect(),
        footer: brand.footer.clone(),
        support_url: brand.support_url.clone(),
        support_email: brand.support_email.clone(),
        ..BrandFrame::default()
    }
}

/// A style sheet as its own address.
fn inline(css: &str) -> String {
    format!("data:text/css;charset=utf-8;base64,{}", STANDARD.encode(css))
}
