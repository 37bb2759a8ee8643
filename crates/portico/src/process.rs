//! The running program: everything wired together, started, and stopped in order.

use std::os::unix::fs::DirBuilderExt as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use portico_core::domains::{Dns, DomainSettings};
use portico_core::{Clock as _, Core, CoreParts, LedgerWatch, PublicAddress};
use portico_gateways::{Http, Networks};
use portico_panel::{KeyRate, PanelParts, Readiness, Templates};
use portico_portal::PortalParts;
use portico_store::{Store, StoreSettings};
use portico_ui::limits::Limits;
use portico_ui::origin::TrustedProxies;
use portico_ui::overrides::{Desk, Overrides};
use portico_ui::preview::Preview;
use portico_ui::{Ui, UiSettings};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::mailer::{PostOffice, Transport};
use crate::tls::{Served, ToTls};
use crate::{acme, listen, machine, mailer, measure, operator, seal_key, styles, templates};

/// Opens the database and puts a core together.
pub async fn core(config: &Config, ui: &Ui) -> anyhow::Result<Core> {
    // Customers' data is in it: it is for the one who runs the program alone.
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&config.data_dir)
        .with_context(|| format!("cannot make the folder {}", config.data_dir.display()))?;
    let settings = StoreSettings {
        address: config.database_address(),
        connections: config.database.connections,
    };
    let store = Store::open(&settings).await.context("cannot open the database")?;
    store.post_backlog(machine::SystemClock.now()).await.context("cannot fill the ledger")?;
    let engine = store.engine().await?;
    tracing::info!(engine, "database is open");
    Ok(Core::new(CoreParts {
        store,
        clock: Arc::new(machine::SystemClock),
        entropy: machine::entropy()?,
        seal_key: seal_key::load(config)?,
        public_address: public_address(config),
        panel_url: config.panel.url(),
        styles: Arc::new(styles::UiStyles::new(ui.clone())),
        typesetter: portico_typesetter::typeset,
        domains: domains(config)?,
        mail_probe: Some(Arc::new(mailer::Probe::new(ui.clone(), networks(config)))),
        mail_budget: config.mail.budget(),
        http: Http::new(Networks::new(&config.gateways.networks))
            .context("cannot set up TLS for payment providers")?,
    }))
}

/// Where brands' mail servers may be.
fn networks(config: &Config) -> mailer::Networks {
    mailer::Networks::new(config.mail.allowed_networks.clone())
}

/// What domains are proven by, where they are to be proven.
fn domains(config: &Config) -> anyhow::Result<Option<DomainSettings>> {
    let cname_target = config.domains.cname_target.clone();
    if cname_target.is_empty() {
        return Ok(None);
    }
    let dns = match config.domains.resolver()? {
        Some(server) => Dns::at(server)?,
        None => Dns::of_the_system()?,
    };
    let orders_certificates = !config.acme.directory_url.is_empty();
    Ok(Some(DomainSettings { cname_target, dns, orders_certificates }))
}

/// Where requests by plain HTTP are sent on to.
fn to_tls(config: &Config, served: &Arc<Served>) -> ToTls {
    ToTls {
        served: Arc::clone(served),
        proxies: TrustedProxies::new(config.http.trusted_proxies.clone()),
        port: (config.portal.public_port != 0).then_some(config.portal.public_port),
    }
}

/// How the portal is reached from outside.
fn public_address(config: &Config) -> PublicAddress {
    PublicAddress {
        local_port: config.portal.addr.port(),
        scheme: config.portal.public_scheme.clone(),
        port: (config.portal.public_port != 0).then_some(config.portal.public_port),
    }
}

/// The rendering kit with the portal's paths and the templates that brands replace.
pub fn ui(config: &Config) -> anyhow::Result<Ui> {
    let folder = &config.templates.dir;
    let overrides = if folder.as_os_str().is_empty() {
        Overrides::default()
    } else {
        Overrides::in_folder(folder.clone())
    };
    Ok(Ui::with_overrides(UiSettings::new(portico_portal::PATHS), overrides)?)
}

