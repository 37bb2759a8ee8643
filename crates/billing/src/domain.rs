//! Domains of brands: whose a host is, what proves it, and when its certificate is due.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::BrandId;

/// A host that a brand is to answer on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The brand.
    pub brand_id: BrandId,
    /// The host, as the brand is found by it.
    pub host: String,
    /// What must be proven; nothing for hosts that need no proof.
    pub claim: Option<Claim>,
    /// Its certificate, from the proof on.
    pub certificate: Option<Certificate>,
}

/// An organisation says that a host is its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// First label of the CNAME's target: random, and new with each claim.
    pub label: String,
    /// Since when.
    pub claimed_at: Timestamp,
    /// When the DNS was asked last.
    pub checked_at: Option<Timestamp>,
    /// What it said then.
    pub dns: Option<DnsState>,
    /// When the CNAME was first seen. The brand answers on the host from then on.
    pub proven_at: Option<Timestamp>,
}

/// What the DNS says of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DnsState {
    /// Its CNAME leads to the claim.
    Points,
    /// There is no record of it.
    NotFound,
    /// It has an address record and no CNAME.
    AddressRecord {
        /// The first of its addresses.
        address: String,
    },
    /// Its CNAME leads here, but not to this claim: the label is missing, old, or another one's.
    OtherClaim {
        /// Where it leads.
        target: String,
    },
    /// Its CNAME leads to another place.
    PointsElsewhere {
        /// Where it leads.
        target: String,
    },
    /// The DNS did not answer.
    NoAnswer,
}

impl DnsState {
    /// Its word in data and texts: `points_elsewhere`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::NotFound => "not_found",
            Self::AddressRecord { .. } => "address_record",
            Self::OtherClaim { .. } => "other_claim",
            Self::PointsElsewhere { .. } => "points_elsewhere",
            Self::NoAnswer => "no_answer",
        }
    }

    /// What was found instead of the claim: a target or an address.
    #[must_use]
    pub fn found(&self) -> Option<&str> {
        match self {
            Self::AddressRecord { address } => Some(address),
            Self::OtherClaim { target } | Self::PointsElsewhere { target } => Some(target),
            Self::Points | Self::NotFound | Self::NoAnswer => None,
        }
    }
}

/// What is known of a host's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// From when until when the present one is valid; nothing before the first.
    pub validity: Option<Validity>,
    /// When the next order may begin.
    pub try_at: Timestamp,
    /// Until when an order that has begun may take.
    pub locked_until: Option<Timestamp>,
    /// Orders that failed one after the other.
    pub failures: u32,
    /// Why the last one failed.
    pub last_fault: Option<OrderFault>,
}

/// Why there was no certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum OrderFault {
    /// The CNAME did not lead to the claim when it was looked at again, so nothing was ordered.
    NotPointing,
    /// The certificate authority refused, or could not be reached.
    Authority {
        /// In its own words.
        message: String,
    },
}

/// From when until when a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Its beginning.
    pub not_before: Timestamp,
    /// Its end.
    pub not_after: Timestamp,
}

/// The state of a certificate, as people are told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateState {
    /// None is wanted: the host is not proven, or needs none.
    None,
    /// An order is under way or about to be.
    Ordering,
    /// There is one.
    Valid {
        /// Its end.
        until: Timestamp,
    },
    /// The last order failed.
    Failed {
        /// Why.
        fault: OrderFault,
        /// When the next one begins.
        next_try: Timestamp,
        /// Until when the present certificate serves, if there is one.
        until: Option<Timestamp>,
    },
}

/// Time between two orders after the first failure; it doubles with each one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);
const WARNING: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A claim that nobody proves for so long keeps no other organisation from the host.
const CLAIM_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Validity {
    /// When it is to be renewed: with a third of its life left.
    #[must_use]
    pub fn renew_at(self) -> Timestamp {
        let life = self.not_before.duration_until(self.not_after);
        self.not_after.checked_sub(life / 3).unwrap_or(self.not_after)
    }
}

impl Certificate {
    /// The first order of a host that has just been proven.
    #[must_use]
    pub const fn wanted(now: Timestamp) -> Self {
        Self { validity: None, try_at: now, locked_until: None, failures: 0, last_fault: None }
    }

    /// When to try again after one more failure: in a minute, then in twice the time, in six hours
    /// at most; sooner where the present certificate's end comes near.
    #[must_use]
    pub fn retry_at(&self, now: Timestamp) -> Timestamp {
        let pause = FIRST_PAUSE.checked_mul(1 << self.failures.min(20)).unwrap_or(LONGEST_PAUSE);
        let left = self.validity.map(|it| now.duration_until(it.not_after));
        let near = left.filter(|left| left.is_positive()).map_or(LONGEST_PAUSE, |left| left / 10);
        now + pause.min(LONGEST_PAUSE).min(near.max(FIRST_PAUSE))
    }

    /// What people are told.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> CertificateState {
        let until = self.validity.map(|it| it.not_after).filter(|end| *end > now);
        let ordering = self.locked_until.is_some_and(|end| end > now);
        match (&self.last_fault, until) {
            (Some(fault), until) if !ordering => {
                CertificateState::Failed { fault: fault.clone(), next_try: self.try_at, until }
            }
            (_, Some(until)) => CertificateState::Valid { until },
            (_, None) => CertificateState::Ordering,
        }
    }

    /// Whether its end is less than a week away although it should have been renewed.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.validity.is_some_and(|it| {
            now.duration_until(it.not_after) < WARNING
                && (self.failures > 0 || now > it.renew_at() + FIRST_PAUSE)
        })
    }
}

