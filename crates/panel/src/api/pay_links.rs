//! Links to pay one invoice with, by API.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::pay_link::PayLinkState;
use portico_billing::{InvoiceId, PayLinkId};
use portico_core::records::RecordKey;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::{NewPayLink, PayLinkView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::operators::not_found;
use super::path::Named;
use super::problem::Problem;
use super::records::ListAnswer;
use crate::state::{Panel, Shared};

/// A link to be.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PayLinkInput {
    /// How many days it works: 1 to 365, 30 where absent.
    #[schema(minimum = 1, maximum = 365, example = 30)]
    pub lifetime_days: Option<u16>,
    /// Whether it is mailed to those who get the customer's bills.
    pub mail: bool,
}

/// A link to pay an invoice with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PayLink)]
pub struct PayLinkAnswer {
    /// Identifier.
    #[schema(value_type = String, example = "pln_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: PayLinkId,
    /// The invoice.
    #[schema(value_type = String)]
    pub invoice_id: InvoiceId,
    /// `live`; `done` where nothing is due (any more); `expired`; `revoked`.
    #[schema(value_type = String)]
    pub state: PayLinkState,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was switched off.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

/// A link that was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MadePayLink)]
pub struct MadePayLinkAnswer {
    /// The link.
    #[serde(flatten)]
    pub link: PayLinkAnswer,
    /// Its address, which is told here alone.
    #[schema(example = "https://billing.acme.example/pay-link/q0Vn…")]
    pub url: String,
    /// To how many addresses it is mailed.
    pub mailed: usize,
}

impl From<PayLinkView> for PayLinkAnswer {
    fn from(it: PayLinkView) -> Self {
        Self {
            id: it.id,
            invoice_id: it.invoice_id,
            state: it.state,
            created_at: it.created_at,
            expires_at: it.expires_at,
            revoked_at: it.revoked_at,
        }
    }
}

/// `POST /api/v1/invoices/{id}/pay-link`.
pub async fn make(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<(StatusCode, Json<MadePayLinkAnswer>), Problem> {
    let PayLinkInput { lifetime_days, mail } = body.parse()?;
    let id = invoice_id(&panel, &caller, &key).await?;
    let new = NewPayLink { life_days: lifetime_days, mail };
    let made = panel.core.make_pay_link(&caller.0, id, new).await?;
    let (link, url, mailed) = (made.link.into(), made.url, made.mailed);
    Ok((StatusCode::CREATED, Json(MadePayLinkAnswer { link, url, mailed })))
}

/// `GET /api/v1/invoices/{id}/pay-links`: newest first.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<ListAnswer<PayLinkAnswer>>, Problem> {
    let id = invoice_id(&panel, &caller, &key).await?;
    let links = panel.core.pay_links(&caller.0, id).await?;
    let data = links.into_iter().map(PayLinkAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

/// `DELETE /api/v1/pay-links/{id}`: switches it off.
pub async fn revoke(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<StatusCode, Problem> {
    let id: PayLinkId = key.id().ok_or_else(not_found)?;
    panel.core.revoke_pay_link(&caller.0, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The invoice that a key names: its own identifier, or the organisation's.
async fn invoice_id(
    panel: &Panel,
    caller: &ApiCaller,
    key: &RecordKey,
) -> Result<InvoiceId, Problem> {
    match key.id() {
        Some(id) => Ok(id),
        None => Ok(panel.core.find_record::<InvoiceRecord>(&caller.0, key).await?.id),
    }
}
