//! Data for the samples of the tab.

use jiff::Timestamp;
use portico_billing::brand::Theme;
use portico_core::looks::LooksBase;
use portico_ui::theme::ThemeTokens;
use portico_ui::{FormState, TextArgs};

use super::{BrandHead, Choices, CssLine, FileChoice, LooksPage, VersionItem, form};

const LOGO: &str = "ast_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b";

/// Nothing was published yet.
pub fn new() -> LooksPage {
    let form = FormState::new()
        .with_value("accent", Theme::default().accent)
        .with_value("radius_px", "10")
        .with_value("font", "inter");
    LooksPage {
        brand: BrandHead::new_sample(),
        form: form::with_base(form, LooksBase { version: 0, revision: 0 }),
        choices: Choices::new(Vec::new()),
        corrections: Vec::new(),
        css_faults: Vec::new(),
        sets_colours: false,
        is_stale: false,
        published: 0,
        draft: None,
        versions: Vec::new(),
    }
}

/// A draft over several versions.
pub fn typical() -> LooksPage {
    let version = |version, by: Option<&str>, actor_kind: &str| VersionItem {
        version,
        at: Timestamp::UNIX_EPOCH,
        by: by.map(str::to_owned),
        actor_kind: actor_kind.to_owned(),
    };
    let base = new();
    let file = |id: &str, name: &str| FileChoice { id: id.to_owned(), name: name.to_owned() };
    let files = vec![file(LOGO, "Logo <light>.png"), file("ast_1", "شعار داكن.svg")];
    let accent = "#ffee00";
    let theme = Theme { accent: accent.to_owned(), ..Theme::default() };
    LooksPage {
        brand: BrandHead::sample(),
        form: base
            .form
            .with_value("accent", accent)
            .with_value("logo", LOGO)
            .with_value("footer", "Voxtel S.L. · Málaga")
            .with_value("link_label_0", "Privacy <policy>")
            .with_value("link_url_0", "https://voxtel.example/privacy")
            .with_value("css", ".card { background: #eee }")
            .with_value("script", "console.log('</script>')")
            .with_value("origins", "https://cdn.voxtel.example"),
        choices: Choices { files, ..base.choices },
        corrections: ThemeTokens::of(&theme).corrections(),
        sets_colours: true,
        published: 3,
        draft: Some(version(4, Some("Ana Martín"), "operator")),
        versions: vec![
            version(3, Some("نور الدين"), "operator"),
            version(2, None, "api_key"),
            version(1, None, "operator"),
            version(0, None, "system"),
        ],
        ..base
    }
}

/// What cannot be saved.
pub fn faulty() -> LooksPage {
    let base = typical();
    let line = |line, key, name: &str| CssLine { line, column: 3, key, name: name.to_owned() };
    LooksPage {
        form: base
            .form
            .with_fault("radius_px", "looks-fault-radius", TextArgs::new())
            .with_fault("link_url_0", "looks-fault-link", TextArgs::new())
            .with_fault(
                "origins",
                "looks-fault-origin",
                TextArgs::new().text("value", "ftp://<cdn>"),
            )
            .with_fault("script", "looks-fault-script-markup", TextArgs::new())
            .with_fault("css", "looks-fault-css", TextArgs::new().number("count", 2)),
        css_faults: vec![
            line(1, "css-fault-import", ""),
            line(12, "css-fault-function", "image-set"),
        ],
        is_stale: true,
        ..base
    }
}
