//! Looks as they are written, and the rules of them.

use portico_billing::brand::{Custom, Font, LegalLink, Looks, Origin, Theme, http_url};
use portico_billing::script::Script;
use portico_billing::text::check_line;
use portico_billing::{AssetId, EmailAddress};
use portico_store::{Read, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LooksError, LooksFault, LooksFaultKind};

/// Most links at the foot of a page.
pub const LEGAL_LINKS_MAX: usize = 10;
/// Most foreign origins.
const ORIGINS_MAX: usize = 20;
const RADIUS_MAX: u8 = 24;
const FOOTER_MAX: usize = 300;
const LABEL_MAX: usize = 60;

/// The looks of a brand as a form or the organisation's software gives them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LooksInput {
    /// Accent colour `#rrggbb`. Where it is used it is moved to the nearest shade that is legible.
    #[schema(example = "#2f5bea")]
    pub accent: String,
    /// Corner radius in CSS pixels, 0 to 24.
    pub radius_px: u8,
    /// Typeface: `inter`, `system`, `serif`, `rounded`, `mono`.
    #[schema(value_type = String, example = "inter")]
    pub font: Font,
    /// The `id` of the file that is the logo on light backgrounds.
    pub logo: Option<String>,
    /// The same on dark ones; `logo` where it is absent.
    pub dark_logo: Option<String>,
    /// The `id` of the file that is the picture of the browser's tab.
    pub favicon: Option<String>,
    /// A line at the foot of each page.
    pub footer: Option<String>,
    /// Address of the help page.
    #[schema(example = "https://acme.example/help")]
    pub support_url: Option<String>,
    /// Address to write to for help.
    #[schema(example = "help@acme.example")]
    pub support_email: Option<String>,
    /// Links at the foot of each page, at most ten.
    pub legal_links: Vec<LegalLinkInput>,
    /// Own style sheet. It may load files of the brand (`/brand/files/<id>`) and of `origins`.
    #[schema(example = ".shell { --radius: 2px }")]
    pub css: String,
    /// Own script: code, or one `<script src="https://…"></script>`. It runs on pages without
    /// credentials and money alone.
    pub script: String,
    /// Foreign https origins that style sheet and script may load from.
    #[schema(example = json!(["https://cdn.acme.example"]))]
    pub origins: Vec<String>,
}

/// A link at the foot of each page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegalLinkInput {
    /// What it says.
    #[schema(example = "Privacy")]
    pub label: String,
    /// Where it leads.
    #[schema(example = "https://acme.example/privacy")]
    pub url: String,
}

impl Default for LooksInput {
    fn default() -> Self {
        Self::of(&Looks::default())
    }
}

impl LooksInput {
    /// What makes the looks as they are.
    #[must_use]
    pub fn of(looks: &Looks) -> Self {
        let Looks { theme, footer, support_url, support_email, custom } = looks;
        let id = |asset: Option<AssetId>| asset.map(|id| id.to_string());
        let link = |it: &LegalLink| LegalLinkInput { label: it.label.clone(), url: it.url.clone() };
        Self {
            accent: theme.accent.clone(),
            radius_px: theme.radius_px,
            font: theme.font,
            logo: id(theme.logo),
            dark_logo: id(theme.dark_logo),
            favicon: id(theme.favicon),
            footer: footer.clone(),
            support_url: support_url.clone(),
            support_email: support_email.clone(),
            legal_links: custom.legal_links.iter().map(link).collect(),
            css: custom.css.clone(),
            script: custom.script.clone(),
            origins: custom.origins.iter().map(|it| it.as_str().to_owned()).collect(),
        }
    }

    /// The looks, as far as they are sound, with all that is wrong. Whether files exist is not
    /// asked: this is what a preview shows while somebody types.
    #[must_use]
    pub fn read(&self) -> (Looks, Vec<LooksFault>) {
        let mut faults = Faults::default();
        let origins = faults.origins(&self.origins);
        let fallback = Theme::default();
        let script = self.script.trim();
        let checked = Script::parse(script, &origins);
        let looks = Looks {
            theme: Theme {
                accent: faults.colour(&self.accent).unwrap_or(fallback.accent),
                radius_px: faults.radius(self.radius_px),
                logo: faults.file("logo", self.logo.as_deref()),
                dark_logo: faults.file("dark_logo", self.dark_logo.as_deref()),
                favicon: faults.file("favicon", self.favicon.as_deref()),
                font: self.font,
            },
            footer: faults.line("footer", self.footer.as_deref(), FOOTER_MAX),
            support_url: faults.link("support_url", self.support_url.as_deref()),
            support_email: faults.email("support_email", self.support_email.as_deref()),
            custom: Custom {
                css: self.css.trim().replace("\r\n", "\n"),
                script: faults
                    .take("script", checked.map(|_| script.replace("\r\n", "\n")))
                    .unwrap_or_default(),
                legal_links: faults.legal_links(&self.legal_links),
                origins,
            },
        };
        (looks, faults.0)
    }

