//! PayPal's list of transactions, up to three hours late.
//! <https://developer.paypal.com/docs/api/transaction-search/v1/>

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use portico_billing::Money;
use portico_billing::gateway::Reference;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::PayPal;
use super::amount::Amount;
use super::fault::Trouble;
use crate::{Books, GatewayError, Movement, MovementKind, Sought, Taken};

/// The longest window that PayPal lists at once.
const WINDOW: SignedDuration = SignedDuration::from_hours(31 * 24);

/// The shortest that is asked for where there is too much in a longer one.
const WINDOW_MIN: SignedDuration = SignedDuration::from_mins(1);

/// How far from each other PayPal's clock and ours may be.
const CLOCKS: SignedDuration = SignedDuration::from_mins(5);

/// A page can have 500; this many surely fit into an answer of the size that is read.
const PAGE_SIZE: &str = "250";

/// What PayPal calls a window with more in it than it lists.
const TOO_LARGE: &str = "RESULTSET_TOO_LARGE";

/// The part of the list that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) page: u32,
}

#[derive(Default, Deserialize)]
struct Listing {
    #[serde(default)]
    transaction_details: Vec<Detail>,
    total_pages: Option<u32>,
}

#[derive(Deserialize)]
struct Detail {
    transaction_info: Transaction,
}

/// `transaction_info`. All is optional: a record of another kind must not make the list unreadable.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Transaction {
    #[serde(default)]
    transaction_id: String,
    #[serde(default)]
    transaction_event_code: String,
    transaction_status: Option<String>,
    transaction_initiation_date: Option<Timestamp>,
    transaction_amount: Option<Amount>,
    fee_amount: Option<Amount>,
    paypal_reference_id: Option<String>,
    paypal_reference_id_type: Option<String>,
    invoice_id: Option<String>,
    custom_field: Option<String>,
}

#[async_trait]
impl Books for PayPal {
    /// In each window of at most 31 days a page is sorted; the pages are in PayPal's order. What
    /// moved within the last three hours may be missing still.
    async fn movements(
        &self,
        window: (Timestamp, Timestamp),
        cursor: Option<&str>,
    ) -> Result<(Vec<Movement>, Option<String>), GatewayError> {
        let (from, until) = window;
        let mut place = match cursor {
            Some(text) => Place::read(text)?,
            None => Place::after(from, until),
        };
        if place.from >= until {
            return Ok((Vec::new(), None));
        }
        let listing = loop {
            match self.listing(place).await {
                Err(Trouble::Fault(fault)) if fault.is(TOO_LARGE) => {
                    place = place.halved().ok_or(Trouble::Fault(fault))?;
                }
                listing => break listing?,
            }
        };
        let next = place.next(listing.total_pages, until);
        let transactions = listing.transaction_details.into_iter();
        let read = transactions.map(|detail| detail.transaction_info.movement());
        let mut movements =
            read.filter_map(Result::transpose).collect::<Result<Vec<Movement>, GatewayError>>()?;
        movements.sort_by_key(|movement| movement.at);
        Ok((movements, next.map(|place| place.to_string())))
    }
}

impl PayPal {
    /// The capture of an attempt whose order is not known, by the reference that it was given.
    pub(super) async fn find_payment(
        &self,
        sought: &Sought<'_>,
    ) -> Result<Option<String>, Trouble> {
        let from = shifted(sought.since, -CLOCKS);
        let until = sought.now.min(shifted(from, WINDOW));
        let mut place = (from < until).then(|| Place::after(from, until));
        while let Some(here) = place {
            let listing = match self.listing(here).await {
                Err(Trouble::Fault(fault)) if fault.is(TOO_LARGE) => {
                    place = Some(here.halved().ok_or(Trouble::Fault(fault))?);
                    continue;
                }
                listing => listing?,
            };
            place = here.next(listing.total_pages, until);
            let mut transactions = listing.transaction_details.into_iter();
            let found = transactions.find(|it| it.transaction_info.pays(sought.reference));
            if let Some(detail) = found {
                return Ok(Some(detail.transaction_info.transaction_id));
            }
        }
        Ok(None)
    }

    /// What the list has that was taken from a capture or came back of it.
    pub(super) async fn listed_of(&self, taken: &Taken<'_>) -> Result<Vec<Movement>, Trouble> {
        let from = shifted(taken.since, -CLOCKS);
        let mut place = (from < taken.now).then(|| Place::after(from, taken.now));
        let mut found: Vec<Movement> = Vec::new();
        while let Some(here) = place {
            let listing = match self.listing(here).await {
                Err(Trouble::Fault(fault)) if fault.is(TOO_LARGE) => {
                    place = Some(here.halved().ok_or(Trouble::Fault(fault))?);
                    continue;
                }
                listing => listing?,
            };
            place = here.next(listing.total_pages, taken.now);
            for detail in listing.transaction_details {
                let Some(movement) = detail.transaction_info.movement()? else { continue };
                // What is won again may name what it was taken by.
                let is_of_it = movement.charge.as_deref().is_some_and(|of| {
                    let known = taken.known.iter().any(|known| known == of);
                    of == taken.charge || known || found.iter().any(|it| it.id == of)
                });
                found.extend(Some(movement).filter(|_| is_of_it));
            }
        }
        Ok(found)
    }

