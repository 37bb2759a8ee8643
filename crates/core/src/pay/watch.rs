//! The clock: attempts of which nobody tells how they ended (PAY-05).

use jiff::SignedDuration;
use portico_billing::{AttemptId, OrganisationId};
use tokio::task::JoinSet;

use super::learn;
use super::work::in_turn;
use crate::{Core, Failure};

/// Attempts of one organisation that are looked at in one round.
const AT_ONCE: u16 = 20;
/// For how long nobody else takes up an attempt that is being looked at.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

impl Core {
    /// Looks at the attempts whose time has come, for all organisations; to be called every second
    /// or so. A gateway that does not answer keeps none of the others waiting. The answer is how
    /// many were looked at.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn look_at_attempts(&self) -> Result<usize, Failure> {
        let mut looks = JoinSet::new();
        let count = begin(self, &mut looks, usize::MAX).await?;
        looks.join_all().await;
        Ok(count)
    }
}

/// Takes up attempts whose time has come, about `most` of them, and begins to look at them.
pub(super) async fn begin(
    core: &Core,
    looks: &mut JoinSet<()>,
    most: usize,
) -> Result<usize, Failure> {
    let (now, mut count) = (core.now(), 0);
    let tenants = core.inner.store.directory().await?.organisations_with_attempts(now).await?;
    for organisation in in_turn(tenants, now) {
        if count >= most {
            break;
        }
        let mut write = core.inner.store.write(organisation).await?;
        let claimed = write.claim_payment_attempts((now, now + LEASE), AT_ONCE).await?;
        write.commit().await?;
        count += claimed.len();
        for id in claimed {
            looks.spawn(look(core.clone(), organisation, id));
        }
    }
    Ok(count)
}

async fn look(core: Core, organisation: OrganisationId, id: AttemptId) {
    if let Err(failure) = learn::by_looking_at(&core, organisation, id).await {
        // Logged there; the attempt is looked at again when its lease is over.
        let _reference = failure.report();
    }
}
