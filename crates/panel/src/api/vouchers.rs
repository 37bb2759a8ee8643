//! Vouchers, by API.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use jiff::Timestamp;
use portico_billing::page::PageSize;
use portico_billing::voucher::{VoucherKind, VoucherState};
use portico_billing::{Currency, VoucherBatchId};
use portico_core::records::{DecimalInput, RecordKey};
use portico_core::{
    NewVoucherBatch, StaffError, VoucherBatchView, VoucherCode, VoucherPosition, VoucherView,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::ApiCaller;
use super::body::JsonBody;
use super::idempotency::ToldOnce;
use super::operators::not_found;
use super::path::Named;
use super::problem::Problem;
use super::query::{Listing, Options};
use super::records::ListAnswer;
use crate::state::Shared;

/// Vouchers to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoucherBatchInput {
    /// What their serials begin with: 1 to 16 letters A to Z and digits. Each series is of one
    /// batch.
    #[schema(example = "SUMMER26")]
    pub series: String,
    /// How many, at most 10,000.
    #[schema(example = 100)]
    pub count: u32,
    /// ISO 4217 code of all amounts, and of the payment.
    #[schema(value_type = String, example = "EUR")]
    pub currency: Currency,
    /// The least payment that brings the credit, in minor units; the credit comes at once where it
    /// is 0 or absent.
    #[serde(default)]
    pub minimum_minor: i64,
    /// How often the payment is credited once more: `"0.25"` is a quarter of it. Rounded down.
    #[serde(default)]
    pub multiplier: Option<DecimalInput>,
    /// Credit that does not depend on how large the payment is, in minor units.
    #[serde(default)]
    #[schema(example = 1_000)]
    pub addition_minor: i64,
    /// Most that one voucher credits, in minor units; with a multiplier alone.
    #[serde(default)]
    pub ceiling_minor: Option<i64>,
    /// When they can be redeemed no more.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// How many days a redeemed one waits for its payment; without end where absent.
    #[serde(default)]
    pub wait_days: Option<u16>,
    /// A note for the staff.
    #[serde(default)]
    pub note: String,
}

/// Vouchers that were made together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoucherBatch)]
pub struct VoucherBatchAnswer {
    /// Identifier.
    #[schema(value_type = String, example = "vcb_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: VoucherBatchId,
    /// What their serials begin with.
    pub series: String,
    /// `free` (a credit at once), `additional` (a credit with a payment) or `multiplied` (a part or
    /// a multiple of a payment, with it).
    #[schema(value_type = String)]
    pub kind: VoucherKind,
    /// How many they are.
    pub count: u32,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// The least payment that brings the credit, in minor units.
    pub minimum_minor: i64,
    /// How often the payment is credited once more.
    pub multiplier: Option<DecimalInput>,
    /// Credit that does not depend on how large the payment is, in minor units.
    pub addition_minor: i64,
    /// Most that one voucher credits, in minor units.
    pub ceiling_minor: Option<i64>,
    /// When they can be redeemed no more.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// How many days a redeemed one waits for its payment.
    pub wait_days: Option<u16>,
    /// A note for the staff.
    pub note: String,
    /// When they were made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the codes were exported.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub exported_at: Option<Timestamp>,
    /// When they were taken out of use.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub voided_at: Option<Timestamp>,
    /// How they stand now.
    pub report: VoucherReportAnswer,
}

/// How many vouchers of a batch stand how, and what they gave.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoucherReport)]
pub struct VoucherReportAnswer {
    /// That can be redeemed.
    pub live: u32,
    /// That were redeemed and wait for a payment.
    pub waiting: u32,
    /// That gave their credit.
    pub redeemed: u32,
    /// That were taken out of use.
    pub void: u32,
    /// Whose time was over.
    pub expired: u32,
    /// What they gave in all, in minor units.
    pub credited_minor: i64,
}

