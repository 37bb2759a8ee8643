//! Who calls on the customer's side: a session's secret, resolved.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use portico_billing::account::ContactRole;
use portico_billing::brand::ProfileField;
use portico_billing::section::{Section, Sections};
use portico_billing::{
    BrandId, ContactId, Currency, CustomerId, LanguageTag, OrganisationId, SessionId,
};
use portico_core_api::{Refusal, SessionSecret};
use portico_store::portal_session::{VisitOperatorRecord, VisitRecord};

use crate::secret::hash_secret;
use crate::{Core, Failure};

/// A live session: whose data a verb may touch. Every query is keyed by it.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) session_id: SessionId,
    pub(crate) organisation_id: OrganisationId,
    pub(crate) brand_id: BrandId,
    pub(crate) customer_id: CustomerId,
    pub(crate) contact_id: Option<ContactId>,
    pub(crate) role: ContactRole,
    /// The operator who looks in, where one does.
    pub(crate) operator: Option<VisitOperatorRecord>,
    /// What may be edited in this session.
    pub(crate) editable_fields: Vec<ProfileField>,
    /// What the brand shows to this customer.
    pub(crate) sections: Sections,
    /// Language of documents: the session's, the contact's, the customer's, the brand's.
    pub(crate) language: LanguageTag,
    pub(crate) currency: Currency,
    pub(crate) debit_limit_minor: i64,
    pub(crate) now: Timestamp,
    /// The date in the organisation's time zone: what "overdue" is decided by.
    pub(crate) today: Date,
}

impl Scope {
    /// Whether a section is shown; what verbs leave out of an answer where it is not.
    pub(crate) const fn shows(&self, section: Section) -> bool {
        self.sections.has(section)
    }

    /// Refuses to change anything where one of the organisation's people only looks. The first
    /// thing that every verb does that writes for a customer.
    pub(crate) fn require_acting(&self) -> Result<(), Refusal> {
        let looks = self.operator.as_ref().is_some_and(|operator| !operator.may_act);
        if looks { Err(Refusal::NotPermitted) } else { Ok(()) }
    }

    /// Refuses what belongs to a hidden section, as if it were not there.
    pub(crate) const fn require(&self, section: Section) -> Result<(), Refusal> {
        if self.sections.has(section) { Ok(()) } else { Err(Refusal::NotFound) }
    }
}

/// For how long a visit that was read is used again. Other processes may end a session meanwhile:
/// this is the longest that it lives on here (SES-02).
const FRESH: SignedDuration = SignedDuration::from_secs(1);
/// Visits that are kept at most; a page asks several times within milliseconds.
const KEPT: usize = 4_096;

/// Visits that were read a moment ago. What this process commits makes all of them stale at once.
#[derive(Default)]
pub(crate) struct Visits(Mutex<HashMap<Vec<u8>, Kept>>);

struct Kept {
    record: VisitRecord,
    read_at: Timestamp,
    commits: u64,
}

impl Visits {
    fn get(&self, hash: &[u8], now: Timestamp, commits: u64) -> Option<VisitRecord> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |kept: &Kept| now.duration_since(kept.read_at).abs();
        let fresh = kept.get(hash).filter(|kept| kept.commits == commits && age(kept) < FRESH);
        fresh.map(|kept| kept.record.clone())
    }

    fn put(&self, hash: Vec<u8>, fresh: Kept) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(hash, fresh);
    }
}

/// The session of `secret`, if it lives.
pub(crate) async fn resolve(core: &Core, secret: &SessionSecret) -> Result<Scope, Refusal> {
    let now = core.now();
    let record = live_record(core, secret, now).await?;
    Ok(Scope {
        session_id: record.session_id,
        organisation_id: record.organisation_id,
        brand_id: record.brand_id,
        customer_id: record.customer_id,
        contact_id: record.contact.as_ref().map(|contact| contact.id),
        role: role(&record),
        operator: record.operator.clone(),
        editable_fields: editable_fields(&record),
        sections: record.sections,
        language: language(&record).unwrap_or(record.brand_language),
        currency: record.currency,
        debit_limit_minor: record.debit_limit_minor,
        now,
        today: date_in(&record.organisation_time_zone, now),
    })
}

