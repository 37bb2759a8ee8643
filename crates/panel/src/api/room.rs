//! Room for large bodies. A batch is held as bytes, as JSON and as records while it is worked on;
//! many large ones at once must not take the machine's memory.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::body::BATCH_BYTES_MAX;
use super::problem::Problem;

/// Unit in which room is taken.
const UNIT: usize = 1024 * 1024;
/// Units there are: two of the largest batches, or many of the usual ones.
const UNITS: usize = 2 * LARGEST as usize;
/// Units that the largest body takes.
const LARGEST: u32 = (BATCH_BYTES_MAX / UNIT) as u32;
/// Longest wait for room.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// When who found none should try again, in seconds.
const RETRY_AFTER_S: u64 = 5;

/// Room for the bodies that are read and worked on at one time.
#[derive(Debug, Clone)]
pub struct Room {
    units: Arc<Semaphore>,
}

/// A part of the room; free again when it is dropped.
#[derive(Debug)]
#[must_use = "the room is free again at once"]
pub struct Place {
    _units: OwnedSemaphorePermit,
}

impl Default for Room {
    fn default() -> Self {
        Self { units: Arc::new(Semaphore::new(UNITS)) }
    }
}

impl Room {
    /// Waits for room for the body that these headers announce.
    ///
    /// # Errors
    /// `Busy` where none became free in time.
    pub async fn take(&self, headers: &HeaderMap) -> Result<Place, Problem> {
        let taken = Arc::clone(&self.units).acquire_many_owned(units(headers));
        match timeout(WAIT_MAX, taken).await {
            Ok(Ok(units)) => Ok(Place { _units: units }),
            Ok(Err(_)) | Err(_) => Err(Problem::busy(RETRY_AFTER_S)),
        }
    }
}

/// What a body takes: as much as its length says; the most where it says none, or too much, which
/// is refused unread.
fn units(headers: &HeaderMap) -> u32 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let bytes = length.and_then(|text| text.parse::<usize>().ok());
    let units = bytes.and_then(|bytes| u32::try_from(bytes.div_ceil(UNIT)).ok());
    units.unwrap_or(LARGEST).clamp(1, LARGEST)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, StatusCode};
    use axum::response::IntoResponse as _;

    use super::*;

    fn of_length(length: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_LENGTH, HeaderValue::from_static(length))])
    }

    #[test]
    fn a_body_takes_what_it_says_and_the_most_where_it_says_nothing() {
        for (length, taken) in [
            ("0", 1),
            ("1048576", 1),
            ("1048577", 2),
            ("33554432", 32),
            ("99999999999999999", 32),
            ("many", 32),
        ] {
            assert_eq!(units(&of_length(length)), taken, "{length}");
        }
        assert_eq!(units(&HeaderMap::new()), 32);
    }

    #[tokio::test(start_paused = true)]
    async fn who_finds_no_room_waits_a_while_and_is_then_told_when_to_come_again() {
        let room = Room::default();
        let first = room.take(&HeaderMap::new()).await.expect("room");
        let _second = room.take(&of_length("33554432")).await.expect("room");
        let refused = room.take(&of_length("10")).await.expect_err("no room").into_response();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "5");
        let waiting = tokio::spawn({
            let room = room.clone();
            async move { room.take(&of_length("10")).await.is_ok() }
        });
        tokio::task::yield_now().await;
        drop(first);
        assert!(waiting.await.expect("an end"), "there was room again");
    }
}
