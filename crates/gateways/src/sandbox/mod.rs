//! Play money: a provider within the program, for demonstrations and for trying things out.
//!
//! It remembers nothing. What a customer chose on its page ([`Choice`]) stands in the handle of the
//! attempt, which [`answer`] makes; what a stored method will do stands in its token; what becomes
//! of a refund, and what is taken back of a payment, in the last two digits of the amount
//! ([`RefundFate`], [`PaymentFate`]).

mod returns;

use std::str::FromStr;

use async_trait::async_trait;
use jiff::SignedDuration;
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::payment_method::PaymentMethodKind;
use url::Url;

use crate::answer::Way;
use crate::settings::SettingsFault;
use crate::{
    Account, Charge, Checkout, Declined, Gateway, GatewayError, Kept, Mode, Paid, Progress,
    Provider, Refunds, Reversals, SetUp, Sight, Sought, StoredMethods,
};

pub use returns::{PaymentFate, RefundFate};

/// Where the portal serves its page, with the attempt's reference as the last part.
pub const PAGE: &str = "/sandbox/";

/// How long a slow payment takes, and how long a lost answer stays lost.
const A_WHILE: SignedDuration = SignedDuration::from_secs(30);

/// The provider.
pub const PROVIDER: Provider =
    Provider { key: "sandbox", name: "Sandbox", fields: &[], open: Sandbox::open };

/// What a customer can have happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It is paid.
    Pay,
    /// It is declined.
    Decline,
    /// The bank wants to see the customer first.
    Challenge,
    /// It is paid after a while.
    Delay,
    /// It is paid, but nobody is told for a while.
    Lose,
    /// The customer goes back.
    Cancel,
}

impl Choice {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 6] =
        [Self::Pay, Self::Decline, Self::Challenge, Self::Delay, Self::Lose, Self::Cancel];

    /// Its word in forms, texts and tokens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Decline => "decline",
            Self::Challenge => "challenge",
            Self::Delay => "delay",
            Self::Lose => "lose",
            Self::Cancel => "cancel",
        }
    }
}

/// No choice has this word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sandbox does not know this choice")]
pub struct UnknownChoice;

impl FromStr for Choice {
    type Err = UnknownChoice;

    fn from_str(word: &str) -> Result<Self, UnknownChoice> {
        Self::ALL.into_iter().find(|choice| choice.word() == word).ok_or(UnknownChoice)
    }
}

/// The handle of an attempt whose customer was asked, by what it was before, where the page may
/// still be answered.
#[must_use]
pub fn answer(handle: &str, choice: Choice) -> Option<String> {
    let (state, keep) = handle.split_once(':')?;
    let open = state == "open" || state == Choice::Challenge.word();
    open.then(|| format!("{}:{keep}", choice.word()))
}

struct Sandbox;

impl Sandbox {
    fn open(account: Account) -> Result<Box<dyn Gateway>, SettingsFault> {
        match account.mode {
            Mode::Test => Ok(Box::new(Self)),
            Mode::Live => Err(SettingsFault::NotLive),
        }
    }
}

/// The sandbox's page for an attempt, in the part of the site that the customer comes back to.
fn page(return_url: &Url, reference: &Reference) -> Result<Url, GatewayError> {
    let part = return_url.path().rsplit_once("/pay/").map_or("", |(part, _)| part);
    return_url
        .join(&format!("{part}{PAGE}{reference}"))
        .map_err(|error| GatewayError::NotSent(error.to_string()))
}

fn away(return_url: &Url, reference: &Reference, keep: &str) -> Result<Progress, GatewayError> {
    let way = Way::Go(page(return_url, reference)?);
    Ok(Progress::Away { handle: format!("open:{keep}"), way })
}

fn declined(reason: DeclineReason) -> Progress {
    Progress::Declined(Declined { reason, code: reason.as_str().to_owned() })
}

/// A card that will do what it did now.
fn card(choice: Choice, kept: bool, reference: &Reference) -> Kept {
    Kept {
        token: kept.then(|| format!("{}:{reference}", choice.word())),
        profile: kept.then(|| "sandbox".to_owned()),
        kind: PaymentMethodKind::Card,
        brand: Some("Sandbox".to_owned()),
        last4: Some("4242".to_owned()),
        expiry: Some((12, 2099)),
        holder: None,
    }
}

