//! One batch: what became of its vouchers.

use axum::extract::Path;
use jiff::Timestamp;
use portico_billing::voucher::VoucherState;
use portico_billing::{Currency, Money};
use portico_core::customers::Activity;
use portico_core::{VoucherQuery, VoucherView};
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::super::customers::{LONG, sample_id};
use super::super::deeds;
use super::super::listing;
use super::super::params::Params;
use super::super::{Answer, Staff};
use super::Head;

/// Vouchers of a page.
const ROWS: u16 = 50;

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct BatchPage {
    batch: Head,
    /// The state that is shown alone; empty where all are.
    state: String,
    vouchers: Vec<Row>,
    /// Number behind which the page after this one begins.
    next: Option<u32>,
    /// Whether this is not the first page.
    later: bool,
    history: Vec<Deed>,
}

/// What somebody did with the batch.
#[derive(Debug, Clone, Serialize)]
struct Deed {
    at: Timestamp,
    action: String,
    action_key: Option<String>,
    actor_kind: String,
    operator: Option<String>,
}

impl From<Activity> for Deed {
    fn from(Activity { entry, operator }: Activity) -> Self {
        let action = entry.action.into_owned();
        Self {
            at: entry.at,
            action_key: deeds::text_key(&action),
            action,
            actor_kind: entry.actor_kind.replace('_', "-"),
            operator: operator.filter(|name| !name.is_empty()),
        }
    }
}

/// A voucher in the list.
#[derive(Debug, Clone, Serialize)]
struct Row {
    id: String,
    serial: String,
    state: VoucherState,
    customer: Option<Holder>,
    redeemed_at: Option<Timestamp>,
    credited: Option<Money>,
}

/// Who has redeemed a voucher.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Holder {
    id: String,
    name: String,
}

impl Holder {
    /// Who redeemed it, where somebody did.
    pub(super) fn of(it: &VoucherView) -> Option<Self> {
        let name = it.customer_name.clone()?;
        Some(Self { id: it.customer_id?.uuid().to_string(), name })
    }

    /// A customer, for samples.
    pub(super) fn sample(name: &str) -> Self {
        Self { id: sample_id(1), name: name.to_owned() }
    }
}

impl Row {
    fn new(it: VoucherView) -> Self {
        Self {
            customer: Holder::of(&it),
            id: it.id.uuid().to_string(),
            serial: it.serial,
            state: it.state,
            redeemed_at: it.redeemed_at,
            credited: it.credited,
        }
    }
}

/// GET: the batch.
pub async fn show(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (batch, id) = Head::load(&staff, &id).await?;
    let state = listing::word(&params, "state");
    let after = params.get("after").parse().ok();
    let query = VoucherQuery {
        batch: id,
        state: state.as_ref().map(|(_, state)| *state),
        after,
        limit: ROWS,
    };
    let (vouchers, next) = staff.core().vouchers_of_batch(staff.caller(), query).await?;
    let history = staff.core().voucher_batch_history(staff.caller(), id).await?;
    staff.page(&BatchPage {
        batch,
        state: state.map(|(word, _)| word).unwrap_or_default(),
        vouchers: vouchers.into_iter().map(Row::new).collect(),
        next,
        later: after.is_some(),
        history: history.into_iter().map(Deed::from).collect(),
    })
}

impl Page for BatchPage {
    const TEMPLATE: &'static str = "panel/vouchers/batch.html";

    fn samples() -> Vec<Sample<Self>> {
        let row = |(number, state): (u32, VoucherState)| {
            let taken = matches!(state, VoucherState::Redeemed | VoucherState::Waiting);
            let name = if number == 2 { LONG } else { "Northwind Telecom" };
            Row {
                id: sample_id(number),
                serial: format!("SUMMER1-{number:05}"),
                state,
                customer: taken.then(|| Holder::sample(name)),
                redeemed_at: taken.then_some(Timestamp::UNIX_EPOCH),
                credited: (state == VoucherState::Redeemed)
                    .then(|| Money::new(2_500, Currency::EUR)),
            }
        };
        let rows: Vec<Row> = (1..).zip(VoucherState::ALL).map(row).collect();
        let deed = |action: &str, operator: Option<&str>| Deed {
            at: Timestamp::UNIX_EPOCH,
            action: action.to_owned(),
            action_key: deeds::text_key(action),
            actor_kind: if operator.is_some() { "operator" } else { "api-key" }.to_owned(),
            operator: operator.map(str::to_owned),
        };
        let history = vec![
            deed("voucher_batch.voided", Some(LONG)),
            deed("voucher_batch.exported", Some("Ana Núñez")),
            deed("voucher_batch.created", None),
        ];
        let page = |state, may_edit| Self {
            batch: Head { may_edit, ..Head::sample(1, state) },
            state: String::new(),
            vouchers: rows.clone(),
            next: Some(50),
            later: false,
            history: history.clone(),
        };
        let filtered = Self { state: "redeemed".to_owned(), later: true, ..page("live", true) };
        let nothing = Self { vouchers: Vec::new(), next: None, ..filtered.clone() };
        let fresh = Self { batch: Head::sample(2, "unexported"), ..page("unexported", true) };
        let extreme = Head {
            series: "W".repeat(16),
            note: format!("{LONG} {}", "x".repeat(300)),
            ..Head::sample(5, "expired")
        };
        vec![
            Sample::new("unexported", fresh),
            Sample::new("typical", page("live", true)),
            Sample::new("filtered", filtered),
            Sample::new("nothing-found", nothing),
            Sample::new("void", page("void", true)),
            Sample::new("read-only", page("unexported", false)),
            Sample::new("extreme", Self { batch: extreme, ..page("expired", true) }),
        ]
    }
}
