//! Crediting what was paid: the only place that does.

use portico_billing::attempt::{AttemptEvent, AttemptState, next_look};
use portico_billing::payment::{Charge, Payment, PaymentKind, PaymentStatus};
use portico_billing::payment_method::{PaymentMethod, PaymentMethodKind};
use portico_billing::{AttemptId, Metadata, PaymentId, PaymentMethodId};
use portico_gateways::{Kept, Paid};
use portico_store::gateway::GatewayRecord;
use portico_store::payment_attempt::PaymentAttempt;

use crate::gateways::OpenGateway;
use crate::payments::mailed;
use crate::records::{Rejection, Unit, payment, payment_method, tried};
use crate::{Caller, Core, Failure, credit};

/// Credits a payment, once: attempt, payment, invoices, balance, ledger and events in one unit of
/// work, and in the same one has the customer's credit settle what it was to settle beside it. What
/// is something else than was asked for is credited to nobody (WHK-04).
pub(super) async fn settle(
    core: &Core,
    open: &OpenGateway,
    id: AttemptId,
    paid: &Paid,
) -> Result<PaymentAttempt, Failure> {
    let mut settled = tried(|| try_to_settle(core, open, id, (paid, true))).await;
    if let Err(rejection @ (Rejection::Invalid(_) | Rejection::Conflict { .. })) = &settled {
        // Money that arrived is credited, whatever is the matter with credit.
        tracing::error!(attempt = %id, %rejection, "a payment is taken in without credit");
        settled = tried(|| try_to_settle(core, open, id, (paid, false))).await;
    }
    match settled {
        Ok(Ok(attempt)) => Ok(attempt),
        Ok(Err(what)) => mismatch(core, open, id, &what).await,
        Err(Rejection::Failure(failure)) => Err(failure),
        Err(other) => Err(Failure::Refused(other.to_string())),
    }
}

/// The inner answer is the attempt, or what is not as it should be.
async fn try_to_settle(
    core: &Core,
    open: &OpenGateway,
    id: AttemptId,
    (paid, with_credit): (&Paid, bool),
) -> Result<Result<PaymentAttempt, String>, Rejection> {
    let record = &open.record;
    let mut unit = Unit::begin(core, &Caller::system(record.organisation_id)).await?;
    let mut it = unit.write.payment_attempt_for_update(id).await?;
    if it.standing().is_dismissed() {
        // People have closed it, and give back at the provider what was paid there.
        return Ok(Ok(it));
    }
    let Some(state) = it.state.after(AttemptEvent::Paid) else { return Ok(Ok(it)) };
    if let Err(what) = compare(&it, open, paid) {
        return Ok(Err(what));
    }
    let other = unit.write.payment_by_charge(&record.provider, &paid.charge).await?;
    if let Some(other) = other {
        return Ok(Err(format!("the charge was credited already, as {}", other.id)));
    }
    let method = match it.keeps_method && paid.method.token.is_some() {
        true => Some(keep_method(&mut unit, record, (&it, &paid.method)).await?),
        false => it.payment_method_id,
    };
    let payment = new_payment(&unit, record, (&it, paid), method);
    it.payment_id = Some(payment.id);
    mailed::ask_for_online(&mut unit, &payment, it.contact_id).await?;
    if with_credit && !it.credit_parts.is_empty() {
        use_credit(&mut unit, &it).await?;
    }
    payment::receive(&mut unit, payment, &it.parts).await?;
    (it.state, it.decline, it.mismatch) = (state, None, None);
    (it.way, it.next_look_at, it.updated_at) = (None, None, unit.now);
    unit.write.update_payment_attempt(&it).await?;
    unit.commit().await?;
    Ok(Ok(it))
}

/// Has credit settle what it was to settle, as far as there is still so much. Before the payment
/// does: sources are held before invoices.
async fn use_credit(unit: &mut Unit<'_>, it: &PaymentAttempt) -> Result<(), Rejection> {
    let whose = (it.customer_id, it.amount.currency());
    let parts = credit::apply(unit, whose, &it.credit_parts).await?;
    if !parts.is_empty() {
        credit::note(unit, whose, parts, (Some(it.id), None)).await?;
    }
    Ok(())
}

