//! What the organisation's accounts come to.

use std::collections::HashMap;

use portico_billing::ledger::Account;
use portico_billing::{Currency, GatewayId, Money};
use portico_core::customers::AccountSum;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::{Answer, Staff};

/// What gateways are called.
type Names = HashMap<GatewayId, String>;

/// The accounts of one currency.
#[derive(Debug, Clone, Serialize)]
struct Book {
    currency: Currency,
    /// What customers owe.
    receivable: Money,
    /// What is owed to customers.
    in_credit: Money,
    accounts: Vec<Balance>,
    /// Of all accounts: nothing, unless the ledger is broken.
    sum: Money,
}

/// What one account comes to; credits are above zero.
#[derive(Debug, Clone, Serialize)]
struct Balance {
    account: Account,
    /// The part of the key of its texts: `credit-notes`.
    key: String,
    /// What the gateway is called, where it is one's.
    name: Option<String>,
    balance: Money,
}

impl Book {
    fn new(currency: Currency, sums: &[AccountSum], gateways: &Names) -> Self {
        let money = |minor| Money::new(minor, currency);
        let customers = sums.iter().find(|it| it.account == Account::Customer);
        let account = |it: &AccountSum| Balance {
            account: it.account,
            key: it.account.word().replace('_', "-"),
            name: match it.account {
                Account::Gateway(id) => gateways.get(&id).cloned(),
                _ => None,
            },
            balance: money(it.above_zero.saturating_add(it.below_zero)),
        };
        let mut accounts: Vec<Balance> = sums.iter().map(account).collect();
        accounts.sort_by_key(|it| it.account);
        let sum = accounts.iter().fold(0, |sum: i64, it| sum.saturating_add(it.balance.minor()));
        Self {
            currency,
            receivable: money(customers.map_or(0, |it| it.below_zero.saturating_neg())),
            in_credit: money(customers.map_or(0, |it| it.above_zero)),
            accounts,
            sum: money(sum),
        }
    }
}

/// The accounts.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerPage {
    books: Vec<Book>,
}

impl LedgerPage {
    fn new(sums: &[AccountSum], gateways: &Names) -> Self {
        let by_currency = sums.chunk_by(|one, next| one.currency == next.currency);
        let book =
            |sums: &[AccountSum]| sums.first().map(|it| Book::new(it.currency, sums, gateways));
        Self { books: by_currency.filter_map(book).collect() }
    }
}

/// GET: the accounts.
pub async fn show(staff: Staff) -> Answer {
    let sums = staff.core().trial_balance(staff.caller()).await?;
    let gateways = staff.core().gateways(staff.caller()).await?;
    let names = gateways.into_iter().map(|it| (it.id, it.input.name)).collect();
    staff.page(&LedgerPage::new(&sums, &names))
}

impl Page for LedgerPage {
    const TEMPLATE: &'static str = "panel/ledger.html";

    fn samples() -> Vec<Sample<Self>> {
        let card = GatewayId::from(uuid::Uuid::from_u128(1));
        let names = Names::from([(card, "Card".to_owned())]);
        let sum = |account, currency, above_zero, below_zero| AccountSum {
            account,
            currency,
            above_zero,
            below_zero,
        };
        let euros = [
            sum(Account::Customer, Currency::EUR, 5_000, -29_200),
            sum(Account::Sales, Currency::EUR, 157_300, 0),
            sum(Account::CreditNotes, Currency::EUR, 0, -12_100),
            sum(Account::Recorded, Currency::EUR, 0, -101_000),
            sum(Account::Gateway(card), Currency::EUR, 0, -20_285),
            sum(Account::Surcharges, Currency::EUR, 350, 0),
            sum(Account::Fees, Currency::EUR, 0, -65),
        ];
        let dinars =
            Account::COMMON.map(|it| sum(it, Currency::KWD, 9_876_543_210, -9_876_543_211));
        vec![
            Sample::new("empty", Self::new(&[], &names)),
            Sample::new("typical", Self::new(&euros, &names)),
            Sample::new("extreme", Self::new(&[&euros[..], &dinars].concat(), &names)),
        ]
    }
}
