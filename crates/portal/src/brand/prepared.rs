//! A brand with all that its pages need of it, made once for as long as the brand stays as it is:
//! no page pays for a style sheet, a hash or an address.

use std::sync::Arc;

use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use portico_billing::AssetId;
use portico_billing::brand::{Brand, Font};
use portico_billing::script::Script;
use portico_ui::headers::BrandPolicy;
use portico_ui::texts::OwnTexts;
use portico_ui::theme::ThemeTokens;
use portico_ui::{BrandFrame, LinkFrame, ScriptFrame, brand_css};
use sha2::{Digest, Sha256};

use crate::paths;

/// A brand, ready to be shown.
pub(crate) struct Prepared {
    /// The brand.
    pub brand: Arc<Brand>,
    /// What pages show of it; no page runs its script unless it asks for it.
    pub frame: BrandFrame,
    /// What it adds to the policy of its pages.
    pub policy: Arc<BrandPolicy>,
    /// Its texts in its own words.
    pub own_texts: Option<Arc<OwnTexts>>,
    /// The generated style sheet.
    pub theme_css: Bytes,
    /// Its own style sheet: what came out of the cage; empty where nothing did.
    pub custom_css: Bytes,
    /// Its own script as pages load it, but for the nonce.
    pub script: Option<ScriptFrame>,
    /// The code of its script; empty where another host has it.
    pub code: Bytes,
}

impl Prepared {
    /// Makes a brand ready.
    pub fn new(brand: Arc<Brand>, own_texts: Option<Arc<OwnTexts>>) -> Self {
        let theme_css = ThemeTokens::of(&brand.theme).css();
        let custom_css = caged(&brand);
        let (script, code) = script(&brand);
        let frame = BrandFrame {
            theme_css_url: versioned(paths::BRAND_THEME, &theme_css),
            custom_css_url: (!custom_css.is_empty())
                .then(|| versioned(paths::BRAND_CSS, &custom_css)),
            ..frame(&brand)
        };
        let policy = Arc::new(BrandPolicy::new(&brand.embed_origins, &brand.custom.origins));
        Self {
            brand,
            frame,
            policy,
            own_texts,
            theme_css: theme_css.into(),
            custom_css: custom_css.into(),
            script,
            code: code.into(),
        }
    }
}

/// What pages show of a brand, but its style sheets.
fn frame(brand: &Brand) -> BrandFrame {
    let file =
        |id: Option<AssetId>| id.map(|id| paths::BRAND_FILE.replace("{id}", &id.to_string()));
    let link = |it: &portico_billing::brand::LegalLink| LinkFrame {
        label: it.label.clone(),
        url: it.url.clone(),
    };
    let theme = &brand.theme;
    BrandFrame {
        name: brand.name.clone(),
        home_url: brand.home_url.as_deref().unwrap_or(paths::OVERVIEW).to_owned(),
        logo_url: file(theme.logo),
        dark_logo_url: file(theme.dark_logo),
        favicon_url: file(theme.favicon),
        device_font: theme.font != Font::Inter,
        legal_links: brand.custom.legal_links.iter().map(link).collect(),
        footer: brand.footer.clone(),
        support_url: brand.support_url.clone(),
        support_email: brand.support_email.clone(),
        templates: Some(brand.id.to_string()),
        ..BrandFrame::default()
    }
}

/// The brand's own style sheet. The panel refuses one with faults; whatever is stored all the
/// same, nothing of it is served that the cage did not let out.
fn caged(brand: &Brand) -> String {
    brand_css::cage(&brand.custom.css, &brand.custom.origins).unwrap_or_else(|faults| {
        let (brand, faults) = (brand.id, faults.len());
        tracing::warn!(%brand, faults, "the brand's own style sheet has faults and is not served");
        String::new()
    })
}

/// The brand's own script, and its code where it is ours to serve. What cannot be read does not
/// run.
fn script(brand: &Brand) -> (Option<ScriptFrame>, String) {
    let parsed = Script::parse(&brand.custom.script, &brand.custom.origins);
    let parsed = parsed.unwrap_or_else(|fault| {
        tracing::warn!(brand = %brand.id, %fault, "the brand's own script is not run");
        None
    });
    match parsed {
        None => (None, String::new()),
        Some(Script::Code(code)) => {
            let frame = ScriptFrame {
                url: versioned(paths::BRAND_SCRIPT, &code),
                integrity: Some(format!("sha256-{}", STANDARD.encode(Sha256::digest(&code)))),
                is_foreign: false,
                is_module: false,
                nonce: String::new(),
            };
            (Some(frame), code)
        }
        Some(Script::File { url, integrity, is_module }) => {
            let nonce = String::new();
            let frame = ScriptFrame { url, integrity, is_foreign: true, is_module, nonce };
            (Some(frame), String::new())
        }
    }
}

/// An address that changes with what is there, so that it may be kept.
fn versioned(path: &str, content: &str) -> String {
    format!("{path}?v={}", URL_SAFE_NO_PAD.encode(&Sha256::digest(content)[..9]))
}
