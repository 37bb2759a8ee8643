//! Documents for people: whose words and looks they have, and the press that makes them.

mod plain;

use std::sync::Arc;

use portico_billing::account::{Customer, Organisation};
use portico_billing::brand::Brand;
use portico_billing::invoice::Party;
use portico_billing::{CustomerId, LanguageTag};
use portico_core_api::{Document, Refusal, party};
use portico_documents::archive::file_name;
use portico_documents::{BrandLook, DocumentError, DocumentStyle, Formats, Labels, Typesetter};
use portico_store::Read;
use tokio::sync::Semaphore;

pub use plain::PlainStyles;

use crate::Failure;
use crate::visit::Scope;

/// How values are written in one language, for use on any thread.
pub type SharedFormats = Arc<dyn Formats + Send + Sync>;

/// Words and formats of documents in each language. The core has no texts of its own; the site
/// that knows the languages gives them.
pub trait DocumentStyles: Send + Sync {
    /// The text of a message key, in `language` or the nearest one that there is.
    fn text(&self, language: &LanguageTag, key: &'static str) -> String;

    /// How values are written in `language`, or the nearest one that there is.
    fn formats(&self, language: &LanguageTag) -> SharedFormats;
}

/// The words, formats and looks of one document.
pub(crate) struct Style {
    labels: Labels,
    formats: SharedFormats,
    language: LanguageTag,
    look: BrandLook,
    typesetter: Typesetter,
}

impl Style {
    pub(crate) fn borrow(&self) -> DocumentStyle<'_> {
        DocumentStyle {
            labels: &self.labels,
            format: &*self.formats,
            language: self.language.as_str(),
            look: &self.look,
            typesetter: self.typesetter,
        }
    }

    /// The language that it is written in.
    pub(crate) const fn language(&self) -> &LanguageTag {
        &self.language
    }
}

/// Documents that are made at one time. Typesetting takes a whole processor; what else the process
/// does must not wait for it.
const PRINTERS: usize = 2;
/// Documents that may wait to be made.
const QUEUE: usize = 64;
/// When somebody who found the queue full should try again.
const RETRY_AFTER: std::time::Duration = std::time::Duration::from_secs(5);

/// Makes documents, few at a time, away from the threads that serve requests.
pub(crate) struct Press {
    styles: Arc<dyn DocumentStyles>,
    typesetter: Typesetter,
    queue: Arc<Semaphore>,
    printers: Arc<Semaphore>,
}

impl Press {
    pub(crate) fn new(styles: Arc<dyn DocumentStyles>, typesetter: Typesetter) -> Self {
        let [queue, printers] = [QUEUE, PRINTERS].map(|places| Arc::new(Semaphore::new(places)));
        Self { styles, typesetter, queue, printers }
    }

    /// The text of a message key in the language of the visit.
    pub(crate) fn text(&self, scope: &Scope, key: &'static str) -> String {
        self.styles.text(&scope.language, key)
    }

    /// The text of a message key for the staff.
    pub(crate) fn text_in(&self, language: &LanguageTag, key: &'static str) -> String {
        self.styles.text(language, key)
    }

    /// The style of documents for the visit: its language, its brand.
    pub(crate) async fn style(&self, read: &mut Read, scope: &Scope) -> Result<Style, Failure> {
        let brand = read.brand(scope.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        self.style_of(read, brand, &scope.language).await
    }

    /// The style of documents of a brand in a language.
    pub(crate) async fn style_of(
        &self,
        read: &mut Read,
        brand: Brand,
        language: &LanguageTag,
    ) -> Result<Style, Failure> {
        let logo = match brand.theme.logo {
            None => None,
            Some(id) => read.asset(id).await?,
        };
        Ok(Style {
            labels: Labels::from_lookup(|key| self.styles.text(language, key)),
            formats: self.styles.formats(language),
            language: language.clone(),
            look: BrandLook {
                name: brand.name,
                logo: logo.map(|asset| asset.bytes),
                accent: brand.theme.accent,
                footer: brand.footer,
            },
            typesetter: self.typesetter,
        })
    }

    /// Runs `work` when a printer is free. No transaction may be open meanwhile. Who hangs up does
    /// not free the printer: it is taken until the work is done.
    pub(crate) async fn print<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, DocumentError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let full = |_| Refusal::TooMany { retry_after: RETRY_AFTER };
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(full)?;
        let printer = Arc::clone(&self.printers).acquire_owned().await.map_err(not_made)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((place, printer));
            done
        });
        Ok(done.await.map_err(not_made)?.map_err(not_made)?)
    }
}

fn not_made(error: impl std::fmt::Display) -> Failure {
    Failure::Document(error.to_string())
}

/// A PDF under a name that every system takes.
pub(crate) fn pdf_file(name: &str, bytes: Vec<u8>) -> Document {
    Document {
        file_name: file_name(&format!("{name}.pdf")),
        content_type: "application/pdf".to_owned(),
        bytes,
    }
}

/// The organisation as it stands on documents that name no seller.
pub(crate) fn seller(organisation: &Organisation) -> Party {
    let name = organisation.legal_name.as_ref().unwrap_or(&organisation.name);
    let email = organisation.email.as_ref().map(portico_billing::EmailAddress::as_str);
    party(name, &organisation.address, &organisation.tax_ids, email)
}

/// The customer as it stands on documents that name no buyer.
pub(crate) fn buyer(customer: &Customer) -> Party {
    let name = customer.legal_name.as_ref().unwrap_or(&customer.name);
    let email = customer.email.as_ref().map(portico_billing::EmailAddress::as_str);
    party(name, &customer.billing_address, &customer.tax_ids, email)
}

/// Seller and buyer of a document: as it names them, else the organisation and the customer.
pub(crate) async fn parties(
    read: &mut Read,
    customer: CustomerId,
    named: (Option<Party>, Option<Party>),
) -> Result<(Party, Party), Failure> {
    let seller_of = match named.0 {
        Some(party) => party,
        None => seller(&read.organisation().await?.ok_or(Failure::Missing("organisation"))?),
    };
    let buyer_of = match named.1 {
        Some(party) => party,
        None => {
            let customer = read.customer(customer).await?;
            buyer(&customer.ok_or(Failure::Missing("customer"))?)
        }
    };
    Ok((seller_of, buyer_of))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn dos_13_who_hangs_up_does_not_free_the_printer() {
        let press = Arc::new(Press::new(Arc::new(PlainStyles), |_| Ok(Vec::new())));
        let mut ends = Vec::new();
        for _ in 0..PRINTERS {
            let (begun, has_begun) = tokio::sync::oneshot::channel();
            let (end, may_end) = mpsc::channel::<()>();
            let (own, work) = (Arc::clone(&press), move || {
                let _told = begun.send(());
                let _ended = may_end.recv();
                Ok(())
            });
            let request = tokio::spawn(async move { own.print(work).await });
            has_begun.await.expect("begun");
            request.abort();
            assert!(request.await.is_err());
            ends.push(end);
        }
        assert_eq!(press.printers.available_permits(), 0);
        drop(ends);
        assert_eq!(press.print(|| Ok(7)).await, Ok(7));
    }
}
