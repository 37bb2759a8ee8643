//! The list of invoices.

use portico_billing::Currency;
use portico_billing::page::Page as Rows;
use portico_core_api::InvoiceQuery;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::InvoiceItem;
use crate::answer::Answer;
use crate::listing::{Asked, Listing};
use crate::params::Params;
use crate::visitor::Visitor;

/// The list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InvoicesPage {
    list: Listing<InvoiceItem>,
    /// Of the amounts in the filters.
    currency: Currency,
}

/// Reads the query, with its filters as typed.
pub(crate) fn read<'a>(params: &'a Params, visitor: &Visitor) -> (InvoiceQuery, Asked<'a>) {
    let mut asked = Asked::new(params);
    let (from, until) = asked.days();
    let (min_minor, max_minor) = asked.amounts(visitor.visit.currency);
    let (sort, direction) = asked.order("generated_on");
    let query = InvoiceQuery {
        search: asked.filters.q.clone(),
        status: asked.status(),
        from,
        until,
        min_minor,
        max_minor,
        sort,
        direction,
        cursor: asked.cursor(),
        size: asked.size(),
    };
    (query, asked)
}

/// GET: the list.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Answer {
    let (query, asked) = read(&params, &visitor);
    let rows = visitor.core().invoices(&visitor.secret, query).await?;
    let list = asked.listing(rows, InvoiceItem::from);
    visitor.page(&InvoicesPage { list, currency: visitor.visit.currency })
}

impl Page for InvoicesPage {
    const TEMPLATE: &'static str = "portal/invoices/list.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, rows, currency| {
            let next = Some("b3BhcXVl".to_owned());
            let params = Params::of_query(query);
            let mut asked = Asked::new(&params);
            asked.days();
            asked.amounts(currency);
            asked.order::<portico_core_api::InvoiceSort>("generated_on");
            asked.status::<portico_billing::invoice::ShownStatus>();
            let list = asked.listing(Rows { rows, next, previous: None }, |row| row);
            Self { list, currency }
        };
        vec![
            Sample::new("empty", page("", Vec::new(), Currency::EUR)),
            Sample::new(
                "typical",
                page("sort=due_date&direction=asc", InvoiceItem::samples(), Currency::EUR),
            ),
            Sample::new("nothing-found", page("q=2019&status=open", Vec::new(), Currency::EUR)),
            Sample::new(
                "faulty-filters",
                page("from=x&min=y", InvoiceItem::samples(), Currency::EUR),
            ),
            Sample::new("extreme", page("", InvoiceItem::extremes(), Currency::KWD)),
        ]
    }
}
