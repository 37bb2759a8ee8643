//! Protection of forms: a token that only the visitor's own pages hold, and the browser's word on
//! where the request comes from.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::RequestOrigin;
use crate::cookies::CookieKind;

/// Separates this use of the secret from any other.
const PURPOSE: &[u8] = b"portico form token 1";

/// A fresh secret for a visitor without session, from 32 random bytes. It goes into the
/// [`CookieKind::Visitor`] cookie of the page that shows a form.
#[must_use]
pub fn visitor_secret(entropy: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(entropy)
}

/// The token for the forms of the holder of `secret`, the value of the session or visitor cookie.
#[must_use]
pub fn token(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(keyed(secret).finalize().into_bytes())
}

/// The token for the forms of a request's answer: of its session, else of its visitor cookie.
#[must_use]
pub fn token_of(headers: &HeaderMap, origin: &RequestOrigin) -> Option<String> {
    secrets(headers, origin).next().map(|secret| token(&secret))
}

/// Whether a form with the hidden field `given` may act: its token is that of the request's
/// session or visitor cookie, and the browser does not say that it comes from elsewhere.
#[must_use]
pub fn accepts(headers: &HeaderMap, origin: &RequestOrigin, given: &str) -> bool {
    let Ok(given) = URL_SAFE_NO_PAD.decode(given) else { return false };
    is_same_origin(headers, origin)
        && secrets(headers, origin).any(|secret| keyed(&secret).verify_slice(&given).is_ok())
}

/// A page may be older than the sign-in in another tab, so a form of the visitor stays valid.
fn secrets(headers: &HeaderMap, origin: &RequestOrigin) -> impl Iterator<Item = String> {
    [CookieKind::Operator, CookieKind::Session, CookieKind::Visitor]
        .into_iter()
        .filter_map(|kind| kind.read(headers, origin))
}

fn keyed(secret: &str) -> Hmac<Sha256> {
    let mut key = [0; 64];
    key[..32].copy_from_slice(&Sha256::digest(secret));
    let mut mac = Hmac::new(&key.into());
    mac.update(PURPOSE);
    mac
}

/// `Sec-Fetch-Site` cannot be forged by a page. `Origin` decides for browsers without it; pages
/// with `no-referrer` send it as `null`, which says nothing.
fn is_same_origin(headers: &HeaderMap, origin: &RequestOrigin) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let sent = headers.get(axum::http::header::ORIGIN);
    sent.is_none_or(|sent| sent == "null" || *sent == *origin.origin())
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use axum::http::{HeaderName, HeaderValue};

    use super::*;
    use crate::origin::{Scheme, TrustedProxies};

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let entry = |(name, value): &(&str, &str)| {
            (
                name.parse::<HeaderName>().expect("a name"),
                HeaderValue::from_str(value).expect("a value"),
            )
        };
        pairs.iter().map(entry).collect()
    }

    fn origin() -> RequestOrigin {
        let host = headers(&[("host", "pay.example")]);
        let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
        RequestOrigin::of(peer, Scheme::Https, None, &host, &TrustedProxies::default())
            .expect("an origin")
    }

    const SESSION: (&str, &str) = ("cookie", "__Host-portico=secret");

    #[test]
    fn the_token_of_the_own_session_is_accepted() {
        let own = token("secret");
        assert!(accepts(&headers(&[SESSION]), &origin(), &own));
        let browser =
            [SESSION, ("sec-fetch-site", "same-origin"), ("origin", "https://pay.example")];
        assert!(accepts(&headers(&browser), &origin(), &own));
        assert_eq!(token_of(&headers(&[SESSION]), &origin()), Some(own));
    }

    #[test]
    fn other_tokens_are_refused() {
        let own = token("secret");
        for forged in ["", "x", "secret", &token("other"), &own[1..], &format!("{own}A")] {
            assert!(!accepts(&headers(&[SESSION]), &origin(), forged), "{forged:?} was accepted");
        }
        assert!(!accepts(&HeaderMap::new(), &origin(), &token("")));
        assert!(!accepts(&headers(&[("cookie", "__Host-portico=")]), &origin(), &token("")));
    }

    #[test]
    fn what_comes_from_another_site_is_refused() {
        let own = token("secret");
        for elsewhere in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "http://pay.example"),
            ("origin", "https://pay.example:8443"),
            ("origin", "https://pay.example.evil.example"),
        ] {
            assert!(!accepts(&headers(&[SESSION, elsewhere]), &origin(), &own), "{elsewhere:?}");
        }
        // A page with `no-referrer` has a null origin; the browser still says where it is from.
        let entry = [SESSION, ("sec-fetch-site", "same-origin"), ("origin", "null")];
        assert!(accepts(&headers(&entry), &origin(), &own));
        let sandboxed = [SESSION, ("sec-fetch-site", "cross-site"), ("origin", "null")];
        assert!(!accepts(&headers(&sandboxed), &origin(), &own));
    }

    #[test]
    fn the_signed_out_have_a_secret_of_their_own() {
        let secret = visitor_secret([7; 32]);
        let cookie = format!("__Host-portico-visitor={secret}");
        assert!(accepts(&headers(&[("cookie", &cookie)]), &origin(), &token(&secret)));
        let both = format!("{cookie}; __Host-portico=secret");
        assert_eq!(token_of(&headers(&[("cookie", &both)]), &origin()), Some(token("secret")));
        assert!(accepts(&headers(&[("cookie", &both)]), &origin(), &token(&secret)));
    }
}
