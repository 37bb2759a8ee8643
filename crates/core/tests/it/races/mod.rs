//! Limited things: however many try at the same moment, exactly so much is given out as there is
//! (PAY-06, VCH-02). Without the lock, or the key, that decides it, a round fails.

mod credit;
mod documents;
mod paying;
mod vouchers;

use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::common::{World, assert_whole_ledger};

/// Who tries at the same moment.
const TRIERS: usize = 32;
/// How often they do.
const ROUNDS: usize = 200;

/// What all who try get; nobody begins before all are there.
async fn at_once<T, F>(mut each: impl FnMut(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(TRIERS));
    let mut tries = JoinSet::new();
    for number in 0..TRIERS {
        let (start, its_try) = (Arc::clone(&start), each(number));
        tries.spawn(async move {
            start.wait().await;
            its_try.await
        });
    }
    tries.join_all().await
}
