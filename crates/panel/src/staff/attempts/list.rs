//! The attempts, to look through and to download.

use axum::http::{HeaderName, HeaderValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::DeclineReason;
use portico_billing::page::Page as Rows;
use portico_billing::{Currency, GatewayId, Money};
use portico_core::{AttemptQuery, AttemptSummary};
use portico_core_api::TableFormat;
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::{Days, Found, Gateways, Names, zone};
use crate::staff::answer::download;
use crate::staff::choices::Choices;
use crate::staff::customers::{LONG, sample_id};
use crate::staff::listing;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct AttemptsPage {
    list: Found<AttemptItem, AttemptFilters>,
    /// Value and text of each.
    gateways: Vec<(String, String)>,
    currencies: Vec<(String, String)>,
}

/// The filters as they stand in the address.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AttemptFilters {
    q: String,
    state: String,
    gateway: String,
    purpose: String,
    currency: String,
    from: String,
    until: String,
    /// `1` where those alone are shown that somebody has to look at.
    look: String,
    /// The list has one order.
    sort: &'static str,
    direction: &'static str,
}

impl AttemptFilters {
    fn narrow(&self) -> bool {
        let all = [
            &self.q,
            &self.state,
            &self.gateway,
            &self.purpose,
            &self.currency,
            &self.from,
            &self.until,
            &self.look,
        ];
        all.iter().any(|value| !value.is_empty())
    }
}

/// An attempt in the list.
#[derive(Debug, Clone, Serialize)]
struct AttemptItem {
    id: String,
    customer_name: String,
    gateway: String,
    test: bool,
    purpose: AttemptPurpose,
    state: AttemptState,
    mismatches: bool,
    is_dismissed: bool,
    needs_a_look: bool,
    charged: Money,
    begun_at: Timestamp,
}

impl AttemptItem {
    fn new(it: AttemptSummary, gateways: &Names<'_>, now: Timestamp) -> Self {
        let gateway = gateways.get(&it.gateway_id);
        let standing = it.standing();
        Self {
            id: it.id.uuid().to_string(),
            charged: it.charged(),
            customer_name: it.customer_name,
            gateway: gateway.map(|gateway| gateway.name.clone()).unwrap_or_default(),
            test: gateway.is_some_and(|gateway| gateway.test),
            purpose: it.purpose,
            state: it.state,
            mismatches: standing.mismatches,
            is_dismissed: standing.is_dismissed(),
            needs_a_look: standing.needs_a_look(now),
            begun_at: it.begun_at,
        }
    }

    /// One in each state, one that does not match, one that was closed.
    fn samples() -> Vec<Self> {
        use AttemptState::{Created, Failed, NeedsAction, Processing, Sent, Succeeded, Unknown};
        let item = |number: u32, state, reason: Option<DeclineReason>| Self {
            id: sample_id(number),
            customer_name: if number == 2 { LONG.to_owned() } else { "Northwind".to_owned() },
            gateway: if number == 2 { LONG.to_owned() } else { "Card".to_owned() },
            test: number == 3,
            purpose: if number == 4 { AttemptPurpose::Refill } else { AttemptPurpose::Pay },
            state,
            mismatches: number >= 8,
            is_dismissed: reason == Some(DeclineReason::Dismissed),
            needs_a_look: number == 8 || state == Unknown,
            charged: Money::new(12_135, if number == 2 { Currency::KWD } else { Currency::EUR }),
            begun_at: Timestamp::UNIX_EPOCH,
        };
        let states = [Created, Sent, NeedsAction, Processing, Unknown, Succeeded, Failed];
        let mut items: Vec<Self> =
            (1..).zip(states).map(|(number, state)| item(number, state, None)).collect();
        items.push(item(8, Unknown, None));
        items.push(item(9, Failed, Some(DeclineReason::Dismissed)));
        items
    }
}

