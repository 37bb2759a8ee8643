//! The choice between the accounts of one person, after signing in and whenever it likes.

use axum::http::StatusCode;
use portico_billing::ContactId;
use portico_billing::account::ContactRole;
use portico_core_api::{AccountView, Forward, SignedIn};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, Page, Sample};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, redirect};
use crate::params::Params;
use crate::paths;
use crate::samples::{LONG, RTL, id};
use crate::visitor::Visitor;

/// The accounts, each with a button.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ChoosePage {
    accounts: Vec<AccountView>,
    /// The page that was asked for.
    next: String,
}

/// The form of one of the buttons.
#[derive(Deserialize)]
pub(crate) struct ChooseForm {
    account: String,
    #[serde(default)]
    next: String,
}

/// GET: the choice. Where there is none, on to the page that was asked for.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Answer {
    let next = paths::local(params.get("next")).unwrap_or_default().to_owned();
    let accounts = visitor.core().accounts(&visitor.secret).await?;
    if accounts.len() < 2 {
        return Ok(redirect(paths::local(&next).unwrap_or(paths::OVERVIEW)));
    }
    let frame = visitor.here.frame_for(Some(&visitor.visit));
    visitor.here.render(StatusCode::OK, &frame, &ChoosePage { accounts, next })
}

/// POST: this one. The session is another one from then on, also where the account stays the same.
pub(crate) async fn choose(visitor: Visitor, form: CheckedForm<ChooseForm>) -> Answer {
    let fields = form.into_inner();
    let account: ContactId = fields.account.parse().map_err(|_| Problem::NotFound)?;
    let client = visitor.here.client();
    let signed_in = visitor.core().switch_account(&visitor.secret, account, client).await?;
    // Chosen is chosen.
    let signed_in = SignedIn { forward: Forward::Overview, ..signed_in };
    let next = paths::local(&fields.next).unwrap_or(paths::OVERVIEW);
    visitor.here.begin_session(signed_in, next).await
}

impl Page for ChoosePage {
    const TEMPLATE: &'static str = "portal/entry/choose.html";

    fn samples() -> Vec<Sample<Self>> {
        let account = |number, name: &str, role, current| AccountView {
            contact_id: id(number),
            customer_name: name.to_owned(),
            role,
            current,
        };
        let few = vec![
            account(1, "Northwind Analytics", ContactRole::Owner, true),
            account(2, "Globex", ContactRole::Billing, false),
        ];
        let mut many = few.clone();
        many.push(account(3, LONG, ContactRole::Viewer, false));
        many.push(account(4, RTL, ContactRole::Owner, false));
        let next = || "/invoices?status=open".to_owned();
        vec![
            Sample::new("two", Self { accounts: few, next: String::new() }),
            Sample::new("many", Self { accounts: many, next: next() }),
        ]
    }
}