/// A voucher.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Voucher)]
pub struct VoucherAnswer {
    /// Identifier.
    #[schema(example = "vch_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// What it was made with.
    pub batch_id: String,
    /// What everybody may call it by.
    #[schema(example = "SUMMER26-00042")]
    pub serial: String,
    /// `live`, `waiting`, `redeemed`, `void` or `expired`.
    #[schema(value_type = String)]
    pub state: VoucherState,
    /// Who redeemed it.
    pub customer_id: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub redeemed_at: Option<Timestamp>,
    /// Until when it waits for a payment, or did.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waits_until: Option<Timestamp>,
    /// What it gave, in minor units.
    pub credited_minor: Option<i64>,
    /// ISO 4217 code of what it gave.
    #[schema(value_type = Option<String>)]
    pub currency: Option<Currency>,
    /// When it gave its credit.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub credited_at: Option<Timestamp>,
    /// The payment that it came with.
    pub payment_id: Option<String>,
    /// When it was taken out of use.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub voided_at: Option<Timestamp>,
}

/// A voucher with its code.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoucherCode)]
pub struct VoucherCodeAnswer {
    /// What everybody may call it by.
    #[schema(example = "SUMMER26-00042")]
    pub serial: String,
    /// What it is redeemed with.
    #[schema(example = "0000-0000-0000-0000-0")]
    pub code: String,
}

/// The codes of a batch; told here alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoucherCodes)]
pub struct VoucherCodesAnswer {
    /// In the order of their serials.
    pub data: Vec<VoucherCodeAnswer>,
}

/// The list of batches is not narrowed by anything.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct VoucherBatchFilter {}

/// Which vouchers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct VoucherFilter {
    /// Of this batch alone.
    #[param(value_type = Option<String>)]
    pub batch: Option<VoucherBatchId>,
    /// Those alone that stand so: `live`, `waiting`, `redeemed`, `void` or `expired`.
    #[param(value_type = Option<String>)]
    pub state: Option<VoucherState>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Most records of the page: 1 to 200, 50 where absent.
    #[param(value_type = Option<u16>)]
    pub limit: Option<PageSize>,
}

impl From<VoucherBatchView> for VoucherBatchAnswer {
    fn from(it: VoucherBatchView) -> Self {
        let (terms, report) = (it.terms, it.report);
        Self {
            id: it.id,
            series: it.series,
            kind: terms.kind(),
            count: it.count,
            currency: terms.currency(),
            minimum_minor: terms.minimum().minor(),
            multiplier: terms.multiplier().map(DecimalInput),
            addition_minor: terms.addition().minor(),
            ceiling_minor: terms.ceiling().map(|ceiling| ceiling.minor()),
            expires_at: it.expires_at,
            wait_days: it.wait_days,
            note: it.note,
            created_at: it.created_at,
            exported_at: it.exported_at,
            voided_at: it.voided_at,
            report: VoucherReportAnswer {
                live: report.live,
                waiting: report.waiting,
                redeemed: report.redeemed,
                void: report.void,
                expired: report.expired,
                credited_minor: report.credited.minor(),
            },
        }
    }
}

impl From<VoucherView> for VoucherAnswer {
    fn from(it: VoucherView) -> Self {
        Self {
            id: it.id.to_string(),
            batch_id: it.batch_id.to_string(),
            serial: it.serial,
            state: it.state,
            customer_id: it.customer_id.map(|id| id.to_string()),
            redeemed_at: it.redeemed_at,
            waits_until: it.waits_until,
            credited_minor: it.credited.map(|credited| credited.minor()),
            currency: it.credited.map(|credited| credited.currency()),
            credited_at: it.credited_at,
            payment_id: it.payment_id.map(|id| id.to_string()),
            voided_at: it.voided_at,
        }
    }
}

impl From<VoucherCode> for VoucherCodeAnswer {
    fn from(it: VoucherCode) -> Self {
        Self { serial: it.serial, code: it.code }
    }
}

