//! Payment methods as the organisation's software sends and reads them.

use jiff::Timestamp;
use portico_billing::payment_method::{PaymentMethod, PaymentMethodKind};
use portico_billing::permission::Permission;
use portico_billing::{CustomerId, ExternalId, GatewayId, PaymentMethodId};
use portico_store::Read;
use portico_store::hold::Held;
use portico_store::payment_method::StoredAt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::faults::Faults;
use super::refer::{self, made_at};
use super::{After, Outcome, Record, RecordKey, Rejection, Saved, Target, Unit, holding};
use crate::{Core, Failure};

/// What tokens are sealed for.
const TOKEN_PURPOSE: &str = "payment method token";
const MAX_TOKEN: usize = 1_000;

/// A stored way to pay: what a gateway calls a token. Never a card number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentMethodInput {
    /// Your own identifier of the method. A method with the same one is updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Whose it is: identifier or external id of the customer.
    pub customer_id: String,
    /// `card`, `bank_account`, `paypal` or `other`.
    #[schema(value_type = String, example = "card")]
    pub kind: PaymentMethodKind,
    /// Card scheme or bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Visa")]
    pub brand: Option<String>,
    /// The last two to four letters or digits of the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "4242")]
    pub last4: Option<String>,
    /// Month of expiry, 1 to 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_month: Option<u8>,
    /// Year of expiry, four digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_year: Option<u16>,
    /// Holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Whether it is used where nothing else is said. Another default one of the customer is so no
    /// more.
    #[serde(default)]
    pub is_default: bool,
    /// Name of the gateway that keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
    /// The gateway's token. It is kept encrypted and never shown again; absent keeps what is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// When the record was made, for data of the past; now where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

/// A stored way to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentMethodOutput {
    /// Identifier.
    #[schema(value_type = String)]
    pub id: PaymentMethodId,
    /// Your own identifier.
    pub external_id: Option<String>,
    /// Whose it is.
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// `card`, `bank_account`, `paypal` or `other`.
    #[schema(value_type = String)]
    pub kind: PaymentMethodKind,
    /// Card scheme or bank.
    pub brand: Option<String>,
    /// The last letters or digits of the number.
    pub last4: Option<String>,
    /// Month of expiry, 1 to 12.
    pub expiry_month: Option<u8>,
    /// Year of expiry, four digits.
    pub expiry_year: Option<u16>,
    /// Holder.
    pub holder: Option<String>,
    /// Whether it is used where nothing else is said.
    pub is_default: bool,
    /// Name of the gateway that keeps it.
    pub gateway: Option<String>,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Which payment methods.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PaymentMethodFilter {
    /// One customer's alone: identifier or external id.
    pub customer_id: Option<String>,
    /// `card`, `bank_account`, `paypal` or `other`.
    #[param(value_type = Option<String>)]
    pub kind: Option<PaymentMethodKind>,
}

/// Payment methods.
pub struct PaymentMethodRecord;

impl Record for PaymentMethodRecord {
    const PLURAL: &'static str = "payment-methods";
    const SINGULAR: &'static str = "payment method";
    const EDITED_WITH: Permission = Permission::EditBilling;
    const HELD: Held = Held::PaymentMethod;
    type Input = PaymentMethodInput;
    type Output = PaymentMethodOutput;
    type Filter = PaymentMethodFilter;

