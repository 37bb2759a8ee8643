//! Secrets at rest: sealed with a key that is not in the database (XChaCha20-Poly1305).

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::Entropy;

/// The key that secrets in the database are sealed with. Never printed.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

impl SealKey {
    /// Takes 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// What was sealed cannot be opened: another key, another purpose, or altered bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value cannot be opened with this key")]
pub struct SealError;

/// Seals and opens.
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    hash: Hmac<Sha256>,
    entropy: Entropy,
}

const NONCE: usize = 24;

impl Sealer {
    pub(crate) fn new(key: &SealKey, entropy: Entropy) -> Self {
        let mut block = [0; 64];
        block[..key.0.len()].copy_from_slice(&key.0);
        let hash = Hmac::new(&block.into());
        Self { cipher: XChaCha20Poly1305::new(&key.0.into()), hash, entropy }
    }

    /// Seals `plain` for `purpose`; only the same purpose opens it.
    ///
    /// # Errors
    /// Where `plain` is longer than the cipher takes (256 GiB).
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE] = self.entropy.bytes();
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// A hash that takes the key to make: of what could be guessed from a plain one.
    #[must_use]
    pub fn hash(&self, purpose: &str, plain: &[u8]) -> [u8; 32] {
        let hash = self.hash.clone().chain_update(purpose).chain_update([0]).chain_update(plain);
        hash.finalize().into_bytes().into()
    }

    /// Opens what [`Sealer::seal`] made.
    ///
    /// # Errors
    /// `SealError`.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or(SealError)?;
        let payload = Payload { msg: rest, aad: purpose.as_bytes() };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prv_04_only_the_same_key_and_purpose_open_what_was_sealed() {
        let sealer = Sealer::new(&SealKey::new([1; 32]), Entropy::from_seed([2; 32]));
        let other = Sealer::new(&SealKey::new([3; 32]), Entropy::from_seed([2; 32]));
        let mut sealed = sealer.seal("outbox", b"canary").expect("sealed");
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
        assert_eq!(sealer.open("outbox", &sealed).expect("opened"), b"canary");
        assert_eq!(sealer.open("token", &sealed), Err(SealError));
        assert_eq!(other.open("outbox", &sealed), Err(SealError));
        sealed[30] ^= 1;
        assert_eq!(sealer.open("outbox", &sealed), Err(SealError));
        assert_eq!(sealer.open("outbox", b"short"), Err(SealError));
    }

    #[test]
    fn prv_04_a_hash_is_of_its_key_and_purpose() {
        let sealer = |key| Sealer::new(&SealKey::new([key; 32]), Entropy::from_seed([2; 32]));
        let hash = sealer(1).hash("form", b"canary");
        assert_eq!(sealer(1).hash("form", b"canary"), hash);
        for other in [
            sealer(3).hash("form", b"canary"),
            sealer(1).hash("request", b"canary"),
            sealer(1).hash("form", b"canaries"),
        ] {
            assert_ne!(other, hash);
        }
    }
}
