//! Against trying out cards (DOS-08). What counts is counted among the stored attempts, so that it
//! holds on all nodes.

use std::net::IpAddr;

use portico_billing::CustomerId;
use portico_billing::attempt_tries::{TRY_AGAIN_AFTER, TRY_COUNTS_FOR, TooOften};
use portico_core_api::{Origin, Refusal};
use portico_store::Read;

use crate::limits::network;
use crate::{Core, Failure};

/// Who is about to pay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trier {
    customer: CustomerId,
    network: IpAddr,
    by_stored_method: bool,
}

impl Trier {
    pub(super) fn new(customer: CustomerId, origin: &Origin, by_stored_method: bool) -> Self {
        Self { customer, network: network(origin.address), by_stored_method }
    }

    /// From where, as it is counted.
    pub(super) const fn network(&self) -> IpAddr {
        self.network
    }
}

/// Refuses one more attempt where there were too many of late.
pub(super) async fn refuse_too_many(
    core: &Core,
    read: &mut Read,
    who: &Trier,
) -> Result<(), Refusal> {
    let since = core.now() - TRY_COUNTS_FOR;
    let (whose, all) = ((who.customer, who.network), !who.by_stored_method);
    let tries = read.payment_tries(whose, since, all).await.map_err(Failure::from)?;
    let Some(who) = tries.refusal(who.by_stored_method) else { return Ok(()) };
    let organisation = read.organisation_id();
    if who == TooOften::Organisation && core.inner.limits.declines_alarm(organisation).is_ok() {
        tracing::error!(
            %organisation,
            "cards are being tried out with many accounts: new methods are not taken for a while"
        );
    }
    Err(Refusal::TooMany { retry_after: TRY_AGAIN_AFTER.unsigned_abs() })
}
