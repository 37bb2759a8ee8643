//! A test mail: sent at once, by a connection of its own.

use std::time::Duration;

use async_trait::async_trait;
use lettre::AsyncTransport as _;
use portico_core::mail::{ClaimedMail, MailProbe, ProbeFault};
use portico_ui::Ui;

use super::{Networks, brand_server, message, smtp};

/// How long somebody waits for the outcome.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends test mails.
pub struct Probe {
    ui: Ui,
    networks: Networks,
}

impl Probe {
    /// With what mails are rendered with, and where servers may be.
    #[must_use]
    pub const fn new(ui: Ui, networks: Networks) -> Self {
        Self { ui, networks }
    }

    async fn send_now(&self, mail: &ClaimedMail) -> Result<(), ProbeFault> {
        let Some(server) = &mail.server else { return Err(ProbeFault::UnknownHost) };
        let rendered = message::render(&self.ui, mail)?;
        let from = message::own_sender(mail, server)?;
        let message = message::message(mail, &from, rendered)?;
        let way = brand_server::open(server, &self.networks, 1).await?;
        way.send(message).await.map(drop).map_err(|error| smtp::fault(&error))
    }
}

#[async_trait]
impl MailProbe for Probe {
    async fn send(&self, mail: &ClaimedMail) -> Result<(), ProbeFault> {
        let sent = tokio::time::timeout(PATIENCE, self.send_now(mail)).await;
        sent.unwrap_or(Err(ProbeFault::TooSlow))
    }
}
