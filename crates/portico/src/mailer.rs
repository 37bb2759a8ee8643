//! The worker that turns waiting messages into mails and sends them.
//!
//! Mails leave in lanes: one for each brand that has a server of its own, and one for the
//! installation's server. A lane whose server is slow or dead holds up nobody but itself.

mod brand_server;
mod lane;
mod message;
mod networks;
mod probe;
mod rest;
mod smtp;
mod way;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::SignedDuration;
use lettre::message::Mailbox;
use portico_billing::BrandId;
use portico_core::Core;
use portico_core::mail::{ClaimedMail, MailRoute};
use portico_ui::Ui;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub use networks::Networks;
pub use probe::Probe;
pub use rest::Rest;

use self::lane::Waiting;
use crate::config;

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_millis(500);
/// Mails that are taken at a time.
const AT_A_TIME: u16 = 20;
/// Mails that wait in one lane.
const LANE_LENGTH: usize = 100;
/// How long a mail stays in the outbox where its lane is full.
const LANE_FULL: SignedDuration = SignedDuration::from_secs(5);
/// How long a lane without mails is kept, with its connections.
const LANE_IDLE: Duration = Duration::from_secs(300);
/// How long mails that are being sent are given when the program is asked to stop.
const FAREWELL: Duration = Duration::from_secs(20);

/// Where the installation's mails go.
pub enum Transport {
    /// To a server.
    Smtp(way::Way),
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
        Ok(Some(Self::Smtp(smtp::server(url.trim(), mail.patience())?)))
    }
}

/// What all lanes share.
pub struct PostOffice {
    /// The use cases.
    pub core: Core,
    /// What mails are rendered with.
    pub ui: Ui,
    /// Where mails of brands without a server of their own go; nothing where they wait.
    pub installation: Option<Transport>,
    /// Whom they come from; the brand's name stands before it.
    pub from: Mailbox,
    /// Where brands' servers may be.
    pub networks: Networks,
    /// How long a server may take to say that it took a mail.
    pub patience: Duration,
    /// Whether the installation's server is left alone.
    pub rest: Rest,
}

impl PostOffice {
    /// What operators get goes by the installation's server where there is one, whatever the
    /// brand's own may be.
    fn choose_server(&self, mail: &mut ClaimedMail) {
        let is_free = mail.bound_to != Some(MailRoute::Brand);
        if self.installation.is_some() && is_free && mail.message.content.is_of_staff() {
            mail.server = None;
        }
    }
}

/// Sends what waits until it is told to stop.
pub async fn run(office: PostOffice, stop: CancellationToken) {
    let mut lanes = Lanes::new(office, stop.clone());
    loop {
        let taken = lanes.hand_out().await;
        let pause = if taken == usize::from(AT_A_TIME) { Duration::ZERO } else { EVERY };
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    lanes.finish().await;
}

/// A lane: the brand with a server of its own, or the installation's.
type LaneKey = Option<BrandId>;

struct Entrance {
    mails: mpsc::Sender<Waiting>,
    used_at: Instant,
}

struct Lanes {
    office: Arc<PostOffice>,
    open: HashMap<LaneKey, Entrance>,
    running: JoinSet<()>,
    stop: CancellationToken,
}

impl Lanes {
    fn new(office: PostOffice, stop: CancellationToken) -> Self {
        let (open, running) = (HashMap::new(), JoinSet::new());
        Self { office: Arc::new(office), open, running, stop }
    }

    /// Takes mails from the outbox and puts each into its lane; the answer is how many they were.
    async fn hand_out(&mut self) -> usize {
        let now = Instant::now();
        // A lane ends when nobody can put anything into it and it is empty.
        self.open.retain(|_, lane| now.duration_since(lane.used_at) < LANE_IDLE);
        while self.running.try_join_next().is_some() {}
        let claimed = match self.office.core.claim_mails(AT_A_TIME).await {
            Ok(claimed) => claimed,
            Err(failure) => {
                let _reference = failure.report();
                return 0;
            }
        };
        let count = claimed.len();
        for mut mail in claimed {
            self.office.choose_server(&mut mail);
            let key = mail.server.is_some().then_some(mail.brand.id);
            let lane = self.lane(key);
            if let Err(full) = lane.try_send((mail, now)) {
                let (mail, _) = full.into_inner();
                lane::postpone(&self.office.core, &mail, LANE_FULL).await;
            }
        }
        count
    }

    fn lane(&mut self, key: LaneKey) -> mpsc::Sender<Waiting> {
        let (office, running, stop) = (&self.office, &mut self.running, &self.stop);
        let lane = self.open.entry(key).or_insert_with(|| {
            let (sender, mails) = mpsc::channel(LANE_LENGTH);
            running.spawn(lane::run(Arc::clone(office), mails, stop.clone()));
            Entrance { mails: sender, used_at: Instant::now() }
        });
        lane.used_at = Instant::now();
        lane.mails.clone()
    }

    /// Lets the mails end that are being sent. What is cut off is sent again after its lock.
    async fn finish(mut self) {
        self.open.clear();
        let all = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, all).await.is_err() {
            tracing::warn!("a server of mail does not answer; its mails are sent again later");
        }
    }
}
