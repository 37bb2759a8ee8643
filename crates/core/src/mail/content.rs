//! What mails say: a variant for each kind, with the data of its templates.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::{Currency, EmailAddress, Money, PaymentId};
use serde::{Deserialize, Serialize};

use super::outbox::{LESSER_MAILS_PER_RECIPIENT_AND_HOUR, MAILS_PER_RECIPIENT_AND_HOUR, Share};

/// The page of the control panel that lists the sign-ups that wait.
pub(crate) fn approvals_page(panel_url: &str) -> String {
    format!("{panel_url}/approvals")
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailContent {
    /// A link to sign in with.
    SignInLink {
        /// The link.
        url: String,
        /// How long it works.
        valid_minutes: u32,
    },
    /// A link to choose a new password with.
    PasswordReset {
        /// The link.
        url: String,
        /// How long it works.
        valid_minutes: u32,
    },
    /// A password that the staff had made or set, to choose one of one's own with.
    TemporaryPassword {
        /// The password.
        password: String,
        /// The sign-in page.
        url: String,
        /// How long it works.
        valid_hours: u32,
    },
    /// A link that proves a new address.
    ConfirmEmail {
        /// The link.
        url: String,
        /// How long it works.
        valid_hours: u32,
    },
    /// To the old address: another one was asked for.
    EmailChangeNotice {
        /// The new address.
        new_email: EmailAddress,
    },
    /// The password was changed.
    PasswordChanged {
        /// When.
        changed_at: Timestamp,
    },
    /// A link that proves the address of somebody who signs up.
    SignUpConfirm {
        /// The link.
        url: String,
        /// How long it works.
        valid_hours: u32,
    },
    /// To somebody who signs up and has an account already.
    SignUpKnown {
        /// The sign-in page.
        url: String,
    },
    /// To the staff: a sign-up waits to be looked at.
    ApprovalWanted {
        /// The page of the control panel that lists those who wait. Mails of earlier releases have
        /// none.
        #[serde(default)]
        url: String,
        /// The company.
        company: String,
        /// The person.
        person: String,
        /// Its address.
        email: EmailAddress,
    },
    /// The staff approved the account.
    ApprovalGranted {
        /// The sign-in page.
        url: String,
        /// The company.
        company: String,
    },
    /// The staff refused the account.
    ApprovalRefused {
        /// The company.
        company: String,
        /// Why, as the staff put it.
        reason: String,
    },
    /// To an operator: a link to join an organisation's control panel.
    OperatorInvitation {
        /// The link.
        url: String,
        /// How long it works.
        valid_hours: u32,
        /// The organisation.
        organisation: String,
        /// Who invites.
        inviter: String,
    },
    /// To an operator: a link to choose a new password with.
    OperatorPasswordReset {
        /// The link.
        url: String,
        /// How long it works.
        valid_minutes: u32,
        /// The organisation.
        organisation: String,
    },
    /// To an operator: how it signs in was changed.
    OperatorSecurity {
        /// What was done.
        change: SecurityChange,
        /// When.
        changed_at: Timestamp,
        /// The organisation.
        organisation: String,
    },
    /// A payment arrived. Its receipt is attached if it could be made.
    Receipt {
        /// The payment's page.
        url: String,
        /// The payment.
        payment_id: PaymentId,
        /// How much.
        amount: Money,
        /// When, where the organisation is.
        paid_on: Date,
        /// How it was paid, in the mail's language.
        method: String,
    },
    /// A link to pay an invoice with, without signing in.
    PayLink {
        /// The link.
        url: String,
        /// The invoice.
        number: String,
        /// What is due.
        amount: Money,
        /// When it is due.
        due_on: Date,
        /// When the link ends.
        expires_at: Timestamp,
    },
    /// Nothing but that the brand's server works.
    SmtpTest {
        /// The server.
        server: String,
    },
}

/// What was changed about how an operator signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityChange {
    /// Another password.
    Password,
    /// A second factor from now on.
    SecondFactorOn,
    /// No second factor any more.
    SecondFactorOff,
}

impl MailContent {
    /// Whether it is to an operator: it lets it in, is about its signing in, or calls for it.
    #[must_use]
    pub const fn is_of_staff(&self) -> bool {
        matches!(
            self,
            Self::ApprovalWanted { .. }
                | Self::OperatorInvitation { .. }
                | Self::OperatorPasswordReset { .. }
                | Self::OperatorSecurity { .. }
        )
    }

    /// Whether a brand's own server may get it. Who edits brands must not read what lets operators
    /// in; that somebody waits for the staff is no secret of that kind.
    #[must_use]
    pub const fn may_go_by_brand(&self) -> bool {
        matches!(self, Self::ApprovalWanted { .. }) || !self.is_of_staff()
    }

    /// Gives a mail that an earlier release wrote what such mails say today.
    pub(super) fn brought_up_to_date(mut self, panel_url: &str) -> Self {
        if let Self::ApprovalWanted { url, .. } = &mut self
            && url.is_empty()
        {
            *url = approvals_page(panel_url);
        }
        self
    }

    /// Of which share of what its organisation may send it is, where somebody asked for it.
    pub(super) const fn share(&self) -> Share {
        match self {
            Self::SignUpConfirm { .. } | Self::SignUpKnown { .. } => Share::SignUps,
            _ if self.is_of_staff() => Share::Staff,
            _ => Share::Customers,
        }
    }

