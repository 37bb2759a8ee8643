//! Sections of the portal that a brand shows or hides, and a customer's own exceptions.
//!
//! A hidden section is absent alike from menu, search, documents and its address.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A section or feature of the portal with a switch of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What is due and what was paid, on the overview.
    Balance,
    /// Invoices and credit notes.
    Invoices,
    /// Payments, refunds and receipts.
    Payments,
    /// Paying invoices.
    PayInvoices,
    /// Paying in beforehand.
    RefillBalance,
    /// Redeeming vouchers.
    Vouchers,
    /// Subscriptions.
    Subscriptions,
    /// Entitlements.
    Entitlements,
    /// Contracts.
    Contracts,
    /// Payment methods.
    PaymentMethods,
    /// Billing information: company, addresses, tax ids.
    BillingInformation,
    /// Downloads of lists as CSV and XLSX.
    Exports,
}

/// What sections are switched together with, for people who look for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionGroup {
    /// What is billed and paid.
    Billing,
    /// What the customer holds.
    Holdings,
    /// How the customer is billed, and by what.
    Account,
    /// What works across sections.
    Features,
}

impl SectionGroup {
    /// All of them, in the order of the switches.
    pub const ALL: [Self; 4] = [Self::Billing, Self::Holdings, Self::Account, Self::Features];

    /// Its word in texts: `holdings`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Billing => "billing",
            Self::Holdings => "holdings",
            Self::Account => "account",
            Self::Features => "features",
        }
    }

    /// Its sections, in their order.
    pub fn sections(self) -> impl Iterator<Item = Section> {
        Section::ALL.into_iter().filter(move |section| section.group() == self)
    }
}

impl Section {
    /// All of them, in the order of the switches. A later section joins in here.
    pub const ALL: [Self; 12] = [
        Self::Balance,
        Self::Invoices,
        Self::Payments,
        Self::PayInvoices,
        Self::RefillBalance,
        Self::Vouchers,
        Self::Subscriptions,
        Self::Entitlements,
        Self::Contracts,
        Self::PaymentMethods,
        Self::BillingInformation,
        Self::Exports,
    ];

    /// Its word in data and texts: `payment_methods`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Invoices => "invoices",
            Self::Payments => "payments",
            Self::PayInvoices => "pay_invoices",
            Self::RefillBalance => "refill_balance",
            Self::Vouchers => "vouchers",
            Self::Subscriptions => "subscriptions",
            Self::Entitlements => "entitlements",
            Self::Contracts => "contracts",
            Self::PaymentMethods => "payment_methods",
            Self::BillingInformation => "billing_information",
            Self::Exports => "exports",
        }
    }

    /// The section of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.word() == word)
    }

    /// What it is listed with.
    #[must_use]
    pub const fn group(self) -> SectionGroup {
        match self {
            Self::Balance
            | Self::Invoices
            | Self::Payments
            | Self::PayInvoices
            | Self::RefillBalance
            | Self::Vouchers => SectionGroup::Billing,
            Self::Subscriptions | Self::Entitlements | Self::Contracts => SectionGroup::Holdings,
            Self::PaymentMethods | Self::BillingInformation => SectionGroup::Account,
            Self::Exports => SectionGroup::Features,
        }
    }
}

/// A customer's exceptions from what its brand shows. A section in neither list follows the brand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PortalAccess {
    /// Shown, whatever the brand says.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub show: BTreeSet<Section>,
    /// Hidden, whatever the brand says.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub hide: BTreeSet<Section>,
}

/// A section that is to be shown and hidden at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is on both lists", .0.word())]
pub struct BothWays(pub Section);

impl PortalAccess {
    /// Whether all follows the brand. It is then written as `{}`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.show.is_empty() && self.hide.is_empty()
    }

    /// What it says of a section: `Some(true)` = shown, `Some(false)` = hidden, nothing = as the
    /// brand says.
    #[must_use]
    pub fn of(&self, section: Section) -> Option<bool> {
        if self.show.contains(&section) {
            return Some(true);
        }
        self.hide.contains(&section).then_some(false)
    }

    /// Refuses lists that contradict each other.
    ///
    /// # Errors
    /// The first section that is on both.
    pub fn check(&self) -> Result<(), BothWays> {
        self.show.intersection(&self.hide).next().map_or(Ok(()), |both| Err(BothWays(*both)))
    }
}

/// The sections that a customer sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Section>", into = "Vec<Section>")]
pub struct Sections(u32);

impl Sections {
    /// Every section.
    pub const ALL: Self = Self(u32::MAX);

    /// What is shown on a brand that hides `hidden`, to a customer with these exceptions.
    #[must_use]
    pub fn resolve(hidden: &[Section], access: &PortalAccess) -> Self {
        let shown = |section: &Section| {
            access.show.contains(section)
                || !hidden.contains(section) && !access.hide.contains(section)
        };
        Section::ALL.into_iter().filter(shown).collect::<Vec<_>>().into()
    }

    /// Whether all of these are shown.
    #[must_use]
    pub fn has_all(self, sections: &[Section]) -> bool {
        sections.iter().all(|section| self.has(*section))
    }

    /// Whether `section` is shown.
    #[must_use]
    pub const fn has(self, section: Section) -> bool {
        self.0 & (1 << section as u32) != 0
    }
}

impl From<Vec<Section>> for Sections {
    fn from(list: Vec<Section>) -> Self {
        Self(list.into_iter().fold(0, |bits, section| bits | 1 << section as u32))
    }
}

impl From<Sections> for Vec<Section> {
    fn from(sections: Sections) -> Self {
        Section::ALL.into_iter().filter(|section| sections.has(*section)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_switch_and_each_exception_decides_its_own_section() {
        for section in Section::ALL {
            let (only, none) = (BTreeSet::from([section]), BTreeSet::new());
            for (hidden, show, hide, seen) in [
                (false, false, false, true),
                (true, false, false, false),
                (true, true, false, true),
                (false, false, true, false),
                (true, false, true, false),
                (false, true, false, true),
            ] {
                let list = |on: bool| if on { only.clone() } else { none.clone() };
                let hidden = if hidden { vec![section] } else { Vec::new() };
                let access = PortalAccess { show: list(show), hide: list(hide) };
                let sections = Sections::resolve(&hidden, &access);
                assert_eq!(sections.has(section), seen, "{section:?} {hidden:?} {access:?}");
                let others = Section::ALL.into_iter().filter(|other| *other != section);
                assert!(others.into_iter().all(|other| sections.has(other)), "{section:?}");
            }
            let both = PortalAccess { show: only.clone(), hide: only };
            assert_eq!(both.check(), Err(BothWays(section)));
            assert_eq!(serde_json::to_value(section).expect("a word"), section.word());
        }
        assert_eq!(PortalAccess::default().check(), Ok(()));
        assert_eq!(serde_json::to_string(&PortalAccess::default()).expect("JSON"), "{}");
    }

    #[test]
    fn every_section_is_in_one_group_and_found_by_its_word() {
        let grouped: Vec<Section> =
            SectionGroup::ALL.into_iter().flat_map(SectionGroup::sections).collect();
        assert_eq!(grouped.len(), Section::ALL.len());
        for section in Section::ALL {
            assert!(grouped.contains(&section), "{section:?} is in no group");
            assert_eq!(Section::from_word(section.word()), Some(section));
        }
        assert_eq!(Section::from_word("secrets"), None);
    }
}
