//! Redeeming a voucher: exactly once.

use portico_billing::account::ContactRole;
use portico_billing::permission::Permissions;
use portico_billing::section::Section;
use portico_billing::voucher::{Code, waits_until};
use portico_core_api::{Fault, FieldFault, Origin, RedeemedVoucher, Refusal, SessionSecret};
use portico_store::voucher::Voucher;
use uuid::Uuid;

use super::credit::{credit, told};
use super::{guard, view};
use crate::records::{Rejection, Unit, tried};
use crate::visit::{self, Scope};
use crate::{Caller, Core, Failure, Who};

/// Most vouchers that a customer is shown.
const SHOWN: u16 = 100;

/// What came of a code.
enum Outcome {
    /// The customer got the voucher.
    Redeemed(Box<Voucher>),
    /// The customer had it already.
    Own,
    /// There is none that the customer can redeem.
    Refused,
}

/// The vouchers that the customer redeemed.
pub(crate) async fn own(
    core: &Core,
    secret: &SessionSecret,
) -> Result<Vec<RedeemedVoucher>, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Vouchers).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let found = read.vouchers_of_customer(scope.customer_id, SHOWN).await.map_err(Failure::from)?;
    Ok(found.into_iter().filter_map(|it| view::redeemed_view(it, scope.now)).collect())
}

/// Redeems the voucher with a code. Why a code is refused is told to nobody, neither by the answer
/// nor by the work behind it (VCH-04); what is mistyped is no code at all, as anybody can reckon.
pub(crate) async fn redeem(
    core: &Core,
    secret: &SessionSecret,
    typed: &str,
    origin: &Origin,
) -> Result<RedeemedVoucher, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Vouchers).await?;
    scope.require_acting()?;
    if scope.role == ContactRole::Viewer {
        return Err(Refusal::NotPermitted);
    }
    let code: Code = match typed.parse() {
        Ok(code) => code,
        Err(_) if typed.trim().is_empty() => return Err(at_code(Fault::Required)),
        Err(_) => return Err(at_code(Fault::MistypedCode)),
    };
    let this_try = guard::take_try(core, &scope, origin.address).await?;
    let (caller, hash) = (caller(&scope, origin), core.voucher_hash(&code));
    let outcome = tried(|| try_to_redeem(core, &scope, &caller, (hash, this_try))).await;
    match outcome.map_err(failed)? {
        Outcome::Redeemed(voucher) => {
            let view = view::redeemed_view(*voucher, scope.now);
            Ok(view.ok_or(Failure::Missing("redeemed voucher"))?)
        }
        Outcome::Own => Err(at_code(Fault::CodeAlreadyYours)),
        Outcome::Refused => Err(at_code(Fault::CodeNotAccepted)),
    }
}

async fn try_to_redeem(
    core: &Core,
    scope: &Scope,
    caller: &Caller,
    (hash, this_try): ([u8; 32], Uuid),
) -> Result<Outcome, Rejection> {
    let mut unit = Unit::begin(core, caller).await?;
    let whose = (scope.customer_id, scope.currency);
    let outcome = match unit.write.redeem_voucher(&hash, whose, unit.now).await? {
        Some(voucher) => Outcome::Redeemed(Box::new(settle(&mut unit, scope, voucher).await?)),
        None if unit.write.is_own_voucher(&hash, scope.customer_id).await? => Outcome::Own,
        None => return Ok(Outcome::Refused),
    };
    // It was no guess.
    unit.write.forget_voucher_miss(this_try).await?;
    unit.commit().await?;
    Ok(outcome)
}

/// Gives the credit, or lets the voucher wait for its payment. The answer is the voucher as it is
/// then.
async fn settle(
    unit: &mut Unit<'_>,
    scope: &Scope,
    voucher: Voucher,
) -> Result<Voucher, Rejection> {
    let credited = voucher.terms.credit_at_once();
    match credited {
        Some(amount) => {
            if !credit(unit, &voucher, amount, None).await? {
                return Err(Failure::Missing("voucher that was redeemed").into());
            }
        }
        None => {
            let until = waits_until(unit.now, voucher.wait_days);
            unit.write.end_voucher_wait(voucher.id, until).await?;
        }
    }
    let data = told(&voucher, scope.customer_id, credited);
    unit.event("voucher.redeemed", voucher.id.uuid(), data);
    let after = unit.write.voucher(voucher.id).await?;
    Ok(after.ok_or(Failure::Missing("redeemed voucher"))?)
}

/// Who redeems it, for the audit log: one of the organisation's people where one acts.
fn caller(scope: &Scope, origin: &Origin) -> Caller {
    let who = match &scope.operator {
        Some(operator) => Who::Operator(operator.id),
        None => Who::Contact(scope.contact_id),
    };
    let caller =
        Caller { who, permissions: Permissions::NONE, ..Caller::system(scope.organisation_id) };
    caller.calling_from(origin.address)
}

fn at_code(fault: Fault) -> Refusal {
    Refusal::Invalid { faults: vec![FieldFault::new("code", fault)] }
}

fn failed(rejection: Rejection) -> Refusal {
    match rejection {
        Rejection::Failure(failure) => failure.into(),
        other => Failure::Refused(other.to_string()).into(),
    }
}
