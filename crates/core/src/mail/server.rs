//! A brand's own mail server, as mail is sent by it.

use std::fmt;

use async_trait::async_trait;
use portico_billing::smtp::SmtpSecurity;
use portico_billing::{BrandId, EmailAddress};
use portico_store::Read;

use super::ClaimedMail;
use crate::brand_mail::PASSWORD;
use crate::seal::SealError;
use crate::{Core, Failure};

/// A brand's own mail server, with its password. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is secured.
    pub security: SmtpSecurity,
    /// Who signs in to it, with which password.
    pub credentials: Option<(String, String)>,
    /// Whether there is a password that cannot be opened: it was sealed with another key. The
    /// server is of no use until it is given again.
    pub is_password_lost: bool,
    /// The address that mail comes from.
    pub from_address: EmailAddress,
    /// The name before it; the brand's where there is none.
    pub from_name: Option<String>,
    /// Whether the installation's server sends where this one cannot be reached.
    pub falls_back: bool,
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpServer").field("port", &self.port).finish_non_exhaustive()
    }
}

/// Why a server did not take a mail, in words of our own: what it says itself may hold what it was
/// told, and is repeated to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeFault {
    /// No host has this name.
    UnknownHost,
    /// The host is not on the public internet, and its network is not allowed.
    NotPublic,
    /// Nobody listens there, or the way is blocked.
    Unreachable,
    /// It takes too long.
    TooSlow,
    /// The encrypted connection could not be made: its certificate, its versions, no STARTTLS.
    NoTls,
    /// What answers is no mail server.
    NotSmtp,
    /// Plain text would leave this machine.
    PlainText,
    /// User name or password are refused, with the server's code.
    SignIn(u16),
    /// The mail is refused, with the server's code.
    Refused(u16),
    /// The mail is put off, with the server's code.
    PutOff(u16),
    /// It got the whole mail, and does not say whether it took it. The mail may arrive.
    Unanswered,
    /// The password was sealed with another key, and has to be given again.
    PasswordLost,
    /// The mail could not be put together.
    Mail,
}

impl ProbeFault {
    /// The end of the key of its text.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::UnknownHost => "unknown-host",
            Self::NotPublic => "not-public",
            Self::Unreachable => "unreachable",
            Self::TooSlow => "too-slow",
            Self::NoTls => "no-tls",
            Self::NotSmtp => "not-smtp",
            Self::PlainText => "plain-text",
            Self::SignIn(_) => "sign-in",
            Self::Refused(_) => "refused",
            Self::PutOff(_) => "put-off",
            Self::Unanswered => "unanswered",
            Self::PasswordLost => "password-lost",
            Self::Mail => "mail",
        }
    }

    /// The server's code, where it gave one.
    #[must_use]
    pub const fn code(self) -> Option<u16> {
        match self {
            Self::SignIn(code) | Self::Refused(code) | Self::PutOff(code) => Some(code),
            _ => None,
        }
    }

    /// Whether the server as a whole is of no use now, so that another mail need not be tried.
    #[must_use]
    pub const fn is_of_server(self) -> bool {
        matches!(self, Self::PutOff(421))
            || !matches!(self, Self::Refused(_) | Self::PutOff(_) | Self::Mail)
    }

    /// Whether another server may send the mail instead. That is so where this one certainly has
    /// not taken it, and what it has against it is not the mail itself.
    #[must_use]
    pub const fn leaves_mail_to_others(self) -> bool {
        !matches!(self, Self::Refused(_) | Self::Unanswered | Self::Mail)
    }
}

impl fmt::Display for ProbeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownHost => f.write_str("no host has the server's name"),
            Self::NotPublic => f.write_str("the server is not on the public internet"),
            Self::Unreachable => f.write_str("no connection to the server"),
            Self::TooSlow => f.write_str("the server does not answer in time"),
            Self::NoTls => f.write_str("no TLS with the server"),
            Self::NotSmtp => f.write_str("the server's answer is no SMTP"),
            Self::PlainText => f.write_str("plain text is for a server on this machine alone"),
            Self::SignIn(code) => {
                write!(f, "the server refuses user name or password ({code})")
            }
            Self::Refused(code) => write!(f, "the server refuses the mail ({code})"),
            Self::PutOff(code) => write!(f, "the server puts the mail off ({code})"),
            Self::Unanswered => f.write_str("the server got the mail and does not answer"),
            Self::PasswordLost => f.write_str("the server's password cannot be opened"),
            Self::Mail => f.write_str("the mail cannot be put together"),
        }
    }
}

/// Sends one mail at once by its brand's server: what stands behind the button "send a test mail".
#[async_trait]
pub trait MailProbe: Send + Sync {
    /// Sends it, within seconds.
    async fn send(&self, mail: &ClaimedMail) -> Result<(), ProbeFault>;
}

/// The password of a brand's server; an empty one where there is none.
pub(crate) fn open_password(core: &Core, sealed: Option<&[u8]>) -> Result<String, SealError> {
    let Some(sealed) = sealed else { return Ok(String::new()) };
    let plain = core.inner.sealer.open(PASSWORD, sealed)?;
    Ok(String::from_utf8_lossy(&plain).into_owned())
}

/// The brand's own server with its password opened. One that cannot be opened is the server's
/// trouble, not the mail's.
pub(super) async fn of_brand(
    core: &Core,
    read: &mut Read,
    brand: BrandId,
) -> Result<Option<SmtpServer>, Failure> {
    let Some(stored) = read.brand_smtp(brand).await? else { return Ok(None) };
    let password = open_password(core, stored.sealed_password.as_deref());
    Ok(Some(SmtpServer {
        host: stored.server,
        port: stored.port,
        security: stored.security,
        is_password_lost: password.is_err(),
        credentials: stored.username.zip(password.ok()),
        from_address: stored.from_address,
        from_name: stored.from_name,
        falls_back: stored.falls_back,
    }))
}
