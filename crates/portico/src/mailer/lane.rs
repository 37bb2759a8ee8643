//! One lane: the mails that go by one server, a few at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use lettre::Message;
use portico_core::Core;
use portico_core::mail::{
    CapturedMail, ClaimedMail, MailAttachment, MailRoute, ProbeFault, SmtpServer,
};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::rest::Rest;
use super::way::{KEPT, Way};
use super::{PostOffice, Transport, brand_server, message};

/// Mails of one lane that are sent at the same time.
const AT_ONCE: usize = 4;
/// How long a mail may wait in its lane. With what two servers may take for it, that is less than
/// its lock lasts, so that nobody else sends it as well.
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
    /// It was handed over to this server, which may have taken it.
    Unanswered(MailRoute),
    /// It was not tried.
    Later(SignedDuration),
}

impl NotSent {
    const fn by(route: MailRoute, fault: ProbeFault) -> Self {
        match fault {
            ProbeFault::Unanswered => Self::Unanswered(route),
            fault => Self::Fault(fault),
        }
    }
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
        while sending.len() >= AT_ONCE {
            sending.join_next().await;
        }
        let Ok(next) = tokio::time::timeout(KEPT, mails.recv()).await else {
            lane.let_go();
            continue;
        };
        let Some((mail, since)) = next else { break };
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
    way: Option<(Arc<Way>, Instant)>,
    /// Whether the log says already that its password is lost.
    is_loss_told: bool,
}

impl Lane {
    /// Sends a mail and writes down what became of it: nothing of what it says, or to whom.
    async fn handle(&self, mail: &ClaimedMail) {
        let core = &self.office.core;
        let done = match self.send(mail).await {
            Ok(()) => core.mail_done(mail).await,
            Err(NotSent::Later(pause)) => core.mail_postponed(mail, pause).await,
            Err(NotSent::Unanswered(route)) => {
                tracing::warn!(job = %mail.id, ?route, "a mail server does not say what it took");
                core.mail_unanswered(mail, route).await
            }
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
        let has_other = self.office.installation.is_some();
        if has_other && mail.bound_to == Some(MailRoute::Installation) {
            return self.send_by_installation(mail).await;
        }
        let falls_back = has_other && server.falls_back && mail.bound_to.is_none();
        if let Some(pause) = self.rest.left() {
            return match falls_back {
                true => self.send_by_installation(mail).await,
                false => Err(NotSent::Later(pause)),
            };
        }
        let attachment = self.attachment(mail).await?;
        let fault = match self.send_by(server, mail, attachment).await {
            Ok(()) => {
                self.rest.end();
                return Ok(());
            }
            Err(fault) => fault,
        };
        if fault.is_of_server() {
            self.rest.begin();
            self.lock().way = None;
        }
        self.tell_of_loss(mail, fault);
        if falls_back && fault.leaves_mail_to_others() {
            tracing::warn!(job = %mail.id, %fault, "the brand's mail server is passed over");
            return self.send_by_installation(mail).await;
        }
        Err(NotSent::by(MailRoute::Brand, fault))
    }

    /// A password that cannot be opened is nothing that passes: somebody has to give it again.
    fn tell_of_loss(&self, mail: &ClaimedMail, fault: ProbeFault) {
        let is_lost = fault == ProbeFault::PasswordLost;
        if is_lost && !std::mem::replace(&mut self.lock().is_loss_told, true) {
            tracing::error!(
                organisation = %mail.organisation_id, brand = %mail.brand.id,
                "the password of a brand's mail server was sealed with another key; give it again"
            );
        }
    }

    /// What goes along with a mail. Where too many documents are being made, the mail waits.
    async fn attachment(&self, mail: &ClaimedMail) -> Result<Option<MailAttachment>, NotSent> {
        let wait =
            |pause: Duration| NotSent::Later(SignedDuration::try_from(pause).unwrap_or(NO_SERVER));
        self.office.core.mail_attachment(mail).await.map_err(wait)
    }

    async fn send_by(
        &self,
        server: &SmtpServer,
        mail: &ClaimedMail,
        attachment: Option<MailAttachment>,
    ) -> Result<(), ProbeFault> {
        let rendered = message::render(&self.office.ui, mail)?;
        let from = message::own_sender(mail, server)?;
        let message = message::message(mail, &from, (rendered, attachment))?;
        let way = self.way(server).await?;
        self.hand_over((&way, MailRoute::Brand), &message, mail).await
    }

    /// Hands a mail over. One that could go by another server is bound to this one while it is not
    /// known what became of it: who ends this program now must not have it sent by both.
    async fn hand_over(
        &self,
        (way, route): (&Way, MailRoute),
        message: &Message,
        mail: &ClaimedMail,
    ) -> Result<(), ProbeFault> {
        let core = &self.office.core;
        let announced = way.announce(message).await?;
        let falls_back = mail.server.as_ref().is_some_and(|server| server.falls_back);
        if !falls_back || mail.bound_to.is_some() {
            return announced.hand_over().await;
        }
        if let Err(failure) = core.mail_leaves(mail, route).await {
            let _reference = failure.report();
            return Err(ProbeFault::Mail);
        }
        let outcome = announced.hand_over().await;
        if outcome.is_err_and(|fault| fault != ProbeFault::Unanswered)
            && let Err(failure) = core.mail_not_taken(mail).await
        {
            let _reference = failure.report();
        }
        outcome
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
        let content = (rendered, self.attachment(mail).await?);
        let message = message::message(mail, &from, content)?;
        match self.hand_over((server, MailRoute::Installation), &message, mail).await {
            Ok(()) => office.rest.end(),
            Err(fault) => {
                if fault.is_of_server() {
                    office.rest.begin();
                }
                return Err(NotSent::by(MailRoute::Installation, fault));
            }
        }
        Ok(())
    }

    /// Lets go of connections that nobody used for a while.
    fn let_go(&self) {
        if let Some((way, _)) = &self.lock().way {
            way.let_go();
        }
        if let Some(Transport::Smtp(way)) = &self.office.installation {
            way.let_go();
        }
    }

    /// The way to the brand's server: the one that is there, or another one where its name may
    /// have come to mean another host.
    async fn way(&self, server: &SmtpServer) -> Result<Arc<Way>, ProbeFault> {
        if let Some((way, since)) = &self.lock().way
            && since.elapsed() < WAY_KEPT
        {
            return Ok(Arc::clone(way));
        }
        let (networks, patience) = (&self.office.networks, self.office.patience);
        let way = Arc::new(brand_server::open(server, networks, patience).await?);
        let mut known = self.lock();
        // A mail with other settings may have come meanwhile.
        if known.server.as_ref() == Some(server) {
            known.way = Some((Arc::clone(&way), Instant::now()));
        }
        Ok(way)
    }

    /// Other settings: connections by the old ones are dropped, and what was known of it is moot.
    fn notice_changes(&self, server: &SmtpServer) {
        let mut known = self.lock();
        if known.server.as_ref() != Some(server) {
            *known = Known { server: Some(server.clone()), ..Known::default() };
            self.rest.end();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
