//! What a browser says of itself, in words that its owner knows.

use serde::Serialize;

/// The browser and the system of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Name of the browser, where it is a known one.
    pub browser: Option<&'static str>,
    /// Name of the system, where it is a known one.
    pub system: Option<&'static str>,
    /// Whether it is held in the hand.
    pub is_phone: bool,
}

impl Device {
    /// Of what a browser sends as its name (`User-Agent`).
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        // The order matters: most browsers name the ones they imitate as well.
        let browsers = [
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox/", "Firefox"),
            ("FxiOS/", "Firefox"),
            ("CriOS/", "Chrome"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
            ("curl/", "curl"),
        ];
        let systems = [
            ("iPhone", "iOS"),
            ("iPad", "iPadOS"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ];
        let find = |marks: &[(&str, &'static str)]| {
            marks.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
        };
        let is_phone = user_agent.contains("Mobile") || user_agent.contains("iPhone");
        Self { browser: find(&browsers), system: find(&systems), is_phone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_their_own_names() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
            (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
        let named = |agent: &str| {
            let device = Device::of(agent);
            (device.browser, device.system, device.is_phone)
        };
        assert_eq!(named(chrome), (Some("Chrome"), Some("Windows"), false));
        assert_eq!(named(&format!("{chrome} Edg/141.0")), (Some("Edge"), Some("Windows"), false));
        assert_eq!(named("curl/8.5.0"), (Some("curl"), None, false));
        assert_eq!(named(""), (None, None, false));
    }
}
