//! `portico demo`: everything in one process, with sample data and a local mailbox.

mod company;
mod history;
mod nimbus;
mod online;
mod sheet;
mod voxtel;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use anyhow::Context;
use ipnet::IpNet;
use portico_core::Core;

use crate::command::{DemoOptions, say};
use crate::config::Config;
use crate::mailer::Transport;
use crate::process::{self, Running};
use sheet::Sheet;

/// Starts the demonstration; the data is made at the first start and kept from then on.
pub async fn run(mut config: Config, options: &DemoOptions) -> anyhow::Result<()> {
    if options.reset {
        reset(&config)?;
    }
    // Brands' mail servers and payment providers can be tried with one on this machine.
    let loopback =
        [IpNet::from(IpAddr::from(Ipv4Addr::LOCALHOST)), IpAddr::from(Ipv6Addr::LOCALHOST).into()];
    config.mail.allowed_networks.extend(loopback);
    config.gateways.networks.extend(loopback);
    let ui = process::ui(&config)?;
    let core = process::core(&config, &ui).await?;
    let file = config.data_dir.join("demo.json");
    let mut sheet = match Sheet::read(&file)? {
        Some(sheet) if sheet.matches(&core).await? => sheet,
        _ => make(&core).await?,
    };
    sheet.set_addresses(config.portal.addr, config.panel.addr);
    sheet.write(&file)?;
    let running = Running::start(&config, core, ui, Some(Transport::Mailbox))?;
    say(&sheet.greeting(&file))?;
    running.until_stopped(&config).await
}

/// Removes the embedded database and what describes it.
fn reset(config: &Config) -> anyhow::Result<()> {
    let address = config.database_address();
    anyhow::ensure!(
        !address.starts_with("postgres"),
        "--reset removes an SQLite file; empty the PostgreSQL database yourself"
    );
    let database = address.trim_start_matches("sqlite:");
    let beside = ["", "-wal", "-shm", ".lock"].map(|end| format!("{database}{end}"));
    for file in beside.iter().map(Path::new).chain([config.data_dir.join("demo.json").as_path()]) {
        match std::fs::remove_file(file) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot remove {}", file.display()));
            }
        }
    }
    Ok(())
}

async fn make(core: &Core) -> anyhow::Result<Sheet> {
    anyhow::ensure!(
        core.organisations().await?.is_empty(),
        "the database holds organisations but demo.json does not describe them; start with \
         --reset, or use `portico serve`"
    );
    say("Making sample data: two organisations, two years of history …\n")?;
    let organisations = vec![
        company::found(core, &nimbus::COMPANY).await.context("sample data of Nimbus")?,
        company::found(core, &voxtel::COMPANY).await.context("sample data of Voxtel")?,
    ];
    Ok(Sheet::new(organisations))
}
