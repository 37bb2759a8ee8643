//! What a page is: data with a template, and samples of that data.

use serde::Serialize;

/// The data of one page. A page without samples does not compile.
///
/// The fields are at the top level of the template's context, beside `frame`.
pub trait Page: Serialize {
    /// The template, relative to `templates/`: `portal/invoices/list.html`.
    const TEMPLATE: &'static str;

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
