//! Where somebody is led on to.

use super::paths::{HOME, SECOND_FACTOR, SIGN_IN};

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
    leading_on(SIGN_IN, next)
}

/// The page for the second factor that leads on to `next`.
#[must_use]
pub fn second_factor(next: &str) -> String {
    leading_on(SECOND_FACTOR, next)
}

fn leading_on(path: &str, next: &str) -> String {
    if next == HOME {
        return path.to_owned();
    }
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{path}?{query}")
}
