//! The cookies: a session, a visitor without session, a notice that is shown once, and what was
//! chosen on this device.
//!
//! In a frame of a foreign site all of them have other names, and browsers keep them apart for
//! each such site (`Partitioned`): what is signed in there is not signed in anywhere else, and no
//! foreign site ever gets at the cookies of the portal itself, which stay `SameSite=Lax`.
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
    /// Holds the secret of a link to pay an invoice with; it signs nobody in.
    PayLink,
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
    /// Over TLS, over plain HTTP, in a frame of a foreign site.
    const fn names(self) -> [&'static str; 3] {
        match self {
            Self::Session => ["__Host-portico", "portico", "__Host-embedded"],
            Self::Operator => ["__Host-portico-panel", "portico-panel", "__Host-embedded-panel"],
            Self::PayLink => {
                ["__Host-portico-pay-link", "portico-pay-link", "__Host-embedded-pay-link"]
            }
            Self::Visitor => {
                ["__Host-portico-visitor", "portico-visitor", "__Host-embedded-visitor"]
            }
            Self::Notice => ["__Host-portico-notice", "portico-notice", "__Host-embedded-notice"],
            Self::Language => {
                ["__Host-portico-language", "portico-language", "__Host-embedded-language"]
            }
            Self::Theme => ["__Host-portico-theme", "portico-theme", "__Host-embedded-theme"],
        }
    }

    /// Its name at `origin`.
    #[must_use]
    pub fn name(self, origin: &RequestOrigin) -> &'static str {
        let [secure, plain, embedded] = self.names();
        match (origin.is_embedded(), origin.is_secure()) {
            (true, _) => embedded,
            (false, true) => secure,
            (false, false) => plain,
        }
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
                .same_site(if origin.is_embedded() { SameSite::None } else { SameSite::Lax })
                .partitioned(origin.is_embedded())
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

/// Whether a request to a site that foreign sites may frame is of such a frame: the browser says so
/// when the frame is opened; from then on its cookies do, which are sent nowhere else.
#[must_use]
pub fn is_embedded(headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|sent| sent == value);
    let is_opened = says("sec-fetch-dest", "iframe") && says("sec-fetch-site", "cross-site");
    let mut sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    is_opened || sent.any(|text| text.split("; ").any(|it| it.starts_with("__Host-embedded")))
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
    fn ses_07_cookies_of_a_frame_are_kept_apart() {
        let framed = origin(Scheme::Https, "pay.example").embedded();
        let cookie = CookieKind::Session.set(&framed, "s".into()).expect("a cookie").to_string();
        for part in ["__Host-embedded=s; ", "SameSite=None", "Secure", "Partitioned", "HttpOnly"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(CookieKind::Session.read(&sent("__Host-portico=s"), &framed), None);
        let own = origin(Scheme::Https, "pay.example");
        assert_eq!(CookieKind::Session.read(&sent("__Host-embedded=s"), &own), None);
        let plain = origin(Scheme::Http, "localhost").embedded();
        assert!(!plain.is_embedded(), "a cookie for foreign sites needs TLS");
    }

    #[test]
    fn ses_07_a_frame_is_known_by_the_browsers_word_or_its_cookies() {
        let said = |dest: &'static str, site: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("sec-fetch-dest", HeaderValue::from_static(dest));
            headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            is_embedded(&headers)
        };
        assert!(said("iframe", "cross-site"));
        assert!(!said("iframe", "same-site") && !said("document", "cross-site"));
        assert!(is_embedded(&sent("a=b; __Host-embedded-visitor=x")));
        assert!(!is_embedded(&sent("__Host-portico=__Host-embedded")));
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
