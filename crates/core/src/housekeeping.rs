//! What is thrown away once its time is over.

use jiff::SignedDuration;
use portico_billing::OrganisationId;

use crate::{Core, Failure, idempotency};

/// Sessions, used links and sent mails are kept this long after the fact. No session lives as long.
const RECORDS: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Core {
    /// Deletes old sessions, links, records of sent mails and idempotency keys, and empties the
    /// database's log; to be called every hour or so. The answer is how many rows went.
    ///
    /// # Errors
    /// Where the machinery fails; what was deleted before stays deleted.
    pub async fn tidy_up(&self) -> Result<u64, Failure> {
        let organisations = self.organisations().await?;
        let mut deleted = 0;
        for organisation in organisations {
            deleted += self.tidy_up_one(organisation.id).await?;
        }
        self.inner.store.empty_log().await?;
        Ok(deleted)
    }

    async fn tidy_up_one(&self, organisation: OrganisationId) -> Result<u64, Failure> {
        let now = self.now();
        let month_ago = now - RECORDS;
        let mut write = self.inner.store.write(organisation).await?;
        let deleted = write.delete_idempotency_keys(now - idempotency::LIFE).await?
            + write.delete_portal_sessions(month_ago).await?
            + write.delete_contact_links(month_ago).await?
            + write.delete_sign_ups(now).await?
            + write.delete_voucher_misses(now).await?
            + write.delete_operator_sessions(month_ago).await?
            + write.delete_operator_links(month_ago).await?
            + write.delete_closed_jobs(month_ago).await?;
        write.commit().await?;
        Ok(deleted)
    }
}
