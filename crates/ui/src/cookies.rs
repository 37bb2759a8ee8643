//! The cookies: a session, a visitor without session, a notice that is shown once, and what was
//! chosen on this device.
//!
//! Over TLS they carry the `__Host-` prefix, so that no other host or path can set them. Over
//! plain HTTP they exist on this machine alone, without the prefix.

use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::{Notice, RequestOrigin};

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieKind {
    /// Holds the secret of a session.
    Session,
    /// Holds the secret of an operator's session in the control panel.
    Operator,
    /// Holds a secret that ties forms of the signed-out to their browser.
    Visitor,
    /// Holds a [`Notice`] from a redirect to the page that shows it.
    Notice,
    /// Holds the language that was chosen on this device; lasts.
    Language,
    /// Holds the looks that were chosen on this device; lasts.
    Theme,
}

impl CookieKind {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Session => ("__Host-portico", "portico"),
            Self::Operator => ("__Host-portico-panel", "portico-panel"),
            Self::Visitor => ("__Host-portico-visitor", "portico-visitor"),
            Self::Notice => ("__Host-portico-notice", "portico-notice"),
            Self::Language => ("__Host-portico-language", "portico-language"),
            Self::Theme => ("__Host-portico-theme", "portico-theme"),
        }
    }

    /// Its name at `origin`.
    #[must_use]
    pub fn name(self, origin: &RequestOrigin) -> &'static str {
        let (secure, plain) = self.names();
        if origin.is_secure() { secure } else { plain }
    }

    /// Its value in a request. `None` where the origin may not hold a session, and where it was
    /// sent twice.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, origin: &RequestOrigin) -> Option<String> {
        if !origin.may_hold_session() {
            return None;
        }
        let name = self.name(origin);
        let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut found = texts
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .filter(|cookie| cookie.name() == name);
        let value = found.next()?.value().to_owned();
        (found.next().is_none() && !value.is_empty()).then_some(value)
    }

    /// A cookie with this value, until the browser is closed unless it is of a kind that lasts;
    /// `None` where the origin may not hold a session.
    #[must_use]
    pub fn set(self, origin: &RequestOrigin, value: String) -> Option<Cookie<'static>> {
        origin.may_hold_session().then(|| {
            let cookie = Cookie::build((self.name(origin), value))
                .secure(origin.is_secure())
                .http_only(true)
                .same_site(SameSite::Lax)
                .path("/");
            if self.lasts() { cookie.permanent().build() } else { cookie.build() }
        })
    }

    const fn lasts(self) -> bool {
        matches!(self, Self::Language | Self::Theme)
    }

    /// The cookie that removes it.
    #[must_use]
    pub fn clear(self, origin: &RequestOrigin) -> Option<Cookie<'static>> {
        let mut cookie = self.set(origin, String::new())?;
        cookie.make_removal();
        Some(cookie)
    }
}

/// The cookie that carries a notice over a redirect.
#[must_use]
pub fn set_notice(origin: &RequestOrigin, notice: &Notice) -> Option<Cookie<'static>> {
    CookieKind::Notice.set(origin, format!("{}.{}", notice.kind, notice.key))
}

/// The notice that came over a redirect. Anything but a text key is taken for absent: a value
/// that a visitor wrote must not fail a page.
#[must_use]
pub fn read_notice(headers: &HeaderMap, origin: &RequestOrigin) -> Option<Notice> {
    let value = CookieKind::Notice.read(headers, origin)?;
    let (kind, key) = value.split_once('.')?;
    let known = matches!(kind, "success" | "info" | "warning" | "danger")
        && key.starts_with("notice-")
        && key.len() <= 64
        && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    known.then(|| Notice { key: key.to_owned(), kind: kind.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use axum::http::HeaderValue;

    use super::*;
    use crate::origin::{Scheme, TrustedProxies};

    fn origin(scheme: Scheme, host: &'static str) -> RequestOrigin {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
        RequestOrigin::of(peer, scheme, None, &headers, &TrustedProxies::default())
            .expect("an origin")
    }

    fn sent(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookie).expect("a value"));
        headers
    }

    #[test]
    fn over_tls_the_cookie_is_bound_to_the_host() {
        let origin = origin(Scheme::Https, "pay.example");
        let cookie = CookieKind::Session.set(&origin, "s".into()).expect("a cookie");
        assert_eq!(cookie.to_string(), "__Host-portico=s; HttpOnly; SameSite=Lax; Secure; Path=/");
        let cleared = CookieKind::Session.clear(&origin).expect("a cookie").to_string();
        assert!(
            cleared.starts_with("__Host-portico=; ") && cleared.contains("Max-Age=0"),
            "{cleared}"
        );
    }

    #[test]
    fn what_was_chosen_on_a_device_lasts_and_is_bound_to_the_host_as_well() {
        let origin = origin(Scheme::Https, "pay.example");
        for (kind, name) in [(CookieKind::Language, "language"), (CookieKind::Theme, "theme")] {
            let cookie = kind.set(&origin, "x".into()).expect("a cookie").to_string();
            let start = format!("__Host-portico-{name}=x; HttpOnly; SameSite=Lax; Secure; Path=/");
            assert!(cookie.starts_with(&start) && cookie.contains("Max-Age="), "{cookie}");
        }
    }

    #[test]
    fn plain_http_has_cookies_on_this_machine_alone() {
        let local = origin(Scheme::Http, "voxtel.localhost:9080");
        let cookie = CookieKind::Session.set(&local, "s".into()).expect("a cookie");
        assert_eq!(cookie.to_string(), "portico=s; HttpOnly; SameSite=Lax; Path=/");
        let far = origin(Scheme::Http, "pay.example");
        assert_eq!(CookieKind::Session.set(&far, "s".into()), None);
        assert_eq!(CookieKind::Session.clear(&far), None);
        assert_eq!(CookieKind::Session.read(&sent("portico=s; __Host-portico=s"), &far), None);
    }

    #[test]
    fn only_the_one_right_cookie_is_read() {
        let secure = origin(Scheme::Https, "pay.example");
        let read = |cookie| CookieKind::Session.read(&sent(cookie), &secure);
        assert_eq!(read("a=b; __Host-portico=s; c=d").as_deref(), Some("s"));
        assert_eq!(read("portico=s"), None, "a name without prefix can be set by other hosts");
        assert_eq!(read("__Host-portico-visitor=s"), None);
        assert_eq!(read("__Host-portico=s; __Host-portico=t"), None, "two cannot both be right");
        assert_eq!(read("__Host-portico="), None);
        assert_eq!(read(";;;=;"), None);
    }

    #[test]
    fn a_notice_survives_a_redirect_and_nothing_else_does() {
        let origin = origin(Scheme::Https, "pay.example");
        let notice = Notice { key: "notice-profile-saved".into(), kind: "success".into() };
        let cookie = set_notice(&origin, &notice).expect("a cookie");
        let read = |cookie: &str| read_notice(&sent(cookie), &origin);
        assert_eq!(read(&cookie.stripped().to_string()), Some(notice));
        for forged in ["success.invoices-title", "loud.notice-a", "success.notice-<b>", "notice-a"]
        {
            assert_eq!(read(&format!("__Host-portico-notice={forged}")), None, "{forged}");
        }
    }
}
