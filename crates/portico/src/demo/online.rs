//! Attempts to pay online, made as customers make them: by the verbs of the portal, at the sandbox.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::Context;
use portico_billing::gateway::Reference;
use portico_billing::{BrandId, OrganisationId};
use portico_core::records::RecordKey;
use portico_core::{Caller, Core, CustomerRef, NewPortalSession};
use portico_core_api::{CoreApi, Origin, PayApi, PayOrder};

use super::company::Company;
use super::history;

/// Where the sample customer pays from: an address for documentation.
const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
/// Major units of each payment.
const AMOUNT: i64 = 50;
/// What is chosen on the sandbox's page; one attempt is left open.
const CHOICES: [Option<&str>; 3] = [Some("pay"), Some("decline"), None];

/// Has the last customer of the company refill its balance, with more or less success.
pub async fn make(
    core: &Core,
    (organisation, brand): (OrganisationId, BrandId),
    company: &Company,
) -> anyhow::Result<()> {
    let Some(last) = company.customers.len().checked_sub(1) else { return Ok(()) };
    let key = RecordKey::new(history::customer_key(company, last));
    let new = NewPortalSession::of(CustomerRef::Customer(key));
    let link = core.create_portal_session(&Caller::system(organisation), new).await?.link;
    let origin = Origin { address: ADDRESS, user_agent: None };
    let secret = core.enter_by_session_link(brand, &link, origin.clone()).await?.secret;
    let offer = core.pay_offer(&secret, None).await?;
    let gateway = offer.ways.first().context("the sample customer cannot pay")?.gateway;
    for (number, choice) in CHOICES.into_iter().enumerate() {
        let order = PayOrder {
            form_key: format!("demo-{number}"),
            invoices: Vec::new(),
            currency: offer.currency,
            amount_minor: Some(AMOUNT * 10_i64.pow(offer.currency.exponent())),
            whole: false,
            credit: false,
            gateway: Some(gateway),
            method: None,
            keep: false,
            site: format!("http://{}", company.host).parse()?,
        };
        let begun = core.pay(&secret, order, origin.clone()).await?;
        let attempt = begun.attempt().context("the sample customer paid by credit")?;
        if let Some(choice) = choice {
            core.choose_in_sandbox(&secret, &Reference::of(attempt), choice).await?;
            core.look_at_attempt(&secret, attempt).await?;
        }
    }
    core.sign_out(&secret).await?;
    Ok(())
}
