//! Gateways whose providers do not answer (PAY-17): they are not offered, and probed until they do.
//!
//! Each process finds out by itself: what one cannot reach another one may.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use portico_billing::{GatewayId, OrganisationId};
use portico_gateways::Circuit;
use tokio::task::JoinSet;

use super::open::open_by;
use crate::{Core, Failure};

/// The circuits of all gateways that were opened since the start.
#[derive(Default)]
pub(crate) struct Circuits(Mutex<HashMap<GatewayId, Known>>);

struct Known {
    organisation: OrganisationId,
    circuit: Circuit,
    /// Whether the log says that it does not answer.
    is_told: bool,
}

impl Circuits {
    /// That of a gateway.
    pub(super) fn of(&self, organisation: OrganisationId, id: GatewayId) -> Circuit {
        let fresh = || Known { organisation, circuit: Circuit::default(), is_told: false };
        self.known().entry(id).or_insert_with(fresh).circuit.clone()
    }

    /// Whether a gateway can be asked, as far as is known.
    pub(crate) fn answers(&self, id: GatewayId) -> bool {
        self.known().get(&id).is_none_or(|it| !it.circuit.is_open())
    }

    /// Those that are to be probed now. What changed is told to the log.
    fn due(&self) -> Vec<(OrganisationId, GatewayId, Circuit)> {
        let mut due = Vec::new();
        for (id, it) in self.known().iter_mut() {
            let is_open = it.circuit.is_open();
            match (is_open, it.is_told) {
                (true, false) => tracing::error!(gateway = %id, "a provider does not answer"),
                (false, true) => tracing::info!(gateway = %id, "a provider answers again"),
                _ => {}
            }
            it.is_told = is_open;
            if it.circuit.take_probe() {
                due.push((it.organisation, *id, it.circuit.clone()));
            }
        }
        due
    }

    fn forget(&self, id: GatewayId) {
        self.known().remove(&id);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<GatewayId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins to ask those providers whose turn it is whether they answer again.
pub(crate) fn begin_probes(core: &Core, work: &mut JoinSet<()>) {
    for probe in core.inner.circuits.due() {
        let core = core.clone();
        work.spawn(async move {
            if let Err(failure) = send_probe(&core, probe).await {
                // Logged there; the next one comes soon.
                let _reference = failure.report();
            }
        });
    }
}

/// Whatever the provider answers, it does: the circuit hears of it.
async fn send_probe(
    core: &Core,
    (organisation, id, circuit): (OrganisationId, GatewayId, Circuit),
) -> Result<(), Failure> {
    let record = core.inner.store.read(organisation).await?.gateway(id).await?;
    let Some(record) = record else {
        core.inner.circuits.forget(id);
        return Ok(());
    };
    let open = open_by(core, record, core.inner.http.probing(circuit))?;
    if let Err(error) = open.gateway.probe().await {
        tracing::debug!(gateway = %id, %error, "a probe");
    }
    Ok(())
}
