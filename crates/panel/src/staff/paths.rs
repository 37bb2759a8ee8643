//! The addresses of the control panel, for routes and templates alike.

/// First page.
pub const HOME: &str = "/";
/// Sign-in.
pub const SIGN_IN: &str = "/sign-in";
/// POST: ends the session.
pub const SIGN_OUT: &str = "/sign-out";
/// POST: another language.
pub const LANGUAGE: &str = "/language";
/// POST: light or dark.
pub const THEME: &str = "/theme";

/// What templates link to.
pub const TABLE: &[(&str, &str)] = &[
    ("home", HOME),
    ("sign-in", SIGN_IN),
    ("sign-out", SIGN_OUT),
    ("language", LANGUAGE),
    ("theme", THEME),
    ("docs", "/api/docs"),
    ("docs-file", "/api/docs/{file}"),
    ("openapi", "/api/openapi.json"),
    ("mailbox", "/mailbox"),
    ("mail", "/mailbox/{id}"),
    ("mail-body", "/mailbox/{id}/body"),
];

/// The address as a path of this site, where it is one: nobody is led elsewhere (INJ-09).
#[must_use]
pub fn local(text: &str) -> Option<&str> {
    let odd = |c: char| c.is_control() || c == '\\';
    let fits = text.starts_with('/') && !text.starts_with("//") && !text.contains(odd);
    (fits && text.len() <= 2_000).then_some(text)
}

/// The sign-in page that leads on to `next`.
#[must_use]
pub fn sign_in(next: &str) -> String {
    if next == HOME {
        return SIGN_IN.to_owned();
    }
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{SIGN_IN}?{query}")
}
