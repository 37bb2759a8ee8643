//! Mails of a demonstration, kept to be looked at instead of being sent.

use jiff::Timestamp;
use portico_billing::OrganisationId;
use uuid::Uuid;

use crate::{Directory, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT organisation_id, id, recipient, sender, subject, text_body, html_body, created_at \
         FROM captured_mail "
    };
}

statements! {
    INSERT = "INSERT INTO captured_mail (organisation_id, id, recipient, sender, subject, \
        text_body, html_body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    NEWEST = concat!(columns!(), "ORDER BY created_at DESC, id DESC LIMIT $1");
    FIND = concat!(columns!(), "WHERE id = $1 LIMIT 1");
}

/// A mail that was kept instead of being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedMail {
    /// Identifier.
    pub id: Uuid,
    /// The tenant whose mail it is.
    pub organisation_id: OrganisationId,
    /// To whom.
    pub recipient: String,
    /// From whom.
    pub sender: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text_body: String,
    /// HTML.
    pub html_body: String,
    /// When it would have been sent.
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    recipient: String,
    sender: String,
    subject: String,
    text_body: String,
    html_body: String,
    created_at: i64,
}

impl TryFrom<Row> for CapturedMail {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            organisation_id: OrganisationId::from(row.organisation_id),
            recipient: row.recipient,
            sender: row.sender,
            subject: row.subject,
            text_body: row.text_body,
            html_body: row.html_body,
            created_at: column::time("captured_mail.created_at", row.created_at)?,
        })
    }
}

impl Directory {
    /// The newest kept mails of all organisations.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn captured_mails(&mut self, limit: u16) -> Result<Vec<CapturedMail>, StoreError> {
        let rows = fetch_all!(self.conn, Row, NEWEST, i64::from(limit))?;
        rows.into_iter().map(CapturedMail::try_from).collect()
    }

    /// One kept mail.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn captured_mail(&mut self, id: Uuid) -> Result<Option<CapturedMail>, StoreError> {
        fetch_optional!(self.conn, Row, FIND, id)?.map(CapturedMail::try_from).transpose()
    }
}

impl Write {
    /// Keeps a mail.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_captured_mail(&mut self, it: &CapturedMail) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id,
            &it.recipient,
            &it.sender,
            &it.subject,
            &it.text_body,
            &it.html_body,
            column::micros(it.created_at),
        )
        .map(drop)
    }
}
