//! A provider that does not answer is left alone until a probe brings an answer (PAY-17).
//!
//! What is asked of it meanwhile fails at once, and what waited for it waits no longer: neither
//! pages nor workers are held up by it. A payment whose answer is missing for that is unknown, like
//! any other, and is looked up later.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};

use crate::GatewayError;

/// Answers in a row that are missing until the provider is left alone.
const MISSING_MAX: u32 = 3;
/// After how long an answer counts as missing, though it may come yet.
const SLOW: Duration = Duration::from_secs(8);
/// How often the provider is probed.
const PROBE_EVERY: Duration = Duration::from_secs(10);

/// Whether the provider of one gateway answers. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Circuit(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    opened: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Answers in a row that are missing.
    missing: u32,
    /// When the next probe is due, while the provider is left alone.
    probe_at: Option<Instant>,
}

impl Circuit {
    /// Whether the provider is left alone.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state().probe_at.is_some()
    }

    /// Whether a probe is due. Whoever is told so sends it: the next one is due later.
    #[must_use]
    pub fn take_probe(&self) -> bool {
        let mut state = self.state();
        let now = Instant::now();
        let is_due = state.probe_at.is_some_and(|at| at <= now);
        if is_due {
            state.probe_at = Some(now + PROBE_EVERY);
        }
        is_due
    }

    /// Waits for an answer, unless the provider is left alone by then.
    pub(crate) async fn guard<T>(
        &self,
        asked: impl Future<Output = Result<T, GatewayError>>,
    ) -> Result<T, GatewayError> {
        // From here on it hears of it.
        let mut opened = pin!(self.0.opened.notified());
        if self.is_open() {
            return Err(GatewayError::NotSent(
                "it is left alone, for it did not answer".to_owned(),
            ));
        }
        let mut asked = pin!(asked);
        let mut is_slow = false;
        loop {
            tokio::select! {
                answer = &mut asked => {
                    match is_missing(&answer) {
                        false => self.answered(),
                        true if is_slow => {}
                        true => self.missed(),
                    }
                    return answer;
                }
                () = &mut opened => {
                    let why = "it is not waited for any more, for others wait in vain too";
                    return Err(GatewayError::Unknown(why.to_owned()));
                }
                () = sleep(SLOW), if !is_slow => {
                    is_slow = true;
                    self.missed();
                }
            }
        }
    }

    /// Waits for the answer to a probe, also while the provider is left alone. It is over with an
    /// answer.
    pub(crate) async fn probe<T>(
        &self,
        asked: impl Future<Output = Result<T, GatewayError>>,
    ) -> Result<T, GatewayError> {
        let waited = timeout(SLOW, asked).await;
        let answer = waited.unwrap_or_else(|_| Err(GatewayError::Unknown("too slow".to_owned())));
        if !is_missing(&answer) {
            self.answered();
        }
        answer
    }

    fn answered(&self) {
        *self.state() = State::default();
    }

    fn missed(&self) {
        let mut state = self.state();
        state.missing = state.missing.saturating_add(1);
        if state.missing >= MISSING_MAX && state.probe_at.is_none() {
            state.probe_at = Some(Instant::now());
            drop(state);
            self.0.opened.notify_waiters();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nobody answered, or the provider said that it is out of order. That it wants to be asked
/// less is an answer.
const fn is_missing<T>(answer: &Result<T, GatewayError>) -> bool {
    matches!(answer, Err(GatewayError::NotSent(_) | GatewayError::Unknown(_)))
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    async fn hang(circuit: &Circuit) -> Result<(), GatewayError> {
        circuit.guard(pending()).await
    }

    async fn break_off(circuit: &Circuit) -> Result<(), GatewayError> {
        circuit.guard(ready(Err(GatewayError::Unknown("broken".to_owned())))).await
    }

    async fn answer(circuit: &Circuit) -> Result<(), GatewayError> {
        circuit.guard(ready(Ok(()))).await
    }

    /// One whose provider is left alone.
    async fn open() -> Circuit {
        let circuit = Circuit::default();
        for _ in 0..MISSING_MAX {
            let _missing = break_off(&circuit).await;
        }
        assert!(circuit.is_open());
        circuit
    }

    #[tokio::test(start_paused = true)]
    async fn pay_17_a_provider_that_hangs_is_left_alone_within_thirty_seconds() {
        let circuit = Circuit::default();
        let begun = Instant::now();
        let all = tokio::join!(hang(&circuit), hang(&circuit), hang(&circuit), hang(&circuit));
        for outcome in [all.0, all.1, all.2, all.3] {
            assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{outcome:?}");
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
        let begun = Instant::now();
        let outcome = hang(&circuit).await;
        assert!(matches!(outcome, Err(GatewayError::NotSent(_))), "nothing was sent: {outcome:?}");
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn pay_17_what_waits_alone_is_waited_for() {
        let circuit = Circuit::default();
        let late = async {
            sleep(SLOW * 3).await;
            Ok(())
        };
        assert_eq!(circuit.guard(late).await, Ok(()));
        assert!(!circuit.is_open());
    }

    #[tokio::test(start_paused = true)]
    async fn pay_17_one_answer_between_is_enough_and_each_missing_one_counts_once() {
        let circuit = Circuit::default();
        for _ in 0..5 {
            for _ in 1..MISSING_MAX {
                let _missing = break_off(&circuit).await;
            }
            assert_eq!(answer(&circuit).await, Ok(()));
        }
        let refused = GatewayError::Refused { code: String::new(), message: String::new() };
        for told in [refused, GatewayError::TooMany].iter().cycle().take(10) {
            let said: Result<(), _> = circuit.guard(ready(Err(told.clone()))).await;
            assert_eq!(said, Err(told.clone()));
        }
        let slow_and_broken = async {
            sleep(SLOW * 2).await;
            Err::<(), _>(GatewayError::Unknown("broken".to_owned()))
        };
        let _missing = circuit.guard(slow_and_broken).await;
        let _missing = break_off(&circuit).await;
        assert!(!circuit.is_open(), "two are missing");
    }

    #[tokio::test(start_paused = true)]
    async fn pay_17_a_probe_that_is_answered_ends_it_and_no_other_one_is_sent_meanwhile() {
        let circuit = open().await;
        assert!(circuit.take_probe() && !circuit.take_probe());
        let outcome = circuit.probe(pending::<Result<(), _>>()).await;
        assert!(outcome.is_err() && circuit.is_open(), "{outcome:?}");
        sleep(PROBE_EVERY).await;
        assert!(circuit.take_probe() && !circuit.take_probe());
        assert_eq!(circuit.probe(ready(Ok(()))).await, Ok(()));
        assert!(!circuit.is_open() && !circuit.take_probe());
        assert_eq!(answer(&circuit).await, Ok(()));
        let _missing = break_off(&circuit).await;
        assert!(!circuit.is_open(), "it is counted from the start");
    }
}