/// Whether what was paid is what was asked for, figure by figure.
fn compare(it: &PaymentAttempt, open: &OpenGateway, paid: &Paid) -> Result<(), String> {
    let asked = it.charged();
    if paid.money != asked {
        return Err(format!("{} was paid, {asked} was asked for", paid.money));
    }
    let reference = it.reference();
    if paid.reference.as_deref().is_some_and(|paid| paid != reference.as_str()) {
        return Err("it was paid for another reference".to_owned());
    }
    if paid.test != open.record.is_test {
        let (paid, asked) = (mode(paid.test), mode(open.record.is_test));
        return Err(format!("it was paid with {paid}, the gateway is for {asked}"));
    }
    if paid.recipient.as_deref().is_some_and(|it| !open.gateway.is_own(it)) {
        return Err("another account got the money".to_owned());
    }
    Ok(())
}

const fn mode(test: bool) -> &'static str {
    if test { "play money" } else { "money" }
}

/// The payment as it is booked. Where the customer bears what the provider keeps, it is taken off.
fn new_payment(
    unit: &Unit<'_>,
    record: &GatewayRecord,
    (it, paid): (&PaymentAttempt, &Paid),
    method: Option<PaymentMethodId>,
) -> Payment {
    let same_currency = paid.fee.filter(|fee| fee.currency() == paid.money.currency());
    let fee_minor = same_currency.map_or(0, portico_billing::Money::minor).max(0);
    let deducted = if record.deducts_fees { fee_minor } else { 0 };
    let amount = it.amount.minor();
    let credited = if deducted < amount { amount - deducted } else { amount };
    Payment {
        id: PaymentId::new(unit.now, unit.id_bytes()),
        customer_id: it.customer_id,
        kind: PaymentKind::Payment,
        parent_id: None,
        external_id: None,
        status: PaymentStatus::Succeeded,
        currency: it.amount.currency(),
        amount_minor: credited,
        refunded_minor: 0,
        method: method_word(paid.method.kind).to_owned(),
        method_label: label(record, &paid.method),
        payment_method_id: method,
        reference: Some(it.reference().to_string()),
        description: None,
        paid_at: paid.at,
        charge: Some(Charge {
            gateway_id: record.id,
            provider: record.provider.clone(),
            id: paid.charge.clone(),
            charged_minor: paid.money.minor(),
            fee_minor,
        }),
        metadata: Metadata::new(),
        created_at: unit.now,
        updated_at: unit.now,
    }
}

/// The kind of method in the words of payments.
const fn method_word(kind: PaymentMethodKind) -> &'static str {
    match kind {
        PaymentMethodKind::Card => "card",
        PaymentMethodKind::BankAccount => "direct_debit",
        PaymentMethodKind::Paypal => "paypal",
        PaymentMethodKind::Other => "other",
    }
}

/// `Visa 4242`, else what the gateway is called here.
fn label(record: &GatewayRecord, it: &Kept) -> Option<String> {
    let parts: Vec<&str> = [&it.brand, &it.last4].into_iter().flatten().map(|it| &**it).collect();
    Some(if parts.is_empty() { record.name.clone() } else { parts.join(" ") })
}

async fn keep_method(
    unit: &mut Unit<'_>,
    record: &GatewayRecord,
    (it, kept): (&PaymentAttempt, &Kept),
) -> Result<PaymentMethodId, Rejection> {
    let id = PaymentMethodId::new(unit.now, unit.id_bytes());
    let method = PaymentMethod {
        id,
        customer_id: it.customer_id,
        external_id: None,
        kind: kept.kind,
        brand: kept.brand.clone(),
        last4: kept.last4.clone(),
        expiry_month: kept.expiry.map(|(month, _)| month),
        expiry_year: kept.expiry.map(|(_, year)| year),
        holder: kept.holder.clone(),
        is_default: false,
        gateway: Some(record.provider.clone()),
        created_at: unit.now,
        updated_at: unit.now,
    };
    let token = kept.token.as_deref().unwrap_or_default();
    payment_method::keep(unit, method, (record.id, token, kept.profile.clone())).await?;
    Ok(id)
}

