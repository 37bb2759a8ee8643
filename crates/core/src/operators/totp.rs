//! Codes of a second factor: those of an authenticator (RFC 6238), and those on paper for the day
//! when it is lost.

use portico_billing::OperatorId;
use totp_rs::{Builder, Totp};

use crate::secret::{hash_secret, new_code};
use crate::{Core, Entropy, Failure};

/// What seeds are sealed for.
const PURPOSE: &str = "operator_totp";
/// Bytes of a seed, as RFC 4226 recommends.
pub(super) const SEED: usize = 20;
/// Recovery codes that are given out.
const RECOVERY_CODES: usize = 10;

/// The authenticator with this seed. Six digits every 30 seconds, by SHA-1: what all of them can.
pub(super) fn authenticator(
    seed: &[u8; SEED],
    account: &str,
    issuer: &str,
) -> Result<Totp, Failure> {
    // A colon would divide what an authenticator shows.
    let plain = |text: &str| text.replace(':', " ");
    let built = Builder::new()
        .with_secret(seed.to_vec())
        .with_account_name(plain(account))
        .with_issuer(Some(plain(issuer)))
        .build();
    built.map_err(|_| Failure::Missing("usable seed of a second factor"))
}

/// Seals a seed for its operator alone.
pub(super) fn seal(core: &Core, id: OperatorId, seed: &[u8]) -> Result<Vec<u8>, Failure> {
    Ok(core.inner.sealer.seal(&format!("{PURPOSE} {id}"), seed)?)
}

/// Opens a sealed seed.
pub(super) fn open(core: &Core, id: OperatorId, sealed: &[u8]) -> Result<[u8; SEED], Failure> {
    let plain = core.inner.sealer.open(&format!("{PURPOSE} {id}"), sealed)?;
    plain.try_into().map_err(|_| Failure::Missing("seed of a second factor"))
}

/// The step of time that `code` belongs to: the present one, or one beside it for clocks that are
/// not exact.
pub(super) fn step_of(core: &Core, seed: &[u8; SEED], code: &str) -> Result<Option<i64>, Failure> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let now = u64::try_from(core.now().as_second()).unwrap_or_default();
    let step = authenticator(seed, "operator", "Portico")?.check(&digits, now);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// New recovery codes, `abcd-efgh-jkmn-pqrs`, and their hashes.
pub(super) fn new_recovery_codes(entropy: &Entropy) -> (Vec<String>, Vec<String>) {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| new_code(entropy)).collect();
    let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
    (codes, hashes)
}

/// The hash of a recovery code however it is typed. 80 random bits need no slow hash.
pub(super) fn recovery_hash(code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    hash_secret(&plain).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_known_however_they_are_typed() {
        let (codes, hashes) = new_recovery_codes(&Entropy::from_seed([3; 32]));
        assert_eq!((codes.len(), hashes.len()), (10, 10));
        assert_eq!(codes[0].len(), 19);
        assert_ne!(codes[0], codes[1]);
        let typed = codes[0].to_uppercase().replace('-', " ");
        assert_eq!(recovery_hash(&typed), hashes[0]);
        assert_ne!(recovery_hash(&codes[1]), hashes[0]);
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let seed = *b"12345678901234567890";
        let authenticator = authenticator(&seed, "ana@acme.example", "Acme: billing");
        let authenticator = authenticator.expect("an authenticator");
        // The RFC's table has eight digits; the last six are the same.
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")]
        {
            assert_eq!(authenticator.generate(time).to_string(), code);
        }
        let url = authenticator.to_url().expect("an address");
        assert!(url.starts_with("otpauth://totp/Acme%20%20billing:ana"), "{url}");
    }
}
