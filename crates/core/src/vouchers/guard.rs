//! Against guessing codes (VCH-03): what is tried counts as a miss from before it is looked up
//! until it is known to be none. Counted in the database, so that it holds on all nodes.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use portico_billing::uuid_v7;
use portico_billing::voucher::{MISS_COUNTS_FOR, MISSES_OF_ORGANISATION, Misses};
use portico_core_api::Refusal;
use portico_store::voucher::VoucherMiss;
use uuid::Uuid;

use crate::limits::network;
use crate::visit::Scope;
use crate::{Core, Failure};

/// Takes one of the tries of a customer and a network. The answer names it, so that it can be given
/// back.
pub(super) async fn take_try(core: &Core, scope: &Scope, address: IpAddr) -> Result<Uuid, Refusal> {
    let now = core.now();
    let it = VoucherMiss {
        id: uuid_v7(now, core.id_bytes()),
        customer_id: scope.customer_id,
        network: network(address),
        at: now,
    };
    let who = (it.customer_id, it.network);
    // Whoever has none left is refused without making others wait.
    let read = core.inner.store.read(scope.organisation_id).await;
    let misses = read.map_err(Failure::from)?.voucher_misses(who, now).await;
    refuse_too_many(&misses.map_err(Failure::from)?, now)?;
    let misses = count(core, scope, &it).await?;
    refuse_too_many(&misses, now)?;
    Ok(it.id)
}

/// Counts the try, unless there were too many before it. The answer is what there was before it.
async fn count(core: &Core, scope: &Scope, it: &VoucherMiss) -> Result<Misses, Failure> {
    let mut write = core.inner.store.write(scope.organisation_id).await?;
    let alarmed_at = write.hold_voucher_guard().await?;
    let misses = write.voucher_misses((it.customer_id, it.network), it.at).await?;
    if misses.wait_until().is_some() {
        return Ok(misses);
    }
    write.insert_voucher_miss(it).await?;
    let told = alarmed_at.is_some_and(|at| it.at.duration_since(at) < MISS_COUNTS_FOR);
    let alarms = misses.of_organisation + 1 >= MISSES_OF_ORGANISATION && !told;
    if alarms {
        write.note_voucher_alarm(it.at).await?;
    }
    write.commit().await?;
    if alarms {
        tracing::error!(
            organisation = %scope.organisation_id,
            "voucher codes are being guessed: each customer and network has one try an hour now"
        );
    }
    Ok(misses)
}

fn refuse_too_many(misses: &Misses, now: Timestamp) -> Result<(), Refusal> {
    let Some(until) = misses.wait_until() else { return Ok(()) };
    let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    Err(Refusal::TooMany { retry_after: Duration::from_secs(wait.as_secs() + 1) })
}