    /// The looks; all that is wrong with them is said at once.
    pub(super) async fn check(&self, read: &mut Read) -> Result<Looks, LooksError> {
        let (looks, mut faults) = self.read();
        faults.extend(absent_files(&looks, read).await?);
        if faults.is_empty() { Ok(looks) } else { Err(LooksError::Invalid(faults)) }
    }
}

/// A fault for each picture that the organisation does not have.
pub(super) async fn absent_files(
    looks: &Looks,
    read: &mut Read,
) -> Result<Vec<LooksFault>, StoreError> {
    let theme = &looks.theme;
    let named = [("logo", theme.logo), ("dark_logo", theme.dark_logo), ("favicon", theme.favicon)];
    let mut faults = Faults::default();
    for (field, id) in named {
        if let Some(id) = id
            && read.asset_entry(id).await?.is_none()
        {
            faults.add(field, LooksFaultKind::NoFile);
        }
    }
    Ok(faults.0)
}

/// What is wrong so far.
#[derive(Default)]
struct Faults(Vec<LooksFault>);

impl Faults {
    fn add(&mut self, field: impl Into<String>, kind: LooksFaultKind) {
        self.0.push(LooksFault { field: field.into(), kind });
    }

    fn take<T>(
        &mut self,
        field: impl Into<String>,
        value: Result<T, impl Into<LooksFaultKind>>,
    ) -> Option<T> {
        value.map_err(|kind| self.add(field, kind.into())).ok()
    }

    fn colour(&mut self, text: &str) -> Option<String> {
        let text = text.trim().to_ascii_lowercase();
        let digits = text.strip_prefix('#').unwrap_or_default();
        let fits = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.take("accent", if fits { Ok(text) } else { Err(LooksFaultKind::Colour) })
    }

    fn radius(&mut self, px: u8) -> u8 {
        if px > RADIUS_MAX {
            self.add("radius_px", LooksFaultKind::Radius);
        }
        px.min(RADIUS_MAX)
    }

    fn file(&mut self, field: &str, text: Option<&str>) -> Option<AssetId> {
        let text = given(text)?;
        self.take(field, text.parse().map_err(|_| LooksFaultKind::NoFile))
    }

    fn line(&mut self, field: &str, text: Option<&str>, max: usize) -> Option<String> {
        let text = given(text)?;
        if text.chars().count() > max {
            self.add(field, LooksFaultKind::TooLong { max });
            return None;
        }
        let checked = check_line(text).map_err(|_| LooksFaultKind::Line);
        self.take(field, checked.map(|()| text.to_owned()))
    }

    fn link(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        let text = given(text)?;
        self.take(field, http_url(text).map(String::from).map_err(|_| LooksFaultKind::Link))
    }

    fn email(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        let parsed = given(text)?.parse::<EmailAddress>().map_err(|_| LooksFaultKind::Email);
        self.take(field, parsed.map(|email| email.to_string()))
    }

