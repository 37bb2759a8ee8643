//! The account at the certificate authority: made with the first order, kept sealed.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use instant_acme::{Account, AccountBuilder, ChallengeType, NewAccount};
use portico_core::Core;
use portico_core::domains::CertificateOrder;
use tokio::sync::Mutex;

use crate::config::Config;

/// What an authority says of an account that it does not know.
const UNKNOWN_ACCOUNT: &str = "urn:ietf:params:acme:error:accountDoesNotExist";

/// A certificate authority as it is configured; cheap to clone.
#[derive(Clone)]
pub struct Authority {
    directory: String,
    contact: Option<String>,
    root: Option<PathBuf>,
    /// How its questions can be answered here, the best way first.
    pub ways: Vec<ChallengeType>,
    account: Arc<Mutex<Option<Account>>>,
}

impl Authority {
    /// The one that is configured, if any.
    pub fn from_config(config: &Config) -> Option<Self> {
        let acme = &config.acme;
        if acme.directory_url.is_empty() {
            return None;
        }
        let mut ways = vec![ChallengeType::Http01];
        if !config.tls.addr.is_empty() {
            ways.insert(0, ChallengeType::TlsAlpn01);
        }
        let contact = acme.contact.as_str();
        Some(Self {
            directory: acme.directory_url.clone(),
            contact: (!contact.is_empty()).then(|| format!("mailto:{contact}")),
            root: Some(acme.root_certificates.clone()).filter(|it| !it.as_os_str().is_empty()),
            ways,
            account: Arc::default(),
        })
    }

    /// The account, made where there is none yet.
    pub async fn account(&self, core: &Core, order: &CertificateOrder) -> anyhow::Result<Account> {
        let mut held = self.account.lock().await;
        if let Some(account) = held.as_ref() {
            return Ok(account.clone());
        }
        let account = match core.acme_account(&self.directory).await? {
            Some(credentials) => self.restore(&credentials).await?,
            None => self.create(core, order).await?,
        };
        *held = Some(account.clone());
        Ok(account)
    }

    /// Forgets the account where the error says that the authority does not know it.
    pub async fn notice(
        &self,
        error: &anyhow::Error,
        core: &Core,
        order: &CertificateOrder,
    ) -> anyhow::Result<()> {
        let Some(instant_acme::Error::Api(problem)) = error.downcast_ref() else { return Ok(()) };
        if problem.r#type.as_deref() == Some(UNKNOWN_ACCOUNT) {
            *self.account.lock().await = None;
            core.forget_acme_account(order, &self.directory).await?;
        }
        Ok(())
    }

    fn builder(&self) -> anyhow::Result<AccountBuilder> {
        match &self.root {
            Some(root) => Account::builder_with_root(root)
                .with_context(|| format!("acme.root_certificates {}", root.display())),
            None => Ok(Account::builder()?),
        }
    }

    async fn restore(&self, credentials: &[u8]) -> anyhow::Result<Account> {
        let credentials = serde_json::from_slice(credentials)?;
        Ok(self.builder()?.from_credentials(credentials).await?)
    }

    async fn create(&self, core: &Core, order: &CertificateOrder) -> anyhow::Result<Account> {
        let contact: Vec<&str> = self.contact.iter().map(String::as_str).collect();
        let new = NewAccount {
            contact: &contact,
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let (_, credentials) = self.builder()?.create(&new, self.directory.clone(), None).await?;
        let credentials = serde_json::to_vec(&credentials)?;
        let kept = core.keep_acme_account(order, &self.directory, &credentials).await?;
        self.restore(&kept).await
    }
}