/// Reads the query, with its filters as typed. What is no choice is left out.
fn read(params: &Params, zone: &TimeZone) -> (AttemptQuery, AttemptFilters, Vec<&'static str>) {
    let state = listing::word::<AttemptState>(params, "state");
    let purpose = listing::word::<AttemptPurpose>(params, "purpose");
    let gateway = params.get("gateway").parse::<GatewayId>().ok();
    let currency = params.get("currency").parse::<Currency>().ok();
    let days = Days::read(params, zone);
    let to_look_at = params.get("look") == "1";
    let word = |word: Option<&String>| word.cloned().unwrap_or_default();
    let filters = AttemptFilters {
        q: listing::words(params),
        state: word(state.as_ref().map(|(word, _)| word)),
        gateway: gateway.map(|id| id.to_string()).unwrap_or_default(),
        purpose: word(purpose.as_ref().map(|(word, _)| word)),
        currency: currency.map(|it| it.code().to_owned()).unwrap_or_default(),
        from: params.get("from").to_owned(),
        until: params.get("until").to_owned(),
        look: if to_look_at { "1" } else { "" }.to_owned(),
        sort: "",
        direction: "",
    };
    let query = AttemptQuery {
        search: filters.q.clone(),
        customer: None,
        state: state.map(|(_, state)| state),
        gateway,
        purpose: purpose.map(|(_, purpose)| purpose),
        currency,
        from: days.from,
        before: days.before,
        to_look_at,
        after: None,
        cursor: listing::cursor(params),
        size: listing::size(params),
    };
    let faults = if days.is_faulty { vec!["fault-day"] } else { Vec::new() };
    (query, filters, faults)
}

/// GET: the list.
pub async fn show(staff: Staff, params: Params) -> Answer {
    let (query, filters, faults) = read(&params, &zone(&staff));
    let gateways = Gateways::load(&staff).await?;
    let now = staff.core().now();
    let page = staff.core().payment_attempts(staff.caller(), query).await?;
    let names = gateways.by_id();
    let page = page.map(|it| AttemptItem::new(it, &names, now));
    let language = staff.here.frame_for(Some(&staff)).language;
    let choices = Choices::new(&staff.here.panel.ui, &language).currencies(&filters.currency);
    let filtered = filters.narrow();
    staff.page(&AttemptsPage {
        list: Found { filtered, faults, ..Found::new(&params, filters, page) },
        gateways: gateways.choices(),
        currencies: choices.into_iter().map(|it| (it.value, it.label)).collect(),
    })
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
    let (query, ..) = read(params, &zone(staff));
    let language = staff.here.frame_for(Some(staff)).language;
    let language = language.parse().map_err(|_| Problem::BadRequest)?;
    let asked = (&language, format);
    let export = staff.core().export_payment_attempts(staff.caller(), query, asked).await?;
    let mut response = download(export.document);
    if export.truncated {
        let name = HeaderName::from_static("x-portico-truncated");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    Ok(response)
}

impl Page for AttemptsPage {
    const TEMPLATE: &'static str = "panel/attempts/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, rows: Vec<AttemptItem>| {
            let params = Params::of_query(query);
            let (_, filters, faults) = read(&params, &TimeZone::UTC);
            let filtered = filters.narrow();
            let rows = Rows { rows, next: Some("x".to_owned()), previous: None };
            let choice = |value: &str, text: &str| (value.to_owned(), text.to_owned());
            Self {
                list: Found { filtered, faults, ..Found::new(&params, filters, rows) },
                gateways: vec![choice("gwy_1", "Card"), choice("gwy_2", LONG)],
                currencies: vec![choice("EUR", "EUR"), choice("KWD", "KWD")],
            }
        };
        vec![
            Sample::new("empty", page("", Vec::new())),
            Sample::new("typical", page("", AttemptItem::samples())),
            Sample::new("filtered", page("currency=EUR&look=1", AttemptItem::samples())),
            Sample::new("nothing-found", page("q=zzz&state=unknown&from=x", Vec::new())),
        ]
    }
}
