//! Language and appearance as chosen on this device; they work signed out as well.

use axum::http::HeaderMap;
use axum::response::Response;
use axum_extra::extract::cookie::Cookie;
use portico_ui::cookies::CookieKind;
use portico_ui::{CheckedForm, RequestOrigin, ThemeChoice};
use serde::Deserialize;

use crate::answer::{redirect, with_cookie};
use crate::here::Here;
use crate::paths;

/// The form of the language switch.
#[derive(Deserialize)]
pub(crate) struct LanguageForm {
    language: String,
    #[serde(default)]
    back: String,
}

/// The form of the theme switch.
#[derive(Deserialize)]
pub(crate) struct ThemeForm {
    theme: String,
    #[serde(default)]
    back: String,
}

/// POST: another language.
pub(crate) async fn language(here: Here, form: CheckedForm<LanguageForm>) -> Response {
    let form = form.into_inner();
    let known = here.portal.ui().languages().contains(&form.language);
    let cookie = if known { CookieKind::Language.set(&here.origin, form.language) } else { None };
    with_cookie(redirect(back(&form.back)), cookie)
}

/// POST: light, dark, or as the device says.
pub(crate) async fn theme(here: Here, form: CheckedForm<ThemeForm>) -> Response {
    let form = form.into_inner();
    let known = matches!(form.theme.as_str(), "auto" | "light" | "dark");
    let cookie = if known { CookieKind::Theme.set(&here.origin, form.theme) } else { None };
    with_cookie(redirect(back(&form.back)), cookie)
}

fn back(text: &str) -> &str {
    paths::local(text).unwrap_or(paths::OVERVIEW)
}

/// The cookie that says a language from now on.
pub(crate) fn language_cookie(origin: &RequestOrigin, language: &str) -> Option<Cookie<'static>> {
    CookieKind::Language.set(origin, language.to_owned())
}

/// The cookie that forgets the language that was chosen on this device.
pub(crate) fn forget_language(origin: &RequestOrigin) -> Option<Cookie<'static>> {
    CookieKind::Language.clear(origin)
}

/// The language that was chosen on this device.
pub(crate) fn read_language(headers: &HeaderMap, origin: &RequestOrigin) -> Option<String> {
    CookieKind::Language.read(headers, origin).filter(|language| language.len() <= 35)
}

/// The theme that was chosen on this device.
pub(crate) fn read_theme(headers: &HeaderMap, origin: &RequestOrigin) -> ThemeChoice {
    match CookieKind::Theme.read(headers, origin).as_deref() {
        Some("light") => ThemeChoice::Light,
        Some("dark") => ThemeChoice::Dark,
        _ => ThemeChoice::Auto,
    }
}
