//! A brand: one portal of an organisation, with its hosts, looks and switches.

mod paying;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use paying::{Paying, ReceiptMails};

use crate::section::Section;
use crate::{AssetId, BrandId, Currency, CustomerId, LanguageTag, OrganisationId};

/// One portal of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// Identifier.
    pub id: BrandId,
    /// The tenant that owns it.
    pub organisation_id: OrganisationId,
    /// Name that customers read.
    pub name: String,
    /// Host names it answers on, lower case, without port; the first one is in links.
    pub hosts: Vec<String>,
    /// Looks.
    pub theme: Theme,
    /// Language where neither session, contact nor browser says one.
    pub default_language: LanguageTag,
    /// Origins that `return_url` may have.
    pub return_origins: Vec<Origin>,
    /// Where the logo leads for those who signed in without a session link.
    pub home_url: Option<String>,
    /// Which profile fields customers may change.
    pub editable_fields: Vec<ProfileField>,
    /// Address of the help page.
    pub support_url: Option<String>,
    /// Address to write to for help.
    pub support_email: Option<String>,
    /// A line at the foot of each page.
    pub footer: Option<String>,
    /// The brand's own style sheet, script and links.
    pub custom: Custom,
    /// The version of the looks that is shown; 0 before the first one was published.
    pub looks_version: u32,
    /// Origins whose pages may show the portal in a frame.
    pub embed_origins: Vec<Origin>,
    /// How customers come to it by themselves.
    pub sign_up: SignUp,
    /// Sections that are switched off.
    pub hidden_sections: Vec<Section>,
    /// Columns of the reports.
    pub report_columns: ReportColumns,
    /// What it does around payments.
    #[serde(default)]
    pub paying: Paying,
    /// Another one with each change of the brand's own texts; 0 where it has none.
    pub texts_version: u64,
    /// When the record was made.
    pub created_at: Timestamp,
}

/// All of a brand that is drafted, published and rolled back together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Looks {
    /// Colours, shapes, pictures.
    pub theme: Theme,
    /// A line at the foot of each page.
    pub footer: Option<String>,
    /// Address of the help page.
    pub support_url: Option<String>,
    /// Address to write to for help.
    pub support_email: Option<String>,
    /// Own style sheet, script and links.
    pub custom: Custom,
}

/// What a brand adds to its pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Custom {
    /// Its own style sheet, as it was written.
    pub css: String,
    /// Its own script: code, or one `<script src="…">` reference. It runs on pages without
    /// credentials and money alone.
    pub script: String,
    /// Foreign origins that style sheet and script may load from.
    pub origins: Vec<Origin>,
    /// Links at the foot of each page: terms, privacy.
    pub legal_links: Vec<LegalLink>,
}

/// A link at the foot of each page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalLink {
    /// What it says.
    pub label: String,
    /// Where it leads: an absolute http(s) address.
    pub url: String,
}

/// How customers come to a brand by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignUp {
    /// Whether customers may sign up.
    pub customers: bool,
    /// Whether carriers may.
    pub carriers: bool,
    /// Whether the staff approves each one.
    pub needs_approval: bool,
    /// The customer whose fields and records a new one gets.
    pub template_id: Option<CustomerId>,
    /// Currencies to choose from; the organisation's where there is none.
    pub currencies: Vec<Currency>,
}

/// Columns of the reports and their order; the shipped choice where a list is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportColumns {
    /// Of the breakout report.
    pub breakout: Vec<String>,
    /// Of the call detail records.
    pub cdr: Vec<String>,
}

/// A text of the portal that a brand has in its own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandText {
    /// The language.
    pub language: LanguageTag,
    /// Which text.
    pub key: String,
    /// Its words, as a pattern of Fluent.
    pub text: String,
}

