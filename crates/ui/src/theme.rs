//! The style sheet of a brand: its accent, corrected for contrast, and its radius.
//!
//! Brands choose any colour. Where it is used it is moved, at the same hue, to the nearest
//! lightness at which text meets WCAG 2.2 AA (4.5:1) and shapes can be told apart (3:1).

use palette::color_difference::Wcag21RelativeContrast;
use palette::{IntoColor, Mix, Oklab, Oklch, Srgb};
use portico_billing::brand::{Font, Theme};
use serde::{Serialize, Serializer};

/// Least contrast of text (WCAG 2.2, 1.4.3).
const TEXT_CONTRAST: f32 = 4.5;
/// Least contrast of shapes and marks (WCAG 2.2, 1.4.11).
const SHAPE_CONTRAST: f32 = 3.0;
/// Part of the accent in a soft background, as `--accent-soft` of the style sheet.
const SOFT: f32 = 0.1;
/// Shades that are tried on the way to one that is legible.
const STEPS: u8 = 200;
/// How far a button changes under the pointer.
const HOVER: f32 = 0.12;

const WHITE: Colour = Colour(Srgb::new(255, 255, 255));
const BLACK: Colour = Colour(Srgb::new(0, 0, 0));

/// Lightness of the backgrounds in `tokens.css` that text in the accent colour stands on, sheet
/// first: cards, the page, sunken areas, rows under the pointer. Their tint is too weak to count.
const LIGHT_GROUNDS: [f32; 4] = [1.0, 0.986, 0.972, 0.952];
const DARK_GROUNDS: [f32; 4] = [0.196, 0.166, 0.223, 0.255];

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour(Srgb<u8>);

impl Colour {
    /// Reads `#rrggbb`.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        digits.parse().ok().map(Self)
    }

    fn grey(lightness: f32) -> Self {
        Self::of(Oklab::new(lightness, 0.0, 0.0))
    }

    fn of(colour: impl IntoColor<Srgb<f32>>) -> Self {
        Self(colour.into_color().into_format())
    }

    fn linear(self) -> Srgb<f32> {
        self.0.into_format()
    }

    fn contrast(self, other: Self) -> f32 {
        self.linear().relative_contrast(other.linear())
    }

    /// This colour with `part` of another, mixed as the style sheet does.
    fn mixed(self, other: Self, part: f32) -> Self {
        let (own, other): (Oklab, Oklab) =
            (self.linear().into_color(), other.linear().into_color());
        Self::of(own.mix(other, part))
    }

    /// The nearest lightness, on the way to `goal`, at which `is_fine`; else the goal itself.
    fn moved(self, goal: Self, is_fine: impl Fn(Self) -> bool) -> Self {
        if is_fine(self) {
            return self;
        }
        let colour: Oklch = self.linear().into_color();
        let end: Oklch = goal.linear().into_color();
        let shade = |step| Self::of(Oklch { l: between(colour.l, end.l, step), ..colour });
        (0..=STEPS).map(shade).find(|shade| is_fine(*shade)).unwrap_or(goal)
    }
}

/// `step` of [`STEPS`] on the way.
#[expect(clippy::float_arithmetic, reason = "a shade between two shades, not an amount")]
fn between(from: f32, to: f32, step: u8) -> f32 {
    from + (to - from) * f32::from(step) / f32::from(STEPS)
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0.red, self.0.green, self.0.blue)
    }
}

/// The accent as one theme uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Accent {
    /// Background of buttons, bars, marks.
    fill: Colour,
    /// The same under the pointer.
    hover: Colour,
    /// Text on either.
    ink: Colour,
    /// Text in the accent colour on the page.
    text: Colour,
}

impl Accent {
    fn new(accent: Colour, grounds: [f32; 4], far: Colour) -> Self {
        let grounds = grounds.map(Colour::grey);
        let stands_out =
            |shade: Colour| grounds.iter().all(|ground| shade.contrast(*ground) >= SHAPE_CONTRAST);
        let fill = accent.moved(far, stands_out);
        let ink = if fill.contrast(WHITE) >= TEXT_CONTRAST { WHITE } else { BLACK };
        let away = if ink == WHITE { BLACK } else { WHITE };
        let soft = grounds[0].mixed(fill, SOFT);
        let is_legible = |shade: Colour| {
            grounds.iter().chain([&soft]).all(|ground| shade.contrast(*ground) >= TEXT_CONTRAST)
        };
        Self { fill, hover: fill.mixed(away, HOVER), ink, text: accent.moved(far, is_legible) }
    }
}