    async fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: PaymentMethodInput,
    ) -> Result<Saved<PaymentMethodOutput>, Rejection> {
        let mut faults = Faults::default();
        let own = input.external_id.as_deref();
        let external_id = faults.external_id(own);
        let before = holding::before::<Self, _>(unit, &target, own).await?;
        let draft = draft(unit, &input, external_id, before.as_ref(), &mut faults).await?;
        faults.refuse_any()?;
        let mut it = draft.ok_or(Failure::Missing("checked payment method"))?;
        let mut outcome = holding::outcome(before.as_ref(), &it)?;
        let new_token = new_token(unit, it.id, input.token.as_deref()).await?;
        if outcome == Outcome::Unchanged && new_token.is_some() {
            outcome = Outcome::Updated;
        }
        if it.is_default && outcome != Outcome::Unchanged {
            replace_default(unit, &it).await?;
        }
        holding::store(unit, &mut it, outcome).await?;
        if outcome != Outcome::Unchanged {
            note(unit, before.as_ref(), &it, new_token.is_some());
        }
        if let Some(token) = new_token {
            let sealed = unit.core.inner.sealer.seal(TOKEN_PURPOSE, token.as_bytes());
            let sealed = sealed.map_err(Failure::from)?;
            unit.write.set_payment_method_token(it.id, &sealed).await?;
        }
        Ok(Saved { output: it.into(), outcome })
    }

    async fn find(
        read: &mut Read,
        key: &RecordKey,
    ) -> Result<Option<PaymentMethodOutput>, Failure> {
        let found: Option<PaymentMethod> = holding::load(read, key).await?;
        Ok(found.map(Into::into))
    }

    async fn as_input(
        read: &mut Read,
        key: &RecordKey,
    ) -> Result<Option<PaymentMethodInput>, Failure> {
        let found: Option<PaymentMethod> = holding::load(read, key).await?;
        Ok(found.map(Into::into))
    }

    async fn list(
        read: &mut Read,
        filter: &PaymentMethodFilter,
        after: Option<After>,
        limit: u16,
    ) -> Result<Vec<PaymentMethodOutput>, Rejection> {
        let customer = filter.customer_id.as_deref();
        let found: Vec<PaymentMethod> =
            holding::list(read, customer, filter.kind, after, limit).await?;
        Ok(found.into_iter().map(Into::into).collect())
    }

    fn position(output: &PaymentMethodOutput) -> (Timestamp, Uuid) {
        (output.created_at, output.id.uuid())
    }
}

/// The method as it would be. Where nothing comes back, faults were noted.
async fn draft(
    unit: &mut Unit<'_>,
    input: &PaymentMethodInput,
    external_id: Option<ExternalId>,
    before: Option<&PaymentMethod>,
    faults: &mut Faults,
) -> Result<Option<PaymentMethod>, Rejection> {
    check(input, faults);
    let brand = faults.line("brand", input.brand.as_deref());
    let holder = faults.line("holder", input.holder.as_deref());
    let gateway = faults.line("gateway", input.gateway.as_deref());
    let last4 = faults.line("last4", input.last4.as_deref());
    let Some(customer) = refer::customer(unit, &input.customer_id, faults).await? else {
        return Ok(None);
    };
    let now = unit.now;
    Ok(Some(PaymentMethod {
        id: before.map_or_else(|| PaymentMethodId::new(now, unit.id_bytes()), |it| it.id),
        customer_id: customer.id,
        external_id,
        kind: input.kind,
        brand,
        last4,
        expiry_month: input.expiry_month,
        expiry_year: input.expiry_year,
        holder,
        is_default: input.is_default,
        gateway,
        created_at: made_at(input.created_at, before.map(|it| it.created_at), now),
        updated_at: before.map_or(now, |it| it.updated_at),
    }))
}

fn check(input: &PaymentMethodInput, faults: &mut Faults) {
    if let Some(last) = input.last4.as_deref().map(str::trim).filter(|last| !last.is_empty())
        && !((2..=4).contains(&last.len()) && last.bytes().all(|it| it.is_ascii_alphanumeric()))
    {
        faults.add("last4", "must have two to four letters or digits");
    }
    if input.expiry_month.is_some_and(|month| !(1..=12).contains(&month)) {
        faults.add("expiry_month", "must be between 1 and 12");
    }
    if input.expiry_year.is_some_and(|year| !(2000..=2100).contains(&year)) {
        faults.add("expiry_year", "must have four digits, 2000 to 2100");
    }
    if input.expiry_month.is_some() != input.expiry_year.is_some() {
        let missing = if input.expiry_month.is_some() { "expiry_year" } else { "expiry_month" };
        faults.add(missing, "month and year of expiry go together");
    }
    if let Some(token) = &input.token {
        if token.trim().is_empty() || token.chars().count() > MAX_TOKEN {
            faults.add("token", format!("must have 1 to {MAX_TOKEN} characters"));
        }
        faults.check_no_card_number("token", token);
    }
}

