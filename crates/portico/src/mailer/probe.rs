//! A test mail: sent at once, by a connection of its own.

use std::time::Duration;

use async_trait::async_trait;
use portico_core::mail::{ClaimedMail, MailProbe, ProbeFault};
use portico_ui::Ui;

use super::{Networks, brand_server, message};

/// How long somebody waits for each of the three steps. All of them have no end in common: it would
/// say of a mail that was handed over that it was not.
const STEP: Duration = Duration::from_secs(6);

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
}

#[async_trait]
impl MailProbe for Probe {
    async fn send(&self, mail: &ClaimedMail) -> Result<(), ProbeFault> {
        let Some(server) = &mail.server else { return Err(ProbeFault::UnknownHost) };
        let rendered = message::render(&self.ui, mail)?;
        let from = message::own_sender(mail, server)?;
        let message = message::message(mail, &from, (rendered, None))?;
        let way = brand_server::open(server, &self.networks, STEP).await?;
        way.announce(&message).await?.hand_over().await
    }
}