/// The same, for what belongs to a section: where it is hidden, it is not there.
pub(crate) async fn resolve_in(
    core: &Core,
    secret: &SessionSecret,
    section: Section,
) -> Result<Scope, Refusal> {
    let scope = resolve(core, secret).await?;
    scope.require(section)?;
    Ok(scope)
}

/// The stored visit of `secret`, if it lives; its use is written down, at most once a minute.
pub(crate) async fn live_record(
    core: &Core,
    secret: &SessionSecret,
    now: Timestamp,
) -> Result<VisitRecord, Refusal> {
    let record = find(core, secret).await?.ok_or(Refusal::NO_SESSION)?;
    if !record.is_live(now) {
        return Err(signed_out(record));
    }
    if record.times.should_touch(now)
        && let Err(failure) = touch(core, &record, now).await
    {
        // Reading goes on while the database is too busy to write.
        let _reference = failure.report();
    }
    Ok(record)
}

/// What is answered to a visit that is over.
fn signed_out(record: VisitRecord) -> Refusal {
    let language = language(&record);
    Refusal::SignedOut { return_url: record.return_url, language }
}

/// The same for a visit that was ended while it asked for something.
pub(crate) async fn ended(core: &Core, secret: &SessionSecret) -> Refusal {
    match find(core, secret).await {
        Ok(found) => found.map_or(Refusal::NO_SESSION, signed_out),
        Err(failure) => failure.into(),
    }
}

/// The stored visit of `secret`, living or not.
pub(crate) async fn find(
    core: &Core,
    secret: &SessionSecret,
) -> Result<Option<VisitRecord>, Failure> {
    let hash = hash_secret(secret.expose());
    // Counted before reading: what is committed meanwhile makes the visit stale.
    let (now, commits) = (core.now(), core.inner.store.commits());
    if let Some(record) = core.inner.visits.get(&hash, now, commits) {
        return Ok(Some(record));
    }
    let found = core.inner.store.directory().await?.visit(&hash).await?;
    if let Some(record) = &found {
        core.inner.visits.put(hash, Kept { record: record.clone(), read_at: now, commits });
    }
    Ok(found)
}

async fn touch(core: &Core, record: &VisitRecord, now: Timestamp) -> Result<(), Failure> {
    let mut write = core.inner.store.write(record.organisation_id).await?;
    write.touch_portal_session(record.session_id, now).await?;
    Ok(write.commit().await?)
}

/// A visit without a person acts for the customer as such: the organisation's software vouched.
pub(crate) fn role(record: &VisitRecord) -> ContactRole {
    record.contact.as_ref().map_or(ContactRole::Owner, |contact| contact.role)
}

/// What the brand opens for editing, less what the visit has no right to.
pub(crate) fn editable_fields(record: &VisitRecord) -> Vec<ProfileField> {
    let of_contact = |field: ProfileField| {
        matches!(field, ProfileField::Name | ProfileField::Email | ProfileField::Phone)
    };
    let may_bill = role(record) != ContactRole::Viewer;
    let fields = ProfileField::ALL.into_iter().filter(|field| {
        let allowed = if of_contact(*field) { record.contact.is_some() } else { may_bill };
        allowed && record.editable_fields.contains(field)
    });
    fields.collect()
}

/// The language that was asked for, else the contact's, else the customer's.
pub(crate) fn language(record: &VisitRecord) -> Option<LanguageTag> {
    let of_contact = || record.contact.as_ref().and_then(|contact| contact.language.clone());
    record.language.clone().or_else(of_contact).or_else(|| record.customer_language.clone())
}

/// The date at `now` in the zone of that name; in UTC where there is no such zone.
pub(crate) fn date_in(time_zone: &str, now: Timestamp) -> Date {
    now.to_zoned(TimeZone::get(time_zone).unwrap_or(TimeZone::UTC)).date()
}
