//! One notice of a payment provider, and having it worked on again.

use axum::extract::Path;
use jiff::Timestamp;
use portico_billing::permission::Permission;
use portico_core::{NoticeState, NoticeSubject, NoticeView};
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::notices::NoticeItem;
use super::{Gateways, Names, notice_id};
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, paths};

/// The notice.
#[derive(Debug, Clone, Serialize)]
pub struct NoticePage {
    notice: NoticeItem,
    /// Key of what it made Portico look up.
    subject_key: Option<String>,
    handle: Option<String>,
    reference: Option<String>,
    result: Option<String>,
    next_try_at: Option<Timestamp>,
    /// Whether whoever looks may have it worked on again.
    may_replay: bool,
}

impl NoticePage {
    fn new(it: NoticeView, names: &Names<'_>, may_bill: bool) -> Self {
        let subject = it.subject.clone();
        let key = |it: &NoticeSubject| format!("notice-subject-{}", it.kind.replace('_', "-"));
        Self {
            subject_key: subject.as_ref().map(key),
            handle: subject.as_ref().and_then(|it| it.handle.clone()),
            reference: subject.and_then(|it| it.reference),
            result: it.result.clone(),
            next_try_at: it.next_try_at,
            may_replay: may_bill && it.state != NoticeState::Waiting,
            notice: NoticeItem::new(it, names),
        }
    }
}

/// GET: the notice.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let it = staff.core().gateway_notice(staff.caller(), notice_id(&id)?).await?;
    let gateways = Gateways::load(&staff).await?;
    let may_bill = staff.may(Permission::EditBilling);
    staff.page(&NoticePage::new(it, &gateways.by_id(), may_bill))
}

/// POST: has it worked on again.
pub async fn replay(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let id = notice_id(&id)?;
    staff.core().replay_gateway_notice(staff.caller(), id).await?;
    let to = paths::GATEWAY_NOTICE.replace("{id}", &id.uuid().to_string());
    Ok(staff.here.redirect_with_notice(&to, "success", "notice-gateway-notice-replayed"))
}

impl Page for NoticePage {
    const TEMPLATE: &'static str = "panel/attempts/notice.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |(number, notice): (usize, NoticeItem)| Self {
            subject_key: ["payment", "set-up", "reversal", "method"]
                .get(number)
                .map(|word| format!("notice-subject-{word}")),
            handle: (number < 3).then(|| "pi_3QhVb1".to_owned()),
            reference: (number == 0).then(|| "0123456789ABCDEFGHJK".to_owned()),
            result: (number != 2).then(|| "att_1: succeeded <b>".to_owned()),
            next_try_at: (notice.state == NoticeState::Waiting).then_some(Timestamp::UNIX_EPOCH),
            may_replay: notice.state != NoticeState::Waiting,
            notice,
        };
        let names = ["done", "extreme", "waiting", "given-up", "waiting-for-long"];
        let pages = NoticeItem::samples().into_iter().enumerate().map(page);
        let mut samples: Vec<Sample<Self>> =
            names.into_iter().zip(pages).map(|(name, page)| Sample::new(name, page)).collect();
        let first = NoticeItem::samples().swap_remove(0);
        let read_only = Self { may_replay: false, ..page((0, first)) };
        samples.push(Sample::new("read-only", read_only));
        samples
    }
}
