//! Claims of hosts that were never proven, and who is in time.

use crate::common::{self, NOW, tenant};
use jiff::SignedDuration;
use portico_billing::domain::{Claim, DnsState};
use portico_billing::{BrandId, OrganisationId};
use portico_store::Store;
use portico_testkit::both_engines;

const HOST: &str = "billing.brand.test";
const LABEL: &str = "3f9c0d6a1b2e4c5d6e7f";

/// A tenant whose brand claims the host by this label.
async fn claimed(store: &Store, label: &str) -> OrganisationId {
    let (organisation, _) = tenant(store, 1).await;
    claim(store, organisation, label).await;
    organisation
}

async fn claim(store: &Store, organisation: OrganisationId, label: &str) {
    let mut write = store.write(organisation).await.expect("a unit of work");
    let brand = BrandId::from(common::id(1));
    let claim = Claim::new(label.to_owned(), NOW);
    write.insert_domain(brand, HOST, Some(&claim)).await.expect("a domain");
    write.commit().await.expect("a commit");
}

/// The DNS is seen to lead to the claim.
async fn prove(store: &Store, organisation: OrganisationId, label: &str) -> bool {
    let now = NOW + SignedDuration::from_hours(1);
    let claim = Claim {
        checked_at: Some(now),
        dns: Some(DnsState::Points),
        proven_at: Some(now),
        ..Claim::new(label.to_owned(), NOW)
    };
    let mut write = store.write(organisation).await.expect("a unit of work");
    let kept = write.save_domain_check(HOST, &claim, now).await.expect("an answer");
    write.commit().await.expect("a commit");
    kept
}

/// Somebody saw the claim lapsed a moment ago, and takes the host now.
async fn free(store: &Store, organisation: OrganisationId, label: &str) -> bool {
    let mut write = store.write(organisation).await.expect("a unit of work");
    let was_freed = write.delete_unproven_domain(HOST, label).await.expect("an answer");
    write.commit().await.expect("a commit");
    was_freed
}

async fn is_held(store: &Store, organisation: OrganisationId) -> bool {
    let mut read = store.read(organisation).await.expect("a unit of work");
    read.domain(HOST).await.expect("an answer").is_some()
}

both_engines! {
    async fn a_lapsed_claim_makes_room(db: TestDatabase) {
        let organisation = claimed(&db.store, LABEL).await;
        assert!(free(&db.store, organisation, LABEL).await);
        assert!(!is_held(&db.store, organisation).await);
        assert!(!free(&db.store, organisation, LABEL).await, "there is nothing left");
        assert!(!prove(&db.store, organisation, LABEL).await, "a proof that comes too late");
    }

    async fn a_claim_that_was_proven_meanwhile_stays(db: TestDatabase) {
        let organisation = claimed(&db.store, LABEL).await;
        assert!(prove(&db.store, organisation, LABEL).await);
        assert!(!free(&db.store, organisation, LABEL).await);
        assert!(is_held(&db.store, organisation).await);
    }

    async fn a_claim_that_was_made_anew_meanwhile_stays(db: TestDatabase) {
        let organisation = claimed(&db.store, LABEL).await;
        let mut write = db.store.write(organisation).await.expect("a unit of work");
        assert!(write.delete_domain(HOST).await.expect("an answer"));
        write.commit().await.expect("a commit");
        claim(&db.store, organisation, "another-label").await;
        assert!(!free(&db.store, organisation, LABEL).await);
        assert!(is_held(&db.store, organisation).await);
    }

    async fn of_a_proof_and_a_lapse_at_once_one_wins(db: TestDatabase) {
        let organisation = claimed(&db.store, LABEL).await;
        for _ in 0..20 {
            let (proven, freed) = tokio::join!(
                prove(&db.store, organisation, LABEL),
                free(&db.store, organisation, LABEL),
            );
            assert_ne!(proven, freed, "both, or none");
            assert_eq!(is_held(&db.store, organisation).await, proven);
            let mut write = db.store.write(organisation).await.expect("a unit of work");
            write.delete_domain(HOST).await.expect("an answer");
            write.commit().await.expect("a commit");
            claim(&db.store, organisation, LABEL).await;
        }
    }
}
