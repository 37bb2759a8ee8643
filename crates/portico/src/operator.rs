//! `portico operator`: the people of an organisation, and the link that makes the first one.

use std::fmt::Write as _;

use portico_billing::OrganisationId;
use portico_billing::permission::OperatorRole;
use portico_core::{Caller, Core, NewInvitation};

use crate::command::say;
use crate::config::Config;
use crate::mailer::Transport;
use crate::process;

const MAILED: &str = "It is mailed as well, by the program that serves.";
const NOT_MAILED: &str = "No mail server is configured (mail.smtp_url), so it is not mailed: hand \
    it over yourself.";

/// Verbs of `portico operator`.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum OperatorCommand {
    /// Invite somebody to the control panel, and print the link that lets them in.
    Invite {
        /// The organisation: its identifier.
        #[arg(long, value_name = "ID")]
        organisation: OrganisationId,
        /// Name for signing in.
        #[arg(long)]
        email: String,
        /// Name of the person; what stands before the @ where it is absent.
        #[arg(long)]
        name: Option<String>,
        /// What it shall do: owner, admin, billing, support, read_only.
        #[arg(long, value_parser = role, default_value = "owner")]
        role: OperatorRole,
    },
    /// List an organisation's operators.
    List {
        /// The organisation: its identifier.
        #[arg(long, value_name = "ID")]
        organisation: OrganisationId,
    },
}

fn role(word: &str) -> Result<OperatorRole, String> {
    let known = OperatorRole::ALL.into_iter().find(|role| role.word() == word);
    known.ok_or_else(|| {
        format!("one of {} is expected", OperatorRole::ALL.map(|it| it.word()).join(", "))
    })
}

/// Runs one of the verbs.
pub async fn run(config: &Config, what: OperatorCommand) -> anyhow::Result<()> {
    let ui = process::ui(config)?;
    let core = process::core(config, &ui).await?;
    match what {
        OperatorCommand::Invite { organisation, email, name, role } => {
            let is_mailed = Transport::from_config(&config.mail)?.is_some();
            let name = name.unwrap_or_else(|| before_at(&email));
            let new = NewInvitation { email, name, role };
            let invited = core.invite_operator(&Caller::system(organisation), new).await?;
            say(&format!(
                "operator  {}  {}\nlink      {}\n\nThe link works once, within three days. {}\n",
                invited.operator.email,
                invited.operator.role.word(),
                invited.url,
                if is_mailed { MAILED } else { NOT_MAILED },
            ))?;
        }
        OperatorCommand::List { organisation } => {
            let mut text = String::new();
            for it in core.operators(&Caller::system(organisation)).await? {
                // Writing into a String cannot fail.
                let _ =
                    writeln!(text, "{}  {:<10}{}  {}", it.id, it.role.word(), it.email, it.name);
            }
            say(&text)?;
        }
    }
    core.store().close().await;
    Ok(())
}

fn before_at(email: &str) -> String {
    email.split('@').next().unwrap_or_default().to_owned()
}

/// Writes a link into the log for each organisation that nobody can sign in to yet: there are no
/// default credentials.
pub async fn offer_set_up(core: &Core) -> anyhow::Result<()> {
    for link in core.set_up_links().await? {
        let (organisation, url) = (link.organisation, link.url);
        tracing::warn!(
            organisation,
            url,
            "nobody can sign in to the control panel yet: open the address within 24 hours to set \
             up the owner"
        );
    }
    Ok(())
}