impl From<VoucherBatchInput> for NewVoucherBatch {
    fn from(it: VoucherBatchInput) -> Self {
        Self {
            series: it.series,
            count: it.count,
            currency: it.currency,
            minimum_minor: it.minimum_minor,
            multiplier: it.multiplier.map(|factor| factor.0),
            addition_minor: it.addition_minor,
            ceiling_minor: it.ceiling_minor,
            expires_at: it.expires_at,
            wait_days: it.wait_days,
            note: it.note,
        }
    }
}

/// `GET /api/v1/voucher-batches`: newest first.
pub async fn batches(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Listing { limit, after, .. }: Listing<VoucherBatchFilter>,
) -> Result<Json<ListAnswer<VoucherBatchAnswer>>, Problem> {
    let (found, next) = panel.core.voucher_batches(&caller.0, (after, limit)).await?;
    let data = found.into_iter().map(VoucherBatchAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: next.map(|after| after.encode()) }))
}

/// `POST /api/v1/voucher-batches`.
pub async fn make(
    State(panel): State<Shared>,
    caller: ApiCaller,
    body: JsonBody,
) -> Result<(StatusCode, Json<VoucherBatchAnswer>), Problem> {
    let input: VoucherBatchInput = body.parse()?;
    let made = panel.core.make_voucher_batch(&caller.0, input.into()).await.map_err(by_field)?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// `GET /api/v1/voucher-batches/{id}`.
pub async fn batch(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<VoucherBatchAnswer>, Problem> {
    Ok(Json(panel.core.voucher_batch(&caller.0, id(&key)?).await?.into()))
}

/// `POST /api/v1/voucher-batches/{id}/export`: the codes, once.
pub async fn export(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<(Extension<ToldOnce>, Json<VoucherCodesAnswer>), Problem> {
    let codes = panel.core.export_voucher_codes(&caller.0, id(&key)?).await?;
    let data = codes.into_iter().map(VoucherCodeAnswer::from).collect();
    Ok((Extension(ToldOnce), Json(VoucherCodesAnswer { data })))
}

/// `POST /api/v1/voucher-batches/{id}/void`.
pub async fn void_batch(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<VoucherBatchAnswer>, Problem> {
    Ok(Json(panel.core.void_voucher_batch(&caller.0, id(&key)?).await?.into()))
}

/// `GET /api/v1/vouchers`: in the order of batches and serials.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Options(VoucherFilter { batch, state, cursor, limit }): Options<VoucherFilter>,
) -> Result<Json<ListAnswer<VoucherAnswer>>, Problem> {
    let after: Option<VoucherPosition> =
        cursor.map(|text| text.parse()).transpose().map_err(|_| {
            let message = "is not a cursor; take `next_cursor` of the page before";
            Problem::bad_parameter("cursor", message)
        })?;
    let page = (after, limit.unwrap_or_default().get());
    let (found, next) = panel.core.all_vouchers(&caller.0, (batch, state), page).await?;
    let data = found.into_iter().map(VoucherAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: next.map(|next| next.to_string()) }))
}

/// `GET /api/v1/vouchers/{id}`: by identifier or serial.
pub async fn find(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<VoucherAnswer>, Problem> {
    Ok(Json(panel.core.voucher(&caller.0, key.as_str()).await?.into()))
}

/// `POST /api/v1/vouchers/{id}/void`: by identifier or serial.
pub async fn void(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<VoucherAnswer>, Problem> {
    Ok(Json(panel.core.void_voucher(&caller.0, key.as_str()).await?.into()))
}

fn id(key: &RecordKey) -> Result<VoucherBatchId, Problem> {
    key.id().ok_or_else(not_found)
}

/// Amounts have other names here than in forms, where they are of major units.
fn by_field(error: StaffError) -> Problem {
    let StaffError::Invalid(mut faults) = error else { return error.into() };
    for fault in &mut faults {
        if matches!(fault.field.as_str(), "minimum" | "addition" | "ceiling") {
            fault.field.push_str("_minor");
        }
    }
    StaffError::Invalid(faults).into()
}