fn paid(sought: &Sought<'_>, method: Kept) -> Progress {
    let Some(money) = sought.money else { return Progress::Stored(Box::new(method)) };
    Progress::Paid(Box::new(Paid {
        charge: format!("sandbox_{}", sought.reference),
        money,
        reference: Some(sought.reference.to_string()),
        recipient: None,
        test: true,
        fee: None,
        at: sought.since,
        method,
    }))
}

/// How an attempt with this handle stands.
fn stand(sought: &Sought<'_>) -> Result<Sight, GatewayError> {
    let Some((state, keep)) = sought.handle.and_then(|handle| handle.split_once(':')) else {
        return Ok(Sight::Absent);
    };
    let over = sought.now.duration_since(sought.since) >= A_WHILE;
    let done = |choice| Sight::There(paid(sought, card(choice, keep == "keep", sought.reference)));
    Ok(match state.parse() {
        Ok(Choice::Pay) => done(Choice::Pay),
        Ok(Choice::Decline) => Sight::There(declined(DeclineReason::Declined)),
        Ok(Choice::Cancel) => Sight::There(declined(DeclineReason::Abandoned)),
        Ok(Choice::Delay) if over => done(Choice::Delay),
        Ok(Choice::Lose) if over => done(Choice::Lose),
        Ok(Choice::Lose) => return Err(GatewayError::Unknown("lost, as was asked for".to_owned())),
        Ok(Choice::Delay) => Sight::There(Progress::Pending { handle: None }),
        Ok(Choice::Challenge) | Err(UnknownChoice) => Sight::There(Progress::Unfinished),
    })
}

#[async_trait]
impl Gateway for Sandbox {
    async fn probe(&self) -> Result<(), GatewayError> {
        Ok(())
    }

    async fn begin(&self, order: &Checkout<'_>) -> Result<Progress, GatewayError> {
        away(order.return_url, order.reference, if order.keep { "keep" } else { "once" })
    }

    async fn resume(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        stand(sought)
    }

    fn stored_methods(&self) -> Option<&dyn StoredMethods> {
        Some(self)
    }

    fn refunds(&self) -> Option<&dyn Refunds> {
        Some(self)
    }

    fn reversals(&self) -> Option<&dyn Reversals> {
        Some(self)
    }
}

#[async_trait]
impl StoredMethods for Sandbox {
    async fn begin_set_up(&self, order: &SetUp<'_>) -> Result<Progress, GatewayError> {
        away(order.return_url, order.reference, "keep")
    }

    async fn resume_set_up(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        stand(&Sought { money: None, ..*sought })
    }

    async fn charge(&self, order: &Charge<'_>) -> Result<Progress, GatewayError> {
        let choice = order.token.split(':').next().and_then(|word| word.parse().ok());
        let handle = |choice: Choice| Some(format!("{}:once", choice.word()));
        Ok(match (choice, order.return_url) {
            (Some(Choice::Challenge), Some(url)) => away(url, order.reference, "once")?,
            (Some(Choice::Challenge), None) => declined(DeclineReason::CustomerNeeded),
            (Some(Choice::Decline), _) => declined(DeclineReason::InsufficientFunds),
            (Some(choice @ Choice::Delay), _) => Progress::Pending { handle: handle(choice) },
            (Some(Choice::Lose), _) => {
                return Err(GatewayError::Unknown("lost, as was asked for".to_owned()));
            }
            (Some(Choice::Pay), _) => Progress::Paid(Box::new(Paid {
                charge: format!("sandbox_{}", order.reference),
                money: order.money,
                reference: Some(order.reference.to_string()),
                recipient: None,
                test: true,
                fee: None,
                at: order.now,
                method: card(Choice::Pay, false, order.reference),
            })),
            (Some(Choice::Cancel) | None, _) => declined(DeclineReason::MethodGone),
        })
    }

    async fn forget(&self, _token: &str, _profile: Option<&str>) -> Result<(), GatewayError> {
        Ok(())
    }
}
