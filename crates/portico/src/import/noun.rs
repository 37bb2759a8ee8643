//! What the records of a file are.

use portico_core::Caller;
use std::path::Path;
use std::str::FromStr;

use portico_core::records::Record;
use portico_core::records::contact::ContactRecord;
use portico_core::records::contract::ContractRecord;
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::entitlement::EntitlementRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::payment_method::PaymentMethodRecord;
use portico_core::records::subscription::SubscriptionRecord;

use super::Import;
use super::read::Located;

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Customers,
    Contacts,
    Invoices,
    CreditNotes,
    Payments,
    PaymentMethods,
    Subscriptions,
    Contracts,
    Entitlements,
}

impl Noun {
    /// All names, for messages.
    pub const NAMES: &'static str = "customers|contacts|invoices|credit-notes|payments|\
        payment-methods|subscriptions|contracts|entitlements";

    const ALL: [Self; 9] = [
        Self::Customers,
        Self::Contacts,
        Self::Invoices,
        Self::CreditNotes,
        Self::Payments,
        Self::PaymentMethods,
        Self::Subscriptions,
        Self::Contracts,
        Self::Entitlements,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Customers => CustomerRecord::PLURAL,
            Self::Contacts => ContactRecord::PLURAL,
            Self::Invoices => InvoiceRecord::PLURAL,
            Self::CreditNotes => CreditNoteRecord::PLURAL,
            Self::Payments => PaymentRecord::PLURAL,
            Self::PaymentMethods => PaymentMethodRecord::PLURAL,
            Self::Subscriptions => SubscriptionRecord::PLURAL,
            Self::Contracts => ContractRecord::PLURAL,
            Self::Entitlements => EntitlementRecord::PLURAL,
        }
    }

    /// The noun that a file's name begins with: `invoices-2026.jsonl`, `credit_notes.csv`.
    pub fn of_file(file: &Path) -> Option<Self> {
        let stem = file.file_stem()?.to_str()?.to_lowercase().replace('_', "-");
        // `payment-methods` begins like `payments` does not, but the longest name decides anyway.
        Self::ALL
            .into_iter()
            .filter(|noun| stem.starts_with(noun.name()))
            .max_by_key(|noun| noun.name().len())
    }

    /// Saves a batch and reports what happened to each record.
    pub async fn save(
        self,
        import: &mut Import<'_>,
        file: &Path,
        batch: Vec<Located>,
    ) -> anyhow::Result<()> {
        match self {
            Self::Customers => save::<CustomerRecord>(import, file, batch).await,
            Self::Contacts => save::<ContactRecord>(import, file, batch).await,
            Self::Invoices => save::<InvoiceRecord>(import, file, batch).await,
            Self::CreditNotes => save::<CreditNoteRecord>(import, file, batch).await,
            Self::Payments => save::<PaymentRecord>(import, file, batch).await,
            Self::PaymentMethods => save::<PaymentMethodRecord>(import, file, batch).await,
            Self::Subscriptions => save::<SubscriptionRecord>(import, file, batch).await,
            Self::Contracts => save::<ContractRecord>(import, file, batch).await,
            Self::Entitlements => save::<EntitlementRecord>(import, file, batch).await,
        }
    }
}

impl FromStr for Noun {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let text = text.to_lowercase().replace('_', "-");
        let found = Self::ALL.into_iter().find(|noun| {
            noun.name() == text || noun.name().strip_suffix('s') == Some(text.as_str())
        });
        found.ok_or_else(|| anyhow::anyhow!("unknown kind `{text}`; one of {}", Self::NAMES))
    }
}

async fn save<R: Record>(
    import: &mut Import<'_>,
    file: &Path,
    batch: Vec<Located>,
) -> anyhow::Result<()> {
    let (lines, values): (Vec<u64>, Vec<serde_json::Value>) =
        batch.into_iter().map(|record| (record.line, record.value)).unzip();
    let items = import.core.save_batch::<R>(&Caller::system(import.organisation), values).await?;
    for (item, line) in items.iter().zip(lines) {
        import.report.count(item);
        if let Err(rejection) = &item.result {
            import.report.reject(file, line, &rejection.to_string());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_what_it_holds() {
        let noun = |name: &str| Noun::of_file(Path::new(name));
        assert_eq!(noun("a/invoices-2026.jsonl"), Some(Noun::Invoices));
        assert_eq!(noun("Payment_Methods.csv"), Some(Noun::PaymentMethods));
        assert_eq!(noun("payments.ndjson"), Some(Noun::Payments));
        assert_eq!(noun("export.csv"), None);
        assert_eq!("credit_note".parse::<Noun>().expect("a noun"), Noun::CreditNotes);
    }
}
