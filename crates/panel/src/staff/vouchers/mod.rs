//! Vouchers: batches of them, and single ones.

pub mod actions;
pub mod batch;
pub mod form;
pub mod list;
pub mod show;

use jiff::Timestamp;
use portico_billing::permission::Permission;
use portico_billing::voucher::VoucherKind;
use portico_billing::{Currency, Money, VoucherBatchId};
use portico_core::{StaffError, VoucherBatchView};
use portico_core_api::VoucherGain;
use portico_ui::errors::Problem;
use rust_decimal::Decimal;
use serde::Serialize;

use super::answer::Stop;
use super::customers::sample_id;
use super::{Answer, Staff, paths};

/// What one of a kind gives, for samples.
fn sample_gain(kind: VoucherKind) -> VoucherGain {
    let eur = |minor| Money::new(minor, Currency::EUR);
    let (minimum, addition) = match kind {
        VoucherKind::Free => (0, 2_500),
        VoucherKind::Additional => (2_000, 500),
        VoucherKind::Multiplied => (2_000, 0),
    };
    let shares = kind == VoucherKind::Multiplied;
    VoucherGain {
        kind,
        minimum: eur(minimum),
        addition: eur(addition),
        percent: shares.then(|| Decimal::from(25)),
        ceiling: shares.then(|| eur(5_000)),
    }
}

/// How many of a batch are in which state, and what they brought.
#[derive(Debug, Clone, Serialize)]
struct Report {
    live: u32,
    waiting: u32,
    redeemed: u32,
    void: u32,
    expired: u32,
    credited: Money,
}

/// What all pages of a batch show of it.
#[derive(Debug, Clone, Serialize)]
struct Head {
    /// Identifier, as it stands in addresses.
    id: String,
    series: String,
    gain: VoucherGain,
    count: u32,
    /// `void`, `spent`, `expired`, `unexported`, `live`.
    state: &'static str,
    expires_at: Option<Timestamp>,
    wait_days: Option<u16>,
    note: String,
    created_at: Timestamp,
    exported_at: Option<Timestamp>,
    voided_at: Option<Timestamp>,
    report: Report,
    /// Whether whoever looks may download its codes and cancel it.
    may_edit: bool,
}

impl Head {
    /// The batch that an address names.
    async fn load(staff: &Staff, id: &str) -> Result<(Self, VoucherBatchId), Stop> {
        let id: VoucherBatchId = id.parse().map_err(|_| Problem::NotFound)?;
        let batch = staff.core().voucher_batch(staff.caller(), id).await?;
        Ok((Self::new(batch, staff.may(Permission::EditVouchers)), id))
    }

    fn new(it: VoucherBatchView, may_edit: bool) -> Self {
        Self {
            id: it.id.uuid().to_string(),
            state: state_of(&it),
            gain: VoucherGain::from(&it.terms),
            series: it.series,
            count: it.count,
            expires_at: it.expires_at,
            wait_days: it.wait_days,
            note: it.note,
            created_at: it.created_at,
            exported_at: it.exported_at,
            voided_at: it.voided_at,
            report: Report {
                live: it.report.live,
                waiting: it.report.waiting,
                redeemed: it.report.redeemed,
                void: it.report.void,
                expired: it.report.expired,
                credited: it.report.credited,
            },
            may_edit,
        }
    }

    /// A page of it, made from its constant.
    fn path(&self, pattern: &str) -> String {
        pattern.replace("{id}", &self.id)
    }

    /// In one of the states, for samples.
    fn sample(number: u32, state: &'static str) -> Self {
        let kinds = VoucherKind::ALL;
        let kind = kinds[number as usize % kinds.len()];
        let at = |is: bool| is.then_some(Timestamp::UNIX_EPOCH);
        Self {
            id: sample_id(number),
            series: format!("SUMMER{number}"),
            gain: sample_gain(kind),
            count: 1_000,
            state,
            expires_at: at(state == "expired"),
            wait_days: (kind != VoucherKind::Free).then_some(90),
            note: "Spring fair, Madrid".to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            exported_at: at(state != "unexported"),
            voided_at: at(state == "void"),
            report: Report {
                live: 880,
                waiting: 3,
                redeemed: 117,
                void: 0,
                expired: 0,
                credited: Money::new(292_500, Currency::EUR),
            },
            may_edit: true,
        }
    }
}

/// The state of a batch in a word.
fn state_of(it: &VoucherBatchView) -> &'static str {
    let none_left = it.report.live + it.report.waiting == 0;
    match (it.voided_at.is_some(), none_left, it.exported_at.is_some()) {
        (true, ..) => "void",
        (_, true, _) if it.report.expired > 0 => "expired",
        (_, true, _) => "spent",
        (_, _, false) => "unexported",
        _ => "live",
    }
}

/// Back to a page that says what was done, or which rule stands against it.
fn done<T>(staff: &Staff, to: &str, result: Result<T, StaffError>, notice: &str) -> Answer {
    match result {
        Ok(_) => Ok(staff.here.redirect_with_notice(to, "success", notice)),
        Err(StaffError::Rule(rule)) => {
            Ok(staff.here.redirect_with_notice(to, "danger", rule.message_key()))
        }
        Err(error) => Err(error.into()),
    }
}

/// The page of a batch.
fn batch_path(id: VoucherBatchId) -> String {
    paths::VOUCHER_BATCH.replace("{id}", &id.uuid().to_string())
}
