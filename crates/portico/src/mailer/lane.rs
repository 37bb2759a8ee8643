//! One lane: the mails that go by one server, a few at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use lettre::AsyncTransport as _;
use portico_core::Core;
use portico_core::mail::{CapturedMail, ClaimedMail, ProbeFault, SmtpServer};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::rest::Rest;
use super::smtp::{self, Server};
use super::{PostOffice, Transport, brand_server, message};

/// Mails of one lane that are sent at the same time, and connections that are kept for it.
const AT_ONCE: u32 = 4;
/// How long one mail may take, connection and all.
const LONGEST: Duration = Duration::from_secs(60);
/// How long a mail may wait in its lane: with [`LONGEST`], less than its lock lasts, so that nobody
/// else sends it as well.
const WAITED_MAX: Duration = Duration::from_secs(300);
/// After which time a host's name is looked up again.
const WAY_KEPT: Duration = Duration::from_secs(300);
/// How long mails wait where there is no server at all.
const NO_SERVER: SignedDuration = SignedDuration::from_mins(5);

/// A mail in a lane, and since when.
pub type Waiting = (ClaimedMail, Instant);

/// Why a mail is not sent now.
enum NotSent {
    /// It was tried, and this is why not.
    Fault(ProbeFault),
    /// It was not tried.
    Later(SignedDuration),
}

impl From<ProbeFault> for NotSent {
    fn from(fault: ProbeFault) -> Self {
        Self::Fault(fault)
    }
}

/// Sends the mails of a lane until nobody can put in any more.
pub async fn run(
    office: Arc<PostOffice>,
    mut mails: mpsc::Receiver<Waiting>,
    stop: CancellationToken,
) {
    let lane = Arc::new(Lane { office, rest: Rest::default(), known: Mutex::default() });
    let mut sending = JoinSet::new();
    loop {
        while sending.len() >= AT_ONCE as usize {
            sending.join_next().await;
        }
        let Some((mail, since)) = mails.recv().await else { break };
        if stop.is_cancelled() || since.elapsed() > WAITED_MAX {
            postpone(&lane.office.core, &mail, SignedDuration::ZERO).await;
            continue;
        }
        let lane = Arc::clone(&lane);
        sending.spawn(async move { lane.handle(&mail).await });
    }
    while sending.join_next().await.is_some() {}
}

/// Puts a mail back that was not tried.
pub async fn postpone(core: &Core, mail: &ClaimedMail, pause: SignedDuration) {
    if let Err(failure) = core.mail_postponed(mail, pause).await {
        let _reference = failure.report();
    }
}

struct Lane {
    office: Arc<PostOffice>,
    rest: Rest,
    known: Mutex<Known>,
}

/// The brand's server as it was last used, and the way to it.
#[derive(Default)]
struct Known {
    server: Option<SmtpServer>,
    way: Option<(Server, Instant)>,
}

impl Lane {
    /// Sends a mail and writes down what became of it: nothing of what it says, or to whom.
    async fn handle(&self, mail: &ClaimedMail) {
        let core = &self.office.core;
        let done = match self.send(mail).await {
            Ok(()) => core.mail_done(mail).await,
            Err(NotSent::Later(pause)) => core.mail_postponed(mail, pause).await,
            Err(NotSent::Fault(fault)) => {
                let cause = fault.to_string();
                tracing::warn!(job = %mail.id, cause, "mail could not be sent");
                core.mail_failed(mail, &cause).await
            }
        };
        if let Err(failure) = done {
            let _reference = failure.report();
        }
    }

    async fn send(&self, mail: &ClaimedMail) -> Result<(), NotSent> {
        let Some(server) = &mail.server else { return self.send_by_installation(mail).await };
        self.notice_changes(server);
        let falls_back = server.falls_back && self.office.installation.is_some();
        if let Some(pause) = self.rest.left() {
            return match falls_back {
                true => self.send_by_installation(mail).await,
                false => Err(NotSent::Later(pause)),
            };
        }
        let fault = match in_time(self.send_by(server, mail)).await {
            Ok(()) => {
                self.rest.end();
                return Ok(());
            }
            Err(fault) => fault,
        };
        if fault.is_of_server() {
            self.rest.begin();
            self.lock().way = None;
            if falls_back {
                tracing::warn!(job = %mail.id, %fault, "the brand's mail server is passed over");
                return self.send_by_installation(mail).await;
            }
        }
        Err(fault.into())
    }

    async fn send_by(&self, server: &SmtpServer, mail: &ClaimedMail) -> Result<(), ProbeFault> {
        let rendered = message::render(&self.office.ui, mail)?;
        let from = message::own_sender(mail, server)?;
        let message = message::message(mail, &from, rendered)?;
        let way = self.way(server).await?;
        way.send(message).await.map(drop).map_err(|error| smtp::fault(&error))
    }

    async fn send_by_installation(&self, mail: &ClaimedMail) -> Result<(), NotSent> {
        let office = &self.office;
        let transport = office.installation.as_ref().ok_or(NotSent::Later(NO_SERVER))?;
        if let Some(pause) = office.rest.left() {
            return Err(NotSent::Later(pause));
        }
        let rendered = message::render(&office.ui, mail)?;
        let from = message::installations_sender(mail, &office.from);
        let server = match transport {
            Transport::Smtp(server) => server,
            Transport::Mailbox => {
                let captured = CapturedMail {
                    recipient: mail.message.to().to_string(),
                    sender: from.to_string(),
                    subject: rendered.subject,
                    text_body: rendered.text,
                    html_body: rendered.html,
                };
                let kept = office.core.capture_mail(mail.organisation_id, captured).await;
                return kept.map_err(|failure| {
                    let _reference = failure.report();
                    NotSent::Fault(ProbeFault::Mail)
                });
            }
        };
        let message = message::message(mail, &from, rendered)?;
        let sent = in_time(async { server.send(message).await.map_err(|it| smtp::fault(&it)) });
        match sent.await {
            Ok(_) => office.rest.end(),
            Err(fault) => {
                if fault.is_of_server() {
                    office.rest.begin();
                }
                return Err(fault.into());
            }
        }
        Ok(())
    }

    /// The way to the brand's server: the one that is there, or another one where its name may
    /// have come to mean another host.
    async fn way(&self, server: &SmtpServer) -> Result<Server, ProbeFault> {
        if let Some((way, since)) = &self.lock().way
            && since.elapsed() < WAY_KEPT
        {
            return Ok(way.clone());
        }
        let way = brand_server::open(server, &self.office.networks, AT_ONCE).await?;
        let mut known = self.lock();
        // A mail with other settings may have come meanwhile.
        if known.server.as_ref() == Some(server) {
            known.way = Some((way.clone(), Instant::now()));
        }
        Ok(way)
    }

    /// Other settings: connections by the old ones are dropped, and what was known of it is moot.
    fn notice_changes(&self, server: &SmtpServer) {
        let mut known = self.lock();
        if known.server.as_ref() != Some(server) {
            *known = Known { server: Some(server.clone()), way: None };
            self.rest.end();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, ProbeFault>>) -> Result<T, ProbeFault> {
    tokio::time::timeout(LONGEST, work).await.unwrap_or(Err(ProbeFault::TooSlow))
}
