//! The worker that turns waiting messages into mails and sends them.

mod smtp;

use std::time::Duration;

use anyhow::Context;
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncTransport, Message};
use portico_core::Core;
use portico_core::mail::{CapturedMail, ClaimedMail};
use portico_ui::{RenderedMail, Ui};
use tokio_util::sync::CancellationToken;

use crate::config;

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_millis(500);
/// Mails that are taken at a time.
const AT_A_TIME: u16 = 20;

/// Where mails go.
pub enum Transport {
    /// To a server.
    Smtp(smtp::Server),
    /// To the local mailbox page of the demonstration.
    Mailbox,
}

impl Transport {
    /// The server of the configuration, if one is named.
    ///
    /// # Errors
    /// Where its file or its address cannot be used, or its address allows plain text where that
    /// must not be.
    pub fn from_config(mail: &config::Mail) -> anyhow::Result<Option<Self>> {
        let url = if mail.smtp_url_file.is_empty() {
            mail.smtp_url.clone()
        } else {
            std::fs::read_to_string(&mail.smtp_url_file)
                .with_context(|| format!("cannot read {}", mail.smtp_url_file))?
        };
        if url.trim().is_empty() {
            return Ok(None);
        }
        Ok(Some(Self::Smtp(smtp::server(url.trim())?)))
    }
}

/// Sends what waits until it is told to stop.
pub async fn run(core: Core, ui: Ui, transport: Transport, from: Mailbox, stop: CancellationToken) {
    let mailer = Mailer { core, ui, transport, from };
    loop {
        let sent = mailer.send_waiting().await;
        let pause = if sent == usize::from(AT_A_TIME) { Duration::ZERO } else { EVERY };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

struct Mailer {
    core: Core,
    ui: Ui,
    transport: Transport,
    from: Mailbox,
}

impl Mailer {
    async fn send_waiting(&self) -> usize {
        let claimed = match self.core.claim_mails(AT_A_TIME).await {
            Ok(claimed) => claimed,
            Err(failure) => {
                let _reference = failure.report();
                return 0;
            }
        };
        let count = claimed.len();
        for mail in claimed {
            let done = match self.send(&mail).await {
                Ok(()) => self.core.mail_done(&mail).await,
                Err(cause) => {
                    tracing::warn!(job = %mail.id, cause, "mail could not be sent");
                    self.core.mail_failed(&mail, &cause).await
                }
            };
            if let Err(failure) = done {
                let _reference = failure.report();
            }
        }
        count
    }

    /// Sends a mail; else says in few words why not, and nothing of what it says or to whom.
    async fn send(&self, mail: &ClaimedMail) -> Result<(), String> {
        let rendered = crate::styles::render_mail(&self.ui, mail)
            .map_err(|error| format!("the mail cannot be rendered ({error})"))?;
        let from = Mailbox::new(Some(mail.brand.name.clone()), self.from.email.clone());
        match &self.transport {
            Transport::Smtp(server) => {
                let message = message(mail, &from, rendered)
                    .map_err(|_| "the mail cannot be put together".to_owned())?;
                server.send(message).await.map_err(|error| smtp::cause(&error))?;
            }
            Transport::Mailbox => {
                let captured = CapturedMail {
                    recipient: mail.message.to().to_string(),
                    sender: from.to_string(),
                    subject: rendered.subject,
                    text_body: rendered.text,
                    html_body: rendered.html,
                };
                let kept = self.core.capture_mail(mail.organisation_id, captured).await;
                kept.map_err(|failure| format!("the mail is not kept ({})", failure.report()))?;
            }
        }
        Ok(())
    }
}

fn message(mail: &ClaimedMail, from: &Mailbox, it: RenderedMail) -> anyhow::Result<Message> {
    // The same Message-ID at each try: a mail that arrives twice is shown once.
    let domain = from.email.domain();
    Ok(Message::builder()
        .from(from.clone())
        .to(mail.message.to().as_str().parse()?)
        .subject(it.subject)
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        .multipart(MultiPart::alternative_plain_html(it.text, it.html))?)
}
