//! What goes along with mails: made when they leave, outside of any transaction.

use std::time::Duration;

use portico_core_api::{Document, Refusal};

use super::ClaimedMail;
use crate::Core;
use crate::payments::receipt_to_mail;

/// A file that goes along with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAttachment {
    /// Its name.
    pub file_name: String,
    /// Its media type.
    pub content_type: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl From<Document> for MailAttachment {
    fn from(it: Document) -> Self {
        Self { file_name: it.file_name, content_type: it.content_type, bytes: it.bytes }
    }
}

impl Core {
    /// What goes along with a mail, in its language. One that cannot be made does not keep back the
    /// mail, which has a link to it.
    ///
    /// # Errors
    /// Where too many documents are being made: how long to wait.
    pub async fn mail_attachment(
        &self,
        mail: &ClaimedMail,
    ) -> Result<Option<MailAttachment>, Duration> {
        let Some(payment) = mail.message.content.receipt_of() else { return Ok(None) };
        let of = (mail.organisation_id, payment);
        match receipt_to_mail(self, of, &mail.message.language).await {
            Ok(document) => Ok(Some(document.into())),
            Err(Refusal::TooMany { retry_after }) => Err(retry_after),
            Err(refusal) => {
                tracing::error!(job = %mail.id, %refusal, "a receipt is mailed without its file");
                Ok(None)
            }
        }
    }
}
