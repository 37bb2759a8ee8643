//! What of CSS is known here. What is not listed is refused, so that nothing new loads unnoticed.

/// Functions of values and of selectors. None of them loads anything or takes an address.
const FUNCTIONS: &[&str] = &[
    // numbers
    "abs",
    "acos",
    "asin",
    "atan",
    "atan2",
    "calc",
    "clamp",
    "cos",
    "exp",
    "hypot",
    "log",
    "max",
    "min",
    "mod",
    "pow",
    "rem",
    "round",
    "sign",
    "sin",
    "sqrt",
    "tan",
    // values from elsewhere in the page
    "attr",
    "counter",
    "counters",
    "env",
    "var",
    // colours
    "color",
    "color-mix",
    "hsl",
    "hsla",
    "hwb",
    "lab",
    "lch",
    "light-dark",
    "oklab",
    "oklch",
    "rgb",
    "rgba",
    // gradients and shapes
    "circle",
    "conic-gradient",
    "ellipse",
    "inset",
    "linear-gradient",
    "path",
    "polygon",
    "radial-gradient",
    "ray",
    "rect",
    "repeating-conic-gradient",
    "repeating-linear-gradient",
    "repeating-radial-gradient",
    "shape",
    "xywh",
    // transforms, filters, time
    "blur",
    "brightness",
    "contrast",
    "cubic-bezier",
    "drop-shadow",
    "grayscale",
    "hue-rotate",
    "invert",
    "linear",
    "matrix",
    "matrix3d",
    "opacity",
    "perspective",
    "rotate",
    "rotate3d",
    "rotatex",
    "rotatey",
    "rotatez",
    "saturate",
    "scale",
    "scale3d",
    "scalex",
    "scaley",
    "scalez",
    "scroll",
    "sepia",
    "skew",
    "skewx",
    "skewy",
    "steps",
    "translate",
    "translate3d",
    "translatex",
    "translatey",
    "translatez",
    "view",
    // layout and type
    "anchor",
    "anchor-size",
    "fit-content",
    "format",
    "local",
    "minmax",
    "repeat",
    "tech",
    // selectors and conditions
    "dir",
    "has",
    "is",
    "lang",
    "not",
    "nth-child",
    "nth-last-child",
    "nth-last-of-type",
    "nth-of-type",
    "selector",
    "style",
    "where",
];

/// Whether a function of this name (in lower case) is known.
pub fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name)
}

/// Whether a typeface would take the place of the one that the site brings with it.
pub fn is_site_font(value: &str) -> bool {
    value
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .eq("intervariable".chars())
}

/// What stands in the braces of an at-rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Rules; within a rule declarations too.
    Rules,
    /// Declarations.
    Declarations,
}

/// What an at-rule of this name (in lower case) holds; `None` for an unknown one.
pub fn body_of(name: &str) -> Option<Body> {
    match name {
        "container" | "keyframes" | "-webkit-keyframes" | "layer" | "media" | "scope"
        | "starting-style" | "supports" => Some(Body::Rules),
        "counter-style" | "font-face" | "page" => Some(Body::Declarations),
        _ => None,
    }
}

/// Properties that browsers once ran code for.
pub fn runs_code(property: &str) -> bool {
    matches!(property, "behavior" | "-ms-behavior" | "binding" | "-moz-binding")
}

/// Whether a value is one that every property has.
fn is_common(value: &str) -> bool {
    matches!(value, "inherit" | "initial" | "unset" | "revert" | "revert-layer")
}

/// Whether `position` may have this value: none that would keep lying over the page.
pub fn is_position(value: &str) -> bool {
    is_common(value) || matches!(value, "static" | "relative" | "absolute" | "sticky")
}

/// Whether `z-index` may have this value: a number, as it stands, below the site's own notices.
pub fn is_z_index(value: &str) -> bool {
    is_common(value)
        || value == "auto"
        || value.parse::<i32>().is_ok_and(|index| index <= super::MAX_Z_INDEX)
}
