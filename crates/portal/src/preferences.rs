//! Language and appearance as chosen on this device; they work signed out as well.

use axum::http::HeaderMap;
use axum::http::header;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use portico_ui::{CheckedForm, RequestOrigin, ThemeChoice};
use serde::Deserialize;

use crate::answer::{redirect, with_cookie};
use crate::here::Here;
use crate::paths;

const LANGUAGE: &str = "portico-language";
const THEME: &str = "portico-theme";

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
    let cookie = known.then(|| cookie(&here.origin, LANGUAGE, form.language));
    with_cookie(redirect(back(&form.back)), cookie)
}

/// POST: light, dark, or as the device says.
pub(crate) async fn theme(here: Here, form: CheckedForm<ThemeForm>) -> Response {
    let form = form.into_inner();
    let known = matches!(form.theme.as_str(), "auto" | "light" | "dark");
    let cookie = known.then(|| cookie(&here.origin, THEME, form.theme));
    with_cookie(redirect(back(&form.back)), cookie)
}

fn back(text: &str) -> &str {
    paths::local(text).unwrap_or(paths::OVERVIEW)
}

/// The cookie that says a language from now on.
pub(crate) fn language_cookie(origin: &RequestOrigin, language: &str) -> Cookie<'static> {
    cookie(origin, LANGUAGE, language.to_owned())
}

/// The cookie that forgets the language that was chosen on this device.
pub(crate) fn forget_language(origin: &RequestOrigin) -> Cookie<'static> {
    let mut cookie = cookie(origin, LANGUAGE, String::new());
    cookie.make_removal();
    cookie
}

fn cookie(origin: &RequestOrigin, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value))
        .secure(origin.is_secure())
        .http_only(true)
        .same_site(SameSite::Lax)
        .path("/")
        .permanent()
        .build()
}

/// The language that was chosen on this device.
pub(crate) fn read_language(headers: &HeaderMap) -> Option<String> {
    read(headers, LANGUAGE).filter(|language| language.len() <= 35)
}

/// The theme that was chosen on this device.
pub(crate) fn read_theme(headers: &HeaderMap) -> ThemeChoice {
    match read(headers, THEME).as_deref() {
        Some("light") => ThemeChoice::Light,
        Some("dark") => ThemeChoice::Dark,
        _ => ThemeChoice::Auto,
    }
}

fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = texts.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}
