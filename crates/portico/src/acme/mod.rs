//! Certificates by ACME (RFC 8555): orders that are due, a few at a time.

mod account;
mod answer;
mod order;
mod watch;

use std::time::Duration;

use portico_billing::domain::OrderFault;
use portico_core::domains::CertificateOrder;
use portico_core::{Core, Failure};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use answer::with_answers;
pub use watch::watch;

use crate::config::Config;
use account::Authority;

/// Orders under way at once: authorities do not like to be flooded.
const ORDERS: usize = 4;
/// Between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(2);
/// For all steps of one order; shorter than the lock of it.
const PATIENCE: Duration = Duration::from_secs(4 * 60);

/// Checks the DNS of domains, and orders certificates, until the program stops. An order that is
/// cut off then is taken up again once its lock has run out.
pub async fn run(core: Core, config: Config, stop: CancellationToken) {
    let authority = Authority::from_config(&config);
    let mut orders = JoinSet::new();
    loop {
        if let Err(failure) = core.check_due_domains().await {
            // Logged there; the next round tries again.
            let _reference = failure.report();
        }
        if let Some(authority) = &authority
            && let Err(failure) = begin(&core, authority, &mut orders).await
        {
            let _reference = failure.report();
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
        while orders.try_join_next().is_some() {}
    }
}

/// Takes as many orders as there is room for.
async fn begin(
    core: &Core,
    authority: &Authority,
    orders: &mut JoinSet<()>,
) -> Result<(), Failure> {
    let room = u16::try_from(ORDERS.saturating_sub(orders.len())).unwrap_or(0);
    if room == 0 {
        return Ok(());
    }
    for order in core.take_certificate_orders(room).await? {
        let (core, authority) = (core.clone(), authority.clone());
        orders.spawn(async move {
            if let Err(failure) = carry_out(&core, &authority, &order).await {
                let _reference = failure.report();
            }
        });
    }
    Ok(())
}

/// One order, from the look at the DNS to the certificate or the reason why there is none.
async fn carry_out(
    core: &Core,
    authority: &Authority,
    order: &CertificateOrder,
) -> Result<(), Failure> {
    let host = order.host();
    if !core.confirm_certificate_order(order).await? {
        tracing::warn!(host, "no certificate is ordered: the CNAME does not lead to its claim");
        return Ok(());
    }
    let ordered = tokio::time::timeout(PATIENCE, order::certificate(core, authority, order)).await;
    let message = match ordered {
        Ok(Ok(issued)) => {
            let until = issued.validity.not_after;
            if core.certificate_issued(order, issued).await? {
                tracing::info!(host, %until, "a certificate has come");
            }
            return Ok(());
        }
        Ok(Err(error)) => format!("{error:#}"),
        Err(_) => "the certificate authority took too long".to_owned(),
    };
    tracing::warn!(host, error = message, "there is no certificate");
    core.certificate_failed(order, OrderFault::Authority { message }).await
}
