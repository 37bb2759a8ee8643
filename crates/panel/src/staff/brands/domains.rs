//! The tab Domains: the names that the brand answers on, what proves them, and their certificates.

use axum::extract::Path;
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::BrandId;
use portico_billing::domain::{CertificateState, DnsState, OrderFault};
use portico_core::domains::{ClaimRecord, DomainError, DomainRecord};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::{BrandHead, Fields, find, tab};
use crate::staff::answer::Stop;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, paths};

/// How often a page renews itself, so that one that is forgotten keeps no session alive: at every
/// five seconds for ten minutes.
const RENEWALS_MAX: u16 = 120;

/// The tab.
#[derive(Debug, Clone, Serialize)]
pub struct DomainsPage {
    brand: BrandHead,
    form: FormState,
    domains: Vec<DomainView>,
    /// Whether domains are proven by their CNAME.
    are_proven: bool,
    /// Whether they get certificates once they are.
    are_certified: bool,
    /// The number of the page's next renewal, while something is waited for.
    renewal: Option<u16>,
}

/// The page that asks before a domain is removed.
#[derive(Debug, Clone, Serialize)]
pub struct DomainRemovePage {
    brand: BrandHead,
    domain: DomainView,
}

/// A host of the brand.
#[derive(Debug, Clone, Serialize)]
struct DomainView {
    host: String,
    /// Whether links in mails lead there.
    is_main: bool,
    /// Whether the brand answers on it.
    answers: bool,
    claim: Option<ClaimView>,
    certificate: CertificateView,
}

/// How a host is proven.
#[derive(Debug, Clone, Serialize)]
struct ClaimView {
    target: String,
    /// What the DNS says, as the end of the key of its text.
    state: &'static str,
    /// What it leads to instead.
    found: Option<String>,
    checked_at: Option<Timestamp>,
}

