//! Brands: as the portal asks for them, by the request's host; as the staff sets them up.

mod add;
mod edit;
mod exceptions;
mod fault;
mod list;
mod make_default;
mod remove;
mod settings;
mod templates;

use portico_billing::brand::Brand;
use portico_billing::{AssetId, BrandId};
use portico_core_api::{Asset, Refusal};

pub use exceptions::ExceptionalCustomer;
pub use fault::{BrandError, BrandFault, BrandFaults};
pub use list::{BrandCounts, BrandRecord, COUNTED, ListedBrand};
pub use settings::{BrandSettings, PayingSettings, ReportColumnsSettings, SignUpSettings};
pub use templates::TemplateChange;

use crate::{Core, Failure};

pub(crate) async fn by_host(core: &Core, host: &str) -> Result<Option<Brand>, Refusal> {
    let host = host.to_ascii_lowercase();
    let found = async { core.inner.store.directory().await?.brand_by_host(&host).await };
    Ok(found.await.map_err(Failure::from)?)
}

pub(crate) async fn asset(core: &Core, brand: BrandId, asset: AssetId) -> Result<Asset, Refusal> {
    find_asset(core, brand, asset).await?.ok_or(Refusal::NotFound)
}

/// What the brand shows alone: its logos, its icon, the pictures that its style sheet names. What
/// else its organisation has uploaded is nobody's business.
async fn find_asset(core: &Core, brand: BrandId, id: AssetId) -> Result<Option<Asset>, Failure> {
    let Some(brand) = load(core, brand).await? else { return Ok(None) };
    let theme = &brand.theme;
    let is_shown = [theme.logo, theme.dark_logo, theme.favicon].contains(&Some(id))
        || brand.custom.css.contains(&id.to_string());
    if !is_shown {
        return Ok(None);
    }
    let mut read = core.inner.store.read(brand.organisation_id).await?;
    let found = read.asset(id).await?;
    Ok(found.map(|asset| Asset { content_type: asset.content_type, bytes: asset.bytes }))
}

/// The brand with this identifier, of whichever organisation.
pub(crate) async fn load(core: &Core, id: BrandId) -> Result<Option<Brand>, Failure> {
    Ok(core.inner.store.directory().await?.brand(id).await?)
}
