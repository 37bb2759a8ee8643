//! The list of customers, to look at and to download.

use jiff::Timestamp;
use portico_billing::BrandId;
use portico_billing::account::{CustomerKind, CustomerStatus};
use portico_billing::page::{Direction, Page as Rows};
use portico_billing::permission::Permission;
use portico_core::customers::{CustomerListFilter, CustomerOrder, CustomerSummary};
use portico_core_api::TableFormat;
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::super::answer::{Stop, export};
use super::super::choices::Choice;
use super::super::listing::{self, Filters, Listing};
use super::super::params::Params;
use super::super::{Answer, Staff};
use super::{LONG, sample_id};

/// A customer in a list.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerItem {
    id: String,
    name: String,
    external_id: Option<String>,
    email: Option<String>,
    kind: CustomerKind,
    status: CustomerStatus,
    brand: String,
    currency: &'static str,
    created_at: Timestamp,
}

impl CustomerItem {
    /// The customer, with the name of its brand out of `brands`.
    pub fn new(it: CustomerSummary, brands: &[Choice]) -> Self {
        let brand_id = it.brand_id.to_string();
        let brand = brands.iter().find(|brand| brand.value == brand_id);
        Self {
            id: it.id.uuid().to_string(),
            name: it.name,
            external_id: it.external_id,
            email: it.email,
            kind: it.kind,
            status: it.status,
            brand: brand.map(|brand| brand.label.clone()).unwrap_or_default(),
            currency: it.currency.code(),
            created_at: it.created_at,
        }
    }

    /// One of each state, and one at its extremes.
    pub fn samples() -> Vec<Self> {
        let states =
            [CustomerStatus::Active, CustomerStatus::Inactive, CustomerStatus::PendingApproval];
        let item = |(number, status): (u32, CustomerStatus)| Self {
            id: sample_id(number),
            name: if number == 2 { LONG.to_owned() } else { format!("Northwind {number}") },
            external_id: (number != 3).then(|| format!("crm-{number}")),
            email: (number != 2).then(|| "billing@northwind.example".to_owned()),
            kind: if number == 2 { CustomerKind::Carrier } else { CustomerKind::Customer },
            status,
            brand: "Northwind".to_owned(),
            currency: "EUR",
            created_at: Timestamp::UNIX_EPOCH,
        };
        (1..).zip(states).map(item).collect()
    }
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct CustomersPage {
    list: Listing<CustomerItem>,
    brands: Vec<Choice>,
    may_edit: bool,
}

impl Page for CustomersPage {
    const TEMPLATE: &'static str = "panel/customers/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, rows: Vec<CustomerItem>| {
            let params = Params::of_query(query);
            let (_, filters) = read(&params);
            let rows = Rows { rows, next: Some("x".to_owned()), previous: None };
            let brands = vec![Choice::new("brd_1", "Northwind"), Choice::new("brd_2", LONG)];
            Self { list: Listing::new(&params, filters, rows, |row| row), brands, may_edit: true }
        };
        let mut read_only = page("", CustomerItem::samples());
        (read_only.may_edit, read_only.brands) = (false, Vec::new());
        vec![
            Sample::new("empty", page("", Vec::new())),
            Sample::new("typical", page("sort=name&direction=asc", CustomerItem::samples())),
            Sample::new("nothing-found", page("q=zzz&status=inactive", Vec::new())),
            Sample::new("read-only", read_only),
        ]
    }
}

/// The brands of the organisation, to choose from.
pub async fn brands(staff: &Staff) -> Result<Vec<Choice>, Stop> {
    let brands = staff.core().brands(staff.caller().organisation_id).await?;
    Ok(brands.into_iter().map(|it| Choice::new(it.id.to_string(), it.name)).collect())
}

/// Reads the query, with its filters as typed.
fn read(params: &Params) -> (CustomerListFilter, Filters) {
    let (status, kind) = (listing::word(params, "status"), listing::word(params, "kind"));
    let brand = params.get("brand").parse::<BrandId>().ok();
    let words = listing::words(params);
    let by_name = params.get("sort") == "name" || !words.is_empty();
    let first = if by_name { Direction::Asc } else { Direction::Desc };
    let direction = listing::direction(params, first);
    let filters = Filters {
        q: words.clone(),
        status: status.as_ref().map(|(word, _)| String::clone(word)).unwrap_or_default(),
        kind: kind.as_ref().map(|(word, _)| String::clone(word)).unwrap_or_default(),
        brand: brand.map(|id| id.to_string()).unwrap_or_default(),
        sort: if by_name { "name" } else { "created" }.to_owned(),
        direction: if direction == Direction::Asc { "asc" } else { "desc" }.to_owned(),
        ..Filters::default()
    };
    let filter = CustomerListFilter {
        name: words,
        status: status.map(|(_, status)| status),
        kind: kind.map(|(_, kind)| kind),
        brand,
        order: if by_name { CustomerOrder::Name } else { CustomerOrder::Created },
        direction,
        cursor: listing::cursor(params),
        size: listing::size(params),
    };
    (filter, filters)
}

/// GET: the list.
pub async fn show(staff: Staff, params: Params) -> Answer {
    let (filter, filters) = read(&params);
    let brands = brands(&staff).await?;
    let page = staff.core().customers(staff.caller(), &filter).await?;
    let list = Listing::new(&params, filters, page, |row| CustomerItem::new(row, &brands));
    let brands = if brands.len() > 1 { brands } else { Vec::new() };
    staff.page(&CustomersPage { list, brands, may_edit: staff.may(Permission::EditCustomers) })
}

/// GET: what the filters find, as CSV.
pub async fn csv(staff: Staff, params: Params) -> Answer {
    table(&staff, &params, TableFormat::Csv).await
}

/// GET: what the filters find, as a workbook.
pub async fn xlsx(staff: Staff, params: Params) -> Answer {
    table(&staff, &params, TableFormat::Xlsx).await
}

async fn table(staff: &Staff, params: &Params, format: TableFormat) -> Answer {
    let (filter, _) = read(params);
    let language = staff.here.frame_for(Some(staff)).language;
    let language = language.parse().map_err(|_| Problem::BadRequest)?;
    let asked = (&language, format);
    Ok(export(staff.core().export_customers(staff.caller(), filter, asked).await?))
}