/// How a certificate stands.
#[derive(Debug, Clone, Default, Serialize)]
struct CertificateView {
    state: &'static str,
    until: Option<Timestamp>,
    fault: Option<OrderFault>,
    next_try: Option<Timestamp>,
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct NewDomain {
    #[serde(default)]
    host: String,
}

/// GET: the tab.
pub async fn show(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (id, brand) = head(&staff, &id).await?;
    let page = DomainsPage::of(&staff, id, brand).await?;
    let before = params.get("renewal").parse().unwrap_or_default();
    staff.page(&page.renewed_after(before))
}

/// POST: adds a domain.
pub async fn add(staff: Staff, Path(id): Path<String>, form: CheckedForm<NewDomain>) -> Answer {
    let (id, brand) = head(&staff, &id).await?;
    let (fields, form) = form.open();
    match staff.core().add_domain(staff.caller(), id, &fields.host).await {
        Ok(domain) if domain.answers() => Ok(done(&staff, id, "success", "notice-domain-answers")),
        Ok(_) => Ok(done(&staff, id, "success", "notice-domain-added")),
        Err(error) => {
            let form = form.with_fault("host", fault_key(&error).ok_or(error)?, TextArgs::new());
            let page = DomainsPage { form, ..DomainsPage::of(&staff, id, brand).await? };
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// POST: asks the DNS now.
pub async fn check(staff: Staff, Path(named): Named, form: CheckedForm<Fields>) -> Answer {
    drop(form);
    let (id, host) = (find(&staff, &named.0).await?.record.brand.id, named.1);
    let domain = staff.core().check_domain(staff.caller(), id, &host).await?;
    let points = domain.claim.is_none_or(|claim| claim.dns == Some(DnsState::Points));
    let (kind, key) = match points {
        true => ("success", "notice-domain-points"),
        false => ("warning", "notice-domain-does-not-point"),
    };
    Ok(done(&staff, id, kind, key))
}

/// GET: asks before a domain is removed.
pub async fn ask_remove(staff: Staff, Path(named): Named) -> Answer {
    let (id, brand) = head(&staff, &named.0).await?;
    let page = DomainsPage::of(&staff, id, brand).await?;
    let domain = page.domains.into_iter().find(|domain| domain.host == named.1);
    let domain = domain.ok_or(Problem::NotFound)?;
    staff.page(&DomainRemovePage { brand: page.brand, domain })
}

/// POST: removes it.
pub async fn remove(staff: Staff, Path(named): Named, form: CheckedForm<Fields>) -> Answer {
    drop(form);
    let (id, host) = (find(&staff, &named.0).await?.record.brand.id, named.1);
    staff.core().remove_domain(staff.caller(), id, &host).await?;
    Ok(done(&staff, id, "success", "notice-domain-removed"))
}

/// Brand and host of the address.
type Named = Path<(String, String)>;

async fn head(staff: &Staff, id: &str) -> Result<(BrandId, BrandHead), Stop> {
    let found = find(staff, id).await?;
    Ok((found.record.brand.id, BrandHead::of(staff, &found)))
}

fn done(staff: &Staff, id: BrandId, kind: &str, notice: &str) -> axum::response::Response {
    staff.here.redirect_with_notice(&tab(paths::BRAND_DOMAINS, id), kind, notice)
}

/// What the form says of a refusal that the one who types can help.
fn fault_key(error: &DomainError) -> Option<&'static str> {
    match error {
        DomainError::Host => Some("domain-fault-host"),
        DomainError::Reserved => Some("domain-fault-reserved"),
        DomainError::InUse => Some("domain-fault-in-use"),
        DomainError::Forbidden(_) | DomainError::NotFound | DomainError::Failure(_) => None,
    }
}

impl From<DomainError> for Stop {
    fn from(error: DomainError) -> Self {
        match error {
            DomainError::Forbidden(forbidden) => forbidden.into(),
            DomainError::NotFound => Problem::NotFound.into(),
            DomainError::Failure(failure) => failure.into(),
            DomainError::Host | DomainError::Reserved | DomainError::InUse => {
                Problem::BadRequest.into()
            }
        }
    }
}

impl DomainsPage {
    async fn of(staff: &Staff, id: BrandId, brand: BrandHead) -> Result<Self, Stop> {
        let core = staff.core();
        let found = core.domains(staff.caller(), id).await?;
        let main = found.iter().position(DomainRecord::answers);
        let view =
            |(at, domain)| DomainView { is_main: Some(at) == main, ..DomainView::of(domain) };
        let domains = found.into_iter().enumerate().map(view).collect();
        let (are_proven, are_certified) =
            (core.cname_target().is_some(), core.orders_certificates());
        Ok(Self {
            brand,
            form: FormState::new(),
            domains,
            are_proven,
            are_certified,
            renewal: None,
        })
    }

    /// The page, which is to be renewed while something is waited for.
    fn renewed_after(self, before: u16) -> Self {
        let waits = self.are_proven && self.domains.iter().any(|it| it.waits(self.are_certified));
        let renewal = (waits && before < RENEWALS_MAX).then(|| before + 1);
        Self { renewal, ..self }
    }
}

impl DomainView {
    fn of(domain: DomainRecord) -> Self {
        Self {
            is_main: false,
            answers: domain.answers(),
            host: domain.host,
            claim: domain.claim.map(ClaimView::of),
            certificate: CertificateView::of(domain.certificate),
        }
    }

    /// Whether its state is soon to change.
    fn waits(&self, is_certified: bool) -> bool {
        let points = |claim: &ClaimView| claim.state == DnsState::Points.word();
        let is_ready = !is_certified || self.certificate.state == "valid";
        self.claim.as_ref().is_some_and(|claim| !(points(claim) && is_ready))
    }
}

impl ClaimView {
    fn of(claim: ClaimRecord) -> Self {
        let dns = claim.dns.as_ref();
        Self {
            state: dns.map_or("unchecked", DnsState::word),
            found: dns.and_then(DnsState::found).map(str::to_owned),
            checked_at: claim.checked_at,
            target: claim.target,
        }
    }
}

impl CertificateView {
    fn of(state: CertificateState) -> Self {
        match state {
            CertificateState::None => Self { state: "none", ..Self::default() },
            CertificateState::Ordering => Self { state: "ordering", ..Self::default() },
            CertificateState::Valid { until } => {
                Self { state: "valid", until: Some(until), ..Self::default() }
            }
            CertificateState::Failed { fault, next_try, until } => {
                Self { state: "failed", until, fault: Some(fault), next_try: Some(next_try) }
            }
        }
    }
}

impl Page for DomainsPage {
    const TEMPLATE: &'static str = "panel/brands/domains.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |domains: Vec<DomainView>| Self {
            brand: BrandHead::sample(),
            form: FormState::new(),
            domains,
            are_proven: true,
            are_certified: true,
            renewal: None,
        };
        let all = || page(samples::all());
        let form = FormState::new().with_value("host", "https://pay.voxtel.example/");
        let faulty = |key| form.clone().with_fault("host", key, TextArgs::new());
        vec![
            Sample::new("empty", Self { brand: BrandHead::new_sample(), ..page(Vec::new()) }),
            Sample::new("typical", page(samples::all().drain(..2).collect())),
            Sample::new("every-state", all().renewed_after(3)),
            Sample::new("without-certificates", Self { are_certified: false, ..all() }),
            Sample::new("off", Self { are_proven: false, are_certified: false, ..all() }),
            Sample::new("no-host", Self { form: faulty("domain-fault-host"), ..all() }),
            Sample::new("reserved", Self { form: faulty("domain-fault-reserved"), ..all() }),
            Sample::new("in-use", Self { form: faulty("domain-fault-in-use"), ..all() }),
        ]
    }
}

impl Page for DomainRemovePage {
    const TEMPLATE: &'static str = "panel/brands/domain-remove.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |domain| Self { brand: BrandHead::sample(), domain };
        let [main, waiting, .., unproven] = &samples::all()[..] else { return Vec::new() };
        vec![
            Sample::new("main", page(main.clone())),
            Sample::new("waiting", page(waiting.clone())),
            Sample::new("without-proof", page(unproven.clone())),
        ]
    }
}

