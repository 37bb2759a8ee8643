//! One voucher.

use axum::extract::Path;
use jiff::Timestamp;
use portico_billing::permission::Permission;
use portico_billing::voucher::VoucherState;
use portico_billing::{Currency, Money, VoucherId};
use portico_core::VoucherView;
use portico_core_api::VoucherGain;
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::super::answer::Stop;
use super::super::customers::{LONG, sample_id};
use super::super::params::Params;
use super::super::{Answer, Staff, paths};
use super::batch::Holder;
use super::{Head, done};

/// A voucher, with what its batch says of it.
#[derive(Debug, Clone, Serialize)]
struct Shown {
    id: String,
    serial: String,
    state: VoucherState,
    batch_id: String,
    series: String,
    gain: VoucherGain,
    customer: Option<Holder>,
    redeemed_at: Option<Timestamp>,
    waits_until: Option<Timestamp>,
    credited: Option<Money>,
    credited_at: Option<Timestamp>,
    payment_id: Option<String>,
    voided_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    may_void: bool,
}

impl Shown {
    /// The voucher that an address names.
    async fn load(staff: &Staff, id: &str) -> Result<Self, Stop> {
        let id: VoucherId = id.parse().map_err(|_| Problem::NotFound)?;
        let it = staff.core().voucher(staff.caller(), &id.to_string()).await?;
        let batch = staff.core().voucher_batch(staff.caller(), it.batch_id).await?;
        let may_edit = staff.may(Permission::EditVouchers);
        Ok(Self::new(it, &Head::new(batch, may_edit)))
    }

    fn new(it: VoucherView, batch: &Head) -> Self {
        let is_open = matches!(it.state, VoucherState::Live | VoucherState::Waiting);
        Self {
            customer: Holder::of(&it),
            id: it.id.uuid().to_string(),
            serial: it.serial,
            state: it.state,
            batch_id: batch.id.clone(),
            series: batch.series.clone(),
            gain: batch.gain.clone(),
            redeemed_at: it.redeemed_at,
            waits_until: it.waits_until,
            credited: it.credited,
            credited_at: it.credited_at,
            payment_id: it.payment_id.map(|id| id.uuid().to_string()),
            voided_at: it.voided_at,
            expires_at: batch.expires_at,
            may_void: batch.may_edit && is_open,
        }
    }

    fn sample(state: VoucherState, name: &str) -> Self {
        let batch = Head::sample(1, "live");
        let moment = |is: bool| is.then_some(Timestamp::UNIX_EPOCH);
        let redeemed = state == VoucherState::Redeemed;
        let taken = redeemed || state == VoucherState::Waiting;
        Self {
            id: sample_id(3),
            serial: "SUMMER1-00003".to_owned(),
            state,
            batch_id: batch.id,
            series: batch.series,
            gain: batch.gain,
            customer: taken.then(|| Holder::sample(name)),
            redeemed_at: moment(taken),
            waits_until: moment(taken),
            credited: redeemed.then(|| Money::new(2_500, Currency::EUR)),
            credited_at: moment(redeemed),
            payment_id: redeemed.then(|| sample_id(7)),
            voided_at: moment(state == VoucherState::Void),
            expires_at: moment(state == VoucherState::Expired),
            may_void: !redeemed,
        }
    }
}

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct VoucherPage {
    voucher: Shown,
}

/// Asks before a voucher is cancelled.
#[derive(Debug, Clone, Serialize)]
pub struct VoidVoucherPage {
    voucher: Shown,
}

/// GET: the voucher.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let voucher = Shown::load(&staff, &id).await?;
    staff.page(&VoucherPage { voucher })
}

/// GET: asks before it is cancelled.
pub async fn ask_void(staff: Staff, Path(id): Path<String>) -> Answer {
    let voucher = Shown::load(&staff, &id).await?;
    staff.page(&VoidVoucherPage { voucher })
}

/// POST: cancels it.
pub async fn void(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let id: VoucherId = id.parse().map_err(|_| Problem::NotFound)?;
    let voided = staff.core().void_voucher(staff.caller(), &id.to_string()).await;
    let to = paths::VOUCHER.replace("{id}", &id.uuid().to_string());
    done(&staff, &to, voided, "notice-vouchers-voided")
}

impl Page for VoucherPage {
    const TEMPLATE: &'static str = "panel/vouchers/show.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |state, name| Self { voucher: Shown::sample(state, name) };
        vec![
            Sample::new("live", page(VoucherState::Live, "")),
            Sample::new("waiting", page(VoucherState::Waiting, LONG)),
            Sample::new("redeemed", page(VoucherState::Redeemed, "Northwind Telecom")),
            Sample::new("void", page(VoucherState::Void, "")),
            Sample::new("expired", page(VoucherState::Expired, "")),
        ]
    }
}

impl Page for VoidVoucherPage {
    const TEMPLATE: &'static str = "panel/vouchers/void.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |state| Self { voucher: Shown::sample(state, "Northwind Telecom") };
        vec![
            Sample::new("live", page(VoucherState::Live)),
            Sample::new("waiting", page(VoucherState::Waiting)),
        ]
    }
}
