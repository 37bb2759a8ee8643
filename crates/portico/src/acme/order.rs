//! One order at the certificate authority.

use anyhow::{Context as _, bail};
use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus,
    RetryPolicy,
};
use jiff::Timestamp;
use portico_billing::domain::Validity;
use portico_core::Core;
use portico_core::domains::{CertificateOrder, Issued};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::account::Authority;
use crate::tls::REFRESH;

/// What came of one way to answer.
enum Answered {
    /// The authority is satisfied.
    Ready(Box<Order>),
    /// It does not offer this way, or was not satisfied; another way may do.
    Refused(String),
}

/// A certificate for the order's host: by the best way to answer, then by the others.
pub async fn certificate(
    core: &Core,
    authority: &Authority,
    order: &CertificateOrder,
) -> anyhow::Result<Issued> {
    let ordered = by_any_way(core, authority, order).await;
    if let Err(error) = &ordered {
        authority.notice(error, core, order).await?;
    }
    ordered
}

async fn by_any_way(
    core: &Core,
    authority: &Authority,
    order: &CertificateOrder,
) -> anyhow::Result<Issued> {
    let account = authority.account(core, order).await?;
    let mut refusals = Vec::new();
    for way in &authority.ways {
        match answer(core, &account, order, way).await? {
            Answered::Ready(ready) => return finish(*ready).await,
            Answered::Refused(reason) => {
                tracing::info!(host = order.host(), reason, "an answer was refused");
                refusals.push(reason);
            }
        }
    }
    bail!("{}", refusals.join("; "))
}

/// Orders, and answers what the authority asks in one of its ways.
async fn answer(
    core: &Core,
    account: &Account,
    order: &CertificateOrder,
    way: &ChallengeType,
) -> anyhow::Result<Answered> {
    let names = [Identifier::Dns(order.host().to_owned())];
    let mut ordered = account.new_order(&NewOrder::new(&names)).await?;
    let mut authorizations = ordered.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        match authorization.status {
            AuthorizationStatus::Valid => continue,
            AuthorizationStatus::Pending => {}
            status => bail!("the authorization is {status:?}"),
        }
        let Some(mut challenge) = authorization.challenge(way.clone()) else {
            return Ok(Answered::Refused(format!("{way:?} is not offered")));
        };
        let answer = challenge.key_authorization();
        core.put_challenge(order, &challenge.token, answer.as_str()).await?;
        if *way == ChallengeType::TlsAlpn01 {
            // Whichever process the authority reaches knows the answer by then.
            tokio::time::sleep(REFRESH + REFRESH / 2).await;
        }
        challenge.set_ready().await?;
    }
    match ordered.poll_ready(&RetryPolicy::default()).await {
        Ok(OrderStatus::Ready | OrderStatus::Valid) => Ok(Answered::Ready(Box::new(ordered))),
        Ok(_) => Ok(Answered::Refused(refusal(&mut ordered, way).await?)),
        Err(instant_acme::Error::Api(problem)) => {
            let reason = refusal(&mut ordered, way).await.unwrap_or_else(|_| problem.to_string());
            Ok(Answered::Refused(reason))
        }
        Err(error) => Err(error.into()),
    }
}

/// Why the authority was not satisfied, in its own words.
async fn refusal(order: &mut Order, way: &ChallengeType) -> anyhow::Result<String> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        let state = authorization.refresh().await?;
        if let Some(problem) = state.challenges.iter().find_map(|it| it.error.as_ref()) {
            let words = problem.detail.clone().unwrap_or_else(|| problem.to_string());
            return Ok(format!("{way:?}: {words}"));
        }
    }
    Ok(format!("{way:?}: the certificate authority gave no reason"))
}

async fn finish(mut order: Order) -> anyhow::Result<Issued> {
    let retries = RetryPolicy::default();
    let key_pem = order.finalize().await?;
    let chain_pem = order.poll_certificate(&retries).await?;
    let validity = validity(&chain_pem)?;
    Ok(Issued { chain_pem, key_pem, validity })
}

/// From when until when the first certificate of a chain is valid.
fn validity(chain_pem: &str) -> anyhow::Result<Validity> {
    let first = CertificateDer::from_pem_slice(chain_pem.as_bytes()).context("the certificate")?;
    let (_, parsed) = x509_parser::parse_x509_certificate(&first).context("the certificate")?;
    let validity = parsed.validity();
    let time = |seconds| Timestamp::from_second(seconds).context("its validity");
    Ok(Validity {
        not_before: time(validity.not_before.timestamp())?,
        not_after: time(validity.not_after.timestamp())?,
    })
}
