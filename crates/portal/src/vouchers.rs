//! Vouchers: redeeming one by its code, and those that the customer has redeemed.

use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::voucher::{VoucherKind, VoucherState};
use portico_billing::{Money, VoucherId};
use portico_core_api::{Fault, FieldFault, RedeemedVoucher, Refusal, VoucherGain};
use portico_ui::{CheckedForm, FormState, Page, Sample};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, redirect};
use crate::params::Params;
use crate::paths;
use crate::refusal::{again_at, with_faults, with_retry_after};
use crate::samples::{at, eur, id, jpy, kwd};
use crate::visitor::Visitor;

/// A voucher that the customer has redeemed.
#[derive(Debug, Clone, Serialize)]
struct Row {
    id: VoucherId,
    serial: String,
    state: VoucherState,
    gain: VoucherGain,
    redeemed_at: Timestamp,
    /// Until when a payment brings its credit, where it still waits for one.
    waits_until: Option<Timestamp>,
    credited: Option<Money>,
}

impl From<RedeemedVoucher> for Row {
    fn from(it: RedeemedVoucher) -> Self {
        Self {
            id: it.id,
            gain: VoucherGain::from(&it.terms),
            serial: it.serial,
            state: it.state,
            redeemed_at: it.redeemed_at,
            waits_until: it.waits_until.filter(|_| it.state == VoucherState::Waiting),
            credited: it.credited,
        }
    }
}

/// The customer's own vouchers.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct VouchersPage {
    may_redeem: bool,
    /// The one that was redeemed just now.
    done: Option<Row>,
    vouchers: Vec<Row>,
}

impl VouchersPage {
    fn new(may_redeem: bool, own: Vec<RedeemedVoucher>, done: &str) -> Self {
        let vouchers: Vec<Row> = own.into_iter().map(Row::from).collect();
        let done = vouchers.iter().find(|row| row.id.to_string() == done).cloned();
        Self { may_redeem, done, vouchers }
    }
}

/// The form for a code.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RedeemPage {
    may_redeem: bool,
    form: FormState,
    /// When another code can be tried, where too many were.
    again_at: Option<Timestamp>,
}

/// Fields of the form.
#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    code: String,
}

/// GET: the customer's own vouchers; `?done=` names the one that was redeemed just now.
pub(crate) async fn list(visitor: Visitor, params: Params) -> Answer {
    let own = visitor.core().vouchers(&visitor.secret).await?;
    visitor.page(&VouchersPage::new(visitor.may_act(), own, params.get("done")))
}

/// GET: the form.
pub(crate) async fn ask(visitor: Visitor) -> Answer {
    let may_redeem = visitor.may_act();
    visitor.page(&RedeemPage { may_redeem, form: FormState::new(), again_at: None })
}

