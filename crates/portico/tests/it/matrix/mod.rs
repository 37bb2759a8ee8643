//! Every route of the portal's table × everybody who must not get at what it shows.
//!
//! The table is the program's own: a new route is in the matrix at once, or fails it until the
//! matrix is told how to fill its address or its form.

mod crossing;
mod doors;
mod holder;
mod hosts;
mod records;
mod sections;
mod site;
mod storm;

use holder::Holder;
use portico_portal::{Access, Route};
use portico_testkit::TestDatabase;
use site::{Answer, Site};

/// The site with customers: two of one brand, one of the other brand, one of the other
/// organisation whose external ids are the same as the first one's, and one without records.
struct World {
    site: Site,
    ana: Holder,
    ben: Holder,
    cleo: Holder,
    dora: Holder,
    emil: Holder,
}

impl World {
    async fn on(database: TestDatabase) -> Self {
        let site = Site::on(database).await;
        let (acme, rival) = (&site.acme, &site.rival);
        Self {
            ana: Holder::new(&site, acme, site.north, "ana", "c-1").await,
            ben: Holder::new(&site, acme, site.north, "ben", "c-2").await,
            cleo: Holder::new(&site, acme, site.south, "cleo", "c-3").await,
            dora: Holder::new(&site, rival, site.rival_place, "dora", "c-1").await,
            emil: Holder::empty(&site, acme, site.north, "emil", "c-5").await,
            site,
        }
    }

    fn everybody(&self) -> [&Holder; 5] {
        [&self.ana, &self.ben, &self.cleo, &self.dora, &self.emil]
    }

    /// Nothing of anybody but `reader` can be read in the answer; of nobody where there is none.
    #[track_caller]
    fn assert_private(&self, answer: &Answer, reader: Option<&Holder>, what: &str) {
        let text = answer.text();
        let headers = format!("{:?}", answer.headers);
        for other in self.everybody() {
            if reader.is_some_and(|reader| reader.canary == other.canary) {
                continue;
            }
            let mut secrets =
                vec![&other.canary, &other.session.cookie, &other.customer, &other.contact];
            if reader.is_some_and(|reader| reader.organisation != other.organisation) {
                secrets.push(&other.organisation);
            }
            for secret in secrets {
                let seen = text.contains(secret.as_str()) || headers.contains(secret.as_str());
                assert!(!seen, "{what}: {secret} can be read");
            }
        }
    }
}

/// The routes that need a session.
fn signed_in_routes() -> Vec<Route> {
    let mut routes = portico_portal::table();
    routes.retain(|route| route.access == Access::Contact);
    assert!(routes.len() > 30, "the table is not the whole site");
    routes
}

fn has_id(route: &Route) -> bool {
    route.path.contains("{id}")
}

/// Fields that a form needs, by its address.
///
/// A form that is not known here fails the test, so that it cannot be left out.
fn fields(path: &str, holder: &Holder) -> Vec<(&'static str, String)> {
    match path {
        "/invoices/archive" | "/pay/selection" => {
            vec![("id", holder.id("/invoices").to_owned())]
        }
        "/pay" => vec![
            ("key", "pay".to_owned()),
            ("currency", "EUR".to_owned()),
            ("invoices", holder.id("/invoices").to_owned()),
            ("way", holder.gateway.clone()),
        ],
        "/refill" => vec![
            ("key", "refill".to_owned()),
            ("currency", "EUR".to_owned()),
            ("amount", "20".to_owned()),
            ("way", holder.gateway.clone()),
        ],
        "/sandbox/{id}" => vec![("choice", "pay".to_owned())],
        "/accounts" => vec![("account", holder.contact.clone())],
        "/profile" => vec![("name", holder.canary.clone()), ("language", "en".to_owned())],
        "/profile/email" => vec![("email", format!("new-{}", holder.email))],
        "/billing-information/company" => vec![("legal_name", holder.canary.clone())],
        "/billing-information/billing-address" => vec![
            ("billing_address.line1", holder.canary.clone()),
            ("billing_address.city", "Berlin".to_owned()),
            ("billing_address.postal_code", "10119".to_owned()),
            ("billing_address.country", "DE".to_owned()),
        ],
        "/billing-information/shipping-address" => vec![
            ("shipping_address.line1", holder.canary.clone()),
            ("shipping_address.city", "Berlin".to_owned()),
            ("shipping_address.postal_code", "10119".to_owned()),
            ("shipping_address.country", "DE".to_owned()),
        ],
        "/vouchers/redeem" => vec![("code", holder.voucher.clone())],
        "/security/password" => vec![("new_password", "tr4verse-mill-lantern".to_owned())],
        "/billing-information/tax-ids"
        | "/security/sessions/{id}/end"
        | "/security/sessions/end-others" => Vec::new(),
        other => panic!("{other}: say in matrix/mod.rs what its form needs"),
    }
}
