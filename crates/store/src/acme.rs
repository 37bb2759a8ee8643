//! What is remembered of certificate authorities: the account, and answers to their questions.

use jiff::Timestamp;

use crate::{Directory, StoreError, Write, column};

statements! {
    ANSWER = "SELECT key_authorization FROM acme_challenge WHERE host = $1 AND token = $2";
    CHALLENGES = "SELECT host, key_authorization FROM acme_challenge";
    PUT_CHALLENGE = "INSERT INTO acme_challenge (organisation_id, host, token, key_authorization, \
        created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation_id, host) \
        DO UPDATE SET token = $3, key_authorization = $4, created_at = $5";
    DELETE_CHALLENGE = "DELETE FROM acme_challenge WHERE organisation_id = $1 AND host = $2";
    ACCOUNT = "SELECT sealed_credentials FROM acme_account WHERE directory_url = $1";
    INSERT_ACCOUNT = "INSERT INTO acme_account (directory_url, sealed_credentials, created_at) \
        VALUES ($1, $2, $3) ON CONFLICT (directory_url) DO NOTHING";
    DELETE_ACCOUNT = "DELETE FROM acme_account WHERE directory_url = $1 \
        AND sealed_credentials = $2";
}

/// A question of a certificate authority about a host, and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The host.
    pub host: String,
    /// What the authority asks by.
    pub token: String,
    /// What it wants to hear.
    pub key_authorization: String,
}

impl Directory {
    /// The answer for a host and token.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn challenge_answer(
        &mut self,
        host: &str,
        token: &str,
    ) -> Result<Option<String>, StoreError> {
        let row = fetch_optional!(self.conn, (String,), ANSWER, host, token)?;
        Ok(row.map(|(answer,)| answer))
    }

    /// Hosts that are being asked about, with the answers: a few at a time.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn challenges(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        fetch_all!(self.conn, (String, String), CHALLENGES)
    }

    /// The account at an authority, sealed. It belongs to the installation, not to a tenant.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn acme_account(&mut self, directory: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row = fetch_optional!(self.conn, (Vec<u8>,), ACCOUNT, directory)?;
        Ok(row.map(|(sealed,)| sealed))
    }
}

impl Write {
    /// Answers a question about a host from now on; an older one is over.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_challenge(
        &mut self,
        challenge: &Challenge,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        let Challenge { host, token, key_authorization } = challenge;
        execute!(self.conn, PUT_CHALLENGE, tenant, host, token, key_authorization, now).map(drop)
    }

    /// Answers nothing about a host any more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_challenge(&mut self, host: &str) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE_CHALLENGE, tenant, host).map(drop)
    }

    /// Keeps the account at an authority, unless another process was first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_acme_account(
        &mut self,
        directory: &str,
        sealed: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self.conn, INSERT_ACCOUNT, directory, sealed, column::micros(now)).map(drop)
    }

    /// Forgets an account that the authority does not know, unless it was replaced meanwhile.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_acme_account(
        &mut self,
        directory: &str,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        execute!(self.conn, DELETE_ACCOUNT, directory, sealed).map(drop)
    }
}
