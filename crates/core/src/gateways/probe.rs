//! Asking a provider whether the settings of a gateway are good.

use portico_billing::GatewayId;
use portico_billing::permission::Permission;
use portico_gateways::GatewayError;
use portico_gateways::settings::{FieldKind, Settings};
use serde_json::json;

use super::fault::AccountError;
use super::open::{open_settings, provider_of};
use super::view::settings_of;
use crate::audit::Change;
use crate::{Caller, Core};

/// Most characters of what a provider says.
const WORDS_MAX: usize = 500;

/// What a provider says of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProbeOutcome {
    /// They are good.
    Good,
    /// They are not, in the provider's words.
    Refused {
        /// Its code.
        code: String,
        /// Its explanation.
        message: String,
    },
    /// It was not reached, and why.
    NotReached(String),
    /// Its answer was not understood, or did not come, and why.
    Unknown(String),
    /// It wants to be asked less.
    TooMany,
    /// The settings cannot be opened any more, and have to be given again.
    Lost,
}

impl ProbeOutcome {
    /// Its word in data, and with hyphens the end of the key of its text.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Refused { .. } => "refused",
            Self::NotReached(_) => "not_reached",
            Self::Unknown(_) => "unknown",
            Self::TooMany => "too_many",
            Self::Lost => "lost",
        }
    }

    fn of(error: GatewayError) -> Self {
        match error {
            GatewayError::NotSent(why) => Self::NotReached(why),
            GatewayError::Unknown(why) => Self::Unknown(why),
            GatewayError::Refused { code, message } => Self::Refused { code, message },
            GatewayError::TooMany => Self::TooMany,
        }
    }

    /// The same without any of `secrets`: whoever answers may repeat what it was sent.
    fn without(self, secrets: &[String]) -> Self {
        let clean = |text: String| {
            let text = secrets.iter().fold(text, |text, secret| text.replace(secret, "…"));
            text.chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect()
        };
        match self {
            Self::Refused { code, message } => {
                Self::Refused { code: clean(code), message: clean(message) }
            }
            Self::NotReached(why) => Self::NotReached(clean(why)),
            Self::Unknown(why) => Self::Unknown(clean(why)),
            other => other,
        }
    }
}

impl Core {
    /// Asks the provider, without moving anything, whether the stored settings of a gateway are
    /// good.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `TooMany`, or where the machinery fails.
    pub async fn probe_gateway(
        &self,
        caller: &Caller,
        id: GatewayId,
    ) -> Result<ProbeOutcome, AccountError> {
        caller.require(Permission::EditGateways)?;
        let found = self.inner.store.read(caller.organisation_id).await?.gateway(id).await?;
        let record = found.ok_or(AccountError::NotFound)?;
        self.inner.limits.gateway_probe(caller.organisation_id)?;
        let outcome = match settings_of(self, &record)? {
            None => ProbeOutcome::Lost,
            Some(settings) => {
                let provider = provider_of(&record)?;
                let secret = provider.fields.iter().filter(|it| it.kind == FieldKind::Secret);
                let secrets = secret.flat_map(|it| parts(&settings, it.key)).collect::<Vec<_>>();
                let opened =
                    open_settings(self.inner.http.clone(), provider, record.is_test, settings)
                        .map_err(|fault| AccountError::Invalid(vec![fault.into()]))?;
                // No transaction is open: this may take seconds.
                let asked = opened.probe().await;
                asked.err().map_or(ProbeOutcome::Good, ProbeOutcome::of).without(&secrets)
            }
        };
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let change = Change::new("gateway.tested").on(id.uuid());
        let change = change.to(&json!({"name": record.name, "outcome": outcome.word()}));
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok(outcome)
    }
}

/// A secret, and the words of one that has several.
fn parts(settings: &Settings, key: &str) -> Vec<String> {
    let value = settings.get(key).unwrap_or_default();
    let all = std::iter::once(value).chain(value.split_whitespace());
    all.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prv_04_what_a_provider_repeats_is_not_shown() {
        let refused = ProbeOutcome::Refused {
            code: "key\r\n".to_owned(),
            message: format!("no key sk_test_canary {}", "x".repeat(900)),
        };
        let clean = refused.without(&["sk_test_canary".to_owned()]);
        let ProbeOutcome::Refused { code, message } = clean else { panic!("refused") };
        assert_eq!(code, "key");
        assert!(message.starts_with("no key … x") && message.chars().count() == WORDS_MAX);
    }
}
