//! What surrounds every page: brand, visitor, navigation, language.

use jiff::Timestamp;
use std::sync::Arc;

use jiff::civil::Date;
use portico_billing::section::Sections;
use serde::Serialize;

use crate::texts::OwnTexts;

/// What every template sees as `frame`. Built once for each request.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// Language of the texts and formats: `en`, `es`.
    pub language: String,
    /// Direction of the script: `ltr` or `rtl`.
    pub dir: &'static str,
    /// The brand that the request's host belongs to.
    pub brand: BrandFrame,
    /// Who is signed in.
    pub visitor: Option<VisitorFrame>,
    /// One of the organisation's people who looks into a customer's portal.
    pub staff: Option<StaffFrame>,
    /// Entries of the navigation.
    pub nav: Vec<NavItem>,
    /// Token for the hidden field `csrf` of forms.
    pub csrf: String,
    /// Path and query of this page.
    pub path: String,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// IANA name of the zone in which times are shown.
    pub time_zone: String,
    /// The day it is in that zone.
    pub today: Date,
    /// What the last action has to say.
    pub notice: Option<Notice>,
    /// The sections that are shown; links to others, and what is told of them, are left out.
    pub sections: Sections,
    /// Whether the page is in a frame of a foreign site.
    pub is_embedded: bool,
    /// The layout that lists and pages of the signed-in stand in.
    pub shell: &'static str,
    /// Texts that the brand has in its own words.
    #[serde(skip)]
    pub own_texts: Option<Arc<OwnTexts>>,
}

impl Frame {
    /// A frame for a visitor who is not signed in, in UTC; the rest is set by field.
    #[must_use]
    pub fn new(language: &str, brand: BrandFrame, today: Date) -> Self {
        Self {
            language: language.to_owned(),
            dir: crate::language::direction(language),
            brand,
            visitor: None,
            staff: None,
            nav: Vec::new(),
            csrf: String::new(),
            path: "/".to_owned(),
            theme: ThemeChoice::Auto,
            time_zone: "UTC".to_owned(),
            today,
            notice: None,
            sections: Sections::ALL,
            is_embedded: false,
            shell: "layouts/portal.html",
            own_texts: None,
        }
    }
}

/// What pages show of the brand.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BrandFrame {
    /// Name that customers read.
    pub name: String,
    /// Where the logo leads.
    pub home_url: String,
    /// Address of the logo; the name is shown where there is none.
    pub logo_url: Option<String>,
    /// Address of the logo on dark backgrounds; the other one where there is none.
    pub dark_logo_url: Option<String>,
    /// Address of the picture of the browser's tab; the shipped one where there is none.
    pub favicon_url: Option<String>,
    /// Address of the generated style sheet with the brand's tokens.
    pub theme_css_url: String,
    /// Address of the brand's own style sheet.
    pub custom_css_url: Option<String>,
    /// The brand's own script, on pages that take it.
    pub script: Option<ScriptFrame>,
    /// Whether the page is looked at beside a form: it runs no script, and its links lead nowhere.
    pub is_preview: bool,
    /// Whether the page is not to be fetched by scripts, so that it works without ours.
    pub is_never_fetched: bool,
    /// Whether pages stand in a typeface of the reader's device, so that ours is not fetched.
    pub device_font: bool,
    /// Links at the foot of each page: terms, privacy.
    pub legal_links: Vec<LinkFrame>,
    /// A line at the foot of each page.
    pub footer: Option<String>,
    /// Address of the help page.
    pub support_url: Option<String>,
    /// Address to write to for help.
    pub support_email: Option<String>,
    /// Name of the folder with the brand's own templates, where it may have one.
    #[serde(skip)]
    pub templates: Option<String>,
}

/// The brand's own script as a page loads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScriptFrame {
    /// Where it is.
    pub url: String,
    /// What its content must hash to.
    pub integrity: Option<String>,
    /// Whether another host has it.
    pub is_foreign: bool,
    /// Whether it is a module.
    pub is_module: bool,
    /// What the policy of the page knows it by.
    pub nonce: String,
}

/// A link at the foot of each page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkFrame {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// What pages show of the person who is signed in.
#[derive(Debug, Clone, Serialize)]
pub struct VisitorFrame {
    /// Whose data is shown.
    pub customer_name: String,
    /// The person.
    pub contact_name: Option<String>,
    /// The person's address.
    pub email: Option<String>,
    /// Two letters for the picture.
    pub initials: String,
    /// Whether there are more accounts to switch to.
    pub may_switch: bool,
}

impl VisitorFrame {
    /// The visitor, with initials of the person, or of the customer where no person is known.
    #[must_use]
    pub fn new(customer_name: &str, contact_name: Option<&str>, email: Option<&str>) -> Self {
        Self {
            customer_name: customer_name.to_owned(),
            contact_name: contact_name.map(str::to_owned),
            email: email.map(str::to_owned),
            initials: initials(contact_name.unwrap_or(customer_name)),
            may_switch: false,
        }
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut letters =
        name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// What each page says while one of the organisation's people looks in.
#[derive(Debug, Clone, Serialize)]
pub struct StaffFrame {
    /// Its name.
    pub name: String,
    /// When the visit ends at the latest.
    pub until: Timestamp,
    /// Whether it may act; it only looks otherwise.
    pub may_act: bool,
}

/// One entry of the navigation.
#[derive(Debug, Clone, Serialize)]
pub struct NavItem {
    /// Key of its text.
    pub key: &'static str,
    /// Where it leads.
    pub url: String,
    /// Name of its icon.
    pub icon: &'static str,
    /// Whether the page belongs to it.
    pub active: bool,
}

/// Light, dark, or as the device says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// As the device says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// What the last action has to say, shown once above the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Key of the text.
    pub key: String,
    /// Kind of the badge: `success`, `info`, `warning` or `danger`.
    pub kind: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("Ana María de la Cruz"), "AC");
        assert_eq!(initials("  acme "), "A");
        assert_eq!(initials("(Nord) Süd"), "NS");
        assert_eq!(initials("—"), "");
        assert_eq!(initials("محمد علي"), "مع");
    }
}
