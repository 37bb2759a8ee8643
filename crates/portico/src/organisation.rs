//! `portico organisation`: the tenants of this installation.

use std::fmt::Write as _;

use portico_billing::account::Address;
use portico_core::{NewBrand, NewOrganisation};

use crate::command::{OrganisationCommand, say};
use crate::config::Config;
use crate::process;

/// Runs one of the verbs.
pub async fn run(config: &Config, what: OrganisationCommand) -> anyhow::Result<()> {
    let ui = process::ui(config)?;
    let core = process::core(config, &ui).await?;
    match what {
        OrganisationCommand::List => {
            let mut text = String::new();
            for organisation in core.organisations().await? {
                // Writing into a String cannot fail.
                let _ = writeln!(text, "{}  {}", organisation.id, organisation.name);
                for brand in core.brands(organisation.id).await? {
                    let _ = writeln!(text, "    {}  {}", brand.name, brand.hosts.join(", "));
                }
            }
            say(&text)?;
        }
        OrganisationCommand::Create {
            name,
            host,
            language,
            currency,
            time_zone,
            return_origin,
        } => {
            jiff::tz::TimeZone::get(&time_zone)?;
            let mut brand = NewBrand::new(name.clone(), vec![host.clone()], language);
            brand.return_origins =
                return_origin.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
            let new = NewOrganisation {
                name,
                legal_name: None,
                email: None,
                phone: None,
                address: Address::default(),
                tax_ids: Vec::new(),
                time_zone,
                currency,
                created_at: None,
            };
            let (organisation, brand) = core.create_organisation_with_brand(new, brand).await?;
            let key = core.create_api_key(organisation.id, "First key", None).await?;
            say(&format!(
                "organisation  {}\nbrand         {}  {host}\nAPI key       {}\n\nThe key is shown \
                 this once.\n",
                organisation.id,
                brand.id,
                key.expose(),
            ))?;
        }
    }
    core.store().close().await;
    Ok(())
}
