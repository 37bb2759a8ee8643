//! The organisation's brands, to be read by its staff and its software.

use portico_billing::BrandId;
use portico_billing::brand::Brand;
use portico_billing::permission::Permission;
pub use portico_store::brand::BrandCounts;

use super::BrandError;
use crate::{Caller, Core};

/// Customers of one brand that are counted; there may be more.
pub const COUNTED: u32 = 1_000;

/// A brand as the staff sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrandRecord {
    /// The brand.
    pub brand: Brand,
    /// Whether it is that of customers that name none.
    pub is_default: bool,
}

/// A brand in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedBrand {
    /// The brand.
    pub record: BrandRecord,
    /// How many customers it has, up to [`COUNTED`].
    pub counts: BrandCounts,
}

impl Core {
    /// Where the brand's portal is; nothing while it answers on no host.
    #[must_use]
    pub fn brand_url(&self, brand: &Brand) -> Option<String> {
        let address = &self.inner.public_address;
        (!brand.hosts.is_empty()).then(|| address.url(brand, "/"))
    }

    /// The organisation's brands with the number of their customers, the default one first.
    ///
    /// # Errors
    /// Where the caller may not read, or the machinery fails.
    pub async fn list_brands(&self, caller: &Caller) -> Result<Vec<ListedBrand>, BrandError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let mut listed = Vec::new();
        for (index, brand) in read.brands().await?.into_iter().enumerate() {
            let counts = read.brand_counts(brand.id, COUNTED).await?;
            listed.push(ListedBrand {
                record: BrandRecord { brand, is_default: index == 0 },
                counts,
            });
        }
        Ok(listed)
    }

    /// One brand with the number of its customers.
    ///
    /// # Errors
    /// Where the caller may not read, there is no such brand, or the machinery fails.
    pub async fn find_brand(
        &self,
        caller: &Caller,
        id: BrandId,
    ) -> Result<ListedBrand, BrandError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let brand = read.brand(id).await?.ok_or(BrandError::NotFound)?;
        let default = read.default_brand().await?;
        let counts = read.brand_counts(id, COUNTED).await?;
        let is_default = default.is_some_and(|default| default.id == id);
        Ok(ListedBrand { record: BrandRecord { brand, is_default }, counts })
    }
}
