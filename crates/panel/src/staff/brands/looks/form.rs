//! The form of looks: from fields to what the core takes, and back.

use portico_billing::brand::{Font, Origin};
use portico_core::looks::{
    LEGAL_LINKS_MAX, LegalLinkInput, LooksBase, LooksFault, LooksInput, LooksState,
};
use portico_ui::brand_css::{self, CssFault};
use portico_ui::{FormState, TextArgs};

use super::super::Fields;

/// The form with the draft, or with what is published.
pub fn of_state(state: &LooksState) -> FormState {
    let input = LooksInput::of(&state.looks);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut form = FormState::new()
        .with_value("accent", &input.accent)
        .with_value("radius_px", input.radius_px.to_string())
        .with_value("font", word(input.font))
        .with_value("logo", text(&input.logo))
        .with_value("dark_logo", text(&input.dark_logo))
        .with_value("favicon", text(&input.favicon))
        .with_value("footer", text(&input.footer))
        .with_value("support_url", text(&input.support_url))
        .with_value("support_email", text(&input.support_email))
        .with_value("css", &input.css)
        .with_value("script", &input.script)
        .with_value("origins", input.origins.join("\n"));
    for (index, link) in input.legal_links.iter().enumerate() {
        form = form
            .with_value(&format!("link_label_{index}"), &link.label)
            .with_value(&format!("link_url_{index}"), &link.url);
    }
    with_base(form, state.base)
}

/// The form with what its editor began with.
pub fn with_base(form: FormState, base: LooksBase) -> FormState {
    form.with_value("base_version", base.version.to_string())
        .with_value("base_revision", base.revision.to_string())
}

/// What the editor began with.
pub fn base(fields: &Fields) -> LooksBase {
    let number = |name: &str| fields.get(name).and_then(|text| text.parse().ok()).unwrap_or(0);
    LooksBase { version: number("base_version"), revision: number("base_revision") }
}

/// What was typed.
pub fn read(fields: &Fields) -> LooksInput {
    let text = |name: &str| fields.get(name).map(|text| text.trim()).unwrap_or_default();
    let filled = |name: &str| Some(text(name).to_owned()).filter(|text| !text.is_empty());
    let link = |index: usize| LegalLinkInput {
        label: text(&format!("link_label_{index}")).to_owned(),
        url: text(&format!("link_url_{index}")).to_owned(),
    };
    let font = Font::ALL.into_iter().find(|font| word(*font) == text("font"));
    LooksInput {
        accent: text("accent").to_owned(),
        // What is no number is told as one that does not fit.
        radius_px: text("radius_px").parse().unwrap_or(u8::MAX),
        font: font.unwrap_or_default(),
        logo: filled("logo"),
        dark_logo: filled("dark_logo"),
        favicon: filled("favicon"),
        footer: filled("footer"),
        support_url: filled("support_url"),
        support_email: filled("support_email"),
        legal_links: (0..LEGAL_LINKS_MAX).map(link).collect(),
        css: text("css").to_owned(),
        script: text("script").to_owned(),
        origins: text("origins").split_whitespace().map(str::to_owned).collect(),
    }
}

/// What is wrong with the style sheet.
pub fn css_faults(input: &LooksInput) -> Vec<CssFault> {
    let origins: Vec<Origin> = input.read().0.custom.origins;
    brand_css::cage(&input.css, &origins).err().unwrap_or_default()
}

/// The form with what the core says is wrong with it.
pub fn with_faults(form: FormState, faults: &[LooksFault]) -> FormState {
    faults.iter().fold(form, |form, fault| {
        let mut args = TextArgs::new();
        if let Some(max) = fault.kind.max() {
            args = args.number("max", i64::try_from(max).unwrap_or(i64::MAX));
        }
        if let Some(value) = fault.kind.value() {
            args = args.text("value", value);
        }
        form.with_fault(&field(&fault.field), fault.kind.message_key(), args)
    })
}

/// The field of the form: `legal_links[2].url` is `link_url_2`.
fn field(name: &str) -> String {
    let Some(rest) = name.strip_prefix("legal_links") else { return name.to_owned() };
    let parts = rest.strip_prefix('[').and_then(|rest| rest.split_once("]."));
    let (index, part) = parts.unwrap_or(("0", "label"));
    format!("link_{part}_{index}")
}

/// The word of a typeface, as templates have it.
const fn word(font: Font) -> &'static str {
    match font {
        Font::Inter => "inter",
        Font::System => "system",
        Font::Serif => "serif",
        Font::Rounded => "rounded",
        Font::Mono => "mono",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_stand_at_the_fields_of_the_form() {
        assert_eq!(field("accent"), "accent");
        assert_eq!(field("legal_links[2].url"), "link_url_2");
        assert_eq!(field("legal_links"), "link_label_0");
    }

    #[test]
    fn what_is_no_number_is_no_radius() {
        let fields = Fields::from([("radius_px".to_owned(), "round".to_owned())]);
        let (_, faults) = read(&fields).read();
        assert!(faults.iter().any(|fault| fault.field == "radius_px"), "{faults:?}");
    }

    #[test]
    fn inj_05_a_style_sheet_is_checked_with_the_origins_beside_it() {
        let fields = |origins: &str| {
            let css = "a { background: url(https://cdn.example/a.png) }";
            Fields::from([
                ("css".to_owned(), css.to_owned()),
                ("origins".to_owned(), origins.to_owned()),
            ])
        };
        assert_eq!(css_faults(&read(&fields(""))).len(), 1);
        assert_eq!(css_faults(&read(&fields("https://cdn.example"))), []);
    }
}