/// POST: redeems a code.
pub(crate) async fn redeem(visitor: Visitor, form: CheckedForm<CodeForm>) -> Answer {
    let (fields, form) = form.open();
    let (code, client) = (fields.code.trim(), visitor.here.client());
    match visitor.core().redeem_voucher(&visitor.secret, code, client).await {
        Ok(voucher) => {
            let done = voucher.id.to_string();
            Ok(redirect(&portico_ui::paths::with_query(paths::VOUCHERS, [("done", &*done)])))
        }
        Err(Refusal::Invalid { faults }) => {
            let form = with_faults(form, &faults);
            let page = RedeemPage { may_redeem: true, form, again_at: None };
            visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Refusal::TooMany { retry_after }) => too_many(&visitor, form, retry_after),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The form with what was typed, and when it can be sent again.
fn too_many(visitor: &Visitor, form: FormState, retry_after: Duration) -> Answer {
    let again_at = again_at(visitor.here.portal.now(), retry_after);
    let page = RedeemPage { may_redeem: true, form, again_at };
    let response = visitor.page_with(StatusCode::TOO_MANY_REQUESTS, &page)?;
    Ok(with_retry_after(response, retry_after))
}

impl Page for VouchersPage {
    const TEMPLATE: &'static str = "portal/vouchers/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let rows = sample_rows();
        let page = |may_redeem, done: Option<usize>, vouchers: Vec<Row>| Self {
            may_redeem,
            done: done.map(|at| vouchers[at].clone()),
            vouchers,
        };
        vec![
            Sample::new("empty", page(true, None, Vec::new())),
            Sample::new("typical", page(true, None, rows.clone())),
            Sample::new("credited", page(true, Some(0), rows.clone())),
            Sample::new("waiting", page(true, Some(2), rows.clone())),
            Sample::new("not-permitted", page(false, None, rows)),
            Sample::new("not-permitted-empty", page(false, None, Vec::new())),
            Sample::new("extreme", page(true, Some(0), vec![extreme_row()])),
        ]
    }
}

impl Page for RedeemPage {
    const TEMPLATE: &'static str = "portal/vouchers/redeem.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |may_redeem, form, again_at| Self { may_redeem, form, again_at };
        let typed = || FormState::new().with_value("code", "7k3m-x9qd-41pz-8rt0-a");
        let wrong = |fault| with_faults(typed(), &[FieldFault::new("code", fault)]);
        let soon = Some(at(date(2026, 11, 21)));
        let long = FormState::new().with_value("code", "W".repeat(64));
        let required = with_faults(FormState::new(), &[FieldFault::new("code", Fault::Required)]);
        vec![
            Sample::new("empty", page(true, FormState::new(), None)),
            Sample::new("required", page(true, required, None)),
            Sample::new("mistyped", page(true, wrong(Fault::MistypedCode), None)),
            Sample::new("not-accepted", page(true, wrong(Fault::CodeNotAccepted), None)),
            Sample::new("own-already", page(true, wrong(Fault::CodeAlreadyYours), None)),
            Sample::new("too-many", page(true, typed(), soon)),
            Sample::new("extreme", page(true, long, None)),
            Sample::new("not-permitted", page(false, FormState::new(), None)),
        ]
    }
}

/// One of each state.
fn sample_rows() -> Vec<Row> {
    let free = VoucherGain {
        kind: VoucherKind::Free,
        minimum: eur(0),
        addition: eur(2_500),
        percent: None,
        ceiling: None,
    };
    let additional = VoucherGain {
        kind: VoucherKind::Additional,
        minimum: eur(2_000),
        addition: eur(500),
        ..free.clone()
    };
    let multiplied = VoucherGain {
        kind: VoucherKind::Multiplied,
        addition: eur(0),
        percent: Some(Decimal::from(25)),
        ceiling: Some(eur(5_000)),
        ..additional.clone()
    };
    let row = |number: u32, state, gain: &VoucherGain| Row {
        id: id(u128::from(number)),
        serial: format!("SUMMER26-{number:05}"),
        state,
        gain: gain.clone(),
        redeemed_at: at(date(2026, 11, 20)),
        waits_until: (state == VoucherState::Waiting).then(|| at(date(2027, 2, 18))),
        credited: (state == VoucherState::Redeemed).then(|| eur(2_500)),
    };
    vec![
        row(117, VoucherState::Redeemed, &free),
        row(118, VoucherState::Redeemed, &multiplied),
        row(119, VoucherState::Waiting, &additional),
        row(120, VoucherState::Waiting, &VoucherGain { addition: eur(100), ..multiplied }),
        row(121, VoucherState::Expired, &additional),
        row(122, VoucherState::Void, &additional),
    ]
}

/// Three decimals, the longest series, and a waiting time without end.
fn extreme_row() -> Row {
    Row {
        id: id(1),
        serial: format!("{}-10000", "W".repeat(16)),
        state: VoucherState::Waiting,
        gain: VoucherGain {
            kind: VoucherKind::Multiplied,
            minimum: kwd(9_876_543_210),
            addition: jpy(9_876_543_210),
            percent: Decimal::try_new(12_345_678, 4).ok(),
            ceiling: Some(kwd(9_876_543_210)),
        },
        redeemed_at: at(date(2026, 11, 20)),
        waits_until: None,
        credited: None,
    }
}
