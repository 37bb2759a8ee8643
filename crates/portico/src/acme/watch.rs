//! How long certificates last yet: figures, and an alarm where one is not renewed.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use metrics::gauge;
use portico_core::domains::ServedCertificate;
use portico_core::{Core, Failure};
use tokio_util::sync::CancellationToken;

const PAUSE: Duration = Duration::from_secs(10);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Keeps the figures of certificates, and warns once a day of each that is late, until the program
/// stops.
pub async fn watch(core: Core, stop: CancellationToken) {
    let mut watcher = Watcher::default();
    loop {
        if let Err(failure) = watcher.look(&core).await {
            // Logged there; the next round tries again.
            let _reference = failure.report();
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

#[derive(Default)]
struct Watcher {
    hosts: HashSet<String>,
    warned: HashMap<String, Timestamp>,
}

impl Watcher {
    async fn look(&mut self, core: &Core) -> Result<(), Failure> {
        let (certificates, now) = (core.served_certificates().await?, core.now());
        let mut gone = std::mem::take(&mut self.hosts);
        for served in certificates {
            let Some(validity) = served.certificate.validity else { continue };
            let left = now.duration_until(validity.not_after);
            let days = i32::try_from(left.as_hours() / 24).unwrap_or(i32::MAX);
            gauge!("portico_certificate_days_left", "host" => served.host.clone()).set(days);
            if served.certificate.is_late(now) {
                self.warn(&served, days, now);
            }
            gone.remove(&served.host);
            self.hosts.insert(served.host);
        }
        for host in gone {
            self.warned.remove(&host);
            // No number at all, so that no alarm is raised by a domain that was removed.
            gauge!("portico_certificate_days_left", "host" => host).set(f64::NAN);
        }
        Ok(())
    }

    fn warn(&mut self, served: &ServedCertificate, days: i32, now: Timestamp) {
        let host = &served.host;
        if self.warned.get(host).is_some_and(|last| last.duration_until(now) < DAY) {
            return;
        }
        let failures = served.certificate.failures;
        tracing::warn!(host, days, failures, "a certificate is about to end and was not renewed");
        self.warned.insert(host.clone(), now);
    }
}