/// The token, where it is another than the stored one.
async fn new_token<'t>(
    unit: &mut Unit<'_>,
    id: PaymentMethodId,
    token: Option<&'t str>,
) -> Result<Option<&'t str>, Failure> {
    let Some(token) = token else { return Ok(None) };
    let Some(sealed) = unit.write.payment_method_token(id).await? else { return Ok(Some(token)) };
    let stored = unit.core.inner.sealer.open(TOKEN_PURPOSE, &sealed)?;
    Ok((stored != token.as_bytes()).then_some(token))
}

/// Stores a method that a gateway keeps, and what it is charged by. It is the default one where the
/// customer has none.
pub(crate) async fn keep(
    unit: &mut Unit<'_>,
    mut it: PaymentMethod,
    (gateway, token, profile): (GatewayId, &str, Option<String>),
) -> Result<(), Rejection> {
    it.is_default = !unit.write.has_default_payment_method(it.customer_id).await?;
    let sealed = unit.core.inner.sealer.seal(TOKEN_PURPOSE, token.as_bytes());
    let stored = StoredAt { sealed_token: sealed.map_err(Failure::from)?, profile };
    holding::store(unit, &mut it, Outcome::Created).await?;
    unit.write.set_payment_method_gateway(it.id, gateway, &stored).await?;
    note(unit, None, &it, true);
    Ok(())
}

/// The token of a stored method, opened.
pub(crate) fn open_token(core: &Core, sealed: &[u8]) -> Result<String, Failure> {
    let token = core.inner.sealer.open(TOKEN_PURPOSE, sealed)?;
    String::from_utf8(token).map_err(|_| Failure::Missing("token of a payment method"))
}

/// What the audit log compares. A token is never told, but that it is another one is.
#[derive(Serialize)]
struct Side<'a> {
    #[serde(flatten)]
    method: &'a PaymentMethod,
    token: Option<&'static str>,
}

fn note(
    unit: &mut Unit<'_>,
    before: Option<&PaymentMethod>,
    it: &PaymentMethod,
    has_new_token: bool,
) {
    let data = json!({"id": it.id, "customer_id": it.customer_id, "is_default": it.is_default});
    let before = before.map(|method| Side { method, token: None });
    let after = Side { method: it, token: has_new_token.then_some("replaced") };
    holding::note(unit, it, data, before.as_ref().map(|before| (before, &after)));
}

/// Makes `it` the only default method of its customer.
async fn replace_default(unit: &mut Unit<'_>, it: &PaymentMethod) -> Result<(), Rejection> {
    let now = unit.now;
    let other = unit.write.unset_default_payment_method(it.customer_id, it.id, now).await?;
    if let Some(other) = other {
        let data = json!({"id": other, "customer_id": it.customer_id, "is_default": false});
        let sides = (&json!({"is_default": true}), &json!({"is_default": false}));
        unit.change("payment_method.updated", other.uuid(), data, sides);
    }
    Ok(())
}

impl From<PaymentMethod> for PaymentMethodOutput {
    fn from(it: PaymentMethod) -> Self {
        Self {
            id: it.id,
            external_id: it.external_id.map(|id| id.to_string()),
            customer_id: it.customer_id,
            kind: it.kind,
            brand: it.brand,
            last4: it.last4,
            expiry_month: it.expiry_month,
            expiry_year: it.expiry_year,
            holder: it.holder,
            is_default: it.is_default,
            gateway: it.gateway,
            created_at: it.created_at,
            updated_at: it.updated_at,
        }
    }
}

impl From<PaymentMethod> for PaymentMethodInput {
    fn from(it: PaymentMethod) -> Self {
        Self {
            external_id: it.external_id.map(|id| id.to_string()),
            customer_id: it.customer_id.to_string(),
            kind: it.kind,
            brand: it.brand,
            last4: it.last4,
            expiry_month: it.expiry_month,
            expiry_year: it.expiry_year,
            holder: it.holder,
            is_default: it.is_default,
            gateway: it.gateway,
            token: None,
            created_at: Some(it.created_at),
        }
    }
}