    async fn listing(&self, place: Place) -> Result<Listing, Trouble> {
        // Both ends belong to the window.
        let end = shifted(place.until, SignedDuration::from_millis(-1));
        let query = Serializer::new(String::new())
            .append_pair("start_date", &place.from.to_string())
            .append_pair("end_date", &end.to_string())
            .append_pair("fields", "transaction_info")
            .append_pair("balance_affecting_records_only", "Y")
            .append_pair("page_size", PAGE_SIZE)
            .append_pair("page", &place.page.to_string())
            .finish();
        match self.api.get(&format!("/v1/reporting/transactions?{query}")).await {
            // All of the window is newer than the list.
            Err(Trouble::Fault(fault))
                if fault.is("INVALID_REQUEST") && fault.message.contains("not available") =>
            {
                Ok(Listing::default())
            }
            listing => listing,
        }
    }
}

impl Place {
    /// The first page of the window that begins at `from`.
    pub(super) fn after(from: Timestamp, until: Timestamp) -> Self {
        Self { from, until: shifted(from, WINDOW).min(until), page: 1 }
    }

    /// The next page, or the next window.
    pub(super) fn next(self, pages: Option<u32>, until: Timestamp) -> Option<Self> {
        if pages.is_some_and(|pages| self.page < pages) {
            return Some(Self { page: self.page.saturating_add(1), ..self });
        }
        (self.until < until).then(|| Self::after(self.until, until))
    }

    /// The first half of the window, where it is long enough.
    pub(super) fn halved(self) -> Option<Self> {
        let half = self.until.duration_since(self.from).checked_div(2)?;
        let until = shifted(self.from, SignedDuration::from_secs(half.as_secs()));
        (half >= WINDOW_MIN).then_some(Self { until, page: 1, ..self })
    }

    /// Reads what `Display` wrote.
    pub(super) fn read(text: &str) -> Result<Self, GatewayError> {
        let read = || {
            let mut parts = text.split(' ');
            let from = parts.next()?.parse().ok()?;
            let until = parts.next()?.parse().ok()?;
            let page = parts.next()?.parse().ok()?;
            Some(Self { from, until, page })
        };
        read().ok_or_else(|| GatewayError::Refused {
            code: "CURSOR".to_owned(),
            message: "not a cursor of this list".to_owned(),
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.from, self.until, self.page)
    }
}

impl Transaction {
    /// Whether it is the payment of that attempt, in whatever state.
    pub(super) fn pays(&self, reference: &Reference) -> bool {
        let named = |field: &Option<String>| field.as_deref() == Some(reference.as_str());
        self.transaction_event_code.starts_with("T00")
            && (named(&self.custom_field) || named(&self.invoice_id))
    }

    /// What it means for payments; nothing for fees, conversions, holds, withdrawals.
    ///
    /// # Errors
    /// `Unknown` where its amounts cannot be read.
    pub(super) fn movement(self) -> Result<Option<Movement>, GatewayError> {
        // `S`: done. `V`: undone later, which is a transaction of its own. Others have not moved.
        let done = matches!(self.transaction_status.as_deref(), Some("S" | "V"));
        let Some((kind, incoming)) = kind(&self.transaction_event_code).filter(|_| done) else {
            return Ok(None);
        };
        let unread = || GatewayError::Unknown(format!("transaction {}", self.transaction_id));
        let money = self.transaction_amount.as_ref().ok_or_else(unread)?.money()?;
        let at = self.transaction_initiation_date.ok_or_else(unread)?;
        if money.is_zero() || money.is_positive() != incoming {
            return Ok(None);
        }
        let fee = match (kind, &self.fee_amount) {
            (MovementKind::Payment, Some(fee)) => Some(positive(fee.money()?)?),
            _ => None,
        };
        let is_transaction = self.paypal_reference_id_type.as_deref() == Some("TXN");
        let names = [self.invoice_id, self.custom_field].into_iter().flatten();
        Ok(Some(Movement {
            kind,
            id: self.transaction_id,
            charge: self
                .paypal_reference_id
                .filter(|_| is_transaction && kind != MovementKind::Payment),
            reference: names.into_iter().find(|name| name.parse::<Reference>().is_ok()),
            money: positive(money)?,
            fee,
            at,
        }))
    }
}

/// The event codes that tell of payments, and whether money comes in by them:
/// <https://developer.paypal.com/docs/transaction-search/transaction-event-codes/>. What the
/// organisation pays to others has the same codes and goes the other way. A hold for a dispute
/// (T1110) is none of them: the money has not gone yet.
fn kind(code: &str) -> Option<(MovementKind, bool)> {
    match code {
        "T1107" => Some((MovementKind::Refund, false)),
        "T1106" | "T1201" | "T1207" => Some((MovementKind::Dispute, false)),
        "T1202" | "T1205" | "T1208" => Some((MovementKind::DisputeWon, true)),
        _ => code.starts_with("T00").then_some((MovementKind::Payment, true)),
    }
}

fn positive(money: Money) -> Result<Money, GatewayError> {
    let minor = money.minor().checked_abs();
    let minor = minor.ok_or_else(|| GatewayError::Unknown("an amount too large".to_owned()))?;
    Ok(Money::new(minor, money.currency()))
}

/// Sooner or later by `span`, within the times that there are.
fn shifted(time: Timestamp, span: SignedDuration) -> Timestamp {
    let end = if span.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    time.checked_add(span).unwrap_or(end)
}
