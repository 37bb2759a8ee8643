//! Signing up: how long a sign-up waits for its address to be proven, and how much is given away.
//!
//! What a template customer has of value is copied to whoever signs up. That is worth farming, so
//! it is given once per person, and bounded per address of the network and per brand and day.
//! Beyond the bounds the account is made all the same, without what has value; the staff sees it.

use std::time::Duration;

use crate::EmailAddress;

/// How long a sign-up waits for its address to be proven.
pub const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// Mails to one address within an hour: a lost mail can be asked for again, a mailbox is not
/// filled.
pub const MAILS_PER_ADDRESS_AND_HOUR: u32 = 3;
/// Mails of one brand within an hour: a flood of invented addresses must not cost the brand the
/// good name of its mail server.
pub const MAILS_PER_BRAND_AND_HOUR: u32 = 300;
/// Mails to the staff about sign-ups of one brand within an hour: beyond that the list says it.
pub const NOTICES_PER_BRAND_AND_HOUR: u32 = 10;
/// Customers with copied value from one address of the network (of IPv6 the network of a
/// household) within a day: an office may sign up more than one company, a farm many.
pub const VALUE_PER_ADDRESS_AND_DAY: u32 = 3;
/// Customers with copied value on one brand within a day: the most that a farm with many
/// addresses can get at before somebody looks.
pub const VALUE_PER_BRAND_AND_DAY: u32 = 200;

/// Mail services that let their users write dots anywhere.
const DOTS_DO_NOT_COUNT: [&str; 2] = ["gmail.com", "googlemail.com"];

/// Whose address it is, however it is written: tags behind a `+` and needless dots are left out.
/// Good for counting persons, not for writing to them.
#[must_use]
pub fn person_key(email: &EmailAddress) -> String {
    let key = email.key();
    let Some((local, domain)) = key.rsplit_once('@') else { return key };
    let plain = local.split_once('+').map_or(local, |(plain, _)| plain);
    if DOTS_DO_NOT_COUNT.contains(&domain) {
        return format!("{}@{}", plain.replace('.', ""), DOTS_DO_NOT_COUNT[0]);
    }
    format!("{plain}@{domain}")
}

/// What was given away of value so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// To this person on this brand, ever.
    pub to_person: u32,
    /// To this address of the network on this brand, within a day.
    pub to_address: u32,
    /// On this brand, within a day.
    pub on_brand: u32,
}

impl Given {
    /// Whether one more may get what has value.
    #[must_use]
    pub const fn leaves_room(self) -> bool {
        self.to_person == 0
            && self.to_address < VALUE_PER_ADDRESS_AND_DAY
            && self.on_brand < VALUE_PER_BRAND_AND_DAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dos_09_one_person_is_known_in_all_spellings() {
        for (written, person) in [
            ("Ana.Gomez+promo@Gmail.com", "anagomez@gmail.com"),
            ("a.n.a.gomez@googlemail.com", "anagomez@gmail.com"),
            ("ana.gomez+7@acme.example", "ana.gomez@acme.example"),
            ("ana.gomez@acme.example", "ana.gomez@acme.example"),
        ] {
            let email: EmailAddress = written.parse().expect("an address");
            assert_eq!(person_key(&email), person, "{written}");
        }
    }

    #[test]
    fn dos_09_value_is_given_once_and_within_bounds() {
        let none = Given { to_person: 0, to_address: 0, on_brand: 0 };
        assert!(none.leaves_room());
        assert!(!Given { to_person: 1, ..none }.leaves_room());
        assert!(Given { to_address: VALUE_PER_ADDRESS_AND_DAY - 1, ..none }.leaves_room());
        assert!(!Given { to_address: VALUE_PER_ADDRESS_AND_DAY, ..none }.leaves_room());
        assert!(!Given { on_brand: VALUE_PER_BRAND_AND_DAY, ..none }.leaves_room());
    }
}