/// The looks of a brand, ready for use. Serialised, it gives mails their colours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThemeTokens {
    light: Accent,
    dark: Accent,
    radius_px: u8,
    #[serde(skip)]
    chosen: Colour,
    #[serde(skip)]
    font: Font,
}

/// Where an accent had to be moved to be legible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// On which backgrounds: `light` or `dark`.
    pub theme: &'static str,
    /// Of what: `text`, or `fill` for buttons, bars and marks.
    pub part: &'static str,
    /// The colour that was chosen.
    pub chosen: String,
    /// Its contrast to the background that it shows least on: `1.4`.
    pub contrast: String,
    /// The contrast that is asked for.
    pub needed: String,
    /// The colour that is used instead.
    pub used: String,
}

impl ThemeTokens {
    /// The looks that follow from a brand's settings. An accent that is no colour is replaced by
    /// the default one.
    #[must_use]
    pub fn of(theme: &Theme) -> Self {
        let accent = Colour::parse(&theme.accent)
            .or_else(|| Colour::parse(&Theme::default().accent))
            .unwrap_or(BLACK);
        Self {
            light: Accent::new(accent, LIGHT_GROUNDS, BLACK),
            dark: Accent::new(accent, DARK_GROUNDS, WHITE),
            radius_px: theme.radius_px.min(24),
            chosen: accent,
            font: theme.font,
        }
    }

    /// What became of the accent, where it could not be used as it was chosen.
    #[must_use]
    pub fn corrections(&self) -> Vec<Correction> {
        let (light, dark) = (("light", LIGHT_GROUNDS), ("dark", DARK_GROUNDS));
        let uses = [
            (light, "text", self.light.text, TEXT_CONTRAST),
            (light, "fill", self.light.fill, SHAPE_CONTRAST),
            (dark, "text", self.dark.text, TEXT_CONTRAST),
            (dark, "fill", self.dark.fill, SHAPE_CONTRAST),
        ];
        let moved = uses.into_iter().filter(|(.., used, _)| *used != self.chosen);
        moved
            .map(|((theme, grounds), part, used, needed)| {
                let contrasts = grounds.map(|ground| self.chosen.contrast(Colour::grey(ground)));
                let least = contrasts.into_iter().fold(f32::INFINITY, f32::min);
                Correction {
                    theme,
                    part,
                    chosen: self.chosen.to_string(),
                    contrast: format!("{least:.1}"),
                    needed: format!("{needed:.1}"),
                    used: used.to_string(),
                }
            })
            .collect()
    }

    /// The brand's style sheet, to be loaded after the one of the site. It stands in the site's own
    /// layer of tokens, and names the notices as that does: what a brand's own sheet sets does not
    /// reach into them, its accent does.
    #[must_use]
    pub fn css(&self) -> String {
        let token = |name: &str, of: fn(&Accent) -> Colour| {
            format!("  --{name}: light-dark({}, {});\n", of(&self.light), of(&self.dark))
        };
        [
            "@layer tokens {\n:root,\n.notice {\n".to_owned(),
            token("accent", |accent| accent.fill),
            token("accent-hover", |accent| accent.hover),
            token("accent-ink", |accent| accent.ink),
            token("accent-text", |accent| accent.text),
            format!("  --radius: {}px;\n", self.radius_px),
            stack(self.font).map(|fonts| format!("  --font: {fonts};\n")).unwrap_or_default(),
            notice(self.font)
                .map(|fonts| format!("  --notice-font: {fonts};\n"))
                .unwrap_or_default(),
            "}\n}\n".to_owned(),
        ]
        .concat()
    }
}

/// The typefaces to look for on the reader's device; `None` for the shipped one.
const fn stack(font: Font) -> Option<&'static str> {
    match font {
        Font::Inter => None,
        Font::System => Some("system-ui, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif"),
        Font::Serif => {
            Some("ui-serif, Charter, \"Iowan Old Style\", Georgia, \"Noto Serif\", serif")
        }
        Font::Rounded => Some(
            "ui-rounded, \"SF Pro Rounded\", Quicksand, Nunito, \"Arial Rounded MT Bold\", \
             system-ui, sans-serif",
        ),
        Font::Mono => {
            Some("ui-monospace, \"Cascadia Code\", Menlo, Consolas, \"Noto Sans Mono\", monospace")
        }
    }
}

