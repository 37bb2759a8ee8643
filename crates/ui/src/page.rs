//! What a page is: data with a template, and samples of that data.

use serde::Serialize;

/// The data of one page. A page without samples does not compile.
///
/// The fields are at the top level of the template's context, beside `frame`.
pub trait Page: Serialize {
    /// The template, relative to `templates/`: `portal/invoices/list.html`.
    const TEMPLATE: &'static str;

    /// Whether a brand's own script may run on it. Never where somebody signs in, proves or changes
    /// who they are, or pays: a script reads all that is on its page, and all that is typed there.
    const RUNS_BRAND_SCRIPT: bool = false;

    /// Empty, typical and extreme data: long names, right-to-left text, currencies of 0 and 3
    /// decimals, overdue, not permitted.
    fn samples() -> Vec<Sample<Self>>
    where
        Self: Sized;
}

/// One example of a page's data.
#[derive(Debug, Clone)]
pub struct Sample<P> {
    /// Name in snapshots: `empty`, `typical`, `long-names`.
    pub name: &'static str,
    /// The data.
    pub page: P,
}

impl<P> Sample<P> {
    /// A sample with a name.
    #[must_use]
    pub const fn new(name: &'static str, page: P) -> Self {
        Self { name, page }
    }
}
