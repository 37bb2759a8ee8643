//! What providers told, to look through; and having it worked on again.

use jiff::Timestamp;
use portico_billing::attempt_watch::NOTICE_WAITS_FOR;
use portico_billing::page::{Page, PageSize};
use portico_billing::permission::Permission;
use portico_billing::{AttemptId, GatewayId, GatewayNoticeId};
use portico_store::gateway_notice::NoticeState;
use portico_store::notice_list::{NoticeListFilter, NoticeRecord};
use serde_json::json;

use crate::audit::Change;
use crate::operators::StaffError;
use crate::pay::notices::About;
use crate::records::After;
use crate::{Caller, Core};

/// Which notices: those that meet all that is named, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeQuery {
    /// The provider's identifier of the message, or Portico's; empty finds all.
    pub search: String,
    /// Part of the provider's word for what happened, in any case.
    pub kind: String,
    /// Those that stand so.
    pub state: Option<NoticeState>,
    /// Those that were sent to this gateway.
    pub gateway: Option<GatewayId>,
    /// Those that came then or later.
    pub from: Option<Timestamp>,
    /// Those that came before.
    pub before: Option<Timestamp>,
    /// Those behind this place; else where the cursor says.
    pub after: Option<After>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

/// A notice as the staff sees it. Nothing of it is a secret: tokens of methods are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeView {
    /// Identifier.
    pub id: GatewayNoticeId,
    /// Which gateway it was sent to.
    pub gateway_id: GatewayId,
    /// The provider's identifier of the message.
    pub event_id: String,
    /// The provider's word for what happened.
    pub kind: String,
    /// What it made Portico look up.
    pub subject: Option<NoticeSubject>,
    /// What came of it so far.
    pub state: NoticeState,
    /// The same in words.
    pub result: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
    /// When it is worked on next, where it waits.
    pub next_try_at: Option<Timestamp>,
    /// How often it was worked on.
    pub tries: u32,
    /// Whether it waits for so long that somebody has to look why.
    pub waits_for_long: bool,
    /// The attempt that it was about.
    pub attempt_id: Option<AttemptId>,
}

/// What a notice is about, by the provider's identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeSubject {
    /// `payment`, `set_up`, `reversal` or `method`.
    pub kind: &'static str,
    /// The provider's identifier of the payment, the set-up or the charge.
    pub handle: Option<String>,
    /// Portico's own reference.
    pub reference: Option<String>,
}

impl From<About> for NoticeSubject {
    fn from(about: About) -> Self {
        let (kind, handle, reference) = match about {
            About::Payment { handle, reference } => ("payment", Some(handle), reference),
            About::SetUp { handle, reference } => ("set_up", Some(handle), reference),
            About::Reversal { charge, .. } => ("reversal", Some(charge), None),
            About::Method { .. } => ("method", None, None),
        };
        Self { kind, handle, reference }
    }
}

/// The notice for the staff.
pub(super) fn view(it: NoticeRecord, now: Timestamp) -> NoticeView {
    let about = it.about.and_then(|about| serde_json::from_value::<About>(about).ok());
    let waits = it.state == NoticeState::Waiting;
    NoticeView {
        id: it.id,
        gateway_id: it.gateway_id,
        event_id: it.event_id,
        kind: it.kind,
        subject: about.map(NoticeSubject::from),
        state: it.state,
        result: it.result,
        received_at: it.received_at,
        next_try_at: it.next_try_at,
        tries: it.tries,
        waits_for_long: waits && now.duration_since(it.received_at) > NOTICE_WAITS_FOR,
        attempt_id: it.attempt_id,
    }
}

impl Core {
    /// A page of notices.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn gateway_notices(
        &self,
        caller: &Caller,
        query: NoticeQuery,
    ) -> Result<Page<NoticeView>, StaffError> {
        caller.require(Permission::Read)?;
        let now = self.now();
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let words = query.search.trim();
        if let Ok(id) = words.parse::<GatewayNoticeId>() {
            let found = read.gateway_notice(id).await?.map(|it| view(it, now));
            return Ok(Page { rows: found.into_iter().collect(), next: None, previous: None });
        }
        let filter = NoticeListFilter {
            event_id: Some(words.to_owned()).filter(|words| !words.is_empty()),
            kind: query.kind,
            state: query.state,
            gateway: query.gateway,
            from: query.from,
            before: query.before,
            after: query.after.map(After::position),
            cursor: query.cursor,
            size: query.size,
        };
        Ok(read.notice_page(&filter).await?.map(|it| view(it, now)))
    }

    /// One notice.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or where the machinery fails.
    pub async fn gateway_notice(
        &self,
        caller: &Caller,
        id: GatewayNoticeId,
    ) -> Result<NoticeView, StaffError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let found = read.gateway_notice(id).await?.ok_or(StaffError::NotFound)?;
        Ok(view(found, self.now()))
    }

    /// Has a notice worked on again, as if it had just come (WHK-09). One that waits is worked on
    /// in any case. As a notice proves nothing, nothing can be credited twice by it.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or where the machinery fails.
    pub async fn replay_gateway_notice(
        &self,
        caller: &Caller,
        id: GatewayNoticeId,
    ) -> Result<NoticeView, StaffError> {
        caller.require(Permission::EditBilling)?;
        let now = self.now();
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let before = write.gateway_notice(id).await?.ok_or(StaffError::NotFound)?;
        if !write.replay_gateway_notice(id, now).await? {
            return Ok(view(before, now));
        }
        let after = write.gateway_notice(id).await?.ok_or(StaffError::NotFound)?;
        let told = json!({"kind": after.kind, "event_id": after.event_id, "was": before.state});
        let change = Change::new("gateway_notice.replayed").on(id.uuid()).to(&told);
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok(view(after, now))
    }
}