/// The looks that a brand chooses; all else follows from them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Theme {
    /// Accent colour as `#rrggbb`; corrected for contrast where it is used.
    pub accent: String,
    /// Corner radius in CSS pixels, 0 to 24.
    pub radius_px: u8,
    /// Logo for light backgrounds.
    pub logo: Option<AssetId>,
    /// Logo for dark backgrounds; the other one where it is absent.
    pub dark_logo: Option<AssetId>,
    /// Picture of the browser's tab.
    pub favicon: Option<AssetId>,
    /// Typeface of the pages.
    pub font: Font,
}

/// A typeface that is there without asking another host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Font {
    /// The shipped one.
    #[default]
    Inter,
    /// That of the reader's device.
    System,
    /// A serif of the reader's device.
    Serif,
    /// A rounded one of the reader's device.
    Rounded,
    /// A monospaced one of the reader's device.
    Mono,
}

impl Font {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 5] = [Self::Inter, Self::System, Self::Serif, Self::Rounded, Self::Mono];
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            accent: "#2f5bea".to_owned(),
            radius_px: 10,
            logo: None,
            dark_logo: None,
            favicon: None,
            font: Font::Inter,
        }
    }
}

/// A field of the profile or of the billing information that a brand may open for editing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileField {
    /// The contact's name.
    Name,
    /// The contact's e-mail address (a change is confirmed at the new address).
    Email,
    /// The contact's telephone.
    Phone,
    /// Company, registration number and billing e-mail.
    Company,
    /// Billing and shipping address.
    Address,
    /// Tax identifiers.
    TaxIds,
}

impl ProfileField {
    /// All fields, in the order of the form.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Email, Self::Phone, Self::Company, Self::Address, Self::TaxIds];

    /// Its word in data and texts: `tax_ids`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Company => "company",
            Self::Address => "address",
            Self::TaxIds => "tax_ids",
        }
    }
}

/// Why a text is not an allowed address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not an absolute http or https URL, or one with user information.
    #[error("must be an absolute http(s) URL without user name or password")]
    NotHttp,
    /// The origin is not on the brand's list.
    #[error("`{0}` is not among the allowed origins of this brand")]
    NotAllowed(String),
}

/// Scheme, host and port of a web address (RFC 6454).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// The origin of a parsed http or https URL without user information.
    ///
    /// # Errors
    /// `NotHttp`.
    pub fn of(url: &url::Url) -> Result<Self, OriginError> {
        let plain = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            // No `*`, which would be a pattern where an origin is put into a policy.
            && url.host_str().is_some_and(|text| host(text).is_some());
        plain.then(|| Self(url.origin().ascii_serialization())).ok_or(OriginError::NotHttp)
    }

    /// The serialised origin: `https://example.com`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        url::Url::parse(&text).map_err(|_| OriginError::NotHttp).and_then(|url| Self::of(&url))
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// An absolute http(s) address as it may stand in a link or a redirect.
///
/// # Errors
/// `NotHttp`.
pub fn http_url(text: &str) -> Result<url::Url, OriginError> {
    let odd = text.len() > 2_000 || text.contains(|c: char| c.is_control() || c == '\\');
    let url = url::Url::parse(text).ok().filter(|_| !odd).ok_or(OriginError::NotHttp)?;
    Origin::of(&url).map(|_| url)
}

/// An address at one of these origins, in its parsed and serialised form, which is the only one
/// that may be stored.
///
/// # Errors
/// `NotHttp`, `NotAllowed`.
pub fn url_at(text: &str, origins: &[Origin]) -> Result<url::Url, OriginError> {
    let url = http_url(text)?;
    let origin = Origin::of(&url)?;
    if origins.contains(&origin) {
        return Ok(url);
    }
    Err(OriginError::NotAllowed(origin.0))
}

/// A host as a brand is found by it: a name in lower case (internationalised ones in the form that
/// browsers send) or an address, without scheme and port. `None` for what is none.
#[must_use]
pub fn host(text: &str) -> Option<String> {
    let host = url::Host::parse(text).ok()?;
    if let url::Host::Domain(name) = &host {
        let fits = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if name.len() > 253 || !name.split('.').all(fits) {
            return None;
        }
    }
    Some(host.to_string())
}

