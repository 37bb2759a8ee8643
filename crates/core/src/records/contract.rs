//! Contracts as the organisation's software sends and reads them.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::contract::{Contract, ContractRevision, ContractStatus};
use portico_billing::permission::Permission;
use portico_billing::{ContractId, CustomerId, ExternalId, Metadata};
use portico_store::Read;
use portico_store::hold::Held;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::faults::Faults;
use super::refer::{self, made_at, to_micros};
use super::{After, Record, RecordKey, Rejection, Saved, Target, Unit, holding};
use crate::Failure;

/// Characters of a contract's text.
const MAX_BODY: usize = 200_000;

/// An agreement with a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractInput {
    /// Your own identifier of the contract. A contract with the same one is updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Whose it is: identifier or external id of the customer.
    pub customer_id: String,
    /// Title.
    #[schema(example = "Master service agreement")]
    pub name: String,
    /// `draft`, `active`, `paused`, `expired` or `disputed`. Customers do not see drafts.
    #[schema(value_type = String, example = "active")]
    pub status: ContractStatus,
    /// First day in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub starts_on: Option<Date>,
    /// Day after the last one in force; open where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_on: Option<Date>,
    /// When it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub signed_at: Option<Timestamp>,
    /// Who signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// The text, plain; blank lines part paragraphs. Another text than before becomes a new
    /// revision, earlier ones stay as they were. Absent leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Your own data: up to 50 texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// When the record was made, for data of the past; now where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

/// A contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContractOutput {
    /// Identifier.
    #[schema(value_type = String)]
    pub id: ContractId,
    /// Your own identifier.
    pub external_id: Option<String>,
    /// Whose it is.
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// Title.
    pub name: String,
    /// `draft`, `active`, `paused`, `expired` or `disputed`.
    #[schema(value_type = String)]
    pub status: ContractStatus,
    /// First day in force.
    #[schema(value_type = Option<String>, format = Date)]
    pub starts_on: Option<Date>,
    /// Day after the last one in force.
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_on: Option<Date>,
    /// When it was signed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub signed_at: Option<Timestamp>,
    /// Who signed it.
    pub signed_by: Option<String>,
    /// Number of the newest revision of the text; 0 where there is no text.
    pub revision: u32,
    /// The newest text; in lists it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Your own data.
    pub metadata: Metadata,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Which contracts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContractFilter {
    /// One customer's alone: identifier or external id.
    pub customer_id: Option<String>,
    /// `draft`, `active`, `paused`, `expired` or `disputed`.
    #[param(value_type = Option<String>)]
    pub status: Option<ContractStatus>,
}

/// Contracts.
pub struct ContractRecord;

impl Record for ContractRecord {
    const PLURAL: &'static str = "contracts";
    const SINGULAR: &'static str = "contract";
    const EDITED_WITH: Permission = Permission::EditBilling;
    const HELD: Held = Held::Contract;
    type Input = ContractInput;
    type Output = ContractOutput;
    type Filter = ContractFilter;

