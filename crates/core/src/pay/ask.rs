//! Asking a gateway. No transaction is open here.

use portico_gateways::{Charge, Checkout, GatewayError, Payer, Progress, Sight, Sought};
use portico_store::payment_attempt::PaymentAttempt;
use portico_store::payment_method::StoredAt;
use url::Url;

use crate::gateways::OpenGateway;
use crate::records::payment_method::open_token;
use crate::{Core, Failure};

/// Characters of the description at the provider, at most.
const DESCRIPTION_MAX: usize = 120;

/// Who pays, as a provider is told.
struct Facts {
    customer: String,
    name: String,
    email: Option<String>,
    profile: Option<String>,
}

async fn facts(core: &Core, open: &OpenGateway, it: &PaymentAttempt) -> Result<Facts, Failure> {
    let mut read = core.inner.store.read(open.record.organisation_id).await?;
    let customer = read.customer(it.customer_id).await?.ok_or(Failure::Missing("customer"))?;
    let contact = match it.contact_id {
        Some(id) => read.contact(id).await?,
        None => None,
    };
    let email = contact.map(|it| it.email).or(customer.email);
    Ok(Facts {
        customer: it.customer_id.to_string(),
        name: customer.name,
        email: email.map(|it| it.to_string()),
        profile: read.gateway_profile(it.customer_id, it.gateway_id).await?,
    })
}

/// Asks to begin a payment on the provider's pages, or to charge a stored method.
pub(super) async fn to_pay(
    core: &Core,
    open: &OpenGateway,
    it: &PaymentAttempt,
    (numbers, stored): (&[String], Option<StoredAt>),
) -> Result<Result<Progress, GatewayError>, Failure> {
    let facts = facts(core, open, it).await?;
    let [return_url, cancel_url] = ["return", "cancel"].map(|end| way_back(it, end));
    let (return_url, cancel_url) = (return_url?, cancel_url?);
    let description = description(numbers, &facts.name);
    let reference = it.reference();
    let payer = Payer {
        customer: &facts.customer,
        name: &facts.name,
        email: facts.email.as_deref(),
        profile: facts.profile.as_deref(),
    };
    let Some(stored) = stored else {
        let order = Checkout {
            reference: &reference,
            money: it.charged(),
            description: &description,
            payer,
            locale: &it.locale,
            return_url: &return_url,
            cancel_url: &cancel_url,
            keep: it.keeps_method,
        };
        return Ok(open.gateway.begin(&order).await);
    };
    let token = open_token(core, &stored.sealed_token)?;
    let payer = Payer { profile: stored.profile.as_deref(), ..payer };
    let order = Charge {
        reference: &reference,
        money: it.charged(),
        description: &description,
        payer,
        token: &token,
        now: core.now(),
        return_url: Some(&return_url),
    };
    let methods = open.gateway.stored_methods().ok_or(Failure::Missing("stored methods"))?;
    Ok(methods.charge(&order).await)
}

/// Asks how an attempt stands.
pub(super) async fn to_look(
    core: &Core,
    open: &OpenGateway,
    it: &PaymentAttempt,
) -> Result<Sight, GatewayError> {
    let reference = it.reference();
    let sought = Sought {
        reference: &reference,
        handle: it.handle.as_deref(),
        money: Some(it.charged()),
        since: it.begun_at,
        now: core.now(),
    };
    open.gateway.resume(&sought).await
}

/// Where the customer comes back to.
fn way_back(it: &PaymentAttempt, end: &str) -> Result<Url, Failure> {
    let address = format!("{}/pay/{}/{end}", it.site, it.id);
    Url::parse(&address).map_err(|error| Failure::Refused(format!("address of a portal: {error}")))
}

/// What stands on the provider's page: the numbers of the invoices, or whose balance it is.
fn description(numbers: &[String], customer: &str) -> String {
    let text = if numbers.is_empty() { customer.to_owned() } else { numbers.join(", ") };
    match text.char_indices().nth(DESCRIPTION_MAX) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}
