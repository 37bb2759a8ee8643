//! What is remembered between the steps of an order: the account at the certificate authority, and
//! the answers to its questions, for whichever process it asks.

use portico_store::acme::Challenge;

use super::CertificateOrder;
use crate::{Core, Failure};

/// Longest token of a question that is looked up.
const LONGEST_TOKEN: usize = 200;

impl Core {
    /// Answers an authority's question about an order's host from now on.
    ///
    /// # Errors
    /// Where the machinery fails; also where the host was released meanwhile.
    pub async fn put_challenge(
        &self,
        order: &CertificateOrder,
        token: &str,
        key_authorization: &str,
    ) -> Result<(), Failure> {
        let challenge = Challenge {
            host: order.host().to_owned(),
            token: token.to_owned(),
            key_authorization: key_authorization.to_owned(),
        };
        let mut write = self.inner.store.write(order.organisation_id).await?;
        write.put_challenge(&challenge, self.now()).await?;
        Ok(write.commit().await?)
    }

    /// The answer to a question by HTTP.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn challenge_answer(
        &self,
        host: &str,
        token: &str,
    ) -> Result<Option<String>, Failure> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if token.len() > LONGEST_TOKEN || !token.bytes().all(is_token) {
            return Ok(None);
        }
        Ok(self.inner.store.directory().await?.challenge_answer(host, token).await?)
    }

    /// Hosts that are being asked about, with the answers.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn challenges(&self) -> Result<Vec<(String, String)>, Failure> {
        Ok(self.inner.store.directory().await?.challenges().await?)
    }

    /// The credentials of the account at an authority.
    ///
    /// # Errors
    /// Where they cannot be opened, or the machinery fails.
    pub async fn acme_account(&self, directory: &str) -> Result<Option<Vec<u8>>, Failure> {
        let sealed = self.inner.store.directory().await?.acme_account(directory).await?;
        let open = |sealed: Vec<u8>| self.inner.sealer.open(&purpose(directory), &sealed);
        Ok(sealed.map(open).transpose()?)
    }

    /// Keeps the credentials of a new account. The answer is those that count: another process may
    /// have been first.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn keep_acme_account(
        &self,
        order: &CertificateOrder,
        directory: &str,
        credentials: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let sealed = self.inner.sealer.seal(&purpose(directory), credentials)?;
        let mut write = self.inner.store.write(order.organisation_id).await?;
        write.insert_acme_account(directory, &sealed, self.now()).await?;
        write.commit().await?;
        let kept = self.acme_account(directory).await?;
        kept.ok_or(Failure::Missing("the account at the certificate authority"))
    }

    /// Forgets the account at an authority that does not know it, so that the next order begins a
    /// new one.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn forget_acme_account(
        &self,
        order: &CertificateOrder,
        directory: &str,
    ) -> Result<(), Failure> {
        let sealed = self.inner.store.directory().await?.acme_account(directory).await?;
        let Some(sealed) = sealed else { return Ok(()) };
        let mut write = self.inner.store.write(order.organisation_id).await?;
        write.delete_acme_account(directory, &sealed).await?;
        Ok(write.commit().await?)
    }
}

fn purpose(directory: &str) -> String {
    format!("acme account {directory}")
}
