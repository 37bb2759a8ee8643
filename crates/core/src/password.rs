//! Passwords: argon2id, a bounded number at a time, so that a flood cannot eat the machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::Entropy;

/// Longest password that is looked at, in bytes; longer ones are refused before any hashing.
pub const MAX_PASSWORD_BYTES: usize = 1_024;
/// Shortest password that may be chosen, in characters (ASVS 5.0, 6.2.1).
pub const MIN_PASSWORD_CHARS: u32 = 8;
/// Callers that may wait for a place to hash; more are turned away.
const QUEUE: usize = 64;

/// Too many passwords wait to be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at this moment")]
pub struct Overloaded;

/// Hashes and checks passwords.
pub struct Passwords {
    places: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    entropy: Entropy,
    decoy: String,
    hashed: AtomicU64,
}

impl Passwords {
    pub(crate) fn new(entropy: Entropy) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let decoy = hash("a password that nobody has", entropy.bytes());
        Self {
            places: Arc::new(Semaphore::new(cores)),
            queue: Arc::new(Semaphore::new(cores + QUEUE)),
            entropy,
            decoy,
            hashed: AtomicU64::new(0),
        }
    }

    /// The hash to store of a new password (PHC string).
    ///
    /// # Errors
    /// `Overloaded`.
    pub async fn hash(&self, password: &str) -> Result<String, Overloaded> {
        let (password, salt) = (password.to_owned(), self.entropy.bytes());
        self.in_turn(move || hash(&password, salt)).await
    }

    /// Whether `password` belongs to `stored`. Without a stored hash the same work is done and the
    /// answer is no, so that time tells nothing.
    ///
    /// # Errors
    /// `Overloaded`.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Overloaded> {
        if password.len() > MAX_PASSWORD_BYTES {
            return Ok(false);
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.decoy).to_owned();
        let password = password.to_owned();
        let matches = self.in_turn(move || verify(&password, &stored)).await?;
        Ok(matches && known)
    }

    /// How many passwords were hashed so far, to be checked or to be stored.
    #[must_use]
    pub fn hashed(&self) -> u64 {
        self.hashed.load(Ordering::Relaxed)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Overloaded> {
        let _waiting = self.queue.try_acquire().map_err(|_| Overloaded)?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Overloaded)?;
        self.hashed.fetch_add(1, Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(place);
            result
        });
        done.await.map_err(|_| Overloaded)
    }
}

/// Argon2id with 19 MiB, two passes, one lane (OWASP's and ASVS' minimum).
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

fn hash(password: &str, salt: [u8; 16]) -> String {
    argon2()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_or_else(|_| String::new(), |hash| hash.to_string())
}

fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ses_10_hashes_are_argon2id_of_the_recommended_strength() {
        let passwords = Passwords::new(Entropy::from_seed([1; 32]));
        let stored = passwords.hash("correct horse").await.expect("hashed");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(passwords.verify("correct horse", Some(&stored)).await, Ok(true));
        assert_eq!(passwords.verify("wrong horse", Some(&stored)).await, Ok(false));
        assert_eq!(passwords.verify("a password that nobody has", None).await, Ok(false));
    }
}