/// Domains in every state.
mod samples {
    use jiff::Timestamp;
    use portico_billing::domain::{CertificateState, DnsState, OrderFault};

    use super::{CertificateView, ClaimRecord, ClaimView, DomainView};

    const AT: Timestamp = Timestamp::constant(1_795_262_400, 0);

    pub fn all() -> Vec<DomainView> {
        let elsewhere = "ghs.provider.example".to_owned();
        let label = "00000000000000000000.portal.example.com".to_owned();
        let refused = OrderFault::Authority { message: "CAA record <forbids> issuance".to_owned() };
        let failed = |fault, until| CertificateState::Failed { fault, next_try: AT, until };
        let none = CertificateState::None;
        let valid = CertificateState::Valid { until: AT };
        let points = Some(DnsState::Points);
        vec![
            DomainView { is_main: true, ..domain("pay.voxtel.example", points.clone(), valid) },
            domain("a.voxtel.example", None, none.clone()),
            domain("b.voxtel.example", Some(DnsState::NotFound), none.clone()),
            domain(
                "c.voxtel.example",
                Some(DnsState::AddressRecord { address: "2001:db8::1".to_owned() }),
                none.clone(),
            ),
            domain("d.voxtel.example", Some(DnsState::OtherClaim { target: label }), none.clone()),
            domain(
                "e.voxtel.example",
                Some(DnsState::PointsElsewhere { target: elsewhere }),
                failed(OrderFault::NotPointing, Some(AT)),
            ),
            domain("f.voxtel.example", Some(DnsState::NoAnswer), none.clone()),
            domain("g.voxtel.example", points.clone(), CertificateState::Ordering),
            domain("h.voxtel.example", points.clone(), failed(refused, None)),
            domain(&format!("{}.voxtel.example", "long-name-".repeat(6)), points, none.clone()),
            DomainView { claim: None, ..domain("localhost", None, none) },
        ]
    }

    fn domain(host: &str, dns: Option<DnsState>, state: CertificateState) -> DomainView {
        let answers = dns == Some(DnsState::Points) || state != CertificateState::None;
        let claim = ClaimRecord {
            target: "3f9c0d6a1b2e4c5d6e7f.portal.example.com".to_owned(),
            checked_at: dns.as_ref().map(|_| AT),
            dns,
            proven_at: answers.then_some(AT),
        };
        DomainView {
            host: host.to_owned(),
            is_main: false,
            answers: answers || host == "localhost",
            claim: Some(ClaimView::of(claim)),
            certificate: CertificateView::of(state),
        }
    }
}