/// Notes that what the provider says is not what was asked for. Nothing is credited; people have to
/// look.
pub(super) async fn mismatch(
    core: &Core,
    open: &OpenGateway,
    id: AttemptId,
    what: &str,
) -> Result<PaymentAttempt, Failure> {
    tracing::error!(gateway = %open.record.id, attempt = %id, what, "a payment does not match");
    let now = core.now();
    let mut write = core.inner.store.write(open.record.organisation_id).await?;
    let mut it = write.payment_attempt_for_update(id).await?;
    if it.state == AttemptState::Succeeded || it.standing().is_dismissed() {
        return Ok(it);
    }
    it.mismatch = Some(what.to_owned());
    it.state = it.state.after(AttemptEvent::NoAnswer).unwrap_or(it.state);
    it.next_look_at = next_look(it.state, it.begun_at, now);
    it.updated_at = now;
    write.update_payment_attempt(&it).await?;
    write.commit().await?;
    Ok(it)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use portico_billing::attempt::AttemptPurpose;
    use portico_billing::{Currency, CustomerId, GatewayId, Money};
    use portico_gateways::settings::Settings;
    use portico_gateways::{Account, Http, Mode, Networks, provider};

    use super::*;

    const THEN: Timestamp = Timestamp::UNIX_EPOCH;

    fn attempt() -> PaymentAttempt {
        PaymentAttempt {
            id: AttemptId::new(THEN, [1; 10]),
            customer_id: CustomerId::new(THEN, [2; 10]),
            contact_id: None,
            gateway_id: GatewayId::new(THEN, [3; 10]),
            purpose: AttemptPurpose::Refill,
            state: AttemptState::NeedsAction,
            amount: Money::new(1_000, Currency::EUR),
            surcharge_minor: 35,
            parts: Vec::new(),
            credit_parts: Vec::new(),
            payment_method_id: None,
            keeps_method: false,
            form_key: "k".to_owned(),
            form_hash: Vec::new(),
            locale: "en".to_owned(),
            site: "https://pay.test".to_owned(),
            handle: None,
            way: None,
            decline: None,
            mismatch: None,
            payment_id: None,
            begun_at: THEN,
            next_look_at: None,
            updated_at: THEN,
        }
    }

    /// An account at Stripe that charges for another one.
    fn gateway() -> OpenGateway {
        let settings = [("secret_key", "sk_test_1"), ("account_id", "acct_1")];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let http = Http::new(Networks::default()).expect("a client");
        let account = Account { mode: Mode::Test, settings: Settings::new(settings), http };
        let stripe = provider("stripe").expect("a provider");
        let record = GatewayRecord {
            organisation_id: portico_billing::OrganisationId::new(THEN, [4; 10]),
            id: GatewayId::new(THEN, [3; 10]),
            provider: "stripe".to_owned(),
            name: "Card".to_owned(),
            brand_id: None,
            is_enabled: true,
            is_test: true,
            currencies: Vec::new(),
            settings: Vec::new(),
            deducts_fees: false,
            position: 1,
            notice_key: "n".to_owned(),
            created_at: THEN,
            updated_at: THEN,
        };
        OpenGateway { record, gateway: (stripe.open)(account).expect("a gateway") }
    }

    /// What was asked for, paid.
    fn paid() -> Paid {
        Paid {
            charge: "pi_1".to_owned(),
            money: Money::new(1_035, Currency::EUR),
            reference: Some(attempt().reference().to_string()),
            recipient: None,
            test: true,
            fee: None,
            at: THEN,
            method: Kept {
                token: None,
                profile: None,
                kind: PaymentMethodKind::Card,
                brand: None,
                last4: None,
                expiry: None,
                holder: None,
            },
        }
    }

    #[test]
    fn whk_04_one_thing_that_differs_is_enough() {
        let (it, open) = (attempt(), gateway());
        let own = Some("acct_1".to_owned());
        for right in [paid(), Paid { reference: None, ..paid() }, Paid { recipient: own, ..paid() }]
        {
            assert_eq!(compare(&it, &open, &right), Ok(()), "{right:?}");
        }
        for wrong in [
            Paid { money: Money::new(1_034, Currency::EUR), ..paid() },
            Paid { money: Money::new(1_036, Currency::EUR), ..paid() },
            Paid { money: Money::new(1_000, Currency::EUR), ..paid() },
            Paid { money: Money::new(1_035, Currency::USD), ..paid() },
            Paid { reference: Some("0123456789ABCDEFGHJK".to_owned()), ..paid() },
            Paid { reference: Some(String::new()), ..paid() },
            Paid { test: false, ..paid() },
            Paid { recipient: Some("acct_2".to_owned()), ..paid() },
            Paid { recipient: Some(String::new()), ..paid() },
        ] {
            assert!(compare(&it, &open, &wrong).is_err(), "{wrong:?}");
        }
    }
}
