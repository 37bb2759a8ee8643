//! The worker that turns waiting messages into mails and sends them.

use std::time::Duration;

use anyhow::Context;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
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
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// To the local mailbox page of the demonstration.
    Mailbox,
}

impl Transport {
    /// The server of the configuration, if one is named.
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
        let builder = smtp(url.trim()).context("mail.smtp_url is not a URL of an SMTP server")?;
        Ok(Some(Self::Smtp(builder.timeout(Some(Duration::from_secs(30))).build())))
    }
}

/// The server at this address. Errors do not repeat it: it may hold a password.
fn smtp(url: &str) -> Option<AsyncSmtpTransportBuilder> {
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).ok()?;
    let url = url::Url::parse(url).ok()?;
    if url.scheme() != "smtp" || url.query().is_some() {
        return Some(builder);
    }
    // By itself the library would not even ask for STARTTLS.
    let tls = TlsParameters::new(url.host_str()?.to_owned()).ok()?;
    Some(builder.tls(Tls::Opportunistic(tls)))
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
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::warn!(job = %mail.id, error, "mail could not be sent");
                    self.core.mail_failed(&mail, &error).await
                }
            };
            if let Err(failure) = done {
                let _reference = failure.report();
            }
        }
        count
    }

    async fn send(&self, mail: &ClaimedMail) -> anyhow::Result<()> {
        let rendered = crate::styles::render_mail(&self.ui, mail)?;
        let from = Mailbox::new(Some(mail.brand.name.clone()), self.from.email.clone());
        match &self.transport {
            Transport::Smtp(server) => {
                server.send(message(mail, &from, rendered)?).await?;
            }
            Transport::Mailbox => {
                let captured = CapturedMail {
                    recipient: mail.message.to().to_string(),
                    sender: from.to_string(),
                    subject: rendered.subject,
                    text_body: rendered.text,
                    html_body: rendered.html,
                };
                self.core.capture_mail(mail.organisation_id, captured).await?;
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
