//! Random secrets that are given out once and kept as hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::Entropy;

/// Characters of a code: 5 bits each.
const CODE_CHARS: usize = 16;
/// No characters that look alike (Crockford).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A new 256-bit secret as 43 characters of base64url.
pub(crate) fn new_secret(entropy: &Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.bytes::<32>())
}

/// A new 80-bit secret for people to type: `abcd-efgh-jkmn-pqrs`.
pub(crate) fn new_code(entropy: &Entropy) -> String {
    let bytes: [u8; CODE_CHARS] = entropy.bytes();
    let chars: Vec<char> =
        bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    chars.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// What is stored of a secret. A plain hash is enough for 256 random bits.
pub(crate) fn hash_secret(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
