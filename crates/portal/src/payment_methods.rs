//! Payment methods: what is stored at gateways, never a card number.

use axum::extract::Path;
use jiff::civil::date;
use portico_billing::page::Page as Rows;
use portico_billing::payment_method::{PaymentMethod, PaymentMethodKind};
use portico_core_api::PaymentMethodView;
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use serde::Serialize;

use crate::answer::Answer;
use crate::listing::{Asked, Listing};
use crate::params::Params;
use crate::samples::{LONG, RTL, at, id};
use crate::visitor::Visitor;

/// The list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PaymentMethodsPage {
    list: Listing<PaymentMethodView>,
}

/// One payment method.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PaymentMethodPage {
    method: PaymentMethod,
    expired: bool,
    used_by: Vec<String>,
}

impl From<PaymentMethodView> for PaymentMethodPage {
    fn from(view: PaymentMethodView) -> Self {
        Self { method: view.method, expired: view.expired, used_by: view.used_by }
    }
}

/// GET: the list.
pub(crate) async fn list(visitor: Visitor, params: Params) -> Answer {
    let asked = Asked::new(&params);
    let query = asked.words();
    let rows = visitor.core().payment_methods(&visitor.secret, query).await?;
    visitor.page(&PaymentMethodsPage { list: asked.listing(rows, |view| view) })
}

/// GET: one of them.
pub(crate) async fn show(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let view = visitor.core().payment_method(&visitor.secret, id).await?;
    visitor.page(&PaymentMethodPage::from(view))
}

impl Page for PaymentMethodsPage {
    const TEMPLATE: &'static str = "portal/payment-methods/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, rows| {
            let params = Params::of_query(query);
            let asked = Asked::new(&params);
            Self { list: asked.listing(Rows { rows, next: None, previous: None }, |row| row) }
        };
        vec![
            Sample::new("empty", page("", Vec::new())),
            Sample::new("typical", page("", views())),
            Sample::new("nothing-found", page("q=amex", Vec::new())),
        ]
    }
}

impl Page for PaymentMethodPage {
    const TEMPLATE: &'static str = "portal/payment-methods/detail.html";

    fn samples() -> Vec<Sample<Self>> {
        let names = ["card", "expired", "bank-account", "paypal", "extreme"];
        let pages = views().into_iter().map(Self::from);
        names.into_iter().zip(pages).map(|(name, page)| Sample::new(name, page)).collect()
    }
}

/// A card that is in use.
pub(crate) fn sample_card() -> PaymentMethod {
    PaymentMethod {
        id: id(60),
        customer_id: id(1),
        external_id: None,
        kind: PaymentMethodKind::Card,
        brand: Some("Visa".to_owned()),
        last4: Some("4242".to_owned()),
        expiry_month: Some(4),
        expiry_year: Some(2028),
        holder: Some("Ana María Núñez".to_owned()),
        is_default: true,
        gateway: Some("stripe".to_owned()),
        created_at: at(date(2025, 3, 1)),
        updated_at: at(date(2025, 3, 1)),
    }
}

fn views() -> Vec<PaymentMethodView> {
    let view = |method| PaymentMethodView { method, expired: false, used_by: Vec::new() };
    let card = sample_card();
    let used_by = vec!["Business".to_owned(), "Support".to_owned()];
    let old =
        PaymentMethod { id: id(61), is_default: false, expiry_year: Some(2024), ..card.clone() };
    let other = |number, kind| PaymentMethod {
        id: id(number),
        kind,
        is_default: false,
        brand: None,
        last4: None,
        expiry_month: None,
        expiry_year: None,
        holder: None,
        gateway: None,
        ..card.clone()
    };
    let bank = PaymentMethod {
        brand: Some("Banco Ejemplo".to_owned()),
        last4: Some("0130".to_owned()),
        ..other(62, PaymentMethodKind::BankAccount)
    };
    let paypal = PaymentMethod {
        holder: Some("ana@northwind.example".to_owned()),
        ..other(63, PaymentMethodKind::Paypal)
    };
    let extreme = PaymentMethod {
        brand: Some(LONG.to_owned()),
        holder: Some(RTL.to_owned()),
        ..other(64, PaymentMethodKind::Other)
    };
    let expired = PaymentMethodView { expired: true, ..view(old) };
    vec![
        PaymentMethodView { used_by, ..view(card) },
        expired,
        view(bank),
        view(paypal),
        view(extreme),
    ]
}
