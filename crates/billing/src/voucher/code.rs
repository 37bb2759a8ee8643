//! The code of a voucher: 80 random bits and a check character.

use std::fmt;
use std::str::FromStr;

/// Crockford's base 32: no letter that looks like a digit, and no U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters before the check character: five bits each.
const LENGTH: usize = 16;

/// Characters between two hyphens.
const GROUP: usize = 4;

/// The code of a voucher, shown as `XXXX-XXXX-XXXX-XXXX-C`. Whoever has it has the money: it is
/// printed where it is asked for by `Display` alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code([u8; 10]);

/// The text is no code: a character was mistyped, left out or swapped with its neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the code of a voucher")]
pub struct NotACode;

impl Code {
    /// The code of ten random bytes.
    #[must_use]
    pub const fn new(random: [u8; 10]) -> Self {
        Self(random)
    }

    /// The random bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 10] {
        &self.0
    }

    /// The characters without the last one, as numbers below 32.
    fn symbols(&self) -> [u8; LENGTH] {
        let mut bytes = [0; 16];
        bytes[6..].copy_from_slice(&self.0);
        let mut rest = u128::from_be_bytes(bytes);
        let mut symbols = [0; LENGTH];
        for symbol in symbols.iter_mut().rev() {
            *symbol = (rest & 31) as u8;
            rest >>= 5;
        }
        symbols
    }

    fn from_symbols(symbols: &[u8]) -> Self {
        let bits = symbols.iter().fold(0, |bits, symbol| bits << 5 | u128::from(*symbol));
        let mut random = [0; 10];
        random.copy_from_slice(&bits.to_be_bytes()[6..]);
        Self(random)
    }
}

/// Twice a number of the field of 32 elements (modulo x⁵ + x² + 1, of which 2 is a root of order
/// 31).
const fn twice(number: u8) -> u8 {
    let doubled = number << 1;
    if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

/// The sum of the characters, each weighted with a power of two of its own: a wrong character
/// changes it, and so does a swap, because no two of up to 31 weights are the same. A whole code,
/// with its check character, comes to nothing.
fn weighted_sum(symbols: &[u8]) -> u8 {
    symbols.iter().fold(0, |sum, symbol| twice(sum) ^ symbol)
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbols = self.symbols();
        let check = twice(weighted_sum(&symbols));
        for (at, symbol) in symbols.iter().chain([&check]).enumerate() {
            if at > 0 && at.is_multiple_of(GROUP) {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(ALPHABET[usize::from(symbol & 31)]))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

impl FromStr for Code {
    type Err = NotACode;

    /// Takes what people type: either case, blanks and hyphens anywhere, I and L for 1, O for 0.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let mut symbols = Vec::with_capacity(LENGTH + 1);
        for typed in text.chars().filter(|typed| !is_separator(*typed)) {
            if symbols.len() > LENGTH {
                return Err(NotACode);
            }
            symbols.push(symbol(typed).ok_or(NotACode)?);
        }
        match symbols.split_last() {
            Some((_, code)) if code.len() == LENGTH && weighted_sum(&symbols) == 0 => {
                Ok(Self::from_symbols(code))
            }
            _ => Err(NotACode),
        }
    }
}

/// What stands between characters: blanks, and the dashes that word processors put for a hyphen.
fn is_separator(typed: char) -> bool {
    typed.is_whitespace() || matches!(typed, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn symbol(typed: char) -> Option<u8> {
    let meant = match typed.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == meant)?;
    u8::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn characters(code: Code) -> Vec<char> {
        code.to_string().chars().filter(|it| *it != '-').collect()
    }

    fn parsed(characters: &[char]) -> Result<Code, NotACode> {
        characters.iter().collect::<String>().parse()
    }

    #[test]
    fn a_code_is_shown_in_groups_and_not_to_logs() {
        assert_eq!(Code::new([0; 10]).to_string(), "0000-0000-0000-0000-0");
        let shown = Code::new([255; 10]).to_string();
        assert!(shown.starts_with("ZZZZ-ZZZZ-ZZZZ-ZZZZ-"), "{shown}");
        assert_eq!(format!("{:?}", Code::new([255; 10])), "Code(…)");
    }

    #[test]
    fn what_people_type_is_understood() {
        let code = Code::new([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        let shown = code.to_string();
        assert!(shown.contains('0') && shown.contains('1'), "{shown}");
        for typed in [
            shown.to_lowercase(),
            format!("  {} ", shown.replace('-', " ")),
            shown.replace('-', ""),
            shown.replace('-', "\u{2013}"),
            shown.replace('0', "O").replace('1', "l"),
            shown.replace('0', "o").replace('1', "I"),
        ] {
            assert_eq!(typed.parse(), Ok(code), "{typed}");
        }
        for typed in ["", "-", &shown[1..], &format!("{shown}0"), &shown.replace('0', "U")] {
            assert_eq!(typed.parse::<Code>(), Err(NotACode), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn vch_01_each_code_is_read_back(random: [u8; 10]) {
            let code = Code::new(random);
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }

        #[test]
        fn vch_01_each_wrong_character_is_found(random: [u8; 10], at in 0_usize..17) {
            let right = characters(Code::new(random));
            for other in ALPHABET.iter().map(|it| char::from(*it)) {
                let mut wrong = right.clone();
                wrong[at] = other;
                prop_assert_eq!(parsed(&wrong).is_ok(), other == right[at]);
            }
        }

        #[test]
        fn vch_01_each_swap_is_found(random: [u8; 10], one in 0_usize..17, two in 0_usize..17) {
            let right = characters(Code::new(random));
            let mut swapped = right.clone();
            swapped.swap(one, two);
            prop_assert_eq!(parsed(&swapped).is_ok(), right[one] == right[two]);
        }
    }
}
