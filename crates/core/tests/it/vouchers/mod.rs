//! Vouchers: made by the staff, redeemed by customers.

mod guessing;
mod redeeming;
mod staff;

use std::net::{IpAddr, Ipv4Addr};

use crate::common::{World, assert_whole_ledger, enter, live};
use portico_billing::{Currency, Money, OrganisationId, VoucherBatchId};
use portico_core::records::RecordKey;
use portico_core::{Caller, CustomerRef, NewVoucherBatch, StaffError, VoucherBatchView};
use portico_core_api::{
    CoreApi, Fault, FieldFault, Origin, RedeemedVoucher, Refusal, SessionSecret, StatementQuery,
};

/// So many vouchers that give five euros at once.
fn new(series: &str, count: u32) -> NewVoucherBatch {
    NewVoucherBatch {
        series: series.to_owned(),
        count,
        currency: Currency::EUR,
        minimum_minor: 0,
        multiplier: None,
        addition_minor: 500,
        ceiling_minor: None,
        expires_at: None,
        wait_days: None,
        note: String::new(),
    }
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// A batch whose codes nobody knows.
async fn make_sealed(world: &World, new: NewVoucherBatch) -> VoucherBatchView {
    let caller = Caller::system(world.organisation.id);
    world.core.make_voucher_batch(&caller, new).await.expect("a batch")
}

async fn make_at(
    world: &World,
    organisation: OrganisationId,
    new: NewVoucherBatch,
) -> (VoucherBatchView, Vec<String>) {
    let caller = Caller::system(organisation);
    let batch = world.core.make_voucher_batch(&caller, new).await.expect("a batch");
    let codes = world.core.export_voucher_codes(&caller, batch.id).await.expect("codes");
    (batch, codes.into_iter().map(|it| it.code).collect())
}

/// A batch with its codes.
async fn make(world: &World, new: NewVoucherBatch) -> (VoucherBatchView, Vec<String>) {
    make_at(world, world.organisation.id, new).await
}

async fn report(world: &World, id: VoucherBatchId) -> VoucherBatchView {
    let caller = Caller::system(world.organisation.id);
    world.core.voucher_batch(&caller, id).await.expect("a batch")
}

/// An address in a network of its own.
fn origin(number: u32) -> Origin {
    let address = IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + number));
    Origin { address, user_agent: None }
}

async fn redeem(
    world: &World,
    secret: &SessionSecret,
    code: &str,
    from: u32,
) -> Result<RedeemedVoucher, Refusal> {
    world.core.redeem_voucher(secret, code, origin(from)).await
}

fn at_code<T>(fault: Fault) -> Result<T, Refusal> {
    Err(Refusal::Invalid { faults: vec![FieldFault::new("code", fault)] })
}

fn refused<T>() -> Result<T, Refusal> {
    at_code(Fault::CodeNotAccepted)
}

/// Of the right form, and nobody's.
fn wrong_code(number: u8) -> String {
    portico_billing::voucher::Code::new([number; 10]).to_string()
}

#[track_caller]
fn faults<T: std::fmt::Debug>(answer: Result<T, StaffError>) -> Vec<(String, Fault)> {
    match answer {
        Err(StaffError::Invalid(faults)) => {
            faults.into_iter().map(|it| (it.field, it.fault)).collect()
        }
        other => panic!("no faults: {other:?}"),
    }
}