    fn origins(&mut self, texts: &[String]) -> Vec<Origin> {
        let mut kept = Vec::new();
        for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            let origin = http_url(text).and_then(|url| Origin::of(&url)).ok();
            match origin.filter(|origin| origin.as_str().starts_with("https://")) {
                Some(origin) if !kept.contains(&origin) => kept.push(origin),
                Some(_) => {}
                None => {
                    let shown = text.chars().take(100).collect();
                    self.add("origins", LooksFaultKind::Origin(shown));
                }
            }
        }
        if kept.len() > ORIGINS_MAX {
            self.add("origins", LooksFaultKind::TooMany { max: ORIGINS_MAX });
        }
        kept
    }

    fn legal_links(&mut self, links: &[LegalLinkInput]) -> Vec<LegalLink> {
        let mut kept = Vec::new();
        for (index, link) in links.iter().enumerate() {
            let (label, url) = (link.label.trim(), link.url.trim());
            if label.is_empty() && url.is_empty() {
                continue;
            }
            if label.is_empty() || url.is_empty() {
                let missing = if label.is_empty() { "label" } else { "url" };
                self.add(format!("legal_links[{index}].{missing}"), LooksFaultKind::HalfLink);
                continue;
            }
            let label = self.line(&format!("legal_links[{index}].label"), Some(label), LABEL_MAX);
            let url = self.link(&format!("legal_links[{index}].url"), Some(url));
            kept.extend(label.zip(url).map(|(label, url)| LegalLink { label, url }));
        }
        if kept.len() > LEGAL_LINKS_MAX {
            self.add("legal_links", LooksFaultKind::TooMany { max: LEGAL_LINKS_MAX });
        }
        kept
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(input: &LooksInput) -> Vec<(String, &'static str)> {
        let (_, faults) = input.read();
        faults.into_iter().map(|it| (it.field, it.kind.message_key())).collect()
    }

    #[test]
    fn what_was_read_reads_the_same_again() {
        let input = LooksInput {
            accent: " #FF8800 ".to_owned(),
            footer: Some(" Acme GmbH ".to_owned()),
            support_url: Some("https://acme.example/help".to_owned()),
            legal_links: vec![
                LegalLinkInput::default(),
                LegalLinkInput {
                    label: "Privacy".to_owned(),
                    url: "https://acme.example/p".to_owned(),
                },
            ],
            css: "a{}\r\nb{}".to_owned(),
            origins: vec!["https://cdn.example/x".to_owned(), "https://cdn.example".to_owned()],
            script: "<script src='https://cdn.example/a.js'></script>".to_owned(),
            ..LooksInput::default()
        };
        let (looks, none) = input.read();
        assert_eq!(none, []);
        assert_eq!(looks.theme.accent, "#ff8800");
        assert_eq!(looks.footer.as_deref(), Some("Acme GmbH"));
        assert_eq!(looks.custom.css, "a{}\nb{}");
        assert_eq!(looks.custom.legal_links.len(), 1);
        assert_eq!(LooksInput::of(&looks).read(), (looks, Vec::new()));
    }

    #[test]
    fn inj_05_nothing_foreign_is_taken() {
        let base = LooksInput::default;
        let link = |label: &str, url: &str| {
            vec![LegalLinkInput { label: label.to_owned(), url: url.to_owned() }]
        };
        let some = |text: &str| Some(text.to_owned());
        for (input, field, key) in [
            (LooksInput { accent: "red".into(), ..base() }, "accent", "looks-fault-colour"),
            (LooksInput { accent: "#12345é".into(), ..base() }, "accent", "looks-fault-colour"),
            (LooksInput { radius_px: 25, ..base() }, "radius_px", "looks-fault-radius"),
            (LooksInput { logo: some("x"), ..base() }, "logo", "looks-fault-no-file"),
            (
                LooksInput { support_url: some("javascript:alert(1)"), ..base() },
                "support_url",
                "looks-fault-link",
            ),
            (
                LooksInput { support_email: some("a@b\r\nBcc: c@d"), ..base() },
                "support_email",
                "fault-not-an-email",
            ),
            (LooksInput { footer: some("a\nb"), ..base() }, "footer", "fault-bad-characters"),
            (
                LooksInput { legal_links: link("Terms", "data:text/html,x"), ..base() },
                "legal_links[0].url",
                "looks-fault-link",
            ),
            (
                LooksInput { legal_links: link("", "https://a.example"), ..base() },
                "legal_links[0].label",
                "looks-fault-half-link",
            ),
            (
                LooksInput { origins: vec!["http://a.example".into()], ..base() },
                "origins",
                "looks-fault-origin",
            ),
            (
                LooksInput { origins: vec!["https://*".into()], ..base() },
                "origins",
                "looks-fault-origin",
            ),
            (
                LooksInput { script: "<script>x</script>".into(), ..base() },
                "script",
                "looks-fault-script-markup",
            ),
        ] {
            assert_eq!(faults(&input), [(field.to_owned(), key)]);
        }
    }
}
