//! What payment providers told, to look through.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use portico_billing::GatewayId;
use portico_billing::page::Page as Rows;
use portico_core::{NoticeQuery, NoticeState, NoticeView};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::{Days, Found, Gateways, Names, zone};
use crate::staff::customers::{LONG, sample_id};
use crate::staff::listing;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct NoticesPage {
    list: Found<NoticeItem, NoticeFilters>,
    /// Value and text of each.
    gateways: Vec<(String, String)>,
}

/// The filters as they stand in the address.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NoticeFilters {
    q: String,
    kind: String,
    state: String,
    gateway: String,
    from: String,
    until: String,
    /// The list has one order.
    sort: &'static str,
    direction: &'static str,
}

impl NoticeFilters {
    fn narrow(&self) -> bool {
        let all = [&self.q, &self.kind, &self.state, &self.gateway, &self.from, &self.until];
        all.iter().any(|value| !value.is_empty())
    }
}

/// A notice in a list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct NoticeItem {
    pub(super) id: String,
    pub(super) event_id: String,
    pub(super) kind: String,
    pub(super) gateway: String,
    pub(super) state: NoticeState,
    pub(super) waits_for_long: bool,
    pub(super) tries: u32,
    pub(super) attempt_id: Option<String>,
    pub(super) received_at: Timestamp,
}

impl NoticeItem {
    /// The notice, with the name of its gateway.
    pub(super) fn new(it: NoticeView, gateways: &Names<'_>) -> Self {
        let gateway = gateways.get(&it.gateway_id);
        Self {
            id: it.id.uuid().to_string(),
            event_id: it.event_id,
            kind: it.kind,
            gateway: gateway.map(|gateway| gateway.name.clone()).unwrap_or_default(),
            state: it.state,
            waits_for_long: it.waits_for_long,
            tries: it.tries,
            attempt_id: it.attempt_id.map(|id| id.uuid().to_string()),
            received_at: it.received_at,
        }
    }

    /// One in each state, and one that waits for long.
    pub(super) fn samples() -> Vec<Self> {
        use NoticeState::{Done, GivenUp, Ignored, Waiting};
        let item = |(number, state): (u32, NoticeState)| Self {
            id: sample_id(number),
            event_id: if number == 2 { "e".repeat(255) } else { format!("evt_{number}") },
            kind: if number == 2 { LONG.to_owned() } else { "payment_intent.succeeded".into() },
            gateway: "Card".to_owned(),
            state,
            waits_for_long: number == 5,
            tries: number,
            attempt_id: (number < 3).then(|| sample_id(10 + number)),
            received_at: Timestamp::UNIX_EPOCH,
        };
        (1..).zip([Done, Ignored, Waiting, GivenUp, Waiting]).map(item).collect()
    }
}

/// Reads the query, with its filters as typed. What is no choice is left out.
fn read(params: &Params, zone: &TimeZone) -> (NoticeQuery, NoticeFilters, Vec<&'static str>) {
    let state = listing::word::<NoticeState>(params, "state");
    let gateway = params.get("gateway").parse::<GatewayId>().ok();
    let days = Days::read(params, zone);
    let filters = NoticeFilters {
        q: listing::words(params),
        kind: params.get("kind").chars().filter(|c| !c.is_control()).take(200).collect(),
        state: state.as_ref().map(|(word, _)| word.clone()).unwrap_or_default(),
        gateway: gateway.map(|id| id.to_string()).unwrap_or_default(),
        from: params.get("from").to_owned(),
        until: params.get("until").to_owned(),
        sort: "",
        direction: "",
    };
    let query = NoticeQuery {
        search: filters.q.clone(),
        kind: filters.kind.clone(),
        state: state.map(|(_, state)| state),
        gateway,
        from: days.from,
        before: days.before,
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
    let page = staff.core().gateway_notices(staff.caller(), query).await?;
    let names = gateways.by_id();
    let page = page.map(|it| NoticeItem::new(it, &names));
    let filtered = filters.narrow();
    staff.page(&NoticesPage {
        list: Found { filtered, faults, ..Found::new(&params, filters, page) },
        gateways: gateways.choices(),
    })
}

impl Page for NoticesPage {
    const TEMPLATE: &'static str = "panel/attempts/notices.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, rows: Vec<NoticeItem>| {
            let params = Params::of_query(query);
            let (_, filters, faults) = read(&params, &TimeZone::UTC);
            let filtered = filters.narrow();
            let rows = Rows { rows, next: Some("x".to_owned()), previous: None };
            Self {
                list: Found { filtered, faults, ..Found::new(&params, filters, rows) },
                gateways: vec![("gwy_1".to_owned(), "Card".to_owned())],
            }
        };
        vec![
            Sample::new("empty", page("", Vec::new())),
            Sample::new("typical", page("", NoticeItem::samples())),
            Sample::new("nothing-found", page("q=evt_0&state=given_up&until=x", Vec::new())),
        ]
    }
}