impl Claim {
    /// A claim that begins now.
    #[must_use]
    pub const fn new(label: String, now: Timestamp) -> Self {
        Self { label, claimed_at: now, checked_at: None, dns: None, proven_at: None }
    }

    /// When the DNS is to be asked again without anybody's asking: every minute at first, ever more
    /// seldom while nothing comes of it; every six hours once the host is proven.
    #[must_use]
    pub fn next_check(&self, now: Timestamp) -> Timestamp {
        let age = self.claimed_at.duration_until(now);
        let pause = match self.proven_at {
            Some(_) => LONGEST_PAUSE,
            None => (age / 10).clamp(FIRST_PAUSE, LONGEST_PAUSE),
        };
        now + pause
    }

    /// Whether it has waited so long for its proof that another organisation may have the host.
    #[must_use]
    pub fn has_lapsed(&self, now: Timestamp) -> bool {
        self.proven_at.is_none() && self.claimed_at.duration_until(now) > CLAIM_LIFE
    }
}

/// Whether a host (as [`crate::brand::host`] keeps it) is a name in the public DNS, so that it can
/// be proven and have a certificate: no address, no `localhost`.
#[must_use]
pub fn is_public_name(host: &str) -> bool {
    let is_address = host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok();
    host.contains('.') && !is_address && !host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn days(days: i64) -> SignedDuration {
        SignedDuration::from_hours(days * 24)
    }

    fn certificate(life: SignedDuration, failures: u32) -> Certificate {
        let not_before = at("2026-01-01T00:00:00Z");
        let validity = Validity { not_before, not_after: not_before + life };
        Certificate { validity: Some(validity), failures, ..Certificate::wanted(not_before) }
    }

    #[test]
    fn ten_04_renewal_is_due_with_a_third_of_the_life_left() {
        for (life, left) in [(90, 30), (6, 2), (3, 1)] {
            let validity = certificate(days(life), 0).validity.expect("a validity");
            assert_eq!(validity.renew_at(), validity.not_after - days(left));
        }
        let short = certificate(SignedDuration::from_secs(30), 0).validity.expect("a validity");
        assert_eq!(short.renew_at(), short.not_after - SignedDuration::from_secs(10));
    }

    #[test]
    fn pauses_double_up_to_six_hours() {
        let now = at("2026-01-01T00:00:00Z");
        let pause = |failures| {
            let certificate = Certificate { failures, ..Certificate::wanted(now) };
            now.duration_until(certificate.retry_at(now)).as_secs() / 60
        };
        let minutes: Vec<i64> = [0, 1, 2, 3, 8, 9, 50].into_iter().map(pause).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 256, 360, 360]);
    }

    #[test]
    fn ten_04_tries_come_closer_together_as_the_end_does() {
        let certificate = certificate(days(6), 20);
        let end = certificate.validity.expect("a validity").not_after;
        for (left, pause) in [(days(5), 360), (SignedDuration::from_hours(10), 60)] {
            let now = end - left;
            assert_eq!(now.duration_until(certificate.retry_at(now)).as_secs() / 60, pause);
        }
        // Nothing is left to be saved by hurry.
        let late = end + days(1);
        assert_eq!(late.duration_until(certificate.retry_at(late)).as_hours(), 6);
    }

    #[test]
    fn ten_04_an_end_that_comes_near_without_a_renewal_is_late() {
        let ninety = certificate(days(90), 0);
        let end = ninety.validity.expect("a validity").not_after;
        assert!(!ninety.is_late(end - days(8)));
        assert!(ninety.is_late(end - days(6)), "it should have been renewed");
        // A life of a week is no reason to worry by itself.
        let week = certificate(days(7), 0);
        let end = week.validity.expect("a validity").not_after;
        assert!(!week.is_late(end - days(6)));
        assert!(certificate(days(7), 1).is_late(end - days(6)), "a renewal failed");
    }

    #[test]
    fn people_are_told_what_is_so() {
        let now = at("2026-01-10T00:00:00Z");
        assert_eq!(Certificate::wanted(now).state(now), CertificateState::Ordering);
        let good = certificate(days(90), 0);
        let until = good.validity.expect("a validity").not_after;
        assert_eq!(good.state(now), CertificateState::Valid { until });
        let fault = OrderFault::NotPointing;
        let failed = Certificate { last_fault: Some(fault.clone()), ..good };
        let told = CertificateState::Failed { fault, next_try: failed.try_at, until: Some(until) };
        assert_eq!(failed.state(now), told);
        let again = Certificate { locked_until: Some(now + days(1)), ..failed };
        assert_eq!(again.state(now), CertificateState::Valid { until });
    }

    #[test]
    fn unproven_claims_are_looked_at_ever_more_seldom_and_lapse() {
        let now = at("2026-01-01T00:00:00Z");
        let claim = Claim::new("a1".to_owned(), now);
        let pause = |after: SignedDuration| {
            let then = now + after;
            then.duration_until(claim.next_check(then)).as_secs() / 60
        };
        assert_eq!(pause(SignedDuration::ZERO), 1);
        assert_eq!(pause(SignedDuration::from_hours(1)), 6);
        assert_eq!(pause(days(30)), 360);
        assert!(!claim.has_lapsed(now + days(6)) && claim.has_lapsed(now + days(8)));
        let proven = Claim { proven_at: Some(now), ..claim };
        assert!(!proven.has_lapsed(now + days(400)));
    }

    #[test]
    fn only_names_of_the_public_dns_can_be_proven() {
        for name in ["billing.acme.example", "xn--bcher-kva.example", "a.b.c.test"] {
            assert!(is_public_name(name), "{name}");
        }
        for other in ["localhost", "voxtel.localhost", "intranet", "192.0.2.1", "[2001:db8::1]"] {
            assert!(!is_public_name(other), "{other}");
        }
    }
}