/// `portico serve`
pub async fn serve(config: &Config) -> anyhow::Result<()> {
    let transport = Transport::from_config(&config.mail)?;
    let ui = ui(config)?;
    let core = core(config, &ui).await?;
    if transport.is_none() {
        tracing::warn!(
            "no mail server is configured (mail.smtp_url): mail of brands without one waits"
        );
    }
    operator::offer_set_up(&core).await?;
    Running::start(config, core, ui, transport)?.until_stopped(config).await
}

/// A started program.
pub struct Running {
    core: Core,
    portal: listen::Site,
    tls: Option<listen::Site>,
    panel: listen::Site,
    readiness: Readiness,
    stop_signals: StopSignals,
    stop_workers: CancellationToken,
    workers: Vec<tokio::task::JoinHandle<()>>,
}

impl Running {
    /// Opens the listeners and starts the workers.
    pub fn start(
        config: &Config,
        core: Core,
        ui: Ui,
        transport: Option<Transport>,
    ) -> anyhow::Result<Self> {
        // Before anybody can see that it runs, and ask it to stop.
        let stop_signals = StopSignals::listen()?;
        let portal_socket = listen::bind(config.portal.addr)?;
        let panel_socket = listen::bind(config.panel.addr)?;
        let tls_socket = config.tls.listens_at()?.map(listen::bind).transpose()?;
        let readiness = Readiness::default();
        let mailbox = matches!(transport, Some(Transport::Mailbox));
        let figures = measure::start()?;
        let portal = measure::around(portal(config, &core, ui.clone())?, "portal");
        let desk = Desk::of(ui.clone(), Arc::new(portico_portal::try_templates)).map(Arc::new);
        let own = desk.clone().map(|desk| Templates::new(desk, config.templates.edit_by_api));
        let panel = panel(config, &core, own, (readiness.clone(), mailbox))?;
        let panel = measure::around(panel, "panel");
        let panel = panel.merge(measure::page(figures));
        let stop = CancellationToken::new();
        let mut workers = vec![
            tokio::spawn(tidy_up(core.clone(), stop.clone())),
            tokio::spawn(watch_payments(core.clone(), stop.clone())),
        ];
        let (mut tls, mut plain) = (None, portal.clone());
        if let Some(socket) = tls_socket {
            let served = Arc::new(Served::default());
            let current = Arc::clone(&served).keep_current(core.clone(), stop.clone());
            workers.push(tokio::spawn(current));
            plain = to_tls(config, &served).around(plain);
            tls = Some(listen::serve_tls(socket, portal, served, (&config.http, &config.tls))?);
        }
        let portal = acme::with_answers(plain, core.clone());
        let portal = listen::serve(portal_socket, portal, &config.http)?;
        let panel = listen::serve(panel_socket, panel, &config.http)?;
        if core.cname_target().is_some() {
            let orders = acme::run(core.clone(), config.clone(), stop.clone());
            workers.push(tokio::spawn(orders));
            workers.push(tokio::spawn(acme::watch(core.clone(), stop.clone())));
        }
        workers.push(tokio::spawn(templates::watch(ui.clone(), desk, stop.clone())));
        let office = PostOffice {
            core: core.clone(),
            ui,
            installation: transport,
            from: config.mail.from.parse().context("mail.from")?,
            networks: networks(config),
            patience: config.mail.patience(),
            rest: mailer::Rest::default(),
        };
        workers.push(tokio::spawn(mailer::run(office, stop.clone())));
        let tls_addr = tls.as_ref().map(|site| tracing::field::display(site.addr));
        tracing::info!(portal = %portal.addr, tls = tls_addr, panel = %panel.addr, "listening");
        Ok(Self { core, portal, tls, panel, readiness, stop_signals, stop_workers: stop, workers })
    }