    async fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: ContractInput,
    ) -> Result<Saved<ContractOutput>, Rejection> {
        let mut faults = Faults::default();
        let own = input.external_id.as_deref();
        let external_id = faults.external_id(own);
        let body = faults.long_text("body", input.body.as_deref(), MAX_BODY);
        let before = holding::before::<Self, _>(unit, &target, own).await?;
        let draft = draft(unit, &input, external_id, before.as_ref(), &mut faults).await?;
        faults.refuse_any()?;
        let mut it = draft.ok_or(Failure::Missing("checked contract"))?;
        let present = match &before {
            Some(before) => unit.write.newest_contract_revision(before.id).await?,
            None => None,
        };
        let present = present.map(|revision| revision.body);
        let added = body.filter(|body| present.as_ref() != Some(body));
        it.revision += u32::from(added.is_some());
        let outcome = holding::outcome(before.as_ref(), &it)?;
        let (customer, status) = (it.customer_id, it.status);
        let data = json!({"customer_id": customer, "status": status, "revision": it.revision});
        holding::write(unit, (before.as_ref(), &mut it), outcome, data).await?;
        if let Some(body) = &added {
            add_revision(unit, &it, body).await?;
        }
        Ok(Saved { output: output(it, added.or(present)), outcome })
    }

    async fn find(read: &mut Read, key: &RecordKey) -> Result<Option<ContractOutput>, Failure> {
        let Some(found) = holding::load::<Contract>(read, key).await? else { return Ok(None) };
        let revision = read.newest_contract_revision(found.id).await?;
        Ok(Some(output(found, revision.map(|revision| revision.body))))
    }

    async fn as_input(read: &mut Read, key: &RecordKey) -> Result<Option<ContractInput>, Failure> {
        Ok(Self::find(read, key).await?.map(Into::into))
    }

    async fn list(
        read: &mut Read,
        filter: &ContractFilter,
        after: Option<After>,
        limit: u16,
    ) -> Result<Vec<ContractOutput>, Rejection> {
        let customer = filter.customer_id.as_deref();
        let found: Vec<Contract> =
            holding::list(read, customer, filter.status, after, limit).await?;
        Ok(found.into_iter().map(|it| output(it, None)).collect())
    }

    fn position(output: &ContractOutput) -> (Timestamp, Uuid) {
        (output.created_at, output.id.uuid())
    }
}

/// The contract as it would be, with the revision that it has. Where nothing comes back, faults
/// were noted.
async fn draft(
    unit: &mut Unit<'_>,
    input: &ContractInput,
    external_id: Option<ExternalId>,
    before: Option<&Contract>,
    faults: &mut Faults,
) -> Result<Option<Contract>, Rejection> {
    let name = faults.name("name", &input.name);
    let signed_by = faults.line("signed_by", input.signed_by.as_deref());
    let metadata = faults.checked_metadata(input.metadata.as_ref());
    if let (Some(starts_on), Some(ends_on)) = (input.starts_on, input.ends_on)
        && ends_on <= starts_on
    {
        faults.add("ends_on", "must be after `starts_on`");
    }
    let Some(customer) = refer::customer(unit, &input.customer_id, faults).await? else {
        return Ok(None);
    };
    let now = unit.now;
    Ok(Some(Contract {
        id: before.map_or_else(|| ContractId::new(now, unit.id_bytes()), |it| it.id),
        customer_id: customer.id,
        external_id,
        name,
        status: input.status,
        starts_on: input.starts_on,
        ends_on: input.ends_on,
        signed_at: input.signed_at.map(to_micros),
        signed_by,
        revision: before.map_or(0, |it| it.revision),
        metadata,
        created_at: made_at(input.created_at, before.map(|it| it.created_at), now),
        updated_at: before.map_or(now, |it| it.updated_at),
    }))
}

async fn add_revision(unit: &mut Unit<'_>, it: &Contract, body: &str) -> Result<(), Rejection> {
    let created_at = if it.revision == 1 { it.created_at } else { unit.now };
    let revision = ContractRevision { revision: it.revision, body: body.to_owned(), created_at };
    Ok(unit.write.insert_contract_revision(it.id, &revision).await?)
}

fn output(it: Contract, body: Option<String>) -> ContractOutput {
    ContractOutput {
        id: it.id,
        external_id: it.external_id.map(|id| id.to_string()),
        customer_id: it.customer_id,
        name: it.name,
        status: it.status,
        starts_on: it.starts_on,
        ends_on: it.ends_on,
        signed_at: it.signed_at,
        signed_by: it.signed_by,
        revision: it.revision,
        body,
        metadata: it.metadata,
        created_at: it.created_at,
        updated_at: it.updated_at,
    }
}

impl From<ContractOutput> for ContractInput {
    fn from(it: ContractOutput) -> Self {
        Self {
            external_id: it.external_id,
            customer_id: it.customer_id.to_string(),
            name: it.name,
            status: it.status,
            starts_on: it.starts_on,
            ends_on: it.ends_on,
            signed_at: it.signed_at,
            signed_by: it.signed_by,
            body: it.body,
            metadata: Some(it.metadata),
            created_at: Some(it.created_at),
        }
    }
}