impl Brand {
    /// What is drafted, published and rolled back together.
    #[must_use]
    pub fn looks(&self) -> Looks {
        Looks {
            theme: self.theme.clone(),
            footer: self.footer.clone(),
            support_url: self.support_url.clone(),
            support_email: self.support_email.clone(),
            custom: self.custom.clone(),
        }
    }

    /// The brand as it would be with other looks.
    #[must_use]
    pub fn with_looks(self, looks: Looks) -> Self {
        let Looks { theme, footer, support_url, support_email, custom } = looks;
        Self { theme, footer, support_url, support_email, custom, ..self }
    }

    /// Checks an address to return to; see [`url_at`].
    ///
    /// # Errors
    /// `NotHttp`, `NotAllowed`.
    pub fn check_return_url(&self, text: &str) -> Result<url::Url, OriginError> {
        url_at(text, &self.return_origins)
    }

    /// Whether customers may change `field`.
    #[must_use]
    pub fn allows(&self, field: ProfileField) -> bool {
        self.editable_fields.contains(&field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::uuid_v7;

    fn brand() -> Brand {
        let uuid = uuid_v7(Timestamp::UNIX_EPOCH, [0; 10]);
        Brand {
            id: uuid.into(),
            organisation_id: uuid.into(),
            name: "Acme".into(),
            hosts: vec!["localhost".into()],
            theme: Theme::default(),
            default_language: "en".parse().expect("a tag"),
            return_origins: vec!["https://acme.example".to_owned().try_into().expect("an origin")],
            home_url: None,
            editable_fields: vec![ProfileField::Name],
            support_url: None,
            support_email: None,
            footer: None,
            custom: Custom::default(),
            looks_version: 0,
            embed_origins: Vec::new(),
            sign_up: SignUp::default(),
            hidden_sections: Vec::new(),
            report_columns: ReportColumns::default(),
            paying: Paying::default(),
            texts_version: 0,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn ten_01_hosts_are_names_or_addresses_and_nothing_else() {
        for (typed, kept) in [
            ("Billing.Acme.example", "billing.acme.example"),
            ("localhost", "localhost"),
            ("192.0.2.1", "192.0.2.1"),
            ("[2001:DB8::1]", "[2001:db8::1]"),
            ("bücher.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(host(typed).as_deref(), Some(kept), "{typed}");
        }
        let long = format!("{}.example", "a".repeat(64));
        for bad in [
            "",
            ".",
            "a..b",
            "acme.example.",
            "-acme.example",
            "acme.example:9080",
            "https://acme.example",
            "acme.example/path",
            "user@acme.example",
            "acme example",
            "acme.example\r\nx: y",
            "*.acme.example",
            "2001:db8::1",
            &long,
        ] {
            assert_eq!(host(bad), None, "{bad:?} was accepted");
        }
    }

    #[test]
    fn inj_09_only_listed_origins_are_returned_to() {
        let brand = brand();
        for good in
            ["https://acme.example", "https://acme.example:443/a?b#c", "HTTPS://ACME.example/"]
        {
            assert!(brand.check_return_url(good).is_ok(), "{good} was refused");
        }
        let bad = [
            "//acme.example",
            "https:acme.example@evil.test",
            "https://acme.example@evil.test",
            "https://acme.example.evil.test",
            "http://acme.example",
            "https://acme.example:8443",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://evil.test\\@acme.example",
            "https://user@acme.example",
            "https://acme。example.evil.test",
            "",
            "/",
            "acme.example",
            "https://acme.example\r\nSet-Cookie: a=b",
            "file:///etc/passwd",
            "https://",
        ];
        for text in bad {
            assert!(brand.check_return_url(text).is_err(), "{text:?} was accepted");
        }
    }
}