    /// For mails that are written because somebody asks, who may be a stranger: how many such
    /// mails its address may have got within an hour for this one to follow. Mails that tell
    /// people what was done to their account always do.
    #[must_use]
    pub const fn budget(&self) -> Option<u32> {
        match self {
            Self::SignInLink { .. }
            | Self::PasswordReset { .. }
            | Self::TemporaryPassword { .. }
            | Self::OperatorInvitation { .. }
            | Self::OperatorPasswordReset { .. } => Some(MAILS_PER_RECIPIENT_AND_HOUR),
            Self::ConfirmEmail { .. }
            | Self::SignUpConfirm { .. }
            | Self::SignUpKnown { .. }
            | Self::ApprovalWanted { .. }
            | Self::PayLink { .. }
            | Self::SmtpTest { .. } => Some(LESSER_MAILS_PER_RECIPIENT_AND_HOUR),
            Self::EmailChangeNotice { .. }
            | Self::PasswordChanged { .. }
            | Self::ApprovalGranted { .. }
            | Self::ApprovalRefused { .. }
            | Self::Receipt { .. }
            | Self::OperatorSecurity { .. } => None,
        }
    }

    /// The payment whose receipt is sent along.
    #[must_use]
    pub(super) const fn receipt_of(&self) -> Option<PaymentId> {
        match self {
            Self::Receipt { payment_id, .. } => Some(*payment_id),
            _ => None,
        }
    }

    /// Name of its templates.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SignInLink { .. } => "sign-in-link",
            Self::PasswordReset { .. } => "password-reset",
            Self::TemporaryPassword { .. } => "temporary-password",
            Self::ConfirmEmail { .. } => "confirm-email",
            Self::EmailChangeNotice { .. } => "email-change-notice",
            Self::PasswordChanged { .. } => "password-changed",
            Self::SignUpConfirm { .. } => "sign-up-confirm",
            Self::SignUpKnown { .. } => "sign-up-known",
            Self::ApprovalWanted { .. } => "approval-wanted",
            Self::ApprovalGranted { .. } => "approval-granted",
            Self::ApprovalRefused { .. } => "approval-refused",
            Self::OperatorInvitation { .. } => "operator-invitation",
            Self::OperatorPasswordReset { .. } => "operator-password-reset",
            Self::OperatorSecurity { .. } => "operator-security",
            Self::Receipt { .. } => "receipt",
            Self::PayLink { .. } => "pay-link",
            Self::SmtpTest { .. } => "smtp-test",
        }
    }

    /// One of each kind that goes to customers, for the pages on which brands choose their own
    /// words, and for the checks of these. `url` is where links lead.
    #[must_use]
    pub fn samples(url: &str, at: Timestamp) -> Vec<Self> {
        let url = || url.to_owned();
        let mut samples = vec![
            Self::SignInLink { url: url(), valid_minutes: 15 },
            Self::PasswordReset { url: url(), valid_minutes: 30 },
            Self::TemporaryPassword {
                password: "4rk8-wq2m-7xtn-p9ce".to_owned(),
                url: url(),
                valid_hours: 72,
            },
            Self::ConfirmEmail { url: url(), valid_hours: 24 },
            Self::PasswordChanged { changed_at: at },
            Self::SignUpConfirm { url: url(), valid_hours: 24 },
            Self::SignUpKnown { url: url() },
            Self::ApprovalGranted { url: url(), company: "Northwind".to_owned() },
            Self::ApprovalRefused {
                company: "Northwind".to_owned(),
                reason: "We do not deliver to your country yet.".to_owned(),
            },
            Self::PayLink {
                url: url(),
                number: "INV-2041".to_owned(),
                amount: Money::new(12_345, Currency::EUR),
                due_on: at.to_zoned(TimeZone::UTC).date(),
                expires_at: at,
            },
            Self::Receipt {
                url: url(),
                payment_id: PaymentId::new(at, [0; 10]),
                amount: Money::new(12_345, Currency::EUR),
                paid_on: at.to_zoned(TimeZone::UTC).date(),
                method: "Visa •••• 4242".to_owned(),
            },
        ];
        samples.extend(
            "new.address@example.com"
                .parse()
                .map(|new_email| Self::EmailChangeNotice { new_email }),
        );
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_to_the_staff_of_an_earlier_release_gets_its_link() {
        let old = r#"{"kind": "approval_wanted", "company": "Northwind", "person": "Ana",
            "email": "ana@northwind.example"}"#;
        let opened = |json: &str| {
            let content: MailContent = serde_json::from_str(json).expect("a mail");
            match content.brought_up_to_date("https://panel.example") {
                MailContent::ApprovalWanted { url, company, .. } => (url, company),
                other => panic!("{other:?}"),
            }
        };
        let (link, company) = ("https://panel.example/approvals".to_owned(), "Northwind");
        assert_eq!(opened(old), (link, company.to_owned()));
        let new = old.replace("\"company\"", "\"url\": \"https://p.example\", \"company\"");
        assert_eq!(opened(&new), ("https://p.example".to_owned(), company.to_owned()));
    }

    #[test]
    fn samples_are_of_different_kinds_and_survive_storage() {
        let samples = MailContent::samples("https://pay.example/x", Timestamp::UNIX_EPOCH);
        let kinds: std::collections::BTreeSet<_> = samples.iter().map(MailContent::kind).collect();
        assert_eq!(kinds.len(), samples.len());
        for sample in samples {
            let stored = serde_json::to_value(&sample).expect("JSON");
            assert_eq!(serde_json::from_value::<MailContent>(stored).expect("a mail"), sample);
        }
    }
}
