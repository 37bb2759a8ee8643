//! The mails around a sign-up: what is written to whoever signs up, and to the staff.
//!
//! Nothing that was typed into the form is written to an address that is not proven: whoever fills
//! in forms with other people's addresses has no text carried to them.

use portico_billing::brand::Brand;
use portico_billing::permission::{OperatorRole, Permission};
use portico_billing::sign_up::{
    LIFE, MAILS_PER_ADDRESS_AND_HOUR, MAILS_PER_BRAND_AND_HOUR, NOTICES_PER_BRAND_AND_HOUR,
};
use portico_billing::{LanguageTag, SignUpId};
use portico_store::Write;
use portico_store::sign_up::SignUp;
use serde::{Deserialize, Serialize};

use super::{FORM, Form, HOUR};
use crate::mail::{MailContent, MailMessage, Wish, approvals_page, put, put_wish};
use crate::{Core, Failure};

/// A sign-up whose address is to be written to.
#[derive(Serialize, Deserialize)]
pub(crate) struct ToMail {
    id: SignUpId,
    token: String,
}

/// Leaves it to the worker what is written to the address.
pub(super) async fn enqueue(
    core: &Core,
    write: &mut Write,
    id: SignUpId,
    token: String,
) -> Result<(), Failure> {
    put_wish(core, write, ToMail::KIND, &ToMail { id, token }).await
}

impl Wish for ToMail {
    const KIND: &'static str = "sign_up";

    async fn answer(self, core: &Core, write: &mut Write) -> Result<(), Failure> {
        let Some(sign_up) = write.sign_up(self.id).await? else { return Ok(()) };
        let hour_ago = sign_up.created_at - HOUR;
        let (of_email, of_brand) = write.rank_of_sign_up(&sign_up, hour_ago).await?;
        if of_email > MAILS_PER_ADDRESS_AND_HOUR || of_brand > MAILS_PER_BRAND_AND_HOUR {
            return Ok(());
        }
        let brand = write.brand(sign_up.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        let form = core.inner.sealer.open(FORM, &sign_up.sealed_form)?;
        let form: Form = serde_json::from_slice(&form)?;
        let url = |path: &str| core.inner.public_address.url(&brand, path);
        let content = if write.is_known_contact(brand.id, &sign_up.email).await? {
            MailContent::SignUpKnown { url: url("/sign-in") }
        } else {
            MailContent::SignUpConfirm {
                url: url(&format!("/sign-up/confirm?token={}", self.token)),
                valid_hours: u32::try_from(LIFE.as_secs() / 3_600).unwrap_or(u32::MAX),
            }
        };
        let message = MailMessage {
            name: sign_up.email.to_string(),
            to: sign_up.email,
            language: form.language,
            brand_id: brand.id,
            content,
        };
        put(core, write, &message).await.map(drop)
    }
}

/// Tells the staff who may decide that a sign-up waits; not each time where there are many.
pub(super) async fn tell_staff(
    core: &Core,
    write: &mut Write,
    (brand, sign_up, form): (&Brand, &SignUp, &Form),
) -> Result<(), Failure> {
    let hour_ago = core.now() - HOUR;
    let lately = write.count_confirmed_sign_ups(brand.id, hour_ago).await?;
    if lately >= NOTICES_PER_BRAND_AND_HOUR {
        return Ok(());
    }
    let may_decide = |role: OperatorRole| role.permissions().has(Permission::ApproveSignUps);
    let url = approvals_page(&core.inner.panel_url);
    let operators = write.operators().await?;
    for operator in operators.into_iter().filter(|it| it.disabled_at.is_none()) {
        if !may_decide(operator.role) {
            continue;
        }
        let language: Option<LanguageTag> = operator.language;
        let message = MailMessage {
            to: operator.email,
            name: operator.name,
            language: language.unwrap_or_else(|| brand.default_language.clone()),
            brand_id: brand.id,
            content: MailContent::ApprovalWanted {
                url: url.clone(),
                company: form.company.clone(),
                person: form.name.clone(),
                email: sign_up.email.clone(),
            },
        };
        put(core, write, &message).await?;
    }
    Ok(())
}