/// The same for notices: names that no style sheet can give to another typeface.
const fn notice(font: Font) -> Option<&'static str> {
    match font {
        Font::Inter => None,
        Font::System => Some("system-ui, sans-serif"),
        Font::Serif => Some("ui-serif, serif"),
        Font::Rounded => Some("ui-rounded, system-ui, sans-serif"),
        Font::Mono => Some("ui-monospace, monospace"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn look(accent: &str) -> ThemeTokens {
        ThemeTokens::of(&Theme { accent: accent.to_owned(), ..Theme::default() })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn a11_03_any_accent_is_legible_in_both_themes(red: u8, green: u8, blue: u8) {
            let look = look(&format!("#{red:02x}{green:02x}{blue:02x}"));
            for (accent, lightness) in [(look.light, LIGHT_GROUNDS), (look.dark, DARK_GROUNDS)] {
                let own = lightness.map(Colour::grey);
                let soft = own[0].mixed(accent.fill, SOFT);
                prop_assert!(accent.fill.contrast(accent.ink) >= TEXT_CONTRAST);
                prop_assert!(accent.hover.contrast(accent.ink) >= TEXT_CONTRAST);
                for ground in own.into_iter().chain([soft]) {
                    prop_assert!(accent.text.contrast(ground) >= TEXT_CONTRAST);
                }
                for ground in own {
                    prop_assert!(accent.fill.contrast(ground) >= SHAPE_CONTRAST);
                }
            }
        }
    }

    #[test]
    fn an_accent_that_is_fine_stays_as_it_is() {
        let look = look("#2f5bea");
        assert_eq!(look.light.fill.to_string(), "#2f5bea");
        assert_eq!(look.light.ink, WHITE);
        assert_eq!(look.light.text.to_string(), "#2f5bea");
    }

    #[test]
    fn a11_03_what_was_corrected_is_said() {
        assert_eq!(
            look("#2f5bea").corrections().iter().filter(|it| it.theme == "light").count(),
            0
        );
        let yellow = look("#ffee00").corrections();
        let text = yellow.iter().find(|it| (it.theme, it.part) == ("light", "text"));
        let text = text.expect("a correction");
        assert_eq!((text.chosen.as_str(), text.needed.as_str()), ("#ffee00", "4.5"));
        assert!(text.contrast.starts_with("1.") && text.used != text.chosen, "{text:?}");
        assert!(yellow.iter().all(|it| it.theme == "light"), "{yellow:?}");
    }

    #[test]
    fn the_typeface_is_that_of_the_theme() {
        let css = |font| ThemeTokens::of(&Theme { font, ..Theme::default() }).css();
        assert!(!css(Font::Inter).contains("--font"));
        for font in Font::ALL.into_iter().filter(|font| *font != Font::Inter) {
            let css = css(font);
            assert!(css.contains("  --font: ") && css.ends_with(";\n}\n}\n"), "{css}");
        }
    }

    #[test]
    fn what_is_no_colour_does_not_reach_the_style_sheet() {
        for text in ["red", "#fff", "#12345g", "#123456;}body{display:none}", "", "＃１２３４５６"]
        {
            assert_eq!(look(text), look(&Theme::default().accent), "{text}");
        }
        let css = ThemeTokens::of(&Theme { radius_px: 255, ..Theme::default() }).css();
        assert!(css.contains("--radius: 24px;"), "{css}");
    }

    #[test]
    fn contrast_is_that_of_the_wcag() {
        let ratio = BLACK.contrast(WHITE);
        assert!((20.99..21.01).contains(&ratio), "{ratio}");
        let grey = Colour::parse("#767676").expect("a colour").contrast(WHITE);
        assert!((4.53..4.55).contains(&grey), "{grey}");
    }

    /// The constants here and the style sheet say the same.
    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let tokens = crate::embedded::text::<crate::embedded::Assets>("css/tokens.css");
        let tokens = tokens.expect("the style sheet");
        for (name, lightness) in [
            ("white", "100%"),
            ("slate-25", "98.6%"),
            ("slate-50", "97.2%"),
            ("slate-100", "95.2%"),
            ("slate-900", "19.6%"),
            ("slate-950", "16.6%"),
            ("slate-850", "22.3%"),
            ("slate-800", "25.5%"),
        ] {
            let line = format!("--raw-{name}: oklch({lightness} ");
            assert!(tokens.contains(&line), "tokens.css has no `{line}`: see LIGHT_GROUNDS");
        }
        let button = crate::embedded::text::<crate::embedded::Assets>("css/button.css");
        assert!(button.expect("the style sheet").contains("--button-text: var(--accent-ink)"));
        assert!(tokens.contains("--link: var(--accent-text)"));
        assert!(
            tokens.contains("--accent-soft: color-mix(in oklab, var(--accent) 10%, var(--sheet))")
        );
    }
}
