//! What is wrong with a brand's style sheet, and where.

/// Why a part of a style sheet is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CssReason {
    /// The sheet has more than [`super::MAX_BYTES`].
    TooLarge,
    /// Blocks are nested too deeply.
    TooDeep,
    /// It is no CSS: a brace or a quote too many or too few.
    Syntax,
    /// A sheet cannot load another one.
    Import,
    /// A rule that is not known here: `@charset`, `@namespace`.
    AtRule(String),
    /// A function that is not known here, or that loads something: `image-set`, `expression`.
    Function(String),
    /// A property that runs code: `behavior`, `-moz-binding`.
    Property(String),
    /// An address that is neither the brand's own file nor of an allowed origin.
    Address,
    /// A picture in the sheet itself that is too large, or not a PNG, JPEG, GIF or WebP.
    InlinePicture,
    /// A `position` that would lie over everything, or that cannot be told.
    Position,
    /// A `z-index` above what pages need.
    ZIndex,
    /// A typeface under the name of the site's own.
    SiteFont,
}

impl CssReason {
    /// The key of the text that says it. Its arguments are those of [`CssReason::name`].
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::TooLarge => "css-fault-too-large",
            Self::TooDeep => "css-fault-too-deep",
            Self::Syntax => "css-fault-syntax",
            Self::Import => "css-fault-import",
            Self::AtRule(_) => "css-fault-at-rule",
            Self::Function(_) => "css-fault-function",
            Self::Property(_) => "css-fault-property",
            Self::Address => "css-fault-address",
            Self::InlinePicture => "css-fault-inline-picture",
            Self::Position => "css-fault-position",
            Self::ZIndex => "css-fault-z-index",
            Self::SiteFont => "css-fault-site-font",
        }
    }

    /// What the text calls `$name`: of the rule, the function, the property.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::AtRule(name) | Self::Function(name) | Self::Property(name) => Some(name),
            _ => None,
        }
    }
}

/// One thing that is wrong, with its place; both numbers begin at 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CssFault {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
    /// What is wrong.
    pub reason: CssReason,
}
