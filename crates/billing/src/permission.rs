//! What the staff and the organisation's software may do: permissions, and the roles that hold
//! them.

use serde::{Deserialize, Serialize};

/// One kind of act. What it covers is decided where the act is, by asking for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See customers, contacts and everything that is billed to them.
    Read,
    /// Create and change customers.
    EditCustomers,
    /// Create and change contacts, their access and passwords.
    EditContacts,
    /// Create and change invoices, credit notes, payments, refunds and what customers hold.
    EditBilling,
    /// Make, export and void vouchers.
    EditVouchers,
    /// Open the portal as a customer, to look.
    OpenPortal,
    /// Act in a portal that was opened as a customer.
    ActInPortal,
    /// Approve and refuse sign-ups.
    ApproveSignUps,
    /// Change brands: looks, sections, mail, texts, domains, files.
    EditBrands,
    /// Set up payment gateways: accounts at payment providers, with their keys.
    EditGateways,
    /// Change the organisation: name, address, numbering, rules of signing in.
    EditOrganisation,
    /// Invite, change and remove operators.
    EditOperators,
    /// Make and revoke API keys.
    EditApiKeys,
    /// Read the audit log.
    ReadAudit,
}

impl Permission {
    /// All of them, in the order in which people are shown them.
    pub const ALL: [Self; 14] = [
        Self::Read,
        Self::EditCustomers,
        Self::EditContacts,
        Self::EditBilling,
        Self::EditVouchers,
        Self::OpenPortal,
        Self::ActInPortal,
        Self::ApproveSignUps,
        Self::EditBrands,
        Self::EditGateways,
        Self::EditOrganisation,
        Self::EditOperators,
        Self::EditApiKeys,
        Self::ReadAudit,
    ];

    /// Its word in data and texts: `edit_customers`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::EditCustomers => "edit_customers",
            Self::EditContacts => "edit_contacts",
            Self::EditBilling => "edit_billing",
            Self::EditVouchers => "edit_vouchers",
            Self::OpenPortal => "open_portal",
            Self::ActInPortal => "act_in_portal",
            Self::ApproveSignUps => "approve_sign_ups",
            Self::EditBrands => "edit_brands",
            Self::EditGateways => "edit_gateways",
            Self::EditOrganisation => "edit_organisation",
            Self::EditOperators => "edit_operators",
            Self::EditApiKeys => "edit_api_keys",
            Self::ReadAudit => "read_audit",
        }
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Permission>", into = "Vec<Permission>")]
pub struct Permissions(u32);

impl Permissions {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Everything, also what later versions add.
    pub const ALL: Self = Self(u32::MAX);

    /// The set of these.
    #[must_use]
    pub const fn of(permissions: &[Permission]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < permissions.len() {
            bits |= 1 << permissions[at] as u32;
            at += 1;
        }
        Self(bits)
    }

    /// Whether `permission` is among them.
    #[must_use]
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u32) != 0
    }

    /// Whether all of `others` are among them: nobody gives away more than they have.
    #[must_use]
    pub const fn has_all(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// The permissions in their order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.has(*permission))
    }
}

impl From<Vec<Permission>> for Permissions {
    fn from(list: Vec<Permission>) -> Self {
        Self::of(&list)
    }
}

impl From<Permissions> for Vec<Permission> {
    fn from(set: Permissions) -> Self {
        set.iter().collect()
    }
}

/// What an operator is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorRole {
    /// Everything; each organisation has at least one.
    Owner,
    /// Everything but owners.
    Admin,
    /// Customers and what is billed to them.
    Billing,
    /// Customers' contacts, and looking into their portals.
    Support,
    /// Sees, and changes nothing.
    ReadOnly,
}

impl OperatorRole {
    /// All of them, the mightiest first.
    pub const ALL: [Self; 5] =
        [Self::Owner, Self::Admin, Self::Billing, Self::Support, Self::ReadOnly];

    /// Its word in data and texts: `read_only`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Billing => "billing",
            Self::Support => "support",
            Self::ReadOnly => "read_only",
        }
    }

    /// What it may do.
    #[must_use]
    pub const fn permissions(self) -> Permissions {
        use Permission as P;
        match self {
            Self::Owner | Self::Admin => Permissions::ALL,
            Self::Billing => Permissions::of(&[
                P::Read,
                P::EditCustomers,
                P::EditContacts,
                P::EditBilling,
                P::EditVouchers,
                P::OpenPortal,
                P::ActInPortal,
                P::ApproveSignUps,
            ]),
            Self::Support => Permissions::of(&[P::Read, P::EditContacts, P::OpenPortal]),
            Self::ReadOnly => Permissions::of(&[P::Read]),
        }
    }

    /// Whether an operator of this role may make, change or remove one of role `other`: owners are
    /// the business of owners.
    #[must_use]
    pub const fn may_manage(self, other: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Admin => !matches!(other, Self::Owner),
            Self::Billing | Self::Support | Self::ReadOnly => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_data() {
        for permission in Permission::ALL {
            let data = serde_json::to_value(permission).expect("a word");
            assert_eq!(data, permission.word());
        }
        for role in OperatorRole::ALL {
            assert_eq!(serde_json::to_value(role).expect("a word"), role.word());
        }
    }

    #[test]
    fn each_role_holds_what_the_next_one_holds() {
        for pair in OperatorRole::ALL.windows(2) {
            assert!(pair[0].permissions().has_all(pair[1].permissions()), "{pair:?}");
        }
        assert!(!OperatorRole::Support.permissions().has(Permission::EditBilling));
        assert_eq!(
            OperatorRole::ReadOnly.permissions().iter().collect::<Vec<_>>(),
            [Permission::Read]
        );
    }

    #[test]
    fn only_owners_touch_owners() {
        for role in OperatorRole::ALL {
            assert_eq!(role.may_manage(OperatorRole::Owner), role == OperatorRole::Owner);
        }
        assert!(OperatorRole::Admin.may_manage(OperatorRole::Admin));
        assert!(!OperatorRole::Billing.may_manage(OperatorRole::ReadOnly));
    }

    #[test]
    fn a_set_is_written_as_its_words() {
        let set = Permissions::of(&[Permission::ReadAudit, Permission::Read]);
        let text = serde_json::to_string(&set).expect("JSON");
        assert_eq!(text, r#"["read","read_audit"]"#);
        assert_eq!(serde_json::from_str::<Permissions>(&text).expect("a set"), set);
        assert!(serde_json::from_str::<Permissions>(r#"["fly"]"#).is_err());
    }
}
