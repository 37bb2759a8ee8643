//! The session itself: who is there, the list of one's sessions, their end.

use std::net::IpAddr;

use portico_billing::account::allows;
use portico_billing::{BrandId, ContactId, SessionId};
use portico_core_api::{
    Refusal, SessionSecret, SessionView, StaffVisit, StaffVisitor, Visit, VisitContact,
};
use portico_store::portal_session::{
    ContactSession, OperatorSession, VisitContactRecord, VisitRecord,
};

use crate::visit::{self, Scope};
use crate::{Core, Failure};

pub(crate) async fn visit(
    core: &Core,
    brand: BrandId,
    secret: &SessionSecret,
    from: IpAddr,
) -> Result<Visit, Refusal> {
    let record = visit::live_record(core, secret, core.now()).await?;
    if record.brand_id != brand || !may_come_from(&record, from) {
        return Err(Refusal::NO_SESSION);
    }
    Ok(view(record))
}

/// Whether the contact, where there is one, may be there from this address.
fn may_come_from(record: &VisitRecord, from: IpAddr) -> bool {
    record.contact.as_ref().is_none_or(|contact| allows(&contact.allowed_addresses, from))
}

fn view(record: VisitRecord) -> Visit {
    let (language, editable_fields) = (visit::language(&record), visit::editable_fields(&record));
    let of_contact = record.contact.as_ref().and_then(|contact| contact.time_zone.clone());
    let time_zone =
        of_contact.or(record.customer_time_zone).unwrap_or(record.organisation_time_zone);
    Visit {
        session_id: record.session_id,
        origin: record.origin,
        organisation_id: record.organisation_id,
        brand_id: record.brand_id,
        customer_id: record.customer_id,
        customer_name: record.customer_name,
        currency: record.currency,
        contact: record.contact.map(contact_view),
        staff: record.operator.map(|operator| StaffVisitor {
            name: operator.name,
            until: record.times.expires_at,
            may_act: operator.may_act,
        }),
        return_url: record.return_url,
        language,
        time_zone,
        editable_fields,
        may_switch: record.proven.len() > 1,
        sections: record.sections,
        takes_payments: record.takes_payments,
    }
}

fn contact_view(contact: VisitContactRecord) -> VisitContact {
    VisitContact {
        id: contact.id,
        name: contact.name,
        email: contact.email,
        phone: contact.phone,
        role: contact.role,
        language: contact.language,
        time_zone: contact.time_zone,
        pending_email: contact.pending_email,
        has_password: contact.has_password,
        note: contact.public_note,
    }
}

/// Ends the session. One that is over already was signed out of all the same, so that the visitor
/// is led back in either case.
pub(crate) async fn sign_out(
    core: &Core,
    secret: &SessionSecret,
) -> Result<Option<String>, Refusal> {
    let Some(record) = visit::find(core, secret).await? else { return Ok(None) };
    end_one(core, &record).await?;
    Ok(record.return_url)
}

async fn end_one(core: &Core, record: &VisitRecord) -> Result<(), Failure> {
    let mut write = core.inner.store.write(record.organisation_id).await?;
    write.end_portal_session(record.session_id, core.now()).await?;
    Ok(write.commit().await?)
}

pub(crate) async fn list(core: &Core, secret: &SessionSecret) -> Result<Vec<SessionView>, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    let contact = own(&scope)?;
    Ok(live_sessions(core, &scope, contact).await?)
}

/// The newest visits of the organisation's people.
pub(crate) async fn staff_visits(
    core: &Core,
    secret: &SessionSecret,
) -> Result<Vec<StaffVisit>, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let visits = read.operator_visits(scope.customer_id).await.map_err(Failure::from)?;
    let visit = |it: OperatorSession| StaffVisit {
        started_at: it.started_at,
        over_at: it.over_at,
        may_act: it.may_act,
    };
    Ok(visits.into_iter().map(visit).collect())
}

pub(crate) async fn end(core: &Core, secret: &SessionSecret, id: SessionId) -> Result<(), Refusal> {
    let scope = visit::resolve(core, secret).await?;
    scope.require_acting()?;
    let contact = own(&scope)?;
    let sessions = live_sessions(core, &scope, contact).await?;
    if !sessions.iter().any(|session| session.id == id) {
        return Err(Refusal::NotFound);
    }
    Ok(end_by_id(core, &scope, id).await?)
}

async fn end_by_id(core: &Core, scope: &Scope, id: SessionId) -> Result<(), Failure> {
    let mut write = core.inner.store.write(scope.organisation_id).await?;
    write.end_portal_session(id, scope.now).await?;
    Ok(write.commit().await?)
}

pub(crate) async fn end_others(core: &Core, secret: &SessionSecret) -> Result<u32, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    scope.require_acting()?;
    let contact = own(&scope)?;
    let others =
        live_sessions(core, &scope, contact).await?.iter().filter(|it| !it.current).count();
    end_all_but(core, &scope, contact).await?;
    Ok(u32::try_from(others).unwrap_or(u32::MAX))
}

async fn end_all_but(core: &Core, scope: &Scope, contact: ContactId) -> Result<(), Failure> {
    let mut write = core.inner.store.write(scope.organisation_id).await?;
    write.end_portal_sessions(contact, Some(scope.session_id), scope.now).await?;
    Ok(write.commit().await?)
}

/// Sessions are listed to a person; a visit for the customer as such has none but itself.
fn own(scope: &Scope) -> Result<ContactId, Refusal> {
    scope.contact_id.ok_or(Refusal::NotPermitted)
}

async fn live_sessions(
    core: &Core,
    scope: &Scope,
    contact: ContactId,
) -> Result<Vec<SessionView>, Failure> {
    let mut read = core.inner.store.read(scope.organisation_id).await?;
    let sessions = read.contact_sessions(contact, scope.now).await?;
    Ok(sessions.into_iter().filter_map(|session| session_view(scope, session)).collect())
}

/// The session as listed, unless it was idle for too long.
fn session_view(scope: &Scope, session: ContactSession) -> Option<SessionView> {
    let current = session.id == scope.session_id;
    let idle = scope.now.duration_since(session.last_seen_at);
    let alive = idle.unsigned_abs() < session.idle;
    (current || alive).then_some(SessionView {
        id: session.id,
        current,
        origin: session.origin,
        user_agent: session.user_agent,
        address: session.address,
        started_at: session.started_at,
        last_seen_at: session.last_seen_at,
    })
}
