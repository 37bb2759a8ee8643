//! Looking for what carries a reference, page by page.

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;

use super::client::{Client, Form};
use super::wire::{Listed, Page};
use crate::GatewayError;

/// Pages that are looked through. More is another question's work.
const PAGES_MAX: usize = 100;

/// How far the clocks of Stripe and Portico may be apart.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(10);

/// How long after its beginning something may still come to be listed: the request waits half a
/// minute at most, and Stripe may work on it after that.
const UNSETTLED: SignedDuration = SignedDuration::from_mins(5);

/// What looking through a list brought.
pub enum Found<T> {
    /// This one.
    One(T),
    /// There is none.
    None,
    /// The list is longer than what is looked through.
    TooLong,
}

/// All of a list, where it is not too long, newest first.
///
/// # Errors
/// See [`GatewayError`].
pub async fn all<T: Listed + DeserializeOwned + Send>(
    client: &Client,
    path: &str,
    query: &Form,
) -> Result<Option<Vec<T>>, GatewayError> {
    let mut items = Vec::new();
    let end = walk(client, path, query, |item: T| {
        items.push(item);
        None::<()>
    });
    Ok(matches!(end.await?, Found::None).then_some(items))
}

/// The newest of a list that `is_it`.
///
/// # Errors
/// See [`GatewayError`].
pub async fn first<T: Listed + DeserializeOwned>(
    client: &Client,
    path: &str,
    query: &Form,
    is_it: impl Fn(&T) -> bool + Send + Sync,
) -> Result<Found<T>, GatewayError> {
    walk(client, path, query, |item| is_it(&item).then_some(item)).await
}

async fn walk<T: Listed + DeserializeOwned, R>(
    client: &Client,
    path: &str,
    query: &Form,
    mut each: impl FnMut(T) -> Option<R> + Send,
) -> Result<Found<R>, GatewayError> {
    let mut after: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let query = query.clone().with_some("starting_after", after.as_deref());
        let page: Page<T> = client.get(path, &query).await?;
        after = page.data.last().map(|last| last.id().to_owned());
        if let Some(found) = page.data.into_iter().find_map(&mut each) {
            return Ok(Found::One(found));
        }
        if !page.has_more || after.is_none() {
            return Ok(Found::None);
        }
    }
    Ok(Found::TooLong)
}

/// A list of what was made since an attempt began. It has no other end than now: an order may be
/// sent long after that.
pub fn made_since(since: Timestamp) -> Form {
    let from = since.as_second() - CLOCKS_APART.as_secs();
    plain().with("created[gte]", from.to_string())
}

/// A list with as much on a page as Stripe gives.
pub fn plain() -> Form {
    Form::default().with("limit", "100")
}

/// A list whose objects are unfolded: an answer stays within what is read of one.
pub fn unfolded(parts: &[&str]) -> Form {
    Form::default().with("limit", "50").expand(parts)
}

/// Nothing was found. Whether that proves that there is nothing.
///
/// # Errors
/// `Unknown` where it does not, yet.
pub fn surely_absent(since: Timestamp, now: Timestamp) -> Result<(), GatewayError> {
    if now.duration_since(since) < UNSETTLED {
        return Err(GatewayError::Unknown("it may still come".to_owned()));
    }
    Ok(())
}

/// The list is too long to say that something is not in it.
pub fn too_long() -> GatewayError {
    GatewayError::Unknown("there is too much to look through".to_owned())
}
