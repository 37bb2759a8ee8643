//! Card numbers that somebody put where they do not belong.

/// First four digits from and to, and the lengths of numbers that begin so (ISO/IEC 7812).
const SCHEMES: &[(u16, u16, &[usize])] = &[
    (2200, 2204, &[16, 17, 18, 19]), // Mir
    (2221, 2720, &[16]),             // Mastercard
    (3000, 3059, &[14, 16, 19]),     // Diners Club
    (3095, 3095, &[14, 16, 19]),
    (3400, 3499, &[15]),                         // American Express
    (3528, 3589, &[16, 17, 18, 19]),             // JCB
    (3600, 3699, &[14, 15, 16, 17, 19]),         // Diners Club
    (3700, 3799, &[15]),                         // American Express
    (3800, 3999, &[14, 16, 19]),                 // Diners Club
    (4000, 4999, &[13, 16, 19]),                 // Visa
    (5018, 5038, &[13, 14, 15, 16, 17, 18, 19]), // Maestro
    (5100, 5599, &[16]),                         // Mastercard
    (5612, 5612, &[16, 19]),                     // Maestro
    (5893, 5893, &[13, 14, 15, 16, 17, 18, 19]),
    (6011, 6011, &[16, 17, 18, 19]),             // Discover
    (6200, 6299, &[16, 17, 18, 19]),             // UnionPay
    (6304, 6304, &[13, 14, 15, 16, 17, 18, 19]), // Maestro
    (6440, 6599, &[16, 17, 18, 19]),             // Discover
    (6759, 6763, &[13, 14, 15, 16, 17, 18, 19]), // Maestro
    (8100, 8199, &[16, 17, 18, 19]),             // RuPay
];

/// Digits of the longest card number.
const LONGEST: usize = 19;

/// Whether `text` holds what can only be a card number: digits, perhaps in groups parted by single
/// spaces or dashes, with the prefix and length of a known scheme and the right check digit.
///
/// Digits inside a longer word (a token, a hash) and groups that go on from one (an IBAN) are no
/// card numbers.
#[must_use]
pub fn looks_like_card_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(bytes[at]) {
            at += 1;
            continue;
        }
        let sequence = Sequence::read(bytes, at);
        if sequence.holds_card_number() {
            return true;
        }
        at = sequence.end;
    }
    false
}

/// A word of digits with the words of digits that follow it, each after one space or dash.
struct Sequence<'a> {
    groups: Vec<&'a [u8]>,
    end: usize,
}

impl<'a> Sequence<'a> {
    /// Reads from the word that begins at `start`. Words that hold digits and other characters end
    /// it, and so does what follows them directly.
    fn read(bytes: &'a [u8], start: usize) -> Self {
        let mut groups = Vec::new();
        let mut mixed = false;
        let mut at = start;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let length = rest.iter().take_while(|byte| is_word(**byte)).count();
            let word = &rest[..length];
            let end = at + length;
            if word.iter().all(u8::is_ascii_digit) {
                groups.push(word);
            } else if !word.iter().any(u8::is_ascii_digit) {
                return Self { groups, end };
            } else {
                mixed = true;
            }
            let parted = matches!(bytes.get(end), Some(b' ' | b'-'));
            if !parted || !bytes.get(end + 1).is_some_and(|byte| is_word(*byte)) {
                if mixed {
                    groups.clear();
                }
                return Self { groups, end };
            }
            at = end + 1;
        }
    }

    /// A number of several groups neither follows nor is followed by a group of more than three
    /// digits: that would be a longer number. Shorter ones may be a date or a check value.
    fn holds_card_number(&self) -> bool {
        let long = |place: usize| self.groups.get(place).is_some_and(|group| group.len() > 3);
        (0..self.groups.len()).any(|start| {
            let mut digits: Vec<u8> = Vec::with_capacity(LONGEST);
            (start..self.groups.len().min(start + LONGEST)).any(|place| {
                digits.extend(self.groups[place].iter().map(|digit| digit - b'0'));
                let alone = place == start;
                let within_longer = start > 0 && long(start - 1) || long(place + 1);
                let bounded = alone || !within_longer;
                bounded && fits_scheme(&digits) && passes_luhn(&digits)
            })
        })
    }
}

/// Letters of other scripts count as parts of words too.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn fits_scheme(digits: &[u8]) -> bool {
    let prefix = digits.iter().take(4).fold(0, |prefix, digit| prefix * 10 + u16::from(*digit));
    SCHEMES.iter().any(|(from, until, lengths)| {
        (*from..=*until).contains(&prefix) && lengths.contains(&digits.len())
    })
}

/// ISO/IEC 7812-1, annex B: every second digit from the right counts twice.
fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prv_01_card_numbers_are_found_in_every_way_of_writing_them() {
        for text in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "Visa 5555 5555 5555 4444 12/29 123",
            "card:378282246310005",
            "3782 822463 10005",
            "(6011111111111117)",
            "30569309025904",
            "3530111333300000",
            "6200000000000005",
            "4222222222222",
            "2223003122003222 exp 12 29",
            "paid with 4000056655665556, thanks",
            "2026-11-21 4111 1111 1111 1111",
            "7000 4111111111111111",
        ] {
            assert!(looks_like_card_number(text), "{text:?} was not found");
        }
    }

    #[test]
    fn numbers_that_are_no_card_numbers_pass() {
        for text in [
            "",
            "INV-2026-000123",
            "4111111111111112",
            "411111111111",
            "20261121031500",
            "1790000000000000",
            "ES91 2100 0418 4502 0005 1332",
            "PL61 1090 1014 0000 0712 1981 2874",
            "AB12 4111 1111 1111 1111",
            "tok_4111111111111111",
            "9f4111111111111111",
            "00000000-0000-4111-8111-111111111111",
            "pay_018f3b5ec4d07d2e9b1c4111111111111111",
            "4111 1111 1111 1111 1111 1111",
            "+34 600 123 456",
            "4111.1111",
            "４１１１１１１１１１１１１１１１",
        ] {
            assert!(!looks_like_card_number(text), "{text:?} was taken for a card number");
        }
    }
}
