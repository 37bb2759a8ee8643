//! Customers that see something else than their brand says.

use portico_billing::BrandId;
use portico_billing::permission::Permission;
pub use portico_store::brand::ExceptionalCustomer;

use super::BrandError;
use crate::{Caller, Core};

impl Core {
    /// Customers of the brand with exceptions, by name, at most `limit`.
    ///
    /// # Errors
    /// Where the caller may not read, or the machinery fails.
    pub async fn exceptional_customers(
        &self,
        caller: &Caller,
        brand: BrandId,
        limit: u16,
    ) -> Result<Vec<ExceptionalCustomer>, BrandError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        Ok(read.customers_with_exceptions(brand, limit).await?)
    }
}
