//! What became of mails that a worker took.

use jiff::SignedDuration;
use portico_store::Write;

use super::{ClaimedMail, MailRoute, ProbeFault};
use crate::{Core, Failure};

/// Tries before a mail is given up; with the pauses between them about two days.
const MAX_TRIES: u32 = 12;
/// How often a server gets a mail that it never answers. One that only answers late took it each
/// time.
const UNANSWERED_MAX: u32 = 3;
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);

impl Core {
    /// A mail was sent; what it said is erased.
    ///
    /// # Errors
    /// Where the machinery fails; the mail may then be sent again.
    pub async fn mail_done(&self, mail: &ClaimedMail) -> Result<(), Failure> {
        let mut write = self.inner.store.write(mail.organisation_id).await?;
        write.close_job(mail.id, None, self.now()).await?;
        Ok(write.commit().await?)
    }

    /// A mail could not be sent: it is tried again after a pause that doubles, at last given up.
    /// `error` is kept with it and says in few words why; never to whom, nor what the mail says.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn mail_failed(&self, mail: &ClaimedMail, error: &str) -> Result<(), Failure> {
        let mut write = self.inner.store.write(mail.organisation_id).await?;
        self.try_later(&mut write, mail, (error, mail.attempt >= MAX_TRIES)).await?;
        Ok(write.commit().await?)
    }

    /// A mail is about to be handed over to a server. From now on it goes by that one alone, even
    /// if this program ends before the answer comes.
    ///
    /// # Errors
    /// Where the machinery fails; the mail must not leave then.
    pub async fn mail_leaves(&self, mail: &ClaimedMail, route: MailRoute) -> Result<(), Failure> {
        let mut write = self.inner.store.write(mail.organisation_id).await?;
        write.mark_job_handed(mail.id, Some(route.word())).await?;
        Ok(write.commit().await?)
    }

    /// The server that a mail was handed over to says that it has not taken it: another one may.
    ///
    /// # Errors
    /// Where the machinery fails; the mail stays with that server then.
    pub async fn mail_not_taken(&self, mail: &ClaimedMail) -> Result<(), Failure> {
        let mut write = self.inner.store.write(mail.organisation_id).await?;
        write.mark_job_handed(mail.id, None).await?;
        Ok(write.commit().await?)
    }

    /// A mail was handed over, and the server did not say what became of it. It may be on its way:
    /// it is tried again later, by the same server and under the same identifier, but not often.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn mail_unanswered(
        &self,
        mail: &ClaimedMail,
        route: MailRoute,
    ) -> Result<(), Failure> {
        let mut write = self.inner.store.write(mail.organisation_id).await?;
        write.mark_job_unanswered(mail.id, route.word()).await?;
        let is_last = mail.unanswered + 1 >= UNANSWERED_MAX || mail.attempt >= MAX_TRIES;
        let error = ProbeFault::Unanswered.to_string();
        self.try_later(&mut write, mail, (&error, is_last)).await?;
        Ok(write.commit().await?)
    }

    async fn try_later(
        &self,
        write: &mut Write,
        mail: &ClaimedMail,
        (error, is_last): (&str, bool),
    ) -> Result<(), Failure> {
        let now = self.now();
        let error: String = error.chars().take(200).collect();
        if is_last {
            return Ok(write.close_job(mail.id, Some(&error), now).await?);
        }
        Ok(write.retry_job(mail.id, &error, now + pause_after(mail.attempt)).await?)
    }

    /// A mail was not tried: its server is busy with others, or known to be out of reach. It waits
    /// for `pause` without losing one of its tries.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn mail_postponed(
        &self,
        mail: &ClaimedMail,
        pause: SignedDuration,
    ) -> Result<(), Failure> {
        let mut write = self.inner.store.write(mail.organisation_id).await?;
        write.postpone_job(mail.id, self.now() + pause).await?;
        Ok(write.commit().await?)
    }
}

/// One minute after the first try, then twice as long each time, up to six hours.
fn pause_after(attempt: u32) -> SignedDuration {
    let doublings = attempt.saturating_sub(1).min(9);
    SignedDuration::from_mins(1 << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_from_a_minute_to_six_hours() {
        let minutes: Vec<i64> = (1..=11).map(|attempt| pause_after(attempt).as_mins()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
    }
}