    /// Runs until SIGTERM or SIGINT, then stops: readiness turns red, requests under way finish,
    /// workers end, the database closes.
    pub async fn until_stopped(mut self, config: &Config) -> anyhow::Result<()> {
        self.stop_signals.first().await;
        tracing::info!("stopping: no new work is taken");
        self.readiness.begin_shutdown();
        self.stop_workers.cancel();
        let patience = Some(Duration::from_secs(config.http.shutdown_seconds));
        let sites: Vec<listen::Site> = [self.portal].into_iter().chain(self.tls).collect();
        for site in &sites {
            site.handle.graceful_shutdown(patience);
        }
        for site in sites {
            site.task.await??;
        }
        // The panel's listener closes last: it answers the readiness check until then.
        self.panel.handle.graceful_shutdown(patience);
        self.panel.task.await??;
        for worker in self.workers {
            worker.await?;
        }
        self.core.store().close().await;
        tracing::info!("stopped");
        Ok(())
    }
}

fn portal(config: &Config, core: &Core, ui: Ui) -> anyhow::Result<Router> {
    let entropy = machine::entropy()?;
    Ok(portico_portal::router(PortalParts {
        core: Arc::new(core.clone()),
        ui,
        now: Arc::new(|| machine::SystemClock.now()),
        entropy: Arc::new(move || entropy.bytes()),
        trusted_proxies: TrustedProxies::new(config.http.trusted_proxies.clone()),
        limits: Limits::default(),
    }))
}

fn panel(
    config: &Config,
    core: &Core,
    templates: Option<Templates>,
    (readiness, mailbox): (Readiness, bool),
) -> anyhow::Result<Router> {
    let per_second = config.panel.requests_per_second;
    let burst = per_second.saturating_mul(const { std::num::NonZeroU32::new(5).unwrap() });
    Ok(portico_panel::router(PanelParts {
        core: core.clone(),
        ui: Ui::new(UiSettings::new(portico_panel::PATHS))?,
        readiness,
        mailbox,
        proxies: TrustedProxies::new(config.http.trusted_proxies.clone()),
        rate: KeyRate { per_second, burst },
        preview: Some(preview()),
        templates,
    }))
}

/// Pages of the portal for those who edit its looks. What renders them is made when first asked
/// for.
fn preview() -> Preview {
    let made = OnceLock::new();
    Arc::new(move |request| {
        let ui = match made.get() {
            Some(ui) => ui,
            None => {
                let ui = Ui::new(UiSettings::new(portico_portal::PATHS))?;
                made.get_or_init(|| ui)
            }
        };
        portico_portal::preview(ui, request)
    })
}

/// How often it is looked whether there are payments to work on that nobody waits for.
const PAYMENTS_EVERY: Duration = Duration::from_secs(1);
/// How much of that goes on at once, at most: what somebody waits for needs the database too.
const WORK_MAX: usize = 64;
/// How long what goes on is waited for when the program is asked to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Works on what payment providers told, and asks them for what they did not tell. A provider that
/// does not answer holds up what asks it, and nothing else.
async fn watch_payments(core: Core, stop: CancellationToken) {
    let mut work = JoinSet::new();
    loop {
        while work.try_join_next().is_some() {}
        let room = WORK_MAX.saturating_sub(work.len());
        let is_full = room == 0;
        let begun = if is_full { 0 } else { core.begin_work_on_payments(&mut work, room).await };
        // There may be more: each call takes up a few.
        let pause = if begun > 0 { Duration::ZERO } else { PAYMENTS_EVERY };
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
            Some(_) = work.join_next(), if is_full => {}
        }
    }
    // What was asked for is worth its answer, if it comes soon. Else it is looked up again.
    let all = async { while work.join_next().await.is_some() {} };
    if tokio::time::timeout(FAREWELL, all).await.is_err() {
        tracing::warn!(
            "a payment provider does not answer; it is asked again after the next start"
        );
        work.shutdown().await;
    }
}

/// Removes what is over at the start, then once an hour, and checks the ledgers before. Each node
/// does: a ledger is not believed because another one found it whole.
async fn tidy_up(core: Core, stop: CancellationToken) {
    let mut ledgers = LedgerWatch::default();
    loop {
        if let Err(failure) = core.tidy_up().await {
            // Logged there; the next round tries again.
            let _reference = failure.report();
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(60 * 60)) => {}
        }
        if let Err(failure) = core.check_ledgers(&mut ledgers).await {
            let _reference = failure.report();
        }
    }
}

/// What asks the program to stop.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// From now on they are kept until somebody waits for them; before, they kill.
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn first(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
