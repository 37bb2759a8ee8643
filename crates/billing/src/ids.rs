//! Typed identifiers: UUIDv7 inside, shown with a prefix that names the type (`cus_…`, `inv_…`).

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Why a text is not an identifier of the expected type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The prefix names another type.
    #[error("expected an identifier that begins with `{expected}_` or a plain UUID")]
    Prefix {
        /// The prefix that was expected, without the underscore.
        expected: &'static str,
    },
    /// What follows the prefix is no UUID.
    #[error("not a valid identifier")]
    Uuid,
}

/// Builds a UUIDv7 from a moment and ten random bytes. What the moment has below a millisecond
/// takes the place of twelve random bits (RFC 9562, section 6.2, method 3), so that identifiers are
/// in the order of their microseconds.
#[must_use]
pub fn uuid_v7(now: Timestamp, mut random: [u8; 10]) -> Uuid {
    let micros = u64::try_from(now.as_microsecond()).unwrap_or(0);
    let fraction = (micros % 1_000) * (1 << 12) / 1_000;
    let [.., high, low] = fraction.to_be_bytes();
    (random[0], random[1]) = (high, low);
    uuid::Builder::from_unix_timestamp_millis(micros / 1_000, &random).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The prefix of the shown form, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new identifier, ordered by `now`, unique by ten random bytes.
            #[must_use]
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid_v7(now, random))
            }

            /// The bare UUID, as stored.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Accepts `prefix_<uuid>` and the plain UUID, each with or without hyphens.
            fn from_str(text: &str) -> Result<Self, IdError> {
                let bare = match text.split_once('_') {
                    Some((prefix, rest)) if prefix == $prefix => rest,
                    Some(_) => return Err(IdError::Prefix { expected: $prefix }),
                    None => text,
                };
                if !matches!(bare.len(), 32 | 36) {
                    return Err(IdError::Uuid);
                }
                Uuid::try_parse(bare).map(Self).map_err(|_| IdError::Uuid)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// The tenant: the business that runs its portal here.
    OrganisationId = "org";
    /// One portal of an organisation.
    BrandId = "brd";
    /// A person of the organisation.
    OperatorId = "opr";
    /// A key of the organisation's software.
    ApiKeyId = "key";
    /// The billed account of an organisation.
    CustomerId = "cus";
    /// A person who signs in for a customer.
    ContactId = "con";
    /// A session link and the visit that grew from it.
    SessionId = "ses";
    /// A one-time link that was mailed to a contact.
    ContactLinkId = "clk";
    /// An invoice.
    InvoiceId = "inv";
    /// A credit note.
    CreditNoteId = "crn";
    /// A payment or a refund.
    PaymentId = "pay";
    /// A stored way to pay.
    PaymentMethodId = "pmt";
    /// An account at a payment provider.
    GatewayId = "gwy";
    /// An attempt to get a payment through a gateway.
    AttemptId = "att";
    /// Credit of a customer that settled invoices.
    CreditUseId = "cru";
    /// What a payment provider told by itself.
    GatewayNoticeId = "gwn";
    /// A payment, or a part of it, to be given back through its gateway.
    RefundId = "rfd";
    /// A link to pay one invoice with, without signing in.
    PayLinkId = "pln";
    /// What a customer holds of a plan.
    SubscriptionId = "sub";
    /// A signed agreement.
    ContractId = "ctr";
    /// What a customer may use.
    EntitlementId = "ent";
    /// Something that happened, for the organisation's software to read.
    EventId = "evt";
    /// Work that waits in the outbox.
    JobId = "job";
    /// An uploaded or generated picture.
    AssetId = "ast";
    /// A line of the audit log.
    AuditEntryId = "aud";
    /// A person's visit to the control panel.
    OperatorSessionId = "ops";
    /// A one-time link to an operator.
    OperatorLinkId = "opl";
    /// A sign-up that waits for its address to be proven.
    SignUpId = "sgn";
    /// Vouchers that were made together.
    VoucherBatchId = "vcb";
    /// A prepaid code that adds credit.
    VoucherId = "vch";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_in_the_order_of_their_moments() {
        let at = |micros: i64| {
            let moment = Timestamp::from_microsecond(1_700_000_000_000_000 + micros);
            uuid_v7(moment.unwrap_or_default(), [255; 10])
        };
        let made: Vec<Uuid> = [0, 1, 499, 998, 999, 1_000, 1_001].map(at).to_vec();
        assert!(made.is_sorted_by(|earlier, later| earlier < later), "{made:?}");
        assert_eq!(
            made.first().and_then(Uuid::get_timestamp).map(|it| it.to_unix().0),
            Some(1_700_000_000)
        );
    }

    #[test]
    fn both_forms_are_accepted_and_a_foreign_prefix_is_not() {
        let id = CustomerId::new(Timestamp::UNIX_EPOCH, [7; 10]);
        assert_eq!(id.to_string().parse::<CustomerId>(), Ok(id));
        assert_eq!(id.uuid().to_string().parse::<CustomerId>(), Ok(id));
        assert_eq!(id.to_string().parse::<InvoiceId>(), Err(IdError::Prefix { expected: "inv" }));
        assert_eq!("cus_1".parse::<CustomerId>(), Err(IdError::Uuid));
    }
}
