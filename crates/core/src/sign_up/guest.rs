//! Guests: visitors whom the organisation's software sends to the form, to come back to it later.
//!
//! What the software asks for is sealed into the token itself: a guest has nothing yet that could
//! be stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use portico_billing::BrandId;
use portico_billing::brand::{Brand, OriginError};
use portico_billing::permission::Permission;
use portico_billing::sign_up::LIFE;
use serde::{Deserialize, Serialize};

use crate::{Caller, Core, Failure, Forbidden};

const GUEST: &str = "guest";

/// A guest to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewGuestSession {
    /// Where the logo and signing out lead once the guest is a customer.
    pub return_url: Option<String>,
}

/// A guest, who finds the form at `url`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestSession {
    /// The address of the form, on the brand's own host.
    pub url: String,
    /// What the address holds of the guest.
    pub token: String,
    /// The brand.
    pub brand: Brand,
}

/// Why there is no guest.
#[derive(Debug, thiserror::Error)]
pub enum GuestError {
    /// The caller may not do this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No brand of the organisation lets customers sign up.
    #[error("sign-up is switched off for every brand of this organisation")]
    SignUpOff,
    /// The address to return to cannot be used.
    #[error("return_url {0}")]
    ReturnUrl(#[from] OriginError),
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<portico_store::StoreError> for GuestError {
    fn from(error: portico_store::StoreError) -> Self {
        Self::Failure(error.into())
    }
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    brand_id: BrandId,
    return_url: Option<String>,
    expires_at: Timestamp,
}

impl Core {
    /// The form of the organisation's first brand that lets customers sign up and may lead back to
    /// `return_url`.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn create_guest_session(
        &self,
        caller: &Caller,
        new: NewGuestSession,
    ) -> Result<GuestSession, GuestError> {
        caller.require(Permission::OpenPortal)?;
        let brands = self.inner.store.read(caller.organisation_id).await?.brands().await?;
        let mut error = GuestError::SignUpOff;
        for brand in brands.into_iter().filter(|brand| brand.sign_up.customers) {
            match new.return_url.as_deref().map(|text| brand.check_return_url(text)).transpose() {
                Ok(url) => return Ok(guest(self, brand, url.map(String::from))?),
                Err(refused) => error = refused.into(),
            }
        }
        Err(error)
    }
}

fn guest(core: &Core, brand: Brand, return_url: Option<String>) -> Result<GuestSession, Failure> {
    let life = SignedDuration::try_from(LIFE).unwrap_or(super::DAY);
    let expires_at = core.now() + life;
    let sealed = Sealed { brand_id: brand.id, return_url, expires_at };
    let sealed = core.inner.sealer.seal(GUEST, &serde_json::to_vec(&sealed)?)?;
    let token = URL_SAFE_NO_PAD.encode(sealed);
    let url = core.portal_url(&brand, &format!("/sign-up?guest={token}"));
    Ok(GuestSession { url, token, brand })
}

/// Where a guest came from. Of a token that is none, or of another brand, nothing is left: the form
/// works all the same.
pub(super) fn return_url(core: &Core, brand: &Brand, token: &str) -> Option<String> {
    let sealed = URL_SAFE_NO_PAD.decode(token).ok()?;
    let plain = core.inner.sealer.open(GUEST, &sealed).ok()?;
    let guest: Sealed = serde_json::from_slice(&plain).ok()?;
    let holds = guest.brand_id == brand.id && core.now() < guest.expires_at;
    guest.return_url.filter(|url| holds && brand.check_return_url(url).is_ok())
}
