//! Which passwords may be chosen.

use portico_core_api::Fault;
use zxcvbn::Score;

use crate::password::{MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS};

/// Whether `password` may be chosen by somebody of whom `known` is known: names, addresses.
///
/// Length and how hard it is to guess count, not which characters it is made of.
pub(crate) fn check(password: &str, known: &[&str]) -> Result<(), Fault> {
    let shortest = usize::try_from(MIN_PASSWORD_CHARS).unwrap_or(usize::MAX);
    if password.chars().count() < shortest {
        return Err(Fault::TooShort { min: MIN_PASSWORD_CHARS });
    }
    if password.len() > MAX_PASSWORD_BYTES {
        let max = u32::try_from(MAX_PASSWORD_BYTES).unwrap_or(u32::MAX);
        return Err(Fault::TooLong { max });
    }
    let parts = parts(known);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if zxcvbn::zxcvbn(password, &parts).score() >= Score::Two {
        Ok(())
    } else {
        Err(Fault::WeakPassword)
    }
}

/// The parts of a name or an address are as well known as the whole, and so are parts written
/// together: `ana.gomez@acme.example`, `ana`, `anagomez`.
fn parts(known: &[&str]) -> Vec<String> {
    let sections = known.iter().flat_map(|text| text.split('@'));
    let together = sections.clone().map(|section| section.replace(['.', '-', '_', ' '], ""));
    let single = sections.flat_map(|section| section.split(['.', '-', '_', ' ']));
    let whole = known.iter().map(|text| (*text).to_owned());
    whole.chain(together).chain(single.map(str::to_owned)).filter(|part| part.len() > 2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ses_10_guessable_passwords_are_refused() {
        let known = ["ana.gomez@acme.example", "Ana G\u{f3}mez", "Acme"];
        for bad in ["password", "12345678", "qwertyuiop", "ana.gomez@acme.example", "anagomez1"] {
            assert_eq!(check(bad, &known), Err(Fault::WeakPassword), "{bad}");
        }
        assert_eq!(check("sh0rt!x", &known), Err(Fault::TooShort { min: 8 }));
        assert_eq!(check(&"x\u{e9}".repeat(400), &known), Err(Fault::TooLong { max: 1_024 }));
        for good in ["correct horse battery", "tr4verse-mill-lantern", "\u{1f980}un cangrejo azul"]
        {
            assert_eq!(check(good, &known), Ok(()), "{good}");
        }
    }
}
